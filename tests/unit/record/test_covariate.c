/* SPDX-License-Identifier: Apache-2.0 */
/* Control variates that the user names among plain samples. */
#include "unit/record/full.h"

#include "base/text.h"

/* Metrics t, z and w, with two repetitions each of base and candidate; z is always 3. */
static struct sg_session samples(void)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    const char text[] = "{\"schema\": \"svcgate.samples/1\", \"repetitions\": ["
                        "{\"variant\": \"a\", \"values\": {\"t\": 1, \"z\": 3, \"w\": 0.5}},"
                        "{\"variant\": \"b\", \"values\": {\"t\": 2, \"z\": 3, \"w\": 0.25}}]}";
    assert_true(sg_samples_read_json(text, strlen(text), "s.json", &session, &err));
    return session;
}

static void name(struct sg_session *session, const char *word)
{
    struct sg_error err = {0};
    if (!sg_plain_covariate(session, word, &err)) {
        fail_msg("%s", err.text);
    }
}

static void expect_refused(const char *word, const char *message)
{
    struct sg_session session = samples();
    struct sg_error err = {0};
    assert_false(sg_plain_covariate(&session, word, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, message) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.text, message);
    }
    sg_session_clear(&session);
}

static void they_stand_last_in_the_order_of_their_naming_with_their_values(void **state)
{
    (void)state;
    struct sg_session session = samples();
    name(&session, "w:linear");
    name(&session, "t");
    assert_string_equal(session.metrics[0].name, "z");
    assert_string_equal(session.metrics[1].name, "w");
    assert_string_equal(session.metrics[2].name, "t");
    assert_int_equal(session.metrics[0].role, SG_ROLE_METRIC);
    assert_int_equal(session.metrics[1].role, SG_ROLE_COVARIATE);
    assert_int_equal(session.metrics[1].scale, SG_SCALE_LINEAR);
    assert_int_equal(session.metrics[2].scale, SG_SCALE_LOG);
    assert_false(session.metrics[2].adjust);
    same_number(session.repetitions[1].values[0], 3);
    same_number(session.repetitions[1].values[1], 0.25);
    same_number(session.repetitions[1].values[2], 2);
    sg_session_clear(&session);
}

static void a_name_that_holds_a_colon_is_taken_as_it_is(void **state)
{
    (void)state;
    struct sg_session session = samples();
    free(session.metrics[2].name);
    session.metrics[2].name = sg_strdup("x:log");
    name(&session, "x:log");
    name(&session, "x:log:linear");
    assert_int_equal(session.metrics[2].scale, SG_SCALE_LINEAR);
    sg_session_clear(&session);
}

static void an_unknown_one_is_refused_with_the_nearest_name(void **state)
{
    (void)state;
    struct sg_session session = samples();
    struct sg_error err = {0};
    free(session.metrics[1].name);
    session.metrics[1].name = sg_strdup("generator");
    assert_false(sg_plain_covariate(&session, "generatr:linear", &err));
    assert_non_null(strstr(err.text, "\"generatr\"; did you mean \"generator\"?"));
    sg_session_clear(&session);
    expect_refused("nothing", "the data have no metric \"nothing\"");
    expect_refused("", "\"\"");
    expect_refused(":log", "\"\"");
}

static void one_on_the_log_scale_must_be_above_zero(void **state)
{
    (void)state;
    struct sg_session session = samples();
    struct sg_error err = {0};
    session.repetitions[1].values[2] = 0;
    name(&session, "w:linear");
    assert_true(sg_plain_covariates_check(&session, &err));
    name(&session, "w:log");
    assert_false(sg_plain_covariates_check(&session, &err));
    assert_non_null(strstr(err.text, "w is 0 in block 1 of b"));
    assert_non_null(strstr(err.text, "--covariate w:linear"));
    sg_session_clear(&session);
}

static void one_that_never_changes_is_noted(void **state)
{
    (void)state;
    struct sg_session session = samples();
    struct sg_error err = {0};
    name(&session, "z");
    assert_true(sg_plain_covariates_check(&session, &err));
    assert_true(session.metrics[0].adjust); /* judging finds that it can take nothing out */
    assert_int_equal(session.findings_count, 1);
    assert_int_equal(session.findings[0].severity, SG_FINDING_NOTE);
    assert_non_null(strstr(session.findings[0].text, "z is the same in every repetition"));
    sg_session_clear(&session);
}

static void beside_one_that_changes_it_is_only_noted(void **state)
{
    (void)state;
    struct sg_session session = samples();
    struct sg_error err = {0};
    name(&session, "z");
    name(&session, "w");
    assert_true(sg_plain_covariates_check(&session, &err));
    assert_true(session.metrics[0].adjust);
    assert_int_equal(session.findings_count, 1);
    sg_session_clear(&session);
}

static void missing_values_are_noted(void **state)
{
    (void)state;
    struct sg_session session = samples();
    struct sg_error err = {0};
    session.repetitions[0].values[2] = NAN;
    name(&session, "w");
    assert_true(sg_plain_covariates_check(&session, &err));
    assert_int_equal(session.findings_count, 2); /* one number is always the same, too */
    assert_non_null(strstr(session.findings[0].text, "w is missing in 1 of 2 repetitions"));
    sg_session_clear(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_stand_last_in_the_order_of_their_naming_with_their_values),
        cmocka_unit_test(a_name_that_holds_a_colon_is_taken_as_it_is),
        cmocka_unit_test(an_unknown_one_is_refused_with_the_nearest_name),
        cmocka_unit_test(one_on_the_log_scale_must_be_above_zero),
        cmocka_unit_test(one_that_never_changes_is_noted),
        cmocka_unit_test(beside_one_that_changes_it_is_only_noted),
        cmocka_unit_test(missing_values_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
