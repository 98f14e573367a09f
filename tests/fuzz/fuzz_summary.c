/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: k6's end-of-test summary. */
#include <assert.h>

#include "testbench/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_load_summary summary;
    struct sg_error err = {0};
    bool ok = sg_summary_read((const char *)data, size, &summary, &err);
    assert(ok || err.text[0] != '\0');
    return 0;
}
