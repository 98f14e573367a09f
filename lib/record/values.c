/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by metric label: looked up in an index, as a session may hold 100,000 metrics. */
#include "record/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"

bool sg_labels_index(const struct sg_session *session, const struct sg_place *place,
                     struct sg_index *out, struct sg_error *err)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        char *label = sg_metric_label(metric->name, metric->of, metric->request);
        size_t number = sg_index_add(out, label, strlen(label));
        if (number != i) {
            struct sg_place here = {.up = place, .key = "metrics"};
            sg_place_fail(&here, err, "elements %zu and %zu are both called \"%s\"", number, i,
                          sg_show_string(label).text);
        }
        free(label);
        if (number != i) {
            return false;
        }
    }
    return true;
}

bool sg_values_check(size_t metrics, size_t repetitions, const struct sg_place *place,
                     struct sg_error *err)
{
    if (metrics == 0 || repetitions <= SG_VALUES_MAX / metrics) {
        return true;
    }
    return sg_place_fail(place, err, "%zu metrics in %zu repetitions: more than %zu numbers",
                         metrics, repetitions, SG_VALUES_MAX);
}

/* How many different variants and blocks there are. */
static void count_groups(const struct sg_session *session, size_t *out_variants, size_t *out_blocks)
{
    struct sg_index variants = {0};
    struct sg_index blocks = {0};
    for (size_t i = 0; i < session->variants_count; i++) {
        sg_index_add(&variants, session->variants[i].name, strlen(session->variants[i].name));
    }
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        sg_index_add(&variants, repetition->variant, strlen(repetition->variant));
        sg_index_add(&blocks, &repetition->block, sizeof(repetition->block));
    }
    *out_variants = variants.count;
    *out_blocks = blocks.count;
    sg_index_clear(&variants);
    sg_index_clear(&blocks);
}

/* Blocks that were measured in jobs of their own: each has a number, and one that stands alone has
 * no other's repetitions. */
static bool check_parallel(const struct sg_session *session, const struct sg_place *place,
                           struct sg_error *err)
{
    int blocks = session->plan.blocks;
    if (blocks > SG_BLOCKS_MAX) {
        return sg_place_fail(place, err, "%d blocks, more than the limit of %d: " SG_IS_BLOCK,
                             blocks, SG_BLOCKS_MAX);
    }
    if (session->block > blocks) {
        return sg_place_fail(place, err, "\"block\" is %d, of %d in \"plan\"", session->block,
                             blocks);
    }
    for (size_t i = 0; blocks > 0 && i < session->repetitions_count; i++) {
        int block = session->repetitions[i].block;
        if (block > blocks || (session->block > 0 && block > 0 && block != session->block)) {
            return sg_place_fail(place, err, "repetitions[%zu] is of block %d, but this is %s%d", i,
                                 block, session->block > 0 ? "block " : "a plan of blocks 1 to ",
                                 session->block > 0 ? session->block : blocks);
        }
    }
    return true;
}

bool sg_session_check(const struct sg_session *session, const struct sg_place *place,
                      struct sg_error *err)
{
    size_t variants = 0;
    size_t blocks = 0;
    count_groups(session, &variants, &blocks);
    if (variants > SG_VARIANTS_MAX) {
        return sg_place_fail(place, err, "%zu variants, more than the limit of %d: " SG_IS_VARIANT,
                             variants, SG_VARIANTS_MAX);
    }
    if (blocks > SG_BLOCKS_MAX) {
        return sg_place_fail(place, err, "%zu blocks, more than the limit of %d: " SG_IS_BLOCK,
                             blocks, SG_BLOCKS_MAX);
    }
    if (session->metrics_count * variants > SG_RESULTS_MAX) {
        return sg_place_fail(place, err, "%zu metrics of %zu variants: more than %d results",
                             session->metrics_count, variants, SG_RESULTS_MAX);
    }
    return check_parallel(session, place, err);
}

double *sg_values_new(size_t metrics)
{
    if (metrics == 0) {
        return NULL;
    }
    double *values = sg_alloc(metrics, sizeof(*values));
    for (size_t i = 0; i < metrics; i++) {
        values[i] = NAN;
    }
    return values;
}

static bool read_value(const struct sg_json *json, const struct sg_index *labels,
                       const struct sg_place *place, double *values, struct sg_error *err)
{
    const char *label = sg_json_key(json);
    struct sg_place here = {.up = place, .key = label};
    size_t number = sg_index_find(labels, label, strlen(label));
    if (number == SG_INDEX_NONE) {
        return sg_place_fail(&here, err, "no such metric in \"metrics\"");
    }
    if (!sg_json_is_number(json) && !sg_json_is_null(json)) {
        return sg_place_fail(&here, err, "expected a number or null, found %s", sg_json_kind(json));
    }
    values[number] = sg_json_number(json, NAN);
    return true;
}

bool sg_values_read(const struct sg_json *json, const struct sg_index *labels,
                    const struct sg_place *place, double *values, struct sg_error *err)
{
    if (json == NULL || sg_json_is_null(json)) {
        return true;
    }
    if (!sg_expect_object(json, place, err)) {
        return false;
    }
    for (const struct sg_json *value = sg_json_first(json); value != NULL;
         value = sg_json_next(value)) {
        if (!read_value(value, labels, place, values, err)) {
            return false;
        }
    }
    return true;
}
