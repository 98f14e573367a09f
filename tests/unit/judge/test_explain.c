/* SPDX-License-Identifier: Apache-2.0 */
/* The computation as text: every number that a sceptic needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

static void the_steps_of_a_comparison_are_all_there(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.gates[0].limit = 0.05;
    build_blocks(&s, 3, 1.2);
    struct sg_error err = {0};
    char *text = sg_judge_explain(&s, &err);
    assert_non_null(text);
    const char *const parts[] = {"latency_p95 of candidate",
                                 "block 1: y of the reference",
                                 "block 2: y of the reference",
                                 "look 1: n = 6 + 6, 18 differences D",
                                 "U = #{D > 0} = 18; critical u(alpha = 0.005) = none",
                                 "L = none",
                                 "u(beta = 0.05) = 17",
                                 "look 2: n = 9 + 9, 27 differences D",
                                 "critical u(alpha = 0.005) = 25",
                                 "theta1 = 0.0487901",
                                 "go on",
                                 "FAIL",
                                 "limit 0.05",
                                 "Verdict: fail. candidate: latency_p95: worse by"};
    for (size_t i = 0; i < SG_COUNT(parts); i++)
        assert_contains(text, parts[i]);
    free(text);
    sg_session_clear(&s);
}

static void slopes_and_adjusted_values_are_shown(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    s.metrics[0].adjust = true;
    build_metric(&s, "generator", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_blocks(&s, 2, 1.0);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[1] = r % 2 ? 2 : 0.5;
    struct sg_error err = {0};
    char *text = sg_judge_explain(&s, &err);
    assert_non_null(text);
    assert_contains(text, "gamma 0.897013; x = y - gamma*z of the reference");
    free(text);
    sg_session_clear(&s);
}

static void counts_and_exact_values_are_explained(void **state)
{
    (void)state;
    struct sg_session s = build_error_rate(NAN);
    s.metrics[1].scale = SG_SCALE_EXACT;
    build_gate(&s, "errors", NAN);
    for (int i = 0; i < 12; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 6, i % 2 ? "candidate" : "base", 0);
        row->values[1] = 0;
        row->values[2] = 5000;
    }
    struct sg_error err = {0};
    char *text = sg_judge_explain(&s, &err);
    assert_non_null(text);
    assert_contains(text, "0 of 30000 against 0 of 30000 in the reference");
    assert_contains(text, "Fisher's exact test");
    assert_contains(text, "exact values 0 to 0 against 0 to 0");
    assert_contains(text, "Verdict: pass.");
    free(text);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steps_of_a_comparison_are_all_there),
        cmocka_unit_test(slopes_and_adjusted_values_are_shown),
        cmocka_unit_test(counts_and_exact_values_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
