/* SPDX-License-Identifier: Apache-2.0 */
/* A judgement as rows: labels, numbers as people read them, worst first. The functions that show a
 * number are in show.h, those that escape a text for its format in escape.h. */
#ifndef SG_VIEW_VIEW_H
#define SG_VIEW_VIEW_H

#include "base/text.h"
#include "judge/verdict.h"
#include "record/record.h"
#include "record/series.h"

/* What is reported. Borrowed. */
struct sg_report {
    const struct sg_session *session;
    const struct sg_judgement *judgement;
    const char *title;                  /* of one report among several, or NULL */
    const char *bundle;                 /* path of the bundle to name, or NULL */
    const char *config;                 /* path of svcgate.yaml, or NULL */
    const char *baseline;               /* path of the stored baseline, or NULL */
    const struct sg_series_set *series; /* for pictures over time, or NULL */
    bool show_host;                     /* absolute paths may be told */
    bool color;                         /* text format only */
    int width;                          /* text format only; 0: 100 */
};

/* Worst first: the order of rows. */
enum sg_state {
    SG_STATE_FAIL,
    SG_STATE_INVALID,
    SG_STATE_INCONCLUSIVE,
    SG_STATE_WARN,
    SG_STATE_PASS
};
#define SG_STATES 5

/* One gate of one variant. "–" stands where there is no such number. */
struct sg_row {
    const struct sg_result *result;
    enum sg_state state;
    char *label;     /* "latency_p95 of postgres" */
    char *reference; /* "12.1 ms" */
    char *value;
    char *change;    /* "+11.6 %" */
    char *interval;  /* "[+7.1 %, +15.8 %]", "" without a change */
    char *tolerance; /* "5 %", "5 %, limit 250 ms"; from a floor "1 ms = 31.4 %" */
};

struct sg_view {
    const struct sg_report *report;
    struct sg_row *rows; /* gates only */
    size_t count;
    size_t states[SG_STATES]; /* how many rows of each */
    /* Variants whose verdict none of their gates tells: they crashed, for example. */
    const struct sg_variant_verdict **untold;
    size_t untold_count;
    bool many;             /* more than one variant beside the reference */
    const char **variants; /* all, the reference too, in the session's order */
    size_t variants_count;
};

void sg_view_init(struct sg_view *view, const struct sg_report *report);
void sg_view_clear(struct sg_view *view);
enum sg_state sg_view_variant_state(const struct sg_variant_verdict *variant);
/* Does a gate, or an untold variant, have the state of the whole? */
bool sg_view_is_told(const struct sg_view *view);
/* Is this row the first (the worst) of its variant? */
bool sg_view_is_first(const struct sg_view *view, size_t row);

enum sg_state sg_view_state(const struct sg_result *result);
/* Of the whole judgement. */
enum sg_state sg_view_overall(const struct sg_judgement *judgement);
const char *sg_state_word(enum sg_state state); /* "FAIL" */
const char *sg_state_mark(enum sg_state state); /* "✗" */

/* How much worse, whatever the metric's direction: positive is worse. */
double sg_view_worse(const struct sg_result *result);

/* What was measured of one variant, without warm-up and discarded repetitions. */
bool sg_view_counts(const struct sg_repetition *repetition, const char *variant);
/* Median and number of one metric's values; NaN and 0 when there are none. */
double sg_view_median(const struct sg_session *session, size_t metric, const char *variant,
                      size_t *out_count);
size_t sg_view_repetitions(const struct sg_session *session, const char *variant);

/* The result of (metric, of, request) for a variant, gated or not, or NULL. */
const struct sg_result *sg_view_find(const struct sg_judgement *judgement,
                                     const struct sg_metric *metric, const char *variant);

#endif
