/* SPDX-License-Identifier: Apache-2.0 */
/* A variant whose verdict stands leaves the session; the others go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define THREE "{ base: { image: 'shop:1' }, b: { image: 'shop:2' }, c: { image: 'shop:3' } }"

static enum sg_verdict verdict_of(const struct trial *trial, const char *variant)
{
    for (size_t i = 0; i < trial->judgement.variants_count; i++) {
        if (sg_streq(trial->judgement.variants[i].variant, variant)) {
            return trial->judgement.variants[i].verdict;
        }
    }
    fail_msg("no verdict of %s", variant);
    return SG_INVALID;
}

static void a_variant_that_died_is_not_started_again(void **state)
{
    (void)state;
    struct trial trial = {.variants = THREE};
    trial_run(&trial, "at variant=b,rep=2 dies 3\n");
    assert_true(trial.ok);
    assert_int_equal(verdict_of(&trial, "b"), SG_FAIL);
    assert_int_equal(verdict_of(&trial, "c"), SG_PASS);
    assert_int_equal(calls_with("load", "variant=b "), 3);
    assert_int_equal(counting(&trial.session, "b", 1), 2);
    assert_int_equal(counting(&trial.session, "b", 2), 0);
    assert_int_equal(counting(&trial.session, "c", 2), 3);
    assert_int_equal(counting(&trial.session, "base", 2), 3);
    trial_end(&trial);
}

/* b is far off and decided at the look after block 3; c lies on the edge until the end. */
static void a_decided_variant_leaves_the_others_to_go_on(void **state)
{
    (void)state;
    struct trial trial = {.variants = THREE,
                          .yaml = TRIAL_GATE "plan: { seed: 1, repetitions: 6..21, budget: 2h }\n"};
    trial_run(&trial, "factor b latency_p95 1.5\nfactor c latency_p95 1.045\n");
    assert_true(trial.ok);
    assert_int_equal(verdict_of(&trial, "b"), SG_FAIL);
    int last = trial.session.repetitions[trial.session.repetitions_count - 1].block;
    int last_of_b = 0;
    for (int block = 1; block <= last; block++) {
        last_of_b = counting(&trial.session, "b", block) > 0 ? block : last_of_b;
        assert_int_equal(counting(&trial.session, "base", block), 3);
        assert_int_equal(counting(&trial.session, "c", block), 3);
    }
    assert_true(last_of_b < last);
    assert_int_equal(3 * last_of_b, trial.judgement.results[0].decided_at);
    trial_end(&trial);
}

/* The warm-up told enough: no more of it, but in the block that it was counted in. */
static void the_session_ends_when_the_last_variant_is_decided(void **state)
{
    (void)state;
    struct trial trial = {.variants = THREE};
    trial_run(&trial, "at variant=b,rep=1 dies 3\nat variant=c,rep=1 dies 4\n");
    assert_verdict(&trial, SG_FAIL, "");
    assert_int_equal(verdict_of(&trial, "b"), SG_FAIL);
    assert_int_equal(verdict_of(&trial, "c"), SG_FAIL);
    assert_true(last_slot(&trial.session) <= 3 + 9);
    assert_int_equal(calls_with("load", "variant=b "), 2);
    assert_int_equal(calls_with("load", "variant=c "), 2);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variant_that_died_is_not_started_again),
        cmocka_unit_test(a_decided_variant_leaves_the_others_to_go_on),
        cmocka_unit_test(the_session_ends_when_the_last_variant_is_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
