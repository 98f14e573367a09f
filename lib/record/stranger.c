/* SPDX-License-Identifier: Apache-2.0 */
/* Other tools by words that their files begin with. Only asked when a file could not be read. */
#include "record/stranger.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define LOOKED_AT ((size_t)64 << 10) /* a summary's keys may come late */

#define IMPORT(tool, word) "`svcgate import " tool " " word "` makes samples of it"
#define BY_HAND                                                                                    \
    "of each run take one number as a row VARIANT,METRIC,VALUE below the line "                    \
    "variant,metric,value"

static const struct stranger {
    const char *has, *has_too; /* NULL: one is enough */
    const char *what;
    const char *remedy;
} strangers[] = {
    {"\"type\":\"Point\"", "\"metric\":", "k6's --out json, a row a request",
     "use --summary-export FILE for each run; " IMPORT("k6", "VARIANT=FILE…")},
    {"metric_name,timestamp,metric_value", NULL, "k6's --out csv, a row a request",
     "use --summary-export FILE for each run; " IMPORT("k6", "VARIANT=FILE…")},
    {"\"http_reqs\"", "\"metrics\"", "a summary of k6", IMPORT("k6", "VARIANT=FILE…")},
    {"\"command\"", "\"times\"", "hyperfine's --export-json", IMPORT("hyperfine", "FILE")},
    {"command,mean,stddev,median", NULL, "hyperfine's --export-csv, without single runs",
     "use --export-json FILE; " IMPORT("hyperfine", "FILE")},
    {"Benchmark", " ns/op", "the output of go test -bench", IMPORT("go", "VARIANT=FILE…")},
    {"\"Benchmark\",\"Mode\",\"Threads\"", NULL, "a result of JMH", BY_HAND " (the score)"},
    {"\"jmhVersion\"", NULL, "a result of JMH", BY_HAND " (primaryMetric.score)"},
    {"\"benchmarks\"", "\"stats\"", "a result of pytest-benchmark", BY_HAND " (stats.median)"},
    {"\"latencies\"", "\"95th\"", "a report of vegeta",
     BY_HAND " (latencies.95th, with the unit ns)"},
    {"\"latencyPercentiles\"", NULL, "a report of oha", BY_HAND " (latencyPercentiles.p95)"},
    {"Thread Stats", "Requests/sec", "the output of wrk", BY_HAND " (Requests/sec, better higher)"},
    {"Request Count", "Failure Count", "a table of Locust", BY_HAND " (95%, with the unit ms)"},
    {"\"name\"", "\"unit\"", "an input of github-action-benchmark, or like it",
     BY_HAND ", and a column unit"},
};

static bool is_like(const struct stranger *stranger, const char *text)
{
    return strstr(text, stranger->has) != NULL &&
           (stranger->has_too == NULL || strstr(text, stranger->has_too) != NULL);
}

/* A file of svcgate's with a mistake in it is no stranger. */
static bool is_ours(const char *text)
{
    return strstr(text, "svcgate.") != NULL || strstr(text, "variant") != NULL;
}

bool sg_stranger_fail(const char *text, size_t size, const char *name, struct sg_error *err)
{
    char *start = sg_format("%.*s", (int)(size < LOOKED_AT ? size : LOOKED_AT), text);
    for (size_t i = 0; i < SG_COUNT(strangers) && !is_ours(start); i++) {
        if (is_like(&strangers[i], start)) {
            (void)sg_fail(err, SG_ERROR_CONFIG, "%s: this is %s: %s", name, strangers[i].what,
                          strangers[i].remedy);
            break;
        }
    }
    free(start);
    return false;
}
