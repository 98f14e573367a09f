/* SPDX-License-Identifier: Apache-2.0 */
/* Findings in groups, worst first, and the notes that are left beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "report/findings.h"

/* A session of `count` repetitions, of a and b in turn. */
static struct sg_session session_of(size_t count)
{
    struct sg_session session = {0};
    for (size_t i = 0; i < count; i++) {
        struct sg_repetition *r = sg_session_add_repetition(&session, i % 2 == 0 ? "a" : "b");
        r->block = 1 + (int)i;
    }
    return session;
}

static void add(struct sg_session *session, size_t repetition, enum sg_severity severity,
                const char *check, const char *text)
{
    sg_repetition_add_finding(&session->repetitions[repetition], severity, check, NULL, "%s", text);
}

static void expect_group(const struct sg_finding_group *group, const char *text,
                         const char *variant, int block, size_t count)
{
    assert_string_equal(group->first->text, text);
    if (variant == NULL)
        assert_null(group->variant);
    else
        assert_string_equal(group->variant, variant);
    assert_int_equal(group->block, block);
    assert_int_equal(group->count, count);
}

static void the_same_check_of_a_variant_is_one_group_that_begins_with_the_first(void **state)
{
    (void)state;
    struct sg_session session = session_of(4);
    size_t count = 0;
    add(&session, 0, SG_FINDING_WARN, "z", "a's first z");
    add(&session, 1, SG_FINDING_WARN, "z", "b's z");
    add(&session, 2, SG_FINDING_WARN, "z", "a's second z");
    add(&session, 2, SG_FINDING_INVALID, "z", "a's z that breaks it");
    add(&session, 3, SG_FINDING_WARN, "c", "b's c");
    session.repetitions[2].discarded = true;
    struct sg_finding_group *groups = sg_findings(&session, &count);

    assert_int_equal(count, 4);
    expect_group(&groups[0], "a's z that breaks it", "a", 3, 1);
    expect_group(&groups[1], "a's first z", "a", 1, 2);
    expect_group(&groups[2], "b's z", "b", 2, 1);
    expect_group(&groups[3], "b's c", "b", 4, 1);
    assert_int_equal(groups[1].discarded, 1);
    free(groups);
    sg_session_clear(&session);
}

static void those_of_the_session_come_first_among_equals_and_are_never_joined(void **state)
{
    (void)state;
    struct sg_session session = session_of(1);
    size_t count = 0;
    add(&session, 0, SG_FINDING_NOTE, "b", "of a repetition");
    sg_session_add_finding(&session, SG_FINDING_NOTE, "b", NULL, "one");
    sg_session_add_finding(&session, SG_FINDING_NOTE, "b", NULL, "two");
    sg_session_add_finding(&session, SG_FINDING_WARN, "a", NULL, "worse");
    struct sg_finding_group *groups = sg_findings(&session, &count);

    assert_int_equal(count, 4);
    expect_group(&groups[0], "worse", NULL, 0, 1);
    expect_group(&groups[1], "one", NULL, 0, 1);
    expect_group(&groups[2], "two", NULL, 0, 1);
    expect_group(&groups[3], "of a repetition", "a", 1, 1);
    free(groups);
    sg_session_clear(&session);
}

static void a_note_that_only_repeats_a_finding_is_left_out(void **state)
{
    (void)state;
    char whole[] = "k6 was late: 3 s";
    char behind[] = "a repetition of a: b in block 1 does not count: k6 was late: 3 s";
    char other[] = "a repetition of a in block 1 does not count: discarded";
    char longer[] = "k6 was late: 3 s, and more";
    char *texts[] = {whole, other, behind, longer};
    struct sg_session session = session_of(1);
    struct sg_judgement judgement = {.notes = texts, .notes_count = 4};
    struct sg_report report = {.session = &session, .judgement = &judgement};
    size_t count = 0;
    add(&session, 0, SG_FINDING_INVALID, "late", whole);
    add(&session, 0, SG_FINDING_INVALID, "empty", "");
    const char **notes = sg_finding_notes(&report, &count);

    assert_int_equal(count, 2);
    assert_string_equal(notes[0], other);
    assert_string_equal(notes[1], longer);
    free((void *)notes);
    sg_session_clear(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_check_of_a_variant_is_one_group_that_begins_with_the_first),
        cmocka_unit_test(those_of_the_session_come_first_among_equals_and_are_never_joined),
        cmocka_unit_test(a_note_that_only_repeats_a_finding_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
