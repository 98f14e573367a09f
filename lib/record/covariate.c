/* SPDX-License-Identifier: Apache-2.0 */
/* Control variates of plain samples, named by their user (docs/method.md 4.7). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/plain.h"

bool sg_plain_covariate(struct sg_session *session, const char *word, struct sg_error *err)
{
    static const char *const suffixes[] = {"", ":log", ":linear"};
    int index = -1;
    size_t size = strlen(word);
    enum sg_scale scale = SG_SCALE_LOG;
    for (size_t i = 0; index < 0 && i < SG_COUNT(suffixes); i++) {
        size_t suffix = strlen(suffixes[i]);
        if (sg_ends_with(word, suffixes[i])) {
            size = strlen(word) - suffix;
            scale = sg_streq(suffixes[i], ":linear") ? SG_SCALE_LINEAR : SG_SCALE_LOG;
            index = sg_session_find_label(session, word, size);
        }
    }
    if (index < 0) {
        char *label = sg_format("%.*s", (int)size, word);
        (void)sg_session_fail_label(session, label, err);
        free(label);
        return false;
    }
    struct sg_metric *metric = &session->metrics[index];
    metric->role = SG_ROLE_COVARIATE;
    metric->scale = scale;
    metric->adjust = false;
    sg_session_metric_to_end(session, (size_t)index);
    return true;
}

static bool check_positive(const struct sg_session *session, size_t metric, struct sg_error *err)
{
    const char *name = session->metrics[metric].name;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (repetition->values[metric] <= 0) { /* false where it is missing */
            return sg_fail(err, SG_ERROR_CONFIG,
                           "the covariate %s is %g in block %d of %s: on the log scale it must be "
                           "above zero; if it may touch zero, make it linear (--covariate "
                           "%s:linear)",
                           name, repetition->values[metric], repetition->block, repetition->variant,
                           name);
        }
    }
    return true;
}

/* Missing values decide nothing here: judging leaves out the blocks that have them. */
static bool varies(const struct sg_session *session, size_t metric)
{
    double first = NAN;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        double value = session->repetitions[r].values[metric];
        if (value < first || value > first) {
            return true;
        }
        first = isnan(first) ? value : first;
    }
    return isnan(first);
}

static void note_missing(struct sg_session *session, size_t metric)
{
    size_t missing = 0;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        missing += isnan(session->repetitions[r].values[metric]) ? 1 : 0;
    }
    if (missing > 0) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "covariate", NULL,
                               "the covariate %s is missing in %zu of %zu repetitions: their "
                               "blocks are judged without it",
                               session->metrics[metric].name, missing, session->repetitions_count);
    }
}

bool sg_plain_covariates_check(struct sg_session *session, struct sg_error *err)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        if (metric->role != SG_ROLE_COVARIATE) {
            continue;
        }
        if (metric->scale == SG_SCALE_LOG && !check_positive(session, i, err)) {
            return false;
        }
        note_missing(session, i);
        if (!varies(session, i)) {
            sg_session_add_finding(session, SG_FINDING_NOTE, "covariate", NULL,
                                   "the covariate %s is the same in every repetition: it tells "
                                   "nothing of the host",
                                   metric->name);
        }
    }
    return true;
}
