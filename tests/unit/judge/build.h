/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions for tests, row by row. Include after cmocka.h. */
#ifndef SG_TESTS_JUDGE_BUILD_H
#define SG_TESTS_JUDGE_BUILD_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "judge/judge.h"

/* A planned session of base and candidate with the default looks (6, 9, … 21), complete. */
static inline struct sg_session build_session(void)
{
    struct sg_session s = {0};
    s.id = sg_strdup("test");
    s.reference = sg_strdup("base");
    s.plan = (struct sg_plan){.min_repetitions = 6,
                              .max_repetitions = 21,
                              .block_size = 3,
                              .alpha = 0.01,
                              .beta = 0.05,
                              .attempt = 1,
                              .planned = true};
    s.complete = true;
    return s;
}

static inline void build_variant(struct sg_session *s, const char *name)
{
    s->variants = sg_grow(s->variants, s->variants_count, sizeof(*s->variants));
    s->variants[s->variants_count++].name = sg_strdup(name);
}

static inline struct sg_metric *build_metric(struct sg_session *s, const char *name,
                                             enum sg_scale scale)
{
    struct sg_metric *metric = sg_session_add_metric(s, name);
    metric->scale = scale;
    free(metric->unit);
    metric->unit = sg_strdup(scale == SG_SCALE_COUNT ? "ratio" : "s");
    return metric;
}

static inline struct sg_gate *build_gate(struct sg_session *s, const char *metric, double tolerance)
{
    struct sg_gate *gate = sg_session_add_gate(s, metric);
    gate->tolerance = tolerance;
    gate->floor = gate->limit = gate->warn = gate->weight = NAN;
    return gate;
}

static inline struct sg_repetition *build_row(struct sg_session *s, int block, const char *variant,
                                              double first)
{
    struct sg_repetition *row = sg_session_add_repetition(s, variant);
    row->block = block;
    row->slot = (int)s->repetitions_count;
    row->values[0] = first;
    return row;
}

/* base, candidate, one metric on the log scale, one gate */
static inline struct sg_session build_simple(double tolerance)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    build_metric(&s, "latency_p95", SG_SCALE_LOG);
    build_gate(&s, "latency_p95", tolerance);
    return s;
}

/* base, candidate, error_rate from the counts errors and requests (metrics 0, 1, 2), one gate */
static inline struct sg_session build_error_rate(double tolerance)
{
    struct sg_session s = build_session();
    build_variant(&s, "base");
    build_variant(&s, "candidate");
    struct sg_metric *rate = build_metric(&s, "error_rate", SG_SCALE_COUNT);
    rate->events = sg_strdup("errors");
    rate->trials = sg_strdup("requests");
    build_metric(&s, "errors", SG_SCALE_LINEAR);
    build_metric(&s, "requests", SG_SCALE_LINEAR);
    build_gate(&s, "error_rate", tolerance);
    return s;
}

/* Small noise that differs from row to row: 0, 1, 2 ‰ and so on, in a fixed unsorted order. */
static inline double build_noise(int i)
{
    static const int order[] = {3, 0, 5, 1, 4, 2, 7, 6};
    return 1 + 0.001 * order[i % 8];
}

/* `blocks` blocks of three each; the candidate is `factor` times the base's 10 ms. */
static inline void build_blocks(struct sg_session *s, int blocks, double factor)
{
    for (int b = 1; b <= blocks; b++) {
        for (int i = 0; i < 3; i++) {
            build_row(s, b, "base", 0.010 * build_noise(b + i));
            build_row(s, b, "candidate", 0.010 * factor * build_noise(b + i + 3));
        }
    }
}

static inline struct sg_judgement build_judge(const struct sg_session *s)
{
    struct sg_judgement judgement = {0};
    struct sg_error err = {0};
    if (!sg_judge(s, &judgement, &err))
        fail_msg("%s", err.text);
    return judgement;
}

/* The verdict of a session that is judged and thrown away. */
static inline enum sg_verdict build_verdict(struct sg_session *s)
{
    struct sg_judgement judgement = build_judge(s);
    enum sg_verdict verdict = judgement.verdict;
    sg_judgement_clear(&judgement);
    sg_session_clear(s);
    return verdict;
}

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!strstr(text, part))                                                                   \
            fail_msg("\"%s\" does not contain \"%s\"", text, part);                                \
    } while (0)

#endif
