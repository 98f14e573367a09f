/* SPDX-License-Identifier: Apache-2.0 */
/* Private to forge: what GitHub and GitLab differ in, and the parts that publishing is made of. */
#ifndef SG_FORGE_INTERNAL_H
#define SG_FORGE_INTERNAL_H

#include "forge/forge.h"

#include "json/json.h"

#define SG_FORGE_PAGE 100  /* elements that a page is asked for */
#define SG_FORGE_PAGES 100 /* that are looked at: more comments than any request may have */

/* --- A forge ------------------------------------------------------------------------------- */

struct sg_connection;

struct sg_forge {
    const char *name;                   /* "github" */
    const char *title;                  /* "GitHub" */
    const char *request_word;           /* "pull request" */
    const char *job_variable;           /* set in every job of its CI */
    const char *const *token_variables; /* NULL-terminated */
    const char *no_token;               /* what to do about it: a sentence */
    const char *job_token;              /* variable of a token that cannot comment, or NULL */
    const char *token_header;           /* "PRIVATE-TOKEN: " */
    const char *const *headers;         /* NULL-terminated */
    size_t body_limit;                  /* bytes of a comment */
    const char *update_method;          /* of a comment */
    const char *author;                 /* key of a comment's author */
    bool checks;                        /* has check runs */

    /* Fills what flags left open from the environment. */
    bool (*settle)(struct sg_forge_place *place, struct sg_error *err);
    /* Paths below the API's address, with numbers or placeholders. Callers free. */
    char *(*comments)(const struct sg_forge_place *place, const char *request);
    char *(*comment)(const struct sg_forge_place *place, const char *request, const char *id);
    /* The Markdown as it is sent. Caller frees. */
    char *(*text)(const char *body);
    /* The login of the program that a token without a user belongs to, caller frees; NULL: such a
     * token is refused. */
    bool (*program)(const struct sg_connection *connection, char **out, struct sg_error *err);
    /* What to do about a refusal with this status, or NULL. */
    const char *(*advice)(long status);
};

extern const struct sg_forge sg_github, sg_gitlab;

/* --- Where to ------------------------------------------------------------------------------- */

/* github_event.c: request, head and commit from the event that started the workflow. */
bool sg_github_event_read(const char *text, size_t size, const char *event,
                          struct sg_forge_place *place, struct sg_error *err) SG_MUST_USE;

/* address.c: https, or http to localhost, 127.0.0.1 or [::1]; without user, query or fragment.
 * *out is without slashes at its end. */
bool sg_forge_address(const char *url, char **out, struct sg_error *err) SG_MUST_USE;

/* --- Asking --------------------------------------------------------------------------------- */

struct sg_connection {
    const struct sg_forge_place *place;
    const char *token;
    const char *agent;
    int64_t deadline; /* monotonic */
    double try_timeout;
};

struct sg_answer {
    long status;
    struct sg_json *json; /* NULL: none, or not JSON */
    char *message;        /* what the forge says to a refusal, cleaned, or NULL */
    char *next;           /* query of the next page, or NULL */
    bool busy;            /* come again, after … */
    int64_t retry_after;  /* … so many seconds, 0: not said */
};

/* Asks once (`tries` 1), or until there is an answer that counts. True with any status; a success
 * without JSON is an error. */
bool sg_forge_ask(const struct sg_connection *connection, const char *method, const char *path,
                  const struct sg_json *body, int tries, struct sg_answer *out,
                  struct sg_error *err) SG_MUST_USE;
void sg_answer_clear(struct sg_answer *answer);
bool sg_answer_is_good(const struct sg_answer *answer); /* 2xx */

/* Sleeps before another try: as long as the answer says, else longer from time to time. False (and
 * *err stays) when that would be past the deadline, or after an interruption. */
bool sg_forge_wait(const struct sg_connection *connection, int tries_done, int64_t retry_after);

/* ourselves.c: the token's user, or the program that has it. */
struct sg_ourselves {
    double id;   /* of the user; 0: a program */
    char *login; /* of the program, or NULL */
};
bool sg_forge_ourselves(const struct sg_connection *connection, struct sg_ourselves *out,
                        struct sg_error *err) SG_MUST_USE;
bool sg_is_ourselves(const struct sg_ourselves *ourselves, const struct sg_json *author);
void sg_ourselves_clear(struct sg_ourselves *ourselves);
/* github_program.c */
bool sg_github_program(const struct sg_connection *connection, char **out,
                       struct sg_error *err) SG_MUST_USE;

/* refusal.c: the error for an answer that is no success: what was asked, what to do. Returns
 * false. */
bool sg_refused(const struct sg_connection *connection, const struct sg_answer *answer,
                const char *doing, struct sg_error *err);
/* Text of a server fit for one line: at most `limit` bytes, no control characters, and without the
 * token, should it be repeated there. NULL gives NULL. Caller frees. */
char *sg_one_line(const struct sg_connection *connection, const char *text,
                  size_t limit) SG_MUST_USE;

/* pages.c: a list that comes in pages, and what is done with each of its elements. */
struct sg_list {
    const char *path;  /* of the first page */
    const char *key;   /* of the list in the answer; NULL when it is the answer itself */
    const char *doing; /* "list the comments of …": for errors */
    void (*take)(const struct sg_json *element, void *to);
    void *to;
};
bool sg_forge_pages(const struct sg_connection *connection, const struct sg_list *list,
                    struct sg_error *err) SG_MUST_USE;
/* "page=2&per_page=100" out of a Link header or X-Next-Page; NULL on the last page. Only the query
 * is ever taken from the server. Caller frees. */
char *sg_next_page(const char *link, const char *next_page, const char *path) SG_MUST_USE;

/* --- What is sent --------------------------------------------------------------------------- */

/* marker.c: a name cut down to letters, digits and "._-"; "svcgate" when nothing is left. Callers
 * free. */
char *sg_clean_name(const char *name) SG_MUST_USE;
/* "<!-- svcgate:NAME -->" with the clean name. */
char *sg_marker(const char *name) SG_MUST_USE;
/* Is it the comment's first line? */
bool sg_has_marker(const char *body, const char *marker);
/* The same but for spaces at the end and the kind of line ends? */
bool sg_same_text(const char *a, const char *b);
/* Marker and Markdown as they are sent; SG_ERROR_CONFIG when that is too long for the forge or no
 * UTF-8. Caller frees. */
bool sg_comment_text(const struct sg_forge_place *place, const struct sg_forge_post *post,
                     char **out, struct sg_error *err) SG_MUST_USE;
struct sg_json *sg_comment_json(const char *text);

/* gitlab_text.c: without lines and words that GitLab would take for commands and references.
 * Caller frees. */
char *sg_gitlab_text(const char *body) SG_MUST_USE;

/* comment.c: under request out->request; sets out->done and out->url. */
bool sg_comment_publish(const struct sg_connection *connection, const struct sg_forge_post *post,
                        struct sg_forge_outcome *out, struct sg_error *err) SG_MUST_USE;

/* github_lookup.c: the one open pull request with this head and commit. 0 and a note when there is
 * none; several are an error. */
char *sg_github_pulls(const struct sg_forge_place *place) SG_MUST_USE;
bool sg_github_lookup(const struct sg_connection *connection, int *out_number, char **out_note,
                      struct sg_error *err) SG_MUST_USE;

/* github_check.c: out->checked, or out->warning where the token may not make one. */
bool sg_github_check(const struct sg_connection *connection, const struct sg_forge_post *post,
                     struct sg_forge_outcome *out, struct sg_error *err) SG_MUST_USE;
char *sg_github_checks(const struct sg_forge_place *place) SG_MUST_USE;
/* The body of the request with the remarks from `first` on, at most 50. */
struct sg_json *sg_github_check_json(const struct sg_forge_place *place,
                                     const struct sg_forge_post *post, size_t first);

#endif
