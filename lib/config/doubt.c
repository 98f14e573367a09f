/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers under a built-in name that are hardly in its unit. Whatever they are, ratios between them
 * stay right; floors, limits and what a report shows do not. So it is asked, and judged as told. */
#include "config/config.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/units.h"

#define IN_TIME "if they are in ms, us or ns, name that as their unit"

/* All values of such a metric are at least, or at most, this. */
static const struct doubt {
    const char *name; /* how the metric's name begins */
    double from, to;
    const char *read_as;
    const char *remedy;
} doubts[] = {
    {"latency_", 1, INFINITY, "seconds", IN_TIME},
    {"cpu_per_request", 1, INFINITY, "seconds", IN_TIME},
    {"memory_max", 0, 65536, "bytes", "if they are in MiB or MB, name that as their unit"},
    {"memory_mean", 0, 65536, "bytes", "if they are in MiB or MB, name that as their unit"},
    {"error_rate", 1.000001, INFINITY, "shares of 1", "if they are percent, name % as their unit"},
    {"cpu_cores", 100, INFINITY, "whole CPUs",
     "if they are thousandths of a CPU, divide them by 1000"},
};

struct range {
    double low, high;
};

/* Of what was measured; low above high where nothing was. */
static struct range range_of(const struct sg_session *session, size_t metric)
{
    struct range out = {INFINITY, -INFINITY};
    for (size_t i = 0; i < session->repetitions_count; i++) {
        double value = session->repetitions[i].values[metric];
        if (isfinite(value)) {
            out.low = fmin(out.low, value);
            out.high = fmax(out.high, value);
        }
    }
    return out;
}

static const struct doubt *find(const char *name, struct range range)
{
    for (size_t i = 0; i < SG_COUNT(doubts); i++) {
        if (sg_starts_with(name, doubts[i].name) && range.low <= range.high &&
            range.low >= doubts[i].from && range.high <= doubts[i].to) {
            return &doubts[i];
        }
    }
    return NULL;
}

/* The limit on this metric that every value breaks, or NULL. */
static const struct sg_gate *broken_limit(const struct sg_session *session,
                                          const struct sg_metric *metric, struct range range)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        const struct sg_gate *gate = &session->gates[i];
        if (sg_metric_is(metric, gate->metric, gate->of, gate->request) &&
            (metric->better == SG_HIGHER ? range.high < gate->limit : range.low > gate->limit)) {
            return gate;
        }
    }
    return NULL;
}

char *sg_catalogue_doubt(const struct sg_session *session, size_t metric)
{
    const struct sg_metric *known = &session->metrics[metric];
    struct range range = range_of(session, metric);
    const struct doubt *doubt = find(known->name, range);
    if (doubt == NULL) {
        return NULL;
    }
    const struct sg_gate *limit = broken_limit(session, known, range);
    char *label = sg_metric_label(known->name, known->of, known->request);
    char *low = sg_show_by_unit(range.low, known->unit);
    char *high = sg_show_by_unit(range.high, known->unit);
    char *bound = limit != NULL ? sg_show_by_unit(limit->limit, known->unit) : NULL;
    char *broken =
        bound != NULL ? sg_format("; every value is beyond the limit of %s", bound) : sg_strdup("");
    char *text =
        sg_format("the numbers of %s have no unit and were read as %s, from %s to %s%s; %s", label,
                  doubt->read_as, low, high, broken, doubt->remedy);
    free(label);
    free(low);
    free(high);
    free(bound);
    free(broken);
    return text;
}
