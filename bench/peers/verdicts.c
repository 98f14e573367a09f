/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate's judge, asked about sessions as `sim dump` writes them.
 *
 *     verdicts ALPHA TOLERANCE planned|once < sessions.csv
 *
 * One metric, one gate of the whole ALPHA. `planned`: looks at 6, 9, … 21 repetitions a side, as in
 * `svcgate run`. `once`: all repetitions in one look, as `svcgate judge` does with plain samples.
 * Writes SESSION,VERDICT,REPETITIONS (a side, when it was decided). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/judge.h"

static void begin(struct sg_session *session, double alpha, double tolerance, bool planned)
{
    *session = (struct sg_session){.complete = true,
                                   .plan = {.min_repetitions = 6,
                                            .max_repetitions = 21,
                                            .block_size = 3,
                                            .alpha = alpha,
                                            .beta = 0.05,
                                            .attempt = 1,
                                            .planned = planned}};
    session->reference = sg_strdup("base");
    session->variants_count = 2;
    session->variants = sg_alloc(2, sizeof(*session->variants));
    session->variants[0].name = sg_strdup("base");
    session->variants[1].name = sg_strdup("candidate");
    sg_session_add_metric(session, "latency_p95");
    sg_session_add_gate(session, "latency_p95")->tolerance = tolerance;
}

static void forget_repetitions(struct sg_session *session)
{
    for (size_t i = 0; i < session->repetitions_count; i++)
        sg_repetition_clear(&session->repetitions[i]);
    session->repetitions_count = 0;
}

static bool print_verdict(const struct sg_session *session, unsigned long number)
{
    struct sg_judgement judgement;
    struct sg_error error = {0};
    if (!sg_judge(session, &judgement, &error)) {
        fprintf(stderr, "verdicts: session %lu: %s\n", number, error.text);
        return false;
    }
    int decided = judgement.results[0].decided_at;
    printf("%lu,%s,%d\n", number, sg_verdict_name(judgement.verdict),
           decided ? decided : judgement.repetitions);
    sg_judgement_clear(&judgement);
    return true;
}

struct row {
    unsigned long session;
    int slot, block;
    const char *variant;
    double value;
};

/* Steps over the comma before the next field; NULL stays NULL. */
static char *next_field(char *at)
{
    return at && *at == ',' ? at + 1 : NULL;
}

static char *read_int(char *at, int *out)
{
    char *end = at;
    *out = at ? (int)strtol(at, &end, 10) : 0;
    return next_field(end);
}

static char *read_variant(char *at, const char **out)
{
    bool base = at && strncmp(at, "base,", 5) == 0;
    *out = base ? "base" : "candidate";
    return at ? next_field(strchr(at, ',')) : NULL;
}

static bool read_row(struct row *row)
{
    char line[128];
    if (!fgets(line, sizeof(line), stdin))
        return false;
    char *at = line;
    row->session = strtoul(line, &at, 10);
    at = read_int(next_field(at), &row->slot);
    at = read_int(at, &row->block);
    at = read_variant(at, &row->variant);
    if (!at) {
        fprintf(stderr, "verdicts: not a row of `sim dump`: %s", line);
        exit(4);
    }
    row->value = strtod(at, NULL);
    return true;
}

static void add(struct sg_session *session, const struct row *row)
{
    struct sg_repetition *repetition = sg_session_add_repetition(session, row->variant);
    repetition->block = row->block;
    repetition->slot = row->slot;
    repetition->values[0] = row->value;
}

static int judge_all(struct sg_session *session)
{
    struct row row = {0};
    unsigned long number = 0;
    char header[128];
    if (!fgets(header, sizeof(header), stdin))
        return 4;
    while (read_row(&row)) {
        if (row.session != number && number > 0) {
            if (!print_verdict(session, number))
                return 5;
            forget_repetitions(session);
        }
        number = row.session;
        add(session, &row);
    }
    return number > 0 && print_verdict(session, number) ? 0 : 5;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("use: verdicts ALPHA TOLERANCE planned|once < sessions.csv\n", stderr);
        return 4;
    }
    struct sg_session session;
    begin(&session, strtod(argv[1], NULL), strtod(argv[2], NULL), strcmp(argv[3], "planned") == 0);
    int code = judge_all(&session);
    sg_session_clear(&session);
    return code;
}
