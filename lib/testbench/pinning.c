/* SPDX-License-Identifier: Apache-2.0 */
/* Which CPUs the service, the generator and the monitoring run on, and how to run on one of them
 * without being in their way. */
#define _GNU_SOURCE /* sched_setaffinity, SCHED_IDLE */
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "testbench/internal.h"

static void set_range(char out[SG_CPUS_SIZE], int first, int last)
{
    if (first == last) {
        (void)snprintf(out, SG_CPUS_SIZE, "%d", first);
    } else {
        (void)snprintf(out, SG_CPUS_SIZE, "%d-%d", first, last);
    }
}

bool sg_cpus_contain(const char *list, long cpu)
{
    bool found = list[0] == '\0';
    for (const char *at = list; !found && *at != '\0';) {
        char *end = NULL;
        long first = strtol(at, &end, 10);
        long last = *end == '-' ? strtol(end + 1, &end, 10) : first;
        found = cpu >= first && cpu <= last;
        at = *end == ',' ? end + 1 : "";
    }
    return found;
}

long sg_cpus_last(const char *list)
{
    long last = 0;
    for (const char *at = list; *at != '\0';) {
        char *end = NULL;
        long cpu = strtol(at, &end, 10);
        last = cpu > last ? cpu : last;
        at = *end != '\0' ? end + 1 : end;
    }
    return last;
}

static double count_cpus(const char *list, int cpus)
{
    double count = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
        count += sg_cpus_contain(list, cpu) ? 1 : 0;
    }
    return count;
}

static void overlay(char out[SG_CPUS_SIZE], const char *own)
{
    if (own != NULL) {
        (void)snprintf(out, SG_CPUS_SIZE, "%s", own);
    }
}

/* One CPU: nothing to part. Two: the service has one, generator and monitoring share the other.
 * From three on monitoring has the last, the service what it was promised, k6 the rest. */
struct sg_pinning sg_pinning_choose(const struct sg_config *config, int cpus)
{
    struct sg_pinning pinning = {0};
    if (cpus >= 2) {
        int monitor = cpus >= 3 ? 1 : 0;
        int most = cpus - 1 - monitor;
        int wanted = isfinite(config->cpus) ? (int)ceil(config->cpus) : cpus / 2;
        int service = wanted < 1 ? 1 : wanted > most ? most : wanted;
        set_range(pinning.service, 0, service - 1);
        set_range(pinning.generator, service, cpus - 1 - monitor);
        set_range(pinning.monitor, monitor ? cpus - 1 : service, cpus - 1);
    }
    overlay(pinning.service, config->service_cpuset);
    overlay(pinning.generator, config->generator_cpuset);
    overlay(pinning.monitor, config->monitor_cpuset);
    pinning.generator_cpus = count_cpus(pinning.generator, cpus);
    pinning.service_cpus = fmin(count_cpus(pinning.service, cpus), config->cpus); /* or NaN */
    return pinning;
}

bool sg_idle_on(int cpu)
{
    const struct sched_param none = {0};
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return sched_setscheduler(0, SCHED_IDLE, &none) == 0 &&
           sched_setaffinity(0, sizeof(set), &set) == 0;
}
