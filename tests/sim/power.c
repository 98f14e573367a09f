/* SPDX-License-Identifier: Apache-2.0 */
/* Right verdicts: +10 % is found (S3, S4), unchanged code passes (S6). */
#include "sim/tables.h"

static void print_row(struct book *book, const struct tally *tally)
{
    double sessions = (double)tally->count[TALLY_SESSIONS];
    for (int verdict = SG_PASS; verdict <= SG_INCONCLUSIVE; verdict++) {
        sg_text_add(&book->text, verdict == SG_PASS ? " " : " | ");
        book_print_share(book, table_verdicts(tally, (enum sg_verdict)verdict), sessions);
    }
    sg_text_printf(&book->text, " | %.2f |", tally_mean_repetitions(tally));
}

#define VERDICT_COLUMNS "pass | fail | inconclusive | n, mean |"

static void end_row(struct book *book, bool kept)
{
    sg_text_add(&book->text, kept ? "\n" : " **!**\n");
}

static void found_row(struct book *book, enum noise_shape shape, struct bound *found,
                      struct bound *soon)
{
    struct sides sides = table_sides(shape, 0.03, 8, 3000 + (uint64_t)shape);
    sides.noise.effect = 0.10;
    uint64_t sessions = table_sessions(book, 20000, 60);
    struct tally tally = table_run_sides(book, &sides, sessions);
    sg_text_printf(&book->text, "| %s | 8 | 6 … 21 |", noise_name(shape));
    print_row(book, &tally);
    bool kept = book_share(book, found, table_verdicts(&tally, SG_FAIL), (double)sessions, "%s",
                           noise_name(shape));
    kept = book_value(book, soon, tally_mean_repetitions(&tally), tally_error_of_mean(&tally), "%s",
                      noise_name(shape)) &&
           kept;
    end_row(book, kept);
}

static void fixed_row(struct book *book, enum noise_shape shape, struct bound *bound)
{
    struct sides sides = table_sides(shape, 0.03, 1, 3100 + (uint64_t)shape);
    sides.noise.effect = 0.10;
    table_fix(&sides, 9);
    uint64_t sessions = table_sessions(book, 20000, 60);
    struct tally tally = table_run_sides(book, &sides, sessions);
    sg_text_printf(&book->text, "| %s | 1 | 9 |", noise_name(shape));
    print_row(book, &tally);
    end_row(book, book_share(book, bound, table_verdicts(&tally, SG_FAIL), (double)sessions, "%s",
                             noise_name(shape)));
}

void table_found(struct book *book)
{
    struct bound *clear = book_bound(book, "S3", "+10 % fails: gauss, ar1, rw", AT_LEAST, 0.99);
    struct bound *every = book_bound(book, "S3", "+10 % fails: the other shapes", AT_LEAST, 0.96);
    struct bound *soon = book_bound(book, "S3", "repetitions until then, mean", AT_MOST, 13);
    soon->plain = true;
    struct bound *gauss =
        book_bound(book, "S3", "+10 % fails, fixed n = 9, one gate", AT_LEAST, 0.98);
    struct bound *outlier = book_bound(book, "S3", "the same with outliers", AT_LEAST, 0.90);
    sg_text_printf(&book->text,
                   "CV 3 %%, tolerance 5 %%; one of K metrics is worse by 10 %%; %.0f sessions a "
                   "row.\n\n| noise | K | n | " VERDICT_COLUMNS "\n|---|---|---|---|---|---|---|\n",
                   (double)table_sessions(book, 20000, 60));
    for (int s = 0; s <= NOISE_UNEVEN; s++) {
        bool quiet = s == NOISE_GAUSS || s == NOISE_AR1 || s == NOISE_WALK;
        found_row(book, (enum noise_shape)s, quiet ? clear : every, soon);
    }
    fixed_row(book, NOISE_GAUSS, gauss);
    fixed_row(book, NOISE_OUTLIER, outlier);
}

void table_noisy(struct book *book)
{
    static const struct {
        enum noise_shape shape;
        double least;
    } rows[] = {{NOISE_GAUSS, 0.95}, {NOISE_TWO_SPEED, 0.85}, {NOISE_OUTLIER, 0.78}};
    static const char *const what[] = {"+10 % fails at CV 5 %: gauss", "the same, two-speed",
                                       "the same, outlier"};
    uint64_t sessions = table_sessions(book, 20000, 60);
    sg_text_printf(
        &book->text,
        "CV 5 %%, tolerance 5 %%; one of eight metrics is worse by 10 %%. ρ: correlation "
        "between the metrics. %.0f sessions a row.\n\n| noise | ρ | " VERDICT_COLUMNS
        "\n|---|---|---|---|---|---|\n",
        (double)sessions);
    for (size_t r = 0; r < SG_COUNT(rows); r++) {
        struct bound *bound = book_bound(book, "S4", what[r], AT_LEAST, rows[r].least);
        for (int correlated = 0; correlated < 2; correlated++) {
            struct sides sides = table_sides(rows[r].shape, 0.05, 8, 4000 + 2 * r);
            sides.seed += (uint64_t)correlated;
            sides.noise.effect = 0.10;
            sides.noise.rho = correlated ? 0.7 : 0;
            struct tally tally = table_run_sides(book, &sides, sessions);
            sg_text_printf(&book->text, "| %s | %s |", noise_name(rows[r].shape),
                           correlated ? "0.7" : "0");
            print_row(book, &tally);
            end_row(book,
                    correlated || book_share(book, bound, table_verdicts(&tally, SG_FAIL),
                                             (double)sessions, "%s", noise_name(rows[r].shape)));
        }
    }
}

static uint64_t passes_sessions(const struct book *book)
{
    return table_sessions(book, 20000, 200);
}

static struct tally passes_row(struct book *book, struct sides *sides)
{
    struct tally tally = table_run_sides(book, sides, passes_sessions(book));
    sg_text_printf(&book->text, "| %s | %.3g %% | %zu |", noise_name(sides->noise.shape),
                   100 * sides->noise.cv, sides->noise.metrics);
    print_row(book, &tally);
    sg_text_printf(&book->text, " %d |", tally_median_repetitions(&tally));
    return tally;
}

static double stopped_by_9(const struct tally *tally)
{
    return (double)(tally->count[TALLY_STOPPED + 2] + tally->count[TALLY_STOPPED + 3]);
}

/* What docs/method.md 4.4 says a tolerance must be for 95 % of unchanged sessions to pass. */
static void enough_row(struct book *book, struct bound *bound, double ratio, size_t gates)
{
    struct sides sides = table_sides(NOISE_GAUSS, 0.05 / ratio, gates, 6100 + gates);
    struct tally tally = passes_row(book, &sides);
    end_row(book, book_share(book, bound, table_verdicts(&tally, SG_PASS),
                             (double)tally.count[TALLY_SESSIONS], "K = %zu", gates));
}

void table_passes(struct book *book)
{
    struct bound *most =
        book_bound(book, "S6", "an unchanged service passes, CV 3 %, one gate", AT_LEAST, 0.96);
    struct bound *uneven =
        book_bound(book, "S6", "the same, candidate twice as noisy", AT_LEAST, 0.84);
    struct bound *soon =
        book_bound(book, "S6", "stops at 9 repetitions or before: median n ≤ 9", AT_LEAST, 0.50);
    struct bound *enough = book_bound(
        book, "4.4", "an unchanged service passes, tolerance 1.3 times the noise (K = 8: 1.6)",
        AT_LEAST, 0.95);
    sg_text_printf(&book->text,
                   "No change, tolerance 5 %%; %.0f sessions a row.\n\n| noise | CV | K "
                   "| " VERDICT_COLUMNS " median |\n|---|---|---|---|---|---|---|---|\n",
                   (double)passes_sessions(book));
    for (int s = 0; s <= NOISE_UNEVEN; s++) {
        enum noise_shape shape = (enum noise_shape)s;
        struct sides sides = table_sides(shape, 0.03, 1, 6000 + (uint64_t)s);
        struct tally tally = passes_row(book, &sides);
        double sessions = (double)tally.count[TALLY_SESSIONS];
        bool kept = book_share(book, s == NOISE_UNEVEN ? uneven : most,
                               table_verdicts(&tally, SG_PASS), sessions, "%s", noise_name(shape));
        if (s != NOISE_UNEVEN)
            kept =
                book_share(book, soon, stopped_by_9(&tally), sessions, "%s", noise_name(shape)) &&
                kept;
        end_row(book, kept);
    }
    enough_row(book, enough, 1.3, 1);
    enough_row(book, enough, 1.6, 8);
}

void table_changes(struct book *book)
{
    static const double effects[] = {0, 0.02, 0.03, 0.05, 0.075, 0.10};
    static const double cvs[] = {0.02, 0.03, 0.05};
    uint64_t sessions = table_sessions(book, 40000, 50);
    sg_text_printf(&book->text,
                   "One gate with the share of alpha that one of eight has (0.125 %%), tolerance "
                   "5 %%, normal noise; %.0f sessions a row.\n\n| noise of one repetition | true "
                   "change | " VERDICT_COLUMNS "\n|---|---|---|---|---|---|\n",
                   (double)sessions);
    for (size_t c = 0; c < SG_COUNT(cvs); c++)
        for (size_t e = 0; e < SG_COUNT(effects); e++) {
            struct sides sides = table_sides(NOISE_GAUSS, cvs[c], 1, 8500 + 10 * c + e);
            sides.rules.alpha = 0.00125;
            sides.noise.effect = effects[e];
            struct tally tally = table_run_sides(book, &sides, sessions);
            sg_text_printf(&book->text, "| %g %% | %+g %% |", 100 * cvs[c], 100 * effects[e]);
            print_row(book, &tally);
            sg_text_add(&book->text, "\n");
        }
}
