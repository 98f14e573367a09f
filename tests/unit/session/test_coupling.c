/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring the coupling, on the fake bench: what it starts, what it keeps, what it refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "unit/session/session.h"

static char base[] = "base";
static char candidate[] = "candidate";
static char folder[] = ".";
static char image[] = "shop:main";

/* Measures with these variants, as the script has it. */
static bool measure(struct trial *trial, const char *script, struct sg_config_variant *variants,
                    struct sg_couplings *out, struct sg_error *err)
{
    struct sg_config config;
    sg_config_init(&config);
    config.rate = 100;
    config.warmup = 10;
    config.variants = variants;
    config.variants_count = 2;
    config.reference = base;
    trial_begin(trial, script);
    char *path = sg_path_join(trial->folder, "coupling.json");
    bool ok = sg_session_coupling(&config, path, NULL, out, err);
    assert_int_equal(sg_fake_world_count(), 0);
    assert_int_equal(ok, sg_file_exists(path));
    config.variants = NULL;
    config.variants_count = 0;
    config.reference = NULL;
    sg_config_clear(&config);
    free(path);
    return ok;
}

static void a_reference_that_is_to_be_built_is_refused(void **state)
{
    (void)state;
    struct sg_config_variant variants[] = {{.name = candidate, .image = image},
                                           {.name = base, .build_context = folder}};
    struct trial trial = {0};
    struct sg_couplings found;
    struct sg_error err = {0};
    assert_false(measure(&trial, "", variants, &found, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "base is built from source"));
    assert_int_equal(sg_fake_calls_count(), 0);
    trial_end(&trial);
}

static struct sg_config_variant measurable[] = {{.name = candidate, .build_context = folder},
                                                {.name = base, .image = image}};

static void the_reference_alone_is_measured_beside_a_burner(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_couplings found;
    struct sg_error err = {0};
    assert_true(measure(&trial, "at * coupled 0.2\n", measurable, &found, &err));
    assert_true(fabs(found.generator.h - 0.2) < 1e-6);
    assert_true(isnan(found.core.limit));
    char *calls = sg_fake_calls();
    assert_non_null(strstr(calls, "prepare burn=yes"));
    assert_non_null(strstr(calls, "load slot=1 variant=base"));
    assert_null(strstr(calls, "candidate"));
    free(calls);
    trial_end(&trial);
}

static void a_service_that_does_not_start_is_told(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_couplings found;
    struct sg_error err = {0};
    assert_false(measure(&trial, "at * exits 3\n", measurable, &found, &err));
    assert_int_equal(err.kind, SG_ERROR_DATA);
    assert_non_null(strstr(err.text, "the service exited with status 3"));
    trial_end(&trial);
}

static void a_rate_that_is_to_be_found_is_refused(void **state)
{
    (void)state;
    struct sg_couplings found;
    struct sg_error err = {0};
    struct sg_config config = {.rate = NAN,
                               .rate_auto = true,
                               .variants = measurable,
                               .variants_count = 2,
                               .reference = base};
    assert_false(sg_session_coupling(&config, "/nowhere", NULL, &found, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_non_null(strstr(err.text, "load.rate is auto"));
}

static void what_is_left_behind_is_an_error(void **state)
{
    (void)state;
    struct trial trial = {0};
    struct sg_couplings found;
    struct sg_error err = {0};
    struct sg_config config;
    sg_config_init(&config);
    config.rate = 100;
    config.warmup = 10;
    config.variants = measurable;
    config.variants_count = 2;
    config.reference = base;
    trial_begin(&trial, "fail close environment\n");
    char *path = sg_path_join(trial.folder, "coupling.json");
    assert_false(sg_session_coupling(&config, path, NULL, &found, &err));
    assert_non_null(strstr(err.text, "svcgate clean"));
    assert_true(sg_file_exists(path));
    config.variants = NULL;
    config.variants_count = 0;
    config.reference = NULL;
    sg_config_clear(&config);
    free(path);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_that_is_to_be_built_is_refused),
        cmocka_unit_test(the_reference_alone_is_measured_beside_a_burner),
        cmocka_unit_test(a_service_that_does_not_start_is_told),
        cmocka_unit_test(a_rate_that_is_to_be_found_is_refused),
        cmocka_unit_test(what_is_left_behind_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
