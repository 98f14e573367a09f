/* SPDX-License-Identifier: Apache-2.0 */
/* What a judgement says: which reason comes first, edges of limits, exact values, and what stored
 * sessions tell where something is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

#define STORED 8

/* --- Side by side ------------------------------------------------------------------------- */

/* Three gates; those of `noisy` cannot be decided, the others pass. */
static struct sg_session three(const bool noisy[3])
{
    static const char *const names[] = {"latency_p50", "latency_p90", "latency_p95"};
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    for (int m = 0; m < 3; m++) {
        build_metric(&s, names[m], SG_SCALE_LOG);
        build_gate(&s, names[m], 0.05);
    }
    build_blocks(&s, 7, 1.0);
    for (size_t r = 0; r < s.repetitions_count; r++)
        for (int m = 0; m < 3; m++)
            s.repetitions[r].values[m] =
                0.010 * pow(build_noise((int)(r / 2 + 3 * (r % 2))), noisy[m] ? 100 : 1);
    return s;
}

static void assert_reason(const bool noisy[3], const char *start)
{
    struct sg_session s = three(noisy);
    struct sg_judgement j = build_judge(&s);
    if (!sg_starts_with(j.variants[0].reason, start))
        fail_msg("\"%s\" does not start with \"%s\"", j.variants[0].reason, start);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void several_open_gates_are_counted_and_the_first_of_them_is_told(void **state)
{
    (void)state;
    assert_reason((const bool[]){false, true, true}, "2 of 3 gates are not decided; latency_p90: ");
}

static void a_single_open_gate_is_told_without_a_count(void **state)
{
    (void)state;
    assert_reason((const bool[]){false, false, true}, "latency_p95: ");
}

static struct sg_session limited(double limit, enum sg_better better)
{
    struct sg_session s = build_simple(NAN);
    s.metrics[0].better = better;
    s.gates[0].limit = limit;
    s.plan.alpha = 0.05;
    build_blocks(&s, 3, 1.0); /* 10 ms */
    return s;
}

static void assert_edge(double limit, enum sg_better better, const char *words)
{
    struct sg_session s = limited(limit, better);
    struct sg_judgement j = build_judge(&s);
    assert_contains(j.results[0].reason, words);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_limit_is_told_with_the_edge_that_decides(void **state)
{
    (void)state;
    assert_edge(0.008, SG_LOWER, "beyond its limit of 8 ms: 10.1 ms, at least 10 ms");
    assert_edge(0.012, SG_LOWER, "within its limit of 12 ms: 10.1 ms, at most 10.1 ms");
    assert_edge(0.012, SG_HIGHER, "beyond its limit of 12 ms: 10.1 ms, at most 10.1 ms");
    assert_edge(0.008, SG_HIGHER, "within its limit of 8 ms: 10.1 ms, at least 10 ms");
}

static void a_change_of_an_exact_zero_is_absolute(void **state)
{
    (void)state;
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "restarts", SG_SCALE_EXACT);
    build_gate(&s, "restarts", 0.5);
    for (int i = 0; i < 6; i++) {
        build_row(&s, 1 + i / 3, "base", 0);
        build_row(&s, 1 + i / 3, "candidate", 2);
    }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_false(j.results[0].relative);
    assert_true(j.results[0].change == 2);
    sg_judgement_clear(&j);
    for (size_t r = 0; r < s.repetitions_count; r += 2)
        s.repetitions[r].values[0] = 0.5;
    j = build_judge(&s);
    assert_true(j.results[0].relative);
    assert_true(j.results[0].change == 3); /* 2 is 0.5 and three times 0.5 */
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* --- Against stored sessions -------------------------------------------------------------- */

/* One variant; latency moves three times as far as the generator's cost, the same work for all. */
static struct sg_session one(double latency, double cost)
{
    static const double wiggle[] = {-0.004, 0.002, -0.001, 0.004, 0.001, -0.002};
    struct sg_session s = build_session();
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG)->adjust = true;
    build_metric(&s, "generator_cpu_per_request", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_metric(&s, "cpu_cores", SG_SCALE_LOG);
    build_metric(&s, "network_rx_per_request", SG_SCALE_LOG);
    build_metric(&s, "requests", SG_SCALE_LINEAR);
    build_gate(&s, "latency_p95", 0.05);
    for (int i = 0; i < 6; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 3, "candidate", NAN);
        row->values[0] = 0.01 * latency * exp(3 * wiggle[i]);
        row->values[1] = 0.0002 * cost * exp(wiggle[i]);
        row->values[2] = 0.5;
        row->values[3] = 240;
        row->values[4] = 6000;
    }
    return s;
}

struct stored {
    struct sg_session now, then[STORED];
};

static void fill_stored(struct stored *s)
{
    static const double place[STORED] = {0.1, -1, 0.6, -0.4, 1, 0.2, -0.7, 0.2};
    for (int j = 0; j < STORED; j++)
        s->then[j] = one(1 + 0.15 * place[j], 1 + 0.05 * place[j]);
    s->now = one(1.03, 1.01);
}

static struct sg_judgement judge(const struct stored *s)
{
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    if (!sg_judge_stored(&s->now, NULL, s->then, STORED, &j, &err))
        fail_msg("%s", err.text);
    return j;
}

static void clear(struct stored *s, struct sg_judgement *j)
{
    sg_judgement_clear(j);
    sg_session_clear(&s->now);
    for (int i = 0; i < STORED; i++)
        sg_session_clear(&s->then[i]);
}

static void set_values(struct sg_session *s, size_t metric, double value)
{
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[metric] = value;
}

/* The gate's and those of the three that have none; control variates have no result. */
static void each_metric_has_one_result(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    struct sg_judgement j = judge(&s);
    assert_int_equal(j.results_count, 4);
    assert_true(j.results[0].adjusted);
    assert_null(j.results[0].adjust_reason);
    clear(&s, &j);
}

/* t(0.99, 7) + t(0.9, 7) = 2.997952 + 1.414924, as tables have them. */
static void what_a_session_could_show_follows_from_the_spread_of_the_stored_ones(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    struct sg_judgement j = judge(&s);
    double expected = expm1((2.997952 + 1.414924) * j.results[0].noise * sqrt(1 + 1.0 / STORED));
    assert_true(fabs(j.results[0].detectable / expected - 1) < 1e-6);
    clear(&s, &j);
}

static void a_stored_session_without_control_variates_ends_the_adjusting(void **state)
{
    (void)state;
    for (int which = 0; which < STORED; which += STORED - 1) {
        struct stored s;
        fill_stored(&s);
        set_values(&s.then[which], 1, NAN);
        struct sg_judgement j = judge(&s);
        assert_false(j.results[0].adjusted);
        assert_contains(j.results[0].adjust_reason, "not every session has the control variates");
        clear(&s, &j);
    }
}

static void other_work_than_in_the_stored_sessions_ends_the_adjusting(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    set_values(&s.now, 3, 260);
    struct sg_judgement j = judge(&s);
    assert_false(j.results[0].adjusted);
    assert_contains(j.results[0].adjust_reason,
                    "the generator had other work: network_rx_per_request is 240 for the "
                    "reference and 260 for the variant");
    clear(&s, &j);
}

static void another_number_of_requests_ends_the_adjusting(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    for (int j = 0; j < STORED; j++)
        set_values(&s.then[j], 4, 6000);
    set_values(&s.now, 4, 6100);
    struct sg_judgement j = judge(&s);
    assert_false(j.results[0].adjusted);
    assert_contains(j.results[0].adjust_reason, "other work: requests is 6000");
    clear(&s, &j);
}

/* The stored sessions' costs are 0.95 to 1.05 of the usual, with a standard deviation (n − 1) of
 * 0.0335 in logarithms: 1.0857 is the most that they can speak for. */
static void costs_are_known_to_one_standard_deviation_beyond_the_stored_ones(void **state)
{
    (void)state;
    static const struct {
        double cost;
        bool known;
    } rows[] = {{1.083, true}, {1.087, false}};
    for (int i = 0; i < 2; i++) {
        struct stored s;
        fill_stored(&s);
        sg_session_clear(&s.now);
        s.now = one(1.03, rows[i].cost);
        struct sg_judgement j = judge(&s);
        assert_int_equal(j.results[0].adjusted, rows[i].known);
        clear(&s, &j);
    }
}

static void a_coupling_without_a_bound_ends_the_adjusting(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    set_values(&s.then[3], 2, NAN);
    struct sg_judgement j = judge(&s);
    assert_false(j.results[0].adjusted);
    assert_contains(j.results[0].adjust_reason, "cpu_cores is missing");
    clear(&s, &j);
}

static void a_session_without_data_is_inconclusive_in_every_gate(void **state)
{
    (void)state;
    struct stored s;
    fill_stored(&s);
    sg_session_clear(&s.now);
    s.now = build_simple(0.05);
    s.now.complete = false;
    free(s.now.reference);
    s.now.reference = NULL;
    free(s.now.variants[0].name);
    s.now.variants[0].name = s.now.variants[1].name;
    s.now.variants_count = 1;
    struct sg_judgement j = judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_int_equal(j.results[0].verdict, SG_INCONCLUSIVE);
    assert_contains(j.results[0].reason, "nothing was measured yet");
    clear(&s, &j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_open_gates_are_counted_and_the_first_of_them_is_told),
        cmocka_unit_test(a_single_open_gate_is_told_without_a_count),
        cmocka_unit_test(a_limit_is_told_with_the_edge_that_decides),
        cmocka_unit_test(a_change_of_an_exact_zero_is_absolute),
        cmocka_unit_test(each_metric_has_one_result),
        cmocka_unit_test(what_a_session_could_show_follows_from_the_spread_of_the_stored_ones),
        cmocka_unit_test(a_stored_session_without_control_variates_ends_the_adjusting),
        cmocka_unit_test(other_work_than_in_the_stored_sessions_ends_the_adjusting),
        cmocka_unit_test(another_number_of_requests_ends_the_adjusting),
        cmocka_unit_test(costs_are_known_to_one_standard_deviation_beyond_the_stored_ones),
        cmocka_unit_test(a_coupling_without_a_bound_ends_the_adjusting),
        cmocka_unit_test(a_session_without_data_is_inconclusive_in_every_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
