/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: changes of JSON that mostly leave it JSON: members and elements deleted, doubled,
 * multiplied and swapped, values put in place of others, keys renamed, numbers at their edges, odd
 * texts, arrays in arrays. One in eight, and what is no JSON, is left to libFuzzer's own changes of
 * bytes. The texts between values are kept, so that this also works on lines of JSON. */
#include "fuzz/mutate.h"

#include <stdlib.h>
#include <string.h>

enum { SPANS = 2048, DEEPEST = 64 };

/* A value where it stands, with its key when it is a member. */
struct span {
    size_t begin; /* of the key, or of the value */
    size_t value, end;
    size_t key_end; /* 0: an element, or the whole */
};

struct scan {
    struct sg_mutant *mutant;
    size_t at;
    struct span spans[SPANS];
    size_t count;
};

static char look(struct scan *scan)
{
    const struct sg_mutant *m = scan->mutant;
    while (scan->at < m->size && strchr(" \t\r\n", m->data[scan->at]) != NULL) {
        if (m->data[scan->at] == '\0') {
            break;
        }
        scan->at++;
    }
    return scan->at < m->size ? m->data[scan->at] : '\0';
}

static bool skip_string(struct scan *scan)
{
    const struct sg_mutant *m = scan->mutant;
    for (scan->at++; scan->at < m->size; scan->at++) {
        if (m->data[scan->at] == '\\') {
            scan->at++;
        } else if (m->data[scan->at] == '"') {
            scan->at++;
            return true;
        }
    }
    return false;
}

static bool skip_word(struct scan *scan)
{
    size_t from = scan->at;
    const struct sg_mutant *m = scan->mutant;
    while (scan->at < m->size && m->data[scan->at] != '\0' &&
           strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzEINT", m->data[scan->at]) != NULL) {
        scan->at++;
    }
    return scan->at > from;
}

static bool scan_value(struct scan *scan, size_t begin, size_t key_end, size_t depth);

static bool scan_container(struct scan *scan, bool object, size_t depth)
{
    const char close = object ? '}' : ']';
    scan->at++;
    if (look(scan) == close) {
        scan->at++;
        return true;
    }
    for (;;) {
        size_t begin = (look(scan), scan->at);
        size_t key_end = 0;
        if (object) {
            if (look(scan) != '"' || !skip_string(scan)) {
                return false;
            }
            key_end = scan->at;
            if (look(scan) != ':') {
                return false;
            }
            scan->at++;
        }
        if (!scan_value(scan, begin, key_end, depth + 1)) {
            return false;
        }
        char next = look(scan);
        scan->at++;
        if (next != ',') {
            return next == close;
        }
    }
}

static bool scan_value(struct scan *scan, size_t begin, size_t key_end, size_t depth)
{
    char first = look(scan);
    size_t index = scan->count;
    if (depth > DEEPEST || index == SPANS) {
        return false;
    }
    scan->count++;
    size_t value = scan->at;
    bool ok = first == '{' || first == '[' ? scan_container(scan, first == '{', depth)
              : first == '"'               ? skip_string(scan)
                                           : skip_word(scan);
    scan->spans[index] = (struct span){key_end > 0 ? begin : value, value, scan->at, key_end};
    return ok;
}

/* All values of all documents, one behind the other. */
static bool scan_all(struct scan *scan)
{
    scan->at = 0;
    scan->count = 0;
    while (look(scan) != '\0') {
        if (!scan_value(scan, scan->at, 0, 0)) {
            return false;
        }
    }
    return scan->count > 0;
}

static const struct span *any(struct scan *scan)
{
    return &scan->spans[sg_mutant_below(scan->mutant, scan->count)];
}

/* --- Changes ------------------------------------------------------------------------------- */

static const char *const odd_values[] = {"0",
                                         "-0",
                                         "1",
                                         "-1",
                                         "2",
                                         "3",
                                         "0.5",
                                         "1e-9",
                                         "5e-324",
                                         "1e-320",
                                         "1e308",
                                         "-1e308",
                                         "1e999",
                                         "1.7976931348623157e308",
                                         "2147483647",
                                         "-2147483648",
                                         "4294967296",
                                         "9007199254740993",
                                         "18446744073709551615",
                                         "1e15",
                                         "0.1",
                                         "0.05",
                                         "100",
                                         "null",
                                         "true",
                                         "false",
                                         "{}",
                                         "[]",
                                         "[[]]",
                                         "\"\"",
                                         "\"0\"",
                                         "\" \"",
                                         "\"a\"",
                                         "\"::error::x\"",
                                         "\"\\n::error::x\"",
                                         "\"##[group]x\"",
                                         "\"\\u001b[31m\"",
                                         "\"\\u202e\"",
                                         "\"\\u0085\"",
                                         "\"\\ufeff\"",
                                         "\"</script>\"",
                                         "\"a,b\\r\\nc\"",
                                         "\"=1+1\"",
                                         "\"../../x\"",
                                         "\"/etc/passwd\"",
                                         "\"2027-01-31\"",
                                         "\"18446744073709551615\"",
                                         "\"lower\"",
                                         "\"higher\"",
                                         "\"log\"",
                                         "\"linear\"",
                                         "\"count\"",
                                         "\"exact\"",
                                         "\"covariate\"",
                                         "\"metric\"",
                                         "\"invalid\"",
                                         "\"fail\"",
                                         "\"warn\"",
                                         "\"note\"",
                                         "\"s\"",
                                         "\"bytes\"",
                                         "\"ratio\"",
                                         "\"NaN\"",
                                         "\"%s%n\"",
                                         "\"\xc3\xa9\""};

static void replace_value(struct scan *scan)
{
    const struct span *span = any(scan);
    sg_mutant_replace(scan->mutant, span->value, span->end, SG_MUTANT_ANY(scan->mutant, odd_values),
                      SIZE_MAX);
}

/* A text of up to some thousand letters. */
static void lengthen(struct scan *scan)
{
    static const char *const letters[] = {"a", "\\u0001", "\xf0\x9f\x9a\x80", "\\\"", "|", " "};
    const struct span *span = any(scan);
    const char *letter = SG_MUTANT_ANY(scan->mutant, letters);
    size_t count = (size_t)1 << sg_mutant_below(scan->mutant, 13);
    size_t place = span->end;
    if (scan->mutant->data[span->value] != '"') {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sg_mutant_replace(scan->mutant, place - 1, place - 1, letter, SIZE_MAX);
    }
}

static void remove_one(struct scan *scan)
{
    const struct span *span = any(scan);
    const struct sg_mutant *m = scan->mutant;
    size_t begin = span->begin;
    size_t end = span->end;
    scan->at = end;
    if (look(scan) == ',') {
        end = scan->at + 1;
    } else {
        while (begin > 0 && strchr(" \t\r\n", m->data[begin - 1]) != NULL) {
            begin--;
        }
        begin -= begin > 0 && m->data[begin - 1] == ',' ? 1 : 0;
    }
    sg_mutant_replace(scan->mutant, begin, end, "", 0);
}

/* The first number of a copy counts on, so that blocks do. */
static void count_on(char *copy, size_t size, size_t by)
{
    for (size_t i = 0; i < size; i++) {
        if (copy[i] >= '1' && copy[i] <= '9' && i > 0 && strchr(" :", copy[i - 1]) != NULL) {
            copy[i] = (char)('1' + (copy[i] - '1' + (int)(by % 9)) % 9);
            return;
        }
    }
}

/* The same member or element again, once or many times. */
static void multiply(struct scan *scan)
{
    static const unsigned counts[] = {1, 1, 2, 5, 20, 100, 1000};
    struct sg_mutant *m = scan->mutant;
    const struct span *span = any(scan);
    size_t size = span->end - span->begin;
    size_t count = counts[sg_mutant_below(m, SG_COUNT(counts))];
    char *copy = sg_alloc(size + 1, 1);
    size_t place = span->end;
    for (size_t i = 1; i <= count && m->size + size + 1 <= m->max; i++) {
        copy[0] = ',';
        memcpy(copy + 1, m->data + span->begin, size);
        count_on(copy + 1, size, i);
        sg_mutant_replace(m, place, place, copy, size + 1);
        place += size + 1;
    }
    free(copy);
}

static char *take(const struct sg_mutant *m, size_t from, size_t to)
{
    char *out = sg_alloc(to - from + 1, 1);
    memcpy(out, m->data + from, to - from);
    return out;
}

/* A value, or a key, becomes what another one is. */
static void copy_over(struct scan *scan)
{
    const struct span *from = any(scan);
    const struct span *to = any(scan);
    bool key = from->key_end > 0 && to->key_end > 0 && sg_mutant_below(scan->mutant, 3) == 0;
    size_t begin = key ? from->begin : from->value;
    size_t end = key ? from->key_end : from->end;
    char *text = take(scan->mutant, begin, end);
    if (key) {
        sg_mutant_replace(scan->mutant, to->begin, to->key_end, text, end - begin);
    } else {
        sg_mutant_replace(scan->mutant, to->value, to->end, text, end - begin);
    }
    free(text);
}

static void swap(struct scan *scan)
{
    struct span a = *any(scan);
    struct span b = *any(scan);
    if (a.value > b.value) {
        struct span other = a;
        a = b;
        b = other;
    }
    if (a.end > b.value) {
        return; /* one inside the other, or the same */
    }
    char *first = take(scan->mutant, a.value, a.end);
    char *second = take(scan->mutant, b.value, b.end);
    sg_mutant_replace(scan->mutant, b.value, b.end, first, a.end - a.value);
    sg_mutant_replace(scan->mutant, a.value, a.end, second, b.end - b.value);
    free(first);
    free(second);
}

static void nest(struct scan *scan)
{
    const struct span span = *any(scan);
    size_t depth = (size_t)1 << sg_mutant_below(scan->mutant, 8);
    bool object = sg_mutant_below(scan->mutant, 3) == 0;
    for (size_t i = 0; i < depth && scan->mutant->size + 6 <= scan->mutant->max; i++) {
        size_t end = span.end + i * (object ? 5 : 1);
        sg_mutant_replace(scan->mutant, end, end, object ? "}" : "]", 1);
        sg_mutant_replace(scan->mutant, span.value, span.value, object ? "{\"a\":" : "[", SIZE_MAX);
    }
}

/* One figure of a number is another one, or it has another sign or size. */
static void turn_number(struct scan *scan)
{
    struct sg_mutant *m = scan->mutant;
    const struct span *span = any(scan);
    char first = m->data[span->value];
    if (first != '-' && (first < '0' || first > '9')) {
        return;
    }
    static const char *const behind[] = {"0", "1", "e3", "e-3", ".5", "9", "e300", "e-300"};
    size_t place = span->value + sg_mutant_below(m, span->end - span->value);
    switch (sg_mutant_below(m, 3)) {
    case 0:
        m->data[place] = (char)('0' + sg_mutant_below(m, 10));
        break;
    case 1:
        sg_mutant_replace(m, span->end, span->end, SG_MUTANT_ANY(m, behind), SIZE_MAX);
        break;
    default:
        sg_mutant_replace(m, span->value, span->value + (first == '-'), first == '-' ? "" : "-",
                          SIZE_MAX);
    }
}

static void change(struct sg_mutant *mutant)
{
    static void (*const changes[])(struct scan *) = {
        replace_value, replace_value, turn_number, turn_number, remove_one, multiply,
        multiply,      copy_over,     copy_over,   swap,        nest,       lengthen};
    static struct scan scan; /* large; libFuzzer has one thread */
    scan.mutant = mutant;
    if (scan_all(&scan)) {
        changes[sg_mutant_below(mutant, SG_COUNT(changes))](&scan);
    }
}

/* A value of one document in the other. */
static void cross(struct sg_mutant *into, struct sg_mutant *from)
{
    static struct scan a, b;
    a.mutant = into;
    b.mutant = from;
    if (scan_all(&a) && scan_all(&b)) {
        const struct span *place = any(&a);
        const struct span *value = any(&b);
        sg_mutant_replace(into, place->value, place->end, from->data + value->value,
                          value->end - value->value);
    }
}

const struct sg_mutator sg_mutator = {change, cross};
