/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics that gates name by `k6`: what k6 is told to keep of them, and what its summary has. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "testbench/internal.h"

/* The sub-metric of the window, as k6 calls it: "orders{scenario:measure,step:pay}". */
static char *window_key(const char *k6)
{
    size_t name = strcspn(k6, "{");
    bool tags = k6[name] != '\0';
    return sg_format("%.*s{scenario:measure%s%s", (int)name, k6, tags ? "," : "}",
                     tags ? k6 + name + 1 : "");
}

/* "p(95)" for "p95"; the other words are k6's own. */
static char *word_of(const char *stat)
{
    return isnan(sg_k6_percentile(stat)) ? sg_strdup(stat) : sg_format("p(%s)", stat + 1);
}

char *sg_own_metrics(const struct sg_config *config)
{
    struct sg_json *list = sg_json_new_array();
    for (size_t i = 0; i < config->metrics_count; i++) {
        const struct sg_metric *metric = &config->metrics[i];
        if (metric->k6 != NULL) {
            char *key = window_key(metric->k6), *word = word_of(metric->stat);
            struct sg_json *one = sg_json_new_object();
            sg_json_set_string(one, "key", key);
            sg_json_set_string(one, "stat", word);
            sg_json_push(list, one);
            free(word);
            free(key);
        }
    }
    char *text = sg_json_write(list, 0);
    sg_json_free(list);
    return text;
}

static double value_of(const struct sg_json *values, const char *stat)
{
    double passes = sg_json_number(sg_json_get(values, "passes"), NAN);
    if (sg_streq(stat, "total")) {
        return passes + sg_json_number(sg_json_get(values, "fails"), NAN);
    }
    char *word = word_of(stat);
    double value = sg_json_number(sg_json_get(values, word), NAN);
    free(word);
    return value;
}

static struct sg_k6_value read_one(const struct sg_json *metrics, const struct sg_metric *metric)
{
    char *key = window_key(metric->k6);
    const struct sg_json *found = sg_json_get(metrics, key);
    free(key);
    return (struct sg_k6_value){
        .k6 = sg_strdup(metric->k6),
        .stat = sg_strdup(metric->stat),
        .type = found != NULL ? sg_strdup(sg_json_string(sg_json_get(found, "type"), "")) : NULL,
        .time = sg_streq(sg_json_string(sg_json_get(found, "contains"), ""), "time"),
        .value = value_of(sg_json_get(found, "values"), metric->stat)};
}

/* Of those that were added to at all, without svcgate's and k6's count of its users. */
static char *names_of(const struct sg_json *metrics)
{
    struct sg_text text = {.limit = 600};
    for (const struct sg_json *one = sg_json_first(metrics); one != NULL; one = sg_json_next(one)) {
        const char *name = sg_json_key(one);
        if (strchr(name, '{') == NULL && !sg_starts_with(name, "svcgate_") &&
            !sg_starts_with(name, "vus")) {
            sg_text_printf(&text, "%s%s", text.size > 0 ? ", " : "", name);
        }
    }
    return sg_text_take(&text);
}

void sg_own_metrics_read(const struct sg_config *config, const char *text, size_t size,
                         struct sg_load_summary *out)
{
    struct sg_error ignored = {0};
    struct sg_json *json = sg_json_parse(text, size, "k6's summary", &ignored);
    const struct sg_json *metrics = sg_json_get(json, "metrics");
    for (size_t i = 0; i < config->metrics_count; i++) {
        if (config->metrics[i].k6 != NULL) {
            out->k6 = sg_grow(out->k6, out->k6_count, sizeof(*out->k6));
            out->k6[out->k6_count++] = read_one(metrics, &config->metrics[i]);
        }
    }
    out->k6_names = sg_json_is_object(metrics) ? names_of(metrics) : NULL;
    sg_json_free(json);
}

void sg_own_metrics_clear(struct sg_load_summary *load)
{
    for (size_t i = 0; i < load->k6_count; i++) {
        free(load->k6[i].k6);
        free(load->k6[i].stat);
        free(load->k6[i].type);
    }
    free(load->k6);
    free(load->k6_names);
    load->k6 = NULL;
    load->k6_count = 0;
    load->k6_names = NULL;
}

bool sg_own_metrics_use(const struct sg_config *config, const char *tag)
{
    bool used = false;
    char *first = sg_format("{%s:", tag), *next = sg_format(",%s:", tag);
    for (size_t i = 0; !used && i < config->metrics_count; i++) {
        const char *k6 = config->metrics[i].k6;
        const char *tags = k6 != NULL ? strchr(k6, '{') : NULL;
        used = tags != NULL && (sg_starts_with(tags, first) || strstr(tags, next) != NULL);
    }
    free(next);
    free(first);
    return used;
}
