/* SPDX-License-Identifier: Apache-2.0 */
/* A quick seeded simulation of whole sessions: false alarms, false passes, power. The long tables
 * are made elsewhere; this one catches a decision procedure that has gone wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/judge/random_session.h"

struct counted {
    int sessions, pass, fail, worse; /* worse: L > 0 at some look, by the repeated p-value */
};

enum noise { GAUSS, OUTLIER, WALK, SHARED };

struct noise_state {
    struct sg_random random;
    double walk;
};

static double draw(struct noise_state *state, enum noise noise, double cv)
{
    double value = cv * random_normal(&state->random);
    if (noise == OUTLIER && sg_random_unit(&state->random) < 0.1)
        value -= 4 * cv * log(1 - sg_random_unit(&state->random));
    if (noise == WALK) {
        state->walk += 0.5 * cv * random_normal(&state->random);
        value = 0.8 * value + state->walk;
    }
    return value;
}

/* base and candidate, one metric, one control variate that shares the noise when SHARED. */
static struct sg_session blank(bool adjust)
{
    struct sg_session s = build_simple(0.05);
    s.metrics[0].adjust = adjust;
    build_metric(&s, "generator", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_blocks(&s, 7, 1.0);
    return s;
}

static void fill(struct sg_session *s, struct noise_state *state, enum noise noise, double effect,
                 double cv)
{
    for (size_t from = 0; from < s->repetitions_count; from += 6) {
        int order[] = {0, 1, 0, 1, 0, 1};
        sg_random_shuffle(&state->random, order, 6);
        double values[2][3];
        double felt[2][3];
        int used[2] = {0, 0};
        for (int i = 0; i < 6; i++) {
            double host = draw(state, noise, cv);
            int side = order[i];
            double own = noise == SHARED ? 0.2 * cv * random_normal(&state->random) : 0;
            values[side][used[side]] = exp(host + own + (side ? log1p(effect) : 0));
            felt[side][used[side]++] = noise == SHARED ? host : cv * random_normal(&state->random);
        }
        for (int i = 0; i < 6; i++) { /* rows alternate: base, candidate */
            s->repetitions[from + (size_t)i].values[0] = values[i % 2][i / 2];
            s->repetitions[from + (size_t)i].values[1] = exp(felt[i % 2][i / 2]);
        }
    }
}

static struct counted simulate(enum noise noise, double effect, double cv, bool adjust,
                               int sessions)
{
    struct noise_state state = {.walk = 0};
    sg_random_seed(&state.random, 1000 + (uint64_t)noise);
    struct sg_session s = blank(adjust);
    struct counted counted = {.sessions = sessions};
    for (int i = 0; i < sessions; i++) {
        state.walk = 0;
        fill(&s, &state, noise, effect, cv);
        struct sg_judgement j = build_judge(&s);
        counted.pass += j.verdict == SG_PASS;
        counted.fail += j.verdict == SG_FAIL;
        counted.worse += j.results[0].p <= 0.01;
        sg_judgement_clear(&j);
    }
    sg_session_clear(&s);
    return counted;
}

/* P(L > 0 at any look | no change) is 0.0092 for alpha 0.01; a gate stops at its verdict, so at
 * most that. 1,500 sessions: mean 14, SD 3.7. */
static void unchanged_code_is_called_worse_in_at_most_one_percent(void **state)
{
    (void)state;
    for (int noise = GAUSS; noise <= WALK; noise++) {
        struct counted c = simulate((enum noise)noise, 0, 0.10, false, 1500);
        assert_in_range(c.worse, 0, 26);
        assert_in_range(c.fail, 0, 26);
    }
}

/* 1,000 sessions: mean 9, SD 3. */
static void control_variates_do_not_raise_false_alarms(void **state)
{
    (void)state;
    struct counted unrelated = simulate(GAUSS, 0, 0.10, true, 1000);
    assert_in_range(unrelated.worse, 0, 19);
    struct counted shared = simulate(SHARED, 0, 0.10, true, 1000);
    assert_in_range(shared.worse, 0, 19);
}

/* 5 % at the edge: 1,000 sessions, mean 50 at most, SD 6.9. */
static void a_change_of_the_whole_tolerance_passes_in_at_most_five_percent(void **state)
{
    (void)state;
    for (int noise = GAUSS; noise <= WALK; noise++) {
        struct counted c = simulate((enum noise)noise, 0.05, 0.03, false, 1000);
        assert_in_range(c.pass, 0, 71);
    }
    struct counted adjusted = simulate(SHARED, 0.05, 0.10, true, 1000);
    assert_in_range(adjusted.pass, 0, 71);
}

static void quiet_unchanged_code_passes_and_ten_percent_fails(void **state)
{
    (void)state;
    struct counted same = simulate(GAUSS, 0, 0.03, false, 400);
    assert_true(same.pass >= 390);
    struct counted slower = simulate(GAUSS, 0.10, 0.03, false, 400);
    assert_true(slower.fail >= 396);
}

static void shared_noise_is_cancelled(void **state)
{
    (void)state;
    struct counted raw = simulate(SHARED, 0, 0.10, false, 300);
    struct counted adjusted = simulate(SHARED, 0, 0.10, true, 300);
    assert_true(raw.pass < 150);
    assert_true(adjusted.pass > 285);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_code_is_called_worse_in_at_most_one_percent),
        cmocka_unit_test(control_variates_do_not_raise_false_alarms),
        cmocka_unit_test(a_change_of_the_whole_tolerance_passes_in_at_most_five_percent),
        cmocka_unit_test(quiet_unchanged_code_passes_and_ten_percent_fails),
        cmocka_unit_test(shared_noise_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
