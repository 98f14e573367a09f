/* SPDX-License-Identifier: Apache-2.0 */
/* What the structure-aware mutators share: an input that is changed in place, and chance. */
#ifndef SG_FUZZ_MUTATE_H
#define SG_FUZZ_MUTATE_H

#include "base/base.h"

/* Of libFuzzer: its own changes of bytes, and what it asks for. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned int seed);

struct sg_mutant {
    char *data; /* room for `max` bytes */
    size_t size, max;
    uint64_t chance;
};

/* A number from 0 to `count` − 1; `count` is above 0. */
size_t sg_mutant_below(struct sg_mutant *mutant, size_t count);
/* Puts `size` bytes (SIZE_MAX: a string's) in place of those from `from` to `to`, where there is
 * room. `bytes` may not lie in the mutant itself. */
void sg_mutant_replace(struct sg_mutant *mutant, size_t from, size_t to, const char *bytes,
                       size_t size);
#define SG_MUTANT_ANY(mutant, list) ((list)[sg_mutant_below((mutant), SG_COUNT(list))])

/* A format's own part: mutate_<format>.c. One change each, or none where nothing fits. */
struct sg_mutator {
    void (*change)(struct sg_mutant *mutant);
    void (*cross)(struct sg_mutant *into, struct sg_mutant *from);
};
extern const struct sg_mutator sg_mutator;

#endif
