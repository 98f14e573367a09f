/* SPDX-License-Identifier: Apache-2.0 */
/* Curves: a thin one for each repetition, a thick one for the median of each variant. */
#include <math.h>
#include <stdlib.h>

#include "plot/series.h"

#define HEIGHT 220
#define WIDE 12 /* latencies that span such a factor stand on a log scale */

struct curves {
    enum sg_curves kind;
    const struct sg_cast *cast;
    struct sg_curve_set set;
    struct sg_frame frame;
    struct sg_axis x, y;
};

static const struct {
    const char *title, *unit, *caption;
} kinds[] = {
    [SG_CURVES_LATENCY] = {"Latency distribution", "s", "share of the requests that were faster"},
    [SG_CURVES_CPU] = {"CPU over time", "cores", "seconds from the start of the measured window"},
    [SG_CURVES_MEMORY] = {"Memory over time", "bytes",
                          "seconds from the start of the measured window"},
};

static void draw_points(const struct curves *curves, struct sg_text *out,
                        const struct sg_points *points)
{
    for (size_t i = 0; i < points->count; i++)
        sg_text_printf(out, "%s%.1f %.1f",
                       i == 0   ? "<path d=\"M"
                       : i == 1 ? "L"
                                : " ",
                       sg_axis_at(&curves->x, points->items[i].x),
                       sg_axis_at(&curves->y, points->items[i].y));
    if (points->count > 0)
        sg_text_add(out, "\"/>\n");
}

static void draw_curves(const struct curves *curves, struct sg_text *out)
{
    for (size_t look = 0; look < curves->cast->count; look++) {
        sg_svg_group(out, look, "thin");
        for (size_t i = 0; i < curves->set.count; i++)
            if (curves->set.curves[i].look == look)
                draw_points(curves, out, &curves->set.curves[i].points);
        sg_svg_group_end(out);
    }
    for (size_t look = 0; look < curves->cast->count; look++) {
        sg_svg_group(out, look, "thick");
        draw_points(curves, out, &curves->set.medians[look]);
        sg_svg_group_end(out);
    }
}

/* --- Axes --------------------------------------------------------------------------------- */

static const struct {
    double share;
    const char *label;
} shares[] = {
    {0, "0"},       {0.5, "50 %"},     {0.9, "90 %"},       {0.95, "95 %"},
    {0.99, "99 %"}, {0.999, "99.9 %"}, {0.9999, "99.99 %"}, {1, "slowest"},
};

/* From the tail on, so that its labels stay where there is no room for all. */
static void draw_shares(const struct curves *curves, struct sg_text *out)
{
    struct sg_ticks ticks = {.unit = sg_strdup("")};
    double room = INFINITY;

    for (size_t i = SG_COUNT(shares); i-- > 0;) {
        bool last = shares[i].share >= 1;
        double at = last ? curves->set.slowest : sg_tail_place(shares[i].share);
        double x = sg_axis_at(&curves->x, at);
        double half = sg_svg_width(shares[i].label) / 2;
        if (at < curves->x.from - 1e-9 || at > curves->x.to + 1e-9 || x + half + 10 > room)
            continue;
        room = x - half;
        ticks.at[ticks.count] = at;
        ticks.labels[ticks.count++] = sg_strdup(shares[i].label);
    }
    sg_axis_grid(out, &curves->frame, &curves->x, &ticks);
    sg_axis_x(out, &curves->frame, &curves->x, &ticks, kinds[curves->kind].caption);
    sg_ticks_clear(&ticks);
}

static void draw_axes(struct curves *curves, struct sg_text *out)
{
    struct sg_ticks ticks;

    sg_ticks_init(&ticks, &curves->y, kinds[curves->kind].unit, 5, false);
    curves->frame.left = curves->x.start = sg_axis_room(&ticks);
    sg_axis_y(out, &curves->frame, &curves->y, &ticks);
    sg_ticks_clear(&ticks);
    if (curves->kind == SG_CURVES_LATENCY) {
        draw_shares(curves, out);
        return;
    }
    sg_ticks_init(&ticks, &curves->x, "", 6, false);
    sg_axis_grid(out, &curves->frame, &curves->x, &ticks);
    sg_axis_x(out, &curves->frame, &curves->x, &ticks, kinds[curves->kind].caption);
    sg_ticks_clear(&ticks);
}

/* CPU and memory start at nothing; latencies on a log scale where they span much. */
static void set_scales(struct curves *curves)
{
    struct sg_range x = curves->set.x;
    struct sg_range y = curves->set.y;
    bool latency = curves->kind == SG_CURVES_LATENCY;
    bool log = latency && y.from > 0 && y.to / y.from >= WIDE;

    if (!log)
        sg_range_add(&y, 0);
    if (log)
        y = (struct sg_range){y.from / 1.15, y.to * 1.15};
    else
        y.to = y.to > 0 ? 1.08 * y.to : 1;
    if (!(x.to > x.from))
        sg_range_pad(&x, 0.1);
    curves->x = (struct sg_axis){x.from, x.to, 0, SG_PLOT_RIGHT - 24, false};
    curves->frame.right = SG_PLOT_RIGHT - 24;
    curves->y = (struct sg_axis){y.from, y.to, curves->frame.bottom, curves->frame.top, log};
}

static double draw_legend(const struct curves *curves, struct sg_text *out)
{
    struct sg_legend legend = {.out = out, .left = 4, .right = SG_PLOT_WIDTH, .x = 4, .y = 11};

    for (size_t i = 0; i < curves->cast->count; i++) {
        if (curves->set.medians[i].count == 0)
            continue;
        char *name = sg_plot_name(curves->cast->names[i]);
        char *text = sg_format("%s, median", name);
        sg_legend_add(&legend, SG_KEY_CURVE, i, NULL, text);
        free(text);
        free(name);
    }
    return sg_legend_end(&legend);
}

bool sg_draw_curves(struct sg_panel *panel, const struct sg_view *view, const struct sg_cast *cast,
                    enum sg_curves kind, char **out_note)
{
    struct curves curves = {.kind = kind, .cast = cast};

    sg_curve_set_init(&curves.set, view, cast, kind);
    bool any = curves.set.count > 0;
    if (any) {
        curves.frame.top = draw_legend(&curves, &panel->body) + 14;
        curves.frame.bottom = curves.frame.top + HEIGHT;
        set_scales(&curves);
        draw_axes(&curves, &panel->body);
        draw_curves(&curves, &panel->body);
        panel->width = SG_PLOT_WIDTH;
        panel->height = curves.frame.bottom + 40;
        panel->title = sg_strdup(kinds[kind].title);
        panel->desc = sg_format("A thin line for each of %zu repetitions, a thick one for the "
                                "median of each variant",
                                curves.set.count);
        if (curves.set.count < curves.set.total)
            *out_note = sg_format("%zu of %zu repetitions are drawn; medians are of all.",
                                  curves.set.count, curves.set.total);
    }
    sg_curve_set_clear(&curves.set);
    return any;
}
