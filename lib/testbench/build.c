/* SPDX-License-Identifier: Apache-2.0 */
/* Images of variants that are built here: from a folder as it is, or as it was at a commit. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "source/source.h"
#include "testbench/stack.h"

#define SHORT_COMMIT 12

/* A path may be longer than what sg_args_printf holds. */
static void add_option(struct sg_args *args, const char *option, const char *value)
{
    char *word = sg_format("%s=%s", option, value);
    sg_args_add(args, word);
    free(word);
}

static bool build(const struct sg_bench *bench, const struct sg_config_variant *variant,
                  const char *context, const char *tag, struct sg_error *err)
{
    if (sg_built_how(bench) != NULL) {
        return sg_built_variant(bench, context, variant->build_dockerfile, tag, err);
    }
    struct sg_args args = {0};
    sg_args_add(&args, "docker");
    sg_args_add(&args, "build");
    sg_args_add(&args, "--quiet");
    if (bench->buildx) {
        sg_args_add(&args, "--load"); /* a builder may keep what it built to itself */
    }
    add_option(&args, "--tag", tag);
    if (variant->build_dockerfile != NULL) {
        /* docker would look for it from the folder that it is started in */
        char *file = sg_path_join(context, variant->build_dockerfile);
        add_option(&args, "--file", file);
        free(file);
    }
    sg_args_add(&args, "--");
    sg_args_add(&args, context);
    const char *classic[] = {"DOCKER_BUILDKIT=0", NULL};
    bool ok = sg_docker_run(args.items, bench->buildx ? NULL : classic, 1800, false, err);
    sg_args_free(&args);
    return ok;
}

static bool build_folder(struct sg_bench *bench, const struct sg_config_variant *variant,
                         char **out_tag, struct sg_error *err)
{
    /* The tag stays, so that the next session builds from the engine's cache. */
    *out_tag = sg_format("svcgate-variant/%s:latest", variant->name);
    sg_bench_say(bench, "building variant %s from %s", variant->name, variant->build_context);
    return build(bench, variant, variant->build_context, *out_tag, err);
}

/* Tags of other commits would pile up, one a merge base. What they share with the new image, and
 * the engine's cache, stay. A tag that is in use stays too. */
static void drop_older(const char *tag)
{
    const char *colon = strrchr(tag, ':');
    char *name = sg_format("%.*s", (int)(colon - tag), tag);
    const char *list[] = {"docker", "image", "ls", "--format", "{{.Tag}}", name, NULL};
    char *tags = NULL;
    struct sg_error ignored = {0};
    if (sg_docker_output(list, &tags, &ignored)) {
        for (char *rest = NULL, *one = strtok_r(tags, "\n", &rest); one != NULL;
             one = strtok_r(NULL, "\n", &rest)) {
            bool commit =
                strlen(one) == SHORT_COMMIT && strspn(one, "0123456789abcdef") == SHORT_COMMIT;
            char *old = sg_format("%s:%s", name, one);
            const char *remove[] = {"docker", "image", "rm", "--no-prune", old, NULL};
            if (commit && !sg_streq(old, tag)) {
                (void)!sg_docker_run(remove, NULL, 60, false, &ignored);
            }
            free(old);
        }
    }
    free(tags);
    free(name);
}

/* Leftovers are no reason to stop, but they must be told. */
static void close_source(const struct sg_bench *bench, struct sg_source *source)
{
    struct sg_error left = {0};
    if (!sg_source_close(source, &left)) {
        sg_bench_say(bench, "%s", left.text);
    }
}

static bool build_commit(struct sg_bench *bench, const struct sg_config_variant *variant,
                         struct sg_image *image, char **out_tag, struct sg_error *err)
{
    struct sg_source source = {0};
    bool ok = sg_source_open(variant->build_context, variant->build_ref, &source, err);
    if (ok) {
        *out_tag = sg_format("svcgate-variant/%s:%.*s", variant->name, SHORT_COMMIT, source.commit);
        free(image->commit);
        image->commit = sg_strdup(source.commit);
        sg_bench_say(bench, "building variant %s from %s, commit %.*s", variant->name,
                     variant->build_ref, SHORT_COMMIT, source.commit);
        ok = build(bench, variant, source.context, *out_tag, err);
    }
    close_source(bench, &source);
    if (ok) {
        drop_older(*out_tag);
    }
    return ok;
}

bool sg_build_variant(struct sg_bench *bench, size_t index, struct sg_error *err)
{
    const struct sg_config_variant *variant = &bench->config->variants[index];
    struct sg_image *image = &bench->variants[index];
    char *tag = NULL;
    bool ok = variant->build_ref != NULL ? build_commit(bench, variant, image, &tag, err)
                                         : build_folder(bench, variant, &tag, err);
    /* never pulled: in a registry that name is somebody else's */
    ok = ok && (sg_image_find(&bench->engine, tag, image) ||
                sg_fail(err, SG_ERROR_ENVIRONMENT,
                        "the build ended well, but the engine has no image %s", tag));
    ok = ok || sg_error_context(err, "building variant %s", variant->name);
    free(tag);
    return ok;
}
