/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of one plan to one session: what must be the same, and what is put together. */
#include "record/merge.h"

#include <stdlib.h>

#include "base/text.h"
#include "record/same_plan.h"

struct merge {
    struct sg_session *parts;
    const char *const *names;
    size_t *order; /* of the parts, by the numbers of their blocks */
    size_t count;
};

static struct sg_session *part(const struct merge *m, size_t place)
{
    return &m->parts[m->order[place]];
}

/* --- May they be put together? ------------------------------------------------------------- */

static bool check_block(const struct sg_session *session, const char *name, struct sg_error *err)
{
    return session->block > 0 ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "%s: this is no block of `svcgate run --block`, so it cannot be put together "
                   "with blocks; judge it apart from them",
                   name);
}

/* By insertion: blocks are few. */
static void put_in_order(struct merge *m)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t at = i;
        for (; at > 0 && m->parts[m->order[at - 1]].block > m->parts[i].block; at--) {
            m->order[at] = m->order[at - 1];
        }
        m->order[at] = i;
    }
}

static bool check(const struct merge *m, struct sg_error *err)
{
    for (size_t i = 1; i < m->count; i++) {
        if (!sg_same_plan(part(m, 0), m->names[m->order[0]], part(m, i), m->names[m->order[i]],
                          err)) {
            return false;
        }
        if (part(m, i)->block == part(m, i - 1)->block) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s and %s are both block %d; each block counts once",
                           m->names[m->order[i - 1]], m->names[m->order[i]], part(m, i)->block);
        }
    }
    return true;
}

/* --- One session --------------------------------------------------------------------------- */

static bool has_fact(const struct sg_session *session, const struct sg_fact *fact)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *other = &session->facts[i];
        if (sg_streq(other->name, fact->name) && sg_streq(other->value, fact->value) &&
            other->hard == fact->hard) {
            return true;
        }
    }
    return false;
}

static bool has_finding(const struct sg_session *session, const struct sg_finding *finding)
{
    for (size_t i = 0; i < session->findings_count; i++) {
        const struct sg_finding *other = &session->findings[i];
        if (sg_streq(other->text, finding->text) && other->severity == finding->severity) {
            return true;
        }
    }
    return false;
}

static void add_fact(const struct merge *m, size_t place, const struct sg_fact *fact,
                     struct sg_session *out)
{
    bool shared = true;
    for (size_t i = 0; i < m->count; i++) {
        shared = shared && has_fact(part(m, i), fact);
    }
    if (!shared || place == 0) {
        sg_session_add_fact(out, fact->name, fact->value, fact->hard);
        out->facts[out->facts_count - 1].block = shared ? 0 : part(m, place)->block;
    }
}

static void add_finding(const struct merge *m, size_t place, const struct sg_finding *finding,
                        struct sg_session *out)
{
    bool shared = true;
    for (size_t i = 0; i < m->count; i++) {
        shared = shared && has_finding(part(m, i), finding);
    }
    const char *text = finding->text != NULL ? finding->text : "";
    if (!shared) {
        sg_session_add_finding(out, finding->severity, finding->check, finding->log, "block %d: %s",
                               part(m, place)->block, text);
    } else if (place == 0) {
        sg_session_add_finding(out, finding->severity, finding->check, finding->log, "%s", text);
    }
}

/* "block 2 is", "blocks 2 and 5 are": those that nobody measured. NULL: all are there. */
static char *missing(const struct merge *m)
{
    struct sg_text text = {.limit = 200};
    int blocks = part(m, 0)->plan.blocks;
    int left = blocks - (int)m->count;
    bool many = left > 1;
    size_t at = 0;
    for (int block = 1; left > 0 && block <= blocks; block++) {
        if (at < m->count && part(m, at)->block == block) {
            at++;
            continue;
        }
        left--;
        sg_text_printf(&text, "%s%d", text.size == 0 ? "" : left > 0 ? ", " : " and ", block);
    }
    char *said = text.size == 0 ? NULL
                                : sg_format("block%s %s of %d %s", many ? "s" : "", text.data,
                                            blocks, many ? "are" : "is");
    sg_text_free(&text);
    return said;
}

/* That a job was lost says nothing about which variant is which. */
static void tell_missing(const struct merge *m, struct sg_session *out)
{
    char *gone = missing(m);
    if (gone != NULL) {
        sg_session_add_finding(out, SG_FINDING_WARN, "missing_block", NULL,
                               "%s missing: only what is there is judged", gone);
    }
    free(gone);
    for (size_t i = 0; i < m->count; i++) {
        if (!part(m, i)->complete) {
            sg_session_add_finding(out, SG_FINDING_WARN, "unfinished_block", NULL,
                                   "block %d was broken off before its end", part(m, i)->block);
        }
    }
}

static void take_repetitions(const struct merge *m, size_t place, struct sg_session *out,
                             struct sg_provenance **origins, int *rotation)
{
    struct sg_session *from = part(m, place);
    for (size_t i = 0; i < from->repetitions_count; i++) {
        struct sg_repetition *rep = &from->repetitions[i];
        size_t at = out->repetitions_count;
        bool beside = i > 0 && rep->rotation == from->repetitions[i - 1].rotation;
        *origins = sg_grow(*origins, at, sizeof(**origins));
        (*origins)[at] = (struct sg_provenance){.part = m->order[place], .slot = rep->slot};
        out->repetitions = sg_grow(out->repetitions, at, sizeof(*out->repetitions));
        out->repetitions[at] = *rep;
        out->repetitions_count++;
        out->repetitions[at].slot = (int)at + 1;
        if (rep->rotation > 0) {
            *rotation += !beside;
            out->repetitions[at].rotation = *rotation;
        }
    }
    free(from->repetitions);
    from->repetitions = NULL;
    from->repetitions_count = 0;
}

/* All that the first block says of the plan is what the others say too. */
static void begin(const struct merge *m, struct sg_session *out)
{
    const struct sg_session *first = part(m, 0);
    *out = (struct sg_session){.id = sg_strdup(first->id),
                               .created = sg_strdup(first->created),
                               .tool = sg_strdup(first->tool),
                               .service = sg_strdup(first->service),
                               .reference = sg_strdup(first->reference),
                               .config = sg_strdup(first->config),
                               .plan = first->plan,
                               .complete = true};
    for (size_t i = 0; i < first->metrics_count; i++) {
        (void)sg_session_copy_metric(out, &first->metrics[i]);
    }
    for (size_t i = 0; i < first->gates_count; i++) {
        (void)sg_session_copy_gate(out, &first->gates[i]);
    }
    for (size_t i = 0; i < first->waivers_count; i++) {
        sg_session_add_waiver(out, &first->waivers[i]);
    }
    for (size_t i = 0; i < first->variants_count; i++) {
        out->variants = sg_grow(out->variants, i, sizeof(*out->variants));
        out->variants[i] = sg_variant_copy(&first->variants[i]);
        out->variants_count++;
    }
}

static void put_together(const struct merge *m, struct sg_session *out,
                         struct sg_provenance **origins)
{
    int rotation = 0;
    begin(m, out);
    tell_missing(m, out);
    for (size_t i = 0; i < m->count; i++) {
        for (size_t f = 0; f < part(m, i)->facts_count; f++) {
            add_fact(m, i, &part(m, i)->facts[f], out);
        }
        for (size_t f = 0; f < part(m, i)->findings_count; f++) {
            add_finding(m, i, &part(m, i)->findings[f], out);
        }
    }
    for (size_t i = 0; i < m->count; i++) {
        take_repetitions(m, i, out, origins, &rotation);
    }
}

bool sg_merge(struct sg_session *parts, const char *const *names, size_t count,
              struct sg_session *out, struct sg_provenance **out_origins, struct sg_error *err)
{
    struct merge m = {.parts = parts, .names = names, .count = count};
    *out_origins = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!check_block(&parts[i], names[i], err)) {
            return false;
        }
    }
    m.order = sg_alloc(count, sizeof(*m.order));
    put_in_order(&m);
    bool ok = check(&m, err);
    if (ok) {
        put_together(&m, out, out_origins);
    }
    free(m.order);
    return ok;
}
