/* SPDX-License-Identifier: Apache-2.0 */
/* One comment, found by its marker and updated in place. A comment is made only right after a look
 * that found none: when the answer to the last try got lost, that look finds what was made. */
#include "forge/internal.h"

#include <stdlib.h>

#define MOST_TRIES 6

/* Our newest comment. */
struct found {
    const struct sg_forge *forge;
    const char *marker;
    struct sg_ourselves ourselves;
    double id; /* 0: none */
    char *body;
    char *url;
};

struct work {
    const struct sg_connection *connection;
    const struct sg_forge_post *post;
    struct sg_forge_outcome *out;
    const char *text;
    char *request; /* "7" */
    struct found found;
    bool lost;           /* a comment may have been made without an answer */
    int64_t retry_after; /* seconds that were asked for last */
};

enum step { STEP_DONE, STEP_AGAIN, STEP_FAILED };

static void found_clear(struct found *found)
{
    free(found->body);
    free(found->url);
    found->body = found->url = NULL;
    found->id = 0;
}

static void look_at(const struct sg_json *comment, void *to)
{
    struct found *found = to;
    double id = sg_json_number(sg_json_get(comment, "id"), 0);
    const char *body = sg_json_string(sg_json_get(comment, "body"), "");
    const struct sg_json *author = sg_json_get(comment, found->forge->author);
    if (id <= found->id || !sg_has_marker(body, found->marker) ||
        !sg_is_ourselves(&found->ourselves, author))
        return;
    found_clear(found);
    found->id = id;
    found->body = sg_strdup(body);
    found->url = sg_strdup(sg_json_string(sg_json_get(comment, "html_url"), NULL));
}

static char *where(const struct work *work, const char *what)
{
    const struct sg_forge_place *place = work->connection->place;
    return sg_format("%s %s %s of %s", what, place->forge->request_word, work->request,
                     place->repository);
}

static bool look(struct work *work, struct sg_error *err)
{
    const struct sg_forge *forge = work->connection->place->forge;
    char *comments = forge->comments(work->connection->place, work->request);
    char *path = sg_format("%s?per_page=%d", comments, SG_FORGE_PAGE);
    char *doing = where(work, "list the comments of");
    found_clear(&work->found);
    struct sg_list list = {.path = path, .doing = doing, .take = look_at, .to = &work->found};
    bool ok = sg_forge_pages(work->connection, &list, err);
    free(doing);
    free(path);
    free(comments);
    return ok;
}

static void take_url(struct work *work, const struct sg_json *comment, const char *other)
{
    const char *url = sg_json_string(sg_json_get(comment, "html_url"), other);
    work->out->url = sg_one_line(work->connection, url, 500);
}

/* What an answer to a comment that was sent means. */
static enum step judge(struct work *work, const struct sg_answer *answer, const char *doing,
                       struct sg_error *err)
{
    if (sg_answer_is_good(answer)) {
        take_url(work, answer->json, work->found.url);
        return STEP_DONE;
    }
    char *all = where(work, doing);
    sg_refused(work->connection, answer, all, err);
    free(all);
    work->retry_after = answer->retry_after;
    return answer->busy ? STEP_AGAIN : STEP_FAILED;
}

/* Sent once: whether it was done is not known when there is no answer. */
static enum step create(struct work *work, const struct sg_json *json, struct sg_error *err)
{
    static const char doing[] = "make a comment under";
    const struct sg_forge_place *place = work->connection->place;
    char *path = place->forge->comments(place, work->request);
    struct sg_answer answer = {0};
    enum step step = STEP_AGAIN;
    if (sg_forge_ask(work->connection, "POST", path, json, 1, &answer, err)) {
        step = judge(work, &answer, doing, err);
        work->lost = work->lost || answer.status >= 500 || answer.status == 408;
    } else {
        char *all = where(work, doing);
        sg_error_context(err, "could not %s", all);
        free(all);
        work->lost = true;
    }
    work->out->done = step == STEP_DONE ? SG_FORGE_CREATED : work->out->done;
    sg_answer_clear(&answer);
    free(path);
    return step;
}

/* May be repeated: it gives the same comment. One that is gone meanwhile is made again. */
static enum step update(struct work *work, const struct sg_json *json, struct sg_error *err)
{
    static const char doing[] = "update the comment under";
    const struct sg_forge_place *place = work->connection->place;
    char *id = sg_format("%.0f", work->found.id);
    char *path = place->forge->comment(place, work->request, id);
    struct sg_answer answer = {0};
    enum step step = STEP_FAILED;
    if (sg_forge_ask(work->connection, place->forge->update_method, path, json, 4, &answer, err)) {
        step = judge(work, &answer, doing, err);
        step = answer.status == 404 ? STEP_AGAIN : step;
    } else {
        char *all = where(work, doing);
        sg_error_context(err, "could not %s", all);
        free(all);
    }
    work->out->done = step == STEP_DONE ? SG_FORGE_UPDATED : work->out->done;
    sg_answer_clear(&answer);
    free(path);
    free(id);
    return step;
}

static enum step send(struct work *work, struct sg_error *err)
{
    const struct found *found = &work->found;
    if (found->id > 0 && sg_same_text(found->body, work->text)) {
        work->out->done = work->lost ? SG_FORGE_CREATED : SG_FORGE_UNCHANGED;
        take_url(work, NULL, found->url);
        return STEP_DONE;
    }
    if (found->id <= 0 && !work->post->create) {
        work->out->done = SG_FORGE_NOT_NEEDED;
        return STEP_DONE;
    }
    struct sg_json *json = sg_comment_json(work->text);
    enum step step = found->id > 0 ? update(work, json, err) : create(work, json, err);
    sg_json_free(json);
    return step;
}

static bool work_until_done(struct work *work, struct sg_error *err)
{
    for (int tries = 1;; tries++) {
        if (!look(work, err))
            return false;
        work->retry_after = 0;
        enum step step = send(work, err);
        if (step == STEP_DONE)
            return true;
        if (step == STEP_FAILED || tries >= MOST_TRIES ||
            !sg_forge_wait(work->connection, tries, work->retry_after))
            return false;
    }
}

bool sg_comment_publish(const struct sg_connection *connection, const struct sg_forge_post *post,
                        struct sg_forge_outcome *out, struct sg_error *err)
{
    char *text = NULL;
    if (!sg_comment_text(connection->place, post, &text, err))
        return false;
    char *marker = sg_marker(post->name);
    struct work work = {.connection = connection,
                        .post = post,
                        .out = out,
                        .text = text,
                        .request = sg_format("%d", out->request),
                        .found = {.forge = connection->place->forge, .marker = marker}};
    bool ok =
        sg_forge_ourselves(connection, &work.found.ourselves, err) && work_until_done(&work, err);
    sg_ourselves_clear(&work.found.ourselves);
    found_clear(&work.found);
    free(work.request);
    free(marker);
    free(text);
    return ok;
}
