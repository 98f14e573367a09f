/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of a judgement and its reports, whatever was read: for the targets that judge. */
#ifndef SG_FUZZ_REPORTS_H
#define SG_FUZZ_REPORTS_H

#include "base/text.h"
#include "judge/judge.h"

/* Aborts when a verdict has no reason or passes without a number, or when a report has what moves a
 * cursor or what a CI runner would obey. Adds every format to *out. */
void sg_check_judgement(const struct sg_session *session, const struct sg_judgement *judgement,
                        struct sg_text *out);

/* Aborts when a text has such a thing; `format` is a report's, or that of a forecast. */
void sg_check_text(const char *format, const char *text);

#endif
