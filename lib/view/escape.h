/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping where strings leave: one function a place of a format. All clean their text first
 * (clean.h), so that a hostile name, reason or log stays what it is: text. */
#ifndef SG_VIEW_ESCAPE_H
#define SG_VIEW_ESCAPE_H

#include "base/text.h"

/* GitHub Markdown, running text or a table cell, always one line. Mentions, issue references and
 * bare links are broken by a zero-width space, because GitHub resolves them after all escapes. */
void sg_markdown_text(struct sg_text *out, const char *text);

/* A code span for a name, safe in a table cell too. */
void sg_markdown_code(struct sg_text *out, const char *text);

/* A fenced block of the last lines of `text`, each behind `indent`; nothing when empty. */
void sg_markdown_fence(struct sg_text *out, const char *text, const char *language,
                       const char *indent);

/* XML 1.0 attribute value or character data; newlines stay as character references. */
void sg_xml_text(struct sg_text *out, const char *text);

/* Data, or (with `property`) a property, of a GitHub workflow command. */
void sg_command_text(struct sg_text *out, const char *text, bool property);

/* One CSV field, quoted when it must be (RFC 4180); not cleaned, because it is read again. */
void sg_csv_field(struct sg_text *out, const char *text);

#endif
