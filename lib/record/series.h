/* SPDX-License-Identifier: Apache-2.0 */
/* What a repetition looked like over time: for pictures, never for judging. In a bundle it is
 * series.jsonl, one repetition a line, appended as the session goes on. */
#ifndef SG_RECORD_SERIES_H
#define SG_RECORD_SERIES_H

#include "base/error.h"

struct sg_point {
    double x, y;
};

struct sg_points {
    struct sg_point *items;
    size_t count;
};

/* Of the service in one repetition. Any of them may be empty. All numbers are finite, no y is
 * below zero, and x rises from point to point; also when they come from a file. */
struct sg_series {
    int slot; /* the repetition's, see struct sg_repetition */
    char *variant;
    /* x: seconds from the window's start, from the sample before it (below zero) to the one after
     * it; y: cores in use on average since the point before (of the first: since a sample that is
     * left out). Steps, so that their area is CPU time. */
    struct sg_points cpu;
    struct sg_points memory;  /* x: the same; y: bytes (RSS) at that moment */
    struct sg_points latency; /* x: share of the requests, 0 to 1; y: seconds, never falling */
};

struct sg_series_set {
    struct sg_series *items;
    size_t count;
};

/* Most points of a curve in a file. */
#define SG_POINTS_MAX 10000

/* Appends one line to FOLDER/series.jsonl; numbers that a reader would refuse are
 * SG_ERROR_INTERNAL. */
bool sg_series_append(const char *folder, const struct sg_series *series,
                      struct sg_error *err) SG_MUST_USE;
/* All of FOLDER/series.jsonl; none when there is no such file. A last line that is cut off, as an
 * interruption leaves it, is left out; any other mistake is SG_ERROR_CONFIG with file and line,
 * and then *out is empty. Limits: 64 MiB, 100,000 lines, SG_POINTS_MAX points a curve. */
bool sg_series_load(const char *folder, struct sg_series_set *out,
                    struct sg_error *err) SG_MUST_USE;
/* The same from text; `name` opens error messages. */
bool sg_series_read(const char *text, size_t size, const char *name, struct sg_series_set *out,
                    struct sg_error *err) SG_MUST_USE;

/* The line of one, with its end. Caller frees. */
char *sg_series_write(const struct sg_series *series) SG_MUST_USE;

/* A session begins in FOLDER: what an older one left there is no part of it. */
bool sg_series_begin(const char *folder, struct sg_error *err) SG_MUST_USE;
/* Moves FOLDER/series.jsonl into the folder `to`, where there is one. */
bool sg_series_move(const char *folder, const char *to, struct sg_error *err) SG_MUST_USE;

/* Adds a point with memory of its own. */
void sg_points_add(struct sg_points *points, double x, double y);
void sg_series_clear(struct sg_series *series);
void sg_series_set_clear(struct sg_series_set *set);

#endif
