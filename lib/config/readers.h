/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of whole sections that the table of the file names. Private to the room. */
#ifndef SG_CONFIG_READERS_H
#define SG_CONFIG_READERS_H

#include "config/keys.h"

bool sg_read_variants(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target);
bool sg_read_ref(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target);
bool sg_read_build(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
bool sg_read_exec(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_mix(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target);
bool sg_read_metrics(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                     void *target);
bool sg_read_gates(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
bool sg_read_waivers(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                     void *target);
/* Gives each waiver to its gate, whose numbers are known by now, and reads its bound. */
bool sg_waivers_settle(struct sg_config *config, struct sg_error *err);

/* [a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}: compose services. */
bool sg_is_service_name(const char *name);

void sg_config_variant_clear(struct sg_config_variant *variant);
void sg_mix_clear(struct sg_config *config);
void sg_pairs_free(struct sg_pair *pairs, size_t count);

/* Index of the metric (name, of, request) in config->metrics, or -1. */
int sg_config_find_metric(const struct sg_config *config, const char *name, const char *of,
                          const char *request);
/* The first metric of that name, built in or in the config (which may be NULL), or NULL. */
const struct sg_metric *sg_config_metric_named(const struct sg_config *config, const char *name);
/* Appends a copy, with `of` and `request` instead of its own. */
struct sg_metric *sg_config_add_metric(struct sg_config *config, const struct sg_metric *metric,
                                       const char *of, const char *request);
/* The counts behind the Rate of k6's with this index: how often it was true, of how many. */
void sg_k6_add_parts(struct sg_config *config, size_t rate);
/* "; did you mean …" over all metrics that a gate may name. Caller frees. */
char *sg_metric_hint(const struct sg_config *config, const char *name);

#endif
