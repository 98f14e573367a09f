/* SPDX-License-Identifier: Apache-2.0 */
/* What was concluded: for each variant its estimate with the interval, against no change and the
 * tolerance. A gate that has nothing but a limit shows the variant's own value against that. */
#include <math.h>
#include <stdlib.h>

#include "plot/parts.h"
#include "view/show.h"

#define ROW 50    /* pixels a variant … */
#define WORDS 23  /* … of which the words have these */
#define RAW 20    /* … and more where a raw estimate stands below */
#define CAP 5     /* half the height of an interval's ends */
#define MARGIN 14 /* left and right */

struct forest {
    const struct sg_gate_rows *gate;
    bool values; /* against the limit; else changes against the tolerance */
    struct sg_frame frame;
    struct sg_axis x;
};

/* The numbers of one row, on the axis. */
struct estimate {
    double at, low, high, raw;
};

static struct estimate estimate_of(const struct forest *forest, const struct sg_result *result)
{
    if (forest->values)
        return (struct estimate){result->value, result->value_low, result->value_high, NAN};
    return (struct estimate){result->change, result->low, result->high,
                             result->adjusted ? result->change_raw : NAN};
}

static double bound_of(const struct forest *forest, const struct sg_result *result)
{
    return forest->values ? result->limit : sg_edge_change(result);
}

static const char *axis_unit(const struct forest *forest)
{
    const struct sg_result *result = forest->gate->rows[0]->result;

    return !forest->values && result->relative ? "ratio" : result->unit;
}

static struct sg_range find_range(const struct forest *forest)
{
    struct sg_range range = SG_RANGE_EMPTY;

    if (!forest->values || !isfinite(forest->gate->rows[0]->result->value))
        sg_range_add(&range, 0);
    for (size_t i = 0; i < forest->gate->count; i++) {
        const struct sg_result *result = forest->gate->rows[i]->result;
        struct estimate estimate = estimate_of(forest, result);
        sg_range_add(&range, estimate.at);
        sg_range_add(&range, estimate.low);
        sg_range_add(&range, estimate.high);
        sg_range_add(&range, estimate.raw);
        sg_range_add(&range, bound_of(forest, result));
    }
    sg_range_pad(&range, 0.09);
    return range;
}

/* --- Rows --------------------------------------------------------------------------------- */

static double row_height(const struct forest *forest, size_t row)
{
    return ROW + (isfinite(estimate_of(forest, forest->gate->rows[row]->result).raw) ? RAW : 0);
}

static char *row_numbers(const struct forest *forest, const struct sg_row *row)
{
    const struct sg_result *result = row->result;

    if (!forest->values)
        return sg_format("%s  %s", row->change, row->interval);
    if (!isfinite(result->value_low) && !isfinite(result->value_high))
        return sg_strdup(row->value);
    char *low = sg_show_value(result->value_low, result->unit);
    char *high = sg_show_value(result->value_high, result->unit);
    char *text = sg_format("%s  [%s, %s]", row->value, low, high);
    free(low);
    free(high);
    return text;
}

static void row_words(const struct forest *forest, struct sg_text *out, const struct sg_row *row,
                      double y)
{
    char *name = sg_plot_name(row->result->variant);
    char *words =
        sg_format("%s %s  %s", sg_state_mark(row->state), sg_state_word(row->state), name);
    char *numbers = row_numbers(forest, row);

    sg_svg_text(out, MARGIN, y + 17, SG_ANCHOR_START, "b", words);
    sg_svg_text(out, forest->frame.right, y + 17, SG_ANCHOR_END, "t", numbers);
    free(numbers);
    free(words);
    free(name);
}

/* Inside the picture: where no finite bound exists the line runs to the edge, with an arrow. */
static void draw_interval(const struct forest *forest, struct sg_text *out,
                          const struct estimate *estimate, double y)
{
    bool open_low = !isfinite(estimate->low);
    bool open_high = !isfinite(estimate->high);
    double left = open_low ? forest->frame.left : sg_axis_at(&forest->x, estimate->low);
    double right = open_high ? forest->frame.right : sg_axis_at(&forest->x, estimate->high);

    sg_svg_line(out, left, y, right, y, "bar");
    if (open_low)
        sg_text_printf(out, "<path class=\"bar\" d=\"M%.1f %.1fl-6 5 6 5\"/>\n", left + 6, y - 5);
    else
        sg_svg_line(out, left, y - CAP, left, y + CAP, "bar");
    if (open_high)
        sg_text_printf(out, "<path class=\"bar\" d=\"M%.1f %.1fl6 5-6 5\"/>\n", right - 6, y - 5);
    else
        sg_svg_line(out, right, y - CAP, right, y + CAP, "bar");
}

static void draw_raw(const struct forest *forest, struct sg_text *out,
                     const struct sg_result *result, size_t look, double y)
{
    double x = sg_axis_at(&forest->x, result->change_raw);
    char *change = sg_show_difference(result, result->change_raw);
    char *text = sg_format("raw %s", change);
    bool left = x + 10 + sg_svg_width(text) > forest->frame.right;

    sg_svg_group(out, look, "h");
    sg_svg_marker(out, x, y, look, NULL);
    sg_svg_group_end(out);
    sg_svg_text(out, left ? x - 9 : x + 9, y + 4, left ? SG_ANCHOR_END : SG_ANCHOR_START, "q halo",
                text);
    free(text);
    free(change);
}

static void draw_row(const struct forest *forest, struct sg_text *out, size_t index, double y)
{
    const struct sg_row *row = forest->gate->rows[index];
    size_t look = forest->gate->looks[index];
    struct estimate estimate = estimate_of(forest, row->result);

    row_words(forest, out, row, y);
    if (!isfinite(estimate.at))
        return;
    sg_svg_group(out, look, "p");
    if (!forest->values || isfinite(estimate.low) || isfinite(estimate.high))
        draw_interval(forest, out, &estimate, y + 34);
    sg_svg_marker(out, sg_axis_at(&forest->x, estimate.at), y + 34, look, NULL);
    sg_svg_group_end(out);
    if (isfinite(estimate.raw))
        draw_raw(forest, out, row->result, look, y + ROW + 4);
}

/* --- What they are held against ----------------------------------------------------------- */

/* What lies beyond the bound is tinted, on the side that hurts. */
static void draw_bound(const struct forest *forest, struct sg_text *out,
                       const struct sg_result *result, const struct sg_frame *track)
{
    double x = sg_axis_at(&forest->x, bound_of(forest, result));
    double height = track->bottom - track->top;

    if (!isfinite(x))
        return;
    if (result->higher_is_better)
        sg_svg_box(out, track->left, track->top, x - track->left, height, "beyond");
    else
        sg_svg_box(out, x, track->top, track->right - x, height, "beyond");
    sg_svg_line(out, x, track->top, x, track->bottom, forest->values ? "limit" : "edge");
}

/* Behind the estimate of one row, below its words. */
static void draw_track(const struct forest *forest, struct sg_text *out,
                       const struct sg_ticks *ticks, size_t row, double y)
{
    struct sg_frame track = {forest->frame.left, y + WORDS, forest->frame.right,
                             y + row_height(forest, row)};

    sg_axis_grid(out, &track, &forest->x, ticks);
    draw_bound(forest, out, forest->gate->rows[row]->result, &track);
    if (!forest->values) {
        double zero = sg_axis_at(&forest->x, 0);
        sg_svg_line(out, zero, track.top, zero, track.bottom, "zero");
    }
}

static double draw_legend(const struct forest *forest, struct sg_text *out)
{
    const struct sg_row *row = forest->gate->rows[0];
    struct sg_legend legend = {.out = out, .left = 4, .right = SG_PLOT_WIDTH, .x = 4, .y = 11};
    bool raw = false;

    for (size_t i = 0; i < forest->gate->count; i++)
        raw = raw || isfinite(estimate_of(forest, forest->gate->rows[i]->result).raw);
    sg_legend_add(&legend, SG_KEY_POINT, forest->gate->looks[0], NULL,
                  forest->values ? "value, with what it may be" : "estimate and its interval");
    if (raw)
        sg_legend_add(&legend, SG_KEY_HOLLOW, forest->gate->looks[0], NULL, "raw, not adjusted");
    if (!forest->values)
        sg_legend_add(&legend, SG_KEY_LINE, 0, "zero", "no change");
    if (isfinite(bound_of(forest, row->result))) {
        char *bound = forest->values ? sg_show_value(row->result->limit, row->result->unit)
                                     : sg_show_tolerance_alone(row->result);
        char *text = sg_format("%s %s", forest->values ? "limit" : "tolerance", bound);
        sg_legend_add(&legend, SG_KEY_LINE, 0, forest->values ? "limit" : "edge", text);
        free(text);
        free(bound);
    }
    return sg_legend_end(&legend);
}

/* "worse →" stands on the side that hurts. */
static void draw_axis(const struct forest *forest, struct sg_text *out,
                      const struct sg_ticks *ticks)
{
    const struct sg_result *result = forest->gate->rows[0]->result;
    bool points = !forest->values && !result->relative && sg_streq(result->unit, "ratio");
    const char *unit = points ? "percentage points" : ticks->unit;
    char *caption =
        sg_format("%s%s%s", forest->values ? "value" : "change", *unit != '\0' ? ", " : "", unit);

    sg_axis_x(out, &forest->frame, &forest->x, ticks, caption);
    sg_svg_text(out, forest->frame.left, forest->frame.bottom + 33, SG_ANCHOR_START, "q",
                result->higher_is_better ? "← worse" : "← better");
    sg_svg_text(out, forest->frame.right, forest->frame.bottom + 33, SG_ANCHOR_END, "q",
                result->higher_is_better ? "better →" : "worse →");
    free(caption);
}

/* --- The whole ---------------------------------------------------------------------------- */

static void draw(struct forest *forest, struct sg_panel *panel)
{
    struct sg_text *out = &panel->body;
    struct sg_range range = find_range(forest);
    struct sg_ticks ticks;
    double y = draw_legend(forest, out) - 4;

    forest->frame = (struct sg_frame){MARGIN, y, SG_PLOT_RIGHT, y};
    forest->x =
        (struct sg_axis){range.from, range.to, forest->frame.left, forest->frame.right, false};
    sg_ticks_init(&ticks, &forest->x, axis_unit(forest), 6, !forest->values);
    for (size_t i = 0; i < forest->gate->count; i++) {
        draw_track(forest, out, &ticks, i, forest->frame.bottom);
        draw_row(forest, out, i, forest->frame.bottom);
        forest->frame.bottom += row_height(forest, i);
    }
    draw_axis(forest, out, &ticks);
    sg_ticks_clear(&ticks);
    panel->width = SG_PLOT_WIDTH;
    panel->height = forest->frame.bottom + 40;
}

static char *describe(const struct forest *forest)
{
    struct sg_text text = {0};

    for (size_t i = 0; i < forest->gate->count; i++) {
        const struct sg_row *row = forest->gate->rows[i];
        char *name = sg_plot_name(row->result->variant);
        char *numbers = row_numbers(forest, row);
        sg_text_printf(&text, "%s%s: %s, %s, tolerance %s", i > 0 ? "; " : "", name,
                       sg_state_word(row->state), numbers, row->tolerance);
        free(numbers);
        free(name);
    }
    return sg_text_take(&text);
}

void sg_draw_forest(struct sg_panel *panel, const struct sg_gate_rows *gate)
{
    const struct sg_result *result = gate->rows[0]->result;
    struct forest forest = {.gate = gate};

    forest.values = !isfinite(result->tolerance) && isfinite(result->limit);
    draw(&forest, panel);
    panel->title = sg_format("%s: %s", gate->rows[0]->label,
                             forest.values ? "values against the limit"
                                           : "changes with their intervals against the tolerance");
    panel->desc = describe(&forest);
}
