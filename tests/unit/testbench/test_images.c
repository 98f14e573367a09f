/* SPDX-License-Identifier: Apache-2.0 */
/* Which image is in use: configuration before environment before the table that is built in. */
#include "unit/testbench/help.h"

#include "testbench/assets.h"
#include "testbench/internal.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_image_comes_from_the_table),
        cmocka_unit_test(every_tool_has_a_row),
        cmocka_unit_test(a_name_without_a_row_is_its_own_reference),
        cmocka_unit_test(the_environment_beats_the_table),
        cmocka_unit_test(the_configuration_beats_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
