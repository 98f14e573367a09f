/* SPDX-License-Identifier: Apache-2.0 */
/* Limits and bounds. */
#include "sim/book.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "stats/exact.h"

#define LEVEL_SHOWN 0.005 /* one-sided: limits of 99 % */
#define LEVEL_QUICK 5e-7
#define ERRORS_SHOWN 2.575829 /* normal quantiles of the same levels */
#define ERRORS_QUICK 4.891638
#define ERRORS_EQUAL 3

struct bound *book_bound(struct book *book, const char *id, const char *what, enum bound_side side,
                         double limit)
{
    assert(book->count < BOUNDS_MAX);
    struct bound *bound = &book->bounds[book->count++];
    *bound = (struct bound){.id = id, .what = what, .side = side, .limit = limit};
    bound->margin = INFINITY;
    return bound;
}

/* How far the limits stay on the right side of the bound; negative: they do not. */
static double margin_of(const struct bound *bound, double low, double high)
{
    double above = low - bound->limit;
    double below = bound->limit - high;
    if (bound->side == EQUALS)
        return fmin(-above, -below); /* the limits enclose it */
    return bound->side == AT_MOST ? below : above;
}

static bool note(struct bound *bound, double margin, double value, struct sg_interval shown,
                 const char *label)
{
    bound->cells++;
    bound->missed += margin < 0;
    if (margin < bound->margin) {
        bound->margin = margin;
        bound->value = value;
        bound->low = shown.low;
        bound->high = shown.high;
        (void)snprintf(bound->worst, sizeof(bound->worst), "%s", label);
    }
    return margin >= 0;
}

static struct sg_interval limits(double events, double trials, double level)
{
    return sg_clopper_pearson((struct sg_count){events, trials}, level);
}

/* In the quick run "at most" is refuted only by a lower limit above the bound. */
static double share_margin(const struct book *book, const struct bound *bound, double events,
                           double trials)
{
    struct sg_interval shown = limits(events, trials, LEVEL_SHOWN);
    struct sg_interval wide = limits(events, trials, LEVEL_QUICK);
    if (!book->options->quick)
        return margin_of(bound, shown.low, shown.high);
    if (bound->side == EQUALS)
        return margin_of(bound, wide.low, wide.high);
    return margin_of(bound, wide.high, wide.low);
}

static void format_label(char *label, size_t size, const char *format, va_list arguments)
{
    (void)vsnprintf(label, size, format, arguments);
}

bool book_share(const struct book *book, struct bound *bound, double events, double trials,
                const char *format, ...)
{
    char label[sizeof(bound->worst)];
    va_list arguments;
    va_start(arguments, format);
    format_label(label, sizeof(label), format, arguments);
    va_end(arguments);
    bound->events += events;
    bound->trials += trials;
    return note(bound, share_margin(book, bound, events, trials), events / trials,
                limits(events, trials, LEVEL_SHOWN), label);
}

bool book_value(const struct book *book, struct bound *bound, double value, double error,
                const char *format, ...)
{
    char label[sizeof(bound->worst)];
    va_list arguments;
    va_start(arguments, format);
    format_label(label, sizeof(label), format, arguments);
    va_end(arguments);
    struct sg_interval shown = {value - ERRORS_SHOWN * error, value + ERRORS_SHOWN * error};
    double reach = book->options->quick ? -ERRORS_QUICK : ERRORS_SHOWN;
    if (bound->side == EQUALS)
        reach = book->options->quick ? ERRORS_QUICK : ERRORS_EQUAL;
    double margin = margin_of(bound, value - reach * error, value + reach * error);
    return note(bound, bound->side == EQUALS ? margin / error : margin, value, shown, label);
}

/* Two digits of what is rare, and of what is nearly certain. */
static void print_percent(struct sg_text *text, double share)
{
    double rest = fmin(share, 1 - share);
    sg_text_printf(text, "%.*f", rest < 0.001 && rest > 0 ? 3 : rest < 0.02 ? 2 : 1, 100 * share);
}

static void print_number(struct sg_text *text, const struct bound *shape, double value)
{
    if (shape->plain)
        sg_text_printf(text, "%.2f", value);
    else if (shape->side == EQUALS)
        sg_text_printf(text, "%.3f", 100 * value);
    else
        print_percent(text, value);
}

static void print_limits(struct sg_text *text, const struct bound *shape, double value, double low,
                         double high)
{
    if (!(high > low)) { /* a plain count */
        sg_text_printf(text, "%g", value);
        return;
    }
    print_number(text, shape, value);
    sg_text_add(text, shape->plain ? " (" : " % (");
    print_number(text, shape, low);
    sg_text_add(text, " – ");
    print_number(text, shape, high);
    sg_text_add(text, ")");
}

void book_print_share(struct book *book, double events, double trials)
{
    struct sg_interval shown = limits(events, trials, LEVEL_SHOWN);
    struct bound shape = {.side = AT_MOST};
    print_limits(&book->text, &shape, events / trials, shown.low, shown.high);
}

void book_close(struct book *book)
{
    for (size_t i = 0; i < book->count; i++) {
        struct bound *bound = &book->bounds[i];
        if (bound->cells > 1 && bound->trials > 0 && book->options->quick)
            (void)book_share(book, bound, bound->events, bound->trials, "all cells together");
    }
}

static void print_bound(struct sg_text *out, const struct bound *bound)
{
    static const char *const signs[] = {[AT_MOST] = "≤", [AT_LEAST] = "≥", [EQUALS] = "="};
    sg_text_printf(out, "| %s | %s | %s ", bound->id, bound->what, signs[bound->side]);
    if (bound->plain)
        sg_text_printf(out, "%g | ", bound->limit);
    else
        sg_text_printf(out, "%.4g %% | ", 100 * bound->limit);
    print_limits(out, bound, bound->value, bound->low, bound->high);
    if (bound->worst[0])
        sg_text_printf(out, " %s", bound->worst);
    sg_text_printf(out, " | %zu | ", bound->cells);
    if (bound->missed > 0)
        sg_text_printf(out, "**no: %zu** |\n", bound->missed);
    else
        sg_text_add(out, "yes |\n");
}

void book_summary(const struct book *book, struct sg_text *out)
{
    sg_text_add(out, "| id | what | bound | nearest to it, with 99 % limits | cells | kept |\n"
                     "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < book->count; i++)
        print_bound(out, &book->bounds[i]);
}

size_t book_missed(const struct book *book)
{
    size_t missed = 0;
    for (size_t i = 0; i < book->count; i++)
        missed += book->bounds[i].missed;
    return missed;
}
