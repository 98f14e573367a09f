/* SPDX-License-Identifier: Apache-2.0 */
/* Rates of counts before any data: events at a steady rate, without clusters. */
#include "judge/plan_parts.h"

#include "stats/distributions.h"
#include "stats/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double trials_at(const struct sg_plan_case *c, const struct sg_looks *looks, size_t look)
{
    return round(c->noise.trials * sg_looks_repetitions(looks, look));
}

/* Each look has its part of an error. */
static double z_of(double level, const struct sg_looks *looks)
{
    return -sg_normal_quantile(level / (double)looks->count);
}

/* SE of a difference of rates at a look, with one event added to each side, so that none at all
 * does not promise everything. */
static double rate_error(const struct sg_plan_case *c, const struct sg_looks *looks, size_t look,
                         double risen)
{
    double trials = trials_at(c, looks, look);
    double before = fmin(c->noise.rate + 1 / trials, 1);
    double after = fmin(c->noise.rate + risen + 1 / trials, 1);
    return sqrt((before * (1 - before) + after * (1 - after)) / trials);
}

/* --- A rise against the reference ------------------------------------------------------------ */

/* The difference of events, variant − reference, in SDs of one block's: normal, followed from look
 * to look on a grid (Armitage, McPherson and Rowe 1969). */
#define POINTS 401

struct drift {
    double mass[POINTS], next[POINTS];
    double step;
};

static double place(const struct drift *drift, int i)
{
    int from_middle = i - POINTS / 2;
    return drift->step * from_middle;
}

static void drift_add(struct drift *drift, double blocks)
{
    double weight[2 * POINTS - 1];
    for (int k = 0; k < 2 * POINTS - 1; k++) {
        double z = drift->step * (k - (POINTS - 1)) / sqrt(blocks);
        weight[k] = exp(-z * z / 2) * drift->step / sqrt(2 * 3.14159265358979323846 * blocks);
    }
    memset(drift->next, 0, sizeof(drift->next));
    for (int i = 0; i < POINTS; i++)
        for (int k = 0; drift->mass[i] > 0 && k < POINTS; k++)
            drift->next[k] += drift->mass[i] * weight[k - i + POINTS - 1];
    memcpy(drift->mass, drift->next, sizeof(drift->mass));
}

/* What lies below `bound`, of the cell in which it lies a part. */
static double drift_take(struct drift *drift, double bound)
{
    double taken = 0;
    for (int i = 0; i < POINTS; i++) {
        double share = (bound - place(drift, i)) / drift->step + 0.5;
        share = fmax(0, fmin(share, 1)) * drift->mass[i];
        taken += share;
        drift->mass[i] -= share;
    }
    return taken;
}

/* Pass when the upper bound of the rise, rise + z·SE, stays below the tolerance. */
static void rise_outcome(const struct sg_plan_case *c, const struct sg_looks *looks,
                         struct sg_outcome *out)
{
    double trials = c->noise.trials * SG_BLOCK_SIDE; /* a block and side */
    double sd = sqrt(2 * c->noise.rate * (1 - c->noise.rate) * trials);
    double blocks = 0;
    double passed = 0;
    struct drift drift = {.step = 12 * sqrt((double)looks->blocks[looks->count - 1]) / POINTS};
    drift.mass[POINTS / 2] = 1;
    for (size_t look = 0; look < looks->count; look++) {
        double room = c->theta - z_of(c->beta, looks) * rate_error(c, looks, look, 0);
        double bound = room * trials_at(c, looks, look); /* of the difference of events */
        if (sd > 0)
            drift_add(&drift, (double)looks->blocks[look] - blocks);
        blocks = (double)looks->blocks[look];
        passed += drift_take(&drift, sd > 0 ? bound / sd : bound > 0 ? INFINITY : -INFINITY);
        out->pass[look] = passed;
    }
}

/* --- A limit of the rate itself -------------------------------------------------------------- */

/* The most events with which Clopper and Pearson's upper bound stays within the limit, or −1. */
static double most_events(const struct sg_plan_case *c, const struct sg_looks *looks, size_t look)
{
    double trials = trials_at(c, looks, look);
    double low = -1;
    double high = trials;
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        struct sg_count count = {middle, trials};
        if (sg_clopper_pearson(count, c->beta / (double)looks->count).high <= c->gate->limit)
            low = middle;
        else
            high = middle;
    }
    return low;
}

#define EVENTS_MAX 2000

/* P(so many events) of sessions that have not passed; more than the last look allows are gone. */
static void add_events(double *mass, double *work, size_t room, double trials, double rate)
{
    memset(work, 0, room * sizeof(*work));
    for (size_t k = 0; k < room; k++) {
        double chance = sg_binomial_pmf((double)k, trials, rate);
        for (size_t i = 0; chance > 0 && i + k < room; i++)
            work[i + k] += mass[i] * chance;
    }
    memcpy(mass, work, room * sizeof(*mass));
}

static void follow_events(const struct sg_plan_case *c, const struct sg_looks *looks, size_t room,
                          struct sg_outcome *out)
{
    double *mass = sg_alloc(2 * room, sizeof(*mass));
    double seen = 0;
    double passed = 0;
    mass[0] = 1;
    for (size_t look = 0; look < looks->count; look++) {
        double trials = trials_at(c, looks, look);
        double most = most_events(c, looks, look);
        add_events(mass, mass + room, room, trials - seen, c->noise.rate);
        seen = trials;
        for (size_t k = 0; k < room && (double)k <= most; k++) {
            passed += mass[k];
            mass[k] = 0;
        }
        out->pass[look] = passed;
    }
    free(mass);
}

/* With very many events all looks agree: the chance so far is that of the best one. */
static void best_look(const struct sg_plan_case *c, const struct sg_looks *looks,
                      struct sg_outcome *out)
{
    double best = 0;
    for (size_t look = 0; look < looks->count; look++) {
        double most = most_events(c, looks, look);
        if (most >= 0)
            best = fmax(best, sg_binomial_lower(most, trials_at(c, looks, look), c->noise.rate));
        out->pass[look] = best;
    }
}

static void limit_outcome(const struct sg_plan_case *c, const struct sg_looks *looks,
                          struct sg_outcome *out)
{
    double most = most_events(c, looks, looks->count - 1);
    if (most < EVENTS_MAX)
        follow_events(c, looks, (size_t)(most + 2), out);
    else
        best_look(c, looks, out);
}

/* --- Together -------------------------------------------------------------------------------- */

void sg_plan_count_outcome(const struct sg_plan_case *c, const struct sg_looks *looks,
                           struct sg_outcome *out)
{
    struct sg_outcome limited = {0};
    *out = (struct sg_outcome){0};
    if (!c->compares) {
        limit_outcome(c, looks, out);
        return;
    }
    rise_outcome(c, looks, out);
    if (c->limits) {
        limit_outcome(c, looks, &limited);
        sg_power_join(looks, &limited, out);
    }
}

double sg_plan_count_found(const struct sg_plan_case *c, const struct sg_looks *looks, bool judged)
{
    size_t last = looks->count - 1;
    double power = sg_normal_quantile(SG_PLAN_ENOUGH);
    double least = z_of(c->alpha, looks) * rate_error(c, looks, last, 0);
    double rise = 0;
    if (judged)
        least = fmax(c->theta, least);
    for (int step = 0; step < 20; step++) /* its own error grows with it: to a fixed point */
        rise = least + power * rate_error(c, looks, last, rise);
    return rise;
}
