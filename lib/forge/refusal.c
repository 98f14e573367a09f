/* SPDX-License-Identifier: Apache-2.0 */
/* What a forge's refusal means, in a sentence that says what to do. */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

/* Copies with every token replaced. */
static char *without(const char *text, const char *token)
{
    struct sg_text clean = {0};
    size_t size = token ? strlen(token) : 0;
    for (const char *hit = NULL; size > 0 && (hit = strstr(text, token)) != NULL;) {
        sg_text_bytes(&clean, text, (size_t)(hit - text));
        sg_text_add(&clean, "***");
        text = hit + size;
    }
    sg_text_add(&clean, text);
    return sg_text_take(&clean);
}

/* ASCII and C1 control characters: what a terminal would obey. */
static bool is_control(const char *at, size_t step)
{
    unsigned char first = (unsigned char)at[0];
    return first < 0x20 || first == 0x7F ||
           (step == 2 && first == 0xC2 && (unsigned char)at[1] < 0xA0);
}

char *sg_one_line(const struct sg_connection *connection, const char *text, size_t limit)
{
    if (!text)
        return NULL;
    char *told = without(text, connection->token);
    struct sg_text line = {.limit = limit};
    for (const char *at = told; *at;) {
        size_t step = sg_utf8_length(at, strlen(at));
        if (line.size + step > limit)
            break;
        if (step == 0 || is_control(at, step))
            sg_text_add(&line, " ");
        else
            sg_text_bytes(&line, at, step);
        at += step ? step : 1;
    }
    free(told);
    while (line.size > 0 && line.data[line.size - 1] == ' ')
        line.data[--line.size] = '\0';
    return sg_text_take(&line);
}

/* GitHub does not always name the time after which a limit ends. */
static bool is_limit(const struct sg_answer *answer)
{
    return answer->busy || (answer->message && strstr(answer->message, "rate limit"));
}

static const char *common_advice(const struct sg_answer *answer)
{
    if (is_limit(answer))
        return answer->status >= 500 ? "its trouble, not ours: try again later"
                                     : "too many requests at the moment: try again later";
    if (answer->status >= 300 && answer->status <= 399)
        return "a redirect is not followed, since the token would go along: say where it is now "
               "with --api or --repository";
    return "the request does not suit it";
}

bool sg_refused(const struct sg_connection *connection, const struct sg_answer *answer,
                const char *doing, struct sg_error *err)
{
    const struct sg_forge *forge = connection->place->forge;
    const char *advice = is_limit(answer) ? NULL : forge->advice(answer->status);
    const char *said = answer->message ? answer->message : "";
    return sg_fail(err, SG_ERROR_NETWORK, "%s did not %s (%ld%s%s): %s", forge->title, doing,
                   answer->status, said[0] ? ", " : "", said,
                   advice ? advice : common_advice(answer));
}
