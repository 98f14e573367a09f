/* SPDX-License-Identifier: Apache-2.0 */
/* Requests with tries and a deadline over all of them. */
#include "http/http.h"

#include "base/clock.h"
#include "base/text.h"
#include "http/transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double default_timeout = 10;
/* The pause before the second try; it doubles from try to try. */
static const int64_t first_pause = 200 * SG_MILLISECOND;
static const int64_t longest_pause = 5 * SG_SECOND;

/* "https://host/path" of "https://user:secret@host/path?query#fragment". */
static char *name_of(const char *url)
{
    const char *separator = strstr(url, "://");
    const char *host = separator ? separator + 3 : url;
    size_t scheme = (size_t)(host - url);
    size_t authority = strcspn(host, "/?#");
    for (size_t i = authority; i > 0; i--) {
        if (host[i - 1] == '@') {
            host += i;
            break;
        }
    }
    return sg_format("%.*s%.*s", (int)scheme, url, (int)strcspn(host, "?#"), host);
}

/* Doubling from try to try, times 0.5 to 1.5, so that clients which failed together do not come
 * back together. The clock's low bits are random enough for that. */
static int64_t back_off(int tries_done)
{
    int64_t pause = first_pause;
    for (int i = 1; i < tries_done && pause < longest_pause; i++)
        pause *= 2;
    if (pause > longest_pause)
        pause = longest_pause;
    int64_t now = sg_clock_monotonic();
    int64_t jitter = (int64_t)(sg_hash(&now, sizeof(now)) % 1000);
    return pause / 2 + pause / 1000 * jitter;
}

/* Sleeps, whatever signals come. */
static void sleep_through(int64_t nanoseconds)
{
    struct timespec left = {.tv_sec = (time_t)(nanoseconds / SG_SECOND),
                            .tv_nsec = (long)(nanoseconds % SG_SECOND)};
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        continue;
}

/* Sleeps before the next try; false when that would be past the deadline. */
static bool pause_before_retry(const struct sg_transfer *transfer, int tries_done,
                               int64_t retry_after)
{
    int64_t left = transfer->deadline - sg_clock_monotonic();
    /* A server may ask for more seconds than nanoseconds can count. */
    if (retry_after > left / SG_SECOND)
        return false;
    int64_t pause = retry_after > 0 ? retry_after * SG_SECOND : back_off(tries_done);
    if (pause >= left)
        return false;
    if (transfer->request->uninterruptible)
        sleep_through(pause);
    else
        (void)sg_sleep(pause); /* the next try tells of an interruption */
    return true;
}

static bool try_until_done(const struct sg_transfer *transfer, struct sg_http_response *out,
                           struct sg_error *err)
{
    int tries = transfer->request->tries > 0 ? transfer->request->tries : 1;
    for (int done = 1;; done++) {
        enum sg_try result = sg_http_try(transfer, out, err);
        bool answered = result == SG_TRY_ANSWERED;
        bool repeat = answered ? out->busy : result == SG_TRY_BROKEN;
        if (!repeat || done >= tries || !pause_before_retry(transfer, done, out->retry_after)) {
            if (err && !answered && done > 1 && result != SG_TRY_INTERRUPTED)
                sg_fail(err, err->kind, "%s (%d tries)", err->text, done);
            return answered;
        }
        sg_http_response_free(out);
    }
}

bool sg_http(const struct sg_http_request *request, struct sg_http_response *out,
             struct sg_error *err)
{
    *out = (struct sg_http_response){0};
    char *name = name_of(request->url);
    double timeout = request->timeout > 0 ? request->timeout : default_timeout;
    struct sg_transfer transfer = {.request = request,
                                   .deadline = sg_clock_monotonic() +
                                               (int64_t)(timeout * (double)SG_SECOND),
                                   .name = name};
    bool ok = try_until_done(&transfer, out, err);
    free(name);
    return ok;
}

void sg_http_response_free(struct sg_http_response *response)
{
    free(response->body);
    free(response->headers);
    *response = (struct sg_http_response){0};
}

char *sg_http_escape(const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~";
    struct sg_text escaped = {0};
    for (; *text; text++) {
        if (strchr(unreserved, *text))
            sg_text_bytes(&escaped, text, 1);
        else
            sg_text_printf(&escaped, "%%%02X", (unsigned char)*text);
    }
    return sg_text_take(&escaped);
}
