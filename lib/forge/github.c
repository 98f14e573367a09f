/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub: a pull request's comments are those of the issue with its number.
 * https://docs.github.com/rest/issues/comments */
#include "forge/internal.h"

#include "base/file.h"
#include "base/process.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_MAX ((size_t)32 << 20) /* GitHub cuts payloads at 25 MB */

static bool is_name(const char *text, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    bool dots = size <= 2 && strspn(text, ".") >= size;
    return size > 0 && size <= 100 && !dots && strspn(text, plain) >= size;
}

/* "owner/name": it becomes a part of paths. */
static bool check_repository(const char *repository, struct sg_error *err)
{
    size_t owner = repository ? strcspn(repository, "/") : 0;
    if (owner > 0 && repository[owner] && is_name(repository, owner) &&
        is_name(repository + owner + 1, strlen(repository + owner + 1)))
        return true;
    if (!repository)
        return sg_fail(err, SG_ERROR_CONFIG, "which repository? Say --repository OWNER/NAME");
    return sg_fail(err, SG_ERROR_CONFIG, "\"%s\" is no repository: it is written OWNER/NAME",
                   repository);
}

static bool check_commit(const char *commit, struct sg_error *err)
{
    size_t size = commit ? strlen(commit) : 0;
    if (!commit || (size >= 7 && size <= 64 && strspn(commit, "0123456789abcdefABCDEF") == size))
        return true;
    return sg_fail(err, SG_ERROR_CONFIG, "\"%s\" is no commit: its hash is meant", commit);
}

static bool read_event(struct sg_forge_place *place, struct sg_error *err)
{
    const char *path = sg_env("GITHUB_EVENT_PATH");
    const char *event = sg_env("GITHUB_EVENT_NAME");
    char *text = NULL;
    size_t size = 0;
    if (!path)
        return true;
    bool ok = sg_file_read(path, EVENT_MAX, &text, &size, err) &&
              sg_github_event_read(text, size, event ? event : "", place, err);
    free(text);
    return ok || sg_error_context(err, "GITHUB_EVENT_PATH");
}

/* The event is about the workflow's own repository. */
static bool settle(struct sg_forge_place *place, struct sg_error *err)
{
    const char *own = sg_env("GITHUB_REPOSITORY");
    const char *api = sg_env("GITHUB_API_URL");
    const char *commit = sg_env("GITHUB_SHA");
    if (!place->api)
        place->api = sg_strdup(api ? api : "https://api.github.com");
    if (!place->repository)
        place->repository = sg_strdup(own);
    if (!check_repository(place->repository, err))
        return false;
    if (sg_streq(place->repository, own)) {
        if (!read_event(place, err))
            return false;
        /* For a pull request it would be a merge commit, or one of the default branch. */
        if (!place->commit && place->none)
            place->commit = sg_strdup(commit);
    }
    return check_commit(place->commit, err);
}

static char *comments(const struct sg_forge_place *place, const char *request)
{
    return sg_format("/repos/%s/issues/%s/comments", place->repository, request);
}

static char *comment(const struct sg_forge_place *place, const char *request, const char *id)
{
    (void)request;
    return sg_format("/repos/%s/issues/comments/%s", place->repository, id);
}

static char *text(const char *body)
{
    return sg_strdup(body);
}

static const char *advice(long status)
{
    switch (status) {
    case 401:
        return "the token does not count here; is it whole, of this host, and not expired? In a "
               "workflow: env: GITHUB_TOKEN: ${{ github.token }}";
    case 403:
        return "the token may not do this. The job needs `permissions: pull-requests: write` (a "
               "check run: `checks: write`). For a pull request from a fork the token is read-only "
               "whatever the workflow says: there a second workflow publishes, started by "
               "workflow_run; docs/ci-github.md has both";
    case 404:
        return "there is no such pull request, or the token cannot see the repository; look at "
               "--repository and --request";
    case 410:
        return "comments are switched off there";
    case 422:
        return "GitHub cannot take it as it is";
    default:
        return NULL;
    }
}

static const char *const token_variables[] = {"GITHUB_TOKEN", "GH_TOKEN", NULL};
static const char *const headers[] = {"Accept: application/vnd.github+json",
                                      "X-GitHub-Api-Version: 2022-11-28", NULL};

const struct sg_forge sg_github = {
    .name = "github",
    .title = "GitHub",
    .request_word = "pull request",
    .job_variable = "GITHUB_ACTIONS",
    .token_variables = token_variables,
    .no_token = "set GITHUB_TOKEN, in a workflow by `env: GITHUB_TOKEN: ${{ github.token }}` and "
                "`permissions: pull-requests: write`, or name a file with --token-file",
    .token_header = "Authorization: Bearer ",
    .headers = headers,
    .body_limit = 65536,
    .update_method = "PATCH",
    .author = "user",
    .checks = true,
    .settle = settle,
    .comments = comments,
    .comment = comment,
    .text = text,
    .program = sg_github_program,
    .advice = advice,
};
