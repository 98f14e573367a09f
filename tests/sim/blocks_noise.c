/* SPDX-License-Identifier: Apache-2.0 */
/* How much of real repetitions' noise goes with the control variates. Labels are not looked at: the
 * code is the same. Everything is on the log scale, slopes by least squares inside blocks. */
#include "sim/blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/adjust.h"
#include "stats/ranks.h"

/* y − γᵀz of a row with the first `used` control variates. */
static double rest(const struct blocks *blocks, const double *y, const double *gamma, size_t used,
                   size_t row)
{
    double value = y[row];
    for (size_t k = 0; k < used; k++)
        value -= gamma[k] * blocks->z[row * BLOCKS_COVARIATES + k];
    return value;
}

static void fit(const struct blocks *blocks, const double *y, size_t used, double *gamma)
{
    static const double none[BLOCKS_COVARIATES];
    double zz[BLOCKS_COVARIATES * BLOCKS_COVARIATES] = {0};
    double zy[BLOCKS_COVARIATES] = {0};
    double work[BLOCKS_COVARIATES * (BLOCKS_COVARIATES + 1)];
    for (size_t b = 0; b < blocks->count; b++) {
        double z[NOISE_BLOCK * BLOCKS_COVARIATES];
        for (size_t i = 0; i < NOISE_BLOCK; i++)
            memcpy(z + i * used, blocks->z + (b * NOISE_BLOCK + i) * BLOCKS_COVARIATES,
                   used * sizeof(*z));
        sg_adjust_add(used, NOISE_BLOCK, z, y + b * NOISE_BLOCK, zz, zy);
    }
    if (used > 0 && !sg_adjust_slopes(used, zz, zy, none, none, work, gamma))
        memset(gamma, 0, used * sizeof(*gamma));
}

/* SD of one repetition inside a block. A slope costs a degree of freedom as a block's mean does. */
static double inside(const struct blocks *blocks, const double *y, const double *gamma, size_t used)
{
    double squares = 0;
    for (size_t b = 0; b < blocks->count; b++) {
        double mean = 0;
        for (size_t i = 0; i < NOISE_BLOCK; i++)
            mean += rest(blocks, y, gamma, used, b * NOISE_BLOCK + i) / NOISE_BLOCK;
        for (size_t i = 0; i < NOISE_BLOCK; i++)
            squares += pow(rest(blocks, y, gamma, used, b * NOISE_BLOCK + i) - mean, 2);
    }
    return sqrt(squares / (double)(blocks->rows - blocks->count - used));
}

double blocks_noise(const struct blocks *blocks, const double *y)
{
    return inside(blocks, y, NULL, 0);
}

static double between(const struct blocks *blocks, const double *y, const double *gamma,
                      size_t used)
{
    double mean = 0;
    double squares = 0;
    double *medians = sg_alloc(blocks->count, sizeof(*medians));
    for (size_t b = 0; b < blocks->count; b++) {
        double values[NOISE_BLOCK];
        for (size_t i = 0; i < NOISE_BLOCK; i++)
            values[i] = rest(blocks, y, gamma, used, b * NOISE_BLOCK + i);
        medians[b] = sg_median(values, NOISE_BLOCK);
        mean += medians[b] / (double)blocks->count;
    }
    for (size_t b = 0; b < blocks->count; b++)
        squares += pow(medians[b] - mean, 2);
    free(medians);
    return sqrt(squares / (double)(blocks->count - 1));
}

static void print_row(const struct blocks *blocks, const char *label, const double *y, size_t used,
                      struct sg_text *out)
{
    double gamma[BLOCKS_COVARIATES] = {0};
    sg_text_printf(out, "| %s | %.1f |", label, 100 * inside(blocks, y, gamma, 0));
    for (size_t k = 1; k <= BLOCKS_COVARIATES; k++) {
        if (k <= used) {
            fit(blocks, y, k, gamma);
            sg_text_printf(out, " %.1f |", 100 * inside(blocks, y, gamma, k));
        } else {
            sg_text_add(out, " – |");
        }
    }
    for (size_t k = 0; k < BLOCKS_COVARIATES; k++) {
        if (k < used)
            sg_text_printf(out, " %.2f |", gamma[k]);
        else
            sg_text_add(out, " – |");
    }
    sg_text_printf(out, " %.1f |", 100 * between(blocks, y, gamma, 0));
    if (used > 0)
        sg_text_printf(out, " %.1f |\n", 100 * between(blocks, y, gamma, used));
    else
        sg_text_add(out, " – |\n");
}

static void print_generator(const struct blocks *blocks, struct sg_text *out)
{
    double *z = sg_alloc(blocks->rows, sizeof(*z));
    for (size_t r = 0; r < blocks->rows; r++)
        z[r] = blocks->z[r * BLOCKS_COVARIATES];
    print_row(blocks, "the generator's CPU itself", z, 0, out);
    free(z);
}

void blocks_print_noise(const struct blocks *blocks, struct sg_text *out)
{
    sg_text_printf(
        out,
        "%zu repetitions of unchanged code in %zu blocks of %zu file%s; blocks left "
        "out: %zu. SD in %%; slopes from inside the blocks, used for their medians, too.\n\n"
        "| metric | inside a block: raw | generator's CPU taken out | and its steal | and the "
        "core's contention | and the caches' | slope of its CPU | of its steal | of the core | of "
        "the caches | block medians: raw | adjusted |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        blocks->rows, blocks->count, blocks->files, blocks->files == 1 ? "" : "s",
        blocks->left_out);
    for (size_t m = 0; m < blocks->metrics_count; m++)
        print_row(blocks, blocks->metrics[m].label, blocks->metrics[m].y, blocks->covariates, out);
    print_generator(blocks, out);
    sg_text_add(out, "\n");
}
