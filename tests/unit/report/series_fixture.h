/* SPDX-License-Identifier: Apache-2.0 */
/* Curves for the repetitions of a fixture: latency, CPU and memory with numbers that one can
 * follow. */
#ifndef SG_TESTS_REPORT_SERIES_FIXTURE_H
#define SG_TESTS_REPORT_SERIES_FIXTURE_H

#include "unit/report/fixtures.h"

static inline void add_point(struct sg_points *points, double x, double y)
{
    points->items = sg_grow(points->items, points->count, sizeof(*points->items));
    points->items[points->count++] = (struct sg_point){x, y};
}

/* One for each repetition. Memory is that of the repetition, CPU half a core and a bit more each
 * second, latency the p95 at 95 %. */
static inline struct sg_series_set make_series(const struct fixture *fixture)
{
    struct sg_series_set set = {0};

    for (size_t i = 0; i < fixture->session.repetitions_count; i++) {
        const struct sg_repetition *repetition = &fixture->session.repetitions[i];
        set.items = sg_grow(set.items, set.count, sizeof(*set.items));
        struct sg_series *series = &set.items[set.count++];
        series->slot = repetition->slot;
        series->variant = sg_strdup(repetition->variant);
        for (int second = 0; second < 6; second++) {
            add_point(&series->cpu, second, 0.5 + 0.01 * second);
            add_point(&series->memory, second, repetition->values[2]);
        }
        add_point(&series->latency, 0, repetition->values[0] / 20);
        add_point(&series->latency, 0.5, repetition->values[0] / 2);
        add_point(&series->latency, 0.95, repetition->values[0]);
        add_point(&series->latency, 1, repetition->values[0] * 3);
    }
    return set;
}

static inline void series_clear(struct sg_series_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->items[i].variant);
        free(set->items[i].cpu.items);
        free(set->items[i].memory.items);
        free(set->items[i].latency.items);
    }
    free(set->items);
    *set = (struct sg_series_set){0};
}

#endif
