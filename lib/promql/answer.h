/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a query's answer, read into a matrix. Private to the room (and to its tests). */
#ifndef SG_PROMQL_ANSWER_H
#define SG_PROMQL_ANSWER_H

#include "base/error.h"
#include "promql/matrix.h"

/* `status` is the HTTP status, `name` opens error messages. */
bool sg_prom_answer(const char *body, size_t size, long status, const char *name,
                    struct sg_matrix *out, struct sg_error *err) SG_MUST_USE;

#endif
