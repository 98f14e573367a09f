/* SPDX-License-Identifier: Apache-2.0 */
/* Whole sessions on the fake bench, for tests of the loop. Include after cmocka.h. */
#ifndef SG_TESTS_SESSION_H
#define SG_TESTS_SESSION_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "fake/fake.h"
#include "session/session.h"

/* One session: what it is to be, and what came of it. */
struct trial {
    const char *variants; /* a mapping; NULL: base, which is the reference, and candidate */
    int block, blocks;    /* one block of so many, or 0: all */
    const char *load;     /* keys of `load` besides the script; NULL: a rate and a window */
    const char *yaml;     /* further keys of svcgate.yaml; NULL: a gate and a seed */
    struct sg_run run;    /* what else it is told */
    char folder[64];      /* of the fake bench, and the bundle */
    struct sg_session session;
    struct sg_judgement judgement;
    struct sg_error err;
    bool ok;
};

#define TRIAL_GATE "gates: [{ metric: latency_p95, tolerance: 5% }]\n"

/* In memory where that can be: every repetition is synced to the disk. */
static inline void trial_begin(struct trial *trial, const char *script)
{
    (void)snprintf(trial->folder, sizeof(trial->folder), "%s/svcgate-session-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(trial->folder));
    sg_fake_begin(trial->folder, script);
}

static inline void trial_end(struct trial *trial)
{
    char *command = sg_format("rm -r '%s'", trial->folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a folder of our own */
    free(command);
    sg_judgement_clear(&trial->judgement);
    sg_session_clear(&trial->session);
}

static inline void trial_config(const struct trial *trial, struct sg_config *config)
{
    struct sg_error err = {0};
    char *script = sg_path_join(trial->folder, "load.js");
    assert_true(sg_file_write(script, "", 0, &err));
    free(script);
    char *text = sg_format("version: 1\n"
                           "service: { name: api, port: 8080 }\n"
                           "variants: %s\n"
                           "load: { script: load.js, %s }\n"
                           "%s",
                           trial->variants != NULL
                               ? trial->variants
                               : "{ base: { image: 'shop:1' }, candidate: { image: 'shop:2' } }",
                           trial->load != NULL ? trial->load : "rate: 100/s, measure: 10s",
                           trial->yaml != NULL ? trial->yaml : TRIAL_GATE "plan: { seed: 1 }\n");
    sg_config_init(config);
    bool ok = sg_config_parse(text, strlen(text), "svcgate.yaml", trial->folder, config, &err);
    config->sliced = strstr(text, "sliced") != NULL; /* most tests are about repetitions alone */
    ok = ok && sg_config_finish(config, true, &err);
    config->block = trial->block;
    config->blocks = trial->blocks;
    if (!ok) {
        fail_msg("%s", err.text);
    }
    free(text);
}

/* Runs it as the script has it. The caller looks at what came of it, and calls trial_end. */
static inline void trial_run(struct trial *trial, const char *script)
{
    struct sg_config config;
    trial_begin(trial, script);
    trial_config(trial, &config);
    trial->run.config = &config;
    trial->run.id = "20261129-120000-0001";
    trial->run.bundle = trial->folder;
    trial->run.command = "svcgate run";
    trial->run.tool = "svcgate 0";
    trial->ok = sg_session_run(&trial->run, &trial->session, &trial->judgement, &trial->err);
    trial->run.config = NULL;
    sg_config_clear(&config);
}

#define TRIAL_STORED "baseline: stored.json\n"

/* A stored baseline: sessions of the candidate alone, each with noise of its own. Free with
 * stored_clear. */
static inline struct sg_session *stored_make(size_t count)
{
    struct sg_session *stored = sg_alloc(count + 1, sizeof(*stored));
    for (size_t i = 0; i < count; i++) {
        struct trial trial = {.variants = "{ candidate: { image: 'shop:2' } }",
                              .yaml = TRIAL_GATE TRIAL_STORED "plan: { seed: 1 }\n"};
        char *script = sg_format("seed %zu\n", i + 1);
        trial_run(&trial, script);
        assert_true(trial.ok);
        stored[i] = trial.session;
        trial.session = (struct sg_session){0};
        trial_end(&trial);
        free(script);
    }
    return stored;
}

static inline void stored_clear(struct sg_session *stored, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_session_clear(&stored[i]);
    }
    free(stored);
}

/* For test programs that share one baseline: one session more than the four that judging needs. */
#define STORED 5

static inline int stored_set_up(void **state)
{
    *state = stored_make(STORED);
    return 0;
}

static inline int stored_tear_down(void **state)
{
    stored_clear(*state, STORED);
    return 0;
}

/* --- What came of it ---------------------------------------------------------------------- */

static inline void assert_verdict(const struct trial *trial, enum sg_verdict verdict,
                                  const char *reason)
{
    if (!trial->ok) {
        fail_msg("%s", trial->err.text);
    }
    assert_string_equal(sg_verdict_name(trial->judgement.verdict), sg_verdict_name(verdict));
    const char *told = trial->judgement.reason;
    if (told == NULL || strstr(told, reason) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", told != NULL ? told : "", reason);
    }
}

/* The repetition of that slot, which must be there. */
static inline const struct sg_repetition *repetition_of(const struct sg_session *session, int slot)
{
    for (size_t i = 0; i < session->repetitions_count; i++) {
        if (session->repetitions[i].slot == slot) {
            return &session->repetitions[i];
        }
    }
    fail_msg("no slot %d", slot);
    return NULL;
}

static inline bool has_check(const struct sg_finding *findings, size_t count,
                             enum sg_severity severity, const char *check)
{
    for (size_t i = 0; i < count; i++) {
        if (findings[i].severity == severity && sg_streq(findings[i].check, check)) {
            return true;
        }
    }
    return false;
}

static inline bool repetition_has(const struct sg_repetition *repetition, enum sg_severity severity,
                                  const char *check)
{
    return has_check(repetition->findings, repetition->findings_count, severity, check);
}

static inline bool session_has(const struct sg_session *session, enum sg_severity severity,
                               const char *check)
{
    return has_check(session->findings, session->findings_count, severity, check);
}

/* Repetitions that count, of a variant in a block. */
static inline size_t counting(const struct sg_session *session, const char *variant, int block)
{
    size_t count = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        count += !r->discarded && r->block == block && sg_streq(r->variant, variant);
    }
    return count;
}

static inline int last_slot(const struct sg_session *session)
{
    return session->repetitions[session->repetitions_count - 1].slot;
}

/* How many lines of the log of calls have both words; NULL: any. */
static inline size_t calls_with(const char *name, const char *word)
{
    char *calls = sg_fake_calls();
    char *state = NULL;
    size_t count = 0;
    for (char *line = strtok_r(calls, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        char *call = strchr(line, ' ');
        count += call != NULL && sg_starts_with(call + 1, name) &&
                 (word == NULL || strstr(call, word) != NULL);
    }
    free(calls);
    return count;
}

#endif
