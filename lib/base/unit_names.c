/* SPDX-License-Identifier: Apache-2.0 */
/* Units by the names that other tools give them. */
#include "base/units.h"

#include "base/text.h"

static const struct sg_unit units[] = {
    {"s", "s", 1, 1},
    {"sec", "s", 1, 1},
    {"second", "s", 1, 1},
    {"seconds", "s", 1, 1},
    {"ms", "s", 1, 1e3},
    {"msec", "s", 1, 1e3},
    {"millisecond", "s", 1, 1e3},
    {"milliseconds", "s", 1, 1e3},
    {"us", "s", 1, 1e6},
    {"µs", "s", 1, 1e6},
    {"μs", "s", 1, 1e6},
    {"usec", "s", 1, 1e6},
    {"microsecond", "s", 1, 1e6},
    {"microseconds", "s", 1, 1e6},
    {"ns", "s", 1, 1e9},
    {"nsec", "s", 1, 1e9},
    {"nanosecond", "s", 1, 1e9},
    {"nanoseconds", "s", 1, 1e9},
    {"min", "s", 60, 1},
    {"minute", "s", 60, 1},
    {"minutes", "s", 60, 1},
    {"bytes", "bytes", 1, 1},
    {"byte", "bytes", 1, 1},
    {"B", "bytes", 1, 1},
    {"kB", "bytes", 1e3, 1},
    {"KB", "bytes", 1e3, 1},
    {"KiB", "bytes", 1024, 1},
    {"MB", "bytes", 1e6, 1},
    {"MiB", "bytes", 1048576, 1},
    {"GB", "bytes", 1e9, 1},
    {"GiB", "bytes", 1073741824, 1},
    {"ratio", "ratio", 1, 1},
    {"%", "ratio", 1, 100},
    {"percent", "ratio", 1, 100},
};

const struct sg_unit *sg_unit_find(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(units); i++)
        if (sg_streq(units[i].name, name))
            return &units[i];
    return NULL;
}

double sg_unit_to_base(const struct sg_unit *unit, double value)
{
    return value * unit->times / unit->over;
}

bool sg_unit_same(const struct sg_unit *a, const struct sg_unit *b)
{
    /* table values, so equality is exact */
    return sg_streq(a->base, b->base) && !(a->times < b->times) && !(a->times > b->times) &&
           !(a->over < b->over) && !(a->over > b->over);
}
