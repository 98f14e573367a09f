/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": edit distance after Levenshtein (1966), by Wagner and Fischer's table (1974). */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* `row` has room for strlen(b) + 1 numbers. */
static size_t distance(const char *a, const char *b, size_t *row)
{
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t changed = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(changed, row[j] + 1, diagonal + 1);
        }
    }
    return row[width];
}

const char *sg_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word);
    size_t allowed = length / 3;
    const char *best = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t width = strlen(names[i]);
        size_t apart = width > length ? width - length : length - width;
        if (apart > allowed)
            continue;
        size_t *row = sg_alloc(width + 1, sizeof(*row));
        size_t edits = distance(word, names[i], row);
        free(row);
        if (edits > allowed)
            continue;
        best = names[i];
        if (edits == 0)
            break;
        allowed = edits - 1; /* only a nearer one replaces it */
    }
    return best;
}
