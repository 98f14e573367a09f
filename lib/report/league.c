/* SPDX-License-Identifier: Apache-2.0 */
/* The order of several variants, and the metrics they are compared by. */
#include "report/league.h"

#include <math.h>
#include <stdlib.h>

#include "view/show.h"

struct place {
    const char *variant;
    double median; /* of the league's first metric */
    size_t order;  /* as in the session */
};

static void add_metric(struct sg_league *league, int index)
{
    if (index < 0 || league->count == SG_LEAGUE_METRICS)
        return;
    for (size_t i = 0; i < league->count; i++)
        if (league->metrics[i] == (size_t)index)
            return;
    league->metrics[league->count++] = (size_t)index;
}

/* The four that tell most, then whatever is gated. */
static void choose_metrics(struct sg_league *league, const struct sg_view *view)
{
    static const char *const main_metrics[] = {"cpu_per_request", "latency_p95", "memory_max",
                                               "error_rate"};
    const struct sg_session *session = view->report->session;

    for (size_t i = 0; i < SG_COUNT(main_metrics); i++)
        add_metric(league, sg_session_find_metric(session, main_metrics[i], NULL, NULL));
    for (size_t i = 0; i < view->count; i++) {
        const struct sg_result *result = view->rows[i].result;
        add_metric(league,
                   sg_session_find_metric(session, result->metric, result->of, result->request));
    }
}

/* NaN goes last. */
static int compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    if (isnan(left->median) != isnan(right->median))
        return isnan(left->median) ? 1 : -1;
    if (left->median < right->median || left->median > right->median)
        return left->median < right->median ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

static struct place *sorted_places(const struct sg_league *league, const struct sg_view *view)
{
    const struct sg_session *session = view->report->session;
    struct place *places = sg_alloc(view->variants_count + 1, sizeof(*places));

    for (size_t i = 0; i < view->variants_count; i++) {
        size_t n = 0;
        double median = NAN;
        if (league->count > 0)
            median = sg_view_median(session, league->metrics[0], view->variants[i], &n);
        bool higher = league->count > 0 && session->metrics[league->metrics[0]].better == SG_HIGHER;
        places[i] = (struct place){view->variants[i], higher ? -median : median, i};
    }
    qsort(places, view->variants_count, sizeof(*places), compare_places);
    return places;
}

void sg_league_init(struct sg_league *league, const struct sg_view *view)
{
    *league = (struct sg_league){0};
    choose_metrics(league, view);
    struct place *places = sorted_places(league, view);
    league->variants = sg_alloc(view->variants_count + 1, sizeof(*league->variants));
    for (size_t i = 0; i < view->variants_count; i++)
        league->variants[i] = places[i].variant;
    free(places);
}

void sg_league_clear(struct sg_league *league)
{
    free(league->variants);
    *league = (struct sg_league){0};
}

char *sg_league_metric(const struct sg_league *league, const struct sg_view *view, size_t column)
{
    const struct sg_metric *metric = &view->report->session->metrics[league->metrics[column]];

    return sg_metric_label(metric->name, metric->of, metric->request);
}

char *sg_league_value(const struct sg_league *league, const struct sg_view *view, size_t column,
                      const char *variant)
{
    const struct sg_report *report = view->report;
    size_t index = league->metrics[column];
    const struct sg_metric *metric = &report->session->metrics[index];
    const struct sg_result *result = sg_view_find(report->judgement, metric, variant);
    size_t n = 0;
    char *value = sg_show_value(sg_view_median(report->session, index, variant, &n), metric->unit);

    if (result == NULL || isnan(result->change))
        return value;
    char *change = sg_show_difference(result, result->change);
    char *both = sg_format("%s (%s)", value, change);
    free(value);
    free(change);
    return both;
}

bool sg_league_state(const struct sg_view *view, const char *variant, enum sg_state *out)
{
    const struct sg_judgement *judgement = view->report->judgement;

    for (size_t i = 0; i < judgement->variants_count; i++) {
        if (sg_streq(judgement->variants[i].variant, variant)) {
            *out = sg_view_variant_state(&judgement->variants[i]);
            return true;
        }
    }
    return false;
}
