/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/outside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/transfer.h"

static const char *rest;
static size_t left;
static const char *begins_with;

void sg_outside_begin(const char *text, size_t size, const char *address)
{
    rest = text;
    left = size;
    begins_with = address;
}

/* The next part, without the line that ends it; false when there is none. */
static bool next_part(const char **out, size_t *out_size)
{
    static const char mark[] = "\n%%\n";
    const size_t length = sizeof(mark) - 1;
    if (left == 0) {
        return false;
    }
    const char *at = memchr(rest, '\n', left);
    while (at != NULL && ((size_t)(rest + left - at) < length || memcmp(at, mark, length) != 0)) {
        at = memchr(at + 1, '\n', (size_t)(rest + left - at - 1));
    }
    size_t size = at != NULL ? (size_t)(at - rest) : left;
    *out = rest;
    *out_size = size;
    size_t used = at != NULL ? size + length : left;
    rest += used;
    left -= used;
    return true;
}

static char *copy(const char *bytes, size_t size)
{
    char *out = sg_alloc(size + 1, 1);
    if (size > 0) {
        memcpy(out, bytes, size);
    }
    return out;
}

static void fill(struct sg_http_response *out, const char *part, size_t size)
{
    char *text = copy(part, size);
    const char *body = strstr(text, "\n\n");
    if (text[0] >= '1' && text[0] <= '5' && body != NULL) {
        size_t head = (size_t)(body - text);
        out->status = strtol(text, NULL, 10) % 600;
        out->headers = copy(text, head);
        out->size = size - head - 2;
        out->body = copy(body + 2, out->size);
    } else {
        out->status = 200;
        out->headers = copy("", 0);
        out->size = size;
        out->body = copy(part, size);
    }
    free(text);
    sg_http_read_retry(out);
}

bool sg_http(const struct sg_http_request *request, struct sg_http_response *out,
             struct sg_error *err)
{
    const char *part = NULL;
    size_t size = 0;
    *out = (struct sg_http_response){0};
    if (!sg_starts_with(request->url, begins_with)) {
        fprintf(stderr, "asked of somebody else: %s\n", request->url);
        abort();
    }
    if (!next_part(&part, &size)) {
        return sg_fail(err, SG_ERROR_NETWORK, "nobody answers");
    }
    fill(out, part, size);
    return true;
}

void sg_http_response_free(struct sg_http_response *response)
{
    free(response->body);
    free(response->headers);
    *response = (struct sg_http_response){0};
}

/* Every byte, which is allowed as well. */
char *sg_http_escape(const char *text)
{
    struct sg_text escaped = {0};
    for (; *text; text++) {
        sg_text_printf(&escaped, "%%%02X", (unsigned char)*text);
    }
    return sg_text_take(&escaped);
}
