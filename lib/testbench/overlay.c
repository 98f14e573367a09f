/* SPDX-License-Identifier: Apache-2.0 */
/* What is laid over the user's compose project, or over one made for an image alone: what makes it
 * the session's, and what the measurement needs of the service under test. */
#include "testbench/stack.h"

#include <stdlib.h>
#include <string.h>

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

/* The network as a service joins it, with one name more in it. */
static struct sg_json *with_alias(const struct sg_json *network, const char *alias)
{
    struct sg_json *copy =
        sg_json_is_object(network) ? sg_json_copy(network) : sg_json_new_object();
    const struct sg_json *old = sg_json_get(copy, "aliases");
    struct sg_json *aliases = sg_json_is_array(old) ? sg_json_copy(old) : sg_json_new_array();
    sg_json_push(aliases, sg_json_new_string(alias));
    sg_json_set(copy, "aliases", aliases);
    return copy;
}

/* The container has a name of the session's; by the one of the file others still find it, on
 * networks that are the session's own. */
static void set_name(const struct sg_bench *bench, struct sg_json *service,
                     const struct sg_json *own)
{
    const char *name = sg_json_string(sg_json_get(own, "container_name"), NULL);
    const struct sg_json *all = sg_json_get(bench->stack, "networks");
    const struct sg_json *old = sg_json_get(service, "networks");
    if (name == NULL || !sg_json_is_object(old)) {
        return;
    }
    struct sg_json *networks = sg_json_new_object();
    for (const struct sg_json *one = sg_json_first(old); one != NULL; one = sg_json_next(one)) {
        const struct sg_json *network = sg_json_get(all, sg_json_key(one));
        bool external = sg_json_bool(sg_json_get(network, "external"), false);
        sg_json_set(networks, sg_json_key(one),
                    external ? sg_json_copy(one) : with_alias(one, name));
    }
    sg_json_set(service, "networks", networks);
}

static void set_network(struct sg_json *service, const char *alias)
{
    struct sg_json *load = with_alias(NULL, alias);
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

static void set_image(struct sg_json **service, const char *id)
{
    static const char *const own[] = {"build", "image", "pull_policy", NULL};
    sg_stack_drop(service, own);
    sg_json_set_string(*service, "image", id);
    sg_json_set_string(*service, "pull_policy", "never");
}

/* Its process takes CPU time that would count as the service's; svcgate asks `service.ready`. */
static void switch_health_check_off(struct sg_json *service)
{
    struct sg_json *off = sg_json_new_object();
    sg_json_set_bool(off, "disable", true);
    sg_json_set(service, "healthcheck", off);
}

static struct sg_json *tested_service(const struct sg_bench *bench, const struct sg_json *own,
                                      const struct sg_place *place)
{
    static const char *const fights[] = {"ports",    "container_name", "deploy",
                                         "restart",  "network_mode",   "cpuset",
                                         "profiles", "scale",          NULL};
    const struct sg_image *image = &bench->variants[place->variant];
    const struct sg_config_variant *variant = &bench->config->variants[place->variant];
    struct sg_json *service = sg_stack_without(own, fights);
    if (image->name != NULL) {
        set_image(&service, image->id);
    }
    sg_json_set_string(service, "restart", "no");
    sg_json_set_string(service, "stop_grace_period", "1s");
    set_labels(bench, service, "service", variant->name);
    set_env(service, variant->env, variant->env_count);
    set_name(bench, service, own);
    set_network(service, place->alias);
    set_port(bench, service);
    set_command(bench->config, service);
    switch_health_check_off(service);
    sg_stack_set_limits(bench, own, &service);
    return service;
}

/* Without its health check the service under test never gets healthy. */
static void wait_for_start_alone(const struct sg_bench *bench, struct sg_json *service)
{
    const struct sg_json *needs = sg_json_get(service, "depends_on");
    const struct sg_json *need = sg_json_get(needs, bench->service);
    if (!sg_streq(sg_json_string(sg_json_get(need, "condition"), ""), "service_healthy")) {
        return;
    }
    struct sg_json *started = sg_json_copy(need), *all = sg_json_copy(needs);
    sg_json_set_string(started, "condition", "service_started");
    sg_json_set(all, bench->service, started);
    sg_json_set(service, "depends_on", all);
}

/* The stack's other services stay as they are, but off the host's ports and on the service's
 * side of the CPUs. */
static struct sg_json *other_service(const struct sg_bench *bench, const struct sg_json *own)
{
    static const char *const fights[] = {"ports", "container_name", "cpuset", "profiles", NULL};
    struct sg_json *service = sg_stack_without(own, fights);
    set_labels(bench, service, "stack", NULL);
    set_name(bench, service, own);
    wait_for_start_alone(bench, service);
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
