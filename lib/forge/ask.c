/* SPDX-License-Identifier: Apache-2.0 */
/* One request to the forge's API with its token, and what came back. */
#include "forge/internal.h"

#include "base/clock.h"
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX                                                                                 \
    ((size_t)32 << 20) /* a page of a hundred comments of the largest size is 7 MB                 \
                        */
#define MESSAGE_MAX 400

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    return count;
}

/* The first two are the caller's to free: the token and the agent. */
static const char **all_headers(const struct sg_connection *connection, bool body)
{
    const struct sg_forge *forge = connection->place->forge;
    size_t count = count_of(forge->headers);
    const char **headers = sg_alloc(count + 5, sizeof(*headers));
    headers[0] = sg_format("%s%s", forge->token_header, connection->token);
    headers[1] = sg_format("User-Agent: %s", connection->agent);
    for (size_t i = 0; i < count; i++)
        headers[2 + i] = forge->headers[i];
    if (body) {
        headers[2 + count] = "Content-Type: application/json";
        headers[3 + count] = "Expect:"; /* send it at once */
    }
    return headers;
}

static void free_headers(const char **headers)
{
    free((void *)headers[0]);
    free((void *)headers[1]);
    free(headers);
}

/* {"message": "…", "errors": […]} of GitHub, {"message": …} or {"error": …} of GitLab. */
static char *message_of(const struct sg_connection *connection, const struct sg_json *json)
{
    static const char *const keys[] = {"message", "error", "errors"};
    struct sg_text text = {.limit = 65536};
    for (size_t i = 0; i < SG_COUNT(keys); i++) {
        const struct sg_json *said = sg_json_get(json, keys[i]);
        if (!said)
            continue;
        char *other = sg_json_is_string(said) ? NULL : sg_json_write(said, 0);
        sg_text_printf(&text, "%s%s", text.size ? " " : "", sg_json_string(said, other));
        free(other);
    }
    char *all = sg_text_take(&text);
    char *line = all[0] ? sg_one_line(connection, all, MESSAGE_MAX) : NULL;
    free(all);
    return line;
}

static void read_answer(const struct sg_connection *connection, const char *path,
                        const struct sg_http_response *response, struct sg_answer *out)
{
    struct sg_error ignored;
    char *link = sg_http_header(response, "Link");
    char *next_page = sg_http_header(response, "X-Next-Page");
    *out = (struct sg_answer){.status = response->status,
                              .busy = response->busy,
                              .retry_after = response->retry_after,
                              .next = sg_next_page(link, next_page, path)};
    out->json = sg_json_parse(response->body, response->size, "the answer", &ignored);
    if (!sg_answer_is_good(out))
        out->message = message_of(connection, out->json);
    free(link);
    free(next_page);
}

bool sg_forge_ask(const struct sg_connection *connection, const char *method, const char *path,
                  const struct sg_json *body, int tries, struct sg_answer *out,
                  struct sg_error *err)
{
    *out = (struct sg_answer){0};
    char *url = sg_format("%s%s", connection->place->api, path);
    char *text = body ? sg_json_write(body, 0) : NULL;
    const char **headers = all_headers(connection, body != NULL);
    double left = (double)(connection->deadline - sg_clock_monotonic()) / (double)SG_SECOND;
    struct sg_http_request request = {.method = method,
                                      .url = url,
                                      .headers = headers,
                                      .body = text,
                                      .body_size = text ? strlen(text) : 0,
                                      .timeout = left > 0.001 ? left : 0.001,
                                      .try_timeout = connection->try_timeout,
                                      .tries = tries,
                                      .limit = ANSWER_MAX};
    struct sg_http_response response = {0};
    bool ok = sg_http(&request, &response, err);
    if (ok)
        read_answer(connection, path, &response, out);
    if (ok && sg_answer_is_good(out) && !out->json) {
        ok = sg_fail(
            err, SG_ERROR_NETWORK,
            "%s answered with status %ld, but not with JSON; is it the address of %s's API?",
            connection->place->api, out->status, connection->place->forge->title);
        sg_answer_clear(out);
    }
    sg_http_response_free(&response);
    free_headers(headers);
    free(text);
    free(url);
    return ok;
}

void sg_answer_clear(struct sg_answer *answer)
{
    sg_json_free(answer->json);
    free(answer->message);
    free(answer->next);
    *answer = (struct sg_answer){0};
}

bool sg_answer_is_good(const struct sg_answer *answer)
{
    return answer->status >= 200 && answer->status <= 299;
}

bool sg_forge_wait(const struct sg_connection *connection, int tries_done, int64_t retry_after)
{
    int64_t left = connection->deadline - sg_clock_monotonic();
    /* Half a second, then twice as long from try to try. */
    int64_t pause = (SG_SECOND / 2) << (tries_done < 5 ? tries_done - 1 : 4);
    if (retry_after > left / SG_SECOND)
        return false;
    if (retry_after > 0)
        pause = retry_after * SG_SECOND;
    return pause < left && sg_sleep(pause);
}
