/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an answer of Prometheus, and as a query template: neither may crash or leak. */
#include <stdlib.h>
#include <string.h>

#include "promql/answer.h"
#include "promql/promql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_answer(const char *text, size_t size)
{
    static const long statuses[] = {200, 400, 422, 503};
    struct sg_matrix matrix = {0};
    struct sg_error err = {0};
    long status = statuses[size % SG_COUNT(statuses)];
    (void)!sg_prom_answer(text, size, status, "fuzz", &matrix, &err);
    sg_matrix_clear(&matrix);
}

static void as_template(const char *text)
{
    static const char *const pairs[] = {"service", "a\"b", "window", "30s", NULL};
    struct sg_error err = {0};
    char *out = NULL;
    (void)!sg_prom_substitute(text, pairs, &out, &err);
    free(out);
    free(sg_prom_escape(text));
    free(sg_prom_escape_regex(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = sg_alloc(size + 1, 1);
    if (size > 0)
        memcpy(text, data, size);
    as_answer(text, size);
    as_template(text);
    free(text);
    return 0;
}
