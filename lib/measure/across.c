/* SPDX-License-Identifier: Apache-2.0 */
/* Checks over all repetitions of a session: same work everywhere, steady service, saturation. */
#include <math.h>

#include "base/text.h"
#include "measure/measure.h"
#include "stats/exact.h"
#include "stats/ranks.h"

#define MAX_RATIO_OFF 0.005  /* requests of variant and reference */
#define ERROR_RATE_OFF 0.001 /* explains that a script makes fewer requests */
#define STEADY_LEVEL 0.01    /* of the sign test */
#define STEADY_SHIFT 0.025   /* half of the default tolerance, log ratio */
#define MAX_DRIFTS 4096
#define MUCH_DROPPED 0.01 /* of the planned iterations */

static bool is_ours(const struct sg_finding *finding)
{
    return sg_streq(finding->check, "sample_ratio") || sg_streq(finding->check, "steady_state") ||
           sg_streq(finding->check, "saturated");
}

/* An earlier call saw less: what it found is found anew or no longer true. */
static void forget(struct sg_session *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->findings_count; i++) {
        if (is_ours(&session->findings[i]))
            sg_finding_clear(&session->findings[i]);
        else
            session->findings[kept++] = session->findings[i];
    }
    session->findings_count = kept;
}

static bool has_finding(const struct sg_repetition *r, enum sg_severity least)
{
    for (size_t i = 0; i < r->findings_count; i++)
        if (r->findings[i].severity >= least)
            return true;
    return false;
}

static bool counts(const struct sg_repetition *r, const char *variant)
{
    return r->block > 0 && !r->discarded && sg_streq(r->variant, variant) &&
           !has_finding(r, SG_FINDING_INVALID);
}

struct total {
    double repetitions, requests, errors;
};

static struct total total_of(const struct sg_session *session, const char *variant)
{
    struct total sum = {0};
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        if (!counts(r, variant) || !isfinite(r->requests))
            continue;
        sum.repetitions += 1;
        sum.requests += r->requests;
        sum.errors += isfinite(r->errors) ? r->errors : 0;
    }
    return sum;
}

/* The same offered rate gives the same number of requests. A script that stops an iteration at an
 * error makes fewer: then error_rate has the say, and this is a warning. */
static void check_ratio(struct sg_session *session, const char *variant)
{
    struct total a = total_of(session, session->reference), b = total_of(session, variant);
    if (!(a.requests > 0 && b.requests > 0))
        return;
    double off = (b.requests / b.repetitions) / (a.requests / a.repetitions) - 1;
    if (fabs(off) <= MAX_RATIO_OFF)
        return;
    bool failing = fabs(b.errors / b.requests - a.errors / a.requests) > ERROR_RATE_OFF;
    sg_session_add_finding(
        session, failing ? SG_FINDING_WARN : SG_FINDING_INVALID, "sample_ratio", NULL,
        "%s got %.1f requests a repetition and %s %.1f (%+.2f %%): not the same "
        "work, although the same was offered%s",
        variant, b.requests / b.repetitions, session->reference, a.requests / a.repetitions,
        100 * off, failing ? "; failing requests cut iterations short" : "");
}

static double drift_of(const struct sg_repetition *r)
{
    for (size_t i = 0; i < r->evidence_count; i++)
        if (sg_streq(r->evidence[i].metric, "steady_state"))
            return r->evidence[i].value;
    return NAN;
}

/* Two-sided sign test. */
static double sign_test(size_t up, size_t n)
{
    double larger = (double)(up > n - up ? up : n - up);
    return fmin(1, 2 * sg_binomial_upper(larger, (double)n, 0.5));
}

/* CPU rate of the window's last quarter against its first, over all repetitions of a variant. */
static void check_steady(struct sg_session *session, const char *variant)
{
    double drifts[MAX_DRIFTS];
    size_t n = 0, up = 0;
    for (size_t i = 0; i < session->repetitions_count && n < SG_COUNT(drifts); i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        double drift = counts(r, variant) ? drift_of(r) : NAN;
        if (!isfinite(drift) || fpclassify(drift) == FP_ZERO)
            continue;
        up += drift > 0 ? 1 : 0;
        drifts[n++] = drift;
    }
    if (n == 0)
        return;
    double median = sg_median(drifts, n), p = sign_test(up, n);
    if (p >= STEADY_LEVEL || fabs(median) <= STEADY_SHIFT)
        return;
    sg_session_add_finding(
        session, SG_FINDING_WARN, "steady_state", NULL,
        "%s is not steady: its CPU use changes by %+.1f %% from the first to the "
        "last quarter of the window (median of %zu repetitions, sign test p = "
        "%.2g); a longer warm-up would do",
        variant, 100 * (exp(median) - 1), n, p);
}

static struct sg_finding *drops_of(const struct sg_repetition *r)
{
    for (size_t i = 0; i < r->findings_count; i++)
        if (sg_streq(r->findings[i].check, "dropped_iterations"))
            return &r->findings[i];
    return NULL;
}

/* Much was dropped, and nothing else speaks against the generator: that the rate was not reached
 * and that all VUs were busy follow from a slow service. */
static bool is_overrun(const struct sg_session *session, const struct sg_repetition *r)
{
    for (size_t i = 0; i < r->findings_count; i++) {
        const char *check = r->findings[i].check;
        bool follows = sg_streq(check, "dropped_iterations") || sg_streq(check, "rate") ||
                       sg_streq(check, "vus");
        if (!follows && r->findings[i].severity >= SG_FINDING_INVALID)
            return false;
    }
    double planned = session->plan.rate * session->plan.measure;
    return r->block > 0 && drops_of(r) != NULL && r->dropped >= MUCH_DROPPED * planned;
}

/* The same generator served the reference at least once without a drop, and never with one. A
 * warm-up repetition is evidence too. */
static bool reference_keeps_up(const struct sg_session *session)
{
    size_t clean = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        if (!sg_streq(r->variant, session->reference))
            continue;
        if (drops_of(r) != NULL || r->dropped > 0)
            return false;
        clean += r->requests > 0 ? 1 : 0;
    }
    return clean > 0;
}

/* Overrun, and again when it was repeated at once: a stall of the host does not do that to one
 * variant alone. Below that drops stay INVALID. */
static bool mark_saturated(struct sg_session *session, const char *variant, bool may_blame)
{
    bool before = false, at_fault = false;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        if (!sg_streq(r->variant, variant))
            continue;
        bool overrun = is_overrun(session, r);
        struct sg_finding *f = drops_of(r);
        if (f != NULL && f->severity >= SG_FINDING_INVALID)
            f->severity = may_blame && overrun && before ? SG_FINDING_FAIL : SG_FINDING_INVALID;
        at_fault = at_fault || (may_blame && overrun && before);
        before = overrun;
    }
    return at_fault;
}

static void check_saturated(struct sg_session *session, const char *variant)
{
    if (mark_saturated(session, variant, reference_keeps_up(session)))
        sg_session_add_finding(session, SG_FINDING_FAIL, "saturated", NULL,
                               "%s does not keep up with the offered rate: at least %.0f %% of the "
                               "iterations were dropped, twice in a row, and none on %s",
                               variant, 100 * MUCH_DROPPED, session->reference);
}

void sg_measure_session(struct sg_session *session)
{
    forget(session);
    for (size_t i = 0; i < session->variants_count; i++) {
        const char *variant = session->variants[i].name;
        check_steady(session, variant);
        if (session->reference == NULL || sg_streq(variant, session->reference))
            continue;
        check_ratio(session, variant);
        check_saturated(session, variant);
    }
}
