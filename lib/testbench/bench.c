/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's life: open, prepare, start variants, close. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/internal.h"

/* `docker compose version`: configs with `content:` came with 2.23.1. */
static bool check_compose(struct sg_error *err)
{
    const char *argv[] = {"docker", "compose", "version", "--short", NULL};
    char *version = NULL;
    if (!sg_docker_output(argv, &version, err)) {
        return sg_error_context(err, "docker compose v2 is needed");
    }
    const char *at = version[0] == 'v' ? version + 1 : version;
    char *end = NULL;
    long major = strtol(at, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    bool ok = major > 2 || (major == 2 && minor >= 24) ||
              sg_fail(err, SG_ERROR_ENVIRONMENT,
                      "docker compose %s is too old: 2.24 or later is needed", version);
    free(version);
    return ok;
}

static bool read_info(struct sg_bench *bench, struct sg_error *err)
{
    struct sg_json *info = NULL;
    if (!sg_engine_get(&bench->engine, "/info", &info, err)) {
        return false;
    }
    bench->cpus = sg_engine_int(sg_json_get(info, "NCPU"), 1);
    bench->memory = sg_json_number(sg_json_get(info, "MemTotal"), NAN);
    bench->root = sg_strdup(sg_json_string(sg_json_get(info, "DockerRootDir"), "/var/lib/docker"));
    sg_json_free(info);
    return true;
}

static struct sg_bench *new_bench(const struct sg_config *config, const char *session,
                                  const struct sg_bench_progress *progress)
{
    struct sg_bench *bench = sg_alloc(1, sizeof(*bench));
    bench->config = config;
    bench->progress = progress != NULL ? *progress : (struct sg_bench_progress){0};
    bench->session = sg_strdup(session);
    bench->project = sg_format("svcgate-%s", session);
    bench->sut_project = sg_format("svcgate-%s-service", session);
    bench->service = sg_strdup(config->service != NULL ? config->service : "service");
    bench->host = sg_host_name();
    return bench;
}

bool sg_bench_open(const struct sg_config *config, const char *session,
                   const struct sg_bench_progress *progress, struct sg_bench **out,
                   struct sg_error *err)
{
    struct sg_bench *bench = new_bench(config, session, progress);
    bool ok = sg_engine_find(&bench->engine, err) && check_compose(err) && read_info(bench, err);
    if (ok) {
        bench->pinning = sg_pinning_choose(config, bench->cpus);
        ok = sg_temporary_make(SG_FOLDER_MARK, &bench->temporary, err);
        bench->folder = bench->temporary.path;
    }
    if (!ok) {
        struct sg_error ignored = {0};
        (void)!sg_bench_close(bench, &ignored);
        return false;
    }
    *out = bench;
    return true;
}

bool sg_bench_claim(struct sg_bench *bench, struct sg_error *err)
{
    size_t removed = 0;
    return sg_lock_take(bench, err) &&
           sg_clean_dead(&bench->engine, true, false, &bench->progress, &removed, err);
}

#define READY_LIMIT (64U << 10)

/* Asks `url` until it answers as it should; every 100 ms. `any`: whatever the status. */
static bool wait_for(const char *url, double seconds, bool any, long *out_status,
                     struct sg_error *last)
{
    int64_t deadline = sg_clock_monotonic() + (int64_t)(seconds * 1e9);
    do {
        /* What answers is the service's: it must not send us on, to where only this host gets. */
        struct sg_http_request request = {
            .url = url, .timeout = 2, .limit = READY_LIMIT, .stay = true, .cut = true};
        struct sg_http_response response = {0};
        bool answered = sg_http(&request, &response, last);
        *out_status = answered ? response.status : 0;
        sg_http_response_free(&response);
        if (answered && (any || (*out_status >= 200 && *out_status < 400))) {
            return true;
        }
    } while (sg_clock_monotonic() < deadline && sg_sleep(SG_SECOND / 10));
    return false;
}

bool sg_wait_prometheus(struct sg_bench *bench, struct sg_error *err)
{
    char id[65];
    int port = 0;
    if (!sg_engine_compose_id(&bench->engine, bench->project, "prometheus", id, err) ||
        !sg_engine_port(&bench->engine, id, 9090, &port, err)) {
        return false;
    }
    bench->prometheus_url = sg_engine_url(&bench->engine, port);
    char *ready = sg_format("%s/-/ready", bench->prometheus_url);
    struct sg_error last = {0};
    long status = 0;
    bool ok = wait_for(ready, 60, false, &status, &last);
    free(ready);
    if (ok) {
        return true;
    }
    char *log = sg_bench_log(bench, "prometheus");
    sg_fail(err, SG_ERROR_ENVIRONMENT, "Prometheus was not ready within 60 s; its log ends:\n%s",
            log);
    free(log);
    return false;
}

bool sg_bench_prepare(struct sg_bench *bench, struct sg_error *err)
{
    const char *up[] = {"up", "-d", "prometheus", "cadvisor", NULL};
    /* compose makes a network with the first container that wants it: k6 wants the load network */
    const char *create[] = {"create", "k6", NULL};
    if (!sg_images_tools(bench, err) || !sg_bench_claim(bench, err) ||
        !sg_images_variants(bench, err) || !sg_compose_write(bench, err)) {
        return false;
    }
    for (size_t i = 0; i < bench->config->variants_count; i++) {
        if (!sg_stack_write(bench, i, err)) {
            return false;
        }
    }
    sg_bench_say(bench, "starting Prometheus and cAdvisor");
    sg_awake_start(&bench->awake, bench);
    bench->started = true;
    return (sg_compose_run(bench, up, 300, false, err) &&
            sg_compose_run(bench, create, 120, false, err) && sg_wait_prometheus(bench, err)) ||
           sg_error_context(err, "starting the testbench");
}

const char *sg_bench_prometheus(const struct sg_bench *bench)
{
    return bench->prometheus_url;
}

double sg_bench_scrape_interval(void)
{
    return SG_SCRAPE_INTERVAL;
}

double sg_bench_generator_cpus(const struct sg_bench *bench)
{
    return bench->pinning.generator_cpus;
}

static bool stack_up(struct sg_bench *bench, size_t index, struct sg_error *err)
{
    struct sg_args args = {0};
    char *file = sg_stack_file(bench, index);
    const char *const start[] = {"docker",           "compose", "--progress", "quiet", "-p",
                                 bench->sut_project, "-f",      file,         "up",    "-d"};
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&args, start[i]);
    }
    if (bench->stack_started) {
        sg_args_add(&args, "--force-recreate");
        sg_args_add(&args, "--renew-anon-volumes");
        if (!bench->config->fresh_stack) {
            sg_args_add(&args, "--no-deps");
        }
    }
    sg_args_add(&args, bench->service);
    bool ok =
        (!bench->config->fresh_stack || !bench->stack_started || sg_stack_down(bench, false, err));
    bench->stack_started = true;
    ok = ok && sg_docker_run(args.items, NULL, 300, false, err);
    sg_args_free(&args);
    free(file);
    return ok;
}

static void tell_trouble(struct sg_bench *bench, long status, struct sg_finding *out)
{
    const struct sg_config *config = bench->config;
    struct sg_container_state state = {0};
    struct sg_error ignored = {0};
    (void)!sg_engine_state(&bench->engine, bench->service_id, &state, &ignored);
    *out = (struct sg_finding){.log = sg_docker_log(bench->service_id, 20)};
    if (!state.running) {
        out->severity = SG_FINDING_FAIL;
        out->check = sg_strdup("exited");
        out->text = sg_format("exited with status %d%s before it was ready", state.exit_code,
                              state.oom_killed ? " (killed: out of memory)" : "");
        return;
    }
    out->severity = SG_FINDING_INVALID;
    out->check = sg_strdup("not_ready");
    char *what = status != 0 ? sg_format("%s answers %ld", config->ready, status)
                             : sg_format("port %d does not answer", config->port);
    out->text = sg_format("was not ready within %.0f s: %s (service.ready, service.ready_timeout)",
                          config->ready_timeout, what);
    free(what);
}

/* The base URL of the published port, or NULL when the container is not there (yet). */
static char *ready_url(struct sg_bench *bench)
{
    int port = 0;
    struct sg_error ignored = {0};
    const char *path = bench->config->ready != NULL ? bench->config->ready : "/";
    if (!sg_engine_port(&bench->engine, bench->service_id, bench->config->port, &port, &ignored)) {
        return NULL;
    }
    char *base = sg_engine_url(&bench->engine, port);
    char *url = sg_format("%s%s", base, path);
    free(base);
    return url;
}

/* Ready: the path answers 2xx or 3xx; without a path: any answer. A container that has exited is
 * not waited for. */
static bool wait_ready(struct sg_bench *bench, struct sg_finding *out_trouble, struct sg_error *err)
{
    const struct sg_config *config = bench->config;
    int64_t deadline = sg_clock_monotonic() + (int64_t)(config->ready_timeout * 1e9);
    struct sg_container_state state = {.running = true};
    struct sg_error last = {0};
    long status = 0;
    bool ready = false;
    char *url = NULL;
    while (!ready && state.running && sg_clock_monotonic() < deadline &&
           sg_interrupt_signal() == 0) {
        url = url != NULL ? url : ready_url(bench);
        if (url != NULL) {
            ready = wait_for(url, 0.5, config->ready == NULL, &status, &last);
        } else {
            (void)sg_sleep(SG_SECOND / 10);
        }
        if (!ready && !sg_engine_state(&bench->engine, bench->service_id, &state, err)) {
            free(url);
            return false;
        }
    }
    free(url);
    if (!ready && sg_interrupt_signal() != 0) {
        return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while the service started");
    }
    if (!ready) {
        tell_trouble(bench, status, out_trouble);
    }
    return true;
}

static void forget_others(struct sg_bench *bench)
{
    for (size_t i = 0; i < bench->others_count; i++) {
        free(bench->other_names[i]);
        free(bench->other_ids[i]);
    }
    free(bench->other_names);
    free(bench->other_ids);
    bench->other_names = bench->other_ids = NULL;
    bench->others_count = 0;
}

/* The containers that gates name with `of`. */
static bool find_others(struct sg_bench *bench, struct sg_error *err)
{
    forget_others(bench);
    for (size_t i = 0; i < bench->config->metrics_count; i++) {
        const char *of = bench->config->metrics[i].of;
        bool known = of == NULL;
        for (size_t k = 0; !known && k < bench->others_count; k++) {
            known = sg_streq(of, bench->other_names[k]);
        }
        if (known) {
            continue;
        }
        char id[65];
        if (!sg_engine_compose_id(&bench->engine, bench->sut_project, of, id, err)) {
            return sg_error_context(err, "metric %s", bench->config->metrics[i].name);
        }
        bench->other_names = sg_grow(bench->other_names, bench->others_count, sizeof(char *));
        bench->other_ids = sg_grow(bench->other_ids, bench->others_count, sizeof(char *));
        bench->other_names[bench->others_count] = sg_strdup(of);
        bench->other_ids[bench->others_count++] = sg_strdup(id);
    }
    return true;
}

bool sg_bench_start_variant(struct sg_bench *bench, size_t index, struct sg_finding *out_trouble,
                            struct sg_error *err)
{
    const char *name = bench->config->variants[index].name;
    *out_trouble = (struct sg_finding){0};
    bench->variant = index;
    if (!stack_up(bench, index, err)) {
        return sg_error_context(err, "starting variant %s", name);
    }
    return sg_engine_compose_id(&bench->engine, bench->sut_project, bench->service,
                                bench->service_id, err) &&
           wait_ready(bench, out_trouble, err) && find_others(bench, err);
}

void sg_bench_others(const struct sg_bench *bench, const char *const **names,
                     const char *const **ids, size_t *count)
{
    *names = (const char *const *)bench->other_names;
    *ids = (const char *const *)bench->other_ids;
    *count = bench->others_count;
}

char *sg_bench_log(struct sg_bench *bench, const char *service)
{
    char id[65];
    struct sg_error ignored = {0};
    return sg_engine_compose_id(&bench->engine, bench->project, service, id, &ignored)
               ? sg_docker_log(id, 20)
               : sg_strdup("");
}

static void image_clear(struct sg_image *image)
{
    free(image->name);
    free(image->digest);
    free(image->id);
    free(image->commit);
}

static void free_bench(struct sg_bench *bench)
{
    sg_temporary_remove(&bench->temporary);
    for (size_t i = 0; bench->variants != NULL && i < bench->config->variants_count; i++) {
        image_clear(&bench->variants[i]);
    }
    image_clear(&bench->k6);
    image_clear(&bench->prometheus);
    image_clear(&bench->cadvisor);
    image_clear(&bench->grafana);
    forget_others(bench);
    sg_lock_drop(&bench->lock);
    sg_engine_clear(&bench->engine);
    free(bench->variants);
    free(bench->session);
    free(bench->burn);
    free(bench->project);
    free(bench->sut_project);
    free(bench->host);
    free(bench->root);
    free(bench->prometheus_url);
    free(bench->service);
    free(bench);
}

bool sg_bench_close(struct sg_bench *bench, struct sg_error *err)
{
    bool ok = true;
    if (bench == NULL) {
        return true;
    }
    sg_awake_stop(&bench->awake);
    if (bench->stack_started) {
        ok = sg_stack_down(bench, true, err);
    }
    if (bench->started) {
        ok = sg_clean_session(&bench->engine, bench->session, err) && ok;
    }
    if (!ok) {
        sg_error_append(err, "Remove what is left with `svcgate clean`.");
    }
    free_bench(bench);
    return ok;
}
