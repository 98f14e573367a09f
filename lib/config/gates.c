/* SPDX-License-Identifier: Apache-2.0 */
/* The lists `gates` and `metrics`: their keys, and an entry from its mapping. Which metric is meant
 * is settled in gate_metric.c, its numbers are read in gate_numbers.c. */
#include "config/gate.h"

#include "base/text.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct sg_draft, field)

static const char *const better_words[] = {"lower", "higher", NULL};
/* Counts need their trials beside them; a query gives one number, so they are not offered. */
static const char *const scale_words[] = {"log", "linear", "exact", NULL};

bool sg_read_metric_name(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                         void *target)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char rest[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    if (!sg_node_is_text(value) || strlen(value->text) > 63 || value->text[0] == '\0' ||
        strchr(first, value->text[0]) == NULL || value->text[strspn(value->text, rest)] != '\0') {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

bool sg_read_of(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                void *target)
{
    if (!sg_node_is_text(value) || !sg_is_service_name(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

/* clang-format off */
const struct sg_key sg_metric_keys[] = {
    {.name = "metric", .read = sg_read_metric_name, .offset = AT(metric),
     .expect = "the name of a metric, such as latency_p95"},
    {.name = "of", .read = sg_read_of, .offset = AT(of),
     .expect = "the name of a compose service, such as postgres"},
    {.name = "request", .read = sg_read_text, .offset = AT(request),
     .expect = "the name of a request in the k6 script"},
    {.name = "unit", .read = sg_read_text, .offset = AT(unit),
     .expect = "a unit such as s, bytes, ratio or jobs"},
    {.name = "better", .read = sg_read_word, .offset = AT(better), .words = better_words,
     .expect = "lower or higher"},
    {.name = "scale", .read = sg_read_word, .offset = AT(scale), .words = scale_words,
     .expect = "log, linear or exact"},
    {.name = "query", .read = sg_read_text, .offset = AT(query),
     .expect = "a PromQL query that gives one series"},
    {.name = "k6", .read = sg_read_k6, .offset = AT(k6),
     .expect = "a metric of k6's or of the script's, such as checkout_time or checks{step:pay}"},
    {.name = "stat", .read = sg_read_stat, .offset = AT(stat),
     .expect = "a statistic of k6: avg, min, med, max, p95, count, rate or value"},
    {.name = "adjust", .read = sg_read_bool, .offset = AT(adjust),
     .expect = "true or false"},
    {.name = NULL}};

const struct sg_key sg_gate_keys[] = {
    {.name = "tolerance", .read = sg_read_node, .offset = AT(tolerance),
     .expect = "a tolerance such as 5%"},
    {.name = "floor", .read = sg_read_node, .offset = AT(floor),
     .expect = "a value in the metric's unit, such as 1ms"},
    {.name = "limit", .read = sg_read_node, .offset = AT(limit),
     .expect = "a value in the metric's unit, such as 250ms"},
    {.name = "warn", .read = sg_read_node, .offset = AT(warn),
     .expect = "a tolerance such as 3%"},
    {.name = "weight", .read = sg_read_number, .offset = AT(weight), .low = 0, .high = 1000,
     .open = true, .expect = "a number above 0 and below 1000"},
    {.name = NULL, .keys = sg_metric_keys}};
/* clang-format on */

static void draft_clear(struct sg_draft *draft)
{
    free(draft->metric);
    free(draft->of);
    free(draft->request);
    free(draft->unit);
    free(draft->query);
    free(draft->k6);
    free(draft->stat);
}

static bool read_draft(struct sg_reader *r, const struct sg_key *keys, const struct sg_node *map,
                       struct sg_draft *out)
{
    static const struct sg_key whole = {.name = "entry",
                                        .expect = "a mapping such as {metric: latency_p95}"};
    *out = (struct sg_draft){.weight = 1};
    if (map->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, &whole, map);
    }
    if (!sg_keys_read(r, keys, map, out)) {
        return false;
    }
    return out->metric != NULL ||
           sg_reader_fail(r, map, "a metric is missing: which one is meant?");
}

bool sg_gate_read(struct sg_reader *r, const struct sg_node *map, const struct sg_metric *known,
                  struct sg_gate *out)
{
    struct sg_draft draft;
    const struct sg_metric *metric = NULL;
    *out = (struct sg_gate){.tolerance = NAN, .floor = NAN, .limit = NAN, .warn = NAN};
    bool ok = read_draft(r, sg_gate_keys, map, &draft) &&
              sg_draft_metric(r, map, &draft, &metric) &&
              sg_draft_numbers(r, map, &draft, known != NULL ? known : metric, out);
    if (ok) {
        out->metric = sg_strdup(known != NULL ? known->name : draft.metric);
        out->of = sg_strdup(known != NULL ? known->of : draft.of);
        out->request = sg_strdup(known != NULL ? known->request : draft.request);
        out->weight = draft.weight;
        out->line = map->line;
    }
    draft_clear(&draft);
    return ok;
}

bool sg_gate_same(const struct sg_gate *a, const struct sg_gate *b)
{
    return sg_streq(a->metric, b->metric) && sg_streq(a->of, b->of) &&
           sg_streq(a->request, b->request);
}

static bool read_gate_into(struct sg_reader *r, const struct sg_node *map, struct sg_config *config)
{
    struct sg_gate gate;
    if (!sg_gate_read(r, map, NULL, &gate)) {
        return false;
    }
    for (size_t i = 0; i < config->gates_count; i++) {
        if (sg_gate_same(&config->gates[i], &gate)) {
            char *label = sg_metric_label(gate.metric, gate.of, gate.request);
            (void)sg_reader_fail(r, sg_node_find(map, "metric"),
                                 "%s is gated twice; first on line %d", label,
                                 config->gates[i].line);
            free(label);
            sg_gate_clear(&gate);
            return false;
        }
    }
    config->gates = sg_grow(config->gates, config->gates_count, sizeof(*config->gates));
    config->gates[config->gates_count++] = gate;
    return true;
}

bool sg_read_gates(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    if (value->kind != SG_NODE_LIST) {
        return sg_reader_expected(r, key, value);
    }
    if (value->count == 0) {
        return sg_reader_fail(r, value,
                              "gates: an empty list judges nothing; leave \"gates\" out "
                              "for the four default ones");
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!read_gate_into(r, &value->items[i], target)) {
            return false;
        }
    }
    return true;
}

bool sg_read_metrics(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                     void *target)
{
    (void)target;
    if (value->kind != SG_NODE_LIST) {
        return sg_reader_expected(r, key, value);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < value->count; i++) {
        struct sg_draft draft;
        const struct sg_metric *metric = NULL;
        ok = read_draft(r, sg_metric_keys, &value->items[i], &draft) &&
             sg_draft_metric(r, &value->items[i], &draft, &metric);
        draft_clear(&draft);
    }
    return ok;
}
