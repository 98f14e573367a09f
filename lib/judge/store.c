/* SPDX-License-Identifier: Apache-2.0 */
/* Which stored sessions are comparable, and which control variates all of them have. */
#include "judge/store.h"

#include "base/text.h"
#include "judge/facts.h"
#include "stats/ranks.h"

#include <math.h>
#include <stdlib.h>

int sg_sample_metric(const struct sg_sample *sample, const struct sg_metric *metric)
{
    return sg_session_find_metric(sample->session, metric->name, metric->of, metric->request);
}

double sg_sample_value(const struct sg_sample *sample, size_t row, int metric)
{
    const struct sg_repetition *repetition = &sample->session->repetitions[sample->rows[row]];
    return metric >= 0 && repetition->values ? repetition->values[metric] : NAN;
}

/* `variant` NULL: all rows (a stored session holds one variant). */
static struct sg_sample take_sample(const struct sg_session *session, const char *variant)
{
    struct sg_sample sample = {.session = session};
    sample.rows = sg_alloc(session->repetitions_count + 1, sizeof(*sample.rows));
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (sg_repetition_counts(repetition) &&
            (!variant || sg_streq(repetition->variant, variant)))
            sample.rows[sample.count++] = r;
    }
    return sample;
}

static void pick_comparable(struct sg_store *store, const struct sg_session *stored, size_t count)
{
    store->offered = count;
    store->then = sg_alloc(count + 1, sizeof(*store->then));
    for (size_t i = 0; i < count; i++) {
        char *differences = sg_facts_differ(store->now.session, &stored[i]);
        if (differences) { /* the newest tells best what is different now */
            free(store->differences);
            store->differences = differences;
            continue;
        }
        struct sg_sample sample = take_sample(&stored[i], NULL);
        if (sample.count >= SG_STORE_REPETITIONS)
            store->then[store->count++] = sample;
        else
            free(sample.rows);
    }
}

static bool usable_in(const struct sg_sample *sample, const struct sg_metric *covariate)
{
    int metric = sg_sample_metric(sample, covariate);
    for (size_t i = 0; i < sample->count; i++)
        if (isnan(sg_covariate_z(covariate, sg_sample_value(sample, i, metric))))
            return false;
    return metric >= 0;
}

static bool usable_everywhere(const struct sg_store *store, const struct sg_metric *covariate)
{
    bool usable = usable_in(&store->now, covariate);
    for (size_t j = 0; usable && j < store->count; j++)
        usable = usable_in(&store->then[j], covariate);
    return usable;
}

static void index_covariates(const struct sg_store *store, struct sg_sample *sample)
{
    sample->covariates = sg_alloc(store->covariates_count + 1, sizeof(*sample->covariates));
    for (size_t k = 0; k < store->covariates_count; k++)
        sample->covariates[k] = sg_sample_metric(sample, store->covariates[k]);
}

static void pick_covariates(struct sg_store *store)
{
    const struct sg_session *session = store->now.session;
    store->covariates = sg_alloc(session->metrics_count + 1, sizeof(const struct sg_metric *));
    store->prior_index = sg_alloc(session->metrics_count + 1, sizeof(*store->prior_index));
    size_t place = 0;
    for (size_t m = 0; m < session->metrics_count; m++) {
        const struct sg_metric *metric = &session->metrics[m];
        if (metric->role != SG_ROLE_COVARIATE)
            continue;
        if (usable_everywhere(store, metric)) {
            store->prior_index[store->covariates_count] = place;
            store->covariates[store->covariates_count++] = metric;
        }
        place++;
    }
    if (place > 0 && store->covariates_count == 0)
        store->raw_reason = sg_strdup("not every session has the control variates");
    index_covariates(store, &store->now);
    for (size_t j = 0; j < store->count; j++)
        index_covariates(store, &store->then[j]);
}

/* Median over all stored repetitions (or those of now) of a plain metric; NaN if any is missing.
 */
static double pooled_median(const struct sg_store *store, bool now, const char *name)
{
    const struct sg_metric metric = {.name = (char *)(uintptr_t)name};
    struct sg_text bytes = {0};
    double median = NAN;
    bool complete = true;
    for (size_t j = 0; j < (now ? 1 : store->count); j++) {
        const struct sg_sample *sample = now ? &store->now : &store->then[j];
        int index = sg_sample_metric(sample, &metric);
        for (size_t i = 0; i < sample->count; i++) {
            double value = sg_sample_value(sample, i, index);
            complete = complete && isfinite(value);
            sg_text_bytes(&bytes, &value, sizeof(value));
        }
    }
    if (complete && bytes.size > 0)
        median = sg_median((double *)(void *)bytes.data, bytes.size / sizeof(double));
    sg_text_free(&bytes);
    return median;
}

static bool has_values(const struct sg_sample *sample, const char *name)
{
    int metric = sg_session_find_metric(sample->session, name, NULL, NULL);
    for (size_t i = 0; i < sample->count; i++)
        if (!isnan(sg_sample_value(sample, i, metric)))
            return true;
    return false;
}

/* A count that no testbench has taken is nobody's evidence. */
static bool measured_at_all(const struct sg_store *store, const char *name)
{
    bool found = has_values(&store->now, name);
    for (size_t j = 0; !found && j < store->count; j++)
        found = has_values(&store->then[j], name);
    return found;
}

/* Equal work by counts; a session without repetitions has not worked yet. */
static char *check_work(const struct sg_store *store)
{
    char *reason = NULL;
    for (size_t i = 0; !reason && store->now.count > 0 && i < sg_certificate_count(); i++) {
        const char *name = sg_certificate_metric(i);
        if (measured_at_all(store, name))
            reason = sg_certificate_check(i, pooled_median(store, false, name),
                                          pooled_median(store, true, name));
    }
    return reason;
}

static void check_guards(struct sg_store *store)
{
    if (!store->raw_reason)
        store->raw_reason = check_work(store);
    if (store->raw_reason ||
        sg_session_find_metric(store->now.session, "cpu_cores", NULL, NULL) < 0)
        return;
    double used = pooled_median(store, false, "cpu_cores");
    if (isnan(used))
        store->raw_reason =
            sg_strdup("cpu_cores is missing, so the coupling through the hardware has no bound");
    else
        store->busy = fmax(used, 0);
}

void sg_store_init(struct sg_store *store, const struct sg_session *session, const char *variant,
                   const struct sg_session *stored, size_t stored_count)
{
    *store = (struct sg_store){0};
    store->now = take_sample(session, variant);
    pick_comparable(store, stored, stored_count);
    pick_covariates(store);
    if (store->covariates_count > 0 && store->count > 0)
        check_guards(store);
}

void sg_store_clear(struct sg_store *store)
{
    for (size_t j = 0; j < store->count; j++) {
        free(store->then[j].rows);
        free(store->then[j].covariates);
    }
    free(store->then);
    free(store->now.rows);
    free(store->now.covariates);
    free(store->differences);
    free(store->covariates);
    free(store->prior_index);
    free(store->raw_reason);
    *store = (struct sg_store){0};
}

struct sg_store sg_store_with(const struct sg_store *store, const struct sg_metric *metric)
{
    struct sg_store with = *store;
    with.then = sg_alloc(store->count + 1, sizeof(*with.then));
    with.count = 0;
    for (size_t j = 0; j < store->count; j++)
        if (sg_sample_metric(&store->then[j], metric) >= 0)
            with.then[with.count++] = store->then[j];
    with.lacking = store->count - with.count;
    return with;
}
