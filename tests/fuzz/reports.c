/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/reports.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static void check_results(const struct sg_judgement *judgement)
{
    assert(judgement->reason != NULL);
    for (size_t i = 0; i < judgement->results_count; i++) {
        const struct sg_result *result = &judgement->results[i];
        assert(result->reason != NULL);
        assert(!isinf(result->change) || result->verdict != SG_PASS || !result->gated);
        if (result->gated && result->verdict == SG_PASS) {
            assert(!isnan(result->change) || !isnan(result->limit) || result->change_raw == 0);
        }
    }
}

/* Controls of ASCII and of C1, and what turns the direction of text. */
static bool is_control(const unsigned char *at)
{
    return (*at < ' ' && *at != '\n' && *at != '\t') || *at == 0x7f ||
           (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f) ||
           (at[0] == 0xe2 && at[1] == 0x80 &&
            (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae))) ||
           (at[0] == 0xe2 && at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9);
}

/* `::word` at the start of a line, and `##[`. */
static bool is_command(const char *text, const char *at)
{
    if (strncmp(at, "##[", 3) == 0) {
        return true;
    }
    if (strncmp(at, "::", 2) != 0 || !isalpha((unsigned char)at[2])) {
        return false;
    }
    while (at > text && (at[-1] == ' ' || at[-1] == '\t')) {
        at--;
    }
    return at == text || at[-1] == '\n';
}

/* CSV and JSON keep a text as it is, escaped by their own rules; `github` speaks to the runner. */
void sg_check_text(const char *format, const char *text)
{
    if (sg_streq(format, "csv") || sg_streq(format, "json")) {
        return;
    }
    for (const char *at = text; *at != '\0'; at++) {
        assert(!is_control((const unsigned char *)at));
        assert(sg_streq(format, "github") || !is_command(text, at));
    }
}

void sg_check_judgement(const struct sg_session *session, const struct sg_judgement *judgement,
                        struct sg_text *out)
{
    struct sg_report report = {.session = session, .judgement = judgement, .title = "fuzz"};
    size_t count = 0;
    const struct sg_report_format *formats = sg_report_formats(&count);
    check_results(judgement);
    for (size_t i = 0; i < count; i++) {
        struct sg_text text = {0};
        formats[i].write(&report, &text);
        sg_check_text(formats[i].name, text.data != NULL ? text.data : "");
        sg_text_bytes(out, text.data, text.size);
        sg_text_free(&text);
    }
}
