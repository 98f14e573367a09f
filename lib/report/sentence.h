/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences that every format for people shares: what the verdict is about, how far it can be
 * trusted, what would decide an open one, what is broken when it is invalid. */
#ifndef SG_REPORT_SENTENCE_H
#define SG_REPORT_SENTENCE_H

#include "report/view.h"

/* HTML is as Markdown for literals: `load.measure` is still to become code. Backticks of names and
 * of free text are escaped there. */
enum sg_style { SG_PLAIN, SG_MARKDOWN, SG_HTML };

/* A name (as code in Markdown and HTML), free text: escaped. */
void sg_say_name(struct sg_text *out, enum sg_style style, const char *name);
void sg_say_text(struct sg_text *out, enum sg_style style, const char *text);

/* "latency_p95 of `candidate` is 11.6 % worse than `base`": one line, no full stop. */
void sg_say_headline(struct sg_text *out, enum sg_style style, const struct sg_view *view);

/* "1 of 4 gates failed, 3 passed. 9 repetitions a side, look 2 of 6. …": one line. */
void sg_say_summary(struct sg_text *out, const struct sg_view *view);

/* What to do about an inconclusive or invalid verdict: at most three lines, each ending with a
 * newline; nothing for the other verdicts. */
void sg_say_advice(struct sg_text *out, enum sg_style style, const struct sg_view *view);

/* "9 repetitions": a number and its word. */
void sg_say_count(struct sg_text *out, size_t count, const char *word);

#endif
