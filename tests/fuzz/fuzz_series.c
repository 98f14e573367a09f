/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: series.jsonl. What is accepted can be drawn as it is, and comes back when it is
 * written and read again. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_curve(const struct sg_points *points)
{
    assert(points->count <= SG_POINTS_MAX);
    for (size_t i = 0; i < points->count; i++) {
        assert(isfinite(points->items[i].x) && isfinite(points->items[i].y));
        assert(points->items[i].y >= 0);
        assert(i == 0 || points->items[i].x > points->items[i - 1].x);
    }
}

static char *write_all(const struct sg_series_set *set)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < set->count; i++) {
        char *line = sg_series_write(&set->items[i]);
        sg_text_add(&text, line);
        free(line);
    }
    return sg_text_take(&text);
}

static void check_round_trip(const struct sg_series_set *set)
{
    struct sg_series_set again = {0};
    struct sg_error err = {0};
    char *text = write_all(set);
    bool ok = sg_series_read(text, strlen(text), "again", &again, &err);
    assert(ok && again.count == set->count);
    char *text_again = write_all(&again);
    assert(strcmp(text, text_again) == 0);
    free(text);
    free(text_again);
    sg_series_set_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_series_set set = {0};
    struct sg_error err = {0};
    if (sg_series_read((const char *)data, size, "fuzz", &set, &err)) {
        for (size_t i = 0; i < set.count; i++) {
            assert(set.items[i].variant != NULL);
            check_curve(&set.items[i].cpu);
            check_curve(&set.items[i].memory);
            check_curve(&set.items[i].latency);
        }
        check_round_trip(&set);
    } else {
        assert(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0' && set.count == 0);
    }
    sg_series_set_clear(&set);
    return 0;
}
