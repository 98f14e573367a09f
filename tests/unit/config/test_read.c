/* SPDX-License-Identifier: Apache-2.0 */
/* What is read: every field of the design's example, the defaults of the rest, paths, origins. */
#include "helper.h"

#include "base/file.h"

#define GOOD SG_TESTS_DIR "/cases/config/good/"

/* The readers give the nearest double; literals do too. */
static void equal(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof(a));
}

static struct sg_config read_case(const char *path)
{
    struct sg_config config;
    struct sg_error err = {0};
    if (!sg_config_read(path, &config, &err)) {
        fail_msg("%s", err.text);
    }
    return config;
}

static void several_compose_files_keep_their_order(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "compose_files.yaml");
    assert_string_equal(c.compose, GOOD "compose.yaml");
    assert_string_equal(c.compose_over[0], GOOD "compose ci.yaml");
    assert_null(c.compose_over[1]);
    sg_config_clear(&c);
}

static void the_example_gives_its_service(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "design.yaml");
    assert_string_equal(c.path, GOOD "design.yaml");
    assert_string_equal(c.folder, SG_TESTS_DIR "/cases/config/good");
    assert_string_equal(c.compose, GOOD "compose.yaml");
    assert_string_equal(c.service, "api");
    assert_int_equal(c.port, 8080);
    assert_string_equal(c.ready, "/healthz");
    equal(c.ready_timeout, 60);
    equal(c.cpus, 1);
    equal(c.memory, 256.0 * 1048576);
    assert_false(c.fresh_stack);
    assert_null(c.command);
    sg_config_clear(&c);
}

static void the_example_gives_its_variants(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "design.yaml");
    assert_int_equal(c.variants_count, 2);
    assert_string_equal(c.variants[0].name, "base");
    assert_string_equal(c.variants[0].image, "shop/api:main");
    assert_null(c.variants[0].build_context);
    assert_int_equal(c.variants[0].line, 11);
    assert_string_equal(c.variants[1].name, "candidate");
    assert_null(c.variants[1].image);
    assert_string_equal(c.variants[1].build_context, GOOD ".");
    assert_null(c.variants[1].build_ref);
    assert_string_equal(c.reference, "base");
    sg_config_clear(&c);
}

static void the_example_gives_its_load_and_plan(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "design.yaml");
    assert_string_equal(c.script, GOOD "load.js");
    equal(c.rate, 300);
    equal(c.warmup, 10);
    equal(c.measure, 30);
    assert_int_equal(c.vus, 0);
    assert_int_equal(c.min_repetitions, 6);
    assert_int_equal(c.max_repetitions, 21);
    equal(c.budget, 1800);
    equal(c.alpha, 0.01);
    equal(c.beta, 0.05);
    assert_false(c.has_seed);
    assert_string_equal(c.baseline, GOOD "baselines/api.json");
    assert_int_equal(c.inconclusive, SG_POLICY_WARN);
    assert_int_equal(c.missing_baseline, SG_POLICY_WARN);
    sg_config_clear(&c);
}

static void the_example_gives_its_gates(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "design.yaml");
    assert_int_equal(c.gates_count, 7);
    assert_string_equal(c.gates[0].metric, "latency_p95");
    equal(c.gates[0].tolerance, 0.05);
    equal(c.gates[0].floor, 0.001);
    equal(c.gates[0].limit, 0.25);
    assert_true(isnan(c.gates[0].warn));
    equal(c.gates[0].weight, 1);
    assert_int_equal(c.gates[0].line, 21);
    equal(c.gates[2].floor, 5.0 * 1048576);
    assert_true(isnan(c.gates[3].tolerance));
    equal(c.gates[3].limit, 0.001);
    equal(c.gates[4].tolerance, 0.2);
    assert_string_equal(c.gates[5].of, "postgres");
    assert_string_equal(c.gates[6].request, "search");
    sg_config_clear(&c);
}

static void a_query_in_a_gate_defines_a_metric(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "design.yaml");
    const struct sg_metric *metric = find_metric(&c, "queue_depth", NULL, NULL);
    assert_non_null(metric);
    assert_string_equal(metric->unit, "jobs");
    assert_string_equal(metric->query,
                        "max_over_time(app_queue_depth{service=\"$service\"}[$window])");
    assert_int_equal(metric->better, SG_LOWER);
    assert_int_equal(metric->scale, SG_SCALE_LOG);
    assert_int_equal(metric->role, SG_ROLE_METRIC);
    assert_false(metric->adjust);
    sg_config_clear(&c);
}

static void what_is_not_written_has_its_default(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\n", "");
    assert_null(c.compose);
    assert_null(c.service);
    assert_null(c.ready);
    assert_null(c.script);
    assert_null(c.reference);
    assert_null(c.baseline);
    assert_int_equal(c.port, 0);
    assert_true(isnan(c.cpus));
    assert_true(isnan(c.memory));
    assert_true(isnan(c.rate));
    equal(c.ready_timeout, 60);
    assert_true(isnan(c.warmup)); /* chosen when all is read */
    assert_true(isnan(c.measure));
    equal(c.budget, 1800);
    equal(c.alpha, 0.01);
    equal(c.beta, 0.05);
    assert_int_equal(c.min_repetitions, 6);
    assert_int_equal(c.max_repetitions, 21);
    assert_int_equal(c.inconclusive, SG_POLICY_KEEP);
    assert_int_equal(c.missing_baseline, SG_POLICY_KEEP);
    assert_true(c.adjust);
    assert_int_equal(c.keep_awake, SG_KEEP_AWAKE_AUTO);
    assert_false(c.fresh_stack);
    sg_config_clear(&c);
}

static void every_further_key_reaches_its_field(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "everything.yaml");
    assert_true(c.fresh_stack);
    equal(c.ready_timeout, 90);
    assert_string_equal(c.command[2], "8080");
    assert_null(c.command[3]);
    assert_string_equal(c.variants[0].image, "shop/api:go"); /* a text is an image */
    assert_int_equal(c.variants[1].env_count, 5);
    assert_string_equal(c.variants[1].env[1].key, "WORKERS");
    assert_string_equal(c.variants[1].env[1].value, "4");
    assert_string_equal(c.variants[2].build_context, GOOD "../old");
    assert_string_equal(c.variants[2].build_ref, "v1.2");
    assert_string_equal(c.variants[2].build_dockerfile, "docker/Dockerfile");
    assert_null(c.variants[4].image);
    assert_string_equal(c.files[0], GOOD "k6/items.json");
    assert_string_equal(c.files[1], "/usr/share/words.txt");
    assert_null(c.files[2]);
    assert_string_equal(c.load_env[0].value, "10");
    equal(c.rate, 300);
    assert_int_equal(c.vus, 200);
    assert_true(c.has_seed);
    assert_true(c.seed == UINT64_C(18446744073709551));
    assert_int_equal(c.inconclusive, SG_POLICY_FAIL);
    assert_int_equal(c.missing_baseline, SG_POLICY_KEEP);
    assert_int_equal(c.images_count, 4);
    assert_string_equal(c.images[0].key, "k6");
    assert_string_equal(c.images[0].value, "registry.example/k6:2");
    assert_string_equal(c.service_cpuset, "0");
    assert_string_equal(c.generator_cpuset, "1-2");
    assert_string_equal(c.monitor_cpuset, "3,5-6");
    sg_config_clear(&c);
}

static void numbers_of_a_gate_follow_its_metric(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "everything.yaml");
    equal(c.gates[0].tolerance, 1.5);
    equal(c.gates[0].warn, 0.2);
    equal(c.gates[0].weight, 2.5);
    equal(c.gates[2].limit, 1073741824);
    equal(c.gates[4].tolerance, 10240);   /* memory_growth, bytes/s */
    equal(c.gates[5].limit, 17700 / 60.); /* throughput, 17700/m */
    equal(c.gates[8].tolerance, 5);       /* hits, absolute on the linear scale */
    sg_config_clear(&c);
}

static void json_is_read_as_well(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "json.yaml");
    assert_false(c.adjust);
    assert_int_equal(c.max_repetitions, 9);
    assert_string_equal(c.variants[1].env[0].value, "\xc3\xbc\n\"q\"");
    sg_config_clear(&c);
}

static void paths_start_from_the_folder_unless_absolute(void **state)
{
    (void)state;
    static const char text[] = "version: 1\nload: {script: a/b.js, files: [c, /d]}\n"
                               "baseline: ../x.json\nvariants: {v: {build: {ref: main}}}\n";
    struct sg_config c = parse(text, "/repo/perf");
    assert_string_equal(c.script, "/repo/perf/a/b.js");
    assert_string_equal(c.files[0], "/repo/perf/c");
    assert_string_equal(c.files[1], "/d");
    assert_string_equal(c.baseline, "/repo/perf/../x.json");
    assert_string_equal(c.variants[0].build_context, "/repo/perf/.");
    sg_config_clear(&c);
    c = parse(text, NULL);
    assert_string_equal(c.script, "a/b.js");
    sg_config_clear(&c);
}

static void a_flag_and_the_file_replace_each_others_rate(void **state)
{
    (void)state;
    struct sg_error err = {0};
    struct sg_config c = parse("version: 1\nload: {rate: auto}\n", "");
    assert_true(c.rate_auto);
    assert_true(sg_config_set(&c, "load.rate", "50/s", "--rate", &err));
    assert_false(c.rate_auto);
    equal(c.rate, 50);
    assert_true(sg_config_set(&c, "load.rate", "auto", "--rate", &err));
    assert_true(c.rate_auto);
    assert_true(isnan(c.rate));
    sg_config_clear(&c);
}

static void origins_name_file_line_and_column(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\nload:\n  rate: 300/s\nvariants: {a: x}\n"
                               "testbench: {cpusets: {monitor: 0}, keep_awake: off}\n",
                               "");
    assert_int_equal(c.keep_awake, SG_KEEP_AWAKE_OFF);
    assert_string_equal(sg_config_origin(&c, "load.rate"), "svcgate.yaml:3:9");
    assert_string_equal(sg_config_origin(&c, "load"), "svcgate.yaml:3:3");
    assert_string_equal(sg_config_origin(&c, "variants.a"), "svcgate.yaml:4:15");
    assert_string_equal(sg_config_origin(&c, "testbench.cpusets.monitor"), "svcgate.yaml:5:32");
    assert_null(sg_config_origin(&c, "load.warmup"));
    sg_config_set_origin(&c, "load.rate", "--rate");
    assert_string_equal(sg_config_origin(&c, "load.rate"), "--rate");
    sg_config_clear(&c);
}

static void a_missing_file_is_an_error(void **state)
{
    (void)state;
    struct sg_config c;
    struct sg_error err = {0};
    assert_false(sg_config_read(GOOD "absent.yaml", &c, &err));
    assert_true(strstr(err.text, "absent.yaml") != NULL);
}

static void clearing_twice_is_safe(void **state)
{
    (void)state;
    struct sg_config c = read_case(GOOD "everything.yaml");
    sg_config_clear(&c);
    assert_int_equal(c.max_repetitions, 21);
    sg_config_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_gives_its_service),
        cmocka_unit_test(several_compose_files_keep_their_order),
        cmocka_unit_test(the_example_gives_its_variants),
        cmocka_unit_test(the_example_gives_its_load_and_plan),
        cmocka_unit_test(the_example_gives_its_gates),
        cmocka_unit_test(a_query_in_a_gate_defines_a_metric),
        cmocka_unit_test(what_is_not_written_has_its_default),
        cmocka_unit_test(every_further_key_reaches_its_field),
        cmocka_unit_test(numbers_of_a_gate_follow_its_metric),
        cmocka_unit_test(json_is_read_as_well),
        cmocka_unit_test(paths_start_from_the_folder_unless_absolute),
        cmocka_unit_test(a_flag_and_the_file_replace_each_others_rate),
        cmocka_unit_test(origins_name_file_line_and_column),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(clearing_twice_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
