/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions on disk. */
#include "unit/record/full.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

static int make_folder(void **state)
{
    char *folder = sg_strdup("/tmp/svcgate-test-bundle-XXXXXX");
    *state = folder;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    const char *const names[] = {"b/session.json", "b", "s.csv", "s.json", "empty"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *path = sg_path_join(*state, names[i]);
        remove(path);
        free(path);
    }
    remove(*state);
    free(*state);
    return 0;
}

static char *write_file(const char *folder, const char *name, const char *text)
{
    struct sg_error err = {0};
    char *path = sg_path_join(folder, name);
    assert_true(sg_file_write(path, text, strlen(text), &err));
    return path;
}

static void expect_loads(const char *path, size_t repetitions)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (!sg_session_load(path, &session, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(session.repetitions_count, repetitions);
    sg_session_clear(&session);
}

static void expect_refused(const char *path, const char *message)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    assert_false(sg_session_load(path, &session, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (strstr(err.text, message) == NULL || strstr(err.text, path) == NULL) {
        fail_msg("\"%s\" lacks \"%s\" or \"%s\"", err.text, message, path);
    }
}

static void a_saved_session_is_loaded_from_its_folder_and_from_its_file(void **state)
{
    struct sg_session session = full_session();
    struct sg_session again = {0};
    struct sg_error err = {0};
    char *folder = sg_path_join(*state, "b");
    assert_true(sg_session_save(&session, folder, &err));
    assert_true(sg_session_load(folder, &again, &err));
    same_session(&session, &again);
    char *file = sg_path_join(folder, "session.json");
    expect_loads(file, 2);
    free(file);
    free(folder);
    sg_session_clear(&session);
    sg_session_clear(&again);
}

static void samples_are_told_apart_by_their_content(void **state)
{
    /* the names say the contrary */
    char *csv = write_file(*state, "s.json", "variant,metric,value\na,x,1\na,x,2\n");
    expect_loads(csv, 2);
    free(csv);
    char *json = write_file(*state, "s.csv",
                            "\n {\"schema\": \"svcgate.samples/1\", \"repetitions\": "
                            "[{\"variant\": \"a\", \"values\": {\"x\": 1}}]}");
    expect_loads(json, 1);
    free(json);
}

static void what_is_no_session_is_refused_by_name(void **state)
{
    char *empty = write_file(*state, "empty", "");
    expect_refused(empty, "the file is empty");
    free(empty);
    char *array = write_file(*state, "s.json", "[1]");
    expect_refused(array, "expected an object");
    free(array);
    char *baseline = write_file(*state, "s.json", "{\"schema\": \"svcgate.baseline/1\"}");
    expect_refused(baseline, "--baseline");
    free(baseline);
    char *verdict = write_file(*state, "s.json", "{\"schema\": \"svcgate.verdict/1\"}");
    expect_refused(verdict, "this is a verdict");
    free(verdict);
    expect_refused(*state, "no session.json in this folder");
}

static void a_missing_file_is_named(void **state)
{
    char *path = sg_path_join(*state, "nothing.json");
    expect_refused(path, "nothing.json");
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_saved_session_is_loaded_from_its_folder_and_from_its_file,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(samples_are_told_apart_by_their_content, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_is_no_session_is_refused_by_name, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_missing_file_is_named, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
