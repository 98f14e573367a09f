/* SPDX-License-Identifier: Apache-2.0 */
/* One metric of one variant on its way to a result. A gate asks up to two questions: is it worse
 * than the reference (tolerance), is it beyond a fixed number (limit). Each is asked at every look
 * until it is answered. */
#ifndef SG_JUDGE_TRIAL_H
#define SG_JUDGE_TRIAL_H

#include "base/text.h"
#include "judge/family.h"
#include "judge/verdict.h"
#include "stats/exact.h"

enum sg_answer { SG_NOT_ASKED, SG_OPEN, SG_GOOD, SG_BAD };

/* Ranks of within-block differences at the current look, positive is worse. */
struct sg_rank {
    bool can_adjust;
    bool adjusted;
    double bias;     /* share of the tolerance that coupling may hide or invent */
    double estimate; /* median difference */
    struct sg_interval bounds;
    size_t above, below; /* differences above, below zero */
    size_t critical_fail, critical_pass;
};

/* Sums of counts at the current look; "better higher" is turned around (events missed). */
struct sg_counts {
    int events, trials;                   /* metrics */
    struct sg_count *reference, *variant; /* one a repetition, all blocks */
    struct sg_count reference_sum, variant_sum;
    size_t seen; /* repetitions of the variant with an event */
    double dispersion;
    double p;
    bool risen; /* by Fisher's test or by ranks, at this look's part of the error */
};

struct sg_trial {
    struct sg_family *family;
    const struct sg_metric *metric;
    int index;                  /* of the metric */
    const struct sg_gate *gate; /* NULL: for information, one look at all data */
    double alpha, beta;         /* of each question */
    double sign;                /* +1: larger is worse */
    struct sg_result *out;
    struct sg_text *steps; /* the computation for people, or NULL */
    enum sg_answer tolerance, limit;
    bool needs_reference;              /* its values must be usable too */
    size_t tolerance_look, limit_look; /* where answered, else the last one */
    double threshold;                  /* θ1, set at the first look */
    double warn_threshold;             /* the same of `warn`, NaN without one */
    char *tolerance_reason, *limit_reason;
    struct sg_rank rank;
    struct sg_counts counts;
};

/* How a scale of metrics is judged. Looks come in order; `finish` fills the result's numbers and
 * the reason as of the given look. */
struct sg_kind {
    void (*begin)(struct sg_trial *trial);
    /* A sentence when a repetition up to this look cannot be used, or NULL. Caller frees. */
    char *(*unusable)(const struct sg_trial *trial, size_t look);
    enum sg_answer (*look)(struct sg_trial *trial, size_t look);
    void (*finish)(struct sg_trial *trial, size_t look);
    enum sg_answer (*limit_look)(struct sg_trial *trial, size_t look);
    void (*limit_finish)(struct sg_trial *trial, size_t look);
    void (*end)(struct sg_trial *trial); /* or NULL */
};

extern const struct sg_kind sg_kind_rank;  /* LOG, LINEAR */
extern const struct sg_kind sg_kind_count; /* COUNT */
extern const struct sg_kind sg_kind_exact; /* EXACT */
const struct sg_kind *sg_kind_of(const struct sg_metric *metric);

/* --- Shared by the kinds ------------------------------------------------------------------- */

/* Sorts the first differences of `from` and tests them; fills trial->rank. */
void sg_rank_evaluate(struct sg_trial *trial, const double *from, size_t look);
/* Bounds and estimate of trial->rank as change, low, high of the result. */
void sg_rank_report(struct sg_trial *trial);
/* First value that is missing or out of range up to a look: a sentence, or NULL. `positive`: zero
 * and below are out of range. */
char *sg_trial_unusable(const struct sg_trial *trial, int metric, bool positive, size_t look);
/* Does this gate ask for a comparison, for a limit? */
bool sg_gate_compares(const struct sg_gate *gate, enum sg_scale scale);
bool sg_gate_limits(const struct sg_gate *gate);

/* Limit of LOG and LINEAR metrics, by signs. */
enum sg_answer sg_signs_look(struct sg_trial *trial, size_t look);
void sg_signs_finish(struct sg_trial *trial, size_t look);
/* The lower bound of ascending values (worse upwards) that are too few for signs, or NaN. */
double sg_signs_beyond(const struct sg_trial *trial, const double *sorted, size_t count);

/* --- Sentences (reason.c) ------------------------------------------------------------------ */

/* θ on the worse side as a person reads it: "7.1 %", "3.2 MiB". */
char *sg_say_amount(const struct sg_trial *trial, double worse);
/* A change of the result with its sign: "+7.1 %", "−3.2 MiB". */
char *sg_say_change(const struct sg_trial *trial, double change);
char *sg_say_value(const struct sg_trial *trial, double value);
/* "99.75 %" */
char *sg_say_level(double error);
/* The answer to the tolerance's question; `below`, `above`: bounds on the worse side. */
char *sg_reason_compared(const struct sg_trial *trial, enum sg_answer answer, double estimate,
                         double below, double above);
/* Of a limit that is asked by signs: `beyond` of the repetitions are. */
char *sg_reason_signs(const struct sg_trial *trial, enum sg_answer answer, size_t repetitions,
                      size_t beyond);
char *sg_reason_limited(const struct sg_trial *trial, enum sg_answer answer, size_t repetitions);

#endif
