/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the token belongs to. Anybody who may comment can write our marker, so only what the token's
 * own user or program wrote is ours. */
#include "forge/internal.h"

#include <stdlib.h>

static const char doing[] = "say whom the token belongs to";

bool sg_forge_ourselves(const struct sg_connection *connection, struct sg_ourselves *out,
                        struct sg_error *err)
{
    const struct sg_forge *forge = connection->place->forge;
    struct sg_answer answer = {0};
    *out = (struct sg_ourselves){0};
    if (!sg_forge_ask(connection, "GET", "/user", NULL, 4, &answer, err))
        return sg_error_context(err, "could not %s", doing);
    bool program = forge->program && !answer.busy && (answer.status == 403 || answer.status == 404);
    bool ok = true;
    if (program)
        ok = forge->program(connection, &out->login, err) ||
             sg_error_context(err, "could not %s", doing);
    else if (sg_answer_is_good(&answer))
        out->id = sg_json_number(sg_json_get(answer.json, "id"), 0);
    else
        ok = sg_refused(connection, &answer, doing, err);
    sg_answer_clear(&answer);
    return ok;
}

bool sg_is_ourselves(const struct sg_ourselves *ourselves, const struct sg_json *author)
{
    if (ourselves->login)
        return sg_streq(sg_json_string(sg_json_get(author, "login"), NULL), ourselves->login);
    /* both are whole numbers */
    return ourselves->id > 0 && sg_json_number(sg_json_get(author, "id"), 0) == ourselves->id;
}

void sg_ourselves_clear(struct sg_ourselves *ourselves)
{
    free(ourselves->login);
    *ourselves = (struct sg_ourselves){0};
}
