/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table that numbers its keys in the order of their arrival. */
#define _DEFAULT_SOURCE /* getentropy */
#include "record/index.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

struct sg_index_entry {
    uint64_t hash;
    size_t offset, size; /* in keys */
};

void *sg_reserve(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return array;
    }
    *capacity += *capacity / 2 + 32;
    return sg_realloc(array, *capacity, size);
}

/* Drawn anew in each process: whoever writes a file cannot choose names that meet in one slot. What
 * comes out does not depend on it. */
static uint64_t hash_of(const void *key, size_t size)
{
    static uint64_t secret;
    if (secret == 0 && getentropy(&secret, sizeof(secret)) != 0) {
        secret = 1;
    }
    return sg_hash_more(secret, key, size);
}

static bool is_key(const struct sg_index *index, size_t number, uint64_t hash, const void *key,
                   size_t size)
{
    const struct sg_index_entry *entry = &index->entries[number];
    return entry->hash == hash && entry->size == size &&
           (size == 0 || memcmp(index->keys + entry->offset, key, size) == 0);
}

/* The slot that holds the key, or the free one where it belongs. The table is never full. */
static size_t slot_of(const struct sg_index *index, uint64_t hash, const void *key, size_t size)
{
    size_t mask = index->slots_count - 1;
    size_t at = (size_t)(hash ^ (hash >> 32)) & mask;
    while (index->slots[at] != 0 && !is_key(index, index->slots[at] - 1, hash, key, size)) {
        at = (at + 1) & mask;
    }
    return at;
}

static void grow_slots(struct sg_index *index)
{
    free(index->slots);
    index->slots_count = index->slots_count == 0 ? 64 : 2 * index->slots_count;
    index->slots = sg_alloc(index->slots_count, sizeof(*index->slots));
    for (size_t i = 0; i < index->count; i++) {
        const struct sg_index_entry *entry = &index->entries[i];
        index->slots[slot_of(index, entry->hash, index->keys + entry->offset, entry->size)] = i + 1;
    }
}

static size_t keep_key(struct sg_index *index, const void *key, size_t size)
{
    size_t offset = index->keys_size;
    if (index->keys_capacity - offset < size || index->keys == NULL) {
        index->keys_capacity = 2 * index->keys_capacity + size + 256;
        index->keys = sg_realloc(index->keys, index->keys_capacity, 1);
    }
    if (size > 0) {
        memcpy(index->keys + offset, key, size);
    }
    index->keys_size += size;
    return offset;
}

size_t sg_index_add(struct sg_index *index, const void *key, size_t size)
{
    if (2 * (index->count + 1) > index->slots_count) {
        grow_slots(index);
    }
    uint64_t hash = hash_of(key, size);
    size_t slot = slot_of(index, hash, key, size);
    if (index->slots[slot] != 0) {
        return index->slots[slot] - 1;
    }
    index->entries =
        sg_reserve(index->entries, index->count, &index->capacity, sizeof(*index->entries));
    size_t offset = keep_key(index, key, size);
    index->entries[index->count] =
        (struct sg_index_entry){.hash = hash, .offset = offset, .size = size};
    index->count++;
    index->slots[slot] = index->count;
    return index->count - 1;
}

size_t sg_index_find(const struct sg_index *index, const void *key, size_t size)
{
    if (index->count == 0) {
        return SG_INDEX_NONE;
    }
    size_t number = index->slots[slot_of(index, hash_of(key, size), key, size)];
    return number == 0 ? SG_INDEX_NONE : number - 1;
}

const void *sg_index_key(const struct sg_index *index, size_t number, size_t *out_size)
{
    const struct sg_index_entry *entry = &index->entries[number];
    *out_size = entry->size;
    return index->keys + entry->offset;
}

char *sg_index_name(const struct sg_index *index, size_t number)
{
    size_t size = 0;
    const void *key = sg_index_key(index, number, &size);
    char *name = sg_alloc(size + 1, 1);
    memcpy(name, key, size);
    return name;
}

void sg_index_clear(struct sg_index *index)
{
    free(index->entries);
    free(index->keys);
    free(index->slots);
    *index = (struct sg_index){0};
}
