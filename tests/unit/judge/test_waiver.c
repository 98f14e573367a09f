/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: what they let through, for how long, and what they never do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"

#define LAST_DAY "2027-01-31"

static void set_day(struct sg_session *s, const char *day)
{
    free(s->created);
    s->created = day ? sg_format("%sT23:59:59Z", day) : NULL;
}

static void add_waiver(struct sg_session *s, char *metric, double bound)
{
    sg_session_add_waiver(s, &(struct sg_waiver){.metric = metric,
                                                 .bound = bound,
                                                 .owner = "ada",
                                                 .reason = "new TLS library",
                                                 .expires = LAST_DAY,
                                                 .line = 30});
}

/* latency_p95, tolerance 5 %, a waiver of 12 %; made on `day`; the candidate `factor` times base */
static struct sg_session waived(const char *day, double factor)
{
    struct sg_session s = build_simple(0.05);
    set_day(&s, day);
    add_waiver(&s, "latency_p95", 0.12);
    build_blocks(&s, 7, factor);
    return s;
}

static void clear(struct sg_session *s, struct sg_judgement *j)
{
    sg_judgement_clear(j);
    sg_session_clear(s);
}

static bool has_note(const struct sg_judgement *j, const char *part)
{
    for (size_t i = 0; i < j->notes_count; i++)
        if (strstr(j->notes[i], part))
            return true;
    return false;
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) < 1e-12))
        fail_msg("%.17g is not %.17g", a, b);
}

/* --- While it holds ------------------------------------------------------------------------ */

static void what_is_worse_than_the_tolerance_passes_by_the_waiver_and_says_so(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.warn && r->warn && j.variants[0].warn);
    assert_int_equal(r->waiver.use, SG_WAIVER_NEEDED);
    assert_near(r->tolerance, 0.12);
    assert_near(r->waiver.bound, 0.12);
    assert_near(r->waiver.own, 0.05);
    assert_string_equal(r->waiver.owner, "ada");
    assert_string_equal(r->waiver.reason, "new TLS library");
    assert_string_equal(r->waiver.expires, LAST_DAY);
    assert_true(r->waiver.dated && !r->waiver.ending);
    assert_int_equal(r->waiver.days_left, 68);
    assert_int_equal(r->waiver.line, 30);
    assert_contains(r->reason,
                    "passed only by the waiver of ada (until 2027-01-31: new TLS library), its own "
                    "tolerance is 5 %; not worse by 12 % or more: +8.");
    assert_int_equal(j.notes_count, 0);
    clear(&s, &j);
}

static void the_numbers_are_those_of_a_gate_with_the_bound_as_its_tolerance(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    struct sg_session wide = build_simple(0.12);
    build_blocks(&wide, 7, 1.08);
    struct sg_judgement j = build_judge(&s);
    struct sg_judgement k = build_judge(&wide);
    const struct sg_result *a = &j.results[0];
    const struct sg_result *b = &k.results[0];
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->decided_at, b->decided_at);
    assert_near(a->change, b->change);
    assert_near(a->low, b->low);
    assert_near(a->high, b->high);
    assert_near(a->alpha, b->alpha);
    assert_near(a->tolerance, b->tolerance);
    assert_string_not_equal(j.plan_hash, k.plan_hash);
    clear(&s, &j);
    clear(&wide, &k);
}

static void what_is_worse_than_the_bound_fails_and_names_both(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.2);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_HOLDS);
    assert_contains(j.results[0].reason, "tolerance 12 %");
    assert_contains(j.results[0].reason,
                    "by the waiver of ada until 2027-01-31, its own tolerance is 5 %");
    clear(&s, &j);
}

static void a_waiver_without_which_the_gate_passes_is_asked_about(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.0);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_false(j.warn);
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_UNNEEDED);
    assert_true(has_note(&j, "the waiver of ada for latency_p95 is no longer needed?"));
    clear(&s, &j);
}

/* Two blocks are enough for 12 %, not for 2.1 %. */
static void whether_it_is_needed_is_left_open_where_it_does_not_show(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.021);
    set_day(&s, "2026-11-24");
    add_waiver(&s, "latency_p95", 0.12);
    build_blocks(&s, 2, 1.017);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_false(j.warn);
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_HOLDS);
    assert_int_equal(j.notes_count, 0);
    clear(&s, &j);
}

/* Two noisy blocks, in which the candidate is about 6 % worse by the estimate, but not proven so.
 */
static struct sg_session noisy(enum sg_better better, double bound)
{
    static const double base[] = {10, 10.3, 10.9, 10, 10.6, 10.2};
    static const double candidate[] = {10.2, 11.1, 11.3, 11.2, 10.3, 11.4};
    struct sg_session s = build_simple(0.05);
    s.metrics[0].better = better;
    set_day(&s, "2026-11-24");
    add_waiver(&s, "latency_p95", bound);
    for (int i = 0; i < 6; i++) {
        bool up = better == SG_LOWER;
        build_row(&s, 1 + i / 3, "base", up ? base[i] : 1 / base[i]);
        build_row(&s, 1 + i / 3, "candidate", up ? candidate[i] : 1 / candidate[i]);
    }
    return s;
}

/* The session stops at the first look, where nothing is proven against 5 % yet. */
static void needed_is_told_by_the_estimate_where_the_session_has_stopped(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sg_session s = noisy(i == 0 ? SG_LOWER : SG_HIGHER, 0.5);
        struct sg_judgement j = build_judge(&s);
        const struct sg_result *r = &j.results[0];
        assert_int_equal(j.verdict, SG_PASS);
        assert_true(fabs(r->change) > 0.05 && r->low < 0 && r->high > 0);
        assert_int_equal(r->waiver.use, SG_WAIVER_NEEDED);
        clear(&s, &j);
    }
}

static void on_a_gate_with_only_a_limit_the_bound_is_the_limit(void **state)
{
    (void)state;
    struct sg_session s = build_simple(NAN);
    s.gates[0].limit = 0.0101;
    set_day(&s, "2026-11-24");
    add_waiver(&s, "latency_p95", 0.0125);
    build_blocks(&s, 7, 1.1);
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(r->waiver.use, SG_WAIVER_NEEDED);
    assert_true(r->waiver.limit);
    assert_near(r->limit, 0.0125);
    assert_near(r->waiver.own, 0.0101);
    assert_true(isnan(r->tolerance));
    assert_contains(r->reason, "its own limit is 10.1 ms; within its limit of 12.5 ms");
    clear(&s, &j);
}

static void where_more_is_better_a_lower_limit_is_the_wider_one(void **state)
{
    (void)state;
    struct sg_session s = build_simple(NAN);
    s.metrics[0].better = SG_HIGHER;
    s.gates[0].limit = 0.01;
    set_day(&s, "2026-11-24");
    add_waiver(&s, "latency_p95", 0.008);
    build_blocks(&s, 7, 0.9);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_NEEDED);
    clear(&s, &j);
}

static void on_the_linear_scale_the_bound_is_absolute(void **state)
{
    (void)state;
    struct sg_session s = build_simple(0.0004);
    s.metrics[0].scale = SG_SCALE_LINEAR;
    set_day(&s, "2026-11-24");
    add_waiver(&s, "latency_p95", 0.002);
    build_blocks(&s, 7, 1.1);
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(r->waiver.use, SG_WAIVER_NEEDED);
    assert_near(r->tolerance, 0.002);
    assert_near(r->waiver.own, 0.0004);
    assert_contains(r->reason, "its own tolerance is 400 µs");
    clear(&s, &j);
}

static void a_floor_counts_on_both_sides(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    s.gates[0].floor = 0.001; /* about 10 % */
    struct sg_judgement j = build_judge(&s);
    const struct sg_result *r = &j.results[0];
    assert_int_equal(r->waiver.use, SG_WAIVER_UNNEEDED);
    assert_near(r->tolerance, 0.12);
    assert_true(r->waiver.own > 0.09 && r->waiver.own < 0.101);
    clear(&s, &j);
}

static void the_limit_of_a_gate_with_a_tolerance_is_not_waived(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    s.gates[0].limit = 0.0105;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_contains(j.results[0].reason, "beyond its limit of 10.5 ms");
    clear(&s, &j);
}

static void a_waiver_of_one_variant_is_none_of_another(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    s.waivers[0].variant = sg_strdup("third");
    build_variant(&s, "third");
    for (int i = 0; i < 21; i++)
        build_row(&s, 1 + i / 3, "third", 0.0108 * build_noise(i));
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.results_count, 2);
    assert_int_equal(j.results[0].verdict, SG_FAIL); /* candidate */
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_NONE);
    assert_int_equal(j.results[1].verdict, SG_PASS);
    assert_int_equal(j.results[1].waiver.use, SG_WAIVER_NEEDED);
    clear(&s, &j);
}

/* --- Days ---------------------------------------------------------------------------------- */

static void the_last_day_is_whole(void **state)
{
    (void)state;
    struct sg_session s = waived(LAST_DAY, 1.08);
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_int_equal(j.results[0].waiver.days_left, 0);
    assert_true(has_note(&j, "ends today, on 2027-01-31"));
    clear(&s, &j);
}

static void the_day_after_the_gate_fails_whatever_the_data(void **state)
{
    (void)state;
    static const double factors[] = {0.5, 1.0, 1.03, 1.08, 2.0};
    for (size_t i = 0; i < SG_COUNT(factors); i++) {
        struct sg_session s = waived("2027-02-01", factors[i]);
        s.gates[0].warn = 0.01;
        struct sg_judgement j = build_judge(&s);
        const struct sg_result *r = &j.results[0];
        assert_int_equal(j.verdict, SG_FAIL);
        assert_true(j.decided);
        assert_false(j.warn || r->warn);
        assert_int_equal(r->waiver.use, SG_WAIVER_EXPIRED);
        assert_int_equal(r->waiver.days_left, -1);
        assert_near(r->tolerance, 0.05);
        assert_string_equal(r->reason, "the waiver of ada expired on 2027-01-31: remove it, or "
                                       "renew it with a new date");
        assert_contains(j.reason, "latency_p95: the waiver of ada expired");
        assert_true(!isnan(r->change)); /* the numbers are shown all the same */
        clear(&s, &j);
    }
}

static void the_day_after_a_gate_fails_that_could_not_be_decided(void **state)
{
    (void)state;
    struct sg_session s = noisy(SG_LOWER, 0.06);
    assert_int_equal(build_verdict(&s), SG_INCONCLUSIVE);
    s = noisy(SG_LOWER, 0.06);
    set_day(&s, "2027-02-01");
    assert_int_equal(build_verdict(&s), SG_FAIL);
}

static void two_weeks_before_its_end_a_waiver_warns(void **state)
{
    (void)state;
    struct sg_session early = waived("2027-01-16", 1.0);
    struct sg_session late = waived("2027-01-17", 1.0);
    struct sg_judgement j = build_judge(&early);
    struct sg_judgement k = build_judge(&late);
    assert_int_equal(j.results[0].waiver.days_left, 15);
    assert_false(j.warn || has_note(&j, "ends"));
    assert_int_equal(k.verdict, SG_PASS);
    assert_true(k.warn && k.results[0].waiver.ending);
    assert_true(has_note(&k, "the waiver of ada for latency_p95 ends in 14 days, on 2027-01-31"));
    clear(&early, &j);
    clear(&late, &k);
}

static void who_fails_is_not_warned_that_the_waiver_ends(void **state)
{
    (void)state;
    struct sg_session late = waived("2027-01-17", 1.3);
    struct sg_judgement j = build_judge(&late);
    assert_int_equal(j.results[0].verdict, SG_FAIL);
    assert_true(j.results[0].waiver.ending);
    assert_false(j.results[0].warn);
    clear(&late, &j);
}

static void a_bound_of_zero_is_one(void **state)
{
    (void)state;
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "restarts", SG_SCALE_EXACT);
    build_gate(&s, "restarts", NAN)->limit = -1;
    set_day(&s, "2027-01-01");
    add_waiver(&s, "restarts", 0);
    build_blocks(&s, 7, 1.0);
    for (size_t r = 0; r < s.repetitions_count; r++)
        s.repetitions[r].values[0] = 0;
    assert_int_equal(build_verdict(&s), SG_PASS);
}

static void data_without_a_day_are_taken_to_be_in_time_and_say_so(void **state)
{
    (void)state;
    static const char *const days[] = {NULL, "yesterday"};
    for (size_t i = 0; i < SG_COUNT(days); i++) {
        struct sg_session s = waived(days[i], 1.08);
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, SG_PASS);
        assert_int_equal(j.results[0].waiver.use, SG_WAIVER_NEEDED);
        assert_false(j.results[0].waiver.dated);
        assert_true(has_note(&j, "the data have no date to compare with"));
        clear(&s, &j);
    }
}

/* --- Before any data ----------------------------------------------------------------------- */

/* base, candidate and third; latency_p95 is waived for all or for `variant`, cpu is not */
static struct sg_session unmeasured(const char *day, const char *variant)
{
    struct sg_session s = build_simple(0.05);
    build_variant(&s, "third");
    build_metric(&s, "cpu", SG_SCALE_LOG);
    build_metric(&s, "shown", SG_SCALE_LOG);
    build_gate(&s, "cpu", 0.05);
    add_waiver(&s, "latency_p95", 0.12);
    s.waivers[0].variant = sg_strdup(variant);
    set_day(&s, day);
    return s;
}

static void an_expired_waiver_fails_before_the_first_repetition(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct sg_session s = unmeasured("2027-02-01", NULL);
        s.complete = i % 2 == 1; /* as the loop asks first, and as it stands at the end */
        if (i >= 2)
            build_row(&s, 0, "base", 0.01); /* warmed up */
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, SG_FAIL);
        assert_true(j.decided);
        assert_contains(j.reason,
                        "candidate: latency_p95: the waiver of ada expired on 2027-01-31");
        assert_int_equal(j.results[0].verdict, SG_FAIL); /* latency_p95 of candidate, third */
        assert_int_equal(j.results[1].verdict, SG_FAIL);
        assert_int_equal(j.results[2].verdict, SG_INCONCLUSIVE); /* cpu */
        assert_contains(j.results[2].reason, "not measured: an expired waiver fails the session");
        clear(&s, &j);
    }
}

static void one_variant_with_an_expired_waiver_stops_the_others_too(void **state)
{
    (void)state;
    for (size_t complete = 0; complete < 2; complete++) {
        struct sg_session s = unmeasured("2027-02-01", "third");
        s.complete = complete == 1;
        struct sg_judgement j = build_judge(&s);
        assert_int_equal(j.verdict, SG_FAIL);
        assert_true(j.decided);
        assert_int_equal(j.variants[0].verdict, SG_INCONCLUSIVE);
        assert_int_equal(j.variants[1].verdict, SG_FAIL);
        clear(&s, &j);
    }
}

static void a_waiver_that_holds_decides_nothing_before_the_first_repetition(void **state)
{
    (void)state;
    struct sg_session s = unmeasured(LAST_DAY, NULL);
    s.complete = false;
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_INCONCLUSIVE);
    assert_false(j.decided);
    clear(&s, &j);
}

static void an_empty_session_stays_invalid_without_an_expired_waiver(void **state)
{
    (void)state;
    struct sg_session s = unmeasured(LAST_DAY, NULL);
    assert_int_equal(build_verdict(&s), SG_INVALID);
    struct sg_session other = unmeasured("2027-02-01", "somebody else");
    assert_int_equal(build_verdict(&other), SG_INVALID);
}

/* --- Never waived -------------------------------------------------------------------------- */

static void a_crash_is_never_waived(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.0);
    sg_repetition_add_finding(&s.repetitions[3], SG_FINDING_FAIL, "exited", NULL, "it exited");
    struct sg_judgement j = build_judge(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    assert_contains(j.reason, "it exited");
    clear(&s, &j);
}

static void invalid_beats_an_expired_waiver(void **state)
{
    (void)state;
    struct sg_session broken = waived("2027-02-01", 1.0);
    sg_session_add_finding(&broken, SG_FINDING_INVALID, "clock", NULL, "the clock was set");
    assert_int_equal(build_verdict(&broken), SG_INVALID);
    struct sg_session early = unmeasured("2027-02-01", NULL);
    sg_session_add_finding(&early, SG_FINDING_INVALID, "clock", NULL, "the clock was set");
    assert_int_equal(build_verdict(&early), SG_INVALID);
}

static void missing_data_are_invalid_with_any_waiver(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-11-24", "2027-02-01"};
    for (size_t i = 0; i < SG_COUNT(days); i++) {
        struct sg_session s = waived(days[i], 1.0);
        s.repetitions[1].values[0] = NAN;
        assert_int_equal(build_verdict(&s), SG_INVALID);
    }
}

static void a_waiver_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct sg_session s = waived("2026-11-24", 1.0);
        struct sg_judgement j = {0};
        struct sg_error err = {0};
        if (i == 0)
            s.waivers[0].metric[0] = 'X';
        else if (i == 1)
            s.waivers[0].expires[5] = '3'; /* month 31 */
        else
            s.waivers[0].bound = i == 2 ? NAN : -1;
        assert_false(sg_judge(&s, &j, &err));
        assert_int_equal(err.kind, SG_ERROR_CONFIG);
        assert_contains(err.text, "waiver for ");
        sg_session_clear(&s);
    }
}

static void the_explanation_names_the_waiver(void **state)
{
    (void)state;
    struct sg_session s = waived("2026-11-24", 1.08);
    struct sg_error err = {0};
    char *text = sg_judge_explain(&s, &err);
    assert_non_null(text);
    assert_contains(text, "the waiver of ada holds until 2027-01-31; its bound is 0.12");
    free(text);
    sg_session_clear(&s);
}

/* --- Against stored sessions --------------------------------------------------------------- */

#define STORED 6

static struct sg_session alone(double level)
{
    struct sg_session s = build_session();
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_gate(&s, "latency_p95", 0.05);
    for (int i = 0; i < 6; i++)
        build_row(&s, 1 + i / 3, "candidate", level * build_noise(i));
    return s;
}

static struct sg_judgement judge_stored(struct sg_session *now)
{
    static const double levels[STORED] = {0.01, 0.01002, 0.00998, 0.01001, 0.00999, 0.01};
    struct sg_session stored[STORED];
    struct sg_judgement j = {0};
    struct sg_error err = {0};
    for (size_t i = 0; i < STORED; i++)
        stored[i] = alone(levels[i]);
    if (!sg_judge_stored(now, NULL, stored, STORED, &j, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < STORED; i++)
        sg_session_clear(&stored[i]);
    return j;
}

static void against_stored_sessions_the_bound_holds_too(void **state)
{
    (void)state;
    struct sg_session s = alone(0.0108);
    add_waiver(&s, "latency_p95", 0.12);
    set_day(&s, "2026-11-24");
    struct sg_judgement j = judge_stored(&s);
    assert_int_equal(j.verdict, SG_PASS);
    assert_true(j.warn);
    assert_int_equal(j.results[0].waiver.use, SG_WAIVER_NEEDED);
    assert_near(j.results[0].tolerance, 0.12);
    clear(&s, &j);
    s = alone(0.0108);
    struct sg_judgement without = judge_stored(&s);
    assert_int_equal(without.verdict, SG_FAIL);
    clear(&s, &without);
}

static void against_stored_sessions_an_expired_waiver_fails_with_and_without_data(void **state)
{
    (void)state;
    struct sg_session s = alone(0.01);
    add_waiver(&s, "latency_p95", 0.12);
    set_day(&s, "2027-02-01");
    struct sg_judgement j = judge_stored(&s);
    assert_int_equal(j.verdict, SG_FAIL);
    clear(&s, &j);
    for (size_t complete = 0; complete < 2; complete++) {
        s = alone(0.01);
        add_waiver(&s, "latency_p95", 0.12);
        set_day(&s, "2027-02-01");
        for (size_t i = 0; i < s.repetitions_count; i++)
            sg_repetition_clear(&s.repetitions[i]);
        s.repetitions_count = 0;
        s.complete = complete == 1;
        struct sg_judgement empty = judge_stored(&s);
        assert_int_equal(empty.verdict, SG_FAIL);
        assert_true(empty.decided);
        assert_contains(empty.reason, "candidate: latency_p95: the waiver of ada expired");
        clear(&s, &empty);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_worse_than_the_tolerance_passes_by_the_waiver_and_says_so),
        cmocka_unit_test(the_numbers_are_those_of_a_gate_with_the_bound_as_its_tolerance),
        cmocka_unit_test(what_is_worse_than_the_bound_fails_and_names_both),
        cmocka_unit_test(a_waiver_without_which_the_gate_passes_is_asked_about),
        cmocka_unit_test(whether_it_is_needed_is_left_open_where_it_does_not_show),
        cmocka_unit_test(needed_is_told_by_the_estimate_where_the_session_has_stopped),
        cmocka_unit_test(on_a_gate_with_only_a_limit_the_bound_is_the_limit),
        cmocka_unit_test(where_more_is_better_a_lower_limit_is_the_wider_one),
        cmocka_unit_test(on_the_linear_scale_the_bound_is_absolute),
        cmocka_unit_test(a_floor_counts_on_both_sides),
        cmocka_unit_test(the_limit_of_a_gate_with_a_tolerance_is_not_waived),
        cmocka_unit_test(a_waiver_of_one_variant_is_none_of_another),
        cmocka_unit_test(the_last_day_is_whole),
        cmocka_unit_test(the_day_after_the_gate_fails_whatever_the_data),
        cmocka_unit_test(the_day_after_a_gate_fails_that_could_not_be_decided),
        cmocka_unit_test(two_weeks_before_its_end_a_waiver_warns),
        cmocka_unit_test(who_fails_is_not_warned_that_the_waiver_ends),
        cmocka_unit_test(a_bound_of_zero_is_one),
        cmocka_unit_test(data_without_a_day_are_taken_to_be_in_time_and_say_so),
        cmocka_unit_test(an_expired_waiver_fails_before_the_first_repetition),
        cmocka_unit_test(one_variant_with_an_expired_waiver_stops_the_others_too),
        cmocka_unit_test(a_waiver_that_holds_decides_nothing_before_the_first_repetition),
        cmocka_unit_test(an_empty_session_stays_invalid_without_an_expired_waiver),
        cmocka_unit_test(a_crash_is_never_waived),
        cmocka_unit_test(invalid_beats_an_expired_waiver),
        cmocka_unit_test(missing_data_are_invalid_with_any_waiver),
        cmocka_unit_test(a_waiver_that_cannot_be_read_is_an_error),
        cmocka_unit_test(the_explanation_names_the_waiver),
        cmocka_unit_test(against_stored_sessions_the_bound_holds_too),
        cmocka_unit_test(against_stored_sessions_an_expired_waiver_fails_with_and_without_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
