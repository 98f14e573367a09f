/* SPDX-License-Identifier: Apache-2.0 */
/* The table of formats, and what machines read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/report/fixtures.h"
#include "view/show.h"
#include "json/json.h"

static void each_format_has_a_name_a_file_and_help(void **state)
{
    (void)state;
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);
    struct sg_error err = {0};

    assert_int_equal(count, 12);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(sg_report_format(formats[i].name, &err), &formats[i]);
        assert_true(strlen(formats[i].file) > 0);
        assert_true(strlen(formats[i].help) > 0);
    }
}

static void markdown_is_another_name_of_md(void **state)
{
    (void)state;
    struct sg_error err = {0};

    assert_string_equal(sg_report_format("markdown", &err)->name, "md");
}

static void an_unknown_format_is_told_the_nearest(void **state)
{
    (void)state;
    struct sg_error err = {0};

    assert_null(sg_report_format("junt", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "did you mean \"junit\""));
    assert_null(sg_report_format("something else", &err));
    assert_non_null(strstr(err.text, "text, md, comment, json, junit, csv, github, gitlab-load"));
    assert_null(sg_report_format(NULL, &err));
}

static void csv_read_again_has_the_same_numbers(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_session again = {0};
    struct sg_error err = {0};

    make_pass(&fixture);
    fixture.session.repetitions[0].values[1] = 0.1 + 0.2;
    fixture.session.repetitions[1].values[2] = NAN;
    fixture.session.repetitions[2].discarded = true;
    fixture.session.repetitions[9].block = 0;
    char *csv = render(&fixture, "csv", false, 0);
    assert_true(sg_samples_read_csv(csv, strlen(csv), "samples.csv", &again, &err));
    assert_int_equal(again.repetitions_count, 16);
    assert_int_equal(again.metrics_count, 4);
    int cpu = sg_session_find_metric(&again, "cpu_per_request", NULL, NULL);
    assert_true(cpu >= 0);
    assert_true(again.repetitions[0].values[cpu] == 0.1 + 0.2);
    sg_session_clear(&again);
    free(csv);
    fixture_clear(&fixture);
}

static void csv_read_again_has_the_same_metrics(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_session again = {0};
    struct sg_error err = {0};

    make_pass(&fixture);
    struct sg_metric *metrics = fixture.session.metrics;
    size_t last = fixture.session.metrics_count - 1;
    metrics[0].role = SG_ROLE_COVARIATE;
    metrics[1].better = SG_HIGHER;
    metrics[1].adjust = true;
    metrics[2].scale = SG_SCALE_LINEAR;
    metrics[last].scale = SG_SCALE_COUNT;
    free(metrics[last].events);
    free(metrics[last].trials);
    metrics[last].events = sg_strdup(metrics[1].name);
    metrics[last].trials = sg_strdup(metrics[2].name);
    fixture.session.repetitions[0].values[2] = NAN;
    char *csv = render(&fixture, "csv", false, 0);
    if (!sg_samples_read_csv(csv, strlen(csv), "samples.csv", &again, &err))
        fail_msg("%s", err.text);
    assert_int_equal(again.metrics_count, last + 1);
    for (size_t i = 0; i <= last; i++) {
        assert_string_equal(again.metrics[i].unit, metrics[i].unit);
        assert_int_equal(again.metrics[i].better, metrics[i].better);
        assert_int_equal(again.metrics[i].scale, metrics[i].scale);
        assert_int_equal(again.metrics[i].role, metrics[i].role);
        assert_int_equal(again.metrics[i].adjust, metrics[i].adjust);
    }
    assert_string_equal(again.metrics[last].events, metrics[1].name);
    assert_string_equal(again.metrics[last].trials, metrics[2].name);
    assert_true(again.repetitions[0].values[2] != again.repetitions[0].values[2]); /* NaN */
    assert_true(again.repetitions[1].values[2] > 0);
    sg_session_clear(&again);
    free(csv);
    fixture_clear(&fixture);
}

static void json_says_null_where_there_is_no_number(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_error err = {0};

    make_invalid(&fixture);
    char *text = render(&fixture, "json", false, 0);
    struct sg_json *root = sg_json_parse(text, strlen(text), "verdict.json", &err);
    assert_non_null(root);
    assert_string_equal(sg_json_string(sg_json_get(root, "schema"), ""), "svcgate.verdict/1");
    assert_string_equal(sg_json_string(sg_json_get(root, "verdict"), ""), "invalid");
    const struct sg_json *metric = sg_json_first(sg_json_get(root, "metrics"));
    assert_true(sg_json_is_null(sg_json_get(metric, "change")));
    assert_true(sg_json_is_null(sg_json_get(metric, "low")));
    assert_true(sg_json_number(sg_json_get(metric, "tolerance"), 0) == 0.05);
    sg_json_free(root);
    free(text);
    fixture_clear(&fixture);
}

static void json_of_hostile_names_is_still_json(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_error err = {0};

    make_hostile(&fixture);
    char *text = render(&fixture, "json", false, 0);
    struct sg_json *root = sg_json_parse(text, strlen(text), "verdict.json", &err);
    assert_non_null(root);
    sg_json_free(root);
    free(text);
    fixture_clear(&fixture);
}

static void nothing_judged_is_never_green(void **state)
{
    (void)state;
    struct fixture fixture;

    start(&fixture, SG_INVALID, "no repetition was measured");
    char *junit = render(&fixture, "junit", false, 0);
    char *github = render(&fixture, "github", false, 0);
    char *markdown = render(&fixture, "md", false, 0);
    assert_non_null(strstr(junit, "errors=\"1\""));
    assert_non_null(strstr(junit, "<error message=\"no repetition was measured\""));
    assert_true(strncmp(github, "::error ", 8) == 0);
    assert_non_null(strstr(markdown, "INVALID — no repetition was measured\n"));
    free(junit);
    free(github);
    free(markdown);
    fixture_clear(&fixture);
}

static void an_empty_session_is_shown_in_every_format(void **state)
{
    (void)state;
    struct sg_session session = {0};
    struct sg_judgement judgement = {.verdict = SG_INCONCLUSIVE, .alpha = NAN, .beta = NAN};
    struct sg_report report = {.session = &session, .judgement = &judgement};
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);

    for (size_t i = 0; i < count; i++) {
        struct sg_text out = {0};
        formats[i].write(&report, &out);
        assert_true(out.size > 0);
        sg_text_free(&out);
    }
}

/* --- Headlines ---------------------------------------------------------------------------- */

static void expect_headline(struct fixture *fixture, const char *headline)
{
    char *text = render(fixture, "md", false, 0);
    size_t length = strcspn(text, "\n");

    text[length] = '\0';
    assert_string_equal(text, headline);
    free(text);
    fixture_clear(fixture);
}

static void a_broken_limit_is_the_headline_when_the_change_is_not(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    struct sg_result *latency = &fixture.judgement.results[0];
    latency->limit = 0.012;
    set_numbers(latency, 0.0121, 0.0122, -0.01, 0.03);
    expect_headline(&fixture, "## svcgate: ✗ FAIL — latency_p95 of `candidate` is 12.2 ms, above "
                              "its limit of 12 ms");
}

static void a_crash_is_told_by_the_judge(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    fixture.judgement.results[0].change = NAN;
    fixture.judgement.results[0].value = NAN;
    put(&fixture.judgement.reason, "candidate was OOM-killed in block 2.");
    expect_headline(&fixture, "## svcgate: ✗ FAIL — candidate was OOM-killed in block 2");
}

static void less_throughput_is_worse(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    struct sg_result *result = &fixture.judgement.results[0];
    put(&result->metric, "throughput");
    put(&result->unit, "requests/s");
    result->higher_is_better = true;
    result->limit = NAN;
    set_numbers(result, 300, 240, -0.3, -0.1);
    expect_headline(&fixture, "## svcgate: ✗ FAIL — throughput of `candidate` is 20.0 % worse "
                              "than `base`");
}

static void further_failures_are_counted(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    fixture.judgement.results[2].verdict = SG_FAIL;
    expect_headline(&fixture, "## svcgate: ✗ FAIL — latency_p95 of `candidate` is 11.6 % worse "
                              "than `base`, and 1 more gate failed");
}

/* --- Numbers ------------------------------------------------------------------------------ */

static void expect_taken(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    free(text);
}

static void bounds_that_do_not_exist_are_not_shown(void **state)
{
    (void)state;
    struct sg_result result = {.relative = true,
                               .change = -0.032,
                               .low = NAN,
                               .high = NAN,
                               .tolerance = 0.05,
                               .limit = NAN};

    expect_taken(sg_show_interval(&result), "");
    result.low = -0.1;
    expect_taken(sg_show_interval(&result), "[at least −10.0 %]");
    result.high = 0.01;
    expect_taken(sg_show_interval(&result), "[−10.0 %, +1.0 %]");
    result.low = NAN;
    expect_taken(sg_show_interval(&result), "[at most +1.0 %]");
    result.change = NAN;
    expect_taken(sg_show_interval(&result), "");
}

/* memory_max is 24.1 MiB. */
static void a_tolerance_from_a_floor_names_the_floor(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_gate gate = {.metric = (char *)"memory_max", .floor = 5 * MIB};

    make_pass(&fixture);
    struct sg_result *result = &fixture.judgement.results[2];
    assert_string_equal(result->metric, "memory_max");
    result->tolerance = gate.floor / result->reference;
    fixture.session.gates = &gate;
    fixture.session.gates_count = 1;
    char *floor = render(&fixture, "text", false, 0);
    gate.floor = 4 * MIB; /* less than the tolerance: it is not used */
    char *wider = render(&fixture, "text", false, 0);
    fixture.session.gates = NULL;
    fixture.session.gates_count = 0;
    assert_non_null(strstr(floor, "5 MiB = 20.7 %"));
    assert_null(strstr(wider, "="));
    free(floor);
    free(wider);
    fixture_clear(&fixture);
}

static char *answer_for(double change, double low, double high, enum sg_verdict verdict)
{
    struct fixture fixture;

    make_pass(&fixture);
    struct sg_result *result = &fixture.judgement.results[0];
    result->higher_is_better = true;
    result->improved = change > 0;
    result->verdict = verdict;
    result->change = change;
    result->low = low;
    result->high = high;
    fixture.judgement.verdict = verdict;
    char *text = render(&fixture, "text", false, 400);
    fixture_clear(&fixture);
    return text;
}

static void the_answer_names_the_bound_that_its_verdict_rests_on(void **state)
{
    (void)state;
    char *better = answer_for(0.08, 0.05, 0.11, SG_PASS);
    char *worse = answer_for(-0.1, -0.15, -0.06, SG_FAIL);
    char *unbounded = answer_for(0.08, NAN, 0.11, SG_PASS);

    assert_non_null(strstr(better, "candidate against base: better in latency_p95 by 8.0 % (95 % "
                                   "sure: at least 5.0 %); no worse than allowed in"));
    assert_non_null(strstr(worse, ": worse in latency_p95 by 10.0 % (proven: at least 6.0 %);"));
    assert_non_null(strstr(unbounded, ": better in latency_p95 by 8.0 %; "));
    free(better);
    free(worse);
    free(unbounded);
}

static void an_invalid_session_has_no_answer(void **state)
{
    (void)state;
    char *text = answer_for(0.08, 0.05, 0.11, SG_INVALID);

    assert_null(strstr(text, " against base: "));
    free(text);
}

static void differences_have_their_unit_and_a_real_minus(void **state)
{
    (void)state;
    char unit[] = "bytes/s";
    char ratio[] = "ratio";
    struct sg_result result = {.unit = unit, .limit = NAN};

    expect_taken(sg_show_difference(&result, -2.5 * MIB), "−2.5 MiB/s");
    expect_taken(sg_show_difference(&result, NAN), "–");
    result.unit = ratio;
    expect_taken(sg_show_difference(&result, 0.004), "+0.4 pp");
    result.relative = true;
    expect_taken(sg_show_difference(&result, -0.0321), "−3.2 %");
}

static void tolerance_and_limit_stand_together(void **state)
{
    (void)state;
    char unit[] = "s";
    struct sg_result result = {.unit = unit, .relative = true, .tolerance = 0.05, .limit = 0.25};

    expect_taken(sg_show_tolerance(&result), "5 %, limit 250 ms");
    result.tolerance = NAN;
    expect_taken(sg_show_tolerance(&result), "limit 250 ms");
    result.limit = NAN;
    expect_taken(sg_show_tolerance(&result), "–");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_has_a_name_a_file_and_help),
        cmocka_unit_test(markdown_is_another_name_of_md),
        cmocka_unit_test(an_unknown_format_is_told_the_nearest),
        cmocka_unit_test(csv_read_again_has_the_same_numbers),
        cmocka_unit_test(csv_read_again_has_the_same_metrics),
        cmocka_unit_test(json_says_null_where_there_is_no_number),
        cmocka_unit_test(json_of_hostile_names_is_still_json),
        cmocka_unit_test(nothing_judged_is_never_green),
        cmocka_unit_test(an_empty_session_is_shown_in_every_format),
        cmocka_unit_test(a_broken_limit_is_the_headline_when_the_change_is_not),
        cmocka_unit_test(a_crash_is_told_by_the_judge),
        cmocka_unit_test(less_throughput_is_worse),
        cmocka_unit_test(further_failures_are_counted),
        cmocka_unit_test(bounds_that_do_not_exist_are_not_shown),
        cmocka_unit_test(a_tolerance_from_a_floor_names_the_floor),
        cmocka_unit_test(the_answer_names_the_bound_that_its_verdict_rests_on),
        cmocka_unit_test(an_invalid_session_has_no_answer),
        cmocka_unit_test(differences_have_their_unit_and_a_real_minus),
        cmocka_unit_test(tolerance_and_limit_stand_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
