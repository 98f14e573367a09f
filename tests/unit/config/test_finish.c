/* SPDX-License-Identifier: Apache-2.0 */
/* Default gates, the list of metrics, and what must hold between fields. */
#include "helper.h"

static void equal(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof(a));
}

static void refuse_finish(struct sg_config *config, bool needs_load, const char *message)
{
    struct sg_error err = {0};
    assert_false(sg_config_finish(config, needs_load, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text, message);
}

#define PLAIN "version: 1\n"
#define TURNS "version: 1\nplan: {design: turns}\n"

static void four_gates_are_used_when_none_are_given(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\n");
    assert_int_equal(c.gates_count, 4);
    assert_string_equal(c.gates[0].metric, "latency_p95");
    equal(c.gates[0].tolerance, 0.05);
    assert_true(isnan(c.gates[0].floor));
    assert_string_equal(c.gates[1].metric, "cpu_per_request");
    equal(c.gates[1].tolerance, 0.05);
    assert_string_equal(c.gates[2].metric, "memory_max");
    equal(c.gates[2].tolerance, 0.10);
    equal(c.gates[2].floor, 5.0 * 1048576);
    assert_string_equal(c.gates[3].metric, "error_rate");
    assert_true(isnan(c.gates[3].tolerance));
    equal(c.gates[3].floor, 0.001);
    for (size_t i = 0; i < 4; i++) {
        assert_true(isnan(c.gates[i].limit));
        equal(c.gates[i].weight, 1);
        assert_int_equal(c.gates[i].line, 0);
    }
    sg_config_clear(&c);
}

static void a_gate_without_numbers_gets_the_default_tolerance(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\ngates:\n  - metric: latency_p99\n"
                                  "  - {metric: latency_p50, floor: 1ms}\n"
                                  "  - {metric: cpu_cores, limit: 2, warn: 3%}\n"
                                  "  - metric: error_rate\n");
    equal(c.gates[0].tolerance, 0.10);
    equal(c.gates[1].tolerance, 0.05);
    equal(c.gates[2].tolerance, 0.05);
    equal(c.gates[3].floor, 0.001);
    sg_config_clear(&c);
}

static void a_gate_with_a_limit_alone_stays_absolute(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\ngates:\n  - {metric: latency_p99, limit: 1s}\n"
                                  "  - {metric: error_rate, limit: 0.1%}\n");
    assert_true(isnan(c.gates[0].tolerance));
    assert_true(isnan(c.gates[1].tolerance));
    assert_true(isnan(c.gates[1].floor));
    sg_config_clear(&c);
}

static void every_built_in_metric_is_measured_once(void **state)
{
    (void)state;
    struct sg_config c = finished(TURNS);
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    assert_int_equal(c.metrics_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(c.metrics[i].name, catalogue[i].name);
        assert_ptr_not_equal(c.metrics[i].name, catalogue[i].name); /* a copy */
        assert_int_equal(c.metrics[i].adjust, catalogue[i].adjust);
    }
    sg_config_clear(&c);
}

static void finishing_twice_changes_nothing(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\nmetrics: [{metric: depth, query: q}]\n"
                                  "gates: [{metric: error_rate, request: search}]\n");
    size_t metrics = c.metrics_count;
    char *before = sg_config_show(&c);
    struct sg_error err = {0};
    assert_true(sg_config_finish(&c, false, &err));
    char *after = sg_config_show(&c);
    assert_int_equal(c.metrics_count, metrics);
    assert_string_equal(before, after);
    free(before);
    free(after);
    sg_config_clear(&c);
}

static void gates_of_other_containers_and_requests_add_their_metrics(void **state)
{
    (void)state;
    struct sg_config c = finished(TURNS "gates:\n  - {metric: cpu_per_request, of: db}\n"
                                        "  - {metric: latency_p95, request: search}\n");
    const struct sg_metric *db = find_metric(&c, "cpu_per_request", "db", NULL);
    const struct sg_metric *search = find_metric(&c, "latency_p95", NULL, "search");
    assert_non_null(db);
    assert_non_null(search);
    assert_string_equal(db->unit, "s");
    assert_true(db->adjust);
    assert_non_null(find_metric(&c, "cpu_per_request", NULL, NULL));
    assert_null(find_metric(&c, "cpu_per_request", NULL, "search"));
    sg_config_clear(&c);
}

static void an_error_rate_of_a_request_brings_its_counts(void **state)
{
    (void)state;
    struct sg_config c =
        finished("version: 1\ngates: [{metric: error_rate, request: search, limit: 1%}]\n");
    const struct sg_metric *rate = find_metric(&c, "error_rate", NULL, "search");
    assert_non_null(rate);
    assert_string_equal(rate->events, "errors");
    assert_string_equal(rate->trials, "requests");
    assert_non_null(find_metric(&c, "errors", NULL, "search"));
    assert_non_null(find_metric(&c, "requests", NULL, "search"));
    sg_config_clear(&c);
}

static void adjust_off_clears_it_everywhere(void **state)
{
    (void)state;
    struct sg_config c = finished(TURNS "adjust: off\n"
                                        "metrics: [{metric: gc, query: q, adjust: true}]\n");
    for (size_t i = 0; i < c.metrics_count; i++) {
        assert_false(c.metrics[i].adjust);
    }
    sg_config_clear(&c);
}

static void side_by_side_nothing_is_adjusted(void **state)
{
    (void)state;
    struct sg_config c = finished(PLAIN "metrics: [{metric: gc, query: q, adjust: true}]\n");
    for (size_t i = 0; i < c.metrics_count; i++) {
        assert_false(c.metrics[i].adjust);
    }
    sg_config_clear(&c);
}

static void adjust_false_on_a_gate_holds_for_its_metric_alone(void **state)
{
    (void)state;
    struct sg_config c = finished(TURNS "gates: [{metric: latency_p95, adjust: false}]\n");
    assert_false(find_metric(&c, "latency_p95", NULL, NULL)->adjust);
    assert_true(find_metric(&c, "latency_p50", NULL, NULL)->adjust);
    sg_config_clear(&c);
}

static void a_gate_may_name_a_metric_of_the_users(void **state)
{
    (void)state;
    struct sg_config c =
        finished("version: 1\ngates: [{metric: depth, of: db, tolerance: 3%}]\n"
                 "metrics: [{metric: depth, query: q, unit: jobs, better: higher}]\n");
    const struct sg_metric *metric = find_metric(&c, "depth", "db", NULL);
    assert_non_null(metric);
    assert_string_equal(metric->query, "q");
    assert_int_equal(metric->better, SG_HIGHER);
    sg_config_clear(&c);
}

static void the_reference_is_the_first_variant_unless_named(void **state)
{
    (void)state;
    struct sg_config c = finished("version: 1\nvariants: {old: a, new: b}\n");
    assert_string_equal(c.reference, "old");
    sg_config_clear(&c);
    c = finished("version: 1\nvariants: {old: a, new: b}\nreference: new\n");
    assert_string_equal(c.reference, "new");
    sg_config_clear(&c);
}

static void add_gate(struct sg_config *config, const char *text)
{
    struct sg_error err = {0};
    config->gates = sg_grow(config->gates, config->gates_count, sizeof(*config->gates));
    assert_true(sg_config_gate(text, &config->gates[config->gates_count], &err));
    config->gates_count++;
}

static void a_gate_from_a_flag_meets_the_metrics_of_the_file(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\nmetrics: [{metric: depth, query: q}]\n", "");
    struct sg_error err = {0};
    add_gate(&c, "depth:tolerance=20%");
    add_gate(&c, "cpu_per_request:of=db");
    assert_true(sg_config_finish(&c, false, &err));
    assert_int_equal(c.gates_count, 2);
    equal(c.gates[1].tolerance, 0.05);
    assert_non_null(find_metric(&c, "cpu_per_request", "db", NULL));
    sg_config_clear(&c);
}

static void an_unknown_gate_from_a_flag_is_refused(void **state)
{
    (void)state;
    struct sg_config c;
    sg_config_init(&c);
    add_gate(&c, "latency_p59:tolerance=5%");
    refuse_finish(&c, false, "gate latency_p59: unknown metric; did you mean \"latency_p50\"?");
    sg_config_clear(&c);
}

static void a_gate_from_a_flag_cannot_split_a_query_by_request(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\nmetrics: [{metric: depth, query: q}]\n", "");
    add_gate(&c, "depth:request=search");
    refuse_finish(&c, false, "gate depth {search}: name the request inside the query instead");
    sg_config_clear(&c);
}

static void a_gate_from_a_flag_may_not_repeat_one_of_the_file(void **state)
{
    (void)state;
    struct sg_config c = parse("version: 1\ngates: [{metric: latency_p95}]\n", "");
    add_gate(&c, "latency_p95");
    refuse_finish(&c, false, "gate latency_p95 is given twice; keep one");
    sg_config_clear(&c);
}

static void without_load_nothing_of_the_service_is_asked_for(void **state)
{
    (void)state;
    struct sg_config c;
    struct sg_error err = {0};
    sg_config_init(&c);
    assert_true(sg_config_finish(&c, false, &err));
    sg_config_clear(&c);
}

static void flags_alone_are_refused_without_a_place(void **state)
{
    (void)state;
    struct sg_config c;
    sg_config_init(&c);
    refuse_finish(&c, true,
                  "configuration: service.port is missing; write the port that the service listens "
                  "on there or with --port");
    sg_config_clear(&c);
}

/* A configuration that can run, with this very file as its script. */
static struct sg_config runnable(const char *more)
{
    char *text = sg_format("version: 1\nservice: {port: 80}\nload: {rate: 1/s, script: '%s'}\n%s",
                           SG_TESTS_DIR "/unit/config/test_finish.c", more);
    struct sg_config config = parse(text, "");
    free(text);
    return config;
}

static void two_variants_can_run(void **state)
{
    (void)state;
    struct sg_config c = runnable("variants: {old: a, new: b}\n");
    struct sg_error err = {0};
    assert_true(sg_config_finish(&c, true, &err));
    assert_string_equal(c.service, "service");
    sg_config_clear(&c);
}

static void one_variant_can_run_against_a_baseline(void **state)
{
    (void)state;
    struct sg_config c = runnable("variants: {new: b}\nbaseline: absent.json\n");
    struct sg_error err = {0};
    assert_true(sg_config_finish(&c, true, &err));
    sg_config_clear(&c);
}

static void one_variant_alone_cannot_run(void **state)
{
    (void)state;
    struct sg_config c = runnable("variants: {new: b}\n");
    refuse_finish(&c, true,
                  "svcgate.yaml:4:11: one variant has nothing to be compared with; add a second "
                  "one or a baseline");
    sg_config_clear(&c);
}

static void expect_windows(const char *text, double warmup, double measure)
{
    struct sg_config c = finished(text);
    equal(c.warmup, warmup);
    equal(c.measure, measure);
    sg_config_clear(&c);
}

static void a_window_has_the_requests_that_its_gates_need(void **state)
{
    (void)state;
    expect_windows(PLAIN "load: {rate: 200/s}\n", 3, 10); /* p95 by default: 2,000 */
    expect_windows(PLAIN "load: {rate: 50/s}\n", 3, 40);
    expect_windows(PLAIN "load: {rate: 100/s}\ngates: [{metric: cpu_per_request}]\n", 3, 10);
    expect_windows(PLAIN "load: {rate: 200/s}\ngates: [{metric: latency_p99}]\n", 3, 50);
}

static void a_window_is_neither_very_short_nor_very_long(void **state)
{
    (void)state;
    expect_windows(PLAIN "load: {rate: 5000/s}\n", 3, 8);
    expect_windows(PLAIN "load: {rate: 1/s}\n", 3, 120);
}

static void windows_that_are_given_stay_and_those_in_turns_are_longer(void **state)
{
    (void)state;
    expect_windows(PLAIN "load: {rate: 200/s, warmup: 1s, measure: 4s}\n", 1, 4);
    expect_windows(TURNS "load: {rate: 200/s}\n", 10, 30);
    expect_windows("version: 1\nplan: {design: sliced}\nload: {rate: 200/s}\n", 3, 10);
    expect_windows(PLAIN, 3, 30); /* nothing is known of the rate */
}

static void a_rate_that_is_to_be_found_is_no_missing_one(void **state)
{
    (void)state;
    struct sg_config c =
        finished("version: 1\nservice: {port: 80}\nvariants: {a: x, b: y}\n"
                 "load: {script: " SG_TESTS_DIR "/unit/config/test_finish.c, rate: auto}\n");
    struct sg_error err = {0};
    assert_true(sg_config_finish(&c, true, &err));
    assert_true(c.rate_auto);
    assert_true(isnan(c.rate));
    sg_config_clear(&c);
}

static void found(const char *text, double rate, double measure)
{
    struct sg_config c = finished(text);
    sg_config_found_rate(&c, rate);
    equal(c.rate, rate);
    equal(c.measure, measure);
    sg_config_clear(&c);
}

static void windows_follow_the_rate_that_is_found(void **state)
{
    (void)state;
    found(PLAIN "load: {rate: auto}\n", 100, 20);
    found(PLAIN "load: {rate: auto}\n", 1000, 8);
    found(PLAIN "load: {rate: auto, measure: 30s}\n", 1000, 30);
    found(TURNS "load: {rate: auto}\n", 1000, 30);
}

static void a_setting_is_a_variant_only_with_a_compose_file(void **state)
{
    (void)state;
    struct sg_config c = runnable("variants: {old: {env: {A: 1}}, new: b}\n");
    refuse_finish(&c, true,
                  "svcgate.yaml:4:17: variant old has neither image nor build; without a compose "
                  "file one is needed");
    c.compose = sg_strdup(SG_TESTS_DIR "/unit/config/test_finish.c");
    struct sg_error err = {0};
    assert_true(sg_config_finish(&c, true, &err));
    sg_config_clear(&c);
}

static void every_compose_file_is_looked_for(void **state)
{
    (void)state;
    struct sg_config c = runnable("variants: {old: {env: {A: 1}}, new: b}\n");
    static char first[] = SG_TESTS_DIR "/unit/config/test_finish.c", second[] = "absent.yaml";
    char *files[] = {first, first, second};
    struct sg_error err = {0};
    c.service = sg_strdup("api");
    sg_config_set_compose(&c, files, 2);
    assert_true(sg_config_finish(&c, true, &err));
    sg_config_set_compose(&c, files, 3);
    assert_false(sg_config_finish(&c, true, &err));
    assert_non_null(strstr(err.text, "service.compose: there is no file absent.yaml"));
    sg_config_set_compose(&c, files, 1);
    assert_null(c.compose_over);
    sg_config_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_gates_are_used_when_none_are_given),
        cmocka_unit_test(a_gate_without_numbers_gets_the_default_tolerance),
        cmocka_unit_test(a_gate_with_a_limit_alone_stays_absolute),
        cmocka_unit_test(every_built_in_metric_is_measured_once),
        cmocka_unit_test(finishing_twice_changes_nothing),
        cmocka_unit_test(gates_of_other_containers_and_requests_add_their_metrics),
        cmocka_unit_test(an_error_rate_of_a_request_brings_its_counts),
        cmocka_unit_test(adjust_off_clears_it_everywhere),
        cmocka_unit_test(side_by_side_nothing_is_adjusted),
        cmocka_unit_test(adjust_false_on_a_gate_holds_for_its_metric_alone),
        cmocka_unit_test(a_gate_may_name_a_metric_of_the_users),
        cmocka_unit_test(the_reference_is_the_first_variant_unless_named),
        cmocka_unit_test(a_gate_from_a_flag_meets_the_metrics_of_the_file),
        cmocka_unit_test(an_unknown_gate_from_a_flag_is_refused),
        cmocka_unit_test(a_gate_from_a_flag_cannot_split_a_query_by_request),
        cmocka_unit_test(a_gate_from_a_flag_may_not_repeat_one_of_the_file),
        cmocka_unit_test(without_load_nothing_of_the_service_is_asked_for),
        cmocka_unit_test(flags_alone_are_refused_without_a_place),
        cmocka_unit_test(two_variants_can_run),
        cmocka_unit_test(one_variant_can_run_against_a_baseline),
        cmocka_unit_test(a_window_has_the_requests_that_its_gates_need),
        cmocka_unit_test(a_window_is_neither_very_short_nor_very_long),
        cmocka_unit_test(windows_that_are_given_stay_and_those_in_turns_are_longer),
        cmocka_unit_test(one_variant_alone_cannot_run),
        cmocka_unit_test(a_rate_that_is_to_be_found_is_no_missing_one),
        cmocka_unit_test(windows_follow_the_rate_that_is_found),
        cmocka_unit_test(a_setting_is_a_variant_only_with_a_compose_file),
        cmocka_unit_test(every_compose_file_is_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
