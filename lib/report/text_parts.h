/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the terminal report. */
#ifndef SG_REPORT_TEXT_PARTS_H
#define SG_REPORT_TEXT_PARTS_H

#include "report/terminal.h"

void sg_text_league(const struct sg_terminal *terminal, const struct sg_view *view);
void sg_text_gates(const struct sg_terminal *terminal, const struct sg_view *view);
void sg_text_waivers(const struct sg_terminal *terminal, const struct sg_view *view);
/* Noise before and after, raw beside adjusted change. */
void sg_text_adjusted(const struct sg_terminal *terminal, const struct sg_view *view);
/* Blocks of several machines, each with what it says by itself. */
void sg_text_strata(const struct sg_terminal *terminal, const struct sg_view *view);

#endif
