/* SPDX-License-Identifier: Apache-2.0 */
/* What the service under test may use: as svcgate.yaml says, else as the compose file does. */
#include "testbench/stack.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/units.h"

/* As compose prints numbers: as such, or in a text. NaN where there is none. */
static double number_of(const struct sg_json *value)
{
    double number = NAN;
    const char *text = sg_json_string(value, NULL);
    return text == NULL ? sg_json_number(value, NAN)
                        : (sg_parse_number(text, &number) ? number : NAN);
}

/* 0 is the engine's word for none, as is -1. */
static double limit_of(const struct sg_json *value)
{
    double number = number_of(value);
    return number > 0 ? number : NAN;
}

static double or_else(double value, double fallback)
{
    return isfinite(value) ? value : fallback;
}

struct sg_limits sg_stack_limits(const struct sg_json *service)
{
    const struct sg_json *deploy = sg_json_get(sg_json_get(service, "deploy"), "resources");
    const struct sg_json *limits = sg_json_get(deploy, "limits");
    double period = or_else(limit_of(sg_json_get(service, "cpu_period")), 100000);
    double quota = limit_of(sg_json_get(service, "cpu_quota")) / period;
    double cpus = or_else(limit_of(sg_json_get(service, "cpus")), quota);
    return (struct sg_limits){.cpus = or_else(cpus, limit_of(sg_json_get(limits, "cpus"))),
                              .memory = or_else(limit_of(sg_json_get(service, "mem_limit")),
                                                limit_of(sg_json_get(limits, "memory")))};
}

struct sg_limits sg_bench_limits(const struct sg_bench *bench)
{
    const struct sg_json *services = sg_json_get(bench->stack, "services");
    struct sg_limits own = sg_stack_limits(sg_json_get(services, bench->service));
    return (struct sg_limits){.cpus = or_else(bench->config->cpus, own.cpus),
                              .memory = or_else(bench->config->memory, own.memory)};
}

/* Compose refuses `cpus` or `mem_limit` beside limits under `deploy` that say otherwise, or
 * nothing.
 */
static struct sg_json *limits_under_deploy(const struct sg_config *config,
                                           const struct sg_json *own)
{
    static const char *const none[] = {NULL};
    struct sg_json *limits = sg_stack_without(own, none);
    if (isfinite(config->cpus)) {
        sg_json_set_number(limits, "cpus", config->cpus);
    }
    if (isfinite(config->memory)) {
        char *bytes = sg_format("%.0f", config->memory);
        sg_json_set_string(limits, "memory", bytes);
        free(bytes);
    }
    return limits;
}

/* Of `deploy`, which speaks of several containers, the resources of each: limits, and what is
 * reserved, such as a GPU; memory could be more than our limit. */
static void set_deploy(const struct sg_config *config, const struct sg_json *own,
                       struct sg_json *service)
{
    static const char *const memory[] = {"memory", NULL};
    const struct sg_json *all = sg_json_get(sg_json_get(own, "deploy"), "resources");
    const struct sg_json *limits = sg_json_get(all, "limits");
    const struct sg_json *reserved = sg_json_get(all, "reservations");
    struct sg_json *resources = sg_json_new_object(), *deploy = sg_json_new_object();
    if (limits != NULL) {
        sg_json_set(resources, "limits", limits_under_deploy(config, limits));
    }
    if (reserved != NULL) {
        sg_json_set(resources, "reservations",
                    isfinite(config->memory) ? sg_stack_without(reserved, memory)
                                             : sg_json_copy(reserved));
    }
    sg_json_set(deploy, "resources", resources);
    sg_json_set(service, "deploy", deploy);
}

/* In place of the file's own, also of those that compose or the engine refuse beside ours. */
void sg_stack_set_limits(const struct sg_bench *bench, const struct sg_json *own,
                         struct sg_json **service)
{
    static const char *const times[] = {"cpus", "cpu_quota", "cpu_period", NULL};
    static const char *const sizes[] = {"mem_limit", "memswap_limit", "mem_reservation", NULL};
    const struct sg_config *config = bench->config;
    if (bench->pinning.service[0] != '\0') {
        sg_json_set_string(*service, "cpuset", bench->pinning.service);
    }
    if (isfinite(config->cpus)) {
        sg_stack_drop(service, times);
        sg_json_set_number(*service, "cpus", config->cpus);
    }
    if (isfinite(config->memory)) {
        char *bytes = sg_format("%.0f", config->memory);
        sg_stack_drop(service, sizes);
        sg_json_set_string(*service, "mem_limit", bytes);
        sg_json_set_string(*service, "memswap_limit", bytes);
        free(bytes);
    }
    if (sg_json_get(sg_json_get(own, "deploy"), "resources") != NULL) {
        set_deploy(config, own, *service);
    }
}
