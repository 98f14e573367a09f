/* SPDX-License-Identifier: Apache-2.0 */
/* A container of the service at its place: started, waited for, its neighbours found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/stack.h"

void sg_place_init(const struct sg_bench *bench, size_t number, struct sg_place *out)
{
    char suffix[24] = "";
    if (number > 0) {
        (void)snprintf(suffix, sizeof(suffix), "-%zu", number);
    }
    char *name = sg_format("service%s.json", suffix);
    *out = (struct sg_place){
        .alone = number == 0,
        .project = sg_format("%s-service%s", bench->project, suffix),
        .file = sg_path_join(bench->folder, name),
        .network = number == 0 ? sg_format("%s-load", bench->project)
                               : sg_format("%s-service%s-load", bench->project, suffix),
        .alias = sg_format("%s%s", SG_ALIAS, suffix),
        .generator = sg_format("k6%s", suffix)};
    free(name);
}

void sg_place_clear(struct sg_place *place)
{
    free(place->project);
    free(place->file);
    free(place->network);
    free(place->alias);
    free(place->generator);
    *place = (struct sg_place){0};
}

#define READY_LIMIT (64U << 10)

bool sg_wait_answer(const char *url, double seconds, bool any, long *out_status,
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

static void tell_trouble(const struct sg_bench *bench, const struct sg_place *place, long status,
                         struct sg_finding *out)
{
    const struct sg_config *config = bench->config;
    struct sg_container_state state = {0};
    struct sg_error ignored = {0};
    (void)!sg_engine_state(&bench->engine, place->service_id, &state, &ignored);
    *out = (struct sg_finding){.log = sg_docker_log(place->service_id, 20)};
    if (!state.running) {
        out->severity = SG_FINDING_FAIL;
        out->check = sg_strdup("exited");
        out->text = sg_format("exited with status %d%s before it was ready", state.exit_code,
                              state.oom_killed ? " (killed: out of memory)" : "");
        return;
    }
    out->severity = SG_FINDING_INVALID;
    out->check = sg_strdup("not_ready");
    bool tcp = sg_streq(config->ready, "tcp");
    char *what =
        status != 0
            ? sg_format("%s answers %ld", config->ready, status)
            : sg_format(tcp ? "port %d is not open"
                            : "port %d does not answer; where nothing speaks HTTP: ready: tcp",
                        config->port);
    out->text = sg_format("was not ready within %.0f s: %s (service.ready, service.ready_timeout)",
                          config->ready_timeout, what);
    free(what);
}

static char *ready_url(const struct sg_bench *bench, int port)
{
    const char *path = bench->config->ready != NULL ? bench->config->ready : "/";
    char *base = sg_engine_url(&bench->engine, port);
    char *url = sg_format("%s%s", base, path);
    free(base);
    return url;
}

/* Where it is published, once it is: one try. */
static bool is_ready(const struct sg_bench *bench, const struct sg_place *place, long *out_status)
{
    const struct sg_config *config = bench->config;
    struct sg_error ignored = {0};
    int port = 0;
    bool known = sg_engine_port(&bench->engine, place->service_id, config->port, &port, &ignored);
    bool tcp = sg_streq(config->ready, "tcp");
    if (!known || tcp) {
        bool open = known && sg_port_open(bench->engine.host, port);
        (void)(open || sg_sleep(SG_SECOND / 10));
        return open;
    }
    char *url = ready_url(bench, port);
    bool ready = sg_wait_answer(url, 0.5, config->ready == NULL, out_status, &ignored);
    free(url);
    return ready;
}

/* Ready: the path answers 2xx or 3xx; without a path: any answer; tcp: an open port. A container
 * that has exited is not waited for. */
static bool wait_ready(const struct sg_bench *bench, const struct sg_place *place,
                       struct sg_finding *out_trouble, struct sg_error *err)
{
    const struct sg_config *config = bench->config;
    int64_t deadline = sg_clock_monotonic() + (int64_t)(config->ready_timeout * 1e9);
    struct sg_container_state state = {.running = true};
    long status = 0;
    bool ready = false;
    while (!ready && state.running && sg_clock_monotonic() < deadline &&
           sg_interrupt_signal() == 0) {
        ready = is_ready(bench, place, &status);
        if (!ready && !sg_engine_state(&bench->engine, place->service_id, &state, err)) {
            return false;
        }
    }
    if (!ready && sg_interrupt_signal() != 0) {
        return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while the service started");
    }
    if (!ready) {
        tell_trouble(bench, place, status, out_trouble);
    }
    return true;
}

bool sg_place_others(const struct sg_bench *bench, const struct sg_place *place,
                     struct sg_bench_window *out, struct sg_error *err)
{
    for (size_t i = 0; i < bench->config->metrics_count; i++) {
        const char *of = bench->config->metrics[i].of;
        bool known = of == NULL;
        for (size_t k = 0; !known && k < out->others_count; k++) {
            known = sg_streq(of, out->other_names[k]);
        }
        if (known) {
            continue;
        }
        char id[65];
        if (!sg_engine_compose_id(&bench->engine, place->project, of, id, err)) {
            return sg_error_context(err, "metric %s", bench->config->metrics[i].name);
        }
        out->other_names = sg_grow(out->other_names, out->others_count, sizeof(char *));
        out->other_ids = sg_grow(out->other_ids, out->others_count, sizeof(char *));
        out->other_names[out->others_count] = sg_strdup(of);
        out->other_ids[out->others_count++] = sg_strdup(id);
    }
    return true;
}

bool sg_place_start(const struct sg_bench *bench, struct sg_place *place,
                    struct sg_finding *out_trouble, struct sg_error *err)
{
    *out_trouble = (struct sg_finding){0};
    if (!sg_stack_write(bench, place, err) || !sg_stack_up(bench, place, err)) {
        return sg_error_context(err, "starting variant %s",
                                bench->config->variants[place->variant].name);
    }
    return sg_engine_compose_id(&bench->engine, place->project, bench->service, place->service_id,
                                err) &&
           wait_ready(bench, place, out_trouble, err);
}
