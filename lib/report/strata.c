/* SPDX-License-Identifier: Apache-2.0 */
/* Section: blocks that were measured in jobs of their own: on which machine, and what each says by
 * itself.
 */
#include <stdlib.h>

#include "report/sections.h"
#include "view/show.h"

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
        char *change = sg_show_difference(result, result->strata[place].change);
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

/* "block 2 (AMD EPYC 7763, 4 CPUs, host 3f2a): latency_p95 +0.3 %" */
static void strata_lines(struct sg_doc *doc, const struct sg_view *view,
                         const struct strata *strata)
{
    struct sg_part *list = sg_doc_list(doc, SG_LOOK_HANGING);

    for (size_t i = 0; i < strata->count; i++) {
        const struct stratum *at = &strata->items[i];
        struct sg_line *line = sg_list_item(list, NULL);
        sg_line_own(line, "block %d (", at->block);
        sg_line_text(line, at->machine);
        sg_line_own(line, ")");
        if (view->many) {
            sg_line_own(line, " of ");
            sg_line_name(line, at->variant);
        }
        sg_line_own(line, ": ");
        sg_line_text(line, at->changes);
    }
}

static void strata_table(struct sg_doc *doc, const struct sg_view *view,
                         const struct strata *strata)
{
    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_HTML, "Blocks");
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Blocks"));

    sg_table_column(table, SG_COLUMN_RIGHT, 0, "block");
    sg_table_column(table, SG_COLUMN_LEFT, 0, "machine");
    if (view->many)
        sg_table_column(table, SG_COLUMN_LEFT, 0, "variant");
    sg_table_column(table, SG_COLUMN_LEFT, 0, "change, each block by itself");
    for (size_t i = 0; i < strata->count; i++) {
        sg_cell_number_take(table, sg_format("%d", strata->items[i].block));
        sg_cell_text(table, strata->items[i].machine);
        if (view->many)
            sg_cell_code(table, strata->items[i].variant);
        sg_cell_text(table, strata->items[i].changes);
    }
}

void sg_section_strata(struct sg_doc *doc, const struct sg_view *view)
{
    struct strata strata;

    strata_init(&strata, view);
    if (strata.count > 0 && doc->form == SG_FOR_TERMINAL)
        strata_lines(doc, view, &strata);
    else if (strata.count > 0)
        strata_table(doc, view, &strata);
    strata_clear(&strata);
}
