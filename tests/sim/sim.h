/* SPDX-License-Identifier: Apache-2.0 */
/* The program's verbs; they give its exit status. */
#ifndef SG_TESTS_SIM_SIM_H
#define SG_TESTS_SIM_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "sim/book.h"

struct sim_dump {
    const char *shape;
    double cv, effect; /* 0.03 is 3 % */
    unsigned long sessions;
    uint64_t seed;
    size_t per_side; /* repetitions a side, a multiple of three */
};

int sim_dump(const struct sim_dump *dump);
/* 0: all bounds kept; 1: one is missed. */
int sim_table(const char *name, const struct book_options *options);
int sim_report(const struct book_options *options);
/* Real repetitions of unchanged code; the words after "blocks", which are put into another order.
 * 1: control variates that know nothing cost more than they may. */
int sim_blocks(int count, char **words);

#endif
