/* SPDX-License-Identifier: Apache-2.0 */
/* The judge's rule for slopes, and two that break what exactness rests on. */
#include "sim/slopes.h"

#include <stdlib.h>

#include "judge/covariates.h"
#include "stats/adjust.h"
#include "stats/ranks.h"

void slopes_of_the_judge(const struct slope_session *session, double *gamma)
{
    struct sg_data data;
    struct sg_covariates covariates;
    struct sg_error err = {0};
    if (!sg_data_init(&data, &session->world->session, &err))
        exit(5);
    sg_covariates_init(&covariates, &data);
    sg_covariates_slopes(&covariates, 0, 1, gamma);
    sg_covariates_clear(&covariates);
    sg_data_clear(&data);
}

void slope_differences(const struct noise_session *drawn, size_t block, double gamma, double *out)
{
    double sides[2][NOISE_BLOCK];
    size_t count[2] = {0};
    for (size_t i = block * NOISE_BLOCK; i < (block + 1) * NOISE_BLOCK; i++) {
        bool candidate = drawn->candidate[i];
        sides[candidate][count[candidate]++] = drawn->y[0][i] - gamma * drawn->witness[i];
    }
    (void)sg_differences(sides[0], SLOPE_SIDE, sides[1], SLOPE_SIDE, out);
}

void slopes_that_look_worst(const struct slope_session *session, double *gamma)
{
    for (size_t b = 0; b < SLOPE_BLOCKS; b++) {
        size_t most = 0;
        gamma[b] = 0;
        for (int step = -12; step <= 12; step++) {
            double d[SLOPE_PAIRS];
            size_t above = 0;
            slope_differences(session->drawn, b, 0.25 * step, d);
            for (size_t i = 0; i < SLOPE_PAIRS; i++)
                above += d[i] > 0;
            if (above > most)
                gamma[b] = 0.25 * step;
            most = above > most ? above : most;
        }
    }
}

/* Adds one side of a block, or all of it. */
static void add_group(const struct noise_session *drawn, size_t block, bool labels, bool candidate,
                      double *zz, double *zy)
{
    double y[NOISE_BLOCK];
    double z[NOISE_BLOCK];
    size_t count = 0;
    for (size_t i = block * NOISE_BLOCK; i < (block + 1) * NOISE_BLOCK; i++) {
        if (labels && drawn->candidate[i] != candidate)
            continue;
        y[count] = drawn->y[0][i];
        z[count++] = drawn->witness[i];
    }
    sg_adjust_add(1, count, z, y, zz, zy);
}

/* A slope that explains the block's spread explains a part of the change as well. */
void slopes_of_the_block_too(const struct slope_session *session, double *gamma)
{
    double zz = 0;
    double zy = 0;
    double squares = 0;
    for (size_t b = 0; b < SLOPE_BLOCKS; b++) {
        double with_zz = zz;
        double with_zy = zy;
        double own = 0;
        double own_zy = 0;
        double work[2];
        add_group(session->drawn, b, false, false, &with_zz, &with_zy);
        add_group(session->drawn, b, false, false, &own, &own_zy);
        squares += own;
        double spread = squares / (double)((b + 1) * NOISE_BLOCK);
        double lambda = SG_COVARIATE_WEIGHT * spread;
        double prior = sg_covariate_prior("witness", 0, false, spread);
        if (!sg_adjust_slopes(1, &with_zz, &with_zy, &lambda, &prior, work, &gamma[b]))
            gamma[b] = prior;
        add_group(session->drawn, b, true, false, &zz, &zy);
        add_group(session->drawn, b, true, true, &zz, &zy);
    }
}
