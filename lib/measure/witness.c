/* SPDX-License-Identifier: Apache-2.0 */
/* Brackets over the Engine's readings. */
#include "measure/witness.h"

#include <math.h>
#include <stdlib.h>

#define RELATIVE 0.01
#define ABSOLUTE 0.020 /* seconds */
#define MEMORY_SHARE 0.05
#define MEMORY (1 << 20) /* bytes */
#define NETWORK_SHARE 0.01
#define NETWORK (16 << 10) /* bytes */

static double cpu(const struct sg_reading *reading)
{
    return reading->cpu;
}

static double throttled(const struct sg_reading *reading)
{
    return reading->throttled;
}

static double rx(const struct sg_reading *reading)
{
    return reading->rx;
}

static double tx(const struct sg_reading *reading)
{
    return reading->tx;
}

static double memory(const struct sg_reading *reading)
{
    return reading->memory;
}

static double set(const struct sg_reading *reading)
{
    return reading->working_set;
}

/* In order of time, each time once. */
static size_t points_of(const struct sg_reading *readings, size_t count,
                        double (*field)(const struct sg_reading *), struct sg_prom_point *out)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (used == 0 || readings[i].time > out[used - 1].time)
            out[used++] = (struct sg_prom_point){readings[i].time, field(&readings[i])};
    return used;
}

static double grown(const struct sg_reading *readings, size_t count, const struct sg_edges *edges,
                    double idle_guess, double (*field)(const struct sg_reading *))
{
    struct sg_prom_point *points = sg_alloc(count + 1, sizeof *points);
    struct sg_bracket bracket = {.value = NAN};
    size_t used = points_of(readings, count, field, points);
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

double sg_witness_network(const struct sg_reading *readings, size_t count,
                          const struct sg_edges *edges, bool received)
{
    return grown(readings, count, edges, NAN, received ? rx : tx);
}

bool sg_witness_memory(const struct sg_reading *readings, size_t count, double start, double end,
                       bool working_set, struct sg_gauge *out)
{
    struct sg_prom_point *points = sg_alloc(count + 1, sizeof *points);
    size_t used = points_of(readings, count, working_set ? set : memory, points);
    bool taken = sg_gauge_take(points, used, start, end, out);
    free(points);
    return taken;
}

/* Two samplers at other moments: their means differ the more, the more there is to see. */
bool sg_witness_agrees_on_memory(double mean, const struct sg_gauge *witness)
{
    double range = witness->max - witness->min;
    double allowed = fmax(fmax(MEMORY, MEMORY_SHARE * fmax(mean, witness->mean)), range / 2);
    return fabs(mean - witness->mean) <= allowed;
}

bool sg_witness_agrees_on_bytes(double bytes, double witness)
{
    return fabs(bytes - witness) <= fmax(NETWORK, NETWORK_SHARE * fmax(bytes, witness));
}

bool sg_witness_agrees(double seconds, double witness)
{
    return fabs(seconds - witness) <= fmax(ABSOLUTE, RELATIVE * fmax(seconds, witness));
}
