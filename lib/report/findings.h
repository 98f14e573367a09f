/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of a session and its repetitions, worst first; the same check on the same variant is
 * one group. */
#ifndef SG_REPORT_FINDINGS_H
#define SG_REPORT_FINDINGS_H

#include "base/text.h"
#include "report/report.h"

struct sg_finding_group {
    const struct sg_finding *first;
    const char *variant; /* NULL: of the session as a whole */
    int block;           /* of the first; 0: warm-up or session */
    size_t count;
    size_t discarded; /* repetitions that were measured again for it */
    size_t order;     /* of arrival, of the first */
};

/* Borrowed from `session`; the caller frees the array. */
struct sg_finding_group *sg_findings(const struct sg_session *session,
                                     size_t *out_count) SG_MUST_USE;

/* The judgement's notes but for those that only repeat a finding, which is shown anyway. Borrowed
 * from `report`; the caller frees the array. */
const char **sg_finding_notes(const struct sg_report *report, size_t *out_count) SG_MUST_USE;

#endif
