/* SPDX-License-Identifier: Apache-2.0 */
/* Facts by name, and sentences about those that differ. */
#include "judge/facts.h"

#include <math.h>

#include "base/text.h"

/* NULL: the session does not know. */
static const char *value_of(const struct sg_session *session, const struct sg_fact *wanted)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const struct sg_fact *fact = &session->facts[i];
        if (fact->hard == wanted->hard && fact->block == wanted->block &&
            sg_streq(fact->name, wanted->name))
            return fact->value ? fact->value : "";
    }
    return NULL;
}

static void add(struct sg_text *text, const char *name, const char *here, const char *there)
{
    sg_text_printf(text, "%s%s (%s here, %s stored)", text->size > 0 ? ", " : "", name,
                   here ? here : "nothing", there ? there : "nothing");
}

static char *take(struct sg_text *text)
{
    return text->size > 0 ? sg_text_take(text) : NULL;
}

/* The workload's hash says that it differs, and not by what. */
static void add_rates(struct sg_text *text, double here, double there)
{
    if (text->size > 0 && fabs(here - there) > 0)
        sg_text_printf(text, ", rate (%g here, %g stored)", here, there);
}

char *sg_facts_differ(const struct sg_session *now, const struct sg_session *then)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < now->facts_count; i++) {
        const struct sg_fact *fact = &now->facts[i];
        if (!fact->hard)
            continue;
        const char *here = fact->value ? fact->value : "";
        const char *there = value_of(then, fact);
        if (!sg_streq(here, there))
            add(&text, fact->name, here, there);
    }
    for (size_t i = 0; i < then->facts_count; i++)
        if (then->facts[i].hard && !value_of(now, &then->facts[i]))
            add(&text, then->facts[i].name, NULL, then->facts[i].value);
    add_rates(&text, now->plan.rate, then->plan.rate);
    return take(&text);
}

/* What all of them say of a soft fact, or NULL. */
static const char *common_value(const struct sg_session *const *stored, size_t count,
                                const struct sg_fact *fact)
{
    const char *common = count > 0 ? value_of(stored[0], fact) : NULL;
    for (size_t j = 1; common && j < count; j++)
        if (!sg_streq(common, value_of(stored[j], fact)))
            return NULL;
    return common;
}

char *sg_facts_new(const struct sg_session *now, const struct sg_session *const *stored,
                   size_t stored_count)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < now->facts_count; i++) {
        const struct sg_fact *fact = &now->facts[i];
        const char *here = fact->value ? fact->value : "";
        const char *there = fact->hard ? NULL : common_value(stored, stored_count, fact);
        if (there && !sg_streq(here, there))
            add(&text, fact->name, here, there);
    }
    return take(&text);
}
