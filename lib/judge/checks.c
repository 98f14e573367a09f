/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of the instrument, read before any number is believed. */
#include "judge/checks.h"

#include "base/text.h"
#include "judge/waiver.h"

#include <stdlib.h>
#include <string.h>

/* "TEXT (log: last line)": a service's last words say why it went. */
static char *with_log(const char *before, const struct sg_finding *finding)
{
    const char *log = finding->log ? finding->log : "";
    size_t end = strlen(log);
    while (end > 0 && strchr(" \t\r\n", log[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && log[start - 1] != '\n')
        start--;
    int length = (int)(end - start);
    if (length == 0)
        return sg_format("%s%s", before, finding->text);
    return sg_format("%s%s (log: %.*s)", before, finding->text, length > 300 ? 300 : length,
                     log + start);
}

static const struct sg_finding *session_finding(const struct sg_session *session,
                                                enum sg_severity severity)
{
    for (size_t i = 0; i < session->findings_count; i++)
        if (session->findings[i].severity == severity)
            return &session->findings[i];
    return NULL;
}

/* Of the same sliced block: measured at the same time, so that they share what broke. */
static bool side_by_side(const struct sg_repetition *a, const struct sg_repetition *b)
{
    return a == b || (a->rotation > 0 && a->rotation == b->rotation);
}

/* The first breach of the repetition, or of one beside it; with `check` of that kind only. */
static const struct sg_finding *breach_of(const struct sg_session *session,
                                          const struct sg_repetition *repetition, const char *check)
{
    const struct sg_repetition *first = repetition;
    while (first > session->repetitions && side_by_side(repetition, first - 1))
        first--;
    const struct sg_repetition *end = session->repetitions + session->repetitions_count;
    for (const struct sg_repetition *r = first; r < end && side_by_side(repetition, r); r++)
        for (size_t i = 0; i < r->findings_count; i++)
            if (r->findings[i].severity == SG_FINDING_INVALID &&
                (!check || sg_streq(r->findings[i].check, check)))
                return &r->findings[i];
    return NULL;
}

/* Repetitions of its variant in its rotation; 0: alone. A wide block has more than the others. */
static size_t beside(const struct sg_session *session, const struct sg_repetition *repetition)
{
    size_t count = 0;
    for (size_t r = 0; repetition->rotation > 0 && r < session->repetitions_count; r++)
        count += session->repetitions[r].rotation == repetition->rotation &&
                 sg_streq(session->repetitions[r].variant, repetition->variant);
    return count;
}

static bool is_repeat(const struct sg_session *session, const struct sg_repetition *first,
                      const struct sg_repetition *next)
{
    bool apart = session->plan.blocks > 0 && next->block != first->block;
    return !apart && beside(session, next) == beside(session, first);
}

/* The repetition of the same variant that was made next and in the same way, alone or as many side
 * by side: the repeat of a discarded one. Blocks that were measured apart repeat nothing of each
 * other. */
static const struct sg_repetition *next_of_variant(const struct sg_session *session, size_t from)
{
    const struct sg_repetition *first = &session->repetitions[from];
    for (size_t r = from + 1; r < session->repetitions_count; r++) {
        const struct sg_repetition *next = &session->repetitions[r];
        if (next->block >= 1 && sg_streq(next->variant, first->variant) &&
            !side_by_side(first, next))
            return is_repeat(session, first, next) ? next : NULL;
    }
    return NULL;
}

/* A breach is made good by a repeat; when the repeat has the same one, repeating does not help. But
 * stolen time passes, and whatever else broke meanwhile is its doing. */
static char *second_breach(const struct sg_session *session)
{
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        const struct sg_repetition *repeat = next_of_variant(session, r);
        bool telling = repeat && repetition->block >= 1 &&
                       !breach_of(session, repetition, "steal") &&
                       !breach_of(session, repeat, "steal");
        for (size_t i = 0; telling && i < repetition->findings_count; i++) {
            const struct sg_finding *finding = &repetition->findings[i];
            if (finding->severity != SG_FINDING_INVALID ||
                !breach_of(session, repeat, finding->check))
                continue;
            char *before =
                sg_format("twice in a row not to be trusted (%s of %s): ", finding->check,
                          repetition->variant);
            char *text = with_log(before, finding);
            free(before);
            return text;
        }
    }
    return NULL;
}

/* Repeats must stay the exception: beyond a few, more than a quarter of all condemns the host. A
 * sliced block is made, and breaks, as one. */
static char *too_many_breaches(const struct sg_session *session)
{
    const size_t few = 3;
    size_t made = 0, broken = 0, sliced = 0;
    const struct sg_finding *last = NULL;
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        if (repetition->block < 1 || (r > 0 && side_by_side(repetition, repetition - 1)))
            continue;
        const struct sg_finding *finding = breach_of(session, repetition, NULL);
        made++;
        sliced += repetition->rotation > 0;
        broken += finding != NULL;
        last = finding ? finding : last;
    }
    if (broken <= few || 4 * broken <= made)
        return NULL;
    return sg_format("%zu of %zu %srepetitions were not to be trusted, the last one: %s", broken,
                     made, sliced > 0 ? "sliced blocks or " : "", last->text);
}

/* False when every other variant has crashed: that is a verdict without any number. */
static bool needs_reference(const struct sg_data *data)
{
    for (size_t v = 0; v < data->variants_count; v++)
        if ((int)v != data->reference && !data->crash[v])
            return true;
    return data->variants_count < 2;
}

char *sg_check_session(const struct sg_data *data)
{
    const struct sg_session *session = data->session;
    const struct sg_finding *finding = session_finding(session, SG_FINDING_INVALID);
    if (finding)
        return with_log("", finding);
    if (data->reference >= 0 && data->crash[data->reference]) {
        char *before = sg_format("the reference %s failed: ", data->variants[data->reference]);
        char *text = with_log(before, data->crash[data->reference]);
        free(before);
        return text;
    }
    char *breach = second_breach(session);
    if (!breach)
        breach = too_many_breaches(session);
    if (breach)
        return breach;
    if (data->reference >= 0 && session->complete && needs_reference(data) &&
        !sg_data_has(data, (size_t)data->reference) && !sg_waiver_stops(session, NULL))
        return sg_format("the reference %s has no repetition that counts",
                         data->variants[data->reference]);
    return NULL;
}

char *sg_check_variant(const struct sg_data *data, size_t variant)
{
    if (!data->crash[variant])
        return NULL;
    return with_log("", data->crash[variant]);
}

char *sg_check_failed(const struct sg_data *data)
{
    const struct sg_finding *finding = session_finding(data->session, SG_FINDING_FAIL);
    return finding ? with_log("", finding) : NULL;
}

void sg_judgement_note(struct sg_judgement *judgement, char *note)
{
    judgement->notes = sg_grow(judgement->notes, judgement->notes_count, sizeof(char *));
    judgement->notes[judgement->notes_count++] = note;
}

/* What was doubted while plain samples were read stands in the verdict as well: a machine sees no
 * findings. */
static void note_doubts(const struct sg_session *session, struct sg_judgement *out)
{
    for (size_t i = 0; !session->plan.planned && i < session->findings_count; i++)
        if (session->findings[i].severity == SG_FINDING_WARN)
            sg_judgement_note(out, sg_strdup(session->findings[i].text));
}

void sg_check_notes(const struct sg_data *data, struct sg_judgement *out)
{
    const struct sg_session *session = data->session;
    note_doubts(session, out);
    for (size_t r = 0; r < session->repetitions_count; r++) {
        const struct sg_repetition *repetition = &session->repetitions[r];
        const struct sg_finding *finding = sg_repetition_finding(repetition, SG_FINDING_INVALID);
        if (repetition->block >= 1 && (repetition->discarded || finding))
            sg_judgement_note(out, sg_format("a repetition of %s in block %d does not count: %s",
                                             repetition->variant, repetition->block,
                                             finding ? finding->text : "discarded"));
    }
    if (session->complete && data->open_blocks > 0)
        sg_judgement_note(out, sg_format("%zu block%s left out: not whole", data->open_blocks,
                                         data->open_blocks == 1 ? "" : "s"));
    if (session->plan.attempt >= 2)
        sg_judgement_note(out, sg_format("attempt %d on the same images: judged at alpha %.4g and "
                                         "beta %.4g, so that repeating cannot turn a fail into a "
                                         "pass",
                                         session->plan.attempt, out->alpha, out->beta));
}
