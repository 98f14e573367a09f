/* SPDX-License-Identifier: Apache-2.0 */
/* What GitLab reads: load performance, code quality, metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/report/fixtures.h"
#include "json/json.h"

static struct sg_json *render_json(const struct fixture *fixture, const char *format)
{
    struct sg_error err = {0};
    char *text = render(fixture, format, false, 0);
    struct sg_json *root = sg_json_parse(text, strlen(text), format, &err);

    if (root == NULL)
        fail_msg("%s\n%s", err.text, text);
    free(text);
    return root;
}

static void add_number(struct fixture *fixture, const char *metric, const char *unit,
                       const char *variant, double value)
{
    struct sg_result *result = add_result(fixture, metric, unit, variant);

    result->gated = false;
    result->value = value;
}

/* --- load performance --------------------------------------------------------------------- */

static double load_number(const struct sg_json *root, const char *metric, const char *key)
{
    return sg_json_number(sg_json_get(sg_json_get(sg_json_get(root, "metrics"), metric), key), -1);
}

static void load_performance_has_the_four_numbers_of_the_widget(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    add_number(&fixture, "throughput", "1/s", "candidate", 199.98765);
    add_number(&fixture, "latency_p90", "s", "candidate", 0.0101);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    assert_true(load_number(root, "http_reqs", "rate") == 199.988);
    assert_true(load_number(root, "http_req_waiting", "p(90)") == 10.1);
    assert_true(load_number(root, "http_req_waiting", "p(95)") == 13.5);
    assert_true(load_number(root, "checks", "passes") == 3);
    assert_true(load_number(root, "checks", "fails") == 1);
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void a_number_that_is_missing_is_left_out(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    add_number(&fixture, "throughput", "1/s", "candidate", NAN);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    const struct sg_json *metrics = sg_json_get(root, "metrics");
    assert_null(sg_json_get(metrics, "http_reqs"));
    assert_null(sg_json_get(metrics, "http_req_waiting")); /* p90 is not there */
    assert_int_equal(sg_json_count(metrics), 1);
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void a_latency_in_another_unit_is_left_out(void **state)
{
    (void)state;
    struct fixture fixture;

    make_pass(&fixture);
    add_number(&fixture, "latency_p90", "ticks", "candidate", 0.0101);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    assert_null(sg_json_get(sg_json_get(root, "metrics"), "http_req_waiting"));
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void what_is_undecided_has_not_passed_its_check(void **state)
{
    (void)state;
    struct fixture fixture;

    make_inconclusive(&fixture);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    assert_true(load_number(root, "checks", "passes") == 3);
    assert_true(load_number(root, "checks", "fails") == 1);
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void of_several_variants_the_worst_is_shown(void **state)
{
    (void)state;
    struct fixture fixture;

    make_league(&fixture); /* node fails */
    add_number(&fixture, "throughput", "1/s", "c", 1);
    add_number(&fixture, "throughput", "1/s", "node", 2);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    assert_true(load_number(root, "http_reqs", "rate") == 2);
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void a_variant_that_crashed_has_one_failed_check(void **state)
{
    (void)state;
    struct fixture fixture;

    make_crash(&fixture);
    struct sg_json *root = render_json(&fixture, "gitlab-load");
    assert_true(load_number(root, "checks", "passes") == 0);
    assert_true(load_number(root, "checks", "fails") == 1);
    sg_json_free(root);
    fixture_clear(&fixture);
}

/* --- code quality ------------------------------------------------------------------------- */

static void code_quality_names_each_gate_that_did_not_pass_at_its_line(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    struct sg_json *root = render_json(&fixture, "codequality");
    assert_int_equal(sg_json_count(root), 1);
    const struct sg_json *entry = sg_json_first(root);
    const struct sg_json *location = sg_json_get(entry, "location");
    assert_string_equal(sg_json_string(sg_json_get(entry, "severity"), ""), "critical");
    assert_string_equal(sg_json_string(sg_json_get(entry, "check_name"), ""),
                        "svcgate.latency_p95");
    assert_non_null(strstr(sg_json_string(sg_json_get(entry, "description"), ""),
                           "latency_p95 of candidate: FAIL: worse by 11.6 %"));
    assert_string_equal(sg_json_string(sg_json_get(location, "path"), ""), "svcgate.yaml");
    assert_true(sg_json_number(sg_json_get(sg_json_get(location, "lines"), "begin"), 0) == 21);
    sg_json_free(root);
    fixture_clear(&fixture);
}

static void severities_follow_the_verdict(void **state)
{
    (void)state;
    static const struct {
        enum sg_verdict verdict;
        bool warn, beyond;
        const char *severity;
    } cases[] = {{SG_FAIL, false, true, "critical"},
                 {SG_FAIL, false, false, "major"},
                 {SG_INVALID, false, false, "major"},
                 {SG_INCONCLUSIVE, false, false, "minor"},
                 {SG_PASS, true, false, "info"}};

    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        struct fixture fixture;
        make_fail(&fixture);
        fixture.judgement.results[0].verdict = cases[i].verdict;
        fixture.judgement.results[0].warn = cases[i].warn;
        fixture.judgement.results[0].beyond = cases[i].beyond;
        struct sg_json *root = render_json(&fixture, "codequality");
        assert_string_equal(sg_json_string(sg_json_get(sg_json_first(root), "severity"), ""),
                            cases[i].severity);
        sg_json_free(root);
        fixture_clear(&fixture);
    }
}

static char *fingerprint(const struct fixture *fixture)
{
    struct sg_json *root = render_json(fixture, "codequality");
    char *copy = sg_strdup(sg_json_string(sg_json_get(sg_json_first(root), "fingerprint"), ""));

    sg_json_free(root);
    return copy;
}

static void a_fingerprint_is_of_variant_and_metric_alone(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    char *first = fingerprint(&fixture);
    set_numbers(&fixture.judgement.results[0], 0.0121, 0.02, 0.3, 0.9);
    put(&fixture.judgement.results[0].reason, "another day, other numbers");
    fixture.judgement.results[0].line = 99;
    char *second = fingerprint(&fixture);
    put(&fixture.judgement.results[0].request, "search");
    char *third = fingerprint(&fixture);
    /* printf 'candidate\nlatency_p95' | sha256sum */
    assert_string_equal(first, "6d855092b23bd235bac6db1c9ba450fcef9a3f4270fc57a38f4128954ef739cf");
    assert_string_equal(second, first);
    assert_string_not_equal(third, first);
    free(first);
    free(second);
    free(third);
    fixture_clear(&fixture);
}

static void a_gate_without_a_line_has_no_entry(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    fixture.judgement.results[0].line = 0;
    char *text = render(&fixture, "codequality", false, 0);
    assert_string_equal(text, "[]\n");
    free(text);
    fixture_clear(&fixture);
}

/* --- metrics ------------------------------------------------------------------------------ */

static void expect_line(const struct fixture *fixture, const char *line)
{
    char *text = render(fixture, "openmetrics", false, 0);

    if (strstr(text, line) == NULL)
        fail_msg("no line\n%s\nin\n%s", line, text);
    free(text);
}

static void metrics_are_rounded_until_noise_does_not_show(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    expect_line(&fixture,
                "\nsvcgate_gate_change_ratio{metric=\"latency_p95\",variant=\"candidate\","
                "reference=\"base\",service=\"api\"} 0.12\n");
    expect_line(&fixture, "\nsvcgate_gate_value{metric=\"latency_p95\",variant=\"candidate\","
                          "reference=\"base\",service=\"api\",unit=\"s\"} 0.013\n");
    fixture_clear(&fixture);
}

static void a_limit_is_shown_as_it_was_set(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    fixture.judgement.results[0].limit = 0.2345;
    expect_line(&fixture, "service=\"api\",unit=\"s\"} 0.2345\n");
    fixture_clear(&fixture);
}

static void a_change_of_nothing_has_no_sign(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    fixture.judgement.results[0].change = -0.001;
    expect_line(&fixture, "service=\"api\"} 0\n");
    char *text = render(&fixture, "openmetrics", false, 0);
    assert_null(strstr(text, "} -0\n"));
    free(text);
    fixture_clear(&fixture);
}

static void numbers_that_are_missing_have_no_sample(void **state)
{
    (void)state;
    struct fixture fixture;

    make_invalid(&fixture);
    char *text = render(&fixture, "openmetrics", false, 0);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "svcgate_gate_change_ratio"));
    assert_non_null(strstr(text, "svcgate_gate_verdict{metric=\"latency_p95\""));
    free(text);
    fixture_clear(&fixture);
}

static void names_that_clean_to_the_same_stay_apart(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    put(&fixture.judgement.results[0].request, "a#1");
    put(&fixture.judgement.results[1].metric, "latency_p95");
    put(&fixture.judgement.results[1].request, "a\x01#1");
    char *text = render(&fixture, "openmetrics", false, 0);
    assert_non_null(strstr(text, "request=\"a*1~"));
    char *first = strstr(text, "request=\"a*1~") + strlen("request=\"a*1~");
    char *second = strstr(first, "request=\"a*1~") + strlen("request=\"a*1~");
    assert_memory_not_equal(first, second, 16);
    free(text);
    fixture_clear(&fixture);
}

static void quotes_and_backslashes_are_escaped(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    put(&fixture.judgement.results[0].request, "say \"\\\"");
    expect_line(&fixture, "request=\"say \\\"\\\\\\\"\",");
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_performance_has_the_four_numbers_of_the_widget),
        cmocka_unit_test(a_number_that_is_missing_is_left_out),
        cmocka_unit_test(a_latency_in_another_unit_is_left_out),
        cmocka_unit_test(what_is_undecided_has_not_passed_its_check),
        cmocka_unit_test(of_several_variants_the_worst_is_shown),
        cmocka_unit_test(a_variant_that_crashed_has_one_failed_check),
        cmocka_unit_test(code_quality_names_each_gate_that_did_not_pass_at_its_line),
        cmocka_unit_test(severities_follow_the_verdict),
        cmocka_unit_test(a_fingerprint_is_of_variant_and_metric_alone),
        cmocka_unit_test(a_gate_without_a_line_has_no_entry),
        cmocka_unit_test(metrics_are_rounded_until_noise_does_not_show),
        cmocka_unit_test(a_limit_is_shown_as_it_was_set),
        cmocka_unit_test(a_change_of_nothing_has_no_sign),
        cmocka_unit_test(numbers_that_are_missing_have_no_sample),
        cmocka_unit_test(names_that_clean_to_the_same_stay_apart),
        cmocka_unit_test(quotes_and_backslashes_are_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
