/* SPDX-License-Identifier: Apache-2.0 */
/* Each fixture in each format, byte for byte. Started by hand, SG_RENEW_GOLDEN=1 writes what is
 * there now: look at the difference before you keep it. ctest unsets it, and a CI job may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/process.h"
#include "unit/report/fixtures.h"

static void compare(const char *path, const char *text)
{
    struct sg_error err = {0};
    char *golden = NULL;
    size_t size = 0;

    if (sg_env("SG_RENEW_GOLDEN") != NULL && sg_env("CI") != NULL)
        fail_msg("SG_RENEW_GOLDEN is set in a CI job, where nobody looks at what it writes");
    if (sg_env("SG_RENEW_GOLDEN") != NULL)
        assert_true(sg_file_write(path, text, strlen(text), &err));
    if (!sg_file_read(path, 1 << 24, &golden, &size, &err))
        fail_msg("%s; SG_RENEW_GOLDEN=1 writes it", err.text);
    if (strcmp(golden, text) != 0)
        fail_msg("%s differs. Now:\n%s", path, text);
    free(golden);
}

static void check(void (*make)(struct fixture *), const char *name, const char *format,
                  const char *suffix, int width)
{
    struct fixture fixture;
    char *path = sg_format("%s/unit/report/golden/%s%s", SG_TESTS_DIR, name, suffix);

    make(&fixture);
    char *text = render(&fixture, format, strcmp(suffix, ".color.txt") == 0, width);
    compare(path, text);
    free(text);
    free(path);
    fixture_clear(&fixture);
}

static void check_people(void (*make)(struct fixture *), const char *name)
{
    check(make, name, "text", ".txt", 0);
    check(make, name, "md", ".md", 0);
}

static void check_machines(void (*make)(struct fixture *), const char *name)
{
    check(make, name, "json", ".json", 0);
    check(make, name, "junit", ".xml", 0);
    check(make, name, "csv", ".csv", 0);
    check(make, name, "github", ".github.txt", 0);
    check(make, name, "gitlab-load", ".load.json", 0);
    check(make, name, "codequality", ".quality.json", 0);
    check(make, name, "openmetrics", ".metrics.txt", 0);
}

static void a_pass_is_short_and_says_its_risk(void **state)
{
    (void)state;
    check_people(make_pass, "pass");
    check_machines(make_pass, "pass");
}

static void a_warning_is_a_pass_that_stands_out(void **state)
{
    (void)state;
    check_people(make_warn, "warn");
    check(make_warn, "warn", "github", ".github.txt", 0);
    check(make_warn, "warn", "junit", ".xml", 0);
}

static void a_fail_names_the_metric_and_how_much_first(void **state)
{
    (void)state;
    check_people(make_fail, "fail");
    check_machines(make_fail, "fail");
}

static void an_inconclusive_verdict_says_what_would_decide(void **state)
{
    (void)state;
    check_people(make_inconclusive, "inconclusive");
    check_machines(make_inconclusive, "inconclusive");
}

static void an_invalid_verdict_says_what_is_broken_with_its_log(void **state)
{
    (void)state;
    check_people(make_invalid, "invalid");
    check_machines(make_invalid, "invalid");
}

static void several_variants_make_a_league_table(void **state)
{
    (void)state;
    check_people(make_league, "league");
    check_machines(make_league, "league");
}

static void a_crashed_variant_is_told_beside_its_gates(void **state)
{
    (void)state;
    check_people(make_crash, "crash");
    check_machines(make_crash, "crash");
}

static void adjusted_metrics_show_raw_change_and_noise_too(void **state)
{
    (void)state;
    check_people(make_adjusted, "adjusted");
}

static void colour_and_a_narrow_terminal_are_honoured(void **state)
{
    (void)state;
    check(make_fail, "fail", "text", ".color.txt", 100);
    check(make_fail, "fail", "text", ".narrow.txt", 60);
}

static void waivers_are_told_with_owner_reason_and_end(void **state)
{
    (void)state;
    check_people(make_waived, "waived");
    check(make_waived, "waived", "json", ".json", 0);
    check(make_waived, "waived", "junit", ".xml", 0);
    check(make_waived, "waived", "github", ".github.txt", 0);
}

static void an_expired_waiver_is_the_headline_not_its_numbers(void **state)
{
    (void)state;
    check_people(make_expired, "expired");
    check(make_expired, "expired", "json", ".json", 0);
    check(make_expired, "expired", "junit", ".xml", 0);
    check(make_expired, "expired", "github", ".github.txt", 0);
}

static void hostile_waivers_stay_text(void **state)
{
    (void)state;
    check_people(make_hostile_waiver, "hostile_waiver");
    check(make_hostile_waiver, "hostile_waiver", "junit", ".xml", 0);
    check(make_hostile_waiver, "hostile_waiver", "github", ".github.txt", 0);
}

static void hostile_strings_stay_text(void **state)
{
    (void)state;
    check_people(make_hostile, "hostile");
    check_machines(make_hostile, "hostile");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_short_and_says_its_risk),
        cmocka_unit_test(a_warning_is_a_pass_that_stands_out),
        cmocka_unit_test(a_fail_names_the_metric_and_how_much_first),
        cmocka_unit_test(an_inconclusive_verdict_says_what_would_decide),
        cmocka_unit_test(an_invalid_verdict_says_what_is_broken_with_its_log),
        cmocka_unit_test(several_variants_make_a_league_table),
        cmocka_unit_test(a_crashed_variant_is_told_beside_its_gates),
        cmocka_unit_test(adjusted_metrics_show_raw_change_and_noise_too),
        cmocka_unit_test(colour_and_a_narrow_terminal_are_honoured),
        cmocka_unit_test(waivers_are_told_with_owner_reason_and_end),
        cmocka_unit_test(an_expired_waiver_is_the_headline_not_its_numbers),
        cmocka_unit_test(hostile_waivers_stay_text),
        cmocka_unit_test(hostile_strings_stay_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
