/* SPDX-License-Identifier: Apache-2.0 */
/* What publishing would send, without sending it: for a person who wants to know before. */
#include "forge/internal.h"

#include <stdlib.h>
#include <string.h>

/* "POST /api/v4/projects/…", with the path of the API's own address before it. */
static void add_request(struct sg_text *out, const struct sg_forge_place *place, const char *method,
                        const char *path, const char *remark)
{
    const char *host = strstr(place->api, "://") + 3;
    sg_text_printf(out, "%s %s%s%s\n", method, host + strcspn(host, "/"), path, remark);
}

static void add_body(struct sg_text *out, struct sg_json *json)
{
    char *text = sg_json_write(json, 2);
    sg_text_printf(out, "%s\n", text);
    free(text);
    sg_json_free(json);
}

static bool add_comment(struct sg_text *out, const struct sg_forge_place *place,
                        const struct sg_forge_post *post, struct sg_error *err)
{
    const struct sg_forge *forge = place->forge;
    char *text = NULL;
    if (!sg_comment_text(place, post, &text, err))
        return false;
    char *request = place->request > 0 ? sg_format("%d", place->request) : sg_strdup("{number}");
    char *comments = forge->comments(place, request);
    char *comment = forge->comment(place, request, "{id}");
    add_request(out, place, "GET", "/user",
                forge->program ? "  # and GraphQL's viewer, for a program's token" : "");
    add_request(out, place, "GET", comments, "?per_page=100");
    add_request(out, place, forge->update_method, comment,
                "  # when our comment is there and says something else");
    if (post->create)
        add_request(out, place, "POST", comments, "  # when it is not there");
    add_body(out, sg_comment_json(text));
    free(comment);
    free(comments);
    free(request);
    free(text);
    return true;
}

static void add_lookup(struct sg_text *out, const struct sg_forge_place *place)
{
    char *path = sg_github_pulls(place);
    add_request(out, place, "GET", path, "");
    free(path);
}

static void add_check(struct sg_text *out, const struct sg_forge_place *place,
                      const struct sg_forge_post *post)
{
    if (!place->forge->checks || !place->commit) {
        sg_text_add(out, "no check run: no commit is known, or the forge has none\n");
        return;
    }
    char *path = sg_github_checks(place);
    add_request(out, place, "POST", path, "");
    add_body(out, sg_github_check_json(place, post, 0));
    free(path);
}

bool sg_forge_preview(const struct sg_forge_place *place, const struct sg_forge_post *post,
                      struct sg_text *out, struct sg_error *err)
{
    sg_text_printf(out, "To %s, %s; nothing is sent:\n\n", place->forge->title, place->api);
    if (post->comment && place->request == 0 && place->head)
        add_lookup(out, place);
    if (post->comment && place->request == 0 && !place->head)
        sg_text_printf(out, "no comment: %s\n", place->none);
    else if (post->comment && !add_comment(out, place, post, err))
        return false;
    if (post->check)
        add_check(out, place, post);
    return true;
}
