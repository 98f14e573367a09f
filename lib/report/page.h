/* SPDX-License-Identifier: Apache-2.0 */
/* A page that must not outgrow a limit: a document printed as far as there is room, cut between two
 * pieces (rows, list items, paragraphs) and nowhere else. For Markdown and HTML. */
#ifndef SG_REPORT_PAGE_H
#define SG_REPORT_PAGE_H

#include "report/doc.h"

/* What is written so far. A piece that would go past `limit` is left out and counted. */
struct sg_sheet {
    struct sg_text *out;
    size_t start; /* size of `out` before it */
    size_t limit; /* bytes of `out` */
    size_t left_out;
    struct sg_text title; /* comes before the next piece, so that no title stands alone */
};

/* Takes `piece` (empty afterwards) if it fits; it must be whole in itself: a row, a list item. */
bool sg_sheet_add(struct sg_sheet *sheet, struct sg_text *piece);

/* A lead waits with the title; other paragraphs are pieces. */
void sg_sheet_add_paragraph(struct sg_sheet *sheet, enum sg_look look, struct sg_text *piece);

struct sg_page {
    /* A writer for each kind of part; NULL: not shown, or a fold, which the page knows. */
    void (*writers[SG_PART_KINDS])(struct sg_sheet *sheet, const struct sg_part *part);
    void (*note)(struct sg_text *out, size_t left_out, size_t limit); /* after a cut */
};

/* At most doc->limit bytes. Parts at the end of the document that are always shown come after the
 * note of what was left out, and have their room kept. */
void sg_page_write(const struct sg_page *page, const struct sg_doc *doc, struct sg_text *out);

#endif
