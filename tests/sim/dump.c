/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated sessions as CSV, so that other programs can be asked about the same numbers. */
#include "sim/sim.h"

#include <math.h>
#include <stdio.h>

#include "sim/noise.h"

static void print_session(const struct noise *noise, uint64_t seed, unsigned long number)
{
    struct noise_session session;
    noise_draw(noise, seed, number, &session);
    for (size_t i = 0; i < noise->blocks * NOISE_BLOCK; i++)
        printf("%lu,%zu,%zu,%s,%.17g\n", number + 1, i + 1, i / NOISE_BLOCK + 1,
               session.candidate[i] ? "candidate" : "base", 0.1 * exp(session.y[0][i]));
}

int sim_dump(const struct sim_dump *dump)
{
    struct noise noise = {.shape = noise_find(dump->shape),
                          .cv = dump->cv,
                          .effect = dump->effect,
                          .metrics = 1,
                          .blocks = dump->per_side / 3};
    if (noise.shape == NOISE_SHAPES || dump->per_side % 3 != 0 || noise.blocks == 0 ||
        noise.blocks * NOISE_BLOCK > NOISE_SLOTS) {
        fputs("sim: SHAPE is one of those in tests/sim/README.md; PER_SIDE is 3, 6, … 60\n",
              stderr);
        return 4;
    }
    puts("session,slot,block,variant,value");
    for (unsigned long number = 0; number < dump->sessions; number++)
        print_session(&noise, dump->seed, number);
    return ferror(stdout) ? 5 : 0;
}
