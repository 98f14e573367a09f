/* SPDX-License-Identifier: Apache-2.0 */
/* Facts from the Docker engine over its socket. Reads only; what changes state goes through the
 * docker command line (docker.h). */
#ifndef SG_TESTBENCH_ENGINE_H
#define SG_TESTBENCH_ENGINE_H

#include "base/error.h"
#include "record/window.h"
#include "json/json.h"

/* What of an engine decides whether cAdvisor sees its containers. */
struct sg_engine_kind {
    char *containerd; /* socket of the containerd that keeps its images, a path of its own machine;
                         NULL where it keeps them itself */
    bool podman, rootless, selinux, userns;
};

struct sg_engine {
    char *socket;   /* path of the unix socket, or NULL */
    char *base_url; /* "http://localhost" for a socket, "http://host:2375" for tcp */
    char *certs;    /* folder of the client's certificates, for https; or NULL */
    char *host;     /* where published ports are: "127.0.0.1", the tcp host, … */
    char *bind;     /* the engine's own address to publish them on, so that `host` reaches them */
    bool open;      /* `bind` is reached from elsewhere than this machine */
    char *id;       /* what the engine calls itself, whatever address it was asked at */
    bool remote;    /* on another machine, or in a virtual one: no /proc of it here */
    char *mount;    /* its socket as a path of its own machine, for cAdvisor */
    struct sg_engine_kind kind;
};

/* From the engine's own words: its answer to /info. Clear `out` afterwards. */
void sg_engine_kind_read(const struct sg_json *info, struct sg_engine_kind *out);

/* This machine's name; caller frees. */
char *sg_host_name(void) SG_MUST_USE;

/* Where the engine is: DOCKER_HOST, else docker's current context; then asks what it is. */
bool sg_engine_find(struct sg_engine *out, struct sg_error *err) SG_MUST_USE;
/* Base URL of a published port, with an IPv6 address in brackets. Caller frees. */
char *sg_engine_url(const struct sg_engine *engine, int port) SG_MUST_USE;
void sg_engine_clear(struct sg_engine *engine);

/* GET path → JSON; a status other than 200 is SG_ERROR_ENVIRONMENT with the engine's words. */
bool sg_engine_get(const struct sg_engine *engine, const char *path, struct sg_json **out,
                   struct sg_error *err) SG_MUST_USE;

/* A number of the engine's answer, or `fallback` where there is none that an int holds. */
int sg_engine_int(const struct sg_json *json, int fallback);

/* One reading of cgroup counters, without the engine's second sample (one-shot). *out_alive is
 * false when the container does not run. */
bool sg_engine_reading(const struct sg_engine *engine, const char *id, struct sg_reading *out,
                       bool *out_alive, struct sg_error *err) SG_MUST_USE;

/* The engine's clock, seconds since 1970; ours where it does not tell. */
double sg_engine_now(const struct sg_engine *engine);

/* Running, exit code, OOM, restarts; `log` is not filled. */
bool sg_engine_state(const struct sg_engine *engine, const char *id, struct sg_container_state *out,
                     struct sg_error *err) SG_MUST_USE;

/* Full id of the newest container of a compose project's service. */
bool sg_engine_compose_id(const struct sg_engine *engine, const char *project, const char *service,
                          char out[65], struct sg_error *err) SG_MUST_USE;

/* The host port where `port`/tcp of the container is published. */
bool sg_engine_port(const struct sg_engine *engine, const char *id, int port, int *out,
                    struct sg_error *err) SG_MUST_USE;

#endif
