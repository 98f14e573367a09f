/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions coming and going. The file's form is in file.c. */
#include "baseline/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "baseline/store.h"
#include "json/json.h"

static void drop(struct sg_baseline *baseline, size_t at)
{
    sg_session_clear(&baseline->sessions[at]);
    free(baseline->notes[at]);
    free(baseline->accepted[at]);
    sg_json_free(baseline->rests[at]);
}

void sg_baseline_clear(struct sg_baseline *baseline)
{
    if (baseline == NULL) {
        return;
    }
    for (size_t i = 0; i < baseline->count; i++) {
        drop(baseline, i);
    }
    free(baseline->sessions);
    free(baseline->notes);
    free(baseline->accepted);
    free(baseline->rests);
    sg_json_free(baseline->rest);
    free(baseline->name);
    *baseline = (struct sg_baseline){0};
}

/* Index of the session that opened the segment of session `at`, or SIZE_MAX: the first segment,
 * which no accepted change opened. */
static size_t opening_of(const struct sg_baseline *baseline, size_t at)
{
    while (at != SIZE_MAX && baseline->accepted[at] == NULL) {
        at--;
    }
    return at;
}

const struct sg_session *sg_baseline_current(const struct sg_baseline *baseline, size_t *out_count)
{
    if (baseline->count == 0) {
        *out_count = 0;
        return NULL;
    }
    size_t opening = opening_of(baseline, baseline->count - 1);
    size_t first = opening == SIZE_MAX ? 0 : opening;
    *out_count = baseline->count - first;
    return &baseline->sessions[first];
}

static void hand_mark_over(struct sg_baseline *baseline, size_t first)
{
    if (first == baseline->count) {
        return;
    }
    size_t opening = opening_of(baseline, first);
    if (opening < first) {
        baseline->accepted[first] = baseline->accepted[opening];
        baseline->accepted[opening] = NULL;
    }
}

size_t sg_baseline_prune(struct sg_baseline *baseline, size_t keep)
{
    if (baseline->count <= keep) {
        return 0;
    }
    size_t gone = baseline->count - keep;
    hand_mark_over(baseline, gone);
    for (size_t i = 0; i < gone; i++) {
        drop(baseline, i);
    }
    memmove(baseline->sessions, baseline->sessions + gone, keep * sizeof(*baseline->sessions));
    memmove(baseline->notes, baseline->notes + gone, keep * sizeof(*baseline->notes));
    memmove(baseline->accepted, baseline->accepted + gone, keep * sizeof(*baseline->accepted));
    memmove(baseline->rests, baseline->rests + gone, keep * sizeof(struct sg_json *));
    baseline->count = keep;
    return gone;
}

void sg_baseline_append(struct sg_baseline *baseline, struct sg_session *session, const char *note,
                        const char *accepted, struct sg_json *rest)
{
    size_t at = baseline->count;
    baseline->sessions = sg_grow(baseline->sessions, at, sizeof(*baseline->sessions));
    baseline->notes = sg_grow(baseline->notes, at, sizeof(*baseline->notes));
    baseline->accepted = sg_grow(baseline->accepted, at, sizeof(*baseline->accepted));
    baseline->rests = sg_grow(baseline->rests, at, sizeof(struct sg_json *));
    baseline->sessions[at] = *session;
    baseline->notes[at] = sg_strdup(note);
    baseline->accepted[at] = sg_strdup(accepted);
    baseline->rests[at] = rest;
    baseline->count++;
    *session = (struct sg_session){0};
}

static bool has_number(const struct sg_session *session, const struct sg_repetition *repetition)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        if (isfinite(repetition->values[i])) {
            return true;
        }
    }
    return false;
}

/* Whether a repetition may stand for the variant in later comparisons. */
static bool is_whole(const struct sg_session *session, const struct sg_repetition *repetition)
{
    for (size_t i = 0; i < repetition->findings_count; i++) {
        enum sg_severity severity = repetition->findings[i].severity;
        if (severity == SG_FINDING_INVALID || severity == SG_FINDING_FAIL) {
            return false;
        }
    }
    return repetition->block > 0 && !repetition->discarded && has_number(session, repetition);
}

static void copy_repetition(const struct sg_repetition *from, struct sg_session *to)
{
    struct sg_repetition *copy = sg_session_add_repetition(to, from->variant);
    copy->block = from->block;
    copy->slot = from->slot;
    copy->image_digest = sg_strdup(from->image_digest);
    memcpy(copy->values, from->values, to->metrics_count * sizeof(*copy->values));
}

static void copy_variant(const struct sg_session *from, const char *variant, struct sg_session *to)
{
    for (size_t i = 0; i < from->variants_count; i++) {
        const struct sg_variant *found = &from->variants[i];
        if (!sg_streq(found->name, variant)) {
            continue;
        }
        to->variants = sg_grow(NULL, 0, sizeof(*to->variants));
        to->variants_count = 1;
        to->variants[0] = (struct sg_variant){.name = sg_strdup(found->name),
                                              .image = sg_strdup(found->image),
                                              .digest = sg_strdup(found->digest),
                                              .env = sg_strdup(found->env),
                                              .commit = sg_strdup(found->commit)};
        return;
    }
}

/* What is stored of a session: who, when, on what, how, and one variant's numbers. */
static struct sg_session copy_session(const struct sg_session *from, const char *variant)
{
    struct sg_session to = {.id = sg_strdup(from->id),
                            .created = sg_strdup(from->created),
                            .tool = sg_strdup(from->tool),
                            .service = sg_strdup(from->service),
                            .plan = from->plan,
                            .complete = from->complete};
    for (size_t i = 0; i < from->metrics_count; i++) {
        to.metrics = sg_grow(to.metrics, i, sizeof(*to.metrics));
        to.metrics[i] = sg_metric_copy(&from->metrics[i]);
        to.metrics_count++;
    }
    for (size_t i = 0; i < from->facts_count; i++) {
        const struct sg_fact *fact = &from->facts[i];
        sg_session_add_fact(&to, fact->name, fact->value, fact->hard);
        to.facts[to.facts_count - 1].block = fact->block;
    }
    copy_variant(from, variant, &to);
    for (size_t i = 0; i < from->repetitions_count; i++) {
        const struct sg_repetition *repetition = &from->repetitions[i];
        if (sg_streq(repetition->variant, variant) && is_whole(from, repetition)) {
            copy_repetition(repetition, &to);
        }
    }
    return to;
}

/* Plain samples have no id: the same numbers get the same one, so they are not stored twice. */
static void name_session(struct sg_session *session)
{
    if (session->id != NULL) {
        return;
    }
    char *text = sg_session_write(session);
    char digits[65];
    sg_sha256_hex(text, strlen(text), digits);
    session->id = sg_format("samples-%.12s", digits);
    free(text);
}

static bool is_stored(const struct sg_baseline *baseline, const char *id)
{
    for (size_t i = 0; i < baseline->count; i++) {
        if (sg_streq(baseline->sessions[i].id, id)) {
            return true;
        }
    }
    return false;
}

static bool check_whole(const struct sg_session *copy, const char *variant, struct sg_error *err)
{
    const char *id = copy->id != NULL ? copy->id : "(plain samples)";
    if (!copy->complete) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "session %s was interrupted, and what is half measured is no baseline; run "
                       "it again",
                       id);
    }
    return copy->repetitions_count > 0 ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "no whole repetition of \"%s\" in session %s: a baseline needs repetitions that "
                   "count; check the variant's name, or run again",
                   variant, id);
}

static bool check_new(const struct sg_baseline *baseline, const struct sg_session *copy,
                      struct sg_error *err)
{
    return !is_stored(baseline, copy->id) ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "session %s is in the baseline already; stored twice it would pretend that "
                   "sessions do not differ",
                   copy->id);
}

static bool take_in(struct sg_baseline *baseline, const struct sg_session *session,
                    const char *variant, const char *note, const char *accepted,
                    struct sg_error *err)
{
    struct sg_session copy = copy_session(session, variant);
    bool ok = check_whole(&copy, variant, err);
    if (ok) {
        name_session(&copy);
        ok = check_new(baseline, &copy, err);
    }
    if (ok) {
        sg_baseline_append(baseline, &copy, note, accepted, NULL);
        sg_baseline_prune(baseline, SG_BASELINE_SESSIONS);
    }
    sg_session_clear(&copy);
    return ok;
}

bool sg_baseline_add(struct sg_baseline *baseline, const struct sg_session *session,
                     const char *variant, const char *note, struct sg_error *err)
{
    return take_in(baseline, session, variant, note, NULL, err);
}

bool sg_baseline_promote(struct sg_baseline *baseline, const struct sg_session *session,
                         const char *variant, const char *reason, struct sg_error *err)
{
    return take_in(baseline, session, variant, NULL, reason, err);
}
