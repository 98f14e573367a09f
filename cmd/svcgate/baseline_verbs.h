/* SPDX-License-Identifier: Apache-2.0 */
/* What svcgate baseline's words share: its options, and one function a word. `path` is the
 * baseline's file. */
#ifndef SVCGATE_BASELINE_VERBS_H
#define SVCGATE_BASELINE_VERBS_H

#include "baseline/baseline.h"
#include "verbs.h"

struct baseline_options {
    char *file, *variant, *force, *reason, *config, *format;
    int keep;
};

/* baseline_store.c: a bundle's session becomes the newest stored one, as it is or (`promote`) as an
 * accepted change. */
bool baseline_store(const struct baseline_options *o, const char *path, const char *bundle,
                    bool promote, struct sg_error *err);
/* baseline_show.c: what the baseline is worth. */
bool baseline_show(const struct baseline_options *o, const char *path, struct sg_error *err);

#endif
