/* SPDX-License-Identifier: Apache-2.0 */
/* A session in which every field of every struct says something, and exact comparison. */
#ifndef TESTS_RECORD_FULL_H
#define TESTS_RECORD_FULL_H

/* cmocka.h wants these four. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/record.h"

static inline void full_repetition(struct sg_repetition *r)
{
    r->block = 2;
    r->slot = 7;
    r->rotation = 3;
    r->turns = sg_strdup("3,0,5");
    r->discarded = true;
    r->values[0] = 0.1;
    r->values[1] = -1.0 / 3.0;
    r->warmup_start = 1790000000.25;
    r->start = 1790000010.125;
    r->end = 1790000040.0625;
    r->container_id = sg_strdup("c0ffee");
    r->generator_id = sg_strdup("deca");
    r->image = sg_strdup("shop/api:main");
    r->image_digest = sg_strdup("sha256:0123");
    r->service_cpu = (struct sg_bracket){1.5, 2.5, 3.5, 4.5, 5e-3, 6.1};
    r->generator_cpu = (struct sg_bracket){0, 0.1, 0.2, 0.3, NAN, -0.5};
    r->witness_cpu = 2.0000001;
    r->witness_generator_cpu = 1e-300;
    r->steal = 0;
    r->requests = 6000;
    r->errors = 0;
    r->dropped = 3;
    r->summary_requests = 6000;
    r->iterations = 6000;
    r->failed_iterations = 7;
    r->summary_p95 = 0.0123456789012345678;
    sg_repetition_add_finding(r, SG_FINDING_INVALID, "steal", "a\nlog \"tail\"", "%d %% stolen", 7);
    sg_repetition_add_finding(r, SG_FINDING_FAIL, "exited", NULL, "exit code 3 — früh");
    r->evidence = sg_grow(NULL, 0, sizeof(*r->evidence));
    r->evidence[0] = (struct sg_evidence){.metric = sg_strdup("latency_p95"),
                                          .query = sg_strdup("x{a=\"b\"}"),
                                          .time = 1790000045.5,
                                          .series = 1,
                                          .value = 5e-324,
                                          .warnings = sg_strdup("partial")};
    r->evidence_count = 1;
}

static inline void full_metrics(struct sg_session *s)
{
    struct sg_metric *m = sg_session_add_metric(s, "error_rate");
    m->of = sg_strdup("postgres");
    m->request = sg_strdup("GET /items/{id}");
    m->unit = sg_strdup("ratio");
    m->better = SG_HIGHER;
    m->scale = SG_SCALE_COUNT;
    m->role = SG_ROLE_COVARIATE;
    m->adjust = true;
    m->query = sg_strdup("sum(x)");
    m->k6 = sg_strdup("checkout_time{step:pay}");
    m->stat = sg_strdup("p95");
    m->events = sg_strdup("errors");
    m->trials = sg_strdup("requests");
    sg_session_add_metric(s, "latency_p95");
    struct sg_gate *g = sg_session_add_gate(s, "latency_p95");
    g->of = sg_strdup("postgres");
    g->request = sg_strdup("search");
    g->tolerance = 0.05;
    g->floor = 0.001;
    g->limit = 0.25;
    g->warn = 0.03;
    g->weight = 2.5;
    g->line = 31;
    sg_session_add_gate(s, "error_rate")->weight = NAN;
    sg_session_add_waiver(s, &(struct sg_waiver){.metric = "latency_p95",
                                                 .of = "postgres",
                                                 .request = "search",
                                                 .variant = "candidate",
                                                 .bound = 0.12,
                                                 .owner = "ada",
                                                 .reason = "new TLS library, see #123",
                                                 .expires = "2027-01-31",
                                                 .line = 40});
}

static inline struct sg_session full_session(void)
{
    struct sg_session s = {0};
    s.id = sg_strdup("20261124-1a2b");
    s.created = sg_strdup("2026-11-24T23:29:03Z");
    s.tool = sg_strdup("svcgate 0.1.0");
    s.service = sg_strdup("api");
    s.reference = sg_strdup("base");
    s.plan = (struct sg_plan){.min_repetitions = 6,
                              .max_repetitions = 21,
                              .block_size = 3,
                              .alpha = 0.01,
                              .beta = 0.05,
                              .budget = NAN,
                              .warmup = 10,
                              .measure = 30.5,
                              .rate = 300,
                              .vus = 20,
                              .slice = 0.7,
                              .seed = UINT64_MAX,
                              .attempt = 2,
                              .planned = true};
    full_metrics(&s);
    s.variants = sg_grow(NULL, 0, sizeof(*s.variants));
    s.variants[0] = (struct sg_variant){.name = sg_strdup("base"),
                                        .image = sg_strdup("shop/api:main"),
                                        .digest = sg_strdup("sha256:0123"),
                                        .env = sg_strdup("A=1 B=2"),
                                        .commit = sg_strdup("3f2a9c01d2e4")};
    s.variants_count = 1;
    full_repetition(sg_session_add_repetition(&s, "base"));
    sg_session_add_repetition(&s, "candidate"); /* nothing measured */
    sg_session_add_fact(&s, "cpu", "EPYC 7B13", true);
    sg_session_add_fact(&s, "region", NULL, false);
    sg_session_add_finding(&s, SG_FINDING_WARN, "noise", "log", "noisy: %s", "yes");
    s.command = sg_strdup("svcgate run");
    s.config = sg_strdup("perf/svcgate.yaml");
    s.complete = true;
    return s;
}

/* The same double to the bit, or NaN both. */
static inline void same_number(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        assert_true(isnan(a) && isnan(b));
        return;
    }
    assert_memory_equal(&a, &b, sizeof(a));
}

static inline void same_text(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        assert_ptr_equal(a, b);
        return;
    }
    assert_string_equal(a, b);
}

static inline void same_metric(const struct sg_metric *a, const struct sg_metric *b)
{
    same_text(a->name, b->name);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_text(a->unit, b->unit);
    assert_int_equal(a->better, b->better);
    assert_int_equal(a->scale, b->scale);
    assert_int_equal(a->role, b->role);
    assert_int_equal(a->adjust, b->adjust);
    same_text(a->query, b->query);
    same_text(a->k6, b->k6);
    same_text(a->stat, b->stat);
    same_text(a->events, b->events);
    same_text(a->trials, b->trials);
}

static inline void same_gate(const struct sg_gate *a, const struct sg_gate *b)
{
    same_text(a->metric, b->metric);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_number(a->tolerance, b->tolerance);
    same_number(a->floor, b->floor);
    same_number(a->limit, b->limit);
    same_number(a->warn, b->warn);
    same_number(a->weight, b->weight);
    assert_int_equal(a->line, b->line);
}

static inline void same_waiver(const struct sg_waiver *a, const struct sg_waiver *b)
{
    same_text(a->metric, b->metric);
    same_text(a->of, b->of);
    same_text(a->request, b->request);
    same_text(a->variant, b->variant);
    same_number(a->bound, b->bound);
    same_text(a->owner, b->owner);
    same_text(a->reason, b->reason);
    same_text(a->expires, b->expires);
    assert_int_equal(a->line, b->line);
}

static inline void same_findings(const struct sg_finding *a, size_t a_count,
                                 const struct sg_finding *b, size_t b_count)
{
    assert_int_equal(a_count, b_count);
    for (size_t i = 0; i < a_count; i++) {
        assert_int_equal(a[i].severity, b[i].severity);
        same_text(a[i].check, b[i].check);
        same_text(a[i].text, b[i].text);
        same_text(a[i].log, b[i].log);
    }
}

static inline void same_bracket(const struct sg_bracket *a, const struct sg_bracket *b)
{
    same_number(a->ta, b->ta);
    same_number(a->va, b->va);
    same_number(a->tb, b->tb);
    same_number(a->vb, b->vb);
    same_number(a->idle_rate, b->idle_rate);
    same_number(a->value, b->value);
}

static inline void same_evidence(const struct sg_repetition *a, const struct sg_repetition *b)
{
    assert_int_equal(a->evidence_count, b->evidence_count);
    for (size_t i = 0; i < a->evidence_count; i++) {
        same_text(a->evidence[i].metric, b->evidence[i].metric);
        same_text(a->evidence[i].query, b->evidence[i].query);
        same_number(a->evidence[i].time, b->evidence[i].time);
        assert_int_equal(a->evidence[i].series, b->evidence[i].series);
        same_number(a->evidence[i].value, b->evidence[i].value);
        same_text(a->evidence[i].warnings, b->evidence[i].warnings);
    }
}

static inline void same_repetition(const struct sg_repetition *a, const struct sg_repetition *b,
                                   size_t metrics)
{
    assert_int_equal(a->block, b->block);
    assert_int_equal(a->slot, b->slot);
    assert_int_equal(a->rotation, b->rotation);
    same_text(a->turns, b->turns);
    same_text(a->variant, b->variant);
    assert_int_equal(a->discarded, b->discarded);
    for (size_t i = 0; i < metrics; i++) {
        same_number(a->values[i], b->values[i]);
    }
    same_number(a->warmup_start, b->warmup_start);
    same_number(a->start, b->start);
    same_number(a->end, b->end);
    same_text(a->container_id, b->container_id);
    same_text(a->generator_id, b->generator_id);
    same_text(a->image, b->image);
    same_text(a->image_digest, b->image_digest);
    same_bracket(&a->service_cpu, &b->service_cpu);
    same_bracket(&a->generator_cpu, &b->generator_cpu);
    same_number(a->witness_cpu, b->witness_cpu);
    same_number(a->witness_generator_cpu, b->witness_generator_cpu);
    same_number(a->steal, b->steal);
    same_number(a->requests, b->requests);
    same_number(a->errors, b->errors);
    same_number(a->dropped, b->dropped);
    same_number(a->summary_requests, b->summary_requests);
    same_number(a->iterations, b->iterations);
    same_number(a->failed_iterations, b->failed_iterations);
    same_number(a->summary_p95, b->summary_p95);
    same_findings(a->findings, a->findings_count, b->findings, b->findings_count);
    same_evidence(a, b);
}

static inline void same_plan(const struct sg_plan *a, const struct sg_plan *b)
{
    assert_int_equal(a->min_repetitions, b->min_repetitions);
    assert_int_equal(a->max_repetitions, b->max_repetitions);
    assert_int_equal(a->block_size, b->block_size);
    same_number(a->alpha, b->alpha);
    same_number(a->beta, b->beta);
    same_number(a->budget, b->budget);
    same_number(a->warmup, b->warmup);
    same_number(a->measure, b->measure);
    same_number(a->rate, b->rate);
    same_number(a->slice, b->slice);
    assert_int_equal(a->vus, b->vus);
    assert_true(a->seed == b->seed);
    assert_int_equal(a->attempt, b->attempt);
    assert_int_equal(a->planned, b->planned);
}

static inline void same_session(const struct sg_session *a, const struct sg_session *b)
{
    same_text(a->id, b->id);
    same_text(a->created, b->created);
    same_text(a->tool, b->tool);
    same_text(a->service, b->service);
    same_text(a->reference, b->reference);
    same_text(a->command, b->command);
    same_text(a->config, b->config);
    assert_int_equal(a->complete, b->complete);
    same_plan(&a->plan, &b->plan);
    assert_int_equal(a->metrics_count, b->metrics_count);
    for (size_t i = 0; i < a->metrics_count; i++) {
        same_metric(&a->metrics[i], &b->metrics[i]);
    }
    assert_int_equal(a->gates_count, b->gates_count);
    for (size_t i = 0; i < a->gates_count; i++) {
        same_gate(&a->gates[i], &b->gates[i]);
    }
    assert_int_equal(a->waivers_count, b->waivers_count);
    for (size_t i = 0; i < a->waivers_count; i++) {
        same_waiver(&a->waivers[i], &b->waivers[i]);
    }
    assert_int_equal(a->variants_count, b->variants_count);
    for (size_t i = 0; i < a->variants_count; i++) {
        same_text(a->variants[i].name, b->variants[i].name);
        same_text(a->variants[i].image, b->variants[i].image);
        same_text(a->variants[i].digest, b->variants[i].digest);
        same_text(a->variants[i].env, b->variants[i].env);
        same_text(a->variants[i].commit, b->variants[i].commit);
    }
    assert_int_equal(a->facts_count, b->facts_count);
    for (size_t i = 0; i < a->facts_count; i++) {
        same_text(a->facts[i].name, b->facts[i].name);
        same_text(a->facts[i].value, b->facts[i].value);
        assert_int_equal(a->facts[i].hard, b->facts[i].hard);
    }
    assert_int_equal(a->repetitions_count, b->repetitions_count);
    for (size_t i = 0; i < a->repetitions_count; i++) {
        same_repetition(&a->repetitions[i], &b->repetitions[i], a->metrics_count);
    }
    same_findings(a->findings, a->findings_count, b->findings, b->findings_count);
}

#endif
