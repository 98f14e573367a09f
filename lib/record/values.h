/* SPDX-License-Identifier: Apache-2.0 */
/* Filling repetitions with numbers by metric label. Private to record. */
#ifndef SG_RECORD_VALUES_H
#define SG_RECORD_VALUES_H

#include "record/fields.h"
#include "record/index.h"
#include "record/record.h"

/* Numbers the labels of the session's metrics; fails where two metrics have the same label. */
bool sg_labels_index(const struct sg_session *session, const struct sg_place *place,
                     struct sg_index *out, struct sg_error *err) SG_MUST_USE;

/* Fails when metrics times repetitions are more than the limit. */
bool sg_values_check(size_t metrics, size_t repetitions, const struct sg_place *place,
                     struct sg_error *err) SG_MUST_USE;

/* Fails when a session has more variants, blocks or results (metrics times variants) than can be
 * judged. */
bool sg_session_check(const struct sg_session *session, const struct sg_place *place,
                      struct sg_error *err) SG_MUST_USE;

/* A repetition's values, all NaN, or NULL for no metrics. */
double *sg_values_new(size_t metrics) SG_MUST_USE;

/* Reads {label: number or null} into values; a label that is not in `labels` is an error. An absent
 * object leaves NaN. */
bool sg_values_read(const struct sg_json *json, const struct sg_index *labels,
                    const struct sg_place *place, double *values, struct sg_error *err) SG_MUST_USE;

#endif
