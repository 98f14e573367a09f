/* SPDX-License-Identifier: Apache-2.0 */
/* Gates and repetitions as on the command line. */
#include "helper.h"

static void equal(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof(a));
}

static void refuse_gate(const char *text, const char *message)
{
    struct sg_gate gate = {0};
    struct sg_error err = {0};
    assert_false(sg_config_gate(text, &gate, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text, message);
    assert_null(gate.metric);
}

static struct sg_gate take_gate(const char *text)
{
    struct sg_gate gate;
    struct sg_error err = {0};
    if (!sg_config_gate(text, &gate, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(gate.line, 0);
    return gate;
}

static void a_gate_is_a_metric_and_its_numbers(void **state)
{
    (void)state;
    struct sg_gate gate = take_gate("latency_p95:tolerance=5%,floor=1ms,limit=250ms,warn=3%,"
                                    "weight=2,request=GET /a b");
    assert_string_equal(gate.metric, "latency_p95");
    assert_string_equal(gate.request, "GET /a b");
    assert_null(gate.of);
    equal(gate.tolerance, 0.05);
    equal(gate.floor, 0.001);
    equal(gate.limit, 0.25);
    equal(gate.warn, 0.03);
    equal(gate.weight, 2);
    sg_gate_clear(&gate);
}

static void a_metric_alone_is_a_gate(void **state)
{
    (void)state;
    struct sg_gate gate = take_gate("memory_max");
    assert_true(isnan(gate.tolerance));
    equal(gate.weight, 1);
    sg_gate_clear(&gate);
}

static void a_metric_of_samples_takes_any_unit(void **state)
{
    (void)state;
    struct sg_gate gate = take_gate("queue_depth:tolerance=20%,limit=250ms,floor=3");
    equal(gate.tolerance, 0.2);
    equal(gate.limit, 0.25);
    equal(gate.floor, 3);
    sg_gate_clear(&gate);
}

static void bad_gates_are_refused(void **state)
{
    (void)state;
    refuse_gate("latency_p95:tolerence=5%",
                "gate \"latency_p95:tolerence=5%\":1:13: unknown key \"tolerence\"; did you mean "
                "\"tolerance\"?");
    refuse_gate("latency_p95:floor=5MiB", "gate \"latency_p95:floor=5MiB\":1:13: floor: expected a "
                                          "duration such as 1ms, found the size \"5MiB\"");
    refuse_gate("latency_p95:tolerance", "gate \"latency_p95:tolerance\": expected key=value in "
                                         "column 13; write latency_p95:tolerance=5%,floor=1ms");
    refuse_gate("latency_p95:tolerance=5%,",
                "gate \"latency_p95:tolerance=5%,\": expected key=value in column 26; write "
                "latency_p95:tolerance=5%,floor=1ms");
    refuse_gate("latency_p95:warn=1%,warn=2%",
                "gate \"latency_p95:warn=1%,warn=2%\": a key is given twice");
    refuse_gate("", "gate \"\":1:1: metric: expected the name of a metric, such as latency_p95, "
                    "found nothing");
    refuse_gate("depth:query=up", "gate \"depth:query=up\":1:7: query: depth can only be defined "
                                  "in svcgate.yaml");
    refuse_gate("generator_steal", "gate \"generator_steal\":1:1: generator_steal sees the host, "
                                   "not the service: it cannot be gated");
    refuse_gate("memory_growth", "gate \"memory_growth\":1:1: memory_growth has no default; give a "
                                 "tolerance or a limit, bytes a second such as 10KiB/s");
    refuse_gate("latency_p95:tolerance=5", "gate \"latency_p95:tolerance=5\":1:13: tolerance: 5 "
                                           "without a % sign means 500 %; write 5% or 0.05");
}

static void bytes_that_are_no_text_are_cut_without_harm(void **state)
{
    (void)state;
    char bytes[101];
    struct sg_error err = {0};
    int least = 0;
    int most = 0;
    memset(bytes, 0xAF, sizeof(bytes) - 1); /* never the first byte of a character */
    bytes[sizeof(bytes) - 1] = '\0';
    assert_false(sg_config_repetitions(bytes, &least, &most, &err));
    assert_non_null(strstr(err.text, "…\""));
}

static void repetitions_are_a_range_or_the_most(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int least, most;
    } cases[] = {{"6..21", 6, 21}, {"9", 6, 9},    {"6", 6, 6},
                 {"30", 6, 30},    {"9..9", 9, 9}, {"12..30", 12, 30}};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        int least = 0;
        int most = 0;
        struct sg_error err = {0};
        assert_true(sg_config_repetitions(cases[i].text, &least, &most, &err));
        assert_int_equal(least, cases[i].least);
        assert_int_equal(most, cases[i].most);
    }
}

static void refused_repetitions_say_what_to_write(void **state)
{
    (void)state;
    static const struct {
        const char *text, *end;
    } cases[] = {
        {"7", "not 7; write 9"},
        {"0", "not 0; write 6"},
        {"33", "not 33; write 30"},
        {"5..20", "not 5..20; write 6..21"},
        {"7..31", "not 7..31; write 6..30"},
        {"21..6", "21..6 runs backwards; write 6..21"},
        {"", "found \"\""},
        {"..", "found \"..\""},
        {"6..", "found \"6..\""},
        {"6...21", "found \"6...21\""},
        {" 6", "found \" 6\""},
        {"-6", "found \"-6\""},
        {"6 ..21", "found \"6 ..21\""},
        {"99999999999999999999", "found \"99999999999999999999\""},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        int least = -1;
        int most = -1;
        struct sg_error err = {0};
        assert_false(sg_config_repetitions(cases[i].text, &least, &most, &err));
        size_t size = strlen(err.text);
        assert_true(size > strlen(cases[i].end));
        assert_string_equal(err.text + size - strlen(cases[i].end), cases[i].end);
        assert_int_equal(least, -1);
        assert_int_equal(most, -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_a_metric_and_its_numbers),
        cmocka_unit_test(a_metric_alone_is_a_gate),
        cmocka_unit_test(a_metric_of_samples_takes_any_unit),
        cmocka_unit_test(bad_gates_are_refused),
        cmocka_unit_test(bytes_that_are_no_text_are_cut_without_harm),
        cmocka_unit_test(repetitions_are_a_range_or_the_most),
        cmocka_unit_test(refused_repetitions_say_what_to_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
