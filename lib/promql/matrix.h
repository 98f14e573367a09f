/* SPDX-License-Identifier: Apache-2.0 */
/* What a query gives: series with labels and points. Types, and freeing them. */
#ifndef SG_PROMQL_MATRIX_H
#define SG_PROMQL_MATRIX_H

#include "base/base.h"

struct sg_prom_point {
    double time; /* seconds since 1970 */
    double value;
};

struct sg_label {
    char *name, *value;
};

struct sg_prom_series {
    struct sg_label *labels;
    size_t labels_count;
    struct sg_prom_point *points; /* in time order; one for an instant vector */
    size_t points_count;
};

struct sg_matrix {
    struct sg_prom_series *series;
    size_t count;
    char
        *warnings; /* joined with "; ", or NULL. A warning on a gated query spoils the repetition */
    char *infos;
};

void sg_matrix_clear(struct sg_matrix *matrix);
const char *sg_prom_label(const struct sg_prom_series *series, const char *name); /* or NULL */

#endif
