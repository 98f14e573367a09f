/* SPDX-License-Identifier: Apache-2.0 */
/* The faults that a test asks for in FAULT_* of the environment; ../README.md says what each does.
 */
#include "faults.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct hoard {
    struct hoard *next;
};

/* The value is multiplied by `scale` into the unit of its field. */
static const struct row {
    const char *name;
    size_t field;
    double max;
    double scale;
} rows[] = {
    {"FAULT_NEVER_READY", offsetof(struct faults, never_ready), 1, 1},
    {"FAULT_CLOSE", offsetof(struct faults, close), 1, 1},
    {"FAULT_CRASH_AFTER", offsetof(struct faults, crash_after), 1e9, 1},
    {"FAULT_ERROR_RATE", offsetof(struct faults, error_ppm), 1, 1e6},
    {"FAULT_RESPONSE_FACTOR", offsetof(struct faults, response_factor), 100, 1},
    {"FAULT_MEMORY_KB", offsetof(struct faults, memory_bytes), 1e6, 1024},
    {"FAULT_CPU_US", offsetof(struct faults, cpu_ns), 1e6, 1e3},
    {"FAULT_CPU_PERCENT", offsetof(struct faults, cpu_ppm), 1000, 1e4},
    {"FAULT_LATENCY_MS", offsetof(struct faults, latency_ns), 60000, 1e6},
    {"FAULT_LATENCY_EVERY", offsetof(struct faults, latency_every), 1e9, 1},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Digits, perhaps a point and digits: what all three languages read alike. */
static bool parse_number(const char *s, double max, double *number)
{
    const char *const digits = "0123456789";
    size_t whole = strspn(s, digits);
    size_t len = whole;
    if (whole > 0 && s[whole] == '.') {
        size_t fraction = strspn(s + whole + 1, digits);
        len = fraction > 0 ? whole + 1 + fraction : 0;
    }
    if (len == 0 || s[len] != '\0')
        return false;
    *number = strtod(s, NULL);
    return *number <= max;
}

bool faults_read(struct faults *f)
{
    for (size_t i = 0; i < ROWS; i++) {
        const char *value = getenv(rows[i].name);
        double number = 0;
        if (!value || !*value)
            continue;
        if (!parse_number(value, rows[i].max, &number)) {
            fprintf(stderr, "catalogue (c): %s: not a number from 0 to %.0f: %s\n", rows[i].name,
                    rows[i].max, value);
            return false;
        }
        *(int64_t *)((char *)f + rows[i].field) = llround(number * rows[i].scale);
    }
    return true;
}

void faults_describe(struct text *t)
{
    const char *before = " with ";
    for (size_t i = 0; i < ROWS; i++) {
        const char *value = getenv(rows[i].name);
        if (!value || !*value)
            continue;
        text_string(t, before);
        text_string(t, rows[i].name);
        text_string(t, "=");
        text_string(t, value);
        before = " ";
    }
}

static int64_t process_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Burns what is owed up to now: so much a request, and a share of all CPU time that was not burned
 * here. As a debt it also covers what a request costs after its answer was made (the kernel's
 * sending, the waiting): the next one pays. Over many requests the share is exact. */
static void burn(struct faults *f)
{
    int64_t used = process_cpu_ns() - f->idle_cpu_ns;
    double share = (double)(used - f->burned_ns) * ((double)f->cpu_ppm / 1e6);
    int64_t owed = f->requests * f->cpu_ns + (int64_t)share - f->burned_ns;
    int64_t now = used;
    while (now - used < owed)
        now = process_cpu_ns() - f->idle_cpu_ns;
    f->burned_ns += now - used;
}

static void hoard_memory(struct faults *f)
{
    size_t size = (size_t)f->memory_bytes;
    size = size < sizeof *f->hoard ? sizeof *f->hoard : size;
    struct hoard *more = malloc(size);
    if (!more) {
        fprintf(stderr, "catalogue (c): out of memory\n");
        exit(1);
    }
    memset(more, 1, size); /* touched, so that it is resident */
    more->next = f->hoard;
    f->hoard = more;
}

void faults_begin(struct faults *f)
{
    if (f->requests == 0)
        f->idle_cpu_ns = process_cpu_ns();
    f->requests++;
    if (f->crash_after > 0 && f->requests > f->crash_after) {
        fprintf(stderr, "catalogue (c): crash after %lld requests, as FAULT_CRASH_AFTER asks\n",
                (long long)f->crash_after);
        exit(1);
    }
}

void faults_end(struct faults *f, struct http_answer *answer)
{
    const int64_t n = f->requests;
    const int64_t million = 1000000;
    if (n * f->error_ppm / million > (n - 1) * f->error_ppm / million)
        http_error(answer, 500, "injected fault");
    if (f->response_factor > 1)
        text_spaces(&answer->body, answer->body.len * (size_t)(f->response_factor - 1));
    if (f->memory_bytes > 0)
        hoard_memory(f);
    if (f->cpu_ns > 0 || f->cpu_ppm > 0)
        burn(f);
    if (f->latency_every < 2 || n % f->latency_every == 0)
        answer->delay_ns = f->latency_ns;
}

void faults_free(struct faults *f)
{
    while (f->hoard) {
        struct hoard *next = f->hoard->next;
        free(f->hoard);
        f->hoard = next;
    }
}
