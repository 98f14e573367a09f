/* SPDX-License-Identifier: Apache-2.0 */
/* The forecast of a session: its gates, its time, the stored baseline before it. */
#include "judge/plan_parts.h"

#include "base/text.h"
#include "base/units.h"
#include "judge/assembly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double sg_plan_seconds(const struct sg_forecast *forecast, double repetitions, size_t variants)
{
    double warmups = forecast->sliced ? 0 : 1;
    return SG_PLAN_OPENING +
           (repetitions + warmups) * (double)variants * forecast->repetition_seconds;
}

void sg_plan_note(struct sg_forecast *forecast, char *note)
{
    forecast->notes = sg_grow(forecast->notes, forecast->notes_count, sizeof(*forecast->notes));
    forecast->notes[forecast->notes_count++] = note;
}

/* --- Nothing measured yet -------------------------------------------------------------------- */

static bool alike(const struct sg_plan_case *a, const struct sg_plan_case *b)
{
    return a->metric->better == b->metric->better && fabs(a->theta - b->theta) < 1e-12 &&
           fabs(a->alpha - b->alpha) < 1e-12;
}

static bool can_be_assumed(const struct sg_plan_case *c)
{
    return c->compares && c->metric->scale == SG_SCALE_LOG;
}

static char *names_alike(const struct sg_plan_case *cases, size_t count,
                         const struct sg_plan_case *c)
{
    struct sg_text names = {0};
    for (size_t i = 0; i < count; i++) {
        if (!can_be_assumed(&cases[i]) || !alike(&cases[i], c))
            continue;
        const struct sg_metric *m = cases[i].metric;
        char *label = sg_metric_label(m->name, m->of, m->request);
        sg_text_printf(&names, "%s%s", names.size > 0 ? ", " : "", label);
        free(label);
    }
    return sg_text_take(&names);
}

static void assume(struct sg_forecast *out, const struct sg_plan_case *cases, size_t count,
                   const struct sg_plan_case *c)
{
    static const double noises[] = {0.01, 0.02, 0.03, 0.05, 0.1};
    for (size_t i = 0; i < SG_COUNT(noises); i++) {
        struct sg_plan_case with = *c;
        struct sg_forecast_gate gate;
        with.noise.used = noises[i];
        with.noise.spread = noises[i];
        with.limits = false;
        sg_plan_gate(&with, out->window, &gate);
        out->assumed = sg_grow(out->assumed, out->assumed_count, sizeof(*out->assumed));
        out->assumed[out->assumed_count++] =
            (struct sg_forecast_assumed){.gates = names_alike(cases, count, c),
                                         .tolerance = gate.tolerance,
                                         .alpha = gate.alpha,
                                         .noise = noises[i],
                                         .passes = gate.passes,
                                         .repetitions = gate.repetitions,
                                         .worse_fails = gate.worse_fails,
                                         .found = gate.found};
        free(gate.metric);
        free(gate.of);
        free(gate.request);
        free(gate.unit);
    }
}

static void assume_all(struct sg_forecast *out, const struct sg_plan_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool first = can_be_assumed(&cases[i]);
        for (size_t k = 0; k < i; k++)
            first = first && !(can_be_assumed(&cases[k]) && alike(&cases[k], &cases[i]));
        if (first)
            assume(out, cases, count, &cases[i]);
    }
}

/* --- All gates together ---------------------------------------------------------------------- */

/* As if gates were independent: all have passed, or one has failed. */
static void add_together(struct sg_forecast *out)
{
    struct sg_outcome all = {0};
    for (size_t look = 0; look < out->looks.count; look++) {
        double pass = 1;
        double none_failed = 1;
        for (size_t g = 0; g < out->gates_count; g++) {
            if (!out->gates[g].known)
                continue;
            pass *= out->gates[g].unchanged.pass[look];
            none_failed *= 1 - out->gates[g].unchanged.fail[look];
        }
        all.pass[look] = pass;
        all.fail[look] = 1 - none_failed;
    }
    out->passes = sg_power_passes(&out->looks, &all);
    out->repetitions = sg_power_repetitions(&out->looks, &all);
}

static void reckon_time(struct sg_forecast *out, double other_seconds)
{
    int most = sg_looks_repetitions(&out->looks, out->looks.count - 1);
    struct sg_forecast other = *out;
    other.sliced = !out->sliced;
    other.repetition_seconds = other_seconds;
    out->other_seconds_mean =
        other_seconds > 0 ? sg_plan_seconds(&other, out->repetitions, out->variants) : NAN;
    out->seconds_mean = sg_plan_seconds(out, out->repetitions, out->variants);
    out->seconds = sg_plan_seconds(out, most, out->variants);
}

static bool is_good(const struct sg_forecast *out)
{
    bool good = out->source != SG_NOISE_ASSUMED && out->passes >= SG_PLAN_GOOD_TOGETHER;
    for (size_t g = 0; g < out->gates_count; g++)
        good = good && out->gates[g].known && out->gates[g].passes >= SG_PLAN_GOOD;
    return good;
}

/* --- The whole ------------------------------------------------------------------------------- */

static void note_sources(struct sg_forecast *out, const struct sg_plan_sources *sources)
{
    if (sources->from && fabs(sources->stretch - 1) > 0.01) {
        char *window = sg_show_duration(sources->question->session->plan.measure);
        sg_plan_note(out, sg_format("its windows had another length: the noise was multiplied by "
                                    "%.2f for windows of %s (root of the ratio, a rule of thumb)",
                                    sources->stretch, window));
        free(window);
    }
    if (sources->from && (sources->from->plan.slice > 0) != out->sliced &&
        sources->from->plan.planned)
        sg_plan_note(out,
                     sg_format("its blocks were measured %s: what the host does in seconds and "
                               "minutes is in its noise %s",
                               out->sliced ? "in turns" : "side by side",
                               out->sliced ? "and not in this plan's, which is mostly less"
                                           : "to a lesser part than in this plan's"));
    if (sources->source == SG_NOISE_STORED && !out->alone)
        sg_plan_note(out, sg_strdup("the noise of stored sessions includes drift from block to "
                                    "block, which side by side cancels: it is rather too high"));
    for (size_t i = 0; i < sources->question->session->findings_count; i++)
        sg_plan_note(out, sg_strdup(sources->question->session->findings[i].text));
    if (sources->question->session->waivers_count > 0)
        sg_plan_note(out, sg_strdup("waivers are left out: the chances are those of the gates "
                                    "themselves"));
    if (out->alone && out->changes_count > 0)
        sg_plan_note(out, sg_strdup("against a stored baseline more repetitions find hardly more: "
                                    "how much sessions differ decides what is found"));
    if (sources->question->session->variants_count > 2)
        sg_plan_note(out, sg_strdup("the chances are those of one variant beside the reference; "
                                    "each further one is judged by itself"));
}

static void begin(struct sg_forecast *out, const struct sg_plan_sources *sources)
{
    const struct sg_forecast_question *q = sources->question;
    const struct sg_plan *plan = &q->session->plan;
    size_t variants = q->session->variants_count;
    *out = (struct sg_forecast){.source = sources->source,
                                .about = sg_plan_about(sources),
                                .alone = variants == 1,
                                .variants = variants > 0 ? variants : 2,
                                .sliced = plan->slice > 0,
                                .repetition_seconds = q->repetition_seconds,
                                .window = plan->measure,
                                .changes_count = q->changes_count};
    out->changes = sg_alloc(q->changes_count + 1, sizeof(*out->changes));
    for (size_t i = 0; i < q->changes_count; i++)
        out->changes[i] = q->changes[i];
}

/* All gates with errors as they are now in `out`. */
static void reckon_gates(struct sg_forecast *out, const struct sg_plan_sources *sources,
                         struct sg_plan_case *cases)
{
    size_t count = sources->question->session->gates_count;
    out->gates = sg_alloc(count + 1, sizeof(*out->gates));
    out->gates_count = count;
    for (size_t g = 0; g < count; g++) {
        cases[g].beta = out->beta;
        cases[g].last = out->alone ? cases[g].first : cases[g].last;
        sg_plan_gate(&cases[g], out->window, &out->gates[g]);
        if (out->alone)
            sg_plan_against_stored(&cases[g], &sources->outlook, &out->gates[g]);
    }
    out->looks = sg_plan_looks(&cases[0], cases[0].last, false);
    add_together(out);
    reckon_time(out, sources->question->other_seconds);
}

static void clear_gates(struct sg_forecast *forecast)
{
    for (size_t g = 0; g < forecast->gates_count; g++) {
        struct sg_forecast_gate *gate = &forecast->gates[g];
        free(gate->metric);
        free(gate->of);
        free(gate->request);
        free(gate->unit);
        free(gate->changes);
        free(gate->stored_advice);
    }
    free(forecast->gates);
    forecast->gates = NULL;
    forecast->gates_count = 0;
}

static void reckon_changes(struct sg_forecast *out, const struct sg_plan_case *cases)
{
    for (size_t g = 0; g < out->gates_count; g++) {
        out->gates[g].changes = sg_alloc(out->changes_count + 1, sizeof(*out->gates[g].changes));
        for (size_t i = 0; i < out->changes_count; i++)
            sg_plan_change(&cases[g], out, out->changes[i], &out->gates[g].changes[i]);
    }
}

static void forecast(const struct sg_plan_sources *sources, const struct sg_gate_case *asked,
                     struct sg_forecast *out)
{
    const struct sg_session *session = sources->question->session;
    struct sg_plan_case *cases = sg_alloc(session->gates_count, sizeof(*cases));
    for (size_t g = 0; g < session->gates_count; g++) {
        struct sg_plan_noise noise;
        sg_plan_noise_find(sources, &session->metrics[asked[g].metric], &noise);
        sg_plan_case_init(&cases[g], session, &asked[g], &noise);
    }
    reckon_gates(out, sources, cases);
    double at_once = out->seconds_mean;
    if (out->screen.worth) {
        clear_gates(out);
        out->beta /= 2;
        reckon_gates(out, sources, cases);
    }
    sg_plan_reckon_screen(out, at_once, &session->plan);
    if (!out->alone)
        reckon_changes(out, cases);
    if (out->source == SG_NOISE_ASSUMED && !out->alone)
        assume_all(out, cases, session->gates_count);
    free(cases);
    out->good = is_good(out);
    note_sources(out, sources);
    sg_plan_advise(out);
}

bool sg_judge_plan(const struct sg_forecast_question *question, struct sg_forecast *out,
                   struct sg_error *err)
{
    const struct sg_session *session = question->session;
    struct sg_gate_case *asked = NULL;
    struct sg_plan_sources sources;
    double alpha = 0;
    double beta = 0;
    if (session->gates_count == 0)
        return sg_fail(err, SG_ERROR_CONFIG, "there is no gate to plan for");
    if (!sg_judge_errors(&session->plan, &alpha, &beta, err) ||
        !sg_gate_cases(session, alpha, beta, &asked, err))
        return false;
    bool ok = sg_plan_sources_init(&sources, question, err);
    if (ok) {
        struct sg_forecast made;
        begin(&made, &sources);
        made.alpha = alpha;
        made.beta = beta;
        ok = sg_plan_look_at_screen(&sources, &made, err);
        if (ok)
            forecast(&sources, asked, &made);
        if (ok)
            *out = made;
        else
            sg_forecast_clear(&made);
        sg_plan_sources_clear(&sources);
    }
    free(asked);
    return ok;
}

static void clear_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void sg_forecast_clear(struct sg_forecast *forecast)
{
    clear_gates(forecast);
    for (size_t i = 0; i < forecast->assumed_count; i++)
        free(forecast->assumed[i].gates);
    free(forecast->assumed);
    clear_texts(forecast->advice, forecast->advice_count);
    clear_texts(forecast->notes, forecast->notes_count);
    free(forecast->verdict);
    free(forecast->about);
    free(forecast->screen.reason);
    free(forecast->changes);
    *forecast = (struct sg_forecast){0};
}
