/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a judgement, worst first. */
#include "view/view.h"

#include <math.h>
#include <stdlib.h>

#include "view/show.h"

enum sg_state sg_view_state(const struct sg_result *result)
{
    switch (result->verdict) {
    case SG_FAIL:
        return SG_STATE_FAIL;
    case SG_INVALID:
        return SG_STATE_INVALID;
    case SG_INCONCLUSIVE:
        return SG_STATE_INCONCLUSIVE;
    case SG_PASS:
        break;
    }
    return result->warn ? SG_STATE_WARN : SG_STATE_PASS;
}

enum sg_state sg_view_overall(const struct sg_judgement *judgement)
{
    struct sg_result whole = {.verdict = judgement->verdict, .warn = judgement->warn};

    return sg_view_state(&whole);
}

enum sg_state sg_view_variant_state(const struct sg_variant_verdict *variant)
{
    struct sg_result whole = {.verdict = variant->verdict, .warn = variant->warn};

    return sg_view_state(&whole);
}

const char *sg_state_word(enum sg_state state)
{
    static const char *const words[] = {"FAIL", "INVALID", "INCONCLUSIVE", "WARN", "PASS"};

    return words[state];
}

const char *sg_state_mark(enum sg_state state)
{
    static const char *const marks[] = {"✗", "!", "?", "▲", "✓"};

    return marks[state];
}

double sg_view_worse(const struct sg_result *result)
{
    return result->higher_is_better ? -result->change : result->change;
}

static const struct sg_gate *gate_of(const struct sg_session *session,
                                     const struct sg_result *result)
{
    for (size_t i = 0; i < session->gates_count; i++) {
        const struct sg_gate *gate = &session->gates[i];
        if (sg_streq(gate->metric, result->metric) && sg_streq(gate->of, result->of) &&
            sg_streq(gate->request, result->request))
            return gate;
    }
    return NULL;
}

/* Is the tolerance the gate's floor, as a share of the reference? */
static bool is_floor(const struct sg_gate *gate, const struct sg_result *result)
{
    bool own = result->waiver.use == SG_WAIVER_NONE || result->waiver.use == SG_WAIVER_EXPIRED;

    if (gate == NULL || !own || !result->relative || !(gate->floor > 0))
        return false;
    double share = gate->floor / fabs(result->reference);
    return fabs(share - result->tolerance) <= 1e-6 * share; /* by way of a logarithm */
}

/* "5 %"; "1 ms = 31.4 %" where a floor makes it wide. */
static char *show_tolerance(const struct sg_session *session, const struct sg_result *result)
{
    const struct sg_gate *gate = gate_of(session, result);
    char *tolerance = sg_show_tolerance(result);

    if (!is_floor(gate, result))
        return tolerance;
    char *floor = sg_show_value(gate->floor, result->unit);
    char *both = sg_format("%s = %s", floor, tolerance);
    free(floor);
    free(tolerance);
    return both;
}

static void row_init(struct sg_row *row, const struct sg_session *session,
                     const struct sg_result *result)
{
    row->result = result;
    row->state = sg_view_state(result);
    row->label = sg_metric_label(result->metric, result->of, result->request);
    row->reference = sg_show_value(result->reference, result->unit);
    row->value = sg_show_value(result->value, result->unit);
    row->change = sg_show_difference(result, result->change);
    row->interval = sg_show_interval(result);
    row->tolerance = show_tolerance(session, result);
}

static int compare_rows(const void *a, const void *b)
{
    const struct sg_row *left = a;
    const struct sg_row *right = b;

    if (left->state != right->state)
        return left->state < right->state ? -1 : 1;
    /* Results are one array: the same order on every machine. */
    return left->result < right->result ? -1 : left->result > right->result;
}

static bool has_many(const struct sg_judgement *judgement)
{
    const struct sg_result *results = judgement->results;

    if (judgement->variants_count > 1)
        return true;
    for (size_t i = 1; i < judgement->results_count; i++)
        if (!sg_streq(results[i].variant, results[0].variant))
            return true;
    return false;
}

static void add_variant(struct sg_view *view, const char *name)
{
    for (size_t i = 0; i < view->variants_count; i++)
        if (sg_streq(view->variants[i], name))
            return;
    view->variants = sg_grow(view->variants, view->variants_count, sizeof(*view->variants));
    view->variants[view->variants_count++] = name;
}

/* Plain samples name their variants only in the repetitions. */
static void collect_variants(struct sg_view *view, const struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++)
        add_variant(view, session->variants[i].name);
    for (size_t i = 0; i < session->repetitions_count; i++)
        add_variant(view, session->repetitions[i].variant);
}

static bool row_tells(const struct sg_view *view, const struct sg_variant_verdict *variant)
{
    for (size_t i = 0; i < view->count; i++)
        if (sg_streq(view->rows[i].result->variant, variant->variant) &&
            view->rows[i].state == sg_view_variant_state(variant))
            return true;
    return false;
}

static void collect_untold(struct sg_view *view, const struct sg_judgement *judgement)
{
    view->untold = sg_alloc(judgement->variants_count + 1, sizeof(struct sg_variant_verdict *));
    for (size_t i = 0; i < judgement->variants_count; i++)
        if (!row_tells(view, &judgement->variants[i]))
            view->untold[view->untold_count++] = &judgement->variants[i];
}

bool sg_view_is_told(const struct sg_view *view)
{
    enum sg_state state = sg_view_overall(view->report->judgement);

    for (size_t i = 0; i < view->untold_count; i++)
        if (sg_view_variant_state(view->untold[i]) == state)
            return true;
    return view->states[state] > 0;
}

void sg_view_init(struct sg_view *view, const struct sg_report *report)
{
    const struct sg_judgement *judgement = report->judgement;

    *view = (struct sg_view){.report = report, .many = has_many(judgement)};
    collect_variants(view, report->session);
    view->rows = sg_alloc(judgement->results_count + 1, sizeof(*view->rows));
    for (size_t i = 0; i < judgement->results_count; i++) {
        if (!judgement->results[i].gated)
            continue;
        struct sg_row *row = &view->rows[view->count++];
        row_init(row, report->session, &judgement->results[i]);
        view->states[row->state]++;
    }
    qsort(view->rows, view->count, sizeof(*view->rows), compare_rows);
    collect_untold(view, judgement);
}

void sg_view_clear(struct sg_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        struct sg_row *row = &view->rows[i];
        free(row->label);
        free(row->reference);
        free(row->value);
        free(row->change);
        free(row->interval);
        free(row->tolerance);
    }
    free(view->rows);
    free(view->untold);
    free(view->variants);
    *view = (struct sg_view){0};
}

bool sg_view_is_first(const struct sg_view *view, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (sg_streq(view->rows[i].result->variant, view->rows[row].result->variant))
            return false;
    return true;
}

/* --- Out of the session ------------------------------------------------------------------- */

bool sg_view_counts(const struct sg_repetition *repetition, const char *variant)
{
    return repetition->block > 0 && !repetition->discarded &&
           (variant == NULL || sg_streq(repetition->variant, variant));
}

size_t sg_view_repetitions(const struct sg_session *session, const char *variant)
{
    size_t count = 0;

    for (size_t i = 0; i < session->repetitions_count; i++)
        count += sg_view_counts(&session->repetitions[i], variant);
    return count;
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

double sg_view_median(const struct sg_session *session, size_t metric, const char *variant,
                      size_t *out_count)
{
    double *values = sg_alloc(session->repetitions_count + 1, sizeof(*values));
    double median = NAN;
    size_t count = 0;

    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        if (sg_view_counts(repetition, variant) && !isnan(repetition->values[metric]))
            values[count++] = repetition->values[metric];
    }
    qsort(values, count, sizeof(*values), compare_numbers);
    if (count > 0)
        median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    free(values);
    *out_count = count;
    return median;
}

const struct sg_result *sg_view_find(const struct sg_judgement *judgement,
                                     const struct sg_metric *metric, const char *variant)
{
    for (size_t i = 0; i < judgement->results_count; i++) {
        const struct sg_result *result = &judgement->results[i];
        if (sg_metric_is(metric, result->metric, result->of, result->request) &&
            sg_streq(result->variant, variant))
            return result;
    }
    return NULL;
}
