/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the plan share: plan.c puts together, plan_noise.c finds what earlier sessions
 * tell, plan_gate.c reckons one gate, plan_count.c one of counts, plan_change.c a
 * wanted change, plan_stored.c the stored baseline, plan_advice.c says it. */
#ifndef SG_JUDGE_PLAN_PARTS_H
#define SG_JUDGE_PLAN_PARTS_H

#include "judge/gate.h"
#include "judge/outlook.h"
#include "judge/plan.h"

#define SG_PLAN_ENOUGH 0.9 /* "finds", "would do": the chance that is meant */

/* What is known of one metric; NaN where nothing is. */
struct sg_plan_noise {
    double used, raw; /* SD of one repetition inside a block */
    bool adjusted;
    double level;        /* median of the reference's values */
    double spread;       /* SD of its values, whichever block: log or unit */
    double bias;         /* γ·|h|·u */
    double rate, trials; /* counts: events a trial, trials a repetition */
};

/* Earlier sessions, judged once. */
struct sg_plan_sources {
    const struct sg_forecast_question *question;
    enum sg_noise_source source;
    struct sg_judgement judgement; /* of the measured session, without gates */
    struct sg_outlook outlook;     /* of the stored sessions */
    const struct sg_session *from; /* of these, the one that levels are read from, or NULL */
    double stretch; /* of noise, where windows have another length: √(measured / planned) */
};

bool sg_plan_sources_init(struct sg_plan_sources *sources,
                          const struct sg_forecast_question *question,
                          struct sg_error *err) SG_MUST_USE;
void sg_plan_sources_clear(struct sg_plan_sources *sources);
void sg_plan_noise_find(const struct sg_plan_sources *sources, const struct sg_metric *metric,
                        struct sg_plan_noise *out);
/* What the noise was taken from, for people. */
char *sg_plan_about(const struct sg_plan_sources *sources);

/* Everything a gate's chances rest on. */
struct sg_plan_case {
    const struct sg_gate *gate;
    const struct sg_metric *metric;
    struct sg_plan_noise noise;
    size_t first, last; /* blocks at the first and the last look */
    double alpha, beta; /* of each question */
    double theta;       /* the tolerance: log or unit; NaN: none is asked for */
    bool compares, limits;
};

void sg_plan_case_init(struct sg_plan_case *c, const struct sg_session *session,
                       const struct sg_gate_case *asked, const struct sg_plan_noise *noise);
struct sg_looks sg_plan_looks(const struct sg_plan_case *c, size_t last, bool signs);
/* Is there enough to reckon with? */
bool sg_plan_known(const struct sg_plan_case *c);
/* Chances of the gate when the metric is worse by `theta` (log or unit). */
void sg_plan_outcome(const struct sg_plan_case *c, double theta, struct sg_outcome *out);
/* Fills everything but `changes` of the gate. */
void sg_plan_gate(const struct sg_plan_case *c, double window, struct sg_forecast_gate *out);
/* The same for rates of counts (plan_count.c), when nothing has changed; and the rise that fails
 * with the wanted chance, `judged` by the tolerance too or only seen. */
void sg_plan_count_outcome(const struct sg_plan_case *c, const struct sg_looks *looks,
                           struct sg_outcome *out);
double sg_plan_count_found(const struct sg_plan_case *c, const struct sg_looks *looks, bool judged);
/* θ of a ratio of worsening, and back: throughput is worse by 10 % at 0.9. */
double sg_plan_theta(const struct sg_metric *metric, double worse);
double sg_plan_worse(const struct sg_metric *metric, double theta);

void sg_plan_change(const struct sg_plan_case *c, const struct sg_forecast *forecast, double worse,
                    struct sg_forecast_change *out);
/* Time of a session with so many repetitions of each of `variants`. */
double sg_plan_seconds(const struct sg_forecast *forecast, double repetitions, size_t variants);

/* The chances of one variant alone, in place of those side by side. */
void sg_plan_against_stored(const struct sg_plan_case *c, const struct sg_outlook *outlook,
                            struct sg_forecast_gate *out);
/* forecast->screen as far as it does not hang on the gates. */
bool sg_plan_look_at_screen(const struct sg_plan_sources *sources, struct sg_forecast *out,
                            struct sg_error *err) SG_MUST_USE;
/* Its times, and what they do to those of the whole session. */
void sg_plan_reckon_screen(struct sg_forecast *out, double seconds_at_once,
                           const struct sg_plan *plan);

/* forecast->verdict and ->advice, from everything else. */
void sg_plan_advise(struct sg_forecast *forecast);
void sg_plan_note(struct sg_forecast *forecast, char *note);

#endif
