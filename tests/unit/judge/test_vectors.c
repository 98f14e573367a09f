/* SPDX-License-Identifier: Apache-2.0 */
/* Whole judgements of random sessions against the independent ones of tests/vectors/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/vectors.h"

static const char *const names[] = {"base", "candidate", "other"};

struct shape {
    int metrics, gates, variants, rows;
    bool levels; /* p-values are given */
};

static struct shape read_plan(struct vectors *v, struct sg_session *s)
{
    s->reference = sg_strdup("base");
    s->plan.planned = vectors_int(v);
    s->complete = vectors_int(v);
    s->plan.min_repetitions = vectors_int(v);
    s->plan.max_repetitions = vectors_int(v);
    s->plan.block_size = vectors_int(v);
    s->plan.alpha = vectors_number(v);
    s->plan.beta = vectors_number(v);
    s->plan.attempt = vectors_int(v);
    struct shape shape = {vectors_int(v), 0, 0, 0, false};
    shape.gates = vectors_int(v);
    shape.variants = vectors_int(v);
    shape.rows = vectors_int(v);
    sg_session_add_fact(s, "coupling_h", vectors_word(v), false);
    shape.levels = vectors_int(v);
    for (int i = 0; i < shape.variants && i < 3; i++)
        build_variant(s, names[i]);
    return shape;
}

static void read_metric(struct vectors *v, struct sg_session *s)
{
    assert_string_equal(vectors_word(v), "metric");
    struct sg_metric *metric = build_metric(s, vectors_word(v), SG_SCALE_LOG);
    const char *scale = vectors_word(v);
    metric->scale = strcmp(scale, "log") == 0      ? SG_SCALE_LOG
                    : strcmp(scale, "linear") == 0 ? SG_SCALE_LINEAR
                                                   : SG_SCALE_COUNT;
    metric->better = strcmp(vectors_word(v), "higher") == 0 ? SG_HIGHER : SG_LOWER;
    metric->role = strcmp(vectors_word(v), "covariate") == 0 ? SG_ROLE_COVARIATE : SG_ROLE_METRIC;
    metric->adjust = vectors_int(v);
    if (metric->scale == SG_SCALE_COUNT) {
        metric->events = sg_strdup("errors");
        metric->trials = sg_strdup("requests");
    }
}

static void read_gate(struct vectors *v, struct sg_session *s)
{
    assert_string_equal(vectors_word(v), "gate");
    struct sg_gate *gate = build_gate(s, s->metrics[vectors_int(v)].name, NAN);
    gate->tolerance = vectors_number(v);
    gate->floor = vectors_number(v);
    gate->limit = vectors_number(v);
    gate->warn = vectors_number(v);
    gate->weight = vectors_number(v);
}

static void read_row(struct vectors *v, struct sg_session *s)
{
    assert_string_equal(vectors_word(v), "rep");
    int block = vectors_int(v);
    struct sg_repetition *row = build_row(s, block, names[vectors_int(v)], NAN);
    for (size_t m = 0; m < s->metrics_count; m++)
        row->values[m] = vectors_number(v);
}

/* Differences: to `relative` of themselves or of one, because they may vanish by cancellation. */
static void assert_same(double got, double wanted, double relative)
{
    if (!vectors_close_to(got, wanted, relative) && !(fabs(got - wanted) <= relative))
        fail_msg("%.17g is not %.17g", got, wanted);
}

static void check_result(struct vectors *v, const struct sg_result *result, double relative,
                         bool levels)
{
    const char *verdict = vectors_word(v);
    if (strcmp(verdict, "none") == 0)
        return;
    if (strcmp(sg_verdict_name(result->verdict), verdict) != 0)
        fail_msg("%s: the verdict is %s (%s), not %s", result->metric,
                 sg_verdict_name(result->verdict), result->reason, verdict);
    assert_true(result->reason && result->reason[0]);
    assert_int_equal(result->decided_at, vectors_int(v));
    assert_close(result->alpha, vectors_number(v), 1e-14);
    assert_same(result->change, vectors_number(v), relative);
    assert_same(result->low, vectors_number(v), relative);
    assert_same(result->high, vectors_number(v), relative);
    assert_close(result->tolerance, vectors_number(v), relative);
    assert_close(result->reference, vectors_number(v), relative);
    assert_close(result->value, vectors_number(v), relative);
    assert_close(result->value_low, vectors_number(v), relative);
    assert_close(result->value_high, vectors_number(v), relative);
    double p = vectors_number(v);
    if (levels)
        assert_close(result->p, p, 1e-9);
    assert_same(result->noise, vectors_number(v), relative);
    assert_same(result->noise_raw, vectors_number(v), relative);
    assert_same(result->change_raw, vectors_number(v), relative);
    assert_int_equal(result->adjusted, vectors_int(v));
    assert_int_equal(result->improved, vectors_int(v));
    assert_int_equal(result->beyond, vectors_int(v));
    assert_int_equal(result->warn, vectors_int(v));
}

static void check_verdicts(struct vectors *v, const struct sg_judgement *judgement)
{
    assert_string_equal(vectors_word(v), "verdict");
    for (size_t i = 0; i < judgement->variants_count; i++)
        assert_string_equal(sg_verdict_name(judgement->variants[i].verdict), vectors_word(v));
    assert_string_equal(sg_verdict_name(judgement->verdict), vectors_word(v));
}

static void check_case(struct vectors *v, double relative)
{
    struct sg_session s = {0};
    struct shape shape = read_plan(v, &s);
    for (int i = 0; i < shape.metrics; i++)
        read_metric(v, &s);
    for (int i = 0; i < shape.gates; i++)
        read_gate(v, &s);
    for (int i = 0; i < shape.rows; i++)
        read_row(v, &s);
    struct sg_judgement judgement = build_judge(&s);
    int others = shape.variants - 1;
    for (int i = 0; i < shape.gates * others; i++) {
        assert_string_equal(vectors_word(v), "result");
        int gate = vectors_int(v);
        int variant = vectors_int(v);
        const struct sg_result *result = &judgement.results[gate * others + variant - 1];
        assert_string_equal(result->variant, names[variant]);
        check_result(v, result, relative, shape.levels);
    }
    check_verdicts(v, &judgement);
    sg_judgement_clear(&judgement);
    sg_session_clear(&s);
}

static void check_file(const char *name, int at_least, double relative)
{
    struct vectors v;
    vectors_open(&v, name);
    int cases = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        assert_string_equal(kind, "case");
        check_case(&v, relative);
        cases++;
    }
    assert_true(cases >= at_least);
    vectors_close(&v);
}

static void planned_sessions_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_planned_1.txt", 200, 1e-12);
    check_file("judge_planned_2.txt", 200, 1e-12);
}

static void blocks_of_any_shape_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_blocks_1.txt", 200, 1e-12);
    check_file("judge_blocks_2.txt", 200, 1e-12);
}

static void adjusted_sessions_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_adjusted.txt", 200, 1e-9);
}

static void counts_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_counts.txt", 200, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planned_sessions_are_judged_as_by_the_independent_program),
        cmocka_unit_test(blocks_of_any_shape_are_judged_as_by_the_independent_program),
        cmocka_unit_test(adjusted_sessions_are_judged_as_by_the_independent_program),
        cmocka_unit_test(counts_are_judged_as_by_the_independent_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
