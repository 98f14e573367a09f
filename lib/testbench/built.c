/* SPDX-License-Identifier: Apache-2.0 */
/* Images that the stack's services need, made once before anything starts: several copies of the
 * stack come up at once, and each would build and pull for itself. What the session builds has a
 * name and a label of the session's; a name of the user's is never given to anything. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/stack.h"

#define TIMEOUT 1800.0 /* seconds to build or pull all */

/* The label is not svcgate.session: images that somebody builds from ours inherit it, and so would
 * the containers of these, which are none of the session's. */
#define LABEL "svcgate.built-for"

bool sg_built_chosen(const struct sg_json *image, const char *tag, const char *session)
{
    const char *own = sg_json_string(sg_json_get(sg_json_get(image, "Labels"), LABEL), "");
    char *prefix = sg_format("%s:%s-", SG_BUILT, own);
    bool chosen = own[0] != '\0' && sg_starts_with(tag, prefix) &&
                  (session == NULL || sg_streq(own, session));
    free(prefix);
    return chosen;
}

static const char *image_of(const struct sg_json *service)
{
    return sg_json_string(sg_json_get(service, "image"), NULL);
}

/* Several services may run what one of them builds and names. */
static bool is_shared(const struct sg_bench *bench, const struct sg_json *service)
{
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    bool found = false;
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        found = found || (!sg_streq(sg_json_key(one), sg_json_key(service)) &&
                          image_of(one) != NULL && sg_streq(image_of(one), image_of(service)));
    }
    return found;
}

/* A service whose image compose has to find: not one that has a variant's image every time. */
static bool is_compose_s(const struct sg_bench *bench, const struct sg_json *service)
{
    bool used = !sg_streq(sg_json_key(service), bench->service) || is_shared(bench, service);
    for (size_t i = 0; i < bench->config->variants_count; i++) {
        used = used || bench->variants[i].name == NULL;
    }
    return used;
}

static bool is_here(const struct sg_bench *bench, const struct sg_json *service)
{
    const char *name = image_of(service);
    struct sg_image image = {0};
    bool here = name != NULL && sg_image_find(&bench->engine, name, &image);
    sg_image_clear(&image);
    return here;
}

static bool has_policy(const struct sg_json *service, const char *policy)
{
    return sg_streq(sg_json_string(sg_json_get(service, "pull_policy"), ""), policy);
}

/* Its own tags and caches are the user's: they stay as they are. */
static struct sg_json *without_users(const struct sg_json *build)
{
    static const char *const users[] = {"tags", "cache_to", NULL};
    return sg_stack_without(build, users);
}

static struct sg_json *own_build(const struct sg_bench *bench, const struct sg_json *build)
{
    struct sg_json *own = without_users(build);
    const struct sg_json *old = sg_json_get(own, "labels");
    struct sg_json *labels = sg_json_is_object(old) ? sg_json_copy(old) : sg_json_new_object();
    sg_json_set_string(labels, LABEL, bench->session);
    sg_json_set(own, "labels", labels);
    return own;
}

/* What is to be done, as a project for compose and the names of services in it. */
struct work {
    bool variant; /* of one, not of the stack */
    struct sg_json *services;
    struct sg_args build, pull;
};

static void add_sources(const struct sg_bench *bench, struct work *work,
                        const struct sg_json *build);

/* Of a variant it is named alike in all sessions and has no label, so that what is the same stays
 * the same image. */
static void add_source(const struct sg_bench *bench, struct work *work, const char *name)
{
    const struct sg_json *services = sg_json_get(bench->stack, "services");
    const struct sg_json *service = sg_json_get(services, name);
    const struct sg_json *build = sg_json_get(service, "build");
    if (build == NULL || sg_json_get(work->services, name) != NULL) {
        return;
    }
    char *image = work->variant ? sg_format("svcgate-variant:%s", name)
                                : sg_format("%s:%s-%s", SG_BUILT, bench->session, name);
    struct sg_json *one = sg_json_new_object();
    sg_json_set_string(one, "image", image);
    sg_json_set(one, "build", work->variant ? without_users(build) : own_build(bench, build));
    sg_json_set(work->services, name, one);
    free(image);
    add_sources(bench, work, build);
}

/* Services whose images a build takes as contexts ("service:base"): compose builds them before it,
 * and refuses a project without them. */
static void add_sources(const struct sg_bench *bench, struct work *work,
                        const struct sg_json *build)
{
    static const char mark[] = "service:";
    const struct sg_json *all = sg_json_get(build, "additional_contexts");
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        if (sg_starts_with(sg_json_string(one, ""), mark)) {
            add_source(bench, work, sg_json_string(one, "") + strlen(mark));
        }
    }
}

/* With `build` under the session's name; what has an image of its name here is used as it is, as
 * compose does. */
static void plan_build(const struct sg_bench *bench, struct work *work, struct sg_json *service,
                       const char *name)
{
    if (has_policy(service, "build") || !is_here(bench, service)) {
        char *image = sg_format("%s:%s-%s", SG_BUILT, bench->session, name);
        struct sg_json *one = sg_json_new_object();
        sg_json_set_string(one, "image", image);
        sg_json_set(one, "build", own_build(bench, sg_json_get(service, "build")));
        if (sg_json_get(service, "platform") != NULL) {
            sg_json_set(one, "platform", sg_json_copy(sg_json_get(service, "platform")));
        }
        sg_json_set(work->services, name, one);
        sg_json_set_string(service, "image", image);
        sg_json_set_string(service, "pull_policy", "never");
        add_sources(bench, work, sg_json_get(service, "build"));
        sg_args_add(&work->build, name);
        free(image);
    }
}

/* What another service is built as, under the name that this one asks for. */
static const char *built_as(const struct sg_bench *bench, const struct work *work,
                            const struct sg_json *service)
{
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    const char *found = NULL;
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        const struct sg_json *built = sg_json_get(work->services, sg_json_key(one));
        if (sg_json_get(built, "build") != NULL && sg_streq(image_of(one), image_of(service))) {
            found = image_of(built);
        }
    }
    return found;
}

static void plan_pull(const struct sg_bench *bench, struct work *work, struct sg_json *service,
                      const char *name)
{
    static const char *const kept[] = {"image", "platform"};
    const char *built = built_as(bench, work, service);
    if (built != NULL) {
        sg_json_set_string(service, "image", built);
        sg_json_set_string(service, "pull_policy", "never");
        return;
    }
    if (has_policy(service, "never") || is_here(bench, service)) {
        return;
    }
    struct sg_json *one = sg_json_new_object();
    for (size_t i = 0; i < SG_COUNT(kept); i++) {
        const struct sg_json *value = sg_json_get(service, kept[i]);
        if (value != NULL) {
            sg_json_set(one, kept[i], sg_json_copy(value));
        }
    }
    sg_json_set(work->services, name, one);
    sg_args_add(&work->pull, name);
}

/* The service as it is started: by its image. */
static struct sg_json *plan(const struct sg_bench *bench, struct work *work,
                            const struct sg_json *service)
{
    static const char *const build[] = {"build", NULL};
    const char *name = sg_json_key(service);
    struct sg_json *copy = sg_json_copy(service);
    if (sg_json_get(service, "build") != NULL) {
        plan_build(bench, work, copy, name);
    } else if (sg_json_get(service, "image") != NULL) {
        plan_pull(bench, work, copy, name);
    }
    struct sg_json *out = sg_stack_without(copy, build);
    sg_json_free(copy);
    return out;
}

/* docker compose … -f images.json VERB <services…> */
static bool compose(const struct sg_bench *bench, const char *project, const char *verb,
                    const struct sg_args *names, struct sg_error *err)
{
    char *file = sg_path_join(bench->folder, "images.json");
    struct sg_args args = sg_stack_words(project, file);
    sg_stack_add_folder(bench, &args);
    sg_args_add(&args, verb);
    for (size_t i = 0; i < names->count; i++) {
        sg_args_add(&args, names->items[i]);
    }
    bool ok = sg_docker_run(args.items, NULL, TIMEOUT, false, err);
    sg_args_free(&args);
    free(file);
    return ok;
}

static bool make_all(const struct sg_bench *bench, const char *verb, const struct sg_args *names,
                     struct sg_error *err)
{
    struct sg_text list = {0};
    for (size_t i = 0; i < names->count; i++) {
        sg_text_printf(&list, "%s%s", i > 0 ? ", " : "", names->items[i]);
    }
    if (names->count > 0) {
        sg_bench_say(bench, "%sing what the stack needs: %s", verb, list.data);
    }
    bool ok = names->count == 0 || compose(bench, bench->place.project, verb, names, err) ||
              sg_error_context(err, "%s of what the stack needs (%s)", verb, list.data);
    sg_text_free(&list);
    return ok;
}

static bool save(const struct sg_bench *bench, const struct work *work, struct sg_error *err)
{
    struct sg_json *project = sg_json_new_object();
    const struct sg_json *secrets = sg_json_get(bench->stack, "secrets");
    sg_json_set(project, "services", sg_json_copy(work->services));
    if (secrets != NULL) {
        sg_json_set(project, "secrets", sg_json_copy(secrets));
    }
    bool ok = sg_compose_save(bench, "images.json", project, err);
    sg_json_free(project);
    return ok;
}

static void forget(struct work *work)
{
    sg_json_free(work->services);
    sg_args_free(&work->build);
    sg_args_free(&work->pull);
}

bool sg_built_make(struct sg_bench *bench, struct sg_error *err)
{
    struct work work = {.services = sg_json_new_object()};
    struct sg_json *services = sg_json_new_object();
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    for (int pass = 0; pass < 2; pass++) { /* what is built, then what may run it */
        for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
            if ((sg_json_get(one, "build") != NULL) == (pass == 0)) {
                sg_json_set(services, sg_json_key(one),
                            is_compose_s(bench, one) ? plan(bench, &work, one) : sg_json_copy(one));
            }
        }
    }
    sg_json_set(bench->stack, "services", services);
    bool ok = save(bench, &work, err) && make_all(bench, "build", &work.build, err) &&
              make_all(bench, "pull", &work.pull, err);
    forget(&work);
    return ok;
}

const struct sg_json *sg_built_how(const struct sg_bench *bench)
{
    const struct sg_json *services = sg_json_get(bench->stack, "services");
    const struct sg_json *build = sg_json_get(sg_json_get(services, bench->service), "build");
    return sg_json_is_object(build) ? build : NULL;
}

bool sg_built_variant(const struct sg_bench *bench, const char *context, const char *dockerfile,
                      const char *tag, struct sg_error *err)
{
    static const char *const inlined[] = {"dockerfile_inline", NULL};
    struct work work = {.variant = true, .services = sg_json_new_object()};
    struct sg_json *service = sg_json_new_object();
    struct sg_json *build = without_users(sg_built_how(bench));
    if (dockerfile != NULL) {
        struct sg_json *named = sg_stack_without(build, inlined);
        sg_json_free(build);
        build = named;
        sg_json_set_string(build, "dockerfile", dockerfile);
    }
    sg_json_set_string(build, "context", context);
    sg_json_set(service, "build", build);
    sg_json_set_string(service, "image", tag);
    sg_json_set(work.services, bench->service, service);
    add_sources(bench, &work, sg_built_how(bench));
    sg_args_add(&work.build, bench->service);
    /* of one project for all sessions: compose labels the image with it, and what is the same is to
     * stay the same image */
    bool ok =
        save(bench, &work, err) && compose(bench, "svcgate-variant", "build", &work.build, err);
    forget(&work);
    return ok;
}
