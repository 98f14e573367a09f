/* SPDX-License-Identifier: Apache-2.0 */
/* A gate's waiver as a sentence, for every format that people read. */
#ifndef SG_REPORT_WAIVER_H
#define SG_REPORT_WAIVER_H

#include "view/view.h"

/* Is there a waiver for this gate, holding or expired? */
bool sg_is_waived(const struct sg_result *result);

/* "waiver of ada until 2027-01-31 (68 days left): 12 % instead of 5 %, new TLS library; passed only
 * by it". Not escaped. Caller frees; NULL without a waiver. */
char *sg_show_waiver(const struct sg_result *result) SG_MUST_USE;

/* "latency_p95 of candidate: waiver of …" */
char *sg_show_waived_row(const struct sg_row *row) SG_MUST_USE;

/* What follows the gate's name where the waiver is why it passed with a warning: "passed only by
 * the waiver of ada (until 2027-01-31)"; NULL when it is not. */
char *sg_show_waiver_warning(const struct sg_result *result) SG_MUST_USE;

#endif
