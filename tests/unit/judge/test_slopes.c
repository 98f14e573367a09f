/* SPDX-License-Identifier: Apache-2.0 */
/* Memory growth from end to end: one Theil-Sen slope a repetition, then the block test on their
 * differences with an absolute tolerance (docs/method.md 4.6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/ranks.h"
#include "unit/judge/build.h"
#include "unit/judge/random_session.h"
#include "unit/vectors.h"

#define KIB 1024.0
#define POINTS 60

/* A minute of memory, one reading a second: 100 MiB, sawtooth of a garbage collector, noise, and so
 * many bytes more every second. */
static double measured_growth(struct sg_random *random, double growth)
{
    double times[POINTS];
    double values[POINTS];
    for (int i = 0; i < POINTS; i++) {
        times[i] = i;
        values[i] =
            100 * KIB * KIB + growth * i + i % 7 * 64 * KIB + random_normal(random) * 40 * KIB;
    }
    struct sg_slope slope;
    assert_true(sg_theil_sen(times, values, POINTS, 0.05, &slope));
    return slope.slope;
}

static struct sg_session growth_session(struct sg_random *random, double base, double candidate)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "memory_growth", SG_SCALE_LINEAR);
    build_gate(&s, "memory_growth", 4 * KIB);
    for (int i = 0; i < 42; i++)
        build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base",
                  measured_growth(random, i % 2 ? candidate : base));
    return s;
}

static struct sg_judgement judge_growth(double base, double candidate)
{
    struct sg_random random;
    sg_random_seed(&random, 77);
    struct sg_session s = growth_session(&random, base, candidate);
    struct sg_judgement j = build_judge(&s);
    sg_session_clear(&s);
    return j;
}

static void expect_growth(double base, double candidate, enum sg_verdict verdict)
{
    struct sg_judgement j = judge_growth(base, candidate);
    const struct sg_result *result = &j.results[0];
    assert_int_equal(j.verdict, verdict);
    assert_false(result->relative);
    assert_close(result->tolerance, 4 * KIB, 0);
    assert_near(result->change, candidate - base, 400);
    if (isfinite(result->low) && isfinite(result->high))
        assert_true(result->low <= result->change && result->change <= result->high);
    sg_judgement_clear(&j);
}

static void no_growth_on_either_side_passes(void **state)
{
    (void)state;
    expect_growth(0, 0, SG_PASS);
}

static void a_leak_beyond_the_tolerance_fails(void **state)
{
    (void)state;
    expect_growth(0, 20 * KIB, SG_FAIL);
}

static void a_leak_below_the_tolerance_passes(void **state)
{
    (void)state;
    expect_growth(0, 1 * KIB, SG_PASS);
}

static void a_leak_that_the_reference_has_too_passes(void **state)
{
    (void)state;
    expect_growth(50 * KIB, 50 * KIB, SG_PASS);
}

static void a_leak_that_was_mended_passes_as_better(void **state)
{
    (void)state;
    struct sg_judgement j = judge_growth(50 * KIB, 0);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.results[0].improved);
    sg_judgement_clear(&j);
}

static void shrinking_memory_is_a_number_like_another(void **state)
{
    (void)state;
    expect_growth(-30 * KIB, -30 * KIB, SG_PASS);
    expect_growth(-30 * KIB, 0, SG_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_growth_on_either_side_passes),
        cmocka_unit_test(a_leak_beyond_the_tolerance_fails),
        cmocka_unit_test(a_leak_below_the_tolerance_passes),
        cmocka_unit_test(a_leak_that_the_reference_has_too_passes),
        cmocka_unit_test(a_leak_that_was_mended_passes_as_better),
        cmocka_unit_test(shrinking_memory_is_a_number_like_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
