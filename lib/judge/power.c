/* SPDX-License-Identifier: Apache-2.0 */
/* Chances of a gate by following two counts over blocks and looks: A, differences above zero, and
 * C, differences below the tolerance. Together they decide M11: pass when C is critical, fail when
 * A is critical and not more than half of all differences lie below the tolerance. */
#include "judge/power.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/boundaries.h"
#include "stats/distributions.h"
#include "stats/exact.h"

#define PAIRS 9 /* differences in a block */
_Static_assert(PAIRS == SG_BLOCK_SIDE * SG_BLOCK_SIDE, "a block is square");
#define CELLS (PAIRS + 1)
#define WIDTH ((size_t)PAIRS * SG_POWER_LOOKS + 1)

/* --- Looks --------------------------------------------------------------------------------- */

static void find_critical(const struct sg_looks *looks, const struct sg_law *law, double level,
                          size_t *out)
{
    const struct sg_law *laws[SG_POWER_LOOKS];
    double share[SG_POWER_LOOKS];
    size_t last = looks->blocks[looks->count - 1];
    for (size_t b = 0; b < last; b++)
        laws[b] = law;
    for (size_t look = 0; look < looks->count; look++) {
        share[look] = (double)looks->blocks[look] / (double)last;
        out[look] = SG_NEVER;
    }
    struct sg_schedule schedule = {laws, last, looks->blocks, share, looks->count};
    if (!sg_boundaries(&schedule, level, out, NULL))
        sg_out_of_memory();
}

static void init_law(bool signs, struct sg_law *out)
{
    bool ok = signs ? sg_law_signs(SG_BLOCK_SIDE, out)
                    : sg_law_ranks((struct sg_shape){SG_BLOCK_SIDE, SG_BLOCK_SIDE}, 1, out);
    if (!ok)
        sg_out_of_memory();
}

void sg_looks_init(struct sg_looks *looks, size_t first, size_t last, double alpha, double beta,
                   bool signs)
{
    struct sg_law law = {0};
    *looks = (struct sg_looks){.signs = signs};
    last = last > SG_POWER_LOOKS ? SG_POWER_LOOKS : last;
    first = first > last ? last : first;
    for (size_t b = first; b <= last; b++)
        looks->blocks[looks->count++] = b;
    init_law(signs, &law);
    find_critical(looks, &law, alpha, looks->fail);
    find_critical(looks, &law, beta, looks->pass);
    sg_law_free(&law);
}

int sg_looks_repetitions(const struct sg_looks *looks, size_t look)
{
    return (int)looks->blocks[look] * SG_BLOCK_SIDE;
}

/* --- One block ------------------------------------------------------------------------------ */

/* P(A = a, C = c) in one block of normal values, variant shifted by `shift`. */
struct block_law {
    double mass[CELLS][CELLS];
};

/* The variant's values are independent once the reference's are given: then the law is a sum over
 * where each of the three falls. Over the reference's values it is a sum on a grid. */
#define GRID 31
#define STEP 0.3 /* SDs, from −4.5 to 4.5 */

struct grid {
    double weight[GRID];
    double above[GRID]; /* P(variant < reference's value): where A grows */
    double below[GRID]; /* P(variant < value + threshold): where C falls */
};

static void grid_init(struct grid *grid, double shift, double threshold)
{
    double sum = 0;
    for (int i = 0; i < GRID; i++) {
        int from_middle = i - GRID / 2;
        double r = STEP * from_middle;
        grid->weight[i] = exp(-r * r / 2);
        sum += grid->weight[i];
        grid->above[i] = sg_normal_cdf(r - shift);
        grid->below[i] = sg_normal_cdf(r + threshold - shift);
    }
    for (int i = 0; i < GRID; i++)
        grid->weight[i] /= sum;
}

/* Where one value of the variant may fall among three of the reference: seven places with their
 * chances and what they add to A and C. `r`: three points of the grid, ascending. */
struct places {
    double chance[2 * SG_BLOCK_SIDE + 1];
    int a[2 * SG_BLOCK_SIDE + 1], c[2 * SG_BLOCK_SIDE + 1];
};

static void find_places(const struct grid *grid, const int *r, struct places *out)
{
    int a = 0;
    int b = 0;
    double before = 0;
    for (int k = 0; k <= 2 * SG_BLOCK_SIDE; k++) {
        double up = a < SG_BLOCK_SIDE ? grid->above[r[a]] : 1;
        double down = b < SG_BLOCK_SIDE ? grid->below[r[b]] : 1;
        double next = fmin(up, down);
        out->chance[k] = next - before;
        out->a[k] = a;
        out->c[k] = SG_BLOCK_SIDE - b;
        before = next;
        if (a < SG_BLOCK_SIDE && (b == SG_BLOCK_SIDE || up <= down))
            a++;
        else
            b++;
    }
}

/* All ways in which three values of the variant may fall, orders taken together. */
static void add_places(const struct places *p, double weight, struct block_law *law)
{
    for (int x = 0; x <= 2 * SG_BLOCK_SIDE; x++)
        for (int y = x; y <= 2 * SG_BLOCK_SIDE; y++)
            for (int z = y; z <= 2 * SG_BLOCK_SIDE; z++) {
                double orders = x == y && y == z ? 1 : x == y || y == z ? 3 : 6;
                law->mass[p->a[x] + p->a[y] + p->a[z]][p->c[x] + p->c[y] + p->c[z]] +=
                    weight * orders * p->chance[x] * p->chance[y] * p->chance[z];
            }
}

static void block_law_init(struct block_law *law, double shift, double threshold)
{
    struct grid grid;
    struct places places;
    memset(law, 0, sizeof(*law));
    grid_init(&grid, shift, threshold);
    for (int i = 0; i < GRID; i++)
        for (int j = i; j < GRID; j++)
            for (int k = j; k < GRID; k++) {
                double orders = i == j && j == k ? 1 : i == j || j == k ? 3 : 6;
                find_places(&grid, (const int[]){i, j, k}, &places);
                add_places(&places, orders * grid.weight[i] * grid.weight[j] * grid.weight[k], law);
            }
}

/* --- Over blocks and looks ------------------------------------------------------------------ */

/* P(A, C) of sessions still undecided, WIDTH × WIDTH. */
struct walk {
    double *mass, *work;
    size_t top; /* pairs so far: A and C at most */
};

static void walk_add(struct walk *walk, const struct block_law *law)
{
    size_t top = walk->top + PAIRS;
    memset(walk->work, 0, sizeof(double) * WIDTH * WIDTH);
    for (size_t a = 0; a <= walk->top; a++)
        for (size_t c = 0; c <= walk->top; c++) {
            double mass = walk->mass[a * WIDTH + c];
            if (!(mass > 0))
                continue;
            for (size_t i = 0; i < CELLS; i++)
                for (size_t k = 0; k < CELLS; k++)
                    walk->work[(a + i) * WIDTH + c + k] += mass * law->mass[i][k];
        }
    double *swap = walk->mass;
    walk->mass = walk->work;
    walk->work = swap;
    walk->top = top;
}

/* The share of sessions with these counts whose estimate reaches the threshold. With an even number
 * of differences, half of them below, the median is the mean of the two that embrace it: half. */
static double reaching(size_t below, size_t pairs)
{
    return 2 * below < pairs ? 1 : 2 * below == pairs ? 0.5 : 0;
}

static void walk_look(struct walk *walk, size_t critical_fail, size_t critical_pass, double *pass,
                      double *fail)
{
    for (size_t a = 0; a <= walk->top; a++)
        for (size_t c = 0; c <= walk->top; c++) {
            double *mass = &walk->mass[a * WIDTH + c];
            if (c >= critical_pass) {
                *pass += *mass;
                *mass = 0;
            } else if (a >= critical_fail) {
                double failed = *mass * reaching(c, walk->top);
                *fail += failed;
                *mass -= failed;
            }
        }
}

static void follow(const struct sg_looks *looks, double shift, double threshold,
                   struct sg_outcome *out)
{
    struct block_law law;
    double *room = sg_alloc(2 * WIDTH * WIDTH, sizeof(*room));
    struct walk walk = {room, room + WIDTH * WIDTH, 0};
    double pass = 0;
    double fail = 0;
    size_t block = 0;
    block_law_init(&law, shift, threshold);
    walk.mass[0] = 1;
    for (size_t look = 0; look < looks->count; look++) {
        for (; block < looks->blocks[look]; block++)
            walk_add(&walk, &law);
        walk_look(&walk, looks->fail[look], looks->pass[look], &pass, &fail);
        out->pass[look] = pass;
        out->fail[look] = fail;
    }
    free(room);
}

void sg_power_ranks(const struct sg_looks *looks, struct sg_effect effect, struct sg_outcome *out)
{
    *out = (struct sg_outcome){0};
    follow(looks, effect.shift, effect.pass, out);
    if (!(effect.fail > effect.pass))
        return;
    struct sg_outcome other = {0};
    follow(looks, effect.shift, effect.fail, &other);
    memcpy(out->fail, other.fail, sizeof(out->fail));
}

void sg_power_signs(const struct sg_looks *looks, double within, struct sg_outcome *out)
{
    *out = (struct sg_outcome){0};
    double mass[SG_POWER_LOOKS * SG_BLOCK_SIDE + 1] = {1}; /* values within the limit */
    size_t seen = 0;
    double pass = 0;
    double fail = 0;
    for (size_t look = 0; look < looks->count; look++) {
        for (; seen < looks->blocks[look] * SG_BLOCK_SIDE; seen++)
            for (size_t k = seen + 2; k-- > 0;)
                mass[k] =
                    (k <= seen ? mass[k] * (1 - within) : 0) + (k > 0 ? mass[k - 1] * within : 0);
        for (size_t k = 0; k <= seen; k++) {
            double *to = k >= looks->pass[look]          ? &pass
                         : seen - k >= looks->fail[look] ? &fail
                                                         : NULL;
            if (to) {
                *to += mass[k];
                mass[k] = 0;
            }
        }
        out->pass[look] = pass;
        out->fail[look] = fail;
    }
}

void sg_power_join(const struct sg_looks *looks, const struct sg_outcome *other,
                   struct sg_outcome *out)
{
    for (size_t look = 0; look < looks->count; look++) {
        out->pass[look] *= other->pass[look];
        out->fail[look] = 1 - (1 - out->fail[look]) * (1 - other->fail[look]);
    }
}

/* --- Answers -------------------------------------------------------------------------------- */

double sg_power_repetitions(const struct sg_looks *looks, const struct sg_outcome *outcome)
{
    double decided = 0;
    double mean = 0;
    for (size_t look = 0; look < looks->count; look++) {
        double now = outcome->pass[look] + outcome->fail[look];
        mean += (now - decided) * sg_looks_repetitions(looks, look);
        decided = now;
    }
    return mean + (1 - decided) * sg_looks_repetitions(looks, looks->count - 1);
}

/* Sums of many small chances may end a few roundings above 1. */
double sg_power_passes(const struct sg_looks *looks, const struct sg_outcome *outcome)
{
    return fmin(outcome->pass[looks->count - 1], 1);
}

double sg_power_fails(const struct sg_looks *looks, const struct sg_outcome *outcome)
{
    return fmin(outcome->fail[looks->count - 1], 1);
}

double sg_power_detectable(const struct sg_looks *looks, size_t look)
{
    struct sg_law law = {0};
    const struct sg_law *laws[SG_POWER_LOOKS];
    struct sg_shape shapes[SG_POWER_LOOKS];
    double shift = NAN;
    init_law(false, &law);
    for (size_t b = 0; b < SG_POWER_LOOKS; b++) {
        laws[b] = &law;
        shapes[b] = (struct sg_shape){SG_BLOCK_SIDE, SG_BLOCK_SIDE};
    }
    struct sg_schedule schedule = {laws, looks->blocks[look], looks->blocks, NULL, look + 1};
    if (!sg_detectable_shift(&schedule, shapes, looks->fail, 0.9, &shift))
        sg_out_of_memory();
    sg_law_free(&law);
    return shift;
}

static double pass_chance(const struct sg_looks *looks, double tolerance, double bias)
{
    struct sg_outcome outcome = {0};
    follow(looks, 0, tolerance * (1 - bias), &outcome);
    return sg_power_passes(looks, &outcome);
}

double sg_power_tolerance(const struct sg_looks *looks, double bias, double chance)
{
    double low = 0;
    double high = 16;
    if (pass_chance(looks, high, bias) < chance)
        return NAN;
    while (high - low > 1e-3 * high) {
        double middle = (low + high) / 2;
        if (pass_chance(looks, middle, bias) < chance)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static double fail_chance(const struct sg_looks *looks, double shift, double tolerance, double bias)
{
    struct sg_outcome outcome = {0};
    follow(looks, shift, tolerance * (1 + bias), &outcome);
    return sg_power_fails(looks, &outcome);
}

double sg_power_found(const struct sg_looks *looks, double tolerance, double bias, double chance)
{
    double low = 0;
    double high = tolerance * (1 + bias) + 8;
    if (fail_chance(looks, high, tolerance, bias) < chance)
        return NAN;
    while (high - low > 1e-3 * high) {
        double middle = (low + high) / 2;
        if (fail_chance(looks, middle, tolerance, bias) < chance)
            low = middle;
        else
            high = middle;
    }
    return high;
}
