/* SPDX-License-Identifier: Apache-2.0 */
/* The testbench's own compose file as the engine gets it. A script in PATH stands in for docker: it
 * keeps the variables that compose would put in, and gives a project with k6 alone. */
#include "unit/testbench/help.h"

#include <sys/stat.h>

#include "base/temporary.h"
#include "testbench/internal.h"

static char *work;
static struct sg_config config;
static struct sg_bench bench;

/* The bench only reads it. */
static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static int set_up(void **state)
{
    (void)state;
    work = folder_new();
    char *bin = sg_path_join(work, "docker");
    char *path = sg_format("%s:%s", work, sg_env("PATH"));
    char *script = sg_format("#!/bin/sh\nenv | grep ^SVCGATE_ >%s/variables\n"
                             "echo '{\"services\":{\"k6\":{\"configs\":[],\"environment\":{}}}}'\n",
                             work);
    struct sg_error err = {0};
    assert_true(sg_file_write(bin, script, strlen(script), &err));
    assert_int_equal(chmod(bin, 0755), 0);
    setenv("PATH", path, 1);
    config = (struct sg_config){.port = 8080, .rate = 10};
    bench = (struct sg_bench){.config = &config,
                              .folder = work,
                              .project = text("svcgate-s"),
                              .session = text("s"),
                              .host = text("here"),
                              .root = text("/var/lib/docker"),
                              .memory = NAN,
                              .engine.bind = text("127.0.0.1"),
                              .k6 = {.name = text("k6:1"), .id = text("sha256:11")},
                              .prometheus = {.name = text("prometheus:1"), .id = text("sha256:22")},
                              .cadvisor = {.name = text("cadvisor:1"), .id = text("sha256:33")}};
    free(script);
    free(path);
    free(bin);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_delete(work);
    sg_json_free(bench.k6_base);
    free(bench.wrapper);
    return 0;
}

static struct sg_json *written(void)
{
    struct sg_error err = {0};
    char *assets = sg_path_join(work, "assets");
    sg_delete_tree(assets); /* of the last time: nothing is overwritten */
    free(assets);
    if (!sg_compose_write(&bench, &err)) {
        fail_msg("%s", err.text);
    }
    return folder_json(work, "bench.json");
}

static void has(const char *whole, const char *part)
{
    if (strstr(whole, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, whole);
    }
}

/* In a string of JavaScript, in single quotes. */
static void expect_import(const char *name, const char *import)
{
    char *path = sg_path_join(work, name);
    struct sg_error err = {0};
    assert_true(sg_file_write(path, "", 0, &err));
    config.script = path;
    sg_json_free(written());
    char *wrapper = folder_read(work, "script/svcgate-wrapper.js");
    has(wrapper, import);
    free(wrapper);
    free(path);
}

static void the_name_of_a_script_is_a_string_of_javascript(void **state)
{
    (void)state;
    expect_import("load.js", "'./load.js'");
    expect_import("it's.js", "'./it\\'s.js'");
    expect_import("a\\b.js", "'./a\\\\b.js'");
    expect_import("a\nb.js", "'./a\\x0ab.js'");
    expect_import("5$.js", "'./5$.js'");
}

static void put(const char *name, const char *data, size_t size)
{
    char *path = sg_path_join(work, name);
    char *folder = sg_path_folder(path);
    struct sg_error err = {0};
    assert_true(sg_folder_make(folder, &err) && sg_file_write(path, data, size, &err));
    free(folder);
    free(path);
}

/* The script in tests/, a module of the same name above and below it, a binary file, one that is
 * listed, and for each reader its rights. */
static void a_script_keeps_its_place_among_its_files(void **state)
{
    (void)state;
    const char script[] = "import { a } from '../lib/url.js';\nimport b from \"./lib/url.js\";\n";
    put("user/tests/load.js", script, strlen(script));
    put("user/lib/url.js", "open('../data/image.bin')\nopen(name)", 35);
    put("user/tests/lib/url.js", "b", 1);
    put("user/data/image.bin", "\0\xff$", 3);
    put("user/more/listed", "x", 1);
    char *path = sg_path_join(work, "user/tests/load.js");
    char *more = sg_path_join(work, "user/tests/../more");
    char *files[] = {more, NULL};
    config.script = path;
    config.files = files;
    struct sg_json *json = written();
    assert_string_equal(bench.wrapper, "/svcgate/tests/svcgate-wrapper.js");
    const struct sg_json *command = at(json, "services/k6/command");
    assert_string_equal(sg_json_string(sg_json_first(command), ""), bench.wrapper);
    char *below = folder_read(work, "script/tests/lib/url.js");
    assert_string_equal(below, "b");
    char *listed = folder_read(work, "script/more/listed");
    assert_string_equal(listed, "x");
    char *binary = sg_path_join(work, "script/data/image.bin");
    struct stat about;
    assert_int_equal(stat(binary, &about), 0);
    assert_int_equal(about.st_size, 3);
    assert_int_equal(about.st_mode & 0777, 0644);
    sg_json_free(json);
    free(binary);
    free(listed);
    free(below);
    free(more);
    free(path);
}

static void a_mix_reaches_the_wrapper(void **state)
{
    (void)state;
    struct sg_flow mix[] = {{text("browse"), 0.7}, {text("checkout"), 0.3}};
    config.mix = mix;
    config.mix_count = 2;
    struct sg_json *json = written();
    assert_string_equal(string_at(json, "services/k6/environment/SVCGATE_MIX"),
                        "browse=0.7,checkout=0.3");
    sg_json_free(json);
}

static void variables_of_any_length_reach_compose_whole(void **state)
{
    (void)state;
    char root[3001] = "";
    memset(root, 'r', sizeof(root) - 1);
    bench.root = root;
    sg_json_free(written());
    char *variables = folder_read(work, "variables");
    char *line = sg_format("SVCGATE_ENGINE_ROOT=%s\n", root);
    has(variables, line);
    free(line);
    free(variables);
}

static void tools_are_named_by_their_ids_and_never_pulled(void **state)
{
    (void)state;
    sg_json_free(written());
    char *variables = folder_read(work, "variables");
    has(variables, "SVCGATE_IMAGE_K6=sha256:11\n");
    has(variables, "SVCGATE_IMAGE_PROMETHEUS=sha256:22\n");
    has(variables, "SVCGATE_IMAGE_CADVISOR=sha256:33\n");
    has(variables, "SVCGATE_PULL=never\n");
    free(variables);
}

static void a_secret_reaches_all_that_need_it(void **state)
{
    (void)state;
    bench.secret = text("0123456789abcdef0123456789abcdef");
    struct sg_json *json = written();
    char *variables = folder_read(work, "variables");
    has(variables, "SVCGATE_SECRET=0123456789abcdef0123456789abcdef\n");
    has(variables, "SVCGATE_GRAFANA_ANONYMOUS=false\n");
    has(string_at(json, "configs/prometheus-web/content"), "svcgate: $$2b$$04$$");
    free(variables);
    sg_json_free(json);
}

/* Also where the user's own environment has one. */
static void without_a_secret_nobody_is_asked_for_one(void **state)
{
    (void)state;
    setenv("SVCGATE_SECRET", "mine", 1);
    struct sg_json *json = written();
    unsetenv("SVCGATE_SECRET");
    char *variables = folder_read(work, "variables");
    has(variables, "SVCGATE_SECRET=\n");
    has(variables, "SVCGATE_GRAFANA_ANONYMOUS=true\n");
    has(string_at(json, "configs/prometheus-web/content"), "basic_auth_users: {}");
    free(variables);
    sg_json_free(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_name_of_a_script_is_a_string_of_javascript),
        TEST(a_script_keeps_its_place_among_its_files),
        TEST(a_mix_reaches_the_wrapper),
        TEST(variables_of_any_length_reach_compose_whole),
        TEST(tools_are_named_by_their_ids_and_never_pulled),
        TEST(a_secret_reaches_all_that_need_it),
        TEST(without_a_secret_nobody_is_asked_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
