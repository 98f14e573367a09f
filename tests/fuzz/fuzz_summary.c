/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: k6's end-of-test summary. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "testbench/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No file of a script's gets out of its folder. */
static void split(const char *text, size_t size)
{
    char *copy = sg_alloc(size + 1, 1); /* as the log of a container: it ends somewhere */
    char *summary = NULL;
    struct sg_pair *files = NULL;
    size_t count = 0;
    memcpy(copy, text, size);
    sg_summary_split(copy, strlen(copy), &summary, &files, &count);
    for (size_t i = 0; i < count; i++) {
        assert(files[i].key[0] != '\0' && strchr(files[i].key, '/') == NULL);
        assert(strcmp(files[i].key, ".") != 0 && strcmp(files[i].key, "..") != 0);
        free(files[i].key);
        free(files[i].value);
    }
    free(files);
    free(summary);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    split((const char *)data, size);
    struct sg_load_summary summary;
    struct sg_error err = {0};
    bool ok = sg_summary_read((const char *)data, size, &summary, &err);
    if (!ok) {
        assert(err.text[0] != '\0');
        return 0;
    }
    assert(isfinite(summary.requests) && isfinite(summary.failed) && isfinite(summary.dropped));
    assert(summary.latency_count <= SG_QUANTILES);
    for (size_t i = 0; i < summary.latency_count; i++) {
        assert(isfinite(summary.latency[i].seconds));
        assert(i == 0 || summary.latency[i].share > summary.latency[i - 1].share);
    }
    return 0;
}
