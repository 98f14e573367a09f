/* SPDX-License-Identifier: Apache-2.0 */
/* From configuration to an empty session with its plan. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "judge/plan.h"
#include "session/internal.h"

/* Start of the containers, idle gaps and reading: measured on two cores, see docs/method.md. Of a
 * repetition alone, and of a sliced block. */
#define AROUND 6.5
#define AROUND_BLOCK 16.0
#define BLOCK_SIZE 3
/* The first look wants six repetitions of each variant: one block of them has 924 orders, where two
 * of three have 400, and one start where those have two. */
#define WIDE 6
#define WIDE_WINDOW 8   /* seconds: shorter windows save less than starting twelve costs */
#define SIDE_BY_SIDE 12 /* containers at most: their slices get shorter with their number */
/* Short against what the host does in a second, long against a request (docs/method.md 2.5). */
#define SLICE 0.7
/* Of a whole round: a container waits as long for its next slice, and servers close connections
 * that idle (Node.js: after 5 s). */
#define ROUND 4.2

size_t sg_session_reference(const struct sg_config *config)
{
    for (size_t i = 0; i < config->variants_count; i++) {
        if (sg_streq(config->variants[i].name, config->reference)) {
            return i;
        }
    }
    return 0;
}

double sg_session_repetition_seconds(const struct sg_config *config, bool sliced)
{
    double side_by_side = (double)(BLOCK_SIZE * config->variants_count);
    return config->warmup + config->measure + (sliced ? AROUND_BLOCK / side_by_side : AROUND);
}

int sg_session_room(const struct sg_config *config, bool sliced, double seconds)
{
    double variants = (double)config->variants_count;
    double each = sg_session_repetition_seconds(config, sliced);
    double blocks =
        floor((seconds - (sliced ? 0 : variants * each)) / (BLOCK_SIZE * variants * each));
    return BLOCK_SIZE * (blocks < 1000 ? (int)fmax(blocks, 0) : 1000); /* also without a budget */
}

struct sg_bench_slices sg_session_slices(const struct sg_config *config, size_t each)
{
    double longest = fmin(SLICE, ROUND / (double)(BLOCK_SIZE * config->variants_count));
    /* a round of a wide block lasts no longer: see sg_plan_slice */
    double wider = (double)each / BLOCK_SIZE;
    double rounds = fmax(1, round(config->measure / longest)) * wider;
    double seconds = config->measure / rounds;
    return (struct sg_bench_slices){.seconds = seconds,
                                    .rounds = (int)rounds,
                                    .warm_rounds = (int)ceil(config->warmup / seconds - 1e-9)};
}

bool sg_session_check_blocks(const struct sg_config *config, struct sg_error *err)
{
    int fewest = (config->min_repetitions + BLOCK_SIZE - 1) / BLOCK_SIZE;
    int most = config->max_repetitions / BLOCK_SIZE;
    return (config->blocks >= fewest && config->blocks <= most) ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "--block %d/%d: plan.repetitions %d..%d allows %d to %d blocks of %d",
                   config->block, config->blocks, config->min_repetitions, config->max_repetitions,
                   fewest, most, BLOCK_SIZE);
}

static uint64_t chance(void)
{
    uint64_t value = (uint64_t)sg_clock_wall();
    FILE *file = fopen("/dev/urandom", "rb");
    if (file != NULL) {
        (void)!fread(&value, sizeof(value), 1, file);
        (void)fclose(file);
    }
    return value;
}

void sg_session_id(char out[24])
{
    char iso[21];
    sg_clock_iso(sg_clock_wall(), iso);
    (void)snprintf(out, 24, "%.4s%.2s%.2s-%.2s%.2s%.2s-%04x", iso, iso + 5, iso + 8, iso + 11,
                   iso + 14, iso + 17, (unsigned)(chance() & 0xffff));
}

static char *variant_env(const struct sg_config *config, const struct sg_config_variant *variant)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < variant->env_count; i++) {
        sg_text_printf(&text, "%s%s=%s", i > 0 ? " " : "", variant->env[i].key,
                       config->show_env ? variant->env[i].value : "…");
    }
    return variant->env_count > 0 ? sg_text_take(&text) : NULL;
}

static char *variant_image(const struct sg_config *config, const struct sg_config_variant *variant)
{
    if (variant->image != NULL) {
        return sg_strdup(variant->image);
    }
    bool built = variant->build_context != NULL;
    char *path = sg_config_told_path(config, built ? variant->build_context : config->compose);
    char *text =
        built ? sg_format("built from %s%s%s", path, variant->build_ref != NULL ? " at " : "",
                          variant->build_ref != NULL ? variant->build_ref : "")
              : sg_format("as in %s", path != NULL ? path : "?");
    free(path);
    return text;
}

/* The budget cuts the schedule before any data, never later: looks that do not fit are not
 * planned. The first look always is. */
static int affordable_repetitions(const struct sg_config *config)
{
    int most = sg_session_room(config, config->sliced, config->budget - SG_PLAN_OPENING);
    if (most < config->min_repetitions) {
        return config->min_repetitions;
    }
    return most < config->max_repetitions ? most : config->max_repetitions;
}

void sg_session_note_budget(struct sg_session *out, int room, int wanted)
{
    char *budget = sg_show_duration(out->plan.budget);
    sg_session_add_finding(out, SG_FINDING_NOTE, "budget", NULL,
                           "the budget of %s has room for %d repetitions a side, not %d", budget,
                           room, wanted);
    free(budget);
}

/* One variant alone is held against stored sessions, which know blocks of three. Twelve copies of a
 * stack are more than a machine bears. */
static bool is_wide(const struct sg_config *config)
{
    return config->sliced && config->blocks == 0 && config->compose == NULL &&
           config->measure >= WIDE_WINDOW && config->variants_count > 1 &&
           WIDE * config->variants_count <= SIDE_BY_SIDE;
}

/* Whoever writes it down comes from `k6 run`. */
static void warn_of_closed(const struct sg_config *config, struct sg_session *out)
{
    if (sg_config_is_closed(config)) {
        sg_session_add_finding(
            out, SG_FINDING_WARN, "closed_model", NULL,
            "%d virtual users wait for their answers: a slower variant is asked "
            "less, so its latency and CPU look better than under the load of the "
            "other. Gate throughput, or offer a rate: load: { rate: … }",
            config->vus);
    }
}

static void set_plan(const struct sg_config *config, struct sg_session *out)
{
    int most = config->blocks > 0 ? BLOCK_SIZE * config->blocks : affordable_repetitions(config);
    out->block = config->block;
    out->plan = (struct sg_plan){
        .min_repetitions = config->min_repetitions,
        .max_repetitions = most,
        .block_size = BLOCK_SIZE,
        .first_block = is_wide(config) ? WIDE : 0,
        .alpha = config->alpha,
        .beta = config->beta,
        .budget = config->budget,
        .warmup = config->warmup,
        .measure = config->measure,
        .rate = config->rate,
        .vus = sg_config_is_closed(config) ? config->vus : 0,
        .slice = config->sliced ? sg_session_slices(config, BLOCK_SIZE).seconds : NAN,
        .seed =
            config->has_seed ? config->seed : chance() >> 1, /* at most the 19 digits of a key */
        .blocks = config->blocks,
        .attempt = 1,
        .planned = true,
    };
    if (config->blocks == 0 && out->plan.max_repetitions < config->max_repetitions) {
        sg_session_note_budget(out, out->plan.max_repetitions, config->max_repetitions);
    }
}

void sg_session_from_config(const struct sg_config *config, const char *id, struct sg_session *out)
{
    char iso[21];
    *out = (struct sg_session){0};
    sg_clock_iso(sg_clock_wall(), iso);
    out->id = sg_strdup(id);
    out->created = sg_strdup(iso);
    out->service = sg_strdup(config->service != NULL ? config->service : "service");
    out->reference = sg_strdup(config->reference);
    out->config = sg_config_place(config->path);
    for (size_t i = 0; i < config->metrics_count; i++) {
        (void)sg_session_copy_metric(out, &config->metrics[i]);
    }
    for (size_t i = 0; i < config->gates_count; i++) {
        (void)sg_session_copy_gate(out, &config->gates[i]);
    }
    for (size_t i = 0; i < config->waivers_count; i++) {
        sg_session_add_waiver(out, &config->waivers[i].waiver);
    }
    for (size_t i = 0; i < config->variants_count; i++) {
        out->variants = sg_grow(out->variants, i, sizeof(*out->variants));
        out->variants_count = i + 1;
        out->variants[i].name = sg_strdup(config->variants[i].name);
        out->variants[i].image = variant_image(config, &config->variants[i]);
        out->variants[i].env = variant_env(config, &config->variants[i]);
    }
    set_plan(config, out);
    warn_of_closed(config, out);
}
