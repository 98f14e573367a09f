/* SPDX-License-Identifier: Apache-2.0 */
/* The order of repetitions: blocks, drawn by the plan's seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

/* The variants' first letters in the order of their repetitions, warm-ups first. Caller frees. */
static char *order_with(const char *plan)
{
    char *yaml = sg_format("%splan: %s\n", TRIAL_GATE, plan);
    struct trial trial = {.yaml = yaml};
    struct sg_text order = {0};
    trial_run(&trial, "");
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        sg_text_printf(&order, "%.1s", trial.session.repetitions[i].variant);
    }
    trial_end(&trial);
    free(yaml);
    return sg_text_take(&order);
}

static void the_same_seed_gives_the_same_order(void **state)
{
    (void)state;
    char *first = order_with("{ seed: 7 }");
    char *second = order_with("{ seed: 7 }");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void another_seed_gives_another_order(void **state)
{
    (void)state;
    char *first = order_with("{ seed: 7 }");
    char *second = order_with("{ seed: 8 }");
    assert_string_not_equal(first, second);
    free(first);
    free(second);
}

/* Without a seed one is drawn: eight sessions of the same order come about once in 400^7. */
static void without_a_seed_sessions_differ(void **state)
{
    (void)state;
    char *first = order_with("{ repetitions: 6..6 }");
    bool differ = false;
    for (int i = 0; i < 7; i++) {
        char *other = order_with("{ repetitions: 6..6 }");
        differ = differ || !sg_streq(first, other);
        free(other);
    }
    assert_true(differ);
    free(first);
}

/* Drawn with tests/vectors/xoshiro.py: shuffle(s, list("bbbccc")) twice, with s = seeded(7). */
static void the_order_is_the_one_that_the_seed_names(void **state)
{
    (void)state;
    char *order = order_with("{ seed: 7, repetitions: 6..6 }");
    assert_string_equal(order, "bc"
                               "ccbbcb"
                               "cbcbbc");
    free(order);
}

static void every_block_has_three_of_each(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "noise latency_p95 0.2\n");
    assert_true(trial.ok);
    int blocks = trial.session.repetitions[trial.session.repetitions_count - 1].block;
    assert_true(blocks >= 4);
    for (int block = 1; block <= blocks; block++) {
        assert_int_equal(counting(&trial.session, "base", block), 3);
        assert_int_equal(counting(&trial.session, "candidate", block), 3);
    }
    trial_end(&trial);
}

static void every_variant_is_warmed_up_first_in_a_short_window(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "");
    for (int slot = 1; slot <= 2; slot++) {
        const struct sg_repetition *r = repetition_of(&trial.session, slot);
        assert_int_equal(r->block, 0);
        assert_string_equal(r->variant, slot == 1 ? "base" : "candidate");
        assert_true(fabs(r->end - r->start - 3) < 1e-6);
    }
    assert_true(fabs(repetition_of(&trial.session, 3)->end -
                     repetition_of(&trial.session, 3)->start - 10) < 1e-6);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_order),
        cmocka_unit_test(another_seed_gives_another_order),
        cmocka_unit_test(without_a_seed_sessions_differ),
        cmocka_unit_test(the_order_is_the_one_that_the_seed_names),
        cmocka_unit_test(every_block_has_three_of_each),
        cmocka_unit_test(every_variant_is_warmed_up_first_in_a_short_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
