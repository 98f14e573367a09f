/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate.session/1: exact round trips, and hostile files. */
#include "unit/record/full.h"

#include "base/text.h"
#include "record/session_json.h"

static void expect_refused(const char *text, const char *first, const char *second)
{
    struct sg_session session = {.complete = true};
    struct sg_error err = {0};
    assert_false(sg_session_read(text, strlen(text), "f.json", &session, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, first) == NULL || strstr(err.text, second) == NULL ||
        !sg_starts_with(err.text, "f.json:")) {
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.text, first, second);
    }
    assert_true(session.complete); /* untouched */
    assert_null(session.metrics);
}

/* A session around a member, with one metric x. */
static void expect_member_refused(const char *member, const char *first, const char *second)
{
    char *text = sg_format("{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": \"x\"}], "
                           "%s}",
                           member);
    expect_refused(text, first, second);
    free(text);
}

static struct sg_session read_again(const char *text)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (!sg_session_read(text, strlen(text), "f.json", &session, &err)) {
        fail_msg("%s", err.text);
    }
    return session;
}

static void every_field_comes_back_exactly(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    char *text = sg_session_write(&session);
    struct sg_session again = read_again(text);
    same_session(&session, &again);
    char *text_again = sg_session_write(&again);
    assert_string_equal(text, text_again);
    free(text);
    free(text_again);
    sg_session_clear(&session);
    sg_session_clear(&again);
}

static void an_empty_session_comes_back_as_not_measured(void **state)
{
    (void)state;
    struct sg_session session = {0};
    char *text = sg_session_write(&session);
    struct sg_session again = read_again(text);
    assert_int_equal(again.metrics_count, 0);
    assert_null(again.id);
    assert_true(again.plan.seed == 0);
    sg_session_clear(&again);
    again = read_again("{\"schema\": \"svcgate.session/1\", \"metrics\": [], \"repetitions\": []}");
    same_number(again.plan.alpha, NAN);
    same_number(again.plan.rate, NAN);
    free(text);
    sg_session_clear(&again);
}

static void a_session_that_was_read_can_grow(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    sg_session_add_metric(&session, "third");
    sg_session_add_finding(&session, SG_FINDING_NOTE, "a", NULL, "b");
    sg_session_add_finding(&session, SG_FINDING_NOTE, "a", NULL, "b");
    sg_session_add_repetition(&session, "base");
    char *text = sg_session_write(&session);
    struct sg_session again = read_again(text);
    for (int i = 0; i < 3; i++) {
        sg_session_add_metric(&again, "m");
        sg_session_add_finding(&again, SG_FINDING_NOTE, "a", NULL, "b");
        sg_session_add_repetition(&again, "base");
        sg_session_add_gate(&again, "m");
        sg_session_add_fact(&again, "f", "v", false);
    }
    assert_int_equal(again.metrics_count, 6);
    same_number(again.repetitions[0].values[5], NAN);
    free(text);
    sg_session_clear(&session);
    sg_session_clear(&again);
}

static void a_value_stands_on_a_line_of_its_own_under_its_label(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    char *text = sg_session_write(&session);
    assert_non_null(strstr(text, "\n        \"error_rate of postgres {GET /items/{id}}\": 0.1,\n"));
    assert_non_null(strstr(text, "\n        \"latency_p95\": null\n"));
    assert_non_null(strstr(text, "\"seed\": \"18446744073709551615\""));
    free(text);
    sg_session_clear(&session);
}

static void unknown_fields_are_ignored(void **state)
{
    (void)state;
    struct sg_session session =
        read_again("{\"schema\": \"svcgate.session/1.7\", \"later\": {\"a\": [1]}, \"metrics\": "
                   "[{\"name\": \"x\", \"hue\": 3}], \"repetitions\": [{\"block\": 1, \"variant\": "
                   "\"a\", \"values\": {\"x\": 2}, \"mood\": []}]}");
    same_number(session.repetitions[0].values[0], 2);
    sg_session_clear(&session);
}

static void a_waiver_without_bound_owner_reason_or_end_is_refused(void **state)
{
    (void)state;
    static const char *const keys[] = {"metric", "bound", "owner", "reason", "expires"};
    static const char *const values[] = {"\"x\"", "0.12", "\"ada\"", "\"TLS\"", "\"2027-01-31\""};
    for (size_t missing = 0; missing < SG_COUNT(keys); missing++) {
        struct sg_text text = {0};
        sg_text_add(&text, "{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": \"x\"}], "
                           "\"repetitions\": [], \"waivers\": [{\"line\": 1");
        for (size_t i = 0; i < SG_COUNT(keys); i++) {
            if (i != missing) {
                sg_text_printf(&text, ", \"%s\": %s", keys[i], values[i]);
            }
        }
        sg_text_add(&text, "}]}");
        expect_refused(text.data, "waivers[0]", keys[missing]);
        sg_text_free(&text);
    }
}

static void a_gate_without_weight_weighs_one(void **state)
{
    (void)state;
    struct sg_session session =
        read_again("{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": \"x\"}], "
                   "\"gates\": [{\"metric\": \"x\"}], \"repetitions\": []}");
    same_number(session.gates[0].weight, 1);
    same_number(session.gates[0].tolerance, NAN);
    sg_session_clear(&session);
}

static void a_newer_major_version_is_refused_with_the_tool_to_get(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.session/2\", \"tool\": \"svcgate 2.0.1\"}",
                   "svcgate.session/2", "use svcgate 2.0.1 or a newer version");
    expect_refused("{\"schema\": \"svcgate.session/12\"}", "svcgate.session/12", "newer version");
}

static void another_schema_is_refused(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.samples/1\"}", "schema", "svcgate.samples/1");
    expect_refused("{\"schema\": \"svcgate.session/1x\"}", "schema", "svcgate.session/1x");
    expect_refused("{\"schema\": \"svcgate.session/\"}", "schema", "expected");
    expect_refused("{\"schema\": \"svcgate.session/0\"}", "schema", "expected");
    expect_refused("{\"schema\": 1}", "schema", "a number");
    expect_refused("{}", "schema", "nothing");
    expect_refused("[]", "expected an object", "an array");
}

static void text_that_is_no_json_is_refused_with_its_position(void **state)
{
    (void)state;
    expect_refused("", "f.json:1:1", "");
    expect_refused("{\"schema\":\n  \"svcgate.session/1\",", "f.json:2", "");
    expect_refused("{\"schema\": \"svcgate.session/1\", \"a\": 1, \"a\": 2}", "f.json:1:", "\"a\"");
}

static void every_truncation_of_a_file_is_refused(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    char *text = sg_session_write(&session);
    size_t size = strlen(text) - 1; /* without the final newline it is whole */
    for (size_t cut = 0; cut < size; cut++) {
        struct sg_session again = {0};
        struct sg_error err = {0};
        char *part = sg_alloc(cut + 1, 1); /* so that ASan sees a byte too far */
        memcpy(part, text, cut);
        assert_false(sg_session_read(part, cut, "f.json", &again, &err));
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        free(part);
    }
    free(text);
    sg_session_clear(&session);
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"schema\": \"svcgate.session/1\", \"x\": ");
    for (int i = 0; i < 100000; i++) {
        sg_text_add(&text, "[");
    }
    expect_refused(text.data, "f.json:1:", "");
    sg_text_free(&text);
}

static void wrong_types_are_named_with_their_path(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.session/1\"}", "metrics", "is missing");
    expect_refused("{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": 3}]}",
                   "metrics[0].name", "expected a string, found a number");
    expect_refused("{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": null}]}",
                   "metrics[0].name", "must not be null");
    expect_refused("{\"schema\": \"svcgate.session/1\", \"metrics\": {}}", "metrics",
                   "expected an array, found an object");
    expect_member_refused("\"x\": 1", "repetitions", "expected an array, found nothing");
    expect_member_refused("\"repetitions\": [3]", "repetitions[0]", "found a number");
    expect_member_refused("\"repetitions\": [{\"variant\": \"a\"}]", "repetitions[0].block",
                          "is missing");
    expect_member_refused("\"repetitions\": [{\"block\": 1.5, \"variant\": \"a\"}]",
                          "repetitions[0].block", "not a whole number");
    expect_member_refused("\"repetitions\": [{\"block\": -1, \"variant\": \"a\"}]",
                          "repetitions[0].block", "-1");
    expect_member_refused("\"repetitions\": [{\"block\": 1e300, \"variant\": \"a\"}]",
                          "repetitions[0].block", "2147483647");
    expect_member_refused("\"plan\": {\"planned\": \"yes\"}", "plan.planned",
                          "expected true or false, found a string");
    expect_member_refused("\"plan\": [1]", "plan", "expected an object, found an array");
    expect_member_refused("\"complete\": 1", "complete", "found a number");
    expect_member_refused("\"gates\": [{\"metric\": \"x\"}, {\"metric\": \"x\", \"limit\": \"1\"}]",
                          "gates[1].limit", "expected a number, found a string");
    expect_member_refused("\"findings\": [{\"severity\": \"bad\"}]", "findings[0].severity",
                          "\"bad\" is not one of \"note\", \"warn\", \"invalid\", \"fail\"");
}

static void values_must_be_numbers_of_known_metrics(void **state)
{
    (void)state;
    expect_member_refused(
        "\"repetitions\": [{\"block\": 1, \"variant\": \"a\", \"values\": {\"y\": 1}}]",
        "repetitions[0].values.y", "no such metric");
    expect_member_refused(
        "\"repetitions\": [{\"block\": 1, \"variant\": \"a\", \"values\": {\"x\": \"1\"}}]",
        "repetitions[0].values.x", "expected a number or null, found a string");
    expect_member_refused("\"repetitions\": [{\"block\": 1, \"variant\": \"a\", \"values\": [1]}]",
                          "repetitions[0].values", "expected an object, found an array");
}

static void two_metrics_with_one_label_are_refused(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.session/1\", \"metrics\": [{\"name\": \"x\"}, "
                   "{\"name\": \"a\", \"of\": \"b\"}, {\"name\": \"a of b\"}]}",
                   "elements 1 and 2", "\"a of b\"");
}

static void seeds_are_64_bit_numbers_in_strings(void **state)
{
    (void)state;
    expect_member_refused("\"plan\": {\"seed\": 42}", "plan.seed", "found a number");
    expect_member_refused("\"plan\": {\"seed\": \"\"}", "plan.seed", "decimal digits");
    expect_member_refused("\"plan\": {\"seed\": \"-1\"}", "plan.seed", "decimal digits");
    expect_member_refused("\"plan\": {\"seed\": \"1 \"}", "plan.seed", "decimal digits");
    expect_member_refused("\"plan\": {\"seed\": \"18446744073709551616\"}", "plan.seed", "2^64");
}

static void control_characters_of_a_file_do_not_reach_the_message(void **state)
{
    (void)state;
    expect_member_refused("\"repetitions\": [{\"block\": 1, \"variant\": \"a\", \"values\": "
                          "{\"\\u001b[31m\": 1}}]",
                          "repetitions[0].values.: no such metric", "");
}

static void more_numbers_than_the_limit_are_refused_before_they_are_stored(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"schema\": \"svcgate.session/1\", \"metrics\": [");
    for (int i = 0; i < 5000; i++) {
        sg_text_printf(&text, "%s{\"name\": \"m%d\"}", i == 0 ? "" : ",", i);
    }
    sg_text_add(&text, "], \"repetitions\": [");
    for (int i = 0; i < 4000; i++) {
        sg_text_add(&text, i == 0 ? "{}" : ",{}");
    }
    sg_text_add(&text, "]}");
    expect_refused(text.data, "repetitions", "5000 metrics in 4000 repetitions");
    sg_text_free(&text);
}

static void more_repetitions_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"schema\": \"svcgate.session/1\", \"metrics\": [], \"repetitions\": [0");
    for (int i = 0; i < 100000; i++) {
        sg_text_add(&text, ",0");
    }
    sg_text_add(&text, "]}");
    expect_refused(text.data, "repetitions", "100001 elements, more than the limit of 100000");
    sg_text_free(&text);
}

static void a_configuration_is_named_only_by_a_path_that_stays_below(void **state)
{
    (void)state;
    static char *const bad[] = {NULL,     "",     "/etc/passwd", "..",      "../a.yaml",
                                "a/../b", "a/..", "a\nb",        "\x1b[2J", "C:\\a.yaml"};
    static char *const good[] = {"svcgate.yaml", "perf/svcgate.yaml", "a..b/..c", "./x.yaml", "ü"};
    struct sg_session session = {0};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        session.config = bad[i];
        assert_null(sg_session_config_path(&session));
    }
    for (size_t i = 0; i < SG_COUNT(good); i++) {
        session.config = good[i];
        assert_ptr_equal(sg_session_config_path(&session), good[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back_exactly),
        cmocka_unit_test(an_empty_session_comes_back_as_not_measured),
        cmocka_unit_test(a_session_that_was_read_can_grow),
        cmocka_unit_test(a_value_stands_on_a_line_of_its_own_under_its_label),
        cmocka_unit_test(unknown_fields_are_ignored),
        cmocka_unit_test(a_gate_without_weight_weighs_one),
        cmocka_unit_test(a_waiver_without_bound_owner_reason_or_end_is_refused),
        cmocka_unit_test(a_newer_major_version_is_refused_with_the_tool_to_get),
        cmocka_unit_test(another_schema_is_refused),
        cmocka_unit_test(text_that_is_no_json_is_refused_with_its_position),
        cmocka_unit_test(every_truncation_of_a_file_is_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(wrong_types_are_named_with_their_path),
        cmocka_unit_test(values_must_be_numbers_of_known_metrics),
        cmocka_unit_test(two_metrics_with_one_label_are_refused),
        cmocka_unit_test(seeds_are_64_bit_numbers_in_strings),
        cmocka_unit_test(control_characters_of_a_file_do_not_reach_the_message),
        cmocka_unit_test(more_numbers_than_the_limit_are_refused_before_they_are_stored),
        cmocka_unit_test(more_repetitions_than_the_limit_are_refused),
        cmocka_unit_test(a_configuration_is_named_only_by_a_path_that_stays_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
