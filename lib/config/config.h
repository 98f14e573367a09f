/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate.yaml to structs, with file:line:column for every mistake, and the catalogue of built-in
 * metrics. The only room that knows YAML. Paths in the result are relative to the file's folder and
 * already joined with it. */
#ifndef SG_CONFIG_CONFIG_H
#define SG_CONFIG_CONFIG_H

#include "base/error.h"
#include "record/record.h"

/* `testbench.keep_awake`: whether CPUs of service and generator may sleep in a session. With AUTO
 * they do not where svcgate is root; SUDO asks sudo where it is not. */
enum sg_keep_awake { SG_KEEP_AWAKE_OFF, SG_KEEP_AWAKE_AUTO, SG_KEEP_AWAKE_SUDO };
extern const char *const sg_keep_awake_words[]; /* in that order, NULL-terminated */

enum sg_policy { SG_POLICY_FAIL, SG_POLICY_WARN, SG_POLICY_KEEP };

struct sg_pair {
    char *key, *value;
};

/* Where a value came from: "svcgate.yaml:12:9", "--rate", "SVCGATE_RATE". */
struct sg_origin {
    char *key; /* "load.rate", "service", "variants.base" */
    char *from;
};

struct sg_config_variant {
    char *name;
    char *image;         /* or NULL */
    char *build_context; /* or NULL: `build: .` or `build: {context:, ref:, dockerfile:}` */
    char *build_ref;     /* git revision, or NULL */
    char *build_dockerfile;
    struct sg_pair *env;
    size_t env_count;
    int line;
};

/* A place in the file, from 1. */
struct sg_mark {
    int line, column;
};

struct sg_config_waiver {
    struct sg_waiver waiver; /* its bound is known when the configuration is finished */
    char *bound;             /* as written: its unit is that of what it stands in for */
    struct sg_mark metric_at, bound_at, variant_at;
};

/* A function that the script exports, and which share of the iterations it gets. */
struct sg_flow {
    char *name;
    double share;
};

struct sg_config {
    char *path;   /* of the file, or NULL (flags only) */
    char *folder; /* what relative paths start from */
    /* service */
    char *compose; /* the user's compose file, or NULL: an image alone */
    /* named further ones, each laid over those before it, NULL-terminated, or NULL */
    char **compose_over;
    char *service; /* compose service under test */
    int port;
    char *ready;          /* path, "/healthz"; "tcp"; NULL: any HTTP answer */
    double ready_timeout; /* seconds, 60 */
    double cpus;          /* NaN: no quota */
    double memory;        /* bytes, NaN: no limit */
    bool fresh_stack;     /* `fresh: stack` */
    char **command;       /* override, NULL-terminated, or NULL */
    struct sg_config_variant *variants;
    size_t variants_count;
    char *reference; /* default: the first variant */
    /* load */
    char *script;
    char **files;        /* further files and folders, NULL-terminated, or NULL */
    struct sg_flow *mix; /* `exec` (one alone) or `mix`; none: the default function */
    size_t mix_count;
    struct sg_pair *load_env; /* for __ENV in the script */
    size_t load_env_count;
    /* requests/s (NaN: not given), seconds, seconds (NaN until finished: chosen) */
    double rate, warmup, measure;
    bool rate_auto; /* `rate: auto`: found before the first block; NaN until then */
    int vus;        /* most VUs; 0: chosen from the rate */
    /* `load.duration`: seconds of a closed load, of which `vus` is the whole; NaN: an open one */
    double duration;
    /* plan */
    bool sliced;                          /* `design: sliced` (default) | turns */
    int min_repetitions, max_repetitions; /* 6..21 */
    double budget, alpha, beta;           /* 30 min, 0.01, 0.05 */
    uint64_t seed;
    bool has_seed;
    int block, blocks; /* measure one of so many alone; 0: a whole session; flag, no key */
    struct sg_gate *gates;
    size_t gates_count;
    struct sg_config_waiver *waivers;
    size_t waivers_count;
    struct sg_metric *metrics; /* gated and built-in ones and the user's, each once */
    size_t metrics_count;
    char *baseline; /* path, or NULL */
    enum sg_policy inconclusive, missing_baseline;
    /* report: what may stand in the bundle, and so in every report and comment */
    bool show_log;  /* of a container that broke */
    bool show_env;  /* values of the variants' variables */
    bool show_host; /* its name, and absolute paths */
    bool adjust;    /* `adjust: auto` (default) | off */
    enum sg_keep_awake keep_awake;
    double wait; /* seconds to wait for another session on this host; a flag, no key of the file */
    /* testbench */
    struct sg_pair *images; /* overrides: k6, prometheus, cadvisor, grafana */
    size_t images_count;
    char *service_cpuset, *generator_cpuset, *monitor_cpuset; /* or NULL: chosen */
    struct sg_origin *origins; /* of what was set; everything else is a default */
    size_t origins_count;
};

/* Defaults without any file. */
void sg_config_init(struct sg_config *config);
void sg_config_clear(struct sg_config *config);

/* Reads `path`. */
bool sg_config_read(const char *path, struct sg_config *out, struct sg_error *err) SG_MUST_USE;
/* The same from text (at most 1 MiB); `name` opens messages, `folder` starts relative paths. */
bool sg_config_parse(const char *text, size_t size, const char *name, const char *folder,
                     struct sg_config *out, struct sg_error *err) SG_MUST_USE;

/* Forgets the gates and what belongs to them, for flags that replace them. */
void sg_config_drop_gates(struct sg_config *config);

/* Copies the paths of the service's compose files, each laid over those before it, into `compose`
 * and `compose_over`, in place of what was there. */
void sg_config_set_compose(struct sg_config *config, char *const *files, size_t count);

/* Notes where `key` ("load.rate") was set, for `config show` and for messages; flags and the
 * environment call it when they are laid over the file. */
void sg_config_set_origin(struct sg_config *config, const char *key, const char *from);
/* Sets a key ("load.rate") from a flag's text, by the same row and with the same bounds as in the
 * file. `from` ("--rate") opens the message and is noted as the origin. */
bool sg_config_set(struct sg_config *config, const char *key, const char *text, const char *from,
                   struct sg_error *err) SG_MUST_USE;
/* The note, or NULL: a default. */
const char *sg_config_origin(const struct sg_config *config, const char *key);

/* schema/config.schema.json as text: the JSON Schema of svcgate.yaml, for editors. */
extern const char *const sg_config_schema;

/* Finds svcgate.yaml (or .yml, .json) here or upwards to the repository's root; *out is NULL when
 * there is none. */
bool sg_config_find(const char *folder, char **out, struct sg_error *err) SG_MUST_USE;

/* The path as a report can name it: relative to the root of the repository that the file lies in,
 * else to the working directory; NULL when it lies in neither, or is not there. Caller frees. */
char *sg_config_place(const char *path) SG_MUST_USE;
/* A path as the session may tell it: an absolute one that way, or by its last part alone, unless
 * `report.host` is `show`. NULL gives NULL. Caller frees. */
char *sg_config_told_path(const struct sg_config *config, const char *path) SG_MUST_USE;

/* After flags have been laid over: fills default gates and metrics, gives waivers to their gates,
 * checks what must hold between fields (a script, a port, two variants or a baseline, known
 * reference). */
bool sg_config_finish(struct sg_config *config, bool needs_load, struct sg_error *err) SG_MUST_USE;

/* Each virtual user begins its next iteration when its last one ends: no rate is offered. */
bool sg_config_is_closed(const struct sg_config *config);

/* The rate of `rate: auto` is found, in iterations/s: windows that it chooses follow it. */
void sg_config_found_rate(struct sg_config *config, double rate);

/* Parses one gate as on the command line: "latency_p95:tolerance=5%,floor=1ms,limit=250ms". */
bool sg_config_gate(const char *text, struct sg_gate *out, struct sg_error *err) SG_MUST_USE;
/* The same of a metric that is known, in its own unit and scale: the first `name_size` bytes of the
 * text stand for it. */
bool sg_config_gate_of(const struct sg_metric *metric, const char *text, size_t name_size,
                       struct sg_gate *out, struct sg_error *err) SG_MUST_USE;
/* Whether it is a list of CPUs such as "0-1,3". */
bool sg_config_is_cpus(const char *text);
/* Parses "6..21" or "9". */
bool sg_config_repetitions(const char *text, int *out_min, int *out_max,
                           struct sg_error *err) SG_MUST_USE;

/* The whole configuration as YAML, each line with where it came from; for `config show`. */
char *sg_config_show(const struct sg_config *config) SG_MUST_USE;

/* --- Catalogue ---------------------------------------------------------------------------- */

/* The built-in metrics; *count of them. Strings are static: copy with sg_metric_copy. */
const struct sg_metric *sg_catalogue(size_t *count);
const struct sg_metric *sg_catalogue_find(const char *name); /* or NULL */
/* Default tolerance of a metric: 0.05, 0.10 for p99 and memory (docs/method.md 4.1). */
double sg_catalogue_tolerance(const char *name);
/* The same of a metric that may be k6's, by its statistic. */
double sg_metric_tolerance(const struct sg_metric *metric);
/* 95 for "p95"; NaN for another statistic of k6's, or none. */
double sg_k6_percentile(const char *stat);
/* Measured a container each, so that `of` may name another service of the stack. */
bool sg_catalogue_per_container(const char *name);
/* Measured by the generator a request name each, so that `request` may name one. */
bool sg_catalogue_per_request(const char *name);
/* For plain samples that named no unit: a sentence that asks for it where the values of a built-in
 * metric are hardly in its own (a p95 of 12 s), or NULL. Caller frees. */
char *sg_catalogue_doubt(const struct sg_session *session, size_t metric) SG_MUST_USE;

#endif
