/* SPDX-License-Identifier: Apache-2.0 */
/* Legend and words of the picture of all repetitions. */
#include <math.h>
#include <stdlib.h>

#include "plot/strip.h"
#include "view/show.h"

static void legend_level(struct sg_legend *legend, enum sg_key key, const char *look,
                         const char *before, double value, const char *unit)
{
    if (!isfinite(value))
        return;
    char *shown = sg_show_value(value, unit);
    char *text = sg_format("%s%s", before, shown);
    sg_legend_add(legend, key, 0, look, text);
    free(text);
    free(shown);
}

static char *reference_words(const struct sg_strip *strip)
{
    const struct sg_judgement *judgement = strip->view->report->judgement;

    if (judgement->against_stored)
        return sg_format("median of %zu stored sessions: ", judgement->stored_sessions);
    char *name = sg_plot_name(judgement->reference);
    char *words =
        sg_format("%s, %s: ", name,
                  strip->session->metrics[strip->metric].scale == SG_SCALE_COUNT ? "rate over all"
                                                                                 : "median");
    free(name);
    return words;
}

double sg_strip_legend(const struct sg_strip *strip, struct sg_text *out)
{
    const struct sg_result *result = strip->result;
    struct sg_legend legend = {.out = out, .left = 4, .right = SG_PLOT_WIDTH, .x = 4, .y = 11};
    char *words = reference_words(strip);

    for (size_t i = 0; i < strip->cast->count; i++) {
        if (strip->finite[i] == 0)
            continue;
        char *name = sg_plot_name(strip->cast->names[i]);
        sg_legend_add(&legend, SG_KEY_POINT, i, NULL, name);
        free(name);
    }
    if (strip->discarded > 0)
        sg_legend_add(&legend, SG_KEY_HOLLOW, 0, NULL, "discarded, measured again");
    legend_level(&legend, SG_KEY_LINE, "median", words, result->reference, result->unit);
    legend_level(&legend, SG_KEY_LINE, "edge", "tolerance ends at ", sg_edge_value(result),
                 result->unit);
    legend_level(&legend, SG_KEY_LINE, "limit",
                 strip->limit_inside ? "limit " : "limit, beyond the picture: ", result->limit,
                 result->unit);
    free(words);
    return sg_legend_end(&legend);
}

char *sg_strip_describe(const struct sg_strip *strip)
{
    struct sg_text text = {0};
    char *reference = sg_show_value(strip->result->reference, strip->result->unit);
    char *edge = sg_show_value(sg_edge_value(strip->result), strip->result->unit);

    sg_text_printf(&text, "%zu repetitions in %zu block%s", strip->total, strip->blocks_count,
                   strip->blocks_count == 1 ? "" : "s");
    sg_text_printf(&text, "; reference %s, the tolerance ends at %s", reference, edge);
    if (strip->discarded > 0)
        sg_text_printf(&text, "; %zu discarded, drawn hollow", strip->discarded);
    free(reference);
    free(edge);
    return sg_text_take(&text);
}

char *sg_strip_left_out(const struct sg_strip *strip)
{
    struct sg_text text = {0};

    if (strip->stride > 1)
        sg_text_printf(&text, "Drawn is 1 of %zu repetitions; there are %zu. ", strip->stride,
                       strip->total);
    if (strip->missing > 0)
        sg_text_printf(&text, "%zu repetition%s no such number. ", strip->missing,
                       strip->missing == 1 ? " has" : "s have");
    if (strip->beyond > 0)
        sg_text_printf(&text, "%zu beyond the scale, drawn at its edge. ", strip->beyond);
    if (strip->cast->left_out > 0)
        sg_text_printf(&text, "%zu more variants are not drawn. ", strip->cast->left_out);
    return text.size > 0 ? sg_text_take(&text) : NULL;
}
