/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what sessions leave: everything carries the label svcgate.session, but for images, which
 * go by name and label. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "testbench/stack.h"

struct kind {
    const char *path;          /* of the Engine API's list */
    const char *member;        /* of the answer that holds the list, or NULL */
    const char *id;            /* member of an item; NULL: an image, which has tags */
    const char *const *remove; /* the docker command that removes */
};

/* {"label":["svcgate.session"]} */
#define LABELLED "filters=%7B%22label%22%3A%5B%22svcgate.session%22%5D%7D"

static const char *const remove_container[] = {"docker", "rm", "-f", "-v", NULL};
static const char *const remove_network[] = {"docker", "network", "rm", NULL};
static const char *const remove_volume[] = {"docker", "volume", "rm", "-f", NULL};
/* What the engine's own builder keeps for the next build stays. */
static const char *const remove_image[] = {"docker", "image", "rm", "--no-prune", NULL};
static const struct kind kinds[] = {
    {"/containers/json?all=1&" LABELLED, NULL, "Id", remove_container},
    {"/networks?" LABELLED, NULL, "Id", remove_network},
    {"/volumes?" LABELLED, "Volumes", "Name", remove_volume},
    {"/images/json?filters=%7B%22reference%22%3A%5B%22" SG_BUILT "%22%5D%7D", NULL, NULL,
     remove_image},
};

enum { CONTAINERS, NETWORKS, VOLUMES, IMAGES, KINDS };

/* What is to be removed, kind by kind, as commands. */
struct found {
    struct sg_args commands[KINDS];
    size_t counts[KINDS];
};

/* The project of the service's stack: "svcgate-S-service", or "svcgate-S-service-3" where several
 * stand side by side. */
static bool is_stack(const char *project, const char *stack)
{
    if (!sg_starts_with(project, stack)) {
        return false;
    }
    const char *rest = project + strlen(stack);
    return *rest == '\0' ||
           (*rest == '-' && rest[1] != '\0' && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

/* An image, too, can carry labels of ours; only compose names its project. */
static bool is_made_by(const struct sg_json *labels, const char *session)
{
    const char *made_by = sg_json_string(sg_json_get(labels, "com.docker.compose.project"), "");
    char *bench = sg_format("svcgate-%s", session);
    char *stack = sg_format("svcgate-%s-service", session);
    bool ok = sg_streq(made_by, bench) || is_stack(made_by, stack);
    free(stack);
    free(bench);
    return ok;
}

bool sg_clean_chosen(const struct sg_json *item, const char *session, bool all)
{
    const struct sg_json *labels = sg_json_get(item, "Labels");
    const char *own = sg_json_string(sg_json_get(labels, "svcgate.session"), "");
    bool wanted = session != NULL ? sg_streq(own, session) : all || !sg_streq(own, "up");
    return wanted && is_made_by(labels, own);
}

/* By tag, so that another name of the same image stays. */
static void add_tags(const struct sg_json *image, const char *session, size_t *count,
                     struct sg_args *command)
{
    const struct sg_json *tags = sg_json_get(image, "RepoTags");
    for (const struct sg_json *tag = sg_json_first(tags); tag != NULL; tag = sg_json_next(tag)) {
        if (sg_built_chosen(image, sg_json_string(tag, ""), session)) {
            sg_args_add(command, sg_json_string(tag, ""));
            (*count)++;
        }
    }
}

static bool find_kind(const struct sg_engine *engine, size_t index, const char *session, bool all,
                      struct found *out, struct sg_error *err)
{
    const struct kind *kind = &kinds[index];
    struct sg_json *json = NULL;
    bool ok = sg_engine_get(engine, kind->path, &json, err);
    const struct sg_json *list = kind->member != NULL ? sg_json_get(json, kind->member) : json;
    for (size_t i = 0; kind->remove[i] != NULL; i++) {
        sg_args_add(&out->commands[index], kind->remove[i]);
    }
    for (const struct sg_json *item = sg_json_first(list); ok && item; item = sg_json_next(item)) {
        if (kind->id == NULL) {
            add_tags(item, session, &out->counts[index], &out->commands[index]);
        } else if (sg_clean_chosen(item, session, all)) {
            sg_args_add(&out->commands[index], sg_json_string(sg_json_get(item, kind->id), ""));
            out->counts[index]++;
        }
    }
    sg_json_free(json);
    return ok;
}

static bool find_all(const struct sg_engine *engine, const char *session, bool all,
                     struct found *out, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < KINDS; i++) {
        ok = find_kind(engine, i, session, all, out, err) && ok;
    }
    return ok;
}

static bool remove_found(const struct found *found, size_t *removed, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < KINDS; i++) {
        if (found->counts[i] > 0) {
            bool gone = sg_docker_run(found->commands[i].items, NULL, 120, true, err);
            *removed += gone ? found->counts[i] : 0;
            ok = ok && gone;
        }
    }
    return ok;
}

static void forget(struct found *found)
{
    for (size_t i = 0; i < KINDS; i++) {
        sg_args_free(&found->commands[i]);
    }
}

static bool clean(const struct sg_engine *engine, const char *session, size_t *removed,
                  struct sg_error *err)
{
    struct found found = {0};
    bool ok = find_all(engine, session, false, &found, err);
    ok = remove_found(&found, removed, err) && ok;
    forget(&found);
    return ok;
}

/* An engine may still be making what an interrupted command asked for: looks again until nothing
 * more turns up. */
bool sg_clean_session(const struct sg_engine *engine, const char *session, struct sg_error *err)
{
    const struct timespec pause = {.tv_nsec = 300 * SG_MILLISECOND};
    bool ok = true;
    for (int pass = 0; ok && pass < 4; pass++) {
        size_t removed = 0;
        ok = clean(engine, session, &removed, err);
        if (sg_interrupt_signal() == 0 || (removed == 0 && pass > 0)) {
            break;
        }
        (void)nanosleep(&pause, NULL);
    }
    return ok;
}

/* After containers that ended at the same moment, engine 20.10 now and then keeps count of
 * endpoints that are gone. Such a network is empty and harmless, and only a restart of the engine
 * removes it; and an image that somebody has made a container of is not to be removed: no reason to
 * measure nothing until then. */
static bool only_harmless_stay(const struct sg_engine *engine, bool all,
                               const struct sg_bench_progress *progress)
{
    struct found left = {0};
    struct sg_error ignored = {0};
    bool ok = find_all(engine, NULL, all, &left, &ignored) && left.counts[CONTAINERS] == 0 &&
              left.counts[VOLUMES] == 0;
    bool told = ok && progress != NULL && progress->say != NULL;
    if (told && left.counts[NETWORKS] > 0) {
        progress->say(progress->context,
                      "networks of a dead session stay: the engine says that they have endpoints, "
                      "but no container is in them; a restart of the engine removes them");
    }
    if (told && left.counts[IMAGES] > 0) {
        progress->say(progress->context,
                      "images that a dead session built stay: containers of others use them");
    }
    forget(&left);
    return ok;
}

/* A session takes the lock before it makes anything. So whatever is there before the lock is seen
 * to be free belongs to sessions that are over, wherever they ran. */
bool sg_clean_dead(const struct sg_engine *engine, bool locked, bool all,
                   const struct sg_bench_progress *progress, size_t *out_removed,
                   struct sg_error *err)
{
    struct found found = {0};
    *out_removed = 0;
    sg_temporary_sweep(SG_FOLDER_MARK);
    bool ok =
        find_all(engine, NULL, all, &found, err) && (locked || sg_lock_wait_free(engine, err)) &&
        (remove_found(&found, out_removed, err) || only_harmless_stay(engine, all, progress) ||
         sg_error_context(err, "removing what a dead session left"));
    forget(&found);
    if (!ok) {
        return false;
    }
    if (*out_removed > 0 && progress != NULL && progress->say != NULL) {
        char *text = sg_format(
            "removed %zu containers, networks, volumes and images that a dead session left",
            *out_removed);
        progress->say(progress->context, text);
        free(text);
    }
    return true;
}
