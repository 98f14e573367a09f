/* SPDX-License-Identifier: Apache-2.0 */
/* Before 1.7.19 (or a distribution's own mend) cJSON reads no number of more than 63 characters:
 * the text is at fault then, and not the memory. Here it reads nothing at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "json/json.h"

struct cJSON;
struct cJSON *cJSON_ParseWithLength(const char *text, size_t size);
struct cJSON *cJSON_ParseWithLength(const char *text, size_t size)
{
    (void)text;
    (void)size;
    return NULL;
}

static void a_number_that_is_too_long_for_it_is_told_with_its_place(void **state)
{
    (void)state;
    char text[256];
    struct sg_error err = {0};
    (void)snprintf(text, sizeof(text), "{\"a\": \"%070d\",\n \"b\": [1, -0.%061d]}", 1, 1);
    assert_null(sg_json_parse(text, strlen(text), "t.json", &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text,
                        "t.json:2:11: this number has more than 63 characters, which the cJSON "
                        "that is installed cannot read");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_is_too_long_for_it_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
