/* SPDX-License-Identifier: Apache-2.0 */
/* k6's end-of-test summary: the whole run is one number a metric. Three forms of the same numbers:
 * --summary-export ("metrics" of k6 until 2), what handleSummary gets ("values" inside each), and
 * the machine-readable one ("results.metrics", a list). Times are milliseconds, as k6 counts them.
 */
#include <math.h>

#include "base/text.h"
#include "import/tools.h"

/* The numbers of one of k6's metrics, or NULL. */
static const struct sg_json *find(const struct sg_json *root, const char *name)
{
    const struct sg_json *listed = sg_json_get(sg_json_get(root, "results"), "metrics");
    for (const struct sg_json *one = sg_json_first(listed); one != NULL; one = sg_json_next(one)) {
        if (sg_streq(sg_json_string(sg_json_get(one, "name"), NULL), name)) {
            return sg_json_get(one, "values");
        }
    }
    const struct sg_json *metric = sg_json_get(sg_json_get(root, "metrics"), name);
    const struct sg_json *values = sg_json_get(metric, "values");
    return values != NULL ? values : metric;
}

/* The first of two names under which a number may stand; NaN when neither does. */
static double number(const struct sg_json *values, const char *name, const char *other)
{
    const struct sg_json *value = sg_json_get(values, name);
    return sg_json_number(value != NULL ? value : sg_json_get(values, other), NAN);
}

static bool add_latencies(const struct sg_json *root, struct sg_session *out,
                          struct sg_repetition *run)
{
    static const struct {
        const char *metric, *name, *other;
    } numbers[] = {
        {"latency_avg", "avg", "avg"},   {"latency_p50", "med", "p(50)"},
        {"latency_p90", "p(90)", "p90"}, {"latency_p95", "p(95)", "p95"},
        {"latency_p99", "p(99)", "p99"},
    };
    const struct sg_json *duration = find(root, "http_req_duration");
    for (size_t i = 0; i < SG_COUNT(numbers); i++) {
        double ms = number(duration, numbers[i].name, numbers[i].other);
        if (!sg_import_number(out, run, numbers[i].metric, "s", SG_LOWER, SG_SCALE_LOG,
                              ms / 1000)) {
            return false;
        }
    }
    return true;
}

/* http_req_failed counts as "passes" the requests that failed; later k6 calls them "matches". */
static bool add_counts(const struct sg_json *root, struct sg_session *out,
                       struct sg_repetition *run)
{
    const struct sg_json *requests = find(root, "http_reqs");
    double count = number(requests, "count", "count");
    double seconds = sg_json_number(sg_json_get(sg_json_get(root, "config"), "duration"), NAN);
    double rate = number(requests, "rate", "rate");
    double failed = number(find(root, "http_req_failed"), "passes", "matches");
    return sg_import_number(out, run, "throughput", "1/s", SG_HIGHER, SG_SCALE_LOG,
                            isnan(rate) ? count / seconds : rate) &&
           sg_import_number(out, run, "requests", "", SG_HIGHER, SG_SCALE_LINEAR, count) &&
           sg_import_number(out, run, "errors", "", SG_LOWER, SG_SCALE_LINEAR, failed) &&
           sg_import_number(out, run, "error_rate", "ratio", SG_LOWER, SG_SCALE_LOG,
                            failed / count);
}

static bool read_summary(const struct sg_import_file *file, const struct sg_json *root,
                         struct sg_session *out, struct sg_error *err)
{
    if (find(root, "http_req_duration") == NULL && find(root, "http_reqs") == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: no http_reqs in it; is it a summary of k6 (--summary-export FILE)?",
                       file->name);
    }
    const char *variant = sg_import_variant(file, err);
    if (variant == NULL) {
        return false;
    }
    struct sg_repetition *run = sg_import_run(out, variant);
    return (add_latencies(root, out, run) && add_counts(root, out, run)) ||
           sg_fail(err, SG_ERROR_CONFIG, "%s: too many metrics", file->name);
}

bool sg_import_k6(const struct sg_import_file *file, struct sg_session *out, struct sg_error *err)
{
    struct sg_json *root = sg_json_parse(file->text, file->size, file->name, err);
    bool ok = root != NULL && read_summary(file, root, out, err);
    sg_json_free(root);
    return ok;
}
