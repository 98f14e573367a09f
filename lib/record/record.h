/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured and kept: metrics, gates, repetitions, sessions, and the bundle on disk.
 * Plain data; nothing here judges. SI units (seconds, bytes, ratios); NaN is "not measured".
 *
 * Strings and arrays inside a struct belong to it; sg_x_clear frees what a struct holds and may be
 * called twice. */
#ifndef SG_RECORD_RECORD_H
#define SG_RECORD_RECORD_H

#include "base/error.h"

enum sg_better { SG_LOWER, SG_HIGHER };

/* How differences of a metric are taken (docs/method.md). */
enum sg_scale {
    SG_SCALE_LOG,    /* positive by nature: ratios */
    SG_SCALE_LINEAR, /* may touch zero: differences, absolute tolerance */
    SG_SCALE_COUNT,  /* a rate of counts x of n: exact tests; needs the counts (sg_metric.events) */
    SG_SCALE_EXACT   /* has no noise: compared as a value */
};

enum sg_role { SG_ROLE_METRIC, SG_ROLE_COVARIATE };

/* Their names in files, in the order of their values, NULL at the end. */
extern const char *const sg_better_names[], *const sg_scale_names[], *const sg_role_names[];

struct sg_metric {
    char *name;    /* "latency_p95" */
    char *of;      /* container: another service of the stack; NULL: the service under test */
    char *request; /* k6's name tag; NULL: all requests */
    char *unit;    /* "s", "bytes", "ratio", "" or the user's own word */
    enum sg_better better;
    enum sg_scale scale;
    enum sg_role role;
    bool adjust;  /* the host's noise is taken out by the control variates */
    char *query;  /* PromQL template of a user's metric, or NULL */
    char *k6;     /* or a metric of k6's summary, "checkout_time{step:pay}", or NULL */
    char *stat;   /* then: "avg", "min", "med", "max", "p95", "count", "rate", "value"; of a rate's
                   * parts "passes" and "total" */
    char *events; /* COUNT only: metric with the number of events (x) */
    char *trials; /* COUNT only: metric with the number of trials (n) */
};

/* A metric with its tolerances; NaN where not set. */
struct sg_gate {
    char *metric;
    char *of;
    char *request;
    double tolerance; /* relative (0.05); absolute for LINEAR and COUNT */
    double floor;     /* the tolerance is at least this, in the metric's unit */
    double limit;     /* absolute bound of the variant's own value */
    double warn;      /* a smaller tolerance that only warns */
    double weight;    /* its share of alpha; default 1 */
    int line;         /* in svcgate.yaml, 0 if none */
};

/* A worse value that is accepted for a while, by somebody, for a reason. It belongs to the gate of
 * the same metric, of and request. */
struct sg_waiver {
    char *metric;
    char *of;
    char *request;
    char *variant; /* NULL: all variants */
    double bound;  /* in place of the gate's tolerance; or of its limit, where it has only one */
    char *owner;
    char *reason;
    char *expires; /* "2027-01-31": the last day on which it holds, UTC */
    int line;      /* in svcgate.yaml, 0 if none */
};

enum sg_severity {
    SG_FINDING_NOTE,    /* shown */
    SG_FINDING_WARN,    /* shown, first */
    SG_FINDING_INVALID, /* the repetition does not count (generator, data, host) */
    SG_FINDING_FAIL /* the variant's own fault: it crashed, was OOM-killed, restarted, saturated */
};

struct sg_finding {
    enum sg_severity severity;
    char *check; /* "dropped_iterations", "series", "bracket", "witness_cpu", "exited", … */
    char *text;  /* one sentence with the numbers */
    char *log;   /* the tail of the log that tells more, or NULL */
};

/* PromQL as sent and what it gave, so that every number can be followed back. */
struct sg_evidence {
    char *metric;
    char *query;
    double time; /* evaluation time, seconds since 1970 */
    size_t series;
    double value; /* or NaN */
    char *warnings;
};

/* Raw samples at the edges of the window: time ta ≤ t0 and tb ≥ t1 (seconds since 1970). */
struct sg_bracket {
    double ta, va, tb, vb;
    double idle_rate; /* growth per second while idle */
    double value;     /* (vb − va) − idle_rate·((tb − ta) − seconds of load) */
};

struct sg_repetition {
    int block;      /* 1, 2, …; 0: warm-up repetition, never judged */
    int slot;       /* place in time over the whole session, from 1 */
    int rotation;   /* of a sliced block: which run of load round it belongs to, from 1; 0: alone */
    bool discarded; /* repeated because of an INVALID finding; in block 0: at another rate */
    char *variant;
    char *turns;    /* then: its place in each round, the warm-up's first, "3,0,5"; or NULL */
    double *values; /* one a metric of the session */
    double warmup_start, start, end; /* of the measured window (start, end), seconds since 1970 */
    char *container_id;
    char *generator_id;
    char *image;                                  /* as given */
    char *image_digest;                           /* id or repo digest */
    struct sg_bracket service_cpu, generator_cpu; /* CPU seconds, from cAdvisor */
    double witness_cpu, witness_generator_cpu;    /* the same by the Engine API, or NaN */
    double steal;                                 /* share of the generator's CPUs, or NaN */
    double requests, errors, dropped;             /* measured window, by Prometheus */
    double summary_requests;                      /* the same by k6's own summary */
    double iterations, failed_iterations;         /* of the script in the window: ended; threw */
    double summary_p95;
    struct sg_finding *findings;
    size_t findings_count;
    struct sg_evidence *evidence;
    size_t evidence_count;
};

struct sg_variant {
    char *name;
    char *image; /* image, or how it was built */
    char *digest;
    char *env;    /* "KEY=value …" overrides, or NULL */
    char *commit; /* of git, that it was built from, or NULL */
    /* Of a reference that the stored baseline gave: id of the stored session that measured this
     * image; else NULL. */
    char *accepted_in;
};

/* One line of the environment; hard ones must agree before a stored baseline may be used. */
struct sg_fact {
    char *name;
    char *value;
    bool hard;
    int block; /* of merged blocks: the one on whose machine this holds; 0: all of them */
};

/* What was planned before any data; its hash goes into the report. */
struct sg_plan {
    int min_repetitions, max_repetitions; /* a side: looks at min, min + 3, … max */
    int block_size;                       /* repetitions of each variant in a block: 3 */
    int first_block; /* the same in the first one where that is larger; 0: it is not */
    double alpha, beta;
    double budget;                /* seconds, or NaN */
    double warmup, measure, rate; /* seconds, seconds, requests/s */
    double slice; /* seconds of load at a time, in sliced blocks; NaN: each alone, in turns */
    uint64_t seed;
    int vus;      /* of a closed load, which has no rate; 0: an open one */
    int blocks;   /* measured in jobs of their own and judged at one look; 0: in one session */
    int attempt;  /* 1, 2, … on the same pair of image digests */
    bool planned; /* false: plain samples, judged at one look */
};

struct sg_session {
    char *id;
    char *created; /* ISO 8601, UTC */
    char *tool;    /* "svcgate 0.1.0" */
    char *service;
    char *reference; /* variant name */
    struct sg_plan plan;
    struct sg_metric *metrics;
    size_t metrics_count;
    struct sg_gate *gates;
    size_t gates_count;
    struct sg_waiver *waivers;
    size_t waivers_count;
    struct sg_variant *variants;
    size_t variants_count;
    struct sg_repetition *repetitions;
    size_t repetitions_count;
    struct sg_fact *facts;
    size_t facts_count;
    struct sg_finding *findings; /* of the session as a whole */
    size_t findings_count;
    char *command; /* how to run it again */
    char *config;  /* svcgate.yaml as sg_config_place gives it, or NULL; see below */
    int block;     /* the only one of plan.blocks that is in here; 0: all that there are */
    bool complete; /* false while running and after an interruption */
};

void sg_metric_clear(struct sg_metric *metric);
void sg_gate_clear(struct sg_gate *gate);
void sg_waiver_clear(struct sg_waiver *waiver);
void sg_variant_clear(struct sg_variant *variant);
void sg_finding_clear(struct sg_finding *finding);
void sg_repetition_clear(struct sg_repetition *repetition);
void sg_session_clear(struct sg_session *session);

/* Deep copies. */
struct sg_metric sg_metric_copy(const struct sg_metric *metric);
struct sg_gate sg_gate_copy(const struct sg_gate *gate);
struct sg_waiver sg_waiver_copy(const struct sg_waiver *waiver);
struct sg_variant sg_variant_copy(const struct sg_variant *variant);

/* Appending; the new element is zeroed (numbers that can be missing are NaN) and owned by the
 * session. The pointer holds until the next append. */
struct sg_metric *sg_session_add_metric(struct sg_session *session, const char *name);
struct sg_gate *sg_session_add_gate(struct sg_session *session, const char *metric);
/* Copies of what there is already. */
struct sg_metric *sg_session_copy_metric(struct sg_session *session,
                                         const struct sg_metric *metric);
struct sg_gate *sg_session_copy_gate(struct sg_session *session, const struct sg_gate *gate);
void sg_session_add_waiver(struct sg_session *session, const struct sg_waiver *waiver); /* copies */
struct sg_repetition *sg_session_add_repetition(struct sg_session *session, const char *variant);
/* The same into memory of the caller's. */
void sg_repetition_init(struct sg_repetition *repetition, const char *variant, size_t metrics);
void sg_session_add_fact(struct sg_session *session, const char *name, const char *value,
                         bool hard);
/* The value of the first fact of this name; NULL where there is none. The session owns it. */
const char *sg_session_fact(const struct sg_session *session, const char *name);
/* text: printf into one sentence; log may be NULL */
void sg_repetition_add_finding(struct sg_repetition *repetition, enum sg_severity severity,
                               const char *check, const char *log, const char *format, ...)
    SG_PRINTF(5, 6);
void sg_session_add_finding(struct sg_session *session, enum sg_severity severity,
                            const char *check, const char *log, const char *format, ...)
    SG_PRINTF(5, 6);

/* Repetitions of each variant in block `number`, from 1. */
size_t sg_plan_in_block(const struct sg_plan *plan, int number);
/* Seconds of a slice in block `number`; NaN in turns. With more containers slices are shorter, so
 * that a round lasts as long. */
double sg_plan_slice(const struct sg_plan *plan, int number);
/* Repetitions of each variant in the first `blocks` blocks together. */
size_t sg_plan_in_blocks(const struct sg_plan *plan, size_t blocks);

/* The repetition's first finding of this severity, or NULL. */
const struct sg_finding *sg_repetition_finding(const struct sg_repetition *repetition,
                                               enum sg_severity severity);
/* The repetition's first finding by this check, of any severity, or NULL. */
const struct sg_finding *sg_repetition_found(const struct sg_repetition *repetition,
                                             const char *check);

/* Moves a metric behind all others, with its values. */
void sg_session_metric_to_end(struct sg_session *session, size_t index);

/* Is it the one that (name, of, request) identify? */
bool sg_metric_is(const struct sg_metric *metric, const char *name, const char *of,
                  const char *request);
/* Index of the metric identified by (name, of, request), or -1. */
int sg_session_find_metric(const struct sg_session *session, const char *name, const char *of,
                           const char *request);
/* A label for people: "latency_p95", "cpu_per_request of postgres", "latency_p95 {search}".
 * Caller frees. */
char *sg_metric_label(const char *name, const char *of, const char *request) SG_MUST_USE;
/* The parts of a label; `of` and `request` are NULL where it has none. Caller frees. */
void sg_metric_split(const char *label, char **out_name, char **out_of, char **out_request);
/* Index of the metric with this label (of `size` bytes), or -1. */
int sg_session_find_label(const struct sg_session *session, const char *label, size_t size);
/* SG_ERROR_CONFIG: there is no metric with this label, perhaps another is meant; always false. */
bool sg_session_fail_label(const struct sg_session *session, const char *label,
                           struct sg_error *err);

/* Is this waiver for this gate? */
bool sg_waiver_is_for(const struct sg_waiver *waiver, const struct sg_gate *gate);
/* Does the gate ask about nothing but its limit? A waiver's bound then stands in for that. */
bool sg_gate_is_limit(const struct sg_gate *gate);

/* The session's svcgate.yaml as a report may name it, or NULL: a bundle may come from anywhere, so
 * only a relative path without "..", control characters and backslashes. Borrowed. */
const char *sg_session_config_path(const struct sg_session *session);

/* SHA-256 of plan, gates, waivers and metrics, hex; what was fixed before the data. The same for
 * all blocks of one plan. */
void sg_session_plan_hash(const struct sg_session *session, char out[65]);

/* --- Files ------------------------------------------------------------------------------- */

/* svcgate.session/1 to and from JSON text (session.json). Unknown fields are ignored on reading;
 * another major version is refused (SG_ERROR_CONFIG). */
char *sg_session_write(const struct sg_session *session) SG_MUST_USE;
bool sg_session_read(const char *text, size_t size, const char *name, struct sg_session *out,
                     struct sg_error *err) SG_MUST_USE;

/* Plain samples: svcgate.samples/1 JSON, or long CSV (block,variant,metric,value; without a block
 * column all rows form block 1; more columns may describe the metric; RFC 4180 quoting). Errors
 * with name:line:column. */
bool sg_samples_read_json(const char *text, size_t size, const char *name, struct sg_session *out,
                          struct sg_error *err) SG_MUST_USE;
bool sg_samples_read_csv(const char *text, size_t size, const char *name, struct sg_session *out,
                         struct sg_error *err) SG_MUST_USE;

/* Makes a metric of plain samples a control variate, after those that there are: "LABEL",
 * "LABEL:log" (the same) or "LABEL:linear". */
bool sg_plain_covariate(struct sg_session *session, const char *word,
                        struct sg_error *err) SG_MUST_USE;
/* Fails where one on the log scale is not above zero: a mistake of the scale. Notes those with
 * missing values and those that never change. */
bool sg_plain_covariates_check(struct sg_session *session, struct sg_error *err) SG_MUST_USE;

/* Bounds of a session; SG_ERROR_CONFIG where it holds more. Whoever judges or reports asks first.
 */
#define SG_GATES_MAX 1000
#define SG_COVARIATES_MAX 16
#define SG_FINDINGS_MAX 10000
bool sg_session_check_bounds(const struct sg_session *session, struct sg_error *err) SG_MUST_USE;

/* The text of a file that some program wrote ("-": standard input), at most `limit` bytes: UTF-16
 * with a byte order mark comes as UTF-8, what is no text is refused. Caller frees. */
bool sg_samples_text(const char *path, size_t limit, char **out_text, size_t *out_size,
                     struct sg_error *err) SG_MUST_USE;

/* Loads a bundle folder, its session.json, samples JSON or CSV by looking at it ("-": standard
 * input). One block of a plan is no session yet: SG_ERROR_CONFIG. */
bool sg_session_load(const char *path, struct sg_session *out, struct sg_error *err) SG_MUST_USE;
/* The same; one block is welcome too. */
bool sg_session_load_any(const char *path, struct sg_session *out,
                         struct sg_error *err) SG_MUST_USE;
/* SG_ERROR_CONFIG where the session, which `name` names, is one block of a plan. */
bool sg_session_check_whole(const struct sg_session *session, const char *name,
                            struct sg_error *err) SG_MUST_USE;
/* Writes DIR/session.json, whole or not at all. */
bool sg_session_save(const struct sg_session *session, const char *folder,
                     struct sg_error *err) SG_MUST_USE;

#endif
