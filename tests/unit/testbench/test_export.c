/* SPDX-License-Identifier: Apache-2.0 */
/* Writing out the testbench: all files, whole, and nothing overwritten. */
#include "unit/testbench/help.h"

#include "testbench/assets.h"
#include "testbench/internal.h"

static void every_file_is_written_as_it_is_built_in(void **state)
{
    (void)state;
    char *folder = folder_new();
    struct sg_error err = {0};
    assert_true(sg_bench_export(folder, &err));
    assert_true(sg_assets_count >= 7);
    for (size_t i = 0; i < sg_assets_count; i++) {
        char *text = folder_read(folder, sg_assets[i].name);
        assert_int_equal(strlen(text), sg_assets[i].size);
        assert_memory_equal(text, sg_assets[i].data, sg_assets[i].size);
        free(text);
    }
    folder_delete(folder);
}

static void the_dashboards_are_json_with_their_uids(void **state)
{
    (void)state;
    char *folder = folder_new();
    struct sg_error err = {0};
    assert_true(sg_bench_export(folder, &err));
    struct sg_json *run = folder_json(folder, "grafana/dashboards/run.json");
    struct sg_json *compare = folder_json(folder, "grafana/dashboards/compare.json");
    assert_string_equal(string_at(run, "uid"), "svcgate-run");
    assert_string_equal(string_at(compare, "uid"), "svcgate-compare");
    sg_json_free(compare);
    sg_json_free(run);
    folder_delete(folder);
}

static void compose_is_told_the_images_in_env(void **state)
{
    (void)state;
    char *folder = folder_new();
    struct sg_error err = {0};
    setenv("SVCGATE_IMAGE_CADVISOR", "mirror/cadvisor:1", 1);
    assert_true(sg_bench_export(folder, &err));
    unsetenv("SVCGATE_IMAGE_CADVISOR");
    char *env = folder_read(folder, ".env");
    assert_non_null(strstr(env, "SVCGATE_IMAGE_CADVISOR=mirror/cadvisor:1\n"));
    assert_non_null(strstr(env, "SVCGATE_IMAGE_GRAFANA="));
    free(env);
    folder_delete(folder);
}

static void a_file_that_is_there_is_kept(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *path = sg_path_join(folder, "compose.yaml");
    struct sg_error err = {0};
    assert_true(sg_file_write(path, "mine", 4, &err));
    assert_false(sg_bench_export(folder, &err));
    assert_int_equal(err.kind, SG_ERROR_IO);
    assert_non_null(strstr(err.text, path));
    char *text = folder_read(folder, "compose.yaml");
    assert_string_equal(text, "mine");
    free(text);
    free(path);
    folder_delete(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_written_as_it_is_built_in),
        cmocka_unit_test(the_dashboards_are_json_with_their_uids),
        cmocka_unit_test(compose_is_told_the_images_in_env),
        cmocka_unit_test(a_file_that_is_there_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
