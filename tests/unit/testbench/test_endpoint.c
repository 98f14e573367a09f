/* SPDX-License-Identifier: Apache-2.0 */
/* From DOCKER_HOST and its kin to where the engine is asked and where its ports are found. */
#include "unit/testbench/help.h"

#include <stdio.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "testbench/internal.h"
#include "unit/http/server.h"

/* With an ID that no other run of this test has: locks are named by it. */
static struct answer info;
static struct utsname here;
static struct server server;
static struct sg_engine engine;
static struct sg_error err;

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
                                        "SVCGATE_ENGINE_HOST", "SVCGATE_ENGINE_SOCKET"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        unsetenv(names[i]);
    }
    sg_engine_clear(&engine);
    err = (struct sg_error){0};
    return 0;
}

/* `kernel` of the engine's machine. */
static void fill_info(const char *kernel)
{
    static char text[512];
    char *body = sg_format("{\"Name\":\"there\",\"ID\":\"test-%ld-%lld\",\"KernelVersion\":\"%s\"}",
                           (long)getpid(), (long long)sg_clock_wall(), kernel);
    (void)snprintf(text, sizeof(text),
                   "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                   strlen(body), body);
    info.text = text;
    free(body);
}

/* An engine on a port of its own, and DOCKER_HOST for it. */
static void serve_tcp(const char *host)
{
    char url[64];
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, &info, 1));
    snprintf(url, sizeof(url), "tcp://%s:%d", host, server.port);
    setenv("DOCKER_HOST", url, 1);
}

static void find(void)
{
    bool found = sg_engine_find(&engine, &err);
    server_stop(&server);
    if (!found) {
        fail_msg("%s", err.text);
    }
}

static void ports_of_a_remote_engine_are_on_the_host_of_docker_host(void **state)
{
    (void)state;
    serve_tcp("localhost");
    find();
    assert_true(engine.remote);
    assert_null(engine.socket);
    assert_string_equal(engine.host, "localhost");
    assert_true(sg_starts_with(engine.base_url, "http://localhost:"));
}

static void ports_of_an_engine_on_loopback_stay_there(void **state)
{
    (void)state;
    serve_tcp("127.0.0.1");
    find();
    assert_string_equal(engine.host, "127.0.0.1");
    assert_string_equal(engine.bind, "127.0.0.1");
    assert_false(engine.open);
}

static void a_host_that_was_told_wins_and_is_reached_on_any_address(void **state)
{
    (void)state;
    setenv("SVCGATE_ENGINE_HOST", "docker", 1);
    serve_tcp("127.0.0.1");
    find();
    assert_string_equal(engine.host, "docker");
    assert_string_equal(engine.bind, "0.0.0.0");
    assert_true(engine.open);
}

static void find_by_socket(void)
{
    char *folder = folder_new();
    char *path = sg_path_join(folder, "engine.sock");
    char *url = sg_format("unix://%s", path);
    setenv("DOCKER_HOST", url, 1);
    assert_true(server_bind_unix(&server, path));
    assert_true(server_start(&server, &info, 1));
    find();
    assert_string_equal(engine.socket, path);
    free(url);
    free(path);
    folder_delete(folder);
}

/* In a container it is the gateway, elsewhere loopback: never all addresses. */
static void ports_of_a_socket_are_published_just_where_they_are_looked_for(void **state)
{
    (void)state;
    find_by_socket();
    assert_false(engine.remote);
    assert_string_equal(engine.host, engine.bind);
    assert_string_equal(engine.mount, engine.socket);
}

/* Docker Desktop, Colima, Lima: /proc here is not that of the engine's CPUs. */
static void a_socket_into_a_virtual_machine_is_a_remote_engine(void **state)
{
    (void)state;
    fill_info("6.6.12-linuxkit");
    find_by_socket();
    assert_true(engine.remote);
    fill_info(here.release);
}

static void the_engines_own_socket_is_the_one_that_was_told(void **state)
{
    (void)state;
    setenv("SVCGATE_ENGINE_SOCKET", "/var/run/there.sock", 1);
    find_by_socket();
    assert_string_equal(engine.mount, "/var/run/there.sock");
    tear_down(NULL);
    serve_tcp("127.0.0.1");
    find();
    assert_string_equal(engine.mount, "/var/run/docker.sock");
}

static void with_tls_it_names_the_certificates_that_do_not_serve(void **state)
{
    (void)state;
    setenv("DOCKER_TLS_VERIFY", "1", 1);
    setenv("DOCKER_CERT_PATH", "/nowhere/client", 1);
    serve_tcp("127.0.0.1");
    assert_false(sg_engine_find(&engine, &err));
    server_stop(&server);
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "https://127.0.0.1:"));
    assert_non_null(strstr(err.text, "/nowhere/client"));
    assert_non_null(strstr(err.text, "DOCKER_HOST"));
    assert_null(strstr(server.requests[0], "GET /info")); /* nothing in the clear */
}

static void an_ipv6_address_stands_in_brackets(void **state)
{
    (void)state;
    static char six[] = "fd00::2", four[] = "10.0.0.2";
    char *url = sg_engine_url(&(struct sg_engine){.host = six}, 9090);
    assert_string_equal(url, "http://[fd00::2]:9090");
    free(url);
    url = sg_engine_url(&(struct sg_engine){.host = four}, 9090);
    assert_string_equal(url, "http://10.0.0.2:9090");
    free(url);
}

static void the_loopback_of_ipv6_is_where_ports_are_published(void **state)
{
    (void)state;
    setenv("SVCGATE_ENGINE_HOST", "::1", 1);
    serve_tcp("127.0.0.1");
    find();
    assert_string_equal(engine.bind, "[::1]");
    assert_false(engine.open);
}

static void an_endpoint_of_another_kind_is_refused(void **state)
{
    (void)state;
    setenv("DOCKER_HOST", "npipe:////./pipe/docker_engine", 1);
    assert_false(sg_engine_find(&engine, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "npipe:"));
}

static void an_engine_over_ssh_is_told_how_to_be_reached(void **state)
{
    (void)state;
    setenv("DOCKER_HOST", "ssh://user@there", 1);
    assert_false(sg_engine_find(&engine, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "ssh -N -L"));
    assert_non_null(strstr(err.text, "user@there"));
    assert_non_null(strstr(err.text, "SVCGATE_ENGINE_SOCKET"));
}

#define CLEAN(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    assert_int_equal(uname(&here), 0);
    fill_info(here.release);
    const struct CMUnitTest tests[] = {
        CLEAN(an_ipv6_address_stands_in_brackets),
        CLEAN(the_loopback_of_ipv6_is_where_ports_are_published),
        CLEAN(ports_of_a_remote_engine_are_on_the_host_of_docker_host),
        CLEAN(ports_of_an_engine_on_loopback_stay_there),
        CLEAN(a_host_that_was_told_wins_and_is_reached_on_any_address),
        CLEAN(ports_of_a_socket_are_published_just_where_they_are_looked_for),
        CLEAN(with_tls_it_names_the_certificates_that_do_not_serve),
        CLEAN(a_socket_into_a_virtual_machine_is_a_remote_engine),
        CLEAN(the_engines_own_socket_is_the_one_that_was_told),
        CLEAN(an_endpoint_of_another_kind_is_refused),
        CLEAN(an_engine_over_ssh_is_told_how_to_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
