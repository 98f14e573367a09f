/* SPDX-License-Identifier: Apache-2.0 */
/* Laws of counts and critical integers against enumeration and rational arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/boundaries.h"
#include "stats/ranks.h"
#include "unit/vectors.h"

#define BLOCKS 16

static void check_law(struct vectors *v, const struct sg_law *law)
{
    for (size_t u = 0; u <= law->top; u++)
        assert_close(law->mass[u], vectors_number(v), 1e-12);
}

static void laws_agree_with_listing_every_order(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "laws.txt");
    int rows = 0;
    char kind[16];
    while (vectors_kind(&v, kind)) {
        struct sg_law law = {0};
        int m = vectors_int(&v);
        if (strcmp(kind, "signs") == 0) {
            assert_true(sg_law_signs((size_t)m, &law));
        } else {
            struct sg_shape shape = {m, vectors_int(&v)};
            double hazard = strcmp(kind, "hazard") == 0 ? vectors_number(&v) : 1;
            assert_true(sg_law_ranks(shape, hazard, &law));
            assert_int_equal(law.top, shape.reference * shape.variant);
        }
        check_law(&v, &law);
        sg_law_free(&law);
        rows++;
    }
    assert_true(rows > 40);
    vectors_close(&v);
}

/* P(U ≥ u) over equal blocks, judged at one look. */
static double sum_upper(const struct sg_law *law, size_t blocks, size_t u)
{
    const struct sg_law *laws[1000];
    assert_true(blocks <= 1000);
    for (size_t b = 0; b < blocks; b++)
        laws[b] = law;
    const double share = 1;
    struct sg_schedule one = {
        .laws = laws, .blocks = blocks, .look_blocks = &blocks, .share = &share, .looks = 1};
    double upper;
    assert_true(sg_crossing(&one, &u, &upper));
    return upper;
}

static void check_rank_tails(struct vectors *v, const struct sg_law *law)
{
    size_t u = (size_t)vectors_int(v);
    double lower = 0;
    for (size_t k = 0; k <= u; k++)
        lower += law->mass[k];
    assert_close(lower, vectors_number(v), 1e-12);
    assert_close(sum_upper(law, 1, u), vectors_number(v), 1e-12);
}

/* How many concordant pairs n random orders have: the p-value of as many points with c of them. */
static double concordant_upper(size_t n, size_t concordant)
{
    double times[200];
    double values[200];
    assert_true(n <= 200);
    size_t left = concordant;
    for (size_t i = 0; i < n; i++) { /* point i lies above so many of those before it */
        size_t above = left < i ? left : i;
        left -= above;
        times[i] = (double)i;
        values[i] = (double)above - 0.5;
        for (size_t j = 0; j < i; j++)
            values[j] += values[j] > values[i] ? 1 : 0;
        values[i] += 0.5;
    }
    struct sg_slope slope;
    assert_true(sg_theil_sen(times, values, n, 0.05, &slope));
    return slope.p;
}

static void tails_agree_with_integers_down_to_1e_300(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "tails.txt");
    int rows = 0;
    char kind[16];
    for (; vectors_kind(&v, kind); rows++) {
        size_t first = (size_t)vectors_int(&v);
        if (strcmp(kind, "kendall") == 0) {
            double got = concordant_upper(first, (size_t)vectors_int(&v));
            assert_close(got, vectors_number(&v), 1e-12);
            continue;
        }
        bool sum = strcmp(kind, "sum") == 0;
        int m = sum ? vectors_int(&v) : (int)first;
        struct sg_shape shape = {m, vectors_int(&v)};
        struct sg_law law;
        assert_true(sg_law_ranks(shape, 1, &law));
        if (sum) {
            double got = sum_upper(&law, first, (size_t)vectors_int(&v));
            assert_close(got, vectors_number(&v), 1e-12);
        } else {
            check_rank_tails(&v, &law);
        }
        sg_law_free(&law);
    }
    assert_true(rows > 250);
    vectors_close(&v);
}

struct fixture {
    struct sg_law laws[BLOCKS];
    const struct sg_law *pointers[BLOCKS];
    struct sg_shape shapes[BLOCKS];
    size_t look_blocks[BLOCKS];
    double share[BLOCKS];
    struct sg_schedule schedule;
};

static void make_laws(struct fixture *f, size_t blocks)
{
    f->schedule = (struct sg_schedule){
        .laws = f->pointers, .blocks = blocks, .look_blocks = f->look_blocks, .share = f->share};
    for (size_t b = 0; b < blocks; b++) {
        assert_true(sg_law_ranks(f->shapes[b], 1, &f->laws[b]));
        f->pointers[b] = &f->laws[b];
    }
}

static void free_laws(struct fixture *f)
{
    for (size_t b = 0; b < f->schedule.blocks; b++)
        sg_law_free(&f->laws[b]);
}

static void critical_integers_agree_with_rational_arithmetic(void **state)
{
    (void)state;
    struct vectors v;
    vectors_open(&v, "boundaries.txt");
    int rows = 0;
    while (vectors_word(&v)) {
        struct fixture f = {0};
        size_t blocks = (size_t)vectors_int(&v);
        for (size_t b = 0; b < blocks; b++) {
            f.shapes[b].reference = vectors_int(&v);
            f.shapes[b].variant = vectors_int(&v);
        }
        make_laws(&f, blocks);
        f.schedule.looks = (size_t)vectors_int(&v);
        for (size_t look = 0; look < f.schedule.looks; look++) {
            f.look_blocks[look] = (size_t)vectors_int(&v);
            f.share[look] = vectors_number(&v);
        }
        double alpha = vectors_number(&v);
        size_t critical[BLOCKS];
        double spent;
        assert_true(sg_boundaries(&f.schedule, alpha, critical, &spent));
        for (size_t look = 0; look < f.schedule.looks; look++) {
            int wanted = vectors_int(&v);
            assert_int_equal(critical[look], wanted < 0 ? SG_NEVER : (size_t)wanted);
        }
        assert_close(spent, vectors_number(&v), 1e-12);
        free_laws(&f);
        rows++;
    }
    assert_true(rows > 200);
    vectors_close(&v);
}

static void make_default(struct fixture *f)
{
    for (size_t b = 0; b < 7; b++)
        f->shapes[b] = (struct sg_shape){3, 3};
    make_laws(f, 7);
    f->schedule.looks = 6;
    for (size_t look = 0; look < 6; look++) {
        f->look_blocks[look] = look + 2;
        f->share[look] = (double)(look + 2) / 7;
    }
}

/* docs/method.md, the table of critical integers */
static void the_table_of_the_method_comes_out(void **state)
{
    (void)state;
    const double errors[] = {.05, .01, .0025, .00125, .000625};
    const size_t table[5][6] = {{17, 23, 28, 34, 39, 44},
                                {18, 25, 31, 37, 43, 48},
                                {SG_NEVER, 26, 32, 39, 45, 51},
                                {SG_NEVER, 26, 34, 40, 46, 52},
                                {SG_NEVER, 27, 34, 40, 47, 53}};
    const double spent[] = {.046634, .009155, .002123, .001047, .000530};
    struct fixture f = {0};
    make_default(&f);
    for (size_t i = 0; i < 5; i++) {
        size_t critical[6];
        double got;
        assert_true(sg_boundaries(&f.schedule, errors[i], critical, &got));
        for (size_t look = 0; look < 6; look++)
            assert_int_equal(critical[look], table[i][look]);
        assert_near(got, spent[i], 5e-7);
    }
    free_laws(&f);
}

static void smallest_p_values_of_blocks_of_three_come_out(void **state)
{
    (void)state;
    struct fixture f = {0};
    make_default(&f);
    f.schedule.looks = 1;
    f.share[0] = 1;
    double p;
    f.schedule.blocks = f.look_blocks[0] = 2;
    size_t critical = 18;
    assert_true(sg_crossing(&f.schedule, &critical, &p));
    assert_close(p, 1.0 / 400, 1e-14);
    f.schedule.blocks = f.look_blocks[0] = 3;
    critical = 26;
    assert_true(sg_crossing(&f.schedule, &critical, &p));
    assert_close(p, 0.0005, 1e-13);
    f.schedule.blocks = 7;
    free_laws(&f);
}

/* A sum is critical at an error exactly when its level is at most that error. */
static void levels_are_where_the_critical_integer_is_reached(void **state)
{
    (void)state;
    struct fixture f = {0};
    make_default(&f);
    size_t critical[6];
    assert_true(sg_boundaries(&f.schedule, 0.01, critical, NULL));
    for (size_t look = 0; look < 6; look++) {
        for (size_t sum = critical[look] - 2; sum <= critical[look]; sum++) {
            bool crossed = sum >= critical[look];
            double level;
            assert_true(sg_crossing_level(&f.schedule, look, sum, crossed ? 0 : 0.01,
                                          crossed ? 0.01 : 1, &level));
            assert_true(crossed ? level <= 0.01 : level > 0.01);
            size_t at[6];
            assert_true(sg_boundaries(&f.schedule, level, at, NULL));
            assert_true(sum >= at[look]);
        }
    }
    free_laws(&f);
}

/* statistics.md, constants c for cumulative power 95 %, simulated with normal values */
static void detectable_shifts_are_near_the_simulated_ones(void **state)
{
    (void)state;
    const double errors[] = {.05, .01, .00125};
    const double table[3][6] = {{3.15, 2.25, 1.76, 1.57, 1.37, 1.23},
                                {3.81, 2.81, 2.24, 1.92, 1.73, 1.53},
                                {NAN, 3.34, 2.96, 2.38, 2.07, 1.87}};
    struct fixture f = {0};
    make_default(&f);
    for (size_t i = 0; i < 3; i++) {
        size_t critical[6];
        assert_true(sg_boundaries(&f.schedule, errors[i], critical, NULL));
        for (size_t look = 0; look < 6; look++) {
            struct sg_schedule upto = f.schedule;
            upto.looks = look + 1;
            upto.blocks = upto.look_blocks[look];
            double shift;
            assert_true(sg_detectable_shift(&upto, f.shapes, critical, 0.95, &shift));
            assert_close(shift, table[i][look], 0.065);
        }
    }
    free_laws(&f);
}

static void large_blocks_use_the_normal_shape_of_the_same_answer(void **state)
{
    (void)state;
    struct fixture f = {0};
    const int sizes[] = {49, 51}; /* just below and above the limit of the exact recursion */
    double shift[2];
    for (int i = 0; i < 2; i++) {
        f.shapes[0] = (struct sg_shape){sizes[i], sizes[i]};
        make_laws(&f, 1);
        f.schedule.looks = 1;
        f.look_blocks[0] = 1;
        f.share[0] = 1;
        size_t critical;
        assert_true(sg_boundaries(&f.schedule, 0.01, &critical, NULL));
        assert_true(sg_detectable_shift(&f.schedule, f.shapes, &critical, 0.9, &shift[i]));
        free_laws(&f);
    }
    assert_close(shift[0], shift[1], 0.04);
    assert_true(shift[1] > 0.5 && shift[1] < 0.9);
}

static void blocks_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    struct sg_law law;
    assert_false(sg_law_ranks((struct sg_shape){101, 100}, 1, &law));
    assert_false(sg_law_ranks((struct sg_shape){-1, 3}, 1, &law));
    assert_false(sg_law_signs(10001, &law));
    assert_true(sg_law_ranks((struct sg_shape){1, 10000}, 1, &law));
    assert_close(law.mass[0], 1.0 / 10001, 1e-12);
    sg_law_free(&law);
}

static void a_block_with_one_side_alone_says_nothing(void **state)
{
    (void)state;
    struct sg_law law;
    assert_true(sg_law_ranks((struct sg_shape){0, 4}, 1, &law));
    assert_int_equal(law.top, 0);
    assert_close(law.mass[0], 1, 0);
    sg_law_free(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_agree_with_listing_every_order),
        cmocka_unit_test(tails_agree_with_integers_down_to_1e_300),
        cmocka_unit_test(critical_integers_agree_with_rational_arithmetic),
        cmocka_unit_test(the_table_of_the_method_comes_out),
        cmocka_unit_test(smallest_p_values_of_blocks_of_three_come_out),
        cmocka_unit_test(levels_are_where_the_critical_integer_is_reached),
        cmocka_unit_test(detectable_shifts_are_near_the_simulated_ones),
        cmocka_unit_test(large_blocks_use_the_normal_shape_of_the_same_answer),
        cmocka_unit_test(blocks_beyond_the_limit_are_refused),
        cmocka_unit_test(a_block_with_one_side_alone_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
