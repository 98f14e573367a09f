/* SPDX-License-Identifier: Apache-2.0 */
/* Freeing and copying what the structs hold. A cleared struct is zeroed and may be cleared again.
 */
#include <stdlib.h>

#include "record/record.h"

void sg_metric_clear(struct sg_metric *metric)
{
    if (metric == NULL) {
        return;
    }
    free(metric->name);
    free(metric->of);
    free(metric->request);
    free(metric->unit);
    free(metric->query);
    free(metric->k6);
    free(metric->stat);
    free(metric->events);
    free(metric->trials);
    *metric = (struct sg_metric){0};
}

void sg_gate_clear(struct sg_gate *gate)
{
    if (gate == NULL) {
        return;
    }
    free(gate->metric);
    free(gate->of);
    free(gate->request);
    *gate = (struct sg_gate){0};
}

void sg_waiver_clear(struct sg_waiver *waiver)
{
    if (waiver == NULL) {
        return;
    }
    free(waiver->metric);
    free(waiver->of);
    free(waiver->request);
    free(waiver->variant);
    free(waiver->owner);
    free(waiver->reason);
    free(waiver->expires);
    *waiver = (struct sg_waiver){0};
}

void sg_finding_clear(struct sg_finding *finding)
{
    if (finding == NULL) {
        return;
    }
    free(finding->check);
    free(finding->text);
    free(finding->log);
    *finding = (struct sg_finding){0};
}

static void clear_findings(struct sg_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_finding_clear(&findings[i]);
    }
    free(findings);
}

static void clear_evidence(struct sg_evidence *evidence, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(evidence[i].metric);
        free(evidence[i].query);
        free(evidence[i].warnings);
    }
    free(evidence);
}

void sg_repetition_clear(struct sg_repetition *repetition)
{
    if (repetition == NULL) {
        return;
    }
    free(repetition->variant);
    free(repetition->values);
    free(repetition->container_id);
    free(repetition->generator_id);
    free(repetition->image);
    free(repetition->image_digest);
    free(repetition->turns);
    clear_findings(repetition->findings, repetition->findings_count);
    clear_evidence(repetition->evidence, repetition->evidence_count);
    *repetition = (struct sg_repetition){0};
}

void sg_variant_clear(struct sg_variant *variant)
{
    free(variant->name);
    free(variant->image);
    free(variant->digest);
    free(variant->env);
    free(variant->commit);
    free(variant->accepted_in);
    *variant = (struct sg_variant){0};
}

static void clear_variants(struct sg_variant *variants, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sg_variant_clear(&variants[i]);
    }
    free(variants);
}

static void clear_facts(struct sg_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(facts[i].name);
        free(facts[i].value);
    }
    free(facts);
}

static void clear_numbers(struct sg_session *session)
{
    for (size_t i = 0; i < session->metrics_count; i++) {
        sg_metric_clear(&session->metrics[i]);
    }
    free(session->metrics);
    for (size_t i = 0; i < session->gates_count; i++) {
        sg_gate_clear(&session->gates[i]);
    }
    free(session->gates);
    for (size_t i = 0; i < session->waivers_count; i++) {
        sg_waiver_clear(&session->waivers[i]);
    }
    free(session->waivers);
    for (size_t i = 0; i < session->repetitions_count; i++) {
        sg_repetition_clear(&session->repetitions[i]);
    }
    free(session->repetitions);
}

void sg_session_clear(struct sg_session *session)
{
    if (session == NULL) {
        return;
    }
    free(session->id);
    free(session->created);
    free(session->tool);
    free(session->service);
    free(session->reference);
    free(session->command);
    free(session->config);
    clear_numbers(session);
    clear_variants(session->variants, session->variants_count);
    clear_facts(session->facts, session->facts_count);
    clear_findings(session->findings, session->findings_count);
    *session = (struct sg_session){0};
}

struct sg_metric sg_metric_copy(const struct sg_metric *metric)
{
    struct sg_metric copy = *metric;
    copy.name = sg_strdup(metric->name);
    copy.of = sg_strdup(metric->of);
    copy.request = sg_strdup(metric->request);
    copy.unit = sg_strdup(metric->unit);
    copy.query = sg_strdup(metric->query);
    copy.k6 = sg_strdup(metric->k6);
    copy.stat = sg_strdup(metric->stat);
    copy.events = sg_strdup(metric->events);
    copy.trials = sg_strdup(metric->trials);
    return copy;
}

struct sg_gate sg_gate_copy(const struct sg_gate *gate)
{
    struct sg_gate copy = *gate;
    copy.metric = sg_strdup(gate->metric);
    copy.of = sg_strdup(gate->of);
    copy.request = sg_strdup(gate->request);
    return copy;
}

struct sg_waiver sg_waiver_copy(const struct sg_waiver *waiver)
{
    struct sg_waiver copy = *waiver;
    copy.metric = sg_strdup(waiver->metric);
    copy.of = sg_strdup(waiver->of);
    copy.request = sg_strdup(waiver->request);
    copy.variant = sg_strdup(waiver->variant);
    copy.owner = sg_strdup(waiver->owner);
    copy.reason = sg_strdup(waiver->reason);
    copy.expires = sg_strdup(waiver->expires);
    return copy;
}

struct sg_variant sg_variant_copy(const struct sg_variant *variant)
{
    return (struct sg_variant){.name = sg_strdup(variant->name),
                               .image = sg_strdup(variant->image),
                               .digest = sg_strdup(variant->digest),
                               .env = sg_strdup(variant->env),
                               .commit = sg_strdup(variant->commit)};
}
