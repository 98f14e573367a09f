/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the fake bench share. */
#ifndef SG_FAKE_INTERNAL_H
#define SG_FAKE_INTERNAL_H

#include "base/error.h"
#include "testbench/testbench.h"

/* --- script.c: what the script says ------------------------------------------------------- */

#define SG_FAKE_WORDS 8

/* "slot=3-5,variant=candidate,rep=2" */
struct sg_fake_where {
    char *variant; /* NULL: any */
    int slot[2], rep[2];
};

struct sg_fake_row {
    char *word[SG_FAKE_WORDS]; /* NULL where there are no more */
    char *rest;                /* from the fourth word on, as it stands; or NULL */
    struct sg_fake_where where;
};

/* The repetition that is being made. */
struct sg_fake_moment {
    const char *variant;
    int slot; /* starts of a service so far, from 1 */
    int rep;  /* those of this variant, from 0: the warm-up */
};

/* Reads it, no file is an empty one; the process ends with a message where it is not a script. */
void sg_fake_script_read(const char *path);
_Noreturn void sg_fake_script_wrong(const char *word);
/* Rows in order; NULL behind the last. */
const struct sg_fake_row *sg_fake_row(size_t index);
/* The last row "NAME FIRST SECOND …", NULL for any word; or NULL. */
const struct sg_fake_row *sg_fake_find(const char *name, const char *first, const char *second);
double sg_fake_number(const struct sg_fake_row *row, size_t word);
/* The first "at … WHAT …" of this moment that has not been asked for: start with *at 0. NULL: no
 * more. */
const struct sg_fake_row *sg_fake_at(const struct sg_fake_moment *moment, const char *what,
                                     size_t *at);
/* Its number, or `otherwise`. */
double sg_fake_at_number(const struct sg_fake_moment *moment, const char *what, double otherwise);
bool sg_fake_at_all(const struct sg_fake_moment *moment, const char *what);

/* --- values.c ----------------------------------------------------------------------------- */

/* What the metric of that moment comes to. */
double sg_fake_value(const struct sg_fake_moment *moment, const char *metric);

/* --- calls.c ------------------------------------------------------------------------------ */

/* Notes a call; it kills the process or fails where the script says so, and fails once a signal was
 * caught. */
bool sg_fake_call(const char *name, struct sg_error *err, const char *format, ...)
    SG_PRINTF(3, 4) SG_MUST_USE;

extern struct sg_fake_moment sg_fake_now;
/* The folder, or NULL; reads the script at the first call. */
const char *sg_fake_folder(void);

/* The moment of an earlier start of a service: its numbers are asked for later. */
void sg_fake_moment_at(int slot);
void sg_fake_moment_keep(void);

/* --- load.c ------------------------------------------------------------------------------- */

/* Names alone; what would be seen of this moment, with load from `begin` on; and the time it takes.
 */
struct sg_bench_window sg_fake_window(const struct sg_bench *bench, const char *testid);
void sg_fake_see(const struct sg_bench *bench, struct sg_bench_window *out, double begin,
                 double warmup, double measure, double loaded);
void sg_fake_load(const struct sg_bench *bench, double before, double after);

/* --- world.c: what exists, and the lock --------------------------------------------------- */

void sg_fake_make(const char *project, const char *thing);
/* Removes what belongs to `project`; NULL: all but "up"; "": all. How many there were. */
size_t sg_fake_remove(const char *project);
/* -1: somebody else has it. */
int sg_fake_lock(void);

/* --- clock.c: virtual time ---------------------------------------------------------------- */

void sg_fake_pass(double seconds);
/* The wall clock steps, the monotonic one does not. */
void sg_fake_step(double seconds);

#endif
