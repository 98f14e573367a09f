/* SPDX-License-Identifier: Apache-2.0 */
/* `load: { rate: auto }`: the rate at which the reference uses half of its CPU. Short windows with
 * the reference alone, each at the rate that the one before promises. They are kept in block 0 and
 * never judged. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "measure/measure.h"
#include "session/internal.h"

#define SHARE 0.5     /* of its CPU, that the reference is to use */
#define NEAR 0.1      /* of that: what a request costs is not known better from one window */
#define FIRST 20.0    /* iterations/s that a slow service can do as well */
#define LEAST 1.0     /* iterations/s */
#define MOST 10000.0  /* iterations/s */
#define STEP 30.0     /* times the rate before, at most: its cost was that of a few requests */
#define WINDOWS 9     /* at most */
#define SECONDS 5.0   /* of a window */
#define SLOWER 3.0    /* times the first median latency: requests wait for each other */
#define PATIENCE 60.0 /* seconds for a host that takes the CPUs away */

struct search {
    struct sg_loop *loop;
    double kept, share; /* the last rate that it kept up with, and what it used of its CPU; or 0 */
    double too_much;    /* the least rate that it did not keep up with, or INFINITY */
    double doubted;     /* the last rate, where it did not keep up for the first time; or 0 */
    double latency;     /* median of the first rate that it kept up with, seconds; or INFINITY */
    char *why;          /* what the last window lacked, or NULL */
};

/* What says that service or generator did not do what was asked of it, or NULL. */
static const char *told_behind(const struct sg_repetition *rep)
{
    static const char *const checks[] = {"dropped_iterations", "rate",      "generator_cpu",
                                         "generator_exit",     "window",    "exited",
                                         "oom_killed",         "restarted", "not_ready"};
    for (size_t i = 0; i < SG_COUNT(checks); i++) {
        const struct sg_finding *finding = sg_repetition_found(rep, checks[i]);
        if (finding != NULL) {
            return finding->text;
        }
    }
    return NULL;
}

/* cAdvisor may not have found the first container yet; the engine counts from the start. */
static double cpu_seconds(const struct sg_repetition *rep)
{
    return isfinite(rep->service_cpu.value) ? rep->service_cpu.value : rep->witness_cpu;
}

static double median_latency(const struct sg_loop *loop, const struct sg_repetition *rep)
{
    int at = sg_session_find_metric(loop->session, "latency_p50", NULL, NULL);
    return at >= 0 && rep->values != NULL ? rep->values[at] : NAN;
}

/* Why service or generator did not keep up with the rate; NULL: they did. Caller frees. */
static char *why_behind(const struct search *search, const struct sg_repetition *rep)
{
    const char *text = told_behind(rep);
    double median = median_latency(search->loop, rep);
    if (text != NULL) {
        return sg_strdup(text);
    }
    return median > SLOWER * search->latency
               ? sg_format("half of its requests took longer than %.3g ms, at a low rate %.3g ms",
                           1e3 * median, 1e3 * search->latency)
               : NULL;
}

/* It did not keep up. Where the host took CPU away that tells nothing, and once is an accident. */
static void learn_behind(struct search *search, double rate, const struct sg_repetition *rep)
{
    bool again = search->doubted > 0;
    if (!(rep->steal > SG_MAX_STEAL)) {
        search->too_much = again ? fmin(search->too_much, rate) : search->too_much;
        search->doubted = again ? 0 : rate;
    }
}

static void learn(struct search *search, double rate, const struct sg_repetition *rep)
{
    double used = cpu_seconds(rep) / SECONDS;
    free(search->why);
    search->why = why_behind(search, rep);
    if (search->why != NULL) {
        learn_behind(search, rate, rep);
    } else if (isfinite(used)) {
        search->latency = search->kept > 0 ? search->latency : median_latency(search->loop, rep);
        search->kept = rate;
        search->share = fmax(used, 0) / sg_bench_service_cpus(search->loop->bench);
        search->doubted = 0;
    } else {
        search->why = sg_strdup("its CPU time could not be measured");
    }
}

/* As the last window promises. */
static double promised(const struct search *search)
{
    return fmin(search->kept * SHARE / search->share, MOST);
}

/* Something else than the CPU keeps it from going faster. */
static bool is_held_back(const struct search *search)
{
    double bad = search->doubted > 0 ? fmin(search->doubted, search->too_much) : search->too_much;
    return promised(search) > (1 - NEAR) * bad;
}

/* Two digits: nobody needs more, and the last one is to be written down. */
static double two_digits(double rate)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%.1e", rate);
    return strtod(text, NULL);
}

static double next_rate(const struct search *search)
{
    if (search->doubted > 0) {
        return search->doubted;
    }
    if (!(search->kept > 0)) {
        return fmax(fmin(FIRST, search->too_much / 5), LEAST);
    }
    double rate = is_held_back(search) ? sqrt(search->kept * search->too_much) : promised(search);
    return two_digits(fmax(fmin(rate, search->kept * STEP), LEAST));
}

static bool is_done(const struct search *search)
{
    bool near = search->kept > 0 && fabs(search->share / SHARE - 1) <= NEAR;
    bool at_end = search->kept >= MOST || search->too_much <= LEAST;
    return near || at_end || sg_loop_latest(search->loop)->block > 0;
}

static double chosen(const struct search *search)
{
    double most = is_held_back(search) ? search->kept / 2 : search->kept * STEP;
    return two_digits(fmax(fmin(promised(search), most), LEAST));
}

/* Kept, but of no concern to the judge. What was said at a rate that was too much concerns nobody.
 */
static void set_aside(struct sg_repetition *rep, const struct search *search, double rate)
{
    for (size_t i = 0; i < rep->findings_count; i++) {
        sg_finding_clear(&rep->findings[i]);
    }
    rep->findings_count = 0;
    rep->discarded = true;
    char *used = sg_format("%.2g CPUs used", cpu_seconds(rep) / SECONDS);
    sg_repetition_add_finding(rep, SG_FINDING_NOTE, "rate_auto", NULL,
                              "made to find the rate: %g/s, %s", rate,
                              search->why != NULL ? search->why : used);
    free(used);
}

/* One window of the reference. One that does not start, or dies at the first rate, has told what a
 * warm-up would have told. */
static bool try_rate(struct search *search, double rate, struct sg_error *err)
{
    struct sg_loop *loop = search->loop;
    bool first = loop->session->repetitions_count == 0;
    sg_loop_say(loop, "looking for the rate: %s at %g/s", loop->config->reference, rate);
    loop->settled.rate = loop->session->plan.rate = rate;
    bool ok = sg_loop_window(loop, sg_session_reference(loop->config), SECONDS, err);
    struct sg_repetition *rep = sg_loop_latest(loop);
    if (ok) {
        learn(search, rate, rep);
    }
    if (!ok || (first && sg_loop_forgive(loop, rep, true))) {
        sg_loop_tell_logs(loop, rep);
        return ok;
    }
    set_aside(rep, search, rate);
    return !(rep->steal > SG_MAX_STEAL) ||
           sg_bench_wait_calm(loop->bench, SG_MAX_STEAL, PATIENCE, err);
}

/* What was said of the accepted image holds whatever the rate; what is said of the plan is said
 * anew. */
static void carry_over(struct sg_session *before, struct sg_session *now)
{
    for (size_t i = 0; i < before->findings_count; i++) {
        const struct sg_finding *f = &before->findings[i];
        if (!sg_streq(f->check, "budget") && !sg_streq(f->check, "observe")) {
            sg_session_add_finding(now, f->severity, f->check, f->log, "%s", f->text);
        }
    }
    for (size_t v = 0; v < now->variants_count && v < before->variants_count; v++) {
        now->variants[v].accepted_in = before->variants[v].accepted_in;
        before->variants[v].accepted_in = NULL;
    }
    now->repetitions = before->repetitions;
    now->repetitions_count = before->repetitions_count;
    before->repetitions = NULL;
    before->repetitions_count = 0;
}

/* With what is known of load, windows and budget now; the repetitions made so far stay. */
static bool plan_anew(struct sg_loop *loop, double rate, struct sg_error *err)
{
    struct sg_session before = *loop->session;
    int64_t started = loop->started;
    sg_config_found_rate(&loop->settled, rate);
    sg_loop_plan(loop, loop->config);
    loop->started = started;
    sg_loop_fit_budget(loop);
    carry_over(&before, loop->session);
    sg_session_clear(&before);
    return sg_loop_describe(loop, err);
}

/* For the person who waits and for the report. */
static void tell(struct sg_loop *loop, double rate, const char *why)
{
    sg_loop_say(loop, "rate: auto is %g/s: %s; for svcgate.yaml: load: { rate: %g/s }", rate, why,
                rate);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "rate_auto", NULL,
                           "rate: auto is %g/s: %s. To measure at this rate again, write "
                           "load: { rate: %g/s } in svcgate.yaml",
                           rate, why, rate);
}

static char *why_chosen(const struct search *search)
{
    const char *reference = search->loop->config->reference;
    if (!(search->kept > 0)) {
        return sg_format("%s did not run long enough to find another", reference);
    }
    return sg_format(is_held_back(search)
                         ? "half of the %g/s that %s kept up with, with %.0f %% of its CPU"
                         : "at %g/s %s used %.0f %% of its CPU",
                     search->kept, reference, 100 * search->share);
}

static bool look_for_rate(struct search *search, struct sg_error *err)
{
    struct sg_loop *loop = search->loop;
    for (int i = 0; i < WINDOWS && (i == 0 || !is_done(search)); i++) {
        if (!try_rate(search, next_rate(search), err)) {
            return false;
        }
    }
    bool broken = sg_loop_latest(loop)->block > 0;
    if (!(search->kept > 0) && !broken) {
        return sg_fail(err, SG_ERROR_DATA,
                       "load.rate is auto, and no rate was found for %s: %s. Write a rate in "
                       "svcgate.yaml or with --rate",
                       loop->config->reference, search->why);
    }
    double rate = broken ? FIRST : chosen(search);
    if (!plan_anew(loop, rate, err)) {
        return false;
    }
    char *why = why_chosen(search);
    tell(loop, rate, why);
    free(why);
    return true;
}

double sg_session_stored_rate(const struct sg_session *stored, size_t count)
{
    double rate = NAN;
    for (size_t i = 0; i < count; i++) {
        rate = stored[i].plan.rate > 0 ? stored[i].plan.rate : rate;
    }
    return rate;
}

bool sg_loop_find_rate(struct sg_loop *loop, struct sg_error *err)
{
    struct search search = {.loop = loop, .too_much = INFINITY, .latency = INFINITY};
    double stored = sg_session_stored_rate(loop->run->stored, loop->run->stored_count);
    if (!loop->config->rate_auto) {
        return true;
    }
    if (stored > 0) {
        if (!plan_anew(loop, stored, err)) {
            return false;
        }
        tell(loop, stored, "that of the stored baseline");
        return true;
    }
    bool ok = look_for_rate(&search, err);
    free(search.why);
    return ok;
}
