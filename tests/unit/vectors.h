/* SPDX-License-Identifier: Apache-2.0 */
/* Reading tests/vectors/: words and numbers separated by white space, '#' starts a comment that
 * ends with its line. A missing or short file fails the test. Include after cmocka.h. */
#ifndef SG_TESTS_VECTORS_H
#define SG_TESTS_VECTORS_H

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vectors {
    FILE *file;
    char word[256];
};

static inline void vectors_open(struct vectors *vectors, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/vectors/%s", SG_TESTS_DIR, name);
    vectors->file = fopen(path, "r");
    if (!vectors->file)
        fail_msg("cannot open %s", path);
}

static inline void vectors_close(struct vectors *vectors)
{
    (void)fclose(vectors->file);
    vectors->file = NULL;
}

/* The next word, or NULL at the end. */
static inline const char *vectors_word(struct vectors *vectors)
{
    int c = fgetc(vectors->file);
    while (c != EOF && (isspace(c) || c == '#')) {
        if (c == '#')
            while (c != EOF && c != '\n')
                c = fgetc(vectors->file);
        else
            c = fgetc(vectors->file);
    }
    size_t length = 0;
    for (; c != EOF && !isspace(c) && length + 1 < sizeof(vectors->word); length++) {
        vectors->word[length] = (char)c;
        c = fgetc(vectors->file);
    }
    vectors->word[length] = '\0';
    return length > 0 ? vectors->word : NULL;
}

/* The word that opens a row; false at the end. */
static inline bool vectors_kind(struct vectors *vectors, char out[16])
{
    const char *word = vectors_word(vectors);
    if (!word)
        return false;
    size_t length = strlen(word);
    if (length > 15)
        fail_msg("\"%s\" opens no row", word);
    memcpy(out, word, length + 1);
    return true;
}

static inline double vectors_number(struct vectors *vectors)
{
    const char *word = vectors_word(vectors);
    if (!word) {
        fail_msg("the vectors end in the middle of a row");
        return NAN;
    }
    char *end;
    double value = strtod(word, &end);
    if (*end != '\0')
        fail_msg("\"%s\" is not a number", word);
    return value;
}

static inline int vectors_int(struct vectors *vectors)
{
    return (int)vectors_number(vectors);
}

/* Equal, both NaN, or within `relative` of the larger (and of 1e-300, so that zero needs zero). */
static inline bool vectors_close_to(double got, double wanted, double relative)
{
    if (isnan(got) || isnan(wanted))
        return isnan(got) && isnan(wanted);
    if (isinf(got) || isinf(wanted))
        return isinf(got) && isinf(wanted) && (got > 0) == (wanted > 0);
    return fabs(got - wanted) <= relative * fmax(fabs(got), fabs(wanted)) + 1e-300;
}

#define assert_close(got, wanted, relative)                                                        \
    do {                                                                                           \
        double got_ = (got);                                                                       \
        double wanted_ = (wanted);                                                                 \
        if (!vectors_close_to(got_, wanted_, relative))                                            \
            fail_msg("%s is %.17g, not %.17g", #got, got_, wanted_);                               \
    } while (0)

#define assert_near(got, wanted, absolute)                                                         \
    do {                                                                                           \
        double got_ = (got);                                                                       \
        double wanted_ = (wanted);                                                                 \
        if (!(fabs(got_ - wanted_) <= (absolute)))                                                 \
            fail_msg("%s is %.17g, not %.17g", #got, got_, wanted_);                               \
    } while (0)

#endif
