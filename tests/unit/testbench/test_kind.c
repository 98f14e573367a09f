/* SPDX-License-Identifier: Apache-2.0 */
/* Which kind of engine answers: by answers to /info that real ones gave (answers/), and by words
 * that Docker's documentation has where none was at hand. */
#include "unit/testbench/help.h"

#include "testbench/internal.h"
#include "unit/promql/fake_prometheus.h"

static struct sg_engine_kind kind;

static int tear_down(void **state)
{
    (void)state;
    free(kind.containerd);
    kind = (struct sg_engine_kind){0};
    return 0;
}

static void read_recorded(const char *name)
{
    struct sg_json *info = folder_json(SG_TESTS_DIR "/unit/testbench/answers", name);
    sg_engine_kind_read(info, &kind);
    sg_json_free(info);
}

static void read_text(const char *text)
{
    struct sg_error err = {0};
    struct sg_json *info = sg_json_parse(text, strlen(text), "info", &err);
    assert_non_null(info);
    sg_engine_kind_read(info, &kind);
    sg_json_free(info);
}

static void assert_plain(void)
{
    assert_null(kind.containerd);
    assert_false(kind.podman || kind.rootless || kind.selinux || kind.userns);
}

static void engines_with_images_of_their_own_are_plain(void **state)
{
    (void)state;
    read_recorded("info-docker-20.10-overlay2.json");
    assert_plain();
}

static void podman_is_known_by_its_answer(void **state)
{
    (void)state;
    read_recorded("info-podman-4.3.json");
    assert_true(kind.podman);
    assert_null(kind.containerd);
}

static void podman_is_refused_before_anything_is_made(void **state)
{
    (void)state;
    struct fake_prometheus *server = fake_new();
    char *body = folder_read(SG_TESTS_DIR "/unit/testbench/answers", "info-podman-4.3.json");
    char *host = sg_format("tcp://127.0.0.1:%d", server->port);
    struct sg_config config = {0};
    struct sg_bench *bench = NULL;
    struct sg_error err = {0};
    fake_add(server, "GET /info", 200, body);
    setenv("DOCKER_HOST", host, 1);
    assert_false(sg_bench_open(&config, "s", NULL, &bench, &err));
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "is Podman"));
    unsetenv("DOCKER_HOST");
    fake_free(server);
    free(host);
    free(body);
}

static void containerd_is_where_the_engine_says(void **state)
{
    (void)state;
    read_recorded("info-docker-28.5-containerd.json");
    assert_string_equal(kind.containerd, "/run/containerd/containerd.sock");
    assert_false(kind.podman || kind.rootless || kind.selinux || kind.userns);
    tear_down(NULL);
    read_text("{\"Driver\":\"overlayfs\",\"DriverStatus\":[[\"driver-type\","
              "\"io.containerd.snapshotter.v1\"]],\"Containerd\":{\"Address\":\"/run/c.sock\"}}");
    assert_string_equal(kind.containerd, "/run/c.sock");
}

/* Before engine 27 none was told. */
static void a_containerd_that_is_not_told_is_the_distributions(void **state)
{
    (void)state;
    read_text("{\"DriverStatus\":[[\"driver-type\",\"io.containerd.snapshotter.v1\"]]}");
    assert_string_equal(kind.containerd, "/run/containerd/containerd.sock");
}

static void options_of_security_are_whole_words(void **state)
{
    (void)state;
    read_text("{\"SecurityOptions\":[\"name=seccomp,profile=builtin\",\"name=rootless\","
              "\"name=selinux\",\"name=userns\"]}");
    assert_true(kind.rootless && kind.selinux && kind.userns);
    tear_down(NULL);
    read_text("{\"SecurityOptions\":[\"name=rootlesskit\",\"name=userns-remap\",null],"
              "\"DriverStatus\":[[\"Backing Filesystem\"],null,[]]}");
    assert_plain();
}

#define CLEAN(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLEAN(engines_with_images_of_their_own_are_plain),
        CLEAN(podman_is_known_by_its_answer),
        CLEAN(podman_is_refused_before_anything_is_made),
        CLEAN(containerd_is_where_the_engine_says),
        CLEAN(a_containerd_that_is_not_told_is_the_distributions),
        CLEAN(options_of_security_are_whole_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
