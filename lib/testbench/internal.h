/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: the bench itself. */
#ifndef SG_TESTBENCH_INTERNAL_H
#define SG_TESTBENCH_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/options.h"
#include "base/process.h"
#include "base/spawn.h"
#include "base/temporary.h"
#include "testbench/docker.h"
#include "testbench/engine.h"
#include "testbench/testbench.h"

#define SG_ALIAS "svcgate-target"       /* the service's name on the load network */
#define SG_SCRAPE_INTERVAL 0.5          /* seconds; testbench/bench/prometheus/prometheus.yml */
#define SG_FOLDER_MARK "svcgate-bench-" /* and six characters: name of the temporary folder */
#define SG_GAP 2.0                      /* idle seconds between warm-up and measured window */
#define SG_IDLE 2.5                     /* idle seconds after the measured window */

#define SG_CPUS_SIZE 256 /* config takes no longer list */

/* CPU lists as in cpuset ("0", "1-3"); empty strings: not pinned. */
struct sg_pinning {
    char service[SG_CPUS_SIZE], generator[SG_CPUS_SIZE], monitor[SG_CPUS_SIZE];
    double service_cpus, generator_cpus;
};

struct sg_image {
    char *name;
    char *digest; /* repo digest, or the image id */
    char *id;     /* what is in it, and what is started: a tag may be moved */
    char *commit; /* that it was built from, or NULL */
    bool health_check;
};

/* What `svcgate awake` prints when the CPUs are kept awake. */
#define SG_AWAKE_SAYS "awake\n"

/* awake.c: processes that keep CPUs from falling asleep, and their control group; or sudo, which
 * runs them for us until its input is closed. Empty where there are none. */
struct sg_awake {
    bool on;
    pid_t *pids;
    size_t count;
    char *group;
    struct sg_child sudo;
};

/* lock.c: the container that says that a session runs, and docker, which holds its input open.
 * Empty: not taken. */
struct sg_lock {
    char *id;
    struct sg_child holder;
};

/* cadvisor.c: the kinds of series that there are of a container. */
struct sg_sight {
    bool cpu, memory, network, connections;
};

/* Where one container of the service stands, with its stack around it and the generator that drives
 * it. A bench has one, or in a sliced block one for each container of it. */
struct sg_place {
    char *project;   /* compose's, of the service's stack */
    char *file;      /* the stack's compose file */
    char *network;   /* on which service and generator meet */
    char *alias;     /* the service's name on it */
    char *generator; /* compose's name of its k6 */
    size_t variant;  /* the one that was started last */
    bool alone;      /* on the testbench's own load network */
    bool started;
    char service_id[65], generator_id[65];
};

struct sg_bench {
    const struct sg_config *config;
    struct sg_bench_progress progress;
    struct sg_engine engine;
    char *session; /* names everything: project "svcgate-<session>" */
    char *project; /* of the testbench */
    struct sg_temporary temporary;
    char *folder; /* its path: compose files, with what the user's variables held */
    char *host;   /* this host's name, for the label */
    char *root;   /* the engine's data root */
    int cpus;
    double memory; /* the engine's, in bytes; NaN when it does not say */
    struct sg_lock lock;
    bool claimed; /* the tools' images are here, and the lock is ours */
    bool started;
    bool buildx;
    struct sg_pinning pinning;
    struct sg_awake awake;
    struct sg_image k6, prometheus, cadvisor, grafana;
    struct sg_image *variants;
    char *secret;          /* password of Prometheus and Grafana; NULL: nobody else reaches them */
    char *prometheus_url;  /* with that password */
    char *service;         /* compose service under test */
    struct sg_json *stack; /* the user's compose project, as compose resolved it */
    struct sg_json *k6_base; /* compose's description of a generator */
    char *wrapper;           /* its script inside the container, or NULL */
    struct sg_place place;   /* of a variant that is measured alone */
    struct sg_place *block;  /* of a sliced block's containers, while there are any */
    size_t block_count;
    struct sg_sight sight; /* what cAdvisor sees, once it was looked */
    char *blind;           /* why that is not all, or NULL */
    double vus;            /* that the warm-up's iterations need; 0: not known yet */
    double lead; /* seconds that the generators of the next block get to start; 0: not known yet */
    char *burn;  /* on-off pattern of a burner beside the service, or NULL */
    double burn_period;
};

/* Makes the engine this session's, which comes before anything is made or built: takes the lock and
 * removes what dead sessions left. Needs the tools' images. */
bool sg_bench_claim(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* Asks `url` every 100 ms until it answers 2xx or 3xx, or with `any` at all, or `seconds` are over.
 * *last: why the last attempt had no answer. */
bool sg_wait_answer(const char *url, double seconds, bool any, long *out_status,
                    struct sg_error *last) SG_MUST_USE;
/* port.c: whether somebody behind a published port takes a connection and keeps it for a moment: an
 * engine's proxy takes any, and closes it where nobody listens behind it. */
bool sg_port_open(const char *host, int port) SG_MUST_USE;
/* Finds Prometheus' published port and waits until it is ready. */
bool sg_wait_prometheus(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
void sg_bench_say(const struct sg_bench *bench, const char *format, ...) SG_PRINTF(2, 3);

/* lock.c: one session an engine. Takes the lock, waiting for another session as long as the
 * configuration says; needs the image of k6. */
bool sg_lock_take(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
void sg_lock_drop(struct sg_lock *lock);

enum sg_lock_state {
    SG_LOCK_FREE,
    SG_LOCK_HELD,
    SG_LOCK_STALE /* its session ended while it took the lock */
};
struct sg_lock_holder {
    const char *id, *session; /* belong to the list */
};
/* The engine's answer about the lock's container, and what it means at `now` by its clock. */
bool sg_lock_list(const struct sg_engine *engine, struct sg_json **out,
                  struct sg_error *err) SG_MUST_USE;
enum sg_lock_state sg_lock_look(const struct sg_json *list, double now, struct sg_lock_holder *out);
/* Gives a session that has just been killed the moment that its lock takes to go. False: a live one
 * has it. */
bool sg_lock_wait_free(const struct sg_engine *engine, struct sg_error *err) SG_MUST_USE;

/* pinning.c: disjoint CPU sets where there are enough; the configuration's own come first. */
struct sg_pinning sg_pinning_choose(const struct sg_config *config, int cpus);

/* Whether a CPU is in a list ("0-2,5"); an empty list is all CPUs. */
bool sg_cpus_contain(const char *list, long cpu);
/* The highest CPU of a list that sg_config_is_cpus() accepts. */
long sg_cpus_last(const char *list);

/* Puts the calling thread on one CPU, at the lowest priority there is. System calls alone, so a
 * forked child may call it. */
bool sg_idle_on(int cpu) SG_MUST_USE;

/* awake.c: keeps the CPUs that service and generator are pinned to awake until it is stopped, where
 * the engine is local and this process may; else it does nothing. */
void sg_awake_start(struct sg_awake *awake, const struct sg_bench *bench);
void sg_awake_stop(struct sg_awake *awake);
/* awake_sudo.c: lets `sudo -n svcgate awake CPUS` do it. False, with nothing left, where sudo is
 * not there, wants a password, or may not. */
bool sg_awake_ask(struct sg_awake *awake, const char *cpus) SG_MUST_USE;
/* Takes a while only where sudo does not end by itself. */
void sg_awake_dismiss(struct sg_awake *awake);

/* secret.c: the password of Prometheus and Grafana, whose user is "svcgate" (Grafana's: "admin").
 * Callers free. */
bool sg_secret_make(char **out, struct sg_error *err) SG_MUST_USE;
/* Prometheus' web.config.file that asks for it. */
char *sg_secret_web(const char *secret) SG_MUST_USE;
/* A URL of sg_engine_url with it, or as it is for NULL; and without it, for what is shown. */
char *sg_secret_url(const char *url, const char *secret) SG_MUST_USE;
char *sg_secret_hide(const char *url) SG_MUST_USE;

/* images.c: k6, Prometheus and cAdvisor; then the variants, which may be built. */
bool sg_images_tools(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
bool sg_images_variants(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* See sg_bench_fetch. */
bool sg_image_fetch(struct sg_bench *bench, const char *reference, char **out_why,
                    struct sg_error *err) SG_MUST_USE;
/* Finds it, and pulls when it is missing. */
bool sg_image_ensure(struct sg_bench *bench, const char *reference, struct sg_image *out,
                     struct sg_error *err) SG_MUST_USE;

/* image.c: the reference in use for "k6", …: config, SVCGATE_IMAGE_<NAME>, images.txt. */
char *sg_image_reference(const struct sg_config *config, const char *name) SG_MUST_USE;
/* Fills name, digest and id; false when the engine does not have it, or has another digest
 * than the reference asks for. */
bool sg_image_find(const struct sg_engine *engine, const char *reference,
                   struct sg_image *out) SG_MUST_USE;
void sg_image_clear(struct sg_image *image);
/* The name with the digest that a registry gave the image; a name alone for what was built here.
 * Caller frees. */
char *sg_image_exact(const struct sg_image *image) SG_MUST_USE;

/* build.c: builds a variant that has a build context, from the folder or from a commit of it. */
bool sg_build_variant(struct sg_bench *bench, size_t index, struct sg_error *err) SG_MUST_USE;

/* compose.c: the testbench's own project. */
/* "$" starts a variable in a compose file: doubles it. Caller frees. */
char *sg_compose_escape(const char *text) SG_MUST_USE;
bool sg_compose_write(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* docker compose -p PROJECT -f … <words…>; `words` is NULL-terminated. */
struct sg_args sg_compose_words(const struct sg_bench *bench, const char *const *words) SG_MUST_USE;
bool sg_compose_run(const struct sg_bench *bench, const char *const *words, double timeout,
                    bool uninterruptible, struct sg_error *err) SG_MUST_USE;
/* Compose files, laid over each other, through `docker compose config`: as JSON, with the services
 * of every profile. `files` is NULL-terminated; `env` additions or NULL. */
bool sg_compose_config(const char *project, const char *const *files, const char *const *env,
                       struct sg_json **out, struct sg_error *err) SG_MUST_USE;
/* The names of the services that `docker compose up` would start, a line each. Caller frees. */
bool sg_compose_active(const char *project, const char *const *files, char **out,
                       struct sg_error *err) SG_MUST_USE;
bool sg_compose_save(const struct sg_bench *bench, const char *name, const struct sg_json *json,
                     struct sg_error *err) SG_MUST_USE;

/* cadvisor.c: what cAdvisor is given of the engine's machine, and what it sees of a container.
 * What this kind of engine asks for beyond the compose file, in a file over it. */
bool sg_cadvisor_write(const struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* `docker compose up` with these words, cAdvisor's name among them. Where containerd's socket
 * cannot be had it goes without. */
bool sg_cadvisor_up(struct sg_bench *bench, const char *const *words,
                    struct sg_error *err) SG_MUST_USE;
/* Which kinds of series of the testbench's own containers Prometheus has, into bench->sight, and
 * into bench->blind why that is not all. Waits up to 20 s for CPU and memory. */
void sg_cadvisor_look(struct sg_bench *bench);
/* Why it may see less than all: by the kind of engine, and by cAdvisor's own log. Caller frees. */
char *sg_cadvisor_why(const struct sg_engine *engine, const char *log) SG_MUST_USE;
/* Looks; SG_ERROR_ENVIRONMENT where a gate could never have its data. */
bool sg_cadvisor_check(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;

/* tree.c: a script, the files and folders that are listed, and those that a source among them names
 * in quotes. The script is the first; `root` is the folder that holds all of them, "" the file
 * system's. */
struct sg_tree {
    char *root;
    struct sg_strings files;   /* absolute paths without "..", each once */
    struct sg_strings folders; /* that a source names in quotes: protocol files may lie there */
};
bool sg_tree_find(const char *script, char *const *listed, struct sg_tree *out,
                  struct sg_error *err) SG_MUST_USE;
/* The path of a file from the root. */
const char *sg_tree_place(const struct sg_tree *tree, size_t index);
void sg_tree_clear(struct sg_tree *tree);

/* script.c: copies the load's script with its files and the wrapper to a folder of the bench's, and
 * sets bench->wrapper. */
bool sg_script_stage(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* Sends that folder into the volume of the k6 that compose has created. */
bool sg_script_send(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* Lets k6 read the script, and says what of it does not hold here. SG_ERROR_CONFIG where k6 refuses
 * it. */
bool sg_script_check(const struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;

/* refusal.c: why `k6 inspect` ended with another status than 0, in one sentence; always false. */
bool sg_script_refuse(const struct sg_config *config, const struct sg_process_result *result,
                      struct sg_error *err);

/* place.c: `number` 0 is the place of a variant that is measured alone. */
void sg_place_init(const struct sg_bench *bench, size_t number, struct sg_place *out);
void sg_place_clear(struct sg_place *place);
/* A fresh container of place->variant, up and ready; see sg_bench_start_variant. Several places may
 * be started at once, by a thread each. */
bool sg_place_start(const struct sg_bench *bench, struct sg_place *place,
                    struct sg_finding *out_trouble, struct sg_error *err) SG_MUST_USE;
/* The containers that gates name with `of`, into the window. */
bool sg_place_others(const struct sg_bench *bench, const struct sg_place *place,
                     struct sg_bench_window *out, struct sg_error *err) SG_MUST_USE;

/* load.c: nothing seen yet. */
struct sg_bench_window sg_bench_window_none(void);

/* block.c: removes what stands of a block. */
bool sg_block_remove(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;

/* vus.c: how many VUs a k6 makes before the load begins; and how many it may have: load.vus, or
 * four times those that the rate asks for, or twice those that the warm-up's iterations need. */
double sg_generator_ready_vus(const struct sg_bench *bench);
double sg_generator_most_vus(const struct sg_bench *bench);
/* generator.c: the k6 of a place. */
/* MiB that each of `count` k6 may use before it collects garbage: some 40 s of requests and all its
 * VUs, but together at most half of the engine's memory, where a collection at each doubling, Go's
 * default, would fail as well. */
double sg_generator_heap(const struct sg_bench *bench, size_t count);
/* What one k6 is to do. */
struct sg_drive {
    const struct sg_place *place;
    const char *testid;
    double warmup, measure;               /* seconds */
    const struct sg_bench_slices *slices; /* NULL: all in one piece */
    const char *turns;                    /* of sg_bench_seat */
    double begin;                         /* by the engine's clock, with slices */
    double leave;                         /* seconds that k6 stays beyond SG_IDLE */
};
/* The settings of all that run at once, in a file of their own over the testbench's. */
bool sg_generator_write(const struct sg_bench *bench, const struct sg_drive *drives, size_t count,
                        struct sg_error *err) SG_MUST_USE;
/* What the k6 of a place told when it had ended. */
bool sg_generator_read(const struct sg_bench *bench, const struct sg_place *place,
                       struct sg_bench_window *out, struct sg_error *err) SG_MUST_USE;
/* Ends it; all is well when it has ended already. */
void sg_generator_kill(const char *id);

/* sampler.c: an independent witness of what cAdvisor will say. Readings belong to the caller once
 * it has stopped. */
struct sg_sampler {
    const struct sg_engine *engine;
    const char *id;
    struct sg_reading *readings;
    size_t count;
    pthread_t thread;
    bool running;
    atomic_bool stop, dead, rest; /* rest: reads nothing for the time being */
};
bool sg_sampler_start(struct sg_sampler *sampler, const struct sg_engine *engine, const char *id,
                      struct sg_error *err) SG_MUST_USE;
void sg_sampler_stop(struct sg_sampler *sampler);

/* steal.c: clock ticks at one moment, and their history. */
struct sg_ticks {
    double time, steal, total;
};
struct sg_steal {
    struct sg_ticks *ticks;
    size_t count;
};
void sg_steal_read(const struct sg_bench *bench, struct sg_steal *steal);
/* Between the readings nearest to start and end (seconds since 1970); NaN when there are none. */
double sg_steal_share(const struct sg_steal *steal, double start, double end);
/* Between the last two readings; NaN when there are not two. */
double sg_steal_latest(const struct sg_steal *steal);

/* probe.c: whether somebody else works on the other half of the service's core, and fills its
 * caches. In the readings `cpu` is the integral over time of the ratio of two costs; they belong to
 * the caller once it has stopped. There are none where the service is not pinned to one CPU, or
 * svcgate may not run on it.
 */
struct sg_probe {
    int cpu;
    struct sg_reading *core, *cache;
    atomic_size_t count; /* of each; it grows while the probe runs */
    pthread_t thread;
    bool running;
    atomic_bool stop;
};
void sg_probe_start(struct sg_probe *probe, const struct sg_bench *bench);
void sg_probe_stop(struct sg_probe *probe);
/* How many times as much as work that needs neither the other work costs: mean from start to end
 * (seconds since 1970); NaN with fewer than two readings a second. */
double sg_probe_ratio(const struct sg_reading *readings, size_t count, double start, double end);

/* summary.c: k6's standard output to numbers. */
bool sg_summary_read(const char *text, size_t size, struct sg_load_summary *out,
                     struct sg_error *err) SG_MUST_USE;

/* own.c: metrics with `k6`. What the wrapper is to have k6 keep of them, as JSON: a list of
 * {"key": "orders{scenario:measure}", "stat": "count"}. Caller frees. */
char *sg_own_metrics(const struct sg_config *config) SG_MUST_USE;
/* Whether one of them asks for a value of this tag. */
bool sg_own_metrics_use(const struct sg_config *config, const char *tag);
/* Fills out->k6 and out->k6_names from k6's summary; a text that is none has nothing of them. */
void sg_own_metrics_read(const struct sg_config *config, const char *text, size_t size,
                         struct sg_load_summary *out);
void sg_own_metrics_clear(struct sg_load_summary *load);

/* The same text without the files that the script's own handleSummary made, and those: pairs of
 * name and text. A text that is no such summary stays whole. The caller frees all. */
void sg_summary_split(const char *text, size_t size, char **out_summary, struct sg_pair **out_files,
                      size_t *out_count);

/* clean.c: removes all that one session made; the engine's own words on failure. */
bool sg_clean_session(const struct sg_engine *engine, const char *session,
                      struct sg_error *err) SG_MUST_USE;
/* Removes what dead sessions left: all that is there before the lock is seen to be free, or with
 * `locked` ours. What `svcgate up` started stays, unless `all`. */
bool sg_clean_dead(const struct sg_engine *engine, bool locked, bool all,
                   const struct sg_bench_progress *progress, size_t *out_removed,
                   struct sg_error *err) SG_MUST_USE;
/* Whether an item of the engine's lists was made by `session`, or with NULL by any session but
 * "up", or with `all` by that, too: by its labels, of which compose's cannot come from an image. */
bool sg_clean_chosen(const struct sg_json *item, const char *session, bool all);

#endif
