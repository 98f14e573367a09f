/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of what a session may hold, far above what is ever measured. Judging and reporting compare
 * each of these with each other one: without bounds a stranger's file of a few megabytes would take
 * all memory, or hours. */
#include "record/record.h"

static bool fail_many(struct sg_error *err, size_t count, const char *what, size_t most)
{
    return sg_fail(err, SG_ERROR_CONFIG, "there are %zu %s or more; at most %zu can be judged",
                   count, what, most);
}

static size_t count_covariates(const struct sg_session *session)
{
    size_t count = 0;
    for (size_t m = 0; m < session->metrics_count; m++) {
        count += session->metrics[m].role == SG_ROLE_COVARIATE;
    }
    return count;
}

static size_t count_findings(const struct sg_session *session)
{
    size_t count = session->findings_count;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        count += session->repetitions[r].findings_count;
    }
    return count;
}

bool sg_session_check_bounds(const struct sg_session *session, struct sg_error *err)
{
    const struct {
        size_t count, most;
        const char *what;
    } bounds[] = {{session->gates_count, SG_GATES_MAX, "gates"},
                  {count_covariates(session), SG_COVARIATES_MAX, "control variates"},
                  {count_findings(session), SG_FINDINGS_MAX, "findings"}};
    for (size_t i = 0; i < SG_COUNT(bounds); i++) {
        if (bounds[i].count > bounds[i].most) {
            return fail_many(err, bounds[i].count, bounds[i].what, bounds[i].most);
        }
    }
    return true;
}
