/* SPDX-License-Identifier: Apache-2.0 */
/* The generator against its published vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/random.h"
#include "unit/between.h"
#include "unit/vectors.h"

static uint64_t read_word(struct vectors *v)
{
    const char *word = vectors_word(v);
    assert_non_null(word);
    return strtoull(word, NULL, 10);
}

static void check_shuffle(struct vectors *v)
{
    struct sg_random random;
    sg_random_seed(&random, read_word(v));
    size_t count = (size_t)read_word(v);
    int items[32];
    for (size_t i = 0; i < count; i++)
        items[i] = (int)i;
    sg_random_shuffle(&random, items, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(items[i], (int)read_word(v));
}

static void draws_are_the_published_ones(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "random.txt");
    int rows = 0;
    while (vectors_word(&v)) {
        rows++;
        if (strcmp(v.word, "splitmix") == 0) {
            uint64_t seed = read_word(&v);
            for (int i = 0; i < 4; i++)
                assert_int_equal(sg_splitmix64(&seed), read_word(&v));
        } else if (strcmp(v.word, "xoshiro") == 0) {
            struct sg_random random;
            for (int i = 0; i < 4; i++)
                random.state[i] = read_word(&v);
            for (int i = 0; i < 6; i++)
                assert_int_equal(sg_random_next(&random), read_word(&v));
        } else if (strcmp(v.word, "below") == 0) {
            struct sg_random random;
            sg_random_seed(&random, read_word(&v));
            uint64_t bound = read_word(&v);
            for (int i = 0; i < 6; i++)
                assert_int_equal(sg_random_below(&random, bound), read_word(&v));
        } else {
            check_shuffle(&v);
        }
    }
    assert_int_equal(rows, 11);
    vectors_close(&v);
}

static void each_order_of_three_is_equally_likely(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 20);
    int seen[6] = {0};
    for (int i = 0; i < 60000; i++) {
        int items[] = {0, 1, 2};
        sg_random_shuffle(&random, items, 3);
        seen[items[0] * 2 + (items[1] > items[2])]++;
    }
    for (int i = 0; i < 6; i++)
        assert_between(seen[i], 9600, 10400); /* SD 91 */
}

static void unit_draws_lie_between_zero_and_one(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 3);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double x = sg_random_unit(&random);
        assert_true(x >= 0 && x < 1);
        sum += x;
    }
    assert_near(sum / 10000, 0.5, 0.012);
}

static void a_bound_of_zero_or_one_leaves_only_zero(void **state)
{
    (void)state;
    struct sg_random random;
    sg_random_seed(&random, 3);
    assert_int_equal(sg_random_below(&random, 0), 0);
    assert_int_equal(sg_random_below(&random, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_the_published_ones),
        cmocka_unit_test(each_order_of_three_is_equally_likely),
        cmocka_unit_test(unit_draws_lie_between_zero_and_one),
        cmocka_unit_test(a_bound_of_zero_or_one_leaves_only_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
