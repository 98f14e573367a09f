/* SPDX-License-Identifier: Apache-2.0 */
/* One image: which is meant, is it here, and what exactly is it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "base/text.h"
#include "testbench/assets.h"
#include "testbench/internal.h"

static const char *table(void)
{
    for (size_t i = 0; i < sg_assets_count; i++) {
        if (sg_streq(sg_assets[i].name, "images.txt")) {
            return sg_assets[i].data;
        }
    }
    return "";
}

/* The second column of the row that starts with `name`. */
static char *official_reference(const char *name)
{
    size_t length = strlen(name);
    for (const char *line = table(); line != NULL && *line != '\0';) {
        if (strncmp(line, name, length) == 0 && isspace((unsigned char)line[length])) {
            const char *from = line + length + strspn(line + length, " \t");
            return sg_format("%.*s", (int)strcspn(from, " \t\n"), from);
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return sg_strdup(name);
}

char *sg_image_reference(const struct sg_config *config, const char *name)
{
    for (size_t i = 0; config != NULL && i < config->images_count; i++) {
        if (sg_streq(config->images[i].key, name)) {
            return sg_strdup(config->images[i].value);
        }
    }
    char *variable = sg_format("SVCGATE_IMAGE_%s", name);
    for (char *c = variable; *c != '\0'; c++) {
        *c = (char)toupper((unsigned char)*c);
    }
    const char *told = sg_env(variable);
    free(variable);
    return told != NULL ? sg_strdup(told) : official_reference(name);
}

/* Whether the engine knows the image by the digest that the reference asks for, if it asks. */
static bool has_digest(const struct sg_json *digests, const char *reference)
{
    const char *wanted = strchr(reference, '@');
    bool found = wanted == NULL;
    for (const struct sg_json *one = sg_json_first(digests); one != NULL; one = sg_json_next(one)) {
        found = found || sg_ends_with(sg_json_string(one, ""), wanted);
    }
    return found;
}

static bool has_health_check(const struct sg_json *image)
{
    const struct sg_json *config = sg_json_get(image, "Config");
    const struct sg_json *test = sg_json_get(sg_json_get(config, "Healthcheck"), "Test");
    const char *kind = sg_json_string(sg_json_first(test), "NONE");
    return !sg_streq(kind, "NONE");
}

bool sg_image_find(const struct sg_engine *engine, const char *reference, struct sg_image *out)
{
    char *path = sg_format("/images/%s/json", reference);
    struct sg_json *json = NULL;
    struct sg_error ignored = {0};
    bool found = sg_engine_get(engine, path, &json, &ignored);
    free(path);
    found = found && has_digest(sg_json_get(json, "RepoDigests"), reference);
    if (found) {
        const char *id = sg_json_string(sg_json_get(json, "Id"), "");
        const char *digest = sg_json_string(sg_json_first(sg_json_get(json, "RepoDigests")), id);
        free(out->digest);
        free(out->id);
        free(out->name);
        out->name = sg_strdup(reference);
        out->digest = sg_strdup(digest);
        out->id = sg_strdup(id);
        out->health_check = has_health_check(json);
    }
    sg_json_free(json);
    return found;
}

void sg_image_clear(struct sg_image *image)
{
    free(image->name);
    free(image->digest);
    free(image->id);
    free(image->commit);
    *image = (struct sg_image){0};
}

char *sg_image_exact(const struct sg_image *image)
{
    const char *digest = strchr(image->digest, '@');
    return sg_format("%.*s%s", (int)strcspn(image->name, "@"), image->name,
                     digest != NULL ? digest : "");
}
