/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples as JSON. */
#include "unit/record/full.h"

#include "base/text.h"

static struct sg_session read_samples(const char *text)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (!sg_samples_read_json(text, strlen(text), "s.json", &session, &err)) {
        fail_msg("%s", err.text);
    }
    return session;
}

/* Samples with these members besides the schema. */
static void expect_refused(const char *members, const char *first, const char *second)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    char *text = sg_format("{\"schema\": \"svcgate.samples/1\", %s}", members);
    assert_false(sg_samples_read_json(text, strlen(text), "s.json", &session, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, first) == NULL || strstr(err.text, second) == NULL ||
        !sg_starts_with(err.text, "s.json:")) {
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.text, first, second);
    }
    free(text);
}

static void the_example_of_the_guide_is_read(void **state)
{
    (void)state;
    struct sg_session session = read_samples(
        "{\"schema\": \"svcgate.samples/1\",\n"
        " \"metrics\": [{\"name\": \"latency_p95\", \"unit\": \"s\", \"better\": \"lower\"}],\n"
        " \"repetitions\": [{\"block\": 1, \"variant\": \"base\", \"values\": {\"latency_p95\": "
        "0.0123}},\n"
        "                 {\"block\": 1, \"variant\": \"candidate\", \"values\": "
        "{\"latency_p95\": 0.0125}}]}\n");
    assert_int_equal(session.metrics_count, 1);
    assert_string_equal(session.metrics[0].unit, "s");
    assert_int_equal(session.repetitions_count, 2);
    same_number(session.repetitions[1].values[0], 0.0125);
    assert_string_equal(session.repetitions[1].variant, "candidate");
    assert_int_equal(session.repetitions[1].block, 1);
    assert_int_equal(session.repetitions[1].slot, 2);
    sg_session_clear(&session);
}

static void metrics_say_scale_role_and_adjustment(void **state)
{
    (void)state;
    struct sg_session session = read_samples(
        "{\"schema\": \"svcgate.samples/1\", \"reference\": \"a\", \"metrics\": ["
        "{\"name\": \"t\"}, {\"name\": \"d\", \"scale\": \"linear\", \"adjust\": false},"
        "{\"name\": \"z\", \"role\": \"covariate\"}, {\"name\": \"size\", \"scale\": \"exact\"},"
        "{\"name\": \"rate\", \"scale\": \"count\", \"events\": \"x\", \"trials\": \"n\", "
        "\"better\": \"higher\"}, {\"name\": \"x\"}, {\"name\": \"n\"}],"
        "\"repetitions\": [{\"variant\": \"a\", \"values\": {\"t\": 1}}]}");
    assert_string_equal(session.reference, "a");
    assert_true(session.metrics[0].adjust);
    assert_string_equal(session.metrics[0].unit, "");
    assert_int_equal(session.metrics[1].scale, SG_SCALE_LINEAR);
    assert_false(session.metrics[1].adjust);
    assert_int_equal(session.metrics[2].role, SG_ROLE_COVARIATE);
    assert_false(session.metrics[2].adjust);
    assert_int_equal(session.metrics[3].scale, SG_SCALE_EXACT);
    assert_false(session.metrics[3].adjust);
    assert_int_equal(session.metrics[4].better, SG_HIGHER);
    assert_string_equal(session.metrics[4].trials, "n");
    assert_false(session.metrics[4].adjust);
    same_number(session.repetitions[0].values[3], NAN);
    sg_session_clear(&session);
}

static void without_metrics_they_are_what_has_values(void **state)
{
    (void)state;
    struct sg_session session =
        read_samples("{\"schema\": \"svcgate.samples/1\", \"repetitions\": ["
                     "{\"variant\": \"a\", \"values\": {\"x\": 1}},"
                     "{\"variant\": \"b\", \"values\": {\"y\": 2, \"x\": null}}]}");
    assert_int_equal(session.metrics_count, 2);
    assert_string_equal(session.metrics[0].name, "x");
    assert_string_equal(session.metrics[1].name, "y");
    assert_true(session.metrics[1].adjust);
    same_number(session.repetitions[0].values[1], NAN);
    same_number(session.repetitions[1].values[0], NAN);
    same_number(session.repetitions[1].values[1], 2);
    sg_session_clear(&session);
}

static void blocks_count_from_one_in_the_order_of_their_first_repetition(void **state)
{
    (void)state;
    struct sg_session session =
        read_samples("{\"schema\": \"svcgate.samples/1\", \"repetitions\": ["
                     "{\"block\": 0, \"variant\": \"a\", \"values\": {\"x\": 1}},"
                     "{\"block\": \"monday\", \"variant\": \"a\", \"values\": {\"x\": 1}},"
                     "{\"block\": \"0\", \"variant\": \"b\", \"values\": {\"x\": 1}},"
                     "{\"block\": 7, \"variant\": \"a\", \"values\": {\"x\": 1}}]}");
    assert_int_equal(session.repetitions[0].block, 1);
    assert_int_equal(session.repetitions[1].block, 2);
    assert_int_equal(session.repetitions[2].block, 1);
    assert_int_equal(session.repetitions[3].block, 3);
    sg_session_clear(&session);
}

static void plain_samples_are_one_look_without_a_plan(void **state)
{
    (void)state;
    struct sg_session session =
        read_samples("{\"schema\": \"svcgate.samples/1\", \"repetitions\": ["
                     "{\"block\": 1, \"variant\": \"a\", \"values\": {\"x\": 1}},"
                     "{\"block\": 1, \"variant\": \"b\", \"values\": {\"x\": 1}},"
                     "{\"block\": 1, \"variant\": \"a\", \"values\": {\"x\": 1}},"
                     "{\"block\": 2, \"variant\": \"a\", \"values\": {\"x\": 1}}]}");
    assert_false(session.plan.planned);
    assert_true(session.complete);
    assert_int_equal(session.plan.block_size, 2);
    assert_int_equal(session.plan.max_repetitions, 3);
    assert_int_equal(session.plan.attempt, 1);
    same_number(session.plan.alpha, 0.01);
    same_number(session.plan.beta, 0.05);
    same_number(session.plan.rate, NAN);
    same_number(session.plan.slice, NAN);
    assert_int_equal(session.variants_count, 2);
    assert_string_equal(session.variants[1].name, "b");
    same_number(session.repetitions[0].start, NAN);
    sg_session_clear(&session);
}

static void a_misspelt_field_is_refused_with_the_right_name(void **state)
{
    (void)state;
    expect_refused("\"metrics\": [{\"name\": \"x\", \"beter\": \"higher\"}], \"repetitions\": []",
                   "metrics[0].beter", "\"better\"");
    expect_refused("\"repetition\": []", "repetition", "\"repetitions\"");
    expect_refused("\"repetitions\": [{\"varian\": \"a\", \"values\": {}}]",
                   "repetitions[0].varian", "\"variant\"");
}

static void other_unknown_fields_are_ignored(void **state)
{
    (void)state;
    struct sg_session session = read_samples(
        "{\"schema\": \"svcgate.samples/1\", \"comment\": \"mine\", \"metrics\": [{\"name\": "
        "\"x\", "
        "\"tags\": []}], \"repetitions\": [{\"variant\": \"a\", \"host\": \"h\", \"values\": "
        "{\"x\": 1}}]}");
    assert_int_equal(session.repetitions_count, 1);
    sg_session_clear(&session);
}

static void a_count_needs_metrics_of_its_events_and_trials(void **state)
{
    (void)state;
    expect_refused("\"metrics\": [{\"name\": \"e\", \"scale\": \"count\"}], \"repetitions\": []",
                   "metrics[0].events", "is missing");
    expect_refused("\"metrics\": [{\"name\": \"e\", \"scale\": \"count\", \"events\": \"e\", "
                   "\"trials\": \"n\"}], \"repetitions\": []",
                   "metrics[0].trials", "\"n\" is not among the metrics");
}

static void wrong_members_are_named_with_their_path(void **state)
{
    (void)state;
    expect_refused("\"x\": 1", "repetitions", "expected an array, found nothing");
    expect_refused("\"repetitions\": []", "repetitions", "is empty");
    expect_refused("\"repetitions\": [[]]", "repetitions[0]", "expected an object");
    expect_refused("\"repetitions\": [{\"values\": {}}]", "repetitions[0].variant",
                   "expected a variant's name, found nothing");
    expect_refused("\"repetitions\": [{\"variant\": \"\", \"values\": {}}]",
                   "repetitions[0].variant", "an empty one");
    expect_refused("\"repetitions\": [{\"variant\": \"a\"}]", "repetitions[0].values",
                   "expected an object, found nothing");
    expect_refused("\"repetitions\": [{\"variant\": \"a\", \"values\": [1]}]",
                   "repetitions[0].values", "expected an object, found an array");
    expect_refused("\"repetitions\": [{\"variant\": \"a\", \"values\": {\"x\": \"NaN\"}}]",
                   "repetitions[0].values.x", "found a string");
    expect_refused("\"repetitions\": [{\"variant\": \"a\", \"block\": true, \"values\": {}}]",
                   "repetitions[0].block", "found true or false");
    expect_refused("\"metrics\": [{\"name\": \"x\"}], \"repetitions\": [{\"variant\": \"a\", "
                   "\"values\": {\"X\": 1}}]",
                   "repetitions[0].values.X", "no such metric");
    expect_refused("\"metrics\": [{\"name\": \"x\"}, {\"name\": \"x\"}], \"repetitions\": []",
                   "metrics", "\"x\"");
    expect_refused("\"metrics\": [{\"name\": \"x\", \"better\": \"more\"}], \"repetitions\": []",
                   "metrics[0].better", "\"lower\", \"higher\"");
}

static void a_session_is_not_samples(void **state)
{
    (void)state;
    struct sg_session session = {0};
    struct sg_error err = {0};
    const char text[] = "{\"schema\": \"svcgate.session/1\"}";
    assert_false(sg_samples_read_json(text, strlen(text), "s.json", &session, &err));
    assert_non_null(strstr(err.text, "expected \"svcgate.samples/1\""));
}

static void expect_message(const char *text, const char *message)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    assert_false(sg_samples_read_json(text, strlen(text), "s.json", &session, &err));
    assert_string_equal(err.text, message);
}

static void mistakes_are_told_with_line_and_column(void **state)
{
    (void)state;
    expect_message("{\"schema\": \"svcgate.samples/1\",\n"
                   " \"repetitions\": [{\"variant\": \"a\", \"values\": {}},\n"
                   "  {\"variant\": \"b\", \"values\": {\"x\": \"fast\"}}]}",
                   "s.json:3:36: repetitions[1].values.x: expected a number or null, found a "
                   "string");
    expect_message("{\"schema\": \"svcgate.samples/1\",\n \"repetitions\": [ {\"values\": {}}]}",
                   "s.json:2:19: repetitions[0].variant: expected a variant's name, found nothing");
    expect_message(
        "{\n\"schema\": \"svcgate.samples/2\"}",
        "s.json:2:11: schema: this version of svcgate reads \"svcgate.samples/1\", the "
        "file is \"svcgate.samples/2\": use the svcgate that wrote it or a newer version");
    expect_message("[]", "s.json:1:1: expected an object, found an array");
}

static void too_many_blocks_or_variants_are_told(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        struct sg_text text = {0};
        sg_text_add(&text, "\"repetitions\": [");
        for (int i = 0; i < (kind == 0 ? 101 : 10001); i++) {
            sg_text_printf(&text, "%s{\"variant\": \"%d\", \"block\": %d, \"values\": {}}",
                           i == 0 ? "" : ",", kind == 0 ? i : 0, kind == 0 ? 0 : i);
        }
        sg_text_add(&text, "]");
        expect_refused(text.data,
                       kind == 0 ? "101 variants, more than the limit of 100"
                                 : "10001 blocks, more than the limit of 10000",
                       kind == 0 ? "a variant is one implementation" : "measured together");
        sg_text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_guide_is_read),
        cmocka_unit_test(metrics_say_scale_role_and_adjustment),
        cmocka_unit_test(without_metrics_they_are_what_has_values),
        cmocka_unit_test(blocks_count_from_one_in_the_order_of_their_first_repetition),
        cmocka_unit_test(plain_samples_are_one_look_without_a_plan),
        cmocka_unit_test(a_misspelt_field_is_refused_with_the_right_name),
        cmocka_unit_test(other_unknown_fields_are_ignored),
        cmocka_unit_test(a_count_needs_metrics_of_its_events_and_trials),
        cmocka_unit_test(wrong_members_are_named_with_their_path),
        cmocka_unit_test(a_session_is_not_samples),
        cmocka_unit_test(mistakes_are_told_with_line_and_column),
        cmocka_unit_test(too_many_blocks_or_variants_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
