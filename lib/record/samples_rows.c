/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of long CSV to repetitions: within a block, the k-th row of each metric of a variant is of
 * that variant's k-th repetition there. A metric with fewer rows than others is missing in the
 * last ones; an empty value says that it is missing in just this one. With a column "repetition"
 * each metric may stand in a repetition once.
 *
 * Memory: beside the rows a number for each of them; a hash table of (block, variant, metric) would
 * be several times the rows. */
#include "record/samples_csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "record/values.h"

struct spread {
    const struct sg_csv_table *table;
    uint32_t *order; /* rows by metric, each in the order of the file */
    size_t *seen_by; /* by group: the metric, from 1, that was counted last */
    size_t *seen;    /* by group: its rows so far */
    size_t *most;    /* by group: repetitions */
    size_t *start;   /* by group: its first cell; a cell is one repetition of a group */
    size_t *first;   /* by cell: the first row */
    size_t cells;
};

static void sort_by_metric(struct spread *spread)
{
    const struct sg_csv_table *table = spread->table;
    size_t *next = sg_alloc(table->metrics.count + 1, sizeof(*next));
    for (size_t m = 0; m < table->metrics.count; m++) {
        next[m + 1] = next[m] + table->about[m].rows;
    }
    spread->order = sg_alloc(table->count, sizeof(*spread->order));
    for (size_t i = 0; i < table->count; i++) {
        spread->order[next[table->rows[i].metric]++] = (uint32_t)i;
    }
    free(next);
}

/* How many rows this metric has in this group before this one; rows come metric by metric. */
static size_t count_row(struct spread *spread, const struct sg_csv_row *row)
{
    if (spread->seen_by[row->group] != (size_t)row->metric + 1) {
        spread->seen_by[row->group] = (size_t)row->metric + 1;
        spread->seen[row->group] = 0;
    }
    return spread->seen[row->group]++;
}

/* Finds the line of a row by reading up to it again. */
static bool fail_taken(const struct sg_csv *csv, size_t row, struct sg_error *err)
{
    struct sg_csv again;
    bool end = false;
    bool ok = true;
    sg_csv_open(&again, csv->text, csv->size, csv->name);
    for (size_t i = 0; ok && i <= row + 1; i++) { /* the header is one more */
        ok = sg_csv_next(&again, &end, err);
    }
    (void)sg_csv_fail(&again, again.fields[0].line, again.fields[0].column, err,
                      "a second row of this metric in this block, variant and repetition");
    sg_csv_close(&again);
    return false;
}

static bool count_repetitions(const struct sg_csv *csv, struct spread *spread, struct sg_error *err)
{
    const struct sg_csv_table *table = spread->table;
    bool named = table->place[SG_COLUMN_REPETITION] != SG_INDEX_NONE;
    for (size_t i = 0; i < table->count; i++) {
        const struct sg_csv_row *row = &table->rows[spread->order[i]];
        size_t number = count_row(spread, row);
        if (named && number > 0) {
            return fail_taken(csv, spread->order[i], err);
        }
        if (number == spread->most[row->group]) {
            spread->most[row->group]++;
        }
    }
    for (size_t g = 0; g < table->groups.count; g++) {
        spread->start[g] = spread->cells;
        spread->cells += spread->most[g];
    }
    struct sg_place place = {.key = csv->name};
    if (spread->cells > SG_ELEMENTS_MAX) {
        return sg_place_fail(&place, err, "%zu repetitions, more than the limit of %d",
                             spread->cells, SG_ELEMENTS_MAX);
    }
    return sg_values_check(table->metrics.count, spread->cells, &place, err);
}

/* Rows know their cell instead of their group from here on. */
static void assign_cells(struct spread *spread, struct sg_csv_row *rows)
{
    spread->first = sg_alloc(spread->cells, sizeof(*spread->first));
    memset(spread->first, 0xFF, spread->cells * sizeof(*spread->first));
    memset(spread->seen_by, 0, spread->table->groups.count * sizeof(*spread->seen_by));
    for (size_t i = 0; i < spread->table->count; i++) {
        struct sg_csv_row *row = &rows[spread->order[i]];
        size_t cell = spread->start[row->group] + count_row(spread, row);
        assert(cell < spread->cells);
        row->group = (uint32_t)cell;
        if (spread->order[i] < spread->first[cell]) {
            spread->first[cell] = spread->order[i];
        }
    }
}

struct cell {
    size_t first, group, number;
};

static int by_first(const void *a, const void *b)
{
    const struct cell *left = a;
    const struct cell *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

/* Cells in the order of their first rows, which is the order of time. */
static struct cell *sort_cells(const struct spread *spread)
{
    struct cell *cells = sg_alloc(spread->cells, sizeof(*cells));
    for (size_t g = 0; g < spread->table->groups.count; g++) {
        for (size_t i = 0; i < spread->most[g]; i++) {
            size_t number = spread->start[g] + i;
            cells[number] = (struct cell){spread->first[number], g, number};
        }
    }
    qsort(cells, spread->cells, sizeof(*cells), by_first);
    return cells;
}

static void add_repetition(const struct sg_csv_table *table, size_t group,
                           struct sg_session *session)
{
    size_t key[3] = {0};
    size_t size = 0;
    memcpy(key, sg_index_key(&table->groups, group, &size), sizeof(key));
    char *variant = sg_index_name(&table->variants, key[1]);
    struct sg_repetition *repetition = &session->repetitions[session->repetitions_count++];
    sg_repetition_init(repetition, variant, session->metrics_count);
    repetition->block = (int)key[0] + 1;
    repetition->slot = (int)session->repetitions_count;
    free(variant);
}

static void fill(const struct spread *spread, struct sg_session *session)
{
    const struct sg_csv_table *table = spread->table;
    struct cell *cells = sort_cells(spread);
    size_t *place = sg_alloc(spread->cells, sizeof(*place));
    session->repetitions = sg_alloc(spread->cells, sizeof(*session->repetitions));
    for (size_t i = 0; i < spread->cells; i++) {
        place[cells[i].number] = i;
        add_repetition(table, cells[i].group, session);
    }
    for (size_t i = 0; i < table->count; i++) {
        const struct sg_csv_row *row = &table->rows[i];
        session->repetitions[place[row->group]].values[row->metric] = row->value;
    }
    free(place);
    free(cells);
}

bool sg_rows_finish(const struct sg_csv *csv, struct sg_csv_table *table,
                    struct sg_session *session, struct sg_error *err)
{
    size_t groups = table->groups.count;
    struct spread spread = {.table = table};
    size_t *numbers = sg_alloc(4 * groups, sizeof(*numbers));
    spread.seen_by = numbers;
    spread.seen = numbers + groups;
    spread.most = numbers + 2 * groups;
    spread.start = numbers + 3 * groups;
    sort_by_metric(&spread);
    bool ok = count_repetitions(csv, &spread, err);
    if (ok) {
        assign_cells(&spread, table->rows);
        fill(&spread, session);
    }
    free(spread.first);
    free(spread.order);
    free(numbers);
    return ok;
}
