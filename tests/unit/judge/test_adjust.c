/* SPDX-License-Identifier: Apache-2.0 */
/* Taking the host's noise out by control variates: when it is done, when not, what guards it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/covariates.h"
#include "judge/family.h"
#include "unit/judge/build.h"
#include "unit/judge/random_session.h"

/* Metrics by index: 0 latency, 1 generator, 2 steal, 3 requests, 4 connections, 5 cpu_cores.
 * Latency follows the generator's cost, which is noisy; the candidate is `factor` times as slow. */
static struct sg_session noisy(double factor, int blocks)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p50", SG_SCALE_LOG)->adjust = true;
    build_metric(&s, "generator_cpu_per_request", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    struct sg_metric *steal = build_metric(&s, "generator_steal", SG_SCALE_LINEAR);
    steal->role = SG_ROLE_COVARIATE;
    build_metric(&s, "requests", SG_SCALE_LINEAR);
    build_metric(&s, "connections_per_request", SG_SCALE_LINEAR);
    build_metric(&s, "cpu_cores", SG_SCALE_LOG);
    build_gate(&s, "latency_p50", 0.05);
    struct sg_random random;
    sg_random_seed(&random, 18);
    for (int i = 0; i < blocks * 6; i++) {
        bool candidate = i % 2;
        double host = 0.1 * random_normal(&random);
        struct sg_repetition *row = build_row(&s, 1 + i / 6, candidate ? "candidate" : "base", NAN);
        row->values[0] =
            0.001 * (candidate ? factor : 1) * exp(0.9 * host + 0.005 * random_normal(&random));
        row->values[1] = 0.0002 * exp(host);
        row->values[2] = 0;
        row->values[3] = 6000;
        row->values[4] = 0.001;
        row->values[5] = 0.2;
    }
    return s;
}

static void noise_felt_by_the_generator_is_taken_out(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(r->adjusted);
    assert_true(r->noise < 0.02 && r->noise_raw > 0.05);
    assert_null(r->adjust_reason);
    assert_int_equal(r->gamma_count, 2);
    assert_true(fabs(r->gamma[0] - 0.9) < 0.1);
    assert_true(fabs(r->gamma[1]) < 1e-12); /* steal never varied: it drops out */
    sg_judgement_clear(&j);
    s.metrics[0].adjust = false;
    j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_false(j.results[0].adjusted);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_regression_stays_visible(void **state)
{
    (void)state;
    struct sg_session s = noisy(1.15, 3);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_true(j.results[0].adjusted);
    assert_true(fabs(j.results[0].change - 0.15) < 0.02);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* Slope of a session of one block whose generator's cost differs by ±width, once it is judged. */
static double first_slope(double width)
{
    struct sg_session s = noisy(1, 1);
    s.plan.planned = false;
    s.plan.alpha = 0.05;
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[1] = 0.0002 * exp(r < 3 ? width : -width);
    struct sg_judgement j = build_judge(&s);
    double gamma = j.results[0].gamma[0];
    sg_judgement_clear(&j);
    sg_session_clear(&s);
    return gamma;
}

/* docs/method.md M20: 0.9 · v / (v + 4 %²) */
static void the_first_block_believes_the_less_the_less_the_generator_varies(void **state)
{
    (void)state;
    assert_true(fabs(first_slope(0.4) - 0.9 * 100 / 101) < 1e-12);
    assert_true(fabs(first_slope(0.04) - 0.45) < 1e-12);
    assert_true(fabs(first_slope(0.004) - 0.9 / 101) < 1e-12);
}

/* M20 again: 3 · v / (v + 1 %²) and 0.15 · v / (v + 10 %²) for the probe, wherever it stands, and
 * half as much as usual for the generator beside it; other ones but the first are not believed
 * before they have explained something. */
static void the_probe_is_believed_from_the_start(void **state)
{
    (void)state;
    assert_true(fabs(sg_covariate_prior("core_contention", 2, true, 0.0001) - 1.5) < 1e-12);
    assert_true(fabs(sg_covariate_prior("core_contention", 0, true, 0.01) - 3 * 100 / 101.0) <
                1e-12);
    assert_true(fabs(sg_covariate_prior("cache_contention", 3, true, 0.01) - 0.075) < 1e-12);
    assert_true(sg_covariate_prior("core_contention", 2, true, 0) <= 0);
    assert_true(fabs(sg_covariate_prior("generator", 0, true, 0.16) - 0.45 * 100 / 101.0) < 1e-12);
    assert_true(sg_covariate_prior("generator_steal", 1, true, 0.04) <= 0);
}

static double slope_after(int blocks, bool related)
{
    struct sg_session s = noisy(1, blocks);
    s.plan.planned = false;
    struct sg_random random;
    sg_random_seed(&random, 5);
    for (size_t r = 0; r < s.repetitions_count && !related; r++)
        s.repetitions[r].values[1] = 0.0002 * exp(0.1 * random_normal(&random));
    struct sg_judgement j = build_judge(&s);
    double gamma = j.results[0].gamma[0];
    sg_judgement_clear(&j);
    sg_session_clear(&s);
    return gamma;
}

static void a_generator_that_explains_nothing_is_not_believed(void **state)
{
    (void)state;
    assert_true(fabs(slope_after(6, true) - 0.9) < 0.05);
    assert_true(fabs(slope_after(6, false)) < 1e-12);
}

/* docs/method.md 4.7: γ of a block rests on earlier blocks. Other values of y in the last block
 * move its differences, never its slope; in the block before, they move it. */
static void the_slope_of_a_block_does_not_see_the_block(void **state)
{
    (void)state;
    double gamma[3];
    for (int changed = 0; changed < 3; changed++) {
        struct sg_session s = noisy(1, 2);
        for (size_t r = 0; r < s.repetitions_count; r++)
            if (s.repetitions[r].block == 3 - changed)
                s.repetitions[r].values[0] *= 1 + 0.1 * (double)(r * r % 5);
        struct sg_judgement j = build_judge(&s);
        gamma[changed] = j.results[0].gamma[0];
        sg_judgement_clear(&j);
        sg_session_clear(&s);
    }
    assert_true(gamma[1] >= gamma[0] && gamma[1] <= gamma[0]); /* block 2 changed */
    assert_true(fabs(gamma[2] - gamma[0]) > 1e-3);             /* block 1 changed */
}

static void expect_raw(struct sg_session *s, const char *why)
{
    struct sg_judgement j = build_judge(s);
    const struct sg_result *r = &j.results[0];
    assert_false(r->adjusted);
    assert_non_null(r->adjust_reason);
    assert_contains(r->adjust_reason, why);
    assert_true(r->change >= r->change_raw && r->change <= r->change_raw);
    assert_null(r->gamma);
    sg_judgement_clear(&j);
    sg_session_clear(s);
}

static void other_work_for_the_generator_is_judged_raw(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        if (strcmp(s.repetitions[r].variant, "candidate") == 0)
            s.repetitions[r].values[3] = 5900;
    struct sg_judgement j = build_judge(&s);
    bool noted = false;
    for (size_t i = 0; i < j.notes_count; i++)
        noted = noted || strstr(j.notes[i], "the host's noise was not taken out");
    assert_true(noted);
    sg_judgement_clear(&j);
    expect_raw(&s, "requests is 6000 for the reference and 5900 for the variant");
}

static void where_nothing_is_adjusted_nothing_is_said_to_be_missing(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t m = 0; m < s.metrics_count; m++)
        s.metrics[m].adjust = false;
    for (size_t r = 0; r < s.repetitions_count; r++)
        if (strcmp(s.repetitions[r].variant, "candidate") == 0)
            s.repetitions[r].values[3] = 5900;
    struct sg_judgement j = build_judge(&s);
    for (size_t i = 0; i < j.notes_count; i++)
        assert_null(strstr(j.notes[i], "the host's noise was not taken out"));
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void new_connections_are_other_work(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        if (strcmp(s.repetitions[r].variant, "candidate") == 0)
            s.repetitions[r].values[4] = 1;
    expect_raw(&s, "connections_per_request");
}

static void a_missing_count_of_work_is_judged_raw(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    s.repetitions[2].values[3] = NAN;
    expect_raw(&s, "requests is missing");
}

static void a_count_that_nobody_takes_is_no_evidence_against(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[4] = NAN;
    struct sg_judgement j = build_judge(&s);
    assert_true(j.results[0].adjusted);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* A session that went on says of its first look what one that stopped there says. */
static void a_count_taken_later_is_no_evidence_about_before(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        if (s.repetitions[r].block <= 2)
            s.repetitions[r].values[4] = NAN;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.results[0].decided_at, 6);
    assert_true(j.results[0].adjusted);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void missing_control_variates_are_judged_raw(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[1] = s.repetitions[r].values[2] = r % 6 == 0 ? NAN : 1;
    expect_raw(&s, "no control variate");
}

static void constant_control_variates_are_judged_raw(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[1] = 0.0007;
    expect_raw(&s, "the same in every repetition");
}

static void a_control_variate_of_zero_has_no_logarithm_and_drops_out_of_its_block(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    s.repetitions[s.repetitions_count - 1].values[1] = 0;
    struct sg_judgement j = build_judge(&s);
    assert_true(j.results[0].adjusted);
    if (j.results[0].n_variant == 9)
        assert_true(fabs(j.results[0].gamma[0]) < 1e-12);
    assert_int_not_equal(j.verdict, SG_INVALID);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

/* h = 0.5 without a measurement, u = 0.2 CPUs, γ = 0.9: b = 0.09. */
static void coupling_widens_the_tolerance_both_ways(void **state)
{
    (void)state;
    struct sg_session s = noisy(1.0505, 7); /* just beyond 5 %, not beyond 5 % · 1.4 */
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[5] = 0.9;
    struct sg_judgement j = build_judge(&s);
    assert_int_not_equal(j.verdict, SG_FAIL);
    sg_judgement_clear(&j);
    sg_session_add_fact(&s, "coupling_h", "0", true);
    j = build_judge(&s);
    double estimate = log1p(j.results[0].change);
    bool reaches = estimate >= log1p(0.05);
    assert_true(reaches == (j.verdict == SG_FAIL));
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void a_coupling_that_hides_all_lets_nothing_pass(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 7);
    sg_session_add_fact(&s, "coupling_h", "-10", true);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

/* What slows the service's CPUs alone is unknown to the generator. */
static struct sg_session noisy_on_its_own_cpus(int blocks)
{
    struct sg_session s = noisy(1, blocks);
    struct sg_random random;
    sg_random_seed(&random, 6);
    free(s.metrics[2].name);
    s.metrics[2].name = sg_strdup("core_contention");
    s.metrics[2].scale = SG_SCALE_LOG;
    for (size_t r = 0; r < s.repetitions_count; r++) {
        double slower = 0.05 * random_normal(&random);
        s.repetitions[r].values[0] *= exp(3 * slower);
        s.repetitions[r].values[2] = 0.9 * exp(slower);
    }
    return s;
}

static void what_the_probe_felt_is_learnt_and_taken_out(void **state)
{
    (void)state;
    struct sg_session s = noisy_on_its_own_cpus(7);
    s.plan.min_repetitions = s.plan.max_repetitions;
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(fabs(r->gamma[1] - 3) < 0.3);
    assert_true(r->noise < 0.04 && r->noise_raw > 0.15);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

static void the_probe_has_a_coupling_of_its_own(void **state)
{
    (void)state;
    struct sg_session s = noisy_on_its_own_cpus(7);
    sg_session_add_fact(&s, "coupling_h", "0", false);
    sg_session_add_fact(&s, "coupling_core_h", "10", false);
    assert_true(sg_coupling(&s, 0) <= 0);
    assert_true(fabs(sg_coupling(&s, 1) - 10) < 1e-12);
    assert_true(sg_coupling(&s, 2) <= 0);
    assert_true(fabs(sg_coupling_share(&s, (double[]){5, -0.5}, NULL, 2) - 5) < 1e-12);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
}

static void an_unknown_use_of_cpu_is_judged_raw(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    s.repetitions[0].values[5] = NAN;
    expect_raw(&s, "cpu_cores is missing");
}

static void linear_metrics_are_never_adjusted(void **state)
{
    (void)state;
    struct sg_session s = noisy(1, 3);
    s.metrics[0].scale = SG_SCALE_LINEAR;
    struct sg_judgement j = build_judge(&s);
    assert_false(j.results[0].adjusted);
    sg_judgement_clear(&j);
    sg_session_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_felt_by_the_generator_is_taken_out),
        cmocka_unit_test(a_regression_stays_visible),
        cmocka_unit_test(the_first_block_believes_the_less_the_less_the_generator_varies),
        cmocka_unit_test(a_generator_that_explains_nothing_is_not_believed),
        cmocka_unit_test(the_slope_of_a_block_does_not_see_the_block),
        cmocka_unit_test(other_work_for_the_generator_is_judged_raw),
        cmocka_unit_test(where_nothing_is_adjusted_nothing_is_said_to_be_missing),
        cmocka_unit_test(new_connections_are_other_work),
        cmocka_unit_test(a_missing_count_of_work_is_judged_raw),
        cmocka_unit_test(a_count_that_nobody_takes_is_no_evidence_against),
        cmocka_unit_test(a_count_taken_later_is_no_evidence_about_before),
        cmocka_unit_test(missing_control_variates_are_judged_raw),
        cmocka_unit_test(constant_control_variates_are_judged_raw),
        cmocka_unit_test(a_control_variate_of_zero_has_no_logarithm_and_drops_out_of_its_block),
        cmocka_unit_test(coupling_widens_the_tolerance_both_ways),
        cmocka_unit_test(a_coupling_that_hides_all_lets_nothing_pass),
        cmocka_unit_test(the_probe_is_believed_from_the_start),
        cmocka_unit_test(what_the_probe_felt_is_learnt_and_taken_out),
        cmocka_unit_test(the_probe_has_a_coupling_of_its_own),
        cmocka_unit_test(an_unknown_use_of_cpu_is_judged_raw),
        cmocka_unit_test(linear_metrics_are_never_adjusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
