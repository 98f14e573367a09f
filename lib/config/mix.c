/* SPDX-License-Identifier: Apache-2.0 */
/* `load.exec` and `load.mix`: which functions of the script are called, and how often. */
#include "config/readers.h"
#include "config/words.h"

#include "base/text.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT 63
/* Rounded shares of as many functions as anybody has: seven times 14.3 % is 100.1 %. */
#define SUM_OFF 0.0051

/* As JavaScript has them, of ASCII. */
static bool is_function(const char *name)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
    static const char rest[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$0123456789";
    return name[0] != '\0' && strchr(first, name[0]) != NULL && strlen(name) <= NAME_LIMIT &&
           name[strspn(name, rest)] == '\0';
}

static struct sg_flow *add_flow(struct sg_config *config, const char *name)
{
    config->mix = sg_grow(config->mix, config->mix_count, sizeof(*config->mix));
    struct sg_flow *flow = &config->mix[config->mix_count++];
    *flow = (struct sg_flow){.name = sg_strdup(name), .share = 1};
    return flow;
}

void sg_mix_clear(struct sg_config *config)
{
    for (size_t i = 0; i < config->mix_count; i++) {
        free(config->mix[i].name);
    }
    free(config->mix);
    config->mix = NULL;
    config->mix_count = 0;
}

/* Both say what is called. */
static bool is_free(struct sg_reader *r, const struct sg_node *value,
                    const struct sg_config *config)
{
    return config->mix_count == 0 ||
           sg_reader_fail_key(r, value, "exec and mix contradict each other; keep one");
}

bool sg_read_exec(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    if (!sg_node_is_text(value) || !is_function(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    sg_mix_clear(target);
    (void)add_flow(target, value->text);
    return true;
}

static bool read_share(struct sg_reader *r, const struct sg_node *item, struct sg_config *config)
{
    const struct sg_key share = {.name = item->key,
                                 .offset = offsetof(struct sg_flow, share),
                                 .low = 0,
                                 .high = 1,
                                 .open = true,
                                 .expect = "a share between 0 and 100 %, such as 70%"};
    if (!is_function(item->key)) {
        char *word = sg_quoted(item->key);
        (void)sg_reader_fail_key(r, item, "mix: %s is no name of a function", word);
        free(word);
        return false;
    }
    return sg_read_ratio(r, &share, item, add_flow(config, item->key));
}

bool sg_read_mix(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                 void *target)
{
    struct sg_config *config = target;
    double sum = 0;
    if (value->kind != SG_NODE_MAP || value->count < 2) {
        return sg_reader_expected(r, key, value);
    }
    if (!is_free(r, value, config)) {
        return false;
    }
    for (size_t i = 0; i < value->count; i++) {
        if (!read_share(r, &value->items[i], config)) {
            return false;
        }
        sum += config->mix[i].share;
    }
    if (fabs(sum - 1) > SUM_OFF) {
        return sg_reader_fail(r, value, "mix: the shares make %.4g %%, not 100 %%", 100 * sum);
    }
    for (size_t i = 0; i < config->mix_count; i++) {
        config->mix[i].share /= sum;
    }
    return true;
}
