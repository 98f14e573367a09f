/* SPDX-License-Identifier: Apache-2.0 */
/* One block of several, in a job of its own: what it measures, in which order, and what it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define SLICED TRIAL_GATE "plan: { design: sliced, seed: 1 }\n"
#define TURNS TRIAL_GATE "plan: { design: turns, seed: 1 }\n"

static struct trial block(int number, const char *yaml, const char *script)
{
    struct trial trial = {.yaml = yaml, .block = number, .blocks = 3};
    trial_run(&trial, script);
    return trial;
}

static void assert_only_block(const struct trial *trial, int number)
{
    for (size_t i = 0; i < trial->session.repetitions_count; i++) {
        int found = trial->session.repetitions[i].block;
        assert_true(found == number || found == 0);
    }
    assert_int_equal(counting(&trial->session, "base", number), 3);
    assert_int_equal(counting(&trial->session, "candidate", number), 3);
}

static void only_its_block_is_measured_and_nothing_is_decided(void **state)
{
    (void)state;
    static const char *const designs[] = {SLICED, TURNS};
    for (size_t i = 0; i < SG_COUNT(designs); i++) {
        struct trial trial = block(2, designs[i], "factor candidate latency_p95 1.5\n");
        assert_true(trial.ok);
        assert_only_block(&trial, 2);
        assert_true(trial.session.complete);
        assert_int_equal(trial.session.block, 2);
        assert_int_equal(trial.session.plan.blocks, 3);
        assert_int_equal(trial.session.plan.max_repetitions, 9);
        assert_int_equal(trial.judgement.verdict, SG_INCONCLUSIVE);
        assert_false(trial.judgement.decided);
        trial_end(&trial);
    }
}

/* Caller frees. */
static char *order_of(int number, const char *yaml)
{
    struct trial trial = block(number, yaml, "");
    struct sg_text order = {0};
    for (size_t i = 0; i < trial.session.repetitions_count; i++) {
        const struct sg_repetition *r = &trial.session.repetitions[i];
        sg_text_printf(&order, "%.1s%s ", r->variant, r->turns != NULL ? r->turns : "");
    }
    trial_end(&trial);
    return sg_text_take(&order);
}

static void each_block_draws_its_own_order_from_the_one_seed(void **state)
{
    (void)state;
    char *orders[3];
    for (int i = 0; i < 3; i++) {
        orders[i] = order_of(i + 1, SLICED);
    }
    assert_string_not_equal(orders[0], orders[1]);
    assert_string_not_equal(orders[0], orders[2]);
    assert_string_not_equal(orders[1], orders[2]);
    char *again = order_of(2, SLICED);
    assert_string_equal(again, orders[1]);
    char *other = order_of(2, TRIAL_GATE "plan: { design: sliced, seed: 2 }\n");
    assert_string_not_equal(other, orders[1]);
    free(other);
    free(again);
    for (int i = 0; i < 3; i++) {
        free(orders[i]);
    }
}

static void a_variant_that_dies_is_a_finding_of_its_block(void **state)
{
    (void)state;
    struct trial trial = block(3, SLICED, "at variant=candidate dies 1\n");
    assert_true(trial.ok);
    assert_verdict(&trial, SG_FAIL, "exited under load");
    assert_true(trial.session.complete);
    trial_end(&trial);
}

static void one_that_dies_in_its_warm_up_has_died_in_its_block(void **state)
{
    (void)state;
    struct trial trial = block(3, TURNS, "at variant=candidate,rep=0 dies 3\n");
    assert_int_equal(repetition_of(&trial.session, 2)->block, 3);
    assert_verdict(&trial, SG_FAIL, "exited under load");
    trial_end(&trial);
}

static void a_block_whose_instrument_breaks_is_invalid(void **state)
{
    (void)state;
    struct trial trial = block(1, SLICED, "at * finding invalid broken\n");
    assert_true(trial.ok);
    assert_verdict(&trial, SG_INVALID, "broken");
    trial_end(&trial);
}

static void a_block_that_does_not_fit_side_by_side_is_measured_in_turns(void **state)
{
    (void)state;
    struct trial trial = block(2, SLICED, "side_by_side 4\n");
    assert_only_block(&trial, 2);
    assert_true(session_has(&trial.session, SG_FINDING_NOTE, "turns"));
    trial_end(&trial);
}

static void the_budget_does_not_cut_blocks_of_other_jobs(void **state)
{
    (void)state;
    struct trial trial = block(1, TRIAL_GATE "plan: { design: turns, seed: 1, budget: 1s }\n", "");
    assert_int_equal(trial.session.plan.max_repetitions, 9);
    assert_false(session_has(&trial.session, SG_FINDING_NOTE, "budget"));
    trial_end(&trial);
}

static void the_number_of_blocks_keeps_to_the_plan(void **state)
{
    (void)state;
    static const struct {
        int blocks;
        bool right;
    } cases[] = {{1, false}, {2, true}, {7, true}, {8, false}};
    struct sg_config config = {.min_repetitions = 6, .max_repetitions = 21, .block = 1};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        struct sg_error err = {0};
        config.blocks = cases[i].blocks;
        assert_int_equal(sg_session_check_blocks(&config, &err), cases[i].right);
        assert_true(cases[i].right || strstr(err.text, "2 to 7 blocks of 3") != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_its_block_is_measured_and_nothing_is_decided),
        cmocka_unit_test(each_block_draws_its_own_order_from_the_one_seed),
        cmocka_unit_test(a_variant_that_dies_is_a_finding_of_its_block),
        cmocka_unit_test(one_that_dies_in_its_warm_up_has_died_in_its_block),
        cmocka_unit_test(a_block_whose_instrument_breaks_is_invalid),
        cmocka_unit_test(a_block_that_does_not_fit_side_by_side_is_measured_in_turns),
        cmocka_unit_test(the_budget_does_not_cut_blocks_of_other_jobs),
        cmocka_unit_test(the_number_of_blocks_keeps_to_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
