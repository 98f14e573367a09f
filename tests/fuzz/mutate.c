/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer's doors of a structure-aware mutator; the same seed gives the same change. */
#include "fuzz/mutate.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t draw(struct sg_mutant *mutant)
{
    uint64_t z = mutant->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t sg_mutant_below(struct sg_mutant *mutant, size_t count)
{
    return (size_t)(draw(mutant) % count);
}

void sg_mutant_replace(struct sg_mutant *mutant, size_t from, size_t to, const char *bytes,
                       size_t size)
{
    size = size == SIZE_MAX ? strlen(bytes) : size;
    if (mutant->size - (to - from) + size > mutant->max) {
        return;
    }
    memmove(mutant->data + from + size, mutant->data + to, mutant->size - to);
    memcpy(mutant->data + from, bytes, size);
    mutant->size = mutant->size - (to - from) + size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    struct sg_mutant mutant = {(char *)data, size, max_size, seed};
    size_t changes = 1 + sg_mutant_below(&mutant, 3);
    if (sg_mutant_below(&mutant, 8) == 0) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    char *before = sg_alloc(size + 1, 1);
    memcpy(before, data, size);
    for (size_t i = 0; i < changes; i++) {
        sg_mutator.change(&mutant);
    }
    bool same = mutant.size == size && memcmp(before, data, size) == 0;
    free(before);
    return same ? LLVMFuzzerMutate(data, size, max_size) : mutant.size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned int seed)
{
    size_t kept = size1 < max_out ? size1 : max_out;
    memcpy(out, data1, kept);
    char *other = sg_alloc(size2 + 1, 1);
    memcpy(other, data2, size2);
    struct sg_mutant into = {(char *)out, kept, max_out, seed};
    struct sg_mutant from = {other, size2, size2, seed};
    sg_mutator.cross(&into, &from);
    free(other);
    return into.size;
}
