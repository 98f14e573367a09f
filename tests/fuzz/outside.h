/* SPDX-License-Identifier: Apache-2.0 */
/* In place of lib/http, chosen at link time: every request is answered from the fuzzer's input, and
 * none leaves the process. A part of the input an answer: a status, header lines, an empty line,
 * the body; or the body alone, of an answer with status 200. A line "%%" ends a part. When no part
 * is left, the network is down. */
#ifndef SG_FUZZ_OUTSIDE_H
#define SG_FUZZ_OUTSIDE_H

#include "base/base.h"

/* The answers from now on, and what every address must start with. `text` must stay. */
void sg_outside_begin(const char *text, size_t size, const char *address);

#endif
