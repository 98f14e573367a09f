/* SPDX-License-Identifier: Apache-2.0 */
/* One repetition: fresh container, load, numbers. A repetition whose instrument was broken is
 * discarded by rules that never look at a gated metric, and made again by the loop. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "measure/measure.h"
#include "session/internal.h"

#define WARM_WINDOW 3.0 /* seconds; a warm-up repetition has no numbers, so a short one will do */

static struct sg_repetition *add(struct sg_loop *loop, int block, size_t index)
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

static bool is_reference(const struct sg_loop *loop, size_t index)
{
    return sg_streq(loop->config->variants[index].name, loop->config->reference);
}

static void keep_trouble(struct sg_repetition *rep, struct sg_finding *trouble)
{
    sg_repetition_add_finding(rep, trouble->severity, trouble->check, trouble->log, "%s",
                              trouble->text);
    sg_finding_clear(trouble);
}

static bool measure(struct sg_loop *loop, size_t index, const char *testid,
                    const struct sg_bench_window *seen, struct sg_repetition *rep,
                    struct sg_error *err)
{
    struct sg_window window = {
        .testid = testid,
        .service_id = seen->service_id,
        .generator_id = seen->generator_id,
        .service = loop->session->service,
        .variant = rep->variant,
        .generator_is_reference = is_reference(loop, index),
        .load = seen->load,
        .state = seen->state,
        .readings = seen->readings,
        .readings_count = seen->readings_count,
        .generator_readings = seen->generator_readings,
        .generator_readings_count = seen->generator_readings_count,
        .steal = seen->steal,
        .generator_cpus = sg_bench_generator_cpus(loop->bench),
        .scrape_interval = sg_bench_scrape_interval(),
    };
    sg_bench_others(loop->bench, &window.other_names, &window.other_ids, &window.others_count);
    if (sg_measure(&loop->prom, loop->session, &window, rep, err)) {
        return true;
    }
    if (err->kind == SG_ERROR_NETWORK) {
        char *log = sg_bench_log(loop->bench, "prometheus");
        sg_error_append(err, "Prometheus was lost during the session; its log ends:\n%s", log);
        free(log);
    }
    return false;
}

/* k6's summary goes into the bundle as it was: raw material for whoever doubts. */
static bool drive(struct sg_loop *loop, size_t index, const char *testid, double seconds,
                  struct sg_repetition *rep, struct sg_error *err)
{
    struct sg_bench_window seen = {0};
    bool ok = sg_bench_load(loop->bench, testid, loop->config->warmup, seconds, &seen, err) &&
              (rep == NULL || measure(loop, index, testid, &seen, rep, err));
    sg_bench_window_clear(&seen);
    return ok;
}

bool sg_loop_repetition(struct sg_loop *loop, int block, size_t index, struct sg_error *err)
{
    struct sg_finding trouble = {0};
    struct sg_repetition *rep = add(loop, block, index);
    loop->state.block = block;
    loop->state.variant = loop->config->variants[index].name;
    char *testid = sg_format("%s-%d", loop->run->id, rep->slot);
    bool ok = sg_bench_start_variant(loop->bench, index, &trouble, err);
    if (ok && trouble.check != NULL) {
        keep_trouble(rep, &trouble);
    } else {
        ok = ok && drive(loop, index, testid, loop->config->measure, rep, err);
    }
    free(testid);
    return ok;
}

bool sg_loop_warm(struct sg_loop *loop, size_t index, struct sg_error *err)
{
    struct sg_finding trouble = {0};
    loop->state.block = 0;
    loop->state.variant = loop->config->variants[index].name;
    char *testid = sg_format("%s-warm-%zu", loop->run->id, index);
    bool ok = sg_bench_start_variant(loop->bench, index, &trouble, err);
    if (ok && trouble.check != NULL) {
        /* It would be the same in the first block: the finding counts there. */
        keep_trouble(add(loop, 1, index), &trouble);
    } else {
        ok = ok && drive(loop, index, testid, WARM_WINDOW, NULL, err);
    }
    free(testid);
    return ok;
}
