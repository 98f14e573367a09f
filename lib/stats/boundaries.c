/* SPDX-License-Identifier: Apache-2.0 */
/* Exact laws of counts, their sums over blocks, and critical integers of sequential looks. */
#include "stats/boundaries.h"

#include "stats/distributions.h"
#include "stats/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SQRT_HALF 0.70710678118654752440
#define SLACK (1 + 1e-12) /* an exact equality counts as within the error */

void sg_law_free(struct sg_law *law)
{
    free(law->mass);
    law->mass = NULL;
    law->top = 0;
}

/* rows[j] holds the law with (i, j) values left; from i − 1 to i. The smallest value is a reference
 * with probability i/(i + j·hazard), and then lies below j of the variant's. In place, from the
 * top: what is read lies below what is written. */
static void add_reference(double *rows, size_t width, size_t i, size_t variants, double hazard)
{
    for (size_t j = 1; j <= variants; j++) {
        double *row = rows + j * width;
        const double *before = row - width;
        double take = (double)i / ((double)i + (double)j * hazard);
        size_t before_top = i * (j - 1);
        for (size_t u = i * j + 1; u-- > 0;) {
            double mass = u >= j ? take * row[u - j] : 0;
            row[u] = mass + (u <= before_top ? (1 - take) * before[u] : 0);
        }
    }
}

static void reverse(double *values, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        double moved = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = moved;
    }
}

bool sg_law_ranks(struct sg_shape shape, double hazard, struct sg_law *out)
{
    if (shape.reference < 0 || shape.variant < 0 ||
        (double)shape.reference * shape.variant > SG_PAIRS_MAX)
        return false;
    /* rows for the smaller side: with the sides swapped the count is what is left of all pairs */
    bool swap = shape.variant > shape.reference;
    size_t m = (size_t)(swap ? shape.variant : shape.reference);
    size_t n = (size_t)(swap ? shape.reference : shape.variant);
    size_t width = m * n + 1;
    double *rows = calloc((n + 1) * width, sizeof(*rows));
    if (!rows)
        return false;
    for (size_t j = 0; j <= n; j++)
        rows[j * width] = 1;
    for (size_t i = 1; i <= m; i++)
        add_reference(rows, width, i, n, swap ? 1 / hazard : hazard);
    memmove(rows, rows + n * width, width * sizeof(*rows));
    if (swap)
        reverse(rows, width);
    double *mass = realloc(rows, width * sizeof(*rows));
    out->mass = mass ? mass : rows;
    out->top = width - 1;
    return true;
}

bool sg_law_signs(size_t count, struct sg_law *out)
{
    if (count > SG_PAIRS_MAX)
        return false;
    double *mass = calloc(count + 1, sizeof(*mass));
    if (!mass)
        return false;
    for (size_t k = 0; k <= count; k++)
        mass[k] = sg_binomial_pmf((double)k, (double)count, 0.5);
    out->mass = mass;
    out->top = count;
    return true;
}

/* The law of the sum so far, less what earlier looks have absorbed. `mass` beyond `top` is 0. */
struct walk {
    double *mass;
    double *work;
    size_t top;
};

static bool walk_init(struct walk *walk, const struct sg_schedule *schedule)
{
    size_t room = 1;
    for (size_t b = 0; b < schedule->blocks; b++)
        room += schedule->laws[b] ? schedule->laws[b]->top : 0;
    walk->mass = calloc(2 * room, sizeof(double));
    if (!walk->mass)
        return false;
    walk->work = walk->mass + room;
    walk->mass[0] = 1;
    walk->top = 0;
    return true;
}

static void walk_add(struct walk *walk, const struct sg_law *law)
{
    if (!law)
        return;
    size_t top = walk->top + law->top;
    memset(walk->work, 0, (top + 1) * sizeof(double));
    for (size_t u = 0; u <= walk->top; u++) {
        double mass = walk->mass[u];
        if (mass > 0)
            for (size_t k = 0; k <= law->top; k++)
                walk->work[u + k] += mass * law->mass[k];
    }
    memcpy(walk->mass, walk->work, (top + 1) * sizeof(double));
    walk->top = top;
}

static double walk_absorb(struct walk *walk, size_t critical)
{
    double absorbed = 0;
    for (size_t u = walk->top + 1; u-- > 0 && u >= critical;) {
        absorbed += walk->mass[u];
        walk->mass[u] = 0;
    }
    return absorbed;
}

/* The smallest critical integer whose tail fits into `budget`. */
static size_t walk_critical(const struct walk *walk, double budget)
{
    size_t critical = SG_NEVER;
    double tail = 0;
    for (size_t u = walk->top + 1; u-- > 0;) {
        tail += walk->mass[u];
        if (tail > budget)
            break;
        if (walk->mass[u] > 0)
            critical = u;
    }
    return critical;
}

bool sg_boundaries(const struct sg_schedule *schedule, double alpha, size_t *out_critical,
                   double *out_spent)
{
    struct walk walk;
    if (!walk_init(&walk, schedule))
        return false;
    double spent = 0;
    size_t block = 0;
    for (size_t look = 0; look < schedule->looks; look++) {
        for (; block < schedule->look_blocks[look]; block++)
            walk_add(&walk, schedule->laws[block]);
        double budget = alpha * schedule->share[look] * SLACK - spent;
        out_critical[look] = walk_critical(&walk, budget);
        spent += walk_absorb(&walk, out_critical[look]);
    }
    if (out_spent)
        *out_spent = spent;
    free(walk.mass);
    return true;
}

bool sg_crossing(const struct sg_schedule *schedule, const size_t *critical, double *out)
{
    struct walk walk;
    if (!walk_init(&walk, schedule))
        return false;
    double crossed = 0;
    size_t block = 0;
    for (size_t look = 0; look < schedule->looks; look++) {
        for (; block < schedule->look_blocks[look]; block++)
            walk_add(&walk, schedule->laws[block]);
        crossed += walk_absorb(&walk, critical[look]);
    }
    *out = crossed;
    free(walk.mass);
    return true;
}

bool sg_crossing_level(const struct sg_schedule *schedule, size_t look, size_t sum, double low,
                       double high, double *out)
{
    struct sg_schedule upto = *schedule;
    upto.looks = look + 1;
    upto.blocks = upto.look_blocks[look];
    if (look == 0) { /* nothing was spent before: the tail itself */
        double tail;
        if (!sg_crossing(&upto, &sum, &tail))
            return false;
        *out = fmax(low, fmin(tail / upto.share[0], high));
        return true;
    }
    size_t *critical = calloc(upto.looks + 1, sizeof(*critical));
    if (!critical)
        return false;
    bool ok = true;
    for (int step = 0; ok && step < 60 && high - low > 1e-13 * high; step++) {
        double middle = low + (high - low) / 2;
        ok = sg_boundaries(&upto, middle / SLACK, critical, NULL);
        if (sum >= critical[look])
            high = middle;
        else
            low = middle;
    }
    free(critical);
    if (ok)
        *out = high;
    return ok;
}

/* Laws under a shift; equal shapes share one. `own` has room for one law a block. */
static bool shifted_laws(const struct sg_schedule *schedule, const struct sg_shape *shapes,
                         double shift, struct sg_law *own, const struct sg_law **out)
{
    double above = sg_normal_cdf(shift * SQRT_HALF); /* P(variant > reference) */
    double hazard = (1 - above) / above;
    for (size_t b = 0; b < schedule->blocks; b++) {
        size_t same = 0;
        while (same < b && (shapes[same].reference != shapes[b].reference ||
                            shapes[same].variant != shapes[b].variant))
            same++;
        if (same == b && !sg_law_ranks(shapes[b], hazard, &own[b]))
            return false;
        out[b] = &own[same];
    }
    return true;
}

static bool shifted_power(const struct sg_schedule *schedule, const struct sg_shape *shapes,
                          const size_t *critical, double shift, double *out)
{
    size_t room = schedule->blocks + 1;
    struct sg_law *own = calloc(room, sizeof(*own));
    const struct sg_law **laws = calloc(room, sizeof(const struct sg_law *));
    struct sg_schedule shifted = *schedule;
    shifted.laws = laws;
    bool ok = own && laws && shifted_laws(schedule, shapes, shift, own, laws) &&
              sg_crossing(&shifted, critical, out);
    for (size_t b = 0; own && b < schedule->blocks; b++)
        sg_law_free(&own[b]);
    free(own);
    free(laws);
    return ok;
}

/* Sums of so many differences are as good as normal, and the recursion would take long. */
#define EXACT_PAIRS 2500

static double large_shift(const struct sg_schedule *schedule, const struct sg_shape *shapes,
                          size_t critical, double power)
{
    double pairs = 0;
    double variance = 0; /* of the count without effect: mn(m + n + 1)/12 a block */
    for (size_t b = 0; b < schedule->blocks; b++) {
        double m = shapes[b].reference;
        double n = shapes[b].variant;
        pairs += m * n;
        variance += m * n * (m + n + 1) / 12;
    }
    double above = ((double)critical + sg_normal_quantile(power) * sqrt(variance)) / pairs;
    return above < 1 ? sg_normal_quantile(above) / SQRT_HALF : NAN;
}

bool sg_detectable_shift(const struct sg_schedule *schedule, const struct sg_shape *shapes,
                         const size_t *critical, double power, double *out)
{
    size_t pairs = 0;
    for (size_t b = 0; b < schedule->blocks; b++)
        pairs += schedule->laws[b] ? schedule->laws[b]->top : 0;
    size_t last = schedule->looks > 0 ? critical[schedule->looks - 1] : SG_NEVER;
    if (pairs > EXACT_PAIRS) {
        *out = last == SG_NEVER ? NAN : large_shift(schedule, shapes, last, power);
        return true;
    }
    double low = 0;
    double high = 8; /* SDs; what even this does not show, nothing will */
    double reached;
    if (!shifted_power(schedule, shapes, critical, high, &reached))
        return false;
    if (reached < power) {
        *out = NAN;
        return true;
    }
    while (high - low > 1e-4 * high) {
        double middle = (low + high) / 2;
        if (!shifted_power(schedule, shapes, critical, middle, &reached))
            return false;
        if (reached < power)
            low = middle;
        else
            high = middle;
    }
    *out = high;
    return true;
}
