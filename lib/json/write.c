/* SPDX-License-Identifier: Apache-2.0 */
/* From values to text: the same value always gives the same bytes. */
#include "json/json.h"
#include "json/members.h"

#include "base/text.h"
#include "base/units.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    struct sg_text text;
    int lines_to;
    int depth;
};

/* Where the next piece that is not written as it stands begins, from `at` on. */
static size_t plain_length(const char *at, size_t size)
{
    size_t length = 0;
    while (length < size) {
        unsigned char c = (unsigned char)at[length];
        size_t step = c < 0x80 ? 1 : sg_utf8_length(at + length, size - length);
        if (step == 0 || c < 0x20 || c == '"' || c == '\\')
            break;
        length += step;
    }
    return length;
}

static void write_escape(struct sg_text *text, unsigned char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; letters[i]; i += 2) {
        if ((unsigned char)letters[i] == c) {
            sg_text_printf(text, "\\%c", letters[i + 1]);
            return;
        }
    }
    if (c < 0x20)
        sg_text_printf(text, "\\u%04x", c);
    else
        sg_text_add(text, "\xEF\xBF\xBD"); /* U+FFFD for a byte that is no UTF-8 */
}

static void write_string(struct sg_text *text, const char *string)
{
    size_t left = strlen(string);
    sg_text_add(text, "\"");
    for (;;) {
        size_t plain = plain_length(string, left);
        sg_text_bytes(text, string, plain);
        string += plain;
        left -= plain;
        if (left == 0)
            break;
        write_escape(text, (unsigned char)*string);
        string++;
        left--;
    }
    sg_text_add(text, "\"");
}

static void write_number(struct sg_text *text, double number)
{
    char digits[32];
    sg_show_exact(number, digits);
    sg_text_add(text, digits);
}

/* Before an element or the closing bracket: a new line where this level is laid out in lines. */
static void write_break(struct writer *writer, bool first, bool closing)
{
    bool lines = writer->depth <= writer->lines_to;
    if (!first && !closing)
        sg_text_add(&writer->text, lines ? "," : ", ");
    if (!lines)
        return;
    sg_text_add(&writer->text, "\n");
    int levels = writer->depth - closing;
    for (int i = 0; i < levels; i++)
        sg_text_add(&writer->text, "  ");
}

static void write_value(struct writer *writer, const cJSON *value);

static void write_array(struct writer *writer, const cJSON *array)
{
    sg_text_add(&writer->text, "[");
    for (const cJSON *item = array->child; item; item = item->next) {
        write_break(writer, item == array->child, false);
        write_value(writer, item);
    }
    write_break(writer, false, true);
    sg_text_add(&writer->text, "]");
}

static void write_object(struct writer *writer, const cJSON *object)
{
    size_t count = 0;
    struct sg_json_sorted *members = sg_json_sort_members(object, &count);
    sg_text_add(&writer->text, "{");
    for (size_t i = 0; i < count; i++) {
        write_break(writer, i == 0, false);
        write_string(&writer->text, members[i].item->string);
        sg_text_add(&writer->text, ": ");
        write_value(writer, members[i].item);
    }
    write_break(writer, false, true);
    sg_text_add(&writer->text, "}");
    free(members);
}

static void write_container(struct writer *writer, const cJSON *value)
{
    bool object = cJSON_IsObject(value);
    if (!value->child) {
        sg_text_add(&writer->text, object ? "{}" : "[]");
        return;
    }
    writer->depth++;
    if (object)
        write_object(writer, value);
    else
        write_array(writer, value);
    writer->depth--;
}

static void write_value(struct writer *writer, const cJSON *value)
{
    if (cJSON_IsObject(value) || cJSON_IsArray(value))
        write_container(writer, value);
    else if (cJSON_IsString(value))
        write_string(&writer->text, value->valuestring);
    else if (cJSON_IsNumber(value))
        write_number(&writer->text, value->valuedouble);
    else if (cJSON_IsBool(value))
        sg_text_add(&writer->text, cJSON_IsTrue(value) ? "true" : "false");
    else
        sg_text_add(&writer->text, "null");
}

char *sg_json_write(const struct sg_json *json, int lines_to)
{
    struct writer writer = {.lines_to = lines_to};
    if (json)
        write_value(&writer, (const cJSON *)json);
    else
        sg_text_add(&writer.text, "null");
    sg_text_add(&writer.text, "\n");
    return sg_text_take(&writer.text);
}
