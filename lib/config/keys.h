/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings as data: a table of keys, each with its reader, its place in the target struct and what
 * it expects in words. One loop reads every mapping, so that unknown keys, wrong types and the
 * nearest name are handled once. Private to the room. */
#ifndef SG_CONFIG_KEYS_H
#define SG_CONFIG_KEYS_H

#include "config/config.h"
#include "config/yaml.h"

struct sg_reader {
    const char *name;   /* of the file, opens every message */
    const char *folder; /* relative paths start here; may be NULL */
    struct sg_config *config;
    char where[64]; /* dotted path of the mapping being read: "service." */
    struct sg_error *err;
};

struct sg_key {
    const char *name;
    /* Reads `value` into `target`, the struct that the whole mapping fills. */
    bool (*read)(struct sg_reader *reader, const struct sg_key *key, const struct sg_node *value,
                 void *target);
    const char *expect; /* "a port from 1 to 65535": in messages */
    size_t offset;      /* of the field in the target */
    size_t count;       /* pairs only: offset of their number */
    double low, high;   /* numbers: bounds, inclusive unless `open` */
    bool open;
    const char *const *words;  /* enums: NULL-terminated, in the enum's order */
    const struct sg_key *keys; /* nested mapping. A table ends with a NULL name; with `keys` there,
                                * it goes on in that table */
};

/* The whole file; for the reader, and for the test that compares it with the schema. */
extern const struct sg_key sg_config_keys[];
extern const struct sg_key sg_variant_keys[];
extern const struct sg_key sg_build_keys[];
extern const struct sg_key sg_gate_keys[];
extern const struct sg_key sg_waiver_keys[];
extern const struct sg_key sg_metric_keys[];

/* The key after `key`, over to a continuation; its name is NULL at the end. */
const struct sg_key *sg_keys_next(const struct sg_key *key);

/* Reads a mapping by its table, in the table's order; unknown keys are refused first. */
bool sg_keys_read(struct sg_reader *reader, const struct sg_key *keys, const struct sg_node *map,
                  void *target);

/* "name:line:column: …", SG_ERROR_CONFIG; always false. */
bool sg_reader_fail(const struct sg_reader *reader, const struct sg_node *at, const char *format,
                    ...) SG_PRINTF(3, 4);
/* The same at the key of `at`. */
bool sg_reader_fail_key(const struct sg_reader *reader, const struct sg_node *at,
                        const char *format, ...) SG_PRINTF(3, 4);
/* "port: expected a port from 1 to 65535, found the duration "10s"". */
bool sg_reader_expected(const struct sg_reader *reader, const struct sg_key *key,
                        const struct sg_node *found);
/* "port: ", or nothing for a flag, whose name opens the message already. */
const char *sg_reader_label(const struct sg_key *key, const struct sg_node *value, char out[64]);
/* Remembers where `key` of the current mapping was set. */
void sg_reader_origin(struct sg_reader *reader, const char *key, const struct sg_node *value);
/* Readers for `struct sg_key`. Text fields own their string. */
bool sg_read_map(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target);
bool sg_read_text(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_path(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_texts(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
bool sg_read_paths(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
bool sg_read_pairs(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
bool sg_read_word(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_bool(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_int(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target);
bool sg_read_number(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                    void *target);
bool sg_read_duration(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target);
bool sg_read_size(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_rate(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);
bool sg_read_ratio(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target);
/* Keeps the node itself, to be read when more is known. */
bool sg_read_node(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target);

/* A bare number from 1 up as a ratio is refused, because 5 is more often meant as 5 %. True, and
 * the error is set, when `value` is such a one. */
bool sg_reader_bare_ratio(const struct sg_reader *reader, const char *what,
                          const struct sg_node *value);

/* Lists of strings, NULL-terminated. */
void sg_texts_free(char **texts);

#endif
