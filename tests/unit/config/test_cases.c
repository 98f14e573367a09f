/* SPDX-License-Identifier: Apache-2.0 */
/* The files of tests/cases/config: good ones are read, and what `config show` says of them is the
 * same configuration again; bad ones say themselves how they must be refused. */
#include "helper.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>

#define CASES SG_TESTS_DIR "/cases/config"

static void each_case(const char *folder, void (*check)(const char *name, const char *text))
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".yaml") != 0) {
            continue;
        }
        char *path = sg_path_join(folder, entry->d_name);
        char *text = NULL;
        size_t size = 0;
        struct sg_error err = {0};
        assert_true(sg_file_read(path, 1 << 20, &text, &size, &err));
        check(entry->d_name, text);
        free(text);
        free(path);
        count++;
    }
    closedir(dir);
    assert_true(count >= 5); /* the folder was really there */
}

/* The text after "# expect: FILE" up to the end of its line. Caller frees. */
static char *expectation(const char *text)
{
    static const char mark[] = "# expect: FILE";
    const char *at = strstr(text, mark);
    assert_non_null(at);
    at += strlen(mark);
    return sg_format("%.*s", (int)strcspn(at, "\n"), at);
}

static void check_bad(const char *name, const char *text)
{
    struct sg_config config;
    struct sg_error err = {0};
    bool ok = sg_config_parse(text, strlen(text), "", "", &config, &err);
    if (ok) {
        ok = sg_config_finish(&config, true, &err);
        sg_config_clear(&config);
    }
    if (ok) {
        fail_msg("%s was accepted", name);
    }
    char *expected = expectation(text);
    if (strcmp(err.text, expected) != 0) {
        fail_msg("%s\n  says:     %s\n  expected: %s", name, err.text, expected);
    }
    assert_int_equal(err.kind, SG_ERROR_CONFIG);
    free(expected);
}

static void bad_files_are_refused_with_position_and_hint(void **state)
{
    (void)state;
    each_case(CASES "/bad", check_bad);
}

/* --- The same configuration ------------------------------------------------------------------ */

static void same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL && b != NULL) {
        assert_string_equal(a, b);
    }
}

/* To the bit; NaN is NaN. */
static void same_number(double a, double b)
{
    if (isnan(a)) {
        assert_true(isnan(b));
        return;
    }
    assert_memory_equal(&a, &b, sizeof(a));
}

static void same_texts(char *const *a, char *const *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a == NULL || b == NULL) {
        return;
    }
    for (; *a != NULL; a++, b++) {
        same_text(*a, *b);
    }
    assert_null(*b);
}

static void same_pairs(const struct sg_pair *a, size_t a_count, const struct sg_pair *b,
                       size_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        same_text(a[i].key, b[i].key);
        same_text(a[i].value, b[i].value);
    }
}

static void same_variant(const struct sg_config_variant *a, const struct sg_config_variant *b)
{
    same_text(a->name, b->name);
    same_text(a->image, b->image);
    same_text(a->build_context, b->build_context);
    same_text(a->build_ref, b->build_ref);
    same_text(a->build_dockerfile, b->build_dockerfile);
    same_pairs(a->env, a->env_count, b->env, b->env_count);
}

static void same_gate(const struct sg_gate *a, const struct sg_gate *b)
{
    same_text(a->metric, b->metric);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_number(a->tolerance, b->tolerance);
    same_number(a->floor, b->floor);
    same_number(a->limit, b->limit);
    same_number(a->warn, b->warn);
    same_number(a->weight, b->weight);
}

static void same_waiver(const struct sg_waiver *a, const struct sg_waiver *b)
{
    same_text(a->metric, b->metric);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_text(a->variant, b->variant);
    same_number(a->bound, b->bound);
    same_text(a->owner, b->owner);
    same_text(a->reason, b->reason);
    same_text(a->expires, b->expires);
}

static void same_metric(const struct sg_metric *a, const struct sg_metric *b)
{
    same_text(a->name, b->name);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_text(a->unit, b->unit);
    same_text(a->query, b->query);
    same_text(a->events, b->events);
    same_text(a->trials, b->trials);
    assert_int_equal(a->better, b->better);
    assert_int_equal(a->scale, b->scale);
    assert_int_equal(a->role, b->role);
    assert_int_equal(a->adjust, b->adjust);
}

static void same_lists(const struct sg_config *a, const struct sg_config *b)
{
    assert_int_equal(a->variants_count, b->variants_count);
    for (size_t i = 0; i < a->variants_count; i++) {
        same_variant(&a->variants[i], &b->variants[i]);
    }
    assert_int_equal(a->gates_count, b->gates_count);
    for (size_t i = 0; i < a->gates_count; i++) {
        same_gate(&a->gates[i], &b->gates[i]);
    }
    assert_int_equal(a->waivers_count, b->waivers_count);
    for (size_t i = 0; i < a->waivers_count; i++) {
        same_waiver(&a->waivers[i].waiver, &b->waivers[i].waiver);
    }
    assert_int_equal(a->metrics_count, b->metrics_count);
    for (size_t i = 0; i < a->metrics_count; i++) {
        same_metric(&a->metrics[i], &b->metrics[i]);
    }
    same_pairs(a->load_env, a->load_env_count, b->load_env, b->load_env_count);
    same_pairs(a->images, a->images_count, b->images, b->images_count);
    same_texts(a->command, b->command);
    same_texts(a->compose_over, b->compose_over);
    same_texts(a->files, b->files);
}

static void same_config(const struct sg_config *a, const struct sg_config *b)
{
    same_lists(a, b);
    same_text(a->compose, b->compose);
    same_text(a->service, b->service);
    same_text(a->ready, b->ready);
    same_text(a->reference, b->reference);
    same_text(a->script, b->script);
    same_text(a->baseline, b->baseline);
    same_text(a->service_cpuset, b->service_cpuset);
    same_text(a->generator_cpuset, b->generator_cpuset);
    same_text(a->monitor_cpuset, b->monitor_cpuset);
    double left[] = {a->ready_timeout, a->cpus,   a->memory, a->rate, a->warmup,
                     a->measure,       a->budget, a->alpha,  a->beta};
    double right[] = {b->ready_timeout, b->cpus,   b->memory, b->rate, b->warmup,
                      b->measure,       b->budget, b->alpha,  b->beta};
    for (size_t i = 0; i < SG_COUNT(left); i++) {
        same_number(left[i], right[i]);
    }
    assert_int_equal(a->port, b->port);
    assert_int_equal(a->vus, b->vus);
    assert_int_equal(a->mix_count, b->mix_count);
    for (size_t i = 0; i < a->mix_count; i++) {
        same_text(a->mix[i].name, b->mix[i].name);
        same_number(a->mix[i].share, b->mix[i].share);
    }
    assert_int_equal(a->rate_auto, b->rate_auto);
    assert_int_equal(a->sliced, b->sliced);
    assert_int_equal(a->min_repetitions, b->min_repetitions);
    assert_int_equal(a->max_repetitions, b->max_repetitions);
    assert_int_equal(a->fresh_stack, b->fresh_stack);
    assert_int_equal(a->has_seed, b->has_seed);
    assert_true(a->seed == b->seed);
    assert_int_equal(a->inconclusive, b->inconclusive);
    assert_int_equal(a->missing_baseline, b->missing_baseline);
    assert_int_equal(a->adjust, b->adjust);
    assert_int_equal(a->keep_awake, b->keep_awake);
}

static void check_round_trip(const char *text, const char *folder, const char *name)
{
    struct sg_config first = parse(text, folder);
    struct sg_error err = {0};
    if (!sg_config_finish(&first, false, &err)) {
        fail_msg("%s: %s", name, err.text);
    }
    char *shown = sg_config_show(&first);
    struct sg_config second = parse(shown, folder);
    assert_true(sg_config_finish(&second, false, &err));
    same_config(&first, &second);
    free(shown);
    sg_config_clear(&first);
    sg_config_clear(&second);
}

static void check_good(const char *name, const char *text)
{
    check_round_trip(text, "", name);
    check_round_trip(text, ".", name);
    check_round_trip(text, "/somewhere else/below", name);
}

static void good_files_are_read_and_shown_as_the_same_configuration(void **state)
{
    (void)state;
    each_case(CASES "/good", check_good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_files_are_refused_with_position_and_hint),
        cmocka_unit_test(good_files_are_read_and_shown_as_the_same_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
