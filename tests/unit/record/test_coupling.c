/* SPDX-License-Identifier: Apache-2.0 */
/* The file of measured couplings: found again under the same hard facts, and only there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "record/coupling.h"

static char *path_in_new_folder(void)
{
    char folder[] = "/tmp/svcgate-coupling-XXXXXX";
    assert_non_null(mkdtemp(folder));
    return sg_path_join(folder, "sub/coupling.json");
}

static struct sg_session machine(const char *kernel, const char *host)
{
    struct sg_session s = {.created = sg_strdup("2026-11-25T00:00:00Z")};
    sg_session_add_fact(&s, "kernel", kernel, true);
    sg_session_add_fact(&s, "host", host, false);
    return s;
}

static void keep(const char *path, const char *kernel, double limit)
{
    struct sg_error err = {0};
    struct sg_session s = machine(kernel, "a");
    const struct sg_couplings found = {{-0.1, limit}, {0.01, limit / 4}, {0.02, limit / 8}};
    assert_true(sg_coupling_keep(path, &s, &found, &err));
    sg_session_clear(&s);
}

/* NaN: not found */
static double find(const char *path, const char *kernel, const char *host)
{
    struct sg_session s = machine(kernel, host);
    struct sg_couplings found;
    bool known = sg_coupling_find(path, &s, &found);
    assert_int_equal(known, !isnan(found.generator.limit));
    assert_int_equal(known, found.generator.h < 0);
    assert_int_equal(known, found.core.limit * 4 >= found.generator.limit);
    assert_int_equal(known, found.cache.limit * 8 >= found.generator.limit);
    sg_session_clear(&s);
    return found.generator.limit;
}

static void what_was_kept_is_found_under_the_same_hard_facts(void **state)
{
    (void)state;
    char *path = path_in_new_folder();
    keep(path, "6.1", 0.25);
    keep(path, "6.2", 0.5);
    assert_true(find(path, "6.1", "another host") == 0.25);
    assert_true(find(path, "6.2", "a") == 0.5);
    assert_true(isnan(find(path, "6.3", "a")));
    free(path);
}

static void a_second_measurement_takes_the_place_of_the_first(void **state)
{
    (void)state;
    char *path = path_in_new_folder();
    keep(path, "6.1", 0.25);
    keep(path, "6.1", 0.125);
    assert_true(find(path, "6.1", "a") == 0.125);
    free(path);
}

static void the_oldest_of_many_go(void **state)
{
    (void)state;
    char *path = path_in_new_folder();
    for (int i = 0; i < 40; i++) {
        char kernel[16];
        (void)snprintf(kernel, sizeof(kernel), "6.%d", i);
        keep(path, kernel, 0.01 * i);
    }
    assert_true(isnan(find(path, "6.7", "a")));
    assert_true(find(path, "6.8", "a") == 0.08);
    assert_true(find(path, "6.39", "a") == 0.39);
    free(path);
}

static void no_file_or_a_broken_one_is_no_measurement_and_is_written_anew(void **state)
{
    (void)state;
    char *path = path_in_new_folder();
    struct sg_error err = {0};
    assert_true(isnan(find(path, "6.1", "a")));
    keep(path, "6.1", 0.25);
    assert_true(sg_file_write(path, "{\"schema\": \"other/1\"}", 21, &err));
    assert_true(isnan(find(path, "6.1", "a")));
    keep(path, "6.1", 0.5);
    assert_true(find(path, "6.1", "a") == 0.5);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_found_under_the_same_hard_facts),
        cmocka_unit_test(a_second_measurement_takes_the_place_of_the_first),
        cmocka_unit_test(the_oldest_of_many_go),
        cmocka_unit_test(no_file_or_a_broken_one_is_no_measurement_and_is_written_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
