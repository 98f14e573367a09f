/* SPDX-License-Identifier: Apache-2.0 */
/* From a bundle that may come from anybody to what svcgate publish sends. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "publish.h"
#include "report/report.h"

#define BUNDLE_MAX ((size_t)256 << 20)
#define BODY_MAX ((size_t)2 << 20)
#define MOST_REMARKS 100

static bool is_plain_pass(const struct sg_judgement *judgement)
{
    return judgement->verdict == SG_PASS && !judgement->warn;
}

/* Is a comment made where there is none? */
static bool is_wanted(const char *when, const struct sg_judgement *judgement)
{
    if (sg_streq(when, "always")) {
        return true;
    }
    if (sg_streq(when, "on-fail")) {
        return judgement->verdict == SG_FAIL || judgement->verdict == SG_INVALID;
    }
    return !is_plain_pass(judgement);
}

static const char *conclusion(enum sg_verdict verdict)
{
    switch (verdict) {
    case SG_PASS:
        return "success";
    case SG_INCONCLUSIVE:
        return "neutral";
    default:
        return "failure";
    }
}

static void take_remarks(struct publication *out, const struct sg_report *report)
{
    struct sg_remarks remarks = {0};
    sg_remarks_init(&remarks, report, MOST_REMARKS);
    out->remarks = sg_alloc(remarks.count + 1, sizeof(*out->remarks));
    for (size_t i = 0; out->config != NULL && i < remarks.count; i++) {
        struct sg_remark *from = &remarks.items[i];
        out->remarks[out->remarks_count++] = (struct sg_forge_remark){
            .level = sg_streq(from->level, "error") ? "failure" : from->level,
            .path = out->config,
            .line = from->line,
            .title = sg_strdup(from->title),
            .message = sg_strdup(from->message)};
    }
    out->title = sg_strdup(remarks.headline);
    sg_remarks_clear(&remarks);
}

static void take_common(struct publication *out, const struct publish_options *options)
{
    out->post = (struct sg_forge_post){.name = out->name,
                                       .body = out->body,
                                       .comment = !sg_streq(options->comment, "never"),
                                       .agent = svcgate_version,
                                       .timeout = options->timeout};
}

static bool take_report(struct publication *out, const struct publish_options *options,
                        const struct sg_report *report, struct sg_error *err)
{
    const struct sg_report_format *format = sg_report_format("comment", err);
    if (format == NULL) {
        return false;
    }
    struct sg_text text = {0};
    format->write(report, &text);
    out->body = sg_text_take(&text);
    out->name = sg_strdup(options->name != NULL ? options->name : report->session->service);
    out->config = sg_strdup(report->config);
    take_remarks(out, report);
    out->check = (struct sg_forge_check){.conclusion = conclusion(report->judgement->verdict),
                                         .title = out->title,
                                         .remarks = out->remarks,
                                         .remarks_count = out->remarks_count};
    take_common(out, options);
    out->post.create = is_wanted(options->comment, report->judgement);
    out->post.check = options->check ? &out->check : NULL;
    return true;
}

/* Readers of a comment cannot reach the runner's folders: the last part of the path is what they
 * may know the bundle by. NULL when that is no name. */
static char *bundle_name(const char *path)
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && path[start - 1] != '/') {
        start--;
    }
    char *name = sg_format("%.*s", (int)(end - start), path + start);
    if (name[0] != '\0' && !sg_streq(name, ".") && !sg_streq(name, "..")) {
        return name;
    }
    free(name);
    return NULL;
}

/* Only a session, only from a regular file: no link, and no other file that a bundle names. */
static bool load(const char *bundle, struct sg_session *out, struct sg_error *err)
{
    char *path = sg_folder_exists(bundle) ? sg_path_join(bundle, "session.json") : NULL;
    const char *name = path != NULL ? path : bundle;
    char *text = NULL;
    size_t size = 0;
    bool ok = sg_file_read_plain(name, BUNDLE_MAX, &text, &size, err) &&
              sg_session_read(text, size, name, out, err) && sg_session_check_whole(out, name, err);
    if (!ok && err->kind == SG_ERROR_CONFIG && (path != NULL || sg_file_exists(bundle))) {
        err->kind = SG_ERROR_DATA; /* the bundle is wrong, not the command line */
    }
    free(text);
    free(path);
    return ok;
}

bool publication_of_bundle(const struct publish_options *options, const char *bundle,
                           struct publication *out, struct sg_error *err)
{
    struct sg_session session = {0};
    struct sg_judgement judgement = {0};
    bool ok =
        load(bundle, &session, err) && judge_as_run(&session, options->baseline, &judgement, err);
    if (ok) {
        /* People would run what our comment tells them to. */
        free(session.command);
        session.command = NULL;
        char *name = sg_folder_exists(bundle) ? bundle_name(bundle) : NULL;
        struct sg_report report = {.session = &session,
                                   .judgement = &judgement,
                                   .bundle = name,
                                   .config = sg_session_config_path(&session),
                                   .baseline = options->baseline};
        ok = take_report(out, options, &report, err);
        free(name);
    }
    sg_judgement_clear(&judgement);
    sg_session_clear(&session);
    return ok;
}

bool publication_of_file(const struct publish_options *options, struct publication *out,
                         struct sg_error *err)
{
    if (!sg_file_read(options->body, BODY_MAX, &out->body, NULL, err)) {
        return false;
    }
    out->name = sg_strdup(options->name);
    take_common(out, options);
    out->post.create = options->comment == NULL || sg_streq(options->comment, "always");
    return true;
}

void publication_clear(struct publication *publication)
{
    for (size_t i = 0; i < publication->remarks_count; i++) {
        free((void *)publication->remarks[i].title);
        free((void *)publication->remarks[i].message);
    }
    free(publication->remarks);
    free(publication->name);
    free(publication->body);
    free(publication->title);
    free(publication->config);
    *publication = (struct publication){0};
}
