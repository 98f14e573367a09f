/* SPDX-License-Identifier: Apache-2.0 */
/* The files of ci-templates/ that `svcgate init --ci` writes (made by cmake/embed.cmake). */
#ifndef SVCGATE_INIT_FILES_H
#define SVCGATE_INIT_FILES_H

#include "testbench/assets.h"

extern const struct sg_asset init_files[];
extern const size_t init_files_count;

#endif
