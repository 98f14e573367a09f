/* SPDX-License-Identifier: Apache-2.0 */
/* Tolerances, floors and limits, in the unit of their metric. */
#include "config/gate.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool parse_any(const char *text, double *out)
{
    return sg_parse_number(text, out) || sg_parse_duration(text, out) || sg_parse_size(text, out) ||
           sg_parse_ratio(text, out) || sg_parse_rate(text, out);
}

/* By the metric's unit; NULL: unknown, any will do. */
static bool parse_in_unit(const char *text, const char *unit, double *out)
{
    if (unit == NULL) {
        return parse_any(text, out);
    }
    if (sg_parse_by_unit(text, unit, out)) {
        return true;
    }
    if (sg_streq(unit, "1/s")) {
        return sg_parse_rate(text, out);
    }
    if (!sg_streq(unit, "bytes/s") || !sg_ends_with(text, "/s")) {
        return false;
    }
    char *size = sg_format("%.*s", (int)(strlen(text) - 2), text);
    bool ok = sg_parse_size(size, out);
    free(size);
    return ok;
}

static char *expect_in_unit(const char *unit)
{
    static const char *const examples[][2] = {{"s", "a duration such as 1ms"},
                                              {"bytes", "a size such as 5MiB"},
                                              {"ratio", "a ratio such as 0.1%"},
                                              {"bytes/s", "bytes a second such as 10KiB/s"},
                                              {"1/s", "a rate such as 300/s"}};
    for (size_t i = 0; i < SG_COUNT(examples); i++) {
        if (sg_streq(unit, examples[i][0])) {
            return sg_strdup(examples[i][1]);
        }
    }
    return unit != NULL && unit[0] != '\0'
               ? sg_format("a number of %s", unit)
               : sg_strdup(unit != NULL ? "a number, because the metric has no unit" : "a number");
}

static bool read_value(const struct sg_reader *r, const char *what, const struct sg_node *node,
                       const char *unit, double *out)
{
    if (node == NULL) {
        return true;
    }
    if (sg_streq(unit, "ratio") && sg_reader_bare_ratio(r, what, node)) {
        return false;
    }
    if (parse_in_unit(node->text, unit, out)) {
        return true;
    }
    char *expect = expect_in_unit(unit);
    struct sg_key told = {.name = what, .expect = expect};
    (void)sg_reader_expected(r, &told, node);
    free(expect);
    return false;
}

/* Relative on the log scale, in the metric's unit otherwise. */
static bool read_tolerance(const struct sg_reader *r, const char *what, const struct sg_node *node,
                           const struct sg_metric *metric, double *out)
{
    bool relative =
        metric == NULL || metric->scale == SG_SCALE_LOG || metric->scale == SG_SCALE_COUNT;
    if (node == NULL) {
        return true;
    }
    if (!read_value(r, what, node, relative ? "ratio" : metric->unit, out)) {
        return false;
    }
    if (relative && *out > 10) {
        return sg_reader_fail(r, node, "%s: %g %% is beyond every use; at most 1000%%", what,
                              *out * 100);
    }
    if (*out <= 0 && (metric == NULL || metric->scale != SG_SCALE_EXACT)) {
        return sg_reader_fail(r, node, "%s: must be above zero: no measurement proves less", what);
    }
    return true;
}

static bool check_numbers(const struct sg_reader *r, const struct sg_node *map,
                          const struct sg_draft *draft, const struct sg_metric *metric,
                          const struct sg_gate *gate)
{
    double tolerance = gate->tolerance;
    if (metric != NULL && metric->scale == SG_SCALE_LOG && isnan(tolerance)) {
        tolerance = sg_metric_tolerance(metric);
    }
    if (gate->warn >= tolerance) { /* false where one is NaN */
        return sg_reader_fail(r, draft->warn, "warn: must be smaller than the tolerance");
    }
    if (metric != NULL && metric->scale == SG_SCALE_LINEAR && isnan(gate->tolerance) &&
        isnan(gate->floor) && isnan(gate->limit)) {
        char *expect = expect_in_unit(metric->unit);
        (void)sg_reader_fail(r, sg_node_find(map, "metric"),
                             "%s has no default; give a tolerance or a limit, %s", metric->name,
                             expect);
        free(expect);
        return false;
    }
    return true;
}

bool sg_draft_numbers(const struct sg_reader *r, const struct sg_node *map,
                      const struct sg_draft *draft, const struct sg_metric *metric,
                      struct sg_gate *out)
{
    const char *unit = metric != NULL ? metric->unit : NULL;
    return read_tolerance(r, "tolerance", draft->tolerance, metric, &out->tolerance) &&
           read_value(r, "floor", draft->floor, unit, &out->floor) &&
           read_value(r, "limit", draft->limit, unit, &out->limit) &&
           read_tolerance(r, "warn", draft->warn, metric, &out->warn) &&
           check_numbers(r, map, draft, metric, out);
}

bool sg_bound_read(const struct sg_reader *r, const struct sg_node *node,
                   const struct sg_metric *metric, bool limit, double *out)
{
    return limit ? read_value(r, "bound", node, metric->unit, out)
                 : read_tolerance(r, "bound", node, metric, out);
}
