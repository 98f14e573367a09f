/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in metrics, and that the published schema knows every key and metric of the code. */
#include "helper.h"

#include "base/file.h"
#include "config/keys.h"

static void names_are_unique_and_found(void **state)
{
    (void)state;
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(sg_catalogue_find(catalogue[i].name), &catalogue[i]);
        assert_non_null(catalogue[i].unit);
        assert_null(catalogue[i].of);
        assert_null(catalogue[i].request);
        assert_null(catalogue[i].query);
    }
    assert_null(sg_catalogue_find("latency"));
}

static void metrics_of_time_alone_are_adjusted(void **state)
{
    (void)state;
    static const char *const adjusted[] = {"latency_avg", "latency_p50", "latency_p90",
                                           "latency_p95", "latency_p99", "cpu_per_request",
                                           "cpu_cores"};
    size_t count = 0;
    size_t found = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    for (size_t i = 0; i < SG_COUNT(adjusted); i++) {
        assert_true(sg_catalogue_find(adjusted[i])->adjust);
        assert_int_equal(sg_catalogue_find(adjusted[i])->scale, SG_SCALE_LOG);
    }
    for (size_t i = 0; i < count; i++) {
        found += catalogue[i].adjust;
    }
    assert_int_equal(found, SG_COUNT(adjusted));
}

static void rates_of_counts_name_metrics_that_exist(void **state)
{
    (void)state;
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    size_t rates = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_rate = catalogue[i].scale == SG_SCALE_COUNT;
        assert_int_equal(catalogue[i].events != NULL, is_rate);
        assert_int_equal(catalogue[i].trials != NULL, is_rate);
        if (is_rate) {
            assert_non_null(sg_catalogue_find(catalogue[i].events));
            assert_non_null(sg_catalogue_find(catalogue[i].trials));
            rates++;
        }
    }
    assert_int_equal(rates, 1);
}

static void the_generators_cpu_is_the_first_covariate(void **state)
{
    (void)state;
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    const char *first = NULL;
    size_t covariates = 0;
    for (size_t i = 0; i < count; i++) {
        if (catalogue[i].role == SG_ROLE_COVARIATE) {
            first = first == NULL ? catalogue[i].name : first;
            covariates++;
        }
    }
    assert_int_equal(covariates, 4);
    assert_string_equal(first, "generator_cpu_per_request");
}

static void tails_and_memory_are_tolerated_more(void **state)
{
    (void)state;
    assert_true(sg_catalogue_tolerance("latency_p99") > 0.09);
    assert_true(sg_catalogue_tolerance("memory_max") > 0.09);
    assert_true(sg_catalogue_tolerance("memory_mean") > 0.09);
    assert_true(sg_catalogue_tolerance("latency_p95") < 0.06);
    assert_true(sg_catalogue_tolerance("cpu_per_request") < 0.06);
    assert_true(sg_catalogue_tolerance("a_users_own") < 0.06);
}

static void no_metric_is_measured_both_ways(void **state)
{
    (void)state;
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        assert_false(sg_catalogue_per_container(catalogue[i].name) &&
                     sg_catalogue_per_request(catalogue[i].name));
    }
    assert_true(sg_catalogue_per_container("restarts"));
    assert_true(sg_catalogue_per_request("latency_avg"));
    assert_false(sg_catalogue_per_container("generator_cpu_per_request"));
}

/* --- The schema ------------------------------------------------------------------------------ */

static char *read_schema(void)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error err = {0};
    assert_true(
        sg_file_read(SG_TESTS_DIR "/../schema/config.schema.json", 1 << 20, &text, &size, &err));
    return text;
}

static void look_for(const char *schema, const char *format, const char *name)
{
    char *wanted = NULL;
    wanted = format[0] == ':' ? sg_format("\"%s\": {", name) : sg_format("\"%s\"", name);
    if (strstr(schema, wanted) == NULL) {
        fail_msg("schema/config.schema.json does not know %s", name);
    }
    free(wanted);
}

static void look_for_keys(const char *schema, const struct sg_key *keys)
{
    for (const struct sg_key *key = keys; key->name != NULL; key = sg_keys_next(key)) {
        look_for(schema, ":", key->name);
        for (size_t i = 0; key->words != NULL && key->words[i] != NULL; i++) {
            look_for(schema, "", key->words[i]);
        }
        if (key->keys != NULL) {
            look_for_keys(schema, key->keys);
        }
    }
}

static void the_schema_knows_every_key_and_word(void **state)
{
    (void)state;
    char *schema = read_schema();
    look_for_keys(schema, sg_config_keys);
    look_for_keys(schema, sg_variant_keys);
    look_for_keys(schema, sg_build_keys);
    look_for_keys(schema, sg_gate_keys);
    look_for_keys(schema, sg_metric_keys);
    look_for_keys(schema, sg_waiver_keys);
    free(schema);
}

static void the_schema_offers_the_metrics_that_can_be_gated(void **state)
{
    (void)state;
    char *schema = read_schema();
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    for (size_t i = 0; i < count && strcmp(catalogue[i].name, "requests") != 0; i++) {
        look_for(schema, "", catalogue[i].name);
    }
    free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(metrics_of_time_alone_are_adjusted),
        cmocka_unit_test(rates_of_counts_name_metrics_that_exist),
        cmocka_unit_test(the_generators_cpu_is_the_first_covariate),
        cmocka_unit_test(tails_and_memory_are_tolerated_more),
        cmocka_unit_test(no_metric_is_measured_both_ways),
        cmocka_unit_test(the_schema_knows_every_key_and_word),
        cmocka_unit_test(the_schema_offers_the_metrics_that_can_be_gated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
