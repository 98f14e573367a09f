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
#include "testbench/stack.h"

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

static bool check_kind(const struct sg_engine *engine, struct sg_error *err)
{
    return !engine->kind.podman ||
           sg_fail(err, SG_ERROR_ENVIRONMENT,
                   "the engine at %s is Podman, and svcgate needs a Docker engine: cAdvisor does "
                   "not find Podman's containers by Docker's interface (set DOCKER_HOST)",
                   engine->socket != NULL ? engine->socket : engine->base_url);
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
    bench->service = sg_strdup(config->service != NULL ? config->service : "service");
    bench->host = sg_host_name();
    return bench;
}

bool sg_bench_open(const struct sg_config *config, const char *session,
                   const struct sg_bench_progress *progress, struct sg_bench **out,
                   struct sg_error *err)
{
    struct sg_bench *bench = new_bench(config, session, progress);
    bool ok = sg_engine_find(&bench->engine, err) && check_kind(&bench->engine, err) &&
              check_compose(err) && read_info(bench, err) &&
              (!bench->engine.open || sg_secret_make(&bench->secret, err));
    if (ok) {
        bench->pinning = sg_pinning_choose(config, bench->cpus);
        ok = sg_temporary_make(SG_FOLDER_MARK, &bench->temporary, err);
        bench->folder = bench->temporary.path;
        sg_place_init(bench, 0, &bench->place);
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

/* The tools first: the lock is one of their containers. */
static bool claim_with_tools(struct sg_bench *bench, struct sg_error *err)
{
    bench->claimed = bench->claimed || (sg_images_tools(bench, err) && sg_bench_claim(bench, err));
    return bench->claimed;
}

bool sg_bench_fetch(struct sg_bench *bench, const char *reference, char **out_why,
                    struct sg_error *err)
{
    return claim_with_tools(bench, err) && sg_image_fetch(bench, reference, out_why, err);
}

bool sg_wait_prometheus(struct sg_bench *bench, struct sg_error *err)
{
    char id[65];
    int port = 0;
    if (!sg_engine_compose_id(&bench->engine, bench->project, "prometheus", id, err) ||
        !sg_engine_port(&bench->engine, id, 9090, &port, err)) {
        return false;
    }
    char *url = sg_engine_url(&bench->engine, port);
    bench->prometheus_url = sg_secret_url(url, bench->secret);
    free(url);
    char *ready = sg_format("%s/-/ready", bench->prometheus_url);
    struct sg_error last = {0};
    long status = 0;
    bool ok = sg_wait_answer(ready, 60, false, &status, &last);
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
    if (!claim_with_tools(bench, err)) {
        return false;
    }
    bench->started = true;
    if (!sg_project_read(bench, err) || !sg_images_variants(bench, err) ||
        !sg_built_make(bench, err) || !sg_compose_write(bench, err)) {
        return false;
    }
    sg_bench_say(bench, "starting Prometheus and cAdvisor");
    sg_awake_start(&bench->awake, bench);
    bool ok = (sg_cadvisor_up(bench, up, err) && sg_compose_run(bench, create, 120, false, err) &&
               sg_wait_prometheus(bench, err)) ||
              sg_error_context(err, "starting the testbench");
    return ok && sg_script_send(bench, err) && sg_script_check(bench, err) &&
           sg_cadvisor_check(bench, err);
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

double sg_bench_service_cpus(const struct sg_bench *bench)
{
    return fmin(bench->pinning.service_cpus, sg_bench_limits(bench).cpus); /* neither NaN counts */
}

bool sg_bench_start_variant(struct sg_bench *bench, size_t index, struct sg_finding *out_trouble,
                            struct sg_error *err)
{
    bench->place.variant = index;
    return sg_place_start(bench, &bench->place, out_trouble, err);
}

char *sg_bench_log(struct sg_bench *bench, const char *service)
{
    char id[65];
    struct sg_error ignored = {0};
    return sg_engine_compose_id(&bench->engine, bench->project, service, id, &ignored)
               ? sg_docker_log(id, 20)
               : sg_strdup("");
}

static void free_bench(struct sg_bench *bench)
{
    sg_temporary_remove(&bench->temporary);
    for (size_t i = 0; bench->variants != NULL && i < bench->config->variants_count; i++) {
        sg_image_clear(&bench->variants[i]);
    }
    sg_image_clear(&bench->k6);
    sg_image_clear(&bench->prometheus);
    sg_image_clear(&bench->cadvisor);
    sg_image_clear(&bench->grafana);
    sg_lock_drop(&bench->lock);
    sg_engine_clear(&bench->engine);
    free(bench->variants);
    free(bench->session);
    free(bench->burn);
    free(bench->blind);
    free(bench->project);
    sg_json_free(bench->stack);
    sg_json_free(bench->k6_base);
    free(bench->wrapper);
    sg_place_clear(&bench->place);
    free(bench->host);
    free(bench->root);
    free(bench->prometheus_url);
    free(bench->secret);
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
    if (bench->place.started) {
        ok = sg_stack_down(&bench->place, err);
    }
    ok = sg_block_remove(bench, err) && ok;
    if (bench->started) {
        ok = sg_clean_session(&bench->engine, bench->session, err) && ok;
    }
    if (!ok) {
        sg_error_append(err, "Remove what is left with `svcgate clean`.");
    }
    free_bench(bench);
    return ok;
}
