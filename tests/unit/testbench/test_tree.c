/* SPDX-License-Identifier: Apache-2.0 */
/* Which files a script needs, and the folder that holds all of them. */
#include "unit/testbench/help.h"

#include <unistd.h>

#include "testbench/internal.h"

static char *work;
static struct sg_tree tree;

static int set_up(void **state)
{
    (void)state;
    work = folder_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sg_tree_clear(&tree);
    folder_delete(work);
    return 0;
}

static char *put(const char *name, const char *text)
{
    char *path = sg_path_join(work, name);
    char *folder = sg_path_folder(path);
    struct sg_error err = {0};
    assert_true(sg_folder_make(folder, &err) && sg_file_write(path, text, strlen(text), &err));
    free(folder);
    return path;
}

static void add(const char *name, const char *text)
{
    free(put(name, text));
}

static void find(const char *script, const char *listed)
{
    char *path = sg_path_join(work, script);
    char *more = listed != NULL ? sg_path_join(work, listed) : NULL;
    char *list[] = {more, NULL};
    struct sg_error err = {0};
    if (!sg_tree_find(path, more != NULL ? list : NULL, &tree, &err)) {
        fail_msg("%s", err.text);
    }
    free(more);
    free(path);
}

static bool has(const char *place)
{
    for (size_t i = 0; i < tree.files.count; i++) {
        if (sg_streq(sg_tree_place(&tree, i), place)) {
            return true;
        }
    }
    return false;
}

static void a_script_alone_lies_at_the_root(void **state)
{
    (void)state;
    add("load.js", "export default function () {}");
    find("load.js", NULL);
    assert_int_equal(tree.files.count, 1);
    assert_string_equal(sg_tree_place(&tree, 0), "load.js");
}

static void whatever_is_named_in_quotes_and_there_comes_along(void **state)
{
    (void)state;
    add("load.js",
        "import a from './lib/a.mjs'; const b = require(\"./b.cjs\"); open(`users.json`); "
        "'./not-there.js'; 'k6/http'; it's; open('./lib')");
    add("lib/a.mjs", "export { c } from './c.ts'; open('data/words.txt')");
    add("lib/c.ts", "");
    add("lib/unnamed.js", "");
    add("b.cjs", "");
    add("users.json", "'./lib/unnamed.js'");
    add("data/words.txt", "");
    find("load.js", NULL);
    assert_true(has("lib/a.mjs") && has("lib/c.ts") && has("b.cjs") && has("users.json"));
    assert_true(has("data/words.txt")); /* opened from the script's folder */
    assert_int_equal(tree.files.count, 6);
}

/* gRPC: beside the script, in the folders that the script names, and what they import from there.
 */
static void protocol_files_come_with_what_they_import(void **state)
{
    (void)state;
    add("perf/load.js", "client.load(['../proto', \"defs\"], 'shop/cart.proto', 'beside.proto')");
    add("perf/beside.proto", "");
    add("perf/defs/unnamed.proto", "");
    add("proto/shop/cart.proto", "syntax = \"proto3\";\nimport \"shop/item.proto\";");
    add("proto/shop/item.proto", "");
    find("perf/load.js", NULL);
    assert_true(has("proto/shop/cart.proto") && has("proto/shop/item.proto"));
    assert_true(has("perf/beside.proto"));
    assert_int_equal(tree.files.count, 4);
}

static void files_above_the_script_move_the_root_up(void **state)
{
    (void)state;
    add("perf/tests/load.js", "import '../../lib/url.js'; import './url.js';");
    add("perf/tests/url.js", "");
    add("lib/url.js", "");
    find("perf/more/.././tests/load.js", "lib/..");
    assert_string_equal(sg_tree_place(&tree, 0), "perf/tests/load.js");
    assert_true(has("lib/url.js") && has("perf/tests/url.js"));
    assert_int_equal(tree.files.count, 3); /* those of the listed folder are the same ones */
}

/* "ab" is no folder above "abc". */
static void a_name_that_begins_alike_is_another_folder(void **state)
{
    (void)state;
    add("ab/load.js", "import '../abc/x.js'");
    add("abc/x.js", "");
    find("ab/load.js", NULL);
    assert_true(has("ab/load.js") && has("abc/x.js"));
}

static void modules_that_name_each_other_come_once(void **state)
{
    (void)state;
    add("a.js", "import './b.js'");
    add("b.js", "import './a.js'; import './b.js'");
    find("a.js", NULL);
    assert_int_equal(tree.files.count, 2);
}

static void a_listed_folder_comes_with_all_that_is_below(void **state)
{
    (void)state;
    add("load.js", "");
    add("node_modules/p/index.js", "");
    add("node_modules/p/data/x.bin", "");
    add("node_modules/p/.git/config", "");
    find("load.js", "node_modules");
    assert_true(has("node_modules/p/index.js") && has("node_modules/p/data/x.bin"));
    assert_int_equal(tree.files.count, 3);
}

static void a_folder_that_leads_into_itself_is_refused(void **state)
{
    (void)state;
    struct sg_error err = {0};
    add("more/x", "");
    char *script = put("load.js", "");
    char *folder = sg_path_join(work, "more");
    char *link = sg_path_join(work, "more/again");
    char *list[] = {folder, NULL};
    assert_int_equal(symlink(folder, link), 0);
    assert_false(sg_tree_find(script, list, &tree, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    free(link);
    free(folder);
    free(script);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_script_alone_lies_at_the_root),
        TEST(whatever_is_named_in_quotes_and_there_comes_along),
        TEST(protocol_files_come_with_what_they_import),
        TEST(files_above_the_script_move_the_root_up),
        TEST(a_name_that_begins_alike_is_another_folder),
        TEST(modules_that_name_each_other_come_once),
        TEST(a_listed_folder_comes_with_all_that_is_below),
        TEST(a_folder_that_leads_into_itself_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
