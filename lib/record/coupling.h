/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured of this machine's coupling (docs/method.md, guard 2), kept between sessions:
 * svcgate.coupling/1, one entry for each set of hard facts, so that it is measured anew when one
 * of them changes. */
#ifndef SG_RECORD_COUPLING_H
#define SG_RECORD_COUPLING_H

#include "record/record.h"

/* The bound of |h| for the session's hard facts. False: none is known, for whatever reason; a
 * session can do without. */
bool sg_coupling_find(const char *path, const struct sg_session *session, double *out_limit);

/* Adds or replaces it; the newest 32 stay. A file that cannot be read is written anew. */
bool sg_coupling_keep(const char *path, const struct sg_session *session, double h, double limit,
                      struct sg_error *err) SG_MUST_USE;

#endif
