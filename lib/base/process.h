/* SPDX-License-Identifier: Apache-2.0 */
/* Child processes by argument vector (no shell), each in its own process group, with a deadline
 * and bounded output. A child gets SIGTERM when the thread that started it ends, killed or not. */
#ifndef SG_BASE_PROCESS_H
#define SG_BASE_PROCESS_H

#include "base/error.h"

struct sg_process {
    const char *const *argv;    /* NULL-terminated; argv[0] is looked up in PATH */
    const char *const *env;     /* NULL-terminated "KEY=value" additions, or NULL */
    const char *const *without; /* NULL-terminated names that are not inherited, or NULL */
    bool tokens;          /* inherits the tokens of forges: git, which may need them to fetch */
    const char *folder;   /* working folder, or NULL */
    const char *input;    /* standard input, or NULL for none */
    int64_t timeout;      /* nanoseconds; 0: five minutes */
    bool uninterruptible; /* goes on after an interruption: for cleaning up */
    bool detached;        /* in a session of its own, without a terminal to ask on */
};

struct sg_process_result {
    int status; /* exit status; 128 + signal when killed */
    char *out;  /* standard output, NUL-terminated, the last 16 MiB */
    char *err;  /* standard error, the same */
};

/* Runs to the end. True when the child was started and ended by itself, whatever its status.
 * Past the deadline, or interrupted: TERM, then KILL after 2 s, and an error. */
bool sg_process_run(const struct sg_process *process, struct sg_process_result *out,
                    struct sg_error *err) SG_MUST_USE;
void sg_process_result_free(struct sg_process_result *result);

/* From here on a crash leaves no image of the memory, which may hold a token. */
void sg_process_no_core(void);

/* The environment's variable, or NULL when unset or empty: the one door to it. */
const char *sg_env(const char *name);

#endif
