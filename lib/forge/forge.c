/* SPDX-License-Identifier: Apache-2.0 */
/* The table of forges, and where to publish: flags over the environment of the CI job. A new forge
 * is a file with its struct sg_forge and a row here. */
#include "forge/internal.h"

#include "base/process.h"

#include <stdlib.h>

static const struct sg_forge *const forges[] = {&sg_github, &sg_gitlab};

static const struct sg_forge *by_name(const char *name, struct sg_error *err)
{
    for (size_t i = 0; i < SG_COUNT(forges); i++) {
        if (sg_streq(forges[i]->name, name))
            return forges[i];
    }
    sg_fail(err, SG_ERROR_CONFIG, "unknown forge \"%s\": known are github and gitlab", name);
    return NULL;
}

static const struct sg_forge *by_environment(struct sg_error *err)
{
    for (size_t i = 0; i < SG_COUNT(forges); i++) {
        if (sg_env(forges[i]->job_variable))
            return forges[i];
    }
    sg_fail(err, SG_ERROR_CONFIG,
            "publish where? Neither GITHUB_ACTIONS nor GITLAB_CI is set; say --forge github or "
            "gitlab, --repository and --request");
    return NULL;
}

/* A request that is known only by flags must be named by them. */
static bool check_request(const struct sg_forge_place *place, struct sg_error *err)
{
    if (place->request > 0 || place->head || place->none)
        return true;
    return sg_fail(err, SG_ERROR_CONFIG, "which %s of %s? Say it with --request",
                   place->forge->request_word, place->repository);
}

static bool settle_address(struct sg_forge_place *place, struct sg_error *err)
{
    char *given = place->api;
    bool ok = sg_forge_address(given, &place->api, err);
    free(given);
    return ok;
}

bool sg_forge_find(const struct sg_forge_wish *wish, struct sg_forge_place *out,
                   struct sg_error *err)
{
    *out = (struct sg_forge_place){0};
    const struct sg_forge *forge = wish->forge ? by_name(wish->forge, err) : by_environment(err);
    if (!forge)
        return false;
    struct sg_forge_place place = {.forge = forge,
                                   .api = sg_strdup(wish->api),
                                   .repository = sg_strdup(wish->repository),
                                   .request = wish->request,
                                   .commit = sg_strdup(wish->commit)};
    bool ok =
        forge->settle(&place, err) && settle_address(&place, err) && check_request(&place, err);
    if (ok)
        *out = place;
    else
        sg_forge_place_clear(&place);
    return ok;
}

void sg_forge_place_clear(struct sg_forge_place *place)
{
    free(place->api);
    free(place->repository);
    free(place->commit);
    free(place->head);
    free(place->none);
    *place = (struct sg_forge_place){0};
}

const char *sg_forge_request_word(const struct sg_forge *forge)
{
    return forge->request_word;
}
