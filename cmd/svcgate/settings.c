/* SPDX-License-Identifier: Apache-2.0 */
/* Where the configuration comes from, and flags laid over it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "base/text.h"
#include "verbs.h"

void set_text(char **place, const char *text)
{
    if (text != NULL) {
        free(*place);
        *place = sg_strdup(text);
    }
}

char *couplings_path(void)
{
    const char *cache = sg_env("XDG_CACHE_HOME");
    const char *home = sg_env("HOME");
    if (cache != NULL && cache[0] == '/') {
        return sg_format("%s/svcgate/coupling.json", cache);
    }
    return home != NULL ? sg_format("%s/.cache/svcgate/coupling.json", home) : NULL;
}

bool load_config(const char *path, bool required, struct sg_config *out, struct sg_error *err)
{
    char *found = NULL;
    if (path == NULL) {
        if (!sg_config_find(".", &found, err)) {
            return false;
        }
        path = found;
    }
    bool ok = true;
    if (path != NULL) {
        ok = sg_config_read(path, out, err);
    } else if (required) {
        ok =
            sg_fail(err, SG_ERROR_CONFIG,
                    "no svcgate.yaml here or above; `svcgate init` writes one, --config names one");
    } else {
        sg_config_init(out);
        out->folder = sg_strdup(".");
    }
    free(found);
    return ok;
}

bool add_variant_word(struct sg_config *config, const char *word, struct sg_error *err)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals == word || equals[1] == '\0') {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "\"%s\" is no variant: write NAME=IMAGE, for example base=shop/api:main",
                       word);
    }
    size_t length = (size_t)(equals - word);
    for (size_t i = 0; i < config->variants_count; i++) {
        struct sg_config_variant *variant = &config->variants[i];
        if (strlen(variant->name) == length && strncmp(variant->name, word, length) == 0) {
            set_text(&variant->image, equals + 1);
            free(variant->build_context);
            variant->build_context = NULL;
            return true;
        }
    }
    config->variants = sg_grow(config->variants, config->variants_count, sizeof(*config->variants));
    struct sg_config_variant *variant = &config->variants[config->variants_count++];
    variant->name = sg_format("%.*s", (int)length, word);
    variant->image = sg_strdup(equals + 1);
    return true;
}

/* --gate replaces the file's gates, and the waivers with them. */
bool add_gate_words(struct sg_config *config, const struct sg_strings *words, struct sg_error *err)
{
    if (words->count == 0) {
        return true;
    }
    sg_config_drop_gates(config);
    for (size_t i = 0; i < words->count; i++) {
        struct sg_gate gate;
        if (!sg_config_gate(words->items[i], &gate, err)) {
            return sg_error_context(err, "--gate %s", words->items[i]);
        }
        config->gates = sg_grow(config->gates, config->gates_count, sizeof(gate));
        config->gates[config->gates_count++] = gate;
    }
    return true;
}
