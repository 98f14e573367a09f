/* SPDX-License-Identifier: Apache-2.0 */
/* HTML: what was measured on what, folded: load, plan, images, host. */
#include <stdlib.h>

#include "report/again.h"
#include "report/escape.h"
#include "report/html.h"
#include "report/show.h"

static void add_pair(struct sg_sheet *sheet, const char *name, const char *value, bool code)
{
    struct sg_text row = {0};

    sg_text_add(&row, "<tr>");
    sg_html_row_head(&row, name, false);
    sg_text_add(&row, "<td>");
    if (code)
        sg_html_code(&row, value);
    else
        sg_xml_text(&row, value);
    sg_text_add(&row, "</td></tr>\n");
    sg_sheet_add(sheet, &row);
}

static void pair_table(struct sg_sheet *sheet, const char *what, const char *label)
{
    struct sg_text head = {0};

    sg_html_head(&head, what, false);
    sg_html_head(&head, "value", false);
    sg_html_table(sheet, "", label, &head);
}

static void write_measurement(struct sg_sheet *sheet, const struct sg_report *report)
{
    struct sg_pairs pairs;

    sg_pairs_init(&pairs, report);
    pair_table(sheet, "what", "Measurement");
    for (size_t i = 0; i < pairs.count; i++)
        add_pair(sheet, pairs.items[i].name, pairs.items[i].value, pairs.items[i].code);
    sg_html_table_end(sheet);
    sg_pairs_clear(&pairs);
}

static void image_row(struct sg_sheet *sheet, const struct sg_variant *variant)
{
    const char *const cells[] = {variant->image, variant->digest, variant->env};
    struct sg_text row = {0};

    sg_text_add(&row, "<tr>");
    sg_html_row_head(&row, variant->name, true);
    for (size_t i = 0; i < SG_COUNT(cells); i++) {
        sg_text_add(&row, "<td>");
        if (cells[i] != NULL)
            sg_html_code(&row, cells[i]);
        else
            sg_text_add(&row, SG_DASH);
        sg_text_add(&row, "</td>");
    }
    sg_text_add(&row, "</tr>\n");
    sg_sheet_add(sheet, &row);
}

static void write_images(struct sg_sheet *sheet, const struct sg_session *session)
{
    static const char *const names[] = {"variant", "image", "digest", "settings"};
    struct sg_text head = {0};

    if (!sg_has_images(session))
        return;
    for (size_t i = 0; i < SG_COUNT(names); i++)
        sg_html_head(&head, names[i], false);
    sg_html_table(sheet, "", "Images", &head);
    for (size_t i = 0; i < session->variants_count; i++)
        image_row(sheet, &session->variants[i]);
    sg_html_table_end(sheet);
}

void sg_html_environment(struct sg_sheet *sheet, const struct sg_view *view)
{
    const struct sg_session *session = view->report->session;
    struct sg_fold fold;
    struct sg_sheet *inside = sg_fold_open(&fold, sheet, "What was measured on what");

    write_measurement(inside, view->report);
    write_images(inside, session);
    pair_table(inside, "environment", "Environment");
    for (size_t i = 0; i < session->facts_count; i++) {
        char *name = sg_show_fact(&session->facts[i]);
        add_pair(inside, name, session->facts[i].value, false);
        free(name);
    }
    sg_html_table_end(inside);
    sg_fold_close(&fold, sheet);
}
