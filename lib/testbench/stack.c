/* SPDX-License-Identifier: Apache-2.0 */
/* The stack as a project of its own: its compose file, up and down. */
#include "testbench/stack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

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

struct sg_args sg_stack_words(const char *project, const char *file)
{
    struct sg_args args = {0};
    const char *const start[] = {"docker", "compose", "--progress", "quiet",
                                 "-p",     project,   "-f",         file};
    for (size_t i = 0; i < SG_COUNT(start); i++) {
        sg_args_add(&args, start[i]);
    }
    return args;
}

void sg_stack_add_folder(const struct sg_bench *bench, struct sg_args *args)
{
    if (bench->config->compose != NULL) {
        char *folder = sg_path_folder(bench->config->compose);
        sg_args_add(args, "--project-directory");
        sg_args_add(args, folder);
        free(folder);
    }
}

/* A container of another service in the namespace of one that is gone reaches nobody. */
static bool lives_in(const struct sg_json *service, const char *name)
{
    static const char *const kinds[] = {"network_mode", "ipc", "pid"};
    char *mode = sg_format("service:%s", name);
    bool found = false;
    for (size_t i = 0; i < SG_COUNT(kinds); i++) {
        found = found || sg_streq(sg_json_string(sg_json_get(service, kinds[i]), ""), mode);
    }
    free(mode);
    return found;
}

/* A new container of the service under test alone, with those that live in it. */
static void add_renewal(const struct sg_bench *bench, struct sg_args *args)
{
    const char *const again[] = {"--force-recreate", "--renew-anon-volumes", "--no-deps",
                                 bench->service};
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    for (size_t i = 0; i < SG_COUNT(again); i++) {
        sg_args_add(args, again[i]);
    }
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        if (lives_in(one, bench->service)) {
            sg_args_add(args, sg_json_key(one));
        }
    }
}

/* Seconds until all of it is up, health checks and jobs included. */
static double up_timeout(const struct sg_config *config)
{
    return fmax(300, config->ready_timeout);
}

bool sg_stack_up(const struct sg_bench *bench, struct sg_place *place, struct sg_error *err)
{
    bool renew = bench->config->fresh_stack && place->started;
    if (renew && !sg_stack_down(place, err)) {
        return false;
    }
    struct sg_args args = sg_stack_words(place->project, place->file);
    sg_stack_add_folder(bench, &args);
    sg_args_add(&args, "up");
    sg_args_add(&args, "-d");
    if (place->started && !renew) {
        add_renewal(bench, &args);
    }
    place->started = true;
    bool ok = sg_docker_run(args.items, NULL, up_timeout(bench->config), false, err);
    sg_args_free(&args);
    return ok;
}

bool sg_stack_down(const struct sg_place *place, struct sg_error *err)
{
    static const char *const words[] = {"down", "-v", "--remove-orphans", "-t", "1"};
    struct sg_args args = sg_stack_words(place->project, place->file);
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        sg_args_add(&args, words[i]);
    }
    bool ok = sg_docker_run(args.items, NULL, 120, true, err);
    sg_args_free(&args);
    return ok;
}
