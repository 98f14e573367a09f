/* SPDX-License-Identifier: Apache-2.0 */
/* The password of Prometheus and Grafana: no two alike, in what asks for it and in what is shown.
 */
#include "unit/testbench/help.h"

#include "testbench/internal.h"

static void a_secret_is_128_bits_and_no_other_session_has_it(void **state)
{
    (void)state;
    char *first = NULL;
    char *second = NULL;
    struct sg_error err = {0};
    assert_true(sg_secret_make(&first, &err));
    assert_true(sg_secret_make(&second, &err));
    assert_int_equal(strlen(first), 32);
    assert_int_equal(strspn(first, "0123456789abcdef"), 32);
    assert_string_not_equal(first, second);
    free(second);
    free(first);
}

static void prometheus_is_told_its_hash_alone(void **state)
{
    (void)state;
    char *web = sg_secret_web("0123456789abcdef0123456789abcdef");
    assert_string_equal(
        web, "basic_auth_users:\n"
             "  svcgate: $2b$04$......................xFh/JVbxLYECR3hXrrFgtNVSGxJLwtG\n");
    free(web);
}

static void it_is_asked_with_it_and_shown_without(void **state)
{
    (void)state;
    char *url = sg_secret_url("http://[fd00::2]:9090", "abc");
    char *shown = sg_secret_hide(url);
    assert_string_equal(url, "http://svcgate:abc@[fd00::2]:9090");
    assert_string_equal(shown, "http://[fd00::2]:9090");
    free(shown);
    free(url);
}

static void without_one_an_address_stays_as_it_is(void **state)
{
    (void)state;
    char *url = sg_secret_url("http://127.0.0.1:9090", NULL);
    char *shown = sg_secret_hide(url);
    assert_string_equal(url, "http://127.0.0.1:9090");
    assert_string_equal(shown, "http://127.0.0.1:9090");
    free(shown);
    free(url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_128_bits_and_no_other_session_has_it),
        cmocka_unit_test(prometheus_is_told_its_hash_alone),
        cmocka_unit_test(it_is_asked_with_it_and_shown_without),
        cmocka_unit_test(without_one_an_address_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
