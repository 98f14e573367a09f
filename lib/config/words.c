/* SPDX-License-Identifier: Apache-2.0 */
/* Words of the user's in messages, and the names that may have been meant. */
#include "config/words.h"

#include "base/text.h"

#include <string.h>

char *sg_quoted(const char *text)
{
    size_t size = strlen(text);
    size_t shown = size;
    if (size > 60) {
        /* not through the middle of a character; a flag need not be UTF-8 */
        for (shown = 60; shown > 57 && ((unsigned char)text[shown] & 0xC0) == 0x80; shown--) {
        }
    }
    char *out = sg_format("\"%.*s%s\"", (int)shown, text, shown < size ? "…" : "");
    for (char *at = out; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            *at = '?';
        }
    }
    return out;
}

char *sg_list_names(const char *const *names, size_t count)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < count; i++) {
        sg_text_printf(&text, "%s%s", i == 0 ? "; known are " : ", ", names[i]);
    }
    return sg_text_take(&text);
}

char *sg_did_you_mean(const char *word, const char *const *names, size_t count)
{
    const char *nearest = sg_nearest(word, names, count);
    return nearest != NULL ? sg_format("; did you mean \"%s\"?", nearest) : sg_strdup("");
}
