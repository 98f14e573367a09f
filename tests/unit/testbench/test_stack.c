/* SPDX-License-Identifier: Apache-2.0 */
/* The compose project of a service that is an image alone: what is laid over it. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/stack.h"

static struct sg_pair environment[] = {{"FAULT_CPU_US", "200"}, {"PRICE", "5$"}};
static struct sg_config_variant variants[] = {
    {.name = "base"}, {.name = "candidate", .env = environment, .env_count = 2}};
static struct sg_image images[] = {
    {.name = "shop:main", .digest = "shop@sha256:1", .id = "sha256:11"},
    {.name = "shop:pr", .digest = "shop@sha256:2", .id = "sha256:22"}};

static struct sg_config configuration(void)
{
    return (struct sg_config){
        .variants = variants, .variants_count = 2, .port = 8080, .cpus = NAN, .memory = NAN};
}

static struct sg_json *written_for(const struct sg_bench *like, size_t variant)
{
    struct sg_bench bench = *like;
    struct sg_error err = {0};
    bench.folder = folder_new();
    struct sg_place place = {0};
    sg_place_init(&bench, 0, &place);
    place.variant = variant;
    if (!sg_project_read(&bench, &err) || !sg_stack_write(&bench, &place, &err)) {
        fail_msg("%s", err.text);
    }
    struct sg_json *project = folder_json(bench.folder, "service.json");
    sg_json_free(bench.stack);
    sg_place_clear(&place);
    folder_delete(bench.folder);
    return project;
}

static struct sg_bench bench_of(const struct sg_config *config)
{
    static char session[] = "s1", project[] = "svcgate-s1", host[] = "here", service[] = "api";
    static char loopback[] = "127.0.0.1";
    return (struct sg_bench){.config = config,
                             .session = session,
                             .project = project,
                             .host = host,
                             .engine = {.bind = loopback},
                             .service = service,
                             .variants = images};
}

static void labels_say_session_host_role_and_variant(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *project = written_for(&bench, 1);
    const struct sg_json *labels = at(project, "services/api/labels");
    assert_string_equal(string_at(labels, "svcgate.session"), "s1");
    assert_string_equal(string_at(labels, "svcgate.host"), "here");
    assert_string_equal(string_at(labels, "svcgate.role"), "service");
    assert_string_equal(string_at(labels, "svcgate.variant"), "candidate");
    sg_json_free(project);
}

static void every_variant_has_its_image_and_environment(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *base = written_for(&bench, 0);
    struct sg_json *candidate = written_for(&bench, 1);
    assert_string_equal(string_at(base, "services/api/image"), "sha256:11");
    assert_string_equal(string_at(base, "services/api/pull_policy"), "never");
    assert_string_equal(string_at(candidate, "services/api/image"), "sha256:22");
    assert_int_equal(sg_json_count(at(base, "services/api/environment")), 0);
    const struct sg_json *env = at(candidate, "services/api/environment");
    assert_string_equal(string_at(env, "FAULT_CPU_US"), "200");
    assert_string_equal(string_at(env, "PRICE"), "5$$"); /* compose reads "$" as a variable */
    sg_json_free(candidate);
    sg_json_free(base);
}

static void the_service_shares_only_the_load_network_with_k6(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *project = written_for(&bench, 0);
    assert_int_equal(sg_json_count(at(project, "services/api/networks")), 1);
    assert_string_equal(
        sg_json_string(sg_json_first(at(project, "services/api/networks/svcgate_load/aliases")),
                       ""),
        SG_ALIAS);
    assert_string_equal(string_at(project, "networks/svcgate_load/name"), "svcgate-s1-load");
    assert_true(sg_json_bool(at(project, "networks/svcgate_load/external"), false));
    sg_json_free(project);
}

static const char *published(const struct sg_json *project)
{
    return sg_json_string(sg_json_first(at(project, "services/api/ports")), "");
}

static void the_port_is_published_where_the_engine_is_reached(void **state)
{
    (void)state;
    static char everywhere[] = "0.0.0.0";
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *project = written_for(&bench, 0);
    assert_string_equal(published(project), "127.0.0.1::8080");
    sg_json_free(project);
    bench.engine.bind = everywhere;
    project = written_for(&bench, 0);
    assert_string_equal(published(project), "0.0.0.0::8080");
    sg_json_free(project);
}

static void limits_and_pinning_are_laid_on_only_where_there_are_some(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *project = written_for(&bench, 0);
    assert_null(at(project, "services/api/cpus"));
    assert_null(at(project, "services/api/mem_limit"));
    assert_null(at(project, "services/api/cpuset"));
    sg_json_free(project);
    config.cpus = 1.5;
    config.memory = 256.0 * 1024 * 1024;
    strcpy(bench.pinning.service, "0-1");
    project = written_for(&bench, 0);
    assert_near(sg_json_number(at(project, "services/api/cpus"), 0), 1.5, 0);
    assert_string_equal(string_at(project, "services/api/mem_limit"), "268435456");
    assert_string_equal(string_at(project, "services/api/memswap_limit"), "268435456");
    assert_string_equal(string_at(project, "services/api/cpuset"), "0-1");
    sg_json_free(project);
}

static void a_service_that_dies_stays_dead(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_json *project = written_for(&bench, 0);
    assert_string_equal(string_at(project, "services/api/restart"), "no");
    sg_json_free(project);
}

static void in_a_block_service_and_generator_have_a_network_of_their_own(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_error err = {0};
    struct sg_json *project = sg_json_parse("{\"services\":{\"api\":{}}}", 23, "test", &err);
    struct sg_place place = {0};
    sg_place_init(&bench, 3, &place);
    sg_stack_lay_over(&bench, project, &place);
    const struct sg_json *load = at(project, "networks/svcgate_load");
    assert_string_equal(string_at(load, "name"), "svcgate-s1-service-3-load");
    assert_string_equal(string_at(at(load, "labels"), "svcgate.session"), "s1");
    assert_null(sg_json_get(load, "external"));
    sg_place_clear(&place);
    sg_json_free(project);
}

/* Compose prints mappings alone; another's words must not end the session as "out of memory". */
static void what_is_no_mapping_is_left_out(void **state)
{
    (void)state;
    static const char text[] = "{\"services\":{\"api\":[1]},\"networks\":[1],\"volumes\":[{}]}";
    struct sg_config config = configuration();
    struct sg_bench bench = bench_of(&config);
    struct sg_error err = {0};
    struct sg_json *project = sg_json_parse(text, strlen(text), "test", &err);
    assert_non_null(project);
    struct sg_place place = {0};
    sg_place_init(&bench, 0, &place);
    sg_stack_lay_over(&bench, project, &place);
    sg_place_clear(&place);
    assert_string_equal(string_at(at(project, "services/api"), "restart"), "no");
    sg_json_free(project);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_say_session_host_role_and_variant),
        cmocka_unit_test(every_variant_has_its_image_and_environment),
        cmocka_unit_test(the_service_shares_only_the_load_network_with_k6),
        cmocka_unit_test(the_port_is_published_where_the_engine_is_reached),
        cmocka_unit_test(limits_and_pinning_are_laid_on_only_where_there_are_some),
        cmocka_unit_test(in_a_block_service_and_generator_have_a_network_of_their_own),
        cmocka_unit_test(what_is_no_mapping_is_left_out),
        cmocka_unit_test(a_service_that_dies_stays_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
