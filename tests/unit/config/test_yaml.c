/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile and broken YAML: each is refused with its place, and none of it costs time or memory. */
#include "helper.h"

#include "base/text.h"

static void aliases_and_anchors_are_refused(void **state)
{
    (void)state;
    refuse("version: 1\nreference: &a base\n",
           "svcgate.yaml:2:12: anchors, aliases and tags are not supported; write the value out "
           "instead");
    refuse("version: 1\nreference: *a\n",
           "svcgate.yaml:2:12: anchors, aliases and tags are not supported; write the value out "
           "instead");
    refuse("version: 1\n&k reference: a\n",
           "svcgate.yaml:2:1: anchors, aliases and tags are not supported; write the value out "
           "instead");
}

static void an_alias_bomb_is_refused_at_its_first_anchor(void **state)
{
    (void)state;
    struct sg_text bomb = {0};
    sg_text_add(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
        sg_text_printf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                       i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    refuse(bomb.data, "svcgate.yaml:1:5: anchors, aliases and tags are not supported; write the "
                      "value out instead");
    sg_text_free(&bomb);
}

static void tags_are_refused(void **state)
{
    (void)state;
    refuse("version: !!int 1\n", "svcgate.yaml:1:10: anchors, aliases and tags are not supported; "
                                 "write the value out instead");
    refuse("--- !<tag:example.org,2000:x>\nversion: 1\n",
           "svcgate.yaml:1:5: anchors, aliases and tags are not supported; write the value out "
           "instead");
}

static void merge_keys_are_refused(void **state)
{
    (void)state;
    refuse("version: 1\nload:\n  <<: {rate: 1/s}\n",
           "svcgate.yaml:3:3: merge keys (<<) are not supported; write the keys out instead");
}

static void a_key_given_twice_names_both_lines(void **state)
{
    (void)state;
    refuse("version: 1\nload:\n  rate: 1/s\n  vus: 3\n  rate: 2/s\n",
           "svcgate.yaml:5:3: \"rate\" is given twice; first on line 3");
    refuse("version: 1\n\"version\": 1\n",
           "svcgate.yaml:2:1: \"version\" is given twice; first on line 1");
}

static void keys_must_be_words(void **state)
{
    (void)state;
    refuse("? [a, b]\n: c\n", "svcgate.yaml:1:3: a key must be a single word");
    refuse("{{a: b}: c}\n", "svcgate.yaml:1:2: a key must be a single word");
}

static void a_second_document_is_refused(void **state)
{
    (void)state;
    refuse("version: 1\n---\nversion: 1\n",
           "svcgate.yaml:2:1: a second document; a configuration is one document");
}

static void deep_nesting_is_refused_early(void **state)
{
    (void)state;
    size_t depth = 100000;
    char *text = sg_alloc(depth + 1, 1);
    memset(text, '[', depth);
    refuse(text, "svcgate.yaml:1:14: nested too deeply for a configuration");
    for (size_t i = 0; i < depth; i++) {
        text[i] = "{a: "[i % 4];
    }
    refuse(text, "svcgate.yaml:1:53: nested too deeply for a configuration");
    free(text);
}

static void too_many_values_are_refused(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "version: 1\nload: {files: [");
    for (int i = 0; i < 20000; i++) {
        sg_text_add(&text, "a,");
    }
    sg_text_add(&text, "]}\n");
    refuse(text.data, "svcgate.yaml:2:10008: too many values for a configuration");
    sg_text_free(&text);
}

static void more_than_a_mebibyte_is_refused_unread(void **state)
{
    (void)state;
    size_t size = (size_t)2 << 20;
    char *text = sg_alloc(size + 1, 1);
    memset(text, '#', size);
    refuse(text, "svcgate.yaml: larger than 1 MiB: not a configuration");
    free(text);
}

static void a_mebibyte_of_comments_is_read(void **state)
{
    (void)state;
    struct sg_text text = {0};
    sg_text_add(&text, "version: 1\n");
    while (text.size < (size_t)1 << 20) {
        sg_text_add(&text, "#");
    }
    struct sg_config config = parse(text.data, "");
    sg_config_clear(&config);
    sg_text_free(&text);
}

static void nul_characters_are_refused(void **state)
{
    (void)state;
    refuse_bytes("version: 1\nref\0erence: b\n", 25, "svcgate.yaml:2:4: a NUL character");
    refuse_bytes("version: 1\0", 11, "svcgate.yaml:1:11: a NUL character");
    refuse("version: 1\nreference: \"a\\0b\"\n",
           "svcgate.yaml:2:12: a NUL character inside a text");
    refuse("version: 1\n\"ref\\0erence\": a\n", "svcgate.yaml:2:1: a NUL character inside a text");
}

static void broken_utf8_is_refused_where_it_breaks(void **state)
{
    (void)state;
    refuse("version: 1\n# \xff\n", "svcgate.yaml:2:3: not UTF-8 text");
    refuse("# \xc3\xbc\xc3\n", "svcgate.yaml:1:4: not UTF-8 text");
    refuse("# \xc0\x80\n", "svcgate.yaml:1:3: not UTF-8 text");         /* overlong NUL */
    refuse("# \xe0\x80\x80\n", "svcgate.yaml:1:3: not UTF-8 text");     /* overlong */
    refuse("# \xed\xa0\x80\n", "svcgate.yaml:1:3: not UTF-8 text");     /* a surrogate */
    refuse("# \xf4\x90\x80\x80\n", "svcgate.yaml:1:3: not UTF-8 text"); /* beyond U+10FFFF */
    refuse("# \xf0\x8f\x80\x80\n", "svcgate.yaml:1:3: not UTF-8 text");
    refuse("# \xe2\x82", "svcgate.yaml:1:3: not UTF-8 text"); /* cut at the end */
    refuse("\xff\xfe", "svcgate.yaml:1:1: not UTF-8 text");   /* UTF-16's mark */
}

static void tabs_as_indentation_are_refused(void **state)
{
    (void)state;
    refuse("version: 1\nservice:\n\tport: 80\n",
           "svcgate.yaml:3:1: not YAML: tab character may not be used as indentation");
}

static void broken_syntax_has_its_place(void **state)
{
    (void)state;
    refuse("version: 1\nplan: { seed: 1\n",
           "svcgate.yaml:3:1: not YAML: missing comma in flow mapping");
    refuse("version: b: c\n",
           "svcgate.yaml:1:11: not YAML: invalid nested block mapping on the same line");
    refuse("version: \"1\n",
           "svcgate.yaml:1:11: not YAML: double-quoted scalar without closing quote");
}

static void nothing_is_refused(void **state)
{
    (void)state;
    refuse("", "svcgate.yaml:1:1: the file is empty; start with version: 1");
    refuse("\n\n# only words\n", "svcgate.yaml:1:1: the file is empty; start with version: 1");
    refuse("---\n", "svcgate.yaml:1:1: configuration: expected a mapping that starts with version: "
                    "1, found nothing");
}

static void a_byte_order_mark_and_windows_line_ends_are_read(void **state)
{
    (void)state;
    struct sg_config config = parse("\xef\xbb\xbfversion: 1\r\nservice:\r\n  port: 80\r\n", "");
    assert_int_equal(config.port, 80);
    sg_config_clear(&config);
}

static void columns_count_characters_not_bytes(void **state)
{
    (void)state;
    refuse("version: 1\nservice: {ready: \"/ü\", port: 0}\n",
           "svcgate.yaml:2:30: port: expected a port from 1 to 65535, found the number \"0\"");
}

static void quotes_in_single_quotes_are_read_or_refused(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"'it''s'", "it's"},           {"'''a'''", "'a'"}, {"'a''b''c d''e'", "a'b'c d'e"},
        {"'{x=\"''\"}'", "{x=\"'\"}"}, {"''''", "'"},      {"\"''''''\"", "''''''"}};
    for (size_t i = 0; i < SG_COUNT(good); i++) {
        char *text = sg_format("\xef\xbb\xbfversion: 1\nreference: %s\n", good[i][0]);
        struct sg_config config = parse(text, "");
        assert_string_equal(config.reference, good[i][1]);
        sg_config_clear(&config);
        free(text);
    }
    static const char *const bad[] = {"'a''''b'", "''''''", "'''''b'", "'b'''''"};
    for (size_t i = 0; i < SG_COUNT(bad); i++) {
        char *text = sg_format("\xef\xbb\xbfversion: 1\nreference: %s\n", bad[i]);
        refuse(text, "svcgate.yaml:2:12: several quotes in a row inside single quotes are not read "
                     "well; write this text in double quotes");
        free(text);
    }
}

static void texts_over_several_lines_are_read_as_yaml_says(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"|\n  a\n    b\n\n  c\n", "a\n  b\n\nc\n"},
        {"|-\n  a\n\n", "a"},
        {"|+\n  a\n\n", "a\n\n"},
        {">\n  a\n  b\n\n  c\n", "a b\nc\n"},
        {">-\n  a\n    b\n  c\n", "a\n  b\nc"},
        {"\"a\n  b\\\n  c\\td\"\n", "a bc\td"},
        {"'a\n\n  b''c'\n", "a\nb'c"},
        {"a\n  b\n", "a b"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char *text = sg_format("version: 1\nreference: %s", cases[i][0]);
        struct sg_config config = parse(text, "");
        assert_string_equal(config.reference, cases[i][1]);
        sg_config_clear(&config);
        free(text);
    }
}

static void messages_carry_no_control_characters(void **state)
{
    (void)state;
    refuse(
        "version: 1\nservice: {ready: \"\\e[31m\\nred\"}\n",
        "svcgate.yaml:2:18: ready: expected a path such as /healthz, or tcp, found \"?[31m?red\"");
    refuse("version: 1\n\"\\e[31m\": x\n",
           "svcgate.yaml:2:1: unknown key \"?[31m\"; known are version, service, variants, "
           "reference, load, plan, metrics, gates, waivers, baseline, policy, adjust, report, "
           "testbench");
    refuse("version: 1\nvariants: {\"\\e[31m\": x}\n",
           "svcgate.yaml:2:12: \"?[31m\" is no name for a variant; use a-z, 0-9, \"_\", \".\" and "
           "\"-\", at most 63, a letter or digit first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aliases_and_anchors_are_refused),
        cmocka_unit_test(an_alias_bomb_is_refused_at_its_first_anchor),
        cmocka_unit_test(tags_are_refused),
        cmocka_unit_test(merge_keys_are_refused),
        cmocka_unit_test(a_key_given_twice_names_both_lines),
        cmocka_unit_test(keys_must_be_words),
        cmocka_unit_test(a_second_document_is_refused),
        cmocka_unit_test(deep_nesting_is_refused_early),
        cmocka_unit_test(too_many_values_are_refused),
        cmocka_unit_test(more_than_a_mebibyte_is_refused_unread),
        cmocka_unit_test(a_mebibyte_of_comments_is_read),
        cmocka_unit_test(nul_characters_are_refused),
        cmocka_unit_test(broken_utf8_is_refused_where_it_breaks),
        cmocka_unit_test(tabs_as_indentation_are_refused),
        cmocka_unit_test(broken_syntax_has_its_place),
        cmocka_unit_test(nothing_is_refused),
        cmocka_unit_test(a_byte_order_mark_and_windows_line_ends_are_read),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(quotes_in_single_quotes_are_read_or_refused),
        cmocka_unit_test(texts_over_several_lines_are_read_as_yaml_says),
        cmocka_unit_test(messages_carry_no_control_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
