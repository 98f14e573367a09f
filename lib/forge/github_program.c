/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub: the program that a token belongs to which has no user. REST does not tell; GraphQL's
 * viewer does, as "github-actions[bot]". https://docs.github.com/graphql/reference/queries#viewer
 */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

/* No person can have such a name. */
static const char of_workflows[] = "github-actions[bot]";

/* Below the REST API's address; on a server of one's own, whose address ends in /api/v3, beside it:
 * https://docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql */
static char *graphql_api(const char *api)
{
    size_t size = strlen(api);
    if (sg_ends_with(api, "/api/v3"))
        size -= strlen("/v3");
    return sg_format("%.*s", (int)size, api);
}

static bool ask(const struct sg_connection *connection, struct sg_answer *out, struct sg_error *err)
{
    struct sg_forge_place place = *connection->place;
    struct sg_connection beside = *connection;
    struct sg_json *query = sg_json_new_object();
    sg_json_set_string(query, "query", "{ viewer { login } }");
    place.api = graphql_api(place.api);
    beside.place = &place;
    bool ok = sg_forge_ask(&beside, "POST", "/graphql", query, 4, out, err);
    free(place.api);
    sg_json_free(query);
    return ok;
}

bool sg_github_program(const struct sg_connection *connection, char **out, struct sg_error *err)
{
    struct sg_answer answer = {0};
    if (!ask(connection, &answer, err))
        return false;
    bool ok = !answer.busy || sg_refused(connection, &answer, "name the token's program", err);
    const struct sg_json *viewer = sg_json_get(sg_json_get(answer.json, "data"), "viewer");
    if (ok)
        *out = sg_strdup(sg_json_string(sg_json_get(viewer, "login"), of_workflows));
    sg_answer_clear(&answer);
    return ok;
}
