/* SPDX-License-Identifier: Apache-2.0 */
/* The Engine API, read-only. Unversioned paths: engines from 20.10 on answer them with their
 * newest version. */
#include "testbench/engine.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/http.h"

bool sg_engine_get(const struct sg_engine *engine, const char *path, struct sg_json **out,
                   struct sg_error *err)
{
    char *url = sg_format("%s%s", engine->base_url, path);
    struct sg_http_request request = {.url = url,
                                      .unix_socket = engine->socket,
                                      .certificates = engine->certs,
                                      .timeout = 30,
                                      .uninterruptible = true};
    struct sg_http_response response = {0};
    bool ok = sg_http(&request, &response, err);
    if (!ok) {
        err->kind = SG_ERROR_ENVIRONMENT;
        sg_error_context(err, "the Docker engine at %s%s%s does not answer",
                         engine->socket != NULL ? engine->socket : engine->base_url,
                         engine->certs != NULL ? " with the certificates of " : "",
                         engine->certs != NULL ? engine->certs : "");
    } else if (response.status != 200) {
        ok = sg_fail(err, SG_ERROR_ENVIRONMENT, "the Docker engine answered %s with %ld: %.300s",
                     path, response.status, response.body);
    } else {
        *out = sg_json_parse(response.body, response.size, path, err);
        ok = *out != NULL;
    }
    sg_http_response_free(&response);
    free(url);
    return ok;
}

/* Days since 1970-01-01 of a date of the civil calendar (Hinnant 2013, days_from_civil). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* A part of a time; larger ones are no date that anybody means. */
static bool is_part(long part)
{
    return part >= 0 && part <= 9999;
}

/* Seconds of "+02:00" at the end of a time; 0 for "Z" or nothing. */
static double offset_of(const char *text)
{
    const char *clock = strchr(text, 'T');
    const char *sign = clock != NULL ? strpbrk(clock, "+-") : NULL;
    if (sign == NULL) {
        return 0;
    }
    char *end = NULL;
    long hours = strtol(sign + 1, &end, 10);
    long minutes = *end == ':' ? strtol(end + 1, NULL, 10) : 0;
    bool known = is_part(hours) && is_part(minutes);
    return known ? (double)(hours * 3600 + minutes * 60) * (*sign == '-' ? -1 : 1) : 0;
}

/* "2026-11-24T23:29:03.123456789Z" to seconds since 1970, or NaN. */
static double parse_time(const char *text)
{
    long part[6] = {0};
    char *end = NULL;
    const char *at = text;
    for (size_t i = 0; i < SG_COUNT(part); i++) {
        part[i] = at != NULL ? strtol(at, &end, 10) : 0;
        if (at == NULL || end == at || !is_part(part[i])) {
            return NAN;
        }
        at = *end != '\0' ? end + 1 : end;
    }
    double fraction = *end == '.' ? strtod(end, NULL) : 0;
    int64_t days = days_from_civil(part[0], part[1], part[2]);
    return (double)(days * 86400 + part[3] * 3600 + part[4] * 60 + part[5]) + fraction -
           offset_of(text);
}

double sg_engine_now(const struct sg_engine *engine)
{
    struct sg_json *info = NULL;
    struct sg_error ignored = {0};
    double now = sg_engine_get(engine, "/info", &info, &ignored)
                     ? parse_time(sg_json_string(sg_json_get(info, "SystemTime"), NULL))
                     : NAN;
    sg_json_free(info);
    return isfinite(now) ? now : (double)sg_clock_wall() / 1e9;
}

static double nested(const struct sg_json *json, const char *a, const char *b, const char *c)
{
    const struct sg_json *level = sg_json_get(json, a);
    level = b != NULL ? sg_json_get(level, b) : level;
    return sg_json_number(sg_json_get(level, c), NAN);
}

/* Anonymous memory: `anon` on cgroup v2, `total_rss` or `rss` on v1. */
static double anonymous_memory(const struct sg_json *stats)
{
    static const char *const names[] = {"anon", "total_rss", "rss"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        double value = nested(stats, "memory_stats", "stats", names[i]);
        if (isfinite(value)) {
            return value;
        }
    }
    return NAN;
}

static void read_networks(const struct sg_json *stats, struct sg_reading *out)
{
    const struct sg_json *networks = sg_json_get(stats, "networks");
    if (sg_json_count(networks) == 0) {
        out->rx = out->tx = NAN;
        return;
    }
    for (const struct sg_json *one = sg_json_first(networks); one; one = sg_json_next(one)) {
        out->rx += sg_json_number(sg_json_get(one, "rx_bytes"), NAN);
        out->tx += sg_json_number(sg_json_get(one, "tx_bytes"), NAN);
    }
}

bool sg_engine_reading(const struct sg_engine *engine, const char *id, struct sg_reading *out,
                       bool *out_alive, struct sg_error *err)
{
    char *path = sg_format("/containers/%s/stats?stream=false&one-shot=true", id);
    struct sg_json *stats = NULL;
    bool ok = sg_engine_get(engine, path, &stats, err);
    free(path);
    if (!ok) {
        return false;
    }
    struct sg_reading reading = {.time =
                                     parse_time(sg_json_string(sg_json_get(stats, "read"), NULL))};
    reading.cpu = nested(stats, "cpu_stats", "cpu_usage", "total_usage") / 1e9;
    reading.throttled = nested(stats, "cpu_stats", "throttling_data", "throttled_time") / 1e9;
    reading.memory = anonymous_memory(stats);
    read_networks(stats, &reading);
    sg_json_free(stats);
    /* A container that does not run gives zeros and the year 1. */
    *out_alive = reading.time > 0 && reading.cpu > 0;
    *out = reading;
    return true;
}

int sg_engine_int(const struct sg_json *json, int fallback)
{
    double number = sg_json_number(json, NAN);
    return number >= INT_MIN && number <= INT_MAX ? (int)number : fallback;
}

static bool inspect(const struct sg_engine *engine, const char *id, struct sg_json **out,
                    struct sg_error *err)
{
    char *path = sg_format("/containers/%s/json", id);
    bool ok = sg_engine_get(engine, path, out, err);
    free(path);
    return ok;
}

bool sg_engine_state(const struct sg_engine *engine, const char *id, struct sg_container_state *out,
                     struct sg_error *err)
{
    struct sg_json *json = NULL;
    if (!inspect(engine, id, &json, err)) {
        return false;
    }
    const struct sg_json *state = sg_json_get(json, "State");
    *out = (struct sg_container_state){
        .running = sg_json_bool(sg_json_get(state, "Running"), false),
        .oom_killed = sg_json_bool(sg_json_get(state, "OOMKilled"), false),
        .exit_code = sg_engine_int(sg_json_get(state, "ExitCode"), -1),
        .restarts = sg_engine_int(sg_json_get(json, "RestartCount"), 0),
    };
    sg_json_free(json);
    return true;
}

bool sg_engine_compose_id(const struct sg_engine *engine, const char *project, const char *service,
                          char out[65], struct sg_error *err)
{
    char *filter = sg_format("{\"label\":[\"com.docker.compose.project=%s\","
                             "\"com.docker.compose.service=%s\"]}",
                             project, service);
    char *escaped = sg_http_escape(filter);
    char *path = sg_format("/containers/json?all=1&filters=%s", escaped);
    struct sg_json *list = NULL;
    bool ok = sg_engine_get(engine, path, &list, err);
    if (ok) {
        const char *id = sg_json_string(sg_json_get(sg_json_first(list), "Id"), "");
        ok = strlen(id) == 64 || sg_fail(err, SG_ERROR_ENVIRONMENT,
                                         "compose made no container for service \"%s\"", service);
        if (ok) {
            memcpy(out, id, 65);
        }
    }
    sg_json_free(list);
    free(path);
    free(escaped);
    free(filter);
    return ok;
}

bool sg_engine_port(const struct sg_engine *engine, const char *id, int port, int *out,
                    struct sg_error *err)
{
    struct sg_json *json = NULL;
    if (!inspect(engine, id, &json, err)) {
        return false;
    }
    char *key = sg_format("%d/tcp", port);
    const struct sg_json *ports = sg_json_get(sg_json_get(json, "NetworkSettings"), "Ports");
    const struct sg_json *first = sg_json_first(sg_json_get(ports, key));
    const char *text = sg_json_string(sg_json_get(first, "HostPort"), "");
    long number = strtol(text, NULL, 10);
    *out = (int)number;
    bool ok =
        (number > 0 && number <= 65535) ||
        sg_fail(err, SG_ERROR_ENVIRONMENT, "port %s of container %.12s is not published", key, id);
    free(key);
    sg_json_free(json);
    return ok;
}
