/* SPDX-License-Identifier: Apache-2.0 */
/* The testbench: Prometheus, cAdvisor, and the service with k6, one container at a time or a block
 * of them side by side. The only room that knows Docker. It starts, loads, reads container facts
 * and cleans up; what the facts mean is for measure and judge.
 *
 * Every container, network and volume carries the label svcgate.session=<id>; what a killed
 * session left is found by it. */
#ifndef SG_TESTBENCH_TESTBENCH_H
#define SG_TESTBENCH_TESTBENCH_H

#include "base/error.h"
#include "config/config.h"
#include "record/record.h"
#include "record/window.h"

struct sg_bench;

/* How the bench speaks to a waiting person; both may be NULL. */
struct sg_bench_progress {
    void (*say)(void *context, const char *text);              /* a step begins */
    void (*tick)(void *context, double elapsed, double total); /* seconds under load */
    void *context;
};

/* Everything about one window that only the engine and the generator know. */
struct sg_bench_window {
    char service_id[65];
    char generator_id[65];
    struct sg_load_summary load;
    char *summary;         /* k6's own summary as JSON text, or NULL */
    struct sg_pair *files; /* that the script's own handleSummary made: name and text */
    size_t files_count;
    struct sg_container_state state; /* of the service, when the load had ended */
    struct sg_reading *readings;     /* of the service, about two a second */
    size_t readings_count;
    struct sg_reading *generator_readings;
    size_t generator_readings_count;
    struct sg_reading *burner_readings; /* with sg_bench_burn, else NULL */
    size_t burner_readings_count;
    double steal; /* share of the generator's CPUs over the measured window, or NaN */
    /* of the service's core and its caches: cost of work that needs them by that of work that does
     * not, or NaN; and over time (`cpu` is the integral) */
    double core_contention, cache_contention;
    struct sg_reading *core_readings, *cache_readings;
    size_t probe_readings_count; /* of each */
    double planned, loaded;      /* seconds that the window is to last, and of load in it */
    double due;                  /* when the window is to begin, seconds since 1970, or NaN */
    /* the stack's other containers, for gates with `of` */
    char **other_names, **other_ids;
    size_t others_count;
};

/* Whether the commits that variants are to be built from are in this clone: asked before anything
 * is waited for or started. SG_ERROR_ENVIRONMENT says what to fetch. */
bool sg_bench_check_sources(const struct sg_config *config, struct sg_error *err) SG_MUST_USE;

/* Finds engine and compose, takes the host's lock (one session at a time: measurements disturb each
 * other), removes what dead sessions of this host left. `session` names all that is made. Errors
 * are SG_ERROR_ENVIRONMENT. `config` must outlive the bench. */
bool sg_bench_open(const struct sg_config *config, const char *session,
                   const struct sg_bench_progress *progress, struct sg_bench **out,
                   struct sg_error *err) SG_MUST_USE;

/* Whether it names one image for good: by a registry's digest, "shop/api@sha256:…", or by its id,
 * "sha256:…". No other text of a file that was not written for this session goes to the engine. */
bool sg_image_is_exact(const char *reference);

/* Looks for such an image, and pulls it where the engine does not have it; one that is known by its
 * id is never pulled, as no registry knows ids. *out_why: NULL, or why it cannot be had (caller
 * frees). False: the session cannot go on. Takes the host's lock, like sg_bench_prepare, which is
 * to come after it; up to then the configuration may get further variants. */
bool sg_bench_fetch(struct sg_bench *bench, const char *reference, char **out_why,
                    struct sg_error *err) SG_MUST_USE;

/* Builds or pulls every image, then starts networks, Prometheus and cAdvisor and waits for them. */
bool sg_bench_prepare(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;

/* Fills session->facts, and image and digest of each variant (which must be there already). */
bool sg_bench_describe(struct sg_bench *bench, struct sg_session *session,
                       struct sg_error *err) SG_MUST_USE;

/* Base URL of Prometheus as seen from here; valid after sg_bench_prepare. */
const char *sg_bench_prometheus(const struct sg_bench *bench);
double sg_bench_scrape_interval(void); /* seconds */
double sg_bench_generator_cpus(const struct sg_bench *bench);
/* What the service may use: its limit or the CPUs that it is pinned to, whichever is less. */
double sg_bench_service_cpus(const struct sg_bench *bench);

/* A fresh container of variant `index`, up and ready. A service that exits before it is ready, or
 * does not get ready in time, is no error: *out_trouble then has a check ("exited", a FAIL;
 * "not_ready", an INVALID), a text and the tail of the log; else its check is NULL. */
bool sg_bench_start_variant(struct sg_bench *bench, size_t index, struct sg_finding *out_trouble,
                            struct sg_error *err) SG_MUST_USE;

/* What `svcgate awake` does: keeps the CPUs of a list ("0-1,3") awake as a session does, prints the
 * line "awake" when they are, and lets go of them when standard input ends or a signal comes.
 * SG_ERROR_ENVIRONMENT where it cannot. */
bool sg_awake_hold(const char *cpus, struct sg_error *err) SG_MUST_USE;

/* From the next sg_bench_prepare on a burner runs beside every load, on the service's CPUs:
 * `pattern` of "0" and "1", one every `period` seconds, over and over. */
void sg_bench_burn(struct sg_bench *bench, const char *pattern, double period);

/* Drives the load against the running variant and watches. `testid` labels k6's series; durations
 * in seconds. A service that dies under load is no error: see out->state. */
bool sg_bench_load(struct sg_bench *bench, const char *testid, double warmup, double measure,
                   struct sg_bench_window *out, struct sg_error *err) SG_MUST_USE;
void sg_bench_window_clear(struct sg_bench_window *window);

/* After a warm-up: reckons the virtual users of later loads from how long its iterations lasted.
 * True: they get more than this load had. */
bool sg_bench_learn_vus(struct sg_bench *bench, const struct sg_bench_window *seen);

/* Waits until the hypervisor takes at most the share `limit` of the generator's CPUs, or `patience`
 * seconds are over; two seconds where all is calm, not at all where the engine is remote. False:
 * interrupted. */
bool sg_bench_wait_calm(struct sg_bench *bench, double limit, double patience,
                        struct sg_error *err) SG_MUST_USE;

/* The last lines of the log of "prometheus", "cadvisor" or "k6"; caller frees, never NULL. */
char *sg_bench_log(struct sg_bench *bench, const char *service) SG_MUST_USE;

/* How the load of a sliced block goes round: first the rounds of the warm-up, an idle gap, then the
 * measured rounds. In a round each container has one slice. */
struct sg_bench_slices {
    double seconds; /* of a slice */
    int warm_rounds, rounds;
};

/* One container of a sliced block. */
struct sg_bench_seat {
    size_t variant; /* its index */
    char *testid;   /* labels its k6's series */
    /* Its place within each round, from 0, the warm-up's rounds first: "3,0,5". In a round no two
     * seats have the same. */
    const char *turns;
    struct sg_finding trouble;   /* see sg_bench_start_variant */
    bool measured;               /* `seen` tells what was seen */
    struct sg_bench_window seen; /* clear it with sg_bench_window_clear */
};

/* A sliced block: `count` fresh containers, up and ready side by side; then a generator for each,
 * all of which start at one moment and send in their own slices; then all of it is removed. A
 * service that does not get ready, or dies under load, is no error: then the block ends at once,
 * and only the seats that tell of it have a trouble or were measured. */
bool sg_bench_block(struct sg_bench *bench, const struct sg_bench_slices *slices,
                    struct sg_bench_seat *seats, size_t count, struct sg_error *err) SG_MUST_USE;

/* NULL, or why a block of `count` containers cannot stand side by side here: a sentence's end for
 * "measured in turns: …". Caller frees. Asked after sg_bench_open. */
char *sg_bench_why_turns(const struct sg_bench *bench, size_t count) SG_MUST_USE;

/* Removes all of the session (also after an interruption), gives back the lock, frees. NULL is
 * fine. False: something is left; the text says what and how to remove it. */
bool sg_bench_close(struct sg_bench *bench, struct sg_error *err);

/* --- Outside a session ------------------------------------------------------------------- */

/* Removes what sessions left behind: those of this host that no longer run, or all. Says what was
 * removed. */
bool sg_bench_clean(bool all, const struct sg_bench_progress *progress, size_t *out_removed,
                    struct sg_error *err) SG_MUST_USE;

/* The testbench with Grafana, to look around; stays up. *out_text tells the URLs. */
bool sg_bench_up(const struct sg_config *config, const struct sg_bench_progress *progress,
                 char **out_text, struct sg_error *err) SG_MUST_USE;
bool sg_bench_down(const struct sg_bench_progress *progress, struct sg_error *err) SG_MUST_USE;

/* Writes the testbench's files (compose file, configurations, dashboards) below `folder`; never
 * overwrites. */
bool sg_bench_export(const char *folder, struct sg_error *err) SG_MUST_USE;

/* One line a check, each with its fix. */
struct sg_check {
    bool ok;
    bool warning; /* not ok, but a session can run */
    bool usage;   /* not ok by what the user has configured, not by the machine */
    char *name;
    char *text; /* what was found, and the fix when not ok */
};
/* Looks at engine, compose, images, cgroups, CPUs, clock; with `deep` starts cAdvisor and
 * Prometheus and looks whether cAdvisor sees our container. Caller frees with sg_checks_free. */
void sg_bench_doctor(const struct sg_config *config, bool deep,
                     const struct sg_bench_progress *progress, struct sg_check **out,
                     size_t *out_count);
void sg_checks_free(struct sg_check *checks, size_t count);

#endif
