/* SPDX-License-Identifier: Apache-2.0 */
/* The whole gate on real blocks: seven of them drawn with replacement, the labels inside each drawn
 * anew, an effect put on the candidate. Each session is judged twice, raw and adjusted. */
#include "sim/blocks.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "sim/run.h"
#include "stats/exact.h"

#define BLOCKS_DRAWN 7
#define LEVEL 0.025 /* one-sided: limits of 95 % */

/* What is counted, in place of run.h's list. */
enum { RAW, ADJUSTED, WAYS };
enum count {
    SEEN,
    PASSED,
    FAILED = PASSED + WAYS,
    REPETITIONS = FAILED + WAYS,
    LOST = REPETITIONS + WAYS, /* the wanted verdict raw, but not adjusted */
    GAINED,
    COUNTS
};
static_assert((int)COUNTS <= (int)TALLY_SIZE, "a tally holds what is counted here");

struct gate {
    const struct blocks *blocks;
    const struct blocks_metric *metric;
    const struct blocks_options *options;
    double effect;
    double scale_y, scale_z; /* of the logarithms: 1, or what brings them to options->noise */
};

/* SD over all repetitions: dealing spreads over blocks what was between them. */
static double spread_of_generator(const struct blocks *blocks)
{
    double mean = 0;
    double squares = 0;
    for (size_t r = 0; r < blocks->rows; r++)
        mean += blocks->z[r * BLOCKS_COVARIATES] / (double)blocks->rows;
    for (size_t r = 0; r < blocks->rows; r++)
        squares += pow(blocks->z[r * BLOCKS_COVARIATES] - mean, 2);
    return sqrt(squares / (double)(blocks->rows - 1));
}

/* Quiet data takes a control variate's value from anywhere; all of a repetition's stay together. */
static void deal(const struct gate *gate, struct sg_random *random, int *source)
{
    for (size_t r = 0; r < gate->blocks->rows; r++)
        source[r] = (int)r;
    if (gate->options->quiet)
        sg_random_shuffle(random, source, gate->blocks->rows);
}

/* Levels are left out: a block's own cancels. */
static void fill_block(const struct gate *gate, struct sg_random *random, const int *source,
                       const struct world *world, size_t block)
{
    int labels[NOISE_BLOCK] = {0, 0, 0, 1, 1, 1};
    size_t from = NOISE_BLOCK * (size_t)sg_random_below(random, gate->blocks->count);
    const double *y = gate->metric->y + from;
    double worse = gate->metric->sign * log1p(gate->effect);
    sg_random_shuffle(random, labels, NOISE_BLOCK);
    for (size_t i = 0; i < NOISE_BLOCK; i++) {
        struct sg_repetition *row = &world->session.repetitions[block * NOISE_BLOCK + i];
        const double *z = gate->blocks->z + (size_t)source[from + i] * BLOCKS_COVARIATES;
        row->variant = world->names[labels[i]];
        row->values[0] = exp(gate->scale_y * (y[i] - y[0]) + labels[i] * worse);
        row->values[1] = exp(gate->scale_z * (z[0] - gate->blocks->z[0]));
        if (gate->blocks->covariates > 1)
            row->values[2] = z[1];
        if (gate->blocks->covariates > 2)
            row->values[3] = exp(gate->scale_z * (z[2] - gate->blocks->z[2]));
        if (gate->blocks->covariates > 3)
            row->values[4] = exp(gate->scale_z * (z[3] - gate->blocks->z[3]));
    }
}

static enum sg_verdict judge(const struct world *world, int way, struct tally *tally)
{
    struct sg_judgement judgement;
    world->session.metrics[0].adjust = way == ADJUSTED;
    world_judge(world, &judgement);
    enum sg_verdict verdict = judgement.verdict;
    tally->count[PASSED + way] += verdict == SG_PASS;
    tally->count[FAILED + way] += verdict == SG_FAIL;
    tally->count[REPETITIONS + way] += (uint64_t)world_stopped_at(world, &judgement);
    sg_judgement_clear(&judgement);
    return verdict;
}

static void make_world(const struct gate *gate, struct world *world)
{
    struct rules rules = rules_default();
    rules.alpha = gate->options->alpha;
    rules.tolerance = gate->options->tolerance;
    rules.adjust = true;
    world_init(world, &rules, 1, BLOCKS_DRAWN);
    if (gate->metric->sign < 0)
        world->session.metrics[0].better = SG_HIGHER;
    if (gate->blocks->covariates > 1) {
        struct sg_metric *steal = sg_session_add_metric(&world->session, "steal");
        steal->role = SG_ROLE_COVARIATE;
        steal->scale = SG_SCALE_LINEAR;
    }
    if (gate->blocks->covariates > 2)
        sg_session_add_metric(&world->session, "core_contention")->role = SG_ROLE_COVARIATE;
    if (gate->blocks->covariates > 3)
        sg_session_add_metric(&world->session, "cache_contention")->role = SG_ROLE_COVARIATE;
}

static void run_gate(const void *cell, uint64_t first, uint64_t count, struct tally *tally)
{
    const struct gate *gate = cell;
    const enum sg_verdict wanted = gate->effect > 0 ? SG_FAIL : SG_PASS;
    int *source = sg_alloc(gate->blocks->rows, sizeof(*source));
    struct world world;
    make_world(gate, &world);
    for (uint64_t i = first; i < first + count; i++) {
        struct noise_source noise;
        noise_seed(&noise, gate->options->seed, i);
        deal(gate, &noise.random, source);
        for (size_t b = 0; b < BLOCKS_DRAWN; b++)
            fill_block(gate, &noise.random, source, &world, b);
        bool raw = judge(&world, RAW, tally) == wanted;
        bool adjusted = judge(&world, ADJUSTED, tally) == wanted;
        tally->count[SEEN]++;
        tally->count[LOST] += raw && !adjusted;
        tally->count[GAINED] += adjusted && !raw;
    }
    world_clear(&world);
    free(source);
}

static struct gate make_gate(const struct blocks *blocks, const struct blocks_metric *metric,
                             const struct blocks_options *options, double effect)
{
    struct gate gate = {blocks, metric, options, effect, 1, 1};
    if (options->quiet && options->noise > 0) {
        gate.scale_y = options->noise / blocks_noise(blocks, metric->y);
        gate.scale_z = options->noise / spread_of_generator(blocks);
    }
    return gate;
}

static void print_share(struct sg_text *out, uint64_t events, uint64_t trials)
{
    struct sg_count count = {(double)events, (double)trials};
    struct sg_interval limits = sg_clopper_pearson(count, LEVEL);
    sg_text_printf(out, " %.1f (%.1f – %.1f) |", 100 * count.events / count.trials,
                   100 * limits.low, 100 * limits.high);
}

static void print_verdicts(struct sg_text *out, const struct tally *tally)
{
    for (int way = RAW; way < WAYS; way++) {
        print_share(out, tally->count[PASSED + way], tally->count[SEEN]);
        print_share(out, tally->count[FAILED + way], tally->count[SEEN]);
        sg_text_printf(out, " %.1f |",
                       (double)tally->count[REPETITIONS + way] / (double)tally->count[SEEN]);
    }
}

/* Points lost in the wanted verdict, with normal limits for paired shares. A bound is missed when
 * the limits are beyond it. */
static bool print_loss(struct sg_text *out, const struct tally *tally, double bound)
{
    double n = (double)tally->count[SEEN];
    double lost = (double)tally->count[LOST] / n;
    double gained = (double)tally->count[GAINED] / n;
    double loss = lost - gained;
    double reach = 1.96 * sqrt(fmax(lost + gained - loss * loss, 0) / n);
    bool kept = loss - reach <= bound;
    sg_text_printf(out, " %.1f (%.1f – %.1f) | %.0f | %s |", 100 * loss, 100 * (loss - reach),
                   100 * (loss + reach), 100 * bound, kept ? "yes" : "**no**");
    return kept;
}

static void print_head(const struct blocks_options *options, struct sg_text *out)
{
    sg_text_printf(out,
                   "%.0f sessions a cell of %d blocks drawn with replacement, labels drawn anew; "
                   "alpha %g %%, tolerance %g %%, n ≤ %d. In %%, with 95 %% limits.",
                   (double)options->sessions, BLOCKS_DRAWN, 100 * options->alpha,
                   100 * options->tolerance, 3 * BLOCKS_DRAWN);
    if (options->quiet)
        sg_text_add(out,
                    " Each session deals the control variates anew over all repetitions. Lost: "
                    "points of pass without a change, of fail with one.");
    if (options->quiet && options->noise > 0)
        sg_text_printf(out, " Metric and generator are brought to an SD of %g %%.",
                       100 * options->noise);
    sg_text_printf(out,
                   "\n\n| metric | change | raw: pass | fail | n, mean | adjusted: pass | fail | "
                   "n, mean |%s\n|---|---|---|---|---|---|---|---|%s\n",
                   options->quiet ? " lost | at most | kept |" : "",
                   options->quiet ? "---|---|---|" : "");
}

size_t blocks_print_gate(const struct blocks *blocks, const struct blocks_options *options,
                         struct sg_text *out)
{
    static const struct {
        double effect, bound; /* most points lost where the data is quiet */
    } cells[] = {{0, 0.02}, {0.05, 0.06}, {0.10, 0.02}};
    size_t missed = 0;
    print_head(options, out);
    for (size_t m = 0; m < blocks->metrics_count; m++) {
        if (!blocks->metrics[m].adjust)
            continue;
        for (size_t c = 0; c < SG_COUNT(cells); c++) {
            struct gate gate = make_gate(blocks, &blocks->metrics[m], options, cells[c].effect);
            struct tally tally;
            run(run_gate, &gate, options->sessions, options->threads, &tally);
            sg_text_printf(out, "| %s | +%.0f %% |", gate.metric->label, 100 * gate.effect);
            print_verdicts(out, &tally);
            if (options->quiet)
                missed += !print_loss(out, &tally, cells[c].bound);
            sg_text_add(out, "\n");
        }
    }
    return missed;
}
