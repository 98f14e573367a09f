/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the room share: parsing a text, and expecting an error. */
#ifndef SG_TESTS_CONFIG_HELPER_H
#define SG_TESTS_CONFIG_HELPER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/* Parses a text that must be good. */
static inline struct sg_config parse(const char *text, const char *folder)
{
    struct sg_config config;
    struct sg_error err = {0};
    if (!sg_config_parse(text, strlen(text), "svcgate.yaml", folder, &config, &err)) {
        fail_msg("%s", err.text);
    }
    return config;
}

/* The same, finished. */
static inline struct sg_config finished(const char *text)
{
    struct sg_config config = parse(text, "");
    struct sg_error err = {0};
    if (!sg_config_finish(&config, false, &err)) {
        fail_msg("%s", err.text);
    }
    return config;
}

/* Bytes that must be refused with exactly this message. */
static inline void refuse_bytes(const char *text, size_t size, const char *message)
{
    struct sg_config config = {0};
    struct sg_error err = {0};
    assert_false(sg_config_parse(text, size, "svcgate.yaml", "", &config, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text, message);
    assert_null(config.path);
}

static inline void refuse(const char *text, const char *message)
{
    refuse_bytes(text, strlen(text), message);
}

static inline const struct sg_metric *find_metric(const struct sg_config *config, const char *name,
                                                  const char *of, const char *request)
{
    for (size_t i = 0; i < config->metrics_count; i++) {
        const struct sg_metric *m = &config->metrics[i];
        bool same_of = of == NULL ? m->of == NULL : m->of != NULL && strcmp(m->of, of) == 0;
        bool same_request = request == NULL
                                ? m->request == NULL
                                : m->request != NULL && strcmp(m->request, request) == 0;
        if (strcmp(m->name, name) == 0 && same_of && same_request) {
            return m;
        }
    }
    return NULL;
}

#endif
