/* SPDX-License-Identifier: Apache-2.0 */
/* The list `waivers`: entries are read with the file; which gate each belongs to, and in which unit
 * its bound is written, is known only when the gates are. */
#include "config/gate.h"
#include "config/words.h"
#include "config/write.h"

#include "base/date.h"
#include "base/text.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define AT(field) offsetof(struct sg_waiver_draft, field)

struct sg_waiver_draft {
    struct sg_waiver waiver;
    const struct sg_node *bound;
};

static bool read_day(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                     void *target)
{
    if (value->kind != SG_NODE_SCALAR || !sg_date_is_day(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

/* clang-format off */
const struct sg_key sg_waiver_keys[] = {
    {.name = "metric", .read = sg_read_metric_name, .offset = AT(waiver.metric),
     .expect = "the metric of a gate, such as latency_p95"},
    {.name = "of", .read = sg_read_of, .offset = AT(waiver.of),
     .expect = "the name of a compose service, as in the gate"},
    {.name = "request", .read = sg_read_text, .offset = AT(waiver.request),
     .expect = "the name of a request, as in the gate"},
    {.name = "variant", .read = sg_read_text, .offset = AT(waiver.variant),
     .expect = "the name of a variant"},
    {.name = "bound", .read = sg_read_node, .offset = AT(bound),
     .expect = "a wider tolerance such as 12%, or a wider limit"},
    {.name = "owner", .read = sg_read_text, .offset = AT(waiver.owner),
     .expect = "who answers for it"},
    {.name = "reason", .read = sg_read_text, .offset = AT(waiver.reason),
     .expect = "why it is there"},
    {.name = "expires", .read = read_day, .offset = AT(waiver.expires),
     .expect = "the last day on which it holds, such as 2027-01-31"},
    {.name = NULL}};
/* clang-format on */

/* --- Reading ------------------------------------------------------------------------------- */

static bool is_complete(const struct sg_reader *r, const struct sg_node *map)
{
    static const struct {
        const char *key, *why;
    } needed[] = {{"metric", "which gate is meant?"},
                  {"bound", "how much worse is accepted?"},
                  {"owner", "who answers for it?"},
                  {"reason", "why is it there?"},
                  {"expires", "the last day on which it holds, such as 2027-01-31"}};
    for (size_t i = 0; i < SG_COUNT(needed); i++) {
        if (sg_node_find(map, needed[i].key) == NULL) {
            return sg_reader_fail(r, map, "waiver: %s is missing: %s", needed[i].key,
                                  needed[i].why);
        }
    }
    return true;
}

/* Of the same gate, and at least one variant is in both. */
static bool overlap(const struct sg_waiver *a, const struct sg_waiver *b)
{
    return sg_streq(a->metric, b->metric) && sg_streq(a->of, b->of) &&
           sg_streq(a->request, b->request) &&
           (a->variant == NULL || b->variant == NULL || sg_streq(a->variant, b->variant));
}

static bool is_single(const struct sg_reader *r, const struct sg_node *map,
                      const struct sg_waiver *waiver)
{
    for (size_t i = 0; i < r->config->waivers_count; i++) {
        const struct sg_waiver *other = &r->config->waivers[i].waiver;
        if (overlap(other, waiver)) {
            char *label = sg_metric_label(waiver->metric, waiver->of, waiver->request);
            (void)sg_reader_fail(r, sg_node_find(map, "metric"),
                                 "%s is waived twice; first on line %d", label, other->line);
            free(label);
            return false;
        }
    }
    return true;
}

static struct sg_mark mark_of(const struct sg_node *map, const char *key)
{
    const struct sg_node *node = sg_node_find(map, key);
    return node != NULL ? (struct sg_mark){node->line, node->column} : (struct sg_mark){0, 0};
}

static void add_waiver(struct sg_config *config, const struct sg_node *map,
                       const struct sg_waiver_draft *draft)
{
    config->waivers = sg_grow(config->waivers, config->waivers_count, sizeof(*config->waivers));
    struct sg_config_waiver *added = &config->waivers[config->waivers_count++];
    added->waiver = sg_waiver_copy(&draft->waiver);
    added->waiver.line = map->line;
    added->waiver.bound = NAN;
    added->bound = sg_strdup(draft->bound->text);
    added->metric_at = mark_of(map, "metric");
    added->bound_at = mark_of(map, "bound");
    added->variant_at = mark_of(map, "variant");
}

static bool read_waiver(struct sg_reader *r, const struct sg_node *map)
{
    static const struct sg_key whole = {.name = "waiver",
                                        .expect = "a mapping of metric, bound, owner, reason and "
                                                  "expires"};
    struct sg_waiver_draft draft = {0};
    if (map->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, &whole, map);
    }
    bool ok = sg_keys_read(r, sg_waiver_keys, map, &draft) && is_complete(r, map) &&
              is_single(r, map, &draft.waiver);
    if (ok) {
        add_waiver(r->config, map, &draft);
    }
    sg_waiver_clear(&draft.waiver);
    return ok;
}

bool sg_read_waivers(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                     void *target)
{
    (void)target;
    if (value->kind != SG_NODE_LIST) {
        return sg_reader_expected(r, key, value);
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!read_waiver(r, &value->items[i])) {
            return false;
        }
    }
    return true;
}

/* --- With the gates ------------------------------------------------------------------------ */

static bool fail_at(const struct sg_reader *r, struct sg_mark mark, const char *text)
{
    struct sg_node node = {.line = mark.line, .column = mark.column};
    return sg_reader_fail(r, &node, "%s", text);
}

/* The labels of all gates. The caller frees them and the array. */
static char **gate_labels(const struct sg_config *config)
{
    char **labels = sg_alloc(config->gates_count + 1, sizeof(*labels));
    for (size_t i = 0; i < config->gates_count; i++) {
        const struct sg_gate *gate = &config->gates[i];
        labels[i] = sg_metric_label(gate->metric, gate->of, gate->request);
    }
    return labels;
}

static bool fail_no_gate(const struct sg_reader *r, const struct sg_config_waiver *waiver)
{
    const struct sg_waiver *w = &waiver->waiver;
    char **labels = gate_labels(r->config);
    const char *const *names = (const char *const *)labels;
    char *label = sg_metric_label(w->metric, w->of, w->request);
    char *hint = sg_did_you_mean(label, names, r->config->gates_count);
    char *known = sg_list_names(names, r->config->gates_count);
    char *text =
        sg_format("waiver: there is no gate for %s%s", label, hint[0] != '\0' ? hint : known);
    (void)fail_at(r, waiver->metric_at, text);
    free(label);
    free(hint);
    free(known);
    free(text);
    sg_texts_free(labels);
    return false;
}

static bool check_variant(const struct sg_reader *r, const struct sg_config_waiver *waiver)
{
    const struct sg_config *config = r->config;
    const char *name = waiver->waiver.variant;
    if (name == NULL || config->variants_count == 0) {
        return true; /* plain samples: their variants are not known here */
    }
    if (config->variants_count > 1 && sg_streq(name, config->reference)) {
        return fail_at(r, waiver->variant_at,
                       "variant: this is the reference, which is not judged");
    }
    const char **names = sg_alloc(config->variants_count, sizeof(*names));
    bool found = false;
    for (size_t i = 0; i < config->variants_count; i++) {
        names[i] = config->variants[i].name;
        found = found || sg_streq(names[i], name);
    }
    if (!found) {
        char *hint = sg_did_you_mean(name, names, config->variants_count);
        char *known = sg_list_names(names, config->variants_count);
        char *word = sg_quoted(name);
        char *text =
            sg_format("variant: no variant is called %s%s", word, hint[0] != '\0' ? hint : known);
        (void)fail_at(r, waiver->variant_at, text);
        free(hint);
        free(known);
        free(word);
        free(text);
    }
    free(names);
    return found;
}

/* What the bound stands in for; NaN: nothing that could be compared before there are data. */
static double replaced(const struct sg_gate *gate, const struct sg_metric *metric)
{
    if (sg_gate_is_limit(gate)) {
        return gate->limit;
    }
    bool absolute = metric->scale == SG_SCALE_LINEAR || metric->scale == SG_SCALE_COUNT;
    return absolute ? fmax(gate->tolerance, gate->floor) : gate->tolerance;
}

static bool is_wider(const struct sg_gate *gate, const struct sg_metric *metric, double bound)
{
    double own = replaced(gate, metric);
    bool downwards = sg_gate_is_limit(gate) && metric->better == SG_HIGHER;
    return isnan(own) || (downwards ? bound < own : bound > own);
}

static bool fail_tight(const struct sg_reader *r, const struct sg_node *node,
                       const struct sg_gate *gate, const struct sg_metric *metric)
{
    bool limit = sg_gate_is_limit(gate);
    bool relative = metric->scale == SG_SCALE_LOG || metric->scale == SG_SCALE_COUNT;
    char *own = sg_config_write_by_unit(replaced(gate, metric),
                                        relative && !limit ? "ratio" : metric->unit);
    (void)sg_reader_fail(r, node, "bound: must be wider than the gate's own %s of %s",
                         limit ? "limit" : "tolerance", own);
    free(own);
    return false;
}

static bool read_bound(const struct sg_reader *r, const struct sg_gate *gate,
                       const struct sg_metric *metric, struct sg_config_waiver *waiver)
{
    struct sg_node node = {.kind = SG_NODE_SCALAR,
                           .plain = true,
                           .text = waiver->bound,
                           .line = waiver->bound_at.line,
                           .column = waiver->bound_at.column};
    bool limit = sg_gate_is_limit(gate);
    if (!sg_bound_read(r, &node, metric, limit, &waiver->waiver.bound)) {
        return false;
    }
    return is_wider(gate, metric, waiver->waiver.bound) || fail_tight(r, &node, gate, metric);
}

static bool settle_waiver(const struct sg_reader *r, struct sg_config_waiver *waiver)
{
    const struct sg_config *config = r->config;
    for (size_t i = 0; i < config->gates_count; i++) {
        const struct sg_gate *gate = &config->gates[i];
        if (!sg_waiver_is_for(&waiver->waiver, gate)) {
            continue;
        }
        int index = sg_config_find_metric(config, gate->metric, gate->of, gate->request);
        return check_variant(r, waiver) && read_bound(r, gate, &config->metrics[index], waiver);
    }
    return fail_no_gate(r, waiver);
}

bool sg_waivers_settle(struct sg_config *config, struct sg_error *err)
{
    struct sg_reader reader = {.name = config->path, .config = config, .err = err};
    for (size_t i = 0; i < config->waivers_count; i++) {
        if (!settle_waiver(&reader, &config->waivers[i])) {
            return false;
        }
    }
    return true;
}
