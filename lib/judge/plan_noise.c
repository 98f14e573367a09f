/* SPDX-License-Identifier: Apache-2.0 */
/* What earlier sessions tell about the noise of a metric: a session that was measured, or the
 * stored baseline. */
#include "judge/plan_parts.h"

#include "base/text.h"
#include "base/units.h"
#include "judge/covariates.h"
#include "judge/judge.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The variant whose level counts: the session's reference, else its first one. */
static char *reference_of(const struct sg_session *session)
{
    if (session->reference)
        return session->reference;
    if (session->variants_count > 0)
        return session->variants[0].name;
    return session->repetitions_count > 0 ? session->repetitions[0].variant : NULL;
}

/* --- The measured session ------------------------------------------------------------------- */

/* Without its gates and plan: all metrics alike, over all blocks. */
static bool judge_measured(struct sg_plan_sources *s, struct sg_error *err)
{
    struct sg_session plain = *s->question->measured; /* borrowed */
    plain.gates_count = 0;
    plain.waivers_count = 0;
    plain.plan.planned = false;
    plain.reference = reference_of(&plain);
    if (!sg_judge(&plain, &s->judgement, err))
        return false;
    if (s->judgement.verdict == SG_INVALID)
        return sg_fail(err, SG_ERROR_CONFIG, "its noise tells nothing, it is invalid: %s",
                       s->judgement.reason);
    return true;
}

static bool has_noise(const struct sg_judgement *judgement)
{
    for (size_t i = 0; i < judgement->results_count; i++)
        if (isfinite(judgement->results[i].noise_raw))
            return true;
    return false;
}

/* A session of one variant has no differences: it is looked at as a stored one. */
static bool look_alone(struct sg_plan_sources *s, const struct sg_session *stored, size_t count,
                       struct sg_error *err)
{
    struct sg_session ahead = *s->question->session; /* borrowed */
    ahead.facts = stored[count - 1].facts;           /* as if on the same machine */
    ahead.facts_count = stored[count - 1].facts_count;
    return sg_judge_outlook(&ahead, stored, count, &s->outlook, err);
}

/* Noise falls with the root of the window's length, as a rule of thumb. */
static double stretch(const struct sg_session *from, const struct sg_session *planned)
{
    double then = from->plan.measure;
    double now = planned->plan.measure;
    return then > 0 && now > 0 ? sqrt(then / now) : 1;
}

bool sg_plan_sources_init(struct sg_plan_sources *sources,
                          const struct sg_forecast_question *question, struct sg_error *err)
{
    *sources = (struct sg_plan_sources){.question = question, .stretch = 1};
    bool ok = true;
    if (question->stored_count > 0) {
        sources->from = &question->stored[question->stored_count - 1];
        sources->source = SG_NOISE_STORED;
        ok = look_alone(sources, question->stored, question->stored_count, err);
    }
    if (ok && question->measured) {
        sources->from = question->measured;
        sources->source = SG_NOISE_MEASURED;
        ok = judge_measured(sources, err);
        if (ok && !has_noise(&sources->judgement) && question->stored_count == 0)
            ok = look_alone(sources, question->measured, 1, err);
    }
    if (!ok) {
        sg_plan_sources_clear(sources);
        return false;
    }
    if (sources->from)
        sources->stretch = stretch(sources->from, question->session);
    return true;
}

void sg_plan_sources_clear(struct sg_plan_sources *sources)
{
    sg_judgement_clear(&sources->judgement);
    sg_outlook_clear(&sources->outlook);
}

/* --- Plain values ---------------------------------------------------------------------------- */

/* Values of the reference's repetitions that count; caller frees. Missing ones are left out. */
static double *values_of(const struct sg_session *session, int metric, size_t *out_count)
{
    const char *reference = reference_of(session);
    double *values = sg_alloc(session->repetitions_count + 1, sizeof(*values));
    *out_count = 0;
    for (size_t r = 0; metric >= 0 && r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (sg_streq(repetition->variant, reference) && sg_repetition_counts(repetition) &&
            repetition->values && isfinite(repetition->values[metric]))
            values[(*out_count)++] = repetition->values[metric];
    }
    return values;
}

static double median_of(const struct sg_session *session, const char *name, const char *of,
                        const char *request)
{
    size_t count;
    double *values = values_of(session, sg_session_find_metric(session, name, of, request), &count);
    double median = sg_median(values, count);
    free(values);
    return median;
}

/* SD of values or of their logarithms, whichever block they are from; NaN for fewer than two. */
static double spread_of(const struct sg_session *session, const struct sg_metric *metric)
{
    size_t count;
    double *values = values_of(
        session, sg_session_find_metric(session, metric->name, metric->of, metric->request),
        &count);
    double mean = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = metric->scale == SG_SCALE_LOG ? log(values[i]) : values[i];
        mean += values[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    free(values);
    return count > 1 ? sqrt(squares / (double)(count - 1)) : NAN;
}

static double mean_of(const struct sg_session *session, const char *name,
                      const struct sg_metric *metric)
{
    size_t count;
    double sum = 0;
    int index = sg_session_find_metric(session, name, metric->of, metric->request);
    index = index >= 0 ? index : sg_session_find_metric(session, name, NULL, NULL);
    double *values = values_of(session, index, &count);
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    free(values);
    return count > 0 ? sum / (double)count : NAN;
}

/* --- Together -------------------------------------------------------------------------------- */

/* The bias of slopes as it was then; 0 where nobody measured how much CPU the service uses. */
static double bias_of(const struct sg_session *session, const double *gamma, size_t count)
{
    double used = median_of(session, "cpu_cores", NULL, NULL);
    return used > 0 ? fmin(sg_coupling_share(session, gamma, NULL, count) * used, 1) : 0;
}

/* The same with the slopes that are expected where a host's noise is large. */
static double bias_expected(const struct sg_session *session)
{
    const double wide = 1;
    size_t count = 0;
    double *gamma = sg_alloc(session->metrics_count + 1, sizeof(*gamma));
    for (size_t m = 0; m < session->metrics_count; m++) {
        if (session->metrics[m].role != SG_ROLE_COVARIATE)
            continue;
        gamma[count] = sg_covariate_prior(session->metrics[m].name, count, false, wide);
        count++;
    }
    double bias = bias_of(session, gamma, count);
    free(gamma);
    return bias;
}

/* Root mean square over the variants; true when there was anything. */
static bool noise_measured(const struct sg_plan_sources *s, const struct sg_metric *metric,
                           struct sg_plan_noise *out)
{
    double used = 0;
    double raw = 0;
    double bias = 0;
    size_t count = 0;
    for (size_t i = 0; i < s->judgement.results_count; i++) {
        const struct sg_result *result = &s->judgement.results[i];
        if (!sg_metric_is(metric, result->metric, result->of, result->request) ||
            !isfinite(result->noise_raw))
            continue;
        bool adjusted = result->adjusted && metric->adjust;
        used += pow(adjusted ? result->noise : result->noise_raw, 2);
        raw += pow(result->noise_raw, 2);
        bias += adjusted ? bias_of(s->from, result->gamma, result->gamma_count) : 0;
        out->adjusted = out->adjusted || adjusted;
        count++;
    }
    if (count == 0)
        return false;
    out->used = sqrt(used / (double)count);
    out->raw = sqrt(raw / (double)count);
    out->bias = bias / (double)count;
    return true;
}

static void noise_stored(const struct sg_plan_sources *s, const struct sg_metric *metric,
                         struct sg_plan_noise *out)
{
    for (size_t i = 0; i < s->outlook.count; i++) {
        const struct sg_outlook_gate *gate = &s->outlook.gates[i];
        if (!sg_metric_is(metric, gate->metric, gate->of, gate->request))
            continue;
        out->adjusted = gate->adjusted && metric->adjust;
        out->used = out->adjusted ? gate->within : gate->within_raw;
        out->raw = gate->within_raw;
        out->level = gate->level;
        out->bias = out->adjusted ? bias_expected(s->from) : 0;
    }
}

static void find_counts(const struct sg_plan_sources *s, const struct sg_metric *metric,
                        struct sg_plan_noise *out)
{
    const struct sg_plan *plan = &s->question->session->plan;
    out->rate = 0; /* a service without errors */
    out->trials = plan->rate * plan->measure;
    if (!s->from || !metric->events || !metric->trials)
        return;
    double trials = mean_of(s->from, metric->trials, metric);
    double rate = mean_of(s->from, metric->events, metric) / trials;
    if (!isfinite(rate))
        return;
    const struct sg_plan *then = &s->from->plan;
    double more = out->trials / (then->rate * then->measure);
    out->rate = metric->better == SG_HIGHER ? 1 - rate : rate;
    out->trials = isfinite(more) && more > 0 ? trials * more : trials;
}

void sg_plan_noise_find(const struct sg_plan_sources *sources, const struct sg_metric *metric,
                        struct sg_plan_noise *out)
{
    *out = (struct sg_plan_noise){
        .used = NAN, .raw = NAN, .level = NAN, .spread = NAN, .rate = NAN, .trials = NAN};
    if (metric->scale == SG_SCALE_COUNT)
        find_counts(sources, metric, out);
    if (!sources->from)
        return;
    if (!noise_measured(sources, metric, out))
        noise_stored(sources, metric, out);
    out->used *= sources->stretch;
    out->raw *= sources->stretch;
    out->spread = sources->stretch * spread_of(sources->from, metric);
    if (isnan(out->level))
        out->level = median_of(sources->from, metric->name, metric->of, metric->request);
}

static size_t counted(const struct sg_session *session)
{
    size_t count = 0;
    for (size_t r = 0; r < session->repetitions_count; r++)
        count += sg_repetition_counts(&session->repetitions[r]);
    return count;
}

char *sg_plan_about(const struct sg_plan_sources *sources)
{
    if (!sources->from)
        return sg_strdup("nothing was measured yet");
    struct sg_text text = {0};
    const char *id = sources->from->id;
    if (sources->source == SG_NOISE_STORED)
        sg_text_printf(&text, "the stored baseline's %zu sessions, the newest %s",
                       sources->question->stored_count, id ? id : "without a name");
    else
        sg_text_printf(&text, "%s%s, %zu repetitions", id ? "session " : "plain samples",
                       id ? id : "", counted(sources->from));
    if (sources->from->plan.measure > 0) {
        char *window = sg_show_duration(sources->from->plan.measure);
        sg_text_printf(&text, " with windows of %s", window);
        free(window);
    }
    return sg_text_take(&text);
}
