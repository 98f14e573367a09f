/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a report. Each adds its parts to the document, or nothing where it has nothing to
 * say. A new section is a function here and a row in the table of sections.c. */
#ifndef SG_REPORT_SECTIONS_H
#define SG_REPORT_SECTIONS_H

#include "report/doc.h"
#include "view/view.h"

/* The whole report for people, for doc->form. `plots` (HTML alone) must live as long as the
 * document. */
void sg_report_doc(struct sg_doc *doc, const struct sg_view *view, const struct sg_plots *plots);

/* The answer in words, a sentence for each variant. */
void sg_section_answer(struct sg_doc *doc, const struct sg_view *view);
/* What to do about an inconclusive or invalid verdict: at most three lines. */
void sg_section_advice(struct sg_doc *doc, const struct sg_view *view);
/* Several variants, the best first. */
void sg_section_league(struct sg_doc *doc, const struct sg_view *view);
/* The gates of each variant, worst first. */
void sg_section_gates(struct sg_doc *doc, const struct sg_view *view);
void sg_section_waivers(struct sg_doc *doc, const struct sg_view *view);
/* Raw beside adjusted changes. */
void sg_section_adjusted(struct sg_doc *doc, const struct sg_view *view);
/* Blocks that were measured in jobs of their own. */
void sg_section_strata(struct sg_doc *doc, const struct sg_view *view);
/* What was found on the way, with the last log lines of what crashed. */
void sg_section_findings(struct sg_doc *doc, const struct sg_view *view);
/* Where the bundle is; for a terminal. */
void sg_section_bundle(struct sg_doc *doc, const struct sg_view *view);
/* How to come to this report again. */
void sg_section_reproduce(struct sg_doc *doc, const struct sg_view *view);
/* Folded: */
void sg_section_decision(struct sg_doc *doc, const struct sg_view *view);
void sg_section_environment(struct sg_doc *doc, const struct sg_view *view);
void sg_section_numbers(struct sg_doc *doc, const struct sg_view *view);

#endif
