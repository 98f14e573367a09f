/* SPDX-License-Identifier: Apache-2.0 */
/* Real repetitions from files, and the program's verb for them. */
#include "sim/blocks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "record/record.h"
#include "sim/sim.h"

static const char cpu_name[] = "generator_cpu_per_request";
static const char steal_name[] = "generator_steal";
static const char core_name[] = "core_contention";
static const char cache_name[] = "cache_contention";

/* --- Pooling ------------------------------------------------------------------------------ */

static int find(const struct sg_session *session, const char *label)
{
    return sg_session_find_label(session, label, strlen(label));
}

static bool load(const char *path, struct sg_session *out, struct sg_error *err)
{
    return sg_session_load(path, out, err) &&
           (sg_plain_covariate(out, cpu_name, err) || sg_error_context(err, "%s", path)) &&
           (find(out, steal_name) < 0 || sg_plain_covariate(out, "generator_steal:linear", err)) &&
           (find(out, core_name) < 0 || sg_plain_covariate(out, core_name, err)) &&
           (find(out, cache_name) < 0 || sg_plain_covariate(out, cache_name, err)) &&
           (sg_plain_covariates_check(out, err) || sg_error_context(err, "%s", path));
}

static void add_metrics(const struct sg_session *session, struct blocks *out)
{
    out->metrics = sg_alloc(session->metrics_count + 1, sizeof(*out->metrics));
    for (size_t m = 0; m < session->metrics_count; m++) {
        const struct sg_metric *metric = &session->metrics[m];
        if (metric->role == SG_ROLE_COVARIATE)
            continue;
        out->metrics[out->metrics_count++] = (struct blocks_metric){
            .label = sg_metric_label(metric->name, metric->of, metric->request),
            .adjust = metric->adjust,
            .sign = metric->better == SG_HIGHER ? -1 : 1};
    }
}

static double value_of(const struct sg_session *session, size_t repetition, const char *label)
{
    int metric = find(session, label);
    return metric < 0 ? NAN : session->repetitions[repetition].values[metric];
}

static void add_row(const struct sg_session *session, size_t repetition, struct blocks *out)
{
    for (size_t m = 0; m < out->metrics_count; m++) {
        struct blocks_metric *metric = &out->metrics[m];
        double value = value_of(session, repetition, metric->label);
        metric->y = sg_grow(metric->y, out->rows, sizeof(*metric->y));
        metric->y[out->rows] = value > 0 ? log(value) : NAN;
    }
    out->z = sg_realloc(out->z, (out->rows + 1) * BLOCKS_COVARIATES, sizeof(*out->z));
    double *z = out->z + out->rows * BLOCKS_COVARIATES;
    z[0] = log(value_of(session, repetition, cpu_name));
    z[1] = value_of(session, repetition, steal_name);
    z[2] = log(value_of(session, repetition, core_name));
    z[3] = log(value_of(session, repetition, cache_name));
    out->rows++;
}

static void add_block(const struct sg_session *session, int number, struct blocks *out)
{
    size_t rows[NOISE_BLOCK];
    size_t count = 0;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (repetition->block != number || repetition->discarded)
            continue;
        if (count < NOISE_BLOCK)
            rows[count] = r;
        count++;
    }
    out->left_out += count > 0 && count != NOISE_BLOCK;
    if (count != NOISE_BLOCK)
        return;
    for (size_t i = 0; i < count; i++)
        add_row(session, rows[i], out);
    out->count++;
}

static void add_session(const struct sg_session *session, struct blocks *out)
{
    int last = 0;
    for (size_t r = 0; r < session->repetitions_count; r++)
        last = session->repetitions[r].block > last ? session->repetitions[r].block : last;
    if (out->files++ == 0)
        add_metrics(session, out);
    for (int number = 1; number <= last; number++)
        add_block(session, number, out);
}

static bool is_usable(const struct blocks_metric *metric, size_t rows)
{
    bool varies = false;
    for (size_t r = 0; r < rows; r++) {
        if (isnan(metric->y[r]))
            return false;
        varies = varies || fabs(metric->y[r] - metric->y[0]) > 0;
    }
    return varies;
}

static void drop_unusable(struct blocks *blocks)
{
    size_t kept = 0;
    for (size_t m = 0; m < blocks->metrics_count; m++) {
        struct blocks_metric metric = blocks->metrics[m];
        if (is_usable(&metric, blocks->rows)) {
            blocks->metrics[kept++] = metric;
        } else {
            free(metric.label);
            free(metric.y);
        }
    }
    blocks->metrics_count = kept;
}

static bool finish(struct blocks *blocks, struct sg_error *err)
{
    blocks->covariates = BLOCKS_COVARIATES;
    for (size_t r = 0; r < blocks->rows; r++) {
        const double *z = blocks->z + r * BLOCKS_COVARIATES;
        if (isnan(z[0]))
            return sg_fail(err, SG_ERROR_CONFIG, "%s is missing in a repetition of a whole block",
                           cpu_name);
        while (blocks->covariates > 1 && isnan(z[blocks->covariates - 1]))
            blocks->covariates--;
    }
    drop_unusable(blocks);
    if (blocks->count < 2 || blocks->metrics_count == 0)
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%zu blocks of six repetitions and %zu metrics above zero that vary: at "
                       "least two blocks and one metric are needed",
                       blocks->count, blocks->metrics_count);
    return true;
}

void blocks_clear(struct blocks *blocks)
{
    for (size_t m = 0; m < blocks->metrics_count; m++) {
        free(blocks->metrics[m].label);
        free(blocks->metrics[m].y);
    }
    free(blocks->metrics);
    free(blocks->z);
    *blocks = (struct blocks){0};
}

bool blocks_load(char **paths, size_t count, struct blocks *out, struct sg_error *err)
{
    bool ok = true;
    *out = (struct blocks){0};
    for (size_t i = 0; ok && i < count; i++) {
        struct sg_session session = {0};
        ok = load(paths[i], &session, err);
        if (ok)
            add_session(&session, out);
        sg_session_clear(&session);
    }
    ok = ok && finish(out, err);
    if (!ok)
        blocks_clear(out);
    return ok;
}

/* --- The verb ----------------------------------------------------------------------------- */

static bool read_whole(const char *text, uint64_t *out)
{
    char *end = NULL;
    *out = strtoull(text, &end, 10);
    return end != text && *end == '\0';
}

static bool read_option(const char *name, const char *value, struct blocks_options *out)
{
    uint64_t threads = 0;
    if (strcmp(name, "--sessions") == 0)
        return read_whole(value, &out->sessions) && out->sessions > 0;
    if (strcmp(name, "--seed") == 0)
        return read_whole(value, &out->seed);
    if (strcmp(name, "--tolerance") == 0)
        return sg_parse_ratio(value, &out->tolerance) && out->tolerance > 0;
    if (strcmp(name, "--alpha") == 0)
        return sg_parse_ratio(value, &out->alpha) && out->alpha > 0 && out->alpha < 0.5;
    if (strcmp(name, "--noise") == 0)
        return sg_parse_ratio(value, &out->noise) && out->noise > 0;
    bool known = strcmp(name, "--threads") == 0 && read_whole(value, &threads) && threads < 1000;
    out->threads = (unsigned)threads;
    return known;
}

/* Files are moved to the front of `words`. */
static bool read_words(size_t count, char **words, struct blocks_options *out, size_t *files)
{
    *files = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], "--quiet-data") == 0)
            out->quiet = true;
        else if (strncmp(words[i], "--", 2) != 0)
            words[(*files)++] = words[i];
        else if (i + 1 == count || !read_option(words[i], words[i + 1], out))
            return false;
        else
            i++;
    }
    return *files > 0 && (out->quiet || !(out->noise > 0));
}

static int usage(void)
{
    fputs(
        "use: sim blocks FILE… [OPTION…]\n"
        "options: --sessions N     drawn for every cell (1200)\n"
        "         --seed S         (1)\n"
        "         --tolerance R    (5%)\n"
        "         --alpha R        of the one gate (0.0025: one of four)\n"
        "         --quiet-data     what control variates cost that know nothing\n"
        "         --noise R        with it: an SD for metric and generator, in place of their own\n"
        "         --threads N      default: as many as there are CPUs\n",
        stderr);
    return 4;
}

int sim_blocks(int count, char **words)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    struct blocks_options options = {.sessions = 1200,
                                     .seed = 1,
                                     .tolerance = 0.05,
                                     .alpha = 0.0025,
                                     .threads = cpus > 0 ? (unsigned)cpus : 1};
    size_t files = 0;
    struct blocks blocks;
    struct sg_error err = {0};
    if (!read_words((size_t)count, words, &options, &files))
        return usage();
    if (!blocks_load(words, files, &blocks, &err)) {
        fprintf(stderr, "sim: %s\n", err.text);
        return 4;
    }
    struct sg_text text = {0};
    if (!options.quiet)
        blocks_print_noise(&blocks, &text);
    size_t missed = blocks_print_gate(&blocks, &options, &text);
    fputs(text.data, stdout);
    sg_text_free(&text);
    blocks_clear(&blocks);
    return missed > 0 ? 1 : 0;
}
