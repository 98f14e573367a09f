/* SPDX-License-Identifier: Apache-2.0 */
/* Random sessions that tests/vectors/drawn_session.py draws too: the same numbers to the bit, in
 * the same order of draws. Values come from integers by exactly rounded operations alone (+ − × ÷,
 * floor, powers of two). What each draw is for stands there. Include after build.h. */
#ifndef SG_TESTS_JUDGE_DRAWN_SESSION_H
#define SG_TESTS_JUDGE_DRAWN_SESSION_H

#include "stats/random.h"

enum flavour { DRAWN_PLANNED, DRAWN_BLOCKS, DRAWN_ADJUSTED, DRAWN_COUNTS, DRAWN_WIDE };

/* One of these values, each equally likely. */
#define PICK(random, ...)                                                                          \
    ((const double[]){__VA_ARGS__}[sg_random_below(random, sizeof((const double[]){__VA_ARGS__}) / \
                                                               sizeof(double))])

static const char *const drawn_names[] = {"base", "candidate", "other"};

static inline int drawn_side(const struct sg_repetition *row)
{
    return row->variant[0] == 'b' ? 0 : (row->variant[0] == 'c' ? 1 : 2);
}

struct drawn_noise {
    int kind;
    double state;
};

static inline double drawn_bell(struct sg_random *r)
{
    double a = sg_random_unit(r);
    double b = sg_random_unit(r);
    double c = sg_random_unit(r);
    return (a + b + c + sg_random_unit(r) - 2.0) * 1.7320508075688772;
}

static inline double drawn_heavy(struct sg_random *r)
{
    double u = (double)((sg_random_next(r) >> 11) + 1) * 0x1p-53;
    return (1.0 / u - 1.0) * (sg_random_below(r, 2) ? 1.0 : -1.0);
}

static inline double drawn_next(struct sg_random *r, struct drawn_noise *noise)
{
    if (noise->kind == 0)
        return drawn_heavy(r);
    if (noise->kind == 4)
        return 0;
    double g = drawn_bell(r);
    switch (noise->kind) {
    case 1:
        return sg_random_below(r, 10) == 0 ? g + 20.0 * sg_random_unit(r) : g;
    case 2:
        noise->state += g;
        return noise->state;
    case 3:
        g *= 0.2;
        return sg_random_below(r, 10) < 3 ? g + 2.0 : g;
    default:
        return g;
    }
}

/* Returns the last planned block. */
static inline int drawn_plan(struct sg_random *r, struct sg_session *s, bool planned)
{
    int size = planned ? (int)PICK(r, 3, 3, 3, 2, 1) : 3;
    int first = 1 + (int)sg_random_below(r, 3);
    int last = first + (int)sg_random_below(r, 6);
    s->plan.planned = planned;
    s->plan.block_size = size;
    s->plan.min_repetitions = size * first - (int)sg_random_below(r, (uint64_t)size);
    s->plan.max_repetitions = size * last + (int)sg_random_below(r, (uint64_t)size);
    s->complete = sg_random_below(r, 10) < 7;
    s->plan.alpha = PICK(r, .01, .01, .05, .0025);
    s->plan.beta = PICK(r, .05, .1);
    s->plan.attempt = (int)PICK(r, 1, 1, 1, 2, 3);
    return last;
}

static inline void drawn_block(struct sg_random *r, struct sg_session *s, int block, int *order,
                               size_t count)
{
    sg_random_shuffle(r, order, count);
    for (size_t i = 0; i < count; i++)
        sg_session_add_repetition(s, drawn_names[order[i]])->block = block;
}

static inline void drawn_planned_rows(struct sg_random *r, struct sg_session *s, int last,
                                      int variants)
{
    if (sg_random_below(r, 4) == 0)
        for (int v = 0; v < variants; v++)
            sg_session_add_repetition(s, drawn_names[v])->block = 0;
    int blocks = 1 + (int)sg_random_below(r, (uint64_t)last + 1);
    int stays = blocks;
    if (variants == 3 && sg_random_below(r, 3) == 0)
        stays = 1 + (int)sg_random_below(r, (uint64_t)last);
    for (int b = 1; b <= blocks; b++) {
        int order[18];
        size_t count = 0;
        for (int v = 0; v < variants; v++)
            for (int i = 0; (v != 2 || b <= stays) && i < (int)sg_plan_in_block(&s->plan, b); i++)
                order[count++] = v;
        drawn_block(r, s, b, order, count);
    }
    size_t cut = sg_random_below(r, 5) == 0 ? 1 + (size_t)sg_random_below(r, 2) : 0;
    while (cut-- > 0 && s->repetitions_count > 0)
        sg_repetition_clear(&s->repetitions[--s->repetitions_count]);
}

static inline void drawn_free_rows(struct sg_random *r, struct sg_session *s, int variants)
{
    int blocks = 1 + (int)sg_random_below(r, 6);
    int numbering = (int)sg_random_below(r, 3);
    for (int b = 1; b <= blocks; b++) {
        int number = numbering == 0 ? b : (numbering == 1 ? 1000 - b : 7 * b % 13);
        int order[18];
        size_t count = 0;
        for (int v = 0; v < variants; v++) {
            int many = (int)PICK(r, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5);
            for (int i = 0; i < many; i++)
                order[count++] = v;
        }
        drawn_block(r, s, number, order, count);
    }
}

static inline void drawn_rows(struct sg_random *r, struct sg_session *s, int last, int variants)
{
    if (s->plan.planned)
        drawn_planned_rows(r, s, last, variants);
    else
        drawn_free_rows(r, s, variants);
    if (s->repetitions_count == 0 || sg_random_below(r, 8) != 0)
        return;
    size_t which = (size_t)sg_random_below(r, s->repetitions_count);
    s->repetitions[which].discarded = true;
    if (sg_random_below(r, 2)) {
        int side = drawn_side(&s->repetitions[which]);
        int block = s->repetitions[which].block;
        sg_session_add_repetition(s, drawn_names[side])->block = block;
    }
}

/* Adding a metric enlarges the values of the rows that are there. */
static inline size_t drawn_metric(struct sg_session *s, const char *name, enum sg_scale scale)
{
    build_metric(s, name, scale);
    return s->metrics_count - 1;
}

static inline double *drawn_value(struct sg_session *s, size_t row, size_t metric)
{
    return &s->repetitions[row].values[metric];
}

static inline void drawn_spoil(struct sg_random *r, struct sg_session *s, size_t metric,
                               uint64_t one_of)
{
    if (sg_random_below(r, one_of) != 0 || s->repetitions_count == 0)
        return;
    size_t row = (size_t)sg_random_below(r, s->repetitions_count);
    *drawn_value(s, row, metric) = PICK(r, NAN, 0.0, -1.0, INFINITY, -INFINITY);
}

struct drawn_level {
    enum sg_scale scale;
    double level, centre;
};

static inline void drawn_values(struct sg_random *r, struct sg_session *s, size_t metric,
                                struct drawn_level level, const double *host)
{
    double cv = PICK(r, .01, .03, .1, .3);
    struct drawn_noise noise = {(int)sg_random_below(r, 7), 0};
    double grid = sg_random_below(r, 2) ? PICK(r, 4.0, 64.0, 1024.0, 32768.0) : 0;
    double effect[3] = {0};
    effect[1] = PICK(r, 0.0, 0.0, .03, .08, .2, -.1);
    effect[2] = PICK(r, 0.0, 0.0, .08, -.1);
    uint64_t steps = (uint64_t)PICK(r, 1, 1, 3);
    for (size_t i = 0; i < s->repetitions_count; i++) {
        double shift = effect[drawn_side(&s->repetitions[i])];
        double g = drawn_next(r, &noise);
        double x = level.centre + cv * g + shift;
        if (level.scale == SG_SCALE_LOG)
            x = fabs((1.0 + host[i]) * (1.0 + cv * g)) * (1.0 + shift);
        if (level.scale == SG_SCALE_EXACT)
            x = 100.0 + (double)sg_random_below(r, steps) + floor(shift * 100.0);
        else if (grid > 0)
            x = floor(x * grid + 0.5) / grid;
        *drawn_value(s, i, metric) = level.level * x;
    }
    drawn_spoil(r, s, metric, 16);
}

static inline void drawn_gate(struct sg_random *r, struct sg_session *s, size_t metric,
                              struct drawn_level level)
{
    struct sg_gate *gate = build_gate(s, s->metrics[metric].name, NAN);
    uint64_t kind = sg_random_below(r, 8);
    bool linear = level.scale == SG_SCALE_LINEAR;
    if (kind < 6) {
        gate->tolerance = (linear ? level.level : 1.0) * PICK(r, .021, .052, .103);
        if (!linear && sg_random_below(r, 6) == 0)
            gate->tolerance = NAN;
        if (sg_random_below(r, 3) == 0)
            gate->floor = level.level * PICK(r, .011, .083);
        if (sg_random_below(r, 3) == 0)
            gate->warn = gate->tolerance * 0.25;
    }
    if (kind >= 5) {
        double step = level.level * (level.scale == SG_SCALE_EXACT ? 100.0 : 1.0);
        gate->limit = step * level.centre + step * PICK(r, -.1, 0.0, .05, .2);
    }
    if (sg_random_below(r, 5) == 0)
        gate->weight = PICK(r, .5, 2.0, 3.0);
}

static inline void drawn_gated(struct sg_random *r, struct sg_session *s, int number,
                               enum sg_scale scale, const double *host, bool adjust)
{
    static const double levels[][8] = {
        [SG_SCALE_LOG] = {1.0, .0123, 2.5e7, 1.0, .0123, 2.5e7, 0x1p-1000, 0x1p1000},
        [SG_SCALE_LINEAR] = {1.0, .0123, 2.5e7, 1.0, .0123, 2.5e7, 0x1p-200, 0x1p200},
        [SG_SCALE_EXACT] = {1.0, 3.0, 1024.0, 1.0, 3.0, 1024.0, 1e6, .25}};
    char name[16];
    (void)snprintf(name, sizeof(name), "m%d", number);
    size_t metric = drawn_metric(s, name, scale);
    s->metrics[metric].adjust = adjust;
    s->metrics[metric].better = sg_random_below(r, 3) == 2 ? SG_HIGHER : SG_LOWER;
    struct drawn_level level = {scale, levels[scale][sg_random_below(r, 8)], 1.0};
    if (scale == SG_SCALE_LINEAR)
        level.centre = PICK(r, 1.0, 1.0, 0.0);
    drawn_values(r, s, metric, level, host);
    if (s->gates_count == 0 || sg_random_below(r, 4) > 0)
        drawn_gate(r, s, metric, level);
}

static inline double *drawn_zeros(const struct sg_session *s)
{
    return sg_alloc(s->repetitions_count + 1, sizeof(double));
}

static inline void drawn_plain_metrics(struct sg_random *r, struct sg_session *s)
{
    double *host = drawn_zeros(s);
    int count = (int)PICK(r, 1, 1, 1, 2, 2, 3);
    for (int k = 0; k < count; k++) {
        enum sg_scale scale = (enum sg_scale)PICK(r, SG_SCALE_LOG, SG_SCALE_LOG, SG_SCALE_LOG,
                                                  SG_SCALE_LINEAR, SG_SCALE_LINEAR, SG_SCALE_EXACT);
        drawn_gated(r, s, k, scale, host, false);
    }
    free(host);
}

static inline void drawn_certificate(struct sg_random *r, struct sg_session *s)
{
    if (sg_random_below(r, 5) < 2) {
        size_t m = drawn_metric(s, "cpu_cores", SG_SCALE_LOG);
        for (size_t i = 0; i < s->repetitions_count; i++)
            *drawn_value(s, i, m) = .4 * fabs(1.0 + .02 * drawn_bell(r));
    }
    if (sg_random_below(r, 5) < 2) {
        size_t m = drawn_metric(s, "requests", SG_SCALE_LINEAR);
        uint64_t spread = (uint64_t)PICK(r, 0, 3, 40, 80);
        for (size_t i = 0; i < s->repetitions_count; i++)
            *drawn_value(s, i, m) = 6000.0 + (double)sg_random_below(r, spread + 1);
    }
    if (sg_random_below(r, 5) < 2) {
        size_t m = drawn_metric(s, "connections_per_request", SG_SCALE_LINEAR);
        double more = PICK(r, 0.0, .004, .02);
        for (size_t i = 0; i < s->repetitions_count; i++)
            *drawn_value(s, i, m) = .001 + (drawn_side(&s->repetitions[i]) == 1 ? more : 0.0);
    }
    if (sg_random_below(r, 5) < 2) {
        bool first = sg_random_below(r, 2) == 0;
        size_t m = drawn_metric(s, first ? "bytes_received_per_request" : "network_tx_per_request",
                                SG_SCALE_LOG);
        double more = PICK(r, 0.0, 10.0, 30.0);
        for (size_t i = 0; i < s->repetitions_count; i++)
            *drawn_value(s, i, m) = 1000.0 + (drawn_side(&s->repetitions[i]) == 1 ? more : 0.0);
    }
}

/* One control variate; `out`: what the host did to each repetition. */
static inline void drawn_covariate(struct sg_random *r, struct sg_session *s, const char *name,
                                   double *out)
{
    bool log = sg_random_below(r, 2) == 0;
    size_t m = drawn_metric(s, name, log ? SG_SCALE_LOG : SG_SCALE_LINEAR);
    s->metrics[m].role = SG_ROLE_COVARIATE;
    for (size_t i = 0; i < s->repetitions_count; i++)
        out[i] = .1 * drawn_bell(r);
    bool never = sg_random_below(r, 10) == 0;
    for (size_t i = 0; i < s->repetitions_count; i++)
        *drawn_value(s, i, m) = never ? 1.0 : (log ? fabs(1.0 + out[i]) : out[i]);
    drawn_spoil(r, s, m, 5);
}

static inline void drawn_adjusted_metrics(struct sg_random *r, struct sg_session *s)
{
    double *hosts[3];
    int covariates = 1 + (int)sg_random_below(r, 3);
    int contention = (int)sg_random_below(r, 4);
    static const char *const probed[] = {"core_contention", "cache_contention"};
    static const char *const couplings[] = {NULL, "0.1", "0.6"};
    const char *coupling = couplings[sg_random_below(r, 3)];
    if (coupling != NULL)
        sg_session_add_fact(s, "coupling_core_h", coupling, false);
    for (int k = 0; k < covariates; k++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "z%d", k);
        hosts[k] = drawn_zeros(s);
        bool is_probed = k >= contention && k - contention < (int)SG_COUNT(probed);
        drawn_covariate(r, s, is_probed ? probed[k - contention] : name, hosts[k]);
    }
    int count = (int)PICK(r, 1, 1, 2);
    for (int m = 0; m < count; m++) {
        double *host = drawn_zeros(s);
        for (int k = 0; k < covariates; k++) {
            double slope = PICK(r, 0.0, .7, 1.2);
            for (size_t i = 0; i < s->repetitions_count; i++)
                host[i] = host[i] + slope * hosts[k][i];
        }
        enum sg_scale scale = sg_random_below(r, 6) == 5 ? SG_SCALE_LINEAR : SG_SCALE_LOG;
        drawn_gated(r, s, m, scale, host, sg_random_below(r, 10) > 0);
        free(host);
    }
    for (int k = 0; k < covariates; k++)
        free(hosts[k]);
    drawn_certificate(r, s);
}

static inline void drawn_count_values(struct sg_random *r, struct sg_session *s, bool higher)
{
    double base = PICK(r, 0.0, 0.0, .0003, .002, .01);
    double more = PICK(r, 0.0, 0.0, .001, .004, .02);
    bool clustered = sg_random_below(r, 10) < 3;
    for (size_t i = 0; i < s->repetitions_count; i++) {
        double trials = 1500.0 + (double)sg_random_below(r, 4600);
        double rate = base + (drawn_side(&s->repetitions[i]) == 1 ? more : 0.0);
        double events = (double)sg_random_below(r, 2 * (uint64_t)floor(trials * rate) + 1);
        if (clustered)
            events = sg_random_below(r, 4) == 0 ? events * 4.0 : 0;
        if (higher)
            events = trials - events;
        *drawn_value(s, i, 0) = events / trials;
        *drawn_value(s, i, 1) = events;
        *drawn_value(s, i, 2) = trials;
    }
    if (sg_random_below(r, 16) == 0 && s->repetitions_count > 0) {
        size_t row = (size_t)sg_random_below(r, s->repetitions_count);
        size_t metric = (size_t)sg_random_below(r, 3);
        *drawn_value(s, row, metric) = PICK(r, NAN, -1.0, 1e6, 0.0, INFINITY);
    }
}

static inline void drawn_count_metrics(struct sg_random *r, struct sg_session *s)
{
    bool higher = sg_random_below(r, 4) == 3;
    drawn_metric(s, "error_rate", SG_SCALE_COUNT);
    s->metrics[0].better = higher ? SG_HIGHER : SG_LOWER;
    s->metrics[0].events = sg_strdup("errors");
    s->metrics[0].trials = sg_strdup("requests");
    drawn_metric(s, "errors", SG_SCALE_LINEAR);
    drawn_metric(s, "requests", SG_SCALE_LINEAR);
    drawn_count_values(r, s, higher);
    struct sg_gate *gate = build_gate(s, "error_rate", NAN);
    uint64_t kind = sg_random_below(r, 4);
    if (kind != 1)
        gate->tolerance = PICK(r, NAN, .0011, .0053);
    if (kind == 1 || kind == 2) {
        gate->limit = PICK(r, .0012, .011);
        if (higher)
            gate->limit = 1.0 - gate->limit;
    }
    if (kind == 3)
        gate->floor = .0021;
    if (sg_random_below(r, 3) == 0) {
        double *host = drawn_zeros(s);
        drawn_gated(r, s, 0, SG_SCALE_LOG, host, false);
        free(host);
    }
}

/* Repetitions that do not count have numbers that would be noticed. */
static inline void drawn_hide_unused(struct sg_session *s)
{
    for (size_t i = 0; i < s->repetitions_count; i++)
        for (size_t m = 0; m < s->metrics_count; m++)
            if (s->repetitions[i].discarded || s->repetitions[i].block == 0)
                *drawn_value(s, i, m) = -1e9;
}

static inline struct sg_session drawn_session(enum flavour flavour, uint64_t index)
{
    struct sg_random random;
    struct sg_random *r = &random;
    struct sg_session s = {0};
    sg_random_seed(r, ((uint64_t)flavour << 32) + index);
    bool some = flavour == DRAWN_ADJUSTED || flavour == DRAWN_COUNTS;
    bool planned =
        flavour == DRAWN_PLANNED || flavour == DRAWN_WIDE || (some && sg_random_below(r, 4) > 0);
    int last = drawn_plan(r, &s, planned);
    static const char *const couplings[] = {"0.5", "0.08", "0.43"};
    sg_session_add_fact(&s, "coupling_h", couplings[sg_random_below(r, 3)], false);
    if (flavour == DRAWN_WIDE)
        s.plan.first_block = s.plan.block_size + 1 + (int)sg_random_below(r, 3);
    uint64_t sides = sg_random_below(r, 16);
    int variants = sides == 0 ? 1 : (sides < 12 ? 2 : 3);
    bool alone = flavour < DRAWN_ADJUSTED && sg_random_below(r, 16) == 0;
    s.reference = alone ? NULL : sg_strdup("base");
    for (int v = 0; v < variants; v++)
        build_variant(&s, drawn_names[v]);
    drawn_rows(r, &s, last, variants);
    if (flavour == DRAWN_ADJUSTED)
        drawn_adjusted_metrics(r, &s);
    else if (flavour == DRAWN_COUNTS)
        drawn_count_metrics(r, &s);
    else
        drawn_plain_metrics(r, &s);
    drawn_hide_unused(&s);
    return s;
}

/* Of all values, to tell inputs that differ from answers that differ. */
static inline unsigned drawn_checksum(const struct sg_session *s)
{
    uint64_t h = 0;
    for (size_t i = 0; i < s->repetitions_count; i++) {
        for (size_t m = 0; m < s->metrics_count; m++) {
            uint64_t bits = 1;
            double x = s->repetitions[i].values[m];
            if (!isnan(x))
                memcpy(&bits, &x, sizeof(bits));
            h = h * 31 + bits;
        }
    }
    return (unsigned)((h ^ (h >> 32)) & 0xffff);
}

#endif
