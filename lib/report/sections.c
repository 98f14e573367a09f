/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sections, and the short ones: head, pictures, how to read the page. */
#include "report/sections.h"

#include <stdlib.h>

#include "report/sentence.h"

#define MOST_UNTOLD 20
#define GATES_SHARE                                                                                \
    3 /* pictures must have room behind the gates, and gates behind a long league                  \
       */

/* --- Head --------------------------------------------------------------------------------- */

/* What no gate tells about a variant, where the headline tells only about the worst. */
static void add_untold(struct sg_doc *doc, const struct sg_view *view)
{
    if (!view->many || view->untold_count == 0)
        return;
    struct sg_part *list = sg_doc_list(doc, SG_LOOK_PLAIN);
    sg_doc_tight(doc, SG_FOR_TERMINAL);
    for (size_t i = 0; i < view->untold_count && i < MOST_UNTOLD; i++) {
        const struct sg_variant_verdict *variant = view->untold[i];
        struct sg_line *line = sg_list_item(list, NULL);
        sg_line_state(line, sg_view_variant_state(variant));
        sg_line_own(line, " ");
        sg_line_name(line, variant->variant);
        sg_line_own(line, ": ");
        sg_line_text(line, variant->reason);
    }
}

static void section_head(struct sg_doc *doc, const struct sg_view *view)
{
    const struct sg_report *report = view->report;
    struct sg_part *verdict =
        sg_doc_verdict(doc, sg_view_overall(report->judgement), report->title);

    sg_say_headline(&verdict->line, view);
    sg_say_summary(&verdict->more, view);
    sg_section_answer(doc, view);
    add_untold(doc, view);
    sg_section_advice(doc, view);
}

/* --- Pictures ----------------------------------------------------------------------------- */

static void add_gate_pictures(struct sg_doc *doc, const struct sg_plots *plots, size_t count)
{
    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_HTML, "Every repetition");
    sg_line_own(sg_doc_paragraph(doc, SG_LOOK_LEAD),
                "On the left each point is one repetition as it was measured. On the right is what "
                "was concluded from them, where something was: the estimate with its interval, "
                "against the tolerance.");
    for (size_t i = 0; i < count; i++)
        sg_doc_pictures(doc, &plots->items[i], 1);
    if (plots->left_out > 0)
        sg_line_own(sg_doc_paragraph(doc, SG_LOOK_NOTE), "%zu more gates have no picture here.",
                    plots->left_out);
}

static void add_curves(struct sg_doc *doc, const struct sg_plot *plots, size_t count)
{
    if (count == 0)
        return;
    sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_HTML, "Latency, CPU and memory");
    sg_line_own(sg_doc_paragraph(doc, SG_LOOK_LEAD),
                "A thin line for each repetition, a thick one for the median of each variant. To "
                "look at: the verdict does not use these.");
    sg_doc_pictures(doc, plots, count);
}

/* The gates' come first. */
static void add_pictures(struct sg_doc *doc, const struct sg_plots *plots)
{
    size_t gates = 0;

    while (gates < plots->count && plots->items[gates].gate)
        gates++;
    add_gate_pictures(doc, plots, gates);
    add_curves(doc, plots->items + gates, plots->count - gates);
}

static void section_guide(struct sg_doc *doc, const struct sg_view *view)
{
    static const char *const items[] = {
        "Pass is proven, not assumed: the whole interval lies on the good side of the tolerance.",
        "Fail is proven, too: the interval lies on the wrong side of no change, and the estimate "
        "is at least the tolerance.",
        "Inconclusive: the interval is too wide to say either. More repetitions, longer windows or "
        "a wider tolerance would decide.",
        "Invalid: the instrument, not the service, was broken. The reasons are under findings.",
        "Points are as measured. Estimates are taken inside blocks, so that a host that drifts "
        "between blocks does no harm; adjusted ones also have the noise of the moment taken out, "
        "and the raw estimate is shown beside them.",
        "Hollow points were discarded by a check that never looks at a gated metric, and were "
        "measured again.",
    };

    (void)view;
    sg_doc_fold(doc, "How to read this page");
    struct sg_part *list = sg_doc_list(doc, SG_LOOK_PLAIN);
    for (size_t i = 0; i < SG_COUNT(items); i++)
        sg_line_own(sg_list_item(list, NULL), "%s", items[i]);
    sg_doc_fold_end(doc);
}

/* --- The report --------------------------------------------------------------------------- */

struct section {
    void (*add)(struct sg_doc *doc, const struct sg_view *view); /* NULL: the pictures */
    unsigned forms;
    unsigned always; /* for these forms it is shown, whatever the limit of the page is */
    unsigned shared; /* for these forms it leaves room for what follows */
};

static const struct section sections[] = {
    {section_head, SG_FOR_ALL, SG_FOR_ALL, 0},
    {sg_section_league, SG_FOR_ALL, 0, SG_FOR_PAGES},
    {sg_section_gates, SG_FOR_ALL, 0, SG_FOR_HTML},
    {NULL, SG_FOR_HTML, 0, 0},
    {sg_section_waivers, SG_FOR_ALL, 0, 0},
    {sg_section_adjusted, SG_FOR_ALL, 0, 0},
    {sg_section_strata, SG_FOR_ALL, 0, 0},
    {sg_section_findings, SG_FOR_ALL, 0, 0},
    {sg_section_bundle, SG_FOR_TERMINAL, 0, 0},
    {sg_section_reproduce, SG_FOR_HTML, 0, 0},
    {sg_section_decision, SG_FOR_HTML, 0, 0},
    {sg_section_environment, SG_FOR_HTML, 0, 0},
    {sg_section_numbers, SG_FOR_PAGES, 0, 0},
    {sg_section_environment, SG_FOR_MARKDOWN, 0, 0},
    {sg_section_reproduce, SG_FOR_MARKDOWN, SG_FOR_MARKDOWN, 0},
    {section_guide, SG_FOR_HTML, SG_FOR_HTML, 0},
};

void sg_report_doc(struct sg_doc *doc, const struct sg_view *view, const struct sg_plots *plots)
{
    for (size_t i = 0; i < SG_COUNT(sections); i++) {
        const struct section *section = &sections[i];
        if ((section->forms & doc->form) == 0)
            continue;
        doc->always = (section->always & doc->form) != 0;
        doc->share = (section->shared & doc->form) != 0 ? GATES_SHARE : 1;
        if (section->add != NULL)
            section->add(doc, view);
        else
            add_pictures(doc, plots);
    }
}
