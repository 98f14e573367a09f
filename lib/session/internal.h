/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: a running session. */
#ifndef SG_SESSION_INTERNAL_H
#define SG_SESSION_INTERNAL_H

#include "base/options.h"
#include "base/units.h"
#include "promql/promql.h"
#include "session/session.h"
#include "stats/random.h"
#include "testbench/testbench.h"

struct sg_loop {
    const struct sg_run *run;
    const struct sg_config *config; /* `settled` */
    struct sg_config settled;       /* the run's, with the rate that was found; borrowed texts */
    struct sg_session *session;
    struct sg_judgement *judgement;
    struct sg_bench *bench;
    struct sg_prom prom;
    struct sg_progress_state state;
    struct sg_random random;
    int64_t started; /* monotonic */
    int slot;
    int rotation; /* of sliced blocks: how many there were */
    bool sliced;
    bool short_of_vus; /* the last warm-up showed that iterations need more virtual users */
    int most; /* repetitions a side that are made at most: as planned, or what the budget leaves */
    double due; /* seconds after the start, when all that may still be made would have ended */
    bool *out_of_race;      /* one a variant: decided, needs no further repetition */
    bool alone;             /* one variant, held against stored sessions */
    bool beside;            /* the reference is the accepted image of the stored baseline */
    struct sg_strings told; /* "VARIANT CHECK" of the logs that were told */
};

/* Blocks that this session measures: all, or the one that it is. */
int sg_loop_first_block(const struct sg_loop *loop);
/* Index of the variant that the others are judged against. */
size_t sg_session_reference(const struct sg_config *config);
/* setup.c: how many repetitions a side have room in `seconds`, whole blocks, with the warm-ups that
 * turns begin with. */
int sg_session_room(const struct sg_config *config, bool sliced, double seconds);
/* The finding that the budget has less room than was wanted. */
void sg_session_note_budget(struct sg_session *out, int room, int wanted);
/* A session without data, and the loop at its beginning. */
void sg_loop_plan(struct sg_loop *loop, const struct sg_config *config);
/* Judges what there is, side by side or against stored sessions, into loop->judgement. */
bool sg_loop_judge(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;
/* Facts of machine, engine and images into the session. */
bool sg_loop_describe(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;
/* Warm-ups and blocks of the variants in the race, until all is decided. */
bool sg_loop_blocks(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;

/* accepted.c: one variant and a stored baseline: the accepted image becomes the reference, where it
 * can be had. Between opening and preparing the bench. */
bool sg_loop_accepted(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;
/* Into the report of such a session: a warning where the settings were others when the image was
 * accepted, and what the stored sessions had. After sg_loop_describe. */
bool sg_loop_recall(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;
/* time.c: brings the times in loop->state up to date. */
void sg_loop_clock(struct sg_loop *loop);
/* The session takes longer than was planned: no more repetitions than have room in what is left of
 * the budget, but always the least. Before the first block the plan itself is cut; later looks keep
 * their bounds, and the last ones are not reached. */
void sg_loop_fit_budget(struct sg_loop *loop);
/* Reckons anew how long the session may still take: in turns with `warmups` before the rest. */
void sg_loop_reckon(struct sg_loop *loop, size_t warmups);

/* screen.c: with a stored baseline and one variant beside the reference, the variant alone first.
 * *out_passed: that was enough, and loop->session is that one. Else loop->session is a new one,
 * ready to be measured side by side. */
bool sg_loop_screen(struct sg_loop *loop, bool *out_passed, struct sg_error *err) SG_MUST_USE;

/* rate.c: with `rate: auto` finds the rate, from the reference alone or in the stored sessions, and
 * plans the session anew with it. False: the session cannot go on; SG_ERROR_DATA: there is none. */
bool sg_loop_find_rate(struct sg_loop *loop, struct sg_error *err) SG_MUST_USE;

/* One repetition of variant `index` in `block`, appended to the session. False: the session cannot
 * go on (engine, Prometheus, interruption). */
bool sg_loop_repetition(struct sg_loop *loop, int block, size_t index,
                        struct sg_error *err) SG_MUST_USE;

/* sliced.c: a block whose containers stand side by side, made again where its instrument broke.
 * Clears loop->sliced where the block cannot be measured like that. */
bool sg_loop_sliced(struct sg_loop *loop, int block, bool *out_stop,
                    struct sg_error *err) SG_MUST_USE;
/* The first block is to be as wide as the others; says why. */
void sg_loop_narrow(struct sg_loop *loop, const char *why);
/* From here on each container is measured alone; says why. */
void sg_loop_to_turns(struct sg_loop *loop, const char *why);
/* Of a block with `each` containers of every variant. */
struct sg_bench_slices sg_session_slices(const struct sg_config *config, size_t each);

/* repetition.c: a repetition is begun; `loop->session` owns it. */
struct sg_repetition *sg_loop_begin(struct sg_loop *loop, int block, size_t index);
/* The one that was begun last; there is one. */
struct sg_repetition *sg_loop_latest(const struct sg_loop *loop);
/* What was seen in its window becomes numbers, and k6's summary goes into the bundle. */
bool sg_loop_measure(struct sg_loop *loop, const char *testid, const struct sg_bench_window *seen,
                     struct sg_repetition *rep, struct sg_error *err) SG_MUST_USE;
/* The start's trouble becomes a finding of the repetition. */
void sg_loop_keep_trouble(struct sg_repetition *rep, struct sg_finding *trouble);
/* A log may hold what no stranger is to see. It is told here and now; judge, bundle and reports get
 * it only where svcgate.yaml asks for that. */
void sg_loop_tell_logs(struct sg_loop *loop, struct sg_repetition *rep);
/* Between this and the wall clock's step since `offset_before`: a finding where it stepped. */
void sg_loop_check_clock(struct sg_repetition *rep, int64_t offset_before);
int64_t sg_loop_clock_offset(void);

/* slot.c: a repetition is over: tells it. */
void sg_loop_tell(struct sg_loop *loop, const struct sg_repetition *rep);
/* After trouble: whether nothing more can be learnt. Against stored sessions numbers are judged at
 * the end only; before, a variant is at its end when it broke or cannot be measured. */
bool sg_loop_hopeless(const struct sg_loop *loop, bool failed);

/* slot.c: a repetition that counts, made again where its instrument broke; whether that is of any
 * use is for the judge to say. *out_stop: the session can learn nothing more. */
bool sg_loop_slot(struct sg_loop *loop, int block, size_t index, bool *out_stop,
                  struct sg_error *err) SG_MUST_USE;
/* Verdicts are frozen: a variant that has its own leaves the race. */
void sg_loop_retire(struct sg_loop *loop);

/* The warm-up repetition of a variant: kept as block 0, never judged by its numbers. */
bool sg_loop_warm(struct sg_loop *loop, size_t index, struct sg_error *err) SG_MUST_USE;
/* The same with a window of `seconds` and all findings, whose logs are not told yet. */
bool sg_loop_window(struct sg_loop *loop, size_t index, double seconds,
                    struct sg_error *err) SG_MUST_USE;
/* Leaves of a warm-up's findings what is somebody's concern. True: it has told enough, and counts
 * as the first block. `drops`: what k6 dropped is evidence too. */
bool sg_loop_forgive(const struct sg_loop *loop, struct sg_repetition *rep, bool drops);

void sg_loop_say(const struct sg_loop *loop, const char *format, ...) SG_PRINTF(2, 3);

#endif
