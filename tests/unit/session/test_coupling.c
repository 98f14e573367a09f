/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring the coupling builds nothing: whether it gets as far as asking for an engine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/session.h"

/* The error of measuring with these variants, where there is no engine. */
static struct sg_error error_with(struct sg_config_variant *variants, size_t count, char *reference)
{
    struct sg_config config;
    struct sg_couplings out;
    struct sg_error err = {0};
    sg_config_init(&config);
    config.variants = variants;
    config.variants_count = count;
    config.reference = reference;
    setenv("DOCKER_HOST", "unix:///nowhere/docker.sock", 1);
    assert_false(sg_session_coupling(&config, "/nowhere/coupling.json", NULL, &out, &err));
    config.variants = NULL;
    config.variants_count = 0;
    config.reference = NULL;
    sg_config_clear(&config);
    return err;
}

static void a_reference_that_is_to_be_built_is_refused(void **state)
{
    (void)state;
    char base[] = "base";
    char candidate[] = "candidate";
    char folder[] = ".";
    char image[] = "shop:pr";
    struct sg_config_variant variants[] = {{.name = candidate, .image = image},
                                           {.name = base, .build_context = folder}};
    struct sg_error err = error_with(variants, 2, base);
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "base is built from source"));
}

static void another_variant_that_is_to_be_built_does_not_matter(void **state)
{
    (void)state;
    char base[] = "base";
    char candidate[] = "candidate";
    char folder[] = ".";
    char image[] = "shop:main";
    struct sg_config_variant variants[] = {{.name = candidate, .build_context = folder},
                                           {.name = base, .image = image}};
    struct sg_error err = error_with(variants, 2, base);
    assert_int_equal(err.kind, SG_ERROR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "/nowhere/docker.sock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_that_is_to_be_built_is_refused),
        cmocka_unit_test(another_variant_that_is_to_be_built_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
