/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions from parsed JSON, with errors that stand at a place. Private to record. */
#ifndef SG_RECORD_READERS_H
#define SG_RECORD_READERS_H

#include "record/fields.h"
#include "record/record.h"

/* See sg_schema_check, sg_session_from_json, sg_samples_from_json in session_json.h. `root` is the
 * file's name, and its text where lines and columns shall be told. */
bool sg_schema_check_at(const struct sg_json *json, const char *kind, const struct sg_place *root,
                        struct sg_error *err) SG_MUST_USE;
bool sg_session_read_at(const struct sg_json *json, const struct sg_place *root,
                        struct sg_session *out, struct sg_error *err) SG_MUST_USE;
bool sg_samples_read_at(const struct sg_json *json, const struct sg_place *root,
                        struct sg_session *out, struct sg_error *err) SG_MUST_USE;

/* What sg_session_load does with a file's text, which ends with a NUL at text[size]. */
bool sg_session_parse(const char *text, size_t size, const char *name, struct sg_session *out,
                      struct sg_error *err) SG_MUST_USE;

#endif
