/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration's life, reading the file, and what several files of the room need of it. */
#include "config/config.h"
#include "config/readers.h"

#include "base/file.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void sg_config_init(struct sg_config *config)
{
    *config = (struct sg_config){.ready_timeout = 60,
                                 .cpus = NAN,
                                 .memory = NAN,
                                 .rate = NAN,
                                 .duration = NAN,
                                 .warmup = NAN,
                                 .measure = NAN,
                                 .min_repetitions = 6,
                                 .max_repetitions = 21,
                                 .budget = 1800,
                                 .alpha = 0.01,
                                 .beta = 0.05,
                                 .inconclusive = SG_POLICY_KEEP,
                                 .missing_baseline = SG_POLICY_KEEP,
                                 .adjust = true,
                                 .sliced = true,
                                 .keep_awake = SG_KEEP_AWAKE_AUTO};
}

void sg_config_drop_gates(struct sg_config *config)
{
    for (size_t i = 0; i < config->gates_count; i++) {
        sg_gate_clear(&config->gates[i]);
    }
    for (size_t i = 0; i < config->waivers_count; i++) {
        sg_waiver_clear(&config->waivers[i].waiver);
        free(config->waivers[i].bound);
    }
    free(config->gates);
    free(config->waivers);
    config->gates = NULL;
    config->gates_count = 0;
    config->waivers = NULL;
    config->waivers_count = 0;
}

static void clear_lists(struct sg_config *config)
{
    for (size_t i = 0; i < config->variants_count; i++) {
        sg_config_variant_clear(&config->variants[i]);
    }
    sg_config_drop_gates(config);
    for (size_t i = 0; i < config->metrics_count; i++) {
        sg_metric_clear(&config->metrics[i]);
    }
    for (size_t i = 0; i < config->origins_count; i++) {
        free(config->origins[i].key);
        free(config->origins[i].from);
    }
    free(config->variants);
    free(config->metrics);
    free(config->origins);
    sg_pairs_free(config->load_env, config->load_env_count);
    sg_pairs_free(config->images, config->images_count);
    sg_texts_free(config->command);
    sg_texts_free(config->compose_over);
    sg_mix_clear(config);
    sg_texts_free(config->files);
}

void sg_config_clear(struct sg_config *config)
{
    char *texts[] = {
        config->path,           config->folder,           config->compose,       config->service,
        config->ready,          config->reference,        config->script,        config->baseline,
        config->service_cpuset, config->generator_cpuset, config->monitor_cpuset};
    for (size_t i = 0; i < SG_COUNT(texts); i++) {
        free(texts[i]);
    }
    clear_lists(config);
    sg_config_init(config);
}

void sg_config_set_compose(struct sg_config *config, char *const *files, size_t count)
{
    free(config->compose);
    sg_texts_free(config->compose_over);
    config->compose = count > 0 ? sg_strdup(files[0]) : NULL;
    config->compose_over = count > 1 ? sg_alloc(count, sizeof(*config->compose_over)) : NULL;
    for (size_t i = 1; i < count; i++) {
        config->compose_over[i - 1] = sg_strdup(files[i]);
    }
}

static struct sg_origin *find_origin(const struct sg_config *config, const char *key)
{
    for (size_t i = 0; i < config->origins_count; i++) {
        if (sg_streq(config->origins[i].key, key)) {
            return &config->origins[i];
        }
    }
    return NULL;
}

void sg_config_set_origin(struct sg_config *config, const char *key, const char *from)
{
    struct sg_origin *origin = find_origin(config, key);
    if (origin == NULL) {
        config->origins = sg_grow(config->origins, config->origins_count, sizeof(*origin));
        origin = &config->origins[config->origins_count++];
        origin->key = sg_strdup(key);
    }
    free(origin->from);
    origin->from = sg_strdup(from);
}

const char *sg_config_origin(const struct sg_config *config, const char *key)
{
    const struct sg_origin *origin = find_origin(config, key);
    return origin != NULL ? origin->from : NULL;
}

static bool read_root(struct sg_reader *reader, const struct sg_node *root)
{
    static const struct sg_key whole = {.name = "configuration",
                                        .expect = "a mapping that starts with version: 1"};
    if (root->kind != SG_NODE_MAP) {
        return sg_reader_expected(reader, &whole, root);
    }
    if (sg_node_find(root, "version") == NULL) {
        return sg_reader_fail(reader, root, "version is missing; start with version: 1");
    }
    return sg_keys_read(reader, sg_config_keys, root, reader->config);
}

bool sg_config_parse(const char *text, size_t size, const char *name, const char *folder,
                     struct sg_config *out, struct sg_error *err)
{
    struct sg_config config;
    struct sg_node root = {0};
    sg_config_init(&config);
    config.path = sg_strdup(name);
    config.folder = sg_strdup(folder);
    struct sg_reader reader = {.name = name, .folder = folder, .config = &config, .err = err};
    bool ok = sg_yaml_parse(text, size, name, &root, err) && read_root(&reader, &root);
    if (ok) {
        *out = config;
    } else {
        sg_config_clear(&config);
    }
    sg_node_clear(&root);
    return ok;
}

bool sg_config_read(const char *path, struct sg_config *out, struct sg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    if (!sg_file_read(path, SG_YAML_BYTES, &text, &size, err)) {
        return sg_error_context(err, "reading the configuration");
    }
    char *folder = sg_path_folder(path);
    bool in_place = sg_streq(folder, ".");
    bool ok = sg_config_parse(text, size, path, in_place ? "" : folder, out, err);
    free(folder);
    free(text);
    return ok;
}
