/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate publish: a bundle's report as a comment under the pull or merge request. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/process.h"
#include "publish.h"

#define ROW(name, type, argument, help, member, fallback)                                          \
    {                                                                                              \
        name, 0, type, argument, help, offsetof(struct publish_options, member), fallback          \
    }

static const struct sg_option rows[] = {
    ROW("comment", SG_OPTION_STRING, "always|on-change|on-fail|never",
        "make a first comment: always; unless all is well (on-change, the default); when it failed "
        "or is invalid (on-fail). An existing one is always updated, but for never",
        comment, NULL),
    ROW("check", SG_OPTION_FLAG, NULL, "also make a check run with annotations (GitHub)", check,
        NULL),
    ROW("name", SG_OPTION_STRING, "NAME",
        "of this configuration; each has its own comment (default: the service)", name, NULL),
    ROW("baseline", SG_OPTION_STRING, "FILE",
        "the stored baseline that the session was held against", baseline, NULL),
    ROW("forge", SG_OPTION_STRING, "github|gitlab", "where to (default: the CI job's)", forge,
        NULL),
    ROW("repository", SG_OPTION_STRING, "NAME", "OWNER/NAME, or GitLab's path or number",
        repository, NULL),
    ROW("request", SG_OPTION_INT, "N", "number of the pull or merge request", request, NULL),
    ROW("commit", SG_OPTION_STRING, "SHA", "of the check run", commit, NULL),
    ROW("api", SG_OPTION_STRING, "URL", "address of the API, https", api, NULL),
    ROW("token-file", SG_OPTION_STRING, "FILE",
        "holds the token (default: SVCGATE_TOKEN, GITHUB_TOKEN, GH_TOKEN; GITLAB_TOKEN)",
        token_file, NULL),
    ROW("timeout", SG_OPTION_DURATION, "TIME", "for everything, with all tries", timeout, "2m"),
    ROW("dry-run", SG_OPTION_FLAG, NULL, "print what would be sent; needs no token", dry_run, NULL),
    ROW("body", SG_OPTION_STRING, "FILE", "send this Markdown instead of a bundle's report", body,
        NULL),
    ROW("save", SG_OPTION_STRING, "FILE",
        "where the comment is left when it could not be sent (default: svcgate-comment.md beside "
        "the bundle)",
        save, NULL),
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

static bool check_comment(const char *word, struct sg_error *err)
{
    static const char *const words[] = {"always", "on-change", "on-fail", "never"};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        if (word == NULL || sg_streq(word, words[i])) {
            return true;
        }
    }
    return sg_fail(err, SG_ERROR_CONFIG, "--comment %s: it is always, on-change, on-fail or never",
                   word);
}

/* In a CI job whatever ran before may have set variables for the steps after it: the token goes to
 * the job's own API, or to where the command line says. */
static bool check_api(const struct publish_options *o, const enum sg_option_source *sources,
                      struct sg_error *err)
{
    size_t at = 0;
    while (!sg_streq(rows[at].name, "api")) {
        at++;
    }
    return o->api == NULL || sources[at] != SG_FROM_ENVIRONMENT ||
           (sg_env("GITHUB_ACTIONS") == NULL && sg_env("GITLAB_CI") == NULL) ||
           sg_fail(
               err, SG_ERROR_CONFIG,
               "SVCGATE_API is not taken in a CI job, where any step can set it: the token goes "
               "to the job's own API; --api names another one");
}

static bool check_options(const struct publish_options *o, const struct sg_strings *words,
                          struct sg_error *err)
{
    size_t sources = words->count + (o->body != NULL);
    if (sources != 1) {
        return sg_fail(err, SG_ERROR_CONFIG, "svcgate publish needs one bundle, or --body FILE");
    }
    if (o->body != NULL && (o->check || o->name == NULL)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       o->check ? "--check needs a bundle, not --body"
                                : "--body needs --name: whose comment is it?");
    }
    return check_comment(o->comment, err);
}

static const char *sentence(enum sg_forge_done done)
{
    switch (done) {
    case SG_FORGE_CREATED:
        return "comment made under";
    case SG_FORGE_UPDATED:
        return "comment updated under";
    case SG_FORGE_UNCHANGED:
        return "comment is up to date under";
    default:
        return "no comment needed under";
    }
}

static void tell(const struct sg_forge_place *place, const struct sg_forge_outcome *outcome)
{
    const char *url = outcome->url;
    if (outcome->done != SG_FORGE_NOTHING) {
        print_clean(stdout, "%s %s %d%s%s\n", sentence(outcome->done),
                    sg_forge_request_word(place->forge), outcome->request, url != NULL ? ": " : "",
                    url != NULL ? url : "");
    }
    if (outcome->note != NULL) {
        print_clean(stdout, "no comment: %s\n", outcome->note);
    }
    if (outcome->checked) {
        (void)printf("check run made\n");
    }
    if (outcome->warning != NULL) {
        complain("warning: %s", outcome->warning);
    }
}

/* What could not be sent is not lost. */
static void keep(const struct publish_options *o, const char *bundle,
                 const struct sg_forge_place *place, const struct sg_forge_post *post)
{
    char *path = NULL;
    char *command = NULL;
    struct sg_error err = {0};
    if (o->body != NULL || !post->comment) {
        return;
    }
    if (sg_forge_keep(place, post, bundle, o->save, &path, &command, &err)) {
        complain("the comment is in %s; to send it later, with a token:\n  %s", path, command);
    } else {
        (void)report_error(&err);
    }
    free(path);
    free(command);
}

static int send(const struct publish_options *o, const char *bundle,
                const struct sg_forge_place *place, const struct sg_forge_post *post)
{
    struct sg_forge_outcome outcome = {0};
    struct sg_error err = {0};
    char *token = NULL;
    bool ok = sg_forge_token(place->forge, o->token_file, &token, &err) &&
              sg_forge_publish(place, post, token, &outcome, &err);
    int status = ok ? EXIT_PASS : report_error(&err);
    tell(place, &outcome);
    if (!ok && outcome.done == SG_FORGE_NOTHING && outcome.note == NULL) {
        keep(o, bundle, place, post);
    }
    sg_forge_outcome_clear(&outcome);
    free(token);
    return status;
}

static int preview(const struct sg_forge_place *place, const struct sg_forge_post *post)
{
    struct sg_text text = {0};
    struct sg_error err = {0};
    bool ok = sg_forge_preview(place, post, &text, &err);
    if (ok) {
        (void)fputs(text.data, stdout);
    }
    sg_text_free(&text);
    return ok ? EXIT_PASS : report_error(&err);
}

static int publish(const struct publish_options *o, const char *bundle)
{
    struct sg_forge_wish wish = {.forge = o->forge,
                                 .api = o->api,
                                 .repository = o->repository,
                                 .request = o->request,
                                 .commit = o->commit};
    struct sg_forge_place place = {0};
    struct publication what = {0};
    struct sg_error err = {0};
    bool ok = sg_forge_find(&wish, &place, &err) &&
              (bundle != NULL ? publication_of_bundle(o, bundle, &what, &err)
                              : publication_of_file(o, &what, &err));
    int status = EXIT_PASS;
    if (!ok) {
        status = report_error(&err);
    } else if (o->dry_run) {
        status = preview(&place, &what.post);
    } else {
        status = send(o, bundle, &place, &what.post);
    }
    publication_clear(&what);
    sg_forge_place_clear(&place);
    return status;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct publish_options options = {0};
    struct sg_strings words = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    enum sg_option_source sources[SG_COUNT(rows)];
    if (!verb_parse_sources(verb, argc, argv, &options, &words, sources, &status)) {
        return status;
    }
    sg_process_no_core();
    sg_interrupt_install();
    status = check_api(&options, sources, &err) && check_options(&options, &words, &err)
                 ? publish(&options, words.count > 0 ? words.items[0] : NULL)
                 : report_error(&err);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_publish = {
    "publish", "put a bundle's report under its pull or merge request",
    "svcgate publish [options] BUNDLE\n\n"
    "Makes one comment, or updates the one that is there. Of the bundle only\n"
    "session.json is read; the verdict is computed anew. What could not be sent\n"
    "is left as a file, with the command that sends it. Exit status: 0 published\n"
    "or nothing to do, 3 broken bundle, 4 usage, 5 could not be sent.",
    rows, run};
