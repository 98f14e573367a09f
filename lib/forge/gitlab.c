/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab: a merge request's comments are its notes. https://docs.gitlab.com/api/notes */
#include "forge/internal.h"

#include "base/process.h"
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

static int whole_number(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    bool plain = size > 0 && size < 10 && strspn(text, "0123456789") == size;
    return plain ? (int)strtol(text, NULL, 10) : 0;
}

/* "group/project!12,group/project!15": of a branch's pipeline. */
static bool take_open(struct sg_forge_place *place, const char *open, struct sg_error *err)
{
    const char *mark = strchr(open, '!');
    if (strchr(open, ','))
        return sg_fail(err, SG_ERROR_CONFIG,
                       "the branch has several merge requests (%.200s); say which with --request",
                       open);
    if (!mark || whole_number(mark + 1) == 0)
        return sg_fail(err, SG_ERROR_CONFIG, "CI_OPEN_MERGE_REQUESTS is \"%.200s\"; say --request",
                       open);
    free(place->repository);
    place->repository = sg_format("%.*s", (int)(mark - open), open);
    place->request = whole_number(mark + 1);
    return true;
}

/* In a fork's pipeline CI_PROJECT_ID is the fork, CI_MERGE_REQUEST_PROJECT_ID where it leads. */
static bool take_request(struct sg_forge_place *place, struct sg_error *err)
{
    const char *open = sg_env("CI_OPEN_MERGE_REQUESTS");
    place->request = whole_number(sg_env("CI_MERGE_REQUEST_IID"));
    if (place->request > 0)
        return true;
    if (open)
        return take_open(place, open, err);
    if (sg_env(sg_gitlab.job_variable))
        place->none = sg_strdup("the pipeline belongs to no merge request");
    return true;
}

static bool settle(struct sg_forge_place *place, struct sg_error *err)
{
    const char *api = sg_env("CI_API_V4_URL");
    const char *target = sg_env("CI_MERGE_REQUEST_PROJECT_ID");
    const char *own = target ? target : sg_env("CI_PROJECT_ID");
    if (!place->api)
        place->api = sg_strdup(api ? api : "https://gitlab.com/api/v4");
    bool flagged = place->repository != NULL;
    if (!flagged)
        place->repository = sg_strdup(own);
    if (!place->repository)
        return sg_fail(err, SG_ERROR_CONFIG,
                       "which project? Say --repository with its path or its number");
    bool ours = !flagged || sg_streq(place->repository, own) ||
                sg_streq(place->repository, sg_env("CI_PROJECT_PATH"));
    return place->request > 0 || !ours || take_request(place, err);
}

static char *notes(const struct sg_forge_place *place, const char *request)
{
    char *project = sg_http_escape(place->repository);
    char *path = sg_format("/projects/%s/merge_requests/%s/notes", project, request);
    free(project);
    return path;
}

static char *note(const struct sg_forge_place *place, const char *request, const char *id)
{
    char *all = notes(place, request);
    char *path = sg_format("%s/%s", all, id);
    free(all);
    return path;
}

static const char *advice(long status)
{
    switch (status) {
    case 401:
        return "the token does not count here; GITLAB_TOKEN must be an access token with the scope "
               "api that is not expired (a job's own CI_JOB_TOKEN cannot write notes)";
    case 403:
        return "the token may not do this: it needs the scope api, and its owner a role in the "
               "project that may comment; docs/ci-gitlab.md";
    case 404:
        return "there is no such merge request, or the token cannot see the project; look at "
               "--repository and --request";
    case 400:
    case 422:
        return "GitLab cannot take it as it is";
    default:
        return NULL;
    }
}

static const char *const token_variables[] = {"GITLAB_TOKEN", NULL};
static const char *const headers[] = {"Accept: application/json", NULL};

const struct sg_forge sg_gitlab = {
    .name = "gitlab",
    .title = "GitLab",
    .request_word = "merge request",
    .job_variable = "GITLAB_CI",
    .token_variables = token_variables,
    .no_token = "set GITLAB_TOKEN, a masked variable with a project access token of the scope api; "
                "a job's own CI_JOB_TOKEN cannot write notes, and jobs of forks get no variables: "
                "docs/ci-gitlab.md",
    .job_token = "CI_JOB_TOKEN",
    .token_header = "PRIVATE-TOKEN: ",
    .headers = headers,
    .body_limit = 1000000,
    .update_method = "PUT",
    .author = "author",
    .settle = settle,
    .comments = notes,
    .comment = note,
    .text = sg_gitlab_text,
    .advice = advice,
};
