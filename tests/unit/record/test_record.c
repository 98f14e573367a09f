/* SPDX-License-Identifier: Apache-2.0 */
/* Growing, copying and clearing sessions; labels; the hash of the plan. */
#include "unit/record/full.h"

#include "base/text.h"

static void clearing_twice_and_clearing_null_are_safe(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    sg_session_clear(&session);
    sg_session_clear(&session);
    sg_session_clear(NULL);
    sg_metric_clear(NULL);
    sg_gate_clear(NULL);
    sg_finding_clear(NULL);
    sg_repetition_clear(NULL);
    assert_null(session.metrics);
    assert_int_equal(session.repetitions_count, 0);
}

static void a_new_metric_is_not_measured_in_all_repetitions_so_far(void **state)
{
    (void)state;
    struct sg_session session = {0};
    sg_session_add_repetition(&session, "a");
    sg_session_add_metric(&session, "x");
    session.repetitions[0].values[0] = 4;
    sg_session_add_repetition(&session, "b");
    for (int i = 0; i < 40; i++) {
        sg_session_add_metric(&session, "y");
    }
    same_number(session.repetitions[0].values[0], 4);
    same_number(session.repetitions[0].values[40], NAN);
    same_number(session.repetitions[1].values[0], NAN);
    same_number(session.repetitions[1].values[40], NAN);
    sg_session_clear(&session);
}

static void a_new_gate_has_no_tolerances_and_weight_one(void **state)
{
    (void)state;
    struct sg_session session = {0};
    struct sg_gate *gate = sg_session_add_gate(&session, "latency_p95");
    struct sg_gate expected = {"latency_p95", NULL, NULL, NAN, NAN, NAN, NAN, 1, 0};
    same_gate(gate, &expected);
    sg_session_clear(&session);
}

static void what_a_new_repetition_has_not_measured_is_nan(void **state)
{
    (void)state;
    struct sg_session session = {0};
    struct sg_repetition *repetition = sg_session_add_repetition(&session, "base");
    assert_string_equal(repetition->variant, "base");
    same_number(repetition->start, NAN);
    same_number(repetition->service_cpu.value, NAN);
    same_number(repetition->witness_cpu, NAN);
    same_number(repetition->steal, NAN);
    same_number(repetition->summary_p95, NAN);
    assert_int_equal(repetition->block, 0);
    sg_session_clear(&session);
}

static void findings_of_any_length_are_kept_whole(void **state)
{
    (void)state;
    struct sg_session session = {0};
    char *long_text = sg_alloc(10001, 1);
    memset(long_text, 'x', 10000);
    sg_session_add_finding(&session, SG_FINDING_NOTE, "c", NULL, "%s", long_text);
    assert_string_equal(session.findings[0].text, long_text);
    assert_null(session.findings[0].log);
    free(long_text);
    sg_session_clear(&session);
}

static void copies_share_nothing_with_the_original(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    struct sg_metric metric = sg_metric_copy(&session.metrics[0]);
    struct sg_gate gate = sg_gate_copy(&session.gates[0]);
    same_metric(&metric, &session.metrics[0]);
    same_gate(&gate, &session.gates[0]);
    assert_ptr_not_equal(metric.events, session.metrics[0].events);
    sg_session_clear(&session);
    assert_string_equal(metric.trials, "requests");
    assert_string_equal(gate.request, "search");
    sg_metric_clear(&metric);
    sg_gate_clear(&gate);
}

static void a_metric_is_found_by_name_container_and_request_together(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    assert_int_equal(sg_session_find_metric(&session, "latency_p95", NULL, NULL), 1);
    assert_int_equal(sg_session_find_metric(&session, "error_rate", "postgres", "GET /items/{id}"),
                     0);
    assert_int_equal(sg_session_find_metric(&session, "error_rate", NULL, NULL), -1);
    assert_int_equal(sg_session_find_metric(&session, "latency_p95", "postgres", NULL), -1);
    sg_session_clear(&session);
}

static void expect_label(const char *name, const char *of, const char *request, const char *label)
{
    char *made = sg_metric_label(name, of, request);
    assert_string_equal(made, label);
    free(made);
}

static void labels_name_container_and_request_where_they_are_set(void **state)
{
    (void)state;
    expect_label("latency_p95", NULL, NULL, "latency_p95");
    expect_label("cpu_per_request", "postgres", NULL, "cpu_per_request of postgres");
    expect_label("latency_p95", NULL, "search", "latency_p95 {search}");
    expect_label("latency_p95", "db", "search", "latency_p95 of db {search}");
}

static void expect_other_hash(const struct sg_session *session, const char *before)
{
    char hash[65];
    sg_session_plan_hash(session, hash);
    assert_string_not_equal(hash, before);
}

static void the_plan_hash_changes_with_plan_gates_waivers_metrics_and_reference(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    char before[65];
    sg_session_plan_hash(&session, before);
    session.plan.alpha = 0.010000000000000002; /* the next double */
    expect_other_hash(&session, before);
    session.plan.alpha = 0.01;
    session.plan.seed--;
    expect_other_hash(&session, before);
    session.plan.seed++;
    session.gates[0].tolerance = 0.06;
    expect_other_hash(&session, before);
    session.gates[0].tolerance = 0.05;
    session.waivers[0].bound = 0.13;
    expect_other_hash(&session, before);
    session.waivers[0].bound = 0.12;
    session.waivers[0].expires[9] = '2';
    expect_other_hash(&session, before);
    session.waivers[0].expires[9] = '1';
    session.metrics[1].better = SG_HIGHER;
    expect_other_hash(&session, before);
    session.metrics[1].better = SG_LOWER;
    session.reference[0] = 'c';
    expect_other_hash(&session, before);
    sg_session_clear(&session);
}

static void the_plan_hash_does_not_change_with_data_or_lines_of_the_config(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    char before[65];
    char after[65];
    sg_session_plan_hash(&session, before);
    session.gates[0].line = 99;
    session.waivers[0].line = 98;
    session.repetitions[0].values[0] = 77;
    session.complete = false;
    sg_session_add_repetition(&session, "base");
    sg_session_plan_hash(&session, after);
    assert_string_equal(before, after);
    sg_session_clear(&session);
}

/* Made apart from svcgate: sha256sum of the text in the comment of the test below. */
static void the_plan_hash_is_that_of_the_documented_text(void **state)
{
    (void)state;
    /* {"gates": [], "metrics": [{"better": "lower", "name": "x"}], "plan": {"alpha": 0.01,
     * "attempt": 1, "planned": false, "seed": "42"}, "reference": "base"} on one line, LF */
    struct sg_session session = {0};
    session.plan = (struct sg_plan){.alpha = 0.01,
                                    .beta = NAN,
                                    .budget = NAN,
                                    .warmup = NAN,
                                    .measure = NAN,
                                    .rate = NAN,
                                    .slice = NAN,
                                    .seed = 42,
                                    .attempt = 1};
    sg_session_add_metric(&session, "x");
    session.reference = sg_strdup("base");
    char hash[65];
    sg_session_plan_hash(&session, hash);
    assert_string_equal(hash, "1f78dd59cb254dcac160829799b0d99829649c65f6b93ae3e6ff1109fe62e05c");
    sg_session_clear(&session);
}

static void expect_split(const char *label, const char *name, const char *of, const char *request)
{
    char *parts[3];
    sg_metric_split(label, &parts[0], &parts[1], &parts[2]);
    assert_string_equal(parts[0], name);
    assert_true(sg_streq(parts[1], of));
    assert_true(sg_streq(parts[2], request));
    char *again = sg_metric_label(parts[0], parts[1], parts[2]);
    assert_string_equal(again, label);
    free(again);
    for (size_t i = 0; i < SG_COUNT(parts); i++) {
        free(parts[i]);
    }
}

static void a_label_is_split_into_its_parts_and_gives_itself_again(void **state)
{
    (void)state;
    expect_split("latency_p95", "latency_p95", NULL, NULL);
    expect_split("cpu_per_request of postgres", "cpu_per_request", "postgres", NULL);
    expect_split("latency_p95 {GET /a {b}}", "latency_p95", NULL, "GET /a {b}");
    expect_split("x of db {a of b}", "x", "db", "a of b");
    expect_split("", "", NULL, NULL);
    expect_split(" of x", " of x", NULL, NULL);
    expect_split("x of ", "x of ", NULL, NULL);
    expect_split("x {}", "x {}", NULL, NULL);
    expect_split(" {}", " {}", NULL, NULL);
    expect_split(" {x}", " {x}", NULL, NULL);
}

static void a_metric_is_found_by_its_label(void **state)
{
    (void)state;
    struct sg_session session = full_session();
    const char label[] = "error_rate of postgres {GET /items/{id}}:tolerance=5%";
    assert_int_equal(sg_session_find_label(&session, label, strcspn(label, ":")), 0);
    assert_int_equal(sg_session_find_label(&session, label, strlen(label)), -1);
    assert_int_equal(sg_session_find_label(&session, "error_rate", 10), -1);
    assert_int_equal(sg_session_find_label(&session, "", 0), -1);
    sg_session_clear(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clearing_twice_and_clearing_null_are_safe),
        cmocka_unit_test(a_new_metric_is_not_measured_in_all_repetitions_so_far),
        cmocka_unit_test(a_new_gate_has_no_tolerances_and_weight_one),
        cmocka_unit_test(what_a_new_repetition_has_not_measured_is_nan),
        cmocka_unit_test(findings_of_any_length_are_kept_whole),
        cmocka_unit_test(copies_share_nothing_with_the_original),
        cmocka_unit_test(a_metric_is_found_by_name_container_and_request_together),
        cmocka_unit_test(labels_name_container_and_request_where_they_are_set),
        cmocka_unit_test(the_plan_hash_changes_with_plan_gates_waivers_metrics_and_reference),
        cmocka_unit_test(the_plan_hash_does_not_change_with_data_or_lines_of_the_config),
        cmocka_unit_test(the_plan_hash_is_that_of_the_documented_text),
        cmocka_unit_test(a_label_is_split_into_its_parts_and_gives_itself_again),
        cmocka_unit_test(a_metric_is_found_by_its_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
