/* SPDX-License-Identifier: Apache-2.0 */
/* Real repetitions of unchanged code, block by block: how noisy they are, and what the judge would
 * say of sessions made of them. */
#ifndef SG_TESTS_SIM_BLOCKS_H
#define SG_TESTS_SIM_BLOCKS_H

#include "base/error.h"
#include "base/text.h"
#include "sim/noise.h"

/* The generator's CPU (logarithm); its steal, then the probe's two (logarithms), where they are
 * known. */
#define BLOCKS_COVARIATES 4

/* Row r is repetition r % NOISE_BLOCK, in the order of time, of block r / NOISE_BLOCK. */
struct blocks_metric {
    char *label;
    bool adjust; /* as the file says */
    double sign; /* +1: larger is worse */
    double *y;   /* logarithms; NaN: missing or not positive */
};

struct blocks {
    struct blocks_metric *metrics; /* those that are positive everywhere and vary */
    size_t metrics_count;
    size_t covariates;
    double *z; /* rows × BLOCKS_COVARIATES */
    size_t count, rows, files;
    size_t left_out; /* blocks that have not six repetitions */
};

/* Pools the blocks of all files; each one's count in the order of their first rows. */
bool blocks_load(char **paths, size_t count, struct blocks *out, struct sg_error *err);
void blocks_clear(struct blocks *blocks);

struct blocks_options {
    uint64_t sessions, seed;
    double tolerance, alpha;
    unsigned threads;
    bool quiet;   /* control variates that know nothing: dealt anew over all repetitions … */
    double noise; /* … and with the metric brought to this SD; 0: as measured */
};

/* SD of one repetition inside a block. */
double blocks_noise(const struct blocks *blocks, const double *y);
void blocks_print_noise(const struct blocks *blocks, struct sg_text *out);
/* Returns how many bounds of quiet data are missed. */
size_t blocks_print_gate(const struct blocks *blocks, const struct blocks_options *options,
                         struct sg_text *out);

#endif
