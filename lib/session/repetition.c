/* SPDX-License-Identifier: Apache-2.0 */
/* One repetition: fresh container, load, numbers. A repetition whose instrument was broken is
 * discarded by rules that never look at a gated metric, and made again by the loop. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "measure/measure.h"
#include "record/series.h"
#include "session/internal.h"

#define WARM_WINDOW 3.0 /* seconds, of the warm-up repetition */

struct sg_repetition *sg_loop_begin(struct sg_loop *loop, int block, size_t index)
{
    struct sg_session *session = loop->session;
    struct sg_repetition *rep =
        sg_session_add_repetition(session, loop->config->variants[index].name);
    rep->block = block;
    rep->slot = ++loop->slot;
    rep->image = sg_strdup(session->variants[index].image);
    rep->image_digest = sg_strdup(session->variants[index].digest);
    return rep;
}

struct sg_repetition *sg_loop_latest(const struct sg_loop *loop)
{
    return &loop->session->repetitions[loop->session->repetitions_count - 1];
}

void sg_loop_keep_trouble(struct sg_repetition *rep, struct sg_finding *trouble)
{
    sg_repetition_add_finding(rep, trouble->severity, trouble->check, trouble->log, "%s",
                              trouble->text);
    sg_finding_clear(trouble);
}

/* For pictures; those of a warm-up would show something else. */
static bool keep_series(const struct sg_loop *loop, const struct sg_repetition *rep,
                        const struct sg_series *series, struct sg_error *err)
{
    return rep->block == 0 || sg_series_append(loop->run->bundle, series, err);
}

static bool measure(struct sg_loop *loop, const char *testid, const struct sg_bench_window *seen,
                    struct sg_repetition *rep, struct sg_error *err)
{
    struct sg_series series = {0};
    struct sg_window window = {
        .testid = testid,
        .service_id = seen->service_id,
        .generator_id = seen->generator_id,
        .service = loop->session->service,
        .variant = rep->variant,
        .planned = seen->planned,
        .sliced = rep->rotation > 0,
        .loaded = seen->loaded,
        .due = seen->due,
        .load = seen->load,
        .state = seen->state,
        .readings = seen->readings,
        .readings_count = seen->readings_count,
        .generator_readings = seen->generator_readings,
        .generator_readings_count = seen->generator_readings_count,
        .steal = seen->steal,
        .core_contention = seen->core_contention,
        .cache_contention = seen->cache_contention,
        .generator_cpus = sg_bench_generator_cpus(loop->bench),
        .scrape_interval = sg_bench_scrape_interval(),
        .other_names = (const char *const *)seen->other_names,
        .other_ids = (const char *const *)seen->other_ids,
        .others_count = seen->others_count,
    };
    bool ok = sg_measure(&loop->prom, loop->session, &window, rep, &series, err);
    bool kept = ok && keep_series(loop, rep, &series, err);
    sg_series_clear(&series);
    if (ok) {
        return kept;
    }
    if (err->kind == SG_ERROR_NETWORK) {
        char *log = sg_bench_log(loop->bench, "prometheus");
        sg_error_append(err, "Prometheus was lost during the session; its log ends:\n%s", log);
        free(log);
    }
    return false;
}

/* k6's summary goes into the bundle as it was: raw material for whoever doubts. */
static bool save_summary(const struct sg_loop *loop, const struct sg_repetition *rep,
                         const char *summary, struct sg_error *err)
{
    if (summary == NULL) {
        return true;
    }
    char *folder = sg_path_join(loop->run->bundle, "k6");
    char *name = sg_format("%03d-%s.json", rep->slot, rep->variant);
    char *path = sg_path_join(folder, name);
    bool ok = sg_folder_make(folder, err) && sg_file_write(path, summary, strlen(summary), err);
    free(path);
    free(name);
    free(folder);
    return ok;
}

/* What the script's own handleSummary made, in a folder of the repetition. */
static bool save_files(const struct sg_loop *loop, const struct sg_repetition *rep,
                       const struct sg_bench_window *seen, struct sg_error *err)
{
    char *folder = sg_format("%s/k6/%03d-%s", loop->run->bundle, rep->slot, rep->variant);
    bool ok = seen->files_count == 0 || sg_folder_make(folder, err);
    for (size_t i = 0; ok && i < seen->files_count; i++) {
        const struct sg_pair *file = &seen->files[i];
        char *path = sg_path_join(folder, file->key);
        ok = sg_file_write(path, file->value, strlen(file->value), err);
        free(path);
    }
    free(folder);
    return ok;
}

#define CLOCK_STEP 0.1 /* seconds by which wall and monotonic clock may part in one window */

int64_t sg_loop_clock_offset(void)
{
    return sg_clock_wall() - sg_clock_monotonic();
}

/* Windows are cut by the wall clock: a step in it moves their edges. */
void sg_loop_check_clock(struct sg_repetition *rep, int64_t offset_before)
{
    double step = (double)(sg_loop_clock_offset() - offset_before) / 1e9;
    if (fabs(step) > CLOCK_STEP) {
        sg_repetition_add_finding(rep, SG_FINDING_INVALID, "clock_step", NULL,
                                  "this machine's clock stepped by %+.2f s during the window",
                                  step);
    }
}

bool sg_loop_measure(struct sg_loop *loop, const char *testid, const struct sg_bench_window *seen,
                     struct sg_repetition *rep, struct sg_error *err)
{
    return measure(loop, testid, seen, rep, err) && save_summary(loop, rep, seen->summary, err) &&
           save_files(loop, rep, seen, err);
}

static bool drive(struct sg_loop *loop, const char *testid, double seconds,
                  struct sg_repetition *rep, struct sg_error *err)
{
    struct sg_bench_window seen = {0};
    int64_t offset = sg_loop_clock_offset();
    bool ok = sg_bench_load(loop->bench, testid, loop->config->warmup, seconds, &seen, err) &&
              sg_loop_measure(loop, testid, &seen, rep, err);
    if (ok && rep->block == 0) {
        loop->short_of_vus = sg_bench_learn_vus(loop->bench, &seen);
    }
    sg_bench_window_clear(&seen);
    if (ok) {
        sg_loop_check_clock(rep, offset);
    }
    return ok;
}

/* As in reports, one log of each variant and check. */
static bool is_news(struct sg_loop *loop, const char *variant, const char *check)
{
    char *key = sg_format("%s %s", variant, check);
    bool known = false;
    for (size_t i = 0; !known && i < loop->told.count; i++) {
        known = sg_streq(loop->told.items[i], key);
    }
    if (!known) {
        sg_strings_add(&loop->told, key);
    }
    free(key);
    return !known;
}

void sg_loop_tell_logs(struct sg_loop *loop, struct sg_repetition *rep)
{
    const struct sg_progress *progress = &loop->run->progress;
    for (size_t i = 0; i < rep->findings_count; i++) {
        struct sg_finding *finding = &rep->findings[i];
        bool said = finding->log != NULL && finding->log[0] != '\0';
        if (said && progress->log != NULL && is_news(loop, rep->variant, finding->check)) {
            progress->log(progress->context, rep->variant, finding);
        }
        if (!loop->config->show_log) {
            free(finding->log);
            finding->log = NULL;
        }
    }
}

static bool repetition(struct sg_loop *loop, int block, size_t index, double seconds,
                       struct sg_error *err)
{
    struct sg_finding trouble = {0};
    struct sg_repetition *rep = sg_loop_begin(loop, block, index);
    loop->state.block = block;
    loop->state.variant = loop->config->variants[index].name;
    char *testid = sg_format("%s-%d", loop->run->id, rep->slot);
    bool ok = sg_bench_start_variant(loop->bench, index, &trouble, err);
    if (ok && trouble.check != NULL) {
        sg_loop_keep_trouble(rep, &trouble);
    } else {
        ok = ok && drive(loop, testid, seconds, rep, err);
    }
    rep->discarded = !ok; /* broken off: whatever there is of it does not count */
    free(testid);
    return ok;
}

bool sg_loop_repetition(struct sg_loop *loop, int block, size_t index, struct sg_error *err)
{
    bool ok = repetition(loop, block, index, loop->config->measure, err);
    sg_loop_tell_logs(loop, sg_loop_latest(loop));
    return ok;
}

bool sg_loop_window(struct sg_loop *loop, size_t index, double seconds, struct sg_error *err)
{
    return repetition(loop, 0, index, seconds, err);
}

/* What the instrument lacked in a warm-up (cAdvisor may not have found its containers yet) is
 * nobody's concern. But a service that does not even start, or dies in it, has told enough: that
 * counts as the first block. `drops` tell what the generator can do. */
bool sg_loop_forgive(const struct sg_loop *loop, struct sg_repetition *rep, bool drops)
{
    size_t kept = 0;
    for (size_t i = 0; i < rep->findings_count; i++) {
        struct sg_finding *finding = &rep->findings[i];
        if (finding->severity == SG_FINDING_FAIL || sg_streq(finding->check, "not_ready")) {
            rep->block = sg_loop_first_block(loop);
            rep->findings[kept++] = *finding;
        } else if (drops && sg_streq(finding->check, "dropped_iterations")) {
            finding->severity = SG_FINDING_NOTE;
            rep->findings[kept++] = *finding;
        } else {
            sg_finding_clear(finding);
        }
    }
    rep->findings_count = kept;
    return rep->block > 0;
}

static bool warm(struct sg_loop *loop, size_t index, struct sg_error *err)
{
    bool ok = sg_loop_window(loop, index, fmin(WARM_WINDOW, loop->config->measure), err);
    sg_loop_tell_logs(loop, sg_loop_latest(loop));
    return ok;
}

/* Nobody judges the numbers of a warm-up, so a short window will do. One whose iterations last
 * longer than anybody thought tells how many virtual users they need; one more, with these, tells
 * the rest. */
bool sg_loop_warm(struct sg_loop *loop, size_t index, struct sg_error *err)
{
    loop->short_of_vus = false;
    if (!warm(loop, index, err)) {
        return false;
    }
    bool told = sg_loop_forgive(loop, sg_loop_latest(loop), !loop->short_of_vus);
    if (!loop->short_of_vus || told) {
        return true;
    }
    sg_loop_latest(loop)->dropped = NAN;
    sg_loop_say(loop, "iterations last long: warming up again, with more virtual users");
    if (!warm(loop, index, err)) {
        return false;
    }
    (void)sg_loop_forgive(loop, sg_loop_latest(loop), true);
    return true;
}
