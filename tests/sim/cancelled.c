/* SPDX-License-Identifier: Apache-2.0 */
/* Noise cancelling (docs/method.md 4.7): verdicts with control variates of every kind. */
#include "sim/tables.h"

struct row {
    enum noise_witness witness;
    double cv;
};

static const struct row rows[] = {
    {WITNESS_NONE, 0.03},      {WITNESS_UNRELATED, 0.03}, {WITNESS_NONE, 0.07},
    {WITNESS_UNRELATED, 0.07}, {WITNESS_NONE, 0.10},      {WITNESS_RELATED, 0.10},
    {WITNESS_WEAK, 0.10},      {WITNESS_HEAVY, 0.10},     {WITNESS_OPPOSITE, 0.10},
};

struct promises {
    struct bound *fails, *passes, *cancelled, *found;
};

static uint64_t cancelled_sessions(const struct book *book)
{
    return table_sessions(book, 40000, 60);
}

static struct tally run_row(struct book *book, const struct row *row, double effect, uint64_t seed)
{
    struct sides sides = table_sides(NOISE_GAUSS, row->cv, 1, seed);
    sides.rules.alpha = 0.0025;
    sides.rules.adjust = row->witness != WITNESS_NONE;
    sides.noise.witness = row->witness;
    sides.noise.effect = effect;
    return table_run_sides(book, &sides, cancelled_sessions(book));
}

static void print_row(struct book *book, size_t index, const struct promises *promises)
{
    const struct row *row = &rows[index];
    const char *label = noise_witness_name(row->witness);
    struct tally same = run_row(book, row, 0, 8700 + 10 * index);
    struct tally edge = run_row(book, row, 0.05, 8701 + 10 * index);
    struct tally worse = run_row(book, row, 0.10, 8702 + 10 * index);
    double sessions = (double)same.count[TALLY_SESSIONS];
    double passed = table_verdicts(&same, SG_PASS);
    double failed = table_verdicts(&same, SG_FAIL);
    double found = table_verdicts(&worse, SG_FAIL);
    bool kept = true;
    if (row->witness != WITNESS_NONE) {
        kept = book_share(book, promises->fails, failed, sessions, "%s", label) && kept;
        kept = book_share(book, promises->passes, table_verdicts(&edge, SG_PASS), sessions, "%s",
                          label) &&
               kept;
    }
    if (row->witness == WITNESS_RELATED) {
        kept = book_share(book, promises->cancelled, passed, sessions, "%s", "") && kept;
        kept = book_share(book, promises->found, found, sessions, "%s", "") && kept;
    }
    sg_text_printf(&book->text, "| %s | %g %% | %.2f / %.2f | %.2f | %.2f | %.2f | %.2f |%s\n",
                   label, 100 * row->cv, 100 * passed / sessions, 100 * failed / sessions,
                   tally_mean_repetitions(&same), 100 * table_verdicts(&edge, SG_PASS) / sessions,
                   100 * found / sessions, tally_mean_repetitions(&worse), kept ? "" : " **!**");
}

void table_cancelled(struct book *book)
{
    struct promises promises = {
        book_bound(book, "4.7", "an unchanged service fails, one gate of four, control variates",
                   AT_MOST, 0.0045),
        book_bound(book, "4.7", "a change of the whole tolerance passes, control variates", AT_MOST,
                   0.055),
        book_bound(book, "4.7", "shared noise of 10 % is cancelled: unchanged passes", AT_LEAST,
                   0.96),
        book_bound(book, "4.7", "the same: +10 % fails", AT_LEAST, 0.96)};
    sg_text_printf(
        &book->text,
        "One gate of four (alpha 0.25 %%), tolerance 5 %%, normal noise; %.0f sessions a "
        "cell.\n\n| control variate | noise | no change: pass / fail %% | n, mean | "
        "+5 %%: pass %% | +10 %%: fail %% | n, mean |\n|---|---|---|---|---|---|---|\n",
        (double)cancelled_sessions(book));
    for (size_t r = 0; r < SG_COUNT(rows); r++)
        print_row(book, r, &promises);
}
