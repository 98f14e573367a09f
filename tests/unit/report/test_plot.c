/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures: each repetition is a point in its place, the tolerance is where it ends, and nothing
 * grows without bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plot/plot.h"
#include "unit/report/series_fixture.h"

/* --- Looking into a picture ---------------------------------------------------------------- */

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        found++;
    return found;
}

struct drawing {
    struct fixture *fixture;
    struct sg_series_set series;
    struct sg_report report;
    struct sg_view view;
    struct sg_plots plots;
};

static void drawing_init(struct drawing *drawing, struct fixture *fixture, bool with_series)
{
    *drawing = (struct drawing){.fixture = fixture};
    if (with_series)
        drawing->series = make_series(fixture);
    drawing->report = (struct sg_report){.session = &fixture->session,
                                         .judgement = &fixture->judgement,
                                         .series = with_series ? &drawing->series : NULL};
    sg_view_init(&drawing->view, &drawing->report);
    sg_plots_init(&drawing->plots, &drawing->view);
}

static void drawing_clear(struct drawing *drawing)
{
    sg_plots_clear(&drawing->plots);
    sg_view_clear(&drawing->view);
    series_clear(&drawing->series);
    fixture_clear(drawing->fixture);
}

static const struct sg_plot *find_plot(const struct drawing *drawing, const char *name)
{
    for (size_t i = 0; i < drawing->plots.count; i++)
        if (sg_streq(drawing->plots.items[i].name, name))
            return &drawing->plots.items[i];
    return NULL;
}

static const char *body(const struct drawing *drawing, const char *name, size_t panel)
{
    const struct sg_plot *plot = find_plot(drawing, name);

    assert_non_null(plot);
    assert_true(panel < plot->count);
    return plot->panels[panel].body.data;
}

static void assert_name(const struct drawing *drawing, size_t index, const char *name)
{
    if (index < drawing->plots.count && drawing->plots.items != NULL)
        assert_string_equal(drawing->plots.items[index].name, name);
    else
        fail_msg("there is no picture %zu", index);
}

/* What follows the first `opening`, up to the end of its group. Caller frees. */
static char *group(const char *text, const char *opening)
{
    const char *start = strstr(text, opening);

    assert_non_null(start);
    return sg_format("%.*s", (int)(strstr(start, "</g>") - start), start);
}

/* The numbers behind `M` of the `nth` path after `from`. */
static void path_start(const char *from, const char *before, size_t nth, double *x, double *y)
{
    const char *at = strstr(from, before);

    for (; nth > 0 && at != NULL; nth--)
        at = strstr(at + 1, before);
    if (at == NULL) {
        fail_msg("there is no such path: %s", before);
        return;
    }
    at += strlen(before);
    assert_int_equal(*at, 'M');
    char *end = NULL;
    *x = strtod(at + 1, &end);
    assert_int_equal(*end, ' ');
    *y = strtod(end, NULL);
}

/* Where the first path of this class starts, behind the legend's sample. */
static void look_start(const char *text, const char *look, double *x, double *y)
{
    char *before = sg_format("<path class=\"%s\" d=\"", look);

    path_start(text, before, 1, x, y);
    free(before);
}

static double level(const char *text, const char *look)
{
    double x = 0;
    double y = 0;

    look_start(text, look, &x, &y);
    return y;
}

/* --- Repetitions ---------------------------------------------------------------------------- */

static void every_repetition_is_one_point_of_its_variant(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, "<title>base, block "), 9);
    assert_int_equal(count(strip, "<title>candidate, block "), 9);
    assert_int_equal(count(strip, "<title>candidate, block 3: "), 3);
    assert_null(strstr(strip, "discarded"));
    drawing_clear(&drawing);
}

static void points_stand_in_the_order_of_blocks_and_variants(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    double base_x = 0;
    double variant_x = 0;
    double next_x = 0;
    double y = 0;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    char *base = group(strstr(strip, "class=\"axis\""), "<g class=\"s0 p\">");
    char *variant = group(strstr(strip, "class=\"axis\""), "<g class=\"s1 p\">");
    path_start(base, "<path d=\"", 2, &base_x, &y);
    path_start(variant, "<path d=\"", 0, &variant_x, &y);
    path_start(base, "<path d=\"", 3, &next_x, &y);
    assert_true(base_x < variant_x);
    assert_true(variant_x < next_x);
    free(base);
    free(variant);
    drawing_clear(&drawing);
}

static void discarded_repetitions_are_hollow(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_invalid(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, ", discarded</title>"), 1);
    assert_int_equal(count(strip, "<title>base, block "), 9);
    assert_non_null(strstr(strip, ">discarded, measured again</text>"));
    char *hollow = group(strstr(strip, "class=\"axis\""), "<g class=\"s0 h\">");
    assert_int_equal(count(hollow, "<path "), 1);
    free(hollow);
    drawing_clear(&drawing);
}

static void warm_up_is_not_drawn(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    fixture.session.repetitions[0].block = 0;
    drawing_init(&drawing, &fixture, true);
    assert_int_equal(count(body(&drawing, "gate-latency_p95", 0), "<title>base, block "), 8);
    char *thin = group(body(&drawing, "memory", 0), "<g class=\"s0 thin\">");
    assert_int_equal(count(thin, "<path "), 8);
    free(thin);
    drawing_clear(&drawing);
}

static void what_has_no_number_is_told(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    fixture.session.repetitions[4].values[0] = NAN;
    drawing_init(&drawing, &fixture, false);
    const struct sg_plot *plot = find_plot(&drawing, "gate-latency_p95");
    assert_int_equal(count(plot->panels[0].body.data, "<title>base, block "), 8);
    assert_string_equal(plot->note, "1 repetition has no such number. ");
    drawing_clear(&drawing);
}

/* --- Places --------------------------------------------------------------------------------- */

/* The number that a height stands for, from two points whose numbers are known: the first two of
 * the reference, 0.99 and 1 of its level. */
static double number_at(const char *strip, double y, double level_of_reference)
{
    double low = 0;
    double high = 0;
    double x = 0;
    char *points = group(strstr(strip, "class=\"axis\""), "<g class=\"s0 p\">");

    path_start(points, "<path d=\"", 0, &x, &low);
    path_start(points, "<path d=\"", 1, &x, &high);
    free(points);
    return level_of_reference * (1 + 0.01 * (y - high) / (high - low));
}

static void the_tolerance_is_drawn_where_it_ends(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_true(fabs(number_at(strip, level(strip, "median"), 0.0121) - 0.0121) < 0.00001);
    assert_true(fabs(number_at(strip, level(strip, "edge"), 0.0121) - 0.0121 * 1.05) < 0.00002);
    drawing_clear(&drawing);
}

/* 5 % for a metric that is better higher: the reference is 5 % higher than the edge. */
static void where_more_is_better_the_tolerance_lies_below(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    fixture.session.metrics[0].better = SG_HIGHER;
    fixture.judgement.results[0].higher_is_better = true;
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_true(fabs(number_at(strip, level(strip, "edge"), 0.0121) - 0.0121 / 1.05) < 0.00002);
    assert_non_null(strstr(body(&drawing, "gate-latency_p95", 1), ">← worse</text>"));
    drawing_clear(&drawing);
}

static void a_limit_far_away_is_told_and_a_near_one_is_drawn(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, "class=\"limit\""), 1); /* in the legend */
    assert_non_null(strstr(strip, ">limit, beyond the picture: 250 ms</text>"));
    drawing_clear(&drawing);

    make_fail(&fixture);
    fixture.judgement.results[0].limit = 0.0129;
    drawing_init(&drawing, &fixture, false);
    strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, "class=\"limit\""), 2);
    assert_true(fabs(number_at(strip, level(strip, "limit"), 0.0121) - 0.0129) < 0.00002);
    drawing_clear(&drawing);
}

/* x of the vertical line of this class in a forest plot. */
static double upright(const char *text, const char *look)
{
    double x = 0;
    double y = 0;

    look_start(text, look, &x, &y);
    return x;
}

static void interval_and_tolerance_stand_at_their_changes(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    double low = 0;
    double high = 0;
    double y = 0;

    make_fail(&fixture); /* +11.6 %, [7.1 %, 15.8 %], tolerance 5 % */
    drawing_init(&drawing, &fixture, false);
    const char *forest = body(&drawing, "gate-latency_p95", 1);
    double zero = upright(forest, "zero");
    double percent = (upright(forest, "edge") - zero) / 5;
    path_start(forest, "<path class=\"bar\" d=\"", 1, &low, &y);
    path_start(forest, "<path class=\"bar\" d=\"", 2, &high, &y);
    assert_true(fabs((low - zero) / percent - 7.1) < 0.05);
    assert_true(fabs((high - zero) / percent - 15.8) < 0.05);
    assert_non_null(strstr(forest, ">+11.6 %  [+7.1 %, +15.8 %]</text>"));
    assert_non_null(strstr(forest, ">✗ FAIL  candidate</text>"));
    drawing_clear(&drawing);
}

static void an_adjusted_estimate_has_the_raw_one_beside_it(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    double raw = 0;
    double y = 0;

    make_adjusted(&fixture);
    drawing_init(&drawing, &fixture, false);
    const char *forest = body(&drawing, "gate-latency_p95", 1);
    double zero = upright(forest, "zero");
    double percent = (upright(forest, "edge") - zero) / 5;
    assert_non_null(strstr(forest, ">raw +14.8 %</text>"));
    char *hollow = group(strstr(forest, "class=\"bar\""), "<g class=\"s1 h\">");
    path_start(hollow, "<path d=\"", 0, &raw, &y);
    assert_true(fabs((raw - zero) / percent - 14.8) < 0.05);
    assert_null(strstr(body(&drawing, "gate-memory_max", 1), "raw"));
    free(hollow);
    drawing_clear(&drawing);
}

static void a_bound_that_does_not_exist_is_an_arrow_at_the_edge(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    double x = 0;
    double y = 0;

    make_inconclusive(&fixture); /* low is not finite */
    drawing_init(&drawing, &fixture, false);
    const char *forest = body(&drawing, "gate-latency_p95", 1);
    path_start(forest, "<path class=\"bar\" d=\"", 0, &x, &y);
    assert_true(x < 20);
    assert_int_equal(count(forest, "l-6 5 6 5\"/>"), 1); /* ◁ */
    assert_int_equal(count(forest, "l6 5-6 5\"/>"), 0);
    drawing_clear(&drawing);
}

static void a_gate_of_a_limit_alone_shows_the_value_against_it(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_pass(&fixture);
    struct sg_result *errors = &fixture.judgement.results[3];
    errors->value_low = 0;
    errors->value_high = 0.0004;
    drawing_init(&drawing, &fixture, false);
    const char *forest = body(&drawing, "gate-error_rate", 1);
    assert_non_null(strstr(forest, ">limit 0.1 %</text>"));
    assert_non_null(strstr(forest, ">0 %  [0 %, 0.04 %]</text>"));
    assert_null(strstr(forest, "no change"));
    drawing_clear(&drawing);
}

/* Against a stored baseline the reference was not measured: its median is drawn, no points. */
static void a_stored_reference_has_a_line_and_no_points(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    for (size_t i = 0; i < fixture.session.repetitions_count; i++)
        put(&fixture.session.repetitions[i].variant, "candidate");
    fixture.judgement.against_stored = true;
    fixture.judgement.stored_sessions = 5;
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, "<title>base"), 0);
    assert_int_equal(count(strip, "<title>candidate, block "), 18);
    assert_non_null(strstr(strip, ">median of 5 stored sessions: 12.1 ms</text>"));
    assert_true(level(strip, "median") > level(strip, "edge"));
    drawing_clear(&drawing);
}

/* One variant and nothing to compare it with: its repetitions are shown without any line. */
static void what_was_not_judged_can_still_be_looked_at(void **state)
{
    (void)state;
    static const double levels[] = {0.0121, 0.00084, 24.1 * MIB, 0};
    struct fixture fixture;
    struct drawing drawing;

    start(&fixture, SG_INCONCLUSIVE, "nothing to compare with");
    add_variant(&fixture, "base", "shop/api:main", NULL);
    add_repetitions(&fixture, "base", 9, levels);
    sg_session_add_gate(&fixture.session, "latency_p95");
    drawing_init(&drawing, &fixture, false);
    const char *strip = body(&drawing, "gate-latency_p95", 0);
    assert_int_equal(count(strip, "<title>base, block "), 9);
    assert_null(strstr(strip, "class=\"median\""));
    assert_null(strstr(strip, "class=\"edge\""));
    assert_null(strstr(strip, "class=\"band\""));
    assert_int_equal(find_plot(&drawing, "gate-latency_p95")->count, 1);
    drawing_clear(&drawing);

    start(&fixture, SG_INCONCLUSIVE, "nothing to compare with");
    add_repetitions(&fixture, "base", 9, levels);
    sg_session_add_gate(&fixture.session, "latency_p95");
    char *html = render(&fixture, "html", false, 0);
    assert_non_null(strstr(html, "<h3>latency_p95</h3>"));
    free(html);
    fixture_clear(&fixture);
}

/* --- Curves --------------------------------------------------------------------------------- */

static void curves_are_one_a_repetition_and_a_median_a_variant(void **state)
{
    (void)state;
    static const char *const names[] = {"latency", "cpu", "memory"};
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, true);
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        const char *text = body(&drawing, names[i], 0);
        for (size_t look = 0; look < 2; look++) {
            char *thin = sg_format("<g class=\"s%zu thin\">", look);
            char *inside = group(text, thin);
            assert_int_equal(count(inside, "<path "), 9);
            free(inside);
            free(thin);
        }
        /* one in the legend, one in the picture */
        assert_int_equal(count(text, "<g class=\"s0 thick\">"), 2);
        assert_int_equal(count(text, "<g class=\"s1 thick\">"), 2);
    }
    assert_non_null(strstr(body(&drawing, "latency", 0), ">slowest</text>"));
    assert_non_null(strstr(body(&drawing, "cpu", 0), ">cores</text>"));
    drawing_clear(&drawing);
}

/* The middle one of 0.99, 1 and 1.01 is where the second curve lies. */
static void the_median_lies_on_the_middle_curve(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    double x = 0;
    double middle = 0;
    double median = 0;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, true);
    const char *text = strstr(body(&drawing, "memory", 0), "class=\"axis\"");
    char *thin = group(text, "<g class=\"s0 thin\">");
    char *thick = group(text, "<g class=\"s0 thick\">");
    path_start(thin, "<path d=\"", 1, &x, &middle);
    path_start(thick, "<path d=\"", 0, &x, &median);
    assert_true(fabs(middle - median) < 0.051);
    free(thin);
    free(thick);
    drawing_clear(&drawing);
}

static void without_series_there_is_no_such_picture(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, false);
    assert_int_equal(drawing.plots.count, 4); /* the gates */
    assert_null(find_plot(&drawing, "latency"));
    drawing_clear(&drawing);
}

static void numbers_that_cannot_be_are_left_out_of_curves(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;
    struct sg_plots plots;

    make_fail(&fixture);
    drawing_init(&drawing, &fixture, true);
    for (size_t i = 0; i < drawing.series.count; i++) {
        struct sg_series *series = &drawing.series.items[i];
        series->cpu.items[2].y = NAN;
        series->cpu.items[3].x = -INFINITY;
        series->memory.items[0].y = 1e300;
        series->latency.items[1].x = -3;
        series->slot += i == 1 ? 4711 : 0; /* no such repetition */
    }
    sg_plots_init(&plots, &drawing.view);
    for (size_t i = 0; i < plots.count; i++) {
        assert_null(strstr(plots.items[i].panels[0].body.data, "nan"));
        assert_null(strstr(plots.items[i].panels[0].body.data, "inf"));
    }
    sg_plots_clear(&plots);
    drawing_clear(&drawing);
}

/* --- Limits --------------------------------------------------------------------------------- */

static void thousands_of_repetitions_are_thinned_and_told(void **state)
{
    (void)state;
    static const double levels[] = {0.0121, 0.00084, 24.1 * MIB, 0};
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    add_repetitions(&fixture, "base", 3000, levels);
    add_repetitions(&fixture, "candidate", 3000, levels);
    drawing_init(&drawing, &fixture, true);
    const struct sg_plot *plot = find_plot(&drawing, "gate-latency_p95");
    size_t points = count(plot->panels[0].body.data, "<path d=\"");
    assert_true(points > SG_PLOT_POINTS / 2);
    assert_true(points < SG_PLOT_POINTS + 40);
    assert_string_equal(plot->note, "Drawn is 1 of 6 repetitions; there are 6018. ");
    assert_true(plot->panels[0].body.size < 200000);
    plot = find_plot(&drawing, "cpu");
    assert_true(count(plot->panels[0].body.data, "<path d=\"") <= SG_PLOT_LINES + 8);
    assert_non_null(strstr(plot->note, "of 6018 repetitions are drawn"));
    drawing_clear(&drawing);
}

static void pictures_are_of_the_worst_gates(void **state)
{
    (void)state;
    struct fixture fixture;
    struct drawing drawing;

    make_huge(&fixture);
    drawing_init(&drawing, &fixture, false);
    assert_int_equal(drawing.plots.count, SG_PLOT_GATES);
    assert_int_equal(drawing.plots.left_out, 5000 - SG_PLOT_GATES);
    assert_name(&drawing, 0, "gate-metric_0500");
    assert_name(&drawing, 4, "gate-metric_4500");
    drawing_clear(&drawing);
}

/* Neither "nan" nor "inf" behind what a coordinate stands behind. */
static void assert_places_are_numbers(const char *text)
{
    static const char *const wrong[] = {"\"nan", "\"inf", "\"-nan", "\"-inf", "Mnan",  "Minf",
                                        "M-nan", "M-inf", "Lnan",   "Linf",   "L-nan", "L-inf"};

    for (size_t i = 0; i < SG_COUNT(wrong); i++)
        assert_null(strstr(text, wrong[i]));
}

static void extreme_numbers_do_no_harm(void **state)
{
    (void)state;
    static const double values[] = {1e308, -1e308, 1e-308, INFINITY, 0, NAN};
    struct fixture fixture;
    struct drawing drawing;

    make_fail(&fixture);
    for (size_t i = 0; i < SG_COUNT(values); i++)
        fixture.session.repetitions[i].values[0] = values[i];
    fixture.judgement.results[0].low = -1e308;
    fixture.judgement.results[0].high = 1e308;
    fixture.judgement.results[1].tolerance = 1e308;
    drawing_init(&drawing, &fixture, false);
    for (size_t i = 0; i < drawing.plots.count; i++)
        for (size_t k = 0; k < drawing.plots.items[i].count; k++)
            assert_places_are_numbers(drawing.plots.items[i].panels[k].body.data);
    drawing_clear(&drawing);
}

/* --- Files ---------------------------------------------------------------------------------- */

static void file_names_are_safe_and_unique(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "../../etc/passwd", "Größe", "gr__e", "a/b", "a b", "..", "-"};
    struct fixture fixture;
    struct drawing drawing;

    start(&fixture, SG_PASS, "names");
    for (size_t i = 0; i < SG_COUNT(labels); i++)
        add_result(&fixture, labels[i], "s", "candidate");
    drawing_init(&drawing, &fixture, false);
    assert_int_equal(drawing.plots.count, SG_COUNT(labels));
    for (size_t i = 0; i < drawing.plots.count; i++) {
        const char *name = drawing.plots.items[i].name;
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-"), strlen(name));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(name, drawing.plots.items[k].name);
    }
    assert_name(&drawing, 0, "gate-etc-passwd");
    drawing_clear(&drawing);
}

static void each_file_is_one_document_of_its_own(void **state)
{
    (void)state;
    struct fixture fixture;
    struct sg_report_files files = {0};
    struct sg_error err = {0};

    make_fail(&fixture);
    struct sg_series_set series = make_series(&fixture);
    struct sg_report report = {
        .session = &fixture.session, .judgement = &fixture.judgement, .series = &series};
    sg_report_format("svg", &err)->write_files(&report, &files);
    assert_int_equal(files.count, 7);
    assert_string_equal(files.items[0].name, "gate-latency_p95.svg");
    assert_string_equal(files.items[6].name, "memory.svg");
    for (size_t i = 0; i < files.count; i++) {
        const char *text = files.items[i].text.data;
        assert_true(sg_starts_with(text, "<svg xmlns=\"http://www.w3.org/2000/svg\" "));
        assert_true(sg_ends_with(text, "</svg>\n"));
        assert_int_equal(count(text, "<svg"), count(text, "</svg>"));
        assert_int_equal(count(text, "http"), 1);
        assert_non_null(strstr(text, "@media (prefers-color-scheme:dark)"));
        assert_non_null(strstr(text, "<title>"));
        assert_non_null(strstr(text, "<desc>"));
    }
    sg_report_files_clear(&files);
    series_clear(&series);
    fixture_clear(&fixture);
}

static void one_document_has_all_pictures(void **state)
{
    (void)state;
    struct fixture fixture;

    make_league(&fixture);
    char *svg = render(&fixture, "svg", false, 0);
    assert_true(sg_starts_with(svg, "<svg xmlns="));
    assert_int_equal(count(svg, "<svg"), 1 + 2 * 2);
    assert_int_equal(count(svg, "<svg"), count(svg, "</svg>"));
    free(svg);
    fixture_clear(&fixture);
}

static void a_hostile_name_stays_text(void **state)
{
    (void)state;
    struct fixture fixture;

    make_hostile(&fixture);
    free(fixture.judgement.results[0].request);
    fixture.judgement.results[0].request = NULL;
    char *svg = render(&fixture, "svg", false, 0);
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "<i>"));
    assert_null(strstr(svg, "]]>"));
    assert_non_null(strstr(svg, "&lt;script&gt;"));
    assert_int_equal(count(svg, "http"), 1);
    free(svg);
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_repetition_is_one_point_of_its_variant),
        cmocka_unit_test(points_stand_in_the_order_of_blocks_and_variants),
        cmocka_unit_test(discarded_repetitions_are_hollow),
        cmocka_unit_test(warm_up_is_not_drawn),
        cmocka_unit_test(what_has_no_number_is_told),
        cmocka_unit_test(the_tolerance_is_drawn_where_it_ends),
        cmocka_unit_test(where_more_is_better_the_tolerance_lies_below),
        cmocka_unit_test(a_limit_far_away_is_told_and_a_near_one_is_drawn),
        cmocka_unit_test(interval_and_tolerance_stand_at_their_changes),
        cmocka_unit_test(an_adjusted_estimate_has_the_raw_one_beside_it),
        cmocka_unit_test(a_bound_that_does_not_exist_is_an_arrow_at_the_edge),
        cmocka_unit_test(a_gate_of_a_limit_alone_shows_the_value_against_it),
        cmocka_unit_test(a_stored_reference_has_a_line_and_no_points),
        cmocka_unit_test(what_was_not_judged_can_still_be_looked_at),
        cmocka_unit_test(curves_are_one_a_repetition_and_a_median_a_variant),
        cmocka_unit_test(the_median_lies_on_the_middle_curve),
        cmocka_unit_test(without_series_there_is_no_such_picture),
        cmocka_unit_test(numbers_that_cannot_be_are_left_out_of_curves),
        cmocka_unit_test(thousands_of_repetitions_are_thinned_and_told),
        cmocka_unit_test(pictures_are_of_the_worst_gates),
        cmocka_unit_test(extreme_numbers_do_no_harm),
        cmocka_unit_test(file_names_are_safe_and_unique),
        cmocka_unit_test(each_file_is_one_document_of_its_own),
        cmocka_unit_test(one_document_has_all_pictures),
        cmocka_unit_test(a_hostile_name_stays_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
