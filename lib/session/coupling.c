/* SPDX-License-Identifier: Apache-2.0 */
/* Measures the coupling of this machine: the reference under its usual load, and a burner beside
 * it that is switched on and off in random order. Builds nothing. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "measure/measure.h"
#include "record/coupling.h"
#include "session/internal.h"

#define PERIOD 3.0   /* seconds; the engine may answer once a second only */
#define PERIODS 200  /* in the pattern, which repeats */
#define WINDOW 120.0 /* seconds under load */
#define EDGE 2.0     /* seconds of the window that are left out at its start */

static void draw_pattern(char out[PERIODS + 1])
{
    struct sg_random random;
    sg_random_seed(&random, (uint64_t)sg_clock_wall());
    for (size_t i = 0; i < PERIODS; i++) {
        out[i] = sg_random_below(&random, 2) == 0 ? '0' : '1';
    }
    out[PERIODS] = '\0';
}

/* NaN where there were too few readings. */
static struct sg_coupled coupled(const struct sg_bench_window *seen,
                                 const struct sg_reading *readings, size_t count)
{
    struct sg_coupling found;
    return sg_measure_coupling(readings, count, seen->burner_readings, seen->burner_readings_count,
                               seen->load.start + EDGE, seen->load.end, &found)
               ? (struct sg_coupled){found.h, found.limit}
               : (struct sg_coupled){NAN, NAN};
}

/* A probe that could not run is no reason to do without the rest. */
static bool find_couplings(const struct sg_bench_window *seen, struct sg_couplings *out,
                           struct sg_error *err)
{
    out->generator = coupled(seen, seen->generator_readings, seen->generator_readings_count);
    out->core = coupled(seen, seen->core_readings, seen->probe_readings_count);
    out->cache = coupled(seen, seen->cache_readings, seen->probe_readings_count);
    return !isnan(out->generator.limit) ||
           sg_fail(err, SG_ERROR_DATA,
                   "too few readings of k6 and the burner under load (%zu and %zu)",
                   seen->generator_readings_count, seen->burner_readings_count);
}

static bool burn_beside(struct sg_bench *bench, const struct sg_config *config,
                        struct sg_couplings *out, struct sg_error *err)
{
    struct sg_finding trouble = {0};
    struct sg_bench_window seen = {0};
    if (!sg_bench_start_variant(bench, 0, &trouble, err)) {
        return false;
    }
    if (trouble.check != NULL) {
        sg_fail(err, SG_ERROR_DATA, "the service %s", trouble.text);
        sg_finding_clear(&trouble);
        return false;
    }
    bool ok = sg_bench_load(bench, "coupling-1", config->warmup, WINDOW, &seen, err);
    ok = ok && find_couplings(&seen, out, err);
    sg_bench_window_clear(&seen);
    return ok;
}

static bool is_built(const struct sg_config *config, struct sg_error *err)
{
    const struct sg_config_variant *variant = &config->variants[0];
    return variant->build_context != NULL &&
           !sg_fail(err, SG_ERROR_CONFIG,
                    "%s is built from source, and this builds nothing; name an image of it in a "
                    "svcgate.yaml with the same load",
                    variant->name);
}

static bool has_rate(const struct sg_config *config, struct sg_error *err)
{
    return config->rate > 0 ||
           sg_fail(
               err, SG_ERROR_CONFIG,
               "load.rate is auto, and this looks for none; write the rate that a session found "
               "in svcgate.yaml");
}

/* The other variants are not needed here, and may have to be built first. */
static struct sg_config reference_alone(const struct sg_config *config)
{
    struct sg_config alone = *config;
    alone.variants += sg_session_reference(config);
    alone.variants_count = 1;
    return alone;
}

bool sg_session_coupling(const struct sg_config *whole, const char *path,
                         const struct sg_bench_progress *progress, struct sg_couplings *out,
                         struct sg_error *err)
{
    struct sg_bench *bench = NULL;
    struct sg_session session = {0};
    struct sg_error closing = {0};
    char pattern[PERIODS + 1];
    char id[24];
    const struct sg_config alone = reference_alone(whole);
    const struct sg_config *config = &alone;
    if (is_built(config, err) || !has_rate(config, err)) {
        return false;
    }
    draw_pattern(pattern);
    sg_session_id(id);
    sg_session_from_config(config, id, &session);
    bool ok = sg_bench_open(config, id, progress, &bench, err);
    if (ok) {
        sg_bench_burn(bench, pattern, PERIOD);
        ok = sg_bench_prepare(bench, err) && sg_bench_describe(bench, &session, err) &&
             burn_beside(bench, config, out, err) && sg_coupling_keep(path, &session, out, err);
    }
    if (!sg_bench_close(bench, &closing) && ok) {
        *err = closing;
        ok = false;
    }
    sg_session_clear(&session);
    return ok;
}
