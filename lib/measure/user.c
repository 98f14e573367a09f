/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a user's PromQL template and reads its one number. */
#include "measure/user.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "measure/ask.h"

/* Values as they stand between double quotes; $window is the measured window in whole seconds. */
static bool fill(const struct sg_measuring *m, const char *query, char **out)
{
    const struct sg_window *w = m->window;
    char *service = sg_prom_escape(w->service);
    char *container = sg_prom_escape(w->service_id);
    char *variant = sg_prom_escape(w->variant);
    char *testid = sg_prom_escape(w->testid);
    char *window = sg_format("%.0fs", fmax(1, round(w->load.end - w->load.start)));
    char *start = sg_format("%.3f", w->load.start);
    char *end = sg_format("%.3f", w->load.end);
    const char *pairs[] = {"service", service, "container", container, "window",
                           window,    "start", start,       "end",     end,
                           "variant", variant, "testid",    testid,    NULL};
    bool ok = sg_prom_substitute(query, pairs, out, m->err);
    free(end);
    free(start);
    free(window);
    free(testid);
    free(variant);
    free(container);
    free(service);
    return ok;
}

static void not_one(struct sg_measuring *m, const char *label, const struct sg_matrix *matrix)
{
    if (matrix->count == 0) {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", NULL,
                                  "%s: the query gives no series; does the service export it, and "
                                  "does Prometheus scrape it?",
                                  label);
        return;
    }
    char *first = sg_ask_labels(&matrix->series[0]);
    char *second = sg_ask_labels(&matrix->series[1]);
    sg_repetition_add_finding(m->repetition, sg_blame(m), "series", NULL,
                              "%s: the query gives %zu series instead of one, such as %s and %s; "
                              "aggregate them, for example with sum()",
                              label, matrix->count, first, second);
    free(first);
    free(second);
}

static bool read_one(struct sg_measuring *m, const char *label, const struct sg_prom_series *series,
                     double *out)
{
    if (series->points_count != 1)
        return sg_fail(m->err, SG_ERROR_CONFIG,
                       "metric %s: the query gives a range of samples; put max_over_time() or the "
                       "like around it",
                       label);
    *out = series->points[0].value;
    sg_ask_value(m, *out);
    if (!isfinite(*out))
        sg_repetition_add_finding(m->repetition, sg_blame(m), "value", NULL,
                                  "%s: the query gives %f, not a finite number", label, *out);
    if (!isfinite(*out))
        *out = NAN;
    return true;
}

bool sg_user_metric(struct sg_measuring *m, const struct sg_metric *metric, double *out)
{
    char *query = NULL;
    struct sg_matrix matrix = {0};
    *out = NAN;
    if (!fill(m, metric->query, &query))
        return sg_error_context(m->err, "metric %s", metric->name);
    bool ok = sg_ask(m, metric->name, query, m->window->load.end + SG_SETTLE_AFTER, &matrix);
    if (ok && matrix.count == 1)
        ok = read_one(m, metric->name, &matrix.series[0], out);
    else if (ok && !sg_ask_found(m, "query", metric->name))
        not_one(m, metric->name, &matrix);
    sg_matrix_clear(&matrix);
    free(query);
    return ok;
}
