/* SPDX-License-Identifier: Apache-2.0 */
/* The loop of `svcgate run`: plan, blocks, repetitions, looks, stop. Calls testbench, measure and
 * judge; writes session.json as it goes, so that an interrupted session is readable. */
#ifndef SG_SESSION_SESSION_H
#define SG_SESSION_SESSION_H

#include "base/error.h"
#include "config/config.h"
#include "judge/verdict.h"
#include "record/coupling.h"
#include "record/record.h"
#include "testbench/testbench.h"

/* Where a session stands, for a live line. */
struct sg_progress_state {
    const struct sg_session *session;
    const struct sg_judgement *judgement; /* after the last look, or NULL */
    int block;                            /* 0: warm-up */
    int repetition, repetitions_max;      /* of the whole session, if it runs to its end */
    const char *variant;
    double elapsed, left; /* seconds, of the whole session; left is an upper bound */
};

/* All may be NULL. */
struct sg_progress {
    void (*say)(void *context, const char *text);                       /* a step begins */
    void (*tick)(void *context, const struct sg_progress_state *state); /* twice a second */
    void (*repetition)(void *context, const struct sg_progress_state *state,
                       const struct sg_repetition *repetition);         /* one is over */
    void (*look)(void *context, const struct sg_progress_state *state); /* judged anew */
    /* what a container of this variant said before the finding; the session may not keep it */
    void (*log)(void *context, const char *variant, const struct sg_finding *finding);
    void *context;
};

struct sg_run {
    struct sg_config *config; /* gets the accepted image as a variant where that is measured */
    const char *id;           /* of the session; made by sg_session_id */
    const char *bundle;       /* folder for session.json and the rest; exists */
    const char *command;      /* how to run it again, for the report */
    const char *tool;         /* "svcgate 0.1.0" */
    int attempt;              /* 1, or more with --previous */
    bool observe;             /* the exit status is 0 whatever the verdict: noted */
    const struct sg_session *stored; /* of the stored baseline, those that count; or NULL */
    size_t stored_count;
    bool accepted;         /* one variant alone is measured beside the image that they accepted */
    bool no_screen;        /* side by side at once, whatever the stored sessions promise */
    const char *couplings; /* file of measured couplings (record/coupling.h), or NULL */
    struct sg_progress progress;
};

/* "20261124-232903-4f2a": time and chance. */
void sg_session_id(char out[24]);

/* The image that the newest of the stored sessions measured, as sg_image_is_exact has it; borrowed.
 * NULL: *out_why says why there is none (a sentence's end; caller frees). */
const char *sg_session_accepted(const struct sg_session *stored, size_t count,
                                char **out_why) SG_MUST_USE;
/* Makes that image the reference of a configuration of one variant, under the variant's own
 * settings. Its name is "baseline", or "accepted" where the variant is called that. */
void sg_session_beside(struct sg_config *config, const char *image);

/* One block of a plan (config->block) is measured, not judged: then the judgement is invalid where
 * the block could not be measured, fail where a variant died, else not decided.
 * Runs to a decision, the plan's end or an error. One variant is measured beside the image that was
 * accepted last, where `accepted` is set and that image can be had; else it is held against the
 * stored sessions. One variant beside the reference is first held against them alone where that
 * promises something, and only when this does not pass side by side, with fresh data
 * (docs/method.md 4.5); what was measured before then stands in the bundle's folder "screen".
 * *out_session and *out_judgement are filled as far as it came, also on an error (then the verdict
 * is no answer); clear both. Everything that was started is gone when it returns. */
bool sg_session_run(const struct sg_run *run, struct sg_session *out_session,
                    struct sg_judgement *out_judgement, struct sg_error *err) SG_MUST_USE;

/* What the configuration promises, before any data: metrics, gates, variants, plan with its
 * schedule cut to the budget. Also used by `plan`. */
void sg_session_from_config(const struct sg_config *config, const char *id, struct sg_session *out);

/* SG_ERROR_CONFIG where config->blocks is not a number of blocks that plan.repetitions allows: all
 * of them are judged at one look, so their number is the schedule. */
bool sg_session_check_blocks(const struct sg_config *config, struct sg_error *err) SG_MUST_USE;

/* Measures how a busy service changes the generator's own cost (docs/method.md, guard 2), with the
 * configuration's reference and load and a burner beside it; about two and a half minutes. Builds
 * nothing: a reference that is to be built is an error. The result is kept in the file `path` for
 * sessions on this machine. */
bool sg_session_coupling(const struct sg_config *config, const char *path,
                         const struct sg_bench_progress *progress, struct sg_couplings *out,
                         struct sg_error *err) SG_MUST_USE;

/* The rate of the stored sessions, the latest of which comes last; NaN: none of them says. */
double sg_session_stored_rate(const struct sg_session *stored, size_t count);

/* Seconds that one repetition takes with everything around it (docs/method.md says where it goes):
 * in turns, or its share of a sliced block. */
double sg_session_repetition_seconds(const struct sg_config *config, bool sliced);

#endif
