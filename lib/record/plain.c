/* SPDX-License-Identifier: Apache-2.0 */
/* Plain samples come without a plan: they are judged at one look, with what can be counted. */
#include "record/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/index.h"

void sg_plain_metric(struct sg_session *session, const char *label)
{
    struct sg_metric *metric = sg_session_add_metric(session, label);
    metric->unit = sg_strdup("");
    metric->adjust = true;
}

bool sg_plain_adjustable(const struct sg_metric *metric)
{
    return metric->role == SG_ROLE_METRIC &&
           (metric->scale == SG_SCALE_LOG || metric->scale == SG_SCALE_LINEAR);
}

static void add_variants(struct sg_session *session, struct sg_index *variants, int *numbers)
{
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const char *name = session->repetitions[i].variant;
        size_t number = sg_index_add(variants, name, strlen(name));
        numbers[i] = (int)number;
        if (number == session->variants_count) {
            session->variants =
                sg_grow(session->variants, session->variants_count, sizeof(*session->variants));
            session->variants[number].name = sg_strdup(name);
            session->variants_count++;
        }
    }
}

/* The most repetitions that one variant has in one block, and in all. */
static void count_repetitions(struct sg_session *session, const int *numbers)
{
    struct sg_index cells = {0};
    int *in_cell = sg_alloc(session->repetitions_count + 1, sizeof(*in_cell));
    int *in_all = sg_alloc(session->variants_count + 1, sizeof(*in_all));
    int most_in_block = 0;
    int most = 0;
    for (size_t i = 0; i < session->repetitions_count; i++) {
        int key[2] = {session->repetitions[i].block, numbers[i]};
        int here = ++in_cell[sg_index_add(&cells, key, sizeof(key))];
        int all = ++in_all[numbers[i]];
        most_in_block = here > most_in_block ? here : most_in_block;
        most = all > most ? all : most;
    }
    session->plan.block_size = most_in_block;
    session->plan.min_repetitions = most;
    session->plan.max_repetitions = most;
    sg_index_clear(&cells);
    free(in_cell);
    free(in_all);
}

void sg_plain_finish(struct sg_session *session)
{
    struct sg_index variants = {0};
    int *numbers = sg_alloc(session->repetitions_count + 1, sizeof(*numbers));
    add_variants(session, &variants, numbers);
    session->plan = (struct sg_plan){.alpha = 0.01,
                                     .beta = 0.05,
                                     .budget = NAN,
                                     .warmup = NAN,
                                     .measure = NAN,
                                     .rate = NAN,
                                     .slice = NAN,
                                     .attempt = 1,
                                     .planned = false};
    count_repetitions(session, numbers);
    session->complete = true;
    sg_index_clear(&variants);
    free(numbers);
}
