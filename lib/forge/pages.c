/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that come in pages. Of what the server names as the next page only the query is used: it
 * cannot send us, and the token, to another place. */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

/* The address between "<" and ">" of the entry with rel="next" (RFC 8288); NULL without one. */
static char *next_of_link(const char *link)
{
    for (const char *at = link ? strchr(link, '<') : NULL; at; at = strchr(at, '<')) {
        const char *end = strchr(at, '>');
        if (!end)
            return NULL;
        size_t parameters = strcspn(end, ",<");
        char *rest = sg_format("%.*s", (int)parameters, end);
        bool next = strstr(rest, "rel=\"next\"") || strstr(rest, "rel=next");
        free(rest);
        if (next)
            return sg_format("%.*s", (int)(end - at - 1), at + 1);
        at = end;
    }
    return NULL;
}

static bool is_number(const char *text)
{
    return text && text[0] && strspn(text, "0123456789") == strlen(text);
}

/* A query's characters as RFC 3986 has them; nothing that could end a request's line. */
static bool is_query(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~' || strchr("\"<>\\^`{|}#", *text))
            return false;
    }
    return true;
}

/* The path's query with its page changed. */
static char *with_page(const char *path, const char *page)
{
    const char *query = strchr(path, '?');
    return query ? sg_format("%s&page=%s", query + 1, page) : sg_format("page=%s", page);
}

char *sg_next_page(const char *link, const char *next_page, const char *path)
{
    char *url = next_of_link(link);
    const char *query = url ? strchr(url, '?') : NULL;
    char *next = NULL;
    if (query && is_query(query + 1))
        next = sg_strdup(query + 1);
    else if (is_number(next_page))
        next = with_page(path, next_page);
    free(url);
    return next;
}

/* One page; *next becomes the path of the one behind it, or NULL. */
static bool take_page(const struct sg_connection *connection, const struct sg_list *list,
                      const char *path, char **next, struct sg_error *err)
{
    struct sg_answer answer = {0};
    if (!sg_forge_ask(connection, "GET", path, NULL, 4, &answer, err))
        return sg_error_context(err, "could not %s", list->doing);
    const struct sg_json *elements = list->key ? sg_json_get(answer.json, list->key) : answer.json;
    bool ok = sg_answer_is_good(&answer);
    if (!ok)
        sg_refused(connection, &answer, list->doing, err);
    else if (!sg_json_is_array(elements))
        ok = sg_fail(err, SG_ERROR_NETWORK, "could not %s: the answer is not the list it should be",
                     list->doing);
    for (const struct sg_json *e = ok ? sg_json_first(elements) : NULL; e; e = sg_json_next(e))
        list->take(e, list->to);
    if (ok && answer.next)
        *next = sg_format("%.*s?%s", (int)strcspn(path, "?"), path, answer.next);
    sg_answer_clear(&answer);
    return ok;
}

bool sg_forge_pages(const struct sg_connection *connection, const struct sg_list *list,
                    struct sg_error *err)
{
    char *path = sg_strdup(list->path);
    bool ok = true;
    for (int page = 0; ok && path; page++) {
        char *next = NULL;
        ok = page < SG_FORGE_PAGES
                 ? take_page(connection, list, path, &next, err)
                 : sg_fail(err, SG_ERROR_NETWORK, "could not %s: there are more than %d pages",
                           list->doing, SG_FORGE_PAGES);
        free(path);
        path = next;
    }
    free(path);
    return ok;
}
