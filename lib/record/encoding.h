/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are text, but not UTF-8, and files that are none. Private to record. */
#ifndef SG_RECORD_ENCODING_H
#define SG_RECORD_ENCODING_H

#include "base/error.h"
#include "base/text.h"

/* UTF-16 with a byte order mark (Windows PowerShell's `>`, Excel's "Unicode text") as UTF-8 in
 * *out; other text leaves it empty and is used as it is. What holds a NUL or is a workbook or an
 * archive is refused with what to do (SG_ERROR_CONFIG); `name` opens the sentence. */
bool sg_encoding_read(const char *text, size_t size, const char *name, struct sg_text *out,
                      struct sg_error *err) SG_MUST_USE;

#endif
