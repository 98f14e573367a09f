/* SPDX-License-Identifier: Apache-2.0 */
/* Picks a container's own series by the path in their label id. */
#include "measure/pick.h"

#include <string.h>

#include "base/text.h"

#define MAX_OWN 512 /* a series a CPU, where percpu is on */

static const char *id_of(const struct sg_prom_series *series)
{
    const char *id = sg_prom_label(series, "id");
    return id != NULL ? id : "";
}

/* The path nearest to the root. */
static const char *outermost(const struct sg_matrix *matrix)
{
    const char *found = NULL;
    for (size_t i = 0; i < matrix->count; i++) {
        const char *id = id_of(&matrix->series[i]);
        if (found == NULL || strlen(id) < strlen(found))
            found = id;
    }
    return found;
}

static bool is_inside(const char *id, const char *outer)
{
    size_t length = strlen(outer);
    return strncmp(id, outer, length) == 0 && id[length] == '/';
}

size_t sg_pick_own(const struct sg_matrix *matrix, const struct sg_prom_series **out, size_t max)
{
    const char *outer = outermost(matrix);
    size_t count = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        if (is_inside(id_of(&matrix->series[i]), outer))
            continue;
        if (count < max)
            out[count] = &matrix->series[i];
        count++;
    }
    return count;
}

const struct sg_prom_series *sg_pick_cpu(const struct sg_matrix *matrix, size_t *out_count)
{
    const struct sg_prom_series *own[MAX_OWN];
    size_t count = sg_pick_own(matrix, own, MAX_OWN), totals = 0;
    const struct sg_prom_series *total = NULL;
    for (size_t i = 0; i < count && i < MAX_OWN; i++)
        if (sg_streq(sg_prom_label(own[i], "cpu"), "total")) {
            total = own[i];
            totals++;
        }
    *out_count = totals > 0 ? totals : count;
    if (totals > 0)
        return totals == 1 ? total : NULL;
    return count == 1 ? own[0] : NULL;
}
