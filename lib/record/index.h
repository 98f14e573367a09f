/* SPDX-License-Identifier: Apache-2.0 */
/* Byte strings to small numbers: the first key added is 0, the next new one 1, and so on. Private
 * to record. Zero-initialised is empty. */
#ifndef SG_RECORD_INDEX_H
#define SG_RECORD_INDEX_H

#include "base/base.h"

#define SG_INDEX_NONE SIZE_MAX

/* Room for one more than `count` elements in an array of `*capacity`: grows by half as much again.
 * Unlike sg_grow it calls realloc only then; the new element is not set. */
void *sg_reserve(void *array, size_t count, size_t *capacity, size_t size) SG_MUST_USE;

struct sg_index_entry;

struct sg_index {
    struct sg_index_entry *entries; /* by number */
    size_t count, capacity;
    char *keys; /* one after the other */
    size_t keys_size, keys_capacity;
    size_t *slots; /* number + 1, 0 where free; open addressing, a power of two */
    size_t slots_count;
};

/* The key's number; new keys are copied in. */
size_t sg_index_add(struct sg_index *index, const void *key, size_t size);
/* The key's number, or SG_INDEX_NONE. */
size_t sg_index_find(const struct sg_index *index, const void *key, size_t size);
/* The key of a number, borrowed until the next add. */
const void *sg_index_key(const struct sg_index *index, size_t number, size_t *out_size);
/* The same as a string of its own. */
char *sg_index_name(const struct sg_index *index, size_t number) SG_MUST_USE;
void sg_index_clear(struct sg_index *index);

#endif
