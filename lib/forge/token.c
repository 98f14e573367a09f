/* SPDX-License-Identifier: Apache-2.0 */
/* The token: from a file or from the environment, never from the command line. */
#include "forge/internal.h"

#include "base/file.h"
#include "base/process.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX ((size_t)16 << 10)

/* A token stands in a header: anything but visible ASCII would end it or mean something else. */
static bool take(const char *text, const char *from, char **out, struct sg_error *err)
{
    static const char blank[] = " \t\r\n";
    text += strspn(text, blank);
    size_t size = strlen(text);
    while (size > 0 && strchr(blank, text[size - 1]))
        size--;
    if (size == 0)
        return sg_fail(err, SG_ERROR_CONFIG, "%s holds no token", from);
    for (size_t i = 0; i < size; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s holds more than a token: only one word of visible letters may be "
                           "there",
                           from);
    }
    *out = sg_format("%.*s", (int)size, text);
    return true;
}

static bool take_file(const char *file, char **out, struct sg_error *err)
{
    char *text = NULL;
    if (!sg_file_read(file, TOKEN_MAX, &text, NULL, err))
        return false;
    bool ok = take(text, file, out, err);
    free(text);
    return ok;
}

static bool take_environment(const struct sg_forge *forge, char **out, struct sg_error *err)
{
    const char *name = "SVCGATE_TOKEN";
    const char *text = sg_env(name);
    for (size_t i = 0; !text && forge->token_variables[i]; i++) {
        name = forge->token_variables[i];
        text = sg_env(name);
    }
    if (!text)
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "no token for %s: %s", forge->title,
                       forge->no_token);
    return take(text, name, out, err);
}

bool sg_forge_token(const struct sg_forge *forge, const char *file, char **out,
                    struct sg_error *err)
{
    *out = NULL;
    if (!(file ? take_file(file, out, err) : take_environment(forge, out, err)))
        return false;
    const char *useless = forge->job_token ? sg_env(forge->job_token) : NULL;
    if (!sg_streq(*out, useless))
        return true;
    free(*out);
    *out = NULL;
    return sg_fail(err, SG_ERROR_ENVIRONMENT, "the token is the job's own %s: %s", forge->job_token,
                   forge->no_token);
}
