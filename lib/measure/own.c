/* SPDX-License-Identifier: Apache-2.0 */
/* One number of k6's own summary. */
#include "measure/own.h"

#include <math.h>

#include "base/text.h"
#include "measure/ask.h"

static const struct sg_k6_value *find(const struct sg_measuring *m, const struct sg_metric *metric)
{
    const struct sg_load_summary *load = &m->window->load;
    for (size_t i = 0; i < load->k6_count; i++)
        if (sg_streq(load->k6[i].k6, metric->k6) && sg_streq(load->k6[i].stat, metric->stat))
            return &load->k6[i];
    return NULL;
}

/* Of nothing there are no events; of a Rate there is no share. */
static bool is_count(const char *stat)
{
    return sg_streq(stat, "count") || sg_streq(stat, "passes") || sg_streq(stat, "total");
}

static void not_added(struct sg_measuring *m, const struct sg_metric *metric, double *out)
{
    const struct sg_load_summary *load = &m->window->load;
    bool count = is_count(metric->stat);
    *out = count ? 0 : NAN;
    if (count && sg_ask_found(m, "k6_metric", metric->k6))
        return;
    sg_repetition_add_finding(
        m->repetition, count ? SG_FINDING_NOTE : sg_blame(m), "k6_metric", count ? NULL : load->log,
        "the script added nothing to %s in the window%s%s%s", metric->k6,
        count ? ", which counts as 0" : "", count || load->k6_names == NULL ? "" : "; there are ",
        count || load->k6_names == NULL ? "" : load->k6_names);
}

/* The rate of a Counter would be over the whole run of k6, idle stretches included. */
static bool has_statistic(const struct sg_k6_value *value)
{
    bool counter = sg_streq(value->type, "counter");
    return isfinite(value->value) && !(counter && sg_streq(value->stat, "rate"));
}

static void no_statistic(struct sg_measuring *m, const struct sg_metric *metric,
                         const struct sg_k6_value *value)
{
    sg_repetition_add_finding(
        m->repetition, sg_blame(m), "k6_metric", NULL, "%s is a %s of k6's, which has no %s%s",
        metric->k6, value->type, metric->stat,
        sg_streq(value->type, "counter") ? " for a window: use stat: count" : "");
}

/* As evidence: what was looked up instead of a query. */
static void keep(struct sg_measuring *m, const struct sg_metric *metric, double value)
{
    struct sg_repetition *r = m->repetition;
    r->evidence = sg_grow(r->evidence, r->evidence_count, sizeof *r->evidence);
    r->evidence[r->evidence_count++] =
        (struct sg_evidence){.metric = sg_strdup(metric->name),
                             .query = sg_format("k6's summary: %s of %s", metric->stat, metric->k6),
                             .time = m->window->load.end,
                             .series = 1,
                             .value = value};
}

void sg_own_metric(struct sg_measuring *m, const struct sg_metric *metric, double *out)
{
    const struct sg_k6_value *value = find(m, metric);
    *out = NAN;
    if (value == NULL || value->type == NULL) {
        not_added(m, metric, out);
    } else if (!has_statistic(value)) {
        no_statistic(m, metric, value);
    } else {
        *out = value->time && sg_streq(metric->unit, "s") ? value->value / 1e3 : value->value;
        keep(m, metric, *out);
    }
}
