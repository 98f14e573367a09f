/* SPDX-License-Identifier: Apache-2.0 */
/* What must not change a verdict, and what must mirror it (S10). */
#include "sim/tables.h"

#include <math.h>

enum rule { SCALE, PERMUTE, SHIFT_BLOCKS, SWAP, RULES };

static const char *const what[RULES] = {
    [SCALE] = "another unit: all values times a constant",
    [PERMUTE] = "another order of rows inside the blocks",
    [SHIFT_BLOCKS] = "a constant factor for each block",
    [SWAP] = "sides swapped: bounds and improvement are mirrored",
};

static void scale(struct noise_session *drawn, const struct noise *noise,
                  struct noise_source *source)
{
    double by = 5 * noise_normal(source);
    for (size_t i = 0; i < noise->blocks * NOISE_BLOCK; i++)
        drawn->y[0][i] += by;
}

static void shift_blocks(struct noise_session *drawn, const struct noise *noise,
                         struct noise_source *source)
{
    for (size_t b = 0; b < noise->blocks; b++) {
        double by = noise_normal(source);
        for (size_t i = b * NOISE_BLOCK; i < (b + 1) * NOISE_BLOCK; i++)
            drawn->y[0][i] += by;
    }
}

static void permute(struct noise_session *drawn, const struct noise *noise,
                    struct noise_source *source)
{
    for (size_t from = 0; from < noise->blocks * NOISE_BLOCK; from += NOISE_BLOCK) {
        int order[] = {0, 1, 2, 3, 4, 5};
        struct noise_session before = *drawn;
        sg_random_shuffle(&source->random, order, NOISE_BLOCK);
        for (size_t i = 0; i < NOISE_BLOCK; i++) {
            drawn->y[0][from + i] = before.y[0][from + (size_t)order[i]];
            drawn->candidate[from + i] = before.candidate[from + (size_t)order[i]];
        }
    }
}

static struct sg_judgement judge(struct world *world, const struct noise_session *drawn)
{
    struct sg_judgement judgement;
    world_fill(world, drawn);
    world_judge(world, &judgement);
    return judgement;
}

static bool near(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

static bool same(const struct sg_result *a, const struct sg_result *b)
{
    return a->verdict == b->verdict && a->decided_at == b->decided_at &&
           a->improved == b->improved && a->beyond == b->beyond && near(a->p, b->p) &&
           near(a->change, b->change) && near(a->low, b->low) && near(a->high, b->high);
}

/* At one look with alpha = beta, where the two sides of the interval are alike. */
static bool mirrored(const struct sg_result *a, const struct sg_result *b)
{
    return near(log1p(a->change), -log1p(b->change)) && near(log1p(a->low), -log1p(b->high)) &&
           near(log1p(a->high), -log1p(b->low)) && a->improved == (b->low > 0) &&
           b->improved == (a->low > 0);
}

static bool agrees(enum rule rule, struct world *world, const struct noise *noise,
                   const struct noise_session *drawn, struct noise_source *source)
{
    struct noise_session changed = *drawn;
    if (rule == SCALE)
        scale(&changed, noise, source);
    else if (rule == PERMUTE)
        permute(&changed, noise, source);
    else if (rule == SHIFT_BLOCKS)
        shift_blocks(&changed, noise, source);
    else
        for (size_t i = 0; i < noise->blocks * NOISE_BLOCK; i++)
            changed.candidate[i] = !changed.candidate[i];
    struct sg_judgement before = judge(world, drawn);
    struct sg_judgement after = judge(world, &changed);
    bool ok = rule == SWAP ? mirrored(&before.results[0], &after.results[0])
                           : same(&before.results[0], &after.results[0]);
    sg_judgement_clear(&before);
    sg_judgement_clear(&after);
    return ok;
}

static void run_mirror(const void *cell, uint64_t first, uint64_t count, struct tally *tally)
{
    struct noise noise = *(const struct noise *)cell;
    struct rules rules = rules_default();
    struct rules even = rules_default();
    even.alpha = even.beta;
    even.min_repetitions = even.max_repetitions;
    struct world world;
    struct world one_look;
    world_init(&world, &rules, 1, noise.blocks);
    world_init(&one_look, &even, 1, noise.blocks);
    for (uint64_t i = first; i < first + count; i++) {
        struct noise_session drawn;
        struct noise_source source;
        noise.effect = 0.03 * (double)(i % 4);
        noise_draw(&noise, 10000, i, &drawn);
        noise_seed(&source, 10001, i);
        for (int rule = 0; rule < RULES; rule++)
            tally->count[TALLY_DISAGREED + rule] += !agrees(
                (enum rule)rule, rule == SWAP ? &one_look : &world, &noise, &drawn, &source);
        tally->count[TALLY_SESSIONS]++;
    }
    world_clear(&world);
    world_clear(&one_look);
}

void table_mirror(struct book *book)
{
    uint64_t sessions = table_sessions(book, 2000, 20);
    uint64_t disagreed[RULES] = {0};
    for (int s = 0; s <= NOISE_UNEVEN; s++) {
        struct noise noise = {.shape = (enum noise_shape)s, .cv = 0.03, .metrics = 1, .blocks = 7};
        struct tally tally = table_run(book, run_mirror, &noise, sessions);
        for (int rule = 0; rule < RULES; rule++)
            disagreed[rule] += tally.count[TALLY_DISAGREED + rule];
    }
    struct bound *bound =
        book_bound(book, "S10", "results that should stay and differ", AT_MOST, 0);
    bound->plain = true;
    sg_text_printf(&book->text,
                   "%.0f sessions of each noise, true change 0, 3, 6, 9 %% in turn: verdict, "
                   "place, estimate, bounds and p-value before and after.\n\n| what is done | "
                   "results that differ |\n|---|---|\n",
                   (double)sessions);
    for (int rule = 0; rule < RULES; rule++) {
        (void)book_value(book, bound, (double)disagreed[rule], 0, "%s", what[rule]);
        sg_text_printf(&book->text, "| %s | %.0f |\n", what[rule], (double)disagreed[rule]);
    }
}
