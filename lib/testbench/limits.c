/* SPDX-License-Identifier: Apache-2.0 */
/* What the service under test may use: as svcgate.yaml says, else as the compose file does. */
#include "testbench/stack.h"

#include <math.h>

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
    return (struct sg_limits){
        .cpus = or_else(cpus, limit_of(sg_json_get(limits, "cpus"))),
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
