/* SPDX-License-Identifier: Apache-2.0 */
/* A buffer that grows, and the few ways in which bytes and JSON get into it. */
#ifndef CATALOGUE_TEXT_H
#define CATALOGUE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed struct is an empty text. `data` is not NUL-terminated and may hold any byte. */
struct text {
    char *data;
    size_t len;
    size_t cap;
};

/* Memory runs out only when somebody asks for that with FAULT_MEMORY_KB; then the process says so
 * and ends, as the other implementations of the service do. */
void text_bytes(struct text *t, const char *data, size_t len);
void text_string(struct text *t, const char *s);
void text_number(struct text *t, uint64_t number);
void text_spaces(struct text *t, size_t count);

/* A JSON string with its quotes, escaped exactly as JSON.stringify of JavaScript does. */
void text_quoted(struct text *t, const char *data, size_t len);

bool text_is_utf8(const struct text *t);
void text_clear(struct text *t);
void text_free(struct text *t);

#endif
