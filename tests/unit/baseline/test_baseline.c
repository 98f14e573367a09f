/* SPDX-License-Identifier: Apache-2.0 */
/* The stored baseline: what goes in, what comes back, what is refused. */
#include "unit/record/full.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "baseline/baseline.h"

/* A session of two variants with three repetitions each in one block. */
static struct sg_session small_session(const char *id)
{
    struct sg_session session = {0};
    session.id = sg_strdup(id);
    session.created = sg_strdup("2026-11-24T23:29:03Z");
    session.reference = sg_strdup("base");
    session.command = sg_strdup("svcgate run");
    session.plan.budget = NAN;
    session.plan.seed = 7;
    session.complete = true;
    sg_session_add_metric(&session, "latency_p95");
    sg_session_add_metric(&session, "generator_cpu_per_request");
    sg_session_add_fact(&session, "cpu", "EPYC", true);
    for (int i = 0; i < 6; i++) {
        const char *variant = i % 2 == 0 ? "base" : "candidate";
        struct sg_repetition *repetition = sg_session_add_repetition(&session, variant);
        repetition->block = 1;
        repetition->slot = i + 1;
        repetition->values[0] = 0.01 + 0.001 * i;
        repetition->image_digest = sg_strdup("sha256:0123");
        repetition->container_id = sg_strdup("c0ffee");
    }
    return session;
}

static void add(struct sg_baseline *baseline, const char *id, const char *note)
{
    struct sg_session session = small_session(id);
    struct sg_error err = {0};
    if (!sg_baseline_add(baseline, &session, "candidate", note, &err)) {
        fail_msg("%s", err.text);
    }
    sg_session_clear(&session);
}

static struct sg_baseline parse(const char *text)
{
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    if (!sg_baseline_parse(text, strlen(text), "b.json", &baseline, &err)) {
        fail_msg("%s", err.text);
    }
    return baseline;
}

static void expect_refused(const char *text, const char *first, const char *second)
{
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    assert_false(sg_baseline_parse(text, strlen(text), "b.json", &baseline, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, first) == NULL || strstr(err.text, second) == NULL ||
        !sg_starts_with(err.text, "b.json:")) {
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.text, first, second);
    }
    assert_null(baseline.sessions);
}

static void one_variant_of_a_session_goes_in(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "s1", "because");
    assert_int_equal(baseline.count, 1);
    assert_string_equal(baseline.notes[0], "because");
    const struct sg_session *stored = &baseline.sessions[0];
    assert_string_equal(stored->id, "s1");
    assert_string_equal(stored->created, "2026-11-24T23:29:03Z");
    assert_int_equal(stored->repetitions_count, 3);
    assert_int_equal(stored->metrics_count, 2);
    assert_int_equal(stored->facts_count, 1);
    assert_true(stored->facts[0].hard);
    assert_true(stored->plan.seed == 7);
    const struct sg_repetition *second = &stored->repetitions[1];
    assert_string_equal(second->variant, "candidate");
    same_number(second->values[0], 0.01 + 0.001 * 3);
    same_number(second->values[1], NAN);
    assert_int_equal(second->slot, 4);
    assert_string_equal(second->image_digest, "sha256:0123");
    assert_null(second->container_id);
    sg_baseline_clear(&baseline);
    sg_baseline_clear(&baseline);
    sg_baseline_clear(NULL);
}

static void repetitions_that_do_not_count_stay_out(void **state)
{
    (void)state;
    struct sg_session session = small_session("s1");
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    sg_session_add_repetition(&session, "candidate")->values[0] = 5; /* block 0: warm-up */
    session.repetitions[1].discarded = true;
    sg_repetition_add_finding(&session.repetitions[3], SG_FINDING_INVALID, "steal", NULL, "x");
    sg_repetition_add_finding(&session.repetitions[5], SG_FINDING_WARN, "steal", NULL, "x");
    assert_true(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    assert_int_equal(baseline.sessions[0].repetitions_count, 1);
    assert_int_equal(baseline.sessions[0].repetitions[0].slot, 6);
    sg_baseline_clear(&baseline);
    sg_session_clear(&session);
}

static void a_variant_without_a_whole_repetition_is_refused(void **state)
{
    (void)state;
    struct sg_session session = small_session("s1");
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    assert_false(sg_baseline_add(&baseline, &session, "other", NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "no whole repetition of \"other\""));
    session.repetitions[1].values[0] = NAN; /* nothing measured */
    sg_repetition_add_finding(&session.repetitions[3], SG_FINDING_FAIL, "exited", NULL, "x");
    session.repetitions[5].block = 0;
    assert_false(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    assert_int_equal(baseline.count, 0);
    sg_session_clear(&session);
    sg_baseline_clear(&baseline);
}

static void a_session_is_stored_once(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    struct sg_session session = small_session("s1");
    struct sg_error err = {0};
    assert_true(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    assert_false(sg_baseline_add(&baseline, &session, "base", NULL, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "s1 is in the baseline already"));
    assert_int_equal(baseline.count, 1);
    sg_session_clear(&session);
    sg_baseline_clear(&baseline);
}

static void plain_samples_get_an_id_from_their_numbers(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    struct sg_session session = small_session(NULL);
    struct sg_error err = {0};
    assert_true(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    assert_true(sg_starts_with(baseline.sessions[0].id, "samples-"));
    assert_false(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    session.repetitions[1].values[0] = 9;
    assert_true(sg_baseline_add(&baseline, &session, "candidate", NULL, &err));
    assert_null(session.id);
    sg_session_clear(&session);
    sg_baseline_clear(&baseline);
}

static void the_oldest_goes_beyond_thirty(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    for (int i = 1; i <= 33; i++) {
        char id[16];
        snprintf(id, sizeof(id), "s%d", i);
        add(&baseline, id, i == 4 ? "four" : NULL);
    }
    assert_int_equal(baseline.count, SG_BASELINE_SESSIONS);
    assert_string_equal(baseline.sessions[0].id, "s4");
    assert_string_equal(baseline.notes[0], "four");
    assert_string_equal(baseline.sessions[29].id, "s33");
    sg_baseline_clear(&baseline);
}

static void pruning_keeps_the_newest(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", "note of a");
    add(&baseline, "b", NULL);
    add(&baseline, "c", "note of c");
    assert_int_equal(sg_baseline_prune(&baseline, 5), 0);
    assert_int_equal(sg_baseline_prune(&baseline, 1), 2);
    assert_int_equal(baseline.count, 1);
    assert_string_equal(baseline.sessions[0].id, "c");
    assert_string_equal(baseline.notes[0], "note of c");
    add(&baseline, "d", NULL);
    assert_string_equal(baseline.sessions[1].id, "d");
    assert_int_equal(sg_baseline_prune(&baseline, 0), 2);
    add(&baseline, "e", NULL);
    assert_int_equal(baseline.count, 1);
    sg_baseline_clear(&baseline);
}

static void promote(struct sg_baseline *baseline, const char *id, const char *reason)
{
    struct sg_session session = small_session(id);
    struct sg_error err = {0};
    assert_true(sg_baseline_promote(baseline, &session, "candidate", reason, &err));
    sg_session_clear(&session);
}

/* Ids of the sessions that count, from the oldest: "c d". */
static void expect_current(const struct sg_baseline *baseline, const char *ids)
{
    size_t count = 0;
    const struct sg_session *current = sg_baseline_current(baseline, &count);
    struct sg_text text = {0};
    for (size_t i = 0; i < count; i++) {
        sg_text_printf(&text, "%s%s", i > 0 ? " " : "", current[i].id);
    }
    char *found = sg_text_take(&text);
    assert_string_equal(found, ids);
    free(found);
}

static void an_accepted_change_starts_afresh(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    expect_current(&baseline, "");
    add(&baseline, "a", NULL);
    add(&baseline, "b", NULL);
    expect_current(&baseline, "a b");
    promote(&baseline, "c", "encryption");
    expect_current(&baseline, "c");
    add(&baseline, "d", NULL);
    expect_current(&baseline, "c d");
    promote(&baseline, "e", "compression");
    expect_current(&baseline, "e");
    assert_int_equal(baseline.count, 5); /* the others stay as history */
    assert_string_equal(baseline.accepted[2], "encryption");
    assert_null(baseline.accepted[3]);
    sg_baseline_clear(&baseline);
}

static void a_mark_comes_back_from_the_file(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", NULL);
    promote(&baseline, "b", "the \"new\" price");
    add(&baseline, "c", NULL);
    char *text = sg_baseline_text(&baseline);
    assert_non_null(strstr(text, "\"accepted\": \"the \\\"new\\\" price\""));
    struct sg_baseline again = parse(text);
    expect_current(&again, "b c");
    assert_string_equal(again.accepted[1], "the \"new\" price");
    free(text);
    sg_baseline_clear(&baseline);
    sg_baseline_clear(&again);
}

static void pruning_leaves_no_segment_without_its_mark(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", NULL);
    promote(&baseline, "b", "encryption");
    add(&baseline, "c", NULL);
    add(&baseline, "d", NULL);
    assert_int_equal(sg_baseline_prune(&baseline, 2), 2);
    expect_current(&baseline, "c d");
    assert_string_equal(baseline.accepted[0], "encryption");
    promote(&baseline, "e", "compression");
    assert_int_equal(sg_baseline_prune(&baseline, 1), 2);
    assert_string_equal(baseline.accepted[0], "compression");
    expect_current(&baseline, "e");
    sg_baseline_clear(&baseline);
}

static void pruning_hands_no_mark_into_a_segment_that_has_none(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", NULL);
    add(&baseline, "b", NULL);
    promote(&baseline, "c", "encryption");
    assert_int_equal(sg_baseline_prune(&baseline, 2), 1);
    assert_null(baseline.accepted[0]);
    expect_current(&baseline, "c");
    sg_baseline_clear(&baseline);
}

static void beyond_thirty_the_mark_stays_too(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    promote(&baseline, "first", "encryption");
    for (int i = 1; i <= SG_BASELINE_SESSIONS; i++) {
        char id[16];
        snprintf(id, sizeof(id), "s%d", i);
        add(&baseline, id, NULL);
    }
    assert_int_equal(baseline.count, SG_BASELINE_SESSIONS);
    assert_string_equal(baseline.sessions[0].id, "s1");
    assert_string_equal(baseline.accepted[0], "encryption");
    sg_baseline_clear(&baseline);
}

static void an_interrupted_session_is_refused(void **state)
{
    (void)state;
    struct sg_session session = small_session("s1");
    struct sg_baseline baseline = {0};
    struct sg_error err = {0};
    session.complete = false;
    assert_false(sg_baseline_add(&baseline, &session, "candidate", "forced", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "s1 was interrupted"));
    assert_false(sg_baseline_promote(&baseline, &session, "candidate", "why", &err));
    assert_int_equal(baseline.count, 0);
    sg_session_clear(&session);
    sg_baseline_clear(&baseline);
}

static void text_comes_back_exactly(void **state)
{
    (void)state;
    struct sg_baseline baseline = {.name = sg_strdup("api")};
    add(&baseline, "a", "note \"of\" a");
    add(&baseline, "b", NULL);
    char *text = sg_baseline_text(&baseline);
    struct sg_baseline again = parse(text);
    assert_string_equal(again.name, "api");
    assert_int_equal(again.count, 2);
    assert_string_equal(again.notes[0], "note \"of\" a");
    assert_null(again.notes[1]);
    same_session(&baseline.sessions[0], &again.sessions[0]);
    same_session(&baseline.sessions[1], &again.sessions[1]);
    char *text_again = sg_baseline_text(&again);
    assert_string_equal(text, text_again);
    free(text);
    free(text_again);
    sg_baseline_clear(&baseline);
    sg_baseline_clear(&again);
}

static void a_repetition_stands_on_one_line(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", NULL);
    char *text = sg_baseline_text(&baseline);
    assert_non_null(strstr(text, "\n        {\"block\": 1, \"image_digest\": \"sha256:0123\", "
                                 "\"slot\": 2, \"values\": {\"generator_cpu_per_request\": null, "
                                 "\"latency_p95\": 0.011}, \"variant\": \"candidate\"},\n"));
    free(text);
    sg_baseline_clear(&baseline);
}

static void a_file_is_written_and_read(void **state)
{
    (void)state;
    char folder[] = "/tmp/svcgate-test-baseline-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *path = sg_path_join(folder, "api.json");
    struct sg_baseline baseline = {.name = sg_strdup("api")};
    struct sg_baseline again = {0};
    struct sg_error err = {0};
    add(&baseline, "a", NULL);
    assert_true(sg_baseline_write(&baseline, path, &err));
    assert_true(sg_baseline_read(path, &again, &err));
    assert_string_equal(again.sessions[0].id, "a");
    remove(path);
    assert_false(sg_baseline_read(path, &again, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, path));
    remove(folder);
    free(path);
    sg_baseline_clear(&baseline);
    sg_baseline_clear(&again);
}

static void unknown_fields_of_the_file_and_of_sessions_are_kept(void **state)
{
    (void)state;
    struct sg_baseline baseline =
        parse("{\"schema\": \"svcgate.baseline/1.4\", \"waivers\": [{\"until\": \"May\"}], "
              "\"sessions\": [{\"id\": \"old\", \"mood\": {\"a\": [1, null]}, \"metrics\": [], "
              "\"repetitions\": []}, {\"id\": \"s\", \"hue\": 0.1, \"metrics\": [], "
              "\"repetitions\": []}]}");
    sg_baseline_prune(&baseline, 1);
    add(&baseline, "new", NULL);
    char *text = sg_baseline_text(&baseline);
    assert_non_null(strstr(text, "\"until\": \"May\""));
    assert_non_null(strstr(text, "\"hue\": 0.1"));
    assert_null(strstr(text, "mood"));
    free(text);
    sg_baseline_clear(&baseline);
}

static void a_flood_of_unknown_fields_is_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "{\"schema\": \"svcgate.baseline/1\"");
    for (int i = 0; i < 65; i++) {
        sg_text_printf(&text, ", \"f%d\": 1", i);
    }
    sg_text_add(&text, ", \"sessions\": []}");
    expect_refused(text.data, "more than 64 unknown fields", "");
    sg_text_free(&text);
}

static void hostile_files_are_refused_with_their_place(void **state)
{
    (void)state;
    expect_refused("", "b.json:1:1", "");
    expect_refused("{\"schema\": \"svcgate.baseline/1\",\n\"sessions\": [", "b.json:2:", "");
    expect_refused("<<<<<<< HEAD\n{\n", "b.json:1:1", "");
    expect_refused("[]", "expected an object", "");
    expect_refused("{\"schema\": \"svcgate.session/1\"}", "schema", "\"svcgate.baseline/1\"");
    expect_refused("{\"schema\": \"svcgate.baseline/2\"}", "schema", "newer version");
    expect_refused("{\"schema\": \"svcgate.baseline/1\"}", "sessions", "expected an array");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"name\": 1, \"sessions\": []}", "name",
                   "expected a string");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [4]}", "sessions[0]",
                   "expected an object");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [{\"metrics\": [], "
                   "\"repetitions\": []}]}",
                   "sessions[0]: id", "is missing");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [{\"id\": \"a\", "
                   "\"metrics\": [], \"repetitions\": [], \"note\": 1}]}",
                   "sessions[0]: note", "expected a string");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [{\"id\": \"a\", "
                   "\"metrics\": [], \"repetitions\": [], \"accepted\": true}]}",
                   "sessions[0]: accepted", "expected a string");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [{\"id\": \"a\", "
                   "\"metrics\": [], \"repetitions\": [{\"block\": \"x\", \"variant\": \"a\"}]}]}",
                   "sessions[0]: repetitions[0].block", "expected a number, found a string");
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"a\": 1, \"a\": 2, \"sessions\": []}",
                   "b.json:1:", "\"a\"");
}

static void a_session_twice_in_a_file_is_refused(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": ["
                   "{\"id\": \"a\", \"metrics\": [], \"repetitions\": []}, "
                   "{\"id\": \"a\", \"metrics\": [], \"repetitions\": []}]}",
                   "sessions[1]: id", "sessions[0] too");
}

static void a_stored_session_of_two_variants_is_refused(void **state)
{
    (void)state;
    expect_refused("{\"schema\": \"svcgate.baseline/1\", \"sessions\": [{\"id\": \"a\", "
                   "\"metrics\": [], \"repetitions\": [{\"block\": 1, \"variant\": \"a\"}, "
                   "{\"block\": 1, \"variant\": \"b\"}]}]}",
                   "sessions[0]: repetitions[1].variant", "one variant only");
}

static void every_truncation_of_a_file_is_refused(void **state)
{
    (void)state;
    struct sg_baseline baseline = {0};
    add(&baseline, "a", NULL);
    char *text = sg_baseline_text(&baseline);
    size_t size = strlen(text) - 1; /* without the final newline it is whole */
    for (size_t cut = 0; cut < size; cut++) {
        struct sg_baseline again = {0};
        struct sg_error err = {0};
        char *part = sg_alloc(cut + 1, 1);
        memcpy(part, text, cut);
        assert_false(sg_baseline_parse(part, cut, "b.json", &again, &err));
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        free(part);
    }
    free(text);
    sg_baseline_clear(&baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_variant_of_a_session_goes_in),
        cmocka_unit_test(repetitions_that_do_not_count_stay_out),
        cmocka_unit_test(a_variant_without_a_whole_repetition_is_refused),
        cmocka_unit_test(a_session_is_stored_once),
        cmocka_unit_test(plain_samples_get_an_id_from_their_numbers),
        cmocka_unit_test(the_oldest_goes_beyond_thirty),
        cmocka_unit_test(pruning_keeps_the_newest),
        cmocka_unit_test(an_accepted_change_starts_afresh),
        cmocka_unit_test(a_mark_comes_back_from_the_file),
        cmocka_unit_test(pruning_leaves_no_segment_without_its_mark),
        cmocka_unit_test(pruning_hands_no_mark_into_a_segment_that_has_none),
        cmocka_unit_test(beyond_thirty_the_mark_stays_too),
        cmocka_unit_test(an_interrupted_session_is_refused),
        cmocka_unit_test(text_comes_back_exactly),
        cmocka_unit_test(a_repetition_stands_on_one_line),
        cmocka_unit_test(a_file_is_written_and_read),
        cmocka_unit_test(unknown_fields_of_the_file_and_of_sessions_are_kept),
        cmocka_unit_test(a_flood_of_unknown_fields_is_refused),
        cmocka_unit_test(hostile_files_are_refused_with_their_place),
        cmocka_unit_test(a_session_twice_in_a_file_is_refused),
        cmocka_unit_test(a_stored_session_of_two_variants_is_refused),
        cmocka_unit_test(every_truncation_of_a_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
