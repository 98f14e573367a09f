/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples as CSV: RFC 4180, grouping of rows, mistakes with their positions. */
#include "unit/record/full.h"

#include "base/text.h"

/* Reads from memory that ends with the text: ASan sees a byte too far. */
static bool read_bytes(const char *text, size_t size, struct sg_session *out, struct sg_error *err)
{
    char *exact = malloc(size == 0 ? 1 : size);
    memcpy(exact, text, size);
    bool ok = sg_samples_read_csv(exact, size, "s.csv", out, err);
    free(exact);
    return ok;
}

static struct sg_session read_csv(const char *text)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (!read_bytes(text, strlen(text), &session, &err)) {
        fail_msg("%s", err.text);
    }
    return session;
}

static void expect_refused(const char *text, const char *position, const char *message)
{
    struct sg_session session = {0};
    struct sg_error err = {0};
    assert_false(read_bytes(text, strlen(text), &session, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    if (!sg_starts_with(err.text, position) || strstr(err.text, message) == NULL) {
        fail_msg("\"%s\" is not \"%s … %s\"", err.text, position, message);
    }
    assert_null(session.metrics);
}

static void rows_become_repetitions_in_the_order_of_their_first_rows(void **state)
{
    (void)state;
    struct sg_session session = read_csv("block,variant,metric,value\n"
                                         "4,base,p95,0.5\n"
                                         "4,base,cpu,2\n"
                                         "4,candidate,p95,0.6\n"
                                         "9,base,p95,-1.5e-3\n");
    assert_int_equal(session.repetitions_count, 3);
    assert_int_equal(session.metrics_count, 2);
    assert_string_equal(session.metrics[1].name, "cpu");
    assert_int_equal(session.metrics[0].better, SG_LOWER);
    assert_int_equal(session.metrics[0].scale, SG_SCALE_LOG);
    assert_true(session.metrics[0].adjust);
    same_number(session.repetitions[0].values[0], 0.5);
    same_number(session.repetitions[0].values[1], 2);
    same_number(session.repetitions[1].values[1], NAN);
    same_number(session.repetitions[2].values[0], -1.5e-3);
    assert_int_equal(session.repetitions[0].block, 1);
    assert_int_equal(session.repetitions[2].block, 2);
    assert_int_equal(session.repetitions[2].slot, 3);
    assert_int_equal(session.variants_count, 2);
    assert_false(session.plan.planned);
    sg_session_clear(&session);
}

static void the_kth_row_of_each_metric_is_of_the_kth_repetition(void **state)
{
    (void)state;
    struct sg_session session = read_csv("block,variant,metric,value\n"
                                         "1,a,x,1\n1,a,x,2\n1,a,x,3\n"
                                         "1,a,y,10\n1,a,y,20\n"
                                         "2,a,x,4\n2,a,y,40\n");
    assert_int_equal(session.repetitions_count, 4);
    same_number(session.repetitions[1].values[0], 2);
    same_number(session.repetitions[1].values[1], 20);
    same_number(session.repetitions[2].values[0], 3);
    same_number(session.repetitions[2].values[1], NAN); /* y has one row less */
    same_number(session.repetitions[3].values[1], 40);
    assert_int_equal(session.plan.block_size, 3);
    assert_int_equal(session.plan.max_repetitions, 4);
    sg_session_clear(&session);
}

static void an_empty_value_is_missing_in_just_that_repetition(void **state)
{
    (void)state;
    struct sg_session session = read_csv("variant,metric,value\na,x,\na,x,2\na,y,1\na,y,2\n");
    assert_int_equal(session.repetitions_count, 2);
    same_number(session.repetitions[0].values[0], NAN);
    same_number(session.repetitions[1].values[0], 2);
    sg_session_clear(&session);
}

static void a_repetition_column_names_the_repetition(void **state)
{
    (void)state;
    struct sg_session session = read_csv("variant,repetition,metric,value\n"
                                         "a,r1,x,1\na,r2,y,20\na,r1,y,10\nb,r1,x,5\n");
    assert_int_equal(session.repetitions_count, 3);
    same_number(session.repetitions[0].values[1], 10);
    same_number(session.repetitions[1].values[0], NAN);
    same_number(session.repetitions[1].values[1], 20);
    same_number(session.repetitions[2].values[0], 5);
    sg_session_clear(&session);
    expect_refused("variant,repetition,metric,value\na,1,x,1\na,1,x,2\n", "s.csv:3:1",
                   "a second row");
}

static void columns_may_stand_in_any_order_and_block_may_lack(void **state)
{
    (void)state;
    struct sg_session session = read_csv("value,metric,variant\n1,x,a\n2,x,b\n");
    assert_int_equal(session.repetitions[0].block, 1);
    assert_int_equal(session.repetitions[1].block, 1);
    assert_string_equal(session.repetitions[1].variant, "b");
    same_number(session.repetitions[1].values[0], 2);
    sg_session_clear(&session);
}

static void line_ends_byte_order_mark_and_empty_lines_do_not_matter(void **state)
{
    (void)state;
    struct sg_session session = read_csv("\xEF\xBB\xBF\r\nvariant,metric,value\r\n"
                                         "a,x,1\r\n\r\n\na,x,2");
    assert_int_equal(session.repetitions_count, 2);
    same_number(session.repetitions[1].values[0], 2);
    sg_session_clear(&session);
}

static void quoted_fields_hold_commas_quotes_and_lines(void **state)
{
    (void)state;
    struct sg_session session = read_csv("\"variant\",metric,value\n"
                                         "\"a, \"\"b\"\"\n\xC3\xA9\",\"\"\"x\"\"\",\"1\"\n");
    assert_string_equal(session.repetitions[0].variant, "a, \"b\"\n\xC3\xA9");
    assert_string_equal(session.metrics[0].name, "\"x\"");
    same_number(session.repetitions[0].values[0], 1);
    sg_session_clear(&session);
}

static void positions_count_characters_and_lines_inside_quotes(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\n\"a\nb\",\xC3\xA9\xC3\xA9,nope\n", "s.csv:3:7:", "nope");
}

static void numbers_are_plain_decimals(void **state)
{
    (void)state;
    struct sg_session session =
        read_csv("variant,metric,value\na,x,+1.\na,x,.5\na,x,1E+3\na,x,-0\na,x,1e-400\n");
    same_number(session.repetitions[0].values[0], 1);
    same_number(session.repetitions[1].values[0], 0.5);
    same_number(session.repetitions[2].values[0], 1000);
    same_number(session.repetitions[3].values[0], -0.0);
    same_number(session.repetitions[4].values[0], 0);
    sg_session_clear(&session);
    const char *const bad[] = {"nan", "NaN", "inf",   "-Infinity", "0x10", "1e", "1e+",
                               ".",   "-",   "1.2.3", "1,2",       "12mz", " 1", "1e999"};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        char *text = sg_format("variant,metric,value\na,x,\"%s\"\n", bad[i]);
        expect_refused(text, "s.csv:2:5:", "is not a finite number");
        free(text);
    }
    expect_refused("variant,metric,value\na,x,nan\n", "s.csv:2:5:", "leave the field empty");
}

static void the_header_must_name_known_columns(void **state)
{
    (void)state;
    expect_refused("", "s.csv:1:1:", "the file is empty");
    expect_refused("\n\n", "s.csv:1:1:", "the file is empty");
    expect_refused("block,variant,metric\n", "s.csv:1:1:", "no column \"value\"");
    expect_refused("1,base,p95,0.5\n", "s.csv:1:1:", "the first line names the columns");
    expect_refused("block,varient,metric,value\n", "s.csv:1:7:", "did you mean \"variant\"?");
    expect_refused("value,variant,metric,value\n", "s.csv:1:22:", "a second column \"value\"");
    expect_refused("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n", "s.csv:1:33:", "more than 16 fields");
}

static void rows_must_have_as_many_fields_as_the_header(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\na,x,1\na,x\n",
                   "s.csv:3:1:", "2 fields where the header has 3");
    expect_refused("variant,metric,value\na,x,1,2\n", "s.csv:2:1:", "4 fields");
    expect_refused("variant,metric,value\n", "s.csv:2:1:", "no rows");
}

static void names_must_say_something(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\n,x,1\n", "s.csv:2:1:", "the variant is empty");
    expect_refused("variant,metric,value\na,\"\",1\n", "s.csv:2:3:", "the metric is empty");
    expect_refused("block,variant,metric,value\n,a,x,1\n", "s.csv:2:1:", "the block is empty");
    expect_refused("variant,metric,value\na,\" x\",1\n",
                   "s.csv:2:3:", "starts or ends with a blank");
}

static void broken_quoting_is_refused_where_it_is(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\na,\"x,1\nb,x,1\n", "s.csv:2:3:", "never closed");
    expect_refused("variant,metric,value\n\"a\"b,x,1\n", "s.csv:2:4:", "after the closing quote");
    expect_refused("variant,metric,value\na\"b,x,1\n", "s.csv:2:2:", "a quote inside a field");
    expect_refused("variant,metric,value\ra,x,1\r", "s.csv:1:21:", "carriage return");
}

static void what_is_not_utf8_text_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = {"\xFF",         "\xC3",         "\xC0\xAF",
                               "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        char *text = sg_format("variant,metric,value\na,%s", bad[i]);
        expect_refused(text, "s.csv:2:3:", "not UTF-8");
        free(text);
    }
    struct sg_session session = {0};
    struct sg_error err = {0};
    assert_false(read_bytes("variant,metric,value\na,x\0,1\n", 28, &session, &err));
    assert_non_null(strstr(err.text, "s.csv:2:4: a NUL byte"));
}

static void endless_records_are_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "variant,metric,value\na,\"");
    for (int i = 0; i < 70000; i++) {
        sg_text_add(&text, "\n");
    }
    expect_refused(text.data, "s.csv:65536:1:", "a record of more than 64 KiB");
    sg_text_free(&text);
}

static void more_repetitions_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "variant,metric,value\n");
    for (int i = 0; i < 100001; i++) {
        sg_text_add(&text, "a,x,1\n");
    }
    expect_refused(text.data, "s.csv:100002:1:", "more than 100000 repetitions");
    sg_text_free(&text);
}

static void more_numbers_than_the_limit_are_refused_before_they_are_stored(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "variant,metric,value\n");
    for (int i = 0; i < 5000; i++) {
        sg_text_printf(&text, "a,m%d,1\n", i);
        sg_text_add(&text, "a,m0,1\n");
    }
    expect_refused(text.data, "s.csv:", "5000 metrics in 5001 repetitions");
    sg_text_free(&text);
}

static void rows_of_any_order_fill_the_same_repetitions(void **state)
{
    (void)state;
    /* by metric, not by repetition; the second repetition of a begins last */
    struct sg_session session = read_csv("block,variant,metric,value\n"
                                         "1,a,x,1\n1,b,x,5\n1,b,x,6\n2,a,x,9\n1,a,x,2\n"
                                         "2,a,y,90\n1,a,y,10\n1,b,y,50\n1,a,y,20\n");
    assert_int_equal(session.repetitions_count, 5);
    const double expected[][2] = {{1, 10}, {5, 50}, {6, NAN}, {9, 90}, {2, 20}};
    for (size_t i = 0; i < 5; i++) {
        same_number(session.repetitions[i].values[0], expected[i][0]);
        same_number(session.repetitions[i].values[1], expected[i][1]);
        assert_int_equal(session.repetitions[i].slot, i + 1);
    }
    assert_string_equal(session.repetitions[4].variant, "a");
    assert_int_equal(session.repetitions[4].block, 1);
    sg_session_clear(&session);
}

static void a_second_row_of_a_named_repetition_is_told_by_its_line(void **state)
{
    (void)state;
    expect_refused("variant,repetition,metric,value\na,1,x,1\n\n\"b\nb\",1,x,1\na,1,y,1\na,1,x,2\n",
                   "s.csv:7:1:", "a second row of this metric");
}

static void columns_may_describe_the_metric(void **state)
{
    (void)state;
    struct sg_session session =
        read_csv("variant,metric,value,unit,better,scale,role,adjust,events,trials\n"
                 "a,rate,0.5,ratio,,count,,,x,n\n"
                 "a,x,1,,higher,linear,,false,,\n"
                 "a,n,2,,,,,,,\n"
                 "a,z,3,\"s, really\",lower,log,covariate,,,\n"
                 "b,x,1,jobs,,linear,metric,,,\n");
    const struct sg_metric *m = session.metrics;
    assert_int_equal(m[0].scale, SG_SCALE_COUNT);
    assert_string_equal(m[0].events, "x");
    assert_string_equal(m[0].trials, "n");
    assert_false(m[0].adjust);
    assert_string_equal(m[1].unit, "jobs");
    assert_int_equal(m[1].better, SG_HIGHER);
    assert_int_equal(m[1].scale, SG_SCALE_LINEAR);
    assert_false(m[1].adjust);
    assert_string_equal(m[2].unit, "");
    assert_true(m[2].adjust);
    assert_int_equal(m[3].role, SG_ROLE_COVARIATE);
    assert_string_equal(m[3].unit, "s, really");
    assert_false(m[3].adjust);
    sg_session_clear(&session);
}

static void rows_must_agree_on_their_metric(void **state)
{
    (void)state;
    expect_refused("variant,metric,value,unit\na,x,1,s\na,y,1,ms\na,x,2,B\n",
                   "s.csv:4:7:", "unit \"B\", but an earlier row of this metric says \"s\"");
    expect_refused("variant,metric,value,adjust\na,x,1,true\na,x,2,false\n",
                   "s.csv:3:7:", "an earlier row of this metric says \"true\"");
    expect_refused("variant,metric,value,scale\na,x,1,lin\n",
                   "s.csv:2:7:", "scale \"lin\": write one of log, linear, count, exact");
    expect_refused("variant,metric,value,adjust\na,x,1,no\n",
                   "s.csv:2:7:", "write one of false, true");
    expect_refused("variant,metric,value,scale\na,y,1,\na,x,1,count\n",
                   "s.csv:3:1:", "the column \"events\" must name a metric");
    expect_refused("variant,metric,value,scale,events,trials\na,x,1,count,y,x\n",
                   "s.csv:2:1:", "events \"y\" is not among the metrics");
}

/* A file with `count` rows "<i>,…" of a format with one %d. */
static char *many_rows(const char *header, const char *before, const char *after, int count)
{
    struct sg_text text = {0};
    sg_text_add(&text, header);
    for (int i = 0; i < count; i++) {
        sg_text_printf(&text, "%s%d%s", before, i, after);
    }
    return sg_text_take(&text);
}

static void spreadsheets_leave_rows_and_columns_without_content(void **state)
{
    (void)state;
    struct sg_session session = read_csv("block,variant,,metric,value,,\r\n"
                                         "1,a,,x,1,,\r\n,,,,,,\r\n1,b,,x,2\r\n"
                                         "1,b,,x,3,,,,,,,,,,,,,,,,,\r\n,,,,,,\r\n ,\t, ,,,,\r\n");
    assert_int_equal(session.repetitions_count, 3);
    same_number(session.repetitions[2].values[0], 3);
    sg_session_clear(&session);
    expect_refused("variant,metric,value,\na,x,1,9\n",
                   "s.csv:2:7:", "\"9\" stands in a column without a name");
    expect_refused("variant,metric,value,\na,x\n", "s.csv:2:1:", "2 fields where the header has 4");
    expect_refused("variant,metric,value\na,x,1,,9\n", "s.csv:2:1:", "5 fields");
    /* a second row of a named repetition is told by its line even behind empty ones */
    expect_refused("variant,repetition,metric,value\n,,,\na,1,x,1\n,,,\na,1,x,2\n",
                   "s.csv:5:1:", "a second row");
}

static void blanks_around_fields_do_not_matter(void **state)
{
    (void)state;
    struct sg_session session = read_csv(" Variant , METRIC,\tvalue\na b , x, 1 \n"
                                         "\"b\" , \"x\" ,\xC2\xA0 2\xC2\xA0\nb,x,  \n");
    assert_string_equal(session.repetitions[0].variant, "a b");
    assert_string_equal(session.metrics[0].name, "x");
    same_number(session.repetitions[1].values[0], 2);
    same_number(session.repetitions[2].values[0], NAN);
    sg_session_clear(&session);
}

static void the_header_tells_the_separator(void **state)
{
    (void)state;
    const char *const written[] = {
        "sep=;\r\nvariant;metric;value\r\na;x, y;0,5\r\n",
        "\xEF\xBB\xBF\"sep=;\"\nvariant;metric;value\na;x, y;0,5\n",
        "\n#TYPE System.Object\n",
        "#TYPE System.Object\n\"variant\";\"metric\";\"value\"\n\"a\";\"x, y\";\"0,5\"\n",
        "variant\tmetric\tvalue\na\tx, y\t0,5\n",
        "sep=\t\nvariant\tmetric\tvalue\na\tx, y\t0.5\n",
        "variant|metric|value\na|x, y|.5\n",
        "sep=,\nvariant,metric,value\na,\"x, y\",0.5\n",
    };
    for (size_t i = 0; i < SG_COUNT(written); i++) {
        if (i == 2) {
            expect_refused(written[i], "s.csv:2:1:", "unknown column");
            continue;
        }
        struct sg_session session = read_csv(written[i]);
        assert_string_equal(session.metrics[0].name, "x, y");
        same_number(session.repetitions[0].values[0], 0.5);
        sg_session_clear(&session);
    }
}

static void a_decimal_comma_is_read_where_it_is_certain(void **state)
{
    (void)state;
    struct sg_session session = read_csv("variant;metric;value\na;x;12,345\na;x;-1,2E-3\na;x;7\n");
    same_number(session.repetitions[0].values[0], 12.345);
    same_number(session.repetitions[1].values[0], -1.2e-3);
    same_number(session.repetitions[2].values[0], 7);
    sg_session_clear(&session);
    session = read_csv("variant;metric;value\na;x;1.5\na;x;2.25\n");
    same_number(session.repetitions[0].values[0], 1.5);
    sg_session_clear(&session);
    session = read_csv("variant\tmetric\tvalue\na\tx\t0,012\na\tx\t1,25\n");
    same_number(session.repetitions[1].values[0], 1.25);
    sg_session_clear(&session);
    expect_refused("variant;metric;value\na;x;1,5\na;x;2.5\n",
                   "s.csv:3:5:", "\"2.5\" has a decimal point, the number in line 2 a comma");
    expect_refused("variant\tmetric\tvalue\na\tx\t1,200\n",
                   "s.csv:2:5:", "may have a decimal comma or a separator of thousands");
    expect_refused("variant;metric;value\na;x;1.200,5\n",
                   "s.csv:2:5:", "leave out separators of thousands");
    expect_refused("variant,metric,value\na,x,\"1,200.5\"\n",
                   "s.csv:2:5:", "leave out separators of thousands");
    expect_refused("variant,metric,value\na,x,\"0,0122\"\n",
                   "s.csv:2:5:", "is the comma a decimal one?");
    expect_refused("variant,metric,value\na,x,0,0122\n", "s.csv:2:1:",
                   "4 fields where the header has 3; if the value has a decimal comma");
}

static void files_put_together_are_told(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\na,x,1\nvariant,metric,value\nb,x,1\n",
                   "s.csv:3:16:", "the header once more");
}

static void known_units_are_brought_to_the_base_unit(void **state)
{
    (void)state;
    struct sg_session session = read_csv("variant,metric,value,unit\n"
                                         "a,t,990,ns\na,t,0.99,us\na,t,990,ns\n"
                                         "a,m,,\na,m,2,\na,m,3,KiB\na,m,4,\n"
                                         "a,r,5%,\na,r,5,%\na,r,0.05 ratio,\n");
    assert_string_equal(session.metrics[0].unit, "s");
    same_number(session.repetitions[0].values[0], 990e-9);
    same_number(session.repetitions[1].values[0], 990e-9);
    assert_string_equal(session.metrics[1].unit, "bytes");
    same_number(session.repetitions[0].values[1], NAN);
    same_number(session.repetitions[1].values[1], 2048);
    same_number(session.repetitions[2].values[1], 3072);
    same_number(session.repetitions[3].values[1], 4096);
    assert_string_equal(session.metrics[2].unit, "ratio");
    for (size_t i = 0; i < 3; i++) {
        same_number(session.repetitions[i].values[2], 0.05);
    }
    sg_session_clear(&session);
    session = read_csv("variant,metric,value\na,t,1.5ms\na,t,1500 us\n");
    same_number(session.repetitions[1].values[0], session.repetitions[0].values[0]);
    sg_session_clear(&session);
}

static void units_that_cannot_be_told_are_refused(void **state)
{
    (void)state;
    expect_refused("variant,metric,value\na,t,1ms\na,t,2us\na,t,3\n",
                   "s.csv:4:5:", "in several units");
    expect_refused("variant,metric,value\na,t,3\na,t,1ms\na,t,2us\n",
                   "s.csv:4:5:", "in several units");
    expect_refused("variant,metric,value\na,t,1ms\na,t,2MiB\n",
                   "s.csv:3:5:", "unit \"MiB\", but an earlier row of this metric says \"ms\"");
    expect_refused("variant,metric,value,unit\na,t,1ms,us\n",
                   "s.csv:2:5:", "the number is in ms, the column \"unit\" says \"us\"");
    expect_refused("variant,metric,value,unit\na,t,1,jobs\na,t,1,ms\n",
                   "s.csv:3:7:", "an earlier row of this metric says \"jobs\"");
    expect_refused("variant,metric,value,unit\na,t,1,ms\na,t,1,jobs\n",
                   "s.csv:3:7:", "an earlier row of this metric says \"ms\"");
}

static void columns_that_hold_something_else_are_told(void **state)
{
    (void)state;
    char *text = many_rows("variant,metric,value\n", "run", ",x,1\n", 101);
    expect_refused(text, "s.csv:102:1:", "more than 100 different variants: a variant is one");
    free(text);
    text = many_rows("block,variant,metric,value\n", "", ",a,x,1\n", 10001);
    expect_refused(text, "s.csv:10002:1:", "more than 10000 different blocks: a block is all");
    free(text);
    text = many_rows("variant,metric,value\n", "a,m", ",1\n", 100001);
    expect_refused(text, "s.csv:100002:3:", "more than 100000 different metrics");
    free(text);
}

static void more_results_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "variant,metric,value\n");
    for (int i = 0; i < 11000; i++) {
        sg_text_printf(&text, "v%d,m%d,1\n", i % 100, i);
    }
    expect_refused(text.data, "s.csv:", "11000 metrics of 100 variants: more than 1000000 results");
    sg_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_repetitions_in_the_order_of_their_first_rows),
        cmocka_unit_test(the_kth_row_of_each_metric_is_of_the_kth_repetition),
        cmocka_unit_test(an_empty_value_is_missing_in_just_that_repetition),
        cmocka_unit_test(a_repetition_column_names_the_repetition),
        cmocka_unit_test(columns_may_stand_in_any_order_and_block_may_lack),
        cmocka_unit_test(line_ends_byte_order_mark_and_empty_lines_do_not_matter),
        cmocka_unit_test(quoted_fields_hold_commas_quotes_and_lines),
        cmocka_unit_test(positions_count_characters_and_lines_inside_quotes),
        cmocka_unit_test(numbers_are_plain_decimals),
        cmocka_unit_test(the_header_must_name_known_columns),
        cmocka_unit_test(rows_must_have_as_many_fields_as_the_header),
        cmocka_unit_test(names_must_say_something),
        cmocka_unit_test(broken_quoting_is_refused_where_it_is),
        cmocka_unit_test(what_is_not_utf8_text_is_refused),
        cmocka_unit_test(endless_records_are_refused),
        cmocka_unit_test(more_repetitions_than_the_limit_are_refused),
        cmocka_unit_test(more_numbers_than_the_limit_are_refused_before_they_are_stored),
        cmocka_unit_test(rows_of_any_order_fill_the_same_repetitions),
        cmocka_unit_test(a_second_row_of_a_named_repetition_is_told_by_its_line),
        cmocka_unit_test(columns_may_describe_the_metric),
        cmocka_unit_test(rows_must_agree_on_their_metric),
        cmocka_unit_test(spreadsheets_leave_rows_and_columns_without_content),
        cmocka_unit_test(blanks_around_fields_do_not_matter),
        cmocka_unit_test(the_header_tells_the_separator),
        cmocka_unit_test(a_decimal_comma_is_read_where_it_is_certain),
        cmocka_unit_test(files_put_together_are_told),
        cmocka_unit_test(known_units_are_brought_to_the_base_unit),
        cmocka_unit_test(units_that_cannot_be_told_are_refused),
        cmocka_unit_test(columns_that_hold_something_else_are_told),
        cmocka_unit_test(more_results_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
