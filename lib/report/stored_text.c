/* SPDX-License-Identifier: Apache-2.0 */
/* A stored baseline for a terminal. */
#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "report/stored.h"
#include "report/terminal.h"
#include "view/show.h"

#define WIDTH 110
#define SENTENCE 2400 /* bytes: an environment may be long */
#define DAY 10        /* characters of "2026-11-24T23:29:03Z" that are the day */

static void add_clean(struct sg_table *table, const char *text)
{
    sg_table_take(table, sg_clean_line(text != NULL ? text : SG_DASH, SG_SHOWN_NAME));
}

/* A number with its unit, which is the file's; takes it over. */
static void take_shown(struct sg_table *table, char *shown)
{
    add_clean(table, shown);
    free(shown);
}

/* A sentence, wrapped behind `indent` spaces; takes it over. */
static void write_sentence(struct sg_text *out, size_t indent, char *sentence)
{
    struct sg_terminal terminal = {.out = out, .width = WIDTH};
    char *clean = sg_clean_line(sentence, SENTENCE);
    sg_text_printf(out, "%*s", (int)indent, "");
    sg_terminal_wrap(&terminal, clean, indent + 2, indent);
    free(clean);
    free(sentence);
}

static void write_row(struct sg_text *out, const struct sg_table *table, size_t row,
                      const size_t *widths)
{
    struct sg_terminal terminal = {.out = out, .width = WIDTH};
    sg_text_add(out, "  ");
    sg_terminal_row(&terminal, table, row, widths);
    sg_text_add(out, "\n");
}

static size_t *columns_of(const struct sg_table *table)
{
    static const size_t drop_none[] = {0};
    struct sg_terminal terminal = {.width = WIDTH};
    return sg_terminal_columns(&terminal, table, 2, drop_none);
}

/* --- Sessions ------------------------------------------------------------------------------- */

static void write_head(const struct sg_stored_view *view, struct sg_text *out)
{
    char *counted = sg_strdup("");
    if (view->current > 0 && view->accepted[view->count - view->current] != NULL) {
        free(counted);
        counted = view->current == 1
                      ? sg_strdup(", of which the newest counts: it opened with an accepted change")
                      : sg_format(", of which the newest %zu count: since an accepted change",
                                  view->current);
    }
    write_sentence(out, 0,
                   sg_format("%s: %zu session%s%s", view->file, view->count,
                             view->count == 1 ? "" : "s", counted));
    free(counted);
}

static void add_session(struct sg_table *table, const struct sg_stored_view *view, size_t at)
{
    const struct sg_session *session = &view->sessions[at];
    bool counts = at + view->current >= view->count;
    char *day = session->created != NULL ? sg_format("%.*s", DAY, session->created) : NULL;
    char *image = sg_stored_image(session);
    char *apart = counts ? sg_stored_apart(view, at) : NULL;
    add_clean(table, session->id);
    add_clean(table, day);
    add_clean(table, session->repetitions_count > 0 ? session->repetitions[0].variant : NULL);
    add_clean(table, image);
    sg_table_take(table, sg_format("%zu", session->repetitions_count));
    sg_table_text(table, !counts ? "no: older" : apart != NULL ? "no: apart" : "yes");
    free(apart);
    free(image);
    free(day);
}

static void write_reasons(const struct sg_stored_view *view, size_t at, struct sg_text *out)
{
    if (view->accepted[at] != NULL)
        write_sentence(out, 6, sg_format("accepted change: %s", view->accepted[at]));
    if (view->notes[at] != NULL)
        write_sentence(out, 6, sg_format("forced: %s", view->notes[at]));
}

static void write_sessions(const struct sg_stored_view *view, struct sg_text *out)
{
    static const char *const head[] = {"session", "date",        "variant",
                                       "image",   "repetitions", "counts"};
    struct sg_table table;
    sg_table_init(&table, "llllrl");
    for (size_t i = 0; i < SG_COUNT(head); i++)
        sg_table_text(&table, head[i]);
    for (size_t i = 0; i < view->count; i++)
        add_session(&table, view, i);
    size_t *widths = columns_of(&table);
    sg_text_add(out, "\n");
    write_row(out, &table, 0, widths);
    for (size_t i = 0; i < view->count; i++) {
        write_row(out, &table, i + 1, widths);
        write_reasons(view, i, out);
    }
    free(widths);
    sg_table_clear(&table);
}

/* Sessions that stand apart from the newest, once for each way in which they do. */
static void write_apart(const struct sg_stored_view *view, struct sg_text *out)
{
    char *last = NULL;
    for (size_t i = view->count - view->current; i < view->count; i++) {
        char *apart = sg_stored_apart(view, i);
        if (apart != NULL && !sg_streq(apart, last))
            write_sentence(
                out, 0,
                sg_format("%s stands apart from the newest: %s", view->sessions[i].id, apart));
        free(last);
        last = apart;
    }
    free(last);
}

static void write_environment(const struct sg_stored_view *view, struct sg_text *out)
{
    const struct sg_session *newest = &view->sessions[view->count - 1];
    struct sg_text text = {0};
    for (size_t i = sg_stored_shared_fact(view, 0); i < newest->facts_count;
         i = sg_stored_shared_fact(view, i + 1)) {
        const struct sg_fact *fact = &newest->facts[i];
        sg_text_printf(&text, "%s%s %s",
                       text.size > 0 ? "; " : "What all that count share: ", fact->name,
                       fact->value != NULL ? fact->value : SG_DASH);
    }
    sg_text_add(out, "\n");
    if (text.size > 0)
        write_sentence(out, 0, sg_text_take(&text));
    write_apart(view, out);
}

/* --- Metrics -------------------------------------------------------------------------------- */

static char *show_size(const struct sg_outlook_gate *gate, double value)
{
    const struct sg_result result = {.relative = gate->relative, .unit = gate->unit};
    return sg_show_distance(&result, value);
}

/* "7.0 % → 1.8 %" where the host's noise was taken out. */
static char *show_noise(const struct sg_outlook_gate *gate, double raw, double value)
{
    char *after = show_size(gate, value);
    if (!gate->adjusted || isnan(value))
        return after;
    char *before = show_size(gate, raw);
    char *text = sg_format("%s → %s", before, after);
    free(before);
    free(after);
    return text;
}

static void add_metric(struct sg_table *table, const struct sg_outlook_gate *gate)
{
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);
    add_clean(table, label);
    free(label);
    take_shown(table, sg_show_value(gate->level, gate->unit));
    take_shown(table, show_noise(gate, gate->within_raw, gate->within));
    take_shown(table, show_noise(gate, gate->between_raw, gate->between));
    take_shown(table, show_size(gate, gate->between_own));
    take_shown(table, show_size(gate, gate->margin));
    take_shown(table, show_size(gate, gate->tolerance));
    sg_table_take(table, isfinite(gate->chance) ? sg_format("%.0f %%", floor(gate->chance * 100))
                                                : sg_strdup(SG_DASH));
}

static void write_metrics(const struct sg_stored_view *view, struct sg_text *out)
{
    static const char *const head[] = {"metric",    "level",  "noise within", "between sessions",
                                       "their own", "margin", "tolerance",    "unchanged passes"};
    struct sg_table table;
    sg_table_init(&table, "lrrrrrrr");
    for (size_t i = 0; i < SG_COUNT(head); i++)
        sg_table_text(&table, head[i]);
    for (size_t i = 0; i < view->outlook->count; i++)
        add_metric(&table, &view->outlook->gates[i]);
    size_t *widths = columns_of(&table);
    sg_text_add(out, "\n");
    for (size_t i = 0; i <= view->outlook->count; i++)
        write_row(out, &table, i, widths);
    free(widths);
    sg_table_clear(&table);
}

/* --- What to do ----------------------------------------------------------------------------- */

static void write_missing(const struct sg_stored_view *view, struct sg_text *out)
{
    for (size_t i = 0; i < view->missing_count; i++)
        write_sentence(out, 0,
                       sg_format("%s is gated in %s, but the newest session has no such metric: "
                                 "only new sessions will.",
                                 view->missing[i], view->config));
}

static bool write_advice(const struct sg_stored_view *view, struct sg_text *out)
{
    bool found = false;
    for (size_t i = 0; i < view->gated; i++) {
        const struct sg_outlook_gate *gate = &view->outlook->gates[i];
        if (gate->advice == NULL)
            continue;
        char *label = sg_metric_label(gate->metric, gate->of, gate->request);
        write_sentence(out, 0, sg_format("%s: %s.", label, gate->advice));
        free(label);
        found = true;
    }
    return found;
}

static void write_conclusion(const struct sg_stored_view *view, struct sg_text *out)
{
    const struct sg_outlook *outlook = view->outlook;
    sg_text_add(out, "\n");
    write_missing(view, out);
    if (outlook->reason != NULL)
        write_sentence(out, 0,
                       sg_format("%s: %s.",
                                 outlook->comparable < SG_STORE_SESSIONS ? "It cannot judge yet"
                                                                         : "It is too uneven",
                                 outlook->reason));
    if (outlook->comparable < SG_STORE_SESSIONS) {
        size_t more = SG_STORE_SESSIONS - outlook->comparable;
        write_sentence(
            out, 0,
            sg_format("Store %zu more session%s of this environment.", more, more == 1 ? "" : "s"));
    } else if (!write_advice(view, out) && outlook->reason == NULL) {
        write_sentence(out, 0,
                       sg_strdup("Each gate passes an unchanged service in 9 of 10 sessions or "
                                 "more: there is nothing to do."));
    }
    if (view->config == NULL)
        write_sentence(out, 0,
                       sg_strdup("Default tolerances: no svcgate.yaml gates these metrics."));
    if (view->shared)
        write_sentence(out, 0,
                       sg_strdup("Reckoned with half of beta, as run does it: the other half "
                                 "belongs to the confirmation side by side."));
}

void sg_stored_text(const struct sg_stored_view *view, struct sg_text *out)
{
    write_head(view, out);
    if (view->count == 0)
        return;
    write_sessions(view, out);
    write_environment(view, out);
    write_metrics(view, out);
    write_conclusion(view, out);
}
