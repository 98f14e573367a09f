/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 against the examples that NIST publishes for FIPS 180-4 (and the empty message of its
 * CAVP short messages); FNV-1a against the vectors of its authors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void expect_sha256(const void *bytes, size_t count, const char *hex)
{
    char out[65];
    sg_sha256_hex(bytes, count, out);
    assert_string_equal(out, hex);
}

static void the_empty_message_has_its_digest(void **state)
{
    (void)state;
    expect_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void one_block_has_its_digest(void **state)
{
    (void)state;
    expect_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void two_blocks_have_their_digest(void **state)
{
    (void)state;
    static const char message[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    expect_sha256(message, strlen(message),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_message_of_112_bytes_has_its_digest(void **state)
{
    (void)state;
    static const char message[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                                  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    expect_sha256(message, strlen(message),
                  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

static void a_million_letters_have_their_digest(void **state)
{
    (void)state;
    size_t count = 1000000;
    char *message = malloc(count);
    assert_non_null(message);
    memset(message, 'a', count);
    expect_sha256(message, count,
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(message);
}

static void fnv_gives_its_authors_vectors(void **state)
{
    (void)state;
    assert_true(sg_hash("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(sg_hash("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(sg_hash("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_message_has_its_digest),
        cmocka_unit_test(one_block_has_its_digest),
        cmocka_unit_test(two_blocks_have_their_digest),
        cmocka_unit_test(a_message_of_112_bytes_has_its_digest),
        cmocka_unit_test(a_million_letters_have_their_digest),
        cmocka_unit_test(fnv_gives_its_authors_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
