/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: plain samples, as JSON or as CSV by the first byte. What is accepted must come back
 * from session.json as it was. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct sg_session *session)
{
    struct sg_session again = {0};
    struct sg_error err = {0};
    char *text = sg_session_write(session);
    bool ok = sg_session_read(text, strlen(text), "again", &again, &err);
    assert(ok);
    char *text_again = sg_session_write(&again);
    assert(strcmp(text, text_again) == 0);
    free(text);
    free(text_again);
    sg_session_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    const char *text = (const char *)data;
    bool json = size > 0 && text[0] == '{';
    bool ok = json ? sg_samples_read_json(text, size, "fuzz", &session, &err)
                   : sg_samples_read_csv(text, size, "fuzz", &session, &err);
    if (ok) {
        assert(session.repetitions_count > 0);
        check_round_trip(&session);
    } else {
        assert(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
    }
    sg_session_clear(&session);
    return 0;
}
