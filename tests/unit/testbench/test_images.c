/* SPDX-License-Identifier: Apache-2.0 */
/* Which image is in use: configuration before environment before the table that is built in. */
#include "unit/testbench/help.h"

#include <sys/stat.h>

#include "testbench/assets.h"
#include "testbench/internal.h"
#include "unit/http/server.h"

static void expect(const struct sg_config *config, const char *name, const char *reference)
{
    char *found = sg_image_reference(config, name);
    assert_string_equal(found, reference);
    free(found);
}

static const char *asset(const char *name)
{
    for (size_t i = 0; i < sg_assets_count; i++) {
        if (sg_streq(sg_assets[i].name, name)) {
            return sg_assets[i].data;
        }
    }
    fail_msg("%s is not built in", name);
    return NULL;
}

static void the_official_image_comes_from_the_table(void **state)
{
    (void)state;
    unsetenv("SVCGATE_IMAGE_K6");
    char *reference = sg_image_reference(NULL, "k6");
    char *row = sg_format(" %s ", reference);
    assert_true(sg_starts_with(reference, "grafana/k6:"));
    assert_non_null(strstr(asset("images.txt"), row));
    free(row);
    free(reference);
}

static void every_tool_has_a_row(void **state)
{
    (void)state;
    static const char *const names[] = {"k6", "prometheus", "cadvisor", "grafana"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *variable = sg_format("SVCGATE_IMAGE_%s", names[i]);
        for (char *c = variable; *c != '\0'; c++) {
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        }
        unsetenv(variable);
        char *reference = sg_image_reference(NULL, names[i]);
        assert_non_null(strchr(reference, ':'));
        free(reference);
        free(variable);
    }
}

static void a_name_without_a_row_is_its_own_reference(void **state)
{
    (void)state;
    expect(NULL, "k", "k"); /* only the start of a row's name */
    expect(NULL, "shop:main", "shop:main");
}

static void the_environment_beats_the_table(void **state)
{
    (void)state;
    setenv("SVCGATE_IMAGE_K6", "mirror/k6:1", 1);
    expect(NULL, "k6", "mirror/k6:1");
    unsetenv("SVCGATE_IMAGE_K6");
}

static void the_configuration_beats_the_environment(void **state)
{
    (void)state;
    struct sg_pair images[] = {{"prometheus", "own/prom:3"}, {"k6", "own/k6:2"}};
    struct sg_config config = {.images = images, .images_count = 2};
    setenv("SVCGATE_IMAGE_K6", "mirror/k6:1", 1);
    expect(&config, "k6", "own/k6:2");
    unsetenv("SVCGATE_IMAGE_K6");
}

/* An engine that has one image, pulled by digest or built here. */
static bool find(const char *digests, const char *reference, struct sg_image *out)
{
    char *body = sg_format("{\"Id\":\"sha256:55\",\"RepoDigests\":%s}", digests);
    char *text = sg_format("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                           strlen(body), body);
    static struct answer answer;
    static struct server server;
    struct sg_engine engine = {0};
    answer = (struct answer){.text = text};
    assert_true(server_bind_tcp(&server));
    assert_true(server_start(&server, &answer, 1));
    engine.base_url = sg_format("http://127.0.0.1:%d", server.port);
    bool found = sg_image_find(&engine, reference, out);
    server_stop(&server);
    free(engine.base_url);
    free(text);
    free(body);
    return found;
}

static void forget(struct sg_image *image)
{
    free(image->name);
    free(image->digest);
    free(image->id);
    *image = (struct sg_image){0};
}

static void a_digest_that_is_asked_for_is_the_one_that_must_be_there(void **state)
{
    (void)state;
    struct sg_image image = {0};
    const char *digests = "[\"mirror/k6@sha256:99\",\"grafana/k6@sha256:77\"]";
    assert_true(find(digests, "grafana/k6:2.2.0@sha256:77", &image));
    assert_string_equal(image.name, "grafana/k6:2.2.0@sha256:77");
    assert_string_equal(image.id, "sha256:55");
    forget(&image);
    assert_false(find(digests, "grafana/k6:2.2.0@sha256:7", &image));
    assert_false(find(digests, "grafana/k6:2.2.0@sha256:78", &image));
    assert_false(find("[]", "grafana/k6:2.2.0@sha256:77", &image));
    assert_null(image.id);
}

static void expect_exact(const char *digests, const char *reference, const char *exact)
{
    struct sg_image image = {0};
    assert_true(find(digests, reference, &image));
    char *text = sg_image_exact(&image);
    assert_string_equal(text, exact);
    free(text);
    forget(&image);
}

/* What a stored baseline must agree with. What was built here is another image each time. */
static void an_exact_name_has_the_digest_of_a_registry(void **state)
{
    (void)state;
    expect_exact("[\"k6@sha256:77\"]", "k6:2@sha256:77", "k6:2@sha256:77");
    expect_exact("[\"k6@sha256:77\"]", "k6:2", "k6:2@sha256:77");
    expect_exact("[]", "own/k6:2", "own/k6:2");
}

/* What docker is asked for when an image is to be had that the engine does not know; docker is a
 * script that keeps a diary and has no registry. */
static char *diary_of(const char *reference, char **out_why)
{
    char *work = folder_new();
    char *docker = sg_path_join(work, "docker");
    char *diary = sg_path_join(work, "diary");
    char *script = sg_format("#!/bin/sh\necho \"$*\" >>'%s'\necho gone >&2\nexit 1\n", diary);
    char *before = sg_strdup(sg_env("PATH"));
    char *path = sg_format("%s:%s", work, before);
    struct sg_bench bench = {.engine = {.base_url = sg_strdup("http://127.0.0.1:1")}};
    struct sg_error err = {0};
    assert_true(sg_file_write(docker, script, strlen(script), &err));
    assert_int_equal(chmod(docker, 0755), 0);
    setenv("PATH", path, 1);
    assert_true(sg_image_fetch(&bench, reference, out_why, &err));
    setenv("PATH", before, 1);
    char *asked = sg_file_exists(diary) ? folder_read(work, "diary") : sg_strdup("");
    free(bench.engine.base_url);
    free(path);
    free(before);
    free(script);
    free(diary);
    free(docker);
    folder_delete(work);
    return asked;
}

static void an_accepted_image_is_pulled_by_its_digest_and_never_by_its_id(void **state)
{
    (void)state;
    char *why = NULL;
    char *asked = diary_of("shop/api@sha256:77", &why);
    assert_string_equal(asked, "pull --quiet shop/api@sha256:77\n");
    assert_non_null(strstr(why, "gone"));
    free(asked);
    free(why);
    why = NULL;
    asked = diary_of("sha256:77", &why); /* docker pull would take it for library/sha256:77 */
    assert_string_equal(asked, "");
    assert_non_null(strstr(why, "no registry does"));
    free(asked);
    free(why);
}

static void the_table_pins_what_it_can_by_digest(void **state)
{
    (void)state;
    static const char *const names[] = {"k6", "cadvisor", "grafana"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *reference = sg_image_reference(NULL, names[i]);
        const char *digest = strstr(reference, "@sha256:");
        assert_non_null(digest);
        assert_int_equal(strspn(digest + 8, "0123456789abcdef"), 64);
        assert_int_equal(strlen(digest + 8), 64);
        free(reference);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_image_comes_from_the_table),
        cmocka_unit_test(every_tool_has_a_row),
        cmocka_unit_test(a_name_without_a_row_is_its_own_reference),
        cmocka_unit_test(the_environment_beats_the_table),
        cmocka_unit_test(the_configuration_beats_the_environment),
        cmocka_unit_test(an_accepted_image_is_pulled_by_its_digest_and_never_by_its_id),
        cmocka_unit_test(the_table_pins_what_it_can_by_digest),
        cmocka_unit_test(a_digest_that_is_asked_for_is_the_one_that_must_be_there),
        cmocka_unit_test(an_exact_name_has_the_digest_of_a_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
