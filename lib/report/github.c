/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub workflow commands: remarks as annotations. GitHub shows at most 10 errors and 10 warnings
 * of a step. */
#include "report/formats.h"
#include "view/escape.h"

#define MOST 9 /* and one that says how many more */

static void write_command(struct sg_text *out, const char *config, const struct sg_remark *remark)
{
    sg_text_printf(out, "::%s ", remark->level);
    if (config != NULL) {
        sg_text_add(out, "file=");
        sg_command_text(out, config, true);
        sg_text_printf(out, ",line=%d,", remark->line);
    }
    sg_text_add(out, "title=");
    sg_command_text(out, remark->title, true);
    sg_text_add(out, "::");
    sg_command_text(out, remark->message, false);
    sg_text_add(out, "\n");
}

void sg_write_github(const struct sg_report *report, struct sg_text *out)
{
    struct sg_remarks remarks;

    sg_remarks_init(&remarks, report, MOST);
    for (size_t i = 0; i < remarks.count; i++)
        write_command(out, report->config, &remarks.items[i]);
    sg_remarks_clear(&remarks);
}
