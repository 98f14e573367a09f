/* SPDX-License-Identifier: Apache-2.0 */
/* What to do next: what would decide an open verdict, what is broken in the instrument. */
#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "judge/outlook.h"
#include "report/sections.h"
#include "report/sentence.h"
#include "view/show.h"

#define LINES 3             /* of advice; more is not read */
#define MOST_REPETITIONS 30 /* a side that a plan may ask for (docs/method.md 4.2) */

/* --- Inconclusive ------------------------------------------------------------------------- */

/* The detectable change falls with the root of n: repetitions a side, in whole blocks of three,
 * after which it meets the tolerance; 0 when that is no question of n. */
static size_t needed(const struct sg_result *result)
{
    double smaller = result->n_reference < result->n_variant ? (double)result->n_reference
                                                             : (double)result->n_variant;
    double ratio = result->detectable / result->tolerance;

    if (!isfinite(ratio) || ratio <= 1 || smaller < 1 || ratio > 1e3)
        return 0;
    return 3 * (size_t)ceil(smaller * ratio * ratio / 3);
}

/* "with this noise (5.8 % a repetition) only changes from 5.9 % on can be told, and …" */
static void say_noise(struct sg_line *out, const struct sg_result *result)
{
    sg_line_own(out, "with this noise (");
    sg_line_take(out, sg_show_distance(result, result->noise));
    sg_line_own(out, " a repetition) only changes from ");
    sg_line_take(out, sg_show_distance(result, result->detectable));
    sg_line_own(out, " on can be told, and the tolerance is ");
    sg_line_take(out, sg_show_tolerance_alone(result));
    sg_line_own(out, ". ");
}

/* "a longer window (`load.measure`, now 30s)" */
static void say_window(struct sg_line *out, double measure)
{
    sg_line_own(out, "a longer window");
    if (!isfinite(measure) || measure <= 0)
        return;
    char *now = sg_show_duration(measure);
    sg_line_own(out, " (`load.measure`, now %s)", now);
    free(now);
}

static void say_remedy(struct sg_line *out, size_t repetitions, const struct sg_plan *plan)
{
    bool possible = repetitions > 0 && repetitions <= MOST_REPETITIONS;

    if (repetitions == 0)
        sg_line_own(out, "More repetitions, ");
    else if (!possible)
        sg_line_own(out, "That takes about %zu repetitions a side; rather choose ", repetitions);
    else if (plan->planned && plan->blocks == 0 && repetitions <= (size_t)plan->max_repetitions)
        sg_line_own(out, "About %zu repetitions a side (a larger `plan.budget`), ", repetitions);
    else
        sg_line_own(out, "About %zu repetitions a side, ", repetitions);
    say_window(out, plan->measure);
    sg_line_own(out, " or a wider tolerance");
    sg_line_own(out, "%s", repetitions == 0 || possible ? " would decide." : ".");
}

static void say_decision(struct sg_line *out, const struct sg_row *row, const struct sg_plan *plan)
{
    size_t repetitions = needed(row->result);

    sg_line_text(out, row->label);
    sg_line_own(out, " of ");
    sg_line_name(out, row->result->variant);
    sg_line_own(out, ": ");
    if (row->result->enough > 0) {
        sg_line_own(out, "At least %zu repetitions a side are needed, more where they scatter.",
                    row->result->enough);
        return;
    }
    if (repetitions > 0)
        say_noise(out, row->result);
    say_remedy(out, repetitions, plan);
}

/* Against stored sessions no repetition more would help. */
static void say_stored(struct sg_line *out, size_t sessions)
{
    if (sessions < SG_STORE_SESSIONS) {
        sg_say_count(out, sessions, "stored session");
        sg_line_own(out,
                    " can be compared, %d are needed: store more with `svcgate baseline save`, or "
                    "name a reference to be measured beside it.",
                    SG_STORE_SESSIONS);
    } else {
        sg_line_own(out, "Name a reference to be measured beside it, or store more sessions; "
                         "`svcgate baseline show` tells how much they differ by themselves.");
    }
}

static void add_decisions(struct sg_part *list, const struct sg_view *view)
{
    const struct sg_judgement *judgement = view->report->judgement;

    if (judgement->against_stored) {
        say_stored(sg_list_item(list, NULL), judgement->stored_sessions);
        return;
    }
    for (size_t i = 0; i < view->count && list->items_count < LINES; i++)
        if (view->rows[i].state == SG_STATE_INCONCLUSIVE)
            say_decision(sg_list_item(list, NULL), &view->rows[i], &view->report->session->plan);
}

/* --- Invalid ------------------------------------------------------------------------------ */

static const char *const load_advice =
    "The load generator could not offer the load: give it more CPU or VUs, or lower `load.rate`.";
static const char *const died_advice =
    "The reference itself died: repair it, or choose another `reference`. The output of "
    "`svcgate run` has its log.";
static const char *const fallback =
    "`svcgate doctor` checks every part of the instrument and says how to repair it.";
static const char *const blocks_advice = "Measure the blocks that are missing (`svcgate run "
                                         "--block`, with the same `--seed`), and judge "
                                         "all of them together.";
static const char *const samples_advice =
    "The data themselves lack a number or have one that cannot be: the reason tells where.";

static const struct {
    const char *check; /* of a finding */
    const char *advice;
} remedies[] = {
    {"exited", died_advice},
    {"restarted", died_advice},
    {"oom_killed", "The reference ran out of memory: raise `service.memory`."},
    {"not_ready", "A container was not ready in time; see `service.ready` and "
                  "`service.ready_timeout`. The output "
                  "of `svcgate run` has its log."},
    {"dropped_iterations", load_advice},
    {"rate", load_advice},
    {"generator_cpu", load_advice},
    {"vus", "The load generator ran out of virtual users: raise `load.vus`."},
    {"generator_exit",
     "k6 failed; run the script alone with `k6 run`. The output of `svcgate run` has its log."},
    {"failing_requests",
     "Most requests failed: is the path right, the token valid, are the data there? A script that "
     "wants such answers tells k6 so: `http.setResponseCallback(http.expectedStatuses(404))`."},
    {"failed_iterations",
     "The script itself throws: run it alone with `k6 run`. The output of `svcgate run` has its "
     "log."},
    {"no_latency",
     "gRPC and WebSocket have no latency of HTTP requests: gate a metric of k6, as in "
     "`{ metric: grpc_p95, k6: grpc_req_duration }`."},
    {"k6_metric", "A gated metric of k6 has no number: see its name, `stat` and tags."},
    {"steal", "The host was busy with other work: use a quieter machine, or run again."},
    {"steady_state", "The service was still warming up: raise `load.warmup`."},
};

static const char *remedy(const char *check)
{
    for (size_t i = 0; i < SG_COUNT(remedies); i++)
        if (sg_streq(check, remedies[i].check))
            return remedies[i].advice;
    return fallback;
}

struct remedy_list {
    const char *said[LINES];
    size_t count;
};

/* Adds a finding's advice unless it is there already. */
static void add_remedy(struct remedy_list *list, const struct sg_finding *finding)
{
    const char *advice = remedy(finding->check);

    for (size_t i = 0; i < list->count; i++)
        if (sg_streq(list->said[i], advice))
            return;
    if (list->count < LINES)
        list->said[list->count++] = advice;
}

/* A crash is a FAIL finding, and the reference's makes the session invalid. */
static void add_remedies(struct remedy_list *list, const struct sg_finding *findings, size_t count,
                         bool of_reference)
{
    for (size_t i = 0; i < count; i++)
        if (findings[i].severity == SG_FINDING_INVALID ||
            (of_reference && findings[i].severity == SG_FINDING_FAIL))
            add_remedy(list, &findings[i]);
}

static void add_all_remedies(struct sg_part *out, const struct sg_session *session,
                             const char *reference)
{
    struct remedy_list list = {0};

    add_remedies(&list, session->findings, session->findings_count, false);
    for (size_t i = 0; i < session->repetitions_count; i++) {
        const struct sg_repetition *repetition = &session->repetitions[i];
        add_remedies(&list, repetition->findings, repetition->findings_count,
                     sg_streq(repetition->variant, reference));
    }
    if (list.count == 0)
        list.said[list.count++] = session->plan.blocks > 0 ? blocks_advice
                                  : session->plan.planned  ? fallback
                                                           : samples_advice;
    for (size_t i = 0; i < list.count; i++)
        sg_line_own(sg_list_item(out, NULL), "%s", list.said[i]);
}

void sg_section_advice(struct sg_doc *doc, const struct sg_view *view)
{
    enum sg_verdict verdict = view->report->judgement->verdict;

    if (verdict != SG_INCONCLUSIVE && verdict != SG_INVALID)
        return;
    sg_doc_heading(doc, SG_LOOK_LABEL, SG_FOR_PAGES, "What to do");
    struct sg_part *list = sg_doc_list(doc, SG_LOOK_ARROW);
    sg_doc_tight(doc, SG_FOR_ALL);
    if (verdict == SG_INCONCLUSIVE)
        add_decisions(list, view);
    else
        add_all_remedies(list, view->report->session, view->report->judgement->reference);
}
