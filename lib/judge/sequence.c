/* SPDX-License-Identifier: Apache-2.0 */
/* Critical integers, levels and detectable shifts of a sequential test, each computed once.
 * The sizes were checked at the beginning: what fails behind that, fails because memory ran out. */
#include "judge/sequence.h"

#include <math.h>
#include <stdlib.h>

/* Multiplications of one pass over all blocks, times the looks: about half a second a level. */
#define COST_MAX 5e8
#define POWER 0.9

struct sg_known {
    double alpha;
    size_t *critical;
    double *detectable; /* a look; negative: not yet computed */
    double *levels;     /* look by look, for each sum; negative: not yet computed */
};

static size_t top_of(struct sg_shape shape, bool signs)
{
    return signs ? (size_t)shape.variant : (size_t)shape.reference * (size_t)shape.variant;
}

static bool check_size(const struct sg_shape *shapes, size_t blocks, size_t looks, bool signs,
                       struct sg_error *err)
{
    double sum = 1;
    double cost = 0;
    for (size_t b = 0; b < blocks; b++) {
        double top = signs ? shapes[b].variant : (double)shapes[b].reference * shapes[b].variant;
        if (top > SG_PAIRS_MAX)
            return sg_fail(err, SG_ERROR_CONFIG,
                           "a block of %d + %d repetitions is too large for the exact test (at "
                           "most %d pairs); give a block column that splits the data",
                           shapes[b].reference, shapes[b].variant, SG_PAIRS_MAX);
        cost += sum * (top + 1);
        sum += top;
    }
    if (cost * (double)looks > COST_MAX)
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%zu blocks with %.0f pairs in all are too many for the exact test with "
                       "%zu look%s; judge fewer or smaller blocks",
                       blocks, sum - 1, looks, looks == 1 ? "" : "s");
    return true;
}

static size_t same_top(const struct sg_shape *shapes, size_t b, bool signs)
{
    size_t same = 0;
    while (same < b && (shapes[same].variant != shapes[b].variant ||
                        (!signs && shapes[same].reference != shapes[b].reference)))
        same++;
    return same;
}

bool sg_sequence_init(struct sg_sequence *sequence, const struct sg_shape *shapes, bool signs,
                      const struct sg_schedule *schedule, struct sg_error *err)
{
    size_t blocks = schedule->blocks;
    if (!check_size(shapes, blocks, schedule->looks, signs, err))
        return false;
    *sequence = (struct sg_sequence){.schedule = *schedule};
    sequence->shapes = sg_alloc(blocks + 1, sizeof(*sequence->shapes));
    sequence->own = sg_alloc(blocks + 1, sizeof(*sequence->own));
    sequence->laws = sg_alloc(blocks + 1, sizeof(const struct sg_law *));
    sequence->schedule.laws = sequence->laws;
    for (size_t b = 0; b < blocks; b++) {
        sequence->shapes[b] = shapes[b];
        size_t same = same_top(shapes, b, signs);
        sequence->laws[b] = &sequence->own[same];
        bool ok = same < b || (signs ? sg_law_signs(top_of(shapes[b], true), &sequence->own[b])
                                     : sg_law_ranks(shapes[b], 1, &sequence->own[b]));
        if (!ok)
            sg_out_of_memory();
    }
    return true;
}

void sg_sequence_clear(struct sg_sequence *sequence)
{
    for (size_t b = 0; sequence->own && b < sequence->schedule.blocks; b++)
        sg_law_free(&sequence->own[b]);
    for (size_t k = 0; k < sequence->known_count; k++) {
        free(sequence->known[k].critical);
        free(sequence->known[k].detectable);
        free(sequence->known[k].levels);
    }
    free(sequence->known);
    free(sequence->shapes);
    free(sequence->own);
    free(sequence->laws);
    *sequence = (struct sg_sequence){0};
}

static struct sg_known *compute(struct sg_sequence *sequence, double alpha)
{
    size_t looks = sequence->schedule.looks;
    sequence->known = sg_grow(sequence->known, sequence->known_count, sizeof(*sequence->known));
    struct sg_known *known = &sequence->known[sequence->known_count];
    known->alpha = alpha;
    known->critical = sg_alloc(looks + 1, sizeof(*known->critical));
    known->detectable = sg_alloc(looks + 1, sizeof(*known->detectable));
    if (!sg_boundaries(&sequence->schedule, alpha, known->critical, NULL))
        sg_out_of_memory();
    for (size_t look = 0; look < looks; look++)
        known->detectable[look] = -1;
    sequence->last = sequence->known_count++;
    return known;
}

/* Errors are compared bit by bit: they come from the same computation. */
static struct sg_known *lookup(struct sg_sequence *sequence, double alpha)
{
    for (size_t i = 0; i < sequence->known_count; i++) {
        size_t k = (sequence->last + i) % sequence->known_count;
        if (!(sequence->known[k].alpha < alpha) && !(sequence->known[k].alpha > alpha)) {
            sequence->last = k;
            return &sequence->known[k];
        }
    }
    return compute(sequence, alpha);
}

size_t sg_sequence_critical(struct sg_sequence *sequence, size_t look, double alpha)
{
    return lookup(sequence, alpha)->critical[look];
}

static size_t sums(const struct sg_sequence *sequence)
{
    size_t count = 1;
    for (size_t b = 0; b < sequence->schedule.blocks; b++)
        count += sequence->laws[b]->top;
    return count;
}

double sg_sequence_level(struct sg_sequence *sequence, size_t look, size_t sum, double alpha)
{
    struct sg_known *known = lookup(sequence, alpha);
    size_t width = sums(sequence);
    size_t cells = sequence->schedule.looks * width;
    if (!known->levels) {
        known->levels = sg_alloc(cells + 1, sizeof(*known->levels));
        for (size_t i = 0; i < cells; i++)
            known->levels[i] = -1;
    }
    double *level = &known->levels[look * width + sum];
    if (*level >= 0)
        return *level;
    bool crossed = sum >= known->critical[look];
    if (!sg_crossing_level(&sequence->schedule, look, sum, crossed ? 0 : alpha, crossed ? alpha : 1,
                           level))
        sg_out_of_memory();
    return *level;
}

double sg_sequence_detectable(struct sg_sequence *sequence, size_t look, double alpha)
{
    struct sg_known *known = lookup(sequence, alpha);
    if (!(known->detectable[look] < 0))
        return known->detectable[look];
    struct sg_schedule upto = sequence->schedule;
    upto.looks = look + 1;
    upto.blocks = upto.look_blocks[look];
    if (!sg_detectable_shift(&upto, sequence->shapes, known->critical, POWER,
                             &known->detectable[look]))
        sg_out_of_memory();
    return known->detectable[look];
}

static struct sg_schedule alone(const struct sg_sequence *sequence, const size_t *blocks)
{
    static const double whole = 1;
    struct sg_schedule one = sequence->schedule;
    one.looks = 1;
    one.look_blocks = blocks;
    one.blocks = *blocks;
    one.share = &whole;
    return one;
}

size_t sg_sequence_alone(const struct sg_sequence *sequence, size_t look, double alpha)
{
    struct sg_schedule one = alone(sequence, &sequence->schedule.look_blocks[look]);
    size_t critical = SG_NEVER;
    if (!sg_boundaries(&one, alpha, &critical, NULL))
        sg_out_of_memory();
    return critical;
}

double sg_sequence_tail(const struct sg_sequence *sequence, size_t look, size_t sum)
{
    struct sg_schedule one = alone(sequence, &sequence->schedule.look_blocks[look]);
    double tail = 1;
    if (!sg_crossing(&one, &sum, &tail))
        sg_out_of_memory();
    return tail;
}
