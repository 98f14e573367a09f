/* SPDX-License-Identifier: Apache-2.0 */
/* Which pictures a report has, and what their files are called. */
#include "plot/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/parts.h"

#define LONGEST_NAME 60

/* --- Names -------------------------------------------------------------------------------- */

static char safe(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    bool kept = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                letter == '_' || letter == '-';
    return kept ? letter : '-';
}

/* "latency_p95 {search}" becomes "gate-latency_p95-search": what is not safe is one dash. */
static char *safe_name(const char *label)
{
    struct sg_text name = {0};

    sg_text_add(&name, "gate-");
    for (; *label != '\0' && name.size < LONGEST_NAME; label++) {
        char letter = safe(*label);
        if (letter != '-' || name.data[name.size - 1] != '-')
            sg_text_bytes(&name, &letter, 1);
    }
    while (name.size > 0 && name.data[name.size - 1] == '-')
        name.data[--name.size] = '\0';
    return sg_text_take(&name);
}

static bool is_taken(const struct sg_plots *plots, const char *name)
{
    for (size_t i = 0; i < plots->count; i++)
        if (sg_streq(plots->items[i].name, name))
            return true;
    return false;
}

static char *unique_name(const struct sg_plots *plots, const char *label)
{
    char *name = safe_name(label);
    char *unique = sg_strdup(name);

    for (size_t i = 2; is_taken(plots, unique); i++) {
        free(unique);
        unique = sg_format("%s-%zu", name, i);
    }
    free(name);
    return unique;
}

/* --- Gates -------------------------------------------------------------------------------- */

static bool same_gate(const struct sg_row *a, const struct sg_row *b)
{
    return sg_streq(a->result->metric, b->result->metric) &&
           sg_streq(a->result->of, b->result->of) &&
           sg_streq(a->result->request, b->result->request);
}

static bool is_drawn(const struct sg_plots *plots, const struct sg_row *row)
{
    for (size_t i = 0; i < plots->count; i++)
        if (same_gate(plots->items[i].row, row))
            return true;
    return false;
}

static void collect_gate(struct sg_gate_rows *gate, const struct sg_view *view,
                         const struct sg_cast *cast, size_t first)
{
    *gate = (struct sg_gate_rows){0};
    for (size_t i = first; i < view->count && gate->count < SG_LOOKS; i++) {
        size_t look = sg_cast_look(cast, view->rows[i].result->variant);
        if (look == SG_LOOKS || !same_gate(&view->rows[i], &view->rows[first]))
            continue;
        gate->rows[gate->count] = &view->rows[i];
        gate->looks[gate->count++] = look;
    }
}

static struct sg_plot *add_plot(struct sg_plots *plots)
{
    plots->items = sg_grow(plots->items, plots->count, sizeof(*plots->items));
    return &plots->items[plots->count++];
}

static void draw_gate(struct sg_plots *plots, const struct sg_view *view,
                      const struct sg_cast *cast, const struct sg_gate_rows *gate)
{
    char *name = unique_name(plots, gate->rows[0]->label);
    struct sg_plot *plot = add_plot(plots);

    plot->name = name;
    plot->title = sg_strdup(gate->rows[0]->label);
    plot->gate = true;
    plot->row = gate->rows[0];
    sg_draw_strip(&plot->panels[0], view, cast, gate, &plot->note);
    plot->count = plot->panels[0].title != NULL ? 1 : 0;
    sg_draw_forest(&plot->panels[plot->count++], gate);
}

/* Where nothing could be compared, the gates' repetitions can still be looked at. */
static void draw_unjudged(struct sg_plots *plots, const struct sg_view *view,
                          const struct sg_cast *cast, const struct sg_gate *gate)
{
    const struct sg_session *session = view->report->session;
    int metric = sg_session_find_metric(session, gate->metric, gate->of, gate->request);
    struct sg_result result = {.metric = gate->metric,
                               .of = gate->of,
                               .request = gate->request,
                               .unit = metric < 0 ? NULL : session->metrics[metric].unit,
                               .reference = NAN,
                               .tolerance = NAN,
                               .limit = gate->limit};
    struct sg_row row = {.result = &result};
    struct sg_gate_rows rows = {.rows = {&row}, .count = 1};

    if (metric < 0 || sg_view_repetitions(session, NULL) == 0)
        return;
    row.label = sg_metric_label(gate->metric, gate->of, gate->request);
    char *name = unique_name(plots, row.label);
    struct sg_plot *plot = add_plot(plots);
    plot->name = name;
    plot->title = row.label;
    plot->gate = true;
    plot->count = 1;
    sg_draw_strip(&plot->panels[0], view, cast, &rows, &plot->note);
}

static void draw_gates(struct sg_plots *plots, const struct sg_view *view,
                       const struct sg_cast *cast)
{
    struct sg_gate_rows gate;

    for (size_t i = 0; i < view->count; i++) {
        if (is_drawn(plots, &view->rows[i]))
            continue;
        collect_gate(&gate, view, cast, i);
        if (gate.count > 0 && plots->count < SG_PLOT_GATES)
            draw_gate(plots, view, cast, &gate);
        else
            plots->left_out++;
    }
    for (size_t i = 0; view->count == 0 && i < view->report->session->gates_count; i++)
        if (plots->count < SG_PLOT_GATES)
            draw_unjudged(plots, view, cast, &view->report->session->gates[i]);
}

/* --- Curves ------------------------------------------------------------------------------- */

static void draw_curves(struct sg_plots *plots, const struct sg_view *view,
                        const struct sg_cast *cast)
{
    static const char *const names[] = {
        [SG_CURVES_LATENCY] = "latency", [SG_CURVES_CPU] = "cpu", [SG_CURVES_MEMORY] = "memory"};

    for (size_t i = 0; i < SG_COUNT(names); i++) {
        struct sg_plot plot = {.count = 1};
        if (!sg_draw_curves(&plot.panels[0], view, cast, (enum sg_curves)i, &plot.note))
            continue;
        plot.name = sg_strdup(names[i]);
        plot.title = sg_strdup(plot.panels[0].title);
        *add_plot(plots) = plot;
    }
}

void sg_plots_init(struct sg_plots *plots, const struct sg_view *view)
{
    struct sg_cast cast;

    *plots = (struct sg_plots){0};
    sg_cast_init(&cast, view);
    draw_gates(plots, view, &cast);
    draw_curves(plots, view, &cast);
}

void sg_plots_clear(struct sg_plots *plots)
{
    for (size_t i = 0; i < plots->count; i++) {
        struct sg_plot *plot = &plots->items[i];
        free(plot->name);
        free(plot->title);
        free(plot->note);
        for (size_t k = 0; k < SG_PANELS; k++)
            sg_panel_clear(&plot->panels[k]);
    }
    free(plots->items);
    *plots = (struct sg_plots){0};
}
