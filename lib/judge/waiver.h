/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: what is accepted for a while. A gate is judged twice, with the bound and without, so
 * that the report can tell whether the waiver is needed. The day that counts is the session's own:
 * the same session gives the same judgement on any day. */
#ifndef SG_JUDGE_WAIVER_H
#define SG_JUDGE_WAIVER_H

#include "judge/gate.h"
#include "judge/judge.h"

/* Each must belong to a gate, with a bound and a day that can be read (SG_ERROR_CONFIG). */
bool sg_waivers_check(const struct sg_session *session, struct sg_error *err) SG_MUST_USE;

/* A gate of one variant under a waiver. */
struct sg_permit {
    const struct sg_waiver *waiver;
    bool expired;
    struct sg_gate gate;        /* with the bound; its strings are borrowed */
    struct sg_gate_case waived; /* to be judged into the result */
    struct sg_result own;       /* for the gate as it is */
};

/* False: no waiver is for this gate and variant. Else judge `waived` into `out` and the gate as it
 * is into `own`, and close; the permit may not move meanwhile. */
bool sg_permit_open(struct sg_permit *permit, const struct sg_session *session,
                    const struct sg_gate_case *gate, struct sg_result *out, struct sg_text *steps);
/* True: the gate fails because the waiver has expired, at once and whatever the data. */
bool sg_permit_close(struct sg_permit *permit, const struct sg_session *session,
                     struct sg_result *out);

/* Has a waiver that is for `variant` (NULL: for any) expired before anything was measured? Then the
 * session need not begin. */
bool sg_waiver_stops(const struct sg_session *session, const char *variant);
/* The verdict of a gate in such a session: FAIL where the waiver is its own, else open. */
void sg_waiver_settle(const struct sg_session *session, const struct sg_gate_case *gate,
                      struct sg_result *out);

/* Notes about waivers that end soon, are not needed, or have no day to be compared with. */
void sg_waiver_notes(const struct sg_session *session, struct sg_judgement *out);

#endif
