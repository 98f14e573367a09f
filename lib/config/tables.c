/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate.yaml as tables of keys, and the readers of keys that are like no other. A new key is a
 * row here, a field in config.h, a line in show.c and an entry in schema/config.schema.json. */
#include "config/keys.h"
#include "config/readers.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct sg_config, field)

static bool read_version(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                         void *target)
{
    (void)target;
    bool known = value->kind == SG_NODE_SCALAR && value->plain && strcmp(value->text, "1") == 0;
    return known || sg_reader_expected(r, key, value);
}

/* Names of compose services. */
static bool read_service(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                         void *target)
{
    if (!sg_node_is_text(value) || !sg_is_service_name(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

/* One file, or a list of them. */
static bool read_compose(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                         void *target)
{
    char *one = NULL, **several = NULL;
    bool list = value->kind == SG_NODE_LIST;
    bool ok = list ? sg_read_paths(r, key, value, &several) : sg_read_path(r, key, value, &one);
    if (ok) {
        sg_config_set_compose(target, list ? several : &one, list ? value->count : 1);
    }
    sg_texts_free(several);
    free(one);
    return ok;
}

static bool read_ready(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                       void *target)
{
    bool path = value->kind == SG_NODE_SCALAR && value->text[0] == '/' &&
                strpbrk(value->text, " \t\r\n") == NULL;
    if (!path && !(sg_node_is_text(value) && strcmp(value->text, "tcp") == 0)) {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

/* Behind one CPU or a range of them, "2-5"; NULL where there is none. */
static const char *skip_cpus(const char *text)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0])) {
        return NULL;
    }
    long first = strtol(text, &end, 10);
    long last = first;
    if (*end == '-') {
        if (!isdigit((unsigned char)end[1])) {
            return NULL;
        }
        last = strtol(end + 1, &end, 10);
    }
    return first <= last ? end : NULL;
}

/* The kernel's list format: "0", "0-1,3". */
bool sg_config_is_cpus(const char *text)
{
    const char *at = strlen(text) < 256 ? skip_cpus(text) : NULL;
    while (at != NULL && *at == ',') {
        at = skip_cpus(at + 1);
    }
    return at != NULL && *at == '\0';
}

static bool read_cpuset(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                        void *target)
{
    if (value->kind != SG_NODE_SCALAR || !sg_config_is_cpus(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    char **out = (char **)(void *)((char *)target + key->offset);
    free(*out);
    *out = sg_strdup(value->text);
    return true;
}

/* A choice of two words becomes a bool: true for the second. */
static bool read_choice(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                        void *target)
{
    int chosen = 0;
    struct sg_key plain = *key;
    plain.offset = 0;
    if (!sg_read_word(r, &plain, value, &chosen)) {
        return false;
    }
    *(bool *)(void *)((char *)target + key->offset) = chosen == 1;
    return true;
}

/* A flag may replace the file's: each of the two forgets the other. */
static bool read_load_rate(struct sg_reader *r, const struct sg_key *key,
                           const struct sg_node *value, void *target)
{
    struct sg_config *config = target;
    if (value->kind == SG_NODE_SCALAR && strcmp(value->text, "auto") == 0) {
        config->rate = NAN;
        config->rate_auto = true;
        return true;
    }
    config->rate_auto = false;
    return sg_read_rate(r, key, value, target);
}

static bool read_repetitions(struct sg_reader *r, const struct sg_key *key,
                             const struct sg_node *value, void *target)
{
    struct sg_config *config = target;
    struct sg_error why = {0};
    if (value->kind != SG_NODE_SCALAR || sg_node_is_null(value)) {
        return sg_reader_expected(r, key, value);
    }
    if (!sg_config_repetitions(value->text, &config->min_repetitions, &config->max_repetitions,
                               &why)) {
        return sg_reader_fail(r, value, "%s", why.text);
    }
    return true;
}

static bool read_seed(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                      void *target)
{
    struct sg_config *config = target;
    const char *text = value->kind == SG_NODE_SCALAR && value->plain ? value->text : "";
    size_t size = strlen(text);
    if (size == 0 || size > 19 || text[strspn(text, "0123456789")] != '\0') {
        return sg_reader_expected(r, key, value);
    }
    config->seed = strtoull(text, NULL, 10);
    config->has_seed = true;
    return true;
}

/* The images end up as pairs: what may stand there is known by the table of keys alone. */
static bool read_image(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                       void *target)
{
    struct sg_config *config = target;
    if (!sg_node_is_text(value) || value->text[0] == '\0') {
        return sg_reader_expected(r, key, value);
    }
    config->images = sg_grow(config->images, config->images_count, sizeof(*config->images));
    struct sg_pair *image = &config->images[config->images_count++];
    image->key = sg_strdup(key->name);
    image->value = sg_strdup(value->text);
    return true;
}

static const char *const fresh_words[] = {"service", "stack", NULL};
static const char *const design_words[] = {"turns", "sliced", NULL};
static const char *const policy_words[] = {"fail", "warn", "keep", NULL};
static const char *const hide_words[] = {"hide", "show", NULL};
static const char *const auto_words[] = {"off", "auto", NULL};
const char *const sg_keep_awake_words[] = {"off", "auto", "sudo", NULL};

/* clang-format off */
static const struct sg_key service_keys[] = {
    {.name = "compose", .read = read_compose,
     .expect = "the path of a compose file, or a list of paths"},
    {.name = "name", .read = read_service, .offset = AT(service),
     .expect = "the name of a compose service, such as api"},
    {.name = "port", .read = sg_read_int, .offset = AT(port), .low = 1, .high = 65535,
     .expect = "a port from 1 to 65535"},
    {.name = "ready", .read = read_ready, .offset = AT(ready),
     .expect = "a path such as /healthz, or tcp"},
    {.name = "ready_timeout", .read = sg_read_duration, .offset = AT(ready_timeout), .low = 1,
     .high = 3600, .expect = "a duration such as 60s, from 1s to 1h"},
    {.name = "cpus", .read = sg_read_number, .offset = AT(cpus), .low = 0.01, .high = 1024,
     .expect = "a number of CPUs such as 1 or 0.5, from 0.01 to 1024"},
    {.name = "memory", .read = sg_read_size, .offset = AT(memory), .low = 6.0 * 1048576,
     .high = 64.0 * 1099511627776, .expect = "a size such as 256MiB, from 6MiB to 64TiB"},
    {.name = "fresh", .read = read_choice, .offset = AT(fresh_stack), .words = fresh_words,
     .expect = "service or stack"},
    {.name = "command", .read = sg_read_texts, .offset = AT(command),
     .expect = "a list of texts such as [serve, --fast]"},
    {.name = NULL}};

const struct sg_key sg_build_keys[] = {
    {.name = "context", .read = sg_read_path,
     .offset = offsetof(struct sg_config_variant, build_context), .expect = "a folder"},
    {.name = "ref", .read = sg_read_ref, .offset = offsetof(struct sg_config_variant, build_ref),
     .expect = "a git revision such as origin/main or merge-base(origin/main)"},
    {.name = "dockerfile", .read = sg_read_text,
     .offset = offsetof(struct sg_config_variant, build_dockerfile),
     .expect = "a path inside the context"},
    {.name = NULL}};

const struct sg_key sg_variant_keys[] = {
    {.name = "image", .read = sg_read_text, .offset = offsetof(struct sg_config_variant, image),
     .expect = "an image such as shop/api:main"},
    {.name = "build", .read = sg_read_build,
     .expect = "a folder, or a mapping of context, ref and dockerfile"},
    {.name = "env", .read = sg_read_pairs, .offset = offsetof(struct sg_config_variant, env),
     .count = offsetof(struct sg_config_variant, env_count),
     .expect = "a mapping of names to values"},
    {.name = NULL}};

static const struct sg_key load_keys[] = {
    {.name = "script", .read = sg_read_path, .offset = AT(script),
     .expect = "the path of a k6 script"},
    {.name = "files", .read = sg_read_paths, .offset = AT(files), .expect = "a list of paths"},
    {.name = "exec", .read = sg_read_exec, .offset = AT(mix),
     .expect = "the name of a function that the script exports, such as checkout"},
    {.name = "mix", .read = sg_read_mix, .offset = AT(mix),
     .expect = "a mapping of functions to shares, such as { browse: 70%, checkout: 30% }"},
    {.name = "env", .read = sg_read_pairs, .offset = AT(load_env), .count = AT(load_env_count),
     .expect = "a mapping of names to values"},
    {.name = "rate", .read = read_load_rate, .offset = AT(rate), .low = 1.0 / 60, .high = 1e6,
     .expect = "a rate such as 300/s, up to 1000000/s, or auto"},
    {.name = "warmup", .read = sg_read_duration, .offset = AT(warmup), .low = 0, .high = 3600,
     .expect = "a duration such as 10s, up to 1h"},
    {.name = "measure", .read = sg_read_duration, .offset = AT(measure), .low = 1, .high = 3600,
     .expect = "a duration such as 30s, from 1s to 1h"},
    {.name = "duration", .read = sg_read_duration, .offset = AT(duration), .low = 1, .high = 3600,
     .expect = "a duration such as 30s, from 1s to 1h"},
    {.name = "vus", .read = sg_read_int, .offset = AT(vus), .low = 1, .high = 100000,
     .expect = "a number of virtual users from 1 to 100000"},
    {.name = NULL}};

static const struct sg_key plan_keys[] = {
    {.name = "design", .read = read_choice, .offset = AT(sliced), .words = design_words,
     .expect = "sliced or turns"},
    {.name = "repetitions", .read = read_repetitions,
     .expect = "a number or a range such as 6..21"},
    {.name = "budget", .read = sg_read_duration, .offset = AT(budget), .low = 1, .high = 86400,
     .expect = "a duration such as 30m, from 1s to 24h"},
    {.name = "alpha", .read = sg_read_ratio, .offset = AT(alpha), .low = 0, .high = 0.5,
     .open = true, .expect = "a ratio between 0 and 50 %, such as 1%"},
    {.name = "beta", .read = sg_read_ratio, .offset = AT(beta), .low = 0, .high = 0.5, .open = true,
     .expect = "a ratio between 0 and 50 %, such as 5%"},
    {.name = "seed", .read = read_seed, .expect = "a whole number of up to 19 digits"},
    {.name = NULL}};

static const struct sg_key policy_keys[] = {
    {.name = "inconclusive", .read = sg_read_word, .offset = AT(inconclusive),
     .words = policy_words, .expect = "fail, warn or keep"},
    {.name = "missing_baseline", .read = sg_read_word, .offset = AT(missing_baseline),
     .words = policy_words, .expect = "fail, warn or keep"},
    {.name = NULL}};

static const struct sg_key report_keys[] = {
    {.name = "log", .read = read_choice, .offset = AT(show_log), .words = hide_words,
     .expect = "hide or show"},
    {.name = "env", .read = read_choice, .offset = AT(show_env), .words = hide_words,
     .expect = "hide or show"},
    {.name = "host", .read = read_choice, .offset = AT(show_host), .words = hide_words,
     .expect = "hide or show"},
    {.name = NULL}};

static const struct sg_key image_keys[] = {
    {.name = "k6", .read = read_image, .expect = "an image"},
    {.name = "prometheus", .read = read_image, .expect = "an image"},
    {.name = "cadvisor", .read = read_image, .expect = "an image"},
    {.name = "grafana", .read = read_image, .expect = "an image"},
    {.name = NULL}};

static const struct sg_key cpuset_keys[] = {
    {.name = "service", .read = read_cpuset, .offset = AT(service_cpuset),
     .expect = "a list of CPUs such as 0-1,3"},
    {.name = "generator", .read = read_cpuset, .offset = AT(generator_cpuset),
     .expect = "a list of CPUs such as 0-1,3"},
    {.name = "monitor", .read = read_cpuset, .offset = AT(monitor_cpuset),
     .expect = "a list of CPUs such as 0-1,3"},
    {.name = NULL}};

static const struct sg_key testbench_keys[] = {
    {.name = "images", .read = sg_read_map, .keys = image_keys, .expect = "a mapping"},
    {.name = "cpusets", .read = sg_read_map, .keys = cpuset_keys, .expect = "a mapping"},
    {.name = "keep_awake", .read = sg_read_word, .offset = AT(keep_awake),
     .words = sg_keep_awake_words, .expect = "auto, sudo or off"},
    {.name = NULL}};

/* metrics before gates: a gate may name a metric of the user's. */
const struct sg_key sg_config_keys[] = {
    {.name = "version", .read = read_version, .expect = "1, the only version so far"},
    {.name = "service", .read = sg_read_map, .keys = service_keys, .expect = "a mapping"},
    {.name = "variants", .read = sg_read_variants, .expect = "a mapping of names to variants"},
    {.name = "reference", .read = sg_read_text, .offset = AT(reference),
     .expect = "the name of a variant"},
    {.name = "load", .read = sg_read_map, .keys = load_keys, .expect = "a mapping"},
    {.name = "plan", .read = sg_read_map, .keys = plan_keys, .expect = "a mapping"},
    {.name = "metrics", .read = sg_read_metrics, .expect = "a list of metrics"},
    {.name = "gates", .read = sg_read_gates, .expect = "a list of gates"},
    {.name = "waivers", .read = sg_read_waivers, .expect = "a list of waivers"},
    {.name = "baseline", .read = sg_read_path, .offset = AT(baseline),
     .expect = "the path of a baseline file"},
    {.name = "policy", .read = sg_read_map, .keys = policy_keys, .expect = "a mapping"},
    {.name = "adjust", .read = read_choice, .offset = AT(adjust), .words = auto_words,
     .expect = "auto or off"},
    {.name = "report", .read = sg_read_map, .keys = report_keys, .expect = "a mapping"},
    {.name = "testbench", .read = sg_read_map, .keys = testbench_keys, .expect = "a mapping"},
    {.name = NULL}};
/* clang-format on */
