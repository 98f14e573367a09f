/* SPDX-License-Identifier: Apache-2.0 */
/* The list of tables and what they share. */
#include "sim/tables.h"

const struct table tables[] = {
    {"S1", "S1: unchanged code fails in at most 1 % of sessions", table_unchanged},
    {"S2", "S2: the size of the test is the one that was counted", table_size},
    {"S2b", "S2b: the same with a wide first block", table_wide},
    {"S2w", "S2 with control variates", table_witness},
    {"S3", "S3: +10 % is found among eight gates", table_found},
    {"S4", "S4: +10 % is found in twice the noise", table_noisy},
    {"S5", "S5: a change of the whole tolerance passes in at most 5.5 %", table_edge},
    {"S6", "S6: unchanged code passes, soon", table_passes},
    {"S7", "S7: the random order is what protects", table_order},
    {"S8", "S8: against a stored baseline", table_stored},
    {"M18a", "M18a: a limit that few repetitions all break", table_limit},
    {"S10", "S10: what must not change a verdict", table_mirror},
    {"cancelled", "Noise cancelling: what it brings, what it costs", table_cancelled},
    {"changes", "Verdicts by size of the change", table_changes},
};
const size_t tables_count = SG_COUNT(tables);

uint64_t table_sessions(const struct book *book, uint64_t full, uint64_t quick)
{
    if (book->options->sessions > 0)
        return book->options->sessions;
    return book->options->quick ? quick : full;
}

struct tally table_run(const struct book *book, run_part *part, const void *cell, uint64_t sessions)
{
    struct tally tally;
    run(part, cell, sessions, book->options->threads, &tally);
    return tally;
}

struct tally table_run_sides(const struct book *book, const struct sides *sides, uint64_t sessions)
{
    return table_run(book, run_sides, sides, sessions);
}

struct sides table_sides(enum noise_shape shape, double cv, size_t gates, uint64_t seed)
{
    return (struct sides){.noise = {.shape = shape, .cv = cv, .metrics = gates, .blocks = 7},
                          .rules = rules_default(),
                          .seed = seed};
}

void table_fix(struct sides *sides, int repetitions)
{
    sides->rules.min_repetitions = sides->rules.max_repetitions = repetitions;
    sides->noise.blocks = (size_t)repetitions / 3;
}
