/* SPDX-License-Identifier: Apache-2.0 */
/* The plan as a document, and its formats. */
#include "report/plan_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/print.h"
#include "view/show.h"

#define LIMIT ((size_t)900 * 1024) /* a job's summary */
#define SENTENCE 1200              /* bytes; advice is longer than a reason */

/* --- Numbers --------------------------------------------------------------------------------- */

/* "100 % in 7.7": a chance, and the repetitions that it takes on average. */
static char *show_course(double chance, double repetitions)
{
    char *shown = sg_forecast_chance(chance);
    char *course = isnan(chance) || isnan(repetitions)
                       ? sg_strdup(shown)
                       : sg_format("%s in %.1f", shown, repetitions);
    free(shown);
    return course;
}

static char *show_amount(const struct sg_forecast_gate *gate, double value)
{
    const struct sg_result like = {
        .relative = gate->relative, .unit = gate->unit, .tolerance = value, .limit = NAN};
    return sg_show_tolerance_alone(&like);
}

static char *show_noise(const struct sg_forecast_gate *gate)
{
    if (gate->scale == SG_SCALE_EXACT)
        return sg_strdup("none");
    if (gate->scale == SG_SCALE_COUNT)
        return sg_strdup("counts");
    char *used = show_amount(gate, gate->noise);
    char *raw = show_amount(gate, gate->noise_raw);
    char *both = gate->adjusted && isfinite(gate->noise_raw) ? sg_format("%s → %s", raw, used)
                                                             : sg_strdup(used);
    free(used);
    free(raw);
    return both;
}

static char *show_tolerance(const struct sg_forecast_gate *gate)
{
    const struct sg_result like = {.relative = gate->relative,
                                   .unit = gate->unit,
                                   .tolerance = gate->tolerance,
                                   .limit = gate->limit};
    return sg_show_tolerance(&like);
}

/* --- Gates ----------------------------------------------------------------------------------- */

static void add_heads(struct sg_part *table, const char *const *heads, const char *align,
                      const int *drop)
{
    for (size_t i = 0; heads[i] != NULL; i++)
        sg_table_column(table, align[i] == 'r' ? SG_COLUMN_RIGHT : SG_COLUMN_LEFT, drop[i],
                        heads[i]);
}

static void add_gate(struct sg_part *table, const struct sg_forecast_gate *gate)
{
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);

    sg_cell_code(table, label);
    sg_cell_number_take(table, show_noise(gate));
    sg_cell_number_take(table, show_tolerance(gate));
    sg_cell_number_take(table, show_course(gate->passes, gate->repetitions));
    sg_cell_number_take(table, show_course(gate->worse_fails, gate->worse_repetitions));
    sg_cell_number_take(table, show_amount(gate, gate->found));
    free(label);
}

static enum sg_state state_of(const struct sg_forecast_gate *gate)
{
    return gate->known && gate->passes >= SG_PLAN_GOOD ? SG_STATE_PASS : SG_STATE_INCONCLUSIVE;
}

static void add_gates(struct sg_doc *doc, const struct sg_forecast *forecast)
{
    static const char *const heads[] = {"gate",        "noise", "tolerance", "unchanged passes",
                                        "+10 % fails", "finds", NULL};
    static const int drop[] = {0, 1, 2, 0, 0, 3};
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Gates"));

    if (doc->form == SG_FOR_TERMINAL)
        sg_table_column(table, SG_COLUMN_STATE, 0, NULL);
    add_heads(table, heads, "lrlrrr", drop);
    for (size_t g = 0; g < forecast->gates_count; g++) {
        if (doc->form == SG_FOR_TERMINAL)
            sg_cell_state(table, state_of(&forecast->gates[g]));
        add_gate(table, &forecast->gates[g]);
    }
}

/* --- Changes that are to be found ------------------------------------------------------------ */

/* "noise 2.1 % (windows of 3m), or tolerance 7 %" */
static char *show_ways(const struct sg_forecast *forecast, const struct sg_forecast_change *change)
{
    struct sg_text text = {0};
    if (isnan(change->chance) || change->repetitions > 0)
        return sg_strdup(SG_DASH);
    if (isfinite(change->noise)) {
        char *noise = sg_show_by_unit(change->noise, "ratio");
        sg_text_printf(&text, "noise %s", noise);
        if (change->window > forecast->window) {
            char *window = sg_show_duration(5 * ceil(change->window / 5));
            sg_text_printf(&text, " (windows of %s)", window);
            free(window);
        }
        free(noise);
    }
    if (isfinite(change->tolerance)) {
        double step = change->tolerance >= 0.01 ? 0.01 : 0.001;
        double rounded = step * floor(change->tolerance / step);
        char *tolerance = sg_show_by_unit(rounded, "ratio");
        sg_text_printf(&text, "%stolerance %s",
                       text.size == 0 ? ""
                       : change->both ? " and "
                                      : ", or ",
                       tolerance);
        free(tolerance);
    }
    return text.size > 0 ? sg_text_take(&text) : sg_strdup("more than that");
}

static void add_change(struct sg_part *table, const struct sg_forecast *forecast,
                       const struct sg_forecast_gate *gate, const struct sg_forecast_change *change)
{
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);

    sg_cell_code(table, label);
    sg_cell_number_take(table, sg_forecast_chance(change->chance));
    sg_cell_number_take(table, change->repetitions > 0 ? sg_format("%d", change->repetitions)
                                                       : sg_strdup("above 30"));
    sg_cell_number_take(table, sg_plan_show_time(change->seconds_mean));
    sg_cell_number_take(table, sg_plan_show_time(change->seconds));
    sg_cell_number_take(table, show_ways(forecast, change));
    free(label);
}

/* Is there a gate of which something can be said? */
static bool has_change(const struct sg_forecast *forecast, size_t change)
{
    for (size_t g = 0; g < forecast->gates_count; g++)
        if (!isnan(forecast->gates[g].changes[change].chance))
            return true;
    return false;
}

static void add_changes(struct sg_doc *doc, const struct sg_forecast *forecast, size_t change)
{
    static const char *const heads[] = {"gate",    "this plan",  "repetitions", "on average",
                                        "at most", "else needs", NULL};
    static const int drop[] = {0, 2, 0, 1, 0, 0};

    if (!has_change(forecast, change))
        return;
    sg_line_take(sg_doc_paragraph(doc, SG_LOOK_PLAIN), sg_plan_say_change(forecast, change));
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Changes"));
    table->look = SG_LOOK_HANGING;
    sg_doc_tight(doc, SG_FOR_TERMINAL);
    add_heads(table, heads, "lrrrrl", drop);
    for (size_t g = 0; g < forecast->gates_count; g++) {
        const struct sg_forecast_gate *gate = &forecast->gates[g];
        if (!isnan(gate->changes[change].chance))
            add_change(table, forecast, gate, &gate->changes[change]);
    }
}

/* --- Noises that are assumed ----------------------------------------------------------------- */

/* One table of those from `from` on that belong together; returns where the next one begins. */
static size_t add_assumed(struct sg_doc *doc, const struct sg_forecast *forecast, size_t from)
{
    static const char *const heads[] = {"if its noise is", "unchanged passes", "+10 % fails",
                                        "finds", NULL};
    static const int drop[] = {0, 0, 0, 0};
    const struct sg_forecast_assumed *rows = forecast->assumed;
    size_t i = from;

    sg_line_take(sg_doc_paragraph(doc, SG_LOOK_PLAIN), sg_plan_say_assumed(forecast, from));
    struct sg_part *table = sg_doc_table(doc, sg_strdup("Noises"));
    table->look = SG_LOOK_HANGING;
    sg_doc_tight(doc, SG_FOR_TERMINAL);
    add_heads(table, heads, "rrrr", drop);
    for (; i < forecast->assumed_count && sg_streq(rows[i].gates, rows[from].gates); i++) {
        sg_cell_number_take(table, sg_show_by_unit(rows[i].noise, "ratio"));
        sg_cell_number_take(table, show_course(rows[i].passes, rows[i].repetitions));
        sg_cell_number_take(table, show_course(rows[i].worse_fails, NAN));
        sg_cell_number_take(table, isfinite(rows[i].found) ? sg_show_by_unit(rows[i].found, "ratio")
                                                           : sg_strdup(SG_DASH));
    }
    return i;
}

/* --- The whole ------------------------------------------------------------------------------- */

/* A sentence; nothing for NULL. */
static void add_line(struct sg_doc *doc, enum sg_look look, unsigned tight, char *sentence)
{
    if (sentence == NULL)
        return;
    sg_line_take(sg_doc_paragraph(doc, look), sentence);
    sg_doc_tight(doc, tight);
}

static void add_list(struct sg_doc *doc, const char *title, enum sg_look look, char *const *lines,
                     size_t count)
{
    if (count == 0)
        return;
    sg_doc_heading(doc, SG_LOOK_LABEL, SG_FOR_PAGES, title);
    struct sg_part *list = sg_doc_list(doc, look);
    sg_doc_tight(doc, SG_FOR_PAGES);
    for (size_t i = 0; i < count; i++)
        sg_line_text(sg_list_item(list, NULL), lines[i]);
}

static void build(struct sg_doc *doc, const struct sg_forecast *forecast)
{
    enum sg_state state = forecast->good ? SG_STATE_PASS : SG_STATE_INCONCLUSIVE;
    struct sg_part *verdict = sg_doc_verdict(doc, state, NULL);

    verdict->look = SG_LOOK_FORECAST;
    sg_line_text(&verdict->line, forecast->verdict);
    add_line(doc, SG_LOOK_PLAIN, SG_FOR_TERMINAL, sg_plan_say_schedule(forecast));
    add_line(doc, SG_LOOK_PLAIN, SG_FOR_ALL, sg_plan_say_noise(forecast));
    if (forecast->source != SG_NOISE_ASSUMED) {
        add_gates(doc, forecast);
        add_line(doc, SG_LOOK_PLAIN, 0, sg_plan_say_together(forecast));
        add_line(doc, SG_LOOK_PLAIN, SG_FOR_TERMINAL, sg_plan_say_screen(forecast));
    }
    for (size_t i = 0; i < forecast->assumed_count;)
        i = add_assumed(doc, forecast, i);
    for (size_t i = 0; !forecast->alone && i < forecast->changes_count; i++)
        add_changes(doc, forecast, i);
    add_list(doc, "What to do", SG_LOOK_ARROW, forecast->advice, forecast->advice_count);
    add_list(doc, "Notes", SG_LOOK_PLAIN, forecast->notes, forecast->notes_count);
    add_line(doc, SG_LOOK_QUIET, 0, sg_plan_say_legend(forecast));
}

static void write_markdown(const struct sg_plan_report *report, struct sg_text *out)
{
    struct sg_doc doc = {.form = SG_FOR_MARKDOWN, .limit = LIMIT};

    build(&doc, report->forecast);
    sg_print_markdown(&doc, out);
    sg_doc_clear(&doc);
}

static void write_text(const struct sg_plan_report *report, struct sg_text *out)
{
    const struct sg_terminal_use use = {
        .width = report->width, .color = report->color, .longest = SENTENCE};
    struct sg_doc doc = {.form = SG_FOR_TERMINAL};

    build(&doc, report->forecast);
    sg_print_terminal(&doc, &use, out);
    sg_doc_clear(&doc);
}

static const struct sg_plan_format formats[] = {
    {"text", write_text},
    {"md", write_markdown},
    {"json", sg_plan_write_json},
};

const struct sg_plan_format *sg_plan_format(const char *name, struct sg_error *err)
{
    if (sg_streq(name, "markdown"))
        name = "md";
    for (size_t i = 0; i < SG_COUNT(formats); i++)
        if (sg_streq(name, formats[i].name))
            return &formats[i];
    (void)sg_fail(err, SG_ERROR_CONFIG, "unknown format \"%s\": a plan knows text, md and json",
                  name);
    return NULL;
}
