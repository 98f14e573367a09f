/* SPDX-License-Identifier: Apache-2.0 */
/* Whole judgements of 10,000 drawn sessions against the independent ones of tests/vectors/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/judge/build.h"
#include "unit/judge/drawn_session.h"
#include "unit/vectors.h"

/* What one file is read with, and how far it was off. */
struct reading {
    struct vectors vectors;
    enum flavour flavour;
    unsigned long index;
    double allowed; /* largest difference */
    double seen;    /* the largest so far */
};

static enum sg_verdict verdict_of(char letter)
{
    static const char letters[] = {
        [SG_PASS] = 'P', [SG_FAIL] = 'F', [SG_INCONCLUSIVE] = 'I', [SG_INVALID] = 'X'};
    for (int v = SG_PASS; v <= SG_INVALID; v++)
        if (letters[v] == letter)
            return (enum sg_verdict)v;
    fail_msg("\"%c\" is no verdict", letter);
    return SG_INVALID;
}

/* Differences count by themselves, by `scale` or by the number, whichever is largest: some numbers
 * vanish by cancellation. `like` is what "=" stands for. */
static void check_number(struct reading *r, const char *name, double got, double like, double scale)
{
    const char *word = vectors_word(&r->vectors);
    assert_non_null(word);
    double wanted = word[0] == '=' ? like : (strcmp(word, "-") == 0 ? NAN : strtod(word, NULL));
    double size = fmax(scale, fabs(wanted));
    double off = vectors_close_to(got, wanted, 0) ? 0 : fabs(got - wanted) / size;
    if (!(off <= r->allowed))
        fail_msg("session %lu: %s is %.17g, not %s", r->index, name, got, word);
    r->seen = fmax(r->seen, off);
}

/* The shift is only searched to 1e-4 (lib/stats/boundaries.c). */
static void check_detectable(struct reading *r, double got, double scale)
{
    const char *word = vectors_word(&r->vectors);
    assert_non_null(word);
    double wanted = strcmp(word, "-") == 0 ? NAN : strtod(word, NULL);
    bool both = isfinite(got) && isfinite(wanted);
    double size = fmax(1e-9 * scale, fabs(wanted));
    if (both ? fabs(got - wanted) > 1e-3 * size : isfinite(got) != isfinite(wanted))
        fail_msg("session %lu: detectable is %.17g, not %s", r->index, got, word);
}

/* Relative numbers have the scale 1, differences that of the values. */
static double scale_of(const struct sg_result *x)
{
    double level = fmax(fabs(x->reference), fabs(x->value));
    return x->relative ? 1 : (isfinite(level) ? level : 0);
}

static void check_comparison(struct reading *r, const struct sg_result *x)
{
    double scale = scale_of(x);
    int flags = x->adjusted * 8 + x->improved * 4 + x->beyond * 2 + x->warn;
    int wanted = (int)strtol(r->vectors.word, NULL, 16);
    if (flags != wanted)
        fail_msg("session %lu: the flags of %s of %s are %x, not %x", r->index, x->metric,
                 x->variant, (unsigned)flags, (unsigned)wanted);
    check_number(r, "change", x->change, NAN, scale);
    check_number(r, "low", x->low, NAN, scale);
    check_number(r, "high", x->high, NAN, scale);
    check_number(r, "reference", x->reference, NAN, 0);
    check_number(r, "value", x->value, NAN, 0);
    check_number(r, "p", x->p, NAN, 0);
    check_number(r, "noise", x->noise, NAN, scale);
    check_number(r, "noise_raw", x->noise_raw, x->noise, scale);
    check_number(r, "change_raw", x->change_raw, x->change, scale);
}

/* The next word: "N" stands for no numbers at all. */
static bool has_numbers(struct reading *r, const struct sg_result *x)
{
    if (strcmp(vectors_word(&r->vectors), "N") != 0)
        return true;
    assert_true(isnan(x->change) && isnan(x->p) && isnan(x->value));
    return false;
}

static void check_gate(struct reading *r, const struct sg_result *x)
{
    enum sg_verdict verdict = verdict_of(vectors_word(&r->vectors)[0]);
    if (x->verdict != verdict)
        fail_msg("session %lu: %s of %s is %s (%s), not %s", r->index, x->metric, x->variant,
                 sg_verdict_name(x->verdict), x->reason, sg_verdict_name(verdict));
    if (!has_numbers(r, x))
        return;
    if (x->decided_at != strtol(r->vectors.word, NULL, 10))
        fail_msg("session %lu: %s is decided at %d, not %s", r->index, x->metric, x->decided_at,
                 r->vectors.word);
    (void)vectors_word(&r->vectors);
    check_comparison(r, x);
    check_number(r, "alpha", x->alpha, NAN, 0);
    check_number(r, "tolerance", x->tolerance, NAN, 0);
    check_number(r, "value_low", x->value_low, NAN, fabs(x->value)); /* M18a is a difference */
    check_number(r, "value_high", x->value_high, NAN, 0);
    check_detectable(r, x->detectable, scale_of(x));
}

static void check_result(struct reading *r, const struct sg_result *x)
{
    char kind[16];
    assert_true(vectors_kind(&r->vectors, kind));
    assert_string_equal(kind, x->gated ? "r" : "u");
    assert_true(x->reason && x->reason[0]);
    if (x->gated)
        check_gate(r, x);
    else if (has_numbers(r, x))
        check_comparison(r, x);
}

static void check_verdicts(struct reading *r, const struct sg_judgement *judgement)
{
    const char *letters = vectors_word(&r->vectors);
    if (strlen(letters) != judgement->variants_count + 1)
        fail_msg("session %lu: %zu variants are judged, not as in %s", r->index,
                 judgement->variants_count, letters);
    for (size_t v = 0; v < judgement->variants_count; v++)
        if (judgement->variants[v].verdict != verdict_of(letters[v]))
            fail_msg("session %lu: %s is %s, not %c", r->index, judgement->variants[v].variant,
                     sg_verdict_name(judgement->variants[v].verdict), letters[v]);
    if (judgement->verdict != verdict_of(letters[judgement->variants_count]))
        fail_msg("session %lu is %s, not as in %s", r->index, sg_verdict_name(judgement->verdict),
                 letters);
}

static void check_session(struct reading *r)
{
    r->index = strtoul(vectors_word(&r->vectors), NULL, 10);
    struct sg_session s = drawn_session(r->flavour, r->index);
    if (drawn_checksum(&s) != strtoul(vectors_word(&r->vectors), NULL, 16))
        fail_msg("session %lu is drawn otherwise by tests/vectors/drawn_session.py", r->index);
    struct sg_judgement judgement = build_judge(&s);
    check_verdicts(r, &judgement);
    for (size_t i = 0; i < judgement.results_count; i++)
        check_result(r, &judgement.results[i]);
    sg_judgement_clear(&judgement);
    sg_session_clear(&s);
}

static void check_file(const char *name, enum flavour flavour, int sessions, double allowed)
{
    struct reading r = {.flavour = flavour, .allowed = allowed};
    vectors_open(&r.vectors, name);
    int checked = 0;
    char kind[16];
    for (; vectors_kind(&r.vectors, kind); checked++) {
        assert_string_equal(kind, "s");
        check_session(&r);
    }
    assert_int_equal(checked, sessions);
    print_message("%s: %d sessions, largest difference %.2g\n", name, checked, r.seen);
    vectors_close(&r.vectors);
}

static void planned_sessions_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_planned.txt", DRAWN_PLANNED, 3500, 1e-12);
}

static void blocks_of_any_shape_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_blocks.txt", DRAWN_BLOCKS, 3500, 1e-12);
}

static void adjusted_sessions_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_adjusted.txt", DRAWN_ADJUSTED, 2000, 1e-11);
}

static void counts_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_counts.txt", DRAWN_COUNTS, 1000, 1e-10);
}

static void wide_first_blocks_are_judged_as_by_the_independent_program(void **state)
{
    (void)state;
    check_file("judge_wide.txt", DRAWN_WIDE, 1000, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planned_sessions_are_judged_as_by_the_independent_program),
        cmocka_unit_test(blocks_of_any_shape_are_judged_as_by_the_independent_program),
        cmocka_unit_test(adjusted_sessions_are_judged_as_by_the_independent_program),
        cmocka_unit_test(wide_first_blocks_are_judged_as_by_the_independent_program),
        cmocka_unit_test(counts_are_judged_as_by_the_independent_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
