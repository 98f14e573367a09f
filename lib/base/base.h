/* SPDX-License-Identifier: Apache-2.0 */
/* The toolbox under every room: errors, text, files, processes, clock, options, units.
 * Nothing here knows what svcgate measures. This header holds only the attributes that all share.
 *
 * Memory: sg_alloc and friends never return NULL; when the machine is out of memory they end the
 * process with exit code 5 (inputs are bounded, so this is not how bad input shows itself).
 * What a _new or an out-parameter gives is the caller's, to be freed with free() unless said. */
#ifndef SG_BASE_BASE_H
#define SG_BASE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SG_MUST_USE __attribute__((warn_unused_result))
#define SG_PRINTF(at, first) __attribute__((format(printf, at, first)))
#define SG_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ends the process with exit code 5, for those who call what allocates by itself. */
_Noreturn void sg_out_of_memory(void);

/* Zeroed memory for `count` objects of `size` bytes. */
void *sg_alloc(size_t count, size_t size) SG_MUST_USE;

/* Resizes `old` to `count` objects of `size` bytes; new bytes are not set. */
void *sg_realloc(void *old, size_t count, size_t size) SG_MUST_USE;

/* A copy of `text`; NULL gives NULL. */
char *sg_strdup(const char *text) SG_MUST_USE;

/* printf into new memory. */
char *sg_format(const char *format, ...) SG_PRINTF(1, 2) SG_MUST_USE;
char *sg_format_list(const char *format, va_list args) SG_MUST_USE;

/* Grows an array that holds `count` elements by one: returns the array, possibly moved; the new
 * element is zeroed. Adding one by one takes linear time. */
void *sg_grow(void *array, size_t count, size_t size) SG_MUST_USE;

#endif
