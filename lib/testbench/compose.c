/* SPDX-License-Identifier: Apache-2.0 */
/* The testbench's own compose project. Its files travel inside the compose file (`configs:
 * content:`), because a remote or nested engine does not see this machine's files. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "base/units.h"
#include "testbench/assets.h"
#include "testbench/internal.h"

static struct sg_args environment(const struct sg_bench *bench)
{
    const struct sg_pinning *pin = &bench->pinning;
    struct sg_args env = {0};
    sg_args_printf(&env, "SVCGATE_PROJECT=%s", bench->project);
    sg_args_printf(&env, "SVCGATE_SESSION=%s", bench->session);
    sg_args_printf(&env, "SVCGATE_HOST=%s", bench->host);
    sg_args_printf(&env, "SVCGATE_IMAGE_K6=%s", bench->k6.id);
    sg_args_printf(&env, "SVCGATE_IMAGE_PROMETHEUS=%s", bench->prometheus.id);
    sg_args_printf(&env, "SVCGATE_IMAGE_CADVISOR=%s", bench->cadvisor.id);
    sg_args_printf(&env, "SVCGATE_PULL=never"); /* they are here, and named by their ids */
    /* only `up` starts it; a compose file must name an image all the same */
    sg_args_printf(&env, "SVCGATE_IMAGE_GRAFANA=%s",
                   bench->grafana.id != NULL ? bench->grafana.id : "none");
    sg_args_printf(&env, "SVCGATE_CPUS_MONITOR=%s", pin->monitor);
    sg_args_printf(&env, "SVCGATE_CPUS_GENERATOR=%s", pin->generator);
    sg_args_printf(&env, "SVCGATE_CPUS_SERVICE=%s", pin->service);
    sg_args_printf(&env, "SVCGATE_GENERATOR_HEAP=%.0fMiB", sg_generator_heap(bench, 1));
    if (bench->burn != NULL) {
        sg_args_printf(&env, "SVCGATE_BURN=%s", bench->burn);
        sg_args_printf(&env, "SVCGATE_BURN_PERIOD=%g", bench->burn_period);
    }
    sg_args_printf(&env, "SVCGATE_SERVICE_PORT=%d", bench->config->port);
    sg_args_printf(&env, "SVCGATE_BIND=%s", bench->engine.bind);
    sg_args_printf(&env, "SVCGATE_SECRET=%s", bench->secret != NULL ? bench->secret : "");
    sg_args_printf(&env, "SVCGATE_GRAFANA_ANONYMOUS=%s", bench->secret != NULL ? "false" : "true");
    sg_args_printf(&env, "SVCGATE_ENGINE_ROOT=%s", bench->root);
    sg_args_printf(&env, "SVCGATE_ENGINE_SOCKET=%s", bench->engine.mount);
    return env;
}

char *sg_compose_escape(const char *text)
{
    struct sg_text out = {0};
    for (const char *c = text; *c != '\0'; c++) {
        sg_text_bytes(&out, *c == '$' ? "$$" : c, *c == '$' ? 2 : 1);
    }
    return sg_text_take(&out);
}

static void set_content(struct sg_json *configs, const char *name, const char *text)
{
    char *content = sg_compose_escape(text);
    struct sg_json *config = sg_json_new_object();
    sg_json_set_string(config, "content", content);
    sg_json_set(configs, name, config);
    free(content);
}

/* The wrapper's place stands last in the command. */
static void set_script(const char *wrapper, struct sg_json *k6)
{
    const struct sg_json *old = sg_json_get(k6, "command");
    struct sg_json *command = sg_json_new_array();
    for (const struct sg_json *w = sg_json_first(old); w != NULL; w = sg_json_next(w)) {
        if (sg_json_next(w) != NULL) {
            sg_json_push(command, sg_json_copy(w));
        }
    }
    char *place = sg_compose_escape(wrapper);
    sg_json_push(command, sg_json_new_string(place));
    sg_json_set(k6, "command", command);
    free(place);
}

/* "browse=0.7,checkout=0.3"; the wrapper reads it. */
static void add_mix(const struct sg_config *config, struct sg_json *env)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < config->mix_count; i++) {
        char share[32];
        sg_show_exact(config->mix[i].share, share);
        sg_text_printf(&text, "%s%s=%s", i > 0 ? "," : "", config->mix[i].name, share);
    }
    if (text.size > 0) {
        sg_json_set_string(env, "SVCGATE_MIX", text.data);
    }
    sg_text_free(&text);
}

static void add_own_metrics(const struct sg_config *config, struct sg_json *env)
{
    char *metrics = sg_own_metrics(config);
    char *value = sg_compose_escape(metrics);
    sg_json_set_string(env, "SVCGATE_METRICS", value);
    free(value);
    free(metrics);
}

static void add_load_env(const struct sg_config *config, struct sg_json *k6)
{
    struct sg_json *env = sg_json_copy(sg_json_get(k6, "environment"));
    for (size_t i = 0; i < config->load_env_count; i++) {
        char *value = sg_compose_escape(config->load_env[i].value);
        sg_json_set_string(env, config->load_env[i].key, value);
        free(value);
    }
    add_mix(config, env);
    add_own_metrics(config, env);
    sg_json_set(k6, "environment", env);
}

/* Replaces `file:` by `content:` in the top-level configs. */
static struct sg_json *inline_configs(const struct sg_bench *bench)
{
    static const char *const files[][2] = {
        {"prometheus", "prometheus/prometheus.yml"},
        {"prometheus-web", "prometheus/web.yml"},
        {"grafana-datasource", "grafana/provisioning/datasources/svcgate.yaml"},
        {"grafana-provider", "grafana/provisioning/dashboards/svcgate.yaml"},
        {"grafana-run", "grafana/dashboards/run.json"},
        {"grafana-compare", "grafana/dashboards/compare.json"},
        {"burner", "k6/burner.js"},
    };
    struct sg_json *configs = sg_json_new_object();
    for (size_t i = 0; i < SG_COUNT(files); i++) {
        for (size_t a = 0; a < sg_assets_count; a++) {
            if (sg_streq(sg_assets[a].name, files[i][1])) {
                set_content(configs, files[i][0], sg_assets[a].data);
            }
        }
    }
    if (bench->secret != NULL) {
        char *text = sg_secret_web(bench->secret);
        set_content(configs, "prometheus-web", text);
        free(text);
    }
    return configs;
}

/* Standard output of `docker compose … config <words…>`. */
static bool config_output(const char *project, const char *const *files, const char *const *words,
                          const char *const *env, char **out, struct sg_error *err)
{
    /* It puts variables into what the service gets: a job's own tokens must not be among them. */
    static const char *const without[] = {"CI_JOB_TOKEN", "ACTIONS_RUNTIME_TOKEN",
                                          "ACTIONS_ID_TOKEN_REQUEST_TOKEN", NULL};
    struct sg_args args = {0};
    const char *const start[] = {"docker", "compose", "-p", project};
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&args, start[i]);
    }
    for (size_t i = 0; files[i] != NULL; i++) {
        sg_args_add(&args, "-f");
        sg_args_add(&args, files[i]);
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        sg_args_add(&args, words[i]);
    }
    struct sg_process process = {
        .argv = args.items, .env = env, .without = without, .timeout = 60 * SG_SECOND};
    struct sg_process_result result = {0};
    bool ok = sg_process_run(&process, &result, err);
    sg_args_free(&args);
    if (ok && result.status != 0) {
        ok = sg_fail(err, SG_ERROR_CONFIG, "docker compose refuses %s: %s", files[0],
                     sg_tail(result.err, 6));
    }
    *out = ok ? sg_strdup(result.out) : NULL;
    sg_process_result_free(&result);
    return ok;
}

bool sg_compose_config(const char *project, const char *const *files, const char *const *env,
                       struct sg_json **out, struct sg_error *err)
{
    static const char *const words[] = {"--profile", "*", "config", "--format", "json", NULL};
    char *text = NULL;
    if (!config_output(project, files, words, env, &text, err)) {
        return false;
    }
    *out = sg_json_parse(text, strlen(text), files[0], err);
    free(text);
    return *out != NULL;
}

bool sg_compose_active(const char *project, const char *const *files, char **out,
                       struct sg_error *err)
{
    static const char *const words[] = {"config", "--services", NULL};
    return config_output(project, files, words, NULL, out, err);
}

bool sg_compose_save(const struct sg_bench *bench, const char *name, const struct sg_json *json,
                     struct sg_error *err)
{
    char *path = sg_path_join(bench->folder, name);
    char *text = sg_json_write(json, 8);
    bool ok = sg_file_write(path, text, strlen(text), err);
    free(text);
    free(path);
    return ok;
}

bool sg_compose_write(struct sg_bench *bench, struct sg_error *err)
{
    char *assets = sg_path_join(bench->folder, "assets");
    char *source = sg_path_join(assets, "compose.yaml");
    const char *const files[] = {source, NULL};
    struct sg_args env = environment(bench);
    struct sg_json *project = NULL;
    bool ok = sg_bench_export(assets, err) &&
              sg_compose_config(bench->project, files, env.items, &project, err) &&
              (bench->config->script == NULL || sg_script_stage(bench, err));
    if (ok) {
        struct sg_json *configs = inline_configs(bench);
        struct sg_json *services = sg_json_copy(sg_json_get(project, "services"));
        struct sg_json *k6 = sg_json_copy(sg_json_get(services, "k6"));
        if (bench->wrapper != NULL) {
            set_script(bench->wrapper, k6);
        }
        add_load_env(bench->config, k6);
        sg_json_set(services, "k6", k6);
        sg_json_free(bench->k6_base);
        bench->k6_base = sg_json_copy(k6);
        sg_json_set(project, "services", services);
        sg_json_set(project, "configs", configs);
        ok = sg_compose_save(bench, "bench.json", project, err) && sg_cadvisor_write(bench, err);
    }
    sg_json_free(project);
    sg_args_free(&env);
    free(source);
    free(assets);
    return ok;
}

/* A file of the bench's folder, where it was written. */
static void add_file(const struct sg_bench *bench, const char *name, struct sg_args *args)
{
    char *path = sg_path_join(bench->folder, name);
    if (sg_file_exists(path)) {
        sg_args_add(args, "-f");
        sg_args_add(args, path);
    }
    free(path);
}

struct sg_args sg_compose_words(const struct sg_bench *bench, const char *const *words)
{
    struct sg_args args = {0};
    const char *const start[] = {"docker", "compose",      "--progress", "quiet",
                                 "-p",     bench->project, "--profile",  "load"};
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&args, start[i]);
    }
    add_file(bench, "bench.json", &args);
    add_file(bench, "cadvisor.json", &args);
    add_file(bench, "load.json", &args);
    for (size_t i = 0; words[i] != NULL; i++) {
        sg_args_add(&args, words[i]);
    }
    return args;
}

bool sg_compose_run(const struct sg_bench *bench, const char *const *words, double timeout,
                    bool uninterruptible, struct sg_error *err)
{
    struct sg_args args = sg_compose_words(bench, words);
    /* Engine 20.10 loses count of a network's endpoints when several containers join it at once. */
    static const char *const one_by_one[] = {"COMPOSE_PARALLEL_LIMIT=1", NULL};
    bool ok = sg_docker_run(args.items, one_by_one, timeout, uninterruptible, err);
    sg_args_free(&args);
    return ok;
}
