/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: what was measured on what, folded: load, plan, images, host. */
#include <stdlib.h>

#include "report/again.h"
#include "report/formats.h"
#include "report/show.h"

static void write_measurement(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_pairs pairs;
    struct sg_table table;

    sg_pairs_init(&pairs, view->report);
    sg_table_init(&table, "ll");
    sg_table_text(&table, "what");
    sg_table_text(&table, "value");
    for (size_t i = 0; i < pairs.count; i++) {
        sg_table_text(&table, pairs.items[i].name);
        if (pairs.items[i].code)
            sg_code_cell(&table, pairs.items[i].value);
        else
            sg_text_cell(&table, pairs.items[i].value);
    }
    sg_table_write(&table, sheet);
    sg_pairs_clear(&pairs);
}

static void write_images(struct sg_sheet *sheet, const struct sg_session *session)
{
    struct sg_table table;

    if (!sg_has_images(session))
        return;
    sg_table_init(&table, "llll");
    sg_table_text(&table, "variant");
    sg_table_text(&table, "image");
    sg_table_text(&table, "digest");
    sg_table_text(&table, "settings");
    for (size_t i = 0; i < session->variants_count; i++) {
        const struct sg_variant *variant = &session->variants[i];
        const char *const cells[] = {variant->name, variant->image, variant->digest, variant->env};
        for (size_t k = 0; k < SG_COUNT(cells); k++) {
            if (cells[k] != NULL)
                sg_code_cell(&table, cells[k]);
            else
                sg_table_text(&table, SG_DASH);
        }
    }
    sg_sheet_title(sheet, sheet->out->size > 0 ? "\n" : "");
    sg_table_write(&table, sheet);
}

static void write_facts(struct sg_sheet *sheet, const struct sg_session *session)
{
    struct sg_table table;

    sg_table_init(&table, "ll");
    sg_table_text(&table, "environment");
    sg_table_text(&table, "value");
    for (size_t i = 0; i < session->facts_count; i++) {
        char *name = sg_show_fact(&session->facts[i]);
        sg_text_cell(&table, name);
        sg_text_cell(&table, session->facts[i].value);
        free(name);
    }
    sg_sheet_title(sheet, sheet->out->size > 0 ? "\n" : "");
    sg_table_write(&table, sheet);
}

void sg_markdown_environment(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct sg_fold fold;
    struct sg_sheet *inside = sg_fold_open(&fold, sheet, "What was measured on what");

    write_measurement(inside, view);
    write_images(inside, view->report->session);
    write_facts(inside, view->report->session);
    sg_fold_close(&fold, sheet);
}
