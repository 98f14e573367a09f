/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": edit distance after Damerau (1964) and Levenshtein (1966): a letter put in, left
 * out, changed, or two neighbours swapped; by Wagner and Fischer's table (1974). */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* `table` has room for (strlen(a) + 1) · (strlen(b) + 1) numbers. */
static size_t distance(const char *a, const char *b, size_t *table)
{
    size_t height = strlen(a), width = strlen(b) + 1;
    for (size_t j = 0; j < width; j++)
        table[j] = j;
    for (size_t i = 1; i <= height; i++) {
        size_t *row = table + i * width, *above = row - width;
        row[0] = i;
        for (size_t j = 1; j < width; j++) {
            size_t changed = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, row[j - 1] + 1, above[j] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], row[j], (above - width)[j - 2] + 1);
        }
    }
    return table[height * width + width - 1];
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
        size_t *table = sg_alloc((length + 1) * (width + 1), sizeof(*table));
        size_t edits = distance(word, names[i], table);
        free(table);
        if (edits > allowed)
            continue;
        best = names[i];
        if (edits == 0)
            break;
        allowed = edits - 1; /* only a nearer one replaces it */
    }
    return best;
}
