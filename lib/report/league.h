/* SPDX-License-Identifier: Apache-2.0 */
/* The league of several variants: cheapest first by CPU per request, with the metrics that tell
 * most. */
#ifndef SG_REPORT_LEAGUE_H
#define SG_REPORT_LEAGUE_H

#include "view/view.h"

#define SG_LEAGUE_METRICS 4

struct sg_league {
    size_t metrics[SG_LEAGUE_METRICS]; /* indices into session->metrics */
    size_t count;
    const char **variants; /* view->variants_count of them, best first */
};

void sg_league_init(struct sg_league *league, const struct sg_view *view);
void sg_league_clear(struct sg_league *league);

/* A column's name, and "0.84 ms (−23.1 %)": the caller frees. */
char *sg_league_metric(const struct sg_league *league, const struct sg_view *view,
                       size_t column) SG_MUST_USE;
char *sg_league_value(const struct sg_league *league, const struct sg_view *view, size_t column,
                      const char *variant) SG_MUST_USE;

/* The state of a variant; false when it was not judged, for example because it is the reference. */
bool sg_league_state(const struct sg_view *view, const char *variant, enum sg_state *out);

#endif
