/* SPDX-License-Identifier: Apache-2.0 */
/* A check run beside the commit, with remarks on lines. GitHub takes 50 remarks a request and adds
 * those of a later one to those that are there.
 * https://docs.github.com/rest/checks/runs */
#include "forge/internal.h"

#include "http/http.h"

#include <stdlib.h>

#define REMARKS_A_REQUEST 50
#define MOST_TRIES 6

struct work {
    const struct sg_connection *connection;
    const struct sg_forge_post *post;
    struct sg_forge_outcome *out;
    char *key;   /* external_id: the same content, the same key */
    double id;   /* of the check run, 0 while there is none */
    size_t sent; /* remarks that it has */
    int64_t retry_after;
};

enum step { STEP_DONE, STEP_AGAIN, STEP_FAILED };

static char *check_name(const struct sg_forge_post *post)
{
    char *clean = sg_clean_name(post->name);
    char *name = sg_format("svcgate %s", clean);
    free(clean);
    return name;
}

static struct sg_json *remark_json(const struct sg_forge_remark *remark)
{
    struct sg_json *json = sg_json_new_object();
    sg_json_set_string(json, "path", remark->path);
    sg_json_set_number(json, "start_line", remark->line);
    sg_json_set_number(json, "end_line", remark->line);
    sg_json_set_string(json, "annotation_level", remark->level);
    sg_json_set_string(json, "title", remark->title);
    sg_json_set_string(json, "message", remark->message);
    return json;
}

static struct sg_json *output_json(const struct sg_forge_post *post, size_t first)
{
    const struct sg_forge_check *check = post->check;
    struct sg_json *output = sg_json_new_object();
    struct sg_json *remarks = sg_json_new_array();
    for (size_t i = first; i < check->remarks_count && i < first + REMARKS_A_REQUEST; i++)
        sg_json_push(remarks, remark_json(&check->remarks[i]));
    sg_json_set_string(output, "title", check->title);
    sg_json_set_string(output, "summary", post->body);
    sg_json_set(output, "annotations", remarks);
    return output;
}

struct sg_json *sg_github_check_json(const struct sg_forge_place *place,
                                     const struct sg_forge_post *post, size_t first)
{
    struct sg_json *json = sg_json_new_object();
    char *name = check_name(post);
    sg_json_set_string(json, "name", name);
    if (first == 0)
        sg_json_set_string(json, "head_sha", place->commit);
    sg_json_set_string(json, "status", "completed");
    sg_json_set_string(json, "conclusion", post->check->conclusion);
    sg_json_set(json, "output", output_json(post, first));
    free(name);
    return json;
}

/* Of all that is shown, so that a check run of another session is another one. */
static char *key_of(const struct sg_forge_place *place, const struct sg_forge_post *post)
{
    struct sg_text all = {0};
    for (size_t first = 0; first == 0 || first < post->check->remarks_count;
         first += REMARKS_A_REQUEST) {
        struct sg_json *json = sg_github_check_json(place, post, first);
        char *text = sg_json_write(json, 0);
        sg_text_add(&all, text);
        free(text);
        sg_json_free(json);
    }
    char hash[65];
    sg_sha256_hex(all.data, all.size, hash);
    sg_text_free(&all);
    return sg_format("svcgate-%.32s", hash);
}

static void look_at(const struct sg_json *run, void *to)
{
    struct work *work = to;
    const struct sg_json *output = sg_json_get(run, "output");
    double count = sg_json_number(sg_json_get(output, "annotations_count"), 0);
    if (!sg_streq(sg_json_string(sg_json_get(run, "external_id"), ""), work->key))
        return;
    work->id = sg_json_number(sg_json_get(run, "id"), 0);
    work->sent = count >= 0 && count < 1e6 ? (size_t)count : 0;
}

char *sg_github_checks(const struct sg_forge_place *place)
{
    return sg_format("/repos/%s/check-runs", place->repository);
}

static bool look(struct work *work, struct sg_error *err)
{
    const struct sg_forge_place *place = work->connection->place;
    char *name = check_name(work->post);
    char *escaped = sg_http_escape(name);
    char *path = sg_format("/repos/%s/commits/%s/check-runs?check_name=%s&per_page=%d",
                           place->repository, place->commit, escaped, SG_FORGE_PAGE);
    work->id = 0;
    work->sent = 0;
    struct sg_list list = {.path = path,
                           .key = "check_runs",
                           .doing = "list the check runs",
                           .take = look_at,
                           .to = work};
    bool ok = sg_forge_pages(work->connection, &list, err);
    free(path);
    free(escaped);
    free(name);
    return ok;
}

/* The token may not: a check run is an extra, the comment says the same. */
static enum step refused(struct work *work, const struct sg_answer *answer, struct sg_error *err)
{
    sg_refused(work->connection, answer, "make the check run", err);
    work->retry_after = answer->retry_after;
    if (answer->busy)
        return STEP_AGAIN;
    if (answer->status != 403 && answer->status != 404)
        return STEP_FAILED;
    work->out->warning = sg_strdup(err->text);
    return STEP_DONE;
}

/* The first remarks, or the next ones. Neither may be repeated blindly: a second run, or the same
 * remarks twice. */
static enum step send(struct work *work, struct sg_error *err)
{
    const struct sg_forge_place *place = work->connection->place;
    bool first = work->id <= 0;
    char *checks = sg_github_checks(place);
    char *path = first ? sg_strdup(checks) : sg_format("%s/%.0f", checks, work->id);
    struct sg_json *json = sg_github_check_json(place, work->post, work->sent);
    struct sg_answer answer = {0};
    sg_json_set_string(json, "external_id", work->key);
    enum step step = STEP_AGAIN;
    if (sg_forge_ask(work->connection, first ? "POST" : "PATCH", path, json, 1, &answer, err)) {
        step = sg_answer_is_good(&answer) ? STEP_DONE : refused(work, &answer, err);
        if (sg_answer_is_good(&answer)) {
            work->id = sg_json_number(sg_json_get(answer.json, "id"), work->id);
            work->sent += REMARKS_A_REQUEST;
        }
    }
    sg_answer_clear(&answer);
    sg_json_free(json);
    free(path);
    free(checks);
    return step;
}

static bool is_complete(const struct work *work)
{
    return work->id > 0 && work->sent >= work->post->check->remarks_count;
}

static bool work_until_done(struct work *work, struct sg_error *err)
{
    for (int tries = 1;; tries++) {
        if (!look(work, err))
            return false;
        enum step step = STEP_DONE;
        work->retry_after = 0;
        while (step == STEP_DONE && !work->out->warning && !is_complete(work))
            step = send(work, err);
        work->out->checked = is_complete(work);
        if (step == STEP_DONE)
            return true;
        if (step == STEP_FAILED || tries >= MOST_TRIES ||
            !sg_forge_wait(work->connection, tries, work->retry_after))
            return false;
    }
}

bool sg_github_check(const struct sg_connection *connection, const struct sg_forge_post *post,
                     struct sg_forge_outcome *out, struct sg_error *err)
{
    if (!connection->place->commit) {
        out->warning = sg_strdup("no check run: which commit? Say it with --commit");
        return true;
    }
    struct work work = {
        .connection = connection, .post = post, .out = out, .key = key_of(connection->place, post)};
    bool ok = work_until_done(&work, err);
    free(work.key);
    return ok;
}
