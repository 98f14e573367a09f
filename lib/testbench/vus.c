/* SPDX-License-Identifier: Apache-2.0 */
/* How many virtual users a generator has. */
#include <math.h>

#include "testbench/internal.h"

#define USUAL_MOST 1000 /* that are made without knowing how long an iteration lasts */
#define SPARE 1.5       /* of those that an even flow needs */

/* Half a second of iterations in flight, at least 50. Idle VUs cost memory, not CPU; too few drop
 * iterations at the first stall. */
static double usual_vus(const struct sg_config *config)
{
    double vus = ceil(config->rate / 2);
    return vus < 50 ? 50 : vus > USUAL_MOST ? USUAL_MOST : vus;
}

double sg_generator_most_vus(const struct sg_bench *bench)
{
    if (sg_config_is_closed(bench->config)) {
        return bench->config->vus;
    }
    double most = 4 * usual_vus(bench->config);
    double learnt = fmin(2 * bench->vus, 4 * USUAL_MOST);
    return bench->config->vus > 0 ? bench->config->vus : fmax(most, learnt);
}

/* k6 makes these before the load begins; each that it makes later drops iterations meanwhile. */
double sg_generator_ready_vus(const struct sg_bench *bench)
{
    if (sg_config_is_closed(bench->config)) {
        return bench->config->vus;
    }
    return fmin(fmax(usual_vus(bench->config), bench->vus), sg_generator_most_vus(bench));
}

bool sg_bench_learn_vus(struct sg_bench *bench, const struct sg_bench_window *seen)
{
    if (sg_config_is_closed(bench->config)) {
        return false;
    }
    double before = sg_generator_ready_vus(bench);
    /* Little (1961): in flight are those that begin while one lasts. */
    double needed = ceil(SPARE * bench->config->rate * seen->load.iteration);
    if (needed > before) {
        bench->vus = needed;
    }
    return sg_generator_ready_vus(bench) > before;
}
