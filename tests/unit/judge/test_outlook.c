/* SPDX-License-Identifier: Apache-2.0 */
/* What stored sessions promise. The numbers were reckoned by an independent program (NumPy and
 * SciPy). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/advice.h"
#include "judge/outlook.h"
#include "unit/judge/build.h"

#define MOST 12
#define ROWS 5

static const double noise[ROWS] = {0.01, -0.02, 0, 0.015, -0.005};
static const double even[] = {100, 101, 99.5, 100.4, 99.2};
static const double uneven[] = {100, 103, 98, 101, 97, 102};

struct stored {
    struct sg_session sessions[MOST];
    size_t count;
};

static struct sg_session empty_session(void)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_metric(&s, "z", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_metric(&s, "restarts", SG_SCALE_EXACT);
    build_metric(&s, "queue", SG_SCALE_LINEAR);
    sg_session_add_fact(&s, "CPU", "fast", true);
    return s;
}

/* Session j has the repetitions level_j · (1 + noise_i); z is not measured. */
static struct stored store(const double *levels, size_t count)
{
    struct stored stored = {.count = count};
    for (size_t j = 0; j < count; j++) {
        struct sg_session s = empty_session();
        for (int i = 0; i < ROWS; i++) {
            struct sg_repetition *row = build_row(&s, 1, "base", levels[j] * (1 + noise[i]));
            row->values[1] = NAN;
            row->values[2] = i == 0;
            row->values[3] = levels[j] - 100 + noise[i];
        }
        stored.sessions[j] = s;
    }
    return stored;
}

static struct sg_session ask(double tolerance)
{
    struct sg_session s = empty_session();
    build_gate(&s, "latency_p95", tolerance);
    return s;
}

static struct sg_outlook look(const struct sg_session *ahead, const struct stored *stored)
{
    struct sg_outlook outlook = {0};
    struct sg_error err = {0};
    if (!sg_judge_outlook(ahead, stored->sessions, stored->count, &outlook, &err))
        fail_msg("%s", err.text);
    return outlook;
}

static void clear(struct sg_session *ahead, struct stored *stored, struct sg_outlook *outlook)
{
    sg_outlook_clear(outlook);
    sg_session_clear(ahead);
    for (size_t j = 0; j < stored->count; j++)
        sg_session_clear(&stored->sessions[j]);
}

static void near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

static void spread_and_chance_are_those_of_an_independent_program(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.02);
    struct sg_outlook outlook = look(&ahead, &stored);
    const struct sg_outlook_gate *gate = &outlook.gates[0];
    assert_int_equal(outlook.offered, 5);
    assert_int_equal(outlook.comparable, 5);
    assert_null(outlook.reason);
    assert_int_equal(outlook.count, 1);
    assert_string_equal(gate->metric, "latency_p95");
    assert_true(gate->relative);
    assert_false(gate->adjusted);
    near(gate->level, 100);
    near(gate->within, 0.013728861053967265);
    near(gate->within_raw, gate->within);
    near(gate->between, 0.0071488727188128145);
    near(gate->between_raw, gate->between);
    near(gate->between_own, 0); /* less than the medians' own sampling error */
    near(gate->tolerance, 0.02);
    near(gate->margin, 0.016835052498128916);
    near(gate->chance, 0.64412541219773023);
    clear(&ahead, &stored, &outlook);
}

static void what_sessions_differ_beyond_their_noise_is_their_own(void **state)
{
    (void)state;
    struct stored stored = store(uneven, SG_COUNT(uneven));
    struct sg_session ahead = ask(0.09);
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_null(outlook.reason);
    near(outlook.gates[0].level, 100.5);
    near(outlook.gates[0].between, 0.02318757707901456);
    near(outlook.gates[0].between_own, 0.021873510959330485);
    near(outlook.gates[0].chance, 0.89337367016656644);
    clear(&ahead, &stored, &outlook);
}

static void a_margin_wider_than_the_tolerance_is_told(void **state)
{
    (void)state;
    struct stored stored = store(uneven, SG_COUNT(uneven));
    struct sg_session ahead = ask(0.05);
    struct sg_outlook outlook = look(&ahead, &stored);
    near(outlook.gates[0].margin, 0.051762979958780701);
    near(outlook.gates[0].chance, 0.47459557562866);
    assert_contains(outlook.reason, "latency_p95: the stored sessions differ by 2.3 %");
    assert_contains(outlook.reason, "known to within 5.2 % only, while 5.0 % are tolerated");
    clear(&ahead, &stored, &outlook);
}

static void with_three_sessions_nothing_can_pass(void **state)
{
    (void)state;
    struct stored stored = store(even, 3);
    struct sg_session ahead = ask(0.5);
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_contains(outlook.reason, "3 stored sessions");
    assert_contains(outlook.reason, "4 are needed");
    assert_true(outlook.gates[0].chance == 0);
    assert_true(isnan(outlook.gates[0].margin));
    near(outlook.gates[0].level, 100);
    assert_true(outlook.gates[0].between > 0);
    assert_null(outlook.gates[0].advice);
    clear(&ahead, &stored, &outlook);
}

static void no_and_one_session_have_no_spread(void **state)
{
    (void)state;
    for (size_t count = 0; count < 2; count++) {
        struct stored stored = store(even, count);
        struct sg_session ahead = ask(0.05);
        struct sg_outlook outlook = look(&ahead, &stored);
        assert_int_equal(outlook.comparable, count);
        assert_non_null(outlook.reason);
        assert_true(isnan(outlook.gates[0].between));
        assert_true(isnan(outlook.gates[0].between_own));
        assert_true(isnan(outlook.gates[0].level) == (count == 0));
        near(outlook.gates[0].tolerance, 0.05);
        clear(&ahead, &stored, &outlook);
    }
}

static void another_environment_does_not_count(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    free(ahead.facts[0].value);
    ahead.facts[0].value = sg_strdup("slow");
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_int_equal(outlook.offered, 5);
    assert_int_equal(outlook.comparable, 0);
    assert_contains(outlook.reason, "CPU (slow here, fast stored)");
    clear(&ahead, &stored, &outlook);
}

static void repetitions_of_the_session_at_hand_are_not_looked_at(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    struct sg_outlook before = look(&ahead, &stored);
    build_row(&ahead, 1, "base", 1e6);
    build_row(&ahead, 1, "base", NAN);
    struct sg_outlook after = look(&ahead, &stored);
    near(after.gates[0].margin, before.gates[0].margin);
    near(after.gates[0].chance, before.gates[0].chance);
    sg_outlook_clear(&before);
    clear(&ahead, &stored, &after);
}

static void the_hosts_noise_is_taken_out_where_all_sessions_have_felt_it(void **state)
{
    (void)state;
    static const double host[] = {0.1, -0.2, 0.15, 0, -0.1};
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    ahead.metrics[0].adjust = true;
    for (size_t j = 0; j < stored.count; j++) {
        for (size_t i = 0; i < ROWS; i++) {
            double *values = stored.sessions[j].repetitions[i].values;
            values[0] *= exp(0.9 * host[j]);
            values[1] = exp(host[j]);
        }
    }
    struct sg_outlook outlook = look(&ahead, &stored);
    const struct sg_outlook_gate *gate = &outlook.gates[0];
    assert_true(gate->adjusted);
    assert_true(gate->between_raw > 0.1);
    assert_true(gate->between < 0.02);
    assert_true(gate->chance > 0.9);
    stored.sessions[2].repetitions[1].values[1] = NAN; /* one that has not */
    struct sg_outlook raw = look(&ahead, &stored);
    assert_false(raw.gates[0].adjusted);
    near(raw.gates[0].between, gate->between_raw);
    sg_outlook_clear(&raw);
    clear(&ahead, &stored, &outlook);
}

static void counts_and_exact_values_have_a_level_and_refuse_nothing(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = empty_session();
    build_gate(&ahead, "restarts", NAN);
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_null(outlook.reason);
    near(outlook.gates[0].level, 0);
    assert_true(isnan(outlook.gates[0].between) && isnan(outlook.gates[0].chance));
    clear(&ahead, &stored, &outlook);
}

static void a_limit_alone_has_a_spread_but_no_chance(void **state)
{
    (void)state;
    struct stored stored = store(uneven, SG_COUNT(uneven));
    struct sg_session ahead = ask(NAN);
    ahead.gates[0].limit = 1;
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_null(outlook.reason);
    near(outlook.gates[0].between, 0.02318757707901456);
    assert_true(isnan(outlook.gates[0].chance) && isnan(outlook.gates[0].tolerance));
    clear(&ahead, &stored, &outlook);
}

static void a_metric_that_touches_zero_is_told_in_its_unit(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = empty_session();
    build_gate(&ahead, "queue", 5);
    struct sg_outlook outlook = look(&ahead, &stored);
    const struct sg_outlook_gate *gate = &outlook.gates[0];
    assert_false(gate->relative);
    near(gate->level, 0);
    near(gate->tolerance, 5);
    assert_true(gate->between > 0.5 && gate->between < 1);
    assert_true(gate->chance > 0.9);
    clear(&ahead, &stored, &outlook);
}

static void the_floor_widens_the_tolerance_by_the_stored_level(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.02);
    ahead.gates[0].floor = 10; /* of 100 */
    struct sg_outlook outlook = look(&ahead, &stored);
    near(outlook.gates[0].tolerance, 0.1);
    clear(&ahead, &stored, &outlook);
}

static void a_gate_younger_than_the_sessions_is_told(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    build_metric(&ahead, "latency_p50", SG_SCALE_LOG);
    build_gate(&ahead, "latency_p50", 0.05);
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_contains(outlook.reason, "latency_p50: 0 stored sessions have this metric");
    assert_true(outlook.gates[0].chance > 0.9);
    assert_true(outlook.gates[1].chance == 0);
    clear(&ahead, &stored, &outlook);
}

static void a_stored_value_that_is_missing_is_told(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    stored.sessions[1].repetitions[2].values[0] = NAN;
    struct sg_outlook outlook = look(&ahead, &stored);
    assert_contains(outlook.reason, "missing or out of range in a repetition of a stored session");
    assert_true(outlook.gates[0].chance == 0);
    clear(&ahead, &stored, &outlook);
}

/* What is told beforehand is what the judge then does: a session that measures exactly the mean of
 * the stored ones passes where the margin is below the tolerance, and nowhere else. */
static void the_judge_agrees_with_the_margin(void **state)
{
    (void)state;
    int passed = 0;
    for (int step = 1; step <= 40; step++) {
        double levels[6];
        double mean = 0;
        for (size_t j = 0; j < 6; j++) {
            levels[j] = 100 * exp(0.002 * step * (uneven[j] - 100) / 3);
            mean += log(levels[j]) / 6;
        }
        struct stored stored = store(levels, 6);
        struct sg_session ahead = ask(0.05);
        for (int i = 0; i < ROWS; i++)
            build_row(&ahead, 1, "base", exp(mean) * (1 + noise[i]));
        struct sg_outlook outlook = look(&ahead, &stored);
        struct sg_judgement judgement = {0};
        struct sg_error err = {0};
        assert_true(sg_judge_stored(&ahead, NULL, stored.sessions, stored.count, &judgement, &err));
        bool promised = outlook.gates[0].margin < 0.05;
        assert_true((judgement.verdict == SG_PASS) == promised);
        assert_true((outlook.reason == NULL) == promised);
        passed += promised;
        sg_judgement_clear(&judgement);
        clear(&ahead, &stored, &outlook);
    }
    assert_true(passed > 5 && passed < 35);
}

static char *advice_for(const double *levels, size_t count, double tolerance)
{
    struct stored stored = store(levels, count);
    struct sg_session ahead = ask(tolerance);
    struct sg_outlook outlook = look(&ahead, &stored);
    char *advice = sg_strdup(outlook.gates[0].advice);
    clear(&ahead, &stored, &outlook);
    return advice;
}

static void what_was_taken_out_is_told_with_its_slope(void **state)
{
    (void)state;
    static const double host[] = {0.1, -0.2, 0.15, 0, -0.1};
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = ask(0.05);
    ahead.metrics[0].adjust = true;
    for (size_t i = 0; i < ROWS; i++)
        build_row(&ahead, 1, "base", 100 * (1 + noise[i]) * exp(0.9 * host[i]))->values[1] =
            exp(host[i]);
    for (size_t j = 0; j < stored.count; j++)
        for (size_t i = 0; i < ROWS; i++) {
            double *values = stored.sessions[j].repetitions[i].values;
            values[0] *= exp(0.9 * host[i]);
            values[1] = exp(host[i]);
        }
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    assert_true(sg_judge_stored(&ahead, NULL, stored.sessions, stored.count, &judgement, &err));
    assert_true(judgement.results[0].adjusted);
    assert_int_equal(judgement.results[0].gamma_count, 1);
    assert_true(fabs(judgement.results[0].gamma[0] - 0.9) < 0.1);
    struct sg_outlook outlook = look(&ahead, &stored);
    sg_judgement_clear(&judgement);
    clear(&ahead, &stored, &outlook);
}

static void a_floor_alone_is_the_tolerance_of_a_metric_that_touches_zero(void **state)
{
    (void)state;
    struct stored stored = store(even, SG_COUNT(even));
    struct sg_session ahead = empty_session();
    build_gate(&ahead, "queue", NAN)->floor = 0.5;
    for (size_t i = 0; i < ROWS; i++)
        build_row(&ahead, 1, "base", 100)->values[3] = noise[i];
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    assert_true(sg_judge_stored(&ahead, NULL, stored.sessions, stored.count, &judgement, &err));
    near(judgement.results[0].tolerance, 0.5);
    struct sg_outlook outlook = look(&ahead, &stored);
    sg_judgement_clear(&judgement);
    clear(&ahead, &stored, &outlook);
}

static void without_any_spread_the_chance_is_certain(void **state)
{
    (void)state;
    near(sg_chance(0.1, 0, 5, 0.05), 1);
    near(sg_chance(0, 0, 5, 0.05), 0);
}

static void advice_is_what_would_do(void **state)
{
    (void)state;
    char *none = advice_for(even, 5, 0.05);
    assert_null(none);
    char *sessions = advice_for(even, 5, 0.025);
    assert_contains(sessions, "store 4 more sessions, or widen the tolerance to 3.0 %");
    char *longer = advice_for(even, 5, 0.02);
    assert_contains(longer, "measure 4 times as long in each session");
    char *nothing = advice_for(uneven, 6, 0.02);
    assert_contains(nothing,
                    "sessions differ too much by themselves: widen the tolerance to 9.2 %");
    free(sessions);
    free(longer);
    free(nothing);
}

static void a_widened_tolerance_does_what_the_advice_says(void **state)
{
    (void)state;
    struct stored stored = store(uneven, SG_COUNT(uneven));
    for (int i = 0; i < 2; i++) {
        struct sg_session ahead = ask(i ? 0.092 : 0.0905);
        struct sg_outlook outlook = look(&ahead, &stored);
        assert_true((outlook.gates[0].chance >= 0.9) == (i == 1));
        sg_outlook_clear(&outlook);
        sg_session_clear(&ahead);
    }
    for (size_t j = 0; j < stored.count; j++)
        sg_session_clear(&stored.sessions[j]);
}

static void a_question_that_cannot_be_asked_is_an_error(void **state)
{
    (void)state;
    struct stored stored = store(even, 4);
    struct sg_session ahead = ask(0.05);
    build_gate(&ahead, "latency_p9", 0.05);
    struct sg_outlook outlook = {0};
    struct sg_error err = {0};
    assert_false(sg_judge_outlook(&ahead, stored.sessions, stored.count, &outlook, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    clear(&ahead, &stored, &outlook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_and_chance_are_those_of_an_independent_program),
        cmocka_unit_test(what_sessions_differ_beyond_their_noise_is_their_own),
        cmocka_unit_test(a_margin_wider_than_the_tolerance_is_told),
        cmocka_unit_test(with_three_sessions_nothing_can_pass),
        cmocka_unit_test(no_and_one_session_have_no_spread),
        cmocka_unit_test(another_environment_does_not_count),
        cmocka_unit_test(repetitions_of_the_session_at_hand_are_not_looked_at),
        cmocka_unit_test(the_hosts_noise_is_taken_out_where_all_sessions_have_felt_it),
        cmocka_unit_test(counts_and_exact_values_have_a_level_and_refuse_nothing),
        cmocka_unit_test(a_limit_alone_has_a_spread_but_no_chance),
        cmocka_unit_test(a_metric_that_touches_zero_is_told_in_its_unit),
        cmocka_unit_test(the_floor_widens_the_tolerance_by_the_stored_level),
        cmocka_unit_test(a_gate_younger_than_the_sessions_is_told),
        cmocka_unit_test(a_stored_value_that_is_missing_is_told),
        cmocka_unit_test(the_judge_agrees_with_the_margin),
        cmocka_unit_test(what_was_taken_out_is_told_with_its_slope),
        cmocka_unit_test(a_floor_alone_is_the_tolerance_of_a_metric_that_touches_zero),
        cmocka_unit_test(without_any_spread_the_chance_is_certain),
        cmocka_unit_test(advice_is_what_would_do),
        cmocka_unit_test(a_widened_tolerance_does_what_the_advice_says),
        cmocka_unit_test(a_question_that_cannot_be_asked_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
