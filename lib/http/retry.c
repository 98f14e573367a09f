/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer says about coming again: its status, Retry-After, and the headers by which GitHub,
 * GitLab and others tell of their rate limits. */
#include "http/transfer.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/units.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *sg_http_header(const struct sg_http_response *response, const char *name)
{
    size_t size = strlen(name);
    for (const char *line = response->headers; line && *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\r\n");
        if (length > size && line[size] == ':' && strncasecmp(line, name, size) == 0) {
            const char *value = line + size + 1;
            value += strspn(value, " \t");
            const char *end = line + length;
            while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
                end--;
            return sg_format("%.*s", end > value ? (int)(end - value) : 0, value);
        }
        if (line[strcspn(line, "\n")] == '\0')
            break;
    }
    return NULL;
}

static bool is_limited(const struct sg_http_response *response)
{
    char *remaining = sg_http_header(response, "X-RateLimit-Remaining");
    bool limited = sg_streq(remaining, "0");
    free(remaining);
    return limited;
}

/* Seconds until X-RateLimit-Reset, which counts from 1970; at least one. */
static int64_t seconds_to_reset(const struct sg_http_response *response)
{
    char *text = sg_http_header(response, "X-RateLimit-Reset");
    double reset = 0;
    int64_t left = 0;
    if (text && sg_parse_number(text, &reset) && reset < 1e12) {
        left = (int64_t)reset - sg_clock_wall() / SG_SECOND;
        left = left > 0 ? left : 1;
    }
    free(text);
    return left > 0 ? left : 0;
}

/* What Retry-After says, in seconds or as a date; 0 when it says nothing, or a time that is over.
 * Read here, because newer libcurl (CURLINFO_RETRY_AFTER) cuts it to six hours. */
static int64_t seconds_asked_for(const char *retry_after)
{
    static const double most = 1e12;
    double seconds = 0;
    if (!retry_after)
        return 0;
    if (sg_parse_number(retry_after, &seconds))
        return (int64_t)(seconds < most ? seconds : most);
    int64_t left = (int64_t)curl_getdate(retry_after, NULL) - sg_clock_wall() / SG_SECOND;
    return left > 0 ? left : 0;
}

/* 403 alone is a refusal for good; with a time or an empty allowance it is a rate limit. */
void sg_http_read_retry(struct sg_http_response *response)
{
    long status = response->status;
    char *retry_after = sg_http_header(response, "Retry-After");
    bool limited = is_limited(response);
    response->busy = status == 408 || status == 429 || (status >= 500 && status <= 599) ||
                     (status == 403 && (retry_after || limited));
    response->retry_after = seconds_asked_for(retry_after);
    if (response->busy && !retry_after && limited)
        response->retry_after = seconds_to_reset(response);
    free(retry_after);
}
