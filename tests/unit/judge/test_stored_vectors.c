/* SPDX-License-Identifier: Apache-2.0 */
/* Judgements against stored sessions, compared with the independent ones of tests/vectors/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/vectors.h"

struct shape {
    int covariates, contention, stored;
    bool adjust, cpu, higher;
    enum sg_scale scale;
    double alpha, beta, tolerance, h;
};

static struct shape read_shape(struct vectors *v)
{
    struct shape shape = {.alpha = vectors_number(v)};
    shape.beta = vectors_number(v);
    shape.covariates = vectors_int(v);
    shape.stored = vectors_int(v);
    shape.scale = strcmp(vectors_word(v), "log") == 0 ? SG_SCALE_LOG : SG_SCALE_LINEAR;
    shape.higher = strcmp(vectors_word(v), "higher") == 0;
    shape.adjust = vectors_int(v);
    shape.tolerance = vectors_number(v);
    shape.h = vectors_number(v);
    shape.cpu = vectors_int(v);
    shape.contention = vectors_int(v);
    return shape;
}

static struct sg_session read_session(struct vectors *v, const struct shape *shape)
{
    struct sg_session s = build_session();
    s.plan.alpha = shape->alpha;
    s.plan.beta = shape->beta;
    build_variant(&s, "candidate");
    char name[16];
    for (int k = 0; k < shape->covariates; k++) {
        (void)snprintf(name, sizeof(name), "z%d", k);
        build_metric(&s, k == shape->contention ? "core_contention" : name, SG_SCALE_LINEAR)->role =
            SG_ROLE_COVARIATE;
    }
    struct sg_metric *metric = build_metric(&s, "m", shape->scale);
    metric->better = shape->higher ? SG_HIGHER : SG_LOWER;
    metric->adjust = shape->adjust;
    if (shape->cpu)
        build_metric(&s, "cpu_cores", SG_SCALE_LOG);
    build_gate(&s, "m", shape->tolerance);
    (void)snprintf(name, sizeof(name), "%g", shape->h);
    sg_session_add_fact(&s, "coupling_h", name, false);
    assert_string_equal(vectors_word(v), "session");
    int rows = vectors_int(v);
    for (int i = 0; i < rows; i++) {
        struct sg_repetition *row = build_row(&s, 1 + i / 3, "candidate", NAN);
        for (size_t m = 0; m < s.metrics_count; m++)
            row->values[m] = vectors_number(v);
    }
    return s;
}

static void check_result(struct vectors *v, const struct sg_result *result)
{
    assert_string_equal(vectors_word(v), "result");
    assert_string_equal(sg_verdict_name(result->verdict), vectors_word(v));
    assert_close(result->change, vectors_number(v), 1e-9);
    assert_close(result->low, vectors_number(v), 1e-9);
    assert_close(result->high, vectors_number(v), 1e-9);
    assert_close(result->p, vectors_number(v), 1e-9);
    assert_close(result->noise, vectors_number(v), 1e-9);
    assert_close(result->noise_raw, vectors_number(v), 1e-9);
    assert_close(result->change_raw, vectors_number(v), 1e-9);
    assert_close(result->tolerance, vectors_number(v), 1e-12);
    assert_close(result->reference, vectors_number(v), 1e-12);
    assert_int_equal(result->adjusted, vectors_int(v));
}

static void check_case(struct vectors *v)
{
    struct shape shape = read_shape(v);
    struct sg_session now = read_session(v, &shape);
    struct sg_session stored[32];
    for (int j = 0; j < shape.stored; j++)
        stored[j] = read_session(v, &shape);
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    if (!sg_judge_stored(&now, NULL, stored, (size_t)shape.stored, &judgement, &err))
        fail_msg("%s", err.text);
    check_result(v, &judgement.results[0]);
    assert_int_equal(judgement.verdict, judgement.results[0].verdict);
    sg_judgement_clear(&judgement);
    sg_session_clear(&now);
    for (int j = 0; j < shape.stored; j++)
        sg_session_clear(&stored[j]);
}

static void stored_sessions_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "judge_stored.txt");
    int cases = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        check_case(&v);
        cases++;
    }
    assert_int_equal(cases, 200);
    vectors_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_sessions_are_judged_as_by_the_independent_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
