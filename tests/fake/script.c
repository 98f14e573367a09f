/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the script, and what it says of a moment. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "fake/internal.h"

#define NO_END (1 << 30)

/* With how many words each statement has at least. */
static const struct {
    const char *name;
    size_t words;
} statements[] = {
    {"seed", 2},  {"noise", 3}, {"value", 4},        {"factor", 4}, {"at", 3},
    {"fail", 3},  {"kill", 2},  {"signal", 3},       {"info", 3},   {"image", 3},
    {"check", 4}, {"sleep", 2}, {"side_by_side", 2}, {"gone", 2},
};

static struct sg_fake_row *rows;
static size_t rows_count;

_Noreturn void sg_fake_script_wrong(const char *word)
{
    (void)fprintf(stderr, "fake bench: the script is wrong at \"%s\"\n", word);
    exit(70);
}

static void read_range(const char *text, int out[2])
{
    char *end = NULL;
    out[0] = out[1] = (int)strtol(text, &end, 10);
    if (*end == '-') {
        out[1] = end[1] != '\0' ? (int)strtol(end + 1, NULL, 10) : NO_END;
    }
}

static struct sg_fake_where read_where(const char *text)
{
    struct sg_fake_where out = {.slot = {0, NO_END}, .rep = {0, NO_END}};
    char *copy = sg_strdup(text);
    char *state = NULL;
    for (char *part = strtok_r(copy, ",", &state); part != NULL;
         part = strtok_r(NULL, ",", &state)) {
        if (sg_starts_with(part, "slot=")) {
            read_range(part + 5, out.slot);
        } else if (sg_starts_with(part, "rep=")) {
            read_range(part + 4, out.rep);
        } else if (sg_starts_with(part, "variant=")) {
            free(out.variant);
            out.variant = sg_strdup(part + 8);
        } else if (!sg_streq(part, "*")) {
            sg_fake_script_wrong(part);
        }
    }
    free(copy);
    return out;
}

static void clear_row(struct sg_fake_row *row)
{
    for (size_t i = 0; i < SG_FAKE_WORDS; i++) {
        free(row->word[i]);
    }
    free(row->rest);
    free(row->where.variant);
}

static bool is_statement(const struct sg_fake_row *row)
{
    for (size_t i = 0; i < SG_COUNT(statements); i++) {
        if (sg_streq(row->word[0], statements[i].name)) {
            return row->word[statements[i].words - 1] != NULL;
        }
    }
    return false;
}

static void read_line(const char *line)
{
    struct sg_fake_row row = {0};
    const char *at = line + strspn(line, " \t");
    if (*at == '\0' || *at == '#') {
        return;
    }
    for (size_t words = 0; *at != '\0' && words < SG_FAKE_WORDS; words++) {
        size_t length = strcspn(at, " \t");
        row.rest = words == 3 ? sg_strdup(at) : row.rest;
        row.word[words] = sg_format("%.*s", (int)length, at);
        at += length + strspn(at + length, " \t");
    }
    if (!is_statement(&row)) {
        sg_fake_script_wrong(line);
    }
    row.where = read_where(sg_streq(row.word[0], "at") ? row.word[1] : "*");
    rows = sg_grow(rows, rows_count, sizeof(*rows));
    rows[rows_count++] = row;
}

void sg_fake_script_read(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error err = {0};
    char *state = NULL;
    for (size_t i = 0; i < rows_count; i++) {
        clear_row(&rows[i]);
    }
    free(rows);
    rows = NULL;
    rows_count = 0;
    if (path == NULL || !sg_file_exists(path)) {
        return;
    }
    if (!sg_file_read(path, 1U << 20, &text, &size, &err)) {
        sg_fake_script_wrong(err.text);
    }
    for (char *line = strtok_r(text, "\n", &state); line != NULL;
         line = strtok_r(NULL, "\n", &state)) {
        read_line(line);
    }
    free(text);
}

const struct sg_fake_row *sg_fake_row(size_t index)
{
    return index < rows_count ? &rows[index] : NULL;
}

const struct sg_fake_row *sg_fake_find(const char *name, const char *first, const char *second)
{
    for (size_t i = rows_count; i-- > 0;) {
        const struct sg_fake_row *row = &rows[i];
        if (sg_streq(row->word[0], name) && (first == NULL || sg_streq(row->word[1], first)) &&
            (second == NULL || sg_streq(row->word[2], second))) {
            return row;
        }
    }
    return NULL;
}

double sg_fake_number(const struct sg_fake_row *row, size_t word)
{
    char *end = NULL;
    const char *text = row->word[word] != NULL ? row->word[word] : "";
    double number = strtod(text, &end);
    if (end == text || *end != '\0') {
        sg_fake_script_wrong(row->word[0]);
    }
    return number;
}

static bool is_now(const struct sg_fake_where *where, const struct sg_fake_moment *moment)
{
    return (where->variant == NULL || sg_streq(where->variant, moment->variant)) &&
           moment->slot >= where->slot[0] && moment->slot <= where->slot[1] &&
           moment->rep >= where->rep[0] && moment->rep <= where->rep[1];
}

const struct sg_fake_row *sg_fake_at(const struct sg_fake_moment *moment, const char *what,
                                     size_t *at)
{
    while (*at < rows_count) {
        const struct sg_fake_row *row = &rows[(*at)++];
        if (sg_streq(row->word[0], "at") && sg_streq(row->word[2], what) &&
            is_now(&row->where, moment)) {
            return row;
        }
    }
    return NULL;
}

double sg_fake_at_number(const struct sg_fake_moment *moment, const char *what, double otherwise)
{
    size_t at = 0;
    const struct sg_fake_row *row = sg_fake_at(moment, what, &at);
    return row != NULL ? sg_fake_number(row, 3) : otherwise;
}

bool sg_fake_at_all(const struct sg_fake_moment *moment, const char *what)
{
    size_t at = 0;
    return sg_fake_at(moment, what, &at) != NULL;
}
