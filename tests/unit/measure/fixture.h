/* SPDX-License-Identifier: Apache-2.0 */
/* One healthy repetition: a session, a window, and a fake Prometheus that holds its series. Tests
 * spoil one thing each. For test programs only. */
#ifndef SG_TESTS_MEASURE_FIXTURE_H
#define SG_TESTS_MEASURE_FIXTURE_H

#include <math.h>

#include "base/text.h"
#include "measure/measure.h"
#include "unit/promql/fake_prometheus.h"

#define T0 1764000100.0 /* the window: 30 s from here */
#define SERVICE_ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define GENERATOR_ID "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define OTHER_ID "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define SERVICE_CPU "container_cpu_usage_seconds_total{id=~\".*" SERVICE_ID
#define GENERATOR_CPU "container_cpu_usage_seconds_total{id=~\".*" GENERATOR_ID

#define CONNECTIONS                                                                                \
    "container_network_advance_tcp_stats_total{id=~\".*" SERVICE_ID                                \
    ".*\",tcp_state=\"passiveopens\"}"
#define EMPTY "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}"
#define VECTOR(result)                                                                             \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" result "]}}"
#define VALUE(labels, value) "{\"metric\":{" labels "},\"value\":[1764000140,\"" value "\"]}"

#define FIXTURE_BODIES 32
#define FIXTURE_READINGS 8 /* two before the window, two after it */

struct fixture {
    struct fake_prometheus *fake;
    char url[64];
    struct sg_prom prom;
    struct sg_session session;
    struct sg_repetition *repetition;
    struct sg_series series;
    struct sg_window window;
    struct sg_reading readings[FIXTURE_READINGS];
    struct sg_reading generator_readings[FIXTURE_READINGS];
    char *bodies[FIXTURE_BODIES]; /* freed at the end */
    size_t bodies_count;
    struct sg_error err;
};

/* A counter's raw samples each half second from 97 s to 139 s (the window is 100 to 130): `idle` a
 * second while idle, `busy` under load. */
static inline void add_counter_samples(struct sg_text *text, double idle, double busy)
{
    for (int i = 0; i <= 84; i++) {
        double t = -3 + 0.5 * i + 0.017, loaded = fmin(fmax(t, 0), 30);
        sg_text_printf(text, "%s[%.3f,\"%.9g\"]", i > 0 ? "," : "", T0 + t,
                       50 + idle * t + (busy - idle) * loaded);
    }
}

static inline const char *keep_body(struct fixture *f, struct sg_text *text)
{
    if (f->bodies_count == FIXTURE_BODIES)
        abort();
    f->bodies[f->bodies_count] = sg_text_take(text);
    return f->bodies[f->bodies_count++];
}

static inline void open_matrix(struct sg_text *text, const char *labels)
{
    sg_text_printf(text,
                   "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":"
                   "[{\"metric\":{%s},\"values\":[",
                   labels);
}

static inline const char *counter(struct fixture *f, const char *labels, double idle, double busy)
{
    struct sg_text text = {0};
    open_matrix(&text, labels);
    add_counter_samples(&text, idle, busy);
    sg_text_add(&text, "]}]}}");
    return keep_body(f, &text);
}

static inline const char *two_counters(struct fixture *f, const char *labels, double busy,
                                       const char *other_labels, double other_busy)
{
    struct sg_text text = {0};
    open_matrix(&text, labels);
    add_counter_samples(&text, 0, busy);
    sg_text_printf(&text, "]},{\"metric\":{%s},\"values\":[", other_labels);
    add_counter_samples(&text, 0, other_busy);
    sg_text_add(&text, "]}]}}");
    return keep_body(f, &text);
}

/* A gauge that rises by `slope` a second from `from`, without samples in (hole_start, hole_end). */
static inline const char *gauge(struct fixture *f, double from, double slope, double hole_start,
                                double hole_end)
{
    struct sg_text text = {0};
    bool first = true;
    open_matrix(&text, "\"id\":\"/docker/" SERVICE_ID "\"");
    for (int i = 0; i <= 84; i++) {
        double t = -3 + 0.5 * i;
        if (t > hole_start && t < hole_end)
            continue;
        sg_text_printf(&text, "%s[%.3f,\"%.9g\"]", first ? "" : ",", T0 + t, from + slope * t);
        first = false;
    }
    sg_text_add(&text, "]}]}}");
    return keep_body(f, &text);
}

/* The first row that fits wins: what a test adds must come before start_fixture's own rows. */
static inline void spoil(struct fixture *f, const char *part, const char *body)
{
    pthread_mutex_lock(&f->fake->lock);
    memmove(f->fake->answers + 1, f->fake->answers,
            f->fake->answers_count * sizeof f->fake->answers[0]);
    f->fake->answers[0] = (struct fake_answer){part, 200, body};
    f->fake->answers_count++;
    pthread_mutex_unlock(&f->fake->lock);
}

static inline void spoil_status(struct fixture *f, const char *part, int status, const char *body)
{
    spoil(f, part, body);
    f->fake->answers[0].status = status;
}

static inline void add_healthy_answers(struct fixture *f)
{
    struct fake_prometheus *p = f->fake;
    fake_add(p, "k6_http_reqs_total{testid=\"t-1\",scenario=\"measure\"}", 200,
             VECTOR(VALUE("\"expected_response\":\"true\"",
                          "2997") "," VALUE("\"expected_response\":\"false\"", "3")));
    fake_add(p, "k6_http_req_duration_p50", 200, VECTOR(VALUE("", "0.0021")));
    fake_add(p, "k6_http_req_duration_p95", 200, VECTOR(VALUE("", "0.0123")));
    /* 0.008 idle, 0.31 busy: 9.3 CPU seconds */
    fake_add(p, SERVICE_CPU, 200,
             counter(f, "\"id\":\"/docker/" SERVICE_ID "\",\"cpu\":\"total\"", 0.008, 0.31));
    fake_add(p, GENERATOR_CPU, 200,
             counter(f, "\"id\":\"/docker/" GENERATOR_ID "\",\"cpu\":\"total\"", 0.02, 0.2));
    fake_add(p, "container_memory_rss{id=~\".*" SERVICE_ID, 200, gauge(f, 1e6, 100, 0, 0));
    fake_add(p, "container_memory_working_set_bytes{id=~\".*" SERVICE_ID, 200,
             gauge(f, 2e6, 0, 0, 0));
    fake_add(p, "container_network_receive_bytes_total{id=~\".*" SERVICE_ID, 200,
             two_counters(f, "\"id\":\"/docker/" SERVICE_ID "\",\"interface\":\"eth0\"", 1000,
                          "\"id\":\"/docker/" SERVICE_ID "\",\"interface\":\"eth1\"", 500));
    fake_add(p, "container_network_transmit_bytes_total{id=~\".*" SERVICE_ID, 200,
             counter(f, "\"id\":\"/docker/" SERVICE_ID "\",\"interface\":\"eth0\"", 0, 4000));
    fake_add(p, CONNECTIONS, 200, counter(f, "\"id\":\"/docker/" SERVICE_ID "\"", 0, 1));
}

static inline void fill_readings(struct sg_reading *readings, double idle, double busy)
{
    const double times[FIXTURE_READINGS] = {-1.2, -0.4, 4, 11, 18, 26, 31.1, 32.3};
    for (size_t i = 0; i < FIXTURE_READINGS; i++) {
        double loaded = fmin(fmax(times[i], 0), 30);
        readings[i] = (struct sg_reading){.time = T0 + times[i],
                                          .cpu = 7 + idle * times[i] + (busy - idle) * loaded,
                                          .throttled = 1.5 + 0.02 * loaded,
                                          .memory = 1e6 + 100 * times[i],
                                          .working_set = 2e6,
                                          .rx = 3e4 + 1500 * loaded,
                                          .tx = 7e4 + 4000 * loaded};
    }
}

static inline void fill_window(struct fixture *f)
{
    fill_readings(f->readings, 0.008, 0.31);
    fill_readings(f->generator_readings, 0.02, 0.2);
    f->window = (struct sg_window){.testid = "t-1",
                                   .service_id = SERVICE_ID,
                                   .generator_id = GENERATOR_ID,
                                   .service = "api",
                                   .variant = "candidate",
                                   .load = {.warmup_start = T0 - 12,
                                            .warmup_end = T0 - 2,
                                            .start = T0,
                                            .end = T0 + 30,
                                            .requests = 3000,
                                            .failed = 3,
                                            .iterations = 3000,
                                            .p95 = 0.0123,
                                            .vus_max = 7,
                                            .vus_limit = 50,
                                            .bytes_received = 6e6,
                                            .bytes_sent = 3e5},
                                   .state = {.running = true},
                                   .readings = f->readings,
                                   .readings_count = FIXTURE_READINGS,
                                   .generator_readings = f->generator_readings,
                                   .generator_readings_count = FIXTURE_READINGS,
                                   .steal = 0.01,
                                   .core_contention = 0.9,
                                   .cache_contention = 0.2,
                                   .generator_cpus = 1,
                                   .scrape_interval = 0.5};
}

static inline int start_fixture(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->fake = fake_new();
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d", f->fake->port);
    f->prom = (struct sg_prom){.url = f->url, .timeout = 5};
    f->session.plan = (struct sg_plan){.rate = 100, .measure = 30, .warmup = 10};
    fill_window(f);
    f->window.planned = 30;
    add_healthy_answers(f);
    *state = f;
    return 0;
}

static inline int stop_fixture(void **state)
{
    struct fixture *f = *state;
    fake_free(f->fake);
    sg_session_clear(&f->session);
    sg_series_clear(&f->series);
    for (size_t i = 0; i < f->bodies_count; i++)
        free(f->bodies[i]);
    free(f);
    return 0;
}

/* Every metric so far has a gate: what is missing spoils the repetition. */
static inline void gate_all(struct fixture *f)
{
    for (size_t i = f->session.gates_count; i < f->session.metrics_count; i++) {
        const struct sg_metric *metric = &f->session.metrics[i];
        struct sg_gate *gate = sg_session_add_gate(&f->session, metric->name);
        gate->of = sg_strdup(metric->of);
        gate->request = sg_strdup(metric->request);
    }
}

static inline bool measure(struct fixture *f)
{
    f->repetition = sg_session_add_repetition(&f->session, f->window.variant);
    f->repetition->block = 1;
    sg_series_clear(&f->series);
    return sg_measure(&f->prom, &f->session, &f->window, f->repetition, &f->series, &f->err);
}

/* The finding of that check, or NULL. */
static inline const struct sg_finding *finding(const struct fixture *f, const char *check)
{
    for (size_t i = 0; i < f->repetition->findings_count; i++)
        if (sg_streq(f->repetition->findings[i].check, check))
            return &f->repetition->findings[i];
    return NULL;
}

static inline size_t count_severity(const struct fixture *f, enum sg_severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < f->repetition->findings_count; i++)
        count += f->repetition->findings[i].severity == severity ? 1 : 0;
    return count;
}

#endif
