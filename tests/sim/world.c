/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions for the judge. */
#include "sim/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct rules rules_default(void)
{
    return (struct rules){.alpha = 0.01,
                          .beta = 0.05,
                          .tolerance = 0.05,
                          .min_repetitions = 6,
                          .max_repetitions = 21};
}

static void add_metrics(struct sg_session *session, const struct rules *rules, size_t metrics)
{
    for (size_t m = 0; m < metrics; m++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "metric_%zu", m);
        struct sg_metric *metric = sg_session_add_metric(session, name);
        metric->adjust = rules->adjust;
        struct sg_gate *gate = sg_session_add_gate(session, name);
        gate->tolerance = rules->tolerance;
        gate->floor = gate->limit = gate->warn = NAN;
        gate->weight = rules->weights[m] > 0 ? rules->weights[m] : NAN;
    }
    if (rules->adjust)
        sg_session_add_metric(session, "witness")->role = SG_ROLE_COVARIATE;
}

static void begin(struct world *world, const struct rules *rules)
{
    *world = (struct world){.names = {sg_strdup("base"), sg_strdup("candidate")}};
    world->session.complete = true;
    world->session.plan = (struct sg_plan){.min_repetitions = rules->min_repetitions,
                                           .max_repetitions = rules->max_repetitions,
                                           .block_size = 3,
                                           .first_block = rules->wide ? 6 : 0,
                                           .alpha = rules->alpha,
                                           .beta = rules->beta,
                                           .attempt = 1,
                                           .planned = true};
}

/* The row's variant is left to world_fill, and borrowed. */
static struct sg_repetition *add_row(struct world *world, int block)
{
    struct sg_repetition *row = sg_session_add_repetition(&world->session, "");
    free(row->variant);
    row->variant = world->names[0];
    row->block = block;
    row->slot = (int)world->session.repetitions_count;
    return row;
}

/* Of the slot with this index, from 0. */
static int block_of(const struct rules *rules, size_t slot)
{
    size_t block = slot / NOISE_BLOCK;
    return 1 + (int)(rules->wide && block > 0 ? block - 1 : block);
}

void world_init(struct world *world, const struct rules *rules, size_t metrics, size_t blocks)
{
    begin(world, rules);
    world->session.reference = sg_strdup("base");
    add_metrics(&world->session, rules, metrics);
    for (size_t i = 0; i < blocks * NOISE_BLOCK; i++)
        add_row(world, block_of(rules, i));
}

void world_init_single(struct world *world, const struct rules *rules, size_t repetitions)
{
    begin(world, rules);
    add_metrics(&world->session, rules, 1);
    for (size_t i = 0; i < repetitions; i++)
        add_row(world, 1 + (int)(i / 3));
}

void world_clear(struct world *world)
{
    for (size_t r = 0; r < world->session.repetitions_count; r++)
        world->session.repetitions[r].variant = NULL;
    sg_session_clear(&world->session);
    free(world->names[0]);
    free(world->names[1]);
}

void world_fill(struct world *world, const struct noise_session *drawn)
{
    struct sg_session *session = &world->session;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        struct sg_repetition *row = &session->repetitions[r];
        row->variant = world->names[drawn->candidate[r]];
        for (size_t m = 0; m < session->gates_count; m++)
            row->values[m] = 0.1 * exp(drawn->y[m][r]);
        if (session->metrics_count > session->gates_count)
            row->values[session->gates_count] = exp(drawn->witness[r]);
    }
}

void world_judge(const struct world *world, struct sg_judgement *out)
{
    struct sg_error err = {0};
    if (sg_judge(&world->session, out, &err))
        return;
    fprintf(stderr, "sim: the judge refuses: %s\n", err.text);
    exit(5);
}

int world_stopped_at(const struct world *world, const struct sg_judgement *judgement)
{
    int all = 0;
    int first_fail = world->session.plan.max_repetitions;
    for (size_t g = 0; g < judgement->results_count; g++) {
        const struct sg_result *result = &judgement->results[g];
        if (result->verdict == SG_FAIL && result->decided_at < first_fail)
            first_fail = result->decided_at;
        if (result->decided_at > all)
            all = result->decided_at;
    }
    return judgement->verdict == SG_PASS ? all : first_fail;
}
