/* SPDX-License-Identifier: Apache-2.0 */
/* Exact tests and limits for counts: x events in n trials. Counts are whole numbers held in
 * doubles, up to 1e15. */
#ifndef SG_STATS_EXACT_H
#define SG_STATS_EXACT_H

#include "stats/stats.h"

struct sg_count {
    double events, trials;
};

double sg_binomial_pmf(double x, double n, double p);
double sg_binomial_lower(double x, double n, double p); /* P(X ≤ x) */
double sg_binomial_upper(double x, double n, double p); /* P(X ≥ x) */

/* One-sided Fisher test: P(the variant has so many of all events or more | all events, trials). */
double sg_fisher_greater(struct sg_count variant, struct sg_count reference);

/* Bounds of the difference of rates, variant − reference, each with one-sided error `level`:
 * Miettinen and Nurminen (1985), by bisection. */
struct sg_interval sg_miettinen_nurminen(struct sg_count variant, struct sg_count reference,
                                         double level);

/* Clopper and Pearson's (1934) bounds of one rate, each with one-sided error `level`. */
struct sg_interval sg_clopper_pearson(struct sg_count count, double level);

/* Σ(x − μ)²/μ over repetitions by its degrees of freedom, μ from each side's own rate: above 2 the
 * events come in clusters. NaN when nothing can be said. Sides without events say nothing. */
double sg_dispersion(const struct sg_count *reference, size_t reference_count,
                     const struct sg_count *variant, size_t variant_count);

#endif
