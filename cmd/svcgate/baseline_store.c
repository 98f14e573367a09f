/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate baseline save | promote: a session goes in. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "baseline_verbs.h"
#include "judge/facts.h"
#include "judge/judge.h"
#include "judge/outlook.h"

/* A session of one variant has no verdict of its own: it is held against what it is to join. */
static bool judge(const struct sg_session *session, const struct sg_baseline *baseline,
                  struct sg_judgement *out, struct sg_error *err)
{
    if (session->variants_count >= 2) {
        return sg_judge(session, out, err);
    }
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(baseline, &count);
    return sg_judge_stored(session, NULL, stored, count, out, err);
}

static bool refuse(const struct sg_session *session, const struct sg_judgement *judgement,
                   bool promote, struct sg_error *err)
{
    bool failed = judgement->verdict == SG_FAIL;
    return sg_fail(err, SG_ERROR_CONFIG, "session %s is %s and no baseline (%s); %s%s",
                   session->id != NULL ? session->id : "(plain samples)",
                   failed ? "a fail" : "invalid", judgement->reason,
                   promote  ? "run it again"
                   : failed ? "accept the change with svcgate baseline promote, or "
                            : "run it again, or ",
                   promote ? "" : "store it all the same with --force REASON");
}

/* An accepted change may have failed; what cannot be trusted is no measure of anything. */
static bool check_verdict(const struct sg_session *session, const struct sg_baseline *baseline,
                          const char *force, bool promote, struct sg_error *err)
{
    struct sg_judgement judgement = {0};
    if (force != NULL) {
        return true;
    }
    if (!judge(session, baseline, &judgement, err)) {
        return false;
    }
    enum sg_verdict verdict = judgement.verdict;
    bool ok = verdict == SG_PASS || verdict == SG_INCONCLUSIVE || (promote && verdict == SG_FAIL) ||
              refuse(session, &judgement, promote, err);
    sg_judgement_clear(&judgement);
    return ok;
}

/* The only variant, or the only one beside the reference; NULL: there are none or several. */
static const char *changed_variant(const struct sg_session *session)
{
    const char *found = NULL;
    for (size_t i = 0; i < session->variants_count; i++) {
        const char *name = session->variants[i].name;
        if (session->variants_count > 1 && sg_streq(name, session->reference)) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = name;
    }
    return found;
}

/* The stored baseline's own image is in it already; what is new is the variant beside it. */
static bool has_reference(const struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++) {
        const struct sg_variant *variant = &session->variants[i];
        if (sg_streq(variant->name, session->reference) && variant->accepted_in != NULL) {
            return false;
        }
    }
    return session->reference != NULL;
}

static bool pick_variant(const struct sg_session *session, const char *wanted, bool promote,
                         const char **out, struct sg_error *err)
{
    *out = wanted;
    if (wanted == NULL && !promote && has_reference(session)) {
        *out = session->reference;
    }
    if (*out == NULL) {
        *out = changed_variant(session);
    }
    return *out != NULL ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "session %s has %zu variants and does not say which one is meant; give "
                   "--variant NAME",
                   session->id != NULL ? session->id : "(plain samples)", session->variants_count);
}

/* Stored all the same, but of no use for a while: better said now than by the next verdict. */
static void warn(const struct sg_baseline *baseline)
{
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(baseline, &count);
    const struct sg_session *newest = &stored[count - 1];
    char *last = NULL;
    size_t apart = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        char *differences = sg_facts_differ(newest, &stored[i]);
        if (differences != NULL) {
            apart++;
            free(last);
            last = differences;
        }
    }
    if (apart > 0) {
        complain("%s will not be compared with %zu of the %zu sessions before it: %s", newest->id,
                 apart, count - 1, last);
    }
    if (newest->repetitions_count < SG_STORE_REPETITIONS) {
        complain("%s has %zu repetitions; fewer than %d do not count", newest->id,
                 newest->repetitions_count, SG_STORE_REPETITIONS);
    }
    free(last);
}

static void tell(const struct sg_baseline *baseline, const char *path)
{
    const struct sg_session *newest = &baseline->sessions[baseline->count - 1];
    size_t count = 0;
    (void)sg_baseline_current(baseline, &count);
    print_clean(stdout, "%s: %zu session%s, the newest %s (%s)", path, baseline->count,
                baseline->count == 1 ? "" : "s", newest->id, newest->repetitions[0].variant);
    if (count < baseline->count) {
        (void)printf("; %zu since the accepted change count", count);
    }
    if (count < SG_STORE_SESSIONS) {
        (void)printf("; %zu more until it can judge", SG_STORE_SESSIONS - count);
    }
    (void)printf("\n");
}

/* Between lock and unlock. */
static bool add(const struct baseline_options *o, const char *path,
                const struct sg_session *session, bool promote, struct sg_baseline *baseline,
                struct sg_error *err)
{
    const char *variant = NULL;
    if ((!sg_file_missing(path) && !sg_baseline_read(path, baseline, err)) ||
        !pick_variant(session, o->variant, promote, &variant, err) ||
        !check_verdict(session, baseline, o->force, promote, err)) {
        return false;
    }
    bool added = promote ? sg_baseline_promote(baseline, session, variant, o->reason, err)
                         : sg_baseline_add(baseline, session, variant, o->force, err);
    return added && sg_baseline_write(baseline, path, err);
}

static bool add_locked(const struct baseline_options *o, const char *path,
                       const struct sg_session *session, bool promote, struct sg_baseline *baseline,
                       struct sg_error *err)
{
    char *folder = sg_path_folder(path);
    int lock = -1;
    bool ok = sg_folder_make(folder, err) && sg_baseline_lock(path, &lock, err) &&
              add(o, path, session, promote, baseline, err);
    sg_baseline_unlock(lock);
    free(folder);
    return ok;
}

bool baseline_store(const struct baseline_options *o, const char *path, const char *bundle,
                    bool promote, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_baseline baseline = {0};
    if (promote && o->force != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG, "--force is for save; promote takes --reason TEXT");
    }
    if (promote && (o->reason == NULL || o->reason[0] == '\0')) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "promote needs --reason TEXT: why the change is accepted, for those who "
                       "read the baseline later");
    }
    bool ok = sg_session_load(bundle, &session, err) &&
              add_locked(o, path, &session, promote, &baseline, err);
    if (ok) {
        tell(&baseline, path);
        warn(&baseline);
    }
    sg_baseline_clear(&baseline);
    sg_session_clear(&session);
    return ok;
}
