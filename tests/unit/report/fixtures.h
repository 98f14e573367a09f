/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions with their judgements as the report room gets them: written down, not judged, so that
 * reports are tested apart from statistics. */
#ifndef SG_TESTS_REPORT_FIXTURES_H
#define SG_TESTS_REPORT_FIXTURES_H

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/report.h"

struct fixture {
    struct sg_session session;
    struct sg_judgement judgement;
};

#define MIB 1048576.0

static inline void put(char **place, const char *text)
{
    free(*place);
    *place = sg_strdup(text);
}

static inline void add_metric(struct fixture *fixture, const char *name, const char *unit,
                              enum sg_scale scale)
{
    struct sg_metric *metric = sg_session_add_metric(&fixture->session, name);

    put(&metric->unit, unit);
    metric->scale = scale;
}

static inline void add_variant(struct fixture *fixture, const char *name, const char *image,
                               const char *digest)
{
    struct sg_session *session = &fixture->session;

    session->variants =
        sg_grow(session->variants, session->variants_count, sizeof(*session->variants));
    struct sg_variant *variant = &session->variants[session->variants_count++];
    variant->name = sg_strdup(name);
    variant->image = sg_strdup(image);
    variant->digest = sg_strdup(digest);
}

/* Three repetitions a block; `levels` has a number a metric, and each repetition moves a little. */
static inline void add_repetitions(struct fixture *fixture, const char *variant, int count,
                                   const double *levels)
{
    static const double wobble[] = {0.99, 1.0, 1.01};
    struct sg_session *session = &fixture->session;

    for (int i = 0; i < count; i++) {
        struct sg_repetition *repetition = sg_session_add_repetition(session, variant);
        repetition->block = 1 + i / 3;
        repetition->slot = (int)session->repetitions_count;
        for (size_t k = 0; k < session->metrics_count; k++)
            repetition->values[k] = levels[k] * wobble[i % 3];
    }
}

/* A gate's result that passed, to be changed by the caller. */
static inline struct sg_result *add_result(struct fixture *fixture, const char *metric,
                                           const char *unit, const char *variant)
{
    struct sg_judgement *judgement = &fixture->judgement;

    /* By powers of two: the sanitizer's realloc always copies, and some fixtures are huge. */
    if ((judgement->results_count & (judgement->results_count - 1)) == 0)
        judgement->results = sg_realloc(judgement->results, 2 * judgement->results_count + 1,
                                        sizeof(*judgement->results));
    struct sg_result *result = &judgement->results[judgement->results_count++];
    *result = (struct sg_result){.gated = true, .relative = true, .verdict = SG_PASS};
    result->metric = sg_strdup(metric);
    result->unit = sg_strdup(unit);
    result->variant = sg_strdup(variant);
    result->n_reference = result->n_variant = 9;
    result->limit = result->p = NAN;
    result->alpha = 0.0025;
    result->tolerance = 0.05;
    result->detectable = 0.031;
    result->noise = result->noise_raw = 0.019;
    result->change_raw = result->value_low = result->value_high = NAN;
    result->decided_at = 9;
    return result;
}

static inline struct sg_variant_verdict *add_verdict(struct fixture *fixture, const char *variant,
                                                     enum sg_verdict verdict, const char *reason)
{
    struct sg_judgement *judgement = &fixture->judgement;

    judgement->variants =
        sg_grow(judgement->variants, judgement->variants_count, sizeof(*judgement->variants));
    struct sg_variant_verdict *added = &judgement->variants[judgement->variants_count++];
    *added = (struct sg_variant_verdict){.verdict = verdict, .decided = true};
    added->variant = sg_strdup(variant);
    added->reason = sg_strdup(reason);
    return added;
}

static inline void add_note(struct fixture *fixture, const char *text)
{
    struct sg_judgement *judgement = &fixture->judgement;

    judgement->notes = sg_grow(judgement->notes, judgement->notes_count, sizeof(*judgement->notes));
    judgement->notes[judgement->notes_count++] = sg_strdup(text);
}

static inline void set_numbers(struct sg_result *result, double reference, double value, double low,
                               double high)
{
    result->reference = reference;
    result->value = value;
    result->change = result->relative ? value / reference - 1 : value - reference;
    result->low = low;
    result->high = high;
}

static inline void describe(struct fixture *fixture)
{
    struct sg_session *session = &fixture->session;

    put(&session->id, "20261124T232903-7f3a");
    put(&session->created, "2026-11-24T23:29:03Z");
    put(&session->tool, "svcgate 0.1.0");
    put(&session->service, "api");
    put(&session->reference, "base");
    put(&session->command, "svcgate run --config svcgate.yaml --seed 42");
    session->complete = true;
    session->plan = (struct sg_plan){.min_repetitions = 6,
                                     .max_repetitions = 21,
                                     .block_size = 3,
                                     .alpha = 0.01,
                                     .beta = 0.05,
                                     .budget = 1800,
                                     .warmup = 10,
                                     .measure = 30,
                                     .rate = 300,
                                     .seed = 42,
                                     .attempt = 1,
                                     .planned = true};
    sg_session_add_fact(session, "cpu", "AMD EPYC 7763, 4 CPUs", true);
    sg_session_add_fact(session, "kernel", "6.8", true);
    sg_session_add_fact(session, "script", "load.js, sha256 4be1c0de", true);
}

static inline void start(struct fixture *fixture, enum sg_verdict verdict, const char *reason)
{
    *fixture = (struct fixture){0};
    describe(fixture);
    add_metric(fixture, "latency_p95", "s", SG_SCALE_LOG);
    add_metric(fixture, "cpu_per_request", "s", SG_SCALE_LOG);
    add_metric(fixture, "memory_max", "bytes", SG_SCALE_LOG);
    add_metric(fixture, "error_rate", "ratio", SG_SCALE_COUNT);
    fixture->judgement = (struct sg_judgement){.verdict = verdict,
                                               .decided = true,
                                               .alpha = 0.01,
                                               .beta = 0.05,
                                               .looks_done = 2,
                                               .looks_max = 6,
                                               .repetitions = 9};
    put(&fixture->judgement.reason, reason);
    put(&fixture->judgement.reference, "base");
    put(&fixture->judgement.plan_hash,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
}

static inline void start_pair(struct fixture *fixture, enum sg_verdict verdict, const char *reason)
{
    static const double base[] = {0.0121, 0.00084, 24.1 * MIB, 0};
    static const double candidate[] = {0.0122, 0.00083, 24.2 * MIB, 0};

    start(fixture, verdict, reason);
    add_variant(fixture, "base", "shop/api:main",
                "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    add_verdict(fixture, "candidate", verdict, reason);
    add_variant(fixture, "candidate", "build of .",
                "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9");
    add_repetitions(fixture, "base", 9, base);
    add_repetitions(fixture, "candidate", 9, candidate);
}

/* The three gates that are not about latency, all passed. */
static inline void add_quiet_results(struct fixture *fixture, const char *variant)
{
    struct sg_result *cpu = add_result(fixture, "cpu_per_request", "s", variant);
    set_numbers(cpu, 0.00084, 0.00083, -0.021, 0.0071);
    put(&cpu->reason, "worse by at most 0.7 %, less than the tolerance of 5 %");
    cpu->line = 22;

    struct sg_result *memory = add_result(fixture, "memory_max", "bytes", variant);
    memory->tolerance = 0.2075;
    set_numbers(memory, 24.1 * MIB, 24.2 * MIB, -0.002, 0.012);
    put(&memory->reason, "worse by at most 1.2 %, less than the tolerance of 20.7 % (5 MiB)");
    memory->line = 23;

    struct sg_result *errors = add_result(fixture, "error_rate", "ratio", variant);
    errors->relative = false;
    errors->tolerance = NAN;
    errors->limit = 0.001;
    errors->noise = errors->noise_raw = errors->detectable = NAN;
    set_numbers(errors, 0, 0, NAN, 0.000033);
    put(&errors->reason, "0 of 90000 failed: at most 0.0033 %, below the limit of 0.1 %");
    errors->line = 24;
}

static inline struct sg_result *add_latency(struct fixture *fixture, const char *variant)
{
    struct sg_result *latency = add_result(fixture, "latency_p95", "s", variant);

    latency->limit = 0.25;
    latency->line = 21;
    return latency;
}

static inline void make_pass(struct fixture *fixture)
{
    start_pair(fixture, SG_PASS, "all 4 gates passed");
    struct sg_result *latency = add_latency(fixture, "candidate");
    set_numbers(latency, 0.0121, 0.0122, -0.011, 0.032);
    put(&latency->reason, "worse by at most 3.2 %, less than the tolerance of 5 %");
    add_quiet_results(fixture, "candidate");
}

static inline void make_warn(struct fixture *fixture)
{
    make_pass(fixture);
    fixture->judgement.warn = fixture->judgement.variants[0].warn = true;
    struct sg_result *latency = &fixture->judgement.results[0];
    latency->warn = true;
    set_numbers(latency, 0.0121, 0.01247, 0.012, 0.047);
    put(&latency->reason, "worse by 3.1 %, more than the warning at 2 %");
}

static inline void make_fail(struct fixture *fixture)
{
    start_pair(fixture, SG_FAIL, "latency_p95 of candidate got worse");
    struct sg_result *latency = add_latency(fixture, "candidate");
    latency->verdict = SG_FAIL;
    latency->beyond = true;
    set_numbers(latency, 0.0121, 0.0135, 0.071, 0.158);
    put(&latency->reason, "worse by 11.6 %, proven to be at least 7.1 %; the tolerance is 5 %");
    add_quiet_results(fixture, "candidate");
}

/* The noise of the host was taken out of latency and CPU. */
static inline void make_adjusted(struct fixture *fixture)
{
    make_fail(fixture);
    for (size_t i = 0; i < 2; i++) {
        struct sg_result *result = &fixture->judgement.results[i];
        result->adjusted = true;
        result->noise_raw = i == 0 ? 0.111 : 0.070;
        result->noise = i == 0 ? 0.043 : 0.018;
        result->change_raw = i == 0 ? 0.148 : -0.034;
    }
}

static inline void make_inconclusive(struct fixture *fixture)
{
    start_pair(fixture, SG_INCONCLUSIVE, "not enough evidence on latency_p95");
    fixture->judgement.looks_done = 6;
    fixture->judgement.repetitions = 21;
    struct sg_result *latency = add_latency(fixture, "candidate");
    latency->verdict = SG_INCONCLUSIVE;
    latency->n_reference = latency->n_variant = 21;
    latency->noise = latency->noise_raw = 0.058;
    latency->detectable = 0.059;
    latency->decided_at = 0;
    set_numbers(latency, 0.0121, 0.0125, NAN, 0.062);
    put(&latency->reason, "worse by 3.3 %, between nothing and 6.2 %; the tolerance is 5 %");
    add_quiet_results(fixture, "candidate");
}

/* The reference was killed in the second block. */
static inline void make_invalid(struct fixture *fixture)
{
    start_pair(fixture, SG_INVALID, "the reference base was killed twice: exit status 137.");
    for (size_t i = 3; i < 5; i++) {
        struct sg_repetition *repetition = &fixture->session.repetitions[i];
        repetition->discarded = i == 3;
        sg_repetition_add_finding(repetition, SG_FINDING_FAIL, "exited",
                                  "listening on :8080\n\x1b[31mpanic:\x1b[0m out of memory\n"
                                  "\tgoroutine 1 [running]\n```\nexit status 137\n",
                                  "base exited with status 137 after %d s", 12);
    }
    sg_session_add_finding(&fixture->session, SG_FINDING_WARN, "pinning", NULL,
                           "only 2 CPUs: service and generator share one with the monitoring");
    struct sg_result *latency = add_latency(fixture, "candidate");
    latency->verdict = SG_INVALID;
    latency->reference = latency->value = latency->change = latency->low = latency->high = NAN;
    put(&latency->reason, "no value of the reference in block 2");
}

static inline void add_league_results(struct fixture *fixture, const char *variant,
                                      const double *levels, const double *base)
{
    bool worse = levels[1] > base[1];
    struct sg_result *latency = add_latency(fixture, variant);
    set_numbers(latency, base[0], levels[0], levels[0] / base[0] - 1.03,
                levels[0] / base[0] - 0.97);
    put(&latency->reason, worse ? "worse by less than the tolerance" : "not worse");

    struct sg_result *cpu = add_result(fixture, "cpu_per_request", "s", variant);
    set_numbers(cpu, base[1], levels[1], levels[1] / base[1] - 1.02, levels[1] / base[1] - 0.98);
    cpu->line = 22;
    cpu->verdict = worse ? SG_FAIL : SG_PASS;
    cpu->improved = !worse;
    put(&cpu->reason, worse ? "proven worse, beyond the tolerance of 5 %" : "proven better");
}

/* Four implementations of one service; node costs more than the reference. */
static inline void make_league(struct fixture *fixture)
{
    static const char *const names[] = {"go", "node", "c", "rust"};
    static const double levels[][4] = {{0.0121, 0.00084, 24.1 * MIB, 0},
                                       {0.0123, 0.00231, 88.0 * MIB, 0.0004},
                                       {0.0088, 0.00031, 3.1 * MIB, 0},
                                       {0.0089, 0.00035, 4.4 * MIB, 0}};

    start(fixture, SG_FAIL, "cpu_per_request of node got worse");
    put(&fixture->session.reference, "go");
    put(&fixture->judgement.reference, "go");
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        add_variant(fixture, names[i], names[i], NULL);
        add_repetitions(fixture, names[i], 9, levels[i]);
        if (i > 0)
            add_verdict(fixture, names[i], i == 1 ? SG_FAIL : SG_PASS, "by its gates");
        if (i > 0)
            add_league_results(fixture, names[i], levels[i], levels[0]);
    }
}

/* go crashed before it could be judged; node was judged and fails by its numbers. */
static inline void make_crash(struct fixture *fixture)
{
    static const double levels[] = {0.0121, 0.00084, 24.1 * MIB, 0};

    start(fixture, SG_FAIL, "go was killed for want of memory in block 1");
    add_variant(fixture, "base", "shop/api:main", NULL);
    add_variant(fixture, "go", "shop/api:go", NULL);
    add_variant(fixture, "node", "shop/api:node", NULL);
    add_repetitions(fixture, "base", 6, levels);
    add_repetitions(fixture, "node", 6, levels);
    struct sg_repetition *repetition = sg_session_add_repetition(&fixture->session, "go");
    repetition->block = 1;
    sg_repetition_add_finding(repetition, SG_FINDING_FAIL, "oom_killed", "fatal: out of memory\n",
                              "go: the service was killed for want of memory under load");
    add_verdict(fixture, "go", SG_FAIL, "was killed for want of memory in block 1");
    add_verdict(fixture, "node", SG_INCONCLUSIVE, "not enough evidence on latency_p95");
    struct sg_result *latency = add_latency(fixture, "node");
    latency->verdict = SG_INCONCLUSIVE;
    latency->detectable = NAN;
    set_numbers(latency, 0.0121, 0.0124, NAN, NAN);
    put(&latency->reason, "6 repetitions a side cannot show a change");
    put(&latency->adjust_reason, "node answers with other sizes");
    add_note(fixture, "latency_p95 of node: the host's noise was not taken out: node answers with "
                      "other sizes");
    add_note(fixture, "a repetition of go in block 1 does not count: go: the service was killed "
                      "for want of memory under load");
}

static inline void set_waiver(struct sg_result *result, enum sg_waiver_use use, double bound,
                              int days_left)
{
    struct sg_result_waiver *waiver = &result->waiver;

    waiver->use = use;
    waiver->limit = isnan(result->tolerance);
    waiver->own = waiver->limit ? result->limit : result->tolerance;
    waiver->bound = bound;
    waiver->dated = true;
    waiver->days_left = days_left;
    waiver->ending = days_left >= 0 && days_left <= 14;
    waiver->line = 30;
    put(&waiver->owner, "ada");
    put(&waiver->reason, "new TLS library, see #123");
    put(&waiver->expires, days_left < 0 ? "2026-10-31" : "2027-01-31");
    if (use == SG_WAIVER_EXPIRED)
        return;
    if (waiver->limit)
        result->limit = bound;
    else
        result->tolerance = bound;
}

/* Latency passes by its waiver alone, CPU would without, memory may, and errors have a limit. */
static inline void make_waived(struct fixture *fixture)
{
    make_pass(fixture);
    fixture->judgement.warn = fixture->judgement.variants[0].warn = true;
    struct sg_result *results = fixture->judgement.results;
    set_numbers(&results[0], 0.0121, 0.01307, 0.062, 0.098);
    set_waiver(&results[0], SG_WAIVER_NEEDED, 0.12, 68);
    results[0].warn = true;
    put(&results[0].reason, "passed only by the waiver of ada (until 2027-01-31: new TLS library, "
                            "see #123), its own tolerance is 5 %; not worse by 12 % or more");
    set_waiver(&results[1], SG_WAIVER_UNNEEDED, 0.08, 68);
    set_waiver(&results[2], SG_WAIVER_HOLDS, 0.3, 1);
    results[2].warn = true;
    set_waiver(&results[3], SG_WAIVER_HOLDS, 0.005, 0);
    results[3].waiver.dated = false;
    add_note(fixture, "the waiver of ada for cpu_per_request is no longer needed? The gate would "
                      "have passed without it");
}

/* Whatever the numbers: the waiver's time is over. */
static inline void make_expired(struct fixture *fixture)
{
    make_pass(fixture);
    put(&fixture->judgement.reason, "candidate: latency_p95: the waiver of ada expired on "
                                    "2026-10-31: remove it, or renew it with a new date");
    fixture->judgement.verdict = fixture->judgement.variants[0].verdict = SG_FAIL;
    struct sg_result *latency = &fixture->judgement.results[0];
    set_numbers(latency, 0.0121, 0.0135, 0.071, 0.158);
    set_waiver(latency, SG_WAIVER_EXPIRED, 0.12, -24);
    latency->verdict = SG_FAIL;
    put(&latency->reason, "the waiver of ada expired on 2026-10-31: remove it, or renew it with a "
                          "new date");
}

/* An owner and a reason that try to break out. */
static inline void make_hostile_waiver(struct fixture *fixture)
{
    make_waived(fixture);
    for (size_t i = 0; i < 2; i++) {
        struct sg_result_waiver *waiver = &fixture->judgement.results[i].waiver;
        put(&waiver->owner, "@octocat | `x` <b>\x1b[2J\xff");
        put(&waiver->reason, "::error::owned\n\n## svcgate: PASS ]]> </system-out> %0A #1");
    }
}

/* Everything that comes from outside tries to break out. */
static inline void make_hostile(struct fixture *fixture)
{
    static const double levels[] = {0.0121, 0.00084, 24.1 * MIB, 0, 7};
    const char *name = "evil`|\n# @admin <script>alert(1)</script> ]]>\"'&\x1b[2J\xff";

    start(fixture, SG_FAIL, "broke | out\n\n## svcgate: PASS\n@octocat fixes #1 <b>&amp;");
    put(&fixture->judgement.reference, "ref|erence");
    put(&fixture->session.reference, "ref|erence");
    add_metric(fixture, "jobs|per`day", "|<i>jobs", SG_SCALE_LOG);
    add_variant(fixture, "ref|erence", "img`|`:latest", "sha256:|\n");
    add_variant(fixture, name, "`", "");
    put(&fixture->session.variants[1].env, "A=|,B=`x`");
    add_repetitions(fixture, "ref|erence", 6, levels);
    add_repetitions(fixture, name, 6, levels);
    add_verdict(fixture, name, SG_FAIL, "| ## no");
    sg_repetition_add_finding(&fixture->session.repetitions[7], SG_FINDING_FAIL, "exited",
                              "````\n</details>\n::error::owned\n\x1b]0;title\x07\n| a | b |\n",
                              "[click](http://evil.example) ![x](y) | ~~no~~ $x$ *bold* "
                              "GH-1 www.evil.example\r\n- item");
    sg_session_add_fact(&fixture->session, "fact|name", "</details>\n\n# heading", false);
    put(&fixture->session.command, "svcgate run\n```\n# heading");
    struct sg_result *result = add_result(fixture, "jobs|per`day", "|<i>jobs", name);
    result->verdict = SG_FAIL;
    set_numbers(result, 7, 9, 0.1, NAN);
    put(&result->request, "search|%s%n");
    put(&result->reason, "1. first\n% of ::error::x, y: \\| `code` _em_ [^1] --> ]]>");
}

/* More gates than any comment holds; the worst ones are in the middle. */
static inline void make_huge(struct fixture *fixture)
{
    start(fixture, SG_FAIL, "many gates failed");
    add_variant(fixture, "base", "shop/api:main", NULL);
    add_variant(fixture, "candidate", "shop/api:next", NULL);
    for (int i = 0; i < 5000; i++) {
        char *name = sg_format("metric_%04d", i);
        struct sg_result *result = add_result(fixture, name, "s", "candidate");
        set_numbers(result, 0.01, 0.011, 0.05, 0.15);
        result->verdict = i % 1000 == 500 ? SG_FAIL : SG_PASS;
        put(&result->reason, "a reason as long as reasons are: größer als die Toleranz von 5 %");
        free(name);
    }
}

static inline void fixture_clear(struct fixture *fixture)
{
    sg_session_clear(&fixture->session);
    sg_judgement_clear(&fixture->judgement);
}

static inline char *render(const struct fixture *fixture, const char *format, bool color, int width)
{
    struct sg_text out = {0};
    struct sg_error err = {0};
    struct sg_report report = {.session = &fixture->session,
                               .judgement = &fixture->judgement,
                               .bundle = ".svcgate/20261124T232903-7f3a",
                               .config = "svcgate.yaml",
                               .color = color,
                               .width = width};
    const struct sg_report_format *row = sg_report_format(format, &err);

    if (row != NULL)
        row->write(&report, &out);
    return sg_text_take(&out);
}

#endif
