/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML: one suite a variant, one case a gate. Fail is a failure, invalid an error,
 * inconclusive is skipped with its reason. */
#include <stdlib.h>

#include "report/formats.h"
#include "report/sentence.h"
#include "report/waiver.h"
#include "view/escape.h"

struct counts {
    size_t tests, failures, errors, skipped;
};

static void count_state(struct counts *counts, enum sg_state state)
{
    counts->tests++;
    counts->failures += state == SG_STATE_FAIL;
    counts->errors += state == SG_STATE_INVALID;
    counts->skipped += state == SG_STATE_INCONCLUSIVE;
}

/* Gates, and variants whose verdict no gate tells; of all variants when NULL. */
static struct counts count_cases(const struct sg_view *view, const char *variant)
{
    struct counts counts = {0};

    for (size_t i = 0; i < view->count; i++)
        if (variant == NULL || sg_streq(view->rows[i].result->variant, variant))
            count_state(&counts, view->rows[i].state);
    for (size_t i = 0; i < view->untold_count; i++)
        if (variant == NULL || sg_streq(view->untold[i]->variant, variant))
            count_state(&counts, sg_view_variant_state(view->untold[i]));
    return counts;
}

static void write_attribute(struct sg_text *out, const char *name, const char *value)
{
    sg_text_printf(out, " %s=\"", name);
    sg_xml_text(out, value);
    sg_text_add(out, "\"");
}

static void open_suite(struct sg_text *out, const char *element, const char *name,
                       const struct counts *counts)
{
    sg_text_printf(out, "<%s", element);
    write_attribute(out, "name", name);
    sg_text_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                   counts->tests, counts->failures, counts->errors, counts->skipped);
}

/* What became of a case; a pass has nothing but `output`. */
static void write_outcome(struct sg_text *out, enum sg_state state, const char *reason,
                          const char *detail, const char *output)
{
    static const char *const elements[] = {"failure", "error", "skipped"};

    if (state == SG_STATE_WARN || state == SG_STATE_PASS) {
        sg_text_add(out, "      <system-out>");
        sg_xml_text(out, output);
        sg_text_add(out, "</system-out>\n");
    } else {
        sg_text_printf(out, "      <%s", elements[state]);
        write_attribute(out, "message", reason);
        if (state != SG_STATE_INCONCLUSIVE)
            write_attribute(out, "type", sg_state_word(state));
        sg_text_add(out, ">");
        sg_xml_text(out, detail);
        sg_text_printf(out, "</%s>\n", elements[state]);
    }
}

/* `output`, of a case that passed, may be NULL. */
static void write_case(struct sg_text *out, const char *name, const char *group,
                       enum sg_state state, const char *reason, const char *detail,
                       const char *output)
{
    sg_text_add(out, "    <testcase");
    write_attribute(out, "name", name);
    write_attribute(out, "classname", group);
    if (state == SG_STATE_PASS && output == NULL) {
        sg_text_add(out, "/>\n");
        return;
    }
    sg_text_add(out, ">\n");
    write_outcome(out, state, reason, detail, output);
    sg_text_add(out, "    </testcase>\n");
}

/* A pass needs no words. */
static const char *output_of(enum sg_state state, const char *reason)
{
    return state == SG_STATE_WARN ? reason : NULL;
}

/* The element's text has the numbers: not every reader shows the message. */
static void write_gate(struct sg_text *out, const struct sg_view *view, const struct sg_row *row,
                       const char *group)
{
    const struct sg_result *result = row->result;
    const char *reason = result->reason == NULL ? "" : result->reason;
    char *waiver = sg_show_waiver(result);
    const char *end = waiver == NULL ? "" : waiver;
    const char *before_end = waiver == NULL ? "" : "\n";
    char *detail =
        sg_format("%s\n%s %s, %s %s, change %s %s, tolerance %s%s%s", reason,
                  view->report->judgement->reference, row->reference, result->variant, row->value,
                  row->change, row->interval, row->tolerance, before_end, end);
    char *warning = sg_format("%s%s%s", reason, before_end, end);

    write_case(out, row->label, group, row->state, result->reason, detail,
               row->state == SG_STATE_WARN ? warning : waiver);
    free(waiver);
    free(detail);
    free(warning);
}

static void write_suite(struct sg_text *out, const struct sg_view *view, const char *variant)
{
    struct counts counts = count_cases(view, variant);
    char *group = sg_format("svcgate.%s", variant);

    sg_text_add(out, "  ");
    open_suite(out, "testsuite", variant, &counts);
    for (size_t i = 0; i < view->untold_count; i++) {
        const struct sg_variant_verdict *whole = view->untold[i];
        if (sg_streq(whole->variant, variant))
            write_case(out, "variant", group, sg_view_variant_state(whole), whole->reason,
                       whole->reason, output_of(sg_view_variant_state(whole), whole->reason));
    }
    for (size_t i = 0; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant))
            write_gate(out, view, &view->rows[i], group);
    sg_text_add(out, "  </testsuite>\n");
    free(group);
}

/* A verdict that no gate tells (the instrument is broken, nothing was judged) must not look green.
 */
static void write_whole(struct sg_text *out, enum sg_state state, const char *reason)
{
    struct counts counts = {0};

    count_state(&counts, state);
    sg_text_add(out, "  ");
    open_suite(out, "testsuite", "svcgate", &counts);
    write_case(out, "session", "svcgate", state, reason, reason, output_of(state, reason));
    sg_text_add(out, "  </testsuite>\n");
}

static bool has_rows(const struct sg_view *view, const char *variant)
{
    for (size_t i = 0; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant))
            return true;
    return false;
}

void sg_write_junit(const struct sg_report *report, struct sg_text *out)
{
    struct sg_view view;
    enum sg_state state = sg_view_overall(report->judgement);

    sg_view_init(&view, report);
    struct counts counts = count_cases(&view, NULL);
    if (!sg_view_is_told(&view))
        count_state(&counts, state);
    sg_text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    open_suite(out, "testsuites", "svcgate", &counts);
    if (!sg_view_is_told(&view))
        write_whole(out, state, report->judgement->reason);
    for (size_t i = 0; i < view.untold_count; i++)
        if (!has_rows(&view, view.untold[i]->variant))
            write_suite(out, &view, view.untold[i]->variant);
    for (size_t i = 0; i < view.count; i++)
        if (sg_view_is_first(&view, i))
            write_suite(out, &view, view.rows[i].result->variant);
    sg_text_add(out, "</testsuites>\n");
    sg_view_clear(&view);
}
