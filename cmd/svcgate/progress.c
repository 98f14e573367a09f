/* SPDX-License-Identifier: Apache-2.0 */
/* Progress on standard error: a live line on a terminal, plain lines elsewhere, nothing with
 * --quiet. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/process.h"
#include "base/text.h"
#include "base/units.h"
#include "session/session.h"
#include "verbs.h"

struct live {
    bool quiet;
    bool terminal;
    bool drawn; /* a live line stands there and must be wiped first */
};

struct live *live_new(bool quiet)
{
    struct live *live = sg_alloc(1, sizeof(*live));
    live->quiet = quiet;
    live->terminal = isatty(STDERR_FILENO) && sg_env("CI") == NULL && sg_env("TERM") != NULL &&
                     !sg_streq(sg_env("TERM"), "dumb");
    return live;
}

static void wipe(struct live *live)
{
    if (live->drawn) {
        (void)fputs("\r\033[K", stderr);
        live->drawn = false;
    }
}

void live_free(struct live *live)
{
    if (live != NULL) {
        wipe(live);
        free(live);
    }
}

static void say(void *context, const char *text)
{
    struct live *live = context;
    if (!live->quiet) {
        wipe(live);
        complain("%s", text);
    }
}

static const char *mark(enum sg_verdict verdict)
{
    static const char *const marks[] = {"✓", "✗", "?", "!"};
    return marks[verdict];
}

/* "latency_p95 ✓, cpu_per_request ?" for gated results. */
static char *gates_line(const struct sg_judgement *judgement, bool many)
{
    struct sg_text text = {0};
    for (size_t i = 0; judgement != NULL && i < judgement->results_count; i++) {
        const struct sg_result *r = &judgement->results[i];
        if (!r->gated) {
            continue;
        }
        char *change =
            isfinite(r->change) && r->relative ? sg_show_change(r->change) : sg_strdup("");
        sg_text_printf(&text, "%s%s%s%s %s%s%s", text.size > 0 ? ", " : "", many ? r->variant : "",
                       many ? "/" : "", r->metric, mark(r->verdict), change[0] != '\0' ? " " : "",
                       change);
        free(change);
    }
    return sg_text_take(&text);
}

static int terminal_width(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static void tick(void *context, const struct sg_progress_state *state)
{
    struct live *live = context;
    if (live->quiet || !live->terminal) {
        return;
    }
    char *left = sg_show_duration(ceil(state->left / 5) * 5);
    char *gates = gates_line(state->judgement, state->session->variants_count > 2);
    char *line =
        state->block == 0
            ? sg_format("warm-up  %s", state->variant)
            : sg_format("block %d  repetition %d/%d  %s  at most %s left  %s", state->block,
                        state->repetition + 1, state->repetitions_max, state->variant, left, gates);
    char *shown = sg_clean_columns(line, (size_t)terminal_width() - 1);
    (void)fprintf(stderr, "\r\033[K%s", shown);
    (void)fflush(stderr);
    live->drawn = true;
    free(shown);
    free(line);
    free(gates);
    free(left);
}

static void tell_value(struct sg_text *text, const struct sg_session *session,
                       const struct sg_repetition *rep, const char *name)
{
    int index = sg_session_find_metric(session, name, NULL, NULL);
    if (index >= 0 && isfinite(rep->values[index])) {
        char *value = sg_show_by_unit(rep->values[index], session->metrics[index].unit);
        sg_text_printf(text, "  %s %s", name, value);
        free(value);
    }
}

static void repetition(void *context, const struct sg_progress_state *state,
                       const struct sg_repetition *rep)
{
    struct live *live = context;
    if (live->quiet) {
        return;
    }
    struct sg_text text = {0};
    tell_value(&text, state->session, rep, "latency_p95");
    tell_value(&text, state->session, rep, "cpu_per_request");
    wipe(live);
    print_clean(stderr, "block %d  %3d/%d  %-12s%s%s\n", rep->block, state->repetition,
                state->repetitions_max, rep->variant, text.size > 0 ? text.data : "",
                rep->discarded ? "  discarded" : "");
    for (size_t i = 0; i < rep->findings_count; i++) {
        if (rep->findings[i].severity >= SG_FINDING_WARN) {
            print_clean(stderr, "    %s: %s\n", rep->findings[i].check, rep->findings[i].text);
        }
    }
    sg_text_free(&text);
}

static void look(void *context, const struct sg_progress_state *state)
{
    struct live *live = context;
    if (live->quiet || state->judgement == NULL) {
        return;
    }
    char *gates = gates_line(state->judgement, state->session->variants_count > 2);
    wipe(live);
    print_clean(stderr, "after block %d: %s\n", state->block, gates);
    free(gates);
}

struct sg_progress live_progress(struct live *live)
{
    return (struct sg_progress){
        .say = say, .tick = tick, .repetition = repetition, .look = look, .context = live};
}
