/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of noise and the order of slots. */
#include "sim/noise.h"

#include <math.h>
#include <string.h>

static const char *const names[NOISE_SHAPES] = {
    [NOISE_GAUSS] = "gauss",     [NOISE_OUTLIER] = "outlier", [NOISE_PARETO] = "pareto",
    [NOISE_BIMODAL] = "bimodal", [NOISE_AR1] = "ar1",         [NOISE_TWO_SPEED] = "two-speed",
    [NOISE_WALK] = "rw",         [NOISE_TREND] = "trend",     [NOISE_UNEVEN] = "uneven",
    [NOISE_PERIOD2] = "period2", [NOISE_REBOUND] = "rebound",
};

static const char *const witnesses[WITNESS_KINDS] = {
    [WITNESS_NONE] = "none",
    [WITNESS_RELATED] = "goes with the noise (r² = 0.9)",
    [WITNESS_WEAK] = "goes with it weakly (r² = 0.3)",
    [WITNESS_UNRELATED] = "unrelated",
    [WITNESS_SOMETIMES] = "related in half of the blocks",
    [WITNESS_OPPOSITE] = "the wrong sign",
    [WITNESS_STEEP] = "slope 0.1 in place of 0.9",
    [WITNESS_HEAVY] = "related, 5 % wild (Cauchy)",
    [WITNESS_CAUCHY] = "related, Cauchy noise",
};

const char *noise_witness_name(enum noise_witness kind)
{
    return witnesses[kind];
}

const char *noise_name(enum noise_shape shape)
{
    return names[shape];
}

enum noise_shape noise_find(const char *name)
{
    int shape = 0;
    while (shape < NOISE_SHAPES && strcmp(names[shape], name) != 0)
        shape++;
    return (enum noise_shape)shape;
}

void noise_seed(struct noise_source *source, uint64_t seed, uint64_t number)
{
    uint64_t state = seed;
    sg_random_seed(&source->random, sg_splitmix64(&state) ^ number);
    source->has_spare = false;
}

double noise_normal(struct noise_source *source)
{
    if (source->has_spare) {
        source->has_spare = false;
        return source->spare;
    }
    double radius = sqrt(-2 * log(1 - sg_random_unit(&source->random)));
    double angle = 6.283185307179586 * sg_random_unit(&source->random);
    source->spare = radius * sin(angle);
    source->has_spare = true;
    return radius * cos(angle);
}

static bool happens(struct noise_source *source, double probability)
{
    return sg_random_unit(&source->random) < probability;
}

/* Lomax: (1 − u)^(−1/3) − 1 has the SD √0.75. */
static double lomax(struct noise_source *source)
{
    return (pow(1 - sg_random_unit(&source->random), -1.0 / 3) - 1) / 0.866;
}

/* Stationary from the first slot on. */
static void autoregressive(struct noise_source *source, double memory, double *out, size_t slots)
{
    double fresh = sqrt(1 - memory * memory);
    for (size_t i = 0; i < slots; i++)
        out[i] = i == 0 ? noise_normal(source) : memory * out[i - 1] + fresh * noise_normal(source);
}

static void two_speeds(struct noise_source *source, double *out, size_t slots)
{
    bool slow = happens(source, 0.5);
    for (size_t i = 0; i < slots; i++) {
        slow = happens(source, 0.12) ? !slow : slow;
        out[i] = 0.6 * noise_normal(source) + (slow ? 3 : 0);
    }
}

static void walk(struct noise_source *source, double *out, size_t slots)
{
    double place = 0;
    for (size_t i = 0; i < slots; i++) {
        place += 0.5 * noise_normal(source);
        out[i] = place + 0.8 * noise_normal(source);
    }
}

/* Shapes without memory. */
static double independent(struct noise_source *source, enum noise_shape shape, size_t slot)
{
    if (shape == NOISE_PARETO)
        return lomax(source);
    if (shape == NOISE_BIMODAL)
        return 0.4 * noise_normal(source) + (happens(source, 0.3) ? 2 : 0);
    double value = noise_normal(source);
    if (shape == NOISE_OUTLIER && happens(source, 0.1))
        value -= 4 * log(1 - sg_random_unit(&source->random));
    if (shape == NOISE_TREND)
        value += 0.3 * (double)slot;
    if (shape == NOISE_PERIOD2)
        value += slot % 2 ? 0.6 : 0;
    return value;
}

/* One path over all slots, in units of the CV. */
static void path(struct noise_source *source, enum noise_shape shape, double *out, size_t slots)
{
    switch (shape) {
    case NOISE_AR1:
        autoregressive(source, 0.7, out, slots);
        break;
    case NOISE_REBOUND:
        autoregressive(source, -0.5, out, slots);
        break;
    case NOISE_TWO_SPEED:
        two_speeds(source, out, slots);
        break;
    case NOISE_WALK:
        walk(source, out, slots);
        break;
    default:
        for (size_t i = 0; i < slots; i++)
            out[i] = independent(source, shape, i);
    }
}

static void draw_order(const struct noise *noise, struct noise_source *source,
                       struct noise_session *out)
{
    for (size_t at = 0, size; at < noise->blocks * NOISE_BLOCK; at += size) {
        int order[2 * NOISE_BLOCK] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
        size = at == 0 && noise->wide ? 2 * NOISE_BLOCK : NOISE_BLOCK;
        if (!noise->alternating)
            sg_random_shuffle(&source->random, order, size);
        for (size_t i = 0; i < size; i++)
            out->candidate[at + i] = order[i] == 1;
    }
}

static double witness(enum noise_witness kind, struct noise_source *source, double host)
{
    double own = noise_normal(source);
    switch (kind) {
    case WITNESS_WEAK:
        return host + 1.5 * own;
    case WITNESS_UNRELATED:
        return own;
    case WITNESS_OPPOSITE:
        return -host + own / 3;
    case WITNESS_STEEP:
        return 10 * (host + own / 3);
    case WITNESS_HEAVY: /* the ratio of two normal values is Cauchy's */
        return host + own / 3 + (happens(source, 0.05) ? 10 * own / noise_normal(source) : 0);
    case WITNESS_CAUCHY:
        return host + own / noise_normal(source) / 3;
    default: /* 1/9 of the host's variance on top: a squared correlation of 0.9 */
        return host + own / 3;
    }
}

static void draw_witness(const struct noise *noise, struct noise_source *source,
                         struct noise_session *out)
{
    size_t slots = noise->blocks * NOISE_BLOCK;
    enum noise_witness kind = noise->witness;
    for (size_t i = 0; i < slots; i++) {
        if (noise->witness == WITNESS_SOMETIMES && i % NOISE_BLOCK == 0)
            kind = happens(source, 0.5) ? WITNESS_RELATED : WITNESS_UNRELATED;
        out->witness[i] = noise->cv * witness(kind, source, out->y[0][i]);
    }
}

static void mix(const struct noise *noise, const double *common, double *own, size_t slots)
{
    for (size_t i = 0; i < slots; i++)
        own[i] = sqrt(noise->rho) * common[i] + sqrt(1 - noise->rho) * own[i];
}

static double scaled(const struct noise *noise, double value, bool candidate, bool moved)
{
    double width = noise->shape == NOISE_UNEVEN && candidate ? 2 * noise->cv : noise->cv;
    return width * value + (candidate && moved ? log1p(noise->effect) : 0);
}

void noise_draw(const struct noise *noise, uint64_t seed, uint64_t number,
                struct noise_session *out)
{
    struct noise_source source;
    noise_seed(&source, seed, number);
    size_t slots = noise->blocks * NOISE_BLOCK;
    double common[NOISE_SLOTS] = {0};
    draw_order(noise, &source, out);
    if (noise->rho > 0)
        path(&source, noise->shape, common, slots);
    for (size_t m = 0; m < noise->metrics; m++) {
        path(&source, noise->shape, out->y[m], slots);
        if (noise->rho > 0)
            mix(noise, common, out->y[m], slots);
    }
    if (noise->witness != WITNESS_NONE)
        draw_witness(noise, &source, out);
    for (size_t m = 0; m < noise->metrics; m++)
        for (size_t i = 0; i < slots; i++)
            out->y[m][i] = scaled(noise, out->y[m][i], out->candidate[i], m == 0);
}
