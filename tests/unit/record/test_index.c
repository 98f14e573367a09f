/* SPDX-License-Identifier: Apache-2.0 */
/* Numbering keys. */
#include "unit/record/full.h"

#include <stdio.h>

#include "base/text.h"
#include "record/index.h"

static void keys_are_numbered_in_the_order_of_their_arrival(void **state)
{
    (void)state;
    struct sg_index index = {0};
    assert_int_equal(sg_index_add(&index, "a", 1), 0);
    assert_int_equal(sg_index_add(&index, "", 0), 1);
    assert_int_equal(sg_index_add(&index, "ab", 2), 2);
    assert_int_equal(sg_index_add(&index, "a", 1), 0);
    assert_int_equal(sg_index_add(&index, "a\0b", 3), 3);
    assert_int_equal(index.count, 4);
    sg_index_clear(&index);
    sg_index_clear(&index);
}

static void what_was_not_added_is_not_found(void **state)
{
    (void)state;
    struct sg_index index = {0};
    assert_true(sg_index_find(&index, "a", 1) == SG_INDEX_NONE);
    sg_index_add(&index, "a", 1);
    assert_int_equal(sg_index_find(&index, "a", 1), 0);
    assert_true(sg_index_find(&index, "", 0) == SG_INDEX_NONE);
    sg_index_clear(&index);
}

static void many_keys_keep_their_numbers_and_their_text(void **state)
{
    (void)state;
    struct sg_index index = {0};
    char key[32];
    for (int i = 0; i < 20000; i++) {
        int size = snprintf(key, sizeof(key), "key %d", i);
        assert_int_equal(sg_index_add(&index, key, (size_t)size), i);
    }
    for (int i = 0; i < 20000; i++) {
        int size = snprintf(key, sizeof(key), "key %d", i);
        assert_int_equal(sg_index_find(&index, key, (size_t)size), i);
        size_t kept = 0;
        const void *text = sg_index_key(&index, (size_t)i, &kept);
        assert_int_equal(kept, size);
        assert_memory_equal(text, key, kept);
    }
    sg_index_clear(&index);
}

/* How many stretches of slots are in use. */
static size_t stretches(const struct sg_index *index)
{
    size_t count = 0;
    for (size_t i = 0; i < index->slots_count; i++) {
        size_t before = index->slots[(i + index->slots_count - 1) % index->slots_count];
        count += index->slots[i] != 0 && before == 0;
    }
    return count;
}

/* Names whose plain hashes all lead to one slot of a table of this size: one long stretch, through
 * which each search would go. */
static void names_that_somebody_chose_to_meet_in_one_slot_do_not(void **state)
{
    (void)state;
    struct sg_index index = {0};
    char key[32];
    for (int i = 0; index.count < 64; i++) {
        int size = snprintf(key, sizeof(key), "name %d", i);
        uint64_t hash = sg_hash(key, (size_t)size);
        if (((hash ^ (hash >> 32)) & 1023) == 0) {
            sg_index_add(&index, key, (size_t)size);
        }
    }
    assert_true(index.slots_count <= 1024);
    assert_true(stretches(&index) > 8);
    sg_index_clear(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_numbered_in_the_order_of_their_arrival),
        cmocka_unit_test(what_was_not_added_is_not_found),
        cmocka_unit_test(many_keys_keep_their_numbers_and_their_text),
        cmocka_unit_test(names_that_somebody_chose_to_meet_in_one_slot_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
