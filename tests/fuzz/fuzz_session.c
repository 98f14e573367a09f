/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: session.json. What is accepted must be written and read again without a change. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct sg_session *session)
{
    struct sg_session again = {0};
    struct sg_error err = {0};
    char hash[65];
    char hash_again[65];
    char *text = sg_session_write(session);
    bool ok = sg_session_read(text, strlen(text), "again", &again, &err);
    assert(ok);
    char *text_again = sg_session_write(&again);
    assert(strcmp(text, text_again) == 0);
    sg_session_plan_hash(session, hash);
    sg_session_plan_hash(&again, hash_again);
    assert(strcmp(hash, hash_again) == 0);
    free(text);
    free(text_again);
    sg_session_clear(&again);
}

/* A session that was read may grow. */
static void grow(struct sg_session *session)
{
    sg_session_add_metric(session, "fuzz");
    sg_session_add_gate(session, "fuzz");
    sg_session_add_fact(session, "fuzz", NULL, true);
    sg_session_add_finding(session, SG_FINDING_NOTE, "fuzz", NULL, "fuzz");
    sg_session_add_repetition(session, "fuzz");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (sg_session_read((const char *)data, size, "fuzz", &session, &err)) {
        check_round_trip(&session);
        grow(&session);
    } else {
        assert(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
    }
    sg_session_clear(&session);
    return 0;
}
