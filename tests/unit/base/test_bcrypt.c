/* SPDX-License-Identifier: Apache-2.0 */
/* bcrypt against hashes of another implementation, crypt(3) of libxcrypt 4.4.33. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bcrypt.h"

static const unsigned char mixed[16] = {0x00, 0x10, 0x83, 0x11, 0xc7, 0x5e, 0x65, 0xa6,
                                        0xf3, 0xd3, 0x5d, 0xb7, 0xfb, 0xf0, 0x00, 0x00};
#define MIXED "$2b$05$./ABCabcXYZxyz0189...."

static void assert_hash(const char *password, const unsigned char *salt, unsigned cost,
                        const char *expected)
{
    char out[SG_BCRYPT_SIZE];
    sg_bcrypt(password, salt, cost, out);
    assert_string_equal(out, expected);
}

static void equals_crypt_for_passwords_of_all_lengths(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", MIXED "FARW2eAhA5xUJWQH9L6hR50.3TDxakO"},
        {"a", MIXED "etRGeq75xer/hBDBbmotlEue1FAJmNO"},
        {"test", MIXED "UtcvVvB8uFQbTejsWKLEl8xtBXGu4Iy"},
        {"p\xc3\xa4\xc3\x9f\xe2\x82\xac", MIXED "MQDJR/gEduo8GvrIXWRj18uTZDO9K7y"},
        {"0123456789abcdef0123456789abcdef", MIXED "0BbrIDD2ZvyV/4pFfibF9Qugg5OZ3z."},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
         MIXED "JnoYhVku.HeqhIlBxBUjL47jDKeQ0WO"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        assert_hash(cases[i][0], mixed, 5, cases[i][1]);
    }
}

static void takes_the_first_72_bytes(void **state)
{
    (void)state;
    char longest[101] = "";
    memset(longest, 'y', 100);
    assert_hash(longest, mixed, 5, MIXED "B8YKrchSb0AgzC2kgt4ozXg/CZrssfS");
    longest[72] = '\0';
    assert_hash(longest, mixed, 5, MIXED "B8YKrchSb0AgzC2kgt4ozXg/CZrssfS");
}

static void costs_what_it_is_told(void **state)
{
    (void)state;
    static const unsigned char zeros[16] = {0};
    static const unsigned char other[16] = {0x8c, 0xf8, 0x78, 0x9d, 0x4b, 0xb3, 0x86, 0x8d,
                                            0x80, 0x93, 0xa7, 0x00, 0xde, 0x65, 0xeb, 0x51};
    assert_hash("0123456789abcdef0123456789abcdef", zeros, 4,
                "$2b$04$......................xFh/JVbxLYECR3hXrrFgtNVSGxJLwtG");
    assert_hash("test", other, 7, "$2b$07$hNf2lSsxfm0.i4a.1kVpSO309v4brdmErU6ntc5X0hwds3nxzk7Z.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_crypt_for_passwords_of_all_lengths),
        cmocka_unit_test(takes_the_first_72_bytes),
        cmocka_unit_test(costs_what_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
