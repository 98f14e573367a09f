/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a session, and finding a metric in it. Every repetition's values stay in step with the
 * session's metrics. */
#include "record/record.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

struct sg_metric *sg_session_add_metric(struct sg_session *session, const char *name)
{
    size_t count = session->metrics_count;
    session->metrics = sg_grow(session->metrics, count, sizeof(*session->metrics));
    for (size_t i = 0; i < session->repetitions_count; i++) {
        struct sg_repetition *repetition = &session->repetitions[i];
        repetition->values = sg_realloc(repetition->values, count + 1, sizeof(double));
        repetition->values[count] = NAN;
    }
    session->metrics_count++;
    session->metrics[count].name = sg_strdup(name);
    return &session->metrics[count];
}

struct sg_gate *sg_session_add_gate(struct sg_session *session, const char *metric)
{
    size_t count = session->gates_count;
    session->gates = sg_grow(session->gates, count, sizeof(*session->gates));
    session->gates_count++;
    struct sg_gate *gate = &session->gates[count];
    gate->metric = sg_strdup(metric);
    gate->tolerance = NAN;
    gate->floor = NAN;
    gate->limit = NAN;
    gate->warn = NAN;
    gate->weight = 1;
    return gate;
}

static const struct sg_bracket no_bracket = {NAN, NAN, NAN, NAN, NAN, NAN};

struct sg_repetition *sg_session_add_repetition(struct sg_session *session, const char *variant)
{
    size_t count = session->repetitions_count;
    session->repetitions = sg_grow(session->repetitions, count, sizeof(*session->repetitions));
    session->repetitions_count++;
    struct sg_repetition *repetition = &session->repetitions[count];
    *repetition = (struct sg_repetition){
        .variant = sg_strdup(variant),
        .warmup_start = NAN,
        .start = NAN,
        .end = NAN,
        .service_cpu = no_bracket,
        .generator_cpu = no_bracket,
        .witness_cpu = NAN,
        .witness_generator_cpu = NAN,
        .steal = NAN,
        .requests = NAN,
        .errors = NAN,
        .dropped = NAN,
        .summary_requests = NAN,
        .summary_p95 = NAN,
    };
    if (session->metrics_count > 0) {
        repetition->values = sg_alloc(session->metrics_count, sizeof(double));
    }
    for (size_t i = 0; i < session->metrics_count; i++) {
        repetition->values[i] = NAN;
    }
    return repetition;
}

void sg_session_add_fact(struct sg_session *session, const char *name, const char *value, bool hard)
{
    session->facts = sg_grow(session->facts, session->facts_count, sizeof(*session->facts));
    session->facts[session->facts_count] =
        (struct sg_fact){.name = sg_strdup(name), .value = sg_strdup(value), .hard = hard};
    session->facts_count++;
}

static void add_finding(struct sg_finding **findings, size_t *count, struct sg_finding finding)
{
    *findings = sg_grow(*findings, *count, sizeof(**findings));
    (*findings)[*count] = finding;
    (*count)++;
}

static char *format_text(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(size >= 0);
    char *text = sg_alloc((size_t)size + 1, 1);
    vsnprintf(text, (size_t)size + 1, format, args);
    return text;
}

void sg_repetition_add_finding(struct sg_repetition *repetition, enum sg_severity severity,
                               const char *check, const char *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct sg_finding finding = {.severity = severity,
                                 .check = sg_strdup(check),
                                 .text = format_text(format, args),
                                 .log = sg_strdup(log)};
    va_end(args);
    add_finding(&repetition->findings, &repetition->findings_count, finding);
}

void sg_session_add_finding(struct sg_session *session, enum sg_severity severity,
                            const char *check, const char *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct sg_finding finding = {.severity = severity,
                                 .check = sg_strdup(check),
                                 .text = format_text(format, args),
                                 .log = sg_strdup(log)};
    va_end(args);
    add_finding(&session->findings, &session->findings_count, finding);
}

int sg_session_find_metric(const struct sg_session *session, const char *name, const char *of,
                           const char *request)
{
    for (size_t i = 0; i < session->metrics_count && i < INT_MAX; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        if (sg_streq(metric->name, name) && sg_streq(metric->of, of) &&
            sg_streq(metric->request, request)) {
            return (int)i;
        }
    }
    return -1;
}

char *sg_metric_label(const char *name, const char *of, const char *request)
{
    struct sg_text label = {0};
    sg_text_add(&label, name);
    if (of != NULL) {
        sg_text_printf(&label, " of %s", of);
    }
    if (request != NULL) {
        sg_text_printf(&label, " {%s}", request);
    }
    return sg_text_take(&label);
}
