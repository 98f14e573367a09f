/* SPDX-License-Identifier: Apache-2.0 */
/* The tables: what is simulated, and what must come out. */
#ifndef SG_TESTS_SIM_TABLES_H
#define SG_TESTS_SIM_TABLES_H

#include "sim/book.h"
#include "sim/run.h"

struct table {
    const char *name, *title;
    void (*print)(struct book *book);
};

extern const struct table tables[];
extern const size_t tables_count;

/* How many sessions a cell gets. */
uint64_t table_sessions(const struct book *book, uint64_t full, uint64_t quick);
struct tally table_run(const struct book *book, run_part *part, const void *cell,
                       uint64_t sessions);
struct tally table_run_sides(const struct book *book, const struct sides *sides, uint64_t sessions);

/* Default rules, `gates` metrics of this noise, seven blocks. */
struct sides table_sides(enum noise_shape shape, double cv, size_t gates, uint64_t seed);
/* One look at this many repetitions a side. */
void table_fix(struct sides *sides, int repetitions);

static inline double table_verdicts(const struct tally *tally, enum sg_verdict verdict)
{
    return (double)tally->count[TALLY_VERDICT + (int)verdict];
}

void table_unchanged(struct book *book); /* S1, errors.c */
void table_size(struct book *book);      /* S2, size.c */
void table_witness(struct book *book);   /* S2 with control variates, slopes.c */
void table_wide(struct book *book);      /* S2b */
void table_order(struct book *book);     /* S7 */
void table_found(struct book *book);     /* S3, power.c */
void table_noisy(struct book *book);     /* S4 */
void table_edge(struct book *book);      /* S5, errors.c */
void table_passes(struct book *book);    /* S6, power.c */
void table_cancelled(struct book *book); /* docs/method.md 4.7, cancelled.c */
void table_changes(struct book *book);   /* docs/method.md 4.4 */
void table_stored(struct book *book);    /* S8, stored.c */
void table_limit(struct book *book);     /* docs/method.md 4.6, limit.c */
void table_mirror(struct book *book);    /* S10, mirror.c */

#endif
