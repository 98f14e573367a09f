/* SPDX-License-Identifier: Apache-2.0 */
/* Images that a stack's services need: what is built under which name, what is pulled, and what is
 * the session's to remove. docker is a script that writes down what it is asked; no engine answers,
 * so no image is there. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/stack.h"

static const char project_text[] =
    "{\"name\":\"p\",\"services\":{"
    "\"api\":{\"image\":\"shop:1\",\"build\":{\"context\":\"/srv/api\"}},"
    "\"worker\":{\"pull_policy\":\"build\",\"build\":{\"context\":\"/srv/"
    "worker\",\"target\":\"run\","
    "  \"labels\":{\"team\":\"shop\"},\"tags\":[\"mine:1\"],\"cache_to\":[\"type=registry\"],"
    "  \"additional_contexts\":{\"base\":\"service:named\"},"
    "  \"secrets\":[{\"source\":\"key\"}]},\"depends_on\":{\"db\":null}},"
    "\"named\":{\"image\":\"mine:2\",\"build\":{\"context\":\"/srv/named\"},\"platform\":\"linux/"
    "arm64\"},"
    "\"db\":{\"image\":\"db:1\",\"volumes\":[{\"type\":\"tmpfs\",\"target\":\"/t\"}]},"
    "\"same\":{\"image\":\"mine:2\",\"pull_policy\":\"always\"},"
    "\"local\":{\"image\":\"local:1\",\"pull_policy\":\"never\"}},"
    "\"secrets\":{\"key\":{\"name\":\"p_key\",\"file\":\"/srv/key\"}}}";

static char *folder;
static struct sg_json *stack, *images;
static char *asked;

/* The stack after its images were made, images.json, and what docker was asked. `variant`: the
 * image of the only variant, or NULL for the compose file's. */
static void make(const char *variant)
{
    static char session[] = "s1", name[] = "svcgate-s1", service[] = "api",
                url[] = "http://127.0.0.1:1";
    static struct sg_config_variant variants[] = {{.name = "base"}};
    struct sg_image image = {.name = sg_strdup(variant)};
    struct sg_config config = {.variants = variants, .variants_count = 1};
    struct sg_error err = {0};
    folder = folder_new();
    docker_says(folder, "", "");
    struct sg_bench bench = {.config = &config,
                             .session = session,
                             .project = name,
                             .service = service,
                             .engine = {.base_url = url},
                             .variants = &image,
                             .folder = folder};
    sg_place_init(&bench, 0, &bench.place);
    bench.stack = sg_json_parse(project_text, strlen(project_text), "test", &err);
    if (!sg_built_make(&bench, &err)) {
        fail_msg("%s", err.text);
    }
    stack = bench.stack;
    images = folder_json(folder, "images.json");
    asked = folder_read(folder, "asked");
    sg_place_clear(&bench.place);
    free(image.name);
}

static int tear_down(void **state)
{
    (void)state;
    docker_forget();
    sg_json_free(stack);
    sg_json_free(images);
    free(asked);
    folder_delete(folder);
    return 0;
}

static void what_compose_builds_has_a_name_and_a_label_of_the_session(void **state)
{
    (void)state;
    make("shop:2");
    assert_string_equal(string_at(images, "services/worker/image"), "svcgate-stack:s1-worker");
    const struct sg_json *labels = at(images, "services/worker/build/labels");
    assert_string_equal(string_at(labels, "svcgate.built-for"), "s1");
    assert_string_equal(string_at(labels, "team"), "shop");
    assert_null(sg_json_get(labels, "svcgate.session")); /* containers of others would inherit it */
    assert_string_equal(string_at(images, "services/named/image"), "svcgate-stack:s1-named");
    assert_string_equal(string_at(images, "services/named/platform"), "linux/arm64");
}

static void the_build_is_the_users_but_for_names_and_caches_of_his(void **state)
{
    (void)state;
    make("shop:2");
    const struct sg_json *build = at(images, "services/worker/build");
    assert_string_equal(string_at(build, "context"), "/srv/worker");
    assert_string_equal(string_at(build, "target"), "run");
    assert_int_equal(sg_json_count(at(build, "secrets")), 1);
    assert_string_equal(string_at(images, "secrets/key/file"), "/srv/key");
    assert_null(at(build, "tags"));
    assert_null(at(build, "cache_to"));
    assert_null(at(images, "services/worker/depends_on"));
}

static void the_stack_starts_by_image_alone(void **state)
{
    (void)state;
    make("shop:2");
    assert_string_equal(string_at(stack, "services/worker/image"), "svcgate-stack:s1-worker");
    assert_string_equal(string_at(stack, "services/worker/pull_policy"), "never");
    assert_null(at(stack, "services/worker/build"));
    assert_non_null(at(stack, "services/worker/depends_on"));
    assert_string_equal(string_at(stack, "services/db/image"), "db:1");
    assert_int_equal(sg_json_count(at(stack, "services/db/volumes")), 1);
}

static void all_is_built_and_pulled_by_one_command_each(void **state)
{
    (void)state;
    make("shop:2");
    assert_non_null(strstr(asked, "-p svcgate-s1-service -f "));
    assert_non_null(strstr(asked, "/images.json build worker named\n"));
    assert_non_null(strstr(asked, "/images.json pull db\n"));
    assert_null(strstr(asked, "local"));
}

/* web: { build: ., image: mine }, worker: { image: mine } */
static void a_service_may_run_what_another_one_builds(void **state)
{
    (void)state;
    make("shop:2");
    assert_null(at(images, "services/same"));
    assert_string_equal(string_at(stack, "services/same/image"), "svcgate-stack:s1-named");
    assert_string_equal(string_at(stack, "services/same/pull_policy"), "never");
}

static void the_service_under_test_is_built_only_where_a_variant_is_the_compose_files(void **state)
{
    (void)state;
    make("shop:2");
    assert_null(at(images, "services/api"));
    tear_down(NULL);
    make(NULL);
    assert_string_equal(string_at(images, "services/api/image"), "svcgate-stack:s1-api");
    assert_string_equal(string_at(stack, "services/api/image"), "svcgate-stack:s1-api");
}

/* images.json for a variant that is built from another folder as the compose file says. */
static struct sg_json *variant_of(const char *build, const char *dockerfile)
{
    static char service[] = "api";
    struct sg_error err = {0};
    char *text = sg_format("{\"services\":{\"api\":{\"image\":\"mine:1\",\"build\":{%s}},"
                           "\"tools\":{\"build\":{\"context\":\"/srv/tools\",\"tags\":[\"mine:3\"],"
                           "\"additional_contexts\":{\"low\":\"service:low\"}}},"
                           "\"low\":{\"image\":\"mine:4\",\"build\":{\"context\":\"/srv/low\"}}},"
                           "\"secrets\":{\"key\":{\"file\":\"/srv/key\"}}}",
                           build);
    static char compose[] = "/srv/shop/compose.yaml";
    struct sg_config config = {.compose = compose};
    struct sg_bench bench = {.config = &config, .service = service};
    bench.folder = folder_new();
    bench.stack = sg_json_parse(text, strlen(text), "test", &err);
    docker_says(bench.folder, "", "");
    assert_non_null(sg_built_how(&bench));
    assert_true(sg_built_variant(&bench, "/made/tree", dockerfile, "svcgate-variant/base:1", &err));
    struct sg_json *made = folder_json(bench.folder, "images.json");
    char *words = folder_read(bench.folder, "asked");
    assert_non_null(strstr(words, "-p svcgate-variant -f "));
    assert_non_null(strstr(words, "/images.json --project-directory /srv/shop build api\n"));
    docker_forget();
    free(words);
    sg_json_free(bench.stack);
    folder_delete(bench.folder);
    free(text);
    return made;
}

static void a_variant_is_built_as_the_compose_file_says_from_its_own_folder(void **state)
{
    (void)state;
    struct sg_json *made =
        variant_of("\"context\":\"/srv/api\",\"dockerfile\":\"Dockerfile.prod\","
                   "\"target\":\"run\",\"args\":{\"A\":\"1\"},\"tags\":[\"mine:2\"]",
                   NULL);
    const struct sg_json *build = at(made, "services/api/build");
    assert_string_equal(string_at(made, "services/api/image"), "svcgate-variant/base:1");
    assert_string_equal(string_at(build, "context"), "/made/tree");
    assert_string_equal(string_at(build, "dockerfile"), "Dockerfile.prod");
    assert_string_equal(string_at(build, "target"), "run");
    assert_string_equal(string_at(build, "args/A"), "1");
    assert_null(at(build, "tags"));
    assert_string_equal(string_at(made, "secrets/key/file"), "/srv/key");
    sg_json_free(made);
}

/* Compose refuses a project without them. None gets a name of the user's. */
static void what_a_variant_is_built_from_is_built_with_it(void **state)
{
    (void)state;
    struct sg_json *made = variant_of("\"context\":\"/srv/api\",\"additional_contexts\":{"
                                      "\"t\":\"service:tools\",\"d\":\"/srv/data\"}",
                                      NULL);
    const struct sg_json *services = at(made, "services");
    assert_int_equal(sg_json_count(services), 3);
    assert_string_equal(string_at(services, "api/build/additional_contexts/t"), "service:tools");
    assert_string_equal(string_at(services, "tools/image"), "svcgate-variant:tools");
    assert_string_equal(string_at(services, "tools/build/context"), "/srv/tools");
    assert_null(at(services, "tools/build/tags"));
    assert_string_equal(string_at(services, "low/image"), "svcgate-variant:low");
    assert_null(at(services, "low/build/labels"));
    sg_json_free(made);
}

static void a_variants_own_dockerfile_comes_first(void **state)
{
    (void)state;
    struct sg_json *made =
        variant_of("\"context\":\"/srv/api\",\"dockerfile_inline\":\"FROM x\"", "Other");
    const struct sg_json *build = at(made, "services/api/build");
    assert_string_equal(string_at(build, "dockerfile"), "Other");
    assert_null(at(build, "dockerfile_inline"));
    sg_json_free(made);
}

static bool chosen(const char *label, const char *tag, const char *session)
{
    char *text = sg_format("{\"Labels\":{\"svcgate.session\":\"s1\",\"com.docker.compose.project\":"
                           "\"svcgate-s1-service\"%s%s%s}}",
                           label != NULL ? ",\"svcgate.built-for\":\"" : "",
                           label != NULL ? label : "", label != NULL ? "\"" : "");
    struct sg_error err = {0};
    struct sg_json *image = sg_json_parse(text, strlen(text), "test", &err);
    assert_non_null(image);
    bool result = sg_built_chosen(image, tag, session);
    sg_json_free(image);
    free(text);
    return result;
}

static void an_image_is_the_sessions_by_name_and_label(void **state)
{
    (void)state;
    assert_true(chosen("s1", "svcgate-stack:s1-worker", "s1"));
    assert_true(chosen("s1", "svcgate-stack:s1-worker", NULL));
    assert_false(chosen("s1", "svcgate-stack:s1-worker", "s2"));
    assert_false(chosen("s2", "svcgate-stack:s1-worker", NULL));
}

/* Built from one of ours, it inherits every label; or ours has got another name as well. */
static void an_image_of_the_users_is_left_alone(void **state)
{
    (void)state;
    assert_false(chosen("s1", "mine:1", NULL));
    assert_false(chosen("s1", "registry:5000/svcgate-stack:s1-worker", NULL));
    assert_false(chosen("s1", "svcgate-stack:s1", NULL));
    assert_false(chosen(NULL, "svcgate-stack:s1-worker", NULL));
    assert_false(chosen("", "svcgate-stack:-worker", NULL));
}

#define MADE(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE(what_compose_builds_has_a_name_and_a_label_of_the_session),
        MADE(the_build_is_the_users_but_for_names_and_caches_of_his),
        MADE(the_stack_starts_by_image_alone),
        MADE(all_is_built_and_pulled_by_one_command_each),
        MADE(a_service_may_run_what_another_one_builds),
        MADE(the_service_under_test_is_built_only_where_a_variant_is_the_compose_files),
        cmocka_unit_test(a_variant_is_built_as_the_compose_file_says_from_its_own_folder),
        cmocka_unit_test(a_variants_own_dockerfile_comes_first),
        cmocka_unit_test(what_a_variant_is_built_from_is_built_with_it),
        cmocka_unit_test(an_image_is_the_sessions_by_name_and_label),
        cmocka_unit_test(an_image_of_the_users_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
