/* SPDX-License-Identifier: Apache-2.0 */
/* Is this machine fit for measuring? Each check with what was found and its fix. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/internal.h"
#include "testbench/stack.h"

struct checks {
    struct sg_check *items;
    size_t count;
};

static void add(struct checks *checks, bool ok, bool warning, const char *name, char *text)
{
    checks->items = sg_grow(checks->items, checks->count, sizeof(*checks->items));
    checks->items[checks->count++] =
        (struct sg_check){.ok = ok, .warning = warning, .name = sg_strdup(name), .text = text};
}

static void check_engine(struct checks *checks, const struct sg_bench *bench)
{
    struct sg_json *version = NULL;
    struct sg_error err = {0};
    if (!sg_engine_get(&bench->engine, "/version", &version, &err)) {
        add(checks, false, false, "engine", sg_strdup(err.text));
        return;
    }
    add(checks, true, false, "engine",
        sg_format("%s, API %s, at %s", sg_json_string(sg_json_get(version, "Version"), "?"),
                  sg_json_string(sg_json_get(version, "ApiVersion"), "?"),
                  bench->engine.socket != NULL ? bench->engine.socket : bench->engine.base_url));
    sg_json_free(version);
}

static void check_cgroups(struct checks *checks, const struct sg_bench *bench)
{
    struct sg_json *info = NULL;
    struct sg_error err = {0};
    if (!sg_engine_get(&bench->engine, "/info", &info, &err)) {
        return;
    }
    const char *version = sg_json_string(sg_json_get(info, "CgroupVersion"), "1");
    bool memory = sg_json_bool(sg_json_get(info, "MemoryLimit"), false);
    bool quota = sg_json_bool(sg_json_get(info, "CpuCfsQuota"), false);
    bool cpuset = sg_json_bool(sg_json_get(info, "CPUSet"), false);
    bool ok = memory && quota && cpuset;
    add(checks, ok, true, "cgroups",
        ok ? sg_format("version %s with memory limits, CPU quota and cpusets", version)
           : sg_format(
                 "version %s lacks%s%s%s; enable the controllers in the kernel's command line",
                 version, memory ? "" : " memory limits", quota ? "" : " CPU quota",
                 cpuset ? "" : " cpusets"));
    sg_json_free(info);
}

/* By trying it. */
static const char *sleep_text(const struct sg_bench *bench)
{
    struct sg_awake awake = {0};
    if (bench->config->keep_awake == SG_KEEP_AWAKE_OFF) {
        return "they may fall asleep (testbench.keep_awake)";
    }
    sg_awake_start(&awake, bench);
    bool kept = awake.on;
    sg_awake_stop(&awake);
    return kept ? "kept awake in a session"
                : "they may fall asleep, which is noise: svcgate keeps them awake on the engine's "
                  "machine (Linux 5.15) as root, or by sudo (testbench.keep_awake)";
}

static void check_cpus(struct checks *checks, const struct sg_bench *bench)
{
    const struct sg_pinning *pin = &bench->pinning;
    if (bench->cpus < 2) {
        add(checks, false, true, "CPUs",
            sg_strdup(
                "one CPU: service and generator share it, expect much noise; use two or more"));
        return;
    }
    add(checks, true, false, "CPUs",
        sg_format("%d: service on %s, k6 on %s, monitoring on %s; %s", bench->cpus, pin->service,
                  pin->generator, pin->monitor, sleep_text(bench)));
}

static void check_images(struct checks *checks, struct sg_bench *bench)
{
    static const char *const names[] = {"k6", "prometheus", "cadvisor"};
    struct sg_image *images[] = {&bench->k6, &bench->prometheus, &bench->cadvisor};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        struct sg_error err = {0};
        char *name = sg_format("image %s", names[i]);
        char *reference = sg_image_reference(bench->config, names[i]);
        bool ok = sg_image_ensure(bench, reference, images[i], &err);
        add(checks, ok, false, name,
            ok ? sg_strdup(reference)
               : sg_format("%s (set testbench.images.%s or SVCGATE_IMAGE_…)", err.text, names[i]));
        free(reference);
        free(name);
    }
}

/* The engine's clock against ours: windows are cut by both. */
static void check_clock(struct checks *checks, const struct sg_bench *bench)
{
    char id[65];
    struct sg_reading reading = {0};
    bool alive = false;
    struct sg_error err = {0};
    if (!sg_engine_compose_id(&bench->engine, bench->project, "prometheus", id, &err) ||
        !sg_engine_reading(&bench->engine, id, &reading, &alive, &err) || !alive) {
        return;
    }
    double skew = (double)sg_clock_wall() / 1e9 - reading.time;
    bool ok = fabs(skew) < 0.5;
    add(checks, ok, true, "clock",
        ok ? sg_format("the engine's clock agrees within %.0f ms", fabs(skew) * 1e3)
           : sg_format("the engine's clock is off by %.1f s; synchronise it (chrony, NTP)", skew));
}

/* By the kinds of series that there are: each may be lacking by itself. */
static void check_cadvisor(struct checks *checks, struct sg_bench *bench)
{
    sg_cadvisor_look(bench);
    const struct sg_sight *sight = &bench->sight;
    bool ok = sight->cpu && sight->memory;
    bool all = ok && sight->network;
    char *text =
        all  ? sg_format("sees CPU time, memory and network of our containers by their "
                          "ids%s, and Prometheus has its samples",
                        sight->connections ? ", and their connections" : "")
        : ok ? sg_format("sees CPU time and memory of our containers and no network: %s. "
                         "Bytes of the service come from the engine itself",
                         bench->blind)
             : sg_format("runs, but Prometheus has no samples of our containers: %s", bench->blind);
    add(checks, all, ok, "cAdvisor", text);
}

static void check_bench(struct checks *checks, struct sg_bench *bench)
{
    const char *up[] = {"up", "-d", "prometheus", "cadvisor", NULL};
    struct sg_error err = {0};
    if (!sg_bench_claim(bench, &err)) {
        add(checks, false, false, "testbench", sg_strdup(err.text));
        return;
    }
    bench->started = true;
    if (!sg_compose_write(bench, &err) || !sg_cadvisor_up(bench, up, &err) ||
        !sg_wait_prometheus(bench, &err)) {
        add(checks, false, false, "testbench", sg_strdup(err.text));
        return;
    }
    char *url = sg_secret_hide(bench->prometheus_url);
    add(checks, true, false, "testbench", sg_format("Prometheus answers at %s", url));
    free(url);
    check_cadvisor(checks, bench);
    check_clock(checks, bench);
}

/* What a session would be refused for, before anything starts: a variable that is not set, a
 * service that is not there. */
static void check_stack(struct checks *checks, struct sg_bench *bench)
{
    struct sg_error err = {0};
    if (bench->config->compose == NULL) {
        return;
    }
    bool ok = sg_project_read(bench, &err);
    size_t count = sg_json_count(sg_json_get(bench->stack, "services"));
    add(checks, ok, false, "stack",
        ok ? sg_format("%s in %s, with %zu other service%s", bench->service, bench->config->compose,
                       count - 1, count == 2 ? "" : "s")
           : sg_strdup(err.text));
    checks->items[checks->count - 1].usage = !ok && err.kind == SG_ERROR_CONFIG;
}

void sg_bench_doctor(const struct sg_config *config, bool deep,
                     const struct sg_bench_progress *progress, struct sg_check **out,
                     size_t *out_count)
{
    struct checks checks = {0};
    struct sg_bench *bench = NULL;
    struct sg_error err = {0};
    if (!sg_bench_open(config, "doctor", progress, &bench, &err)) {
        add(&checks, false, false, "engine", sg_strdup(err.text));
    } else {
        check_engine(&checks, bench);
        check_cgroups(&checks, bench);
        check_cpus(&checks, bench);
        check_images(&checks, bench);
        check_stack(&checks, bench);
        bool images = bench->k6.name != NULL && bench->prometheus.name != NULL &&
                      bench->cadvisor.name != NULL;
        if (deep && images) {
            check_bench(&checks, bench);
        }
        (void)!sg_bench_close(bench, &err);
    }
    *out = checks.items;
    *out_count = checks.count;
}

void sg_checks_free(struct sg_check *checks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(checks[i].name);
        free(checks[i].text);
    }
    free(checks);
}
