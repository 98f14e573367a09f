/* SPDX-License-Identifier: Apache-2.0 */
/* Before any load: how often an unchanged service would pass under this plan, which change it
 * finds, and how long it takes. Pure, like judging; docs/method.md 4.8 has the formulas. */
#ifndef SG_JUDGE_PLAN_H
#define SG_JUDGE_PLAN_H

#include "base/error.h"
#include "judge/power.h"
#include "record/record.h"

/* A plan is good when every gate passes an unchanged service this often, and all together pass
 * half of the sessions at least. */
#define SG_PLAN_GOOD 0.8
#define SG_PLAN_GOOD_TOGETHER 0.5
/* Below this chance a session is not held against its stored baseline first: that takes about a
 * third of what a clear answer side by side takes, and would cost more than it saves. */
#define SG_PLAN_SCREEN 0.35
/* Seconds before the first repetition: engine, images, Prometheus. A session reckons with them too.
 */
#define SG_PLAN_OPENING 20.0
#define SG_PLAN_WORSE 0.1 /* the change whose chance is always told */

struct sg_forecast_question {
    const struct sg_session *session;  /* what is planned: metrics, gates, variants, plan */
    double repetition_seconds;         /* one repetition with everything around it */
    double other_seconds;              /* the same in the design that is not planned, or NaN */
    const struct sg_session *measured; /* an earlier session, or NULL */
    const struct sg_session *stored;   /* of the stored baseline, oldest first */
    size_t stored_count;
    bool screen;           /* a session may be held against them first */
    const double *changes; /* ratios above zero */
    size_t changes_count;
};

enum sg_noise_source {
    SG_NOISE_ASSUMED,  /* nothing is known: a table for some noises */
    SG_NOISE_MEASURED, /* from an earlier session */
    SG_NOISE_STORED    /* from the stored baseline */
};

/* What a wanted change needs. */
struct sg_forecast_change {
    double change;       /* worse by this ratio */
    double chance;       /* that this plan fails it; NaN: no question for this metric */
    int repetitions;     /* a side at most, to find it with 90 %; 0: 30 are too few */
    double mean;         /* repetitions a side that such a session takes on average */
    double seconds_mean; /* the same as time */
    double seconds;      /* its longest time */
    /* Where 30 are too few, what does with 30: each alone (NaN: it does not), or `both`. */
    double noise, window, tolerance;
    bool both;
};

/* One gate. Ratios − 1 where `relative`, else in the metric's unit; NaN: not known. */
struct sg_forecast_gate {
    char *metric, *of, *request, *unit;
    enum sg_scale scale;
    bool relative;
    bool higher_is_better;
    bool known; /* `passes` is */
    bool adjusted;
    double noise, noise_raw; /* SD of one repetition inside a block (log or unit) */
    double level;            /* median of the reference */
    double rate, trials;     /* counts: events a trial, trials a repetition */
    double bias;             /* share of the tolerance that coupling takes (M21) */
    double tolerance;        /* as it would be used; NaN: a limit alone */
    double limit;
    double alpha;       /* this gate's share */
    double passes;      /* chance that an unchanged service passes the gate */
    double fails;       /* that it fails it */
    double repetitions; /* a side until the gate is decided then, on average */
    double worse_fails; /* chance that a service worse by SG_PLAN_WORSE fails it */
    double worse_repetitions;
    double detectable; /* change whose order is seen with 90 %, as verdicts tell it */
    double found;      /* the least change that fails with 90 % */
    struct sg_outcome unchanged, worse;   /* by look */
    struct sg_forecast_change *changes;   /* one a wanted change */
    double needs_window, needs_tolerance; /* either alone: passes with 90 %; NaN: does not help */
    int needs_repetitions;                /* the same; 0: does not help */
    char *stored_advice; /* what would let it pass against the stored baseline, or NULL */
};

/* What some noise would mean for gates alike. */
struct sg_forecast_assumed {
    char *gates; /* "latency_p95, cpu_per_request" */
    double tolerance, alpha;
    double noise, passes, repetitions, worse_fails, found;
};

/* Held against the stored baseline first. */
struct sg_forecast_screen {
    bool asked;   /* there is a stored baseline, and it may be used */
    bool worth;   /* a session would do it */
    char *reason; /* why nothing can pass against it, or NULL */
    size_t sessions;
    double chance;        /* that an unchanged service passes it */
    double seconds;       /* what it takes */
    double seconds_saved; /* on average, of an unchanged service's session */
};

struct sg_forecast {
    bool good;
    char *verdict; /* one sentence */
    enum sg_noise_source source;
    char *about; /* what the noise was taken from */
    bool alone;  /* one variant against the stored baseline, no blocks side by side */
    size_t variants;
    struct sg_looks looks;
    double alpha, beta;
    bool sliced; /* blocks side by side; else in turns, with a warm-up repetition of each variant */
    double repetition_seconds;
    double other_seconds_mean; /* `seconds_mean` in the other design, the same windows; or NaN */
    double window;
    struct sg_forecast_gate *gates;
    size_t gates_count;
    struct sg_forecast_assumed *assumed; /* SG_NOISE_ASSUMED only */
    size_t assumed_count;
    double passes;                    /* all gates, as if they were independent: a low estimate */
    double repetitions, seconds_mean; /* a side, of an unchanged service's session, on average */
    double seconds;                   /* at most */
    struct sg_forecast_screen screen;
    double *changes;
    size_t changes_count;
    char **advice; /* sentences, most useful first */
    size_t advice_count;
    char **notes;
    size_t notes_count;
};

/* SG_ERROR_CONFIG: a gate that cannot be asked, an earlier session that is no use. */
bool sg_judge_plan(const struct sg_forecast_question *question, struct sg_forecast *out,
                   struct sg_error *err) SG_MUST_USE;
void sg_forecast_clear(struct sg_forecast *forecast);

/* "57 %", ">99 %", "<1 %"; "–" when it is not known. Caller frees. */
char *sg_forecast_chance(double chance) SG_MUST_USE;

#endif
