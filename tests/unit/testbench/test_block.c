/* SPDX-License-Identifier: Apache-2.0 */
/* A sliced block before anything is started: names of its places, what its generators are told. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/internal.h"

#define GIB 1073741824.0
#define SEATS 3

static struct sg_config_variant variants[] = {{.name = "base"}, {.name = "candidate"}};

static struct sg_bench bench_of(const struct sg_config *config)
{
    static char project[] = "svcgate-s1", folder[] = "/made/for/it";
    return (struct sg_bench){
        .config = config, .project = project, .folder = folder, .memory = 6 * GIB};
}

/* --- Places --------------------------------------------------------------------------------- */

static void expect_place(size_t number, const char *project, const char *file, const char *alias,
                         const char *generator)
{
    struct sg_bench bench = bench_of(NULL);
    struct sg_place place;
    sg_place_init(&bench, number, &place);
    assert_string_equal(place.project, project);
    assert_string_equal(place.file, file);
    assert_string_equal(place.alias, alias);
    assert_string_equal(place.generator, generator);
    assert_false(place.started);
    sg_place_clear(&place);
    assert_null(place.project);
}

static void places_side_by_side_share_no_name(void **state)
{
    (void)state;
    expect_place(0, "svcgate-s1-service", "/made/for/it/service.json", SG_ALIAS, "k6");
    expect_place(1, "svcgate-s1-service-1", "/made/for/it/service-1.json", SG_ALIAS "-1", "k6-1");
    expect_place(12, "svcgate-s1-service-12", "/made/for/it/service-12.json", SG_ALIAS "-12",
                 "k6-12");
}

/* --- Generators ----------------------------------------------------------------------------- */

static const char base_of_k6[] =
    "{\"image\":\"k6:2\",\"cpuset\":\"1\",\"networks\":{\"load\":null},"
    "\"environment\":{\"BASE_URL\":\"http://service:8080\",\"USERS\":\"10\"}}";

/* load.json of a block of three, whose second seat runs the candidate. */
static struct sg_json *written(void)
{
    static const char *const turns[SEATS] = {"0,2,1", "1,0,2", "2,1,0"};
    static const char *const testids[SEATS] = {"s1-1", "s1-2", "s1-3"};
    struct sg_config config = {
        .variants = variants, .variants_count = 2, .rate = 100, .port = 8080};
    struct sg_bench bench = bench_of(&config);
    struct sg_bench_slices slices = {.seconds = 0.5, .warm_rounds = 1, .rounds = 2};
    struct sg_place places[SEATS];
    struct sg_drive drives[SEATS];
    struct sg_error err = {0};
    bench.k6_base = sg_json_parse(base_of_k6, strlen(base_of_k6), "k6", &err);
    assert_non_null(bench.k6_base);
    for (size_t i = 0; i < SEATS; i++) {
        sg_place_init(&bench, i + 1, &places[i]);
        places[i].variant = i == 1 ? 1 : 0;
        drives[i] = (struct sg_drive){.place = &places[i],
                                      .testid = testids[i],
                                      .warmup = 1.5,
                                      .measure = 3,
                                      .slices = &slices,
                                      .turns = turns[i],
                                      .begin = 1790000000.1234,
                                      .leave = 0.2 * (double)i};
    }
    bench.folder = folder_new();
    if (!sg_generator_write(&bench, drives, SEATS, &err)) {
        fail_msg("%s", err.text);
    }
    struct sg_json *load = folder_json(bench.folder, "load.json");
    folder_delete(bench.folder);
    for (size_t i = 0; i < SEATS; i++) {
        sg_place_clear(&places[i]);
    }
    sg_json_free(bench.k6_base);
    return load;
}

static const char *setting(const struct sg_json *load, const char *generator, const char *name)
{
    char *path = sg_format("services/%s/environment/%s", generator, name);
    const char *value = string_at(load, path);
    free(path);
    return value;
}

static void every_place_has_a_generator_that_is_described_whole(void **state)
{
    (void)state;
    struct sg_json *load = written();
    assert_int_equal(sg_json_count(at(load, "services")), SEATS);
    assert_null(at(load, "services/k6"));
    for (size_t i = 1; i <= SEATS; i++) {
        char *generator = sg_format("k6-%zu", i);
        char *image = sg_format("services/%s/image", generator);
        char *networks = sg_format("services/%s/networks", generator);
        assert_string_equal(string_at(load, image), "k6:2");
        assert_int_equal(sg_json_count(at(load, networks)), 2); /* Prometheus', and its own: */
        char *own = sg_format("networks/load-%s", generator);
        char *name = sg_format("svcgate-s1-service-%zu-load", i);
        assert_string_equal(string_at(at(load, own), "name"), name);
        assert_true(sg_json_bool(at(at(load, own), "external"), false));
        free(name);
        free(own);
        assert_string_equal(setting(load, generator, "USERS"), "10");
        free(networks);
        free(image);
        free(generator);
    }
    sg_json_free(load);
}

static void none_leaves_with_another(void **state)
{
    (void)state;
    struct sg_json *load = written();
    assert_string_equal(setting(load, "k6-1", "SVCGATE_IDLE"), "2.5");
    assert_string_equal(setting(load, "k6-2", "SVCGATE_IDLE"), "2.7");
    assert_string_equal(setting(load, "k6-3", "SVCGATE_IDLE"), "2.9");
    sg_json_free(load);
}

static void each_asks_its_own_container_in_its_own_turns(void **state)
{
    (void)state;
    struct sg_json *load = written();
    assert_string_equal(setting(load, "k6-1", "BASE_URL"), "http://" SG_ALIAS "-1:8080");
    assert_string_equal(setting(load, "k6-3", "BASE_URL"), "http://" SG_ALIAS "-3:8080");
    assert_string_equal(setting(load, "k6-1", "SVCGATE_TURNS"), "0,2,1");
    assert_string_equal(setting(load, "k6-3", "SVCGATE_TURNS"), "2,1,0");
    assert_string_equal(setting(load, "k6-1", "SVCGATE_TESTID"), "s1-1");
    assert_string_equal(setting(load, "k6-3", "SVCGATE_TESTID"), "s1-3");
    assert_string_equal(setting(load, "k6-1", "SVCGATE_VARIANT"), "base");
    assert_string_equal(setting(load, "k6-2", "SVCGATE_VARIANT"), "candidate");
    sg_json_free(load);
}

static void all_have_the_same_slices_and_begin_at_the_same_millisecond(void **state)
{
    (void)state;
    struct sg_json *load = written();
    for (size_t i = 1; i <= SEATS; i++) {
        char *generator = sg_format("k6-%zu", i);
        assert_string_equal(setting(load, generator, "SVCGATE_SLICE"), "0.5");
        assert_string_equal(setting(load, generator, "SVCGATE_SEATS"), "3");
        assert_string_equal(setting(load, generator, "SVCGATE_WARM_ROUNDS"), "1");
        assert_string_equal(setting(load, generator, "SVCGATE_WARMUP"), "1.5");
        assert_string_equal(setting(load, generator, "SVCGATE_MEASURE"), "3");
        assert_string_equal(setting(load, generator, "SVCGATE_RATE"), "100");
        assert_string_equal(setting(load, generator, "SVCGATE_BEGIN"), "1790000000123");
        free(generator);
    }
    sg_json_free(load);
}

/* 3 GiB between three; each alone would take 912 MiB. */
static void generators_share_the_memory_that_one_may_have(void **state)
{
    (void)state;
    struct sg_json *load = written();
    assert_string_equal(setting(load, "k6-2", "GOMEMLIMIT"), "912MiB");
    sg_json_free(load);
    struct sg_config config = {.rate = 1};
    struct sg_bench bench = {.config = &config, .memory = 3 * GIB};
    assert_float_equal(sg_generator_heap(&bench, 1), 912, 0);
    assert_float_equal(sg_generator_heap(&bench, 6), 256, 0);
    bench.memory = NAN;
    assert_float_equal(sg_generator_heap(&bench, 6), 912, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_side_by_side_share_no_name),
        cmocka_unit_test(every_place_has_a_generator_that_is_described_whole),
        cmocka_unit_test(none_leaves_with_another),
        cmocka_unit_test(each_asks_its_own_container_in_its_own_turns),
        cmocka_unit_test(all_have_the_same_slices_and_begin_at_the_same_millisecond),
        cmocka_unit_test(generators_share_the_memory_that_one_may_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
