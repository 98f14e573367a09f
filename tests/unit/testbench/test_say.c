/* SPDX-License-Identifier: Apache-2.0 */
/* What a waiting person is told: whole, however long. */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

static void keep(void *context, const char *text)
{
    char **kept = context;
    *kept = sg_strdup(text);
}

static void a_long_message_arrives_whole(void **state)
{
    (void)state;
    char *kept = NULL;
    char path[5001] = "";
    memset(path, 'p', sizeof(path) - 1);
    struct sg_bench bench = {.progress = {.say = keep, .context = &kept}};
    sg_bench_say(&bench, "building variant %s from %s", "base", path);
    char *expected = sg_format("building variant base from %s", path);
    assert_string_equal(kept, expected);
    free(expected);
    free(kept);
}

static void without_a_listener_nothing_happens(void **state)
{
    (void)state;
    struct sg_bench bench = {0};
    sg_bench_say(&bench, "pulling %s", "k6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_message_arrives_whole),
        cmocka_unit_test(without_a_listener_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
