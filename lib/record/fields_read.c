/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects to structs by their tables; every mistake is told with the path of its key. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/fields.h"
#include "json/json.h"

static bool wrong_kind(const struct sg_place *place, const struct sg_json *json,
                       const char *expected, struct sg_error *err)
{
    return sg_place_fail(place, err, "expected %s, found %s", expected, sg_json_kind(json));
}

bool sg_expect_object(const struct sg_json *json, const struct sg_place *place,
                      struct sg_error *err)
{
    return sg_json_is_object(json) || wrong_kind(place, json, "an object", err);
}

bool sg_expect_array(const struct sg_json *json, size_t most, const struct sg_place *place,
                     struct sg_error *err)
{
    if (!sg_json_is_array(json)) {
        return wrong_kind(place, json, "an array", err);
    }
    size_t count = sg_json_count(json);
    if (count > most) {
        return sg_place_fail(place, err, "%zu elements, more than the limit of %zu", count, most);
    }
    return true;
}

static bool read_text(const struct sg_json *json, const struct sg_place *place, char **out,
                      struct sg_error *err)
{
    if (!sg_json_is_string(json)) {
        return wrong_kind(place, json, "a string", err);
    }
    *out = sg_strdup(sg_json_string(json, ""));
    return true;
}

static bool read_number(const struct sg_json *json, const struct sg_place *place, double *out,
                        struct sg_error *err)
{
    if (!sg_json_is_number(json)) {
        return wrong_kind(place, json, "a number", err);
    }
    *out = sg_json_number(json, NAN);
    return true;
}

/* A whole number from 0 to `most`. */
static bool read_whole(const struct sg_json *json, const struct sg_place *place, double most,
                       double *out, struct sg_error *err)
{
    double value = NAN;
    if (!read_number(json, place, &value, err)) {
        return false;
    }
    if (!(value >= 0 && value <= most) || value != floor(value)) {
        return sg_place_fail(place, err, "%.17g is not a whole number from 0 to %.0f", value, most);
    }
    *out = value;
    return true;
}

static bool read_bool(const struct sg_json *json, const struct sg_place *place, bool *out,
                      struct sg_error *err)
{
    /* Whoever answers with both fallbacks is no bool. */
    if (sg_json_bool(json, false) != sg_json_bool(json, true)) {
        return wrong_kind(place, json, "true or false", err);
    }
    *out = sg_json_bool(json, false);
    return true;
}

static bool read_seed(const struct sg_json *json, const struct sg_place *place, uint64_t *out,
                      struct sg_error *err)
{
    const char *digits = sg_json_string(json, "");
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0' || errno != 0 || value > UINT64_MAX) {
        return sg_place_fail(place, err,
                             "expected a string of decimal digits below 2^64 (\"42\"), found %s",
                             sg_json_is_string(json) ? "other text" : sg_json_kind(json));
    }
    *out = value;
    return true;
}

static bool read_enum(const struct sg_json *json, const struct sg_place *place,
                      const char *const *names, unsigned *out, struct sg_error *err)
{
    const char *word = sg_json_string(json, NULL);
    if (word == NULL) {
        return wrong_kind(place, json, "a string", err);
    }
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], word) == 0) {
            *out = i;
            return true;
        }
    }
    struct sg_text list = {0};
    for (unsigned i = 0; names[i] != NULL; i++) {
        sg_text_printf(&list, "%s\"%s\"", i == 0 ? "" : ", ", names[i]);
    }
    sg_place_fail(place, err, "\"%s\" is not one of %s", sg_show_string(word).text, list.data);
    sg_text_free(&list);
    return false;
}

static bool read_array(const struct sg_field *field, const struct sg_json *json,
                       const struct sg_place *place, char *object, struct sg_error *err)
{
    if (!sg_expect_array(json, SG_ELEMENTS_MAX, place, err)) {
        return false;
    }
    size_t count = sg_json_count(json);
    if (count == 0) {
        return true;
    }
    char *elements = sg_alloc(count, field->table->size);
    *(void **)(void *)(object + field->offset) = elements;
    *(size_t *)(void *)(object + field->count_offset) = count; /* zeroed elements may be cleared */
    const struct sg_json *element = sg_json_first(json);
    for (size_t i = 0; i < count; i++) {
        struct sg_place here = {.up = place, .index = i};
        if (!sg_fields_read(field->table, element, &here, elements + i * field->table->size, err)) {
            return false;
        }
        element = sg_json_next(element);
    }
    return true;
}

static bool read_present(const struct sg_field *field, const struct sg_json *json,
                         const struct sg_place *place, char *object, struct sg_error *err)
{
    void *at = object + field->offset;
    double whole = 0;
    switch (field->kind) {
    case SG_FIELD_TEXT:
        return read_text(json, place, at, err);
    case SG_FIELD_NUMBER:
        return read_number(json, place, at, err);
    case SG_FIELD_INT:
        if (!read_whole(json, place, INT_MAX, &whole, err)) {
            return false;
        }
        *(int *)at = (int)whole;
        return true;
    case SG_FIELD_SIZE:
        if (!read_whole(json, place, 9007199254740992.0 /* 2^53 */, &whole, err)) {
            return false;
        }
        *(size_t *)at = (size_t)whole;
        return true;
    case SG_FIELD_BOOL:
        return read_bool(json, place, at, err);
    case SG_FIELD_SEED:
        return read_seed(json, place, at, err);
    case SG_FIELD_ENUM:
        return read_enum(json, place, field->names, at, err);
    case SG_FIELD_OBJECT:
        return sg_fields_read(field->table, json, place, at, err);
    case SG_FIELD_ARRAY:
        return read_array(field, json, place, object, err);
    }
    return sg_fail(err, SG_ERROR_INTERNAL, "field %s has no kind", field->key);
}

/* What an absent field means; the struct is zeroed already. */
static void set_absent(const struct sg_table *table, char *object)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct sg_field *field = &table->fields[i];
        if (field->kind == SG_FIELD_NUMBER) {
            *(double *)(void *)(object + field->offset) = field->absent;
        } else if (field->kind == SG_FIELD_OBJECT) {
            set_absent(field->table, object + field->offset);
        }
    }
}

static bool read_field(const struct sg_field *field, const struct sg_json *json,
                       const struct sg_place *place, char *object, struct sg_error *err)
{
    struct sg_place here = {.up = place, .key = field->key};
    const struct sg_json *member = sg_json_get(json, field->key);
    if (member != NULL && !sg_json_is_null(member)) {
        return read_present(field, member, &here, object, err);
    }
    if (field->presence == SG_REQUIRED) {
        return sg_place_fail(&here, err, member == NULL ? "is missing" : "must not be null");
    }
    if (member != NULL && field->kind == SG_FIELD_NUMBER) {
        *(double *)(void *)(object + field->offset) = NAN;
    }
    return true;
}

bool sg_fields_read(const struct sg_table *table, const struct sg_json *json,
                    const struct sg_place *place, void *out, struct sg_error *err)
{
    set_absent(table, out);
    if (!sg_expect_object(json, place, err)) {
        return false;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (!read_field(&table->fields[i], json, place, out, err)) {
            return false;
        }
    }
    return true;
}
