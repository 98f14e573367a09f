/* SPDX-License-Identifier: Apache-2.0 */
/* Is the test still exact when control variates are taken out (docs/method.md 4.7)? Slopes come
 * from the library; differences are counted here, which is a hundred times as fast as a judgement
 * and lets slopes of wrong rules in. The first sessions of each cell are judged, too: the judge has
 * to say the same. */
#include "sim/slopes.h"

#include <math.h>
#include <stdlib.h>

#include "sim/tables.h"
#include "stats/boundaries.h"
#include "stats/exact.h"

#define BLOCKS SLOPE_BLOCKS
#define LOOKS (BLOCKS - 1)
#define TOLERANCE 0.05
#define LEVEL_CAUGHT 5e-7 /* one-sided: a wrong rule is caught beyond this limit */

/* The errors of the three tests, and what looks at 6, 9, … 21 really spend of them (4.3). */
enum { WORSE_1, WORSE_8, GOOD, TESTS };
static const double errors[TESTS] = {0.01, 0.00125, 0.05};
static const double spent[TESTS] = {0.009155, 0.001047, 0.046634};

/* What is counted, in place of run.h's list. */
enum { SEEN, CROSSED, DISAGREED = CROSSED + TESTS };

struct cell {
    struct noise noise;
    uint64_t seed, judged; /* so many sessions are judged, too */
    slope_rule *rule;
    size_t critical[TESTS][LOOKS];
};

/* --- Counting ------------------------------------------------------------------------------ */

static void find_criticals(struct cell *cell)
{
    struct sg_law law;
    const struct sg_law *laws[BLOCKS];
    size_t look_blocks[LOOKS];
    double share[LOOKS];
    bool ok = sg_law_ranks((struct sg_shape){SLOPE_SIDE, SLOPE_SIDE}, 1, &law);
    for (size_t b = 0; b < BLOCKS; b++)
        laws[b] = &law;
    for (size_t l = 0; l < LOOKS; l++) {
        look_blocks[l] = l + 2;
        share[l] = (double)(l + 2) / BLOCKS;
    }
    struct sg_schedule schedule = {laws, BLOCKS, look_blocks, share, LOOKS};
    for (int t = 0; ok && t < TESTS; t++)
        ok = sg_boundaries(&schedule, errors[t], cell->critical[t], NULL);
    sg_law_free(&law);
    if (!ok)
        exit(5);
}

/* Which of the tests says so at some look: worse than 0, better than the tolerance. */
static void count_session(const struct cell *cell, const struct noise_session *drawn,
                          const double *gamma, bool *crossed)
{
    size_t above = 0;
    size_t below = 0;
    for (size_t b = 0; b < BLOCKS; b++) {
        double d[SLOPE_PAIRS];
        slope_differences(drawn, b, gamma[b], d);
        for (size_t i = 0; i < SLOPE_PAIRS; i++) {
            above += d[i] > 0;
            below += d[i] < log1p(TOLERANCE);
        }
        for (int t = 0; b > 0 && t < TESTS; t++)
            crossed[t] = crossed[t] || (t == GOOD ? below : above) >= cell->critical[t][b - 1];
    }
}

/* FAIL means "ever L > 0" as in size.c. */
static bool judged_worse(struct world *world, double alpha)
{
    struct sg_judgement judgement;
    world->session.plan.alpha = alpha;
    world_judge(world, &judgement);
    bool worse = judgement.verdict == SG_FAIL;
    sg_judgement_clear(&judgement);
    return worse;
}

static void run_cell(const void *argument, uint64_t first, uint64_t count, struct tally *tally)
{
    const struct cell *cell = argument;
    struct rules rules = rules_default();
    rules.beta = 1e-12;
    rules.tolerance = 1e-9;
    rules.adjust = true;
    struct world world;
    struct noise_session drawn;
    world_init(&world, &rules, 1, BLOCKS);
    for (uint64_t i = first; i < first + count; i++) {
        double gamma[BLOCKS];
        bool crossed[TESTS] = {false};
        noise_draw(&cell->noise, cell->seed, i, &drawn);
        world_fill(&world, &drawn);
        cell->rule(&(struct slope_session){&drawn, &world}, gamma);
        count_session(cell, &drawn, gamma, crossed);
        tally->count[SEEN]++;
        for (int t = 0; t < TESTS; t++)
            tally->count[CROSSED + t] += crossed[t];
        for (int t = 0; i < cell->judged && t < GOOD; t++)
            tally->count[DISAGREED] += judged_worse(&world, errors[t]) != crossed[t];
    }
    world_clear(&world);
}

/* --- Tables -------------------------------------------------------------------------------- */

static struct cell make_cell(enum noise_witness witness, enum noise_shape shape, double effect,
                             slope_rule *rule)
{
    struct cell cell = {.noise = {.shape = shape,
                                  .cv = 0.07,
                                  .metrics = 1,
                                  .blocks = BLOCKS,
                                  .witness = witness,
                                  .effect = effect},
                        .seed = 2100 + 10 * (uint64_t)witness + (uint64_t)shape,
                        .rule = rule};
    find_criticals(&cell);
    return cell;
}

/* Most of them where the claim is: of unchanged code under normal noise. */
static uint64_t sessions_of(const struct book *book, enum noise_shape shape, double effect)
{
    bool most = shape == NOISE_GAUSS && !(effect > 0);
    return table_sessions(book, most ? 1000000 : 100000, 1500);
}

static uint64_t judged_of(const struct book *book)
{
    return sessions_of(book, NOISE_WALK, 0) / 100;
}

static struct tally run_it(const struct book *book, const struct cell *cell)
{
    uint64_t sessions = sessions_of(book, cell->noise.shape, cell->noise.effect);
    return table_run(book, run_cell, cell, sessions);
}

static void print_share(struct book *book, const struct tally *tally, int test)
{
    double n = (double)tally->count[SEEN];
    double share = (double)tally->count[CROSSED + test] / n;
    sg_text_printf(&book->text, " %.4f ± %.4f %%", 100 * share,
                   100 * sqrt(share * (1 - share) / n));
}

static void size_share(struct book *book, struct bound *bound, const struct tally *tally, int test,
                       const char *label)
{
    double n = (double)tally->count[SEEN];
    double crossed = (double)tally->count[CROSSED + test];
    bool kept;
    if (book->options->quick)
        kept = book_share(book, bound, crossed, n, "%s", label);
    else
        kept = book_value(book, bound, crossed / n, sqrt(spent[test] * (1 - spent[test]) / n), "%s",
                          label);
    print_share(book, tally, test);
    sg_text_add(&book->text, kept ? " |" : " **!** |");
}

struct promises {
    struct bound *exact[TESTS], *agree;
};

static void print_row(struct book *book, const struct promises *promises,
                      enum noise_witness witness, enum noise_shape shape)
{
    const char *label = noise_witness_name(witness);
    struct cell same = make_cell(witness, shape, 0, slopes_of_the_judge);
    struct cell edge = make_cell(witness, shape, TOLERANCE, slopes_of_the_judge);
    same.judged = judged_of(book);
    edge.seed += 1000;
    struct tally unchanged = run_it(book, &same);
    struct tally worse = run_it(book, &edge);
    sg_text_printf(&book->text, "| %s | %s |", label, noise_name(shape));
    for (int t = 0; t < TESTS; t++)
        size_share(book, promises->exact[t], t == GOOD ? &worse : &unchanged, t, label);
    (void)book_value(book, promises->agree, (double)unchanged.count[DISAGREED], 0, "%s", label);
    sg_text_add(&book->text, "\n");
}

/* A wrong rule has to be seen as wrong, else this table could show nothing. */
static void print_wrong(struct book *book, struct bound *bound, const char *what, slope_rule *rule,
                        int test)
{
    double limit = test == GOOD ? 0.10 : spent[test];
    struct cell cell = make_cell(WITNESS_RELATED, NOISE_GAUSS, test == GOOD ? TOLERANCE : 0, rule);
    cell.noise.cv = 0.03; /* the smaller the noise, the larger a change's share of the spread */
    struct tally tally = run_it(book, &cell);
    struct sg_count share = {(double)tally.count[CROSSED + test], (double)tally.count[SEEN]};
    bool caught = sg_clopper_pearson(share, LEVEL_CAUGHT).low > limit;
    (void)book_value(book, bound, caught ? 0 : 1, 0, "%s", what);
    sg_text_printf(&book->text, "| %s |", what);
    for (int t = 0; t < TESTS; t++) {
        if (t == test)
            print_share(book, &tally, t);
        sg_text_add(&book->text, t != test ? " |" : caught ? ", caught |" : " **!** |");
    }
    sg_text_add(&book->text, "\n");
}

static struct bound *plain_bound(struct book *book, const char *what)
{
    struct bound *bound = book_bound(book, "S2", what, AT_MOST, 0);
    bound->plain = true;
    return bound;
}

void table_witness(struct book *book)
{
    static const enum noise_shape shapes[] = {NOISE_GAUSS, NOISE_TWO_SPEED, NOISE_WALK};
    struct promises promises = {
        {book_bound(book, "S2", "at 1 %, control variates taken out", EQUALS, spent[WORSE_1]),
         book_bound(book, "S2", "at 0.125 %, control variates taken out", EQUALS, spent[WORSE_8]),
         book_bound(book, "S2", "a change of the whole tolerance is \"better than it\" at 5 %",
                    EQUALS, spent[GOOD])},
        plain_bound(book, "judgements that differ from the counts made beside them")};
    struct bound *teeth = plain_bound(book, "wrong rules for the slope that are not caught");
    sg_text_printf(
        &book->text,
        "The same with noise cancelling on; noise of 7 %%; %.0f sessions of unchanged "
        "code under normal noise, %.0f in every other number. No control variate, "
        "however wrong, may raise it. Beside it the other side: how often a change of "
        "the whole tolerance is called better than that. Counted: 0.9155 %%, 0.1047 %% "
        "and 4.6634 %%. Differences are counted beside the judge; of each row it is asked "
        "about the first %.0f sessions, too.\n\n| control variate | noise | worse at all, α = 1 %% "
        "| α = "
        "0.125 %% | within the tolerance, β = 5 %% |\n|---|---|---|---|---|\n",
        (double)sessions_of(book, NOISE_GAUSS, 0), (double)sessions_of(book, NOISE_WALK, 0),
        (double)judged_of(book));
    for (int w = WITNESS_RELATED; w < WITNESS_KINDS; w++)
        for (size_t s = 0; s < SG_COUNT(shapes); s++)
            print_row(book, &promises, (enum noise_witness)w, shapes[s]);
    sg_text_add(&book->text,
                "\nTwo rules that are wrong on purpose, so that it is known that this table would "
                "show it; noise of 3 %. Caught is what is surely above what is counted, or above "
                "10 % of changes called within the tolerance.\n\n| slope | α = 1 % | α = 0.125 % | "
                "β = 5 % |\n|---|---|---|---|\n");
    print_wrong(book, teeth, "of each block the one that makes the variant look worst",
                slopes_that_look_worst, WORSE_1);
    print_wrong(book, teeth, "the block itself in the sums, labels not looked at",
                slopes_of_the_block_too, GOOD);
}
