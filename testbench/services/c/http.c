/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP/1.1 server in one thread: keep-alive, pipelining, limits on all that a client controls.
 *
 * A connection is always in exactly one queue. All waits of a queue last equally long, so it is in
 * the order of its deadlines and only its head ever needs a look. */
#define _GNU_SOURCE /* accept4 */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    HEAD_MAX = 8192,       /* bytes of request line and headers */
    BODY_MAX = 64 * 1024,  /* bytes of a request's body, read and thrown away */
    CONNECTIONS_MAX = 900, /* below the usual limit of 1024 descriptors */
    EVENTS_MAX = 64,
};

static const int64_t second = 1000000000;

struct connection {
    struct connection *next, *previous;
    struct queue *queue;
    int64_t deadline;
    int fd;
    uint32_t events; /* what epoll watches for */
    bool close;      /* after the answer in `out` */
    size_t discard;  /* bytes of a body that are still to come */
    struct text out; /* head and body of the answer under way */
    size_t sent;
    size_t in_len;
    char in[HEAD_MAX];
};

struct queue {
    struct connection *head, *tail;
    int64_t wait_ns;
};

struct server {
    int epoll;
    int listener;
    int signals;
    http_handler *handler;
    void *context;
    struct http_answer answer; /* of the request in hand; its buffer is used again */
    struct queue open;         /* waits for the client to send or to read */
    struct queue delayed;      /* has an answer that is due later */
    struct queue lingering;    /* has said its last; reads until the client hangs up as well */
    size_t connections;
    time_t date_at;
    char date[32];
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second + t.tv_nsec;
}

/* Queues. */

static void leave(struct connection *c)
{
    struct queue *q = c->queue;
    if (!q)
        return;
    *(c->previous ? &c->previous->next : &q->head) = c->next;
    *(c->next ? &c->next->previous : &q->tail) = c->previous;
    c->queue = NULL;
}

static void enter(struct queue *q, struct connection *c)
{
    leave(c);
    c->queue = q;
    c->deadline = now_ns() + q->wait_ns;
    c->next = NULL;
    c->previous = q->tail;
    *(q->tail ? &q->tail->next : &q->head) = c;
    q->tail = c;
}

/* Takes the first connection out of the queue if its deadline has come. */
static struct connection *take_due(struct queue *q, int64_t now)
{
    struct connection *c = q->head;
    if (!c || c->deadline > now)
        return NULL;
    q->head = c->next;
    *(c->next ? &c->next->previous : &q->tail) = NULL;
    c->queue = NULL;
    return c;
}

/* Connections. */

static void watch(struct server *s, struct connection *c, uint32_t events)
{
    if (c->events == events)
        return;
    struct epoll_event event = {.events = events, .data.ptr = c};
    epoll_ctl(s->epoll, EPOLL_CTL_MOD, c->fd, &event);
    c->events = events;
}

static void drop(struct server *s, struct connection *c)
{
    leave(c);
    close(c->fd);
    text_free(&c->out);
    free(c);
    s->connections--;
}

static void accept_all(struct server *s)
{
    for (;;) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return; /* none left, or it went away again; the listener tells of the next */
        struct connection *c = s->connections < CONNECTIONS_MAX ? calloc(1, sizeof *c) : NULL;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (!c || epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
            free(c);
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        c->fd = fd;
        c->events = EPOLLIN;
        s->connections++;
        enter(&s->open, c);
    }
}

/* Requests. */

void http_error(struct http_answer *answer, int status, const char *message)
{
    answer->status = status;
    text_clear(&answer->body);
    text_string(&answer->body, "{\"error\":");
    text_quoted(&answer->body, message, strlen(message));
    text_string(&answer->body, "}\n");
}

/* The length of the head with its empty line; 0 while that has not come, -1 when a line does not
 * end in CR LF or holds a control character. */
static int head_length(const char *in, size_t len)
{
    size_t line = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)in[i];
        if (c == '\n') {
            if (i == line || in[i - 1] != '\r')
                return -1;
            if (i == line + 1)
                return (int)(i + 1);
            line = i + 1;
        } else if (c == 0x7F || (c < 32 && c != '\t' && c != '\r') ||
                   (i > line && in[i - 1] == '\r')) {
            return -1;
        }
    }
    return 0;
}

/* Cuts the string at `cut`, and returns what follows; NULL when it is not there. */
static char *split(char *s, const char *cut)
{
    char *at = strstr(s, cut);
    if (!at)
        return NULL;
    *at = '\0';
    return at + strlen(cut);
}

/* Printable ASCII without blanks. */
static bool is_target(const char *s)
{
    const char *begin = s;
    while (*s > ' ' && *s < 0x7F)
        s++;
    return s > begin && *s == '\0';
}

static bool is_token(const char *s)
{
    const char *const allowed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *s && s[strspn(s, allowed)] == '\0';
}

static char *trim(char *s)
{
    s += strspn(s, " \t");
    size_t len = strlen(s);
    while (len > 0 && strchr(" \t", s[len - 1]))
        s[--len] = '\0';
    return s;
}

struct headers {
    unsigned hosts;
    unsigned lengths;
    size_t length;
    bool close;
    bool chunked;
};

static bool read_header(char *line, struct headers *h)
{
    char *value = split(line, ":");
    if (!value || !is_token(line)) /* also a folded line, which begins with a blank */
        return false;
    value = trim(value);
    if (strcasecmp(line, "Host") == 0) {
        h->hosts++;
    } else if (strcasecmp(line, "Connection") == 0) {
        h->close = h->close || strcasecmp(value, "close") == 0;
    } else if (strcasecmp(line, "Transfer-Encoding") == 0) {
        h->chunked = true;
    } else if (strcasecmp(line, "Content-Length") == 0) {
        size_t digits = strspn(value, "0123456789");
        if (digits == 0 || digits > 15 || value[digits] != '\0' || h->lengths++ > 0)
            return false;
        h->length = strtoull(value, NULL, 10);
    }
    return true;
}

/* Answers the head that begins with `line` and has been found to be whole. */
static void answer_head(struct server *s, struct connection *c, char *line)
{
    struct http_answer *answer = &s->answer;
    struct headers headers = {0};

    char *header = split(line, "\r\n");
    char *target = split(line, " ");
    char *version = target ? split(target, " ") : NULL;
    bool sound = version && is_token(line) && is_target(target);
    bool old = sound && strcmp(version, "HTTP/1.0") == 0;
    sound = sound && (old || strcmp(version, "HTTP/1.1") == 0);
    while (sound && *header != '\r') {
        char *next = split(header, "\r\n");
        sound = read_header(header, &headers);
        header = next;
    }
    if (!sound || headers.hosts > 1 || (!old && headers.hosts == 0)) {
        http_error(answer, 400, "malformed request");
    } else if (headers.chunked) {
        http_error(answer, 411, "length required");
    } else if (headers.length > BODY_MAX) {
        http_error(answer, 413, "body too large");
    } else {
        const struct http_request request = {.method = line, .target = target};
        answer->close = headers.close || old;
        c->discard = headers.length;
        s->handler(s->context, &request, answer);
    }
}

/* Answers. */

static const char *reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 411:
        return "Length Required";
    case 413:
        return "Content Too Large";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

/* Moves the server's answer into the connection's buffer. */
static void write_answer(struct server *s, struct connection *c, bool with_body)
{
    const struct http_answer *answer = &s->answer;
    time_t now = time(NULL);
    if (now != s->date_at) {
        struct tm utc;
        gmtime_r(&now, &utc);
        strftime(s->date, sizeof s->date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        s->date_at = now;
    }
    char head[256];
    int len = snprintf(head, sizeof head,
                       "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\nDate: %s\r\n%s%s\r\n",
                       answer->status, reason(answer->status), answer->body.len, s->date,
                       answer->status == 405 ? "Allow: GET, HEAD\r\n" : "",
                       answer->close ? "Connection: close\r\n" : "");
    text_clear(&c->out);
    text_bytes(&c->out, head, (size_t)len);
    if (with_body)
        text_bytes(&c->out, answer->body.data, answer->body.len);
    c->sent = 0;
    c->close = answer->close;
}

static void consume(struct connection *c, size_t count)
{
    c->in_len -= count;
    memmove(c->in, c->in + count, c->in_len);
}

/* Takes the next whole head from what was read and makes its answer. False when there is none. */
static bool next_answer(struct server *s, struct connection *c)
{
    size_t body = c->discard < c->in_len ? c->discard : c->in_len;
    consume(c, body);
    c->discard -= body;
    int head = head_length(c->in, c->in_len);
    if (head == 0 && c->in_len < HEAD_MAX)
        return false;

    bool with_body = true;
    s->answer.status = 200;
    s->answer.delay_ns = 0;
    s->answer.close = true;
    text_clear(&s->answer.body);
    if (head > 0) {
        c->in[head - 1] = '\0'; /* over the last LF: the empty line's CR ends the headers */
        with_body = strncmp(c->in, "HEAD ", 5) != 0;
        answer_head(s, c, c->in);
        consume(c, (size_t)head);
    } else if (head == 0) {
        http_error(&s->answer, 431, "request head too large");
    } else {
        http_error(&s->answer, 400, "malformed request");
    }
    write_answer(s, c, with_body);
    return true;
}

/* Sends what is left of the answer. False when the connection cannot go on yet, or is no more. */
static bool send_out(struct server *s, struct connection *c)
{
    while (c->sent < c->out.len) {
        ssize_t n = send(c->fd, c->out.data + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            watch(s, c, EPOLLOUT);
            enter(&s->open, c);
            return false;
        }
        if (n < 0) {
            drop(s, c);
            return false;
        }
        c->sent += (size_t)n;
    }
    if (c->close) {
        /* Closing with unread input would reset the connection and could lose the answer. */
        shutdown(c->fd, SHUT_WR);
        watch(s, c, EPOLLIN);
        enter(&s->lingering, c);
        return false;
    }
    text_clear(&c->out);
    return true;
}

/* Answers what has been read, then goes back to reading. */
static void advance(struct server *s, struct connection *c)
{
    while (next_answer(s, c)) {
        if (s->answer.delay_ns > 0) {
            watch(s, c, 0);
            enter(&s->delayed, c);
            return;
        }
        if (!send_out(s, c))
            return;
    }
    watch(s, c, EPOLLIN);
    enter(&s->open, c);
}

static void linger(struct server *s, struct connection *c)
{
    ssize_t n = recv(c->fd, c->in, sizeof c->in, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        drop(s, c);
}

static void on_event(struct server *s, struct connection *c, uint32_t events)
{
    if (c->queue == &s->lingering) {
        linger(s, c);
    } else if (events & EPOLLOUT) {
        if (send_out(s, c))
            advance(s, c);
    } else if (events & EPOLLIN) {
        ssize_t n = recv(c->fd, c->in + c->in_len, HEAD_MAX - c->in_len, 0);
        if (n > 0) {
            c->in_len += (size_t)n;
            advance(s, c);
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            drop(s, c);
        }
    } else { /* hung up or broken while an answer was delayed */
        drop(s, c);
    }
}

/* The loop. */

/* Milliseconds until the first deadline, rounded up; -1 when nothing waits. */
static int next_timeout(const struct server *s)
{
    const struct queue *const queues[] = {&s->open, &s->delayed, &s->lingering};
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
        if (queues[i]->head && queues[i]->head->deadline < first)
            first = queues[i]->head->deadline;
    if (first == INT64_MAX)
        return -1;
    int64_t left = first - now_ns();
    return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}

static void meet_deadlines(struct server *s)
{
    const int64_t now = now_ns();
    struct connection *c;
    while ((c = take_due(&s->open, now)) || (c = take_due(&s->lingering, now)))
        drop(s, c);
    while ((c = take_due(&s->delayed, now))) {
        if (send_out(s, c))
            advance(s, c);
    }
}

static void run(struct server *s)
{
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int n = epoll_wait(s->epoll, events, EVENTS_MAX, next_timeout(s));
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == &s->signals)
                return;
            if (events[i].data.ptr == &s->listener)
                accept_all(s);
            else
                on_event(s, events[i].data.ptr, events[i].events);
        }
        meet_deadlines(s);
    }
}

int http_listen(const char *address, uint16_t *port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t len = sizeof in;
    if (inet_pton(AF_INET, address, &in.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, (struct sockaddr *)&in, sizeof in) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&in, &len) != 0) {
        int problem = errno;
        close(fd);
        errno = problem;
        return -1;
    }
    *port = ntohs(in.sin_port);
    return fd;
}

bool http_serve(int listener, int64_t delay_ns, http_handler *handler, void *context)
{
    struct server s = {
        .listener = listener,
        .handler = handler,
        .context = context,
        .open.wait_ns = 75 * second,
        .delayed.wait_ns = delay_ns,
        .lingering.wait_ns = 2 * second,
    };
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    s.signals = signalfd(-1, &set, SFD_CLOEXEC);
    s.epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event on_signal = {.events = EPOLLIN, .data.ptr = &s.signals};
    struct epoll_event on_accept = {.events = EPOLLIN, .data.ptr = &s.listener};
    bool ready = s.signals >= 0 && s.epoll >= 0 &&
                 epoll_ctl(s.epoll, EPOLL_CTL_ADD, s.signals, &on_signal) == 0 &&
                 epoll_ctl(s.epoll, EPOLL_CTL_ADD, listener, &on_accept) == 0;
    if (ready)
        run(&s);

    struct queue *const queues[] = {&s.open, &s.delayed, &s.lingering};
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++) {
        struct connection *c;
        while ((c = take_due(queues[i], INT64_MAX)))
            drop(&s, c);
    }
    text_free(&s.answer.body);
    if (s.epoll >= 0)
        close(s.epoll);
    if (s.signals >= 0)
        close(s.signals);
    close(listener);
    return ready;
}
