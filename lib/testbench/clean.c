/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what sessions leave: everything carries the label svcgate.session. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"
#include "testbench/internal.h"

struct kind {
    const char *path;          /* of the Engine API's list */
    const char *member;        /* of the answer that holds the list, or NULL */
    const char *id;            /* member of an item */
    const char *const *remove; /* the docker command that removes */
};

static const char *const remove_container[] = {"docker", "rm", "-f", "-v", NULL};
static const char *const remove_network[] = {"docker", "network", "rm", NULL};
static const char *const remove_volume[] = {"docker", "volume", "rm", "-f", NULL};
static const struct kind kinds[] = {
    {"/containers/json?all=1&filters=", NULL, "Id", remove_container},
    {"/networks?filters=", NULL, "Id", remove_network},
    {"/volumes?filters=", "Volumes", "Name", remove_volume},
};

/* What to remove: one session; or (session NULL) all of this host, or of all hosts. */
struct choice {
    const char *session, *host;
    bool all;
};

static bool chosen(const struct sg_json *item, const struct choice *choice)
{
    const struct sg_json *labels = sg_json_get(item, "Labels");
    const char *session = sg_json_string(sg_json_get(labels, "svcgate.session"), "");
    if (choice->session != NULL) {
        return sg_streq(session, choice->session);
    }
    const char *host = sg_json_string(sg_json_get(labels, "svcgate.host"), "");
    return choice->all || (!sg_streq(session, "up") && sg_streq(host, choice->host));
}

static bool clean_kind(const struct sg_engine *engine, const struct kind *kind,
                       const struct choice *choice, size_t *removed, struct sg_error *err)
{
    char *filter = sg_http_escape("{\"label\":[\"svcgate.session\"]}");
    char *path = sg_format("%s%s", kind->path, filter);
    struct sg_json *json = NULL;
    bool ok = sg_engine_get(engine, path, &json, err);
    free(path);
    free(filter);
    const struct sg_json *list = kind->member != NULL ? sg_json_get(json, kind->member) : json;
    struct sg_args args = {0};
    for (size_t i = 0; kind->remove[i] != NULL; i++) {
        sg_args_add(&args, kind->remove[i]);
    }
    size_t found = 0;
    for (const struct sg_json *item = sg_json_first(list); ok && item; item = sg_json_next(item)) {
        if (chosen(item, choice)) {
            sg_args_add(&args, sg_json_string(sg_json_get(item, kind->id), ""));
            found++;
        }
    }
    ok = ok && (found == 0 || sg_docker_run(args.items, NULL, 120, true, err));
    *removed += ok ? found : 0;
    sg_args_free(&args);
    sg_json_free(json);
    return ok;
}

static bool clean(const struct sg_engine *engine, const struct choice *choice, size_t *removed,
                  struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < SG_COUNT(kinds); i++) {
        ok = clean_kind(engine, &kinds[i], choice, removed, err) && ok;
    }
    return ok;
}

/* An engine may still be making what an interrupted command asked for: looks again until nothing
 * more turns up. */
bool sg_clean_session(const struct sg_engine *engine, const char *session, struct sg_error *err)
{
    const struct timespec pause = {.tv_nsec = 300 * SG_MILLISECOND};
    const struct choice choice = {.session = session};
    bool ok = true;
    for (int pass = 0; ok && pass < 4; pass++) {
        size_t removed = 0;
        ok = clean(engine, &choice, &removed, err);
        if (sg_interrupt_signal() == 0 || (removed == 0 && pass > 0)) {
            break;
        }
        (void)nanosleep(&pause, NULL);
    }
    return ok;
}

bool sg_clean_dead(const struct sg_engine *engine, const char *host, bool all,
                   const struct sg_bench_progress *progress, size_t *out_removed,
                   struct sg_error *err)
{
    *out_removed = 0;
    sg_temporary_sweep(SG_FOLDER_MARK);
    if (!clean(engine, &(struct choice){.host = host, .all = all}, out_removed, err)) {
        return sg_error_context(err, "removing what a dead session left");
    }
    if (*out_removed > 0 && progress != NULL && progress->say != NULL) {
        char *text = sg_format(
            "removed %zu containers, networks and volumes that a dead session left", *out_removed);
        progress->say(progress->context, text);
        free(text);
    }
    return true;
}
