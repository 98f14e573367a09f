/* SPDX-License-Identifier: Apache-2.0 */
/* The Prometheus HTTP API: instant queries to matrices, with their warnings. Knows nothing
 * of k6, cAdvisor or windows. */
#ifndef SG_PROMQL_PROMQL_H
#define SG_PROMQL_PROMQL_H

#include "base/error.h"
#include "promql/matrix.h"

struct sg_prom {
    char *url;      /* "http://127.0.0.1:9090", with any path prefix */
    double timeout; /* seconds; 0: 10 */
};

/* Instant query at `time` (seconds since 1970). A vector, a matrix and a scalar all become a
 * matrix. Bad PromQL is SG_ERROR_CONFIG with the server's own words, no answer SG_ERROR_NETWORK;
 * partial answers are SG_ERROR_DATA. Limits: 64 MiB, 100,000 points a series, 10,000 series. */
bool sg_prom_query(const struct sg_prom *prom, const char *query, double time,
                   struct sg_matrix *out, struct sg_error *err) SG_MUST_USE;

/* Escapes a label value for use between double quotes in PromQL; and as a literal inside a
 * regular expression between double quotes. Callers free. */
char *sg_prom_escape(const char *value) SG_MUST_USE;
char *sg_prom_escape_regex(const char *value) SG_MUST_USE;

/* Replaces $name by values in a template: pairs is NULL-terminated {"service", "api", …}. An
 * unknown $word is SG_ERROR_CONFIG with the nearest name; "$$" is a dollar, and so is a $ that no
 * letter follows (the end of a regular expression, "$1" of label_replace). Caller frees. */
bool sg_prom_substitute(const char *template_text, const char *const *pairs, char **out,
                        struct sg_error *err) SG_MUST_USE;

#endif
