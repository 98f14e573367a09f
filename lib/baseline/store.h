/* SPDX-License-Identifier: Apache-2.0 */
/* Private to baseline: what its two files share. */
#ifndef SG_BASELINE_STORE_H
#define SG_BASELINE_STORE_H

#include "baseline/baseline.h"

/* Takes `session` (zeroed afterwards) and `rest` over as the newest; copies the texts. */
void sg_baseline_append(struct sg_baseline *baseline, struct sg_session *session, const char *note,
                        const char *accepted, struct sg_json *rest);

#endif
