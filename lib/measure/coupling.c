/* SPDX-License-Identifier: Apache-2.0 */
/* How much a busy service changes the generator's own cost, or the probe's, through the hardware
 * they share. */
#include <math.h>
#include <stdlib.h>

#include "measure/bracket.h"
#include "measure/measure.h"

#define FEWEST 30 /* intervals; fewer say nothing */
#define NORMAL95 1.96
#define STEP 1.0 /* seconds: the engine may read the burner no oftener */

static struct sg_prom_point *points_of(const struct sg_reading *readings, size_t count)
{
    struct sg_prom_point *points = sg_alloc(count + 1, sizeof *points);
    for (size_t i = 0; i < count; i++)
        points[i] = (struct sg_prom_point){readings[i].time, readings[i].cpu};
    return points;
}

/* Sums of a regression of the steady work's cost (y) on the burner's (x), one pair a reading. */
struct sums {
    double n, x, y, xx, xy, yy;
};

static void add_pair(struct sums *sums, double x, double y)
{
    sums->n += 1;
    sums->x += x;
    sums->y += y;
    sums->xx += x * x;
    sums->xy += x * y;
    sums->yy += y * y;
}

/* Least squares y = a + s·x; h = s/a. The burner's order is drawn, so x is independent of whatever
 * else moves y, and the usual standard error of s holds. */
static bool solve(const struct sums *sums, struct sg_coupling *out)
{
    double sxx = sums->xx - sums->x * sums->x / sums->n;
    double sxy = sums->xy - sums->x * sums->y / sums->n;
    double syy = sums->yy - sums->y * sums->y / sums->n;
    double slope = sxy / sxx;
    double idle = (sums->y - slope * sums->x) / sums->n;
    double error = sqrt(fmax(syy - slope * sxy, 0) / (sums->n - 2) / sxx);
    if (!(idle > 0) || !isfinite(error))
        return false;
    out->h = slope / idle;
    out->limit = fabs(out->h) + NORMAL95 * error / idle;
    out->burnt = sums->x / sums->n;
    out->intervals = (size_t)sums->n;
    return true;
}

bool sg_measure_coupling(const struct sg_reading *steady, size_t steady_count,
                         const struct sg_reading *burner, size_t burner_count, double start,
                         double end, struct sg_coupling *out)
{
    struct sg_prom_point *burnt = points_of(burner, burner_count);
    struct sums sums = {0};
    for (size_t i = 1, before = 0; i < steady_count; i++) {
        const struct sg_reading *a = &steady[before], *b = &steady[i];
        double seconds = b->time - a->time;
        if (seconds < STEP)
            continue;
        double x =
            sg_points_at(burnt, burner_count, b->time) - sg_points_at(burnt, burner_count, a->time);
        if (a->time >= start && b->time <= end && seconds > 0 && isfinite(x) && x >= 0)
            add_pair(&sums, x / seconds, (b->cpu - a->cpu) / seconds);
        before = i;
    }
    free(burnt);
    return sums.n >= FEWEST && solve(&sums, out);
}
