/* SPDX-License-Identifier: Apache-2.0 */
/* What the formats of a stored baseline share. */
#include "report/stored.h"

#include <stdlib.h>

#include "base/clean.h"
#include "judge/facts.h"
#include "view/show.h"

#define SHORT_DIGEST 12

char *sg_stored_image(const struct sg_session *session)
{
    const char *digest = session->variants_count > 0 ? session->variants[0].digest : NULL;
    if (digest == NULL && session->repetitions_count > 0)
        digest = session->repetitions[0].image_digest;
    if (digest == NULL)
        return sg_strdup(SG_DASH);
    const char *hex = sg_starts_with(digest, "sha256:") ? digest + 7 : digest;
    return sg_format("%.*s", SHORT_DIGEST, hex);
}

static bool has_fact(const struct sg_session *session, const struct sg_fact *fact)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *other = &session->facts[i];
        if (other->hard && sg_streq(other->name, fact->name) && sg_streq(other->value, fact->value))
            return true;
    }
    return false;
}

size_t sg_stored_shared_fact(const struct sg_stored_view *view, size_t from)
{
    const struct sg_session *newest = &view->sessions[view->count - 1];
    for (size_t i = from; i < newest->facts_count; i++) {
        bool shared = newest->facts[i].hard;
        for (size_t j = view->count - view->current; shared && j < view->count; j++)
            shared = has_fact(&view->sessions[j], &newest->facts[i]);
        if (shared)
            return i;
    }
    return newest->facts_count;
}

char *sg_stored_apart(const struct sg_stored_view *view, size_t at)
{
    const struct sg_session *session = &view->sessions[at];
    if (session->repetitions_count < SG_STORE_REPETITIONS)
        return sg_format("%zu repetitions; fewer than %d do not count", session->repetitions_count,
                         SG_STORE_REPETITIONS);
    return sg_facts_differ(&view->sessions[view->count - 1], session);
}

static void add_reason(struct sg_text *out, const char *what, const char *reason)
{
    if (reason == NULL)
        return;
    char *clean = sg_clean_line(reason, SG_SHOWN_SENTENCE);
    sg_text_printf(out, "  %s: %s", what, clean);
    free(clean);
}

void sg_stored_line(const struct sg_stored_view *view, size_t at, const char *name,
                    struct sg_text *out)
{
    const struct sg_session *session = &view->sessions[at];
    const char *variant =
        session->repetitions_count > 0 ? session->repetitions[0].variant : SG_DASH;
    const char *words[] = {name, session->id, session->created, variant};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        if (words[i] == NULL)
            continue;
        char *clean = sg_clean_line(words[i], SG_SHOWN_NAME);
        sg_text_printf(out, "%s  ", clean);
        free(clean);
    }
    sg_text_printf(out, "%zu repetitions", session->repetitions_count);
    add_reason(out, "forced", view->notes[at]);
    add_reason(out, "accepted change", view->accepted[at]);
    if (at + view->current < view->count)
        sg_text_add(out, "  does not count: older than the accepted change");
    sg_text_add(out, "\n");
}
