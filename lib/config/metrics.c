/* SPDX-License-Identifier: Apache-2.0 */
/* The metrics of a configuration: look-up by identity and by name. */
#include "config/readers.h"

#include "base/text.h"

#include <stdlib.h>

int sg_config_find_metric(const struct sg_config *config, const char *name, const char *of,
                          const char *request)
{
    for (size_t i = 0; i < config->metrics_count; i++) {
        if (sg_metric_is(&config->metrics[i], name, of, request)) {
            return (int)i;
        }
    }
    return -1;
}

const struct sg_metric *sg_config_metric_named(const struct sg_config *config, const char *name)
{
    const struct sg_metric *built_in = sg_catalogue_find(name);
    if (built_in != NULL || config == NULL) {
        return built_in;
    }
    for (size_t i = 0; i < config->metrics_count; i++) {
        if (sg_streq(config->metrics[i].name, name)) {
            return &config->metrics[i];
        }
    }
    return NULL;
}

struct sg_metric *sg_config_add_metric(struct sg_config *config, const struct sg_metric *metric,
                                       const char *of, const char *request)
{
    struct sg_metric borrowed = *metric; /* `metric` may lie in the array that moves */
    borrowed.of = NULL;
    borrowed.request = NULL;
    struct sg_metric copy = sg_metric_copy(&borrowed);
    copy.of = sg_strdup(of);
    copy.request = sg_strdup(request);
    config->metrics = sg_grow(config->metrics, config->metrics_count, sizeof(*config->metrics));
    config->metrics[config->metrics_count] = copy;
    return &config->metrics[config->metrics_count++];
}

char *sg_metric_hint(const struct sg_config *config, const char *name)
{
    size_t built_in = 0;
    const struct sg_metric *catalogue = sg_catalogue(&built_in);
    const char **names = sg_alloc(built_in + config->metrics_count, sizeof(*names));
    size_t count = 0;
    for (size_t i = 0; i < built_in; i++) {
        if (catalogue[i].role == SG_ROLE_METRIC) {
            names[count++] = catalogue[i].name;
        }
    }
    for (size_t i = 0; i < config->metrics_count; i++) {
        names[count++] = config->metrics[i].name;
    }
    const char *nearest = sg_nearest(name, names, count);
    char *hint = nearest != NULL ? sg_format("; did you mean \"%s\"?", nearest)
                                 : sg_strdup("; a metric of your own needs a query or k6");
    free(names);
    return hint;
}
