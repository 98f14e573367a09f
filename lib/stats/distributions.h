/* SPDX-License-Identifier: Apache-2.0 */
/* The normal and Student's t distribution, both tails to 1e-12 relative (t: up to 1,000 degrees
 * of freedom, 1e-9 beyond). NaN for arguments that no distribution has. */
#ifndef SG_STATS_DISTRIBUTIONS_H
#define SG_STATS_DISTRIBUTIONS_H

#include "stats/stats.h"

double sg_normal_cdf(double z);
double sg_normal_quantile(double p);

/* `df` > 0, whole or not; infinite is the normal distribution. */
double sg_t_cdf(double t, double df);
double sg_t_upper(double t, double df); /* 1 − cdf without its cancellation */
double sg_t_quantile(double p, double df);

#endif
