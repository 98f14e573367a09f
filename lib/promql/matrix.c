/* SPDX-License-Identifier: Apache-2.0 */
/* Series of a query's answer: looking up a label, freeing. */
#include "promql/matrix.h"

#include <stdlib.h>

#include "base/text.h"

static void series_clear(struct sg_prom_series *series)
{
    for (size_t i = 0; i < series->labels_count; i++) {
        free(series->labels[i].name);
        free(series->labels[i].value);
    }
    free(series->labels);
    free(series->points);
}

void sg_matrix_clear(struct sg_matrix *matrix)
{
    if (matrix == NULL)
        return;
    for (size_t i = 0; i < matrix->count; i++)
        series_clear(&matrix->series[i]);
    free(matrix->series);
    free(matrix->warnings);
    free(matrix->infos);
    *matrix = (struct sg_matrix){0};
}

const char *sg_prom_label(const struct sg_prom_series *series, const char *name)
{
    for (size_t i = 0; i < series->labels_count; i++)
        if (sg_streq(series->labels[i].name, name))
            return series->labels[i].value;
    return NULL;
}
