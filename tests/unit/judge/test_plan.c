/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast against what sg_judge does with simulated sessions, and what it says about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/covariates.h"
#include "judge/plan.h"
#include "unit/judge/build.h"
#include "unit/judge/random_session.h"
#include "unit/vectors.h"

#define SECONDS 40.0 /* one repetition */

static struct sg_forecast forecast_of(const struct sg_forecast_question *question)
{
    struct sg_forecast forecast;
    struct sg_error err = {0};
    if (!sg_judge_plan(question, &forecast, &err))
        fail_msg("%s", err.text);
    return forecast;
}

static struct sg_forecast_question question_of(const struct sg_session *planned,
                                               const struct sg_session *measured)
{
    return (struct sg_forecast_question){
        .session = planned, .repetition_seconds = SECONDS, .measured = measured, .screen = true};
}

static bool says(char *const *texts, size_t count, const char *part)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(texts[i], part))
            return true;
    return false;
}

/* --- Sessions whose noise is known ---------------------------------------------------------- */

/* Blocks of three whose values differ from their side's mean by −sd, 0, +sd: noise exactly sd. */
static void build_exact(struct sg_session *s, int blocks, double sd)
{
    for (int b = 1; b <= blocks; b++)
        for (int i = 0; i < 3; i++) {
            double value = 0.01 * exp(sd * (i - 1));
            for (int v = 0; v < 2; v++) {
                struct sg_repetition *row = build_row(s, b, v == 0 ? "base" : "candidate", value);
                for (size_t m = 1; m < s->metrics_count; m++)
                    row->values[m] = value;
            }
        }
}

static struct sg_session measured_with(double sd)
{
    struct sg_session s = build_simple(0.05);
    s.plan.measure = 30;
    build_exact(&s, 4, sd);
    return s;
}

static struct sg_session planned_with(double tolerance)
{
    struct sg_session s = build_simple(tolerance);
    s.plan.measure = 30;
    s.plan.budget = NAN;
    return s;
}

struct pair {
    struct sg_session planned, measured;
};

static struct pair pair_of(double tolerance, double sd)
{
    return (struct pair){planned_with(tolerance), measured_with(sd)};
}

static void pair_clear(struct pair *pair)
{
    sg_session_clear(&pair->planned);
    sg_session_clear(&pair->measured);
}

static struct sg_forecast pair_forecast(const struct pair *pair)
{
    struct sg_forecast_question q = question_of(&pair->planned, &pair->measured);
    return forecast_of(&q);
}

/* --- Against sg_judge ------------------------------------------------------------------------ */

struct counted {
    double pass, fail, repetitions;
};

/* `metrics` metrics, each with a gate, independent normal noise; the first is worse by `effect`. */
static struct counted simulate(struct sg_session *s, double effect, double sd, int sessions,
                               uint64_t seed)
{
    struct sg_random random;
    struct counted counted = {0};
    sg_random_seed(&random, seed);
    for (int i = 0; i < sessions; i++) {
        for (size_t r = 0; r < s->repetitions_count; r++) {
            bool worse = sg_streq(s->repetitions[r].variant, "candidate");
            for (size_t m = 0; m < s->metrics_count; m++)
                s->repetitions[r].values[m] =
                    0.01 * exp(sd * random_normal(&random) + (worse && m == 0 ? log1p(effect) : 0));
        }
        struct sg_judgement j = build_judge(s);
        int last = 0;
        for (size_t g = 0; g < s->gates_count; g++) {
            int at = j.results[g].decided_at > 0 ? j.results[g].decided_at : 21;
            last = at > last ? at : last;
        }
        counted.pass += j.verdict == SG_PASS;
        counted.fail += j.verdict == SG_FAIL;
        counted.repetitions += last;
        sg_judgement_clear(&j);
    }
    counted.pass /= sessions;
    counted.fail /= sessions;
    counted.repetitions /= sessions;
    return counted;
}

static struct sg_session blank(int gates)
{
    static const char *const names[] = {"latency_p50", "latency_p95", "cpu_per_request", "cpu"};
    struct sg_session s = build_session();
    s.plan.measure = 30;
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    for (int g = 0; g < gates; g++) {
        build_metric(&s, names[g], SG_SCALE_LOG);
        build_gate(&s, names[g], 0.05);
    }
    return s;
}

/* 1,000 sessions: a standard error of 1.6 points at most, and of 0.17 repetitions. */
static void an_unchanged_service_passes_as_often_as_forecast(void **state)
{
    (void)state;
    static const double sds[] = {0.03, 0.045, 0.07};
    for (size_t i = 0; i < SG_COUNT(sds); i++) {
        struct pair pair = pair_of(0.05, sds[i]);
        struct sg_session simulated = blank(1);
        build_blocks(&simulated, 7, 1);
        struct sg_forecast f = pair_forecast(&pair);
        struct counted seen = simulate(&simulated, 0, sds[i], 1000, 31 + i);
        assert_near(f.gates[0].noise, sds[i], 1e-9);
        assert_near(f.passes, seen.pass, 0.04);
        assert_near(f.repetitions, seen.repetitions, 0.5);
        sg_forecast_clear(&f);
        sg_session_clear(&simulated);
        pair_clear(&pair);
    }
}

static void what_it_finds_fails_in_nine_of_ten_sessions(void **state)
{
    (void)state;
    static const double sds[] = {0.01, 0.03, 0.06};
    for (size_t i = 0; i < SG_COUNT(sds); i++) {
        struct pair pair = pair_of(0.05, sds[i]);
        struct sg_session simulated = blank(1);
        build_blocks(&simulated, 7, 1);
        struct sg_forecast f = pair_forecast(&pair);
        struct counted found = simulate(&simulated, f.gates[0].found, sds[i], 800, 41 + i);
        struct counted worse = simulate(&simulated, SG_PLAN_WORSE, sds[i], 800, 51 + i);
        assert_near(found.fail, 0.9, 0.03);
        assert_near(f.gates[0].worse_fails, worse.fail, 0.045);
        assert_near(f.gates[0].worse_repetitions, worse.repetitions, 0.5);
        assert_true(f.gates[0].found > 0.05);
        sg_forecast_clear(&f);
        sg_session_clear(&simulated);
        pair_clear(&pair);
    }
}

/* Four gates, independent: the product of their chances, the slowest one's time. */
static void four_gates_pass_together_as_often_as_forecast(void **state)
{
    (void)state;
    struct sg_session planned = blank(4);
    struct sg_session measured = blank(4);
    struct sg_session simulated = blank(4);
    build_exact(&measured, 4, 0.045);
    build_exact(&simulated, 7, 0.045);
    struct sg_forecast_question q = question_of(&planned, &measured);
    struct sg_forecast f = forecast_of(&q);
    struct counted seen = simulate(&simulated, 0, 0.045, 600, 61);
    assert_near(f.passes, pow(f.gates[0].passes, 4), 1e-9);
    assert_near(f.passes, seen.pass, 0.06);
    assert_near(f.repetitions, seen.repetitions, 0.6);
    assert_near(f.gates[2].alpha, 0.0025, 1e-12);
    sg_forecast_clear(&f);
    sg_session_clear(&planned);
    sg_session_clear(&measured);
    sg_session_clear(&simulated);
}

/* A limit of one SD above the level, beside a tolerance. */
static void a_limit_passes_as_often_as_forecast(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.1, 0.05);
    struct sg_session simulated = blank(1);
    build_blocks(&simulated, 7, 1);
    simulated.gates[0].tolerance = 0.1;
    simulated.gates[0].limit = pair.planned.gates[0].limit = 0.01 * exp(0.041);
    struct sg_forecast f = pair_forecast(&pair);
    /* all values of the measured session: −1, 0, 1 SDs, four times */
    double spread = 0.05 * sqrt(8.0 / 11);
    struct counted seen = simulate(&simulated, 0, spread, 1000, 71);
    assert_near(f.gates[0].passes, seen.pass, 0.04);
    assert_near(f.gates[0].repetitions, seen.repetitions, 0.5);
    assert_true(isnan(f.gates[0].needs_tolerance));
    sg_forecast_clear(&f);
    sg_session_clear(&simulated);
    pair_clear(&pair);
}

/* --- Where the noise comes from ------------------------------------------------------------- */

static void longer_windows_are_expected_to_be_quieter_by_the_root(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.06);
    pair.planned.plan.measure = 120;
    struct sg_forecast f = pair_forecast(&pair);
    assert_near(f.gates[0].noise, 0.03, 1e-9);
    assert_true(says(f.notes, f.notes_count, "rule of thumb"));
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

/* Turns open with a warm-up of each variant; the other design's minutes stand beside. */
static void time_is_that_of_the_design(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.001);
    pair.planned.plan.slice = 0.7;
    pair.measured.plan.planned = true;
    struct sg_forecast_question question = question_of(&pair.planned, &pair.measured);
    question.other_seconds = 2 * SECONDS;
    struct sg_forecast f = forecast_of(&question);
    assert_true(f.sliced);
    assert_near(f.seconds_mean, SG_PLAN_OPENING + 6 * 2 * SECONDS, 1e-6);
    assert_near(f.other_seconds_mean, SG_PLAN_OPENING + 7 * 2 * 2 * SECONDS, 1e-6);
    assert_true(says(f.notes, f.notes_count, "its blocks were measured in turns"));
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

/* A session with a control variate that explains most of the noise. */
static struct sg_session measured_adjusted(double sd)
{
    struct sg_session s = planned_with(0.05);
    struct sg_random random;
    sg_random_seed(&random, 7);
    s.metrics[0].adjust = true;
    build_metric(&s, "generator", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_metric(&s, "cpu_cores", SG_SCALE_LINEAR);
    for (int i = 0; i < 42; i++) {
        double host = sd * random_normal(&random);
        struct sg_repetition *row = build_row(&s, 1 + i / 6, i % 2 == 0 ? "base" : "candidate",
                                              0.01 * exp(host + sd / 5 * random_normal(&random)));
        row->values[1] = exp(host);
        row->values[2] = 0.2;
    }
    return s;
}

static void adjusted_metrics_are_forecast_with_adjusted_noise(void **state)
{
    (void)state;
    struct sg_session measured = measured_adjusted(0.1);
    struct sg_session planned = measured_adjusted(0.1);
    struct sg_forecast_question q = question_of(&planned, &measured);
    struct sg_forecast adjusted = forecast_of(&q);
    planned.metrics[0].adjust = false;
    struct sg_forecast raw = forecast_of(&q);
    assert_true(adjusted.gates[0].adjusted && !raw.gates[0].adjusted);
    assert_near(adjusted.gates[0].noise_raw, raw.gates[0].noise, 1e-12);
    assert_true(adjusted.gates[0].noise < raw.gates[0].noise / 3);
    assert_true(adjusted.gates[0].passes > raw.gates[0].passes + 0.3);
    /* γ near 0.9, |h| 0.5 where nobody measured it, 0.2 CPUs */
    assert_near(adjusted.gates[0].bias, 0.09, 0.02);
    assert_near(raw.gates[0].bias, 0, 0);
    sg_forecast_clear(&adjusted);
    sg_forecast_clear(&raw);
    sg_session_clear(&measured);
    sg_session_clear(&planned);
}

static void the_floor_widens_the_tolerance_by_the_measured_level(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.06);
    pair.planned.gates[0].floor = 0.002; /* of 10 ms */
    struct sg_forecast f = pair_forecast(&pair);
    assert_near(f.gates[0].tolerance, 0.2, 1e-9);
    assert_true(f.good);
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

static void an_invalid_session_is_no_source(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.03);
    struct sg_forecast f;
    struct sg_error err = {0};
    sg_session_add_finding(&pair.measured, SG_FINDING_INVALID, "generator", NULL, "too slow");
    struct sg_forecast_question q = question_of(&pair.planned, &pair.measured);
    assert_false(sg_judge_plan(&q, &f, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_contains(err.text, "too slow");
    pair_clear(&pair);
}

static void a_gate_that_was_not_measured_is_not_known_and_not_good(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.01);
    build_metric(&pair.planned, "queue", SG_SCALE_LOG);
    build_gate(&pair.planned, "queue", 0.1);
    struct sg_forecast f = pair_forecast(&pair);
    assert_true(f.gates[0].known && !f.gates[1].known);
    assert_true(isnan(f.gates[1].passes));
    assert_false(f.good);
    assert_contains(f.verdict, "nothing is known");
    assert_true(says(f.advice, f.advice_count, "queue"));
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

static void without_any_session_some_noises_are_assumed(void **state)
{
    (void)state;
    struct sg_session planned = blank(3);
    planned.gates[2].tolerance = 0.1;
    struct sg_forecast_question q = question_of(&planned, NULL);
    struct sg_forecast f = forecast_of(&q);
    assert_false(f.good);
    assert_int_equal(f.source, SG_NOISE_ASSUMED);
    assert_int_equal(f.assumed_count, 10); /* two tolerances, five noises */
    assert_string_equal(f.assumed[0].gates, "latency_p50, latency_p95");
    assert_string_equal(f.assumed[5].gates, "cpu_per_request");
    for (int i = 1; i < 5; i++) {
        assert_true(f.assumed[i].passes < f.assumed[i - 1].passes);
        assert_true(f.assumed[i].found > f.assumed[i - 1].found);
        assert_true(f.assumed[i + 5].passes > f.assumed[i].passes);
    }
    sg_forecast_clear(&f);
    sg_session_clear(&planned);
}

static void gates_alike_are_assumed_once_wherever_they_stand(void **state)
{
    (void)state;
    struct sg_session planned = blank(3);
    planned.gates[0].tolerance = 0.1;
    struct sg_forecast_question q = question_of(&planned, NULL);
    struct sg_forecast f = forecast_of(&q);
    assert_int_equal(f.assumed_count, 10);
    sg_forecast_clear(&f);
    sg_session_clear(&planned);
}

/* --- Counts, exact values -------------------------------------------------------------------- */

static struct sg_session with_counts(double limit)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "error_rate", SG_SCALE_COUNT);
    s.metrics[0].events = sg_strdup("errors");
    s.metrics[0].trials = sg_strdup("requests");
    build_metric(&s, "errors", SG_SCALE_LINEAR);
    build_metric(&s, "requests", SG_SCALE_LINEAR);
    build_metric(&s, "restarts", SG_SCALE_EXACT);
    build_gate(&s, "error_rate", NAN)->limit = limit;
    s.plan.rate = 200;
    s.plan.measure = 30;
    return s;
}

/* As many as happen until the sum of exponential waits passes the mean: Poisson. */
static double draw_events(struct sg_random *random, double mean)
{
    double events = -1;
    for (double waited = 0; waited < mean; events++)
        waited -= log(1 - sg_random_unit(random));
    return events;
}

static void count_errors(struct sg_session *s, struct sg_random *random, double rate)
{
    for (size_t r = 0; r < s->repetitions_count; r++) {
        double errors = draw_events(random, 6000 * rate);
        s->repetitions[r].values[0] = errors / 6000;
        s->repetitions[r].values[1] = errors;
        s->repetitions[r].values[2] = 6000;
        s->repetitions[r].values[3] = 0;
    }
}

/* Errors of a steady rate: a rise of 0.1 points is asked about, or a limit of 0.3 %. */
static void counts_pass_as_often_as_forecast(void **state)
{
    (void)state;
    static const struct {
        double limit, rate;
    } cases[] = {{NAN, 0.002}, {NAN, 0.004}, {0.003, 0.0024}, {0.003, 0.0028}};
    for (size_t c = 0; c < SG_COUNT(cases); c++) {
        struct sg_session s = with_counts(cases[c].limit);
        struct sg_random random;
        sg_random_seed(&random, 80 + c);
        build_exact(&s, 7, 0);
        count_errors(&s, &random, cases[c].rate);
        double passed = 0;
        for (int i = 0; i < 150; i++) {
            struct sg_judgement j = build_judge(&s);
            passed += j.verdict == SG_PASS;
            sg_judgement_clear(&j);
            count_errors(&s, &random, cases[c].rate);
        }
        for (size_t r = 0; r < s.repetitions_count; r++)
            s.repetitions[r].values[1] = 6000 * cases[c].rate;
        struct sg_forecast_question q = question_of(&s, &s);
        struct sg_forecast f = forecast_of(&q);
        assert_true(f.gates[0].known);
        assert_near(f.gates[0].trials, 6000, 1e-6);
        assert_near(f.gates[0].passes, passed / 150, 0.09);
        sg_forecast_clear(&f);
        sg_session_clear(&s);
    }
}

static void exact_values_have_no_noise(void **state)
{
    (void)state;
    struct sg_session s = with_counts(NAN);
    struct sg_forecast_question q = question_of(&s, NULL);
    build_gate(&s, "restarts", 0);
    struct sg_forecast f = forecast_of(&q);
    assert_near(f.gates[1].passes, 1, 0);
    assert_near(f.gates[0].passes, 1, 1e-6); /* 200/s, 30 s, as if there were no errors */
    sg_forecast_clear(&f);
    sg_session_clear(&s);
}

/* --- What it advises ------------------------------------------------------------------------- */

static void what_is_proposed_would_do(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.06);
    struct sg_forecast f = pair_forecast(&pair);
    assert_false(f.good);
    assert_true(says(f.advice, f.advice_count, "latency_p95: its noise of 6 %"));
    double tolerance = f.gates[0].needs_tolerance;
    double window = f.gates[0].needs_window;
    assert_true(tolerance > 0.05 && window > 30);
    sg_forecast_clear(&f);

    pair.planned.gates[0].tolerance = tolerance;
    f = pair_forecast(&pair);
    assert_near(f.gates[0].passes, 0.9, 0.005);
    assert_true(f.good);
    assert_int_equal(f.advice_count, 0);
    sg_forecast_clear(&f);

    pair.planned.gates[0].tolerance = 0.05;
    pair.planned.plan.measure = window;
    f = pair_forecast(&pair);
    assert_near(f.gates[0].passes, 0.9, 0.005);
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

static void more_repetitions_are_proposed_where_they_do(void **state)
{
    (void)state;
    struct pair pair = pair_of(0.05, 0.045);
    pair.planned.plan.max_repetitions = 9;
    struct sg_forecast f = pair_forecast(&pair);
    int needs = f.gates[0].needs_repetitions;
    assert_true(needs > 9 && needs <= 30);
    sg_forecast_clear(&f);
    pair.planned.plan.max_repetitions = needs;
    f = pair_forecast(&pair);
    assert_true(f.gates[0].passes >= 0.9);
    sg_forecast_clear(&f);
    pair.planned.plan.max_repetitions = needs - 3;
    f = pair_forecast(&pair);
    assert_true(f.gates[0].passes < 0.9);
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

static void the_noisiest_gate_is_named_first(void **state)
{
    (void)state;
    struct sg_session planned = blank(2);
    struct sg_session measured = blank(2);
    build_exact(&measured, 4, 0.06);
    for (size_t r = 0; r < measured.repetitions_count; r++)
        measured.repetitions[r].values[1] = pow(measured.repetitions[r].values[0] / 0.01, 2);
    struct sg_forecast_question q = question_of(&planned, &measured);
    struct sg_forecast f = forecast_of(&q);
    assert_int_equal(f.advice_count, 2);
    assert_contains(f.advice[0], "latency_p95");
    assert_contains(f.advice[1], "latency_p50");
    sg_forecast_clear(&f);
    sg_session_clear(&planned);
    sg_session_clear(&measured);
}

/* --- A wanted change ------------------------------------------------------------------------- */

static struct sg_forecast with_changes(const struct pair *pair, const double *changes, size_t count)
{
    struct sg_forecast_question q = question_of(&pair->planned, &pair->measured);
    q.changes = changes;
    q.changes_count = count;
    return forecast_of(&q);
}

static void a_wanted_change_gets_the_least_repetitions_that_find_it(void **state)
{
    (void)state;
    static const double wanted[] = {0.1};
    struct pair pair = pair_of(0.05, 0.05);
    struct sg_forecast f = with_changes(&pair, wanted, 1);
    int needed = f.gates[0].changes[0].repetitions;
    assert_true(needed > 6 && needed < 21);
    assert_near(f.gates[0].changes[0].chance, f.gates[0].worse_fails, 1e-12);
    /* opening, one warm-up each, then two variants */
    assert_near(f.gates[0].changes[0].seconds, 20 + 2 * SECONDS * (needed + 1), 1e-9);
    assert_true(f.gates[0].changes[0].seconds_mean < f.gates[0].changes[0].seconds);
    sg_forecast_clear(&f);
    for (int less = 0; less <= 3; less += 3) {
        pair.planned.plan.max_repetitions = needed - less;
        f = with_changes(&pair, wanted, 1);
        assert_true((f.gates[0].changes[0].chance >= 0.9) == (less == 0));
        sg_forecast_clear(&f);
    }
    pair_clear(&pair);
}

/* 12 % noise: 10 % needs less of it; at a tolerance of 12 % it needs a narrower one; 3 % both. */
static void a_change_beyond_reach_tells_what_would_reach_it(void **state)
{
    (void)state;
    static const double wanted[] = {0.1, 0.03};
    struct pair pair = pair_of(0.05, 0.12);
    struct sg_forecast f = with_changes(&pair, wanted, 2);
    const struct sg_forecast_change *ten = &f.gates[0].changes[0];
    const struct sg_forecast_change *three = &f.gates[0].changes[1];
    assert_int_equal(ten->repetitions, 0);
    assert_true(ten->noise < 0.12 && ten->noise > 0.06 && !ten->both);
    assert_near(ten->window, 30 * pow(0.12 / ten->noise, 2), 1e-6);
    assert_true(three->both && three->noise < ten->noise && three->tolerance < 0.03);
    sg_session_clear(&pair.measured);
    pair.measured = measured_with(ten->noise);
    pair.planned.plan.max_repetitions = 30;
    struct sg_forecast quiet = with_changes(&pair, wanted, 1);
    assert_near(quiet.gates[0].changes[0].chance, 0.9, 0.005);
    sg_forecast_clear(&quiet);
    sg_forecast_clear(&f);

    sg_session_clear(&pair.measured);
    pair.measured = measured_with(0.03);
    pair.planned.gates[0].tolerance = 0.12;
    f = with_changes(&pair, wanted, 1);
    assert_true(isnan(f.gates[0].changes[0].noise));
    assert_true(f.gates[0].changes[0].tolerance > 0.05 && f.gates[0].changes[0].tolerance < 0.1);
    sg_forecast_clear(&f);
    pair_clear(&pair);
}

/* --- The stored baseline --------------------------------------------------------------------- */

#define STORED 8

struct stored {
    struct sg_session sessions[STORED];
};

/* Sessions of one variant whose medians differ by `between`. */
static struct stored store(double between, double within)
{
    static const double place[STORED] = {0.1, -1, 0.6, -0.4, 1, 0.2, -0.7, 0.2};
    struct stored stored;
    for (int j = 0; j < STORED; j++) {
        struct sg_session *s = &stored.sessions[j];
        *s = build_session();
        s->plan.measure = 30;
        s->reference = (free(s->reference), NULL);
        build_variant(s, "base");
        build_metric(s, "latency_p95", SG_SCALE_LOG);
        sg_session_add_fact(s, "cpu_model", "fast", true);
        for (int i = 0; i < 6; i++)
            build_row(s, 1 + i / 3, "base", 0.01 * exp(between * place[j] + within * (i % 3 - 1)));
    }
    return stored;
}

static void store_clear(struct stored *stored)
{
    for (int j = 0; j < STORED; j++)
        sg_session_clear(&stored->sessions[j]);
}

static struct sg_forecast stored_forecast(const struct sg_session *planned,
                                          const struct stored *stored, bool screen)
{
    struct sg_forecast_question q = question_of(planned, NULL);
    q.stored = stored->sessions;
    q.stored_count = STORED;
    q.screen = screen;
    return forecast_of(&q);
}

static void a_good_baseline_saves_time(void **state)
{
    (void)state;
    struct sg_session planned = planned_with(0.05);
    struct stored stored = store(0.01, 0.02);
    struct sg_forecast with = stored_forecast(&planned, &stored, true);
    struct sg_forecast without = stored_forecast(&planned, &stored, false);
    assert_int_equal(with.source, SG_NOISE_STORED);
    assert_true(with.screen.asked && with.screen.worth && !without.screen.asked);
    assert_true(with.screen.chance > 0.8);
    assert_near(with.screen.seconds, 20 + SECONDS * 7, 1e-9);
    assert_true(with.screen.seconds_saved > 0);
    assert_near(with.seconds_mean, without.seconds_mean - with.screen.seconds_saved, 1e-6);
    assert_near(with.beta, without.beta / 2, 1e-12); /* two chances of a false pass */
    assert_near(with.seconds, without.seconds + with.screen.seconds, 1e-6);
    planned.plan.budget = 1700;
    struct sg_forecast short_of_time = stored_forecast(&planned, &stored, true);
    assert_near(short_of_time.seconds, 1700, 1e-6);
    sg_forecast_clear(&short_of_time);
    sg_forecast_clear(&with);
    sg_forecast_clear(&without);
    store_clear(&stored);
    sg_session_clear(&planned);
}

static void an_uneven_baseline_is_not_asked_first(void **state)
{
    (void)state;
    struct sg_session planned = planned_with(0.05);
    struct stored stored = store(0.08, 0.02);
    struct sg_forecast f = stored_forecast(&planned, &stored, true);
    assert_true(f.screen.asked && !f.screen.worth);
    assert_near(f.beta, 0.05, 1e-12);
    sg_forecast_clear(&f);
    store_clear(&stored);
    sg_session_clear(&planned);
}

/* One variant alone: 8 sessions, another at random around them, 400 times. */
static void one_variant_is_forecast_against_the_stored_sessions(void **state)
{
    (void)state;
    struct sg_session planned = planned_with(0.1);
    struct stored stored = store(0, 0);
    struct sg_random random;
    double chance = 0;
    double fails = 0;
    double passed = 0;
    double failed = 0;
    sg_random_seed(&random, 90);
    planned.variants_count = 1;
    sg_session_add_fact(&planned, "cpu_model", "fast", true);
    for (int i = 0; i < 400; i++) {
        struct sg_session now = stored.sessions[0];
        struct sg_judgement j[2] = {{0}, {0}};
        struct sg_error err = {0};
        for (int k = 0; k < STORED; k++) {
            double level = 0.01 * exp(0.02 * random_normal(&random));
            for (int r = 0; r < 6; r++)
                stored.sessions[k].repetitions[r].values[0] = level;
        }
        now.gates = planned.gates;
        now.gates_count = 1;
        for (int worse = 0; worse < 2; worse++) {
            assert_true(
                sg_judge_stored(&now, NULL, stored.sessions + 1, STORED - 1, &j[worse], &err));
            passed += worse == 0 && j[0].verdict == SG_PASS;
            failed += worse == 1 && j[1].verdict == SG_FAIL;
            for (int r = 0; r < 6; r++)
                now.repetitions[r].values[0] *= 1.1;
        }
        struct sg_forecast_question q = question_of(&planned, NULL);
        q.stored = stored.sessions + 1;
        q.stored_count = STORED - 1;
        struct sg_forecast f = forecast_of(&q);
        chance += f.gates[0].passes;
        fails += f.gates[0].worse_fails;
        assert_true(f.alone);
        assert_near(f.seconds, 20 + SECONDS * 7, 1e-9);
        sg_forecast_clear(&f);
        sg_judgement_clear(&j[0]);
        sg_judgement_clear(&j[1]);
    }
    assert_near(chance / 400, passed / 400, 0.05);
    assert_near(fails / 400, failed / 400, 0.06);
    planned.variants_count = 2;
    store_clear(&stored);
    sg_session_clear(&planned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unchanged_service_passes_as_often_as_forecast),
        cmocka_unit_test(what_it_finds_fails_in_nine_of_ten_sessions),
        cmocka_unit_test(four_gates_pass_together_as_often_as_forecast),
        cmocka_unit_test(a_limit_passes_as_often_as_forecast),
        cmocka_unit_test(time_is_that_of_the_design),
        cmocka_unit_test(longer_windows_are_expected_to_be_quieter_by_the_root),
        cmocka_unit_test(adjusted_metrics_are_forecast_with_adjusted_noise),
        cmocka_unit_test(the_floor_widens_the_tolerance_by_the_measured_level),
        cmocka_unit_test(an_invalid_session_is_no_source),
        cmocka_unit_test(a_gate_that_was_not_measured_is_not_known_and_not_good),
        cmocka_unit_test(without_any_session_some_noises_are_assumed),
        cmocka_unit_test(gates_alike_are_assumed_once_wherever_they_stand),
        cmocka_unit_test(counts_pass_as_often_as_forecast),
        cmocka_unit_test(exact_values_have_no_noise),
        cmocka_unit_test(what_is_proposed_would_do),
        cmocka_unit_test(more_repetitions_are_proposed_where_they_do),
        cmocka_unit_test(the_noisiest_gate_is_named_first),
        cmocka_unit_test(a_wanted_change_gets_the_least_repetitions_that_find_it),
        cmocka_unit_test(a_change_beyond_reach_tells_what_would_reach_it),
        cmocka_unit_test(a_good_baseline_saves_time),
        cmocka_unit_test(an_uneven_baseline_is_not_asked_first),
        cmocka_unit_test(one_variant_is_forecast_against_the_stored_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
