/* SPDX-License-Identifier: Apache-2.0 */
/* Questions over HTTP to a fake Prometheus: what is sent, and what comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "promql/promql.h"
#include "unit/promql/fake_prometheus.h"
#include "unit/refusing_port.h"

#define ONE                                                                                        \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"                      \
    "[{\"metric\":{},\"value\":[1,\"7\"]}]}}"

struct fixture {
    struct fake_prometheus *fake;
    struct sg_prom prom;
    char url[64];
};

static int start(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->fake = fake_new();
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d/prefix/", f->fake->port);
    f->prom = (struct sg_prom){.url = f->url, .timeout = 5};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fake_free(f->fake);
    free(f);
    return 0;
}

static void a_query_is_sent_as_a_form_under_the_prefix(void **state)
{
    struct fixture *f = *state;
    struct sg_matrix m = {0};
    struct sg_error err = {0};
    fake_add(f->fake, "query=sum(a{b=\"c d&e\"}[5s])", 200, ONE);
    assert_true(sg_prom_query(&f->prom, "sum(a{b=\"c d&e\"}[5s])", 1764000000.1234, &m, &err));
    assert_int_equal(m.count, 1);
    assert_true(m.series[0].points[0].value == 7);
    const char *sent = f->fake->requests[0];
    assert_non_null(strstr(sent, "POST /prefix/api/v1/query HTTP/1.1"));
    assert_non_null(strstr(sent, "application/x-www-form-urlencoded"));
    assert_non_null(strstr(sent, "&time=1764000000.123"));
    assert_null(strstr(sent, "nocache"));
    sg_matrix_clear(&m);
}

static void headers_of_the_server_go_along(void **state)
{
    struct fixture *f = *state;
    struct sg_matrix m = {0};
    struct sg_error err = {0};
    char tenant[] = "X-Scope-OrgID: team";
    char *headers[] = {tenant, NULL};
    f->prom.headers = headers;
    assert_true(sg_prom_query(&f->prom, "up", 1, &m, &err));
    assert_non_null(strstr(f->fake->requests[0], "X-Scope-OrgID: team"));
    sg_matrix_clear(&m);
}

static void kin_of_prometheus_are_told_to_answer_whole_and_fresh(void **state)
{
    struct fixture *f = *state;
    struct sg_matrix m = {0};
    struct sg_error err = {0};
    f->prom.flavour = SG_PROM_VICTORIAMETRICS;
    assert_true(sg_prom_query(&f->prom, "up", 1, &m, &err));
    assert_non_null(strstr(f->fake->requests[0], "&nocache=1&latency_offset=1ms"));
    sg_matrix_clear(&m);
    f->prom.flavour = SG_PROM_THANOS;
    assert_true(sg_prom_query(&f->prom, "up", 1, &m, &err));
    assert_non_null(strstr(f->fake->requests[1], "&partial_response=false"));
    sg_matrix_clear(&m);
}

static void an_error_names_the_query(void **state)
{
    struct fixture *f = *state;
    struct sg_matrix m = {0};
    struct sg_error err = {0};
    fake_add(f->fake, "", 400,
             "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:4: parse error\"}");
    assert_false(sg_prom_query(&f->prom, "sum(", 1, &m, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "sum("));
    assert_non_null(strstr(err.text, "parse error"));
    assert_null(m.series);
}

static void a_dead_server_is_a_network_error(void **state)
{
    struct fixture *f = *state;
    struct sg_matrix m = {0};
    struct sg_error err = {0};
    int refusing = -1;
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d/", refusing_port(&refusing));
    f->prom.timeout = 1;
    assert_false(sg_prom_query(&f->prom, "up", 1, &m, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_false(sg_prom_ready(&f->prom, &err));
    close(refusing);
}

static void ready_means_the_server_says_so(void **state)
{
    struct fixture *f = *state;
    struct sg_error err = {0};
    fake_add(f->fake, "GET /prefix/-/ready", 200, "Prometheus Server is Ready.\n");
    assert_true(sg_prom_ready(&f->prom, &err));
}

static void not_ready_is_an_error_with_the_status(void **state)
{
    struct fixture *f = *state;
    struct sg_error err = {0};
    fake_add(f->fake, "/-/ready", 503, "Service Unavailable");
    assert_false(sg_prom_ready(&f->prom, &err));
    assert_int_equal(err.kind, SG_ERROR_NETWORK);
    assert_non_null(strstr(err.text, "503"));
}

static void a_server_without_that_page_is_ready_when_it_answers(void **state)
{
    struct fixture *f = *state;
    struct sg_error err = {0};
    fake_add(f->fake, "/-/ready", 404, "404 page not found");
    fake_add(f->fake, "query=vector(1)", 200, ONE);
    assert_true(sg_prom_ready(&f->prom, &err));
    assert_int_equal(f->fake->requests_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_query_is_sent_as_a_form_under_the_prefix, start,
                                        tear_down),
        cmocka_unit_test_setup_teardown(headers_of_the_server_go_along, start, tear_down),
        cmocka_unit_test_setup_teardown(kin_of_prometheus_are_told_to_answer_whole_and_fresh, start,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_error_names_the_query, start, tear_down),
        cmocka_unit_test_setup_teardown(a_dead_server_is_a_network_error, start, tear_down),
        cmocka_unit_test_setup_teardown(ready_means_the_server_says_so, start, tear_down),
        cmocka_unit_test_setup_teardown(not_ready_is_an_error_with_the_status, start, tear_down),
        cmocka_unit_test_setup_teardown(a_server_without_that_page_is_ready_when_it_answers, start,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
