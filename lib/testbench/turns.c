/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the containers of a block can stand side by side at all. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/units.h"
#include "testbench/internal.h"

/* An estimate of what a generator takes with a small script. */
#define GENERATOR_MEMORY (160.0 * 1048576)
#define MEMORY_SHARE 0.8

char *sg_bench_why_turns(const struct sg_bench *bench, size_t count)
{
    double each = GENERATOR_MEMORY + (isfinite(bench->config->memory) ? bench->config->memory : 0);
    double needed = (double)count * each, there = MEMORY_SHARE * bench->memory;
    if (!(needed > there)) {
        return NULL;
    }
    char *need = sg_show_by_unit(needed, "bytes"), *have = sg_show_by_unit(bench->memory, "bytes");
    char *why = sg_format("%zu containers with their generators need %s, and the engine has %s",
                          count, need, have);
    free(need);
    free(have);
    return why;
}
