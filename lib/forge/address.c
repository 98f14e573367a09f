/* SPDX-License-Identifier: Apache-2.0 */
/* The API's address: the one host that the token goes to. */
#include "forge/internal.h"

#include <string.h>
#include <strings.h>

/* Only characters that every reader of URLs takes for the same thing: no user, query, fragment,
 * backslash or space. */
static bool is_plain(const char *text, size_t size, const char *more)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    for (size_t i = 0; i < size; i++) {
        if (!strchr(plain, text[i]) && !strchr(more, text[i]))
            return false;
    }
    return size > 0;
}

/* The names that lib/http never sends through a proxy. */
static bool is_loopback(const char *host, size_t size)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        size_t length = strlen(names[i]);
        if (size >= length && strncasecmp(host, names[i], length) == 0 &&
            (size == length || host[length] == ':'))
            return true;
    }
    return false;
}

static bool refuse(const char *url, const char *why, struct sg_error *err)
{
    const char *host = strstr(url, "://");
    bool secret = strchr(host ? host : url, '@') != NULL; /* there may be a password in it */
    return sg_fail(err, SG_ERROR_CONFIG, "%s is no address for an API: %s", secret ? "this" : url,
                   why);
}

bool sg_forge_address(const char *url, char **out, struct sg_error *err)
{
    *out = NULL;
    bool tls = strncasecmp(url, "https://", 8) == 0;
    if (!tls && strncasecmp(url, "http://", 7) != 0)
        return refuse(url, "it must begin with https://", err);
    const char *host = strstr(url, "://") + 3;
    size_t size = strcspn(host, "/?#");
    size_t path = strlen(host + size);
    if (!is_plain(host, size, ":[]") || (path > 0 && !is_plain(host + size, path, "/_~%")))
        return refuse(url, "it must be a host and a path, without user, query and fragment", err);
    if (!tls && !is_loopback(host, size))
        return refuse(url, "a token goes over https only (http is for 127.0.0.1)", err);
    while (path > 0 && host[size + path - 1] == '/')
        path--;
    *out = sg_format("%.*s", (int)(host - url + (ptrdiff_t)(size + path)), url);
    return true;
}
