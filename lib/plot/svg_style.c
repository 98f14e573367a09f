/* SPDX-License-Identifier: Apache-2.0 */
/* Colours of pictures. Written out rule by rule, without variables: viewers of pictures know less
 * of CSS than browsers do. */
#include "plot/svg.h"

/* Colours that differ for people who see few (after Okabe and Ito, 2008), darker on the light page
 * so that thin lines keep a contrast of 3 to 1. */
static const struct {
    const char *selector, *property, *light, *dark;
} colours[] = {
    {".s0", "color", "#0068a5", "#5cb8f2"},    {".s1", "color", "#c44b00", "#ff9a57"},
    {".s2", "color", "#007a58", "#38cfa0"},    {".s3", "color", "#9d3a78", "#f08cc4"},
    {".s4", "color", "#806200", "#e3c246"},    {".s5", "color", "#4f4f4f", "#c6c6c6"},
    {".t,.b", "fill", "#1b1f24", "#e6e9ee"},   {".q", "fill", "#57606a", "#a3adba"},
    {".grid", "stroke", "#dfe3e8", "#323943"}, {".axis", "stroke", "#8c959f", "#6e7783"},
    {".zebra", "fill", "#f3f5f7", "#1c2127"},  {".paper", "fill", "#ffffff", "#14181d"},
    {".halo", "stroke", "#ffffff", "#14181d"}, {".zero,.median", "stroke", "#1b1f24", "#e6e9ee"},
    {".edge", "stroke", "#b3261e", "#ff8a80"}, {".limit", "stroke", "#b3261e", "#ff8a80"},
    {".band", "fill", "#0068a5", "#5cb8f2"},   {".beyond", "fill", "#b3261e", "#ff8a80"},
};

static const char shapes[] =
    ".plot text,.picture text{font:13px system-ui,-apple-system,\"Segoe UI\",Roboto,"
    "\"DejaVu Sans\",sans-serif}"
    ".plot .b,.picture .b{font-weight:600}"
    ".picture .head{font-size:17px}"
    ".plot path,.plot polyline{fill:none}"
    ".plot .p path{fill:currentColor}"
    ".p,.h{stroke:currentColor}.p{stroke-width:.6;fill-opacity:.85}.h{stroke-width:1.5}"
    ".thin{stroke:currentColor;stroke-width:1;opacity:.33}"
    ".thick{stroke:currentColor;stroke-width:2.6;stroke-linejoin:round}"
    ".bar{stroke:currentColor;stroke-width:2.4}"
    ".s1.thick{stroke-dasharray:9 3}.s2.thick{stroke-dasharray:3 3}"
    ".s3.thick{stroke-dasharray:12 3 3 3}.s4.thick{stroke-dasharray:6 6}"
    ".s5.thick{stroke-dasharray:1 3}"
    ".grid,.axis,.zero{stroke-width:1}.median{stroke-width:1.6}"
    ".edge{stroke-width:1.6;stroke-dasharray:6 4}"
    ".limit{stroke-width:1.8;stroke-dasharray:2 3}"
    ".halo{stroke-width:4;stroke-linejoin:round;paint-order:stroke}"
    ".band{fill-opacity:.14}.beyond{fill-opacity:.1}";

static void add_colours(struct sg_text *out, bool dark)
{
    for (size_t i = 0; i < SG_COUNT(colours); i++)
        sg_text_printf(out, "%s{%s:%s}", colours[i].selector, colours[i].property,
                       dark ? colours[i].dark : colours[i].light);
}

void sg_svg_style(struct sg_text *out)
{
    sg_text_add(out, shapes);
    add_colours(out, false);
    sg_text_add(out, "@media (prefers-color-scheme:dark){");
    add_colours(out, true);
    sg_text_add(out, "}");
}
