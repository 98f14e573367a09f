/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of Prometheus and its kin, as they come over the wire. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "promql/answer.h"

static bool parse(const char *body, long status, struct sg_matrix *out, struct sg_error *err)
{
    *err = (struct sg_error){0};
    *out = (struct sg_matrix){0};
    return sg_prom_answer(body, strlen(body), status, "Prometheus", out, err);
}

static void assert_refused(const char *body, long status, enum sg_error_kind kind,
                           const char *words)
{
    struct sg_matrix matrix;
    struct sg_error err;
    assert_false(parse(body, status, &matrix, &err));
    assert_int_equal(err.kind, kind);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
    assert_null(matrix.series);
}

#define VECTOR(result)                                                                             \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":" result "}}"
#define MATRIX(result)                                                                             \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":" result "}}"

static void a_vector_becomes_series_of_one_point(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse(VECTOR("[{\"metric\":{\"__name__\":\"up\",\"job\":\"prometheus\","
                             "\"instance\":\"localhost:9090\"},\"value\":[1435781451.781,\"1\"]},"
                             "{\"metric\":{\"__name__\":\"up\",\"job\":\"node\"},"
                             "\"value\":[1435781451.781,\"0.00012300000000000001\"]}]"),
                      200, &m, &err));
    assert_int_equal(m.count, 2);
    assert_int_equal(m.series[0].points_count, 1);
    assert_true(m.series[0].points[0].time == 1435781451.781);
    assert_true(m.series[1].points[0].value == 0.00012300000000000001);
    assert_string_equal(sg_prom_label(&m.series[0], "job"), "prometheus");
    assert_null(sg_prom_label(&m.series[1], "instance"));
    sg_matrix_clear(&m);
    sg_matrix_clear(&m);
}

static void a_matrix_keeps_raw_samples_in_order(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse(MATRIX("[{\"metric\":{\"id\":\"/docker/ab\",\"cpu\":\"total\"},\"values\":"
                             "[[1764000000.123,\"1.25\"],[1764000000.623,\"1.5e+00\"]]}]"),
                      200, &m, &err));
    assert_int_equal(m.count, 1);
    assert_int_equal(m.series[0].points_count, 2);
    assert_true(m.series[0].points[0].time == 1764000000.123);
    assert_true(m.series[0].points[1].value == 1.5);
    sg_matrix_clear(&m);
}

static void a_scalar_becomes_one_series_without_labels(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":"
                      "[1764000000,\"42\"]}}",
                      200, &m, &err));
    assert_int_equal(m.count, 1);
    assert_int_equal(m.series[0].labels_count, 0);
    assert_true(m.series[0].points[0].value == 42);
    sg_matrix_clear(&m);
}

static void an_empty_vector_is_no_error(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse(VECTOR("[]"), 200, &m, &err));
    assert_int_equal(m.count, 0);
    assert_null(m.warnings);
    sg_matrix_clear(&m);
}

static void words_for_special_values_are_read(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse(MATRIX("[{\"metric\":{},\"values\":[[1,\"NaN\"],[2,\"+Inf\"],[3,\"-Inf\"],"
                             "[4,\"-0\"],[5,\"5e-324\"]]}]"),
                      200, &m, &err));
    assert_true(isnan(m.series[0].points[0].value));
    assert_true(isinf(m.series[0].points[1].value) && m.series[0].points[1].value > 0);
    assert_true(isinf(m.series[0].points[2].value) && m.series[0].points[2].value < 0);
    assert_true(signbit(m.series[0].points[3].value));
    assert_true(m.series[0].points[4].value > 0);
    sg_matrix_clear(&m);
}

static void values_that_are_no_decimals_are_refused(void **state)
{
    (void)state;
    const char *values[] = {"\"0x1p3\"", "\"nan(7)\"", "\"\"", "\"1 \"", "\"1,5\"", "7", "null"};
    for (size_t i = 0; i < SG_COUNT(values); i++) {
        char body[256];
        snprintf(body, sizeof body, VECTOR("[{\"metric\":{},\"value\":[1,%s]}]"), values[i]);
        assert_refused(body, 200, SG_ERROR_NETWORK, "not a number");
    }
}

static void warnings_and_infos_are_joined(void **state)
{
    (void)state;
    struct sg_matrix m;
    struct sg_error err;
    assert_true(parse("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]},"
                      "\"warnings\":[\"No StoreAPIs matched for this query\",\"second\"],"
                      "\"infos\":[\"PromQL info: metric might not be a counter\"]}",
                      200, &m, &err));
    assert_string_equal(m.warnings, "No StoreAPIs matched for this query; second");
    assert_string_equal(m.infos, "PromQL info: metric might not be a counter");
    sg_matrix_clear(&m);
}

static void bad_promql_is_the_users_mistake_in_the_servers_words(void **state)
{
    (void)state;
    assert_refused("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter "
                   "\\\"query\\\": 1:9: parse error: unexpected end of input\"}",
                   400, SG_ERROR_CONFIG, "unexpected end of input");
    assert_refused("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"found duplicate "
                   "series for the match group\"}",
                   422, SG_ERROR_CONFIG, "duplicate series");
    /* VictoriaMetrics names the status as the type. */
    assert_refused("{\"status\":\"error\",\"errorType\":\"422\",\"error\":\"unparsed data\"}", 422,
                   SG_ERROR_CONFIG, "unparsed data");
}

static void a_server_in_trouble_is_a_network_error(void **state)
{
    (void)state;
    assert_refused("{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"query timed out\"}",
                   503, SG_ERROR_NETWORK, "timed out");
    assert_refused("<html>Bad gateway</html>", 502, SG_ERROR_NETWORK, "502");
    assert_refused("404 page not found\n", 404, SG_ERROR_NETWORK, "path prefix");
    assert_refused("", 401, SG_ERROR_NETWORK, "credentials");
    assert_refused("", 200, SG_ERROR_NETWORK, "no JSON");
}

static void a_partial_answer_is_refused(void **state)
{
    (void)state;
    assert_refused("{\"status\":\"success\",\"isPartial\":true,\"data\":{\"resultType\":\"vector\","
                   "\"result\":[]}}",
                   200, SG_ERROR_DATA, "partial");
}

static void shapes_that_are_not_prometheus_are_refused(void **state)
{
    (void)state;
    const char *bodies[] = {
        "{}",
        "[]",
        "{\"status\":\"success\"}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\"}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"table\",\"result\":[]}}",
        VECTOR("[{\"metric\":{}}]"),
        VECTOR("[{\"metric\":{},\"value\":[1]}]"),
        VECTOR("[{\"metric\":{},\"value\":[1,\"1\",\"1\"]}]"),
        VECTOR("[{\"metric\":{},\"value\":[\"1\",\"1\"]}]"),
        VECTOR("[{\"metric\":[],\"value\":[1,\"1\"]}]"),
        VECTOR("[{\"metric\":{\"a\":1},\"value\":[1,\"1\"]}]"),
        VECTOR("[7]"),
        MATRIX("[{\"metric\":{},\"values\":{}}]"),
    };
    for (size_t i = 0; i < SG_COUNT(bodies); i++)
        assert_refused(bodies[i], 200, SG_ERROR_NETWORK, "Prometheus");
}

static void samples_out_of_order_are_refused(void **state)
{
    (void)state;
    assert_refused(MATRIX("[{\"metric\":{},\"values\":[[2,\"1\"],[1,\"2\"]]}]"), 200, SG_ERROR_DATA,
                   "order of time");
    assert_refused(MATRIX("[{\"metric\":{},\"values\":[[2,\"1\"],[2,\"2\"]]}]"), 200, SG_ERROR_DATA,
                   "order of time");
}

static void histograms_and_strings_are_no_numbers(void **state)
{
    (void)state;
    assert_refused(VECTOR("[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\",\"sum\":\"1\"}]}]"),
                   200, SG_ERROR_DATA, "native histogram");
    assert_refused("{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":"
                   "[1,\"x\"]}}",
                   200, SG_ERROR_CONFIG, "a string");
}

static void an_answer_without_end_is_refused(void **state)
{
    (void)state;
    struct sg_text body = {0};
    sg_text_add(&body, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":"
                       "[{\"metric\":{},\"values\":[[0,\"1\"]");
    for (int i = 1; i <= 100000; i++)
        sg_text_printf(&body, ",[%d,\"1\"]", i);
    sg_text_add(&body, "]}]}}");
    assert_refused(body.data, 200, SG_ERROR_DATA, "100000");
    sg_text_free(&body);
    sg_text_add(&body, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[");
    for (int i = 0; i <= 10000; i++)
        sg_text_printf(&body, "%s{\"metric\":{},\"value\":[1,\"1\"]}", i > 0 ? "," : "");
    sg_text_add(&body, "]}}");
    assert_refused(body.data, 200, SG_ERROR_DATA, "10000");
    sg_text_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vector_becomes_series_of_one_point),
        cmocka_unit_test(a_matrix_keeps_raw_samples_in_order),
        cmocka_unit_test(a_scalar_becomes_one_series_without_labels),
        cmocka_unit_test(an_empty_vector_is_no_error),
        cmocka_unit_test(words_for_special_values_are_read),
        cmocka_unit_test(values_that_are_no_decimals_are_refused),
        cmocka_unit_test(warnings_and_infos_are_joined),
        cmocka_unit_test(bad_promql_is_the_users_mistake_in_the_servers_words),
        cmocka_unit_test(a_server_in_trouble_is_a_network_error),
        cmocka_unit_test(a_partial_answer_is_refused),
        cmocka_unit_test(shapes_that_are_not_prometheus_are_refused),
        cmocka_unit_test(samples_out_of_order_are_refused),
        cmocka_unit_test(histograms_and_strings_are_no_numbers),
        cmocka_unit_test(an_answer_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
