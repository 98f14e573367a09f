/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab's load_performance report: of the flat summary that k6 once wrote, the four numbers that
 * GitLab's widget reads (ee/…/load_performance/utils.js). Informational there: it knows neither
 * noise nor tolerance. */
#include <math.h>
#include <stdlib.h>

#include "report/formats.h"
#include "json/json.h"

/* The variant that the numbers are of: the worst, the first among equals; NULL without any. */
static const char *worst_variant(const struct sg_judgement *judgement)
{
    const struct sg_variant_verdict *worst = NULL;

    for (size_t i = 0; i < judgement->variants_count; i++) {
        const struct sg_variant_verdict *one = &judgement->variants[i];
        if (worst == NULL || sg_view_variant_state(one) < sg_view_variant_state(worst))
            worst = one;
    }
    return worst != NULL ? worst->variant : NULL;
}

/* NaN when it was not measured, or in another unit. */
static double number_of(const struct sg_judgement *judgement, const char *variant, char *name,
                        const char *unit)
{
    struct sg_metric metric = {.name = name};
    const struct sg_result *result = sg_view_find(judgement, &metric, variant);

    return result != NULL && sg_streq(result->unit, unit) ? result->value : NAN;
}

/* Milliseconds, as k6 has them, to the microsecond. */
static double milliseconds(double seconds)
{
    return round(seconds * 1e6) / 1e3;
}

static void set_rate(struct sg_json *metrics, double rate)
{
    struct sg_json *requests = NULL;

    if (!isfinite(rate))
        return;
    requests = sg_json_new_object();
    sg_json_set_number(requests, "rate", round(rate * 1e3) / 1e3);
    sg_json_set(metrics, "http_reqs", requests);
}

/* Both or none: the widget shows one that is missing as degraded. */
static void set_latency(struct sg_json *metrics, double p90, double p95)
{
    struct sg_json *waiting = NULL;

    if (!isfinite(p90) || !isfinite(p95))
        return;
    waiting = sg_json_new_object();
    sg_json_set_number(waiting, "p(90)", milliseconds(p90));
    sg_json_set_number(waiting, "p(95)", milliseconds(p95));
    sg_json_set(metrics, "http_req_waiting", waiting);
}

/* There is nothing between passed and failed: what is undecided or invalid has not passed, nor has
 * a variant whose verdict no gate tells. */
static void set_checks(struct sg_json *metrics, const struct sg_view *view, const char *variant)
{
    size_t passes = 0;
    size_t fails = 0;

    for (size_t i = 0; i < view->count; i++) {
        if (!sg_streq(view->rows[i].result->variant, variant))
            continue;
        bool passed = view->rows[i].state >= SG_STATE_WARN;
        passes += passed;
        fails += !passed;
    }
    for (size_t i = 0; i < view->untold_count; i++)
        fails += sg_streq(view->untold[i]->variant, variant) &&
                 sg_view_variant_state(view->untold[i]) < SG_STATE_WARN;
    if (passes + fails == 0)
        return;
    struct sg_json *checks = sg_json_new_object();
    sg_json_set_number(checks, "passes", (double)passes);
    sg_json_set_number(checks, "fails", (double)fails);
    sg_json_set(metrics, "checks", checks);
}

void sg_write_gitlab_load(const struct sg_report *report, struct sg_text *out)
{
    const struct sg_judgement *judgement = report->judgement;
    const char *variant = worst_variant(judgement);
    struct sg_json *root = sg_json_new_object();
    struct sg_json *metrics = sg_json_new_object();
    struct sg_view view;

    sg_view_init(&view, report);
    if (variant != NULL) {
        set_rate(metrics, number_of(judgement, variant, "throughput", "1/s"));
        set_latency(metrics, number_of(judgement, variant, "latency_p90", "s"),
                    number_of(judgement, variant, "latency_p95", "s"));
        set_checks(metrics, &view, variant);
    }
    sg_json_set(root, "metrics", metrics);
    char *text = sg_json_write(root, 3);
    sg_text_add(out, text);
    free(text);
    sg_json_free(root);
    sg_view_clear(&view);
}
