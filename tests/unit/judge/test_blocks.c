/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that were measured in jobs of their own: one look at those that are there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/family.h"
#include "unit/judge/build.h"

/* A plan of three blocks, of which the first `count` are there. */
static struct sg_session parallel(int count, double factor)
{
    struct sg_session s = build_simple(0.05);
    s.plan.blocks = 3;
    s.plan.max_repetitions = 9;
    build_blocks(&s, count, factor);
    return s;
}

static void all_blocks_are_one_look(void **state)
{
    (void)state;
    struct sg_session s = parallel(3, 1);
    struct sg_judgement one = build_judge(&s);
    assert_int_equal(one.verdict, SG_PASS);
    assert_int_equal(one.looks_max, 1);
    assert_int_equal(one.repetitions, 9);
    assert_int_equal(one.results[0].decided_at, 9);
    s.plan.blocks = 0; /* in one session the first look would have been enough */
    struct sg_judgement several = build_judge(&s);
    assert_int_equal(several.verdict, SG_PASS);
    assert_int_equal(several.results[0].decided_at, 6);
    sg_judgement_clear(&several);
    sg_judgement_clear(&one);
    sg_session_clear(&s);
}

/* --- The error that is spent ----------------------------------------------------------------- */

/* How often U of `blocks` blocks is at least `least`, of 20^blocks orders: counted anew, order by
 * order of one block. */
static double tail(int blocks, int least)
{
    double law[64] = {1};
    for (int b = 0; b < blocks; b++) {
        double next[64] = {0};
        for (int set = 0; set < 64; set++) {
            if (__builtin_popcount((unsigned)set) != 3)
                continue;
            int u = 0; /* pairs with the variant (a bit that is set) above the reference */
            for (int i = 0; i < 6; i++)
                for (int j = 0; j < i; j++)
                    u += (set >> i & 1) && !(set >> j & 1);
            for (int sum = 0; sum + u < 64; sum++)
                next[sum + u] += law[sum] / 20;
        }
        memcpy(law, next, sizeof(law));
    }
    double sum = 0;
    for (int u = least; u < 64; u++)
        sum += law[u];
    return sum;
}

static int critical(int blocks, double error)
{
    int u = 0;
    while (tail(blocks, u) > error * (1 + 1e-12))
        u++;
    return u;
}

static void the_one_look_spends_the_whole_error_of_the_blocks_that_are_there(void **state)
{
    (void)state;
    for (int count = 2; count <= 3; count++) {
        struct sg_session s = parallel(count, 1);
        struct sg_error err = {0};
        char *text = sg_judge_explain(&s, &err);
        char *wanted = sg_format("critical u(alpha = 0.01) = %d, u(beta = 0.05) = %d",
                                 critical(count, 0.01), critical(count, 0.05));
        assert_contains(text, wanted);
        assert_null(strstr(text, "look 2"));
        free(wanted);
        free(text);
        sg_session_clear(&s);
    }
}

#define ALPHA 0.0451 /* 4.5 % is a level of two blocks */

/* Every assignment of labels to six fixed results a block, drift between blocks and all. */
static double share_failing(int blocks, int all)
{
    int failed = 0;
    int drawn = 0;
    for (int code = 0; code < all; code++) {
        struct sg_session s = build_simple(1e-9);
        s.plan.blocks = 3;
        s.plan.max_repetitions = 9;
        s.plan.alpha = ALPHA;
        bool fair = true;
        for (int b = 1, rest = code; b <= blocks; b++, rest /= 64) {
            fair = fair && __builtin_popcount((unsigned)rest % 64) == 3;
            for (int i = 0; i < 6; i++)
                build_row(&s, b, rest >> i & 1 ? "candidate" : "base",
                          0.01 * b * build_noise(5 * b + i));
        }
        if (fair) {
            drawn++;
            failed += build_verdict(&s) == SG_FAIL;
        } else {
            sg_session_clear(&s);
        }
    }
    assert_int_equal(drawn, blocks == 2 ? 400 : 8000);
    return (double)failed / drawn;
}

static void an_unchanged_variant_fails_no_more_often_than_alpha_with_a_block_missing(void **state)
{
    (void)state;
    double share = share_failing(2, 64 * 64);
    assert_true(share <= ALPHA);
    assert_true(share > 0.04); /* and the error is spent, not kept for looks that never come */
}

static void nor_with_all_blocks(void **state)
{
    (void)state;
    double share = share_failing(3, 64 * 64 * 64);
    assert_true(share <= ALPHA);
    assert_true(share > 0.03);
}

/* --- Missing data ---------------------------------------------------------------------------- */

static void fewer_blocks_than_the_plan_asks_for_are_invalid(void **state)
{
    (void)state;
    struct sg_session s = parallel(1, 1);
    struct sg_judgement judgement = build_judge(&s);
    assert_int_equal(judgement.verdict, SG_INVALID);
    assert_contains(judgement.reason, "only 1 of 3 blocks can be judged");
    sg_judgement_clear(&judgement);
    s.plan.min_repetitions = 9;
    build_blocks(&s, 2, 1); /* numbers 1 and 2: six a side in block 1 */
    assert_int_equal(build_verdict(&s), SG_INVALID);
}

static void a_part_of_a_running_plan_decides_nothing(void **state)
{
    (void)state;
    struct sg_session s = parallel(1, 2);
    s.block = 1;
    s.complete = false;
    struct sg_judgement judgement = build_judge(&s);
    assert_int_equal(judgement.verdict, SG_INCONCLUSIVE);
    assert_false(judgement.decided);
    sg_judgement_clear(&judgement);
    sg_session_clear(&s);
}

static void a_variant_that_died_in_one_block_has_failed(void **state)
{
    (void)state;
    struct sg_session s = parallel(2, 1);
    sg_repetition_add_finding(build_row(&s, 3, "candidate", 0.01), SG_FINDING_FAIL, "exited", NULL,
                              "it died");
    assert_int_equal(build_verdict(&s), SG_FAIL);
    s = parallel(0, 1);
    sg_repetition_add_finding(build_row(&s, 3, "candidate", 0.01), SG_FINDING_FAIL, "exited", NULL,
                              "it died");
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

/* In one session a variant that is decided is not measured any further. */
static void nobody_leaves_blocks_that_were_measured_apart(void **state)
{
    (void)state;
    struct sg_session s = parallel(2, 1);
    build_variant(&s, "other");
    for (int b = 1; b <= 3; b++)
        for (int i = 0; i < 3; i++) {
            build_row(&s, b, "other", 0.01 * build_noise(i));
            if (b == 3)
                build_row(&s, b, "base", 0.01 * build_noise(i + 1));
        }
    struct sg_judgement judgement = build_judge(&s);
    assert_int_equal(judgement.results[0].n_variant, 6);
    assert_int_equal(judgement.results[1].n_variant, 6); /* block 3 is not whole */
    sg_judgement_clear(&judgement);
    s.plan.blocks = 0;
    judgement = build_judge(&s);
    assert_int_equal(judgement.repetitions, 9);
    sg_judgement_clear(&judgement);
    sg_session_clear(&s);
}

static void blocks_repeat_nothing_of_each_other(void **state)
{
    (void)state;
    struct sg_session s = parallel(0, 1);
    struct sg_repetition *row = build_row(&s, 1, "base", 0.01);
    row->discarded = true;
    sg_repetition_add_finding(row, SG_FINDING_INVALID, "window", NULL, "cut short");
    row = build_row(&s, 2, "base", 0.01);
    row->discarded = true;
    sg_repetition_add_finding(row, SG_FINDING_INVALID, "window", NULL, "cut short");
    build_blocks(&s, 3, 1);
    assert_int_equal(build_verdict(&s), SG_PASS);
}

/* --- Machines -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void each_block_has_its_own_estimate(void **state)
{
    (void)state;
    struct sg_session s = parallel(3, 1);
    for (size_t i = 0; i < s.repetitions_count; i++) /* each machine sees another change */
        if (sg_streq(s.repetitions[i].variant, "candidate"))
            s.repetitions[i].values[0] *= 1 + 0.01 * s.repetitions[i].block;
    struct sg_judgement judgement = build_judge(&s);
    const struct sg_result *result = &judgement.results[0];
    assert_int_equal(result->strata_count, 3);
    for (int b = 1; b <= 3; b++) {
        double d[9];
        size_t count = 0;
        for (size_t i = 0; i < s.repetitions_count; i++)
            for (size_t j = 0; j < s.repetitions_count; j++)
                if (s.repetitions[i].block == b && s.repetitions[j].block == b &&
                    sg_streq(s.repetitions[i].variant, "base") &&
                    sg_streq(s.repetitions[j].variant, "candidate"))
                    d[count++] = log(s.repetitions[j].values[0]) - log(s.repetitions[i].values[0]);
        assert_int_equal(count, 9);
        qsort(d, 9, sizeof(*d), by_size);
        assert_int_equal(result->strata[b - 1].block, b);
        assert_true(fabs(result->strata[b - 1].change - expm1(d[4])) < 1e-12);
    }
    sg_judgement_clear(&judgement);
    s.plan.blocks = 0;
    judgement = build_judge(&s);
    assert_int_equal(judgement.results[0].strata_count, 0);
    sg_judgement_clear(&judgement);
    sg_session_clear(&s);
}

/* What one machine measured of itself holds for no other. */
static void a_coupling_of_one_machine_is_not_taken_for_that_of_all(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_metric(&s, "generator_cpu_per_request", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    sg_session_add_fact(&s, "coupling_h", "0.01", false);
    assert_true(fabs(sg_coupling(&s, 0) - 0.01) < 1e-12);
    s.facts[0].block = 2;
    assert_true(sg_coupling(&s, 0) > 0.4);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_blocks_are_one_look),
        cmocka_unit_test(the_one_look_spends_the_whole_error_of_the_blocks_that_are_there),
        cmocka_unit_test(an_unchanged_variant_fails_no_more_often_than_alpha_with_a_block_missing),
        cmocka_unit_test(nor_with_all_blocks),
        cmocka_unit_test(fewer_blocks_than_the_plan_asks_for_are_invalid),
        cmocka_unit_test(a_part_of_a_running_plan_decides_nothing),
        cmocka_unit_test(a_variant_that_died_in_one_block_has_failed),
        cmocka_unit_test(nobody_leaves_blocks_that_were_measured_apart),
        cmocka_unit_test(blocks_repeat_nothing_of_each_other),
        cmocka_unit_test(each_block_has_its_own_estimate),
        cmocka_unit_test(a_coupling_of_one_machine_is_not_taken_for_that_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
