/* SPDX-License-Identifier: Apache-2.0 */
/* Axes, and who looks how. */
#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "plot/parts.h"

/* --- Variants ------------------------------------------------------------------------------ */

size_t sg_cast_look(const struct sg_cast *cast, const char *variant)
{
    for (size_t i = 0; i < cast->count; i++)
        if (cast->names[i] != NULL && sg_streq(cast->names[i], variant))
            return i;
    return SG_LOOKS;
}

static void cast_add(struct sg_cast *cast, const char *variant)
{
    if (cast->count < SG_LOOKS && sg_cast_look(cast, variant) == SG_LOOKS)
        cast->names[cast->count++] = variant;
}

void sg_cast_init(struct sg_cast *cast, const struct sg_view *view)
{
    *cast = (struct sg_cast){.names = {view->report->judgement->reference}, .count = 1};
    for (size_t i = 0; i < view->count && cast->count < SG_LOOKS; i++)
        cast_add(cast, view->rows[i].result->variant);
    for (size_t i = 0; i < view->variants_count; i++)
        cast_add(cast, view->variants[i]);
    for (size_t i = 0; i < view->variants_count; i++)
        cast->left_out += sg_cast_look(cast, view->variants[i]) == SG_LOOKS;
}

char *sg_plot_name(const char *variant)
{
    char *name = sg_clean_line(variant, SG_NAME_SHOWN);

    if (*name != '\0')
        return name;
    free(name);
    return sg_strdup("(no name)");
}

/* --- Tolerance ---------------------------------------------------------------------------- */

/* Where more is better, the tolerance counts how much higher the reference is. */
double sg_edge_change(const struct sg_result *result)
{
    if (!result->relative)
        return result->higher_is_better ? -result->tolerance : result->tolerance;
    return result->higher_is_better ? 1 / (1 + result->tolerance) - 1 : result->tolerance;
}

double sg_edge_value(const struct sg_result *result)
{
    double change = sg_edge_change(result);

    return result->relative ? result->reference * (1 + change) : result->reference + change;
}

/* --- Axes --------------------------------------------------------------------------------- */

double sg_axis_room(const struct sg_ticks *ticks)
{
    double widest = 20;

    for (size_t i = 0; i < ticks->count; i++)
        widest = fmax(widest, sg_svg_width(ticks->labels[i]));
    return widest + 14;
}

void sg_axis_y(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
               const struct sg_ticks *ticks)
{
    for (size_t i = 0; i < ticks->count; i++) {
        double y = sg_axis_at(axis, ticks->at[i]);
        sg_svg_line(out, frame->left, y, frame->right, y, "grid");
        sg_svg_text(out, frame->left - 6, y + 4, SG_ANCHOR_END, "q", ticks->labels[i]);
    }
    if (ticks->unit[0] != '\0')
        sg_svg_text(out, 4, frame->top - 8, SG_ANCHOR_START, "q", ticks->unit);
}

void sg_axis_grid(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
                  const struct sg_ticks *ticks)
{
    for (size_t i = 0; i < ticks->count; i++) {
        double x = sg_axis_at(axis, ticks->at[i]);
        sg_svg_line(out, x, frame->top, x, frame->bottom, "grid");
    }
}

void sg_axis_x(struct sg_text *out, const struct sg_frame *frame, const struct sg_axis *axis,
               const struct sg_ticks *ticks, const char *caption)
{
    for (size_t i = 0; i < ticks->count; i++) {
        double half = sg_svg_width(ticks->labels[i]) / 2 + 3;
        double x = fmin(fmax(sg_axis_at(axis, ticks->at[i]), half), SG_PLOT_WIDTH - half);
        sg_svg_text(out, x, frame->bottom + 16, SG_ANCHOR_MIDDLE, "q", ticks->labels[i]);
    }
    sg_svg_line(out, frame->left, frame->bottom, frame->right, frame->bottom, "axis");
    sg_svg_text(out, (frame->left + frame->right) / 2, frame->bottom + 33, SG_ANCHOR_MIDDLE, "q",
                caption);
}
