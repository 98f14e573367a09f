/* SPDX-License-Identifier: Apache-2.0 */
/* Findings grouped and sorted, and their section. */
#include "report/findings.h"

#include <stdlib.h>
#include <string.h>

#include "report/sections.h"

/* A finding where it stands; `order` is that of arrival. */
struct item {
    const struct sg_finding *finding;
    const struct sg_repetition *repetition; /* NULL: of the session as a whole */
    size_t order;
};

struct list {
    struct item *items;
    size_t count;
};

static void add_items(struct list *list, const struct sg_finding *findings, size_t count,
                      const struct sg_repetition *repetition)
{
    for (size_t i = 0; i < count; i++, list->count++)
        list->items[list->count] =
            (struct item){.finding = &findings[i], .repetition = repetition, .order = list->count};
}

static struct list collect(const struct sg_session *session)
{
    size_t count = session->findings_count;
    for (size_t i = 0; i < session->repetitions_count; i++)
        count += session->repetitions[i].findings_count;
    struct list list = {.items = sg_alloc(count + 1, sizeof(*list.items))};
    add_items(&list, session->findings, session->findings_count, NULL);
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        add_items(&list, repetition->findings, repetition->findings_count, repetition);
    }
    return list;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* 0: of one group. What is of the session as a whole stands alone. */
static int compare_kind(const struct item *a, const struct item *b)
{
    int order = (a->repetition != NULL) - (b->repetition != NULL);
    if (order == 0 && a->repetition == NULL)
        order = (a->order > b->order) - (a->order < b->order);
    else if (order == 0)
        order = compare_text(a->repetition->variant, b->repetition->variant);
    if (order == 0)
        order = compare_text(a->finding->check, b->finding->check);
    return order != 0 ? order : (int)a->finding->severity - (int)b->finding->severity;
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    int order = compare_kind(a, b);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_to_group(struct sg_finding_group *group, const struct item *item)
{
    if (group->count++ == 0) {
        group->first = item->finding;
        group->order = item->order;
        group->variant = item->repetition != NULL ? item->repetition->variant : NULL;
        group->block = item->repetition != NULL ? item->repetition->block : 0;
    }
    group->discarded += item->repetition != NULL && item->repetition->discarded;
}

static int rank(const struct sg_finding_group *group)
{
    static const int ranks[] = {[SG_FINDING_FAIL] = 0,
                                [SG_FINDING_INVALID] = 1,
                                [SG_FINDING_WARN] = 2,
                                [SG_FINDING_NOTE] = 3};

    return ranks[group->first->severity];
}

static int compare_groups(const void *left, const void *right)
{
    const struct sg_finding_group *a = left;
    const struct sg_finding_group *b = right;
    int order = rank(a) - rank(b);

    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

struct sg_finding_group *sg_findings(const struct sg_session *session, size_t *out_count)
{
    struct list list = collect(session);
    struct sg_finding_group *groups = sg_alloc(list.count + 1, sizeof(*groups));
    size_t count = 0;

    qsort(list.items, list.count, sizeof(*list.items), compare_items);
    for (size_t i = 0; i < list.count; i++) {
        count += i == 0 || compare_kind(&list.items[i - 1], &list.items[i]) != 0;
        add_to_group(&groups[count - 1], &list.items[i]);
    }
    qsort(groups, count, sizeof(*groups), compare_groups);
    free(list.items);
    *out_count = count;
    return groups;
}

/* "failed", "discarded" (and measured again), "invalid", "warning", "note": what the finding means
 * for the verdict. */
static const char *word_of(const struct sg_finding_group *group)
{
    switch (group->first->severity) {
    case SG_FINDING_FAIL:
        return "failed";
    case SG_FINDING_INVALID:
        return group->discarded == group->count ? "discarded" : "invalid";
    case SG_FINDING_WARN:
        return "warning";
    case SG_FINDING_NOTE:
        break;
    }
    return "note";
}

/* --- Notes -------------------------------------------------------------------------------- */

#define MOST_PARTS 8

static int compare_item_texts(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;

    return compare_text(a->finding->text, b->finding->text);
}

static int compare_part(const void *part, const void *item)
{
    return compare_text(part, ((const struct item *)item)->finding->text);
}

/* Does the note end with one of the texts, all of it or behind a colon? */
static bool repeats(const struct list *sorted, const char *note)
{
    size_t parts = 0;
    for (const char *part = note; part != NULL && *part != '\0' && parts < MOST_PARTS; parts++) {
        if (bsearch(part, sorted->items, sorted->count, sizeof(*sorted->items), compare_part))
            return true;
        part = strstr(part, ": ");
        part = part != NULL ? part + 2 : NULL;
    }
    return false;
}

const char **sg_finding_notes(const struct sg_report *report, size_t *out_count)
{
    const struct sg_judgement *judgement = report->judgement;
    const char **notes = sg_alloc(judgement->notes_count + 1, sizeof(*notes));
    struct list list = collect(report->session);

    *out_count = 0;
    qsort(list.items, list.count, sizeof(*list.items), compare_item_texts);
    for (size_t i = 0; i < judgement->notes_count; i++)
        if (!repeats(&list, judgement->notes[i]))
            notes[(*out_count)++] = judgement->notes[i];
    free(list.items);
    return notes;
}

/* --- Section ------------------------------------------------------------------------------ */

/* "failed, `candidate` in block 3 and 1 more: it exited" */
static void say_finding(struct sg_line *line, const struct sg_finding_group *group)
{
    sg_line_strong(line, word_of(group));
    if (group->variant != NULL) {
        sg_line_own(line, ", ");
        sg_line_name(line, group->variant);
    }
    if (group->block > 0)
        sg_line_own(line, " in block %d", group->block);
    if (group->count > 1)
        sg_line_own(line, " and %zu more", group->count - 1);
    sg_line_own(line, ": ");
    sg_line_text(line, group->first->text);
}

void sg_section_findings(struct sg_doc *doc, const struct sg_view *view)
{
    size_t count = 0;
    size_t notes_count = 0;
    const char **notes = sg_finding_notes(view->report, &notes_count);
    struct sg_finding_group *groups = sg_findings(view->report->session, &count);

    if (count + notes_count > 0) {
        sg_doc_heading(doc, SG_LOOK_SECTION, SG_FOR_PAGES, "Findings");
        struct sg_part *list = sg_doc_list(doc, SG_LOOK_PLAIN);
        for (size_t i = 0; i < count; i++)
            say_finding(sg_list_item(list, groups[i].first->log), &groups[i]);
        for (size_t i = 0; i < notes_count; i++)
            sg_line_text(sg_list_item(list, NULL), notes[i]);
    }
    free(groups);
    free((void *)notes);
}
