/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: k6's end-of-test summary. */
#include <assert.h>
#include <math.h>

#include "testbench/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
