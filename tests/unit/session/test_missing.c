/* SPDX-License-Identifier: Apache-2.0 */
/* A session whose engine gives less than all: what no gate needs spoils no verdict, and equal work
 * is then shown by k6's own counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/session/session.h"

#define NO_NETWORK                                                                                 \
    "at * missing network_rx_per_request\nat * missing network_tx_per_request\n"                   \
    "at * missing connections_per_request\nat * finding note series\n"

static void network_that_no_gate_needs_may_be_missing(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, NO_NETWORK);
    assert_verdict(&trial, SG_PASS, "");
    assert_true(trial.judgement.results[0].adjusted);
    trial_end(&trial);
}

static void network_may_be_missing_side_by_side(void **state)
{
    (void)state;
    struct trial trial = {.yaml = TRIAL_GATE "plan: { seed: 1, design: sliced }\n"};
    trial_run(&trial, NO_NETWORK);
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

static void cpu_time_that_no_gate_needs_may_be_missing(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, "at * missing cpu_per_request\nat * missing cpu_cores\n");
    assert_verdict(&trial, SG_PASS, "");
    trial_end(&trial);
}

/* The variant gets other answers: its generator had other work, whoever counted it. */
static void without_the_network_equal_work_is_shown_by_k6s_bytes(void **state)
{
    (void)state;
    struct trial trial = {0};
    trial_run(&trial, NO_NETWORK "factor candidate bytes_received_per_request 1.5\n");
    assert_false(trial.judgement.results[0].adjusted);
    assert_non_null(strstr(trial.judgement.results[0].adjust_reason, "bytes_received_per_request"));
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_that_no_gate_needs_may_be_missing),
        cmocka_unit_test(network_may_be_missing_side_by_side),
        cmocka_unit_test(cpu_time_that_no_gate_needs_may_be_missing),
        cmocka_unit_test(without_the_network_equal_work_is_shown_by_k6s_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
