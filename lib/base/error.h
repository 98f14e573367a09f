/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, told to a person: what, where, what to do. The kind decides the exit code. */
#ifndef SG_BASE_ERROR_H
#define SG_BASE_ERROR_H

#include "base/base.h"

enum sg_error_kind {
    SG_ERROR_NONE,
    SG_ERROR_CONFIG,      /* usage, configuration, malformed input files: exit 4 */
    SG_ERROR_DATA,        /* measured data missing or not to be trusted: exit 3 */
    SG_ERROR_ENVIRONMENT, /* engine, images, tools: exit 5 */
    SG_ERROR_NETWORK,     /* a server did not answer as it should: exit 5 */
    SG_ERROR_IO,          /* files, disk: exit 5 */
    SG_ERROR_INTERNAL,    /* our own mistake: exit 5 */
    SG_ERROR_INTERRUPTED  /* SIGINT, SIGTERM or SIGHUP: exit 130, 143 or 129 */
};

struct sg_error {
    enum sg_error_kind kind;
    char text[4096]; /* cut at a character's border when longer */
};

/* Sets kind and text; always returns false, so that `return sg_fail(err, …)` reads well. */
bool sg_fail(struct sg_error *err, enum sg_error_kind kind, const char *format, ...)
    SG_PRINTF(3, 4);

/* Puts "context: " before the text on its way up; always returns false. */
bool sg_error_context(struct sg_error *err, const char *format, ...) SG_PRINTF(2, 3);

/* Appends a line, for example the tail of a log. */
void sg_error_append(struct sg_error *err, const char *format, ...) SG_PRINTF(2, 3);

#endif
