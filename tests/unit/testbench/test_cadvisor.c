/* SPDX-License-Identifier: Apache-2.0 */
/* What cAdvisor is given with each kind of engine, what it sees, and what is said where that is
 * less than all. A script in PATH stands in for docker; one server answers as engine and as
 * Prometheus. */
#include "unit/testbench/help.h"

#include <sys/stat.h>

#include "testbench/stack.h"
#include "unit/promql/fake_prometheus.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CONTAINERD "/run/containerd/containerd.sock"
#define SOCKET "/var/run/docker.sock"
#define ROW(name) "{\"metric\":{\"__name__\":\"" name "\"},\"value\":[1,\"1\"]}"
#define CPU ROW("container_cpu_usage_seconds_total")
#define MEMORY ROW("container_memory_rss")
#define NETWORK ROW("container_network_receive_bytes_total")
#define CONNECTIONS ROW("container_network_advance_tcp_stats_total")
#define ANSWER(rows)                                                                               \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" rows "]}}"
/* In cAdvisor's own words; the end of the last is dockerd's. */
#define REFUSED "W1130 factory.go:221] Registration of the docker container factory failed: "

static char *work;
static struct sg_config config;
static struct sg_bench bench;
static struct fake_prometheus *server;
static struct sg_error err;

/* The bench only reads it. */
static char *constant(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* From now on docker does this. */
static void docker_does(const char *lines)
{
    char *path = sg_path_join(work, "docker");
    char *script = sg_format("#!/bin/sh\necho \"$*\" >>%s/asked\n%s", work, lines);
    assert_true(sg_file_write(path, script, strlen(script), &err));
    assert_int_equal(chmod(path, 0755), 0);
    free(script);
    free(path);
}

static int set_up(void **state)
{
    (void)state;
    work = folder_new();
    char *path = sg_format("%s:%s", work, sg_env("PATH"));
    setenv("PATH", path, 1);
    free(path);
    docker_does("");
    server = fake_new();
    fake_add(server, "/containers/json", 200, "[{\"Id\":\"" ID "\"}]");
    err = (struct sg_error){0};
    config = (struct sg_config){0};
    bench = (struct sg_bench){.config = &config,
                              .folder = work,
                              .project = constant("svcgate-s"),
                              .engine = {.mount = constant(SOCKET), .socket = NULL}};
    bench.engine.base_url = sg_format("http://127.0.0.1:%d", server->port);
    bench.prometheus_url = sg_strdup(bench.engine.base_url);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_free(server);
    free(bench.engine.base_url);
    free(bench.engine.kind.containerd);
    free(bench.prometheus_url);
    free(bench.blind);
    folder_delete(work);
    return 0;
}

static struct sg_json *written(void)
{
    if (!sg_cadvisor_write(&bench, &err)) {
        fail_msg("%s", err.text);
    }
    return folder_json(work, "cadvisor.json");
}

static void an_engine_that_keeps_its_own_images_asks_for_nothing(void **state)
{
    (void)state;
    struct sg_json *json = written();
    assert_int_equal(sg_json_count(at(json, "services/cadvisor")), 0);
    sg_json_free(json);
}

static void images_in_containerd_ask_for_its_socket(void **state)
{
    (void)state;
    bench.engine.kind.containerd = sg_strdup("/run/docker$/containerd.sock");
    struct sg_json *json = written();
    const struct sg_json *mount = sg_json_first(at(json, "services/cadvisor/volumes"));
    assert_string_equal(sg_json_string(sg_json_get(mount, "source"), ""),
                        "/run/docker$$/containerd.sock");
    assert_string_equal(sg_json_string(sg_json_get(mount, "target"), ""), CONTAINERD);
    assert_false(sg_json_bool(at(mount, "bind/create_host_path"), true));
    sg_json_free(json);
}

static void labels_and_mapped_users_are_switched_off_for_it_alone(void **state)
{
    (void)state;
    bench.engine.kind.selinux = bench.engine.kind.userns = true;
    struct sg_json *json = written();
    const struct sg_json *options = at(json, "services/cadvisor/security_opt");
    assert_string_equal(sg_json_string(sg_json_first(options), ""), "label=disable");
    assert_string_equal(sg_json_string(at(json, "services/cadvisor/userns_mode"), ""), "host");
    sg_json_free(json);
}

static const char *const up[] = {"up", "-d", "cadvisor", NULL};

static void where_containerd_cannot_be_mounted_it_goes_without(void **state)
{
    (void)state;
    char *lines =
        sg_format("if grep -q containerd %s/cadvisor.json; then\n"
                  "echo 'bind source path does not exist: " CONTAINERD "' >&2; exit 1\nfi\n",
                  work);
    docker_does(lines);
    free(lines);
    bench.engine.kind.containerd = sg_strdup(CONTAINERD);
    sg_json_free(written());
    if (!sg_cadvisor_up(&bench, up, &err)) {
        fail_msg("%s", err.text);
    }
    assert_null(bench.engine.kind.containerd);
    char *asked = folder_read(work, "asked");
    assert_non_null(strstr(strchr(asked, '\n') + 1, "cadvisor.json"));
    free(asked);
}

static void another_failure_is_not_tried_again(void **state)
{
    (void)state;
    docker_does("echo 'no space left on device' >&2; exit 1\n");
    bench.engine.kind.containerd = sg_strdup(CONTAINERD);
    assert_false(sg_cadvisor_up(&bench, up, &err));
    assert_non_null(strstr(err.text, "no space left on device"));
    assert_null(strstr(err.text, "SVCGATE_ENGINE_SOCKET"));
    char *asked = folder_read(work, "asked");
    assert_null(strchr(strchr(asked, '\n') + 1, '\n'));
    free(asked);
}

/* In the words of engine 20.10. */
static void a_socket_that_the_engine_does_not_have_is_told_with_the_variable(void **state)
{
    (void)state;
    docker_does("echo 'Error response from daemon: invalid mount config for type \"bind\": bind "
                "source path does not exist: /mnt/desktop/docker.sock' >&2; exit 1\n");
    bench.engine.mount = constant("/mnt/desktop/docker.sock");
    assert_false(sg_cadvisor_up(&bench, up, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "cAdvisor cannot see the engine's socket: "
                                     "/mnt/desktop/docker.sock"));
    assert_non_null(strstr(err.text, "SVCGATE_ENGINE_SOCKET"));
}

static void each_kind_of_series_is_looked_for_by_the_containers_id(void **state)
{
    (void)state;
    fake_add(server, "container_network_advance_tcp", 200,
             ANSWER(CPU "," MEMORY "," NETWORK "," CONNECTIONS));
    sg_cadvisor_look(&bench);
    assert_true(bench.sight.cpu && bench.sight.memory && bench.sight.network);
    assert_true(bench.sight.connections);
    assert_null(bench.blind);
    assert_non_null(strstr(server->requests[1], ID));
}

static void without_series_of_the_network_its_log_says_why(void **state)
{
    (void)state;
    docker_does("echo '" REFUSED "unable to create containerd client: containerd: cannot unix dial "
                "containerd api service' >&2\n");
    fake_add(server, "container_network_advance_tcp", 200, ANSWER(CPU "," MEMORY));
    sg_cadvisor_look(&bench);
    assert_true(bench.sight.cpu && bench.sight.memory && !bench.sight.network);
    assert_non_null(strstr(bench.blind, "cannot reach containerd's socket"));
}

static void add_gate(struct sg_gate *gate, const char *metric, const char *of)
{
    *gate = (struct sg_gate){.metric = constant(metric), .of = constant(of)};
    config.gates = gate;
    config.gates_count = 1;
}

static bool checks_with(const char *metric, const char *of)
{
    struct sg_gate gate;
    add_gate(&gate, metric, of);
    err = (struct sg_error){0};
    return sg_cadvisor_check(&bench, &err);
}

/* Its bytes the engine tells, too; of other containers it is not asked. */
static void a_session_without_data_for_a_gate_does_not_begin(void **state)
{
    (void)state;
    fake_add(server, "container_network_advance_tcp", 200, ANSWER(CPU "," MEMORY));
    assert_true(checks_with("cpu_per_request", NULL));
    assert_true(checks_with("memory_max", "postgres"));
    assert_true(checks_with("network_tx_per_request", NULL));
    assert_false(checks_with("network_tx_per_request", "postgres"));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "network_tx_per_request of postgres"));
    assert_non_null(strstr(err.text, "svcgate doctor"));
}

static void expect_why(struct sg_engine_kind kind, const char *log, const char *words)
{
    struct sg_engine engine = {.mount = constant(SOCKET), .kind = kind};
    char *why = sg_cadvisor_why(&engine, log);
    if (strstr(why, words) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", why, words);
    }
    free(why);
}

static void every_kind_of_engine_has_its_own_reason(void **state)
{
    (void)state;
    const struct sg_engine_kind plain = {0};
    expect_why(plain, "", "docs/engines.md");
    expect_why((struct sg_engine_kind){.rootless = true}, "", "rootless");
    expect_why((struct sg_engine_kind){.selinux = true}, "", "SELinux");
    expect_why((struct sg_engine_kind){.userns = true}, "", "userns-remap");
    expect_why((struct sg_engine_kind){.containerd = constant(CONTAINERD)}, "", CONTAINERD);
    expect_why(plain, REFUSED "unable to communicate with docker daemon: permission denied\n",
               "permission denied: SELinux");
    expect_why(plain,
               "I1130 first line\n" REFUSED
               "failed to validate Docker info: Cannot connect to the Docker daemon at "
               "unix:///var/run/docker.sock. Is the docker daemon running?\nI1130 next\n",
               "set SVCGATE_ENGINE_SOCKET");
    expect_why(plain,
               REFUSED "Error response from daemon: client version 1.52 is too new. Maximum "
                       "supported API version is 1.41\n",
               "do not understand each other");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_engine_that_keeps_its_own_images_asks_for_nothing),
        TEST(images_in_containerd_ask_for_its_socket),
        TEST(labels_and_mapped_users_are_switched_off_for_it_alone),
        TEST(where_containerd_cannot_be_mounted_it_goes_without),
        TEST(another_failure_is_not_tried_again),
        TEST(a_socket_that_the_engine_does_not_have_is_told_with_the_variable),
        TEST(each_kind_of_series_is_looked_for_by_the_containers_id),
        TEST(without_series_of_the_network_its_log_says_why),
        TEST(a_session_without_data_for_a_gate_does_not_begin),
        TEST(every_kind_of_engine_has_its_own_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
