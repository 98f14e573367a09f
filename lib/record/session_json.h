/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions as JSON values, for rooms that keep sessions inside files of their own (baseline). */
#ifndef SG_RECORD_SESSION_JSON_H
#define SG_RECORD_SESSION_JSON_H

#include "record/record.h"

struct sg_json;

/* A session without its "schema" member. What is NULL, NaN (outside values), 0 or empty is left
 * out; infinite numbers become null, that is NaN. */
struct sg_json *sg_session_to_json(const struct sg_session *session) SG_MUST_USE;

/* What was fixed before the data: plan, metrics, gates, waivers, reference. */
struct sg_json *sg_session_plan_to_json(const struct sg_session *session) SG_MUST_USE;

/* The same back; `name` opens error messages ("session.json", "api.json: sessions[2]"). *out is
 * untouched on failure. */
bool sg_session_from_json(const struct sg_json *json, const char *name, struct sg_session *out,
                          struct sg_error *err) SG_MUST_USE;

/* Checks an object's "schema" member against "svcgate.<kind>/1": a newer major version is refused
 * with the tool that wrote it. */
bool sg_schema_check(const struct sg_json *json, const char *kind, const char *name,
                     struct sg_error *err) SG_MUST_USE;

#endif
