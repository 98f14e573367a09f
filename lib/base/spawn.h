/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a child with its three pipes, for those who go on beside it. process.h runs one to its
 * end. */
#ifndef SG_BASE_SPAWN_H
#define SG_BASE_SPAWN_H

#include "base/process.h"

#include <sys/types.h>

/* A started child, leader of its own process group, or session where it is detached; our ends of
 * its pipes do not block. */
struct sg_child {
    pid_t pid;
    int input;     /* -1 when it reads nothing */
    int output[2]; /* standard output, standard error */
};

/* A program that cannot be started is SG_ERROR_ENVIRONMENT and named. */
bool sg_spawn(const struct sg_process *process, struct sg_child *out,
              struct sg_error *err) SG_MUST_USE;

#endif
