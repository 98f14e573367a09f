/* SPDX-License-Identifier: Apache-2.0 */
/* Which services of the user's compose file come up, and which files compose is asked about. docker
 * is a script that prints what compose would. */
#include "unit/testbench/help.h"

#include <math.h>

#include "testbench/stack.h"

/* "cache" is needed by nobody, as where a stack has no depends_on; the service under test and
 * "seed" are in a profile that is not asked for, as is "debug"; "perhaps" is needed, but not much.
 */
static const char project_text[] =
    "{\"name\":\"p\",\"services\":{"
    "\"api\":{\"image\":\"shop:1\",\"profiles\":[\"perf\"],\"depends_on\":{"
    "  \"seed\":{\"condition\":\"service_completed_successfully\",\"required\":true},"
    "  \"perhaps\":{\"condition\":\"service_started\",\"required\":false}}},"
    "\"seed\":{\"image\":\"seed:1\",\"profiles\":[\"perf\"],\"depends_on\":{\"api\":null}},"
    "\"perhaps\":{\"image\":\"x:1\",\"profiles\":[\"more\"]},"
    "\"debug\":{\"image\":\"x:1\",\"profiles\":[\"debug\"]},"
    "\"cache\":{\"image\":\"cache:1\"}}}";

static char *folder;
static char *said;
static char **over; /* further files, NULL-terminated, or NULL */

static int set_up(void **state)
{
    (void)state;
    folder = folder_new();
    unsetenv("COMPOSE_FILE");
    unsetenv("COMPOSE_PATH_SEPARATOR");
    docker_says(folder, project_text, "cache");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    docker_forget();
    folder_delete(folder);
    free(said);
    said = NULL;
    return 0;
}

static void hear(void *context, const char *text)
{
    (void)context;
    free(said);
    said = sg_strdup(text);
}

/* Reads the stack, and writes the session's compose file. */
static bool read_and_write(const char *file, struct sg_error *err)
{
    static char session[] = "s1", name[] = "svcgate-s1", host[] = "here", service[] = "api";
    static char bind[] = "127.0.0.1";
    static struct sg_config_variant variants[] = {{.name = "base"}};
    static struct sg_image images[] = {{.name = NULL}};
    char *compose = sg_path_join(folder, file);
    struct sg_config config = {.variants = variants,
                               .variants_count = 1,
                               .compose = compose,
                               .compose_over = over,
                               .port = 8080,
                               .cpus = NAN,
                               .memory = NAN};
    struct sg_bench bench = {.config = &config,
                             .session = session,
                             .project = name,
                             .host = host,
                             .service = service,
                             .engine = {.bind = bind},
                             .variants = images,
                             .progress = {.say = hear},
                             .folder = folder};
    sg_place_init(&bench, 0, &bench.place);
    bool ok = sg_project_read(&bench, err) && sg_stack_write(&bench, &bench.place, err);
    sg_json_free(bench.stack);
    sg_place_clear(&bench.place);
    free(compose);
    return ok;
}

/* What that file has. */
static struct sg_json *written(const char *file)
{
    struct sg_error err = {0};
    if (!read_and_write(file, &err)) {
        fail_msg("%s", err.text);
    }
    return folder_json(folder, "service.json");
}

static void what_compose_would_start_comes_up_though_nobody_needs_it(void **state)
{
    (void)state;
    struct sg_json *project = written("perf.yaml");
    assert_non_null(at(project, "services/cache"));
    sg_json_free(project);
}

static void a_profile_that_is_not_asked_for_stays_away(void **state)
{
    (void)state;
    struct sg_json *project = written("perf.yaml");
    assert_null(at(project, "services/debug"));
    assert_null(at(project, "services/perhaps"));
    sg_json_free(project);
}

/* The file lies in another folder, where no .env switches a profile on. */
static void the_service_under_test_and_what_it_needs_come_up_whatever_their_profile(void **state)
{
    (void)state;
    struct sg_json *project = written("perf.yaml");
    assert_non_null(at(project, "services/api"));
    assert_non_null(at(project, "services/seed"));
    assert_null(at(project, "services/api/profiles"));
    assert_null(at(project, "services/seed/profiles"));
    sg_json_free(project);
}

static void make_text(const char *name, const char *text)
{
    struct sg_error err = {0};
    char *path = sg_path_join(folder, name);
    assert_true(sg_file_write(path, text, strlen(text), &err));
    free(path);
}

static void make_file(const char *name)
{
    make_text(name, "x");
}

/* Compose is asked about these, in this order; "F/" is the folder. */
static void expect_files(const char *file, const char *words)
{
    sg_json_free(written(file));
    char *asked = folder_read(folder, "asked"), *expected = sg_strdup("");
    for (const char *at = words; *at != '\0'; at++) {
        char *longer = sg_starts_with(at, "F/") ? sg_format("%s%s", expected, folder)
                                                : sg_format("%s%c", expected, *at);
        free(expected);
        expected = longer;
    }
    char *line = sg_format("svcgate-s1-service %s config --services", expected);
    if (strstr(asked, line) == NULL) {
        fail_msg("\"%s\" is not in\n%s", line, asked);
    }
    free(line);
    free(expected);
    free(asked);
}

/* Whether compose was asked about the override file beside this one. */
static bool laid_over(const char *file)
{
    sg_json_free(written(file));
    char *asked = folder_read(folder, "asked");
    bool found = strstr(asked, "compose.override.yaml --profile * config --format json") != NULL &&
                 strstr(asked, "compose.override.yaml config --services") != NULL;
    free(asked);
    return found;
}

static void an_override_file_beside_it_is_laid_over_and_said(void **state)
{
    (void)state;
    make_file("compose.override.yaml");
    assert_true(laid_over("docker-compose.yml"));
    assert_string_equal(said, "as docker compose does, compose.override.yaml is laid over "
                              "docker-compose.yml");
}

static void a_file_of_another_name_stands_alone(void **state)
{
    (void)state;
    make_file("compose.override.yaml");
    assert_false(laid_over("perf.yaml"));
    assert_null(said);
}

static void without_an_override_file_nothing_is_said(void **state)
{
    (void)state;
    assert_false(laid_over("compose.yaml"));
    assert_null(said);
}

static void files_that_only_a_variable_names_are_said_not_to_count(void **state)
{
    (void)state;
    setenv("COMPOSE_FILE", "a.yaml:b.yaml", 1);
    assert_false(laid_over("perf.yaml"));
    unsetenv("COMPOSE_FILE");
    assert_non_null(said);
    assert_non_null(strstr(said, "COMPOSE_FILE (a.yaml:b.yaml) is not looked at, because "
                                 "service.compose names perf.yaml"));
}

static void several_that_are_named_are_all_that_counts(void **state)
{
    (void)state;
    static char second[] = "/srv/two.yaml", third[] = "/srv/three.yaml";
    char *further[] = {second, third, NULL};
    make_file("compose.yaml");
    make_file("compose.override.yaml");
    make_text(".env", "COMPOSE_FILE=compose.yaml:four.yaml\n");
    over = further;
    expect_files("compose.yaml", "-f F/compose.yaml -f /srv/two.yaml -f /srv/three.yaml");
    over = NULL;
    assert_null(said);
}

static void the_files_of_a_variable_that_names_it_are_taken(void **state)
{
    (void)state;
    make_file("compose.yaml");
    make_file("compose.override.yaml");
    char *list = sg_format("%s/../%s/compose.yaml:/srv/two.yaml", folder, strrchr(folder, '/') + 1);
    setenv("COMPOSE_FILE", list, 1);
    char *words =
        sg_format("-f %s/../%s/compose.yaml -f /srv/two.yaml", folder, strrchr(folder, '/') + 1);
    expect_files("compose.yaml", words);
    unsetenv("COMPOSE_FILE");
    assert_true(
        sg_starts_with(said, "as docker compose does, the files of COMPOSE_FILE are taken: /tmp/"));
    free(words);
    free(list);
}

static void so_are_those_of_the_file_env_beside_it(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "COMPOSE_FILE=base.yaml:more/ci.yaml",
        "A=1\nCOMPOSE_FILE=old.yaml\n  export COMPOSE_FILE = 'base.yaml:more/ci.yaml' # both\n",
        "COMPOSE_FILE=base.yaml:more/ci.yaml # both\r\n#COMPOSE_FILE=other.yaml\n",
        "COMPOSE_FILES=x\nCOMPOSE_PATH_SEPARATOR=\";\"\nCOMPOSE_FILE=base.yaml;more/ci.yaml\n"};
    make_file("base.yaml");
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        make_text(".env", texts[i]);
        make_text("asked", "");
        expect_files("base.yaml", "-f F/base.yaml -f F/more/ci.yaml");
    }
    make_text("asked", "");
    setenv("COMPOSE_FILE", "other.yaml", 1); /* the environment comes first */
    expect_files("base.yaml", "-f F/base.yaml");
    unsetenv("COMPOSE_FILE");
    assert_non_null(strstr(said, "is not looked at"));
}

static void expect_mode(const char *mode, bool accepted)
{
    struct sg_error err = {0};
    char *text = sg_format("{\"services\":{\"api\":{\"network_mode\":\"%s\"},\"app\":{}}}", mode);
    folder = folder_new();
    docker_says(folder, text, "api");
    bool ok = read_and_write("compose.yaml", &err);
    if (ok != accepted) {
        fail_msg("%s: %s", mode, ok ? "accepted" : err.text);
    }
    if (!ok) {
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        assert_non_null(strstr(err.text, mode));
        assert_non_null(strstr(err.text, "network_mode: !reset null"));
    }
    tear_down(NULL);
    free(text);
}

static void a_service_in_the_network_of_another_is_refused_with_the_way_out(void **state)
{
    (void)state;
    expect_mode("host", false);
    expect_mode("service:app", false);
    expect_mode("container:app", false);
    expect_mode("bridge", true);
}

/* A secret of `api`; the service that has the other one does not come up. */
static void a_secret_without_a_value_is_refused_before_anything_starts(void **state)
{
    (void)state;
    static const char text[] =
        "{\"services\":{\"api\":{\"secrets\":[{\"source\":\"key\"}]},"
        "\"more\":{\"profiles\":[\"x\"],\"secrets\":[{\"source\":\"other\"}]}},"
        "\"secrets\":{\"key\":{\"environment\":\"SHOP_KEY\"},\"other\":{\"environment\":\"NO\"}}}";
    struct sg_error err = {0};
    docker_forget();
    docker_says(folder, text, "api");
    unsetenv("SHOP_KEY");
    assert_false(read_and_write("compose.yaml", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "secrets.key takes its value from the variable SHOP_KEY, "
                                     "which is not set"));
    make_text(".env", "SHOP_KEY=x\n");
    assert_true(read_and_write("compose.yaml", &err));
    make_text(".env", "");
    setenv("SHOP_KEY", "x", 1);
    assert_true(read_and_write("compose.yaml", &err));
    unsetenv("SHOP_KEY");
    setenv("COMPOSE_ENV_FILES", "a.env", 1);
    assert_true(read_and_write("compose.yaml", &err));
    unsetenv("COMPOSE_ENV_FILES");
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_compose_would_start_comes_up_though_nobody_needs_it),
        IN_FOLDER(a_profile_that_is_not_asked_for_stays_away),
        IN_FOLDER(the_service_under_test_and_what_it_needs_come_up_whatever_their_profile),
        IN_FOLDER(an_override_file_beside_it_is_laid_over_and_said),
        IN_FOLDER(a_file_of_another_name_stands_alone),
        IN_FOLDER(without_an_override_file_nothing_is_said),
        IN_FOLDER(files_that_only_a_variable_names_are_said_not_to_count),
        IN_FOLDER(several_that_are_named_are_all_that_counts),
        IN_FOLDER(the_files_of_a_variable_that_names_it_are_taken),
        IN_FOLDER(so_are_those_of_the_file_env_beside_it),
        IN_FOLDER(a_secret_without_a_value_is_refused_before_anything_starts),
        cmocka_unit_test(a_service_in_the_network_of_another_is_refused_with_the_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
