/* SPDX-License-Identifier: Apache-2.0 */
/* Brackets over the Engine's readings. */
#include "measure/witness.h"

#include <math.h>
#include <stdlib.h>

#define RELATIVE 0.01
#define ABSOLUTE 0.020 /* seconds */

static double cpu(const struct sg_reading *reading)
{
    return reading->cpu;
}

static double throttled(const struct sg_reading *reading)
{
    return reading->throttled;
}

static double grown(const struct sg_reading *readings, size_t count, const struct sg_edges *edges,
                    double idle_guess, double (*field)(const struct sg_reading *))
{
    struct sg_prom_point *points = sg_alloc(count + 1, sizeof *points);
    struct sg_bracket bracket = {.value = NAN};
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (used == 0 || readings[i].time > points[used - 1].time)
            points[used++] = (struct sg_prom_point){readings[i].time, field(&readings[i])};
    enum sg_bracket_status status = sg_bracket_take(points, used, edges, idle_guess, &bracket);
    free(points);
    return status == SG_BRACKET_OK ? bracket.value : NAN;
}

double sg_witness_cpu(const struct sg_reading *readings, size_t count, const struct sg_edges *edges,
                      double idle_guess)
{
    return grown(readings, count, edges, idle_guess, cpu);
}

double sg_witness_throttled(const struct sg_reading *readings, size_t count,
                            const struct sg_edges *edges)
{
    return grown(readings, count, edges, NAN, throttled);
}

bool sg_witness_agrees(double seconds, double witness)
{
    return fabs(seconds - witness) <= fmax(ABSOLUTE, RELATIVE * fmax(seconds, witness));
}
