/* SPDX-License-Identifier: Apache-2.0 */
/* The structs of record.h as tables of fields: key in the file, kind, place in the struct. Reading
 * and writing both walk these tables, so neither can know a field that the other does not.
 * Private to record. */
#ifndef SG_RECORD_FIELDS_H
#define SG_RECORD_FIELDS_H

#include "base/error.h"

struct sg_json;

enum sg_field_kind {
    SG_FIELD_TEXT,   /* char *; NULL: absent */
    SG_FIELD_NUMBER, /* double; NaN: absent or null */
    SG_FIELD_INT,    /* int, 0 or more */
    SG_FIELD_SIZE,   /* size_t */
    SG_FIELD_BOOL,
    SG_FIELD_SEED,   /* uint64_t, as a string of decimal digits: a JSON number is only a double */
    SG_FIELD_ENUM,   /* as one of `names` */
    SG_FIELD_OBJECT, /* a struct of `table` inside the struct */
    SG_FIELD_ARRAY   /* pointer to structs of `table`, their count at `count_offset` */
};

enum sg_presence {
    SG_OPTIONAL, /* not written when it says nothing */
    SG_ALWAYS,   /* always written, may be absent when read */
    SG_REQUIRED  /* always written, an error when absent */
};

struct sg_table;

struct sg_field {
    const char *key;
    enum sg_field_kind kind;
    enum sg_presence presence;
    size_t offset;
    double absent;                /* NUMBER: what an absent field means */
    const char *const *names;     /* ENUM: in the order of its values, NULL at the end */
    const struct sg_table *table; /* OBJECT, ARRAY */
    size_t count_offset;          /* ARRAY */
};

struct sg_table {
    const struct sg_field *fields;
    size_t count;
    size_t size; /* of the struct */
};

extern const struct sg_table sg_session_table; /* all but the repetitions */
extern const struct sg_table sg_plan_table;
extern const struct sg_table sg_metric_table;
extern const struct sg_table sg_gate_table;
extern const struct sg_table sg_waiver_table;
extern const struct sg_table sg_variant_table;
extern const struct sg_table sg_repetition_table; /* all but the values */
extern const struct sg_table sg_samples_table;    /* what plain samples say besides their numbers */
extern const struct sg_table sg_series_table;     /* all but the curves */

/* What a file may make us allocate and compute: elements of any array, variants, blocks, results
 * (metrics times variants), numbers (metrics times repetitions). */
#define SG_ELEMENTS_MAX 100000
#define SG_VARIANTS_MAX 100
#define SG_BLOCKS_MAX 10000
#define SG_RESULTS_MAX 1000000
#define SG_VALUES_MAX ((size_t)16 << 20)

/* Why there are too many: the column or key holds something else. */
#define SG_IS_VARIANT "a variant is one implementation, measured many times, not one run"
#define SG_IS_BLOCK "a block is all that was measured together, not one run"

/* Where in a file an error is: "session.json:7:12: repetitions[3].values". */
struct sg_place {
    const struct sg_place *up; /* NULL: `key` is the file's name */
    const char *key;           /* NULL: the element `index` of an array */
    size_t index;
    const char *text; /* at the top: the file, of `size` bytes, for line and column; or NULL */
    size_t size;
};

/* SG_ERROR_CONFIG with the place before the text; always false. */
bool sg_place_fail(const struct sg_place *place, struct sg_error *err, const char *format, ...)
    SG_PRINTF(3, 4);

/* A string from a file as error messages may show it: short, no control characters. */
struct sg_shown {
    char text[68];
};
struct sg_shown sg_show_string(const char *string);

/* "an object", "null", … */
const char *sg_json_kind(const struct sg_json *json);

/* `expected` ("an object") against what is there. */
bool sg_expect_object(const struct sg_json *json, const struct sg_place *place,
                      struct sg_error *err) SG_MUST_USE;
bool sg_expect_array(const struct sg_json *json, size_t most, const struct sg_place *place,
                     struct sg_error *err) SG_MUST_USE;

/* Fills a zeroed struct from an object; unknown keys are ignored. When it fails the struct may hold
 * some fields: clear it. */
bool sg_fields_read(const struct sg_table *table, const struct sg_json *json,
                    const struct sg_place *place, void *out, struct sg_error *err) SG_MUST_USE;
struct sg_json *sg_fields_write(const struct sg_table *table, const void *object) SG_MUST_USE;

#endif
