/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting a session's repetitions into blocks and variants. */
#include "judge/data.h"

#include "base/clean.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>

bool sg_repetition_counts(const struct sg_repetition *repetition)
{
    return repetition->block >= 1 && !repetition->discarded &&
           !sg_repetition_finding(repetition, SG_FINDING_INVALID) &&
           !sg_repetition_finding(repetition, SG_FINDING_FAIL);
}

static size_t find_variant(const struct sg_data *data, const char *name)
{
    size_t v = 0;
    while (v < data->variants_count && !sg_streq(data->variants[v], name))
        v++;
    return v;
}

static size_t add_variant(struct sg_data *data, const char *name)
{
    size_t v = find_variant(data, name);
    if (v == data->variants_count) {
        data->variants = sg_grow(data->variants, v, sizeof(*data->variants));
        data->variants[data->variants_count++] = name;
    }
    return v;
}

static void list_variants(struct sg_data *data)
{
    const struct sg_session *session = data->session;
    for (size_t v = 0; v < session->variants_count; v++)
        add_variant(data, session->variants[v].name);
    data->variant_of = sg_alloc(session->repetitions_count + 1, sizeof(*data->variant_of));
    for (size_t r = 0; r < session->repetitions_count; r++)
        data->variant_of[r] = add_variant(data, session->repetitions[r].variant);
}

static bool find_reference(struct sg_data *data, struct sg_error *err)
{
    const char *name = data->session->reference;
    data->reference = -1;
    if (!name || !name[0])
        return true;
    size_t v = find_variant(data, name);
    if (v == data->variants_count) {
        const char *near = sg_nearest(name, data->variants, data->variants_count);
        char *shown = sg_clean_line(name, SG_SHOWN_NAME);
        char *hint = sg_clean_line(near, SG_SHOWN_NAME);
        (void)sg_fail(err, SG_ERROR_CONFIG, "no variant is called \"%s\" (the reference)%s%s%s",
                      shown, near ? "; did you mean \"" : "", hint, near ? "\"?" : "");
        free(shown);
        free(hint);
        return false;
    }
    data->reference = (int)v;
    return true;
}

static void find_crashes(struct sg_data *data)
{
    const struct sg_session *session = data->session;
    data->crash = sg_alloc(data->variants_count + 1, sizeof(const struct sg_finding *));
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_finding *found =
            sg_repetition_finding(&session->repetitions[r], SG_FINDING_FAIL);
        size_t v = data->variant_of[r];
        if (found && !data->crash[v])
            data->crash[v] = found;
    }
}

/* Rows mostly walk through the blocks in order: the search starts where the last one ended. */
static struct sg_block *block_numbered(struct sg_data *data, int number, size_t *at)
{
    for (size_t i = 0; i < data->blocks_count; i++) {
        size_t b = (*at + i) % data->blocks_count;
        if (data->blocks[b].number == number) {
            *at = b;
            return &data->blocks[b];
        }
    }
    data->blocks = sg_grow(data->blocks, data->blocks_count, sizeof(*data->blocks));
    *at = data->blocks_count++;
    struct sg_block *block = &data->blocks[*at];
    block->number = number;
    block->cells = sg_alloc(data->variants_count, sizeof(*block->cells));
    return block;
}

static void fill_blocks(struct sg_data *data)
{
    const struct sg_session *session = data->session;
    size_t at = 0;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (!sg_repetition_counts(repetition)) {
            data->discarded +=
                repetition->block >= 1 && !sg_repetition_finding(repetition, SG_FINDING_FAIL);
            continue;
        }
        struct sg_block *block = block_numbered(data, repetition->block, &at);
        struct sg_cell *cell = &block->cells[data->variant_of[r]];
        cell->repetitions = sg_grow(cell->repetitions, cell->count, sizeof(*cell->repetitions));
        cell->repetitions[cell->count++] = r;
    }
}

/* A variant that is decided, or has crashed, leaves the session: it was measured before, and in no
 * block from this one on. Nobody leaves blocks that were measured apart from each other. */
static bool has_left(const struct sg_data *data, size_t variant, size_t block)
{
    bool before = false;
    if (data->session->plan.blocks > 0)
        return false;
    for (size_t b = 0; b < data->blocks_count; b++) {
        size_t count = data->blocks[b].cells[variant].count;
        if (b >= block && count > 0)
            return false;
        before = before || count > 0;
    }
    return before && (int)variant != data->reference;
}

/* A planned block is whole when each variant that still runs has all its repetitions. */
static bool is_whole(const struct sg_data *data, size_t index)
{
    const struct sg_block *block = &data->blocks[index];
    if (!data->session->plan.planned)
        return true;
    size_t wanted = sg_plan_in_block(&data->session->plan, block->number);
    for (size_t v = 0; v < data->variants_count; v++)
        if (!data->crash[v] && block->cells[v].count < wanted && !has_left(data, v, index))
            return false;
    return true;
}

static void clear_block(struct sg_block *block, size_t variants)
{
    for (size_t v = 0; v < variants; v++)
        free(block->cells[v].repetitions);
    free(block->cells);
}

static void drop_open_blocks(struct sg_data *data)
{
    size_t kept = 0;
    bool *whole = sg_alloc(data->blocks_count + 1, sizeof(*whole));
    for (size_t b = 0; b < data->blocks_count; b++)
        whole[b] = is_whole(data, b);
    for (size_t b = 0; b < data->blocks_count; b++) {
        if (whole[b])
            data->blocks[kept++] = data->blocks[b];
        else
            clear_block(&data->blocks[b], data->variants_count);
    }
    free(whole);
    data->open_blocks = data->blocks_count - kept;
    data->blocks_count = kept;
}

bool sg_data_init(struct sg_data *data, const struct sg_session *session, struct sg_error *err)
{
    *data = (struct sg_data){.session = session};
    if (!sg_session_check_bounds(session, err))
        return false;
    list_variants(data);
    if (!find_reference(data, err)) {
        sg_data_clear(data);
        return false;
    }
    find_crashes(data);
    fill_blocks(data);
    drop_open_blocks(data);
    return true;
}

void sg_data_clear(struct sg_data *data)
{
    for (size_t b = 0; b < data->blocks_count; b++)
        clear_block(&data->blocks[b], data->variants_count);
    free(data->blocks);
    free(data->crash);
    free(data->variants);
    free(data->variant_of);
    *data = (struct sg_data){0};
}

double sg_data_value(const struct sg_data *data, size_t repetition, int metric)
{
    const struct sg_repetition *row = &data->session->repetitions[repetition];
    if (metric < 0 || !row->values)
        return NAN;
    return row->values[metric];
}

int sg_data_metric(const struct sg_data *data, const char *name)
{
    return sg_session_find_metric(data->session, name, NULL, NULL);
}

bool sg_data_has(const struct sg_data *data, size_t variant)
{
    for (size_t r = 0; r < data->session->repetitions_count; r++)
        if (data->variant_of[r] == variant && sg_repetition_counts(&data->session->repetitions[r]))
            return true;
    return false;
}
