/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the answer of /api/v1/query: vector, matrix and scalar to one shape, errors to their kind.
 * The format: https://prometheus.io/docs/prometheus/latest/querying/api/ */
#include "promql/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "json/json.h"

#define MAX_SERIES 10000
#define MAX_POINTS 100000

static bool malformed(const char *name, const char *what, struct sg_error *err)
{
    return sg_fail(err, SG_ERROR_NETWORK,
                   "%s: the answer is not one of Prometheus (%s); does the address belong to a "
                   "Prometheus-compatible server, with its path prefix?",
                   name, what);
}

/* Sample values come as strings: a decimal, "NaN", "+Inf" or "-Inf". strtod alone would also take
 * hexadecimal and words. */
static bool read_value(const char *text, double *out)
{
    if (text == NULL)
        return false;
    if (sg_streq(text, "NaN"))
        *out = NAN;
    else if (sg_streq(text, "+Inf") || sg_streq(text, "Inf"))
        *out = INFINITY;
    else if (sg_streq(text, "-Inf"))
        *out = -INFINITY;
    else {
        size_t length = strlen(text);
        if (length == 0 || length > 64 || strspn(text, "0123456789+-.eE") != length)
            return false;
        char *end = NULL;
        *out = strtod(text, &end);
        return *end == '\0';
    }
    return true;
}

/* [1435781451.781, "1"] */
static bool read_point(const struct sg_json *pair, const char *name, struct sg_prom_point *out,
                       struct sg_error *err)
{
    const struct sg_json *time = sg_json_is_array(pair) ? sg_json_first(pair) : NULL;
    const struct sg_json *value = time != NULL ? sg_json_next(time) : NULL;
    if (value == NULL || sg_json_count(pair) != 2 || !sg_json_is_number(time))
        return malformed(name, "a sample is not a pair of time and value", err);
    out->time = sg_json_number(time, 0);
    if (!isfinite(out->time) || !read_value(sg_json_string(value, NULL), &out->value))
        return malformed(name, "a sample's value is not a number", err);
    return true;
}

static bool read_labels(const struct sg_json *object, const char *name,
                        struct sg_prom_series *series, struct sg_error *err)
{
    if (object == NULL)
        return true;
    if (!sg_json_is_object(object))
        return malformed(name, "\"metric\" is not an object", err);
    series->labels = sg_alloc(sg_json_count(object) + 1, sizeof *series->labels);
    for (const struct sg_json *m = sg_json_first(object); m != NULL; m = sg_json_next(m)) {
        if (!sg_json_is_string(m))
            return malformed(name, "a label is not a string", err);
        struct sg_label *label = &series->labels[series->labels_count++];
        label->name = sg_strdup(sg_json_key(m));
        label->value = sg_strdup(sg_json_string(m, ""));
    }
    return true;
}

static bool read_points(const struct sg_json *values, const char *name,
                        struct sg_prom_series *series, struct sg_error *err)
{
    size_t count = sg_json_count(values);
    if (!sg_json_is_array(values))
        return malformed(name, "\"values\" is not an array", err);
    if (count > MAX_POINTS)
        return sg_fail(err, SG_ERROR_DATA,
                       "%s: a series of %zu samples, more than %d; ask for a shorter range", name,
                       count, MAX_POINTS);
    series->points = sg_alloc(count + 1, sizeof *series->points);
    for (const struct sg_json *v = sg_json_first(values); v != NULL; v = sg_json_next(v)) {
        struct sg_prom_point *point = &series->points[series->points_count];
        if (!read_point(v, name, point, err))
            return false;
        if (series->points_count > 0 && !(point[-1].time < point->time))
            return sg_fail(err, SG_ERROR_DATA,
                           "%s: samples are not in order of time (%.3f after %.3f)", name,
                           point->time, point[-1].time);
        series->points_count++;
    }
    return true;
}

static bool read_series(const struct sg_json *element, const char *name,
                        struct sg_prom_series *series, struct sg_error *err)
{
    const struct sg_json *value = sg_json_get(element, "value");
    const struct sg_json *values = sg_json_get(element, "values");
    if (!read_labels(sg_json_get(element, "metric"), name, series, err))
        return false;
    if (sg_json_get(element, "histogram") != NULL || sg_json_get(element, "histograms") != NULL)
        return sg_fail(err, SG_ERROR_DATA,
                       "%s: a native histogram where a number is needed; take histogram_quantile() "
                       "or histogram_avg() of it",
                       name);
    if (values != NULL)
        return read_points(values, name, series, err);
    series->points = sg_alloc(1, sizeof *series->points);
    series->points_count = 1;
    return read_point(value, name, series->points, err);
}

static bool read_all_series(const struct sg_json *result, const char *name, struct sg_matrix *out,
                            struct sg_error *err)
{
    size_t count = sg_json_count(result);
    if (!sg_json_is_array(result))
        return malformed(name, "\"result\" is not an array", err);
    if (count > MAX_SERIES)
        return sg_fail(err, SG_ERROR_DATA, "%s: %zu series, more than %d; select or aggregate more",
                       name, count, MAX_SERIES);
    out->series = sg_alloc(count + 1, sizeof *out->series);
    for (const struct sg_json *s = sg_json_first(result); s != NULL; s = sg_json_next(s))
        if (!read_series(s, name, &out->series[out->count++], err))
            return false;
    return true;
}

static bool read_scalar(const struct sg_json *result, const char *name, struct sg_matrix *out,
                        struct sg_error *err)
{
    out->series = sg_alloc(1, sizeof *out->series);
    out->count = 1;
    out->series[0].points = sg_alloc(1, sizeof *out->series[0].points);
    out->series[0].points_count = 1;
    return read_point(result, name, out->series[0].points, err);
}

static bool read_result(const struct sg_json *data, const char *name, struct sg_matrix *out,
                        struct sg_error *err)
{
    const char *type = sg_json_string(sg_json_get(data, "resultType"), "");
    const struct sg_json *result = sg_json_get(data, "result");
    if (sg_streq(type, "vector") || sg_streq(type, "matrix"))
        return read_all_series(result, name, out, err);
    if (sg_streq(type, "scalar"))
        return read_scalar(result, name, out, err);
    if (sg_streq(type, "string"))
        return sg_fail(err, SG_ERROR_CONFIG, "%s: the query gives a string, not a number", name);
    return malformed(name, "no \"resultType\" that is known", err);
}

/* ["a", "b"] to "a; b"; NULL when there are none. */
static char *join(const struct sg_json *array)
{
    struct sg_text text = {.limit = 65536};
    for (const struct sg_json *e = sg_json_first(array); e != NULL; e = sg_json_next(e)) {
        if (text.size > 0)
            sg_text_add(&text, "; ");
        sg_text_add(&text, sg_json_string(e, "?"));
    }
    if (text.size > 0)
        return sg_text_take(&text);
    sg_text_free(&text);
    return NULL;
}

static enum sg_error_kind error_kind(const char *type, long status)
{
    if (sg_streq(type, "bad_data") || sg_streq(type, "execution"))
        return SG_ERROR_CONFIG;
    if (sg_streq(type, "timeout") || sg_streq(type, "canceled") || sg_streq(type, "internal"))
        return SG_ERROR_NETWORK;
    /* Others name errors by number (VictoriaMetrics: "422"): the status tells. */
    return status == 400 || status == 422 ? SG_ERROR_CONFIG : SG_ERROR_NETWORK;
}

static bool read_error(const struct sg_json *root, long status, const char *name,
                       struct sg_error *err)
{
    const char *type = sg_json_string(sg_json_get(root, "errorType"), "");
    const char *text = sg_json_string(sg_json_get(root, "error"), "no reason given");
    return sg_fail(err, error_kind(type, status), "%s: %s%s%s", name, type,
                   type[0] != '\0' ? ": " : "", text);
}

static bool not_json(long status, const char *name, struct sg_error *err)
{
    if (status == 401 || status == 403)
        return sg_fail(err, SG_ERROR_NETWORK,
                       "%s: refused with status %ld; it wants credentials in a header", name,
                       status);
    return sg_fail(err, SG_ERROR_NETWORK,
                   "%s: answered with status %ld and no JSON; does the address belong to a "
                   "Prometheus-compatible server, with its path prefix?",
                   name, status);
}

static bool read_root(const struct sg_json *root, long status, const char *name,
                      struct sg_matrix *out, struct sg_error *err)
{
    const char *outcome = sg_json_string(sg_json_get(root, "status"), "");
    if (sg_streq(outcome, "error"))
        return read_error(root, status, name, err);
    if (status < 200 || status > 299 || !sg_streq(outcome, "success"))
        return not_json(status, name, err);
    if (sg_json_bool(sg_json_get(root, "isPartial"), false))
        return sg_fail(err, SG_ERROR_DATA,
                       "%s: the answer is partial: a storage node did not answer", name);
    out->warnings = join(sg_json_get(root, "warnings"));
    out->infos = join(sg_json_get(root, "infos"));
    return read_result(sg_json_get(root, "data"), name, out, err);
}

bool sg_prom_answer(const char *body, size_t size, long status, const char *name,
                    struct sg_matrix *out, struct sg_error *err)
{
    struct sg_matrix matrix = {0};
    struct sg_error ignored = {0};
    struct sg_json *root = sg_json_parse(body, size, name, &ignored);
    if (root == NULL)
        return not_json(status, name, err);
    bool ok = read_root(root, status, name, &matrix, err);
    sg_json_free(root);
    if (ok)
        *out = matrix;
    else
        sg_matrix_clear(&matrix);
    return ok;
}
