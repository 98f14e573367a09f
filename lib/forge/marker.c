/* SPDX-License-Identifier: Apache-2.0 */
/* How a comment is known again: an HTML comment, which is not shown, in its first line. */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 64

/* "--" would end the HTML comment for some readers, ">" for all. */
char *sg_clean_name(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
    struct sg_text clean = {.limit = NAME_MAX_BYTES};
    for (; name && *name; name++) {
        if (strchr(plain, *name))
            sg_text_bytes(&clean, name, 1);
        else if (clean.size > 0 && clean.data[clean.size - 1] != '-')
            sg_text_add(&clean, "-");
    }
    while (clean.size > 0 && clean.data[clean.size - 1] == '-')
        clean.data[--clean.size] = '\0';
    return clean.size > 0 ? sg_text_take(&clean) : sg_strdup("svcgate");
}

char *sg_marker(const char *name)
{
    char *clean = sg_clean_name(name);
    char *marker = sg_format("<!-- svcgate:%s -->", clean);
    free(clean);
    return marker;
}

bool sg_has_marker(const char *body, const char *marker)
{
    size_t size = strlen(marker);
    return strncmp(body, marker, size) == 0 && (body[size] == '\0' || strchr("\r\n", body[size]));
}

/* Without "\r" and what is blank at the end: forges store texts a little differently. */
static size_t next_letter(const char *text, size_t at, size_t end)
{
    while (at < end && text[at] == '\r')
        at++;
    return at;
}

static size_t end_of(const char *text)
{
    size_t end = strlen(text);
    while (end > 0 && strchr(" \t\r\n", text[end - 1]))
        end--;
    return end;
}

bool sg_same_text(const char *a, const char *b)
{
    size_t a_end = end_of(a);
    size_t b_end = end_of(b);
    size_t i = next_letter(a, 0, a_end);
    size_t k = next_letter(b, 0, b_end);
    while (i < a_end && k < b_end) {
        if (a[i] != b[k])
            return false;
        i = next_letter(a, i + 1, a_end);
        k = next_letter(b, k + 1, b_end);
    }
    return i == a_end && k == b_end;
}

static bool is_utf8(const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        size_t step = sg_utf8_length(text, left);
        if (step == 0)
            return false;
        text += step;
        left -= step;
    }
    return true;
}

bool sg_comment_text(const struct sg_forge_place *place, const struct sg_forge_post *post,
                     char **out, struct sg_error *err)
{
    *out = NULL;
    if (!is_utf8(post->body))
        return sg_fail(err, SG_ERROR_CONFIG, "the comment is not UTF-8 text");
    char *marker = sg_marker(post->name);
    char *body = place->forge->text(post->body);
    char *text = sg_format("%s\n%s", marker, body);
    size_t size = strlen(text);
    free(marker);
    free(body);
    if (size <= place->forge->body_limit) {
        *out = text;
        return true;
    }
    free(text);
    return sg_fail(err, SG_ERROR_CONFIG,
                   "the comment has %zu bytes, %s takes at most %zu; send a shorter one", size,
                   place->forge->title, place->forge->body_limit);
}

struct sg_json *sg_comment_json(const char *text)
{
    struct sg_json *json = sg_json_new_object();
    sg_json_set_string(json, "body", text);
    return json;
}
