/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate awake: CPUs that do not fall asleep, for as long as somebody waits. */
#include <stdlib.h>

#include "base/clock.h"
#include "testbench/testbench.h"
#include "verbs.h"

static const struct sg_option no_rows[] = {{NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL}};

static int run(const struct verb *verb, int argc, char **argv)
{
    struct sg_strings words = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, NULL, &words, &status)) {
        return status;
    }
    sg_interrupt_install();
    bool ok = (words.count == 1 && sg_config_is_cpus(words.items[0])) ||
              sg_fail(&err, SG_ERROR_CONFIG, "write: svcgate awake CPUS, for example 0-1,3");
    ok = ok && sg_awake_hold(words.items[0], &err);
    status = ok ? EXIT_PASS : report_error(&err);
    sg_strings_clear(&words);
    return status;
}

const struct verb verb_awake = {
    "awake", "keep CPUs from falling asleep while it runs",
    "svcgate awake CPUS\n\n"
    "Keeps CPUs (0-1,3) awake until standard input ends, as a session does for\n"
    "service and generator. What `testbench.keep_awake: sudo` starts by sudo: a\n"
    "sudoers rule for it alone is enough.",
    no_rows, run};
