/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that need all repetitions of a session. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "measure/measure.h"

static int start(void **state)
{
    struct sg_session *s = calloc(1, sizeof *s);
    const char *names[] = {"base", "candidate"};
    s->reference = sg_strdup("base");
    s->plan = (struct sg_plan){.rate = 100, .measure = 30};
    for (size_t i = 0; i < 2; i++) {
        s->variants = sg_grow(s->variants, s->variants_count, sizeof *s->variants);
        s->variants[s->variants_count++].name = sg_strdup(names[i]);
    }
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    sg_session_clear(*state);
    free(*state);
    return 0;
}

static struct sg_repetition *add(struct sg_session *s, const char *variant, double requests)
{
    struct sg_repetition *r = sg_session_add_repetition(s, variant);
    r->block = 1;
    r->requests = requests;
    r->errors = 0;
    return r;
}

static void add_drift(struct sg_session *s, const char *variant, double drift)
{
    struct sg_repetition *r = add(s, variant, 3000);
    r->evidence = sg_grow(r->evidence, 0, sizeof *r->evidence);
    r->evidence_count = 1;
    r->evidence[0] = (struct sg_evidence){
        .metric = sg_strdup("steady_state"), .query = sg_strdup("q"), .value = drift};
}

static struct sg_repetition *add_drop(struct sg_session *s, const char *variant)
{
    struct sg_repetition *r = add(s, variant, 2000);
    r->discarded = true;
    r->dropped = 1000;
    sg_repetition_add_finding(r, SG_FINDING_INVALID, "dropped_iterations", NULL, "dropped");
    return r;
}

static const struct sg_finding *finding(const struct sg_session *s, const char *check)
{
    for (size_t i = 0; i < s->findings_count; i++)
        if (sg_streq(s->findings[i].check, check))
            return &s->findings[i];
    return NULL;
}

static void the_same_work_everywhere_is_no_finding(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 3014);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void other_work_than_the_reference_is_invalid(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 2984);
    sg_measure_session(s);
    assert_non_null(finding(s, "sample_ratio"));
    assert_int_equal(finding(s, "sample_ratio")->severity, SG_FINDING_INVALID);
    assert_non_null(strstr(finding(s, "sample_ratio")->text, "-0.53 %"));
}

static void errors_that_cut_iterations_short_are_left_to_error_rate(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 2900)->errors = 100;
    sg_measure_session(s);
    assert_int_equal(finding(s, "sample_ratio")->severity, SG_FINDING_WARN);
}

static void nothing_but_failing_requests_is_no_load_to_judge_by(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000)->errors = 3000;
    add(s, "candidate", 3000)->errors = 3000;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_int_equal(finding(s, "failing_requests")->severity, SG_FINDING_INVALID);
    assert_non_null(strstr(finding(s, "failing_requests")->text, "100.0 % of the requests"));
}

static void half_of_the_requests_may_fail(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000)->errors = 1500;
    add(s, "candidate", 3000)->errors = 1500;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void a_reference_that_fails_alone_is_invalid_too(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000)->errors = 2000;
    add(s, "candidate", 3000);
    sg_measure_session(s);
    assert_int_equal(finding(s, "failing_requests")->severity, SG_FINDING_INVALID);
}

static void a_variant_that_fails_alone_has_failed(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000)->errors = 10;
    add(s, "candidate", 3000)->errors = 2000;
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_int_equal(finding(s, "failing_requests")->severity, SG_FINDING_FAIL);
    assert_string_equal(finding(s, "failing_requests")->text,
                        "66.7 % of the requests failed on candidate, and 0.3 % on base");
}

static void without_a_reference_nobody_can_tell_whose_fault_it_is(void **state)
{
    struct sg_session *s = *state;
    add(s, "candidate", 3000)->errors = 3000;
    sg_measure_session(s);
    assert_int_equal(finding(s, "failing_requests")->severity, SG_FINDING_INVALID);
    free(s->reference);
    s->reference = NULL;
    sg_measure_session(s);
    assert_int_equal(finding(s, "failing_requests")->severity, SG_FINDING_INVALID);
}

static void throw_in(struct sg_repetition *r, double failed)
{
    r->iterations = r->requests;
    r->failed_iterations = failed;
}

static void iterations_that_throw_on_both_sides_are_invalid(void **state)
{
    struct sg_session *s = *state;
    throw_in(add(s, "base", 3000), 100);
    throw_in(add(s, "candidate", 3000), 100);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    assert_int_equal(finding(s, "failed_iterations")->severity, SG_FINDING_INVALID);
    assert_non_null(strstr(finding(s, "failed_iterations")->text, "3.3 % of the iterations"));
}

/* They make fewer requests, too. */
static void iterations_that_throw_on_the_variant_alone_are_its_fault(void **state)
{
    struct sg_session *s = *state;
    throw_in(add(s, "base", 3000), 1);
    struct sg_repetition *r = add(s, "candidate", 2900);
    throw_in(r, 100);
    r->iterations = 3000;
    sg_measure_session(s);
    assert_int_equal(finding(s, "failed_iterations")->severity, SG_FINDING_FAIL);
    assert_int_equal(finding(s, "sample_ratio")->severity, SG_FINDING_WARN);
}

static void one_iteration_in_a_hundred_may_throw(void **state)
{
    struct sg_session *s = *state;
    throw_in(add(s, "base", 3000), 30);
    throw_in(add(s, "candidate", 3000), 30);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void spoilt_and_warm_up_repetitions_do_not_count(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 3000);
    add(s, "candidate", 100)->discarded = true;
    add(s, "candidate", 100)->block = 0;
    sg_repetition_add_finding(add(s, "candidate", 100), SG_FINDING_INVALID, "bracket", NULL, "x");
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void calling_twice_gives_the_same_findings(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 2000);
    sg_session_add_finding(s, SG_FINDING_NOTE, "kept", NULL, "of someone else");
    sg_measure_session(s);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 2);
    assert_non_null(finding(s, "kept"));
    assert_non_null(finding(s, "sample_ratio"));
}

static void a_finding_that_is_no_longer_true_goes(void **state)
{
    struct sg_session *s = *state;
    add(s, "base", 3000);
    add(s, "candidate", 2900);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 1);
    s->repetitions[1].discarded = true;
    add(s, "candidate", 3000);
    sg_measure_session(s);
    assert_int_equal(s->findings_count, 0);
}

static void a_service_that_warms_up_in_every_window_is_a_warning(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 8; i++)
        add_drift(s, "base", -0.05 - 0.001 * i);
    sg_measure_session(s);
    assert_non_null(finding(s, "steady_state"));
    assert_int_equal(finding(s, "steady_state")->severity, SG_FINDING_WARN);
    assert_non_null(strstr(finding(s, "steady_state")->text, "-5.2 %"));
}

static void drifts_of_both_signs_small_or_few_are_no_warning(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 9; i++)
        add_drift(s, "base", i % 2 == 0 ? 0.1 : -0.1);
    for (int i = 0; i < 9; i++)
        add_drift(s, "candidate", -0.02);
    sg_measure_session(s);
    assert_null(finding(s, "steady_state"));
}

static void seven_repetitions_cannot_prove_a_drift(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 7; i++)
        add_drift(s, "base", -0.2);
    sg_measure_session(s);
    assert_null(finding(s, "steady_state")); /* 2/128 > 0.01 */
}

/* The reference keeps up in so many windows. */
static void add_clean(struct sg_session *s, int windows)
{
    for (int i = 0; i < windows; i++)
        add(s, "base", 3000);
}

static void a_variant_that_drops_three_times_while_the_reference_keeps_up_fails(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    add_drop(s, "candidate");
    add_drop(s, "candidate");
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
    add_drop(s, "candidate");
    sg_measure_session(s);
    assert_non_null(finding(s, "saturated"));
    assert_int_equal(finding(s, "saturated")->severity, SG_FINDING_FAIL);
    assert_int_equal(s->repetitions[3].findings[0].severity, SG_FINDING_INVALID);
    assert_int_equal(s->repetitions[4].findings[0].severity, SG_FINDING_FAIL);
    assert_int_equal(s->repetitions[5].findings[0].severity, SG_FINDING_FAIL);
}

static void drops_prove_nothing_before_the_reference_was_measured_as_often(void **state)
{
    struct sg_session *s = *state;
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate");
    for (int i = 0; i < 5; i++)
        add(s, "base", 3000)->block = 0; /* a warm-up is too short to tell */
    add_clean(s, 2);
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
    add_clean(s, 1);
    sg_measure_session(s);
    assert_non_null(finding(s, "saturated"));
}

static void controls_alternate_until_three_against_three(void **state)
{
    struct sg_session *s = *state;
    add_drop(s, "candidate");
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
    add_drop(s, "candidate");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_REFERENCE);
        add_clean(s, 1);
    }
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_VARIANT);
    add_drop(s, "candidate");
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_REFERENCE);
    add_clean(s, 1);
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
}

static void controls_end_when_one_contradicts(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    add_drop(s, "candidate");
    add_drop(s, "candidate");
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_VARIANT);
    add(s, "candidate", 3000);
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
    add_drop(s, "candidate");
    add_drop(s, "candidate");
    add_drop(s, "base");
    assert_int_equal(sg_measure_control(s, "candidate"), SG_CONTROL_NONE);
    assert_int_equal(sg_measure_control(s, "base"), SG_CONTROL_NONE);
}

static void drops_that_a_repeat_makes_good_prove_nothing(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    add_drop(s, "candidate");
    add_drop(s, "candidate");
    add(s, "candidate", 3000);
    add_drop(s, "candidate");
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
}

static void a_few_drops_are_a_stall_of_the_host(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate")->dropped = 5;
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
}

static void drops_on_the_reference_too_are_the_generators_fault(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        add_drop(s, "candidate");
    sg_measure_session(s);
    assert_int_equal(s->repetitions[5].findings[0].severity, SG_FINDING_FAIL);
    add_drop(s, "base");
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
    assert_int_equal(s->repetitions[5].findings[0].severity, SG_FINDING_INVALID);
}

static void drops_with_a_starved_generator_prove_nothing(void **state)
{
    struct sg_session *s = *state;
    add_clean(s, 3);
    for (int i = 0; i < 3; i++)
        sg_repetition_add_finding(add_drop(s, "candidate"), SG_FINDING_INVALID, "generator_cpu",
                                  NULL, "k6 used 99 %%");
    sg_measure_session(s);
    assert_null(finding(s, "saturated"));
    assert_int_equal(s->repetitions[5].findings[0].severity, SG_FINDING_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_work_everywhere_is_no_finding),
        TEST(other_work_than_the_reference_is_invalid),
        TEST(errors_that_cut_iterations_short_are_left_to_error_rate),
        TEST(nothing_but_failing_requests_is_no_load_to_judge_by),
        TEST(half_of_the_requests_may_fail),
        TEST(a_reference_that_fails_alone_is_invalid_too),
        TEST(a_variant_that_fails_alone_has_failed),
        TEST(without_a_reference_nobody_can_tell_whose_fault_it_is),
        TEST(iterations_that_throw_on_both_sides_are_invalid),
        TEST(iterations_that_throw_on_the_variant_alone_are_its_fault),
        TEST(one_iteration_in_a_hundred_may_throw),
        TEST(spoilt_and_warm_up_repetitions_do_not_count),
        TEST(calling_twice_gives_the_same_findings),
        TEST(a_finding_that_is_no_longer_true_goes),
        TEST(a_service_that_warms_up_in_every_window_is_a_warning),
        TEST(drifts_of_both_signs_small_or_few_are_no_warning),
        TEST(seven_repetitions_cannot_prove_a_drift),
        TEST(a_variant_that_drops_three_times_while_the_reference_keeps_up_fails),
        TEST(drops_prove_nothing_before_the_reference_was_measured_as_often),
        TEST(controls_alternate_until_three_against_three),
        TEST(controls_end_when_one_contradicts),
        TEST(drops_that_a_repeat_makes_good_prove_nothing),
        TEST(a_few_drops_are_a_stall_of_the_host),
        TEST(drops_on_the_reference_too_are_the_generators_fault),
        TEST(drops_with_a_starved_generator_prove_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
