/* SPDX-License-Identifier: Apache-2.0 */
/* One request through libcurl's easy interface. */
#include "http/transfer.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const size_t default_limit = (size_t)64 << 20;
static const size_t headers_limit = (size_t)256 << 10;

/* A transfer that is being set up. An option that is not taken must not be missing unseen: without
 * its method, socket, certificates or protocols it would be another request. */
struct setup {
    CURL *curl;
    CURLcode code; /* of the first option that was not taken */
};

static void note(struct setup *setup, CURLcode code)
{
    if (setup->code == CURLE_OK)
        setup->code = code;
}

struct answer {
    const struct sg_http_request *request;
    struct sg_text body;
    struct sg_text headers;
};

/* Returning less than was given makes curl give up: the answer is too large. */
static size_t take_body(char *data, size_t size, size_t count, void *to)
{
    struct answer *answer = to;
    sg_text_bytes(&answer->body, data, size * count);
    return answer->body.cut ? 0 : size * count;
}

/* One header line. A status line begins a new answer (after a redirect, or 100 Continue). */
static size_t take_header(char *data, size_t size, size_t count, void *to)
{
    struct answer *answer = to;
    size_t length = size * count;
    if (length > 5 && strncasecmp(data, "HTTP/", 5) == 0) {
        sg_text_free(&answer->headers);
        answer->headers.limit = headers_limit;
    } else {
        sg_text_bytes(&answer->headers, data, length);
    }
    return length;
}

/* Called at least once a second, and after a signal. */
static int look_for_interrupt(void *to, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    const struct answer *answer = to;
    return !answer->request->uninterruptible && sg_interrupt_signal() != 0;
}

static struct curl_slist *list_headers(const char *const *headers)
{
    struct curl_slist *list = NULL;
    for (; headers && *headers; headers++) {
        struct curl_slist *longer = curl_slist_append(list, *headers);
        if (!longer)
            sg_out_of_memory();
        list = longer;
    }
    return list;
}

/* Nothing but HTTP, and no way from HTTPS back to HTTP. */
static void set_protocols(struct setup *setup, const char *url)
{
    bool tls = strncasecmp(url, "https:", 6) == 0;
#if LIBCURL_VERSION_NUM >= 0x075500
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_PROTOCOLS_STR, "http,https"));
    note(setup,
         curl_easy_setopt(setup->curl, CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https"));
#else
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_PROTOCOLS,
                                 (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_REDIR_PROTOCOLS,
                                 (long)(tls ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS)));
#endif
}

/* Redirects are followed only where nothing can leak to another host: requests without headers of
 * the caller (they may hold tokens, of which curl strips only some) and without a body. */
static void set_redirects(struct setup *setup, const struct sg_http_request *request)
{
    bool plain = !request->stay && !request->method && !request->headers && !request->body &&
                 !request->unix_socket;
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_FOLLOWLOCATION, plain ? 1L : 0L));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_MAXREDIRS, 5L));
}

static void set_file(struct setup *setup, CURLoption option, const char *folder, const char *name)
{
    char *path = sg_path_join(folder, name);
    note(setup, curl_easy_setopt(setup->curl, option, path));
    free(path);
}

static void set_certificates(struct setup *setup, const char *folder)
{
    if (folder != NULL) {
        set_file(setup, CURLOPT_CAINFO, folder, "ca.pem");
        set_file(setup, CURLOPT_SSLCERT, folder, "cert.pem");
        set_file(setup, CURLOPT_SSLKEY, folder, "key.pem");
    }
}

/* Proxies come from the environment, but what runs on this machine is asked directly: CI runners
 * often set http_proxy without listing the loopback addresses in no_proxy. */
static void set_proxy(struct setup *setup)
{
    const char *others = sg_env("no_proxy");
    if (!others)
        others = sg_env("NO_PROXY");
    if (sg_streq(others, "*")) {
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_NOPROXY, others));
        return;
    }
    char *direct =
        sg_format("localhost,127.0.0.1,::1%s%s", others ? "," : "", others ? others : "");
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_NOPROXY, direct));
    free(direct);
}

static void set_request(struct setup *setup, const struct sg_http_request *request)
{
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_URL, request->url));
    set_protocols(setup, request->url);
    set_redirects(setup, request);
    set_certificates(setup, request->certificates);
    set_proxy(setup);
    if (request->unix_socket)
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_UNIX_SOCKET_PATH, request->unix_socket));
    if (request->body) {
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                     (curl_off_t)request->body_size));
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_POSTFIELDS, request->body));
    }
    if (sg_streq(request->method, "HEAD"))
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_NOBODY, 1L));
    else if (request->method)
        note(setup, curl_easy_setopt(setup->curl, CURLOPT_CUSTOMREQUEST, request->method));
}

static void set_answer(struct setup *setup, struct answer *answer)
{
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_WRITEFUNCTION, take_body));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_WRITEDATA, answer));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_HEADERFUNCTION, take_header));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_HEADERDATA, answer));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_XFERINFOFUNCTION, look_for_interrupt));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_XFERINFODATA, answer));
    note(setup, curl_easy_setopt(setup->curl, CURLOPT_NOPROGRESS, 0L));
}

static enum sg_try judge(CURLcode code, const struct answer *answer)
{
    if (answer->body.cut)
        return answer->request->cut ? SG_TRY_ANSWERED : SG_TRY_HOPELESS;
    switch (code) {
    case CURLE_OK:
        return SG_TRY_ANSWERED;
    case CURLE_ABORTED_BY_CALLBACK:
        return SG_TRY_INTERRUPTED;
    case CURLE_OPERATION_TIMEDOUT:
        return SG_TRY_LATE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
        return SG_TRY_BROKEN;
    default:
        return SG_TRY_HOPELESS;
    }
}

static void tell(const struct sg_transfer *transfer, enum sg_try result, CURLcode code,
                 const struct answer *answer, const char *detail, struct sg_error *err)
{
    const char *why = detail[0] ? detail : curl_easy_strerror(code);
    const char *socket = transfer->request->unix_socket;
    const char *through = socket ? " through " : "";
    const char *path = socket ? socket : "";
    if (result == SG_TRY_INTERRUPTED)
        sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while asking %s", transfer->name);
    else if (answer->body.cut)
        sg_fail(err, SG_ERROR_NETWORK,
                "%s%s%s: the answer is larger than the %zu bytes that are accepted", transfer->name,
                through, path, answer->body.limit);
    else
        sg_fail(err, SG_ERROR_NETWORK, "%s%s%s: %s", transfer->name, through, path, why);
}

static void hand_over(CURL *curl, struct answer *answer, struct sg_http_response *out)
{
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
    out->size = answer->body.size;
    out->body = sg_text_take(&answer->body);
    out->headers = sg_text_take(&answer->headers);
    sg_http_read_retry(out);
}

/* How long one try may take, in milliseconds; *out_last says that the deadline is what ends it. */
static int64_t time_for_try(const struct sg_transfer *transfer, bool *out_last)
{
    int64_t left = (transfer->deadline - sg_clock_monotonic()) / SG_MILLISECOND;
    int64_t most = (int64_t)(transfer->request->try_timeout * 1000);
    *out_last = most <= 0 || most >= left;
    int64_t time = *out_last ? left : most;
    return time > 1 ? time : 1;
}

/* curl_easy_init would do it too, but before libcurl 7.84 not for two threads at once. */
static void make_ready(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        sg_out_of_memory();
}

static CURL *new_handle(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_ready);
    CURL *curl = curl_easy_init();
    if (!curl)
        sg_out_of_memory();
    return curl;
}

enum sg_try sg_http_try(const struct sg_transfer *transfer, struct sg_http_response *out,
                        struct sg_error *err)
{
    const struct sg_http_request *request = transfer->request;
    if (!request->uninterruptible && sg_interrupt_signal() != 0) {
        sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted before asking %s", transfer->name);
        return SG_TRY_INTERRUPTED;
    }
    bool last = true;
    int64_t time = time_for_try(transfer, &last);
    struct setup setup = {.curl = new_handle()};
    struct answer answer = {.request = request,
                            .body.limit = request->limit ? request->limit : default_limit,
                            .headers.limit = headers_limit};
    struct curl_slist *headers = list_headers(request->headers);
    char detail[CURL_ERROR_SIZE] = "";
    set_request(&setup, request);
    set_answer(&setup, &answer);
    note(&setup, curl_easy_setopt(setup.curl, CURLOPT_HTTPHEADER, headers));
    note(&setup, curl_easy_setopt(setup.curl, CURLOPT_ERRORBUFFER, detail));
    note(&setup, curl_easy_setopt(setup.curl, CURLOPT_TIMEOUT_MS, (long)time));
    note(&setup, curl_easy_setopt(setup.curl, CURLOPT_NOSIGNAL, 1L)); /* signals are base's */
    CURLcode code = setup.code == CURLE_OK ? curl_easy_perform(setup.curl) : setup.code;
    enum sg_try result = judge(code, &answer);
    if (result == SG_TRY_LATE && !last)
        result = SG_TRY_BROKEN;
    if (result == SG_TRY_ANSWERED)
        hand_over(setup.curl, &answer, out);
    else
        tell(transfer, result, code, &answer, detail, err);
    curl_slist_free_all(headers);
    curl_easy_cleanup(setup.curl);
    sg_text_free(&answer.body);
    sg_text_free(&answer.headers);
    return result;
}
