/* SPDX-License-Identifier: Apache-2.0 */
/* What judging gives. Types only. */
#ifndef SG_JUDGE_VERDICT_H
#define SG_JUDGE_VERDICT_H

#include "base/base.h"

/* The process's exit codes follow from these: pass 0, fail 1, inconclusive 2, invalid 3. */
enum sg_verdict { SG_PASS, SG_FAIL, SG_INCONCLUSIVE, SG_INVALID };

/* What a waiver did to a gate. */
enum sg_waiver_use {
    SG_WAIVER_NONE,     /* there is none */
    SG_WAIVER_HOLDS,    /* its bound is used; whether it is needed does not show */
    SG_WAIVER_NEEDED,   /* the gate passed only by it */
    SG_WAIVER_UNNEEDED, /* the gate would have passed without it */
    SG_WAIVER_EXPIRED   /* the gate fails for that */
};

struct sg_result_waiver {
    enum sg_waiver_use use;
    char *owner, *reason, *expires;
    bool limit;        /* it is about the gate's limit, else about its tolerance */
    double bound, own; /* the bound, and what it stands in for; as used, with the floor */
    bool dated;        /* the session has a day to compare with */
    int days_left;     /* from that day to the last one on which it holds; negative: expired */
    bool ending;       /* that is soon: a pass carries a warning */
    int line;          /* in svcgate.yaml */
};

/* What one block says by itself. */
struct sg_stratum {
    int block;
    double change; /* as that of the result */
};

/* One metric of one variant against the reference. Relative numbers are ratios − 1 (0.05 is +5 %)
 * on the log scale, differences in the metric's unit else (`relative` tells). change, low and high
 * follow the metric itself: for one that is better higher, −0.05 is a loss. Gated metrics: low and
 * high are the sequential bounds, α on the side of FAIL and β on the side of PASS.
 * NaN: no such number; for low and high: no finite bound at this n. */
struct sg_result {
    char *metric; /* with `of` and `request` this identifies it */
    char *of;
    char *request;
    char *unit;
    char *variant;
    bool gated;
    bool relative;
    bool higher_is_better;
    enum sg_verdict verdict;       /* ungated: always PASS, informational */
    bool warn;                     /* passed, but beyond the gate's `warn`, or by a waiver alone */
    bool beyond;                   /* failed and proven beyond the tolerance (L > θ1) */
    bool improved;                 /* proven better (mirrored test) */
    char *reason;                  /* one sentence with the numbers */
    size_t n_reference, n_variant; /* repetitions; against stored sessions: sessions, repetitions */
    double reference, value;       /* medians (counts: rates over all), metric's unit */
    double change, low, high;
    double tolerance; /* as used: max(tolerance, floor / reference) */
    double limit;
    double value_low, value_high; /* bounds of the variant's own value, where a limit is set */
    double alpha;                 /* this gate's share */
    double p;          /* repeated p-value, one-sided; ungated: two-sided, for Benjamini-Hochberg */
    double detectable; /* change detected with 90 % power at this n and noise */
    size_t enough;     /* repetitions a side without which it cannot fail; 0: they are there */
    /* SD of one repetition inside a block (log or unit); against stored sessions: of their medians
     */
    double noise, noise_raw;
    bool adjusted;
    double change_raw;
    char *adjust_reason; /* why an adjustable metric was judged raw, or NULL */
    double *gamma;       /* slope of each control variate in the last block, when adjusted */
    size_t gamma_count;
    struct sg_stratum *strata; /* where blocks were measured in jobs of their own, or NULL */
    size_t strata_count;
    int decided_at; /* repetitions a side when it was decided; 0: at the end */
    int line;       /* of the gate in svcgate.yaml */
    struct sg_result_waiver waiver;
};

/* A variant over all its gates. */
struct sg_variant_verdict {
    char *variant;
    enum sg_verdict verdict;
    bool warn;
    bool decided;
    char *reason;
};

struct sg_judgement {
    enum sg_verdict verdict;
    bool warn;
    bool decided; /* nothing more to learn: the session may stop */
    char *reason; /* one sentence: why this verdict */
    char *reference;
    double alpha, beta; /* as used, after earlier attempts */
    int looks_done, looks_max;
    int repetitions;        /* a side, judged */
    bool against_stored;    /* the reference is the stored baseline … */
    size_t stored_sessions; /* … with that many comparable sessions */
    char *plan_hash;
    struct sg_result *results; /* gates first in their order, for each variant in its order */
    size_t results_count;
    struct sg_variant_verdict *variants; /* all but the reference */
    size_t variants_count;
    char **notes; /* sentences: discarded repetitions, shortened schedules, … */
    size_t notes_count;
};

const char *sg_verdict_name(enum sg_verdict verdict); /* "pass", "fail", … */
void sg_judgement_clear(struct sg_judgement *judgement);

#endif
