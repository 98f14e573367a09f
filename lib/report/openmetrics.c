/* SPDX-License-Identifier: Apache-2.0 */
/* OpenMetrics text 1.0: the verdicts and what they stand on, as gauges. GitLab's `metrics` report
 * compares values as strings, so they are rounded until noise does not change them: changes to
 * whole per cent, values to two digits. The exact numbers are in the format `json`. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/formats.h"

/* How a number is rounded: not at all, to whole per cent, to two digits. */
enum scale { EXACT, CHANGE, VALUE };

/* A family of gauges: one sample a gate that has the number. */
struct family {
    const char *name;
    const char *unit; /* of the name; the label `unit` tells where the metrics have their own */
    const char *help;
    double (*get)(const struct sg_result *result);
    enum scale scale;
    bool labelled; /* with the label `unit` */
    int relative;  /* 1: of gates on the log scale alone; 0: of the others; -1: of all */
};

static double get_verdict(const struct sg_result *result)
{
    return result->verdict;
}

static double get_change(const struct sg_result *result)
{
    return result->change;
}

static double get_low(const struct sg_result *result)
{
    return result->low;
}

static double get_high(const struct sg_result *result)
{
    return result->high;
}

static double get_tolerance(const struct sg_result *result)
{
    return result->tolerance;
}

static double get_limit(const struct sg_result *result)
{
    return result->limit;
}

static double get_reference(const struct sg_result *result)
{
    return result->reference;
}

static double get_value(const struct sg_result *result)
{
    return result->value;
}

#define VERDICT_HELP "0 pass, 1 fail, 2 inconclusive, 3 invalid."

static const struct family families[] = {
    {"svcgate_gate_verdict", NULL, "Verdict of a gate: " VERDICT_HELP, get_verdict, EXACT, false,
     -1},
    {"svcgate_gate_change_ratio", "ratio", "Change against the reference; 0.05 is 5 % more.",
     get_change, CHANGE, false, 1},
    {"svcgate_gate_change_low_ratio", "ratio", "Lower bound of the change.", get_low, CHANGE, false,
     1},
    {"svcgate_gate_change_high_ratio", "ratio", "Upper bound of the change.", get_high, CHANGE,
     false, 1},
    {"svcgate_gate_tolerance_ratio", "ratio", "Tolerance of the gate, as used.", get_tolerance,
     CHANGE, false, 1},
    {"svcgate_gate_difference", NULL, "Difference to the reference.", get_change, VALUE, true, 0},
    {"svcgate_gate_difference_low", NULL, "Lower bound of the difference.", get_low, VALUE, true,
     0},
    {"svcgate_gate_difference_high", NULL, "Upper bound of the difference.", get_high, VALUE, true,
     0},
    {"svcgate_gate_tolerance", NULL, "Tolerance of the gate, as used.", get_tolerance, VALUE, true,
     0},
    {"svcgate_gate_limit", NULL, "Limit of the value itself.", get_limit, EXACT, true, -1},
    {"svcgate_gate_reference", NULL, "Median of the reference.", get_reference, VALUE, true, -1},
    {"svcgate_gate_value", NULL, "Median of the variant.", get_value, VALUE, true, -1},
};

/* --- Labels ------------------------------------------------------------------------------- */

static bool is_plain(const char *text, const char *clean)
{
    return sg_streq(text, clean) && strchr(text, '#') == NULL;
}

/* Backslash, quote and newline are escaped (OpenMetrics 1.0, "escaped-char"); cleaning leaves no
 * newline. GitLab takes all behind "#" for a comment, even between quotes, and then refuses the
 * whole file: it becomes "*". A name that was changed keeps apart from others by its hash. */
static void add_label(struct sg_text *labels, const char *name, const char *text)
{
    char *clean = sg_clean_line(text, SG_SHOWN_NAME);

    sg_text_printf(labels, "%s%s=\"", labels->size > 0 ? "," : "", name);
    for (const char *at = clean; *at != '\0'; at++) {
        if (*at == '\\' || *at == '"')
            sg_text_add(labels, "\\");
        sg_text_bytes(labels, *at == '#' ? "*" : at, 1);
    }
    if (!is_plain(text, clean))
        sg_text_printf(labels, "~%016llx", (unsigned long long)sg_hash(text, strlen(text)));
    sg_text_add(labels, "\"");
    free(clean);
}

/* What is not there has no label. */
static void add_optional(struct sg_text *labels, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        add_label(labels, name, text);
}

static void add_session(struct sg_text *labels, const struct sg_report *report)
{
    add_optional(labels, "reference", report->judgement->reference);
    add_optional(labels, "service", report->session->service);
}

static char *labels_of(const struct sg_report *report, const struct sg_result *result,
                       const char *unit)
{
    struct sg_text labels = {0};

    add_label(&labels, "metric", result->metric);
    add_optional(&labels, "of", result->of);
    add_optional(&labels, "request", result->request);
    add_label(&labels, "variant", result->variant);
    add_session(&labels, report);
    add_optional(&labels, "unit", unit);
    return sg_text_take(&labels);
}

/* --- Families ----------------------------------------------------------------------------- */

static void write_head(struct sg_text *out, const char *name, const char *unit, const char *help)
{
    sg_text_printf(out, "# TYPE %s gauge\n", name);
    if (unit != NULL)
        sg_text_printf(out, "# UNIT %s %s\n", name, unit);
    sg_text_printf(out, "# HELP %s %s\n", name, help);
}

static void write_sample(struct sg_text *out, const char *name, const char *labels, double value,
                         enum scale scale)
{
    double shown = scale == CHANGE ? round(value * 100) / 100 : value;

    sg_text_add(out, name);
    if (labels != NULL)
        sg_text_printf(out, "{%s}", labels);
    sg_text_add(out, " ");
    sg_text_printf(out, scale == VALUE ? "%.2g\n" : "%.10g\n", shown + 0.0); /* no "-0" */
}

static bool belongs(const struct family *family, const struct sg_result *result)
{
    return (family->relative < 0 || result->relative == (family->relative == 1)) &&
           isfinite(family->get(result));
}

static void write_family(struct sg_text *out, const struct family *family,
                         const struct sg_view *view)
{
    bool headed = false;

    for (size_t i = 0; i < view->count; i++) {
        const struct sg_result *result = view->rows[i].result;
        if (!belongs(family, result))
            continue;
        if (!headed)
            write_head(out, family->name, family->unit, family->help);
        headed = true;
        char *labels = labels_of(view->report, result, family->labelled ? result->unit : NULL);
        write_sample(out, family->name, labels, family->get(result), family->scale);
        free(labels);
    }
}

static void write_variants(struct sg_text *out, const struct sg_report *report)
{
    const struct sg_judgement *judgement = report->judgement;
    static const char name[] = "svcgate_variant_verdict";

    if (judgement->variants_count > 0)
        write_head(out, name, NULL, "Verdict of a variant: " VERDICT_HELP);
    for (size_t i = 0; i < judgement->variants_count; i++) {
        struct sg_text labels = {0};
        add_label(&labels, "variant", judgement->variants[i].variant);
        add_session(&labels, report);
        write_sample(out, name, labels.data, judgement->variants[i].verdict, EXACT);
        sg_text_free(&labels);
    }
}

void sg_write_openmetrics(const struct sg_report *report, struct sg_text *out)
{
    struct sg_text labels = {0};
    struct sg_view view;

    sg_view_init(&view, report);
    write_head(out, "svcgate_verdict", NULL, "Verdict of the session: " VERDICT_HELP);
    add_session(&labels, report);
    write_sample(out, "svcgate_verdict", labels.data, report->judgement->verdict, EXACT);
    write_variants(out, report);
    for (size_t i = 0; i < SG_COUNT(families); i++)
        write_family(out, &families[i], &view);
    sg_text_add(out, "# EOF\n");
    sg_text_free(&labels);
    sg_view_clear(&view);
}
