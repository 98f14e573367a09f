/* SPDX-License-Identifier: Apache-2.0 */
/* cAdvisor: what it is given of the engine's machine, what it sees of a container of ours, and why
 * that may be less than all. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/internal.h"

#define FILE_NAME "cadvisor.json" /* laid over the testbench's compose file */
#define WAIT 20                   /* seconds; its first samples take two, on a slow machine ten */
#define LOG_LINES 200

/* What cAdvisor says where it cannot use an engine; the cause stands behind it. */
#define REFUSED "Registration of the docker container factory failed: "

static struct sg_json *containerd_mount(const char *socket)
{
    struct sg_json *mount = sg_json_new_object();
    struct sg_json *bind = sg_json_new_object();
    char *source = sg_compose_escape(socket);
    sg_json_set_bool(bind, "create_host_path", false);
    sg_json_set_string(mount, "type", "bind");
    sg_json_set_string(mount, "source", source);
    sg_json_set_string(mount, "target", "/run/containerd/containerd.sock");
    sg_json_set(mount, "bind", bind);
    free(source);
    return mount;
}

static struct sg_json *list_of(struct sg_json *only)
{
    struct sg_json *list = sg_json_new_array();
    sg_json_push(list, only);
    return list;
}

/* With containerd's images cAdvisor finds a container's network by containerd alone; a label of
 * SELinux or mapped users would keep it from the engine's socket. */
static struct sg_json *service_for(const struct sg_engine_kind *kind)
{
    struct sg_json *service = sg_json_new_object();
    if (kind->containerd != NULL) {
        sg_json_set(service, "volumes", list_of(containerd_mount(kind->containerd)));
    }
    if (kind->selinux) {
        sg_json_set(service, "security_opt", list_of(sg_json_new_string("label=disable")));
    }
    if (kind->userns) {
        sg_json_set_string(service, "userns_mode", "host");
    }
    return service;
}

bool sg_cadvisor_write(const struct sg_bench *bench, struct sg_error *err)
{
    struct sg_json *services = sg_json_new_object();
    struct sg_json *project = sg_json_new_object();
    sg_json_set(services, "cadvisor", service_for(&bench->engine.kind));
    sg_json_set(project, "services", services);
    bool ok = sg_compose_save(bench, FILE_NAME, project, err);
    sg_json_free(project);
    return ok;
}

static bool without_containerd(struct sg_bench *bench, const char *const *words,
                               struct sg_error *err)
{
    struct sg_engine_kind *kind = &bench->engine.kind;
    sg_bench_say(bench, "the engine does not let %s into cAdvisor: going on without",
                 kind->containerd);
    free(kind->containerd);
    kind->containerd = NULL;
    *err = (struct sg_error){0};
    return sg_cadvisor_write(bench, err) && sg_compose_run(bench, words, 300, false, err);
}

bool sg_cadvisor_up(struct sg_bench *bench, const char *const *words, struct sg_error *err)
{
    const struct sg_engine *engine = &bench->engine;
    bool ok = sg_compose_run(bench, words, 300, false, err);
    if (!ok && engine->kind.containerd != NULL &&
        strstr(err->text, engine->kind.containerd) != NULL) {
        ok = without_containerd(bench, words, err);
    }
    if (!ok && strstr(err->text, engine->mount) != NULL) {
        return sg_error_context(err,
                                "cAdvisor cannot see the engine's socket: %s is no path of the "
                                "engine's machine. Set SVCGATE_ENGINE_SOCKET to the one that it "
                                "has there, mostly /var/run/docker.sock",
                                engine->mount);
    }
    return ok;
}

/* Prometheus' answer to one question; NULL where there is none. */
static struct sg_json *ask(const struct sg_bench *bench, const char *query)
{
    char *escaped = sg_http_escape(query);
    char *url = sg_format("%s/api/v1/query?query=%s", bench->prometheus_url, escaped);
    struct sg_http_request request = {.url = url, .timeout = 5};
    struct sg_http_response response = {0};
    struct sg_error ignored = {0};
    struct sg_json *json = sg_http(&request, &response, &ignored)
                               ? sg_json_parse(response.body, response.size, "query", &ignored)
                               : NULL;
    sg_http_response_free(&response);
    free(url);
    free(escaped);
    return json;
}

static struct sg_sight look_once(const struct sg_bench *bench, const char *id)
{
    struct sg_sight sight = {0};
    struct {
        const char *name;
        bool *seen;
    } rows[] = {{"container_cpu_usage_seconds_total", &sight.cpu},
                {"container_memory_rss", &sight.memory},
                {"container_network_receive_bytes_total", &sight.network},
                {"container_network_advance_tcp_stats_total", &sight.connections}};
    char *query = sg_format("count by (__name__) ({__name__=~\"%s|%s|%s|%s\",id=~\".*%s.*\"})",
                            rows[0].name, rows[1].name, rows[2].name, rows[3].name, id);
    struct sg_json *answer = ask(bench, query);
    const struct sg_json *list = sg_json_get(sg_json_get(answer, "data"), "result");
    for (const struct sg_json *one = sg_json_first(list); one != NULL; one = sg_json_next(one)) {
        const struct sg_json *name = sg_json_get(sg_json_get(one, "metric"), "__name__");
        for (size_t i = 0; i < SG_COUNT(rows); i++) {
            *rows[i].seen = *rows[i].seen || sg_streq(sg_json_string(name, ""), rows[i].name);
        }
    }
    sg_json_free(answer);
    free(query);
    return sight;
}

static struct sg_sight wait_for_sight(const struct sg_bench *bench)
{
    struct sg_sight sight = {0};
    struct sg_error ignored = {0};
    char id[65];
    if (!sg_engine_compose_id(&bench->engine, bench->project, "prometheus", id, &ignored)) {
        return sight;
    }
    int64_t deadline = sg_clock_monotonic() + WAIT * SG_SECOND;
    do {
        sight = look_once(bench, id);
    } while (!(sight.cpu && sight.memory) && sg_clock_monotonic() < deadline &&
             sg_sleep(SG_SECOND / 4));
    return sight;
}

/* What cAdvisor says after REFUSED, or "". */
static char *refusal(const char *log)
{
    const char *at = strstr(log, REFUSED);
    at = at != NULL ? at + strlen(REFUSED) : "";
    return sg_format("%.*s", (int)strcspn(at, "\n"), at);
}

static char *why_by_words(const struct sg_engine *engine, const char *words)
{
    if (strstr(words, "containerd client") != NULL) {
        return sg_format("the engine keeps its images in containerd, and cAdvisor cannot reach "
                         "containerd's socket%s%s",
                         engine->kind.containerd != NULL ? ", " : "",
                         engine->kind.containerd != NULL ? engine->kind.containerd : "");
    }
    if (strstr(words, "permission denied") != NULL) {
        return sg_format("cAdvisor may not use the engine's socket %s (permission denied: SELinux, "
                         "mapped users, or a rootless engine)",
                         engine->mount);
    }
    if (strstr(words, "too new") != NULL || strstr(words, "too old") != NULL) {
        return sg_format("this cAdvisor and the engine do not understand each other: %.200s",
                         words);
    }
    return sg_format("cAdvisor cannot ask the engine at %s; set SVCGATE_ENGINE_SOCKET to the "
                     "socket's path on the engine's machine (cAdvisor says: %.200s)",
                     engine->mount, words);
}

/* Where its log says nothing. */
static char *why_by_kind(const struct sg_engine_kind *kind)
{
    if (kind->rootless) {
        return sg_strdup("the engine is rootless: its containers are in the user's control group, "
                         "which cAdvisor does not see; use an engine that runs as root");
    }
    if (kind->selinux || kind->userns) {
        return sg_format("the engine %s, and cAdvisor may not read /sys or the engine's data root "
                         "although it runs with %s; use an engine without",
                         kind->selinux ? "uses SELinux" : "maps users (userns-remap)",
                         kind->selinux ? "label=disable" : "userns_mode: host");
    }
    if (kind->containerd != NULL) {
        return sg_format("the engine keeps its images in containerd (%s), which needs cAdvisor "
                         "0.54 or later",
                         kind->containerd);
    }
    return sg_strdup("cAdvisor needs the engine's socket, /sys and the engine's data root, and the "
                     "socket must be this engine's; 0.57 or later is needed for Docker 29 (see "
                     "docs/engines.md)");
}

char *sg_cadvisor_why(const struct sg_engine *engine, const char *log)
{
    char *words = refusal(log);
    char *why = words[0] != '\0' ? why_by_words(engine, words) : why_by_kind(&engine->kind);
    free(words);
    return why;
}

static char *log_of(const struct sg_bench *bench)
{
    char id[65];
    struct sg_error ignored = {0};
    return sg_engine_compose_id(&bench->engine, bench->project, "cadvisor", id, &ignored)
               ? sg_docker_log(id, LOG_LINES)
               : sg_strdup("");
}

void sg_cadvisor_look(struct sg_bench *bench)
{
    bench->sight = wait_for_sight(bench);
    if (!(bench->sight.cpu && bench->sight.memory && bench->sight.network)) {
        char *log = log_of(bench);
        free(bench->blind);
        bench->blind = sg_cadvisor_why(&bench->engine, log);
        free(log);
    }
}

/* Bytes and throttling of the service itself the engine tells as well. */
static bool is_lost(const struct sg_sight *sight, const struct sg_gate *gate)
{
    bool cpu = sg_starts_with(gate->metric, "cpu_"), memory = sg_starts_with(gate->metric, "mem");
    bool network = sg_starts_with(gate->metric, "network_");
    return (cpu && !sight->cpu) || (memory && !sight->memory) ||
           (network && gate->of != NULL && !sight->network);
}

bool sg_cadvisor_check(struct sg_bench *bench, struct sg_error *err)
{
    sg_cadvisor_look(bench);
    for (size_t i = 0; i < bench->config->gates_count; i++) {
        const struct sg_gate *gate = &bench->config->gates[i];
        if (is_lost(&bench->sight, gate)) {
            return sg_fail(err, SG_ERROR_ENVIRONMENT,
                           "the gate on %s%s%s would have no data: cAdvisor has no such series of "
                           "our containers, because %s. `svcgate doctor` tells more",
                           gate->metric, gate->of != NULL ? " of " : "",
                           gate->of != NULL ? gate->of : "", bench->blind);
        }
    }
    return true;
}
