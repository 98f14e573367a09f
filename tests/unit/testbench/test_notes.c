/* SPDX-License-Identifier: Apache-2.0 */
/* What a session does otherwise than the compose file says is in the report. */
#include "unit/testbench/help.h"

#include "testbench/stack.h"

/* The findings on a stack, one line each; "api" is under test. */
static char *notes(const char *stack, bool image_checks, bool fresh)
{
    static char service[] = "api";
    static struct sg_config_variant variants[] = {{.name = "a"}, {.name = "b"}};
    struct sg_image images[] = {{.name = NULL}, {.health_check = image_checks}};
    struct sg_config config = {.variants = variants, .variants_count = 2, .fresh_stack = fresh};
    struct sg_bench bench = {.config = &config, .service = service, .variants = images};
    struct sg_session session = {0};
    struct sg_text text = {0};
    struct sg_error err = {0};
    bench.stack = sg_json_parse(stack, strlen(stack), "test", &err);
    assert_non_null(bench.stack);
    sg_stack_notes(&bench, &session);
    for (size_t i = 0; i < session.findings_count; i++) {
        sg_text_printf(&text, "%s: %s\n", session.findings[i].check, session.findings[i].text);
    }
    sg_text_add(&text, "");
    sg_json_free(bench.stack);
    sg_session_clear(&session);
    return sg_text_take(&text);
}

static void expect(const char *stack, bool image_checks, bool fresh, const char *expected)
{
    char *found = notes(stack, image_checks, fresh);
    assert_string_equal(found, expected);
    free(found);
}

static const char off[] = "health_check: the health check of api is off while it is measured: the "
                          "CPU time that it takes is not the service's\n";

static void a_health_check_that_is_off_is_said(void **state)
{
    (void)state;
    expect("{\"services\":{\"api\":{\"healthcheck\":{\"test\":[\"CMD\"]}}}}", false, false, off);
    expect("{\"services\":{\"api\":{}}}", true, false, off);
    expect("{\"services\":{\"api\":{\"healthcheck\":{\"disable\":true}}}}", true, false, "");
    expect("{\"services\":{\"api\":{},\"db\":{\"healthcheck\":{}}}}", false, false, "");
}

static void that_one_of_several_is_measured_is_said(void **state)
{
    (void)state;
    static const char said[] =
        "scale: the compose file has api 3 times; one container is measured\n";
    expect("{\"services\":{\"api\":{\"scale\":3}}}", false, false, said);
    expect("{\"services\":{\"api\":{\"deploy\":{\"replicas\":3}}}}", false, false, said);
    expect("{\"services\":{\"api\":{\"scale\":1},\"db\":{\"scale\":2}}}", false, false, "");
}

static void what_a_fresh_stack_does_not_renew_is_a_warning(void **state)
{
    (void)state;
    static const char stack[] =
        "{\"services\":{\"api\":{\"volumes\":[{\"type\":\"bind\",\"source\":\"/srv/rows\"},"
        "{\"type\":\"bind\",\"source\":\"/srv/conf\",\"read_only\":true},"
        "{\"type\":\"volume\",\"source\":\"own\"},{\"type\":\"volume\",\"source\":\"old\"}],"
        "\"devices\":[{\"source\":\"/dev/x\"}]}},\"volumes\":{\"own\":{},"
        "\"old\":{\"external\":true}}}";
    expect(
        stack, false, true,
        "fresh: `fresh: stack` does not renew host path /srv/rows, external volume old: what one "
        "repetition leaves there the next one finds\n");
    expect(stack, false, false, "");
}

static void a_port_that_is_looked_for_on_the_host_is_said(void **state)
{
    (void)state;
    static const char hosts[] = "\"extra_hosts\":[\"host.docker.internal=host-gateway\"]";
    char *with = sg_format("{\"services\":{\"api\":{%s},\"db\":{\"ports\":[{}]}}}", hosts);
    char *without = sg_format("{\"services\":{\"api\":{%s,\"ports\":[{}]},\"db\":{}}}", hosts);
    expect(with, false, false,
           "ports: the stack publishes no port on the host during a session, and api may look for "
           "one there (extra_hosts: host-gateway)\n");
    expect(without, false, false, "");
    free(without);
    free(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_health_check_that_is_off_is_said),
        cmocka_unit_test(that_one_of_several_is_measured_is_said),
        cmocka_unit_test(what_a_fresh_stack_does_not_renew_is_a_warning),
        cmocka_unit_test(a_port_that_is_looked_for_on_the_host_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
