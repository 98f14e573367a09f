/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that were measured in jobs of their own: on which machine, and what each says by itself.
 */
#include <stdlib.h>

#include "report/escape.h"
#include "report/formats.h"
#include "report/html.h"
#include "report/sentence.h"
#include "report/show.h"
#include "report/text_parts.h"

/* One block of one variant. */
struct stratum {
    int block;
    const char *variant;
    char *machine; /* "AMD EPYC 7763, 4 CPUs, host 3f2a" */
    char *changes; /* "latency_p95 +0.3 %, cpu_per_request −0.1 %", of the gates */
};

struct strata {
    struct stratum *items;
    size_t count;
};

static const char *fact(const struct sg_session *session, const char *name, int block)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *at = &session->facts[i];
        if (sg_streq(at->name, name) && (at->block == 0 || at->block == block))
            return at->value;
    }
    return NULL;
}

static char *machine_of(const struct sg_session *session, int block)
{
    static const struct {
        const char *name, *before, *after;
    } parts[] = {{"CPU", "", ""}, {"CPUs", "", " CPUs"}, {"host", "host ", ""}};
    struct sg_text text = {0};

    for (size_t i = 0; i < SG_COUNT(parts); i++) {
        const char *value = fact(session, parts[i].name, block);
        if (value != NULL)
            sg_text_printf(&text, "%s%s%s%s", text.size > 0 ? ", " : "", parts[i].before, value,
                           parts[i].after);
    }
    return text.size > 0 ? sg_text_take(&text) : sg_strdup(SG_DASH);
}

/* Of the block at `place` among those that count for the variant; NULL beyond the last one. */
static char *changes_of(const struct sg_view *view, const char *variant, size_t place,
                        int *out_block)
{
    struct sg_text text = {0};

    for (size_t i = 0; i < view->count; i++) {
        const struct sg_result *result = view->rows[i].result;
        if (place >= result->strata_count || !sg_streq(result->variant, variant))
            continue;
        char *change = sg_show_difference(result, result->strata[place].change, 0);
        sg_text_printf(&text, "%s%s %s", text.size > 0 ? ", " : "", view->rows[i].label, change);
        *out_block = result->strata[place].block;
        free(change);
    }
    return text.size > 0 ? sg_text_take(&text) : NULL;
}

static void strata_init(struct strata *strata, const struct sg_view *view)
{
    const struct sg_judgement *judgement = view->report->judgement;

    *strata = (struct strata){0};
    for (size_t v = 0; v < judgement->variants_count; v++) {
        const char *variant = judgement->variants[v].variant;
        int block = 0;
        char *changes;
        for (size_t i = 0; (changes = changes_of(view, variant, i, &block)) != NULL; i++) {
            strata->items = sg_grow(strata->items, strata->count, sizeof(*strata->items));
            strata->items[strata->count++] =
                (struct stratum){.block = block,
                                 .variant = variant,
                                 .machine = machine_of(view->report->session, block),
                                 .changes = changes};
        }
    }
}

static void strata_clear(struct strata *strata)
{
    for (size_t i = 0; i < strata->count; i++) {
        free(strata->items[i].machine);
        free(strata->items[i].changes);
    }
    free(strata->items);
}

void sg_text_strata(const struct sg_terminal *terminal, const struct sg_view *view)
{
    struct strata strata;

    strata_init(&strata, view);
    for (size_t i = 0; i < strata.count; i++) {
        const struct stratum *at = &strata.items[i];
        struct sg_text text = {0};
        sg_text_printf(&text, "block %d (", at->block);
        sg_say_text(&text, SG_PLAIN, at->machine);
        sg_text_add(&text, ")");
        if (view->many) {
            sg_text_add(&text, " of ");
            sg_say_name(&text, SG_PLAIN, at->variant);
        }
        sg_text_add(&text, ": ");
        sg_say_text(&text, SG_PLAIN, at->changes);
        sg_text_add(terminal->out, i == 0 ? "\n  " : "  ");
        sg_terminal_wrap(terminal, text.data, 4, 2);
        sg_text_free(&text);
    }
    strata_clear(&strata);
}

void sg_markdown_strata(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct strata strata;
    struct sg_table table;

    strata_init(&strata, view);
    sg_table_init(&table, view->many ? "rlll" : "rll");
    sg_table_text(&table, "block");
    sg_table_text(&table, "machine");
    if (view->many)
        sg_table_text(&table, "variant");
    sg_table_text(&table, "change, each block by itself");
    for (size_t i = 0; i < strata.count; i++) {
        sg_table_take(&table, sg_format("%d", strata.items[i].block));
        sg_text_cell(&table, strata.items[i].machine);
        if (view->many)
            sg_code_cell(&table, strata.items[i].variant);
        sg_text_cell(&table, strata.items[i].changes);
    }
    if (strata.count > 0) {
        sg_sheet_title(sheet, "\n");
        sg_table_write(&table, sheet);
    } else {
        sg_table_clear(&table);
    }
    strata_clear(&strata);
}

void sg_html_strata(struct sg_sheet *sheet, const struct sg_view *view)
{
    struct strata strata;
    struct sg_text head = {0};

    strata_init(&strata, view);
    sg_html_head(&head, "block", false);
    sg_html_head(&head, "machine", false);
    if (view->many)
        sg_html_head(&head, "variant", false);
    sg_html_head(&head, "change, each block by itself", false);
    sg_html_table(sheet, "<h2>Blocks</h2>\n", "Blocks", &head);
    for (size_t i = 0; i < strata.count; i++) {
        struct sg_text row = {0};
        sg_text_printf(&row, "<tr><th scope=\"row\">%d</th>", strata.items[i].block);
        sg_html_cell(&row, strata.items[i].machine, false);
        if (view->many)
            sg_html_cell(&row, strata.items[i].variant, false);
        sg_html_cell(&row, strata.items[i].changes, false);
        sg_text_add(&row, "</tr>\n");
        sg_sheet_add(sheet, &row);
    }
    sg_html_table_end(sheet);
    strata_clear(&strata);
}
