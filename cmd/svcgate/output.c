/* SPDX-License-Identifier: Apache-2.0 */
/* Reports to files and to standard output. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "report/report.h"
#include "verbs.h"

bool stdout_has_color(void)
{
    return isatty(STDOUT_FILENO) && sg_env("NO_COLOR") == NULL && !sg_streq(sg_env("TERM"), "dumb");
}

/* "md:path" → format and path; the path may be absent. */
static const struct sg_report_format *split(const char *word, const char **out_path,
                                            struct sg_error *err)
{
    const char *colon = strchr(word, ':');
    char *name = colon != NULL ? sg_format("%.*s", (int)(colon - word), word) : sg_strdup(word);
    const struct sg_report_format *format = sg_report_format(name, err);
    *out_path = colon != NULL ? colon + 1 : NULL;
    free(name);
    return format;
}

bool check_formats(const struct sg_strings *formats, struct sg_error *err)
{
    for (size_t i = 0; i < formats->count; i++) {
        const char *path = NULL;
        if (split(formats->items[i], &path, err) == NULL) {
            return sg_error_context(err, "--format %s", formats->items[i]);
        }
    }
    return true;
}

/* The report for a terminal is read here; all others may be read by anybody, who has no use for
 * this machine's folders. */
static void write_text(const struct sg_report_format *format, bool to_file,
                       const struct sg_report *report, struct sg_text *out)
{
    bool here = !to_file && sg_streq(format->name, "text");
    bool whole = here || report->show_host;
    char *title = whole ? NULL : sg_path_short(report->title);
    char *bundle = whole ? NULL : sg_path_short(report->bundle);
    char *baseline = whole ? NULL : sg_path_short(report->baseline);
    struct sg_report styled = *report;
    styled.color = !to_file && stdout_has_color();
    if (!whole) {
        styled.title = title;
        styled.bundle = bundle;
        styled.baseline = baseline;
    }
    format->write(&styled, out);
    free(title);
    free(bundle);
    free(baseline);
}

static bool write_one(const struct sg_report_format *format, const char *path,
                      const struct sg_report *report, struct sg_error *err)
{
    struct sg_text text = {0};
    write_text(format, path != NULL, report, &text);
    bool ok = true;
    if (path != NULL) {
        ok = sg_file_write(path, text.data != NULL ? text.data : "", text.size, err);
    } else if (fwrite(text.data, 1, text.size, stdout) != text.size) {
        ok = sg_fail(err, SG_ERROR_IO, "standard output could not be written");
    }
    sg_text_free(&text);
    return ok;
}

/* A path that does not end like the format's own file ("plots.svg") is a folder, where the format
 * has parts. */
static bool is_folder(const struct sg_report_format *format, const char *path)
{
    return format->write_files != NULL && path != NULL &&
           !sg_ends_with(path, strrchr(format->file, '.'));
}

static bool write_parts(const struct sg_report_format *format, const char *folder,
                        const struct sg_report *report, struct sg_error *err)
{
    struct sg_report_files files = {0};
    format->write_files(report, &files);
    bool ok = sg_folder_make(folder, err);
    for (size_t i = 0; ok && i < files.count; i++) {
        const struct sg_text *text = &files.items[i].text;
        char *path = sg_path_join(folder, files.items[i].name);
        ok = sg_file_write(path, text->data, text->size, err);
        free(path);
    }
    sg_report_files_clear(&files);
    return ok;
}

bool write_formats(const struct sg_strings *formats, const struct sg_report *report,
                   struct sg_error *err)
{
    if (formats->count == 0) {
        const char *name = isatty(STDOUT_FILENO) ? "text" : "md";
        const struct sg_report_format *format = sg_report_format(name, err);
        return format != NULL && write_one(format, NULL, report, err);
    }
    for (size_t i = 0; i < formats->count; i++) {
        const char *path = NULL;
        const struct sg_report_format *format = split(formats->items[i], &path, err);
        bool ok =
            format != NULL && (is_folder(format, path) ? write_parts(format, path, report, err)
                                                       : write_one(format, path, report, err));
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool write_bundle_reports(const char *bundle, const struct sg_report *report, struct sg_error *err)
{
    static const char *const names[] = {"md", "json", "html"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        const struct sg_report_format *format = sg_report_format(names[i], err);
        char *path = format != NULL ? sg_path_join(bundle, format->file) : NULL;
        bool ok = path != NULL && write_one(format, path, report, err);
        free(path);
        if (!ok) {
            return false;
        }
    }
    return true;
}

const struct sg_series_set *load_series(const char *bundle, struct sg_series_set *out)
{
    struct sg_error err = {0};
    if (bundle != NULL && !sg_series_load(bundle, out, &err)) {
        complain("warning: %s; nothing over time is drawn", err.text);
    }
    return out;
}
