/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured on what: the environment, image by image and number by number. Facts marked
 * hard must agree before numbers of two sessions may be compared (docs/method.md, 4.5). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "base/units.h"
#include "testbench/stack.h"

static const char *text_of(const struct sg_json *json, const char *key)
{
    return sg_json_string(sg_json_get(json, key), "unknown");
}

/* The first two numbers of a version: "5.10.0-32-amd64" → "5.10". */
static char *major_minor(const char *version)
{
    const char *dot = strchr(version, '.');
    size_t length =
        dot != NULL ? (size_t)(dot - version) + 1 + strspn(dot + 1, "0123456789") : strlen(version);
    return sg_format("%.*s", (int)length, version);
}

static void add_cpu_model(const struct sg_bench *bench, struct sg_session *session)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    if (bench->engine.remote || !sg_file_read("/proc/cpuinfo", 4U << 20, &text, &size, &ignored)) {
        return;
    }
    const char *model = strstr(text, "model name");
    const char *colon = model != NULL ? strchr(model, ':') : NULL;
    if (colon != NULL) {
        char *value = sg_format("%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
        sg_session_add_fact(session, "CPU", value, true);
        free(value);
    }
    free(text);
}

/* Without its name: enough to tell machines apart, too little to try names against. */
static void add_host(const struct sg_bench *bench, struct sg_session *session)
{
    char hash[65];
    sg_sha256_hex(bench->host, strlen(bench->host), hash);
    hash[4] = '\0';
    sg_session_add_fact(session, "host", bench->config->show_host ? bench->host : hash, false);
}

static bool add_engine(const struct sg_bench *bench, struct sg_session *session,
                       struct sg_error *err)
{
    struct sg_json *info = NULL;
    if (!sg_engine_get(&bench->engine, "/info", &info, err)) {
        return false;
    }
    char *cpus = sg_format("%d", bench->cpus);
    double memory_bytes = sg_json_number(sg_json_get(info, "MemTotal"), NAN);
    char *memory = sg_format("%.0f GiB", round(memory_bytes / (1 << 30)));
    char *kernel = major_minor(text_of(info, "KernelVersion"));
    char *engine = major_minor(text_of(info, "ServerVersion"));
    sg_session_add_fact(session, "CPUs", cpus, true);
    sg_session_add_fact(session, "memory", memory, true);
    sg_session_add_fact(session, "kernel", kernel, true);
    sg_session_add_fact(session, "cgroup version", text_of(info, "CgroupVersion"), true);
    sg_session_add_fact(session, "engine", engine, true);
    sg_session_add_fact(session, "operating system", text_of(info, "OperatingSystem"), false);
    sg_session_add_fact(session, "kernel release", text_of(info, "KernelVersion"), false);
    sg_session_add_fact(session, "engine version", text_of(info, "ServerVersion"), false);
    add_host(bench, session);
    free(engine);
    free(kernel);
    free(memory);
    free(cpus);
    sg_json_free(info);
    return true;
}

static bool add_file(struct sg_text *text, const char *path, struct sg_error *err)
{
    char *data = NULL;
    size_t size = 0;
    bool ok = sg_file_read_bytes(path, 16U << 20, &data, &size, err);
    if (ok) {
        sg_text_printf(text, "%zu ", size); /* bytes that move from file to file are a change */
        sg_text_bytes(text, data, size);
    }
    free(data);
    return ok;
}

static int by_path(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The script, then all that it needs, in the order of their paths: folders have none. */
static bool add_files(const struct sg_config *config, struct sg_text *text, struct sg_error *err)
{
    struct sg_tree tree = {0};
    bool ok = config->script == NULL || sg_tree_find(config->script, config->files, &tree, err);
    if (ok && tree.files.count > 1) {
        qsort(tree.files.items + 1, tree.files.count - 1, sizeof(*tree.files.items), by_path);
    }
    for (size_t i = 0; ok && i < tree.files.count; i++) {
        ok = add_file(text, tree.files.items[i], err);
    }
    sg_tree_clear(&tree);
    return ok;
}

static void add_flows(const struct sg_config *config, struct sg_text *text)
{
    for (size_t i = 0; i < config->mix_count; i++) {
        sg_text_printf(text, "%s=%.17g\n", config->mix[i].name, config->mix[i].share);
    }
}

/* Script, its files, its functions, its environment, rate and durations, and whether others stand
 * beside it. */
static bool add_workload(const struct sg_bench *bench, struct sg_session *session,
                         struct sg_error *err)
{
    const struct sg_config *config = bench->config;
    struct sg_text text = {0};
    char hash[65];
    if (!add_files(config, &text, err)) {
        sg_text_free(&text);
        return sg_error_context(err, "the workload's hash");
    }
    add_flows(config, &text);
    for (size_t i = 0; i < config->load_env_count; i++) {
        const struct sg_pair *one = &config->load_env[i];
        sg_text_printf(&text, "%s=%zu %s\n", one->key, strlen(one->value), one->value);
    }
    sg_text_printf(&text, "%g %g %g %d", config->rate, config->warmup, config->measure,
                   config->vus);
    sg_text_add(&text, config->sliced ? " sliced" : "");
    sg_sha256_hex(text.data, text.size, hash);
    hash[16] = '\0';
    sg_session_add_fact(session, "workload", hash, true);
    char *script = sg_config_told_path(config, config->script);
    sg_session_add_fact(session, "load script", script, false);
    free(script);
    sg_text_free(&text);
    return true;
}

static void add_limits(const struct sg_bench *bench, struct sg_session *session)
{
    struct sg_limits limits = sg_bench_limits(bench);
    struct sg_text text = {0};
    if (isfinite(limits.cpus)) {
        sg_text_printf(&text, "%g CPUs", limits.cpus);
    } else {
        sg_text_add(&text, "no CPU quota");
    }
    char *memory = isfinite(limits.memory) ? sg_show_by_unit(limits.memory, "bytes") : NULL;
    sg_text_printf(&text, ", %s", memory != NULL ? memory : "no memory limit");
    free(memory);
    sg_session_add_fact(session, "service limits", text.data, true);
    sg_text_free(&text);
    const struct sg_pinning *pin = &bench->pinning;
    sg_text_printf(
        &text, "service %s, k6 %s, monitoring %s", pin->service[0] ? pin->service : "any",
        pin->generator[0] ? pin->generator : "any", pin->monitor[0] ? pin->monitor : "any");
    sg_session_add_fact(session, "CPUs pinned", text.data, true);
    sg_session_add_fact(session, "CPUs kept awake", bench->awake.on ? "yes" : "no", true);
    sg_text_free(&text);
}

static bool add_compose(const struct sg_bench *bench, struct sg_session *session,
                        struct sg_error *err)
{
    struct sg_args files = sg_project_files(bench->config, NULL);
    struct sg_text text = {0};
    char hash[65];
    bool ok = true;
    for (size_t i = 0; ok && i < files.count; i++) {
        ok = add_file(&text, files.items[i], err);
    }
    if (ok && files.count > 0) {
        sg_sha256_hex(text.data, text.size, hash);
        hash[16] = '\0';
        sg_session_add_fact(session, "compose file", hash, true);
    }
    sg_args_free(&files);
    sg_text_free(&text);
    return ok;
}

static void add_image(struct sg_session *session, const char *name, const struct sg_image *image)
{
    char *exact = sg_image_exact(image);
    char *label = sg_format("%s image", name);
    sg_session_add_fact(session, name, exact, true);
    sg_session_add_fact(session, label, image->id, false);
    free(label);
    free(exact);
}

/* A build from a commit says of which ref; its tag says which commit that was. */
static char *image_text(const struct sg_config_variant *variant, const struct sg_image *image)
{
    return image->commit != NULL ? sg_format("%s, built from %s", image->name, variant->build_ref)
                                 : sg_strdup(image->name);
}

static void describe_variants(const struct sg_bench *bench, struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++) {
        struct sg_variant *variant = &session->variants[i];
        const struct sg_image *image = &bench->variants[i];
        if (image->name != NULL) {
            free(variant->image);
            free(variant->digest);
            free(variant->commit);
            variant->image = image_text(&bench->config->variants[i], image);
            variant->digest = sg_strdup(image->digest);
            variant->commit = sg_strdup(image->commit);
        }
    }
}

/* The values themselves: the session may have the names alone. */
static bool same_env(const struct sg_config_variant *a, const struct sg_config_variant *b)
{
    bool same = a->env_count == b->env_count;
    for (size_t i = 0; same && i < a->env_count; i++) {
        same = sg_streq(a->env[i].key, b->env[i].key) && sg_streq(a->env[i].value, b->env[i].value);
    }
    return same;
}

/* A change of documentation alone builds the same image. */
static void note_same_images(const struct sg_bench *bench, struct sg_session *session)
{
    size_t reference = 0;
    while (reference < session->variants_count &&
           !sg_streq(session->variants[reference].name, session->reference)) {
        reference++;
    }
    for (size_t i = 0; reference < session->variants_count && i < session->variants_count; i++) {
        const char *id = bench->variants[i].id;
        if (i != reference && id != NULL && sg_streq(id, bench->variants[reference].id) &&
            same_env(&bench->config->variants[i], &bench->config->variants[reference])) {
            sg_session_add_finding(session, SG_FINDING_NOTE, "same_image", NULL,
                                   "%s and %s are the same image (%.19s): whatever differs between "
                                   "them is noise",
                                   session->variants[i].name, session->reference, id);
        }
    }
}

/* A generator that shares the service's CPUs is no instrument to be proud of. */
static void warn_overlap(const struct sg_bench *bench, struct sg_session *session)
{
    const struct sg_pinning *pin = &bench->pinning;
    for (int cpu = 0; cpu < bench->cpus; cpu++) {
        if (sg_cpus_contain(pin->service, cpu) && sg_cpus_contain(pin->generator, cpu)) {
            sg_session_add_finding(session, SG_FINDING_WARN, "pinning", NULL,
                                   "the service and k6 share CPU %d: the load disturbs what it "
                                   "measures (testbench.cpusets, or a machine with more CPUs)",
                                   cpu);
            return;
        }
    }
}

bool sg_bench_describe(struct sg_bench *bench, struct sg_session *session, struct sg_error *err)
{
    add_cpu_model(bench, session);
    if (!add_engine(bench, session, err)) {
        return false;
    }
    const char *runner = sg_env("SVCGATE_RUNNER_CLASS");
    if (runner != NULL) {
        sg_session_add_fact(session, "runner class", runner, true);
    }
    add_limits(bench, session);
    warn_overlap(bench, session);
    if (!add_compose(bench, session, err) || !add_workload(bench, session, err)) {
        return false;
    }
    add_image(session, "k6", &bench->k6);
    add_image(session, "prometheus", &bench->prometheus);
    add_image(session, "cadvisor", &bench->cadvisor);
    describe_variants(bench, session);
    note_same_images(bench, session);
    sg_stack_notes(bench, session);
    return true;
}
