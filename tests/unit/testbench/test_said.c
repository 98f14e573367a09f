/* SPDX-License-Identifier: Apache-2.0 */
/* What docker and whoever waits are told: whole, however long. */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

/* Longer than any buffer that somebody would think is enough. */
static char *long_word(void)
{
    char *word = sg_alloc(9000, 1);
    memset(word, 'x', 8999);
    return word;
}

static void an_argument_is_never_cut(void **state)
{
    (void)state;
    struct sg_args args = {0};
    char *word = long_word();
    sg_args_printf(&args, "ROOT=%s", word);
    assert_int_equal(strlen(args.items[0]), 5 + 8999);
    sg_args_free(&args);
    free(word);
}

static void keep(void *context, const char *text)
{
    *(size_t *)context = strlen(text);
}

static void nothing_that_is_said_is_cut(void **state)
{
    (void)state;
    size_t said = 0;
    struct sg_bench bench = {.progress = {.say = keep, .context = &said}};
    char *word = long_word();
    sg_bench_say(&bench, "pulling %s", word);
    assert_int_equal(said, 8 + 8999);
    free(word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_argument_is_never_cut),
        cmocka_unit_test(nothing_that_is_said_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
