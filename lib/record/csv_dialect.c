/* SPDX-License-Identifier: Apache-2.0 */
/* How a CSV is written: what spreadsheets and PowerShell put before the header, and the separator.
 * Names of columns hold none of the separators, so the header tells it for certain. */
#include "record/csv.h"

#include <string.h>
#include <strings.h>

static const char separators[] = ",;\t|";

/* Bytes up to the end of the line at the cursor. */
static size_t line_size(const struct sg_csv *csv)
{
    const char *line = csv->text + csv->at;
    const char *end = memchr(line, '\n', csv->size - csv->at);
    return end != NULL ? (size_t)(end - line) : csv->size - csv->at;
}

/* Without the carriage return of CRLF. */
static size_t content_size(const struct sg_csv *csv)
{
    size_t size = line_size(csv);
    return size > 0 && csv->text[csv->at + size - 1] == '\r' ? size - 1 : size;
}

static void skip_line(struct sg_csv *csv)
{
    size_t size = line_size(csv);
    csv->at += size;
    if (csv->at < csv->size) {
        csv->at++;
        csv->line++;
    }
}

static bool starts_with(const struct sg_csv *csv, const char *word)
{
    size_t size = strlen(word);
    return csv->size - csv->at >= size && strncasecmp(csv->text + csv->at, word, size) == 0;
}

/* Excel's first line "sep=;", which may be quoted; '\0': there is none. */
static char told_separator(const struct sg_csv *csv)
{
    bool quoted = starts_with(csv, "\"sep=");
    size_t at = csv->at + (quoted ? 5 : 4);
    if ((!quoted && !starts_with(csv, "sep=")) || content_size(csv) != (quoted ? 7U : 5U)) {
        return '\0';
    }
    return strchr(separators, csv->text[at]) != NULL ? csv->text[at] : '\0';
}

/* The first of the separators that stands in the header outside quotes. */
static char header_separator(const struct sg_csv *csv)
{
    bool there[sizeof(separators)] = {false};
    bool quoted = false;
    size_t end = csv->at + line_size(csv);
    for (size_t i = csv->at; i < end; i++) {
        char byte = csv->text[i];
        quoted = byte == '"' ? !quoted : quoted;
        const char *found = quoted || byte == '\0' ? NULL : strchr(separators, byte);
        if (found != NULL) {
            there[found - separators] = true;
        }
    }
    for (size_t i = 0; separators[i] != '\0'; i++) {
        if (there[i]) {
            return separators[i];
        }
    }
    return separators[0];
}

void sg_csv_dialect(struct sg_csv *csv)
{
    if (csv->size >= 3 && memcmp(csv->text, "\xEF\xBB\xBF", 3) == 0) {
        csv->at = 3;
    }
    char told = told_separator(csv);
    if (told != '\0' || starts_with(csv, "#TYPE ")) {
        skip_line(csv);
    }
    while (csv->at < csv->size && content_size(csv) == 0) {
        skip_line(csv);
    }
    csv->separator = told != '\0' ? told : header_separator(csv);
}
