/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences that every format for people shares: what the verdict is about, how far it can be
 * trusted. */
#ifndef SG_REPORT_SENTENCE_H
#define SG_REPORT_SENTENCE_H

#include "report/doc.h"

/* "latency_p95 of `candidate` is 11.6 % worse than `base`": no full stop. */
void sg_say_headline(struct sg_line *out, const struct sg_view *view);
/* The same for formats without markup: one line, cleaned, not escaped. */
void sg_say_headline_plain(struct sg_text *out, const struct sg_view *view);

/* "1 of 4 gates failed, 3 passed. 9 repetitions a side, look 2 of 6. …" */
void sg_say_summary(struct sg_line *out, const struct sg_view *view);

/* "9 repetitions": a number and its word. */
void sg_say_count(struct sg_line *out, size_t count, const char *word);

#endif
