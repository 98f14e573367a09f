/* SPDX-License-Identifier: Apache-2.0 */
/* Which pull request a workflow is about, from the event that started it.
 * https://docs.github.com/webhooks/webhook-events-and-payloads */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

static int whole_number(const struct sg_json *json)
{
    double number = sg_json_number(json, 0);
    return number >= 1 && number <= 2147483647 ? (int)number : 0;
}

static void take_request(struct sg_forge_place *place, const struct sg_json *number)
{
    if (place->request == 0)
        place->request = whole_number(number);
}

static void take_commit(struct sg_forge_place *place, const struct sg_json *sha)
{
    if (!place->commit)
        place->commit = sg_strdup(sg_json_string(sha, NULL));
}

/* The list also has pull requests that lead from our branch into a fork. Only one that leads into
 * our repository counts, and only when it is alone. */
static int only_request(const struct sg_json *root, const struct sg_json *pulls)
{
    double ours = sg_json_number(sg_json_get(sg_json_get(root, "repository"), "id"), 0);
    int request = 0;
    for (const struct sg_json *pull = sg_json_first(pulls); pull; pull = sg_json_next(pull)) {
        const struct sg_json *base = sg_json_get(sg_json_get(pull, "base"), "repo");
        double into = sg_json_number(sg_json_get(base, "id"), 0);
        if (ours > 0 && into > 0 && into != ours) /* both are whole numbers */
            continue;
        if (request != 0)
            return 0;
        request = whole_number(sg_json_get(pull, "number"));
    }
    return request;
}

/* For a pull request from a fork the list is empty: it is looked up by its head. */
static void take_head(struct sg_forge_place *place, const struct sg_json *run)
{
    const struct sg_json *repository = sg_json_get(run, "head_repository");
    const struct sg_json *owner = sg_json_get(sg_json_get(repository, "owner"), "login");
    const struct sg_json *branch = sg_json_get(run, "head_branch");
    if (sg_json_is_string(owner) && sg_json_is_string(branch) && place->commit)
        place->head = sg_format("%s:%s", sg_json_string(owner, ""), sg_json_string(branch, ""));
    else
        place->none = sg_strdup("the workflow run does not say which branch it was for; its "
                                "repository may be gone");
}

static void read_run(struct sg_forge_place *place, const struct sg_json *root,
                     const struct sg_json *run)
{
    take_commit(place, sg_json_get(run, "head_sha"));
    if (place->request == 0)
        place->request = only_request(root, sg_json_get(run, "pull_requests"));
    if (place->request == 0)
        take_head(place, run);
}

bool sg_github_event_read(const char *text, size_t size, const char *event,
                          struct sg_forge_place *place, struct sg_error *err)
{
    struct sg_json *root = sg_json_parse(text, size, "the event", err);
    if (!root)
        return false;
    const struct sg_json *pull = sg_json_get(root, "pull_request");
    const struct sg_json *run = sg_json_get(root, "workflow_run");
    const struct sg_json *issue = sg_json_get(root, "issue");
    if (sg_json_is_object(pull)) {
        take_request(place, sg_json_get(pull, "number"));
        take_commit(place, sg_json_get(sg_json_get(pull, "head"), "sha"));
    } else if (sg_json_is_object(run)) {
        read_run(place, root, run);
    } else if (sg_json_is_object(sg_json_get(issue, "pull_request"))) {
        take_request(place, sg_json_get(issue, "number"));
    }
    if (place->request == 0 && !place->head && !place->none)
        place->none = sg_format("the event %s belongs to no pull request", event);
    sg_json_free(root);
    return true;
}
