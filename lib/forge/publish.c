/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is sent, in order: which request, its comment, the check run. */
#include "forge/internal.h"

#include "base/clock.h"

#include <stdlib.h>

static const double default_timeout = 120;
static const double longest_try = 30;

/* A single slow answer must leave time for another look. */
static double time_of_try(double timeout)
{
    return timeout / 4 < longest_try ? timeout / 4 : longest_try;
}

static bool find_request(const struct sg_connection *connection, struct sg_forge_outcome *out,
                         struct sg_error *err)
{
    const struct sg_forge_place *place = connection->place;
    out->request = place->request;
    if (out->request == 0 && place->head)
        return sg_github_lookup(connection, &out->request, &out->note, err);
    if (out->request == 0)
        out->note = sg_strdup(place->none);
    return true;
}

static bool publish_comment(const struct sg_connection *connection,
                            const struct sg_forge_post *post, struct sg_forge_outcome *out,
                            struct sg_error *err)
{
    if (!post->comment)
        return true;
    return find_request(connection, out, err) &&
           (out->request == 0 || sg_comment_publish(connection, post, out, err));
}

static bool publish_check(const struct sg_connection *connection, const struct sg_forge_post *post,
                          struct sg_forge_outcome *out, struct sg_error *err)
{
    if (!post->check)
        return true;
    if (connection->place->forge->checks)
        return sg_github_check(connection, post, out, err);
    out->warning = sg_format("no check run: %s has none", connection->place->forge->title);
    return true;
}

bool sg_forge_publish(const struct sg_forge_place *place, const struct sg_forge_post *post,
                      const char *token, struct sg_forge_outcome *out, struct sg_error *err)
{
    double timeout = post->timeout > 0 ? post->timeout : default_timeout;
    struct sg_connection connection = {.place = place,
                                       .token = token,
                                       .agent = post->agent,
                                       .deadline = sg_clock_monotonic() +
                                                   (int64_t)(timeout * (double)SG_SECOND),
                                       .try_timeout = time_of_try(timeout)};
    *out = (struct sg_forge_outcome){0};
    return publish_comment(&connection, post, out, err) &&
           publish_check(&connection, post, out, err);
}

void sg_forge_outcome_clear(struct sg_forge_outcome *outcome)
{
    free(outcome->url);
    free(outcome->note);
    free(outcome->warning);
    *outcome = (struct sg_forge_outcome){0};
}
