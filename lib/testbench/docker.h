/* SPDX-License-Identifier: Apache-2.0 */
/* The docker command line: what changes state (build, pull, compose up and down, rm). */
#ifndef SG_TESTBENCH_DOCKER_H
#define SG_TESTBENCH_DOCKER_H

#include "base/error.h"
#include "base/process.h"

/* Runs docker (argv[0]) with additions to its environment; a status other than 0 is
 * SG_ERROR_ENVIRONMENT with the last lines of its standard error. `timeout` in seconds, of each
 * try: where the engine chose a port to publish that another program has taken, there are several.
 */
bool sg_docker_run(const char *const *argv, const char *const *env, double timeout,
                   bool uninterruptible, struct sg_error *err) SG_MUST_USE;

/* The same, giving standard output without its last line end. Caller frees. */
bool sg_docker_output(const char *const *argv, char **out, struct sg_error *err) SG_MUST_USE;

/* The last lines of a container's log, both streams; never NULL, caller frees. */
char *sg_docker_log(const char *container, int lines) SG_MUST_USE;

/* A growing argument vector, NULL-terminated; copies what it is given. */
struct sg_args {
    const char **items;
    size_t count;
};
void sg_args_add(struct sg_args *args, const char *text);
void sg_args_printf(struct sg_args *args, const char *format, ...) SG_PRINTF(2, 3);
void sg_args_free(struct sg_args *args);

#endif
