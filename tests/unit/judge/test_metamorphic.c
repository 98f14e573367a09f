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

static void assert_same_result(const struct sg_result *x, const struct sg_result *y)
{
    assert_int_equal(x->verdict, y->verdict);
    assert_int_equal(x->decided_at, y->decided_at);
    assert_int_equal(x->improved, y->improved);
    assert_near(x->change - y->change, 0, 1e-9);
    assert_true(isnan(x->low) == isnan(y->low));
    assert_near(isnan(x->low) ? 0 : x->low - y->low, 0, 1e-9);
    assert_near(isnan(x->high) ? 0 : x->high - y->high, 0, 1e-9);
    assert_near(isnan(x->noise) ? 0 : x->noise - y->noise, 0, 1e-9);
    assert_close(x->p, y->p, 1e-9);
}

/* Of the gates; there may be other metrics without one. */
static void assert_same_results(const struct sg_judgement *a, const struct sg_judgement *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->variants_count, b->variants_count);
    for (size_t v = 0; v < a->variants_count; v++)
        assert_int_equal(a->variants[v].verdict, b->variants[v].verdict);
    for (size_t i = 0; i < a->results_count && a->results[i].gated; i++)
        assert_same_result(&a->results[i], &b->results[i]);
}

/* Judged, changed and judged again: the same? */
static void expect_unchanged_session(struct sg_session *s, struct sg_random *random,
                                     void (*change)(struct sg_session *, struct sg_random *))
{
    struct sg_judgement before = build_judge(s);
    change(s, random);
    struct sg_judgement after = build_judge(s);
    assert_same_results(&before, &after);
    sg_judgement_clear(&before);
    sg_judgement_clear(&after);
}

/* A session before and after `change`; without the limit, which is no question of differences. */
static void expect_unchanged(void (*change)(struct sg_session *, struct sg_random *))
{
    struct sg_random random;
    sg_random_seed(&random, 5);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.gates[0].limit = NAN;
        expect_unchanged_session(&s, &random, change);
        sg_session_clear(&s);
    }
}

/* The same with differences instead of ratios. */
static void expect_unchanged_linear(void (*change)(struct sg_session *, struct sg_random *))
{
    struct sg_random random;
    sg_random_seed(&random, 8);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.gates[0].limit = NAN;
        s.metrics[0].scale = s.metrics[1].scale = SG_SCALE_LINEAR;
        expect_unchanged_session(&s, &random, change);
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

/* Values and tolerance by a power of two: nothing is rounded. */
static void multiply_all(struct sg_session *s, struct sg_random *random)
{
    double factor = ldexp(1, (int)sg_random_below(random, 60) - 30);
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[0] *= factor;
    s->gates[0].tolerance *= factor;
}

/* Bounds and change of the scaled metric are in its new unit: only the verdict is compared. */
static void another_unit_of_a_linear_metric_changes_no_verdict(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 9);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.gates[0].limit = NAN;
        s.metrics[0].scale = SG_SCALE_LINEAR;
        struct sg_judgement before = build_judge(&s);
        multiply_all(&s, &random);
        struct sg_judgement after = build_judge(&s);
        assert_int_equal(before.verdict, after.verdict);
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(before.results[k].verdict, after.results[k].verdict);
            assert_int_equal(before.results[k].decided_at, after.results[k].decided_at);
            assert_close(before.results[k].p, after.results[k].p, 0);
        }
        sg_judgement_clear(&before);
        sg_judgement_clear(&after);
        sg_session_clear(&s);
    }
}

static void add_to_blocks(struct sg_session *s, struct sg_random *random)
{
    double constant[8];
    for (int b = 0; b < 8; b++)
        constant[b] = random_normal(random);
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[0] += constant[s->repetitions[r].block];
}

static void a_constant_in_each_block_changes_no_linear_metric(void **state)
{
    (void)state;
    expect_unchanged_linear(add_to_blocks);
}

static void rename_one(char **name)
{
    const char *to = strcmp(*name, "base") == 0        ? "v2.1"
                     : strcmp(*name, "candidate") == 0 ? "a"
                                                       : "base";
    free(*name);
    *name = sg_strdup(to);
}

static void rename_all(struct sg_session *s, struct sg_random *random)
{
    (void)random;
    rename_one(&s->reference);
    for (size_t v = 0; v < s->variants_count; v++)
        rename_one(&s->variants[v].name);
    for (size_t r = 0; r < s->repetitions_count; r++)
        rename_one(&s->repetitions[r].variant);
}

static void names_of_variants_change_nothing(void **state)
{
    (void)state;
    expect_unchanged(rename_all);
}

static void add_metric(struct sg_session *s, struct sg_random *random)
{
    enum sg_scale scale = sg_random_below(random, 2) ? SG_SCALE_LOG : SG_SCALE_LINEAR;
    build_metric(s, "queue_depth", scale);
    for (size_t r = 0; r < s->repetitions_count; r++)
        s->repetitions[r].values[3] = random_normal(random) * (r % 5 == 0 ? 1e9 : 1);
    s->repetitions[3].values[3] = NAN;
}

static void a_metric_without_a_gate_changes_no_gate(void **state)
{
    (void)state;
    expect_unchanged(add_metric);
}

static void the_order_of_gates_and_metrics_changes_nothing(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 10);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.gates[1].weight = 3;
        struct sg_judgement before = build_judge(&s);
        struct sg_gate gate = s.gates[0];
        s.gates[0] = s.gates[1];
        s.gates[1] = gate;
        struct sg_metric metric = s.metrics[0]; /* the covariate comes first then */
        s.metrics[0] = s.metrics[2];
        s.metrics[2] = metric;
        for (size_t r = 0; r < s.repetitions_count; r++) {
            double value = s.repetitions[r].values[0];
            s.repetitions[r].values[0] = s.repetitions[r].values[2];
            s.repetitions[r].values[2] = value;
        }
        struct sg_judgement after = build_judge(&s);
        assert_int_equal(before.verdict, after.verdict);
        for (size_t k = 0; k < 4; k++) {
            assert_string_equal(before.results[k].metric, after.results[(k + 2) % 4].metric);
            assert_same_result(&before.results[k], &after.results[(k + 2) % 4]);
        }
        sg_judgement_clear(&before);
        sg_judgement_clear(&after);
        sg_session_clear(&s);
    }
}

static void shuffle_rows(struct sg_session *s, struct sg_random *random)
{
    for (size_t left = s->repetitions_count; left > 1; left--) {
        size_t pick = (size_t)sg_random_below(random, left);
        struct sg_repetition row = s->repetitions[left - 1];
        s->repetitions[left - 1] = s->repetitions[pick];
        s->repetitions[pick] = row;
    }
}

/* Raw values at one look; adjusted ones learn from block to block. */
static void the_order_of_plain_samples_changes_nothing(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 11);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.plan.planned = false;
        s.metrics[0].adjust = false;
        expect_unchanged_session(&s, &random, shuffle_rows);
        sg_session_clear(&s);
    }
}

static void another_variant_changes_nothing_for_the_rest(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 12);
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.metrics[0].adjust = false; /* what the host did is learnt from all variants */
        struct sg_judgement three = build_judge(&s);
        size_t kept = 0;
        for (size_t r = 0; r < s.repetitions_count; r++) {
            if (strcmp(s.repetitions[r].variant, "other") == 0)
                sg_repetition_clear(&s.repetitions[r]);
            else
                s.repetitions[kept++] = s.repetitions[r];
        }
        s.repetitions_count = kept;
        s.variants_count = 2;
        struct sg_judgement two = build_judge(&s);
        for (size_t g = 0; g < 2; g++)
            assert_same_result(&three.results[2 * g], &two.results[g]);
        assert_int_equal(three.variants[0].verdict, two.variants[0].verdict);
        sg_judgement_clear(&three);
        sg_judgement_clear(&two);
        s.variants_count = 3;
        sg_session_clear(&s);
    }
}

static int badness(enum sg_verdict verdict)
{
    return verdict == SG_PASS ? 0 : (verdict == SG_INCONCLUSIVE ? 1 : 2);
}

static void a_slower_variant_is_never_judged_better(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 13);
    int worse = 0;
    for (int i = 0; i < 3 * ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.04);
        s.plan.planned = i % 2 == 0;
        struct sg_judgement before = build_judge(&s);
        double factor = 1 + 0.1 * sg_random_unit(&random);
        for (size_t r = 0; r < s.repetitions_count; r++)
            if (strcmp(s.repetitions[r].variant, "candidate") == 0)
                for (size_t m = 0; m < 2; m++)
                    s.repetitions[r].values[m] *= factor;
        struct sg_judgement after = build_judge(&s);
        for (size_t g = 0; g < 2; g++) {
            int then = badness(before.results[2 * g].verdict);
            int now = badness(after.results[2 * g].verdict);
            assert_true(now >= then);
            worse += now > then;
        }
        sg_judgement_clear(&before);
        sg_judgement_clear(&after);
        sg_session_clear(&s);
    }
    assert_true(worse > 20);
}

/* A number of one side's result as seen from the other. */
static double mirrored(const struct sg_result *result, double change)
{
    return result->relative ? -log1p(change) : -change;
}

static double straight(const struct sg_result *result, double change)
{
    return result->relative ? log1p(change) : change;
}

static void assert_mirrored(const struct sg_result *x, const struct sg_result *y)
{
    assert_string_equal(x->variant, "candidate");
    assert_string_equal(y->variant, "base");
    assert_near(straight(x, x->change), mirrored(y, y->change), 1e-12);
    assert_near(straight(x, x->low), mirrored(y, y->high), 1e-12);
    assert_near(straight(x, x->high), mirrored(y, y->low), 1e-12);
    assert_near(x->noise, y->noise, 1e-12);
    assert_int_equal(x->improved, y->low > 0);
    assert_int_equal(y->improved, x->low > 0);
    if (x->verdict == SG_FAIL)
        assert_true(y->improved && y->verdict == SG_PASS);
    if (y->verdict == SG_FAIL)
        assert_true(x->improved && x->verdict == SG_PASS);
}

static void expect_mirrored(enum sg_scale scale)
{
    struct sg_random random;
    sg_random_seed(&random, 6);
    int failed = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct sg_session s = random_session(&random, i % 4 * 0.03, 0.03);
        s.plan.planned = false;
        s.plan.alpha = 0.05;
        s.gates_count = 1; /* alpha and beta are the same then */
        s.gates[0].limit = NAN;
        s.metrics[0].scale = scale;
        struct sg_judgement one = build_judge(&s);
        free(s.reference);
        s.reference = sg_strdup("candidate");
        struct sg_judgement other = build_judge(&s);
        assert_mirrored(&one.results[0], &other.results[0]);
        failed += one.results[0].verdict == SG_FAIL;
        sg_judgement_clear(&one);
        sg_judgement_clear(&other);
        s.gates_count = 2;
        sg_session_clear(&s);
    }
    assert_true(failed > 5);
}

static void swapped_sides_mirror_the_result(void **state)
{
    (void)state;
    expect_mirrored(SG_SCALE_LOG);
}

static void swapped_sides_mirror_linear_metrics_too(void **state)
{
    (void)state;
    expect_mirrored(SG_SCALE_LINEAR);
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
        cmocka_unit_test(another_unit_of_a_linear_metric_changes_no_verdict),
        cmocka_unit_test(a_constant_in_each_block_changes_no_linear_metric),
        cmocka_unit_test(names_of_variants_change_nothing),
        cmocka_unit_test(a_metric_without_a_gate_changes_no_gate),
        cmocka_unit_test(the_order_of_gates_and_metrics_changes_nothing),
        cmocka_unit_test(the_order_of_plain_samples_changes_nothing),
        cmocka_unit_test(another_variant_changes_nothing_for_the_rest),
        cmocka_unit_test(a_slower_variant_is_never_judged_better),
        cmocka_unit_test(swapped_sides_mirror_the_result),
        cmocka_unit_test(swapped_sides_mirror_linear_metrics_too),
        cmocka_unit_test(verdicts_once_seen_stay),
        cmocka_unit_test(
            a_value_below_its_tolerance_at_a_later_look_does_not_wake_a_frozen_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
