/* SPDX-License-Identifier: Apache-2.0 */
/* Section: what was measured on what, folded: load, plan, images, host. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/sections.h"
#include "view/show.h"

/* --- Load, plan, names -------------------------------------------------------------------- */

/* Takes the value; an empty one says nothing. */
static void add_value(struct sg_part *table, const char *name, struct sg_text *value)
{
    if (value->size == 0)
        return;
    sg_cell_own(table, name);
    sg_cell_text(table, value->data);
    sg_text_free(value);
}

static void add_text(struct sg_part *table, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    sg_cell_own(table, name);
    sg_cell_text(table, value);
}

static void add_code(struct sg_part *table, const char *name, const char *value)
{
    if (value == NULL)
        return;
    sg_cell_own(table, name);
    sg_cell_code(table, value);
}

static void add_duration(struct sg_text *out, const char *before, double seconds)
{
    if (!isfinite(seconds) || seconds <= 0)
        return;
    char *text = sg_show_duration(seconds);
    sg_text_printf(out, "%s%s%s", out->size > 0 ? ", " : "", before, text);
    free(text);
}

static void add_load(struct sg_part *table, const struct sg_plan *plan)
{
    struct sg_text value = {0};

    if (isfinite(plan->rate) && plan->rate > 0) {
        char rate[32];
        sg_show_exact(plan->rate, rate);
        sg_text_printf(&value, "%s requests/s, the same for every variant", rate);
    }
    add_duration(&value, "warm-up ", plan->warmup);
    add_duration(&value, "measured window ", plan->measure);
    add_value(table, "load", &value);
}

static void add_plan(struct sg_part *table, const struct sg_plan *plan)
{
    struct sg_text value = {0};

    if (!plan->planned)
        return;
    if (plan->blocks > 0)
        sg_text_printf(&value, "one look at %d random blocks, each in a job of its own,",
                       plan->blocks);
    else
        sg_text_printf(&value, "%d to %d repetitions a side in random blocks",
                       plan->min_repetitions, plan->max_repetitions);
    if (plan->first_block > plan->block_size)
        sg_text_printf(&value, " of %d, then", plan->first_block);
    sg_text_printf(&value, " of %d, seed %llu", plan->block_size, (unsigned long long)plan->seed);
    add_duration(&value, "budget ", plan->budget);
    add_value(table, "plan", &value);
}

static void add_risks(struct sg_part *table, const struct sg_judgement *judgement)
{
    struct sg_text value = {0};

    if (!isfinite(judgement->alpha) || !isfinite(judgement->beta))
        return;
    char *alpha = sg_show_by_unit(judgement->alpha, "ratio");
    char *beta = sg_show_by_unit(judgement->beta, "ratio");
    sg_text_printf(&value, "α %s over all gates of a variant, β %s a gate", alpha, beta);
    free(alpha);
    free(beta);
    add_value(table, "risk", &value);
}

/* As far as they are known. */
static void add_measurement(struct sg_doc *doc, const struct sg_report *report)
{
    const struct sg_session *session = report->session;
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Measurement"));

    sg_table_column(table, SG_COLUMN_LEFT, 0, "what");
    sg_table_column(table, SG_COLUMN_LEFT, 0, "value");
    add_code(table, "service", session->service);
    add_load(table, &session->plan);
    add_plan(table, &session->plan);
    add_risks(table, report->judgement);
    add_code(table, "plan hash", report->judgement->plan_hash);
    add_code(table, "session", session->id);
    add_text(table, "measured at", session->created);
    add_text(table, "tool", session->tool);
}

/* --- Images and host ---------------------------------------------------------------------- */

/* Plain samples know no images. */
static bool has_images(const struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++)
        if (session->variants[i].image != NULL || session->variants[i].env != NULL)
            return true;
    return false;
}

static void add_images(struct sg_doc *doc, const struct sg_session *session)
{
    static const char *const names[] = {"variant", "image", "digest", "settings"};

    if (!has_images(session))
        return;
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Images"));
    for (size_t i = 0; i < SG_COUNT(names); i++)
        sg_table_column(table, SG_COLUMN_LEFT, 0, names[i]);
    for (size_t i = 0; i < session->variants_count; i++) {
        const struct sg_variant *variant = &session->variants[i];
        const char *const cells[] = {variant->name, variant->image, variant->digest, variant->env};
        for (size_t k = 0; k < SG_COUNT(cells); k++) {
            if (cells[k] != NULL)
                sg_cell_code(table, cells[k]);
            else
                sg_cell_own(table, SG_DASH);
        }
    }
}

static void add_facts(struct sg_doc *doc, const struct sg_session *session)
{
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Environment"));

    sg_table_column(table, SG_COLUMN_LEFT, 0, "environment");
    sg_table_column(table, SG_COLUMN_LEFT, 0, "value");
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *fact = &session->facts[i];
        char *name = fact->block > 0 ? sg_format("%s (block %d)", fact->name, fact->block)
                                     : sg_strdup(fact->name);
        sg_cell_text(table, name);
        sg_cell_text(table, fact->value);
        free(name);
    }
}

void sg_section_environment(struct sg_doc *doc, const struct sg_view *view)
{
    sg_doc_fold(doc, "What was measured on what");
    add_measurement(doc, view->report);
    add_images(doc, view->report->session);
    add_facts(doc, view->report->session);
    sg_doc_fold_end(doc);
}
