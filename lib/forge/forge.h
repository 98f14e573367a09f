/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub and GitLab: one comment under a pull or merge request, updated in place, and a check run.
 * It gets finished Markdown and remarks as plain structs and knows no verdict. Tokens go into a
 * header of requests to the API's own host and nowhere else: no error, preview or file shows them.
 */
#ifndef SG_FORGE_FORGE_H
#define SG_FORGE_FORGE_H

#include "base/error.h"
#include "base/text.h"

struct sg_forge; /* one of the table in forge.c */

/* What flags say. NULL or 0: what the environment of the CI job says. */
struct sg_forge_wish {
    const char *forge;      /* "github", "gitlab" */
    const char *api;        /* "https://api.github.com" */
    const char *repository; /* "owner/name"; GitLab: a path or the project's number */
    int request;            /* number of the pull or merge request */
    const char *commit;     /* what a check run belongs to */
};

/* Where to publish. */
struct sg_forge_place {
    const struct sg_forge *forge;
    char *api;        /* without a slash at its end; https, or http on this machine */
    char *repository; /* never NULL */
    int request;      /* 0: not known yet (`head`), or there is none (`none`) */
    char *commit;     /* or NULL */
    char *head;       /* "owner:branch" by which the open request is looked up, or NULL */
    char *none;       /* why there is no request, a sentence, or NULL */
};

/* From flags, else from the environment and GitHub's event file; asks nobody. Errors:
 * SG_ERROR_CONFIG when there is no forge or it is said wrongly. */
bool sg_forge_find(const struct sg_forge_wish *wish, struct sg_forge_place *out,
                   struct sg_error *err) SG_MUST_USE;
void sg_forge_place_clear(struct sg_forge_place *place);
const char *sg_forge_request_word(const struct sg_forge *forge); /* "pull request" */

/* The token from `file`, or with NULL from the environment: SVCGATE_TOKEN, then the forge's own
 * (GITHUB_TOKEN, GH_TOKEN; GITLAB_TOKEN). SG_ERROR_ENVIRONMENT when there is none. Caller frees. */
bool sg_forge_token(const struct sg_forge *forge, const char *file, char **out,
                    struct sg_error *err) SG_MUST_USE;

/* A remark on a line of a file of the repository. */
struct sg_forge_remark {
    const char *level; /* "notice", "warning", "failure" */
    const char *path;
    int line; /* from 1 */
    const char *title;
    const char *message;
};

/* Shown beside the commit (GitHub). */
struct sg_forge_check {
    const char *conclusion; /* "success", "neutral", "failure" */
    const char *title;
    const struct sg_forge_remark *remarks;
    size_t remarks_count;
};

struct sg_forge_post {
    const char *name; /* of the configuration: comments of other names are left alone */
    const char *body; /* Markdown */
    bool comment;     /* false: no comment, only the check */
    bool create;      /* a comment where there is none yet; an existing one is always updated */
    const struct sg_forge_check *check; /* or NULL */
    const char *agent;                  /* User-Agent: "svcgate 0.1.0" */
    double timeout;                     /* seconds for everything together */
};

enum sg_forge_done {
    SG_FORGE_NOTHING,    /* there is no request, or no comment was wanted */
    SG_FORGE_NOT_NEEDED, /* no comment yet, and none was to be made */
    SG_FORGE_CREATED,
    SG_FORGE_UPDATED,
    SG_FORGE_UNCHANGED /* the comment says this already */
};

struct sg_forge_outcome {
    enum sg_forge_done done;
    int request;   /* 0: none */
    char *url;     /* of the comment, as the forge says it, or NULL */
    char *note;    /* why nothing was done, or NULL */
    bool checked;  /* a check run is there */
    char *warning; /* why there is no check run, or NULL */
};

/* Sends. When it fails (SG_ERROR_NETWORK, or SG_ERROR_CONFIG for a body that is too long), the
 * comment may be kept for later: sg_forge_keep. A check run that may not be made is a warning. */
bool sg_forge_publish(const struct sg_forge_place *place, const struct sg_forge_post *post,
                      const char *token, struct sg_forge_outcome *out,
                      struct sg_error *err) SG_MUST_USE;
void sg_forge_outcome_clear(struct sg_forge_outcome *outcome);

/* The requests that sg_forge_publish would make: method, path, body. Asks nobody. */
bool sg_forge_preview(const struct sg_forge_place *place, const struct sg_forge_post *post,
                      struct sg_text *out, struct sg_error *err) SG_MUST_USE;

/* Leaves the comment in a file: `save`, or svcgate-comment.md beside `bundle` (or NULL), or in the
 * working folder where that cannot be written. Never through a symbolic link. *out_command is what
 * sends it later, without the token. Caller frees both. */
bool sg_forge_keep(const struct sg_forge_place *place, const struct sg_forge_post *post,
                   const char *bundle, const char *save, char **out_path, char **out_command,
                   struct sg_error *err) SG_MUST_USE;

#endif
