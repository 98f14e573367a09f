/* SPDX-License-Identifier: Apache-2.0 */
/* Whose session is alive, and what may be removed: from the engine's lists alone. */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

#define LOCK(state, created)                                                                       \
    "[{\"Id\":\"abc\",\"Names\":[\"/svcgate-lock\"],\"State\":\"" state "\",\"Created\":" #created \
    ",\"Labels\":{\"svcgate.session\":\"s1\"}}]"

static struct sg_json *parse(const char *text)
{
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse(text, strlen(text), "test", &err);
    if (json == NULL) {
        fail_msg("%s", err.text);
    }
    return json;
}

static enum sg_lock_state look(const char *list, double now)
{
    struct sg_lock_holder holder;
    struct sg_json *json = parse(list);
    enum sg_lock_state state = sg_lock_look(json, now, &holder);
    sg_json_free(json);
    return state;
}

static void without_its_container_the_lock_is_free(void **state)
{
    (void)state;
    assert_int_equal(look("[]", 1000), SG_LOCK_FREE);
    assert_int_equal(look("[{\"Names\":[\"/my-svcgate-lock\"],\"State\":\"running\"}]", 1000),
                     SG_LOCK_FREE);
}

static void a_running_container_holds_it_however_old(void **state)
{
    (void)state;
    assert_int_equal(look(LOCK("running", 1), 1e9), SG_LOCK_HELD);
    assert_int_equal(look(LOCK("paused", 1), 1e9), SG_LOCK_HELD);
}

static void one_that_is_being_started_holds_it_for_a_moment(void **state)
{
    (void)state;
    assert_int_equal(look(LOCK("created", 1000), 1005), SG_LOCK_HELD);
    assert_int_equal(look(LOCK("created", 1000), 990), SG_LOCK_HELD); /* a clock that is behind */
    assert_int_equal(look(LOCK("created", 1000), 1100), SG_LOCK_STALE);
}

static void one_that_has_ended_holds_nothing(void **state)
{
    (void)state;
    assert_int_equal(look(LOCK("exited", 1000), 1001), SG_LOCK_STALE);
    assert_int_equal(look(LOCK("dead", 1000), 1001), SG_LOCK_STALE);
}

static void the_holder_is_told_by_id_and_session(void **state)
{
    (void)state;
    struct sg_lock_holder holder;
    struct sg_json *json = parse(LOCK("running", 1));
    (void)sg_lock_look(json, 10, &holder);
    assert_string_equal(holder.id, "abc");
    assert_string_equal(holder.session, "s1");
    sg_json_free(json);
}

static bool chosen(const char *session_label, const char *project, const char *session, bool all)
{
    char *text = sg_format("{\"Labels\":{\"svcgate.session\":\"%s\"%s%s%s}}", session_label,
                           project != NULL ? ",\"com.docker.compose.project\":\"" : "",
                           project != NULL ? project : "", project != NULL ? "\"" : "");
    struct sg_json *item = parse(text);
    bool result = sg_clean_chosen(item, session, all);
    sg_json_free(item);
    free(text);
    return result;
}

static void what_a_session_made_in_its_two_projects_is_removed(void **state)
{
    (void)state;
    assert_true(chosen("s1", "svcgate-s1", "s1", false));
    assert_true(chosen("s1", "svcgate-s1-service", "s1", false));
    assert_false(chosen("s2", "svcgate-s2", "s1", false));
    assert_true(chosen("s2", "svcgate-s2", NULL, false));
}

/* Containers side by side have a project each (place.c). */
static void what_stood_side_by_side_is_removed(void **state)
{
    (void)state;
    assert_true(chosen("s1", "svcgate-s1-service-1", "s1", false));
    assert_true(chosen("s1", "svcgate-s1-service-12", NULL, false));
    assert_false(chosen("s1", "svcgate-s1-service-", NULL, true));
    assert_false(chosen("s1", "svcgate-s1-service-1-shop", NULL, true));
    assert_false(chosen("s1", "svcgate-s1-services", NULL, true));
    assert_false(chosen("s1", "svcgate-s2-service-1", NULL, true));
}

/* A label alone can come from an image that somebody built. */
static void what_only_carries_the_label_is_left_alone(void **state)
{
    (void)state;
    assert_false(chosen("s1", NULL, "s1", false));
    assert_false(chosen("s1", "shop", "s1", false));
    assert_false(chosen("s1", NULL, NULL, true));
    assert_false(chosen("s1", "shop", NULL, true));
    assert_false(chosen("s1", "svcgate-s2", NULL, true));
}

static void what_up_started_stays_unless_all_is_wanted(void **state)
{
    (void)state;
    assert_false(chosen("up", "svcgate-up", NULL, false));
    assert_true(chosen("up", "svcgate-up", NULL, true));
    assert_true(chosen("up", "svcgate-up", "up", false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_its_container_the_lock_is_free),
        cmocka_unit_test(a_running_container_holds_it_however_old),
        cmocka_unit_test(one_that_is_being_started_holds_it_for_a_moment),
        cmocka_unit_test(one_that_has_ended_holds_nothing),
        cmocka_unit_test(the_holder_is_told_by_id_and_session),
        cmocka_unit_test(what_a_session_made_in_its_two_projects_is_removed),
        cmocka_unit_test(what_stood_side_by_side_is_removed),
        cmocka_unit_test(what_only_carries_the_label_is_left_alone),
        cmocka_unit_test(what_up_started_stays_unless_all_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
