/* SPDX-License-Identifier: Apache-2.0 */
/* series.jsonl: what is appended is read again; what a reader could stumble over is refused. */
#include "unit/record/full.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "record/series.h"

#define LINE(members) "{\"schema\":\"svcgate.series/1\",\"slot\":1,\"variant\":\"a\"," members "}"

static void expect_refused(const char *text, const char *start, const char *part)
{
    struct sg_series_set set = {0};
    struct sg_error err = {0};
    assert_false(sg_series_read(text, strlen(text), "s.jsonl", &set, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_int_equal(set.count, 0);
    if (!sg_starts_with(err.text, start) || strstr(err.text, part) == NULL) {
        fail_msg("\"%s\" does not begin with \"%s\" or lacks \"%s\"", err.text, start, part);
    }
}

static void expect_lines(const char *text, size_t count)
{
    struct sg_series_set set = {0};
    struct sg_error err = {0};
    if (!sg_series_read(text, strlen(text), "s.jsonl", &set, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(set.count, count);
    sg_series_set_clear(&set);
}

static struct sg_series example(int slot)
{
    struct sg_series series = {.slot = slot, .variant = sg_strdup("a \"b\"\n")};
    sg_points_add(&series.cpu, -0.25, 0.001);
    sg_points_add(&series.cpu, 0.3, 1.75);
    sg_points_add(&series.memory, 0.5, 9437184);
    sg_points_add(&series.latency, 0, 0.0001);
    sg_points_add(&series.latency, 0.5, 0.0001);
    sg_points_add(&series.latency, 1, 0.1 + 0.2);
    return series;
}

static char *new_folder(void)
{
    char *folder = sg_strdup("/tmp/svcgate-series-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void remove_folder(char *folder)
{
    char *path = sg_path_join(folder, "series.jsonl");
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
    free(path);
    free(folder);
}

static struct sg_series_set load(const char *folder)
{
    struct sg_series_set set = {0};
    struct sg_error err = {0};
    if (!sg_series_load(folder, &set, &err)) {
        fail_msg("%s", err.text);
    }
    return set;
}

static void append(const char *folder, int slot)
{
    struct sg_series series = example(slot);
    struct sg_error err = {0};
    if (!sg_series_append(folder, &series, &err)) {
        fail_msg("%s", err.text);
    }
    sg_series_clear(&series);
}

static void same_points(const struct sg_points *a, const struct sg_points *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        same_number(a->items[i].x, b->items[i].x);
        same_number(a->items[i].y, b->items[i].y);
    }
}

static void what_is_appended_is_read_again(void **state)
{
    (void)state;
    char *folder = new_folder();
    append(folder, 3);
    append(folder, 4);
    struct sg_series_set set = load(folder);
    struct sg_series expected = example(4);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.items[0].slot, 3);
    assert_int_equal(set.items[1].slot, 4);
    assert_string_equal(set.items[1].variant, expected.variant);
    same_points(&set.items[1].cpu, &expected.cpu);
    same_points(&set.items[1].memory, &expected.memory);
    same_points(&set.items[1].latency, &expected.latency);
    sg_series_clear(&expected);
    sg_series_set_clear(&set);
    remove_folder(folder);
}

static void a_bundle_without_series_has_none(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct sg_series_set set = load(folder);
    assert_int_equal(set.count, 0);
    remove_folder(folder);
}

static void a_session_begins_without_those_of_an_older_one(void **state)
{
    (void)state;
    char *folder = new_folder();
    struct sg_error err = {0};
    append(folder, 1);
    assert_true(sg_series_begin(folder, &err));
    assert_true(sg_series_begin(folder, &err)); /* also where there is nothing */
    append(folder, 2);
    struct sg_series_set set = load(folder);
    assert_int_equal(set.count, 1);
    assert_int_equal(set.items[0].slot, 2);
    sg_series_set_clear(&set);
    remove_folder(folder);
}

static void series_move_with_their_session(void **state)
{
    (void)state;
    char *folder = new_folder();
    char *to = new_folder();
    struct sg_error err = {0};
    append(to, 9); /* of an older session */
    append(folder, 1);
    assert_true(sg_series_move(folder, to, &err));
    struct sg_series_set moved = load(to);
    struct sg_series_set left = load(folder);
    assert_int_equal(moved.count, 1);
    assert_int_equal(moved.items[0].slot, 1);
    assert_int_equal(left.count, 0);
    assert_true(sg_series_move(folder, to, &err)); /* nothing to move: nothing of this session */
    sg_series_set_clear(&moved);
    moved = load(to);
    assert_int_equal(moved.count, 0);
    remove_folder(to);
    remove_folder(folder);
}

static void a_line_that_was_cut_off_is_left_out(void **state)
{
    (void)state;
    char *line = sg_strdup(LINE("\"cpu\":[[0,1],[1,2]]"));
    for (size_t size = 1; size < strlen(line); size++) {
        char *text = sg_format("%s\n%.*s", line, (int)size, line);
        expect_lines(text, 1);
        free(text);
    }
    char *whole = sg_format("%s\n%s", line, line);
    expect_lines(whole, 2); /* only the end of the line is missing */
    free(whole);
    free(line);
}

static void a_broken_line_that_ends_is_a_mistake(void **state)
{
    (void)state;
    expect_refused(LINE("\"cpu\":[]") "\n{\"slot\n", "s.jsonl:2:", "");
    expect_refused("\n" LINE("\"cpu\":[]") "\n", "s.jsonl:1:", "");
    expect_refused("{}", "s.jsonl:1:1: schema", "svcgate.series/1"); /* JSON, so not cut off */
}

static void mistakes_are_told_with_line_and_column(void **state)
{
    (void)state;
    expect_refused(LINE("\"cpu\":[]") "\n" LINE("\"cpu\":[[0,1],[0,\"2\"]]") "\n",
                   "s.jsonl:2:66: cpu[1]", "two numbers");
}

static void numbers_that_cannot_be_drawn_are_refused(void **state)
{
    (void)state;
    expect_refused(LINE("\"cpu\":[[0,null]]"), "s.jsonl:1:", "two numbers");
    expect_refused(LINE("\"cpu\":[[0,1e999]]") "\n", "s.jsonl:1:", "");
    expect_refused(LINE("\"cpu\":[[0,NaN]]") "\n", "s.jsonl:1:", "");
    expect_refused(LINE("\"cpu\":[[0,-1]]"), "s.jsonl:1:", "zero or more");
    expect_refused(LINE("\"cpu\":[[0,1,2]]"), "s.jsonl:1:", "two numbers");
    expect_refused(LINE("\"cpu\":[1]"), "s.jsonl:1:", "two numbers");
    expect_refused(LINE("\"cpu\":{}"), "s.jsonl:1:", "an array");
    expect_refused(LINE("\"memory\":[[1,1],[1,1]]"), "s.jsonl:1:", "rise");
    expect_refused(LINE("\"latency\":[[0,1],[1.5,2]]"), "s.jsonl:1:", "share");
    expect_refused(LINE("\"latency\":[[0,2],[1,1]]"), "s.jsonl:1:", "falls");
}

static void a_line_says_whose_it_is(void **state)
{
    (void)state;
    expect_refused("{\"schema\":\"svcgate.series/1\",\"slot\":1}", "s.jsonl:1:", "variant");
    expect_refused("{\"schema\":\"svcgate.series/1\",\"variant\":\"a\"}", "s.jsonl:1:", "slot");
    expect_refused("{\"schema\":\"svcgate.series/1\",\"slot\":-1,\"variant\":\"a\"}",
                   "s.jsonl:1:", "slot");
    expect_refused("{\"schema\":\"svcgate.series/2\",\"slot\":1,\"variant\":\"a\"}",
                   "s.jsonl:1:", "newer version");
    expect_refused("[]", "s.jsonl:1:1", "an object");
}

static void curves_may_be_absent_and_fields_unknown(void **state)
{
    (void)state;
    expect_lines(LINE("\"cpu\":null,\"of\":\"postgres\""), 1);
    expect_lines("", 0);
}

/* A line with `count` points. */
static char *long_line(size_t count)
{
    struct sg_text text = {0};
    sg_text_add(&text, "{\"schema\":\"svcgate.series/1\",\"slot\":1,\"variant\":\"a\",\"cpu\":[");
    for (size_t i = 0; i < count; i++) {
        sg_text_printf(&text, "%s[%zu,0]", i > 0 ? "," : "", i);
    }
    sg_text_add(&text, "]}\n");
    return sg_text_take(&text);
}

static void a_curve_has_a_limit(void **state)
{
    (void)state;
    char *most = long_line(SG_POINTS_MAX);
    char *more = long_line(SG_POINTS_MAX + 1);
    expect_lines(most, 1);
    expect_refused(more, "s.jsonl:1:", "more than the limit of 10000");
    free(most);
    free(more);
}

static void the_number_of_lines_has_a_limit(void **state)
{
    (void)state;
    struct sg_text text = {0};
    for (size_t i = 0; i < 100000; i++) {
        sg_text_add(&text, "{\"schema\":\"svcgate.series/1\",\"slot\":1,\"variant\":\"a\"}\n");
    }
    expect_lines(text.data, 100000);
    sg_text_add(&text, "{\"schema\":\"svcgate.series/1\",\"slot\":1,\"variant\":\"a\"}\n");
    expect_refused(text.data, "s.jsonl:", "100000 lines");
    sg_text_free(&text);
}

static void what_could_not_be_read_is_not_written(void **state)
{
    (void)state;
    static const double wrong[][2] = {{NAN, 1}, {1, NAN}, {INFINITY, 1}, {1, -1}, {0, 1}};
    char *folder = new_folder();
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        struct sg_series series = example(1);
        struct sg_error err = {0};
        sg_points_add(&series.cpu, wrong[i][0], wrong[i][1]);
        assert_false(sg_series_append(folder, &series, &err));
        assert_int_equal(err.kind, SG_ERROR_INTERNAL);
        sg_series_clear(&series);
    }
    struct sg_series_set set = load(folder);
    assert_int_equal(set.count, 0);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_read_again),
        cmocka_unit_test(a_bundle_without_series_has_none),
        cmocka_unit_test(a_session_begins_without_those_of_an_older_one),
        cmocka_unit_test(series_move_with_their_session),
        cmocka_unit_test(a_line_that_was_cut_off_is_left_out),
        cmocka_unit_test(a_broken_line_that_ends_is_a_mistake),
        cmocka_unit_test(mistakes_are_told_with_line_and_column),
        cmocka_unit_test(numbers_that_cannot_be_drawn_are_refused),
        cmocka_unit_test(a_line_says_whose_it_is),
        cmocka_unit_test(curves_may_be_absent_and_fields_unknown),
        cmocka_unit_test(a_curve_has_a_limit),
        cmocka_unit_test(the_number_of_lines_has_a_limit),
        cmocka_unit_test(what_could_not_be_read_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
