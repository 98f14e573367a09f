/* SPDX-License-Identifier: Apache-2.0 */
/* A whole session on the fake bench, for tests of the loop. */
#ifndef SG_TESTS_SESSION_H
#define SG_TESTS_SESSION_H

#include "base/file.h"
#include "base/text.h"
#include "fake/fake.h"
#include "session/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One session: what it is to be, and what came of it. */
struct trial {
    char folder[64];          /* of the fake bench and the bundle */
    const char *yaml;         /* more lines of svcgate.yaml */
    const char *variants;     /* a mapping; NULL: base and candidate */
    const struct sg_run *run; /* further wishes, or NULL */
    struct sg_session session;
    struct sg_judgement judgement;
    struct sg_error err;
    bool ok;
};

static inline void trial_begin(struct trial *trial, const char *script)
{
    (void)snprintf(trial->folder, sizeof(trial->folder), "/tmp/svcgate-session-XXXXXX");
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

/* Its configuration; the seed is fixed, so that orders are the same. */
static inline struct sg_config trial_config(const struct trial *trial)
{
    struct sg_config config;
    struct sg_error err = {0};
    char *text =
        sg_format("version: 1\n"
                  "service: { name: api, port: 8080 }\n"
                  "variants: %s\n"
                  "load: { script: load.js, rate: 100/s, measure: 10s }\n"
                  "%s",
                  trial->variants != NULL
                      ? trial->variants
                      : "{ base: { image: \"shop:main\" }, candidate: { image: \"shop:pr\" } }",
                  trial->yaml != NULL
                      ? trial->yaml
                      : "gates: [{ metric: latency_p95, tolerance: 5% }]\nplan: { seed: 1 }\n");
    sg_config_init(&config);
    bool ok = sg_config_parse(text, strlen(text), "svcgate.yaml", trial->folder, &config, &err) &&
              sg_config_finish(&config, true, &err);
    if (!ok) {
        fail_msg("%s", err.text);
    }
    free(text);
    return config;
}

/* Runs it as the script has it; the caller looks at what came of it, and calls trial_end. */
static inline void trial_run(struct trial *trial, const char *script)
{
    trial_begin(trial, script);
    char *path = sg_path_join(trial->folder, "load.js");
    assert_true(sg_file_write(path, "", 0, &trial->err));
    free(path);
    struct sg_config config = trial_config(trial);
    struct sg_run run = trial->run != NULL ? *trial->run : (struct sg_run){0};
    run.config = &config;
    run.id = "20261129-120000-0001";
    run.bundle = trial->folder;
    run.command = "svcgate run";
    run.tool = "svcgate test";
    trial->ok = sg_session_run(&run, &trial->session, &trial->judgement, &trial->err);
    sg_config_clear(&config);
}

#endif
