/* SPDX-License-Identifier: Apache-2.0 */
/* The pull request of a head, for workflow runs that do not name it. Commits of a fork are not in
 * the repository, so that asking for a commit's pull requests finds nothing; asking by branch does.
 * https://docs.github.com/rest/pulls/pulls#list-pull-requests */
#include "forge/internal.h"

#include "http/http.h"

#include <stdlib.h>

struct candidates {
    const char *commit;
    int first;
    size_t count;
    struct sg_text numbers; /* "7, 9" */
};

static void look_at(const struct sg_json *pull, void *to)
{
    struct candidates *candidates = to;
    double number = sg_json_number(sg_json_get(pull, "number"), 0);
    const char *state = sg_json_string(sg_json_get(pull, "state"), "");
    const char *sha = sg_json_string(sg_json_get(sg_json_get(pull, "head"), "sha"), "");
    if (!sg_streq(state, "open") || !sg_streq(sha, candidates->commit) || number < 1 ||
        number > 2147483647)
        return;
    if (candidates->count++ == 0)
        candidates->first = (int)number;
    sg_text_printf(&candidates->numbers, "%s%.0f", candidates->count > 1 ? ", " : "", number);
}

char *sg_github_pulls(const struct sg_forge_place *place)
{
    char *head = sg_http_escape(place->head);
    char *path = sg_format("/repos/%s/pulls?state=open&head=%s&per_page=%d", place->repository,
                           head, SG_FORGE_PAGE);
    free(head);
    return path;
}

bool sg_github_lookup(const struct sg_connection *connection, int *out_number, char **out_note,
                      struct sg_error *err)
{
    const struct sg_forge_place *place = connection->place;
    struct candidates candidates = {.commit = place->commit, .numbers.limit = 200};
    char *path = sg_github_pulls(place);
    char *head = sg_one_line(connection, place->head, 200);
    char *doing = sg_format("list the open pull requests of %s in %s", head, place->repository);
    struct sg_list list = {.path = path, .doing = doing, .take = look_at, .to = &candidates};
    bool ok = sg_forge_pages(connection, &list, err);
    if (ok && candidates.count > 1)
        ok = sg_fail(err, SG_ERROR_CONFIG,
                     "several pull requests (%s) have the head %s; say which with --request",
                     candidates.numbers.data, head);
    else if (ok && candidates.count == 0)
        *out_note = sg_format("no open pull request has the head %s at %.12s; it is closed, or has "
                              "newer commits",
                              head, place->commit);
    *out_number = ok ? candidates.first : 0;
    sg_text_free(&candidates.numbers);
    free(doing);
    free(head);
    free(path);
    return ok;
}
