/* SPDX-License-Identifier: Apache-2.0 */
/* One variant and a stored baseline: the image that was accepted last stands beside it as the
 * reference, where it can be had. What the host does today hits both alike then, which stored
 * numbers know nothing of (docs/method.md 4.5). */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "judge/outlook.h"
#include "session/internal.h"

const char *sg_session_accepted(const struct sg_session *stored, size_t count, char **out_why)
{
    const struct sg_session *newest = &stored[count - 1];
    const char *image = newest->variants_count == 1 ? newest->variants[0].digest : NULL;
    if (image == NULL) {
        *out_why =
            sg_format("the stored session %s does not say which image it measured", newest->id);
    } else if (!sg_image_is_exact(image)) {
        *out_why = sg_format("the digest in the stored session %s is none", newest->id);
        image = NULL;
    }
    return image;
}

void sg_session_beside(struct sg_config *config, const char *image)
{
    config->variants = sg_grow(config->variants, config->variants_count, sizeof(*config->variants));
    const struct sg_config_variant *candidate = &config->variants[0];
    struct sg_config_variant *added = &config->variants[config->variants_count++];
    bool taken = sg_streq(candidate->name, "baseline");
    *added = (struct sg_config_variant){.name = sg_strdup(taken ? "accepted" : "baseline"),
                                        .image = sg_strdup(image)};
    for (size_t i = 0; i < candidate->env_count; i++) {
        added->env = sg_grow(added->env, i, sizeof(*added->env));
        added->env[i] = (struct sg_pair){.key = sg_strdup(candidate->env[i].key),
                                         .value = sg_strdup(candidate->env[i].value)};
        added->env_count++;
    }
    free(config->reference);
    config->reference = sg_strdup(added->name);
}

/* Both run with today's settings: what those do is not in the difference. */
static void warn_of_settings(struct sg_loop *loop)
{
    static const char *const names[] = {"compose file", "service limits"};
    const struct sg_session *now = loop->session;
    const struct sg_session *then = &loop->run->stored[loop->run->stored_count - 1];
    struct sg_text changed = {0};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        if (!sg_streq(sg_session_fact(now, names[i]), sg_session_fact(then, names[i]))) {
            sg_text_printf(&changed, "%s%s", changed.size > 0 ? ", " : "", names[i]);
        }
    }
    if (!sg_streq(now->variants[0].env, then->variants[0].env)) {
        sg_text_printf(&changed, "%svariables", changed.size > 0 ? ", " : "");
    }
    if (changed.size > 0) {
        sg_session_add_finding(loop->session, SG_FINDING_WARN, "settings", NULL,
                               "not the same as in the stored session %s: %s; both variants have "
                               "today's, so what that changes is not seen here",
                               then->id, changed.data);
    }
    sg_text_free(&changed);
}

static void add_level(struct sg_text *out, const struct sg_outlook_gate *gate)
{
    char *label = sg_metric_label(gate->metric, gate->of, gate->request);
    char *level = sg_show_by_unit(gate->level, gate->unit);
    sg_text_printf(out, "%s%s %s", out->size > 0 ? ", " : "", label, level);
    free(level);
    free(label);
}

/* What the service had before, where the machine is one of those that measured it. */
static bool note_history(struct sg_loop *loop, struct sg_error *err)
{
    struct sg_outlook outlook = {0};
    struct sg_text levels = {0};
    if (!sg_judge_outlook(loop->session, loop->run->stored, loop->run->stored_count, &outlook,
                          err)) {
        return false;
    }
    for (size_t i = 0; i < outlook.count; i++) {
        if (isfinite(outlook.gates[i].level)) {
            add_level(&levels, &outlook.gates[i]);
        }
    }
    if (levels.size > 0) {
        sg_session_add_finding(
            loop->session, SG_FINDING_NOTE, "history", NULL,
            "stored numbers, which are not judged here (median of %zu session%s): "
            "%s",
            outlook.comparable, outlook.comparable == 1 ? "" : "s", levels.data);
    }
    sg_text_free(&levels);
    sg_outlook_clear(&outlook);
    return true;
}

bool sg_loop_recall(struct sg_loop *loop, struct sg_error *err)
{
    if (!loop->beside) {
        return true;
    }
    warn_of_settings(loop);
    return note_history(loop, err);
}

/* A new session in place of the one that was planned for the variant alone. */
static void plan_beside(struct sg_loop *loop, const char *image)
{
    const struct sg_session *newest = &loop->run->stored[loop->run->stored_count - 1];
    sg_loop_say(loop, "measuring the accepted image %s side by side", image);
    sg_session_beside(loop->run->config, image);
    loop->settled = *loop->run->config;
    sg_session_clear(loop->session);
    loop->alone = false;
    loop->beside = true;
    sg_loop_plan(loop, loop->config);
    struct sg_variant *reference = &loop->session->variants[sg_session_reference(loop->config)];
    reference->accepted_in = sg_strdup(newest->id);
    sg_session_add_finding(loop->session, SG_FINDING_NOTE, "accepted", NULL,
                           "%s is the image that the stored session %s accepted, with the settings "
                           "of %s",
                           reference->name, newest->id, loop->session->variants[0].name);
}

/* Why in full may name hosts, and so is only said here. */
static void stay_alone(struct sg_loop *loop, const char *image, const char *why)
{
    const char *told = image != NULL ? "it is not here and cannot be pulled" : why;
    sg_loop_say(loop, "against the stored numbers alone: the accepted image%s%s cannot be had (%s)",
                image != NULL ? " " : "", image != NULL ? image : "", why);
    sg_session_add_finding(
        loop->session, SG_FINDING_NOTE, "accepted", NULL,
        "held against the stored numbers alone, not measured beside the accepted "
        "image: %s",
        told);
}

bool sg_loop_accepted(struct sg_loop *loop, struct sg_error *err)
{
    const struct sg_run *run = loop->run;
    char *why = NULL;
    if (!run->accepted || !loop->alone || run->stored_count == 0) {
        return true;
    }
    const char *image = sg_session_accepted(run->stored, run->stored_count, &why);
    bool ok = image == NULL || sg_bench_fetch(loop->bench, image, &why, err);
    if (ok && why == NULL) {
        plan_beside(loop, image);
    } else if (ok) {
        stay_alone(loop, image, why);
    }
    free(why);
    return ok;
}
