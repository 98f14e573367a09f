/* SPDX-License-Identifier: Apache-2.0 */
/* Which containers, networks and volumes are removed. A server answers as the engine does, and a
 * script in PATH notes what docker is asked to do; real ones are removed in tests/e2e. */
#include "unit/testbench/help.h"

#include <stdio.h>
#include <sys/stat.h>

#include "testbench/internal.h"
#include "unit/http/server.h"

#define HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define LABELS(session, host)                                                                      \
    "\"Labels\":{\"svcgate.session\":\"" session "\",\"svcgate.host\":\"" host "\"}"

/* Two sessions of this host, one of another, and what `up` started. */
static const struct answer lists[] = {
    {.text = HEAD "[{\"Id\":\"c-one\"," LABELS("s1", "here") "},{\"Id\":\"c-two\"," LABELS(
         "s2",
         "here") "},{\"Id\":\"c-far\"," LABELS("s3",
                                               "there") "},{\"Id\":\"c-up\"," LABELS("up",
                                                                                     "here") "}]"},
    {.text = HEAD
     "[{\"Id\":\"n-one\"," LABELS("s1", "here") "},{\"Id\":\"n-up\"," LABELS("up", "here") "}]"},
    {.text = HEAD "{\"Volumes\":[{\"Name\":\"v-far\"," LABELS("s3", "there") "}]}"},
};

static struct server server;
static char *work, *path_before;

static int set_up(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\necho \"$*\" >>\"${0%/*}/diary\"\n";
    struct sg_error err = {0};
    work = folder_new();
    char *docker = sg_path_join(work, "docker");
    assert_true(sg_file_write(docker, script, strlen(script), &err));
    assert_int_equal(chmod(docker, 0755), 0);
    path_before = sg_strdup(sg_env("PATH"));
    char *path = sg_format("%s:%s", work, path_before);
    setenv("PATH", path, 1);
    free(path);
    free(docker);
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, lists, SG_COUNT(lists)));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    server_stop(&server);
    setenv("PATH", path_before, 1);
    free(path_before);
    folder_delete(work);
    return 0;
}

/* Cleans as that host; the docker commands must be these, and so many things be counted. */
static void check(const char *host, bool all, size_t removed, const char *commands)
{
    char url[64];
    struct sg_engine engine = {.base_url = url};
    struct sg_error err = {0};
    size_t count = 0;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    if (!sg_clean_dead(&engine, host, all, NULL, &count, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(count, removed);
    char *diary = sg_path_join(work, "diary");
    char *told = sg_file_exists(diary) ? folder_read(work, "diary") : sg_strdup("");
    assert_string_equal(told, commands);
    free(diary);
    free(told);
}

static void what_this_host_left_is_removed_and_nothing_else(void **state)
{
    (void)state;
    check("here", false, 3, "rm -f -v c-one c-two\nnetwork rm n-one\n");
    for (size_t i = 0; i < SG_COUNT(lists); i++) {
        assert_non_null(strstr(server.requests[i], "svcgate.session")); /* nothing else is listed */
    }
}

static void a_host_that_left_nothing_removes_nothing(void **state)
{
    (void)state;
    check("elsewhere", false, 0, "");
}

static void all_takes_other_hosts_and_what_up_started(void **state)
{
    (void)state;
    check("here", true, 7,
          "rm -f -v c-one c-two c-far c-up\nnetwork rm n-one n-up\nvolume rm -f v-far\n");
}

static void a_session_at_its_end_removes_its_own(void **state)
{
    (void)state;
    char url[64];
    struct sg_engine engine = {.base_url = url};
    struct sg_error err = {0};
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", server.port);
    assert_true(sg_clean_session(&engine, "s1", &err));
    char *told = folder_read(work, "diary");
    assert_string_equal(told, "rm -f -v c-one\nnetwork rm n-one\n");
    free(told);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_this_host_left_is_removed_and_nothing_else),
        CASE(a_host_that_left_nothing_removes_nothing),
        CASE(all_takes_other_hosts_and_what_up_started),
        CASE(a_session_at_its_end_removes_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
