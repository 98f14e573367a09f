/* SPDX-License-Identifier: Apache-2.0 */
/* Growing a session, and finding a metric in it. Every repetition's values stay in step with the
 * session's metrics. */
#include "record/record.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

struct sg_metric *sg_session_copy_metric(struct sg_session *session, const struct sg_metric *metric)
{
    struct sg_metric *added = sg_session_add_metric(session, metric->name);
    sg_metric_clear(added);
    *added = sg_metric_copy(metric);
    return added;
}

struct sg_gate *sg_session_copy_gate(struct sg_session *session, const struct sg_gate *gate)
{
    struct sg_gate *added = sg_session_add_gate(session, gate->metric);
    sg_gate_clear(added);
    *added = sg_gate_copy(gate);
    return added;
}

void sg_session_add_waiver(struct sg_session *session, const struct sg_waiver *waiver)
{
    session->waivers = sg_grow(session->waivers, session->waivers_count, sizeof(*waiver));
    session->waivers[session->waivers_count++] = sg_waiver_copy(waiver);
}

static const struct sg_bracket no_bracket = {NAN, NAN, NAN, NAN, NAN, NAN};

void sg_repetition_init(struct sg_repetition *repetition, const char *variant, size_t metrics)
{
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
        .iterations = NAN,
        .failed_iterations = NAN,
        .summary_p95 = NAN,
    };
    if (metrics > 0) {
        repetition->values = sg_alloc(metrics, sizeof(double));
    }
    for (size_t i = 0; i < metrics; i++) {
        repetition->values[i] = NAN;
    }
}

struct sg_repetition *sg_session_add_repetition(struct sg_session *session, const char *variant)
{
    size_t count = session->repetitions_count;
    session->repetitions = sg_grow(session->repetitions, count, sizeof(*session->repetitions));
    session->repetitions_count++;
    sg_repetition_init(&session->repetitions[count], variant, session->metrics_count);
    return &session->repetitions[count];
}

const char *sg_session_fact(const struct sg_session *session, const char *name)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        if (sg_streq(session->facts[i].name, name)) {
            return session->facts[i].value;
        }
    }
    return NULL;
}

void sg_session_add_fact(struct sg_session *session, const char *name, const char *value, bool hard)
{
    session->facts = sg_grow(session->facts, session->facts_count, sizeof(*session->facts));
    session->facts[session->facts_count] =
        (struct sg_fact){.name = sg_strdup(name), .value = sg_strdup(value), .hard = hard};
    session->facts_count++;
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

static struct sg_finding make_finding(enum sg_severity severity, const char *check, const char *log,
                                      const char *format, va_list args)
{
    return (struct sg_finding){.severity = severity,
                               .check = sg_strdup(check),
                               .text = format_text(format, args),
                               .log = sg_strdup(log)};
}

static void add_finding(struct sg_finding **findings, size_t *count, struct sg_finding finding)
{
    *findings = sg_grow(*findings, *count, sizeof(**findings));
    (*findings)[(*count)++] = finding;
}

size_t sg_plan_in_block(const struct sg_plan *plan, int number)
{
    int size = plan->block_size > 0 ? plan->block_size : 1;
    return (size_t)(number == 1 && plan->first_block > size ? plan->first_block : size);
}

double sg_plan_slice(const struct sg_plan *plan, int number)
{
    double size = plan->block_size > 0 ? plan->block_size : 1;
    return plan->slice * size / (double)sg_plan_in_block(plan, number);
}

size_t sg_plan_in_blocks(const struct sg_plan *plan, size_t blocks)
{
    return blocks == 0 ? 0 : sg_plan_in_block(plan, 1) + (blocks - 1) * sg_plan_in_block(plan, 2);
}

const struct sg_finding *sg_repetition_finding(const struct sg_repetition *repetition,
                                               enum sg_severity severity)
{
    for (size_t i = 0; i < repetition->findings_count; i++) {
        if (repetition->findings[i].severity == severity) {
            return &repetition->findings[i];
        }
    }
    return NULL;
}

const struct sg_finding *sg_repetition_found(const struct sg_repetition *repetition,
                                             const char *check)
{
    for (size_t i = 0; i < repetition->findings_count; i++) {
        if (sg_streq(repetition->findings[i].check, check)) {
            return &repetition->findings[i];
        }
    }
    return NULL;
}

void sg_repetition_add_finding(struct sg_repetition *repetition, enum sg_severity severity,
                               const char *check, const char *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_finding(&repetition->findings, &repetition->findings_count,
                make_finding(severity, check, log, format, args));
    va_end(args);
}

void sg_session_add_finding(struct sg_session *session, enum sg_severity severity,
                            const char *check, const char *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_finding(&session->findings, &session->findings_count,
                make_finding(severity, check, log, format, args));
    va_end(args);
}

/* Takes the element at `from` out and puts it back at the end. */
static void rotate(void *array, size_t from, size_t count, size_t size, void *work)
{
    char *at = (char *)array + from * size;
    memcpy(work, at, size);
    memmove(at, at + size, (count - 1 - from) * size);
    memcpy((char *)array + (count - 1) * size, work, size);
}

void sg_session_metric_to_end(struct sg_session *session, size_t index)
{
    struct sg_metric metric;
    double value;
    size_t count = session->metrics_count;
    rotate(session->metrics, index, count, sizeof(metric), &metric);
    for (size_t i = 0; i < session->repetitions_count; i++) {
        rotate(session->repetitions[i].values, index, count, sizeof(value), &value);
    }
}

bool sg_metric_is(const struct sg_metric *metric, const char *name, const char *of,
                  const char *request)
{
    return sg_streq(metric->name, name) && sg_streq(metric->of, of) &&
           sg_streq(metric->request, request);
}

int sg_session_find_metric(const struct sg_session *session, const char *name, const char *of,
                           const char *request)
{
    for (size_t i = 0; i < session->metrics_count && i < INT_MAX; i++) {
        if (sg_metric_is(&session->metrics[i], name, of, request)) {
            return (int)i;
        }
    }
    return -1;
}

bool sg_waiver_is_for(const struct sg_waiver *waiver, const struct sg_gate *gate)
{
    return sg_streq(waiver->metric, gate->metric) && sg_streq(waiver->of, gate->of) &&
           sg_streq(waiver->request, gate->request);
}

bool sg_gate_is_limit(const struct sg_gate *gate)
{
    return !isnan(gate->limit) && isnan(gate->tolerance) && isnan(gate->floor);
}
