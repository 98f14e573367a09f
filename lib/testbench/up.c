/* SPDX-License-Identifier: Apache-2.0 */
/* The testbench with Grafana, to look around. Its session is named "up" and is left alone by the
 * cleaning of dead sessions. */
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "base/text.h"
#include "testbench/internal.h"

static char *url_of(struct sg_bench *bench, const char *service, int port, struct sg_error *err)
{
    char id[65];
    int published = 0;
    if (!sg_engine_compose_id(&bench->engine, bench->project, service, id, err) ||
        !sg_engine_port(&bench->engine, id, port, &published, err)) {
        return NULL;
    }
    return sg_engine_url(&bench->engine, published);
}

/* A password is a new one each time: what runs already must learn it. */
static bool start(struct sg_bench *bench, bool grafana, struct sg_error *err)
{
    struct sg_args args = {0};
    const char *const words[] = {"--profile", "grafana", "up", "-d", "prometheus", "cadvisor"};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        sg_args_add(&args, words[i]);
    }
    if (grafana) {
        sg_args_add(&args, "grafana");
    }
    if (bench->secret != NULL) {
        sg_args_add(&args, "--force-recreate");
    }
    bool ok = sg_compose_write(bench, err) && sg_cadvisor_up(bench, args.items, err);
    sg_args_free(&args);
    return ok;
}

/* Without Grafana: `dashboards` is NULL and `why` says it. */
static char *addresses(const struct sg_bench *bench, const char *dashboards, const char *why)
{
    struct sg_text text = {0};
    char *prometheus = sg_secret_hide(bench->prometheus_url);
    sg_text_printf(&text, "Prometheus  %s\nGrafana     ", prometheus);
    if (dashboards != NULL) {
        sg_text_printf(&text, "%s/dashboards\n", dashboards);
    } else {
        sg_text_printf(&text, "not started: %s\n", why);
    }
    if (bench->secret != NULL) {
        sg_text_printf(&text, "Password    %s (user svcgate, in Grafana admin)\n", bench->secret);
    }
    free(prometheus);
    return sg_text_take(&text);
}

bool sg_bench_up(const struct sg_config *config, const struct sg_bench_progress *progress,
                 char **out_text, struct sg_error *err)
{
    struct sg_bench *bench = NULL;
    if (!sg_bench_open(config, "up", progress, &bench, err)) {
        return false;
    }
    char *reference = sg_image_reference(config, "grafana");
    struct sg_error no_grafana = {0};
    bool claimed = sg_images_tools(bench, err) && sg_bench_claim(bench, err);
    bool ok = claimed;
    bool grafana = ok && sg_image_ensure(bench, reference, &bench->grafana, &no_grafana);
    ok = ok && start(bench, grafana, err);
    ok = ok && sg_wait_prometheus(bench, err);
    char *dashboards = ok && grafana ? url_of(bench, "grafana", 3000, err) : NULL;
    ok = ok && (!grafana || dashboards != NULL);
    if (ok) {
        *out_text = addresses(bench, dashboards, no_grafana.text);
    }
    free(dashboards);
    free(reference);
    bench->started = claimed && !ok; /* what runs is to stay when all went well */
    struct sg_error closing = {0};
    (void)!sg_bench_close(bench, &closing);
    return ok;
}

bool sg_bench_down(const struct sg_bench_progress *progress, struct sg_error *err)
{
    struct sg_engine engine = {0};
    (void)progress;
    bool ok = sg_engine_find(&engine, err) && sg_clean_session(&engine, "up", err);
    sg_engine_clear(&engine);
    return ok;
}

bool sg_bench_clean(bool all, const struct sg_bench_progress *progress, size_t *out_removed,
                    struct sg_error *err)
{
    struct sg_engine engine = {0};
    (void)progress;
    *out_removed = 0;
    bool ok =
        sg_engine_find(&engine, err) && sg_clean_dead(&engine, false, all, NULL, out_removed, err);
    sg_engine_clear(&engine);
    return ok;
}
