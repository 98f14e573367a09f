/* SPDX-License-Identifier: Apache-2.0 */
/* What a simulation shows: Markdown, and bounds that are kept or not. */
#ifndef SG_TESTS_SIM_BOOK_H
#define SG_TESTS_SIM_BOOK_H

#include "base/text.h"

struct book_options {
    unsigned threads;
    uint64_t sessions; /* of every cell; 0: what the table wants */
    bool quick;        /* few sessions: a bound is missed only when the data refute it */
};

enum bound_side { AT_MOST, AT_LEAST, EQUALS };

/* One promise, and the cell that comes nearest to breaking it. */
struct bound {
    const char *id, *what; /* "S3", one phrase */
    enum bound_side side;
    double limit;
    bool plain; /* a number, not a share */
    size_t cells, missed;
    double margin; /* of the worst cell: distance of its nearer limit from the bound */
    double value, low, high;
    char worst[64];
    double events, trials; /* all cells together */
};

#define BOUNDS_MAX 64

struct book {
    const struct book_options *options;
    struct sg_text text;
    struct bound bounds[BOUNDS_MAX];
    size_t count;
};

/* The strings are borrowed. */
struct bound *book_bound(struct book *book, const char *id, const char *what, enum bound_side side,
                         double limit);

/* A share with its limits by Clopper and Pearson: 99 %, 0.5 % a side. In the long run the limits
 * must keep the bound: the promise is shown. In the quick one it is missed only when the data
 * contradict it at one in a million. Returns whether it is kept. */
bool book_share(const struct book *book, struct bound *bound, double events, double trials,
                const char *format, ...) SG_PRINTF(5, 6);
/* Limits that come from elsewhere: value ± error · (2.576, quick 4.75). For EQUALS ± 3 errors. */
bool book_value(const struct book *book, struct bound *bound, double value, double error,
                const char *format, ...) SG_PRINTF(5, 6);

/* "0.85 % (0.69 – 1.03)" */
void book_print_share(struct book *book, double events, double trials);

/* After the last cell of a quick run: all cells together must keep the bound, too. */
void book_close(struct book *book);
/* One line a bound. */
void book_summary(const struct book *book, struct sg_text *out);
size_t book_missed(const struct book *book);

#endif
