/* SPDX-License-Identifier: Apache-2.0 */
/* The faults that a test asks for in FAULT_* of the environment; ../README.md says what each does.
 */
#ifndef CATALOGUE_FAULTS_H
#define CATALOGUE_FAULTS_H

#include "http.h"

/* A zeroed struct has no faults. All but /healthz counts as a request. */
struct faults {
    int64_t never_ready;
    int64_t close;
    int64_t crash_after;
    int64_t error_ppm;       /* of the requests */
    int64_t response_factor; /* 0 is as good as 1 */
    int64_t memory_bytes;    /* a request */
    int64_t cpu_ns;          /* a request */
    int64_t cpu_ppm;         /* of the service's own CPU time */
    int64_t latency_ns;
    int64_t latency_every; /* 0 is as good as 1 */

    int64_t requests;
    int64_t idle_cpu_ns; /* what the process had used before the first request */
    int64_t burned_ns;
    struct hoard *hoard;
};

/* Reads the environment. On a value that makes no sense it says so on stderr and returns false. */
bool faults_read(struct faults *f);

/* Adds " with FAULT_X=..." to the text, or nothing. */
void faults_describe(struct text *t);

/* Counts a request before any work; may end the process. */
void faults_begin(struct faults *f);

/* Spoils the finished answer. */
void faults_end(struct faults *f, struct http_answer *answer);

void faults_free(struct faults *f);

#endif
