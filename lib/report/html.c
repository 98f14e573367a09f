/* SPDX-License-Identifier: Apache-2.0 */
/* The HTML report: one page that needs nothing else, no script, no network. The verdict first, what
 * is long folded. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/html.h"
#include "report/sentence.h"

#define GATES_LIMIT ((size_t)2 << 20) /* of the page, so that the pictures have room */
#define MOST_UNTOLD 20

/* --- Head --------------------------------------------------------------------------------- */

/* Nothing may be loaded or run, whatever stands in the data. */
static const char policy[] = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                             "'none'; style-src 'unsafe-inline'; img-src data:\">\n";

static void write_head(const struct sg_view *view, const char *headline, struct sg_text *out)
{
    enum sg_state state = sg_view_overall(view->report->judgement);

    sg_text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    sg_text_add(out, policy);
    sg_text_add(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<link rel=\"icon\" href=\"data:,\">\n<title>");
    sg_text_printf(out, "svcgate: %s – ", sg_state_word(state));
    sg_xml_text(out, headline);
    sg_text_add(out, "</title>\n<style>\n");
    sg_html_style(out);
    sg_text_add(out, "\n</style>\n</head>\n");
}

static void write_verdict(const struct sg_view *view, const char *headline, struct sg_text *out)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    struct sg_text summary = {0};

    sg_text_printf(out, "<header class=\"verdict %s\">\n", sg_html_tone(state));
    if (view->report->title != NULL) {
        sg_text_add(out, "<p>");
        sg_html_code(out, view->report->title);
        sg_text_add(out, "</p>\n");
    }
    sg_html_state(out, "p", state);
    sg_text_add(out, "<h1>");
    sg_xml_text(out, headline);
    sg_say_summary(&summary, view);
    sg_text_add(out, "</h1>\n<p>");
    sg_xml_text(out, summary.data);
    sg_text_add(out, "</p>\n</header>\n");
    sg_text_free(&summary);
}

/* What no gate tells about a variant, where the headline tells only about the worst. */
static void write_untold(const struct sg_view *view, struct sg_text *out)
{
    bool any = view->many && view->untold_count > 0;

    sg_text_add(out, any ? "<ul>\n" : "");
    for (size_t i = 0; any && i < view->untold_count && i < MOST_UNTOLD; i++) {
        sg_text_add(out, "<li>");
        sg_html_state(out, "span", sg_view_variant_state(view->untold[i]));
        sg_text_add(out, " ");
        sg_html_code(out, view->untold[i]->variant);
        sg_text_add(out, ": ");
        sg_xml_text(out, view->untold[i]->reason);
        sg_text_add(out, "</li>\n");
    }
    sg_text_add(out, any ? "</ul>\n" : "");
}

/* A line of advice, in which `this` becomes code. */
static void write_line(struct sg_text *out, const char *line, size_t length)
{
    bool inside = false;

    sg_text_add(out, "<li>");
    for (const char *at = line; at < line + length; at++) {
        if (*at != '`') {
            sg_text_bytes(out, at, 1);
            continue;
        }
        sg_text_add(out, inside ? "</code>" : "<code>");
        inside = !inside;
    }
    sg_text_add(out, inside ? "</code></li>\n" : "</li>\n");
}

static void write_advice(const struct sg_view *view, struct sg_text *out)
{
    struct sg_text advice = {0};

    sg_say_advice(&advice, SG_HTML, view);
    if (advice.size > 0)
        sg_text_add(out, "<section>\n<h2>What to do</h2>\n<ul>\n");
    for (const char *at = advice.data; at != NULL && *at != '\0'; at += strcspn(at, "\n") + 1)
        write_line(out, at, strcspn(at, "\n"));
    if (advice.size > 0)
        sg_text_add(out, "</ul>\n</section>\n");
    sg_text_free(&advice);
}

/* --- Body --------------------------------------------------------------------------------- */

static void write_sections(const struct sg_view *view, struct sg_sheet *sheet)
{
    struct sg_plots plots;

    sheet->limit = sheet->out->size + GATES_LIMIT;
    sg_html_league(sheet, view);
    sg_html_gates(sheet, view);
    sheet->limit = SG_HTML_LIMIT;
    sg_plots_init(&plots, view);
    sg_html_pictures(sheet, &plots);
    sg_plots_clear(&plots);
    sg_html_waivers(sheet, view);
    sg_html_adjusted(sheet, view);
    sg_html_strata(sheet, view);
    sg_html_findings(sheet, view);
    sg_html_again(sheet, view->report);
    sg_html_decision(sheet, view);
    sg_html_environment(sheet, view);
    sg_html_numbers(sheet, view);
}

void sg_write_html(const struct sg_report *report, struct sg_text *out)
{
    struct sg_view view;
    struct sg_text headline = {0};
    struct sg_sheet sheet = {.out = out};

    sg_view_init(&view, report);
    sg_say_headline(&headline, SG_PLAIN, &view);
    write_head(&view, headline.data, out);
    sg_text_add(out, "<body>\n<main>\n");
    write_verdict(&view, headline.data, out);
    write_untold(&view, out);
    write_advice(&view, out);
    write_sections(&view, &sheet);
    if (sheet.left_out > 0)
        sg_text_printf(out,
                       "<p class=\"note\">%zu rows left out to keep this page small; the bundle "
                       "has all.</p>\n",
                       sheet.left_out);
    sg_html_guide(out);
    sg_text_add(out, "</main>\n</body>\n</html>\n");
    sg_text_free(&headline);
    sg_text_free(&sheet.title);
    sg_view_clear(&view);
}
