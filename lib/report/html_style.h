/* SPDX-License-Identifier: Apache-2.0 */
/* How the HTML report looks. */
#ifndef SG_REPORT_HTML_STYLE_H
#define SG_REPORT_HTML_STYLE_H

#include "base/text.h"

void sg_html_style(struct sg_text *out);

#endif
