/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `svcgate judge`, and how they are laid over what a file says. */
#ifndef SVCGATE_JUDGE_OPTIONS_H
#define SVCGATE_JUDGE_OPTIONS_H

#include "verbs.h"

struct judge_options {
    char *config, *reference, *better, *baseline, *variant, *floor, *limit, *tolerance;
    char *alpha, *beta, *out;
    struct sg_strings gates, covariates, formats;
    bool explain, no_adjust;
    bool out_is_wanted; /* --out stands on the command line */
};

extern const struct sg_option judge_rows[];

/* What would be wrong whatever the files say. */
bool judge_options_check(const struct judge_options *options, size_t files, struct sg_error *err);

/* judge_settle.c: flag beats svcgate.yaml beats the file. */
bool judge_settle(struct sg_session *session, const struct judge_options *options,
                  struct sg_error *err);

/* judge_gates.c: the gates of --gate, --config or the file; else every metric is gated. */
bool judge_gates(struct sg_session *session, const struct judge_options *options,
                 const struct sg_config *config, struct sg_error *err);

/* judge_blocks.c: the blocks in `paths`, of which `first` was read from the first, become one
 * session, *out; --out keeps it as a bundle. Clears `first`. */
bool judge_merge(const struct judge_options *options, struct sg_session *first,
                 const struct sg_strings *paths, struct sg_session *out, struct sg_error *err);

#endif
