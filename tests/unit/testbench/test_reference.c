/* SPDX-License-Identifier: Apache-2.0 */
/* Which texts of a file may go to the engine as an image. */
#include "unit/testbench/help.h"

#include "testbench/testbench.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "sha256:" HEX

static void names_with_a_digest_and_ids_are_exact(void **state)
{
    (void)state;
    static const char *const right[] = {
        DIGEST,
        "api@" DIGEST,
        "shop/api@" DIGEST,
        "localhost:5000/shop/api@" DIGEST,
        "registry.example.com/a/b/c_d--e.f@" DIGEST,
        "0/1@" DIGEST,
    };
    for (size_t i = 0; i < SG_COUNT(right); i++) {
        if (!sg_image_is_exact(right[i])) {
            fail_msg("%s is refused", right[i]);
        }
    }
}

static void all_else_is_not(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "@",
        "shop/api",
        "shop/api:main",
        "shop/api:main@" DIGEST, /* a tag: the engine knows digests by the name alone */
        "api:5000@" DIGEST,
        HEX,
        "sha256:" HEX "0",
        "sha256:0123",
        "SHA256:" HEX,
        "sha512:" HEX,
        "sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "shop/api@sha256:0123",
        "shop/api@" DIGEST "@" DIGEST,
        "shop/api@" DIGEST "\n",
        "@" DIGEST,
        "/api@" DIGEST,
        "shop/@" DIGEST,
        "shop//api@" DIGEST,
        "shop/../api@" DIGEST,
        "-shop@" DIGEST,
        "--all@" DIGEST,
        "shop/-api@" DIGEST,
        "shop api@" DIGEST,
        "shop/api?x=@" DIGEST,
        "http://shop/api@" DIGEST,
        "host:/api@" DIGEST,
        "host:123456/api@" DIGEST,
        "host:5a/api@" DIGEST,
        "Shop/api@" DIGEST,
        "$HOME/api@" DIGEST,
        "sh\xc3\xb6p/api@" DIGEST,
    };
    for (size_t i = 0; i < SG_COUNT(wrong); i++) {
        if (sg_image_is_exact(wrong[i])) {
            fail_msg("%s is taken", wrong[i]);
        }
    }
}

static void a_name_ends_somewhere(void **state)
{
    (void)state;
    char *longest = sg_format("%0255d@" DIGEST, 0);
    char *longer = sg_format("%0256d@" DIGEST, 0);
    assert_true(sg_image_is_exact(longest));
    assert_false(sg_image_is_exact(longer));
    free(longest);
    free(longer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_with_a_digest_and_ids_are_exact),
        cmocka_unit_test(all_else_is_not),
        cmocka_unit_test(a_name_ends_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
