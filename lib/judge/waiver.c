/* SPDX-License-Identifier: Apache-2.0 */
/* Which waiver is for which gate, whether it holds, and what it changes. */
#include "judge/waiver.h"

#include "base/date.h"
#include "base/units.h"
#include "judge/checks.h"

#include <math.h>
#include <stdlib.h>

#define SOON 14 /* days before its end from which a waiver warns */

/* --- Days ---------------------------------------------------------------------------------- */

/* Days from the session to the waiver's last day; false when the session has no day. */
static bool days_left(const struct sg_session *session, const struct sg_waiver *waiver, int *out)
{
    int made = 0;
    int last = 0;
    if (!session->created || !sg_date_days(session->created, &made) ||
        !sg_date_days(waiver->expires, &last))
        return false;
    *out = last - made;
    return true;
}

static bool has_expired(const struct sg_session *session, const struct sg_waiver *waiver)
{
    int left = 0;
    return days_left(session, waiver, &left) && left < 0;
}

/* --- Which one ----------------------------------------------------------------------------- */

static bool is_for_variant(const struct sg_waiver *waiver, const char *variant)
{
    return !waiver->variant || sg_streq(waiver->variant, variant);
}

static const struct sg_waiver *find_waiver(const struct sg_session *session,
                                           const struct sg_gate *gate, const char *variant)
{
    for (size_t w = 0; w < session->waivers_count; w++)
        if (sg_waiver_is_for(&session->waivers[w], gate) &&
            is_for_variant(&session->waivers[w], variant))
            return &session->waivers[w];
    return NULL;
}

static const struct sg_gate *find_gate(const struct sg_session *session,
                                       const struct sg_waiver *waiver)
{
    for (size_t g = 0; g < session->gates_count; g++)
        if (sg_waiver_is_for(waiver, &session->gates[g]))
            return &session->gates[g];
    return NULL;
}

static char *label_of(const struct sg_waiver *waiver)
{
    return sg_metric_label(waiver->metric, waiver->of, waiver->request);
}

bool sg_waivers_check(const struct sg_session *session, struct sg_error *err)
{
    for (size_t w = 0; w < session->waivers_count; w++) {
        const struct sg_waiver *waiver = &session->waivers[w];
        const char *why = NULL;
        if (!find_gate(session, waiver))
            why = "there is no such gate";
        else if (!isfinite(waiver->bound) || waiver->bound < 0)
            why = "its bound must be finite and not negative";
        else if (!sg_date_is_day(waiver->expires))
            why = "it expires on no day; write 2027-01-31";
        if (!why)
            continue;
        char *label = label_of(waiver);
        (void)sg_fail(err, SG_ERROR_CONFIG, "waiver for %s: %s", label, why);
        free(label);
        return false;
    }
    return true;
}

/* --- One gate ------------------------------------------------------------------------------ */

bool sg_permit_open(struct sg_permit *permit, const struct sg_session *session,
                    const struct sg_gate_case *gate, struct sg_result *out, struct sg_text *steps)
{
    const struct sg_waiver *waiver = find_waiver(session, gate->gate, out->variant);
    if (!waiver)
        return false;
    *permit = (struct sg_permit){
        .waiver = waiver, .expired = has_expired(session, waiver), .gate = *gate->gate};
    if (!permit->expired && sg_gate_is_limit(&permit->gate))
        permit->gate.limit = waiver->bound;
    else if (!permit->expired)
        permit->gate.tolerance = waiver->bound;
    permit->waived = *gate;
    permit->waived.gate = &permit->gate;
    out->tolerance = permit->gate.tolerance;
    out->limit = permit->gate.limit;
    sg_result_init(&permit->own, session, gate->metric, gate->gate, out->variant);
    if (steps)
        sg_text_printf(steps, "  the waiver of %s %s %s; its bound is %.9g\n", waiver->owner,
                       permit->expired ? "has expired on" : "holds until", waiver->expires,
                       waiver->bound);
    return true;
}

/* The change on the side that hurts, as the tolerance counts it: where more is better, how much
 * higher the reference is. */
static double worse(const struct sg_result *own)
{
    if (!own->higher_is_better)
        return own->change;
    return own->relative ? 1 / (1 + own->change) - 1 : -own->change;
}

/* Is the estimate of the gate as it is on the wrong side of its own question? */
static bool is_beyond(const struct sg_result *own, bool limit)
{
    double sign = own->higher_is_better ? -1 : 1;
    return limit ? sign * own->value > sign * own->limit : worse(own) >= own->tolerance;
}

static enum sg_waiver_use use_of(const struct sg_result *out, const struct sg_result *own,
                                 bool limit)
{
    if (out->verdict != SG_PASS)
        return SG_WAIVER_HOLDS;
    if (own->verdict == SG_PASS)
        return SG_WAIVER_UNNEEDED;
    bool failed = own->verdict == SG_FAIL;
    /* The session may have stopped where the bound had its answer, before the gate's own question
     * had one: the estimate tells then. */
    return failed || is_beyond(own, limit) ? SG_WAIVER_NEEDED : SG_WAIVER_HOLDS;
}

static void record(const struct sg_permit *permit, const struct sg_session *session,
                   struct sg_result *out)
{
    const struct sg_waiver *waiver = permit->waiver;
    bool limit = sg_gate_is_limit(&permit->gate);
    struct sg_result_waiver *told = &out->waiver;
    *told = (struct sg_result_waiver){.owner = sg_strdup(waiver->owner),
                                      .reason = sg_strdup(waiver->reason),
                                      .expires = sg_strdup(waiver->expires),
                                      .limit = limit,
                                      .bound = limit ? out->limit : out->tolerance,
                                      .own = limit ? permit->own.limit : permit->own.tolerance,
                                      .line = waiver->line};
    told->dated = days_left(session, waiver, &told->days_left);
    told->ending = told->dated && told->days_left >= 0 && told->days_left <= SOON;
    if (permit->expired) {
        told->bound = waiver->bound;
        told->use = SG_WAIVER_EXPIRED;
    } else {
        told->use = use_of(out, &permit->own, limit);
    }
}

/* A tolerance or limit for people: "5 %", "3 MiB", "0.1 percentage points". */
static char *say_bound(const struct sg_result *out, double value)
{
    if (out->waiver.limit)
        return sg_show_by_unit(value, out->unit);
    if (out->relative)
        return sg_show_by_unit(value, "ratio");
    if (sg_streq(out->unit, "ratio"))
        return sg_format("%.3g percentage points", value * 100);
    return sg_show_by_unit(value, out->unit);
}

static void take_reason(struct sg_result *out, char *reason)
{
    free(out->reason);
    out->reason = reason;
}

/* The numbers of the reason are those of the bound: both are named. */
static void explain_use(struct sg_result *out)
{
    const struct sg_result_waiver *told = &out->waiver;
    const char *before = out->reason ? out->reason : "";
    const char *what = told->limit ? "limit" : "tolerance";
    char *own = isnan(told->own) ? sg_strdup("no") : say_bound(out, told->own);
    if (told->use == SG_WAIVER_NEEDED)
        take_reason(out, sg_format("passed only by the waiver of %s (until %s: %s), its own %s is "
                                   "%s; %s",
                                   told->owner, told->expires, told->reason, what, own, before));
    else
        take_reason(out, sg_format("%s; by the waiver of %s until %s, its own %s is %s", before,
                                   told->owner, told->expires, what, own));
    free(own);
}

static void fail_expired(struct sg_result *out)
{
    out->verdict = SG_FAIL;
    out->warn = false;
    out->decided_at = 0;
    take_reason(out, sg_format("the waiver of %s expired on %s: remove it, or renew it with a new "
                               "date",
                               out->waiver.owner, out->waiver.expires));
}

bool sg_permit_close(struct sg_permit *permit, const struct sg_session *session,
                     struct sg_result *out)
{
    record(permit, session, out);
    sg_result_clear(&permit->own);
    if (out->verdict == SG_INVALID)
        return false; /* missing data are never waived */
    if (permit->expired) {
        fail_expired(out);
        return true;
    }
    explain_use(out);
    if (out->verdict == SG_PASS)
        out->warn = out->warn || out->waiver.use == SG_WAIVER_NEEDED || out->waiver.ending;
    return false;
}

/* --- Before the first repetition ----------------------------------------------------------- */

static bool is_unmeasured(const struct sg_session *session)
{
    for (size_t r = 0; r < session->repetitions_count; r++)
        if (session->repetitions[r].block >= 1)
            return false;
    return true;
}

bool sg_waiver_stops(const struct sg_session *session, const char *variant)
{
    for (size_t w = 0; w < session->waivers_count; w++)
        if (has_expired(session, &session->waivers[w]) &&
            (!variant || is_for_variant(&session->waivers[w], variant)))
            return is_unmeasured(session);
    return false;
}

void sg_waiver_settle(const struct sg_session *session, const struct sg_gate_case *gate,
                      struct sg_result *out)
{
    struct sg_permit permit;
    bool expired =
        sg_permit_open(&permit, session, gate, out, NULL) && sg_permit_close(&permit, session, out);
    if (!expired)
        take_reason(out, sg_strdup("not measured: an expired waiver fails the session"));
}

/* --- Notes --------------------------------------------------------------------------------- */

static bool is_told_by(const struct sg_result *result, const struct sg_waiver *waiver)
{
    return result->waiver.use != SG_WAIVER_NONE && sg_streq(result->metric, waiver->metric) &&
           sg_streq(result->of, waiver->of) && sg_streq(result->request, waiver->request) &&
           is_for_variant(waiver, result->variant);
}

/* In each variant that it was for? */
static bool is_unneeded(const struct sg_judgement *judgement, const struct sg_waiver *waiver)
{
    bool any = false;
    for (size_t i = 0; i < judgement->results_count; i++) {
        const struct sg_result *result = &judgement->results[i];
        if (!is_told_by(result, waiver))
            continue;
        if (result->waiver.use != SG_WAIVER_UNNEEDED)
            return false;
        any = true;
    }
    return any;
}

static char *say_days(int days)
{
    if (days == 0)
        return sg_strdup("today");
    return sg_format("in %d day%s", days, days == 1 ? "" : "s");
}

static void note_waiver(const struct sg_session *session, const struct sg_waiver *waiver,
                        struct sg_judgement *out)
{
    int left = 0;
    bool dated = days_left(session, waiver, &left);
    char *label = label_of(waiver);
    if (!dated)
        sg_judgement_note(out, sg_format("the waiver of %s for %s holds until %s; the data have no "
                                         "date to compare with, so it is taken to hold",
                                         waiver->owner, label, waiver->expires));
    else if (left >= 0 && left <= SOON) {
        char *days = say_days(left);
        sg_judgement_note(out,
                          sg_format("the waiver of %s for %s ends %s, on %s: from the next day "
                                    "on the gate fails until it is removed or renewed",
                                    waiver->owner, label, days, waiver->expires));
        free(days);
    }
    if (is_unneeded(out, waiver))
        sg_judgement_note(out, sg_format("the waiver of %s for %s is no longer needed? The gate "
                                         "would have passed without it",
                                         waiver->owner, label));
    free(label);
}

void sg_waiver_notes(const struct sg_session *session, struct sg_judgement *out)
{
    for (size_t w = 0; w < session->waivers_count; w++)
        note_waiver(session, &session->waivers[w], out);
}
