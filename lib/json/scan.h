/* SPDX-License-Identifier: Apache-2.0 */
/* Private to json: a strict reading of JSON text (RFC 8259) that builds nothing. cJSON is lenient
 * (numbers like 01, control characters, any depth up to 1000), so it only gets what passed here. */
#ifndef SG_JSON_SCAN_H
#define SG_JSON_SCAN_H

#include "base/error.h"

enum { SG_JSON_MAX_DEPTH = 64 };

/* A member by document order: the n-th object that opens, its n-th key, both from 0. */
struct sg_json_member {
    size_t object;
    size_t member;
};

/* The first error is told with `name`:line:column. */
bool sg_json_scan(const char *text, size_t size, const char *name,
                  struct sg_error *err) SG_MUST_USE;

/* Tells the place of a duplicate key in text that has been scanned; always returns false. */
bool sg_json_fail_duplicate(const char *text, size_t size, const char *name,
                            struct sg_json_member duplicate, const char *key, struct sg_error *err);

#endif
