/* SPDX-License-Identifier: Apache-2.0 */
/* The next page of a list, as GitHub's and GitLab's headers name it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forge/internal.h"

#include <stdlib.h>

#define PATH "/repos/shop/api/issues/7/comments?per_page=100"

static void expect(const char *link, const char *next_page, const char *expected)
{
    char *next = sg_next_page(link, next_page, PATH);
    if (expected)
        assert_string_equal(next, expected);
    else
        assert_null(next);
    free(next);
}

static void the_query_of_the_next_link_is_taken(void **state)
{
    (void)state;
    expect("<https://api.github.com/x?per_page=100&page=2>; rel=\"next\"", NULL,
           "per_page=100&page=2");
    expect("<https://h/?page=1>; rel=\"prev\", <https://h/?page=3>; rel=\"next\", "
           "<https://h/?page=9>; rel=\"last\"",
           NULL, "page=3");
    expect("<https://h/?cursor=a,b%3D>; title=\"x\"; rel=next", NULL, "cursor=a,b%3D");
}

static void only_the_query_is_taken_from_the_server(void **state)
{
    (void)state;
    expect("<https://evil.example/elsewhere?page=2>; rel=\"next\"", NULL, "page=2");
    expect("<https://evil.example/elsewhere>; rel=\"next\"", NULL, NULL);
    expect("<https://h/?page=2#x>; rel=\"next\"", NULL, NULL);
    expect("<https://h/?page=2 HTTP/1.1>; rel=\"next\"", NULL, NULL);
    expect("<https://h/?page=\x01>; rel=\"next\"", NULL, NULL);
}

static void a_page_number_is_laid_over_the_own_query(void **state)
{
    (void)state;
    expect(NULL, "2", "per_page=100&page=2");
    expect(NULL, "", NULL);
    expect(NULL, "2&x=y", NULL);
    expect(NULL, "-1", NULL);
}

static void the_last_page_names_none(void **state)
{
    (void)state;
    expect(NULL, NULL, NULL);
    expect("", NULL, NULL);
    expect("<https://h/?page=1>; rel=\"first\"", NULL, NULL);
    expect("<https://h/?page=1", NULL, NULL);
    expect("rel=\"next\"", NULL, NULL);
    expect("<>; rel=\"next\"", NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_query_of_the_next_link_is_taken),
        cmocka_unit_test(only_the_query_is_taken_from_the_server),
        cmocka_unit_test(a_page_number_is_laid_over_the_own_query),
        cmocka_unit_test(the_last_page_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
