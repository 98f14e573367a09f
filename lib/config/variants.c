/* SPDX-License-Identifier: Apache-2.0 */
/* Variants: an image, a build, or nothing but a setting. */
#include "config/readers.h"
#include "config/words.h"

#include "base/file.h"
#include "base/text.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>

void sg_pairs_free(struct sg_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].key);
        free(pairs[i].value);
    }
    free(pairs);
}

void sg_config_variant_clear(struct sg_config_variant *variant)
{
    free(variant->name);
    free(variant->image);
    free(variant->build_context);
    free(variant->build_ref);
    free(variant->build_dockerfile);
    sg_pairs_free(variant->env, variant->env_count);
    *variant = (struct sg_config_variant){0};
}

static bool is_name(const char *name, const char *first, const char *rest)
{
    return name[0] != '\0' && strchr(first, name[0]) != NULL && name[strspn(name, rest)] == '\0' &&
           strlen(name) <= 63;
}

bool sg_is_service_name(const char *name)
{
    return is_name(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");
}

/* They become labels and parts of container names. */
static bool is_variant_name(const char *name)
{
    return is_name(name, "abcdefghijklmnopqrstuvwxyz0123456789",
                   "abcdefghijklmnopqrstuvwxyz0123456789_.-");
}

bool sg_read_ref(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target)
{
    struct sg_error why = {0};
    if (!sg_read_text(r, key, value, target)) {
        return false;
    }
    return sg_source_check_ref(value->text, &why) || sg_reader_fail(r, value, "ref: %s", why.text);
}

bool sg_read_build(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                   void *target)
{
    struct sg_config_variant *variant = target;
    if (sg_node_is_text(value) && value->text[0] != '\0') {
        variant->build_context = sg_path_join(r->folder, value->text);
        return true;
    }
    if (value->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, key, value);
    }
    if (!sg_keys_read(r, sg_build_keys, value, variant)) {
        return false;
    }
    if (variant->build_context == NULL) {
        variant->build_context = sg_path_join(r->folder, ".");
    }
    return true;
}

static bool read_variant(struct sg_reader *r, const struct sg_node *value,
                         struct sg_config_variant *out)
{
    static const struct sg_key whole = {.name = "variant",
                                        .expect = "an image, or a mapping of "
                                                  "image, build and env"};
    out->name = sg_strdup(value->key);
    out->line = value->key_line;
    if (!is_variant_name(value->key)) {
        char *word = sg_quoted(value->key);
        (void)sg_reader_fail_key(r, value,
                                 "%s is no name for a variant; use a-z, 0-9, \"_\", \".\" and "
                                 "\"-\", at most 63, a letter or digit first",
                                 word);
        free(word);
        return false;
    }
    if (sg_node_is_null(value)) {
        return true; /* the compose service as it is */
    }
    if (sg_node_is_text(value) && value->text[0] != '\0') {
        out->image = sg_strdup(value->text);
        return true;
    }
    if (value->kind != SG_NODE_MAP) {
        return sg_reader_expected(r, &whole, value);
    }
    if (!sg_keys_read(r, sg_variant_keys, value, out)) {
        return false;
    }
    const struct sg_node *build = sg_node_find(value, "build");
    if (build != NULL && out->image != NULL) {
        return sg_reader_fail_key(r, build, "build: this variant has an image already; keep one");
    }
    return true;
}

bool sg_read_variants(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target)
{
    struct sg_config *config = target;
    if (value->kind != SG_NODE_MAP || value->count == 0) {
        return sg_reader_expected(r, key, value);
    }
    for (size_t i = 0; i < value->count; i++) {
        config->variants =
            sg_grow(config->variants, config->variants_count, sizeof(*config->variants));
        if (!read_variant(r, &value->items[i], &config->variants[config->variants_count++])) {
            return false;
        }
        char *name = sg_format("variants.%s", value->items[i].key);
        sg_reader_origin(r, name, &value->items[i]);
        free(name);
    }
    return true;
}
