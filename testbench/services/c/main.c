/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue (c): the demo service of svcgate in C. Routes of the API, start and end of the process.
 * ../README.md describes the API and the faults; go/ and node/ hold the same service. */
#include "catalogue.h"
#include "faults.h"
#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct service {
    struct catalogue *catalogue;
    struct faults faults;
};

/* One parameter of the query string; the first of several with one name counts. */
struct parameter {
    const char *name;
    struct text value;
    bool given;
};

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes %XX, and + as a blank. False when an escape is broken. */
static bool decode(const char *s, size_t len, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < len; i++) {
        char c = s[i];
        if (c == '%') {
            int high = i + 1 < len ? hex(s[i + 1]) : -1;
            int low = i + 2 < len ? hex(s[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        text_bytes(out, &c, 1);
    }
    return true;
}

/* Reads `a=b&c=d` into the parameters of those names; all else must be sound, but is ignored. */
static bool read_query(const char *query, struct parameter *parameters, size_t count)
{
    struct text name = {0};
    struct text value = {0};
    bool sound = true;
    while (sound && *query) {
        size_t len = strcspn(query, "&");
        size_t equals = strcspn(query, "=&");
        size_t rest = equals < len ? equals + 1 : len;
        sound = decode(query, equals, &name) && text_is_utf8(&name) &&
                decode(query + rest, len - rest, &value) && text_is_utf8(&value);
        for (size_t i = 0; sound && i < count; i++) {
            struct parameter *p = &parameters[i];
            if (!p->given && name.len == strlen(p->name) &&
                memcmp(name.data, p->name, name.len) == 0) {
                text_bytes(&p->value, value.data, value.len);
                p->given = true;
            }
        }
        query += len + (query[len] == '&');
    }
    text_free(&name);
    text_free(&value);
    return sound;
}

/* One to nine digits. */
static bool parse_number(const char *s, size_t len, unsigned *number)
{
    if (len == 0 || len > 9)
        return false;
    *number = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *number = *number * 10 + (unsigned)(s[i] - '0');
    }
    return true;
}

static bool parameter_number(const struct parameter *p, unsigned min, unsigned max,
                             unsigned *number)
{
    return !p->given ||
           (parse_number(p->value.data, p->value.len, number) && *number >= min && *number <= max);
}

static void get_items(const struct catalogue *c, const char *query, struct http_answer *answer)
{
    struct parameter parameters[] = {{.name = "limit"}, {.name = "offset"}};
    unsigned limit = 20;
    unsigned offset = 0;
    if (!read_query(query, parameters, 2))
        http_error(answer, 400, "bad query");
    else if (!parameter_number(&parameters[0], 1, 100, &limit))
        http_error(answer, 400, "bad limit");
    else if (!parameter_number(&parameters[1], 0, 999999999, &offset))
        http_error(answer, 400, "bad offset");
    else
        catalogue_list(c, limit, offset, &answer->body);
    text_free(&parameters[0].value);
    text_free(&parameters[1].value);
}

static void get_item(const struct catalogue *c, const char *id_text, struct http_answer *answer)
{
    unsigned id = 0;
    if (strchr(id_text, '/'))
        http_error(answer, 404, "not found");
    else if (!parse_number(id_text, strlen(id_text), &id))
        http_error(answer, 400, "bad id");
    else if (id < 1 || id > CATALOGUE_ITEMS)
        http_error(answer, 404, "no such item");
    else
        catalogue_item(c, id, &answer->body);
}

static void get_search(const struct catalogue *c, const char *query, struct http_answer *answer)
{
    struct parameter parameters[] = {{.name = "q"}, {.name = "limit"}};
    const struct text *q = &parameters[0].value;
    unsigned limit = 20;
    if (!read_query(query, parameters, 2))
        http_error(answer, 400, "bad query");
    else if (!parameter_number(&parameters[1], 1, 100, &limit))
        http_error(answer, 400, "bad limit");
    else if (q->len < 1 || q->len > CATALOGUE_QUERY_MAX)
        http_error(answer, 400, "bad q");
    else
        catalogue_search(c, q, limit, &answer->body);
    text_free(&parameters[0].value);
    text_free(&parameters[1].value);
}

/* The path and query of a target, which may also be a whole URL; NULL when it is neither. */
static char *path_of(char *target)
{
    const char *const scheme = "http://";
    if (strncmp(target, scheme, strlen(scheme)) == 0) {
        target += strlen(scheme);
        target += strcspn(target, "/");
    }
    return *target == '/' ? target : NULL;
}

static bool is_sound_path(const char *path)
{
    struct text decoded = {0};
    bool sound = decode(path, strlen(path), &decoded);
    text_free(&decoded);
    return sound;
}

static void get_health(const struct faults *f, struct http_answer *answer)
{
    answer->status = f->never_ready ? 503 : 200;
    text_string(&answer->body,
                f->never_ready ? "{\"status\":\"starting\"}\n" : "{\"status\":\"ok\"}\n");
}

static void answer_request(void *context, const struct http_request *request,
                           struct http_answer *answer)
{
    struct service *s = context;
    const char *const one_item = "/items/";
    char *path = path_of(request->target);
    char *query = path ? strchr(path, '?') : NULL;
    if (query)
        *query++ = '\0';
    else
        query = "";
    bool is_health = path && strcmp(path, "/healthz") == 0;

    answer->close = answer->close || s->faults.close;
    if (!is_health)
        faults_begin(&s->faults);
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
        http_error(answer, 405, "method not allowed");
    else if (!path || !is_sound_path(path))
        http_error(answer, 400, "bad path");
    else if (is_health)
        get_health(&s->faults, answer);
    else if (strcmp(path, "/items") == 0)
        get_items(s->catalogue, query, answer);
    else if (strncmp(path, one_item, strlen(one_item)) == 0)
        get_item(s->catalogue, path + strlen(one_item), answer);
    else if (strcmp(path, "/search") == 0)
        get_search(s->catalogue, query, answer);
    else
        http_error(answer, 404, "not found");
    if (!is_health)
        faults_end(&s->faults, answer);
}

/* PORT and HOST of the environment; 8080 on all addresses without them. */
static int listen_as_asked(void)
{
    const char *port_text = getenv("PORT");
    const char *host = getenv("HOST");
    unsigned number = 8080;
    if (port_text && *port_text &&
        (!parse_number(port_text, strlen(port_text), &number) || number > 65535)) {
        fprintf(stderr, "catalogue (c): PORT: not a number from 0 to 65535: %s\n", port_text);
        return -1;
    }
    if (!host || !*host)
        host = "0.0.0.0";
    uint16_t port = (uint16_t)number;
    int listener = http_listen(host, &port);
    if (listener < 0) {
        fprintf(stderr, "catalogue (c): listening on %s:%u: %s\n", host, number, strerror(errno));
        return -1;
    }
    struct text faults = {0};
    faults_describe(&faults);
    fprintf(stderr, "catalogue (c) listening on :%u%.*s\n", (unsigned)port, (int)faults.len,
            faults.len > 0 ? faults.data : "");
    text_free(&faults);
    return listener;
}

int main(void)
{
    struct service s = {0};
    if (!faults_read(&s.faults))
        return 2;
    s.catalogue = catalogue_new();
    int listener = listen_as_asked();
    bool served = listener >= 0 && http_serve(listener, s.faults.latency_ns, answer_request, &s);
    catalogue_delete(s.catalogue);
    faults_free(&s.faults);
    return served ? 0 : 1;
}
