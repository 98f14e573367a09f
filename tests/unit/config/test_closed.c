/* SPDX-License-Identifier: Apache-2.0 */
/* A closed load: `vus` and `duration`. */
#include "unit/config/helper.h"

#define LOAD(keys) "version: 1\nload: { script: a.js, " keys " }\n"

static void the_duration_is_the_window_and_containers_take_turns(void **state)
{
    (void)state;
    struct sg_config c = finished(LOAD("vus: 20, duration: 45s"));
    assert_true(sg_config_is_closed(&c));
    assert_float_equal(c.measure, 45, 0);
    assert_float_equal(c.warmup, 10, 0);
    assert_true(isnan(c.rate));
    assert_false(c.sliced);
    sg_config_clear(&c);
}

static void without_a_duration_the_load_is_open(void **state)
{
    (void)state;
    struct sg_config c = finished(LOAD("vus: 20, rate: 100/s"));
    assert_false(sg_config_is_closed(&c));
    assert_true(c.sliced);
    sg_config_clear(&c);
}

static void what_is_shown_reads_back(void **state)
{
    (void)state;
    struct sg_config c = finished(LOAD("vus: 20, duration: 45s"));
    char *shown = sg_config_show(&c);
    assert_non_null(strstr(shown, "  duration: 45s"));
    assert_null(strstr(shown, "  measure:"));
    assert_null(strstr(shown, "  rate:"));
    struct sg_config again = finished(shown);
    assert_float_equal(again.measure, 45, 0);
    free(shown);
    sg_config_clear(&again);
    sg_config_clear(&c);
}

static void refuse_finished(const char *text, const char *message)
{
    struct sg_config c = parse(text, "");
    struct sg_error err = {0};
    assert_false(sg_config_finish(&c, false, &err));
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    assert_string_equal(err.text, message);
    sg_config_clear(&c);
}

static void both_models_at_once_are_refused(void **state)
{
    (void)state;
    refuse_finished(LOAD("vus: 20, duration: 45s, rate: 10/s"),
                    "svcgate.yaml:2:42: load.duration is that of a closed load and contradicts "
                    "load.rate; write rate and measure, or vus and duration");
    refuse_finished(LOAD("vus: 20, duration: 45s, rate: auto"),
                    "svcgate.yaml:2:42: load.duration is that of a closed load and contradicts "
                    "load.rate; write rate and measure, or vus and duration");
    refuse_finished(LOAD("vus: 20, duration: 45s, measure: 10s"),
                    "svcgate.yaml:2:42: load.duration is that of a closed load and contradicts "
                    "load.measure; write rate and measure, or vus and duration");
    refuse_finished(LOAD("duration: 45s"),
                    "svcgate.yaml:2:33: load.duration needs load.vus, the number of virtual users; "
                    "better is an open load, with load.rate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_duration_is_the_window_and_containers_take_turns),
        cmocka_unit_test(without_a_duration_the_load_is_open),
        cmocka_unit_test(what_is_shown_reads_back),
        cmocka_unit_test(both_models_at_once_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
