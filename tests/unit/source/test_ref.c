/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in `ref`. */
#include "unit/source/help.h"

static void revisions_as_git_writes_them_are_good(void **state)
{
    (void)state;
    static const char *const good[] = {"main",
                                       "origin/main",
                                       "v1.2",
                                       "HEAD~2",
                                       "v1^{commit}",
                                       "main@{upstream}",
                                       "0123456789abcdef0123456789abcdef01234567",
                                       "feature/it-works_(really)",
                                       "größer",
                                       "merge-base(origin/main)",
                                       "merge-base(v1.2)"};
    for (size_t i = 0; i < SG_COUNT(good); i++) {
        struct sg_error err = {0};
        if (!sg_source_check_ref(good[i], &err)) {
            fail_msg("%s: %s", good[i], err.text);
        }
    }
}

static void what_git_could_take_for_something_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "is empty"},
        {"merge-base()", "is empty"},
        {"--upload-pack=touch /tmp/x", "option"},
        {"-b", "option"},
        {"merge-base(--all)", "option"},
        {"main..next", "range"},
        {"main...next", "range"},
        {"^main", "range"},
        {"HEAD:Dockerfile", "no branch"},
        {":/fix", "no branch"},
        {"main;reboot", "no branch"},
        {"$(reboot)", "no branch"},
        {"refs/heads/*", "no branch"},
        {"merge-base origin/main", "blank"},
        {"main\nnext", "blank"},
        {"main\x7f", "blank"},
        {"merge-base(origin/main", "closing"},
        {"merge-base(merge-base(main)", "closing"},
    };
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        struct sg_error err = {0};
        if (sg_source_check_ref(bad[i][0], &err)) {
            fail_msg("%s is taken", bad[i][0]);
        }
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        contains(err.text, bad[i][1]);
        contains(err.text, "merge-base(origin/main)");
    }
}

static void a_revision_has_a_longest_length(void **state)
{
    (void)state;
    char text[300];
    struct sg_error err = {0};
    memset(text, 'a', sizeof(text));
    text[250] = '\0';
    assert_true(sg_source_check_ref(text, &err));
    text[250] = 'a';
    text[251] = '\0';
    assert_false(sg_source_check_ref(text, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revisions_as_git_writes_them_are_good),
        cmocka_unit_test(what_git_could_take_for_something_else_is_refused),
        cmocka_unit_test(a_revision_has_a_longest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
