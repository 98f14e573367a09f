/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration back to YAML, each line with where its value came from. What is read from the
 * result is the same configuration, to the bit. */
#include "config/readers.h"
#include "config/write.h"

#include "base/clean.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct shower {
    struct sg_text out;
    const struct sg_config *config;
};

/* "  # svcgate.yaml:12:9" to the line's end; NULL is a default. The file's name may be anything. */
static void put_origin(struct shower *s, const char *from)
{
    char *clean = sg_clean_line(from != NULL ? from : "default", SG_SHOWN_SENTENCE);
    sg_text_printf(&s->out, "  # %s\n", clean);
    free(clean);
}

/* "  key: value  # svcgate.yaml:12:9"; frees `value`; NULL leaves the line out. */
static void put(struct shower *s, int indent, const char *section, const char *key, char *value)
{
    if (value == NULL) {
        return;
    }
    char *path = sg_format("%s%s%s", section, section[0] != '\0' ? "." : "", key);
    const char *from = sg_config_origin(s->config, path);
    sg_text_printf(&s->out, "%*s%s: %s", indent, "", key, value);
    put_origin(s, from);
    free(path);
    free(value);
}

/* The same without an origin of its own. */
static void put_bare(struct shower *s, int indent, const char *key, char *value)
{
    if (value != NULL) {
        sg_text_printf(&s->out, "%*s%s: %s\n", indent, "", key, value);
    }
    free(value);
}

/* Paths are read relative to the file's folder. */
static char *path_text(const struct sg_config *config, const char *path)
{
    const char *folder = config->folder != NULL ? config->folder : "";
    size_t size = strlen(folder);
    if (path != NULL && size > 0 && sg_starts_with(path, folder)) {
        bool slash = folder[size - 1] == '/';
        if (slash || path[size] == '/') {
            path += size + (slash ? 0 : 1);
        }
    }
    return sg_config_write_text(path);
}

static char *list_text(const struct sg_config *config, char *const *texts, bool paths)
{
    struct sg_text out = {0};
    if (texts == NULL) {
        return NULL;
    }
    for (size_t i = 0; texts[i] != NULL; i++) {
        char *text = paths ? path_text(config, texts[i]) : sg_config_write_text(texts[i]);
        sg_text_printf(&out, "%s%s", i == 0 ? "[" : ", ", text);
        free(text);
    }
    sg_text_add(&out, "]");
    return sg_text_take(&out);
}

static char *int_text(int value)
{
    return value != 0 ? sg_format("%d", value) : NULL;
}

static void put_pairs(struct shower *s, int indent, const char *key, const struct sg_pair *pairs,
                      size_t count)
{
    if (count > 0) {
        sg_text_printf(&s->out, "%*s%s:\n", indent, "", key);
    }
    for (size_t i = 0; i < count; i++) {
        put_bare(s, indent + 2, pairs[i].key, sg_config_write_text(pairs[i].value));
    }
}

static char *compose_text(const struct sg_config *config)
{
    size_t count = 0;
    while (config->compose_over != NULL && config->compose_over[count] != NULL) {
        count++;
    }
    if (count == 0) {
        return path_text(config, config->compose);
    }
    char **all = sg_alloc(count + 2, sizeof(*all));
    all[0] = config->compose;
    for (size_t i = 0; i < count; i++) {
        all[i + 1] = config->compose_over[i];
    }
    char *text = list_text(config, all, true);
    free(all);
    return text;
}

static void put_service(struct shower *s)
{
    const struct sg_config *c = s->config;
    sg_text_add(&s->out, "service:\n");
    put(s, 2, "service", "compose", compose_text(c));
    put(s, 2, "service", "name", sg_config_write_text(c->service));
    put(s, 2, "service", "port", int_text(c->port));
    put(s, 2, "service", "ready", sg_config_write_text(c->ready));
    put(s, 2, "service", "ready_timeout", sg_config_write_by_unit(c->ready_timeout, "s"));
    put(s, 2, "service", "cpus", sg_config_write_by_unit(c->cpus, ""));
    put(s, 2, "service", "memory", sg_config_write_by_unit(c->memory, "bytes"));
    put(s, 2, "service", "fresh", sg_strdup(c->fresh_stack ? "stack" : "service"));
    put(s, 2, "service", "command", list_text(c, c->command, false));
}

static void put_build(struct shower *s, const struct sg_config_variant *variant)
{
    if (variant->build_context == NULL) {
        return;
    }
    sg_text_add(&s->out, "    build:\n");
    put_bare(s, 6, "context", path_text(s->config, variant->build_context));
    put_bare(s, 6, "ref", sg_config_write_text(variant->build_ref));
    put_bare(s, 6, "dockerfile", sg_config_write_text(variant->build_dockerfile));
}

static void put_variants(struct shower *s)
{
    const struct sg_config *c = s->config;
    if (c->variants_count > 0) {
        sg_text_add(&s->out, "variants:\n");
    }
    for (size_t i = 0; i < c->variants_count; i++) {
        const struct sg_config_variant *variant = &c->variants[i];
        bool empty =
            variant->image == NULL && variant->build_context == NULL && variant->env_count == 0;
        char *path = sg_format("variants.%s", variant->name);
        const char *from = sg_config_origin(c, path);
        char *name = sg_config_write_text(variant->name);
        sg_text_printf(&s->out, "  %s:%s", name, empty ? " {}" : "");
        put_origin(s, from);
        free(name);
        free(path);
        put_bare(s, 4, "image", sg_config_write_text(variant->image));
        put_build(s, variant);
        put_pairs(s, 4, "env", variant->env, variant->env_count);
    }
    put(s, 0, "", "reference", sg_config_write_text(c->reference));
}

static void put_mix(struct shower *s)
{
    const struct sg_config *c = s->config;
    struct sg_text out = {0};
    if (c->mix_count == 1) {
        put(s, 2, "load", "exec", sg_config_write_text(c->mix[0].name));
        return;
    }
    for (size_t i = 0; i < c->mix_count; i++) {
        char *name = sg_config_write_text(c->mix[i].name);
        char *share = sg_config_write_by_unit(c->mix[i].share, "ratio");
        sg_text_printf(&out, "%s%s: %s", i == 0 ? "{ " : ", ", name, share);
        free(share);
        free(name);
    }
    if (out.size > 0) {
        sg_text_add(&out, " }");
        put(s, 2, "load", "mix", sg_text_take(&out));
    }
}

static void put_load(struct shower *s)
{
    const struct sg_config *c = s->config;
    sg_text_add(&s->out, "load:\n");
    put(s, 2, "load", "script", path_text(c, c->script));
    put(s, 2, "load", "files", list_text(c, c->files, true));
    put_mix(s);
    put_pairs(s, 2, "env", c->load_env, c->load_env_count);
    bool open = c->rate_auto && isnan(c->rate);
    put(s, 2, "load", "rate", open ? sg_strdup("auto") : sg_config_write_by_unit(c->rate, "1/s"));
    put(s, 2, "load", "warmup", sg_config_write_by_unit(c->warmup, "s"));
    put(s, 2, "load", "duration", sg_config_write_by_unit(c->duration, "s"));
    bool decided = !open || sg_config_origin(c, "load.measure") != NULL; /* else by the rate */
    if (decided && !sg_config_is_closed(c)) {
        put(s, 2, "load", "measure", sg_config_write_by_unit(c->measure, "s"));
    }
    put(s, 2, "load", "vus", int_text(c->vus));
}

static void put_plan(struct shower *s)
{
    const struct sg_config *c = s->config;
    sg_text_add(&s->out, "plan:\n");
    put(s, 2, "plan", "design", sg_strdup(c->sliced ? "sliced" : "turns"));
    put(s, 2, "plan", "repetitions", sg_format("%d..%d", c->min_repetitions, c->max_repetitions));
    put(s, 2, "plan", "budget", sg_config_write_by_unit(c->budget, "s"));
    put(s, 2, "plan", "alpha", sg_config_write_by_unit(c->alpha, "ratio"));
    put(s, 2, "plan", "beta", sg_config_write_by_unit(c->beta, "ratio"));
    put(s, 2, "plan", "seed", c->has_seed ? sg_format("%" PRIu64, c->seed) : NULL);
}

/* The first line of an entry; of and request are part of its identity. */
static void put_identity(struct shower *s, const char *name, const char *of, const char *request,
                         const char *from)
{
    sg_text_printf(&s->out, "  - metric: %s", name);
    if (from != NULL) {
        put_origin(s, from);
    } else {
        sg_text_add(&s->out, "\n");
    }
    put_bare(s, 4, "of", sg_config_write_text(of));
    put_bare(s, 4, "request", sg_config_write_text(request));
}

static void put_metric(struct shower *s, const struct sg_metric *metric, bool user)
{
    static const char *const scales[] = {"log", "linear", "count", "exact"};
    put_identity(s, metric->name, metric->of, metric->request, NULL);
    if (user) {
        put_bare(s, 4, "query", sg_config_write_text(metric->query));
        put_bare(s, 4, "k6", sg_config_write_text(metric->k6));
        put_bare(s, 4, "stat", sg_config_write_text(metric->stat));
        put_bare(s, 4, "unit", metric->unit[0] != '\0' ? sg_config_write_text(metric->unit) : NULL);
        put_bare(s, 4, "better", sg_strdup(metric->better == SG_HIGHER ? "higher" : "lower"));
        bool rate = metric->scale == SG_SCALE_COUNT; /* k6's own, and not to be chosen */
        put_bare(s, 4, "scale", rate ? NULL : sg_strdup(scales[metric->scale]));
    }
    put_bare(s, 4, "adjust", sg_strdup(metric->adjust ? "true" : "false"));
}

/* Of a rate of k6's: they come with it. */
static bool is_part(const struct sg_metric *metric)
{
    return sg_streq(metric->stat, "passes") || sg_streq(metric->stat, "total");
}

/* Built-in metrics as the catalogue has them go without saying. */
static void put_metrics(struct shower *s)
{
    bool any = false;
    for (size_t i = 0; i < s->config->metrics_count; i++) {
        const struct sg_metric *metric = &s->config->metrics[i];
        const struct sg_metric *built_in = sg_catalogue_find(metric->name);
        bool told = built_in == NULL || metric->of != NULL || metric->request != NULL ||
                    (s->config->adjust && metric->adjust != built_in->adjust);
        told = told && !is_part(metric);
        if (told && !any) {
            sg_text_add(&s->out, "metrics:\n");
        }
        if (told) {
            put_metric(s, metric, built_in == NULL);
        }
        any = any || told;
    }
}

static void put_gate(struct shower *s, const struct sg_gate *gate)
{
    const struct sg_config *c = s->config;
    int index = sg_config_find_metric(c, gate->metric, gate->of, gate->request);
    const struct sg_metric *metric =
        index >= 0 ? &c->metrics[index] : sg_config_metric_named(c, gate->metric);
    const char *unit = metric != NULL ? metric->unit : "";
    bool relative =
        metric == NULL || metric->scale == SG_SCALE_LOG || metric->scale == SG_SCALE_COUNT;
    char *from = gate->line > 0 && c->path != NULL ? sg_format("%s:%d", c->path, gate->line)
                                                   : sg_strdup("default");
    put_identity(s, gate->metric, gate->of, gate->request, from);
    free(from);
    put_bare(s, 4, "tolerance",
             sg_config_write_by_unit(gate->tolerance, relative ? "ratio" : unit));
    put_bare(s, 4, "floor", sg_config_write_by_unit(gate->floor, unit));
    put_bare(s, 4, "limit", sg_config_write_by_unit(gate->limit, unit));
    put_bare(s, 4, "warn", sg_config_write_by_unit(gate->warn, relative ? "ratio" : unit));
    put_bare(s, 4, "weight",
             gate->weight < 1 || gate->weight > 1 ? sg_config_write_by_unit(gate->weight, "")
                                                  : NULL);
}

static void put_gates(struct shower *s)
{
    if (s->config->gates_count > 0) {
        sg_text_add(&s->out, "gates:\n");
    }
    for (size_t i = 0; i < s->config->gates_count; i++) {
        put_gate(s, &s->config->gates[i]);
    }
}

static void put_waiver(struct shower *s, const struct sg_waiver *waiver, const char *bound)
{
    char *from = sg_format("%s:%d", s->config->path, waiver->line);
    put_identity(s, waiver->metric, waiver->of, waiver->request, from);
    free(from);
    put_bare(s, 4, "variant", sg_config_write_text(waiver->variant));
    put_bare(s, 4, "bound", sg_config_write_text(bound));
    put_bare(s, 4, "owner", sg_config_write_text(waiver->owner));
    put_bare(s, 4, "reason", sg_config_write_text(waiver->reason));
    put_bare(s, 4, "expires", sg_config_write_text(waiver->expires));
}

static void put_waivers(struct shower *s)
{
    if (s->config->waivers_count > 0) {
        sg_text_add(&s->out, "waivers:\n");
    }
    for (size_t i = 0; i < s->config->waivers_count; i++) {
        put_waiver(s, &s->config->waivers[i].waiver, s->config->waivers[i].bound);
    }
}

static void put_policy(struct shower *s)
{
    static const char *const words[] = {"fail", "warn", "keep"};
    const struct sg_config *c = s->config;
    put(s, 0, "", "baseline", path_text(c, c->baseline));
    sg_text_add(&s->out, "policy:\n");
    put(s, 2, "policy", "inconclusive", sg_strdup(words[c->inconclusive]));
    put(s, 2, "policy", "missing_baseline", sg_strdup(words[c->missing_baseline]));
    put(s, 0, "", "adjust", sg_strdup(c->adjust ? "auto" : "off"));
}

static void put_report(struct shower *s)
{
    static const char *const words[] = {"hide", "show"};
    const struct sg_config *c = s->config;
    sg_text_add(&s->out, "report:\n");
    put(s, 2, "report", "log", sg_strdup(words[c->show_log]));
    put(s, 2, "report", "env", sg_strdup(words[c->show_env]));
    put(s, 2, "report", "host", sg_strdup(words[c->show_host]));
}

static void put_testbench(struct shower *s)
{
    const struct sg_config *c = s->config;
    bool cpusets =
        c->service_cpuset != NULL || c->generator_cpuset != NULL || c->monitor_cpuset != NULL;
    if (c->images_count == 0 && !cpusets && c->keep_awake == SG_KEEP_AWAKE_AUTO) {
        return;
    }
    sg_text_add(&s->out, "testbench:\n");
    put_pairs(s, 2, "images", c->images, c->images_count);
    if (cpusets) {
        sg_text_add(&s->out, "  cpusets:\n");
        put(s, 4, "testbench.cpusets", "service", sg_config_write_text(c->service_cpuset));
        put(s, 4, "testbench.cpusets", "generator", sg_config_write_text(c->generator_cpuset));
        put(s, 4, "testbench.cpusets", "monitor", sg_config_write_text(c->monitor_cpuset));
    }
    put(s, 2, "testbench", "keep_awake", sg_strdup(sg_keep_awake_words[c->keep_awake]));
}

char *sg_config_show(const struct sg_config *config)
{
    struct shower s = {.config = config};
    put(&s, 0, "", "version", sg_strdup("1"));
    put_service(&s);
    put_variants(&s);
    put_load(&s);
    put_plan(&s);
    put_metrics(&s);
    put_gates(&s);
    put_waivers(&s);
    put_policy(&s);
    put_report(&s);
    put_testbench(&s);
    return sg_text_take(&s.out);
}
