/* SPDX-License-Identifier: Apache-2.0 */
/* Commands, and pairs of what was measured on what. */
#include "report/again.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/units.h"

/* --- Commands ----------------------------------------------------------------------------- */

/* A path as a word of a shell's command line; one that begins with "-" is no option. */
static void add_path(struct sg_text *out, const char *path)
{
    sg_text_add(out, *path == '-' ? "./" : "");
    sg_text_shell_word(out, path);
}

void sg_say_again(struct sg_text *out, const struct sg_report *report)
{
    char *command = sg_clean_line(report->session->command, SG_SHOWN_SENTENCE);
    char *bundle = sg_clean_line(report->bundle, SG_SHOWN_SENTENCE);
    char *baseline = sg_clean_line(report->judgement->against_stored ? report->baseline : NULL,
                                   SG_SHOWN_SENTENCE);

    if (*command != '\0')
        sg_text_printf(out, "%s   # measure again\n", command);
    if (*bundle != '\0') {
        sg_text_add(out, "svcgate judge ");
        add_path(out, bundle);
        if (*baseline != '\0') {
            sg_text_add(out, " --baseline ");
            add_path(out, baseline);
        }
        sg_text_add(out, "   # judge what was measured, offline\n");
    }
    free(command);
    free(bundle);
    free(baseline);
}

/* --- What was measured on what ------------------------------------------------------------ */

/* Takes the value; an empty one says nothing. */
static void add_pair(struct sg_pairs *pairs, const char *name, struct sg_text *value, bool code)
{
    if (value->size > 0)
        pairs->items[pairs->count++] = (struct sg_pair){name, sg_text_take(value), code};
}

static void add_name(struct sg_pairs *pairs, const char *name, const char *value, bool code)
{
    if (value != NULL && (code || *value != '\0'))
        pairs->items[pairs->count++] = (struct sg_pair){name, sg_strdup(value), code};
}

static void add_duration(struct sg_text *out, const char *before, double seconds)
{
    if (!isfinite(seconds) || seconds <= 0)
        return;
    char *text = sg_show_duration(seconds);
    sg_text_printf(out, "%s%s%s", out->size > 0 ? ", " : "", before, text);
    free(text);
}

static void add_load(struct sg_pairs *pairs, const struct sg_plan *plan)
{
    struct sg_text value = {0};

    if (isfinite(plan->rate) && plan->rate > 0) {
        char rate[32];
        sg_show_exact(plan->rate, rate);
        sg_text_printf(&value, "%s requests/s, the same for every variant", rate);
    }
    add_duration(&value, "warm-up ", plan->warmup);
    add_duration(&value, "measured window ", plan->measure);
    add_pair(pairs, "load", &value, false);
}

static void add_plan(struct sg_pairs *pairs, const struct sg_plan *plan)
{
    struct sg_text value = {0};

    if (!plan->planned)
        return;
    if (plan->blocks > 0)
        sg_text_printf(&value, "one look at %d random blocks, each in a job of its own,",
                       plan->blocks);
    else
        sg_text_printf(&value, "%d to %d repetitions a side in random blocks",
                       plan->min_repetitions, plan->max_repetitions);
    if (plan->first_block > plan->block_size)
        sg_text_printf(&value, " of %d, then", plan->first_block);
    sg_text_printf(&value, " of %d, seed %llu", plan->block_size, (unsigned long long)plan->seed);
    add_duration(&value, "budget ", plan->budget);
    add_pair(pairs, "plan", &value, false);
}

static void add_risks(struct sg_pairs *pairs, const struct sg_judgement *judgement)
{
    struct sg_text value = {0};

    if (!isfinite(judgement->alpha) || !isfinite(judgement->beta))
        return;
    char *alpha = sg_show_by_unit(judgement->alpha, "ratio");
    char *beta = sg_show_by_unit(judgement->beta, "ratio");
    sg_text_printf(&value, "α %s over all gates of a variant, β %s a gate", alpha, beta);
    free(alpha);
    free(beta);
    add_pair(pairs, "risk", &value, false);
}

void sg_pairs_init(struct sg_pairs *pairs, const struct sg_report *report)
{
    const struct sg_session *session = report->session;

    *pairs = (struct sg_pairs){0};
    add_name(pairs, "service", session->service, true);
    add_load(pairs, &session->plan);
    add_plan(pairs, &session->plan);
    add_risks(pairs, report->judgement);
    add_name(pairs, "plan hash", report->judgement->plan_hash, true);
    add_name(pairs, "session", session->id, true);
    add_name(pairs, "measured at", session->created, false);
    add_name(pairs, "tool", session->tool, false);
}

void sg_pairs_clear(struct sg_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++)
        free(pairs->items[i].value);
    *pairs = (struct sg_pairs){0};
}

bool sg_has_images(const struct sg_session *session)
{
    for (size_t i = 0; i < session->variants_count; i++)
        if (session->variants[i].image != NULL || session->variants[i].env != NULL)
            return true;
    return false;
}

char *sg_show_fact(const struct sg_fact *fact)
{
    return fact->block > 0 ? sg_format("%s (block %d)", fact->name, fact->block)
                           : sg_strdup(fact->name);
}
