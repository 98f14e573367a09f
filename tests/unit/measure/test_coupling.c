/* SPDX-License-Identifier: Apache-2.0 */
/* The coupling of generator and burner, from readings made up with a known one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "measure/measure.h"
#include "unit/between.h"

#define SECONDS 120
#define READINGS (2 * SECONDS + 1)

struct readings {
    struct sg_reading generator[READINGS], burner[READINGS];
};

/* A burner of 0.6 CPUs, on and off by a fixed pattern; the generator uses 0.2 CPUs, changed by h a
 * CPU burnt, with `noise` that has nothing to do with it. */
static void fill(struct readings *r, double h, double noise, bool burning)
{
    double burnt = 3, used = 5;
    uint32_t state = 12345;
    for (int i = 0; i < READINGS; i++) {
        double time = 1000 + 0.5 * i;
        r->generator[i] = (struct sg_reading){.time = time, .cpu = used};
        r->burner[i] = (struct sg_reading){.time = time, .cpu = burnt};
        bool on = burning && (0xb38f0f83u >> (i / 6 % 32) & 1) != 0;
        state = state * 1664525u + 1013904223u;
        double random = (double)(state >> 8) / (1 << 24) - 0.5;
        burnt += on ? 0.3 : 0;
        used += 0.1 * (1 + (on ? h * 0.6 : 0) + noise * random);
    }
}

static bool measure(const struct readings *r, struct sg_coupling *out)
{
    return sg_measure_coupling(r->generator, READINGS, r->burner, READINGS, 1005, 1000 + SECONDS,
                               out);
}

static void a_known_coupling_is_found(void **state)
{
    (void)state;
    static struct readings r;
    struct sg_coupling c;
    fill(&r, -0.4, 0, true);
    assert_true(measure(&r, &c));
    assert_true(fabs(c.h + 0.4) < 1e-9);
    assert_true(fabs(c.limit - 0.4) < 1e-6);
}

static void noise_widens_the_limit_and_the_limit_holds(void **state)
{
    (void)state;
    static struct readings r;
    struct sg_coupling c;
    fill(&r, 0.1, 0.3, true);
    assert_true(measure(&r, &c));
    assert_true(fabs(c.h - 0.1) < 0.06);
    assert_true(c.limit > 0.1 && c.limit < 0.2);
}

/* Readings come twice a second. */
static void there_is_one_value_a_second(void **state)
{
    (void)state;
    static struct readings r;
    struct sg_coupling c;
    fill(&r, -0.4, 0, true);
    assert_true(measure(&r, &c));
    assert_between(c.intervals, SECONDS - 5 - 2, SECONDS - 5);
}

static void a_burner_that_did_not_burn_tells_nothing(void **state)
{
    (void)state;
    static struct readings r;
    struct sg_coupling c;
    fill(&r, 0.1, 0.1, false);
    assert_false(measure(&r, &c));
}

static void few_readings_tell_nothing(void **state)
{
    (void)state;
    static struct readings r;
    struct sg_coupling c;
    fill(&r, 0.1, 0.1, true);
    assert_false(sg_measure_coupling(r.generator, 20, r.burner, READINGS, 1000, 1200, &c));
    assert_false(sg_measure_coupling(r.generator, READINGS, r.burner, 0, 1000, 1200, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_coupling_is_found),
        cmocka_unit_test(noise_widens_the_limit_and_the_limit_holds),
        cmocka_unit_test(there_is_one_value_a_second),
        cmocka_unit_test(a_burner_that_did_not_burn_tells_nothing),
        cmocka_unit_test(few_readings_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
