/* SPDX-License-Identifier: Apache-2.0 */
/* Headline and summary: the two lines that a stranger under a pull request reads. */
#include "report/sentence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/units.h"
#include "report/escape.h"
#include "report/show.h"
#include "report/waiver.h"

static void html_text(struct sg_text *out, const char *text)
{
    struct sg_text escaped = {0};

    sg_xml_text(&escaped, text);
    for (const char *at = escaped.data; at != NULL && *at != '\0'; at++) {
        if (*at == '`')
            sg_text_add(out, "&#96;");
        else
            sg_text_bytes(out, at, 1);
    }
    sg_text_free(&escaped);
}

void sg_say_name(struct sg_text *out, enum sg_style style, const char *name)
{
    if (style == SG_MARKDOWN) {
        sg_markdown_code(out, name);
        return;
    }
    char *clean = sg_clean_line(name, SG_SHOWN_NAME);
    if (style == SG_HTML) {
        sg_text_add(out, "<code>");
        html_text(out, clean);
        sg_text_add(out, "</code>");
    } else {
        sg_text_add(out, clean);
    }
    free(clean);
}

void sg_say_text(struct sg_text *out, enum sg_style style, const char *text)
{
    if (style == SG_MARKDOWN) {
        sg_markdown_text(out, text);
        return;
    }
    char *clean = sg_clean_line(text, SG_SHOWN_SENTENCE);
    if (style == SG_HTML)
        html_text(out, clean);
    else
        sg_text_add(out, clean);
    free(clean);
}

void sg_say_count(struct sg_text *out, size_t count, const char *word)
{
    sg_text_printf(out, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

/* A reason as part of the headline: without its full stop. */
static void say_reason(struct sg_text *out, enum sg_style style, const char *reason)
{
    char *text = sg_strdup(reason == NULL ? "no reason given" : reason);
    size_t length = strlen(text);

    if (length > 0 && text[length - 1] == '.')
        text[length - 1] = '\0';
    sg_say_text(out, style, text);
    free(text);
}

/* "latency_p95 of `candidate`" */
static void say_subject(struct sg_text *out, enum sg_style style, const struct sg_row *row)
{
    sg_say_text(out, style, row->label);
    sg_text_add(out, " of ");
    sg_say_name(out, style, row->result->variant);
}

static void say_worse(struct sg_text *out, enum sg_style style, const struct sg_view *view,
                      const struct sg_row *row)
{
    char *distance = sg_show_distance(row->result, row->result->change);

    say_subject(out, style, row);
    sg_text_printf(out, " is %s worse than ", distance);
    sg_say_name(out, style, view->report->judgement->reference);
    free(distance);
}

static bool breaks_limit(const struct sg_result *result)
{
    if (!isfinite(result->limit) || !isfinite(result->value))
        return false;
    return result->higher_is_better ? result->value < result->limit : result->value > result->limit;
}

static void say_limit(struct sg_text *out, enum sg_style style, const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    char *value = sg_show_value(result->value, result->unit);
    char *limit = sg_show_value(result->limit, result->unit);

    say_subject(out, style, row);
    sg_text_printf(out, " is %s, %s its limit of %s", value,
                   result->higher_is_better ? "below" : "above", limit);
    free(value);
    free(limit);
}

/* The judge's own sentence tells about what is no matter of numbers, a crash for example. */
static void say_failure(struct sg_text *out, enum sg_style style, const struct sg_view *view)
{
    const struct sg_row *row = &view->rows[0];
    double tolerance = row->result->tolerance;

    if (row->result->waiver.use == SG_WAIVER_EXPIRED) {
        say_reason(out, style, view->report->judgement->reason);
        return;
    }
    if (sg_view_worse(row->result) > 0 &&
        (isnan(tolerance) || sg_view_worse(row->result) >= tolerance))
        say_worse(out, style, view, row);
    else if (breaks_limit(row->result))
        say_limit(out, style, row);
    else {
        say_reason(out, style, view->report->judgement->reason);
        return;
    }
    if (view->states[SG_STATE_FAIL] > 1) {
        sg_text_add(out, ", and ");
        sg_say_count(out, view->states[SG_STATE_FAIL] - 1, "more gate");
        sg_text_add(out, " failed");
    }
}

static void say_open(struct sg_text *out, enum sg_style style, const struct sg_view *view)
{
    sg_text_add(out, "not enough evidence on ");
    say_subject(out, style, &view->rows[0]);
    if (view->states[SG_STATE_INCONCLUSIVE] > 1) {
        sg_text_add(out, " and ");
        sg_say_count(out, view->states[SG_STATE_INCONCLUSIVE] - 1, "more gate");
    }
}

static void say_waived(struct sg_text *out, enum sg_style style, const struct sg_view *view,
                       const char *waived)
{
    const struct sg_row *row = &view->rows[0];

    if (row->result->waiver.use == SG_WAIVER_NEEDED && !row->result->waiver.limit) {
        say_worse(out, style, view, row);
        sg_text_add(out, " and ");
    } else {
        say_subject(out, style, row);
        sg_text_add(out, " ");
    }
    sg_say_text(out, style, waived);
}

static void say_warning(struct sg_text *out, enum sg_style style, const struct sg_view *view)
{
    const struct sg_result *result = view->rows[0].result;
    char *waived = sg_show_waiver_warning(result);
    if (waived != NULL) {
        say_waived(out, style, view, waived);
        free(waived);
        return;
    }
    char *tolerance = sg_show_tolerance_alone(result);

    say_worse(out, style, view, &view->rows[0]);
    if (isfinite(result->tolerance))
        sg_text_printf(out, ", within its tolerance of %s", tolerance);
    free(tolerance);
}

static void say_pass(struct sg_text *out, enum sg_style style, const struct sg_view *view)
{
    if (view->many)
        sg_text_add(out, "no variant");
    else
        sg_say_name(out, style, view->rows[0].result->variant);
    sg_text_printf(out, " is %sworse than ", view->many ? "" : "not ");
    sg_say_name(out, style, view->report->judgement->reference);
    sg_text_add(out, " beyond the tolerances");
}

void sg_say_headline(struct sg_text *out, enum sg_style style, const struct sg_view *view)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    bool told = view->count > 0 && view->rows[0].state == state; /* by a gate */

    if (told && state == SG_STATE_FAIL)
        say_failure(out, style, view);
    else if (told && state == SG_STATE_INCONCLUSIVE)
        say_open(out, style, view);
    else if (told && state == SG_STATE_WARN)
        say_warning(out, style, view);
    else if (told && state == SG_STATE_PASS)
        say_pass(out, style, view);
    else
        say_reason(out, style, view->report->judgement->reason);
}

/* --- Summary ------------------------------------------------------------------------------ */

/* "1 of 4 gates failed, 3 passed" */
static void say_states(struct sg_text *out, const struct sg_view *view)
{
    static const char *const did[] = {"failed", "invalid", "undecided", "passed with a warning",
                                      "passed"};
    bool first = true;

    for (size_t i = 0; i < SG_STATES; i++) {
        if (view->states[i] == 0)
            continue;
        if (view->states[i] == view->count)
            sg_say_count(out, view->count, "gate");
        else if (first)
            sg_text_printf(out, "%zu of %zu gates", view->states[i], view->count);
        else
            sg_text_printf(out, ", %zu", view->states[i]);
        sg_text_printf(out, " %s", did[i]);
        first = false;
    }
    sg_text_add(out, first ? "No gate was judged. " : ". ");
}

static void say_evidence(struct sg_text *out, const struct sg_report *report)
{
    const struct sg_judgement *judgement = report->judgement;
    int repetitions = judgement->repetitions > 0 ? judgement->repetitions : 0;

    sg_say_count(out, (size_t)repetitions, "repetition");
    if (judgement->against_stored) {
        sg_text_add(out, " against ");
        sg_say_count(out, judgement->stored_sessions, "stored session");
    } else {
        sg_text_add(out, " a side");
    }
    if (judgement->looks_max > 1)
        sg_text_printf(out, ", look %d of %d", judgement->looks_done, judgement->looks_max);
    if (report->session->plan.attempt > 1)
        sg_text_printf(out, ", attempt %d on these images", report->session->plan.attempt);
    sg_text_add(out, ".");
    if (report->session->plan.planned && !report->session->complete)
        sg_text_add(out, " The session was interrupted before its end.");
}

static void say_risk(struct sg_text *out, const char *before, double risk)
{
    if (!isfinite(risk) || risk <= 0)
        return;
    char *percent = sg_show_by_unit(risk, "ratio");
    sg_text_printf(out, " %s in at most %s of sessions.", before, percent);
    free(percent);
}

/* Gates that failed by their numbers: an expired waiver fails without any risk of chance. */
static size_t count_failed(const struct sg_view *view)
{
    size_t failed = 0;

    for (size_t i = 0; i < view->count; i++)
        failed += view->rows[i].state == SG_STATE_FAIL &&
                  view->rows[i].result->waiver.use != SG_WAIVER_EXPIRED;
    return failed;
}

void sg_say_summary(struct sg_text *out, const struct sg_view *view)
{
    const struct sg_judgement *judgement = view->report->judgement;

    say_states(out, view);
    say_evidence(out, view->report);
    if (view->count == 0)
        return;
    if (count_failed(view) > 0)
        say_risk(out, view->many ? "An unchanged variant fails" : "An unchanged service fails",
                 judgement->alpha);
    if (judgement->verdict == SG_PASS)
        say_risk(out, "One worse by its tolerance passes", judgement->beta);
}
