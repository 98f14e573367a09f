/* SPDX-License-Identifier: Apache-2.0 */
/* The compose project of a service: what is laid over it, and how it is started. */
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

/* A stack of the user's, as the session starts it; `text` is the services' members. */
static struct sg_json *laid_over(const struct sg_config *config, const char *services,
                                 const char *networks)
{
    struct sg_bench bench = bench_of(config);
    struct sg_error err = {0};
    char *text = sg_format("{\"services\":{%s},\"networks\":{%s}}", services, networks);
    bench.stack = sg_json_parse(text, strlen(text), "test", &err);
    assert_non_null(bench.stack);
    struct sg_json *project = sg_json_copy(bench.stack);
    struct sg_place place = {0};
    sg_place_init(&bench, 0, &place);
    sg_stack_lay_over(&bench, project, &place);
    sg_place_clear(&place);
    sg_json_free(bench.stack);
    free(text);
    return project;
}

static void the_health_check_is_off_while_the_service_is_measured(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(
        &config, "\"api\":{\"healthcheck\":{\"test\":[\"CMD\",\"x\"]}},\"db\":{\"healthcheck\":{}}",
        "");
    const struct sg_json *own = at(project, "services/api/healthcheck");
    assert_true(sg_json_bool(sg_json_get(own, "disable"), false));
    assert_null(sg_json_get(own, "test"));
    assert_null(at(project, "services/db/healthcheck/disable"));
    sg_json_free(project);
}

static void who_waits_for_its_health_waits_for_its_start(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(
        &config,
        "\"api\":{\"depends_on\":{\"db\":{\"condition\":\"service_healthy\"}}},"
        "\"db\":{},\"proxy\":{\"depends_on\":{\"api\":{\"condition\":"
        "\"service_healthy\",\"required\":true},\"db\":{\"condition\":\"service_healthy\"}}}",
        "");
    const struct sg_json *waits = at(project, "services/proxy/depends_on");
    assert_string_equal(string_at(waits, "api/condition"), "service_started");
    assert_true(sg_json_bool(at(waits, "api/required"), false));
    assert_string_equal(string_at(waits, "db/condition"), "service_healthy");
    assert_string_equal(string_at(project, "services/api/depends_on/db/condition"),
                        "service_healthy");
    sg_json_free(project);
}

static void one_container_of_the_service_is_started_and_all_of_the_others(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(&config, "\"api\":{\"scale\":3},\"db\":{\"scale\":2}", "");
    assert_null(at(project, "services/api/scale"));
    assert_near(sg_json_number(at(project, "services/db/scale"), 0), 2, 0);
    sg_json_free(project);
}

static void limits_that_clash_with_ours_go(void **state)
{
    (void)state;
    static const char services[] =
        "\"api\":{\"cpu_quota\":50000,\"cpu_period\":100000,\"mem_reservation\":\"1073741824\","
        "\"memswap_limit\":\"-1\",\"mem_limit\":\"2147483648\"}";
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(&config, services, "");
    assert_string_equal(string_at(project, "services/api/mem_limit"), "2147483648");
    assert_non_null(at(project, "services/api/cpu_quota"));
    sg_json_free(project);
    config.cpus = 1;
    config.memory = 64.0 * 1024 * 1024;
    project = laid_over(&config, services, "");
    assert_string_equal(string_at(project, "services/api/mem_limit"), "67108864");
    assert_string_equal(string_at(project, "services/api/memswap_limit"), "67108864");
    assert_null(at(project, "services/api/mem_reservation"));
    assert_null(at(project, "services/api/cpu_quota"));
    assert_null(at(project, "services/api/cpu_period"));
    sg_json_free(project);
}

/* What `deploy` says of several containers goes; what each may use stays, but for limits of ours.
 */
static void limits_under_deploy_give_way_one_by_one(void **state)
{
    (void)state;
    static const char services[] =
        "\"api\":{\"deploy\":{\"replicas\":3,\"placement\":{},\"resources\":{"
        "\"limits\":{\"cpus\":0.9,\"memory\":\"209715200\",\"pids\":77},"
        "\"reservations\":{\"memory\":\"20971520\",\"devices\":[{\"driver\":\"x\"}]}}}}";
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(&config, services, "");
    const struct sg_json *limits = at(project, "services/api/deploy/resources/limits");
    assert_near(sg_json_number(sg_json_get(limits, "cpus"), 0), 0.9, 0);
    assert_string_equal(string_at(limits, "memory"), "209715200");
    assert_int_equal(sg_json_count(at(project, "services/api/deploy")), 1);
    sg_json_free(project);
    config.memory = 64.0 * 1024 * 1024;
    project = laid_over(&config, services, "");
    limits = at(project, "services/api/deploy/resources/limits");
    assert_near(sg_json_number(sg_json_get(limits, "cpus"), 0), 0.9, 0);
    assert_string_equal(string_at(limits, "memory"), "67108864"); /* compose wants them alike */
    const struct sg_json *kept = at(project, "services/api/deploy/resources/reservations");
    assert_null(sg_json_get(kept, "memory")); /* more than the limit would be refused */
    assert_int_equal(sg_json_count(sg_json_get(kept, "devices")), 1);
    sg_json_free(project);
    config.cpus = 1;
    project = laid_over(&config, services, "");
    limits = at(project, "services/api/deploy/resources/limits");
    assert_near(sg_json_number(sg_json_get(limits, "cpus"), 0), 1, 0);
    assert_near(sg_json_number(sg_json_get(limits, "pids"), 0), 77, 0);
    sg_json_free(project);
}

static void expect_limits(const char *service, double cpus, double memory)
{
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse(service, strlen(service), "test", &err);
    assert_non_null(json);
    struct sg_limits limits = sg_stack_limits(json);
    assert_true(limits.cpus == cpus || (isnan(cpus) && isnan(limits.cpus)));
    assert_true(limits.memory == memory || (isnan(memory) && isnan(limits.memory)));
    sg_json_free(json);
}

static void the_compose_files_own_limits_are_known(void **state)
{
    (void)state;
    expect_limits("{}", NAN, NAN);
    expect_limits("{\"cpus\":0.5,\"mem_limit\":\"1000\"}", 0.5, 1000);
    expect_limits("{\"cpus\":0,\"mem_limit\":\"-1\"}", NAN, NAN);
    expect_limits("{\"cpu_quota\":\"50000\",\"cpu_period\":200000}", 0.25, NAN);
    expect_limits("{\"cpu_quota\":150000}", 1.5, NAN);
    expect_limits("{\"deploy\":{\"resources\":{\"limits\":{\"cpus\":\"0.9\",\"memory\":\"200\"}}}}",
                  0.9, 200);
}

static const char *alias_of(const struct sg_json *project, const char *network, size_t index)
{
    const struct sg_json *one = sg_json_first(sg_json_get(at(project, network), "aliases"));
    for (size_t i = 0; i < index; i++) {
        one = sg_json_next(one);
    }
    return sg_json_string(one, "(none)");
}

static void by_its_containers_name_a_service_is_found_within_the_session(void **state)
{
    (void)state;
    struct sg_config config = configuration();
    struct sg_json *project = laid_over(
        &config,
        "\"api\":{\"container_name\":\"my-api\",\"networks\":{\"default\":null}},"
        "\"db\":{\"container_name\":\"my-db\",\"networks\":{\"default\":{\"aliases\":[\"rows\"]},"
        "\"all\":null}},\"host\":{\"container_name\":\"h\",\"network_mode\":\"host\"}",
        "\"default\":{\"name\":\"p\"},\"all\":{\"external\":true}");
    assert_string_equal(alias_of(project, "services/api/networks/default", 0), "my-api");
    assert_string_equal(alias_of(project, "services/api/networks/svcgate_load", 0), SG_ALIAS);
    assert_string_equal(alias_of(project, "services/db/networks/default", 0), "rows");
    assert_string_equal(alias_of(project, "services/db/networks/default", 1), "my-db");
    assert_null(at(project, "services/db/networks/all/aliases")); /* others are there, too */
    assert_null(at(project, "services/db/container_name"));
    assert_null(at(project, "services/host/networks"));
    sg_json_free(project);
}

/* What docker is asked when the service under test is started, and once more. */
static char *asked_twice(bool fresh_stack)
{
    static const char text[] =
        "{\"services\":{\"api\":{},\"db\":{},\"proxy\":{\"network_mode\":\"service:api\"}}}";
    struct sg_config config = configuration();
    static char compose[] = "/srv/shop/compose.yaml";
    config.fresh_stack = fresh_stack;
    config.compose = compose;
    struct sg_bench bench = bench_of(&config);
    struct sg_error err = {0};
    char *folder = folder_new();
    docker_says(folder, "", "");
    bench.folder = folder;
    bench.stack = sg_json_parse(text, strlen(text), "test", &err);
    sg_place_init(&bench, 0, &bench.place);
    assert_true(sg_stack_up(&bench, &bench.place, &err) && sg_stack_up(&bench, &bench.place, &err));
    char *asked = folder_read(folder, "asked");
    docker_forget();
    sg_place_clear(&bench.place);
    sg_json_free(bench.stack);
    folder_delete(folder);
    return asked;
}

static void all_come_up_and_then_the_service_is_renewed_with_what_lives_in_it(void **state)
{
    (void)state;
    char *asked = asked_twice(false);
    /* where compose finds the user's .env, which secrets may take their values from */
    assert_non_null(strstr(asked, "/service.json --project-directory /srv/shop up -d\n"));
    assert_non_null(strstr(asked,
                           " /srv/shop up -d --force-recreate --renew-anon-volumes --no-deps "
                           "api proxy\n"));
    assert_null(strstr(asked, "down"));
    free(asked);
}

static void a_fresh_stack_goes_and_comes_up_as_a_whole(void **state)
{
    (void)state;
    char *asked = asked_twice(true);
    char *down = strstr(asked, "/service.json down -v ");
    assert_non_null(down);
    assert_non_null(strstr(down, " /srv/shop up -d\n"));
    assert_null(strstr(asked, "--no-deps"));
    free(asked);
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
        cmocka_unit_test(the_health_check_is_off_while_the_service_is_measured),
        cmocka_unit_test(who_waits_for_its_health_waits_for_its_start),
        cmocka_unit_test(one_container_of_the_service_is_started_and_all_of_the_others),
        cmocka_unit_test(limits_that_clash_with_ours_go),
        cmocka_unit_test(limits_under_deploy_give_way_one_by_one),
        cmocka_unit_test(the_compose_files_own_limits_are_known),
        cmocka_unit_test(by_its_containers_name_a_service_is_found_within_the_session),
        cmocka_unit_test(all_come_up_and_then_the_service_is_renewed_with_what_lives_in_it),
        cmocka_unit_test(a_fresh_stack_goes_and_comes_up_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
