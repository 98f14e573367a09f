/* SPDX-License-Identifier: Apache-2.0 */
/* The HTML report: the verdict first, the same labels and numbers as Markdown, nothing from
 * outside of itself. How it looks is tests/cli/test_html.py's business. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/formats.h"
#include "unit/report/series_fixture.h"

static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        found++;
    return found;
}

static char *render_with_series(const struct fixture *fixture)
{
    struct sg_series_set series = make_series(fixture);
    struct sg_report report = {.session = &fixture->session,
                               .judgement = &fixture->judgement,
                               .bundle = ".svcgate/20261124T232903-7f3a",
                               .series = &series};
    struct sg_text out = {0};
    struct sg_error err = {0};

    sg_report_format("html", &err)->write(&report, &out);
    series_clear(&series);
    return sg_text_take(&out);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("the page lacks: %s", part);
}

static void assert_order(const char *text, const char *first, const char *second)
{
    assert_has(text, first);
    assert_has(text, second);
    assert_true(strstr(text, first) < strstr(text, second));
}

/* Every element is closed, in pairs, that is not empty by nature. */
static void assert_closed(const char *html)
{
    static const char *const names[] = {
        "html",    "head",  "body",  "main",  "header", "h1",   "h2", "h3",  "section", "figure",
        "div",     "table", "thead", "tbody", "tr",     "th",   "td", "ul",  "li",      "details",
        "summary", "pre",   "code",  "small", "svg",    "desc", "g",  "text"};

    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *bare = sg_format("<%s>", names[i]);
        char *with = sg_format("<%s ", names[i]);
        char *close = sg_format("</%s>", names[i]);
        if (count(html, bare) + count(html, with) != count(html, close))
            fail_msg("<%s> %zu times, </%s> %zu times", names[i],
                     count(html, bare) + count(html, with), names[i], count(html, close));
        free(bare);
        free(with);
        free(close);
    }
}

static void the_verdict_comes_first_with_mark_word_and_sentence(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    char *html = render(&fixture, "html", false, 0);
    assert_has(html, "<title>svcgate: FAIL – latency_p95 of candidate is 11.6 % worse than base");
    assert_has(html, "<p class=\"state fail\">✗ FAIL</p>");
    assert_has(html, "<h1>latency_p95 of candidate is 11.6 % worse than base</h1>");
    assert_order(html, "<h1>", "<table>");
    assert_order(html, "<table>", "<figure>");
    assert_order(html, "<figure>", "<details>");
    free(html);
    fixture_clear(&fixture);
}

static void the_gates_have_the_numbers_of_markdown_worst_first(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<td class=\"state fail\">✗ FAIL</td><th scope=\"row\">latency_p95</th>"
        "<td class=\"number\">12.1 ms</td><td class=\"number\">13.5 ms</td>"
        "<td class=\"number\">+11.6 %<br><small>[+7.1 %, +15.8 %]</small></td>"
        "<td class=\"number\">5 %, limit 250 ms</td>",
        "<td class=\"state pass\">✓ PASS</td><th scope=\"row\">cpu_per_request</th>"
        "<td class=\"number\">840 µs</td><td class=\"number\">830 µs</td>"
        "<td class=\"number\">−1.2 %<br><small>[−2.1 %, +0.7 %]</small></td>"
        "<td class=\"number\">5 %</td>",
        "<td class=\"state pass\">✓ PASS</td><th scope=\"row\">memory_max</th>"
        "<td class=\"number\">24.1 MiB</td><td class=\"number\">24.2 MiB</td>"
        "<td class=\"number\">+0.4 %<br><small>[−0.2 %, +1.2 %]</small></td>"
        "<td class=\"number\">20.8 %</td>",
        "<td class=\"state pass\">✓ PASS</td><th scope=\"row\">error_rate</th>"
        "<td class=\"number\">0 %</td><td class=\"number\">0 %</td>"
        "<td class=\"number\">0 pp<br><small>[at most +0.0033 pp]</small></td>"
        "<td class=\"number\">limit 0.1 %</td>",
    };
    struct fixture fixture;

    make_fail(&fixture);
    char *html = render(&fixture, "html", false, 0);
    for (size_t i = 0; i < SG_COUNT(rows); i++)
        assert_has(html, rows[i]);
    assert_order(html, "✗ FAIL</td>", "✓ PASS</td>");
    free(html);
    fixture_clear(&fixture);
}

static void everything_that_markdown_tells_is_there(void **state)
{
    (void)state;
    struct fixture fixture;

    make_waived(&fixture);
    fixture.judgement.results[0].adjusted = true;
    fixture.judgement.results[0].change_raw = 0.07;
    sg_session_add_finding(&fixture.session, SG_FINDING_WARN, "pinning", "line one\nline two\n",
                           "only %d CPUs", 2);
    char *html = render(&fixture, "html", false, 0);
    assert_has(html, "<h2>Waivers</h2>");
    assert_has(html, "latency_p95 of candidate: waiver of ada until 2027-01-31 (68 days left)");
    assert_has(html, "<h2>Host noise taken out</h2>");
    assert_has(html, "<strong>warning</strong>: only 2 CPUs");
    assert_has(html, "<pre>line one&#10;line two</pre>");
    assert_has(html, "is no longer needed?");
    assert_has(html, "seed 42");
    assert_has(html, "α 1 % over all gates of a variant, β 5 % a gate");
    assert_has(html, "<code>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08<");
    assert_has(html, "<code>shop/api:main</code>");
    assert_has(html, "AMD EPYC 7763, 4 CPUs");
    assert_has(html, "svcgate run --config svcgate.yaml --seed 42   # measure again");
    assert_has(html, "svcgate judge .svcgate/20261124T232903-7f3a   # judge");
    assert_has(html, "looked at 2 times of at most 6");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);
}

static void an_open_or_invalid_verdict_says_what_to_do(void **state)
{
    (void)state;
    struct fixture fixture;

    make_inconclusive(&fixture);
    char *html = render(&fixture, "html", false, 0);
    assert_order(html, "<h2>What to do</h2>", "<h2>Gates</h2>");
    assert_has(html, "a longer window (<code>load.measure</code>, now 30s)");
    free(html);
    fixture_clear(&fixture);

    make_invalid(&fixture);
    html = render(&fixture, "html", false, 0);
    assert_has(html, "<p class=\"state invalid\">! INVALID</p>");
    assert_has(html, "choose another <code>reference</code>. The output of");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);
}

static void several_variants_have_a_league_and_a_crash_is_told(void **state)
{
    (void)state;
    struct fixture fixture;

    make_league(&fixture);
    char *html = render(&fixture, "html", false, 0);
    assert_has(html, "<h2>Variants</h2>");
    assert_has(html, "<h3><code>node</code> against <code>go</code></h3>");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);

    make_crash(&fixture);
    html = render(&fixture, "html", false, 0);
    assert_has(html, "<code>go</code>: was killed for want of memory in block 1</li>");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);
}

static void curves_are_shown_where_the_bundle_has_them(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    char *without = render(&fixture, "html", false, 0);
    char *with = render_with_series(&fixture);
    assert_null(strstr(without, "over time"));
    assert_null(strstr(without, "Latency, CPU"));
    assert_has(with, "<h3>Latency distribution</h3>");
    assert_has(with, "<h3>CPU over time</h3>");
    assert_has(with, "<h3>Memory over time</h3>");
    assert_closed(with);
    free(without);
    free(with);
    fixture_clear(&fixture);
}

/* Neither script nor anything that a browser would fetch. */
static void nothing_is_fetched_and_nothing_runs(void **state)
{
    (void)state;
    static const char *const wrong[] = {"<script", "<img", "<iframe", "<object", "<form",  "<base",
                                        "src=",    "url(", "@import", "http:",   "https:", "//"};
    void (*const makes[])(struct fixture *) = {make_pass, make_league, make_waived, make_invalid};
    struct fixture fixture;

    for (size_t i = 0; i < SG_COUNT(makes); i++) {
        makes[i](&fixture);
        char *html = render_with_series(&fixture);
        assert_int_equal(count(html, "href="), 1);
        assert_has(html, "<link rel=\"icon\" href=\"data:,\">");
        assert_has(html, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        for (size_t k = 0; k < SG_COUNT(wrong); k++)
            if (strstr(html, wrong[k]) != NULL)
                fail_msg("the page has: %.60s", strstr(html, wrong[k]));
        free(html);
        fixture_clear(&fixture);
    }
}

static void hostile_strings_stay_text(void **state)
{
    (void)state;
    struct fixture fixture;

    make_hostile(&fixture);
    char *html = render_with_series(&fixture);
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<b>"));
    assert_null(strstr(html, "<i>"));
    assert_null(strstr(html, "\x1b"));
    assert_null(strstr(html, "\xff"));
    assert_has(html, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);

    make_hostile_waiver(&fixture);
    html = render(&fixture, "html", false, 0);
    assert_null(strstr(html, "<b>"));
    assert_null(strstr(html, "</system-out>"));
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);
}

/* A unit is the user's own word, and numbers are part of every sentence. */
static void a_hostile_unit_stays_text_in_headline_and_advice(void **state)
{
    (void)state;
    struct fixture fixture;

    make_inconclusive(&fixture);
    for (size_t i = 0; i < fixture.judgement.results_count; i++) {
        struct sg_result *result = &fixture.judgement.results[i];
        result->relative = false;
        result->detectable = 3 * result->tolerance;
        put(&result->unit, "<img src=x>`|@octocat");
    }
    char *html = render(&fixture, "html", false, 0);
    char *markdown = render(&fixture, "md", false, 0);
    assert_has(html, "can be told, and the tolerance is");
    assert_null(strstr(html, "<img"));
    assert_null(strstr(markdown, "@octocat"));
    assert_closed(html);
    free(html);
    free(markdown);
    fixture_clear(&fixture);
}

static void phones_dark_pages_and_readers_are_thought_of(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    char *html = render_with_series(&fixture);
    assert_has(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    assert_int_equal(count(html, "@media (prefers-color-scheme:dark)"), 2);
    assert_has(html, "@media print");
    assert_int_equal(count(html, "<svg "), count(html, " role=\"img\" aria-labelledby="));
    assert_int_equal(count(html, "<svg "), count(html, "<desc id="));
    assert_int_equal(count(html, "<th "), count(html, "<th scope="));
    assert_int_equal(count(html, "<table>"), count(html, "<div class=\"scroll\" tabindex=\"0\""));
    free(html);
    fixture_clear(&fixture);
}

/* An id twice would give one picture the other's name. */
static void ids_are_unique(void **state)
{
    (void)state;
    struct fixture fixture;

    make_fail(&fixture);
    char *html = render_with_series(&fixture);
    for (const char *at = strstr(html, " id=\""); at != NULL; at = strstr(at + 1, " id=\"")) {
        char *id = sg_format("%.*s", (int)(strchr(at + 5, '"') - at + 1), at);
        assert_int_equal(count(html, id), 1);
        free(id);
    }
    free(html);
    fixture_clear(&fixture);
}

static void the_page_stays_small_and_says_what_is_left_out(void **state)
{
    (void)state;
    struct fixture fixture;

    make_huge(&fixture);
    for (size_t i = 0; i < fixture.judgement.results_count; i++)
        put(&fixture.judgement.results[i].reason,
            "a reason of three hundred letters, ..................................................."
            "......................................................................................"
            "......................................................................................"
            "....................................................................................."
            ".");
    char *html = render(&fixture, "html", false, 0);
    assert_true(strlen(html) < SG_HTML_LIMIT);
    assert_has(html, " rows left out to keep this page small");
    assert_has(html, "<th scope=\"row\">metric_4500</th>");
    assert_has(html, "4976 more gates have no picture here");
    assert_has(html, "</html>\n");
    assert_closed(html);
    free(html);
    fixture_clear(&fixture);
}

static void the_same_judgement_gives_the_same_bytes(void **state)
{
    (void)state;
    struct fixture fixture;

    make_league(&fixture);
    char *first = render_with_series(&fixture);
    char *second = render_with_series(&fixture);
    assert_string_equal(first, second);
    free(first);
    free(second);
    fixture_clear(&fixture);
}

static void a_session_of_nothing_is_a_page_too(void **state)
{
    (void)state;
    struct fixture fixture = {0};

    put(&fixture.judgement.reason, "no repetition was measured");
    fixture.judgement.verdict = SG_INVALID;
    char *html = render(&fixture, "html", false, 0);
    char *svg = render(&fixture, "svg", false, 0);
    assert_has(html, "<h1>no repetition was measured</h1>");
    assert_closed(html);
    assert_true(sg_ends_with(svg, "</svg>\n"));
    free(html);
    free(svg);
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_comes_first_with_mark_word_and_sentence),
        cmocka_unit_test(the_gates_have_the_numbers_of_markdown_worst_first),
        cmocka_unit_test(everything_that_markdown_tells_is_there),
        cmocka_unit_test(an_open_or_invalid_verdict_says_what_to_do),
        cmocka_unit_test(several_variants_have_a_league_and_a_crash_is_told),
        cmocka_unit_test(curves_are_shown_where_the_bundle_has_them),
        cmocka_unit_test(nothing_is_fetched_and_nothing_runs),
        cmocka_unit_test(hostile_strings_stay_text),
        cmocka_unit_test(a_hostile_unit_stays_text_in_headline_and_advice),
        cmocka_unit_test(phones_dark_pages_and_readers_are_thought_of),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(the_page_stays_small_and_says_what_is_left_out),
        cmocka_unit_test(the_same_judgement_gives_the_same_bytes),
        cmocka_unit_test(a_session_of_nothing_is_a_page_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
