/* SPDX-License-Identifier: Apache-2.0 */
/* series.jsonl: a line of JSON a repetition. */
#include "record/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "record/index.h"
#include "record/readers.h"
#include "json/json.h"

#define FILE_MAX ((size_t)64 << 20)

static const char file_name[] = "series.jsonl";

static const struct sg_field rows[] = {
    {.key = "slot",
     .kind = SG_FIELD_INT,
     .presence = SG_REQUIRED,
     .offset = offsetof(struct sg_series, slot)},
    {.key = "variant",
     .kind = SG_FIELD_TEXT,
     .presence = SG_REQUIRED,
     .offset = offsetof(struct sg_series, variant)},
};

const struct sg_table sg_series_table = {
    .fields = rows, .count = SG_COUNT(rows), .size = sizeof(struct sg_series)};

static const struct curve {
    const char *key;
    size_t offset;
    bool shares; /* x is a share, y never falls */
} curves[] = {
    {"cpu", offsetof(struct sg_series, cpu), false},
    {"memory", offsetof(struct sg_series, memory), false},
    {"latency", offsetof(struct sg_series, latency), true},
};

static const struct sg_points *points_of(const struct sg_series *series, const struct curve *curve)
{
    return (const struct sg_points *)((const char *)series + curve->offset);
}

void sg_points_add(struct sg_points *points, double x, double y)
{
    points->items = sg_grow(points->items, points->count, sizeof(*points->items));
    points->items[points->count] = (struct sg_point){x, y};
    points->count++;
}

/* Why the point `at` cannot stand behind the one before it, or NULL. */
static const char *mistake(const struct curve *curve, const struct sg_points *points, size_t at)
{
    const struct sg_point *point = &points->items[at];
    const struct sg_point *before = at > 0 ? point - 1 : NULL;
    if (!isfinite(point->x) || !isfinite(point->y) || point->y < 0) {
        return "expected [x, y] with y of zero or more";
    }
    if (before != NULL && !(point->x > before->x)) {
        return "x does not rise";
    }
    if (curve->shares && !(point->x >= 0 && point->x <= 1)) {
        return "x is a share, from 0 to 1";
    }
    return curve->shares && before != NULL && point->y < before->y ? "y falls" : NULL;
}

static bool read_point(const struct sg_json *json, const struct sg_place *place,
                       const struct curve *curve, struct sg_points *out, struct sg_error *err)
{
    const struct sg_json *x = sg_json_first(json);
    const struct sg_json *y = sg_json_next(x);
    if (!sg_json_is_array(json) || sg_json_count(json) != 2 || !sg_json_is_number(x) ||
        !sg_json_is_number(y)) {
        return sg_place_fail(place, err, "expected two numbers, [x, y]");
    }
    sg_points_add(out, sg_json_number(x, NAN), sg_json_number(y, NAN));
    const char *wrong = mistake(curve, out, out->count - 1);
    return wrong == NULL || sg_place_fail(place, err, "%s", wrong);
}

static bool read_curve(const struct sg_json *json, const struct sg_place *root,
                       const struct curve *curve, struct sg_points *out, struct sg_error *err)
{
    struct sg_place place = {.up = root, .key = curve->key};
    struct sg_place item = {.up = &place};
    const struct sg_json *points = sg_json_get(json, curve->key);
    if (points == NULL || sg_json_is_null(points)) {
        return true;
    }
    if (!sg_expect_array(points, SG_POINTS_MAX, &place, err)) {
        return false;
    }
    for (const struct sg_json *p = sg_json_first(points); p != NULL; p = sg_json_next(p)) {
        if (!read_point(p, &item, curve, out, err)) {
            return false;
        }
        item.index++;
    }
    return true;
}

static bool read_series(const struct sg_json *json, const struct sg_place *root,
                        struct sg_series *out, struct sg_error *err)
{
    bool ok = sg_schema_check_at(json, "series", root, err) &&
              sg_fields_read(&sg_series_table, json, root, out, err);
    for (size_t i = 0; ok && i < SG_COUNT(curves); i++) {
        void *points = (char *)out + curves[i].offset;
        ok = read_curve(json, root, &curves[i], points, err);
    }
    return ok;
}

/* *out_json tells whether it is JSON at all. */
static bool read_line(const char *text, size_t size, const char *name, struct sg_series *out,
                      bool *out_json, struct sg_error *err)
{
    struct sg_place root = {.key = name, .text = text, .size = size};
    struct sg_json *json = sg_json_parse(text, size, name, err);
    *out_json = json != NULL;
    bool ok = json != NULL && read_series(json, &root, out, err);
    sg_json_free(json);
    return ok;
}

/* A mistake is told with its place in the file: read as if the lines before it were empty. */
static bool tell_mistake(const char *text, size_t start, size_t size, const char *name,
                         struct sg_error *err)
{
    struct sg_series ignored = {0};
    bool is_json = false;
    char *blank = sg_alloc(size + 1, 1);
    memcpy(blank + start, text + start, size - start);
    for (size_t i = 0; i < start; i++) {
        blank[i] = text[i] == '\n' ? '\n' : ' ';
    }
    bool ok = read_line(blank, size, name, &ignored, &is_json, err);
    free(blank);
    sg_series_clear(&ignored);
    return ok;
}

struct reader {
    const char *text, *name;
    size_t size, at; /* at: where the next line starts */
    struct sg_series_set *set;
    size_t capacity;
};

static struct sg_series *add(struct reader *reader)
{
    struct sg_series_set *set = reader->set;
    set->items = sg_reserve(set->items, set->count, &reader->capacity, sizeof(*set->items));
    set->items[set->count] = (struct sg_series){0};
    return &set->items[set->count++];
}

static bool read_next(struct reader *r, struct sg_error *err)
{
    const char *line = r->text + r->at;
    const char *newline = memchr(line, '\n', r->size - r->at);
    size_t length = newline != NULL ? (size_t)(newline - line) : r->size - r->at;
    bool is_json = false;
    if (r->set->count == SG_ELEMENTS_MAX) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: more than the limit of %d lines", r->name,
                       SG_ELEMENTS_MAX);
    }
    if (!read_line(line, length, r->name, add(r), &is_json, err)) {
        if (is_json || newline != NULL) {
            return tell_mistake(r->text, r->at, r->at + length, r->name, err);
        }
        r->set->count--; /* cut off */
        sg_series_clear(&r->set->items[r->set->count]);
    }
    r->at += length + (newline != NULL ? 1 : 0);
    return true;
}

bool sg_series_read(const char *text, size_t size, const char *name, struct sg_series_set *out,
                    struct sg_error *err)
{
    struct reader reader = {.text = text, .name = name, .size = size, .set = out};
    struct sg_error mistake_or_cut = {0}; /* what was cut off is no error */
    while (reader.at < size) {
        if (!read_next(&reader, &mistake_or_cut)) {
            *err = mistake_or_cut;
            sg_series_set_clear(out);
            return false;
        }
    }
    return true;
}

bool sg_series_load(const char *folder, struct sg_series_set *out, struct sg_error *err)
{
    char *path = sg_path_join(folder, file_name);
    char *text = NULL;
    size_t size = 0;
    bool ok = sg_file_missing(path) || (sg_file_read_plain(path, FILE_MAX, &text, &size, err) &&
                                        sg_series_read(text, size, path, out, err));
    free(text);
    free(path);
    return ok;
}

static struct sg_json *write_curve(const struct sg_points *points)
{
    struct sg_json *list = sg_json_new_array();
    for (size_t i = 0; i < points->count; i++) {
        struct sg_json *point = sg_json_new_array();
        sg_json_push(point, sg_json_new_number(points->items[i].x));
        sg_json_push(point, sg_json_new_number(points->items[i].y));
        sg_json_push(list, point);
    }
    return list;
}

static bool check(const struct sg_series *series, struct sg_error *err)
{
    for (size_t i = 0; i < SG_COUNT(curves); i++) {
        const struct sg_points *points = points_of(series, &curves[i]);
        const char *wrong = points->count > SG_POINTS_MAX ? "too many points" : NULL;
        for (size_t at = 0; wrong == NULL && at < points->count; at++) {
            wrong = mistake(&curves[i], points, at);
        }
        if (wrong != NULL) {
            return sg_fail(err, SG_ERROR_INTERNAL, "series of repetition %d, %s: %s", series->slot,
                           curves[i].key, wrong);
        }
    }
    return true;
}

char *sg_series_write(const struct sg_series *series)
{
    struct sg_json *json = sg_fields_write(&sg_series_table, series);
    sg_json_set_string(json, "schema", "svcgate.series/1");
    for (size_t i = 0; i < SG_COUNT(curves); i++) {
        sg_json_set(json, curves[i].key, write_curve(points_of(series, &curves[i])));
    }
    char *text = sg_json_write(json, 0);
    sg_json_free(json);
    return text;
}

bool sg_series_append(const char *folder, const struct sg_series *series, struct sg_error *err)
{
    if (!check(series, err)) {
        return false;
    }
    char *path = sg_path_join(folder, file_name);
    char *line = sg_series_write(series);
    bool ok = sg_file_append(path, line, strlen(line), err);
    free(line);
    free(path);
    return ok;
}

bool sg_series_begin(const char *folder, struct sg_error *err)
{
    char *path = sg_path_join(folder, file_name);
    bool ok = sg_file_remove(path, err);
    free(path);
    return ok;
}

bool sg_series_move(const char *folder, const char *to, struct sg_error *err)
{
    char *from = sg_path_join(folder, file_name);
    char *path = sg_path_join(to, file_name);
    bool ok = !sg_file_missing(from) ? sg_file_move(from, path, err) : sg_file_remove(path, err);
    free(path);
    free(from);
    return ok;
}

void sg_series_clear(struct sg_series *series)
{
    free(series->variant);
    free(series->cpu.items);
    free(series->memory.items);
    free(series->latency.items);
    *series = (struct sg_series){0};
}

void sg_series_set_clear(struct sg_series_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        sg_series_clear(&set->items[i]);
    }
    free(set->items);
    *set = (struct sg_series_set){0};
}
