/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said only when file, environment and flags have been laid over each other: default
 * gates, the list of metrics, and what must hold between fields. */
#include "config/gate.h"
#include "config/words.h"

#include "base/file.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "svcgate.yaml:12:9"; what is missing is missed at the version, which every file has; where flags
 * alone made the configuration there is no place to name. */
static const char *place(const struct sg_config *config, const char *key)
{
    const char *from = sg_config_origin(config, key);
    from = from != NULL ? from : sg_config_origin(config, "version");
    return from != NULL ? from : "configuration";
}

/* --- Gates and metrics ---------------------------------------------------------------------- */

static void add_default_gate(struct sg_config *config, const char *metric, double floor)
{
    config->gates = sg_grow(config->gates, config->gates_count, sizeof(*config->gates));
    config->gates[config->gates_count++] = (struct sg_gate){.metric = sg_strdup(metric),
                                                            .tolerance = NAN,
                                                            .floor = floor,
                                                            .limit = NAN,
                                                            .warn = NAN,
                                                            .weight = 1};
}

/* Four, because each further gate costs evidence (docs/method.md 4.4). */
static void add_default_gates(struct sg_config *config)
{
    add_default_gate(config, "latency_p95", NAN);
    add_default_gate(config, "cpu_per_request", NAN);
    add_default_gate(config, "memory_max", 5.0 * 1048576);
    add_default_gate(config, "error_rate", NAN);
}

/* A gate with nothing but a limit is absolute and stays so. */
static void fill_tolerance(struct sg_gate *gate, const struct sg_metric *metric)
{
    bool absolute = !isnan(gate->limit) && isnan(gate->floor) && isnan(gate->warn);
    if (!isnan(gate->tolerance) || absolute) {
        return;
    }
    if (metric->scale == SG_SCALE_LOG) {
        gate->tolerance = sg_metric_tolerance(metric);
    } else if (metric->scale == SG_SCALE_COUNT && isnan(gate->floor)) {
        gate->floor = 0.001; /* 0.1 percentage points (docs/method.md 4.6) */
    }
}

static bool fail_gate(const struct sg_config *config, const struct sg_gate *gate, const char *why,
                      struct sg_error *err)
{
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);
    if (gate->line > 0) {
        (void)sg_fail(err, SG_ERROR_CONFIG, "%s:%d: gate %s%s",
                      config->path != NULL ? config->path : "configuration", gate->line, label,
                      why);
    } else {
        (void)sg_fail(err, SG_ERROR_CONFIG, "gate %s%s", label, why);
    }
    free(label);
    return false;
}

/* Gates from flags have not met the config's metrics yet. */
static bool settle_gate(struct sg_config *config, struct sg_gate *gate, struct sg_error *err)
{
    int index = sg_config_find_metric(config, gate->metric, gate->of, gate->request);
    const struct sg_metric *metric =
        index >= 0 ? &config->metrics[index] : sg_config_metric_named(config, gate->metric);
    if (metric == NULL) {
        char *hint = sg_metric_hint(config, gate->metric);
        char *why = sg_format(": unknown metric%s", hint);
        (void)fail_gate(config, gate, why, err);
        free(hint);
        free(why);
        return false;
    }
    if (metric->role == SG_ROLE_COVARIATE) {
        return fail_gate(config, gate, " sees the host, not the service: it cannot be gated", err);
    }
    if (index < 0 && gate->request != NULL && sg_catalogue_find(gate->metric) == NULL) {
        return fail_gate(config, gate,
                         metric->k6 != NULL ? ": name the request by a tag in k6 instead"
                                            : ": name the request inside the query instead",
                         err);
    }
    fill_tolerance(gate, metric);
    if (index < 0) {
        (void)sg_config_add_metric(config, metric, gate->of, gate->request);
    }
    return true;
}

static bool settle_gates(struct sg_config *config, struct sg_error *err)
{
    for (size_t i = 0; i < config->gates_count; i++) {
        const struct sg_gate *gate = &config->gates[i];
        for (size_t j = 0; j < i; j++) {
            if (sg_gate_same(&config->gates[j], gate)) {
                return fail_gate(config, gate, " is given twice; keep one", err);
            }
        }
        if (!settle_gate(config, &config->gates[i], err)) {
            return false;
        }
    }
    return true;
}

/* Built-in metrics first, in the catalogue's order; what the config holds of them already (an
 * `adjust: false`) keeps its settings. */
static void lay_out_metrics(struct sg_config *config)
{
    size_t count = 0;
    const struct sg_metric *catalogue = sg_catalogue(&count);
    struct sg_config ordered = {0};
    for (size_t i = 0; i < count; i++) {
        int index = sg_config_find_metric(config, catalogue[i].name, NULL, NULL);
        (void)sg_config_add_metric(&ordered, index >= 0 ? &config->metrics[index] : &catalogue[i],
                                   NULL, NULL);
    }
    for (size_t i = 0; i < config->metrics_count; i++) {
        struct sg_metric *metric = &config->metrics[i];
        if (sg_config_find_metric(&ordered, metric->name, metric->of, metric->request) < 0) {
            (void)sg_config_add_metric(&ordered, metric, metric->of, metric->request);
        }
        sg_metric_clear(metric);
    }
    free(config->metrics);
    config->metrics = ordered.metrics;
    config->metrics_count = ordered.metrics_count;
}

static void add_part(struct sg_config *config, const char *part, const char *of,
                     const char *request)
{
    const struct sg_metric *metric = sg_catalogue_find(part);
    if (metric != NULL && sg_config_find_metric(config, part, of, request) < 0) {
        (void)sg_config_add_metric(config, metric, of, request);
    }
}

/* A rate of counts needs its counts beside it, for the same requests. */
static void add_parts(struct sg_config *config)
{
    size_t count = config->metrics_count;
    for (size_t i = 0; i < count; i++) {
        struct sg_metric metric = config->metrics[i]; /* the array moves below */
        if (metric.scale == SG_SCALE_COUNT && metric.k6 != NULL) {
            sg_k6_add_parts(config, i);
        } else if (metric.scale == SG_SCALE_COUNT) {
            add_part(config, metric.events, metric.of, metric.request);
            add_part(config, metric.trials, metric.of, metric.request);
        }
    }
}

static bool finish_metrics(struct sg_config *config, struct sg_error *err)
{
    if (config->gates_count == 0) {
        add_default_gates(config);
    }
    if (!settle_gates(config, err) || !sg_waivers_settle(config, err)) {
        return false;
    }
    lay_out_metrics(config);
    add_parts(config);
    /* Side by side the host's noise hits all alike, and taking it out adds some (method.md 4.7). */
    for (size_t i = 0; (config->sliced || !config->adjust) && i < config->metrics_count; i++) {
        config->metrics[i].adjust = false;
    }
    return true;
}

/* --- Windows -------------------------------------------------------------------------------- */

#define REQUESTS 1000.0      /* a median and CPU time need */
#define REQUESTS_TAIL 2000.0 /* p90 and p95: 100/(1 − p), docs/method.md 2.4 */
#define REQUESTS_P99 10000.0
#define SHORTEST 8.0 /* seconds */
#define LONGEST 120.0

/* Of the gate's metric: 95 for latency_p95, or what k6 is asked for; NaN: no percentile. */
static double gated_percentile(const struct sg_config *config, const struct sg_gate *gate)
{
    const struct sg_metric *metric = sg_config_metric_named(config, gate->metric);
    const char *latency = "latency_";
    return sg_k6_percentile(sg_starts_with(gate->metric, latency) ? gate->metric + strlen(latency)
                            : metric != NULL                      ? metric->stat
                                                                  : NULL);
}

/* How many requests the gated quantiles need in a window. */
static double requests_needed(const struct sg_config *config)
{
    double needed = REQUESTS;
    for (size_t i = 0; i < config->gates_count; i++) {
        double percentile = gated_percentile(config, &config->gates[i]);
        needed = fmax(needed, percentile >= 99   ? REQUESTS_P99
                              : percentile >= 90 ? REQUESTS_TAIL
                                                 : REQUESTS);
    }
    return needed;
}

/* Side by side, a window has as many requests as its gates need. In turns the host has time to
 * change between two windows, and only longer ones make up for it. */
static void finish_windows(struct sg_config *config)
{
    if (isnan(config->warmup)) {
        config->warmup = config->sliced ? 3 : 10;
    }
    if (isnan(config->measure)) {
        double wanted = requests_needed(config) / config->rate;
        bool chosen = config->sliced && isfinite(wanted);
        config->measure = chosen ? ceil(fmin(fmax(wanted, SHORTEST), LONGEST)) : 30;
    }
}

void sg_config_found_rate(struct sg_config *config, double rate)
{
    config->rate = rate;
    if (sg_config_origin(config, "load.measure") == NULL) {
        config->measure = NAN;
    }
    finish_windows(config);
}

/* --- A closed load --------------------------------------------------------------------------- */

bool sg_config_is_closed(const struct sg_config *config)
{
    return config->duration > 0;
}

/* Virtual users who wait for their answers go on in the slices of others: one after the other. */
static bool finish_closed(struct sg_config *config, struct sg_error *err)
{
    bool rate = config->rate > 0 || config->rate_auto;
    if (!sg_config_is_closed(config)) {
        return true;
    }
    if (rate || !isnan(config->measure)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: load.duration is that of a closed load and contradicts load.%s; write "
                       "rate and measure, or vus and duration",
                       place(config, "load.duration"), rate ? "rate" : "measure");
    }
    if (config->vus == 0) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: load.duration needs load.vus, the number of virtual users; better is "
                       "an open load, with load.rate",
                       place(config, "load.duration"));
    }
    config->measure = config->duration;
    config->sliced = false;
    return true;
}

/* --- What must hold between fields ---------------------------------------------------------- */

static bool finish_reference(struct sg_config *config, struct sg_error *err)
{
    if (config->variants_count == 0) {
        return true;
    }
    if (config->reference == NULL) {
        config->reference = sg_strdup(config->variants[0].name);
        return true;
    }
    const char **names = sg_alloc(config->variants_count, sizeof(*names));
    bool found = false;
    for (size_t i = 0; i < config->variants_count; i++) {
        names[i] = config->variants[i].name;
        found = found || sg_streq(names[i], config->reference);
    }
    if (!found) {
        char *hint = sg_did_you_mean(config->reference, names, config->variants_count);
        char *known = sg_list_names(names, config->variants_count);
        char *word = sg_quoted(config->reference);
        (void)sg_fail(err, SG_ERROR_CONFIG, "%s: reference: no variant is called %s%s",
                      place(config, "reference"), word, hint[0] != '\0' ? hint : known);
        free(word);
        free(hint);
        free(known);
    }
    free(names);
    return found;
}

static bool check_file(const struct sg_config *config, const char *key, const char *path,
                       struct sg_error *err)
{
    return path == NULL || sg_file_exists(path) ||
           sg_fail(err, SG_ERROR_CONFIG, "%s: %s: there is no file %s", place(config, key), key,
                   path);
}

static bool check_files(const struct sg_config *config, const char *key, char *const *files,
                        struct sg_error *err)
{
    for (size_t i = 0; files != NULL && files[i] != NULL; i++) {
        if (!check_file(config, key, files[i], err)) {
            return false;
        }
    }
    return true;
}

static bool check_load(const struct sg_config *config, struct sg_error *err)
{
    if (config->script == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: load.script is missing; name a k6 script there or with --script",
                       place(config, "load"));
    }
    if (!(config->rate > 0) && !config->rate_auto && !sg_config_is_closed(config)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: load.rate is missing; write for example 300/s or auto there or with "
                       "--rate",
                       place(config, "load"));
    }
    for (char **file = config->files; file != NULL && *file != NULL; file++) {
        if (!sg_folder_exists(*file) && !check_file(config, "load.files", *file, err)) {
            return false;
        }
    }
    return check_file(config, "load.script", config->script, err);
}

static bool check_service(struct sg_config *config, struct sg_error *err)
{
    if (config->port == 0) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: service.port is missing; write the port that the service listens on "
                       "there or with --port",
                       place(config, "service"));
    }
    if (config->service == NULL && config->compose != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: service.name is missing; which service of %s is under test?",
                       place(config, "service"), config->compose);
    }
    if (config->service == NULL) {
        config->service = sg_strdup("service");
    }
    return check_file(config, "service.compose", config->compose, err) &&
           check_files(config, "service.compose", config->compose_over, err);
}

static bool check_variant(const struct sg_config *config, const struct sg_config_variant *variant,
                          struct sg_error *err)
{
    char *key = sg_format("variants.%s", variant->name);
    const char *at = place(config, key);
    bool ok = true;
    if (variant->image == NULL && variant->build_context == NULL && config->compose == NULL) {
        ok = sg_fail(err, SG_ERROR_CONFIG,
                     "%s: variant %s has neither image nor build; without a compose file one is "
                     "needed",
                     at, variant->name);
    } else if (variant->build_context != NULL && variant->build_ref == NULL &&
               !sg_folder_exists(variant->build_context)) {
        ok = sg_fail(err, SG_ERROR_CONFIG, "%s: variant %s: there is no folder %s", at,
                     variant->name, variant->build_context);
    }
    free(key);
    return ok;
}

static bool check_variants(const struct sg_config *config, struct sg_error *err)
{
    if (config->variants_count == 0) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: variants are missing; name two, for example base and candidate",
                       place(config, "variants"));
    }
    if (config->variants_count == 1 && config->baseline == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: one variant has nothing to be compared with; add a second one or a "
                       "baseline",
                       place(config, "variants"));
    }
    for (size_t i = 0; i < config->variants_count; i++) {
        if (!check_variant(config, &config->variants[i], err)) {
            return false;
        }
    }
    return true;
}

bool sg_config_finish(struct sg_config *config, bool needs_load, struct sg_error *err)
{
    if (!finish_closed(config, err) || !finish_reference(config, err) ||
        !finish_metrics(config, err)) {
        return false;
    }
    finish_windows(config);
    return !needs_load ||
           (check_service(config, err) && check_variants(config, err) && check_load(config, err));
}
