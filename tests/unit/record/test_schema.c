/* SPDX-License-Identifier: Apache-2.0 */
/* The published JSON Schemas against the tables that reading and writing walk: the same fields,
 * the same required ones, the same words. */
#include "unit/record/full.h"

#include "base/file.h"
#include "record/fields.h"
#include "record/series.h"
#include "json/json.h"

static struct sg_json *read_schema(const char *name)
{
    char *path = sg_format(SG_TESTS_DIR "/../schema/%s", name);
    struct sg_error err = {0};
    char *text = NULL;
    size_t size = 0;
    assert_true(sg_file_read(path, 1 << 20, &text, &size, &err));
    struct sg_json *json = sg_json_parse(text, size, path, &err);
    if (json == NULL) {
        fail_msg("%s", err.text);
    }
    free(text);
    free(path);
    return json;
}

/* Follows {"$ref": "#/$defs/NAME"}. */
static const struct sg_json *resolve(const struct sg_json *root, const struct sg_json *json)
{
    const char *ref = sg_json_string(sg_json_get(json, "$ref"), NULL);
    if (ref == NULL) {
        return json;
    }
    assert_memory_equal(ref, "#/$defs/", 8);
    const struct sg_json *found = sg_json_get(sg_json_get(root, "$defs"), ref + 8);
    assert_non_null(found);
    return found;
}

static bool lists(const struct sg_json *array, const char *word)
{
    for (const struct sg_json *item = sg_json_first(array); item != NULL;
         item = sg_json_next(item)) {
        if (strcmp(sg_json_string(item, ""), word) == 0) {
            return true;
        }
    }
    return false;
}

static void check_table(const struct sg_json *root, const struct sg_json *schema,
                        const struct sg_table *table, const char *const *extra);

static const char *const nothing[] = {NULL};
static const char *const values_only[] = {"values", NULL};

static void check_field(const struct sg_json *root, const struct sg_json *schema,
                        const struct sg_field *field)
{
    const struct sg_json *property = sg_json_get(sg_json_get(schema, "properties"), field->key);
    if (property == NULL) {
        fail_msg("no property %s", field->key);
    }
    property = resolve(root, property);
    bool required = lists(sg_json_get(schema, "required"), field->key);
    if (required != (field->presence == SG_REQUIRED)) {
        fail_msg("%s is required in one of them only", field->key);
    }
    if (field->kind == SG_FIELD_ENUM) {
        const struct sg_json *word = sg_json_first(sg_json_get(property, "enum"));
        for (size_t i = 0; field->names[i] != NULL; i++) {
            assert_string_equal(sg_json_string(word, ""), field->names[i]);
            word = sg_json_next(word);
        }
        assert_true(word == NULL || sg_json_is_null(word));
    } else if (field->kind == SG_FIELD_OBJECT) {
        check_table(root, property, field->table, nothing);
    } else if (field->kind == SG_FIELD_ARRAY) {
        check_table(root, resolve(root, sg_json_get(property, "items")), field->table, nothing);
    }
}

static bool is_extra(const char *key, const char *const *extra)
{
    for (; *extra != NULL; extra++) {
        if (strcmp(*extra, key) == 0) {
            return true;
        }
    }
    return false;
}

static void check_table(const struct sg_json *root, const struct sg_json *schema,
                        const struct sg_table *table, const char *const *extra)
{
    for (size_t i = 0; i < table->count; i++) {
        check_field(root, schema, &table->fields[i]);
    }
    size_t extras = 0;
    const struct sg_json *properties = sg_json_get(schema, "properties");
    for (const struct sg_json *property = sg_json_first(properties); property != NULL;
         property = sg_json_next(property)) {
        extras += is_extra(sg_json_key(property), extra);
    }
    assert_int_equal(sg_json_count(properties), table->count + extras);
}

static void the_session_schema_has_the_fields_of_the_tables(void **state)
{
    (void)state;
    static const char *const extra[] = {"schema", "repetitions", NULL};
    struct sg_json *root = read_schema("session.schema.json");
    check_table(root, root, &sg_session_table, extra);
    check_table(root, sg_json_get(sg_json_get(root, "$defs"), "repetition"), &sg_repetition_table,
                values_only);
    sg_json_free(root);
}

static void the_samples_schema_has_the_fields_of_the_tables(void **state)
{
    (void)state;
    static const char *const extra[] = {"schema", "tool", "repetitions", NULL};
    struct sg_json *root = read_schema("samples.schema.json");
    check_table(root, root, &sg_samples_table, extra);
    sg_json_free(root);
}

static void the_baseline_schema_stores_sessions(void **state)
{
    (void)state;
    struct sg_json *root = read_schema("baseline.schema.json");
    const struct sg_json *defs = sg_json_get(root, "$defs");
    const struct sg_json *session = sg_json_get(defs, "session");
    check_table(root, sg_json_get(defs, "repetition"), &sg_repetition_table, values_only);
    for (size_t i = 0; i < sg_session_table.count; i++) {
        const char *key = sg_session_table.fields[i].key;
        if (sg_json_get(sg_json_get(session, "properties"), key) == NULL) {
            fail_msg("no property %s", key);
        }
    }
    sg_json_free(root);
}

static void the_series_schema_has_the_fields_of_the_table_and_the_curves(void **state)
{
    (void)state;
    static const char *const extra[] = {"schema", "cpu", "memory", "latency", NULL};
    struct sg_json *root = read_schema("series.schema.json");
    const struct sg_json *curve = sg_json_get(sg_json_get(root, "$defs"), "curve");
    check_table(root, root, &sg_series_table, extra);
    assert_int_equal(sg_json_number(sg_json_get(curve, "maxItems"), 0), SG_POINTS_MAX);
    sg_json_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_session_schema_has_the_fields_of_the_tables),
        cmocka_unit_test(the_samples_schema_has_the_fields_of_the_tables),
        cmocka_unit_test(the_baseline_schema_stores_sessions),
        cmocka_unit_test(the_series_schema_has_the_fields_of_the_table_and_the_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
