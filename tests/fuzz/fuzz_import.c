/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: outputs of other tools, whatever the first byte says they are of. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = 0;
    const struct sg_import_tool *tools = sg_import_tools(&count);
    if (size == 0) {
        return 0;
    }
    /* text ends with a NUL, as a file that was read does */
    char *text = sg_alloc(size, 1);
    memcpy(text, data + 1, size - 1);
    struct sg_import_file file = {.name = "fuzz",
                                  .variant = (data[0] & 0x10) != 0 ? "base" : NULL,
                                  .text = text,
                                  .size = size - 1};
    struct sg_session session = {0};
    struct sg_error err = {0};
    bool ok = sg_import(&tools[data[0] % count], &file, &session, &err);
    assert(ok ? session.repetitions_count > 0 : err.text[0] != '\0');
    sg_session_clear(&session);
    free(text);
    return 0;
}
