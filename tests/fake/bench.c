/* SPDX-License-Identifier: Apache-2.0 */
/* The bench's life without containers. What it leaves to the real room: the facts (from the
 * engine's answer below), the choice of CPUs, the check of sources. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "fake/internal.h"
#include "testbench/internal.h"

#define CPUS 4

static const char *info(const char *key, const char *otherwise)
{
    const struct sg_fake_row *row = sg_fake_find("info", key, NULL);
    return row != NULL ? row->word[2] : otherwise;
}

/* Of the real room; here there is no engine but this answer. */
bool sg_engine_get(const struct sg_engine *engine, const char *path, struct sg_json **out,
                   struct sg_error *err)
{
    (void)engine;
    *out = NULL;
    if (!sg_fake_call("info", err, "%s", "")) {
        return false;
    }
    if (!sg_streq(path, "/info")) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "the fake engine does not know %s", path);
    }
    char *text = sg_format("{\"MemTotal\":%s,\"KernelVersion\":\"%s\",\"ServerVersion\":\"%s\","
                           "\"CgroupVersion\":\"%s\",\"OperatingSystem\":\"%s\"}",
                           info("MemTotal", "8589934592"), info("KernelVersion", "5.10.0-32-amd64"),
                           info("ServerVersion", "20.10.24"), info("CgroupVersion", "2"),
                           info("OperatingSystem", "none"));
    *out = sg_json_parse(text, strlen(text), "/info", err);
    free(text);
    return *out != NULL;
}

/* The real one is a container; a process has one session at a time. */
static int held_lock = -1;

static int starts; /* of a service, by this bench */

static struct sg_bench *new_bench(const struct sg_config *config, const char *session,
                                  const struct sg_bench_progress *progress)
{
    struct sg_bench *bench = sg_alloc(1, sizeof(*bench));
    bench->config = config;
    bench->progress = progress != NULL ? *progress : (struct sg_bench_progress){0};
    bench->session = sg_strdup(session);
    bench->project = sg_format("svcgate-%s", session);
    bench->host = sg_strdup("build-7.example.internal");
    bench->engine.remote = true; /* this machine's own CPUs do not matter */
    bench->cpus = CPUS;
    bench->memory = NAN;
    bench->pinning = sg_pinning_choose(config, CPUS);
    bench->prometheus_url = sg_strdup("http://prometheus.invalid:9090");
    return bench;
}

static void image_clear(struct sg_image *image)
{
    free(image->name);
    free(image->digest);
    free(image->id);
}

static void free_bench(struct sg_bench *bench)
{
    for (size_t i = 0; bench->variants != NULL && i < bench->config->variants_count; i++) {
        image_clear(&bench->variants[i]);
    }
    image_clear(&bench->k6);
    image_clear(&bench->prometheus);
    image_clear(&bench->cadvisor);
    if (held_lock >= 0) {
        (void)close(held_lock);
        held_lock = -1;
    }
    free(bench->variants);
    free(bench->session);
    free(bench->project);
    free(bench->host);
    free(bench->prometheus_url);
    free(bench->burn);
    free(bench);
}

static bool take_lock(struct sg_bench *bench, struct sg_error *err)
{
    int64_t deadline = sg_clock_monotonic() + (int64_t)(bench->config->wait * 1e9);
    bool told = false;
    while ((held_lock = sg_fake_lock()) < 0 && sg_clock_monotonic() < deadline) {
        if (!told) {
            sg_bench_say(bench, "another svcgate session measures on this host; waiting for it");
            told = true;
        }
        if (!sg_sleep(SG_SECOND / 2)) {
            return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while waiting");
        }
    }
    return held_lock >= 0 ||
           sg_fail(err, SG_ERROR_ENVIRONMENT, "another svcgate session measures on this host");
}

/* FOLDER/config: the configuration as the bench got it. */
static void write_config(const struct sg_config *config)
{
    struct sg_error err = {0};
    char *path = sg_fake_folder() != NULL ? sg_path_join(sg_fake_folder(), "config") : NULL;
    char *text = sg_config_show(config);
    if (path != NULL && !sg_file_write(path, text, strlen(text), &err)) {
        sg_fake_script_wrong(err.text);
    }
    free(text);
    free(path);
}

bool sg_bench_open(const struct sg_config *config, const char *session,
                   const struct sg_bench_progress *progress, struct sg_bench **out,
                   struct sg_error *err)
{
    struct sg_bench *bench = new_bench(config, session, progress);
    write_config(config);
    if (!sg_fake_call("open", err, "%s", "") || !take_lock(bench, err)) {
        free_bench(bench);
        return false;
    }
    size_t removed = sg_fake_remove(NULL);
    if (removed > 0) {
        sg_bench_say(bench, "removed %zu containers and networks that a dead session left",
                     removed);
    }
    sg_fake_now = (struct sg_fake_moment){0};
    starts = 0;
    *out = bench;
    return true;
}

/* A reference by digest or id has its hash already. */
static struct sg_image image_of(const char *name)
{
    char hash[65];
    sg_sha256_hex(name, strlen(name), hash);
    const char *own = strstr(name, "sha256:");
    if (own != NULL && strlen(own) == 7 + 64) {
        memcpy(hash, own + 7, sizeof(hash));
    }
    return (struct sg_image){.name = sg_strdup(name),
                             .digest = sg_format("sha256:%s", hash),
                             .id = sg_format("sha256:%s", hash)};
}

static bool is_gone(const char *reference)
{
    const struct sg_fake_row *gone = sg_fake_find("gone", reference, NULL);
    return gone != NULL || sg_fake_find("gone", "*", NULL) != NULL;
}

bool sg_bench_fetch(struct sg_bench *bench, const char *reference, char **out_why,
                    struct sg_error *err)
{
    (void)bench;
    if (is_gone(reference)) {
        *out_why = sg_strdup("the fake registry does not have it");
    }
    return sg_fake_call("fetch", err, "image=%s", reference);
}

bool sg_bench_prepare(struct sg_bench *bench, struct sg_error *err)
{
    bench->k6 = image_of("k6:fake");
    bench->prometheus = image_of("prometheus:fake");
    bench->cadvisor = image_of("cadvisor:fake");
    bench->variants = sg_alloc(bench->config->variants_count + 1, sizeof(*bench->variants));
    for (size_t i = 0; i < bench->config->variants_count; i++) {
        const struct sg_config_variant *variant = &bench->config->variants[i];
        const struct sg_fake_row *own = sg_fake_find("image", variant->name, NULL);
        const char *name = own != NULL              ? own->word[2]
                           : variant->image != NULL ? variant->image
                                                    : variant->name;
        bench->variants[i] = image_of(name);
    }
    sg_bench_say(bench, "starting Prometheus and cAdvisor");
    sg_fake_make(bench->project, "network");
    sg_fake_make(bench->project, "prometheus");
    sg_fake_make(bench->project, "cadvisor");
    sg_fake_pass(5);
    return sg_fake_call("prepare", err, "burn=%s", bench->burn != NULL ? "yes" : "no");
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
    return bench->pinning.service_cpus;
}

void sg_bench_burn(struct sg_bench *bench, const char *pattern, double period)
{
    free(bench->burn);
    bench->burn = sg_strdup(pattern);
    bench->burn_period = period;
}

/* How many starts of the variant there were before, from the repetitions that this bench made. */
static void move_on(struct sg_bench *bench, size_t index)
{
    static int of_variant[64];
    if (starts == 0) {
        memset(of_variant, 0, sizeof(of_variant));
    }
    sg_fake_now = (struct sg_fake_moment){.variant = bench->config->variants[index].name,
                                          .slot = ++starts,
                                          .rep = of_variant[index % SG_COUNT(of_variant)]++};
    sg_fake_moment_keep();
}

/* What the start of the service at this moment comes to; its trouble, if there is any. */
static void start_service(struct sg_bench *bench, struct sg_finding *out_trouble)
{
    char *key = sg_format("%s-%d", bench->session, sg_fake_now.slot);
    sg_sha256_hex(key, strlen(key), bench->place.service_id);
    free(key);
    sg_fake_make(bench->project, "service");
    double status = sg_fake_at_number(&sg_fake_now, "exits", NAN);
    if (!isnan(status)) {
        *out_trouble = (struct sg_finding){.severity = SG_FINDING_FAIL,
                                           .check = sg_strdup("exited"),
                                           .text = sg_format("exited with status %.0f before it "
                                                             "was ready",
                                                             status),
                                           .log = sg_strdup("the last words of the service")};
    } else if (sg_fake_at_all(&sg_fake_now, "not_ready")) {
        *out_trouble = (struct sg_finding){
            .severity = SG_FINDING_INVALID,
            .check = sg_strdup("not_ready"),
            .text = sg_strdup("was not ready within 60 s: port 8080 does not answer"),
            .log = sg_strdup("")};
    }
}

bool sg_bench_start_variant(struct sg_bench *bench, size_t index, struct sg_finding *out_trouble,
                            struct sg_error *err)
{
    *out_trouble = (struct sg_finding){0};
    move_on(bench, index);
    start_service(bench, out_trouble);
    sg_fake_pass(1);
    if (sg_fake_call("start_variant", err, "slot=%d variant=%s", sg_fake_now.slot,
                     sg_fake_now.variant)) {
        return true;
    }
    sg_finding_clear(out_trouble);
    return false;
}

char *sg_bench_why_turns(const struct sg_bench *bench, size_t count)
{
    (void)bench;
    const struct sg_fake_row *most = sg_fake_find("side_by_side", NULL, NULL);
    return most != NULL && (double)count > sg_fake_number(most, 1)
               ? sg_format("%zu containers have no room", count)
               : NULL;
}

/* The call, and whether every service got ready. */
static bool start_block(struct sg_bench *bench, struct sg_bench_seat *seats, size_t count,
                        bool *out_ready, struct sg_error *err)
{
    *out_ready = true;
    for (size_t i = 0; i < count; i++) {
        move_on(bench, seats[i].variant);
        start_service(bench, &seats[i].trouble);
        seats[i].seen = sg_fake_window(bench, seats[i].testid);
        *out_ready = *out_ready && seats[i].trouble.check == NULL;
    }
    sg_fake_pass(3);
    return sg_fake_call("block", err, "seats=%zu until=%d", count, sg_fake_now.slot);
}

bool sg_bench_block(struct sg_bench *bench, const struct sg_bench_slices *slices,
                    struct sg_bench_seat *seats, size_t count, struct sg_error *err)
{
    bool ready = false;
    if (!start_block(bench, seats, count, &ready, err)) {
        return false;
    }
    double round = slices->seconds * (double)count;
    double warmup = slices->warm_rounds * round, measure = slices->rounds * round;
    double begin = (double)sg_clock_wall() / 1e9;
    bool died = false;
    for (size_t i = 0; ready && i < count; i++) {
        sg_fake_moment_at(starts - (int)count + 1 + (int)i);
        sg_fake_see(bench, &seats[i].seen, begin, warmup, measure,
                    slices->rounds * slices->seconds);
        died = died || !seats[i].seen.state.running;
    }
    for (size_t i = 0; ready && i < count; i++) {
        seats[i].measured = !died || !seats[i].seen.state.running;
    }
    if (ready) {
        sg_fake_load(bench, warmup + SG_GAP, measure + SG_IDLE);
    }
    return true;
}

bool sg_bench_wait_calm(struct sg_bench *bench, double limit, double patience, struct sg_error *err)
{
    (void)bench;
    sg_fake_pass(2);
    return sg_fake_call("wait_calm", err, "limit=%g patience=%g", limit, patience);
}

char *sg_bench_log(struct sg_bench *bench, const char *service)
{
    (void)bench;
    return sg_format("the last words of %s", service);
}

bool sg_bench_close(struct sg_bench *bench, struct sg_error *err)
{
    if (bench == NULL) {
        return true;
    }
    bool ok = sg_fake_call("close", err, "%s", "");
    if (ok) {
        (void)sg_fake_remove(bench->project);
    } else {
        sg_error_append(err, "Remove what is left with `svcgate clean`.");
    }
    free_bench(bench);
    return ok;
}
