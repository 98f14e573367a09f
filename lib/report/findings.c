/* SPDX-License-Identifier: Apache-2.0 */
/* Findings grouped and sorted. */
#include "report/findings.h"

#include <stdlib.h>
#include <string.h>

struct list {
    struct sg_finding_group *groups;
    size_t count;
};

static bool belongs(const struct sg_finding_group *group, const struct sg_finding *finding,
                    const char *variant)
{
    return group->first->severity == finding->severity &&
           sg_streq(group->first->check, finding->check) && sg_streq(group->variant, variant);
}

static struct sg_finding_group *find_group(struct list *list, const struct sg_finding *finding,
                                           const char *variant)
{
    for (size_t i = 0; variant != NULL && i < list->count; i++)
        if (belongs(&list->groups[i], finding, variant))
            return &list->groups[i];
    list->groups = sg_grow(list->groups, list->count, sizeof(*list->groups));
    list->groups[list->count] = (struct sg_finding_group){.first = finding, .variant = variant};
    return &list->groups[list->count++];
}

static void add_repetition(struct list *list, const struct sg_repetition *repetition)
{
    for (size_t i = 0; i < repetition->findings_count; i++) {
        struct sg_finding_group *group =
            find_group(list, &repetition->findings[i], repetition->variant);
        if (group->count == 0)
            group->block = repetition->block;
        group->count++;
        group->discarded += repetition->discarded;
    }
}

static int rank(const struct sg_finding_group *group)
{
    static const int ranks[] = {[SG_FINDING_FAIL] = 0,
                                [SG_FINDING_INVALID] = 1,
                                [SG_FINDING_WARN] = 2,
                                [SG_FINDING_NOTE] = 3};

    return ranks[group->first->severity];
}

/* Groups are few: a stable insertion sort. */
static void sort_groups(struct list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct sg_finding_group group = list->groups[i];
        size_t at = i;
        for (; at > 0 && rank(&list->groups[at - 1]) > rank(&group); at--)
            list->groups[at] = list->groups[at - 1];
        list->groups[at] = group;
    }
}

struct sg_finding_group *sg_findings(const struct sg_session *session, size_t *out_count)
{
    struct list list = {0};

    for (size_t i = 0; i < session->findings_count; i++)
        find_group(&list, &session->findings[i], NULL)->count = 1;
    for (size_t i = 0; i < session->repetitions_count; i++)
        add_repetition(&list, &session->repetitions[i]);
    sort_groups(&list);
    *out_count = list.count;
    return list.groups;
}

const char *sg_finding_word(const struct sg_finding_group *group)
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

void sg_finding_where(struct sg_text *out, const struct sg_finding_group *group)
{
    if (group->block > 0)
        sg_text_printf(out, " in block %d", group->block);
    if (group->count > 1)
        sg_text_printf(out, " and %zu more", group->count - 1);
}

static bool repeats(const struct sg_finding *findings, size_t count, const char *note)
{
    for (size_t i = 0; i < count; i++)
        if (findings[i].text != NULL && *findings[i].text != '\0' &&
            strstr(note, findings[i].text) != NULL)
            return true;
    return false;
}

bool sg_finding_has_note(const struct sg_session *session, const char *note)
{
    for (size_t i = 0; i < session->repetitions_count; i++)
        if (repeats(session->repetitions[i].findings, session->repetitions[i].findings_count, note))
            return true;
    return repeats(session->findings, session->findings_count, note);
}
