/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate.plan/1 (schema/plan.schema.json), byte-stable. */
#include "report/plan_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "json/json.h"

static void set_text(struct sg_json *object, const char *key, const char *text)
{
    char *valid = sg_clean_utf8(text);
    sg_json_set_string(object, key, valid);
    free(valid);
}

struct number {
    const char *key;
    double value;
};

static void set_numbers(struct sg_json *object, const struct number *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sg_json_set_number(object, numbers[i].key, numbers[i].value);
}

static struct sg_json *new_texts(char *const *texts, size_t count)
{
    struct sg_json *array = sg_json_new_array();
    for (size_t i = 0; i < count; i++) {
        char *valid = sg_clean_utf8(texts[i]);
        sg_json_push(array, sg_json_new_string(valid));
        free(valid);
    }
    return array;
}

static struct sg_json *new_change(const struct sg_forecast_change *change)
{
    const struct number numbers[] = {
        {"change", change->change},
        {"chance", change->chance},
        {"repetitions", change->repetitions},
        {"mean", change->mean},
        {"seconds_mean", change->seconds_mean},
        {"seconds", change->seconds},
        {"noise", change->noise},
        {"window", change->window},
        {"tolerance", change->tolerance},
    };
    struct sg_json *object = sg_json_new_object();
    set_numbers(object, numbers, SG_COUNT(numbers));
    sg_json_set_bool(object, "both", change->both);
    return object;
}

static struct sg_json *new_looks(const struct sg_forecast *forecast,
                                 const struct sg_forecast_gate *gate)
{
    struct sg_json *looks = sg_json_new_array();
    for (size_t look = 0; gate->known && look < forecast->looks.count; look++) {
        const struct number numbers[] = {
            {"repetitions", sg_looks_repetitions(&forecast->looks, look)},
            {"unchanged_passes", gate->unchanged.pass[look]},
            {"worse_fails", gate->worse.fail[look]},
        };
        struct sg_json *object = sg_json_new_object();
        set_numbers(object, numbers, SG_COUNT(numbers));
        sg_json_push(looks, object);
    }
    return looks;
}

static void set_gate_numbers(struct sg_json *object, const struct sg_forecast_gate *gate)
{
    const struct number numbers[] = {
        {"noise", gate->noise},
        {"noise_raw", gate->noise_raw},
        {"level", gate->level},
        {"rate", gate->rate},
        {"trials", gate->trials},
        {"bias", gate->bias},
        {"tolerance", gate->tolerance},
        {"limit", gate->limit},
        {"alpha", gate->alpha},
        {"passes", gate->passes},
        {"fails", gate->fails},
        {"repetitions", gate->repetitions},
        {"worse_fails", gate->worse_fails},
        {"worse_repetitions", gate->worse_repetitions},
        {"detectable", gate->detectable},
        {"found", gate->found},
        {"needs_window", gate->needs_window},
        {"needs_tolerance", gate->needs_tolerance},
        {"needs_repetitions", gate->needs_repetitions},
    };
    set_numbers(object, numbers, SG_COUNT(numbers));
}

static struct sg_json *new_gate(const struct sg_forecast *forecast,
                                const struct sg_forecast_gate *gate)
{
    struct sg_json *object = sg_json_new_object();
    struct sg_json *changes = sg_json_new_array();
    set_text(object, "metric", gate->metric);
    set_text(object, "of", gate->of);
    set_text(object, "request", gate->request);
    set_text(object, "unit", gate->unit);
    sg_json_set_bool(object, "relative", gate->relative);
    sg_json_set_bool(object, "known", gate->known);
    sg_json_set_bool(object, "adjusted", gate->adjusted);
    set_gate_numbers(object, gate);
    sg_json_set(object, "looks", new_looks(forecast, gate));
    for (size_t i = 0; gate->changes && i < forecast->changes_count; i++)
        sg_json_push(changes, new_change(&gate->changes[i]));
    sg_json_set(object, "changes", changes);
    return object;
}

static struct sg_json *new_assumed(const struct sg_forecast_assumed *row)
{
    const struct number numbers[] = {
        {"tolerance", row->tolerance},
        {"alpha", row->alpha},
        {"noise", row->noise},
        {"passes", row->passes},
        {"repetitions", row->repetitions},
        {"worse_fails", row->worse_fails},
        {"found", row->found},
    };
    struct sg_json *object = sg_json_new_object();
    set_text(object, "gates", row->gates);
    set_numbers(object, numbers, SG_COUNT(numbers));
    return object;
}

static struct sg_json *new_screen(const struct sg_forecast_screen *screen)
{
    const struct number numbers[] = {
        {"sessions", (double)screen->sessions},
        {"chance", screen->chance},
        {"seconds", screen->seconds},
        {"seconds_saved", screen->seconds_saved},
    };
    struct sg_json *object = sg_json_new_object();
    sg_json_set_bool(object, "worth", screen->worth);
    set_text(object, "reason", screen->reason);
    set_numbers(object, numbers, SG_COUNT(numbers));
    return object;
}

static void set_lists(struct sg_json *root, const struct sg_forecast *forecast)
{
    struct sg_json *gates = sg_json_new_array();
    struct sg_json *assumed = sg_json_new_array();
    for (size_t g = 0; g < forecast->gates_count; g++)
        sg_json_push(gates, new_gate(forecast, &forecast->gates[g]));
    for (size_t i = 0; i < forecast->assumed_count; i++)
        sg_json_push(assumed, new_assumed(&forecast->assumed[i]));
    sg_json_set(root, "gates", gates);
    sg_json_set(root, "assumed", assumed);
    sg_json_set(root, "advice", new_texts(forecast->advice, forecast->advice_count));
    sg_json_set(root, "notes", new_texts(forecast->notes, forecast->notes_count));
}

void sg_plan_write_json(const struct sg_plan_report *report, struct sg_text *out)
{
    static const char *const sources[] = {"assumed", "measured", "stored"};
    const struct sg_forecast *forecast = report->forecast;
    bool known = forecast->source != SG_NOISE_ASSUMED;
    const struct number numbers[] = {
        {"variants", (double)forecast->variants},
        {"alpha", forecast->alpha},
        {"beta", forecast->beta},
        {"repetition_seconds", forecast->repetition_seconds},
        {"window", forecast->window},
        {"seconds", forecast->seconds},
    };
    struct sg_json *root = sg_json_new_object();
    sg_json_set_string(root, "schema", "svcgate.plan/1");
    sg_json_set_bool(root, "good", forecast->good);
    set_text(root, "verdict", forecast->verdict);
    sg_json_set_string(root, "source", sources[forecast->source]);
    set_text(root, "about", forecast->about);
    sg_json_set_bool(root, "alone", forecast->alone);
    sg_json_set_string(root, "design", forecast->sliced ? "sliced" : "turns");
    set_numbers(root, numbers, SG_COUNT(numbers));
    sg_json_set_number(root, "passes", known ? forecast->passes : NAN);
    sg_json_set_number(root, "repetitions", known ? forecast->repetitions : NAN);
    sg_json_set_number(root, "seconds_mean", known ? forecast->seconds_mean : NAN);
    sg_json_set_number(root, "other_seconds_mean", known ? forecast->other_seconds_mean : NAN);
    if (forecast->screen.asked)
        sg_json_set(root, "screen", new_screen(&forecast->screen));
    set_lists(root, forecast);
    char *text = sg_json_write(root, 3);
    sg_text_add(out, text);
    free(text);
    sg_json_free(root);
}
