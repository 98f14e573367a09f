/* SPDX-License-Identifier: Apache-2.0 */
/* Checks over all repetitions of a session: same work everywhere, steady service, saturation. */
#include <math.h>

#include "base/text.h"
#include "measure/measure.h"
#include "stats/exact.h"
#include "stats/ranks.h"

#define MAX_RATIO_OFF 0.005  /* requests of variant and reference */
#define ERROR_RATE_OFF 0.001 /* explains that a script makes fewer requests */
#define MOST_REQUESTS 0.5    /* of all: more that fail are no load to judge by */
#define SOME_ITERATIONS 0.01 /* of all: more that throw are a fault of the script, or its cause */
#define STEADY_LEVEL 0.01    /* of the sign test */
#define STEADY_SHIFT 0.025   /* half of the default tolerance, log ratio */
#define MAX_DRIFTS 4096
#define MUCH_DROPPED 0.01 /* of the planned iterations */
/* As many overruns in a row, and as many clean windows of the reference. A host that stalls in a
 * share p of all windows does that to an unchanged variant with p³(1 − p)³: at most 1.6 %, below
 * 0.1 % for p = 10 %. */
#define PROOF 3

/* Findings of a repetition that another one would have as well: they lie in the script. */
static bool is_hopeless(const struct sg_finding *finding)
{
    return sg_streq(finding->check, "no_latency") || sg_streq(finding->check, "k6_metric");
}

static bool is_ours(const struct sg_finding *finding)
{
    return sg_streq(finding->check, "sample_ratio") || sg_streq(finding->check, "steady_state") ||
           sg_streq(finding->check, "saturated") || sg_streq(finding->check, "failing_requests") ||
           sg_streq(finding->check, "failed_iterations") || is_hopeless(finding);
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
    double repetitions, requests, errors, iterations, thrown;
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
        sum.iterations += isfinite(r->iterations) ? r->iterations : 0;
        sum.thrown += isfinite(r->failed_iterations) ? r->failed_iterations : 0;
    }
    return sum;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* A closed load makes as many iterations as the service allows: there, each of them is compared. */
static struct total by_iteration(struct total sum)
{
    sum.repetitions = sum.iterations;
    return sum;
}

/* One iteration more or less in a window is its edge, not other work. */
static bool same_work(const struct total *a, const struct total *b, bool edge)
{
    double ours = b->requests / b->repetitions, theirs = a->requests / a->repetitions;
    double iteration = fmax(a->iterations > 0 ? a->requests / a->iterations : 1, 1);
    return fabs(ours / theirs - 1) <= MAX_RATIO_OFF || (edge && fabs(ours - theirs) <= iteration);
}

/* The same offered rate gives the same number of requests. A script that stops an iteration at an
 * error makes fewer: then error_rate has the say, and this is a warning. */
static void check_ratio(struct sg_session *session, const char *variant)
{
    struct total a = total_of(session, session->reference), b = total_of(session, variant);
    const char *each = "a repetition";
    if (!(a.requests > 0 && b.requests > 0))
        return;
    if (session->plan.vus > 0) {
        a = by_iteration(a);
        b = by_iteration(b);
        each = "an iteration";
    }
    if (same_work(&a, &b, session->plan.vus == 0))
        return;
    double off = (b.requests / b.repetitions) / (a.requests / a.repetitions) - 1;
    bool failing =
        fabs(share(b.errors, b.requests) - share(a.errors, a.requests)) > ERROR_RATE_OFF ||
        fabs(share(b.thrown, b.iterations) - share(a.thrown, a.iterations)) > ERROR_RATE_OFF;
    sg_session_add_finding(
        session, failing ? SG_FINDING_WARN : SG_FINDING_INVALID, "sample_ratio", NULL,
        "%s got %.1f requests %s and %s %.1f (%+.2f %%): not the same "
        "work, although the same was offered%s",
        variant, b.requests / b.repetitions, each, session->reference, a.requests / a.repetitions,
        100 * off, failing ? "; what failed cut iterations short" : "");
}

/* What fails on the reference, too, is the script's doing or the set-up's; on the variant alone,
 * the variant's. `theirs` is NaN where no reference was measured: then nobody can tell. */
static void check_failing(struct sg_session *session, const char *variant, const char *check,
                          const char *what, double theirs, double own, double limit)
{
    if (isnan(theirs) && own > limit)
        sg_session_add_finding(session, SG_FINDING_INVALID, check, NULL, "%.1f %% of the %s on %s",
                               100 * own, what, variant);
    else if (theirs > limit)
        sg_session_add_finding(session, SG_FINDING_INVALID, check, NULL,
                               "%.1f %% of the %s on %s, and %.1f %% on %s: what is left is no "
                               "load to judge by",
                               100 * theirs, what, session->reference, 100 * own, variant);
    else if (own - theirs > limit)
        sg_session_add_finding(session, SG_FINDING_FAIL, check, NULL,
                               "%.1f %% of the %s on %s, and %.1f %% on %s", 100 * own, what,
                               variant, 100 * theirs, session->reference);
}

static void check_failures(struct sg_session *session, const char *variant)
{
    bool alone = session->reference == NULL || sg_streq(session->reference, variant);
    struct total a = alone ? (struct total){0} : total_of(session, session->reference);
    struct total b = total_of(session, variant);
    check_failing(session, variant, "failing_requests", "requests failed",
                  share(a.errors, a.requests), share(b.errors, b.requests), MOST_REQUESTS);
    check_failing(session, variant, "failed_iterations", "iterations ended with an exception",
                  share(a.thrown, a.iterations), share(b.thrown, b.iterations), SOME_ITERATIONS);
}

static void check_hopeless(struct sg_session *session)
{
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_finding *f =
            sg_repetition_finding(&session->repetitions[i], SG_FINDING_INVALID);
        if (f != NULL && is_hopeless(f)) {
            sg_session_add_finding(session, SG_FINDING_INVALID, f->check, NULL, "%s", f->text);
            return;
        }
    }
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

/* Side by side, what one variant leaves undone falls on the others, and windows that looked for the
 * rate had another one: only repetitions that had the host to themselves, at the session's rate,
 * tell who does not keep up. */
static bool tells(const struct sg_repetition *r, const char *variant)
{
    bool of_search = r->block == 0 && r->discarded;
    return r->rotation == 0 && !of_search && sg_streq(r->variant, variant);
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

/* Ever, be it in the warm-up. */
static bool reference_dropped(const struct sg_session *session)
{
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        if (tells(r, session->reference) && (drops_of(r) != NULL || r->dropped > 0))
            return true;
    }
    return false;
}

/* Windows in which the same generator served the reference without a drop; none when there ever was
 * one. */
static size_t clean_windows(const struct sg_session *session)
{
    size_t clean = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *r = &session->repetitions[i];
        clean += tells(r, session->reference) && r->block > 0 && r->requests > 0;
    }
    return reference_dropped(session) ? 0 : clean;
}

/* How many repetitions of the variant were overrun one after the other, from `at` back. */
static size_t overruns_until(const struct sg_session *session, const char *variant, size_t at)
{
    size_t row = 0;
    for (size_t i = at + 1; i-- > 0;) {
        const struct sg_repetition *r = &session->repetitions[i];
        if (!tells(r, variant) || r->block == 0)
            continue;
        if (!is_overrun(session, r))
            break;
        row++;
    }
    return row;
}

static size_t overruns(const struct sg_session *session, const char *variant)
{
    size_t count = session->repetitions_count;
    return count > 0 ? overruns_until(session, variant, count - 1) : 0;
}

/* Overrun again and again while the reference keeps up: from the second on it is the variant's own
 * fault, and not a breach of the instrument's. Else drops are INVALID. */
static void blame(struct sg_session *session, const char *variant, bool at_fault)
{
    for (size_t i = 0; i < session->repetitions_count; i++) {
        struct sg_repetition *r = &session->repetitions[i];
        struct sg_finding *f = tells(r, variant) ? drops_of(r) : NULL;
        if (f == NULL || f->severity < SG_FINDING_INVALID)
            continue;
        f->severity = at_fault && overruns_until(session, variant, i) >= 2 ? SG_FINDING_FAIL
                                                                           : SG_FINDING_INVALID;
    }
}

static void check_saturated(struct sg_session *session, const char *variant)
{
    bool at_fault = overruns(session, variant) >= PROOF && clean_windows(session) >= PROOF;
    blame(session, variant, at_fault);
    if (at_fault)
        sg_session_add_finding(session, SG_FINDING_FAIL, "saturated", NULL,
                               "%s does not keep up with the offered rate: at least %.0f %% of the "
                               "iterations were dropped, %d times in a row, and none on %s",
                               variant, 100 * MUCH_DROPPED, PROOF, session->reference);
}

enum sg_control sg_measure_control(const struct sg_session *session, const char *variant)
{
    if (session->reference == NULL || sg_streq(variant, session->reference) ||
        reference_dropped(session))
        return SG_CONTROL_NONE;
    size_t row = overruns(session, variant), clean = clean_windows(session);
    if (row < 2)
        return SG_CONTROL_NONE;
    if (clean < PROOF && clean < row)
        return SG_CONTROL_REFERENCE;
    return row < PROOF ? SG_CONTROL_VARIANT : SG_CONTROL_NONE;
}

void sg_measure_session(struct sg_session *session)
{
    forget(session);
    check_hopeless(session);
    for (size_t i = 0; i < session->variants_count; i++) {
        const char *variant = session->variants[i].name;
        bool is_reference = sg_streq(variant, session->reference);
        check_steady(session, variant);
        if (!is_reference || session->variants_count == 1)
            check_failures(session, variant);
        if (session->reference == NULL || is_reference)
            continue;
        check_ratio(session, variant);
        check_saturated(session, variant);
    }
}
