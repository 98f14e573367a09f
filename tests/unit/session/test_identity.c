/* SPDX-License-Identifier: Apache-2.0 */
/* What a session is called, what it says of itself and what it tells whoever watches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define IDS 8

/* UTC, to the second: another second may begin in between. */
static void an_id_is_the_time_and_four_digits_of_chance(void **state)
{
    (void)state;
    char before[16];
    char after[16];
    char id[24];
    do {
        time_t now = time(NULL);
        (void)strftime(before, sizeof(before), "%Y%m%d-%H%M%S", gmtime(&now));
        sg_session_id(id);
        now = time(NULL);
        (void)strftime(after, sizeof(after), "%Y%m%d-%H%M%S", gmtime(&now));
    } while (strcmp(before, after) != 0);
    assert_int_equal(strlen(id), 20);
    assert_memory_equal(id, before, 15);
    assert_int_equal(id[15], '-');
    for (int i = 16; i < 20; i++) {
        assert_non_null(strchr("0123456789abcdef", id[i]));
    }
}

/* By chance they do with 1 in 2^112. */
static void ids_of_the_same_second_differ(void **state)
{
    (void)state;
    char first[24];
    char other[24];
    bool differ = false;
    sg_session_id(first);
    for (int i = 1; i < IDS; i++) {
        sg_session_id(other);
        differ = differ || strcmp(first + 16, other + 16) != 0;
    }
    assert_true(differ);
}

static void a_session_keeps_its_id_command_tool_and_attempt(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    assert_true(trial.ok);
    assert_string_equal(trial.session.id, "20261129-120000-0001");
    assert_string_equal(trial.session.command, "svcgate run");
    assert_string_equal(trial.session.tool, "svcgate 0");
    assert_int_equal(trial.session.plan.attempt, 1);
    trial_end(&trial);
}

static void a_later_attempt_is_told(void **state)
{
    (void)state;
    struct trial trial = {.run.attempt = 3};
    trial_run(&trial, "");
    assert_int_equal(trial.session.plan.attempt, 3);
    trial_end(&trial);
}

static void a_budget_without_an_end_has_room_for_all_repetitions(void **state)
{
    (void)state;
    struct sg_config config = {0};
    struct sg_session session;
    struct sg_config_variant variants[2] = {{.name = (char[]){"a"}}, {.name = (char[]){"b"}}};
    sg_config_init(&config);
    config.variants = variants;
    config.variants_count = 2;
    config.budget = INFINITY;
    config.min_repetitions = 6;
    config.max_repetitions = 30;
    sg_session_from_config(&config, "an-id", &session);
    assert_int_equal(session.plan.max_repetitions, 30);
    assert_int_equal(session.findings_count, 0);
    assert_string_equal(session.id, "an-id");
    sg_session_clear(&session);
    config.variants = NULL;
    config.variants_count = 0;
    sg_config_clear(&config);
}

static void keep_words(void *context, const char *text)
{
    sg_text_printf(context, "%s\n", text);
}

static void each_warm_up_is_announced_by_its_variant(void **state)
{
    (void)state;
    struct sg_text said = {0};
    struct trial trial = {.run.progress = {.say = keep_words, .context = &said}};
    trial_run(&trial, "");
    assert_true(trial.ok);
    const char *base = strstr(said.data, "warming up base\n");
    const char *candidate = strstr(said.data, "warming up candidate\n");
    assert_true(base != NULL && candidate != NULL && base < candidate);
    sg_text_free(&said);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_the_time_and_four_digits_of_chance),
        cmocka_unit_test(ids_of_the_same_second_differ),
        cmocka_unit_test(a_session_keeps_its_id_command_tool_and_attempt),
        cmocka_unit_test(a_later_attempt_is_told),
        cmocka_unit_test(a_budget_without_an_end_has_room_for_all_repetitions),
        cmocka_unit_test(each_warm_up_is_announced_by_its_variant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
