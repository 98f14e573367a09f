/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of fields. A new field of a struct is one row here (and one line in schema/). */
#include "record/fields.h"

#include <math.h>

#include "record/record.h"

const char *const sg_better_names[] = {"lower", "higher", NULL};
const char *const sg_scale_names[] = {"log", "linear", "count", "exact", NULL};
const char *const sg_role_names[] = {"metric", "covariate", NULL};
static const char *const severity_names[] = {"note", "warn", "invalid", "fail", NULL};

#define ROW(type, member, k) .key = #member, .kind = (k), .offset = offsetof(struct type, member)
#define TEXT(type, member)                                                                         \
    {                                                                                              \
        ROW(type, member, SG_FIELD_TEXT)                                                           \
    }
#define NUMBER(type, member)                                                                       \
    {                                                                                              \
        ROW(type, member, SG_FIELD_NUMBER), .absent = NAN                                          \
    }
#define INT(type, member)                                                                          \
    {                                                                                              \
        ROW(type, member, SG_FIELD_INT)                                                            \
    }
#define BOOL(type, member)                                                                         \
    {                                                                                              \
        ROW(type, member, SG_FIELD_BOOL)                                                           \
    }
#define ENUM(type, member, list)                                                                   \
    {                                                                                              \
        ROW(type, member, SG_FIELD_ENUM), .names = (list)                                          \
    }
#define OBJECT(type, member, of)                                                                   \
    {                                                                                              \
        ROW(type, member, SG_FIELD_OBJECT), .table = &(of)                                         \
    }
#define ARRAY(type, member, of)                                                                    \
    {                                                                                              \
        ROW(type, member, SG_FIELD_ARRAY), .table = &(of),                                         \
                                           .count_offset = offsetof(struct type, member##_count)   \
    }
#define TABLE(type, rows)                                                                          \
    {                                                                                              \
        .fields = (rows), .count = SG_COUNT(rows), .size = sizeof(struct type)                     \
    }

static const struct sg_field metric_rows[] = {
    {ROW(sg_metric, name, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    TEXT(sg_metric, of),
    TEXT(sg_metric, request),
    TEXT(sg_metric, unit),
    {ROW(sg_metric, better, SG_FIELD_ENUM), .presence = SG_ALWAYS, .names = sg_better_names},
    ENUM(sg_metric, scale, sg_scale_names),
    ENUM(sg_metric, role, sg_role_names),
    BOOL(sg_metric, adjust),
    TEXT(sg_metric, query),
    TEXT(sg_metric, k6),
    TEXT(sg_metric, stat),
    TEXT(sg_metric, events),
    TEXT(sg_metric, trials),
};
const struct sg_table sg_metric_table = TABLE(sg_metric, metric_rows);

static const struct sg_field gate_rows[] = {
    {ROW(sg_gate, metric, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    TEXT(sg_gate, of),
    TEXT(sg_gate, request),
    NUMBER(sg_gate, tolerance),
    NUMBER(sg_gate, floor),
    NUMBER(sg_gate, limit),
    NUMBER(sg_gate, warn),
    {ROW(sg_gate, weight, SG_FIELD_NUMBER), .absent = 1},
    INT(sg_gate, line),
};
const struct sg_table sg_gate_table = TABLE(sg_gate, gate_rows);

static const struct sg_field waiver_rows[] = {
    {ROW(sg_waiver, metric, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    TEXT(sg_waiver, of),
    TEXT(sg_waiver, request),
    TEXT(sg_waiver, variant),
    {ROW(sg_waiver, bound, SG_FIELD_NUMBER), .presence = SG_REQUIRED, .absent = NAN},
    {ROW(sg_waiver, owner, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    {ROW(sg_waiver, reason, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    {ROW(sg_waiver, expires, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    INT(sg_waiver, line),
};
const struct sg_table sg_waiver_table = TABLE(sg_waiver, waiver_rows);

static const struct sg_field finding_rows[] = {
    {ROW(sg_finding, severity, SG_FIELD_ENUM), .presence = SG_REQUIRED, .names = severity_names},
    TEXT(sg_finding, check),
    TEXT(sg_finding, text),
    TEXT(sg_finding, log),
};
static const struct sg_table finding_table = TABLE(sg_finding, finding_rows);

static const struct sg_field evidence_rows[] = {
    TEXT(sg_evidence, metric),  TEXT(sg_evidence, query),
    NUMBER(sg_evidence, time),  {ROW(sg_evidence, series, SG_FIELD_SIZE), .presence = SG_ALWAYS},
    NUMBER(sg_evidence, value), TEXT(sg_evidence, warnings),
};
static const struct sg_table evidence_table = TABLE(sg_evidence, evidence_rows);

static const struct sg_field bracket_rows[] = {
    NUMBER(sg_bracket, ta), NUMBER(sg_bracket, va),        NUMBER(sg_bracket, tb),
    NUMBER(sg_bracket, vb), NUMBER(sg_bracket, idle_rate), NUMBER(sg_bracket, value),
};
static const struct sg_table bracket_table = TABLE(sg_bracket, bracket_rows);

static const struct sg_field repetition_rows[] = {
    {ROW(sg_repetition, block, SG_FIELD_INT), .presence = SG_REQUIRED},
    INT(sg_repetition, slot),
    INT(sg_repetition, rotation),
    TEXT(sg_repetition, turns),
    {ROW(sg_repetition, variant, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    BOOL(sg_repetition, discarded),
    NUMBER(sg_repetition, warmup_start),
    NUMBER(sg_repetition, start),
    NUMBER(sg_repetition, end),
    TEXT(sg_repetition, container_id),
    TEXT(sg_repetition, generator_id),
    TEXT(sg_repetition, image),
    TEXT(sg_repetition, image_digest),
    OBJECT(sg_repetition, service_cpu, bracket_table),
    OBJECT(sg_repetition, generator_cpu, bracket_table),
    NUMBER(sg_repetition, witness_cpu),
    NUMBER(sg_repetition, witness_generator_cpu),
    NUMBER(sg_repetition, steal),
    NUMBER(sg_repetition, requests),
    NUMBER(sg_repetition, errors),
    NUMBER(sg_repetition, dropped),
    NUMBER(sg_repetition, summary_requests),
    NUMBER(sg_repetition, iterations),
    NUMBER(sg_repetition, failed_iterations),
    NUMBER(sg_repetition, summary_p95),
    ARRAY(sg_repetition, findings, finding_table),
    ARRAY(sg_repetition, evidence, evidence_table),
};
const struct sg_table sg_repetition_table = TABLE(sg_repetition, repetition_rows);

static const struct sg_field variant_rows[] = {
    {ROW(sg_variant, name, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    TEXT(sg_variant, image),
    TEXT(sg_variant, digest),
    TEXT(sg_variant, env),
    TEXT(sg_variant, commit),
    TEXT(sg_variant, accepted_in),
};
const struct sg_table sg_variant_table = TABLE(sg_variant, variant_rows);

static const struct sg_field fact_rows[] = {
    {ROW(sg_fact, name, SG_FIELD_TEXT), .presence = SG_REQUIRED},
    TEXT(sg_fact, value),
    BOOL(sg_fact, hard),
    INT(sg_fact, block),
};
static const struct sg_table fact_table = TABLE(sg_fact, fact_rows);

static const struct sg_field plan_rows[] = {
    INT(sg_plan, blocks), /* first, because it is told first where two plans differ */
    INT(sg_plan, min_repetitions),
    INT(sg_plan, max_repetitions),
    INT(sg_plan, block_size),
    INT(sg_plan, first_block),
    NUMBER(sg_plan, alpha),
    NUMBER(sg_plan, beta),
    NUMBER(sg_plan, budget),
    NUMBER(sg_plan, warmup),
    NUMBER(sg_plan, measure),
    NUMBER(sg_plan, rate),
    INT(sg_plan, vus),
    NUMBER(sg_plan, slice),
    {ROW(sg_plan, seed, SG_FIELD_SEED), .presence = SG_ALWAYS},
    INT(sg_plan, attempt),
    {ROW(sg_plan, planned, SG_FIELD_BOOL), .presence = SG_ALWAYS},
};
const struct sg_table sg_plan_table = TABLE(sg_plan, plan_rows);

static const struct sg_field session_rows[] = {
    TEXT(sg_session, id),
    TEXT(sg_session, created),
    TEXT(sg_session, tool),
    TEXT(sg_session, service),
    TEXT(sg_session, reference),
    OBJECT(sg_session, plan, sg_plan_table),
    {ROW(sg_session, metrics, SG_FIELD_ARRAY), .presence = SG_REQUIRED, .table = &sg_metric_table,
     .count_offset = offsetof(struct sg_session, metrics_count)},
    ARRAY(sg_session, gates, sg_gate_table),
    ARRAY(sg_session, waivers, sg_waiver_table),
    ARRAY(sg_session, variants, sg_variant_table),
    ARRAY(sg_session, facts, fact_table),
    ARRAY(sg_session, findings, finding_table),
    TEXT(sg_session, command),
    TEXT(sg_session, config),
    INT(sg_session, block),
    {ROW(sg_session, complete, SG_FIELD_BOOL), .presence = SG_ALWAYS},
};
const struct sg_table sg_session_table = TABLE(sg_session, session_rows);

static const struct sg_field samples_rows[] = {
    TEXT(sg_session, id),
    TEXT(sg_session, created),
    TEXT(sg_session, service),
    TEXT(sg_session, reference),
    ARRAY(sg_session, metrics, sg_metric_table),
    ARRAY(sg_session, facts, fact_table),
};
const struct sg_table sg_samples_table = TABLE(sg_session, samples_rows);
