/* SPDX-License-Identifier: Apache-2.0 */
/* How to come to this report again, and what was measured on what: for every format that people
 * read. Nothing is escaped here. */
#ifndef SG_REPORT_AGAIN_H
#define SG_REPORT_AGAIN_H

#include "report/report.h"

/* Commands for a shell, one a line, each with a comment; nothing when they are not known. */
void sg_say_again(struct sg_text *out, const struct sg_report *report);

struct sg_pair {
    const char *name; /* "load" */
    char *value;
    bool code; /* a name or a hash */
};

#define SG_PAIRS 8

struct sg_pairs {
    struct sg_pair items[SG_PAIRS];
    size_t count;
};

/* Service, load, plan, risk, plan hash, session, time and tool, as far as they are known. */
void sg_pairs_init(struct sg_pairs *pairs, const struct sg_report *report);
void sg_pairs_clear(struct sg_pairs *pairs);

/* Plain samples know no images. */
bool sg_has_images(const struct sg_session *session);

/* "CPU", or of one block alone "CPU (block 2)". Caller frees. */
char *sg_show_fact(const struct sg_fact *fact) SG_MUST_USE;

#endif
