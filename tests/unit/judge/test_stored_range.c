/* SPDX-License-Identifier: Apache-2.0 */
/* Stored sessions tell what the generator's cost does to a metric where it was in them, and not
 * beyond (docs/method.md 4.7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

#define STORED 8

/* Six repetitions; inside a session latency moves three times as far as the generator's cost. */
static struct sg_session one(double latency, double cost)
{
    static const double wiggle[] = {-0.004, 0.002, -0.001, 0.004, 0.001, -0.002};
    struct sg_session s = build_session();
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG)->adjust = true;
    build_metric(&s, "generator_cpu_per_request", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_gate(&s, "latency_p95", 0.05);
    for (int i = 0; i < 6; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 3, "candidate", NAN);
        row->values[0] = 0.01 * latency * exp(3 * wiggle[i]);
        row->values[1] = 0.0002 * cost * exp(wiggle[i]);
    }
    return s;
}

/* Session j's cost is 1 + width · (−1 … 1) of the usual, and its latency follows three times. */
static struct sg_judgement judge(double width, double latency, double cost)
{
    static const double place[STORED] = {0.1, -1, 0.6, -0.4, 1, 0.2, -0.7, 0.2};
    struct sg_session stored[STORED];
    for (int j = 0; j < STORED; j++)
        stored[j] = one(1 + 3 * width * place[j], 1 + width * place[j]);
    struct sg_session now = one(latency, cost);
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    if (!sg_judge_stored(&now, NULL, stored, STORED, &judgement, &err))
        fail_msg("%s", err.text);
    sg_session_clear(&now);
    for (int j = 0; j < STORED; j++)
        sg_session_clear(&stored[j]);
    return judgement;
}

static void a_session_among_the_stored_ones_is_adjusted(void **state)
{
    (void)state;
    struct sg_judgement j = judge(0.05, 1.12, 1.04);
    const struct sg_result *r = &j.results[0];
    assert_true(r->adjusted);
    assert_null(r->adjust_reason);
    assert_true(fabs(r->change) < 0.01 && fabs(r->change_raw - 0.12) < 0.01);
    assert_int_equal(j.verdict, SG_PASS);
    sg_judgement_clear(&j);
}

/* A baseline all of whose sessions had the same cost: +2.4 % used to be told as −24 %. */
static void a_cost_that_no_stored_session_had_is_not_taken_out(void **state)
{
    (void)state;
    struct sg_judgement j = judge(0.001, 1.024, 1.1);
    const struct sg_result *r = &j.results[0];
    assert_false(r->adjusted);
    assert_null(r->gamma);
    assert_non_null(r->adjust_reason);
    assert_contains(r->adjust_reason,
                    "generator_cpu_per_request is 0.00022 in this session and was 0.0001998 to "
                    "0.0002002 in the stored ones");
    assert_true(fabs(r->change - 0.024) < 0.001);
    assert_true(r->change >= r->change_raw && r->change <= r->change_raw);
    sg_judgement_clear(&j);
}

/* The change is at most +2.4 %, says the raw comparison; the adjusted one does not know. */
static void such_a_session_passes_only_when_both_ways_say_so(void **state)
{
    (void)state;
    struct sg_judgement faster = judge(0.001, 1.024, 1.1);
    assert_int_equal(faster.verdict, SG_PASS); /* adjusted: −24 % */
    assert_true(faster.results[0].low < -0.2);
    sg_judgement_clear(&faster);
    struct sg_judgement slower = judge(0.001, 1.024, 0.9); /* adjusted: +40 % */
    assert_int_equal(slower.verdict, SG_INCONCLUSIVE);
    assert_true(slower.results[0].high > 0.2);
    sg_judgement_clear(&slower);
}

static void such_a_session_fails_only_when_both_ways_say_so(void **state)
{
    (void)state;
    struct sg_judgement host = judge(0.001, 1.3, 1.1); /* adjusted: −2 % */
    assert_int_equal(host.verdict, SG_INCONCLUSIVE);
    sg_judgement_clear(&host);
    struct sg_judgement both = judge(0.001, 1.3, 0.98); /* adjusted: +38 % */
    assert_int_equal(both.verdict, SG_FAIL);
    assert_false(both.results[0].adjusted);
    sg_judgement_clear(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_among_the_stored_ones_is_adjusted),
        cmocka_unit_test(a_cost_that_no_stored_session_had_is_not_taken_out),
        cmocka_unit_test(such_a_session_passes_only_when_both_ways_say_so),
        cmocka_unit_test(such_a_session_fails_only_when_both_ways_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
