/* SPDX-License-Identifier: Apache-2.0 */
/* A document under a limit of bytes. */
#include "report/page.h"

#include <string.h>

#define NOTE_ROOM 200 /* bytes kept for the sentence about what was left out */

bool sg_sheet_add(struct sg_sheet *sheet, struct sg_text *piece)
{
    bool fits = sheet->out->size + sheet->title.size + piece->size <= sheet->limit;

    if (fits) {
        sg_text_bytes(sheet->out, sheet->title.data, sheet->title.size);
        sg_text_bytes(sheet->out, piece->data, piece->size);
        sg_text_free(&sheet->title);
    } else {
        sheet->left_out++;
    }
    sg_text_free(piece);
    return fits;
}

void sg_sheet_add_paragraph(struct sg_sheet *sheet, enum sg_look look, struct sg_text *piece)
{
    if (look != SG_LOOK_LEAD) {
        sg_sheet_add(sheet, piece);
        return;
    }
    sg_text_bytes(&sheet->title, piece->data, piece->size);
    sg_text_free(piece);
}

/* A folded section: its content goes to a sheet of its own first, so that it is written only when
 * there is something in it. */
struct fold {
    struct sg_sheet inside;
    struct sg_text text;
    const char *summary; /* NULL: closed */
};

#define FOLD_OPEN "\n<details><summary>%s</summary>\n\n"
#define FOLD_CLOSE "\n</details>\n"

static void fold_open(struct fold *fold, const struct sg_sheet *sheet, const char *summary)
{
    size_t around = strlen(FOLD_OPEN) + strlen(summary) + strlen(FOLD_CLOSE);
    size_t used = sheet->out->size + around;

    *fold = (struct fold){.summary = summary};
    fold->inside.out = &fold->text;
    fold->inside.limit = used < sheet->limit ? sheet->limit - used : 0;
}

static void fold_close(struct fold *fold, struct sg_sheet *sheet)
{
    if (fold->text.size > 0) {
        sg_text_printf(sheet->out, FOLD_OPEN, fold->summary);
        sg_text_bytes(sheet->out, fold->text.data, fold->text.size);
        sg_text_add(sheet->out, FOLD_CLOSE);
    }
    sheet->left_out += fold->inside.left_out;
    sg_text_free(&fold->text);
    sg_text_free(&fold->inside.title);
    fold->summary = NULL;
}

/* What a part may fill the sheet up to. */
static size_t limit_of(const struct sg_part *part, size_t start, size_t limit)
{
    return part->always ? SIZE_MAX : start + (limit - start) / part->share;
}

/* Does the title still wait for the next part? */
static bool leads(const struct sg_part *part)
{
    return part->kind == SG_PART_HEADING || part->kind == SG_PART_PICTURES ||
           (part->kind == SG_PART_PARAGRAPH && part->look == SG_LOOK_LEAD);
}

static void write_part(const struct sg_page *page, const struct sg_part *part,
                       struct sg_sheet *sheet)
{
    if (part->kind == SG_PART_HEADING && part->look != SG_LOOK_SUBSECTION)
        sg_text_free(&sheet->title);
    if (page->writers[part->kind] != NULL)
        page->writers[part->kind](sheet, part);
    if (!leads(part))
        sg_text_free(&sheet->title);
}

static void write_parts(const struct sg_page *page, const struct sg_part *parts, size_t count,
                        struct sg_sheet *sheet)
{
    struct fold fold = {0};
    size_t start = sheet->out->size;
    size_t limit = sheet->limit;

    for (size_t i = 0; i < count; i++) {
        sheet->limit = limit_of(&parts[i], start, limit);
        if (parts[i].kind == SG_PART_FOLD)
            fold_open(&fold, sheet, parts[i].text);
        else if (parts[i].kind == SG_PART_FOLD_END)
            fold_close(&fold, sheet);
        else
            write_part(page, &parts[i], fold.summary != NULL ? &fold.inside : sheet);
    }
    sg_text_free(&sheet->title);
}

/* Where the parts at the end begin. */
static size_t foot_of(const struct sg_doc *doc)
{
    size_t foot = doc->count;

    while (foot > 0 && doc->parts[foot - 1].always)
        foot--;
    return foot;
}

/* The end is made first: it must always fit. */
void sg_page_write(const struct sg_page *page, const struct sg_doc *doc, struct sg_text *out)
{
    struct sg_text end = {0};
    struct sg_sheet below = {.out = &end, .start = SIZE_MAX, .limit = SIZE_MAX};
    size_t foot = foot_of(doc);

    write_parts(page, doc->parts + foot, doc->count - foot, &below);
    struct sg_sheet sheet = {
        .out = out, .start = out->size, .limit = out->size + doc->limit - end.size - NOTE_ROOM};
    write_parts(page, doc->parts, foot, &sheet);
    if (sheet.left_out > 0)
        page->note(out, sheet.left_out, doc->limit);
    sg_text_bytes(out, end.data, end.size);
    sg_text_free(&end);
}
