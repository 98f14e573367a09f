/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine answers, to numbers: against a socket of the test's own with answers as engines
 * with cgroup v1 and v2 give them. */
#include "unit/testbench/help.h"

#include <math.h>
#include <stdio.h>

#include "testbench/internal.h"
#include "unit/http/server.h"

static struct server server;
static char *folder;
static struct sg_engine engine;
static char response[8192];

static int make_folder(void **state)
{
    (void)state;
    folder = folder_new();
    engine.socket = sg_path_join(folder, "engine.sock");
    engine.base_url = sg_strdup("http://localhost");
    return 0;
}

static int delete_folder(void **state)
{
    (void)state;
    sg_engine_clear(&engine);
    folder_delete(folder);
    return 0;
}

static void serve(const char *status, const char *body)
{
    static struct answer answer;
    snprintf(response, sizeof(response),
             "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
             strlen(body), body);
    answer = (struct answer){.text = response};
    unlink(engine.socket);
    assert_true(server_bind_unix(&server, engine.socket));
    assert_true(server_start(&server, &answer, 1));
}

/* Over TCP, as to a docker-in-docker service. */
static void a_remote_engine_is_asked_by_its_address(void **state)
{
    (void)state;
    static const struct answer answer = {
        .text = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"NCPU\":4}"};
    struct sg_engine remote = {.remote = true};
    struct sg_json *json = NULL;
    struct sg_error err = {0};
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, &answer, 1));
    remote.base_url = sg_format("http://127.0.0.1:%d", server.port);
    assert_true(sg_engine_get(&remote, "/info", &json, &err));
    server_stop(&server);
    assert_near(sg_json_number(at(json, "NCPU"), 0), 4, 0);
    sg_json_free(json);
    sg_engine_clear(&remote);
}

static struct sg_reading reading_of(const char *body, bool expect_alive)
{
    struct sg_reading reading = {0};
    struct sg_error err = {0};
    bool alive = false;
    serve("200 OK", body);
    if (!sg_engine_reading(&engine, "abc", &reading, &alive, &err)) {
        fail_msg("%s", err.text);
    }
    server_stop(&server);
    assert_int_equal(alive, expect_alive);
    assert_true(sg_starts_with(server.requests[0],
                               "GET /containers/abc/stats?stream=false&one-shot=true HTTP/1.1"));
    return reading;
}

#define CPU                                                                                        \
    "\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":1454000000},"                                   \
    "\"throttling_data\":{\"throttled_time\":250000000}}"

static void a_reading_of_cgroup_v1_is_in_seconds_and_bytes(void **state)
{
    (void)state;
    struct sg_reading reading = reading_of(
        "{\"read\":\"2026-11-25T00:00:01.250000001Z\"," CPU ",\"memory_stats\":{\"usage\":9000000,"
        "\"stats\":{\"rss\":4096,\"total_rss\":8192,\"inactive_file\":1,"
        "\"total_inactive_file\":1000000}},\"networks\":{\"eth0\":{\"rx_bytes\":10,"
        "\"tx_bytes\":20},\"eth1\":{\"rx_bytes\":1,\"tx_bytes\":2}}}",
        true);
    assert_near(reading.time, 1795564801.25, 1e-6);
    assert_near(reading.cpu, 1.454, 1e-12);
    assert_near(reading.throttled, 0.25, 1e-12);
    assert_near(reading.memory, 8192, 0);
    assert_near(reading.working_set, 8000000, 0);
    assert_near(reading.rx, 11, 0);
    assert_near(reading.tx, 22, 0);
}

static double time_of(const char *text)
{
    char *body = sg_format("{\"read\":\"%s\"," CPU "}", text);
    double time = reading_of(body, true).time;
    free(body);
    return time;
}

static void a_time_with_an_offset_is_the_same_moment(void **state)
{
    (void)state;
    double utc = time_of("2026-11-25T00:00:01.250000001Z");
    assert_near(time_of("2026-11-25T02:00:01.250000001+02:00"), utc, 1e-6);
    assert_near(time_of("2026-11-24T18:30:01.25-05:30"), utc, 1e-6);
}

/* Expected values from GNU date. */
static void times_are_seconds_since_1970_in_utc(void **state)
{
    (void)state;
    assert_near(time_of("2024-02-29T23:59:59.5Z"), 1709251199.5, 1e-6);
    assert_near(time_of("2024-03-01T00:00:00Z"), 1709251200, 0);
    assert_near(time_of("2025-12-31T13:02:01Z"), 1767186121, 0);
    assert_near(time_of("2026-01-01T00:00:00Z"), 1767225600, 0);
}

static void a_time_that_no_clock_shows_is_nan(void **state)
{
    (void)state;
    struct sg_reading reading =
        reading_of("{\"read\":\"99999999999999999999-01-01T00:00:00Z\"," CPU "}", false);
    assert_true(isnan(reading.time));
    assert_near(time_of("2026-01-01T00:00:00+99999999999999999999:00"), 1767225600, 0);
}

static void memory_of_cgroup_v2_is_the_anonymous_part(void **state)
{
    (void)state;
    struct sg_reading reading = reading_of("{\"read\":\"2026-11-25T00:00:01Z\"," CPU
                                           ",\"memory_stats\":{\"usage\":20000,\"stats\":"
                                           "{\"anon\":12288,\"file\":99,"
                                           "\"inactive_file\":30}}}",
                                           true);
    assert_near(reading.memory, 12288, 0);
    assert_near(reading.working_set, 19970, 0);
    assert_near(reading.time, 1795564801, 0);
}

/* Docker 28.5, cgroup v2 by systemd; the numbers are those of the file. */
static void a_recorded_reading_of_cgroup_v2_has_all_numbers(void **state)
{
    (void)state;
    char *body =
        folder_read(SG_TESTS_DIR "/unit/testbench/answers", "stats-docker-28.5-cgroup2.json");
    struct sg_reading reading = reading_of(body, true);
    assert_near(reading.time, 1796013802.196, 1e-3);
    assert_near(reading.cpu, 6.275531, 1e-9);
    assert_near(reading.throttled, 2.695343, 1e-9);
    assert_near(reading.memory, 9273344, 0);
    assert_near(reading.working_set, 18206720 - 8388608, 0);
    assert_near(reading.rx, 1182, 0);
    assert_near(reading.tx, 126, 0);
    free(body);
}

static void what_the_engine_does_not_tell_is_nan(void **state)
{
    (void)state;
    struct sg_reading reading =
        reading_of("{\"read\":\"2026-11-25T00:00:01Z\",\"cpu_stats\":{\"cpu_usage\":"
                   "{\"total_usage\":1}}}",
                   true);
    assert_true(isnan(reading.throttled));
    assert_true(isnan(reading.memory));
    assert_true(isnan(reading.working_set));
    assert_true(isnan(reading.rx));
    assert_true(isnan(reading.tx));
}

static void a_container_that_does_not_run_is_not_alive(void **state)
{
    (void)state;
    (void)reading_of("{\"read\":\"0001-01-01T00:00:00Z\",\"cpu_stats\":{\"cpu_usage\":"
                     "{\"total_usage\":0}}}",
                     false);
    (void)reading_of("{\"read\":\"yesterday\"," CPU "}", false);
    (void)reading_of("{}", false);
}

static void a_refusal_is_told_in_the_engines_words(void **state)
{
    (void)state;
    struct sg_reading reading = {0};
    struct sg_error err = {0};
    bool alive = false;
    serve("404 Not Found", "{\"message\":\"No such container: abc\"}");
    assert_false(sg_engine_reading(&engine, "abc", &reading, &alive, &err));
    server_stop(&server);
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "404"));
    assert_non_null(strstr(err.text, "No such container: abc"));
}

static void an_engine_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct sg_json *json = NULL;
    struct sg_error err = {0};
    unlink(engine.socket);
    assert_false(sg_engine_get(&engine, "/info", &json, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, engine.socket));
}

static struct sg_container_state state_of(const char *body)
{
    struct sg_container_state found = {0};
    struct sg_error err = {0};
    serve("200 OK", body);
    assert_true(sg_engine_state(&engine, "abc", &found, &err));
    server_stop(&server);
    return found;
}

static void the_state_says_how_a_container_ended(void **state)
{
    (void)state;
    struct sg_container_state killed = state_of(
        "{\"State\":{\"Running\":false,\"OOMKilled\":true,\"ExitCode\":137},\"RestartCount\":2}");
    assert_false(killed.running);
    assert_true(killed.oom_killed);
    assert_int_equal(killed.exit_code, 137);
    assert_int_equal(killed.restarts, 2);
    assert_true(state_of("{\"State\":{\"Running\":true,\"ExitCode\":0}}").running);
    assert_int_equal(state_of("{\"State\":{\"ExitCode\":1e300}}").exit_code, -1);
}

static void the_published_port_is_found_or_named_as_missing(void **state)
{
    (void)state;
    struct sg_error err = {0};
    int port = 0;
    serve("200 OK", "{\"NetworkSettings\":{\"Ports\":{\"9090/tcp\":[{\"HostIp\":\"127.0.0.1\","
                    "\"HostPort\":\"49153\"}]}}}");
    assert_true(sg_engine_port(&engine, "abc", 9090, &port, &err));
    server_stop(&server);
    assert_int_equal(port, 49153);
    serve("200 OK", "{\"NetworkSettings\":{\"Ports\":{\"9090/tcp\":null}}}");
    assert_false(sg_engine_port(&engine, "abc", 9090, &port, &err));
    server_stop(&server);
    assert_non_null(strstr(err.text, "9090/tcp"));
    serve("200 OK",
          "{\"NetworkSettings\":{\"Ports\":{\"9090/tcp\":[{\"HostPort\":\"4294967297\"}]}}}");
    assert_false(sg_engine_port(&engine, "abc", 9090, &port, &err));
    server_stop(&server);
}

#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void the_newest_container_of_a_compose_service_is_found(void **state)
{
    (void)state;
    char id[65] = "";
    struct sg_error err = {0};
    serve("200 OK", "[{\"Id\":\"" ID64 "\"},{\"Id\":\"older\"}]");
    assert_true(sg_engine_compose_id(&engine, "svcgate-s1", "k6", id, &err));
    server_stop(&server);
    assert_string_equal(id, ID64);
    assert_non_null(strstr(server.requests[0], "com.docker.compose.project%3Dsvcgate-s1"));
    serve("200 OK", "[]");
    assert_false(sg_engine_compose_id(&engine, "svcgate-s1", "k6", id, &err));
    server_stop(&server);
    assert_non_null(strstr(err.text, "\"k6\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_of_cgroup_v1_is_in_seconds_and_bytes),
        cmocka_unit_test(times_are_seconds_since_1970_in_utc),
        cmocka_unit_test(a_time_that_no_clock_shows_is_nan),
        cmocka_unit_test(a_time_with_an_offset_is_the_same_moment),
        cmocka_unit_test(memory_of_cgroup_v2_is_the_anonymous_part),
        cmocka_unit_test(a_recorded_reading_of_cgroup_v2_has_all_numbers),
        cmocka_unit_test(what_the_engine_does_not_tell_is_nan),
        cmocka_unit_test(a_container_that_does_not_run_is_not_alive),
        cmocka_unit_test(a_remote_engine_is_asked_by_its_address),
        cmocka_unit_test(a_refusal_is_told_in_the_engines_words),
        cmocka_unit_test(an_engine_that_is_not_there_is_named),
        cmocka_unit_test(the_state_says_how_a_container_ended),
        cmocka_unit_test(the_published_port_is_found_or_named_as_missing),
        cmocka_unit_test(the_newest_container_of_a_compose_service_is_found),
    };
    return cmocka_run_group_tests(tests, make_folder, delete_folder);
}
