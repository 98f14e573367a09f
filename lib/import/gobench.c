/* SPDX-License-Identifier: Apache-2.0 */
/* go test -bench: lines "BenchmarkName-8  300000  4012 ns/op  120 B/op  3 allocs/op"
 * (golang.org/design/14313-benchmark-format). The k-th line of each benchmark in a file is of its
 * k-th run (-count). "-8" is the number of CPUs and stays in the name. */
#include "import/tools.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

#define LINE_MAX_BYTES 4096
#define PAIRS_MAX 32 /* numbers with units in a line */

static const char blanks[] = " \t\r";

struct words {
    char *items[2 + 2 * PAIRS_MAX];
    size_t count;
};

static struct words split(char *line)
{
    struct words words = {.count = 0};
    char *rest = NULL;
    for (char *word = strtok_r(line, blanks, &rest);
         word != NULL && words.count < SG_COUNT(words.items);
         word = strtok_r(NULL, blanks, &rest)) {
        words.items[words.count++] = word;
    }
    return words;
}

/* Which way is better, and what "ns/op" counts in; others stand for themselves. */
static const char *base_unit(const char *unit, double *value, enum sg_better *better)
{
    static const char *const higher[] = {"MB/s", "req/s", "ops/s"};
    *better = SG_LOWER;
    for (size_t i = 0; i < SG_COUNT(higher); i++) {
        *better = sg_streq(unit, higher[i]) ? SG_HIGHER : *better;
    }
    if (sg_streq(unit, "ns/op")) {
        *value /= 1e9;
        return "s";
    }
    return sg_streq(unit, "B/op") ? "bytes" : unit;
}

/* The first run of this file that does not have the metric yet, or a new one. */
static struct sg_repetition *run_for(struct sg_session *out, size_t first, const char *metric,
                                     const char *variant)
{
    int index = sg_session_find_metric(out, metric, NULL, NULL);
    for (size_t i = first; i < out->repetitions_count; i++) {
        if (index < 0 || isnan(out->repetitions[i].values[index])) {
            return &out->repetitions[i];
        }
    }
    return sg_import_run(out, variant);
}

static bool add_line(const struct sg_import_file *file, size_t line, const struct words *words,
                     size_t first, struct sg_session *out, struct sg_error *err)
{
    for (size_t i = 2; i + 1 < words->count; i += 2) {
        double value = 0;
        enum sg_better better = SG_LOWER;
        if (!sg_parse_number(words->items[i], &value)) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s:%zu: a number and its unit were expected, in turns", file->name,
                           line);
        }
        const char *unit = base_unit(words->items[i + 1], &value, &better);
        char *metric = sg_format("%s %s", words->items[0], words->items[i + 1]);
        struct sg_repetition *run = run_for(out, first, metric, file->variant);
        bool ok = sg_import_number(out, run, metric, unit, better, SG_SCALE_LOG, value);
        free(metric);
        if (!ok || out->repetitions_count > SG_IMPORT_RUNS_MAX) {
            return sg_fail(err, SG_ERROR_CONFIG, "%s: more benchmarks or runs than can be judged",
                           file->name);
        }
    }
    return true;
}

bool sg_import_go(const struct sg_import_file *file, struct sg_session *out, struct sg_error *err)
{
    if (sg_import_variant(file, err) == NULL) {
        return false;
    }
    size_t first = out->repetitions_count;
    size_t number = 0;
    for (const char *at = file->text, *end = at + file->size; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);
        char line[LINE_MAX_BYTES];
        bool fits = size < sizeof(line);
        if (fits && size > 9 && memcmp(at, "Benchmark", 9) == 0) {
            memcpy(line, at, size);
            line[size] = '\0';
            struct words words = split(line);
            double rounds = 0;
            /* a name alone is a benchmark that logged something: its numbers come later */
            if (words.count >= 4 && sg_parse_number(words.items[1], &rounds) &&
                !add_line(file, number + 1, &words, first, out, err)) {
                return false;
            }
        }
        at += size + 1;
    }
    return true;
}
