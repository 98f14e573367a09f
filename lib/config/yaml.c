/* SPDX-License-Identifier: Apache-2.0 */
/* libfyaml's events to a tree. Events rather than its documents: they show anchors, tags and
 * aliases before anything is expanded, and nothing of the library outlives this file. */
#include "config/yaml.h"
#include "config/words.h"

#include "base/text.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    struct fy_parser *parser;
    struct fy_diag *diag;
    const char *name;
    const char *text; /* what the parser reads; positions are offsets in it */
    size_t nodes;
    struct sg_error *err;
};

void sg_node_clear(struct sg_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        sg_node_clear(&node->items[i]);
    }
    free(node->items);
    free(node->text);
    free(node->key);
    *node = (struct sg_node){0};
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0) {
            return true;
        }
    }
    return false;
}

bool sg_node_is_null(const struct sg_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return node->kind == SG_NODE_SCALAR && node->plain && is_one_of(node->text, words);
}

static bool looks_like_number(const char *text)
{
    if (strchr("+-.0123456789", text[0]) == NULL) {
        return false;
    }
    char *end = NULL;
    (void)strtod(text, &end);
    return *end == '\0';
}

bool sg_node_is_text(const struct sg_node *node)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    return node->kind == SG_NODE_SCALAR &&
           (!node->plain || (!sg_node_is_null(node) && !is_one_of(node->text, words) &&
                             !looks_like_number(node->text)));
}

const struct sg_node *sg_node_find(const struct sg_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->items[i].key, key) == 0) {
            return &map->items[i];
        }
    }
    return NULL;
}

static bool fail_at(const struct builder *b, const struct fy_mark *mark, const char *what)
{
    int line = mark != NULL ? mark->line + 1 : 1;
    int column = mark != NULL ? mark->column + 1 : 1;
    return sg_fail(b->err, SG_ERROR_CONFIG, "%s:%d:%d: %s", b->name, line, column, what);
}

/* At the key of `node`. */
static bool fail_key(const struct builder *b, const struct sg_node *node, const char *what)
{
    return sg_fail(b->err, SG_ERROR_CONFIG, "%s:%d:%d: %s", b->name, node->key_line,
                   node->key_column, what);
}

/* The library's own words for broken syntax. It fails in the same way when memory ran out: only
 * errno, which sg_yaml_parse has cleared, tells. */
static bool fail_syntax(const struct builder *b)
{
    if (errno == ENOMEM) {
        sg_out_of_memory();
    }
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(b->diag, &iterator);
    if (first == NULL) {
        return sg_fail(b->err, SG_ERROR_CONFIG, "%s:1:1: not YAML", b->name);
    }
    return sg_fail(b->err, SG_ERROR_CONFIG, "%s:%d:%d: not YAML: %s", b->name, first->line,
                   first->column, first->msg);
}

/* Marks of anchors and aliases stand behind their sign. */
static bool fail_feature(const struct builder *b, const struct fy_mark *mark, bool behind)
{
    struct fy_mark at = mark != NULL ? *mark : (struct fy_mark){0};
    at.column -= behind && at.column > 0;
    return fail_at(b, &at,
                   "anchors, aliases and tags are not supported; write the value out instead");
}

/* The tokens that hang on an event; NULL where it has none. */
static void event_decoration(const struct fy_event *event, struct fy_token **anchor,
                             struct fy_token **tag)
{
    *anchor = NULL;
    *tag = NULL;
    if (event->type == FYET_SCALAR) {
        *anchor = event->scalar.anchor;
        *tag = event->scalar.tag;
    } else if (event->type == FYET_MAPPING_START) {
        *anchor = event->mapping_start.anchor;
        *tag = event->mapping_start.tag;
    } else if (event->type == FYET_SEQUENCE_START) {
        *anchor = event->sequence_start.anchor;
        *tag = event->sequence_start.tag;
    }
}

static bool check_event(struct builder *b, struct fy_event *event)
{
    struct fy_token *anchor = NULL;
    struct fy_token *tag = NULL;
    event_decoration(event, &anchor, &tag);
    if (event->type == FYET_ALIAS) {
        return fail_feature(b, fy_event_start_mark(event), true);
    }
    if (anchor != NULL || tag != NULL) {
        return fail_feature(b, fy_token_start_mark(anchor != NULL ? anchor : tag), anchor != NULL);
    }
    if (++b->nodes > SG_YAML_NODES) {
        return fail_at(b, fy_event_start_mark(event), "too many values for a configuration");
    }
    return true;
}

/* libfyaml 0.7.12 misreads a text in single quotes that holds two or more quotes in a row, each
 * written as '': garbage follows them. One at a time, and double quotes, are read well. */
static bool is_misread(const struct builder *b, struct fy_token *token)
{
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    size_t quotes = 0;
    if (fy_token_scalar_style(token) != FYSS_SINGLE_QUOTED || start == NULL || end == NULL) {
        return false;
    }
    for (size_t at = start->input_pos; at < end->input_pos && quotes < 4; at++) {
        quotes = b->text[at] == '\'' ? quotes + 1 : 0;
    }
    return quotes >= 4;
}

/* Chunk by chunk: fy_token_get_text() of 0.7.12 computes a length of its own, and fills what is
 * missing up to it with whatever lay in memory. */
static bool token_text(struct fy_token *token, struct sg_text *out)
{
    if (token == NULL) {
        return true;
    }
    struct fy_token_iter *iterator = fy_token_iter_create(token);
    const struct fy_iter_chunk *chunk = NULL;
    int failed = 0;
    if (iterator == NULL) {
        sg_out_of_memory();
    }
    while ((chunk = fy_token_iter_chunk_next(iterator, chunk, &failed))) {
        sg_text_bytes(out, chunk->str, chunk->len);
    }
    fy_token_iter_destroy(iterator);
    return failed == 0;
}

/* Where nothing was written the caller's position (its key's) stays: libfyaml has no mark there, or
 * a newer one has it behind the colon. */
static bool read_scalar(const struct builder *b, struct fy_event *event, struct sg_node *out)
{
    struct fy_token *token = event->scalar.value;
    struct sg_text text = {0};
    const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;
    enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;
    bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    bool whole = token_text(token, &text);
    if (mark != NULL && (text.size > 0 || style != FYSS_PLAIN)) {
        out->line = mark->line + 1;
        out->column = mark->column + (quoted ? 0 : 1); /* the mark is behind the quote */
    }
    const char *wrong = NULL;
    if (!whole || (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)) {
        wrong = "a NUL character inside a text";
    } else if (token != NULL && is_misread(b, token)) {
        wrong = "several quotes in a row inside single quotes are not read well; write this text "
                "in double quotes";
    }
    if (wrong != NULL) {
        sg_text_free(&text);
        return sg_fail(b->err, SG_ERROR_CONFIG, "%s:%d:%d: %s", b->name, out->line, out->column,
                       wrong);
    }
    out->kind = SG_NODE_SCALAR;
    out->plain = style == FYSS_PLAIN;
    out->text = sg_text_take(&text);
    return true;
}

static bool read_key(const struct builder *b, struct fy_event *event, const struct sg_node *map,
                     struct sg_node *out)
{
    if (event->type != FYET_SCALAR) {
        return fail_at(b, fy_event_start_mark(event), "a key must be a single word");
    }
    if (!read_scalar(b, event, out)) {
        return false;
    }
    out->key = out->text;
    out->text = NULL;
    out->key_line = out->line;
    out->key_column = out->column;
    const struct sg_node *twin = sg_node_find(map, out->key);
    if (twin != NULL) {
        char *word = sg_quoted(out->key);
        char *what = sg_format("%s is given twice; first on line %d", word, twin->key_line);
        (void)fail_key(b, out, what);
        free(what);
        free(word);
        return false;
    }
    return strcmp(out->key, "<<") != 0 ||
           fail_key(b, out, "merge keys (<<) are not supported; write the keys out instead");
}

static bool read_node(struct builder *b, struct fy_event *event, struct sg_node *out, int depth);

/* The next event, turned into `out`; the event is freed here. */
static bool read_next(struct builder *b, struct sg_node *out, int depth)
{
    struct fy_event *event = fy_parser_parse(b->parser);
    bool ok = event != NULL ? read_node(b, event, out, depth) : fail_syntax(b);
    fy_parser_event_free(b->parser, event);
    return ok;
}

/* One item, or *out_end when the map or list is over. */
static bool read_item(struct builder *b, struct sg_node *owner, int depth, bool *out_end)
{
    struct fy_event *event = fy_parser_parse(b->parser);
    if (event == NULL) {
        return fail_syntax(b);
    }
    *out_end = event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END;
    struct sg_node item = {.line = owner->line, .column = owner->column};
    bool ok = true;
    if (!*out_end) {
        ok = check_event(b, event) &&
             (owner->kind == SG_NODE_MAP
                  ? read_key(b, event, owner, &item) && read_next(b, &item, depth + 1)
                  : read_node(b, event, &item, depth + 1));
    }
    fy_parser_event_free(b->parser, event);
    if (*out_end || !ok) {
        sg_node_clear(&item);
        return ok;
    }
    owner->items = sg_grow(owner->items, owner->count, sizeof(*owner->items));
    owner->items[owner->count++] = item;
    return true;
}

static bool read_node(struct builder *b, struct fy_event *event, struct sg_node *out, int depth)
{
    if (!check_event(b, event)) {
        return false;
    }
    if (event->type == FYET_SCALAR) {
        return read_scalar(b, event, out);
    }
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (depth > SG_YAML_DEPTH) {
        return fail_at(b, mark, "nested too deeply for a configuration");
    }
    out->kind = event->type == FYET_MAPPING_START ? SG_NODE_MAP : SG_NODE_LIST;
    out->line = mark != NULL ? mark->line + 1 : out->line;
    out->column = mark != NULL ? mark->column + 1 : out->column;
    bool end = false;
    while (!end) {
        if (!read_item(b, out, depth, &end)) {
            return false;
        }
    }
    return true;
}

/* Skips to the next event of `type`; anything but the stream's frame in between is an error. */
static bool expect(struct builder *b, enum fy_event_type type, const char *otherwise)
{
    struct fy_event *event = fy_parser_parse(b->parser);
    if (event == NULL) {
        return fail_syntax(b);
    }
    bool nothing = event->type == FYET_STREAM_END;
    bool ok =
        event->type == type || fail_at(b, nothing ? NULL : fy_event_start_mark(event), otherwise);
    fy_parser_event_free(b->parser, event);
    return ok;
}

static bool read_stream(struct builder *b, struct sg_node *out)
{
    return expect(b, FYET_STREAM_START, "not YAML") &&
           expect(b, FYET_DOCUMENT_START, "the file is empty; start with version: 1") &&
           read_next(b, out, 0) && expect(b, FYET_DOCUMENT_END, "not YAML") &&
           expect(b, FYET_STREAM_END, "a second document; a configuration is one document");
}

/* libfyaml reads broken UTF-8 as an empty value without a word, and a NUL as the end. */
static bool check_bytes(const char *text, size_t size, const char *name, struct sg_error *err)
{
    if (size > SG_YAML_BYTES) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: larger than 1 MiB: not a configuration", name);
    }
    int line = 1;
    int column = 1;
    for (size_t i = 0; i < size;) {
        size_t length = sg_utf8_length(text + i, size - i);
        if (length == 0 || text[i] == '\0') {
            return sg_fail(err, SG_ERROR_CONFIG, "%s:%d:%d: %s", name, line, column,
                           length == 0 ? "not UTF-8 text" : "a NUL character");
        }
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
        i += length;
    }
    return true;
}

bool sg_yaml_parse(const char *text, size_t size, const char *name, struct sg_node *out,
                   struct sg_error *err)
{
    bool mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0; /* UTF-8's byte order mark */
    struct builder b = {.name = name, .text = text + (mark ? 3 : 0), .err = err};
    struct sg_node root = {.line = 1, .column = 1};
    struct fy_diag_cfg diag;
    bool ok = check_bytes(text, size, name, err);
    if (!ok) {
        return false;
    }
    errno = 0;
    fy_diag_cfg_default(&diag);
    diag.fp = NULL;
    b.diag = fy_diag_create(&diag);
    if (b.diag == NULL) {
        sg_out_of_memory();
    }
    fy_diag_set_collect_errors(b.diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
                                           FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                  .diag = b.diag};
    b.parser = fy_parser_create(&config);
    if (b.parser == NULL || fy_parser_set_string(b.parser, b.text, size - (mark ? 3 : 0)) != 0) {
        sg_out_of_memory(); /* nothing else stops it before it has read anything */
    }
    ok = ok && read_stream(&b, &root);
    if (ok) {
        *out = root;
    } else {
        sg_node_clear(&root);
    }
    fy_parser_destroy(b.parser);
    fy_diag_destroy(b.diag);
    return ok;
}
