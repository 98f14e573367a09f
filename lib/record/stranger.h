/* SPDX-License-Identifier: Apache-2.0 */
/* Files that other tools wrote, handed to svcgate as they are. Private to record. */
#ifndef SG_RECORD_STRANGER_H
#define SG_RECORD_STRANGER_H

#include "base/error.h"

/* Where text that could not be read is recognised as the output of another tool, `err` becomes the
 * sentence that names the tool and what to do; else it stays. Always false. */
bool sg_stranger_fail(const char *text, size_t size, const char *name, struct sg_error *err);

#endif
