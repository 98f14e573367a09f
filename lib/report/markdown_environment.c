/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: what was measured on what, folded: load, plan, images, host. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/sentence.h"
#include "report/show.h"

/* "name: value" lines of the first table. */
static void add_pair(struct sg_table *table, const char *name, struct sg_text *value)
{
    if (value->size == 0)
        return;
    sg_table_text(table, name);
    sg_table_cell(table, value);
}

static void add_duration(struct sg_text *out, const char *before, double seconds)
{
    if (!isfinite(seconds) || seconds <= 0)
        return;
    char *text = sg_show_duration(seconds);
    sg_text_printf(out, "%s%s%s", out->size > 0 ? ", " : "", before, text);
    free(text);
}

static void add_load(struct sg_table *table, const struct sg_plan *plan)
{
    struct sg_text value = {0};

    if (isfinite(plan->rate) && plan->rate > 0) {
        char rate[32];
        sg_show_exact(plan->rate, rate);
        sg_text_printf(&value, "%s requests/s, the same for every variant", rate);
    }
    add_duration(&value, "warm-up ", plan->warmup);
    add_duration(&value, "measured window ", plan->measure);
    add_pair(table, "load", &value);
}

static void add_plan(struct sg_table *table, const struct sg_report *report)
{
    const struct sg_plan *plan = &report->session->plan;
    struct sg_text value = {0};

    if (!plan->planned)
        return;
    sg_text_printf(&value, "%d to %d repetitions a side in random blocks of %d, seed %llu",
                   plan->min_repetitions, plan->max_repetitions, plan->block_size,
                   (unsigned long long)plan->seed);
    add_duration(&value, "budget ", plan->budget);
    add_pair(table, "plan", &value);
}

static void add_risks(struct sg_table *table, const struct sg_judgement *judgement)
{
    struct sg_text value = {0};

    if (!isfinite(judgement->alpha) || !isfinite(judgement->beta))
        return;
    char *alpha = sg_show_by_unit(judgement->alpha, "ratio");
    char *beta = sg_show_by_unit(judgement->beta, "ratio");
    sg_text_printf(&value, "α %s over all gates of a variant, β %s a gate", alpha, beta);
    free(alpha);
    free(beta);
    add_pair(table, "risk", &value);
}

static void add_name(struct sg_table *table, const char *name, const char *value)
{
    struct sg_text cell = {0};

    if (value != NULL)
        sg_markdown_code(&cell, value);
    add_pair(table, name, &cell);
}

static void write_measurement(struct sg_sheet *sheet, const struct sg_view *view)
{
    const struct sg_session *session = view->report->session;
    struct sg_text tool = {0};
    struct sg_table table;

    sg_table_init(&table, "ll");
    sg_table_text(&table, "what");
    sg_table_text(&table, "value");
    add_name(&table, "service", session->service);
    add_load(&table, &session->plan);
    add_plan(&table, view->report);
    add_risks(&table, view->report->judgement);
    add_name(&table, "plan hash", view->report->judgement->plan_hash);
    add_name(&table, "session", session->id);
    sg_markdown_text(&tool, session->created);
    add_pair(&table, "measured at", &tool);
    sg_markdown_text(&tool, session->tool);
    add_pair(&table, "tool", &tool);
    sg_table_write(&table, sheet);
}

/* Plain samples know no images. */
static bool has_images(const struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++)
        if (session->variants[i].image != NULL || session->variants[i].env != NULL)
            return true;
    return false;
}

static void write_images(struct sg_sheet *sheet, const struct sg_session *session)
{
    struct sg_table table;

    if (!has_images(session))
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
        sg_text_cell(&table, session->facts[i].name);
        sg_text_cell(&table, session->facts[i].value);
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
