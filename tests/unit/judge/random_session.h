/* SPDX-License-Identifier: Apache-2.0 */
/* Random sessions for tests of properties and for simulation. Include after build.h. */
#ifndef SG_TESTS_JUDGE_RANDOM_SESSION_H
#define SG_TESTS_JUDGE_RANDOM_SESSION_H

#include "stats/random.h"

static inline double random_normal(struct sg_random *random)
{
    double radius = sqrt(-2 * log(1 - sg_random_unit(random)));
    return radius * cos(6.283185307179586 * sg_random_unit(random));
}

/* Three gates, three variants, seven blocks in random order: candidate is slower by `effect`. */
static inline struct sg_session random_session(struct sg_random *random, double effect, double cv)
{
    static const char *const names[] = {"base", "candidate", "other"};
    struct sg_session s = build_session();
    for (int v = 0; v < 3; v++)
        build_variant(&s, names[v]);
    build_metric(&s, "latency_p95", SG_SCALE_LOG)->adjust = true;
    build_metric(&s, "cpu_per_request", SG_SCALE_LOG);
    build_metric(&s, "generator", SG_SCALE_LOG)->role = SG_ROLE_COVARIATE;
    build_gate(&s, "latency_p95", 0.05)->limit = 1.05;
    build_gate(&s, "cpu_per_request", 0.05)->warn = 0.01;
    for (int slot = 0; slot < 63; slot++) {
        int order[] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
        static int drawn[9];
        if (slot % 9 == 0) {
            sg_random_shuffle(random, order, 9);
            memcpy(drawn, order, sizeof(drawn));
        }
        int v = drawn[slot % 9];
        struct sg_repetition *row = build_row(&s, 1 + slot / 9, names[v], NAN);
        double host = random_normal(random) * cv;
        double shift = v == 1 ? log1p(effect) : 0;
        row->values[0] = exp(shift + host + random_normal(random) * cv / 2);
        row->values[1] = exp(shift + random_normal(random) * cv);
        row->values[2] = exp(host);
    }
    return s;
}

#endif
