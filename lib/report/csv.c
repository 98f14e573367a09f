/* SPDX-License-Identifier: Apache-2.0 */
/* The counted repetitions as plain samples: `svcgate judge samples.csv` gives the same again. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/escape.h"
#include "report/formats.h"

static void write_value(const struct sg_repetition *repetition, const char *metric, double value,
                        struct sg_text *out)
{
    char exact[32];

    sg_show_exact(value, exact);
    sg_text_printf(out, "%d,", repetition->block);
    sg_csv_field(out, repetition->variant);
    sg_text_add(out, ",");
    sg_csv_field(out, metric);
    sg_text_printf(out, ",%s\n", exact);
}

/* What was not measured has no row. */
static void write_repetition(const struct sg_repetition *repetition, char **labels, size_t count,
                             struct sg_text *out)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(repetition->values[i]))
            write_value(repetition, labels[i], repetition->values[i], out);
}

void sg_write_csv(const struct sg_report *report, struct sg_text *out)
{
    const struct sg_session *session = report->session;
    size_t count = session->metrics_count;
    char **labels = sg_alloc(count + 1, sizeof(*labels));

    for (size_t i = 0; i < count; i++)
        labels[i] = sg_metric_label(session->metrics[i].name, session->metrics[i].of,
                                    session->metrics[i].request);
    sg_text_add(out, "block,variant,metric,value\n");
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (sg_view_counts(&session->repetitions[i], NULL))
            write_repetition(&session->repetitions[i], labels, count, out);
    for (size_t i = 0; i < count; i++)
        free(labels[i]);
    free(labels);
}
