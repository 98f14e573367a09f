/* SPDX-License-Identifier: Apache-2.0 */
/* Counting up to the first number that would do. */
#include "judge/enough.h"

#define SLACK (1 + 1e-12) /* as critical integers: an exact equality counts */
#define MOST 1000         /* no error that a person writes needs more */

/* Orders of n + n values in one block. */
static double orders(size_t n)
{
    double count = 1;
    for (size_t i = 1; i <= n; i++)
        count *= (double)(n + i) / (double)i;
    return count;
}

size_t sg_enough_ranks(const struct sg_family *family, double error)
{
    int size = family->data->session->plan.block_size;
    bool grows = family->blocks == 1 && !family->data->session->plan.planned;
    size_t step = grows || size < 1 ? 1 : (size_t)size;
    double of_block = orders(step);
    double all = 1;
    for (size_t n = step; n < MOST; n += step) {
        all = grows ? orders(n) : all * of_block;
        if (1 <= error * SLACK * all)
            return n;
    }
    return MOST;
}

size_t sg_enough_signs(double error)
{
    size_t n = 1;
    for (double all = 2; n < MOST && 1 > error * SLACK * all; all *= 2)
        n++;
    return n;
}
