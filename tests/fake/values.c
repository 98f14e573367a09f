/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of a repetition: what a small service does, as the script changes it. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "fake/internal.h"

/* `noise`: the relative standard deviation of one repetition. */
static const struct usual {
    const char *metric;
    double value, noise;
} usual[] = {
    {"latency_avg", 0.0020, 0.01},
    {"latency_p50", 0.0018, 0.01},
    {"latency_p90", 0.0030, 0.01},
    {"latency_p95", 0.0040, 0.01},
    {"latency_p99", 0.0060, 0.01},
    {"latency_max", 0.0090, 0.01},
    {"cpu_per_request", 0.0005, 0.01},
    {"cpu_cores", 0.05, 0.01},
    {"memory_max", 67108864, 0.01},
    {"memory_mean", 62914560, 0.01},
    {"memory_growth", 0, 0},
    {"network_rx_per_request", 240, 0},
    {"network_tx_per_request", 900, 0},
    {"throttled_time", 0, 0},
    {"restarts", 0, 0},
    {"connections_per_request", 0.01, 0},
    {"bytes_received_per_request", 900, 0},
    {"bytes_sent_per_request", 240, 0},
    {"generator_cpu_per_request", 0.0001, 0.001},
    {"core_contention", 1, 0.001},
    {"cache_contention", 1, 0.001},
};

static struct usual usual_of(const char *metric)
{
    for (size_t i = 0; i < SG_COUNT(usual); i++) {
        if (sg_streq(usual[i].metric, metric)) {
            return usual[i];
        }
    }
    return (struct usual){metric, 1, 0.01};
}

/* One step of splitmix64 (Vigna 2015), written down again: not the code under test. */
static uint64_t mix(uint64_t state)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    state = (state ^ (state >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    state = (state ^ (state >> 27)) * UINT64_C(0x94d049bb133111eb);
    return state ^ (state >> 31);
}

/* Normal enough: the sum of twelve uniform numbers. The same for the same seed, slot and metric. */
static double chance(const struct sg_fake_moment *moment, const char *metric)
{
    const struct sg_fake_row *seed = sg_fake_find("seed", NULL, NULL);
    uint64_t state = mix(seed != NULL ? (uint64_t)sg_fake_number(seed, 1) : 0);
    state = mix(state + (uint64_t)moment->slot) ^ sg_hash(metric, strlen(metric));
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        state = mix(state);
        sum += (double)(state >> 11) / 9007199254740992.0;
    }
    return sum;
}

double sg_fake_value(const struct sg_fake_moment *moment, const char *metric)
{
    const struct usual given = usual_of(metric);
    const struct sg_fake_row *value = sg_fake_find("value", moment->variant, metric);
    const struct sg_fake_row *factor = sg_fake_find("factor", moment->variant, metric);
    const struct sg_fake_row *noise = sg_fake_find("noise", metric, NULL);
    double number = value != NULL ? sg_fake_number(value, 3) : given.value;
    number *= factor != NULL ? sg_fake_number(factor, 3) : 1;
    return number *
           exp((noise != NULL ? sg_fake_number(noise, 2) : given.noise) * chance(moment, metric));
}
