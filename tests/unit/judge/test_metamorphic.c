/* SPDX-License-Identifier: Apache-2.0 */
/* What must not change a verdict, what must mirror it, and that verdicts once seen stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/judge/random_session.h"
#include "unit/vectors.h"

#define ROUNDS 40

static void assert_same_results(const struct sg_judgement *a, const struct sg_judgement *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->results_count, b->results_count);
    for (size_t i = 0; i < a->results_count; i++) {
        const struct sg_result *x = &a->results[i];
        const struct sg_result *y = &b->results[i];
        assert_int_equal(x->verdict, y->verdict);
        assert_int_equal(x->decided_at, y->decided_at);
        assert_int_equal(x->improved, y->improved);
        assert_near(x->change - y->change, 0, 1e-9);
        assert_true(isnan(x->low) == isnan(y->low));
        assert_near(isnan(x->low) ? 0 : x->low - y->low, 0, 1e-9);
        assert_near(isnan(x->high) ? 0 : x->high - y->high, 0, 1e-9);
        assert_near(isnan(x->noise) ? 0 : x->noise - y->noise, 0, 1e-9);
    }
}

/* A session before and after `change`; without the limit, which is no question of differences. */
static void expect_unchanged(void (*change)(struct sg_session *, struct sg_random *))
{
    struct sg_random random;
    sg_random_seed(&random, 5);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.gates[0].limit = NAN;
        struct sg_judgement before = build_judge(&s);
        change(&s, &random);
        struct sg_judgement after = build_judge(&s);
        assert_same_results(&before, &after);
        sg_judgement_clear(&before);
        sg_judgement_clear(&after);
        sg_session_clear(&s);
    }
}

static void multiply(struct sg_session *s, struct sg_random *random)
{
    double factor = exp(random_normal(random) * 10);
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[0] *= factor;
}

static void another_unit_changes_nothing(void **state)
{
    (void)state;
    expect_unchanged(multiply);
}

static void shift_blocks(struct sg_session *s, struct sg_random *random)
{
    double factor[8];
    for (int b = 0; b < 8; b++)
        factor[b] = exp(random_normal(random));
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[0] *= factor[s->repetitions[r].block];
}

static void drift_between_blocks_changes_nothing(void **state)
{
    (void)state;
    expect_unchanged(shift_blocks);
}

static void reorder(struct sg_session *s, struct sg_random *random)
{
    for (size_t from = 0; from < s->repetitions_count; from += 9) {
        int order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
        struct sg_repetition rows[9];
        memcpy(rows, s->repetitions + from, sizeof(rows));
        sg_random_shuffle(random, order, 9);
        for (int i = 0; i < 9; i++)
            s->repetitions[from + (size_t)i] = rows[order[i]];
    }
}

static void order_inside_a_block_changes_nothing(void **state)
{
    (void)state;
    expect_unchanged(reorder);
}

static void renumber(struct sg_session *s, struct sg_random *random)
{
    int step = 1 + (int)sg_random_below(random, 9);
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].block = 1000 - step * s->repetitions[r].block;
}

static void numbers_of_blocks_change_nothing(void **state)
{
    (void)state;
    expect_unchanged(renumber);
}

static void shift_generator(struct sg_session *s, struct sg_random *random)
{
    double factor = exp(random_normal(random));
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[2] *= factor;
}

static void the_unit_of_a_control_variate_changes_nothing(void **state)
{
    (void)state;
    expect_unchanged(shift_generator);
}

static void swapped_sides_mirror_the_result(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 6);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.plan.planned = false;
        s.plan.alpha = 0.05;
        s.gates_count = 1; /* alpha and beta are the same then */
        s.gates[0].limit = NAN;
        struct sg_judgement one = build_judge(&s);
        free(s.reference);
        s.reference = sg_strdup("candidate");
        struct sg_judgement other = build_judge(&s);
        const struct sg_result *x = &one.results[0];
        const struct sg_result *y = &other.results[0];
        assert_string_equal(x->variant, "candidate");
        assert_string_equal(y->variant, "base");
        assert_near(log1p(x->change), -log1p(y->change), 1e-12);
        assert_near(log1p(x->low), -log1p(y->high), 1e-12);
        assert_near(log1p(x->high), -log1p(y->low), 1e-12);
        assert_near(x->noise, y->noise, 1e-12);
        assert_int_equal(x->improved, y->low > 0);
        assert_int_equal(y->improved, x->low > 0);
        sg_judgement_clear(&one);
        sg_judgement_clear(&other);
        s.gates_count = 2;
        sg_session_clear(&s);
    }
}

/* Judged after each block as a running session does: what was decided then is what the finished
 * session says. */
static void verdicts_once_seen_stay(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 7);
    int decided = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 5 * 0.03, 0.04);
        if (i % 8 == 7)
            s.repetitions[40].values[i % 2] = NAN;
        struct sg_judgement whole = build_judge(&s);
        size_t rows = s.repetitions_count;
        s.complete = false;
        for (size_t blocks = 1; blocks <= 7; blocks++) {
            s.repetitions_count = blocks * 9;
            struct sg_judgement part = build_judge(&s);
            for (size_t k = 0; k < 4; k++) {
                const struct sg_result *then = &part.results[k];
                const struct sg_result *now = &whole.results[k];
                if (then->verdict == SG_INCONCLUSIVE)
                    continue;
                decided++;
                assert_int_equal(then->verdict, now->verdict);
                assert_int_equal(then->decided_at, now->decided_at);
                assert_string_equal(then->reason, now->reason);
                assert_close(then->change, now->change, 0);
                assert_close(then->p, now->p, 0);
            }
            for (size_t v = 0; v < 2; v++)
                if (part.variants[v].decided)
                    assert_int_equal(part.variants[v].verdict, whole.variants[v].verdict);
            if (part.decided)
                assert_int_equal(part.verdict, whole.verdict);
            sg_judgement_clear(&part);
        }
        s.repetitions_count = rows;
        sg_judgement_clear(&whole);
        sg_session_clear(&s);
    }
    assert_true(decided > 200);
}

static void a_value_below_its_tolerance_at_a_later_look_does_not_wake_a_frozen_verdict(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.05);
    build_blocks(&s, 2, 1.0);
    for (int b = 3; b <= 7; b++) /* from the third block on twice as slow */
        for (int i = 0; i < 3; i++) {
            build_row(&s, b, "base", 0.010 * build_noise(b + i));
            build_row(&s, b, "candidate", 0.020 * build_noise(b + i + 3));
        }
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].decided_at, 6);
    assert_true(j.results[0].change < 0.01);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_unit_changes_nothing),
        cmocka_unit_test(drift_between_blocks_changes_nothing),
        cmocka_unit_test(order_inside_a_block_changes_nothing),
        cmocka_unit_test(numbers_of_blocks_change_nothing),
        cmocka_unit_test(the_unit_of_a_control_variate_changes_nothing),
        cmocka_unit_test(swapped_sides_mirror_the_result),
        cmocka_unit_test(verdicts_once_seen_stay),
        cmocka_unit_test(
            a_value_below_its_tolerance_at_a_later_look_does_not_wake_a_frozen_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
