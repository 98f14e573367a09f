/* SPDX-License-Identifier: Apache-2.0 */
/* Sends queries and keeps them as evidence. */
#include "measure/ask.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum sg_severity sg_blame(const struct sg_measuring *m)
{
    return m->crashed ? SG_FINDING_NOTE : SG_FINDING_INVALID;
}

double sg_ask_time(const struct sg_measuring *m)
{
    return m->window->load.end + SG_TAIL;
}

static void keep(struct sg_repetition *repetition, const char *label, const char *query,
                 double time, const struct sg_matrix *matrix)
{
    repetition->evidence =
        sg_grow(repetition->evidence, repetition->evidence_count, sizeof *repetition->evidence);
    repetition->evidence[repetition->evidence_count++] =
        (struct sg_evidence){.metric = sg_strdup(label),
                             .query = sg_strdup(query),
                             .time = time,
                             .series = matrix->count,
                             .value = NAN,
                             .warnings = sg_strdup(matrix->warnings)};
}

bool sg_ask(struct sg_measuring *m, const char *label, const char *query, double time,
            struct sg_matrix *out)
{
    struct sg_error err = {0};
    bool ok = sg_prom_query(m->prom, query, time, out, &err);
    keep(m->repetition, label, query, time, out);
    if (!ok && err.kind == SG_ERROR_DATA) {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "query", NULL, "%s: %s", label,
                                  err.text);
        return true;
    }
    if (!ok) {
        sg_fail(m->err, err.kind, "measuring %s: %s", label, err.text);
        return false;
    }
    if (out->warnings != NULL)
        sg_repetition_add_finding(m->repetition, sg_blame(m), "warnings", NULL,
                                  "%s: Prometheus answered with a warning: %s", label,
                                  out->warnings);
    return true;
}

void sg_ask_value(struct sg_measuring *m, double value)
{
    if (m->repetition->evidence_count > 0)
        m->repetition->evidence[m->repetition->evidence_count - 1].value = value;
}

void sg_ask_derived(struct sg_measuring *m, const char *label, double value)
{
    struct sg_repetition *r = m->repetition;
    if (r->evidence_count == 0)
        return;
    struct sg_evidence last = r->evidence[r->evidence_count - 1];
    r->evidence = sg_grow(r->evidence, r->evidence_count, sizeof *r->evidence);
    r->evidence[r->evidence_count++] = (struct sg_evidence){.metric = sg_strdup(label),
                                                            .query = sg_strdup(last.query),
                                                            .time = last.time,
                                                            .series = last.series,
                                                            .value = value};
}

bool sg_ask_found(const struct sg_measuring *m, const char *check, const char *word)
{
    for (size_t i = 0; i < m->repetition->findings_count; i++) {
        const struct sg_finding *f = &m->repetition->findings[i];
        if (sg_streq(f->check, check) && (word == NULL || strstr(f->text, word) != NULL))
            return true;
    }
    return false;
}

char *sg_ask_labels(const struct sg_prom_series *series)
{
    struct sg_text text = {.limit = 300};
    sg_text_add(&text, "{");
    for (size_t i = 0; i < series->labels_count; i++)
        sg_text_printf(&text, "%s%s=\"%s\"", i > 0 ? ", " : "", series->labels[i].name,
                       series->labels[i].value);
    sg_text_add(&text, "}");
    return sg_text_take(&text);
}
