/* SPDX-License-Identifier: Apache-2.0 */
/* Headline and summary: the two lines that a stranger under a pull request reads. */
#include "report/sentence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/units.h"
#include "report/waiver.h"
#include "view/show.h"

void sg_say_count(struct sg_line *out, size_t count, const char *word)
{
    sg_line_own(out, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

/* A reason as part of the headline: without its full stop. */
static void say_reason(struct sg_line *out, const char *reason)
{
    char *text = sg_strdup(reason == NULL ? "no reason given" : reason);
    size_t length = strlen(text);

    if (length > 0 && text[length - 1] == '.')
        text[length - 1] = '\0';
    sg_line_text(out, text);
    free(text);
}

/* "latency_p95 of `candidate`" */
static void say_subject(struct sg_line *out, const struct sg_row *row)
{
    sg_line_text(out, row->label);
    sg_line_own(out, " of ");
    sg_line_name(out, row->result->variant);
}

static void say_worse(struct sg_line *out, const struct sg_view *view, const struct sg_row *row)
{
    say_subject(out, row);
    sg_line_own(out, " is ");
    sg_line_take(out, sg_show_distance(row->result, row->result->change));
    sg_line_own(out, " worse than ");
    sg_line_name(out, view->report->judgement->reference);
}

static bool breaks_limit(const struct sg_result *result)
{
    if (!isfinite(result->limit) || !isfinite(result->value))
        return false;
    return result->higher_is_better ? result->value < result->limit : result->value > result->limit;
}

static void say_limit(struct sg_line *out, const struct sg_row *row)
{
    const struct sg_result *result = row->result;

    say_subject(out, row);
    sg_line_own(out, " is ");
    sg_line_take(out, sg_show_value(result->value, result->unit));
    sg_line_own(out, ", %s its limit of ", result->higher_is_better ? "below" : "above");
    sg_line_take(out, sg_show_value(result->limit, result->unit));
}

/* The judge's own sentence tells about what is no matter of numbers, a crash for example. */
static void say_failure(struct sg_line *out, const struct sg_view *view)
{
    const struct sg_row *row = &view->rows[0];
    double tolerance = row->result->tolerance;

    if (row->result->waiver.use == SG_WAIVER_EXPIRED) {
        say_reason(out, view->report->judgement->reason);
        return;
    }
    if (sg_view_worse(row->result) > 0 &&
        (isnan(tolerance) || sg_view_worse(row->result) >= tolerance))
        say_worse(out, view, row);
    else if (breaks_limit(row->result))
        say_limit(out, row);
    else {
        say_reason(out, view->report->judgement->reason);
        return;
    }
    if (view->states[SG_STATE_FAIL] > 1) {
        sg_line_own(out, ", and ");
        sg_say_count(out, view->states[SG_STATE_FAIL] - 1, "more gate");
        sg_line_own(out, " failed");
    }
}

static void say_open(struct sg_line *out, const struct sg_view *view)
{
    sg_line_own(out, "not enough evidence on ");
    say_subject(out, &view->rows[0]);
    if (view->states[SG_STATE_INCONCLUSIVE] > 1) {
        sg_line_own(out, " and ");
        sg_say_count(out, view->states[SG_STATE_INCONCLUSIVE] - 1, "more gate");
    }
}

static void say_waived(struct sg_line *out, const struct sg_view *view, const char *waived)
{
    const struct sg_row *row = &view->rows[0];

    if (row->result->waiver.use == SG_WAIVER_NEEDED && !row->result->waiver.limit) {
        say_worse(out, view, row);
        sg_line_own(out, " and ");
    } else {
        say_subject(out, row);
        sg_line_own(out, " ");
    }
    sg_line_text(out, waived);
}

static void say_warning(struct sg_line *out, const struct sg_view *view)
{
    const struct sg_result *result = view->rows[0].result;
    char *waived = sg_show_waiver_warning(result);
    if (waived != NULL) {
        say_waived(out, view, waived);
        free(waived);
        return;
    }
    say_worse(out, view, &view->rows[0]);
    if (isfinite(result->tolerance)) {
        sg_line_own(out, ", within its tolerance of ");
        sg_line_take(out, sg_show_tolerance_alone(result));
    }
}

static void say_pass(struct sg_line *out, const struct sg_view *view)
{
    if (view->many)
        sg_line_own(out, "no variant");
    else
        sg_line_name(out, view->rows[0].result->variant);
    sg_line_own(out, " is %sworse than ", view->many ? "" : "not ");
    sg_line_name(out, view->report->judgement->reference);
    sg_line_own(out, " beyond the tolerances");
}

void sg_say_headline(struct sg_line *out, const struct sg_view *view)
{
    enum sg_state state = sg_view_overall(view->report->judgement);
    bool told = view->count > 0 && view->rows[0].state == state; /* by a gate */

    if (told && state == SG_STATE_FAIL)
        say_failure(out, view);
    else if (told && state == SG_STATE_INCONCLUSIVE)
        say_open(out, view);
    else if (told && state == SG_STATE_WARN)
        say_warning(out, view);
    else if (told && state == SG_STATE_PASS)
        say_pass(out, view);
    else
        say_reason(out, view->report->judgement->reason);
}

void sg_say_headline_plain(struct sg_text *out, const struct sg_view *view)
{
    struct sg_line line = {0};

    sg_say_headline(&line, view);
    sg_line_plain(&line, SG_SHOWN_SENTENCE, out);
    sg_line_clear(&line);
}

/* --- Summary ------------------------------------------------------------------------------ */

/* "1 of 4 gates failed, 3 passed" */
static void say_states(struct sg_line *out, const struct sg_view *view)
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
            sg_line_own(out, "%zu of %zu gates", view->states[i], view->count);
        else
            sg_line_own(out, ", %zu", view->states[i]);
        sg_line_own(out, " %s", did[i]);
        first = false;
    }
    sg_line_own(out, "%s", first ? "No gate was judged. " : ". ");
}

static void say_evidence(struct sg_line *out, const struct sg_report *report)
{
    const struct sg_judgement *judgement = report->judgement;
    int repetitions = judgement->repetitions > 0 ? judgement->repetitions : 0;

    sg_say_count(out, (size_t)repetitions, "repetition");
    if (judgement->against_stored) {
        sg_line_own(out, " against ");
        sg_say_count(out, judgement->stored_sessions, "stored session");
    } else {
        sg_line_own(out, " a side");
    }
    if (judgement->looks_max > 1)
        sg_line_own(out, ", look %d of %d", judgement->looks_done, judgement->looks_max);
    if (report->session->plan.attempt > 1)
        sg_line_own(out, ", attempt %d on these images", report->session->plan.attempt);
    sg_line_own(out, ".");
    if (report->session->plan.planned && !report->session->complete)
        sg_line_own(out, " The session was interrupted before its end.");
}

static void say_risk(struct sg_line *out, const char *before, double risk)
{
    if (!isfinite(risk) || risk <= 0)
        return;
    char *percent = sg_show_by_unit(risk, "ratio");
    sg_line_own(out, " %s in at most %s of sessions.", before, percent);
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

void sg_say_summary(struct sg_line *out, const struct sg_view *view)
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
