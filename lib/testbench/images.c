/* SPDX-License-Identifier: Apache-2.0 */
/* All images of a session: those that are missing are pulled or built. */
#include <stdlib.h>

#include "base/process.h"
#include "base/text.h"
#include "testbench/internal.h"

bool sg_image_ensure(struct sg_bench *bench, const char *reference, struct sg_image *out,
                     struct sg_error *err)
{
    if (!sg_image_find(&bench->engine, reference, out)) {
        sg_bench_say(bench, "pulling %s", reference);
        const char *argv[] = {"docker", "pull", "--quiet", reference, NULL};
        if (!sg_docker_run(argv, NULL, 900, false, err)) {
            return sg_error_context(err, "image %s is not here and cannot be pulled", reference);
        }
        if (!sg_image_find(&bench->engine, reference, out)) {
            return sg_fail(err, SG_ERROR_ENVIRONMENT, "image %s was pulled but is not here",
                           reference);
        }
    }
    return true;
}

bool sg_image_fetch(struct sg_bench *bench, const char *reference, char **out_why,
                    struct sg_error *err)
{
    struct sg_image image = {0};
    struct sg_error why = {0};
    bool by_id = sg_starts_with(reference, "sha256:"); /* `docker pull` would take that for a tag */
    bool found = by_id ? sg_image_find(&bench->engine, reference, &image)
                       : sg_image_ensure(bench, reference, &image, &why);
    if (!found && why.kind == SG_ERROR_INTERRUPTED) {
        *err = why;
        return false;
    }
    if (!found) {
        *out_why =
            sg_strdup(by_id ? "this engine does not have it, and no registry does" : why.text);
    }
    free(image.digest);
    free(image.id);
    free(image.name);
    return true;
}

static bool prepare_variant(struct sg_bench *bench, size_t index, struct sg_error *err)
{
    const struct sg_config_variant *variant = &bench->config->variants[index];
    struct sg_image *image = &bench->variants[index];
    if (variant->build_context != NULL) {
        return sg_build_variant(bench, index, err);
    }
    if (variant->image != NULL) {
        return sg_image_ensure(bench, variant->image, image, err) ||
               sg_error_context(err, "variant %s", variant->name);
    }
    return true; /* the compose file's own image; its digest is read from the container */
}

static bool prepare_tool(struct sg_bench *bench, const char *name, struct sg_image *out,
                         struct sg_error *err)
{
    char *reference = sg_image_reference(bench->config, name);
    bool ok = sg_image_ensure(bench, reference, out, err);
    free(reference);
    return ok;
}

bool sg_images_tools(struct sg_bench *bench, struct sg_error *err)
{
    return prepare_tool(bench, "k6", &bench->k6, err) &&
           prepare_tool(bench, "prometheus", &bench->prometheus, err) &&
           prepare_tool(bench, "cadvisor", &bench->cadvisor, err);
}

bool sg_images_variants(struct sg_bench *bench, struct sg_error *err)
{
    const char *argv[] = {"docker", "buildx", "version", NULL};
    struct sg_error ignored = {0};
    /* the user may have said "the classic builder", as docker's own command does */
    bench->buildx =
        !sg_streq(sg_env("DOCKER_BUILDKIT"), "0") && sg_docker_run(argv, NULL, 20, false, &ignored);
    bench->variants = sg_alloc(bench->config->variants_count, sizeof(*bench->variants));
    for (size_t i = 0; i < bench->config->variants_count; i++) {
        if (!prepare_variant(bench, i, err)) {
            return false;
        }
    }
    return true;
}
