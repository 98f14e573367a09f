/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `svcgate publish`, and what it is to send. */
#ifndef SVCGATE_PUBLISH_H
#define SVCGATE_PUBLISH_H

#include "forge/forge.h"
#include "verbs.h"

struct publish_options {
    char *baseline, *body, *name, *comment, *forge, *api, *repository, *commit, *token_file, *save;
    int request;
    bool check, dry_run;
    double timeout;
};

/* Everything that `post` borrows. */
struct publication {
    char *name;
    char *body;
    char *title;
    char *config;
    struct sg_forge_remark *remarks;
    size_t remarks_count;
    struct sg_forge_check check;
    struct sg_forge_post post;
};

/* publish_post.c: the verdict is computed anew from `bundle` (a folder or its session.json), which
 * may come from anybody; nothing else of it is opened. SG_ERROR_DATA when it is broken. */
bool publication_of_bundle(const struct publish_options *options, const char *bundle,
                           struct publication *out, struct sg_error *err);
/* The finished Markdown of --body. */
bool publication_of_file(const struct publish_options *options, struct publication *out,
                         struct sg_error *err);
void publication_clear(struct publication *publication);

#endif
