/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: strict reading with limits, writing with sorted keys and exact doubles. The only room that
 * knows cJSON. Refused: more than 64 levels or 4 million values, duplicate keys, NUL or invalid
 * UTF-8 in strings, trailing bytes, numbers that overflow. */
#ifndef SG_JSON_JSON_H
#define SG_JSON_JSON_H

#include "base/error.h"

struct sg_json; /* a value of any kind */

/* `name` (a path or URL) opens error messages; errors are SG_ERROR_CONFIG with line:column. */
struct sg_json *sg_json_parse(const char *text, size_t size, const char *name,
                              struct sg_error *err) SG_MUST_USE;
void sg_json_free(struct sg_json *json); /* NULL is fine */

/* One step down to a value: the member `key`, or with NULL the element `index`. */
struct sg_json_step {
    const char *key;
    size_t index;
};
/* Where the value of a path, or what there is of the path, stands in text that has been parsed. */
void sg_json_locate(const char *text, size_t size, const struct sg_json_step *path, size_t count,
                    size_t *out_line, size_t *out_column);

/* Looking: everything returned is borrowed from `json`; NULL in gives NULL or the fallback out. */
const struct sg_json *sg_json_get(const struct sg_json *object, const char *key);
const struct sg_json *sg_json_first(const struct sg_json *container);
const struct sg_json *sg_json_next(const struct sg_json *element);
size_t sg_json_count(const struct sg_json *container);
const char *sg_json_key(const struct sg_json *member); /* of an object's member */
bool sg_json_is_object(const struct sg_json *json);
bool sg_json_is_array(const struct sg_json *json);
bool sg_json_is_string(const struct sg_json *json);
bool sg_json_is_number(const struct sg_json *json);
bool sg_json_is_null(const struct sg_json *json);
/* The value, or the fallback when it is absent or of another kind. */
const char *sg_json_string(const struct sg_json *json, const char *fallback);
double sg_json_number(const struct sg_json *json, double fallback);
bool sg_json_bool(const struct sg_json *json, bool fallback);

/* Required members: an error names the key and what was expected. */
bool sg_json_need_string(const struct sg_json *object, const char *key, const char **out,
                         struct sg_error *err) SG_MUST_USE;
bool sg_json_need_number(const struct sg_json *object, const char *key, double *out,
                         struct sg_error *err) SG_MUST_USE;
bool sg_json_need_array(const struct sg_json *object, const char *key, const struct sg_json **out,
                        struct sg_error *err) SG_MUST_USE;

/* Building: a child given away belongs to its parent. A NaN or infinite number becomes null, a
 * NULL string becomes null. */
struct sg_json *sg_json_new_object(void);
struct sg_json *sg_json_new_array(void);
struct sg_json *sg_json_new_string(const char *text);
struct sg_json *sg_json_new_number(double number);
struct sg_json *sg_json_new_bool(bool value);
struct sg_json *sg_json_copy(const struct sg_json *json);
void sg_json_set(struct sg_json *object, const char *key, struct sg_json *child); /* replaces */
/* Appends without looking: for many keys that are known to differ. */
void sg_json_add(struct sg_json *object, const char *key, struct sg_json *child);
void sg_json_set_string(struct sg_json *object, const char *key, const char *text);
void sg_json_set_number(struct sg_json *object, const char *key, double number);
void sg_json_set_bool(struct sg_json *object, const char *key, bool value);
void sg_json_push(struct sg_json *array, struct sg_json *child);

/* Text with sorted keys and a final newline. `lines_to` levels are laid out with indentation, what
 * is deeper stands on one line (0: all on one line). Caller frees. */
char *sg_json_write(const struct sg_json *json, int lines_to) SG_MUST_USE;

#endif
