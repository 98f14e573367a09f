/* SPDX-License-Identifier: Apache-2.0 */
/* A whole number within bounds, both included. cmocka renamed its own assertion between 1 and 2.
 * Include after cmocka.h. */
#ifndef SG_TESTS_BETWEEN_H
#define SG_TESTS_BETWEEN_H

#define assert_between(got, least, most)                                                           \
    do {                                                                                           \
        long long got_ = (long long)(got);                                                         \
        if (got_ < (long long)(least) || got_ > (long long)(most))                                 \
            fail_msg("%s is %lld, not between %s and %s", #got, got_, #least, #most);              \
    } while (0)

#endif
