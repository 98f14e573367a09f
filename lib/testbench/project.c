/* SPDX-License-Identifier: Apache-2.0 */
/* The user's compose project as `docker compose up` would bring it up. */
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "base/text.h"
#include "testbench/stack.h"

/* A service and all that it needs, whatever profile they are in: compose, too, takes the profiles
 * of a service that is named. */
static void keep(const struct sg_json *all, const char *name, struct sg_json *kept)
{
    const struct sg_json *service = sg_json_get(all, name);
    if (service == NULL || sg_json_get(kept, name) != NULL) {
        return;
    }
    sg_json_set(kept, name, sg_json_copy(service));
    const struct sg_json *needs = sg_json_get(service, "depends_on");
    for (const struct sg_json *n = sg_json_first(needs); n != NULL; n = sg_json_next(n)) {
        if (sg_json_bool(sg_json_get(n, "required"), true)) {
            keep(all, sg_json_key(n), kept);
        }
    }
}

static void keep_active(const struct sg_bench *bench, char *active)
{
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    struct sg_json *kept = sg_json_new_object();
    keep(all, bench->service, kept);
    for (char *rest = NULL, *name = strtok_r(active, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest)) {
        keep(all, name, kept);
    }
    sg_json_set(bench->stack, "services", kept);
}

/* A session has networks of its own, on which k6 meets the service. */
static bool check_network(const struct sg_bench *bench, const char *file, struct sg_error *err)
{
    const struct sg_json *services = sg_json_get(bench->stack, "services");
    const struct sg_json *service = sg_json_get(services, bench->service);
    const char *mode = sg_json_string(sg_json_get(service, "network_mode"), "");
    return (!sg_streq(mode, "host") && strchr(mode, ':') == NULL) ||
           sg_fail(
               err, SG_ERROR_CONFIG,
               "%s: service %s has `network_mode: %s`, and a session gives it networks of its "
               "own, where k6 and the other services of the stack reach it. Take it out for the "
               "measurement, with `network_mode: !reset null` in an override file beside it, and "
               "let the service find others by their names",
               file, bench->service, mode);
}

/* Compose asks for the value of a secret or config only when it starts a container. */
static bool check_values_of(const struct sg_bench *bench, const struct sg_json *service,
                            const char *kind, struct sg_error *err)
{
    const struct sg_json *all = sg_json_get(bench->stack, kind);
    const struct sg_json *used = sg_json_get(service, kind);
    for (const struct sg_json *one = sg_json_first(used); one != NULL; one = sg_json_next(one)) {
        const char *source = sg_json_string(sg_json_get(one, "source"), "");
        const struct sg_json *from = sg_json_get(sg_json_get(all, source), "environment");
        const char *name = sg_json_string(from, NULL);
        if (name != NULL && !sg_project_knows(bench->config, name)) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s: %s.%s takes its value from the variable %s, which is not set",
                           bench->config->compose, kind, source, name);
        }
    }
    return true;
}

static bool check_values(const struct sg_bench *bench, struct sg_error *err)
{
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    bool ok = true;
    for (const struct sg_json *one = sg_json_first(all); ok && one != NULL;
         one = sg_json_next(one)) {
        ok = check_values_of(bench, one, "secrets", err) &&
             check_values_of(bench, one, "configs", err);
    }
    return ok;
}

static bool read_files(struct sg_bench *bench, const char *const *files, struct sg_error *err)
{
    const char *project = bench->place.project;
    char *active = NULL;
    bool ok = sg_compose_config(project, files, NULL, &bench->stack, err) &&
              (sg_json_get(sg_json_get(bench->stack, "services"), bench->service) != NULL ||
               sg_fail(err, SG_ERROR_CONFIG, "%s has no service \"%s\" (service.name)", files[0],
                       bench->service)) &&
              check_network(bench, files[0], err) &&
              sg_compose_active(project, files, &active, err);
    if (ok) {
        keep_active(bench, active);
    }
    free(active);
    return ok && check_values(bench, err);
}

static void say_shared(const struct sg_bench *bench)
{
    char *shared = sg_stack_shared(bench->stack);
    if (shared != NULL) {
        sg_bench_say(bench, "the stack uses as they are, and svcgate does not remove: %s", shared);
    }
    free(shared);
}

bool sg_project_read(struct sg_bench *bench, struct sg_error *err)
{
    if (bench->config->compose == NULL) {
        struct sg_json *services = sg_json_new_object();
        sg_json_set(services, bench->service, sg_json_new_object());
        bench->stack = sg_json_new_object();
        sg_json_set(bench->stack, "services", services);
        return true;
    }
    char *said = NULL;
    struct sg_args files = sg_project_files(bench->config, &said);
    if (said != NULL) {
        sg_bench_say(bench, "%s", said);
    }
    free(said);
    bool ok = read_files(bench, files.items, err);
    sg_args_free(&files);
    if (ok) {
        say_shared(bench);
    }
    return ok;
}
