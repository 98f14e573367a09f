/* SPDX-License-Identifier: Apache-2.0 */
/* The printers of a document. Each escapes for its form in one place, where it writes a span. */
#ifndef SG_REPORT_PRINT_H
#define SG_REPORT_PRINT_H

#include "report/doc.h"

/* Stays below doc->limit. */
void sg_print_markdown(const struct sg_doc *doc, struct sg_text *out);
/* A page that is complete in itself; below doc->limit. */
void sg_print_html(const struct sg_doc *doc, struct sg_text *out);

struct sg_terminal_use {
    int width; /* 0: 100 */
    bool color;
    size_t longest; /* bytes of a text that are shown; 0: SG_SHOWN_SENTENCE */
};

void sg_print_terminal(const struct sg_doc *doc, const struct sg_terminal_use *use,
                       struct sg_text *out);

#endif
