/* SPDX-License-Identifier: Apache-2.0 */
/* All repetitions of one metric, block by block: each variant has its place inside a block, and
 * the repetitions stand there in the order of time. */
#include <math.h>
#include <stdlib.h>

#include "plot/strip.h"
#include "view/show.h"

#define HEIGHT 220     /* of the part with the points */
#define MOST_TIPS 300  /* points that can each have their number as a tooltip */
#define MOST_ZEBRA 40  /* blocks that can each have a background */
#define MOST_LABELS 12 /* of blocks */
#define FAR 4          /* a limit further away than so many widths of the data is only told */

/* --- What there is to draw ---------------------------------------------------------------- */

static int compare_blocks(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

static bool has_place(const struct sg_strip *strip, const struct sg_repetition *repetition)
{
    return repetition->block > 0 && sg_cast_look(strip->cast, repetition->variant) < SG_LOOKS;
}

static void collect_blocks(struct sg_strip *strip)
{
    const struct sg_session *session = strip->session;
    size_t count = 0;

    strip->blocks = sg_alloc(session->repetitions_count + 1, sizeof(*strip->blocks));
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (has_place(strip, &session->repetitions[i]))
            strip->blocks[count++] = session->repetitions[i].block;
    qsort(strip->blocks, count, sizeof(*strip->blocks), compare_blocks);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strip->blocks[i] != strip->blocks[i - 1])
            strip->blocks[strip->blocks_count++] = strip->blocks[i];
}

static size_t block_index(const struct sg_strip *strip, int block)
{
    const int *found =
        bsearch(&block, strip->blocks, strip->blocks_count, sizeof(block), compare_blocks);

    return (size_t)(found - strip->blocks);
}

static size_t cell_of(const struct sg_strip *strip, const struct sg_repetition *repetition)
{
    return block_index(strip, repetition->block) * SG_LOOKS +
           sg_cast_look(strip->cast, repetition->variant);
}

static void count_members(struct sg_strip *strip)
{
    const struct sg_session *session = strip->session;

    collect_blocks(strip);
    strip->members = sg_alloc(strip->blocks_count * SG_LOOKS + 1, sizeof(*strip->members));
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        if (!has_place(strip, repetition))
            continue;
        strip->members[cell_of(strip, repetition)]++;
        strip->discarded += repetition->discarded;
        bool finite = isfinite(repetition->values[strip->metric]);
        strip->finite[sg_cast_look(strip->cast, repetition->variant)] += finite;
        strip->total += finite;
        strip->missing += !finite;
    }
    strip->stride = 1 + strip->total / (SG_PLOT_POINTS + 1);
    for (size_t i = 0; i < strip->cast->count; i++) {
        strip->columns[i] = strip->columns_count;
        strip->columns_count += strip->finite[i] > 0;
    }
}

/* A limit that is far away would press the points into a line: it is only told then. */
static struct sg_range find_range(struct sg_strip *strip)
{
    const struct sg_session *session = strip->session;
    const struct sg_result *result = strip->result;
    struct sg_range range = SG_RANGE_EMPTY;

    for (size_t i = 0; i < session->repetitions_count; i++)
        if (has_place(strip, &session->repetitions[i]) && !session->repetitions[i].discarded)
            sg_range_add(&range, session->repetitions[i].values[strip->metric]);
    sg_range_add(&range, result->reference);
    sg_range_add(&range, sg_edge_value(result));
    double width = range.to - range.from;
    struct sg_range wide = range;
    sg_range_add(&wide, result->limit);
    strip->limit_inside = isfinite(result->limit) && (sg_range_is_empty(&range) || width <= 0 ||
                                                      wide.to - wide.from <= FAR * width);
    if (strip->limit_inside)
        range = wide;
    bool positive = range.from >= 0;
    sg_range_pad(&range, 0.07);
    if (positive)
        range.from = fmax(range.from, 0);
    return range;
}

/* --- Drawing ------------------------------------------------------------------------------ */

static double block_width(const struct sg_strip *strip)
{
    return (strip->frame.right - strip->frame.left) / (double)strip->blocks_count;
}

static void draw_blocks(const struct sg_strip *strip, struct sg_text *out)
{
    static const size_t steps[] = {1, 2, 5};
    double width = block_width(strip);
    size_t step = 1;

    for (size_t i = 1; strip->blocks_count > step * MOST_LABELS; i++) {
        step = steps[i % 3];
        for (size_t k = 0; k < i / 3; k++)
            step *= 10;
    }
    for (size_t i = 0; i < strip->blocks_count; i++) {
        double left = strip->frame.left + (double)i * width;
        if (i % 2 == 0 && strip->blocks_count <= MOST_ZEBRA)
            sg_svg_box(out, left, strip->frame.top, width, strip->frame.bottom - strip->frame.top,
                       "zebra");
        if (i % step != 0)
            continue;
        char *label = sg_format("%d", strip->blocks[i]);
        sg_svg_text(out, left + width / 2, strip->frame.bottom + 16, SG_ANCHOR_MIDDLE, "q", label);
        free(label);
    }
    sg_svg_line(out, strip->frame.left, strip->frame.bottom, strip->frame.right,
                strip->frame.bottom, "axis");
    sg_svg_text(out, (strip->frame.left + strip->frame.right) / 2, strip->frame.bottom + 33,
                SG_ANCHOR_MIDDLE, "q", "block, in the order of time");
}

static void draw_band(const struct sg_strip *strip, struct sg_text *out)
{
    double edge = sg_axis_at(&strip->y, sg_edge_value(strip->result));
    double reference = sg_axis_at(&strip->y, strip->result->reference);

    if (!isfinite(reference) || !isfinite(edge))
        return;
    sg_svg_box(out, strip->frame.left, fmin(reference, edge),
               strip->frame.right - strip->frame.left, fabs(edge - reference), "band");
}

static void level(const struct sg_strip *strip, struct sg_text *out, double value, const char *look)
{
    double y = sg_axis_at(&strip->y, value);

    if (isfinite(y))
        sg_svg_line(out, strip->frame.left, y, strip->frame.right, y, look);
}

static void draw_levels(const struct sg_strip *strip, struct sg_text *out)
{
    level(strip, out, strip->result->reference, "median");
    level(strip, out, sg_edge_value(strip->result), "edge");
    if (strip->limit_inside)
        level(strip, out, strip->result->limit, "limit");
}

static char *tooltip(const struct sg_strip *strip, const struct sg_repetition *repetition)
{
    if (strip->total + strip->missing > MOST_TIPS)
        return NULL;
    char *name = sg_plot_name(repetition->variant);
    char *value = sg_show_value(repetition->values[strip->metric],
                                strip->session->metrics[strip->metric].unit);
    char *text = sg_format("%s, block %d: %s%s", name, repetition->block, value,
                           repetition->discarded ? ", discarded" : "");
    free(name);
    free(value);
    return text;
}

/* The `nth` of the repetitions in its cell; cells are side by side with a gap between blocks. */
static double place(const struct sg_strip *strip, size_t cell, size_t nth)
{
    size_t block = cell / SG_LOOKS;
    double width = block_width(strip);
    double inner = 0.86 * width / (double)strip->columns_count;
    double share = ((double)nth + 1) / ((double)strip->members[cell] + 1);

    return strip->frame.left + (double)block * width + 0.07 * width +
           ((double)strip->columns[cell % SG_LOOKS] + share) * inner;
}

static void draw_point(struct sg_strip *strip, struct sg_text *out,
                       const struct sg_repetition *repetition, double x)
{
    double y = sg_axis_at(&strip->y, repetition->values[strip->metric]);
    double inside = fmin(fmax(y, strip->frame.top), strip->frame.bottom);
    char *tip = tooltip(strip, repetition);

    strip->beyond += fabs(inside - y) > 0.5;
    sg_svg_marker(out, x, inside, sg_cast_look(strip->cast, repetition->variant), tip);
    free(tip);
}

/* The repetitions of one variant, kept or discarded. */
static void draw_points(struct sg_strip *strip, struct sg_text *out, size_t look, bool discarded)
{
    const struct sg_session *session = strip->session;
    size_t *seen = sg_alloc(strip->blocks_count * SG_LOOKS + 1, sizeof(*seen));
    size_t count = 0;

    sg_svg_group(out, look, discarded ? "h" : "p");
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        if (!has_place(strip, repetition) || sg_cast_look(strip->cast, repetition->variant) != look)
            continue;
        size_t cell = cell_of(strip, repetition);
        size_t nth = seen[cell]++;
        if (repetition->discarded != discarded || !isfinite(repetition->values[strip->metric]))
            continue;
        if (count++ % strip->stride == 0)
            draw_point(strip, out, repetition, place(strip, cell, nth));
    }
    sg_svg_group_end(out);
    free(seen);
}

/* --- The whole ---------------------------------------------------------------------------- */

static void draw(struct sg_strip *strip, struct sg_panel *panel)
{
    struct sg_text *out = &panel->body;
    struct sg_range range = find_range(strip);
    struct sg_ticks ticks;

    strip->frame.top = sg_strip_legend(strip, out) + 14;
    strip->frame.bottom = strip->frame.top + HEIGHT;
    strip->frame.right = SG_PLOT_RIGHT;
    strip->y = (struct sg_axis){range.from, range.to, strip->frame.bottom, strip->frame.top, false};
    sg_ticks_init(&ticks, &strip->y, strip->result->unit, 5, false);
    strip->frame.left = sg_axis_room(&ticks);
    if (strip->blocks_count > 0)
        draw_blocks(strip, out);
    sg_axis_y(out, &strip->frame, &strip->y, &ticks);
    draw_band(strip, out);
    draw_levels(strip, out);
    for (size_t i = 0; i < strip->cast->count; i++)
        draw_points(strip, out, i, false);
    for (size_t i = 0; strip->discarded > 0 && i < strip->cast->count; i++)
        draw_points(strip, out, i, true);
    sg_ticks_clear(&ticks);
    panel->width = SG_PLOT_WIDTH;
    panel->height = strip->frame.bottom + 40;
}

void sg_draw_strip(struct sg_panel *panel, const struct sg_view *view, const struct sg_cast *cast,
                   const struct sg_gate_rows *gate, char **out_note)
{
    const struct sg_session *session = view->report->session;
    const struct sg_result *result = gate->rows[0]->result;
    int metric = sg_session_find_metric(session, result->metric, result->of, result->request);
    struct sg_strip strip = {.view = view, .session = session, .cast = cast, .result = result};

    if (metric < 0)
        return;
    strip.metric = (size_t)metric;
    count_members(&strip);
    draw(&strip, panel);
    panel->title = sg_format("%s: all repetitions by block and variant", gate->rows[0]->label);
    panel->desc = sg_strip_describe(&strip);
    *out_note = sg_strip_left_out(&strip);
    free(strip.blocks);
    free(strip.members);
}
