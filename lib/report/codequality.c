/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab's code quality report: an entry for each gate that did not simply pass, on its line of
 * svcgate.yaml. Without a path or a line there is no entry: GitLab shows none without a place. */
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "report/formats.h"
#include "json/json.h"

static const char *severity(const struct sg_row *row)
{
    switch (row->state) {
    case SG_STATE_FAIL:
        return row->result->beyond ? "critical" : "major";
    case SG_STATE_INVALID:
        return "major";
    case SG_STATE_INCONCLUSIVE:
        return "minor";
    case SG_STATE_WARN:
    case SG_STATE_PASS:
        break;
    }
    return "info";
}

static void set_line(struct sg_json *object, const char *key, const char *text, size_t limit)
{
    char *line = sg_clean_line(text, limit);

    sg_json_set_string(object, key, line);
    free(line);
}

/* Of what the entry is about, not of its numbers: GitLab tells by it what is new and what is gone.
 */
static void set_fingerprint(struct sg_json *entry, const struct sg_row *row)
{
    char *text = sg_format("%s\n%s", row->result->variant, row->label);
    char hex[65];

    sg_sha256_hex(text, strlen(text), hex);
    sg_json_set_string(entry, "fingerprint", hex);
    free(text);
}

static void set_location(struct sg_json *entry, const char *path, int line)
{
    struct sg_json *location = sg_json_new_object();
    struct sg_json *lines = sg_json_new_object();

    sg_json_set_number(lines, "begin", line);
    set_line(location, "path", path, SG_SHOWN_SENTENCE);
    sg_json_set(location, "lines", lines);
    sg_json_set(entry, "location", location);
}

static struct sg_json *new_entry(const struct sg_report *report, const struct sg_row *row)
{
    const struct sg_result *result = row->result;
    struct sg_json *entry = sg_json_new_object();
    char *description =
        sg_format("%s of %s: %s: %s", row->label, result->variant, sg_state_word(row->state),
                  result->reason != NULL ? result->reason : "no reason is known");
    char *check = sg_format("svcgate.%s", result->metric);

    set_line(entry, "description", description, SG_SHOWN_SENTENCE);
    set_line(entry, "check_name", check, SG_SHOWN_NAME);
    sg_json_set_string(entry, "severity", severity(row));
    set_fingerprint(entry, row);
    set_location(entry, report->config, result->line);
    free(description);
    free(check);
    return entry;
}

void sg_write_codequality(const struct sg_report *report, struct sg_text *out)
{
    struct sg_json *entries = sg_json_new_array();
    struct sg_view view;

    sg_view_init(&view, report);
    for (size_t i = 0; report->config != NULL && i < view.count; i++) {
        const struct sg_row *row = &view.rows[i];
        if (row->state != SG_STATE_PASS && row->result->line > 0)
            sg_json_push(entries, new_entry(report, row));
    }
    char *text = sg_json_write(entries, 2);
    sg_text_add(out, text);
    free(text);
    sg_json_free(entries);
    sg_view_clear(&view);
}
