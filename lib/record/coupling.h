/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured of this machine's coupling (docs/method.md, guard 2), kept between sessions:
 * svcgate.coupling/1, one entry for each set of hard facts, so that it is measured anew when one
 * of them changes. */
#ifndef SG_RECORD_COUPLING_H
#define SG_RECORD_COUPLING_H

#include "record/record.h"

/* A control variate's relative change for each CPU that is used beside it, and the bound of its
 * size, 95 %. NaN: not known. */
struct sg_coupled {
    double h, limit;
};
struct sg_couplings {
    struct sg_coupled generator, core, cache;
};

/* Those for the session's hard facts. False: not even the generator's is known, for whatever
 * reason; a session can do without. */
bool sg_coupling_find(const char *path, const struct sg_session *session, struct sg_couplings *out);

/* Adds or replaces it; the newest 32 stay. A file that cannot be read is written anew. */
bool sg_coupling_keep(const char *path, const struct sg_session *session,
                      const struct sg_couplings *found, struct sg_error *err) SG_MUST_USE;

#endif
