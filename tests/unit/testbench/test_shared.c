/* SPDX-License-Identifier: Apache-2.0 */
/* What a compose file brings that belongs to the user: volumes and networks with a name of their
 * own become the session's, what is external or a host path is used as it is and said. The project
 * is as `docker compose config --format json` prints it; docker is a script that prints it here. */
#include "unit/testbench/help.h"

#include "testbench/stack.h"

static const char project_text[] =
    "{\"name\":\"p\",\"services\":{"
    "\"api\":{\"image\":\"shop:1\",\"depends_on\":{\"db\":{\"condition\":\"service_started\"}},"
    "  \"networks\":{\"default\":null,\"proxy\":null},"
    "  \"volumes\":[{\"type\":\"bind\",\"source\":\"/srv/conf\",\"target\":\"/c\","
    "    \"read_only\":true},{\"type\":\"tmpfs\",\"target\":\"/t\"},"
    "    {\"type\":\"volume\",\"target\":\"/anonymous\"}]},"
    "\"db\":{\"image\":\"db:1\",\"networks\":{\"default\":null},\"depends_on\":{\"api\":null},"
    "  \"volumes\":[{\"type\":\"volume\",\"source\":\"rows\",\"target\":\"/d\"},"
    "    {\"type\":\"volume\",\"source\":\"old\",\"target\":\"/o\"},"
    "    {\"type\":\"volume\",\"source\":\"disk\",\"target\":\"/k\"},"
    "    {\"type\":\"bind\",\"source\":\"/srv/data\",\"target\":\"/e\"}]},"
    "\"unused\":{\"image\":\"x:1\",\"networks\":{\"default\":null},"
    "  \"volumes\":[{\"type\":\"bind\",\"source\":\"/not/mounted\",\"target\":\"/n\"}]}},"
    "\"networks\":{\"default\":{\"name\":\"shop-net\",\"ipam\":{}},"
    "  \"proxy\":{\"name\":\"everybodys\",\"external\":true}},"
    "\"volumes\":{\"rows\":{\"name\":\"shop_rows\"},"
    "  \"old\":{\"name\":\"shop_old\",\"external\":true},"
    "  \"disk\":{\"name\":\"shop_disk\",\"driver_opts\":{\"type\":\"none\",\"o\":\"bind\","
    "    \"device\":\"/srv/disk\"}}}}";

static char *folder;
static char *said;

static int set_up(void **state)
{
    (void)state;
    folder = folder_new();
    docker_says(folder, project_text, "api\ndb");
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

/* The compose file as svcgate writes it for the first variant. */
static struct sg_json *written(void)
{
    static char session[] = "s1", project[] = "svcgate-s1";
    static char host[] = "here", service[] = "api", file[] = "compose.yaml", bind[] = "127.0.0.1";
    static struct sg_config_variant variants[] = {{.name = "base"}};
    static struct sg_image images[] = {{.name = NULL}};
    struct sg_config config = {.variants = variants,
                               .variants_count = 1,
                               .compose = file,
                               .port = 8080,
                               .cpus = NAN,
                               .memory = NAN};
    struct sg_bench bench = {.config = &config,
                             .session = session,
                             .project = project,
                             .host = host,
                             .service = service,
                             .engine = {.bind = bind},
                             .variants = images,
                             .progress = {.say = hear},
                             .folder = folder};
    struct sg_error err = {0};
    sg_place_init(&bench, 0, &bench.place);
    if (!sg_project_read(&bench, &err) || !sg_stack_write(&bench, &bench.place, &err)) {
        fail_msg("%s", err.text);
    }
    sg_json_free(bench.stack);
    sg_place_clear(&bench.place);
    return folder_json(folder, "service.json");
}

static void a_volume_with_a_name_of_its_own_becomes_the_sessions(void **state)
{
    (void)state;
    struct sg_json *project = written();
    assert_non_null(at(project, "volumes/rows"));
    assert_null(at(project, "volumes/rows/name"));
    assert_null(at(project, "volumes/disk/name"));
    assert_string_equal(string_at(at(project, "volumes/rows/labels"), "svcgate.session"), "s1");
    assert_string_equal(string_at(project, "volumes/disk/driver_opts/device"), "/srv/disk");
    sg_json_free(project);
}

static void a_network_with_a_name_of_its_own_becomes_the_sessions(void **state)
{
    (void)state;
    struct sg_json *project = written();
    assert_null(at(project, "networks/default/name"));
    assert_non_null(at(project, "networks/default/ipam"));
    assert_string_equal(string_at(at(project, "networks/default/labels"), "svcgate.session"), "s1");
    sg_json_free(project);
}

static void what_is_external_keeps_its_name_and_gets_no_label(void **state)
{
    (void)state;
    struct sg_json *project = written();
    assert_string_equal(string_at(project, "volumes/old/name"), "shop_old");
    assert_true(sg_json_bool(at(project, "volumes/old/external"), false));
    assert_null(at(project, "volumes/old/labels"));
    assert_string_equal(string_at(project, "networks/proxy/name"), "everybodys");
    assert_null(at(project, "networks/proxy/labels"));
    sg_json_free(project);
}

static void what_is_used_as_it_is_is_said_and_nothing_else(void **state)
{
    (void)state;
    sg_json_free(written());
    assert_non_null(said);
    assert_string_equal(strchr(said, ':') + 2,
                        "host path /srv/conf (read-only), external network everybodys, external "
                        "volume shop_old, volume disk on /srv/disk, host path /srv/data");
}

static void a_stack_that_is_all_its_own_says_nothing(void **state)
{
    (void)state;
    static const char text[] =
        "{\"services\":{\"api\":{\"volumes\":[{\"type\":\"volume\",\"source\":\"rows\"}],"
        "\"networks\":{\"default\":null}}},\"volumes\":{\"rows\":{\"name\":\"p_rows\"}},"
        "\"networks\":{\"default\":{\"name\":\"p_default\"}}}";
    struct sg_error err = {0};
    struct sg_json *project = sg_json_parse(text, strlen(text), "test", &err);
    assert_null(sg_stack_shared(project));
    sg_json_free(project);
}

/* What of a stack with this service and these volumes and networks must not be used by several. */
static char *once(const char *service, const char *volumes, const char *networks)
{
    struct sg_error err = {0};
    char *text = sg_format("{\"services\":{\"api\":{%s}},\"volumes\":{%s},\"networks\":{%s}}",
                           service, volumes, networks);
    struct sg_json *project = sg_json_parse(text, strlen(text), "test", &err);
    assert_non_null(project);
    char *found = sg_stack_once(project);
    sg_json_free(project);
    free(text);
    return found;
}

static void expect_once(const char *service, const char *volumes, const char *networks,
                        const char *expected)
{
    char *found = once(service, volumes, networks);
    if (!sg_streq(found, expected)) {
        fail_msg("%s: %s, not %s", service, found != NULL ? found : "(none)",
                 expected != NULL ? expected : "(none)");
    }
    free(found);
}

static void expect_mount(const char *mount, const char *volumes, const char *expected)
{
    char *service = sg_format("\"volumes\":[{%s}]", mount);
    expect_once(service, volumes, "", expected);
    free(service);
}

static void what_copies_would_write_to_is_for_one_at_a_time(void **state)
{
    (void)state;
    expect_mount("\"type\":\"bind\",\"source\":\"/srv/data\"", "", "host path /srv/data");
    expect_mount("\"type\":\"volume\",\"source\":\"v\"",
                 "\"v\":{\"name\":\"rows\",\"external\":true}", "external volume rows");
    expect_mount("\"type\":\"volume\",\"source\":\"v\"",
                 "\"v\":{\"driver_opts\":{\"type\":\"nfs\",\"device\":\":/d\"}}",
                 "volume v on :/d");
    expect_mount("\"type\":\"volume\",\"source\":\"v\"", "\"v\":{\"driver\":\"sshfs\"}",
                 "volume v of driver sshfs");
    expect_once("\"volumes_from\":[\"container:old\"]", "", "", "the volumes of container:old");
}

static void what_is_only_read_or_the_sessions_own_is_for_all(void **state)
{
    (void)state;
    expect_mount("\"type\":\"bind\",\"source\":\"/srv/conf\",\"read_only\":true", "", NULL);
    expect_mount("\"type\":\"bind\",\"source\":\"/running\",\"read_only\":true", "", NULL);
    expect_mount("\"type\":\"volume\",\"source\":\"v\",\"read_only\":true",
                 "\"v\":{\"external\":true}", NULL);
    expect_mount("\"type\":\"volume\",\"source\":\"v\"", "\"v\":{\"name\":\"rows\"}", NULL);
    expect_mount("\"type\":\"volume\",\"source\":\"v\"",
                 "\"v\":{\"driver_opts\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}}", NULL);
    expect_mount("\"type\":\"tmpfs\",\"target\":\"/t\"", "", NULL);
    expect_once("\"volumes_from\":[\"container:old:ro\"],\"networks\":{\"a\":null}", "",
                "\"a\":{\"ipam\":{},\"driver\":\"bridge\"}", NULL);
}

static void a_socket_that_is_only_read_is_spoken_to_all_the_same(void **state)
{
    (void)state;
    static const char *const doors[] = {
        "/var/run/docker.sock", "/srv/x.sock", "/run", "/var", "/dev/shm", "/"};
    for (size_t i = 0; i < SG_COUNT(doors); i++) {
        char *mount = sg_format("\"type\":\"bind\",\"source\":\"%s\",\"read_only\":true", doors[i]);
        char *expected = sg_format("host path %s (read-only)", doors[i]);
        expect_mount(mount, "", expected);
        free(expected);
        free(mount);
    }
}

static void a_network_that_answers_for_all_or_exists_once_is_for_one_at_a_time(void **state)
{
    (void)state;
    static const char member[] = "\"networks\":{\"a\":null}";
    static const char one[] = "network a, of which there can be one";
    expect_once(member, "", "\"a\":{\"name\":\"all\",\"external\":true}", "external network all");
    expect_once(member, "", "\"a\":{\"ipam\":{\"config\":[{\"subnet\":\"10.9.0.0/24\"}]}}", one);
    expect_once(member, "", "\"a\":{\"driver\":\"macvlan\"}", one);
    expect_once(member, "", "\"a\":{\"driver_opts\":{\"com.docker.network.bridge.name\":\"b0\"}}",
                one);
    expect_once("\"network_mode\":\"host\"", "", "", "the network of host");
    expect_once("\"ipc\":\"container:x\"", "", "", "the shared memory of container:x");
    expect_once("\"ipc\":\"shareable\",\"network_mode\":\"service:b\"", "", "", NULL);
}

static void a_device_of_the_host_is_for_one_at_a_time(void **state)
{
    (void)state;
    expect_once("\"devices\":[{\"source\":\"/dev/dri\",\"target\":\"/dev/dri\"}]", "", "",
                "device /dev/dri");
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_volume_with_a_name_of_its_own_becomes_the_sessions),
        IN_FOLDER(a_network_with_a_name_of_its_own_becomes_the_sessions),
        IN_FOLDER(what_is_external_keeps_its_name_and_gets_no_label),
        IN_FOLDER(what_is_used_as_it_is_is_said_and_nothing_else),
        cmocka_unit_test(a_stack_that_is_all_its_own_says_nothing),
        cmocka_unit_test(what_copies_would_write_to_is_for_one_at_a_time),
        cmocka_unit_test(what_is_only_read_or_the_sessions_own_is_for_all),
        cmocka_unit_test(a_socket_that_is_only_read_is_spoken_to_all_the_same),
        cmocka_unit_test(a_network_that_answers_for_all_or_exists_once_is_for_one_at_a_time),
        cmocka_unit_test(a_device_of_the_host_is_for_one_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
