/* SPDX-License-Identifier: Apache-2.0 */
/* From configuration to a session: what it remembers of its svcgate.yaml. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "session/session.h"

static struct sg_session session_of(const char *path)
{
    struct sg_config config = {0};
    struct sg_session session = {0};

    sg_config_init(&config);
    config.path = sg_strdup(path);
    config.budget = NAN; /* no variants that it must be shared by */
    sg_session_from_config(&config, "an-id", &session);
    sg_config_clear(&config);
    return session;
}

static void a_session_remembers_where_its_configuration_lies(void **state)
{
    (void)state;
    char root[] = "/tmp/svcgate-setup-XXXXXX";
    struct sg_error err = {0};
    assert_non_null(mkdtemp(root));
    char *git = sg_path_join(root, ".git");
    char *folder = sg_path_join(root, "perf");
    char *path = sg_path_join(folder, "svcgate.yaml");
    assert_true(sg_folder_make(git, &err) && sg_folder_make(folder, &err) &&
                sg_file_write(path, "", 0, &err));

    struct sg_session session = session_of(path);
    assert_string_equal(session.config, "perf/svcgate.yaml");
    assert_string_equal(sg_session_config_path(&session), "perf/svcgate.yaml");

    sg_session_clear(&session);
    assert_int_equal(remove(path) + remove(folder) + remove(git) + remove(root), 0);
    free(path);
    free(folder);
    free(git);
}

static void a_session_without_a_file_names_none(void **state)
{
    (void)state;
    struct sg_session session = session_of(NULL);

    assert_null(session.config);
    sg_session_clear(&session);
}

/* A session of these variants; with `told` of all that svcgate.yaml may ask for. */
static struct sg_session session_of_variants(struct sg_config_variant *variants, size_t count,
                                             bool told, char *compose)
{
    struct sg_config config = {0};
    struct sg_session session = {0};

    sg_config_init(&config);
    config.show_env = config.show_host = told;
    config.compose = compose;
    config.variants = variants;
    config.variants_count = count;
    sg_session_from_config(&config, "an-id", &session);
    config.compose = NULL;
    config.variants = NULL;
    config.variants_count = 0;
    sg_config_clear(&config);
    return session;
}

static struct sg_session session_with(struct sg_config_variant *variants, size_t count)
{
    char compose[] = "stack/compose.yaml";
    return session_of_variants(variants, count, false, compose);
}

static void a_session_says_where_each_variant_comes_from(void **state)
{
    (void)state;
    char names[4][2] = {"a", "b", "c", "d"};
    char image[] = "shop:1";
    char context[] = "src";
    char ref[] = "main";
    struct sg_config_variant variants[] = {
        {.name = names[0], .image = image},
        {.name = names[1], .build_context = context},
        {.name = names[2], .build_context = context, .build_ref = ref},
        {.name = names[3]}};
    struct sg_session session = session_with(variants, 4);

    assert_string_equal(session.variants[0].image, "shop:1");
    assert_string_equal(session.variants[1].image, "built from src");
    assert_string_equal(session.variants[2].image, "built from src at main");
    assert_string_equal(session.variants[3].image, "as in stack/compose.yaml");
    sg_session_clear(&session);
}

static void a_session_knows_what_a_variant_is_told(void **state)
{
    (void)state;
    char name[] = "a";
    char image[] = "shop:1";
    char words[4][8] = {"CACHE", "off", "DEBUG", "1"};
    struct sg_pair env[] = {{words[0], words[1]}, {words[2], words[3]}};
    struct sg_config_variant variants[] = {
        {.name = name, .image = image, .env = env, .env_count = 2},
        {.name = words[0], .image = image}};
    struct sg_session session = session_with(variants, 2);
    struct sg_session open = session_of_variants(variants, 2, true, NULL);

    assert_string_equal(session.variants[0].env, "CACHE=… DEBUG=…");
    assert_null(session.variants[1].env);
    assert_string_equal(open.variants[0].env, "CACHE=off DEBUG=1");
    sg_session_clear(&session);
    sg_session_clear(&open);
}

static void where_a_variant_comes_from_tells_no_folder_of_this_machine(void **state)
{
    (void)state;
    char names[2][2] = {"a", "b"};
    char context[] = "/nowhere/private/src/";
    char compose[] = "/nowhere/private/compose.yaml";
    struct sg_config_variant variants[] = {{.name = names[0], .build_context = context},
                                           {.name = names[1]}};
    struct sg_session session = session_of_variants(variants, 2, false, compose);
    struct sg_session open = session_of_variants(variants, 2, true, compose);

    assert_string_equal(session.variants[0].image, "built from …/src");
    assert_string_equal(session.variants[1].image, "as in …/compose.yaml");
    assert_string_equal(open.variants[0].image, "built from /nowhere/private/src/");
    assert_string_equal(open.variants[1].image, "as in /nowhere/private/compose.yaml");
    sg_session_clear(&session);
    sg_session_clear(&open);
}

/* --seed and `plan.seed` take 19 digits; of 64 bits every second number has 20. */
static void a_seed_that_is_drawn_can_be_given_again(void **state)
{
    (void)state;
    char name[] = "a";
    char image[] = "shop:1";
    struct sg_config_variant variant = {.name = name, .image = image};
    for (int i = 0; i < 64; i++) {
        struct sg_session session = session_with(&variant, 1);
        assert_true(session.plan.seed <= UINT64_C(9999999999999999999));
        sg_session_clear(&session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_remembers_where_its_configuration_lies),
        cmocka_unit_test(a_session_without_a_file_names_none),
        cmocka_unit_test(a_session_says_where_each_variant_comes_from),
        cmocka_unit_test(a_session_knows_what_a_variant_is_told),
        cmocka_unit_test(where_a_variant_comes_from_tells_no_folder_of_this_machine),
        cmocka_unit_test(a_seed_that_is_drawn_can_be_given_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
