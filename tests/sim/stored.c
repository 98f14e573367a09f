/* SPDX-License-Identifier: Apache-2.0 */
/* The stored baseline (S8): sessions that differ by themselves. */
#include "sim/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STORED_MOST 20
#define REPETITIONS 6

struct stored {
    double within, between; /* SD of a repetition, of sessions */
    double effect;
    size_t sessions; /* J */
    uint64_t seed;
};

static void fill(struct world *world, const struct stored *stored, struct noise_source *source,
                 double effect)
{
    double session = stored->between * noise_normal(source) + log1p(effect);
    for (size_t r = 0; r < REPETITIONS; r++)
        world->session.repetitions[r].values[0] =
            0.1 * exp(session + stored->within * noise_normal(source));
}

static enum sg_verdict judge(const struct world *now, const struct sg_session *then, size_t count)
{
    struct sg_judgement judgement;
    struct sg_error err = {0};
    if (!sg_judge_stored(&now->session, NULL, then, count, &judgement, &err)) {
        fprintf(stderr, "sim: the judge refuses: %s\n", err.text);
        exit(5);
    }
    enum sg_verdict verdict = judgement.verdict;
    sg_judgement_clear(&judgement);
    return verdict;
}

static void run_stored(const void *cell, uint64_t first, uint64_t count, struct tally *tally)
{
    const struct stored *stored = cell;
    struct rules rules = rules_default();
    struct world worlds[STORED_MOST + 1]; /* the last one is new */
    struct sg_session then[STORED_MOST];  /* borrows from the others */
    for (size_t j = 0; j <= stored->sessions; j++)
        world_init_single(&worlds[j], &rules, REPETITIONS);
    struct world *now = &worlds[stored->sessions];
    for (uint64_t i = first; i < first + count; i++) {
        struct noise_source source;
        noise_seed(&source, stored->seed, i);
        for (size_t j = 0; j < stored->sessions; j++) {
            fill(&worlds[j], stored, &source, 0);
            then[j] = worlds[j].session;
        }
        fill(now, stored, &source, stored->effect);
        tally->count[TALLY_VERDICT + (int)judge(now, then, stored->sessions)]++;
        tally->count[TALLY_SESSIONS]++;
    }
    for (size_t j = 0; j <= stored->sessions; j++)
        world_clear(&worlds[j]);
}

struct promises {
    struct bound *fails, *passes, *too_few;
};

/* What stays just below its bound takes more sessions to show. */
static uint64_t stored_sessions(const struct book *book, double effect)
{
    bool edge = effect > 0.04 && effect < 0.06;
    return table_sessions(book, edge ? 100000 : 40000, 120);
}

static void print_cell(struct book *book, const struct stored *stored,
                       const struct promises *promises)
{
    uint64_t sessions = stored_sessions(book, stored->effect);
    struct tally tally = table_run(book, run_stored, stored, sessions);
    double all = (double)sessions;
    double passed = table_verdicts(&tally, SG_PASS);
    double failed = table_verdicts(&tally, SG_FAIL);
    bool kept = true;
    if (stored->sessions < 4)
        kept = book_value(book, promises->too_few, all - table_verdicts(&tally, SG_INCONCLUSIVE), 0,
                          "J = %zu", stored->sessions);
    else if (stored->effect < 0.01)
        kept = book_share(book, promises->fails, failed, all, "J = %zu, σ %g %%", stored->sessions,
                          100 * stored->between);
    else if (stored->effect < 0.06)
        kept = book_share(book, promises->passes, passed, all, "J = %zu, σ %g %%", stored->sessions,
                          100 * stored->between);
    sg_text_printf(&book->text, " %.2f / %.2f%s |", 100 * passed / all, 100 * failed / all,
                   kept ? "" : " **!**");
}

void table_stored(struct book *book)
{
    static const double between[] = {0, 0.01, 0.02, 0.04};
    static const size_t counts[] = {3, 4, 8, 20};
    static const double effects[] = {0, 0.05, 0.10};
    struct promises promises = {
        book_bound(book, "S8", "stored baseline: an unchanged service fails", AT_MOST, 0.012),
        book_bound(book, "S8", "a change of the whole tolerance passes", AT_MOST, 0.055),
        book_bound(book, "S8", "verdicts with fewer than four sessions", AT_MOST, 0)};
    promises.too_few->plain = true;
    sg_text_printf(
        &book->text,
        "J stored sessions of six repetitions, noise 3 %% within and σ between sessions; "
        "one gate, tolerance 5 %%. PASS %% / FAIL %%, the rest inconclusive; %.0f "
        "sessions a cell (+5 %%: %.0f).\n\n| σ | J | no change | +5 %% | +10 %% "
        "|\n|---|---|---|---|---|\n",
        (double)stored_sessions(book, 0), (double)stored_sessions(book, 0.05));
    uint64_t seed = 8000;
    for (size_t b = 0; b < SG_COUNT(between); b++)
        for (size_t j = 0; j < SG_COUNT(counts); j++) {
            sg_text_printf(&book->text, "| %g %% | %zu |", 100 * between[b], counts[j]);
            for (size_t e = 0; e < SG_COUNT(effects); e++) {
                struct stored stored = {.within = 0.03,
                                        .between = between[b],
                                        .effect = effects[e],
                                        .sessions = counts[j],
                                        .seed = seed++};
                print_cell(book, &stored, &promises);
            }
            sg_text_add(&book->text, "\n");
        }
}
