/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one container through the engine, twice a second, in a thread of its own: engine 20.10
 * answers a second reading only after up to a second, too slow for two containers in turn. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "testbench/internal.h"

#define PERIOD (SG_SECOND / 2)

static void keep(struct sg_sampler *sampler, const struct sg_reading *reading)
{
    sampler->readings = sg_grow(sampler->readings, sampler->count, sizeof(*reading));
    sampler->readings[sampler->count++] = *reading;
}

static void *sample(void *context)
{
    struct sg_sampler *sampler = context;
    int64_t next = sg_clock_monotonic();
    int dead = 0;
    while (!atomic_load(&sampler->stop)) {
        struct sg_reading reading;
        bool alive = false;
        struct sg_error ignored = {0};
        bool rests = atomic_load(&sampler->rest);
        if (!rests && sg_engine_reading(sampler->engine, sampler->id, &reading, &alive, &ignored) &&
            alive) {
            keep(sampler, &reading);
        }
        dead = alive || rests ? 0 : dead + 1;
        /* one failed reading is no death; what the engine says of the container decides later */
        atomic_store(&sampler->dead, dead >= 2);
        next += PERIOD;
        int64_t now = sg_clock_monotonic();
        if (now < next) {
            (void)sg_sleep(next - now);
        } else {
            next = now;
        }
    }
    return NULL;
}

bool sg_sampler_start(struct sg_sampler *sampler, const struct sg_engine *engine, const char *id,
                      struct sg_error *err)
{
    *sampler = (struct sg_sampler){.engine = engine, .id = id};
    int status = pthread_create(&sampler->thread, NULL, sample, sampler);
    sampler->running = status == 0;
    return status == 0 ||
           sg_fail(err, SG_ERROR_INTERNAL, "cannot start a thread: %s", strerror(status));
}

void sg_sampler_stop(struct sg_sampler *sampler)
{
    if (sampler->running) {
        atomic_store(&sampler->stop, true);
        (void)pthread_join(sampler->thread, NULL);
        sampler->running = false;
    }
}
