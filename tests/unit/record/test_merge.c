/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of one plan to one session: what must be the same, what may differ, what is missing. */
#include "unit/record/full.h"

#include "base/text.h"
#include "record/merge.h"

#define MOST 3

struct merged {
    struct sg_session parts[MOST];
    size_t count;
    struct sg_session session;
    struct sg_provenance *before;
    struct sg_error err;
};

static const char *const names[MOST] = {"first", "second", "third"};

/* Blocks of a plan of three, in this order. */
static struct merged blocks(size_t count, const int *numbers)
{
    struct merged m = {.count = count};
    for (size_t i = 0; i < count; i++) {
        m.parts[i] = full_session();
        m.parts[i].plan.blocks = 3;
        m.parts[i].block = numbers[i];
        m.parts[i].repetitions[0].block = numbers[i];
        m.parts[i].repetitions[1].slot = 8;
        sg_session_add_fact(&m.parts[i], "workload", "0123", true);
    }
    return m;
}

static bool merge(struct merged *m)
{
    return sg_merge(m->parts, names, m->count, &m->session, &m->before, &m->err);
}

static void expect_merged(struct merged *m)
{
    if (!merge(m)) {
        fail_msg("%s", m->err.text);
    }
}

static void expect_refused(struct merged *m, const char *const *texts, size_t count)
{
    assert_false(merge(m));
    assert_int_equal(m->err.kind, SG_ERROR_CONFIG);
    for (size_t i = 0; i < count; i++) {
        if (strstr(m->err.text, texts[i]) == NULL) {
            fail_msg("\"%s\" lacks: %s", m->err.text, texts[i]);
        }
    }
}
#define REFUSED(m, ...)                                                                            \
    expect_refused((m), (const char *const[]){__VA_ARGS__},                                        \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void end(struct merged *m)
{
    for (size_t i = 0; i < m->count; i++) {
        sg_session_clear(&m->parts[i]);
    }
    sg_session_clear(&m->session);
    free(m->before);
}

static const struct sg_finding *finding(const struct sg_session *session, const char *check)
{
    for (size_t i = 0; i < session->findings_count; i++) {
        if (sg_streq(session->findings[i].check, check)) {
            return &session->findings[i];
        }
    }
    return NULL;
}

static void replace(char **place, const char *text)
{
    free(*place);
    *place = sg_strdup(text);
}

static void blocks_stand_in_the_order_of_their_numbers(void **state)
{
    (void)state;
    struct merged m = blocks(3, (const int[]){3, 1, 2});
    expect_merged(&m);
    static const int block[] = {1, 0, 2, 0, 3, 0};
    static const size_t part[] = {1, 1, 2, 2, 0, 0};
    assert_int_equal(m.session.repetitions_count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct sg_repetition *r = &m.session.repetitions[i];
        assert_int_equal(r->block, block[i]);
        assert_int_equal(r->slot, (int)i + 1);
        assert_int_equal(r->rotation, i % 2 == 0 ? (int)i / 2 + 1 : 0);
        assert_int_equal(m.before[i].part, part[i]);
        assert_int_equal(m.before[i].slot, i % 2 == 0 ? 7 : 8);
    }
    same_number(m.session.repetitions[4].values[1], -1.0 / 3.0);
    assert_int_equal(m.session.block, 0);
    assert_true(m.session.complete);
    assert_string_equal(m.session.id, "20261124-1a2b");
    assert_null(finding(&m.session, "missing_block"));
    assert_null(finding(&m.session, "unfinished_block"));
    end(&m);
}

static void the_plan_of_the_whole_is_that_of_each_block(void **state)
{
    (void)state;
    struct merged m = blocks(2, (const int[]){1, 2});
    char one[65];
    char whole[65];
    sg_session_plan_hash(&m.parts[0], one);
    expect_merged(&m);
    sg_session_plan_hash(&m.session, whole);
    assert_string_equal(whole, one);
    assert_int_equal(m.session.waivers_count, 1);
    assert_string_equal(m.session.variants[0].digest, "sha256:0123");
    end(&m);
}

/* Each changes one thing of a session. */
static void other_seed(struct sg_session *s)
{
    s->plan.seed--;
}
static void other_window(struct sg_session *s)
{
    s->plan.measure = 31;
}
static void other_design(struct sg_session *s)
{
    s->plan.slice = NAN;
}
static void other_count(struct sg_session *s)
{
    s->plan.blocks = 4;
}
static void other_tolerance(struct sg_session *s)
{
    s->gates[0].tolerance = 0.06;
}
static void one_gate_less(struct sg_session *s)
{
    sg_gate_clear(&s->gates[--s->gates_count]);
}
static void other_metric(struct sg_session *s)
{
    s->metrics[1].better = SG_HIGHER;
}
static void other_waiver(struct sg_session *s)
{
    s->waivers[0].bound = 0.2;
}
static void other_image(struct sg_session *s)
{
    replace(&s->variants[0].digest, "sha256:4567");
}
static void other_settings(struct sg_session *s)
{
    replace(&s->variants[0].env, "A=2");
}
static void other_reference(struct sg_session *s)
{
    replace(&s->reference, "candidate");
}
static void other_service(struct sg_session *s)
{
    replace(&s->service, "shop");
}
static void other_workload(struct sg_session *s)
{
    replace(&s->facts[2].value, "4567");
}

static void the_first_difference_between_two_plans_is_named_with_both_files(void **state)
{
    (void)state;
    static const struct {
        void (*change)(struct sg_session *session);
        const char *where, *here, *there;
    } cases[] = {
        {other_seed, "plan.seed", "\"18446744073709551615\"", "\"18446744073709551614\""},
        {other_window, "plan.measure", "is 30.5", "31 in"},
        {other_design, "plan.slice", "is 0.7", "nothing in"},
        {other_count, "plan.blocks", "is 3", "4 in"},
        {other_tolerance, "gates[0].tolerance", "is 0.05", "0.06 in"},
        {one_gate_less, "gates[1]", "error_rate", "nothing in"},
        {other_metric, "metrics[1].better", "lower", "higher"},
        {other_waiver, "waivers[0].bound", "is 0.12", "0.2 in"},
        {other_image, "variants[0].digest", "sha256:0123", "build them once"},
        {other_settings, "variants[0].env", "A=1", "A=2"},
        {other_reference, "reference", "base", "candidate"},
        {other_service, "service", "api", "shop"},
        {other_workload, "workload", "0123", "4567"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        struct merged m = blocks(3, (const int[]){1, 2, 3});
        cases[i].change(&m.parts[2]);
        REFUSED(&m, "first and third are no blocks of one plan", cases[i].where, cases[i].here,
                cases[i].there);
        end(&m);
    }
}

static void an_image_is_its_digest_and_lines_of_the_config_are_no_plan(void **state)
{
    (void)state;
    struct merged m = blocks(2, (const int[]){1, 2});
    replace(&m.parts[1].variants[0].image, "mirror.example/shop/api:main");
    m.parts[1].gates[0].line++;
    m.parts[1].waivers[0].line++;
    expect_merged(&m);
    end(&m);
    m = blocks(2, (const int[]){1, 2});
    for (size_t i = 0; i < 2; i++) {
        replace(&m.parts[i].variants[0].digest, NULL);
    }
    replace(&m.parts[1].variants[0].image, "shop/api:other");
    REFUSED(&m, "variants[0].image", "shop/api:main", "shop/api:other");
    end(&m);
}

static void a_block_counts_once(void **state)
{
    (void)state;
    struct merged m = blocks(3, (const int[]){2, 1, 2});
    REFUSED(&m, "first and third are both block 2");
    end(&m);
}

static void a_whole_session_is_no_block(void **state)
{
    (void)state;
    struct merged m = blocks(2, (const int[]){1, 2});
    m.parts[1].block = 0;
    REFUSED(&m, "second: this is no block");
    end(&m);
}

static void what_differs_between_machines_is_kept_for_each_block(void **state)
{
    (void)state;
    struct merged m = blocks(3, (const int[]){1, 2, 3});
    replace(&m.parts[1].facts[0].value, "Xeon");
    expect_merged(&m);
    static const struct sg_fact wanted[] = {{"cpu", "EPYC 7B13", true, 1},
                                            {"region", NULL, false, 0},
                                            {"workload", "0123", true, 0},
                                            {"cpu", "Xeon", true, 2},
                                            {"cpu", "EPYC 7B13", true, 3}};
    assert_int_equal(m.session.facts_count, SG_COUNT(wanted));
    for (size_t i = 0; i < SG_COUNT(wanted); i++) {
        const struct sg_fact *fact = &m.session.facts[i];
        assert_string_equal(fact->name, wanted[i].name);
        assert_true(sg_streq(fact->value, wanted[i].value));
        assert_int_equal(fact->hard, wanted[i].hard);
        assert_int_equal(fact->block, wanted[i].block);
    }
    end(&m);
}

static void what_all_blocks_found_is_said_once_and_the_rest_with_its_block(void **state)
{
    (void)state;
    struct merged m = blocks(2, (const int[]){1, 2});
    sg_session_add_finding(&m.parts[1], SG_FINDING_INVALID, "clock", NULL, "it stepped");
    expect_merged(&m);
    assert_int_equal(m.session.findings_count, 3); /* the missing block, too */
    assert_string_equal(finding(&m.session, "noise")->text, "noisy: yes");
    assert_string_equal(finding(&m.session, "noise")->log, "log");
    assert_string_equal(finding(&m.session, "clock")->text, "block 2: it stepped");
    assert_int_equal(finding(&m.session, "clock")->severity, SG_FINDING_INVALID);
    end(&m);
}

static void blocks_that_are_missing_are_told(void **state)
{
    (void)state;
    static const struct {
        int block;
        const char *text;
    } cases[] = {{1, "blocks 2 and 3 of 3 are missing"},
                 {2, "blocks 1 and 3 of 3 are missing"},
                 {3, "blocks 1 and 2 of 3 are missing"}};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        struct merged m = blocks(1, &cases[i].block);
        expect_merged(&m);
        const struct sg_finding *told = finding(&m.session, "missing_block");
        assert_non_null(told);
        assert_true(sg_starts_with(told->text, cases[i].text));
        assert_int_equal(told->severity, SG_FINDING_WARN);
        end(&m);
    }
    struct merged m = blocks(2, (const int[]){3, 1});
    expect_merged(&m);
    assert_true(
        sg_starts_with(finding(&m.session, "missing_block")->text, "block 2 of 3 is missing"));
    end(&m);
}

static void a_block_that_was_broken_off_is_told_and_ends_the_session_all_the_same(void **state)
{
    (void)state;
    struct merged m = blocks(3, (const int[]){1, 2, 3});
    m.parts[1].complete = false;
    expect_merged(&m);
    assert_true(m.session.complete);
    assert_string_equal(finding(&m.session, "unfinished_block")->text,
                        "block 2 was broken off before its end");
    end(&m);
}

static void read_back(const char *replaced, const char *with, const char *mistake)
{
    struct merged m = blocks(1, (const int[]){2});
    char *text = sg_session_write(&m.parts[0]);
    char *at = strstr(text, replaced);
    assert_non_null(at);
    char *changed = sg_format("%.*s%s%s", (int)(at - text), text, with, at + strlen(replaced));
    struct sg_session again = {0};
    bool ok = sg_session_read(changed, strlen(changed), "s", &again, &m.err);
    if (mistake == NULL) {
        assert_true(ok);
        assert_int_equal(again.block, 2);
        assert_int_equal(again.plan.blocks, 3);
    } else if (ok || strstr(m.err.text, mistake) == NULL) {
        fail_msg("\"%s\" lacks: %s", ok ? "no error" : m.err.text, mistake);
    }
    sg_session_clear(&again);
    free(changed);
    free(text);
    end(&m);
}

static void a_block_is_read_back_and_its_numbers_must_agree(void **state)
{
    (void)state;
    read_back("\"block\": 2", "\"block\": 2", NULL);
    read_back("\"blocks\": 3", "\"blocks\": 1", "\"block\" is 2, of 1");
    read_back("\"blocks\": 3", "\"blocks\": 10001", "more than the limit");
    read_back("\n  \"block\": 2", "\n  \"block\": 3",
              "repetitions[0] is of block 2, but this is block 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_stand_in_the_order_of_their_numbers),
        cmocka_unit_test(the_plan_of_the_whole_is_that_of_each_block),
        cmocka_unit_test(the_first_difference_between_two_plans_is_named_with_both_files),
        cmocka_unit_test(an_image_is_its_digest_and_lines_of_the_config_are_no_plan),
        cmocka_unit_test(a_block_counts_once),
        cmocka_unit_test(a_whole_session_is_no_block),
        cmocka_unit_test(what_differs_between_machines_is_kept_for_each_block),
        cmocka_unit_test(what_all_blocks_found_is_said_once_and_the_rest_with_its_block),
        cmocka_unit_test(blocks_that_are_missing_are_told),
        cmocka_unit_test(a_block_that_was_broken_off_is_told_and_ends_the_session_all_the_same),
        cmocka_unit_test(a_block_is_read_back_and_its_numbers_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
