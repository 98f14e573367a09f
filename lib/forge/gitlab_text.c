/* SPDX-License-Identifier: Apache-2.0 */
/* What GitLab gives a meaning that Markdown does not: quick actions, and references to people and
 * things, each of which makes a note at its other end. A zero-width space breaks them. They are
 * found when Markdown's backslashes are gone, so that no backslash helps; code has none.
 * https://docs.gitlab.com/user/markdown (GitLab-specific references) */
#include "forge/internal.h"

#include <string.h>

#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"
#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

static bool is_name(const char *at)
{
    return *at != '\0' &&
           (strchr(NAME, *at) || ((*at & 0x80) && !sg_starts_with(at, ZERO_WIDTH_SPACE)));
}

static bool is_one_of(char letter, const char *letters)
{
    return letter != '\0' && strchr(letters, letter);
}

/* "&amp;", "&#124;": a character, and no reference to an epic or an issue. */
static bool is_character(const char *at)
{
    const char *name = at + 1 + (at[1] == '#');
    size_t size = strspn(name, NAME);
    return *at == '&' && size > 0 && name[size] == ';';
}

static bool refers(const char *at, const char *line)
{
    const char *next = at + 1;
    if (*next == '\\') /* it will be gone */
        next++;
    switch (*at) {
    case '@':
        return is_name(next) || is_one_of(*next, ".-");
    case '#':
        return is_name(next) && !(at > line && is_character(at - 1));
    case '&':
        return is_name(next) && !is_character(at);
    case '!':
    case '$':
    case '~':
    case '%':
    case '^':
        return is_name(next) || *next == '"';
    case '[': /* [vulnerability:1] */
        return is_name(next) && next[strspn(next, NAME)] == ':';
    case '*':
        return sg_starts_with(next, "iteration:");
    default:
        return false;
    }
}

/* The bytes of the code span that begins here; without an end it is none, but its ticks are text.
 */
static size_t span_at(const char *at, const char *end)
{
    size_t ticks = strspn(at, "`");
    for (const char *close = at + ticks; ticks > 0 && close < end; close++) {
        size_t run = strspn(close, "`");
        if (run == ticks)
            return (size_t)(close - at) + ticks;
        close += run;
    }
    return ticks;
}

static void add_words(struct sg_text *out, const char *line, const char *start, const char *end)
{
    for (const char *at = start; at < end;) {
        bool escaped = at > start && at[-1] == '\\';
        size_t code = escaped ? 0 : span_at(at, end);
        size_t size = code > 0 ? code : 1;
        sg_text_bytes(out, at, size);
        if (code == 0 && refers(at, line))
            sg_text_add(out, ZERO_WIDTH_SPACE);
        at += size;
    }
}

/* The ticks of a line that is nothing but the edge of a fenced block, else 0. `open`: those of the
 * block that it would end. */
static size_t fence_at(const char *at, const char *end, size_t open)
{
    size_t ticks = strspn(at, "`");
    const char *behind = at + ticks;
    size_t rest = (size_t)(end - behind);
    if (open > 0)
        return ticks >= open && strspn(behind, " \t\r") >= rest ? ticks : 0;
    return ticks >= 3 && !memchr(behind, '`', rest) ? ticks : 0;
}

/* None of our lines begins with a slash: one which does came from outside. */
static void add_line(struct sg_text *out, const char *line, const char *end, size_t *fence)
{
    const char *start = line + strspn(line, " \t\r\f\v");
    size_t edge = fence_at(start, end, *fence);
    sg_text_bytes(out, line, (size_t)(start - line));
    if (*start == '/')
        sg_text_add(out, ZERO_WIDTH_SPACE);
    if (edge > 0 || *fence > 0)
        sg_text_bytes(out, start, (size_t)(end - start));
    else
        add_words(out, line, start, end);
    if (edge > 0)
        *fence = *fence > 0 ? 0 : edge;
}

char *sg_gitlab_text(const char *body)
{
    struct sg_text safe = {0};
    size_t fence = 0; /* ticks of the fenced block that is open */
    for (const char *line = body; *line;) {
        const char *end = line + strcspn(line, "\n");
        add_line(&safe, line, end, &fence);
        if (*end)
            sg_text_add(&safe, "\n");
        line = end + (*end != '\0');
    }
    return sg_text_take(&safe);
}
