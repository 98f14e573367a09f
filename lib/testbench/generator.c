/* SPDX-License-Identifier: Apache-2.0 */
/* The generator: what a k6 is told to do, and what it told when it had ended. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/process.h"
#include "base/text.h"
#include "base/units.h"
#include "testbench/internal.h"

static void set_number(struct sg_json *env, const char *key, double value)
{
    char text[32];
    sg_show_exact(value, text);
    sg_json_set_string(env, key, text);
}

double sg_generator_heap(const struct sg_bench *bench, size_t count)
{
    double heap = 512 + 2 * sg_generator_most_vus(bench);
    return floor(fmin(heap, bench->memory / 2 / (double)count / (1 << 20)));
}

static void set_vus(struct sg_json *env, const struct sg_bench *bench)
{
    set_number(env, "SVCGATE_VUS", sg_generator_ready_vus(bench));
    set_number(env, "SVCGATE_MAX_VUS", sg_generator_most_vus(bench));
}

static void set_tags(struct sg_json *env, const struct sg_config *config)
{
    bool by_request = false;
    for (size_t i = 0; i < config->gates_count; i++) {
        by_request = by_request || config->gates[i].request != NULL;
    }
    /* Each more parts the series that k6 sends to Prometheus. */
    static const char *const others[] = {"name",        "proto",       "subproto", "status",
                                         "method",      "url",         "group",    "check",
                                         "error",       "error_code",  "ip",       "vu",
                                         "ocsp_status", "tls_version", "service"};
    struct sg_text tags = {0};
    sg_text_add(&tags, "scenario,expected_response");
    for (size_t i = 0; i < SG_COUNT(others); i++) {
        if ((i == 0 && by_request) || sg_own_metrics_use(config, others[i])) {
            sg_text_printf(&tags, ",%s", others[i]);
        }
    }
    sg_json_set_string(env, "SVCGATE_SYSTEM_TAGS", tags.data);
    free(tags.data);
}

static void set_slices(const struct sg_bench *bench, struct sg_json *env,
                       const struct sg_drive *drive, size_t count)
{
    char *address = sg_format("%s:%d", drive->place->alias, bench->config->port);
    char *url = sg_format("http://%s", address);
    char *heap = sg_format("%.0fMiB", sg_generator_heap(bench, count));
    sg_json_set_string(env, "BASE_URL", url);
    sg_json_set_string(env, "BASE_ADDRESS", address);
    sg_json_set_string(env, "GOMEMLIMIT", heap);
    sg_json_set_string(env, "SVCGATE_TURNS", drive->turns);
    set_number(env, "SVCGATE_WARM_ROUNDS", drive->slices->warm_rounds);
    set_number(env, "SVCGATE_SLICE", drive->slices->seconds);
    set_number(env, "SVCGATE_SEATS", (double)count);
    set_number(env, "SVCGATE_BEGIN", round(drive->begin * 1e3));
    free(heap);
    free(url);
    free(address);
}

static struct sg_json *environment(const struct sg_bench *bench, const struct sg_drive *drive,
                                   size_t count)
{
    const struct sg_config *config = bench->config;
    struct sg_json *env = sg_json_new_object();
    sg_json_set_string(env, "SVCGATE_TESTID", drive->testid);
    sg_json_set_string(env, "SVCGATE_VARIANT", config->variants[drive->place->variant].name);
    if (sg_config_is_closed(config)) {
        set_number(env, "SVCGATE_CLOSED", config->vus);
    } else {
        set_number(env, "SVCGATE_RATE", config->rate);
    }
    set_number(env, "SVCGATE_WARMUP", drive->warmup);
    set_number(env, "SVCGATE_MEASURE", drive->measure);
    set_number(env, "SVCGATE_GAP", SG_GAP);
    set_number(env, "SVCGATE_IDLE", SG_IDLE + drive->leave);
    set_vus(env, bench);
    set_tags(env, config);
    if (drive->slices != NULL) {
        set_slices(bench, env, drive, count);
    }
    return env;
}

/* The name in our file of the place's own network. */
static char *network_key(const struct sg_drive *drive)
{
    return sg_format("load-%s", drive->place->generator);
}

/* On its place's network instead of the common one. */
static void set_networks(struct sg_json *k6, const struct sg_drive *drive)
{
    struct sg_json *networks = sg_json_new_object();
    char *key = network_key(drive);
    sg_json_set(networks, key, sg_json_new_object());
    sg_json_set(networks, "monitor", sg_json_new_object());
    sg_json_set(k6, "networks", networks);
    free(key);
}

/* Compose lays it over the testbench's own k6; the generators of a block are described whole. */
static struct sg_json *generator(const struct sg_bench *bench, const struct sg_drive *drive,
                                 size_t count)
{
    struct sg_json *own = environment(bench, drive, count);
    struct sg_json *k6 =
        drive->slices != NULL ? sg_json_copy(bench->k6_base) : sg_json_new_object();
    const struct sg_json *base = sg_json_get(k6, "environment");
    struct sg_json *env = base != NULL ? sg_json_copy(base) : sg_json_new_object();
    for (const struct sg_json *one = sg_json_first(own); one != NULL; one = sg_json_next(one)) {
        sg_json_set(env, sg_json_key(one), sg_json_copy(one));
    }
    sg_json_set(k6, "environment", env);
    sg_json_free(own);
    if (drive->slices != NULL) {
        set_networks(k6, drive);
    }
    return k6;
}

bool sg_generator_write(const struct sg_bench *bench, const struct sg_drive *drives, size_t count,
                        struct sg_error *err)
{
    struct sg_json *services = sg_json_new_object(), *networks = sg_json_new_object();
    for (size_t i = 0; i < count; i++) {
        sg_json_set(services, drives[i].place->generator, generator(bench, &drives[i], count));
        if (drives[i].slices != NULL) {
            struct sg_json *network = sg_json_new_object();
            char *key = network_key(&drives[i]);
            sg_json_set_string(network, "name", drives[i].place->network);
            sg_json_set_bool(network, "external", true);
            sg_json_set(networks, key, network);
            free(key);
        }
    }
    struct sg_json *root = sg_json_new_object();
    sg_json_set(root, "services", services);
    sg_json_set(root, "networks", networks);
    bool ok = sg_compose_save(bench, "load.json", root, err);
    sg_json_free(root);
    return ok;
}

void sg_generator_kill(const char *id)
{
    const char *argv[] = {"docker", "kill", id, NULL};
    struct sg_error ignored = {0};
    (void)!sg_docker_run(argv, NULL, 20, true, &ignored);
}

/* k6 repeats a message a thousand times, each with its own time: the first lines that differ
 * otherwise say all. NULL when the log is empty. */
static char *distinct_lines(const char *log)
{
    const size_t most = 5;
    uint64_t seen[5];
    size_t count = 0;
    struct sg_text out = {0};
    for (const char *line = log; *line != '\0' && count < most;) {
        size_t length = strcspn(line, "\n");
        const char *message = strncmp(line, "time=", 5) == 0 ? memchr(line, ' ', length) : NULL;
        message = message != NULL ? message : line;
        uint64_t hash = sg_hash(message, length - (size_t)(message - line));
        bool known = false;
        for (size_t i = 0; i < count; i++) {
            known = known || seen[i] == hash;
        }
        if (!known && length > 0) {
            sg_text_bytes(&out, line, length);
            sg_text_add(&out, "\n");
            seen[count++] = hash;
        }
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    return count > 0 ? sg_text_take(&out) : NULL;
}

bool sg_generator_read(const struct sg_bench *bench, const struct sg_place *place,
                       struct sg_bench_window *out, struct sg_error *err)
{
    const char *argv[] = {"docker", "logs", place->generator_id, NULL};
    struct sg_process process = {.argv = argv, .timeout = 30 * SG_SECOND};
    struct sg_process_result result = {0};
    struct sg_container_state state = {0};
    if (!sg_engine_state(&bench->engine, place->service_id, &out->state, err) ||
        !sg_engine_state(&bench->engine, place->generator_id, &state, err) ||
        !sg_process_run(&process, &result, err)) {
        return false;
    }
    struct sg_error broken = {0};
    const char *json = strstr(result.out, "{\"svcgate\":1");
    if (json == NULL || !sg_summary_read(json, strlen(json), &out->load, &broken)) {
        out->load = (struct sg_load_summary){.start = NAN,
                                             .end = NAN,
                                             .warmup_start = NAN,
                                             .p95 = NAN,
                                             .requests = NAN,
                                             .iteration = NAN,
                                             .early = NAN};
    }
    if (json != NULL) {
        sg_own_metrics_read(bench->config, json, strlen(json), &out->load);
        sg_summary_split(json, strlen(json), &out->summary, &out->files, &out->files_count);
    }
    out->load.exit_code = state.exit_code;
    out->load.log = distinct_lines(result.err);
    out->load.vus_limit = sg_config_is_closed(bench->config) ? 0 : sg_generator_most_vus(bench);
    out->state.log = sg_docker_log(place->service_id, 20);
    sg_process_result_free(&result);
    return true;
}
