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
    close(refusing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_query_is_sent_as_a_form_under_the_prefix, start,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_error_names_the_query, start, tear_down),
        cmocka_unit_test_setup_teardown(a_dead_server_is_a_network_error, start, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
