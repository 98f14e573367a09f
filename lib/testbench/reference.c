/* SPDX-License-Identifier: Apache-2.0 */
/* The form of a reference that names one image for good. What is no such reference may be an option
 * of docker's, or a name that somebody else can fill. */
#include <string.h>

#include "base/text.h"
#include "testbench/testbench.h"

#define LONGEST 255 /* of a name, as registries have it */
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"

/* "sha256:" and 64 digits, to the end. */
static bool is_digest(const char *text)
{
    return sg_starts_with(text, "sha256:") && strspn(text + 7, "0123456789abcdef") == 64 &&
           text[7 + 64] == '\0';
}

/* A part of a name between slashes: letters first and last. */
static bool is_part(const char *text, size_t size)
{
    return size > 0 && strchr(LETTERS, text[0]) != NULL &&
           strchr(LETTERS, text[size - 1]) != NULL && strspn(text, LETTERS "._-") >= size;
}

/* The first part may be a registry with its port. */
static bool is_registry(const char *text, size_t size)
{
    const char *colon = memchr(text, ':', size);
    size_t host = colon != NULL ? (size_t)(colon - text) : size;
    size_t port = colon != NULL ? size - host - 1 : 0;
    return is_part(text, host) &&
           (colon == NULL || (port > 0 && port <= 5 && strspn(colon + 1, "0123456789") == port));
}

static bool is_name(const char *text, size_t size)
{
    bool ok = size <= LONGEST;
    for (const char *end = text + size, *at = text; ok && at <= end;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        size_t part = (size_t)((slash != NULL ? slash : end) - at);
        ok = at == text && slash != NULL ? is_registry(at, part) : is_part(at, part);
        at += part + 1;
    }
    return ok;
}

bool sg_image_is_exact(const char *reference)
{
    const char *at = strchr(reference, '@');
    return at != NULL ? is_name(reference, (size_t)(at - reference)) && is_digest(at + 1)
                      : is_digest(reference);
}
