/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a session: what must make two workloads two, and the images of the tools. */
#include "unit/testbench/help.h"

#include <stdio.h>

#include "testbench/internal.h"
#include "unit/http/server.h"

static char *work;
static struct sg_pair variables[2];
static char *files[3];
static struct sg_config config;
static struct sg_session session;

static int set_up(void **state)
{
    (void)state;
    work = folder_new();
    config = (struct sg_config){.cpus = NAN, .memory = NAN, .rate = 100, .load_env = variables};
    config.script = sg_path_join(work, "load.js");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sg_session_clear(&session);
    free(config.script);
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        free(files[i]);
        files[i] = NULL;
    }
    folder_delete(work);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    struct sg_error err = {0};
    assert_true(sg_file_write(path, text, strlen(text), &err));
}

/* The bench only reads it. */
static char *constant(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void describe(void)
{
    static struct server server;
    static const struct answer info = {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"};
    struct sg_image image = {.name = constant("own/k6:2@sha256:77"),
                             .digest = constant("own/k6@sha256:77"),
                             .id = constant("sha256:55")};
    struct sg_bench bench = {.config = &config,
                             .host = constant("here"),
                             .k6 = image,
                             .prometheus = image,
                             .cadvisor = image,
                             .engine.remote = true};
    struct sg_error err = {0};
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, &info, 1));
    bench.engine.base_url = sg_format("http://127.0.0.1:%d", server.port);
    sg_session_clear(&session);
    if (!sg_bench_describe(&bench, &session, &err)) {
        fail_msg("%s", err.text);
    }
    server_stop(&server);
    free(bench.engine.base_url);
}

static const struct sg_fact *fact(const char *name)
{
    for (size_t i = 0; i < session.facts_count; i++) {
        if (sg_streq(session.facts[i].name, name)) {
            return &session.facts[i];
        }
    }
    fail_msg("no fact %s", name);
    return NULL;
}

/* Of a script, one more file and what stands in `variables`; the caller frees. */
static char *workload(const char *script, const char *file)
{
    files[0] = files[0] != NULL ? files[0] : sg_path_join(work, "data.json");
    config.files = files;
    write_file(config.script, script);
    write_file(files[0], file);
    describe();
    const struct sg_fact *found = fact("workload");
    assert_true(found->hard);
    return sg_strdup(found->value);
}

static void expect_two(char *one, char *other)
{
    assert_string_not_equal(one, other);
    free(one);
    free(other);
}

static void the_same_workload_has_the_same_hash(void **state)
{
    (void)state;
    char *one = workload("script", "data");
    char *again = workload("script", "data");
    assert_string_equal(one, again);
    free(again);
    free(one);
}

static void bytes_that_move_from_one_file_to_the_next_are_another_workload(void **state)
{
    (void)state;
    expect_two(workload("script", "data"), workload("scriptda", "ta"));
    expect_two(workload("script", ""), workload("", "script"));
}

static void one_variable_with_a_line_end_is_not_two(void **state)
{
    (void)state;
    config.load_env_count = 1;
    variables[0] = (struct sg_pair){constant("A"), constant("1\nB=2")};
    char *one = workload("", "");
    config.load_env_count = 2;
    variables[0] = (struct sg_pair){constant("A"), constant("1")};
    variables[1] = (struct sg_pair){constant("B"), constant("2")};
    expect_two(one, workload("", ""));
}

/* The script imports it; nobody lists it. */
static void another_module_is_another_workload(void **state)
{
    (void)state;
    char *module = sg_path_join(work, "cart.js");
    write_file(module, "export const most = 1;");
    char *one = workload("import { most } from './cart.js';", "");
    write_file(module, "export const most = 9;");
    expect_two(one, workload("import { most } from './cart.js';", ""));
    assert_int_equal(unlink(module), 0);
    free(module);
}

static void other_functions_or_shares_are_another_workload(void **state)
{
    (void)state;
    struct sg_flow flows[] = {{constant("browse"), 0.7}, {constant("buy"), 0.3}};
    char *none = workload("", "");
    config.mix = flows;
    config.mix_count = 1;
    char *one = workload("", "");
    config.mix_count = 2;
    char *both = workload("", "");
    flows[0].share = 0.6;
    char *shifted = workload("", "");
    assert_string_not_equal(none, one);
    assert_string_not_equal(one, both);
    assert_string_not_equal(both, shifted);
    free(none);
    free(one);
    free(both);
    free(shifted);
}

static void a_file_that_is_no_text_has_a_hash_as_well(void **state)
{
    (void)state;
    static const char bytes[][4] = {{1, 0, 2, 3}, {1, 0, 2, 4}};
    char *hashes[2];
    free(workload("", ""));
    for (size_t i = 0; i < 2; i++) {
        struct sg_error err = {0};
        assert_true(sg_file_write(files[0], bytes[i], sizeof(bytes[i]), &err));
        describe();
        hashes[i] = sg_strdup(fact("workload")->value);
    }
    expect_two(hashes[0], hashes[1]);
}

static void tools_are_hard_facts_with_their_digest(void **state)
{
    (void)state;
    free(workload("", ""));
    assert_string_equal(fact("k6")->value, "own/k6:2@sha256:77");
    assert_true(fact("k6")->hard);
    assert_string_equal(fact("cadvisor image")->value, "sha256:55");
    assert_false(fact("cadvisor image")->hard);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_workload_has_the_same_hash),
        TEST(bytes_that_move_from_one_file_to_the_next_are_another_workload),
        TEST(one_variable_with_a_line_end_is_not_two),
        TEST(another_module_is_another_workload),
        TEST(other_functions_or_shares_are_another_workload),
        TEST(a_file_that_is_no_text_has_a_hash_as_well),
        TEST(tools_are_hard_facts_with_their_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
