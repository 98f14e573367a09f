/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of all repetitions while it is drawn: what its two files share. */
#ifndef SG_PLOT_STRIP_H
#define SG_PLOT_STRIP_H

#include "plot/parts.h"

struct sg_strip {
    const struct sg_view *view;
    const struct sg_session *session;
    const struct sg_cast *cast;
    const struct sg_result *result; /* the worst */
    size_t metric;
    int *blocks; /* in order, each once */
    size_t blocks_count;
    size_t *members;         /* of each block and look: repetitions, discarded ones too */
    size_t stride;           /* one of so many repetitions is drawn */
    size_t finite[SG_LOOKS]; /* repetitions with a number */
    size_t columns[SG_LOOKS], columns_count; /* places inside a block, of those that have any */
    size_t total, missing, discarded, beyond;
    bool limit_inside;
    struct sg_frame frame;
    struct sg_axis y;
};

/* Gives the height at which the picture below may begin. */
double sg_strip_legend(const struct sg_strip *strip, struct sg_text *out);
/* For those who cannot see it, and what was left out (NULL for nothing). Caller frees. */
char *sg_strip_describe(const struct sg_strip *strip) SG_MUST_USE;
char *sg_strip_left_out(const struct sg_strip *strip) SG_MUST_USE;

#endif
