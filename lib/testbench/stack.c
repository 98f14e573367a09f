/* SPDX-License-Identifier: Apache-2.0 */
/* The service's own project: the user's compose file, or a file made for an image alone, with what
 * the measurement needs laid over the service under test. */
#include "testbench/stack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

static void set_labels(const struct sg_bench *bench, struct sg_json *service, const char *role,
                       const char *variant)
{
    const struct sg_json *old = sg_json_get(service, "labels");
    struct sg_json *labels = sg_json_is_object(old) ? sg_json_copy(old) : sg_json_new_object();
    sg_json_set_string(labels, "svcgate.session", bench->session);
    sg_json_set_string(labels, "svcgate.host", bench->host);
    sg_json_set_string(labels, "svcgate.role", role);
    if (variant != NULL) {
        sg_json_set_string(labels, "svcgate.variant", variant);
    }
    sg_json_set(service, "labels", labels);
}

/* `docker compose config` writes "$" doubled already; values of ours must be too. */
static void set_env(struct sg_json *service, const struct sg_pair *pairs, size_t count)
{
    const struct sg_json *old = sg_json_get(service, "environment");
    struct sg_json *env = sg_json_is_object(old) ? sg_json_copy(old) : sg_json_new_object();
    for (size_t i = 0; i < count; i++) {
        char *value = sg_compose_escape(pairs[i].value);
        sg_json_set_string(env, pairs[i].key, value);
        free(value);
    }
    sg_json_set(service, "environment", env);
}

static void set_network(struct sg_json *service, const char *alias)
{
    struct sg_json *aliases = sg_json_new_array();
    sg_json_push(aliases, sg_json_new_string(alias));
    struct sg_json *load = sg_json_new_object();
    sg_json_set(load, "aliases", aliases);
    const struct sg_json *old = sg_json_get(service, "networks");
    struct sg_json *networks = sg_json_is_object(old) ? sg_json_copy(old) : sg_json_new_object();
    sg_json_set(networks, "svcgate_load", load);
    sg_json_set(service, "networks", networks);
}

/* Published for the readiness check, where this program reaches it. */
static void set_port(const struct sg_bench *bench, struct sg_json *service)
{
    struct sg_json *ports = sg_json_new_array();
    char *port = sg_format("%s::%d", bench->engine.bind, bench->config->port);
    sg_json_push(ports, sg_json_new_string(port));
    free(port);
    sg_json_set(service, "ports", ports);
}

static void set_command(const struct sg_config *config, struct sg_json *service)
{
    if (config->command == NULL) {
        return;
    }
    struct sg_json *command = sg_json_new_array();
    for (size_t i = 0; config->command[i] != NULL; i++) {
        char *word = sg_compose_escape(config->command[i]);
        sg_json_push(command, sg_json_new_string(word));
        free(word);
    }
    sg_json_set(service, "command", command);
}

struct sg_json *sg_stack_without(const struct sg_json *object, const char *const *keys)
{
    struct sg_json *out = sg_json_new_object();
    const struct sg_json *first = sg_json_is_object(object) ? sg_json_first(object) : NULL;
    for (const struct sg_json *m = first; m != NULL; m = sg_json_next(m)) {
        bool dropped = false;
        for (size_t i = 0; keys[i] != NULL; i++) {
            dropped = dropped || sg_streq(keys[i], sg_json_key(m));
        }
        if (!dropped && !sg_json_is_null(m)) {
            sg_json_set(out, sg_json_key(m), sg_json_copy(m));
        }
    }
    return out;
}

static struct sg_json *tested_service(const struct sg_bench *bench, const struct sg_json *own,
                                      const struct sg_place *place)
{
    size_t index = place->variant;
    static const char *const fights[] = {"ports",        "container_name", "deploy",   "restart",
                                         "network_mode", "cpuset",         "profiles", NULL};
    const struct sg_config *config = bench->config;
    const struct sg_config_variant *variant = &config->variants[index];
    struct sg_json *service = sg_stack_without(own, fights);
    if (bench->variants[index].name != NULL) {
        static const char *const build[] = {"build", "image", "pull_policy", NULL};
        struct sg_json *plain = sg_stack_without(service, build);
        sg_json_free(service);
        service = plain;
        sg_json_set_string(service, "image", bench->variants[index].id);
        sg_json_set_string(service, "pull_policy", "never");
    }
    sg_json_set_string(service, "restart", "no");
    sg_json_set_string(service, "stop_grace_period", "1s");
    set_labels(bench, service, "service", variant->name);
    set_env(service, variant->env, variant->env_count);
    set_network(service, place->alias);
    set_port(bench, service);
    set_command(config, service);
    if (bench->pinning.service[0] != '\0') {
        sg_json_set_string(service, "cpuset", bench->pinning.service);
    }
    if (isfinite(config->cpus)) {
        sg_json_set_number(service, "cpus", config->cpus);
    }
    if (isfinite(config->memory)) {
        char *bytes = sg_format("%.0f", config->memory);
        sg_json_set_string(service, "mem_limit", bytes);
        sg_json_set_string(service, "memswap_limit", bytes);
        free(bytes);
    }
    return service;
}

/* The stack's other services stay as they are, but off the host's ports and on the service's
 * side of the CPUs. */
static struct sg_json *other_service(const struct sg_bench *bench, const struct sg_json *own)
{
    static const char *const fights[] = {"ports", "container_name", "cpuset", "profiles", NULL};
    struct sg_json *service = sg_stack_without(own, fights);
    set_labels(bench, service, "stack", NULL);
    if (bench->pinning.service[0] != '\0') {
        sg_json_set_string(service, "cpuset", bench->pinning.service);
    }
    return service;
}

/* What compose makes besides containers is the session's own: labelled, so that `clean` finds it,
 * and under a name that compose makes from the session's project. With an explicit name it would be
 * the user's own volume or network, which `down -v` removes. */
static void own_all(const struct sg_bench *bench, struct sg_json *project, const char *key)
{
    static const char *const name[] = {"name", NULL};
    struct sg_json *labelled = sg_json_new_object();
    const struct sg_json *all = sg_json_get(project, key);
    if (!sg_json_is_object(all)) {
        all = NULL;
    }
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        bool external = sg_json_bool(sg_json_get(one, "external"), false);
        struct sg_json *copy = external ? sg_json_copy(one) : sg_stack_without(one, name);
        if (!external) {
            set_labels(bench, copy, "stack", NULL);
        }
        sg_json_set(labelled, sg_json_key(one), copy);
    }
    if (sg_json_count(all) > 0) {
        sg_json_set(project, key, labelled);
    } else {
        sg_json_free(labelled);
    }
}

/* The testbench's own, or in a block the place's: engine 20.10 loses count of a network's endpoints
 * when several containers come and go at once, and never removes it. */
static void set_load_network(const struct sg_bench *bench, struct sg_json *project,
                             const struct sg_place *place)
{
    const struct sg_json *old = sg_json_get(project, "networks");
    struct sg_json *networks = sg_json_is_object(old) ? sg_json_copy(old) : sg_json_new_object();
    struct sg_json *load = sg_json_new_object();
    sg_json_set_string(load, "name", place->network);
    if (place->alone) {
        sg_json_set_bool(load, "external", true);
    } else {
        set_labels(bench, load, "stack", NULL);
    }
    sg_json_set(networks, "svcgate_load", load);
    sg_json_set(project, "networks", networks);
}

void sg_stack_lay_over(const struct sg_bench *bench, struct sg_json *project,
                       const struct sg_place *place)
{
    struct sg_json *services = sg_json_new_object();
    const struct sg_json *all = sg_json_get(project, "services");
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        const char *name = sg_json_key(one);
        sg_json_set(services, name,
                    sg_streq(name, bench->service) ? tested_service(bench, one, place)
                                                   : other_service(bench, one));
    }
    sg_json_set_string(project, "name", place->project);
    sg_json_set(project, "services", services);
    own_all(bench, project, "networks");
    own_all(bench, project, "volumes");
    set_load_network(bench, project, place);
}

bool sg_stack_write(const struct sg_bench *bench, const struct sg_place *place,
                    struct sg_error *err)
{
    struct sg_json *project = sg_json_copy(bench->stack);
    sg_stack_lay_over(bench, project, place);
    char *text = sg_json_write(project, 8);
    bool ok = sg_file_write(place->file, text, strlen(text), err);
    free(text);
    sg_json_free(project);
    return ok;
}

static struct sg_args compose_args(const struct sg_place *place)
{
    struct sg_args args = {0};
    const char *const start[] = {"docker", "compose",      "--progress", "quiet",
                                 "-p",     place->project, "-f",         place->file};
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&args, start[i]);
    }
    return args;
}

bool sg_stack_up(const struct sg_bench *bench, struct sg_place *place, struct sg_error *err)
{
    bool renew = bench->config->fresh_stack && place->started;
    if (renew && !sg_stack_down(place, err)) {
        return false;
    }
    struct sg_args args = compose_args(place);
    sg_args_add(&args, "up");
    sg_args_add(&args, "-d");
    if (place->started && !renew) {
        const char *const again[] = {"--force-recreate", "--renew-anon-volumes", "--no-deps",
                                     bench->service};
        for (size_t i = 0; i < SG_COUNT(again); i++) {
            sg_args_add(&args, again[i]);
        }
    }
    place->started = true;
    bool ok = sg_docker_run(args.items, NULL, 300, false, err);
    sg_args_free(&args);
    return ok;
}

bool sg_stack_down(const struct sg_place *place, struct sg_error *err)
{
    static const char *const words[] = {"down", "-v", "--remove-orphans", "-t", "1"};
    struct sg_args args = compose_args(place);
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        sg_args_add(&args, words[i]);
    }
    bool ok = sg_docker_run(args.items, NULL, 120, true, err);
    sg_args_free(&args);
    return ok;
}
