/* SPDX-License-Identifier: Apache-2.0 */
/* Private to base: starting a child with its three pipes. process.h is what others use. */
#ifndef SG_BASE_SPAWN_H
#define SG_BASE_SPAWN_H

#include "base/process.h"

#include <sys/types.h>

/* A started child, leader of its own process group; our ends of its pipes do not block. */
struct sg_child {
    pid_t pid;
    int input;     /* -1 when it reads nothing */
    int output[2]; /* standard output, standard error */
};

/* A program that cannot be started is SG_ERROR_ENVIRONMENT and named. */
bool sg_spawn(const struct sg_process *process, struct sg_child *out,
              struct sg_error *err) SG_MUST_USE;

#endif
