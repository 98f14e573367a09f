/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the containers of a block can stand side by side at all: what their stacks would share,
 * and how much memory they need. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/units.h"
#include "testbench/stack.h"

#define MIB 1048576.0
/* Estimates: of a generator with a small script, and of a service without a limit. Small servers
 * take 10 to 100 MiB, those on a JVM 300 and more. */
#define GENERATOR_MEMORY (160 * MIB)
#define SERVICE_MEMORY (256 * MIB)
#define MEMORY_SHARE 0.8 /* of what is there may be taken */

static double or_else(double value, double fallback)
{
    return isfinite(value) ? value : fallback;
}

static double other_memory(const struct sg_json *service)
{
    const struct sg_json *deploy = sg_json_get(service, "deploy");
    double scale = sg_json_number(sg_json_get(service, "scale"), 1);
    double copies = sg_json_number(sg_json_get(deploy, "replicas"), scale);
    return copies * or_else(sg_stack_limits(service).memory, SERVICE_MEMORY);
}

/* Of one copy with its generator. */
static double needed(const struct sg_bench *bench)
{
    const struct sg_json *services = sg_json_get(bench->stack, "services");
    double sum = GENERATOR_MEMORY + or_else(sg_bench_limits(bench).memory, SERVICE_MEMORY);
    for (const struct sg_json *s = sg_json_first(services); s != NULL; s = sg_json_next(s)) {
        sum += sg_streq(sg_json_key(s), bench->service) ? 0 : other_memory(s);
    }
    return sum;
}

/* "MemTotal:        6158152 kB" in bytes; NaN where there is no such line. */
static double meminfo(const char *text, const char *name)
{
    const char *line = strstr(text, name);
    return line != NULL ? strtod(line + strlen(name), NULL) * 1024 : NAN;
}

double sg_memory_free(const char *text, double total)
{
    bool same = fabs(meminfo(text, "MemTotal:") - total) < MIB;
    return same ? meminfo(text, "MemAvailable:") : NAN;
}

static double free_memory(const struct sg_bench *bench)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    double found = NAN;
    if (!bench->engine.remote && sg_file_read("/proc/meminfo", 1U << 16, &text, &size, &ignored)) {
        found = sg_memory_free(text, bench->memory);
    }
    free(text);
    return found;
}

static char *why_no_room(const struct sg_bench *bench, size_t count)
{
    double need = (double)count * needed(bench), available = free_memory(bench);
    double there = or_else(available, bench->memory);
    if (!(need > MEMORY_SHARE * there)) {
        return NULL;
    }
    bool stacks = sg_json_count(sg_json_get(bench->stack, "services")) > 1;
    char *wanted = sg_show_by_unit(need, "bytes"), *found = sg_show_by_unit(there, "bytes");
    char *why = sg_format("%zu containers with their %sgenerators need %s, and %s %s", count,
                          stacks ? "stacks and " : "", wanted,
                          isfinite(available) ? "what is free is" : "the engine has", found);
    free(found);
    free(wanted);
    return why;
}

static char *why_shared(const struct sg_bench *bench)
{
    char *once = sg_stack_once(bench->stack);
    bool path = once != NULL && strstr(once, "host path") != NULL;
    char *why = once != NULL ? sg_format("copies of the stack would share %s%s", once,
                                         path ? " (`:ro` on what is only read helps)" : "")
                             : NULL;
    free(once);
    return why;
}

char *sg_bench_why_turns(const struct sg_bench *bench, size_t count)
{
    char *shared = why_shared(bench);
    return shared != NULL ? shared : why_no_room(bench, count);
}
