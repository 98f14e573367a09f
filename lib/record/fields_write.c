/* SPDX-License-Identifier: Apache-2.0 */
/* Structs to JSON objects by their tables. What says nothing (NULL, NaN, 0, false, empty) is left
 * out unless its row says otherwise. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "record/fields.h"
#include "json/json.h"

static void write_number(const struct sg_field *field, double value, struct sg_json *out)
{
    /* Exact comparison: only the very default may be left out. */
    bool silent = isnan(field->absent) ? isnan(value) : value == field->absent;
    if (!silent || field->presence != SG_OPTIONAL) {
        sg_json_set_number(out, field->key, value);
    }
}

static void write_count(const struct sg_field *field, double value, struct sg_json *out)
{
    if (value != 0 || field->presence != SG_OPTIONAL) {
        sg_json_set_number(out, field->key, value);
    }
}

static void write_text(const struct sg_field *field, const char *text, struct sg_json *out)
{
    if (text != NULL || field->presence != SG_OPTIONAL) {
        sg_json_set_string(out, field->key, text);
    }
}

static void write_seed(const struct sg_field *field, uint64_t seed, struct sg_json *out)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRIu64, seed);
    sg_json_set_string(out, field->key, digits);
}

static void write_bool(const struct sg_field *field, bool value, struct sg_json *out)
{
    if (value || field->presence != SG_OPTIONAL) {
        sg_json_set_bool(out, field->key, value);
    }
}

static void write_enum(const struct sg_field *field, unsigned value, struct sg_json *out)
{
    if (value != 0 || field->presence != SG_OPTIONAL) {
        sg_json_set_string(out, field->key, field->names[value]);
    }
}

static void write_object(const struct sg_field *field, const void *object, struct sg_json *out)
{
    struct sg_json *child = sg_fields_write(field->table, object);
    if (sg_json_count(child) > 0) {
        sg_json_set(out, field->key, child);
    } else {
        sg_json_free(child);
    }
}

static void write_array(const struct sg_field *field, const char *elements, size_t count,
                        struct sg_json *out)
{
    if (count == 0 && field->presence == SG_OPTIONAL) {
        return;
    }
    struct sg_json *array = sg_json_new_array();
    for (size_t i = 0; i < count; i++) {
        sg_json_push(array, sg_fields_write(field->table, elements + i * field->table->size));
    }
    sg_json_set(out, field->key, array);
}

static void write_field(const struct sg_field *field, const char *object, struct sg_json *out)
{
    const void *at = object + field->offset;
    switch (field->kind) {
    case SG_FIELD_TEXT:
        write_text(field, *(char *const *)at, out);
        break;
    case SG_FIELD_NUMBER:
        write_number(field, *(const double *)at, out);
        break;
    case SG_FIELD_INT:
        write_count(field, *(const int *)at, out);
        break;
    case SG_FIELD_SIZE:
        write_count(field, (double)*(const size_t *)at, out);
        break;
    case SG_FIELD_BOOL:
        write_bool(field, *(const bool *)at, out);
        break;
    case SG_FIELD_SEED:
        write_seed(field, *(const uint64_t *)at, out);
        break;
    case SG_FIELD_ENUM:
        write_enum(field, *(const unsigned *)at, out);
        break;
    case SG_FIELD_OBJECT:
        write_object(field, at, out);
        break;
    case SG_FIELD_ARRAY:
        write_array(field, *(const char *const *)at,
                    *(const size_t *)(const void *)(object + field->count_offset), out);
        break;
    }
}

struct sg_json *sg_fields_write(const struct sg_table *table, const void *object)
{
    struct sg_json *out = sg_json_new_object();
    for (size_t i = 0; i < table->count; i++) {
        write_field(&table->fields[i], object, out);
    }
    return out;
}
