/* SPDX-License-Identifier: Apache-2.0 */
/* The counted repetitions as plain samples, each row with what there is to say of its metric:
 * `svcgate judge` reads them again. Plan, gates and findings are not in it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "report/formats.h"
#include "view/escape.h"

/* What is missing in one repetition has a row without a value; what was never measured has none. */
static bool is_measured(const struct sg_session *session, size_t metric)
{
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (isfinite(session->repetitions[i].values[metric]))
            return true;
    return false;
}

static bool has_rows(const struct sg_session *session, const char *label)
{
    int metric = label != NULL ? sg_session_find_label(session, label, strlen(label)) : -1;

    return metric >= 0 && is_measured(session, (size_t)metric);
}

/* What a row says of its metric, once for all rows. A rate without its counts is a number. */
static char *describe(const struct sg_session *session, const struct sg_metric *metric)
{
    bool counted = has_rows(session, metric->events) && has_rows(session, metric->trials);
    enum sg_scale scale =
        metric->scale == SG_SCALE_COUNT && !counted ? SG_SCALE_LINEAR : metric->scale;
    struct sg_text text = {0};

    sg_text_add(&text, ",");
    sg_csv_field(&text, metric->unit != NULL ? metric->unit : "");
    sg_text_printf(&text, ",%s,%s,%s,%s,", sg_better_names[metric->better], sg_scale_names[scale],
                   sg_role_names[metric->role], metric->adjust ? "true" : "false");
    sg_csv_field(&text, counted ? metric->events : "");
    sg_text_add(&text, ",");
    sg_csv_field(&text, counted ? metric->trials : "");
    sg_text_add(&text, "\n");
    return sg_text_take(&text);
}

static void write_row(const struct sg_repetition *repetition, const char *metric, double value,
                      const char *about, struct sg_text *out)
{
    char exact[32];

    sg_show_exact(value, exact);
    sg_text_printf(out, "%d,", repetition->block);
    sg_csv_field(out, repetition->variant);
    sg_text_add(out, ",");
    sg_csv_field(out, metric);
    sg_text_add(out, ",");
    sg_text_add(out, isfinite(value) ? exact : "");
    sg_text_add(out, about);
}

struct column {
    char *label; /* NULL: never measured */
    char *about;
};

static void write_repetition(const struct sg_repetition *repetition, const struct column *columns,
                             size_t count, struct sg_text *out)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].label != NULL)
            write_row(repetition, columns[i].label, repetition->values[i], columns[i].about, out);
}

void sg_write_csv(const struct sg_report *report, struct sg_text *out)
{
    const struct sg_session *session = report->session;
    size_t count = session->metrics_count;
    struct column *columns = sg_alloc(count + 1, sizeof(*columns));

    for (size_t i = 0; i < count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        if (!is_measured(session, i))
            continue;
        columns[i].label = sg_metric_label(metric->name, metric->of, metric->request);
        columns[i].about = describe(session, metric);
    }
    sg_text_add(out, "block,variant,metric,value,unit,better,scale,role,adjust,events,trials\n");
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (sg_view_counts(&session->repetitions[i], NULL))
            write_repetition(&session->repetitions[i], columns, count, out);
    for (size_t i = 0; i < count; i++) {
        free(columns[i].label);
        free(columns[i].about);
    }
    free(columns);
}
