/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of long CSV as people's tools write them. A decimal comma is read where the columns
 * are not separated by commas and nothing in the file speaks against it; thousands separators never
 * are. */
#include "record/samples_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char digits[] = "0123456789";

/* A decimal number with an optional sign, mark and exponent; strtod alone takes more. */
struct number {
    size_t size;      /* bytes; 0: there is none */
    const char *mark; /* its point or comma, or NULL */
};

static struct number scan(const char *text, bool comma)
{
    const char *at = text + (*text == '-' || *text == '+');
    size_t whole = strspn(at, digits);
    size_t part = 0;
    const char *mark = NULL;
    at += whole;
    if (*at == '.' || (comma && *at == ',')) {
        mark = at++;
        part = strspn(at, digits);
        at += part;
    }
    if (whole + part == 0) {
        return (struct number){0, NULL};
    }
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;
        exponent += *exponent == '-' || *exponent == '+';
        size_t size = strspn(exponent, digits);
        at = size > 0 ? exponent + size : at;
    }
    return (struct number){(size_t)(at - text), mark};
}

/* "1,200" may be 1.2 or 1200; "0,012" and "1,25" may not. */
static bool may_be_thousands(const char *text, const char *comma)
{
    text += *text == '-' || *text == '+';
    size_t whole = (size_t)(comma - text);
    return *text != '0' && whole >= 1 && whole <= 3 && strspn(comma + 1, digits) == 3;
}

static bool is_mostly_number(const char *text)
{
    return strspn(text, "0123456789.,' +-\xC2\xA0\xE2\x80\xAF") == strlen(text) &&
           strpbrk(text, digits) != NULL;
}

static bool refuse(const struct sg_csv *csv, const struct sg_csv_field *field, struct sg_error *err)
{
    struct sg_shown shown = sg_show_string(field->text);
    const char *comma = strchr(field->text, ',');
    const char *hint = "(like 0.0123 or 1.2e-3); leave the field empty where the value is missing";
    if (strcasecmp(field->text, sg_column_names[SG_COLUMN_VALUE]) == 0) {
        hint = "but the header once more; were files put together? Keep the first header alone";
    } else if (comma != NULL && comma[1 + strspn(comma + 1, digits)] == '\0' &&
               scan(field->text, true).mark == comma) {
        hint = "as it stands: is the comma a decimal one? Write a point instead, or separate the "
               "columns with semicolons";
    } else if (is_mostly_number(field->text)) {
        hint = "as it stands: leave out separators of thousands, and write a decimal point";
    }
    return sg_csv_fail(csv, field->line, field->column, err, "\"%s\" is not a finite number %s",
                       shown.text, hint);
}

/* Points and commas in one file: one of them may separate thousands. */
static bool check_mark(const struct sg_csv *csv, struct sg_csv_mark *seen,
                       const struct sg_csv_field *field, const char *mark, struct sg_error *err)
{
    if (mark == NULL) {
        return true;
    }
    if (csv->separator != ';' && *mark == ',' && may_be_thousands(field->text, mark)) {
        return sg_csv_fail(csv, field->line, field->column, err,
                           "\"%s\" may have a decimal comma or a separator of thousands: write "
                           "numbers with a point, and no separators in them",
                           sg_show_string(field->text).text);
    }
    if (seen->mark == '\0') {
        *seen = (struct sg_csv_mark){.mark = *mark, .line = field->line};
    }
    return seen->mark == *mark ||
           sg_csv_fail(csv, field->line, field->column, err,
                       "\"%s\" has a decimal %s, the number in line %zu a %s: write all numbers "
                       "with a point, and no separators in them",
                       sg_show_string(field->text).text, *mark == ',' ? "comma" : "point",
                       seen->line, *mark == ',' ? "point" : "comma");
}

/* strtod reads a point whatever the locale: the program never leaves "C". */
static double convert(const char *text, struct number number)
{
    if (number.mark == NULL || *number.mark == '.') {
        return strtod(text, NULL);
    }
    char *copy = sg_format("%.*s", (int)number.size, text);
    copy[number.mark - text] = '.';
    double value = strtod(copy, NULL);
    free(copy);
    return value;
}

bool sg_number_read(const struct sg_csv *csv, struct sg_csv_table *table, double *out,
                    const struct sg_unit **out_unit, struct sg_error *err)
{
    struct sg_csv_field field = sg_table_field(csv, table, SG_COLUMN_VALUE);
    *out = NAN;
    *out_unit = NULL;
    if (field.size == 0) {
        return true;
    }
    struct number number = scan(field.text, csv->separator != ',');
    const char *rest = field.text + number.size;
    *out_unit = *rest != '\0' ? sg_unit_find(rest + (*rest == ' ')) : NULL;
    if (number.size == 0 || (*rest != '\0' && *out_unit == NULL)) {
        return refuse(csv, &field, err);
    }
    *out = convert(field.text, number);
    return check_mark(csv, &table->mark, &field, number.mark, err) &&
           (isfinite(*out) || refuse(csv, &field, err));
}

static bool is_whole(const char *text)
{
    text += *text == '-' || *text == '+';
    return *text != '\0' && text[strspn(text, digits)] == '\0';
}

bool sg_number_is_split(const struct sg_csv *csv, const struct sg_csv_table *table)
{
    size_t place = table->place[SG_COLUMN_VALUE];
    return csv->separator == ',' && csv->count == table->width + 1 && place + 1 < csv->count &&
           is_whole(csv->fields[place].text) && is_whole(csv->fields[place + 1].text);
}
