/* SPDX-License-Identifier: Apache-2.0 */
/* What people and programs write where JSON has no word for it, and what to write instead. */
#include "json/scan.h"

#include <string.h>

#define NO_NUMBER " is no value in JSON: write null where a number is missing"

static const struct {
    const char *word;
    const char *what;
} foreign[] = {
    {"NaN", "NaN" NO_NUMBER},
    {"nan", "nan" NO_NUMBER},
    {"NA", "NA" NO_NUMBER},
    {"N/A", "N/A" NO_NUMBER},
    {"Infinity", "Infinity" NO_NUMBER},
    {"-Infinity", "-Infinity" NO_NUMBER},
    {"inf", "inf" NO_NUMBER},
    {"-inf", "-inf" NO_NUMBER},
    {"undefined", "undefined is no value in JSON: write null"},
    {"None", "None is Python's word: JSON's is null"},
    {"True", "True is Python's word: JSON's is true"},
    {"False", "False is Python's word: JSON's is false"},
    {"'", "JSON's strings stand in double quotes"},
    {"]", "a value was expected: there must be no comma before \"]\""},
    {".", "a number begins with a digit: 0.5, not .5"},
    {"+", "a number must not begin with \"+\""},
};

const char *sg_json_foreign(const char *text, size_t size)
{
    for (size_t i = 0; i < SG_COUNT(foreign); i++) {
        size_t length = strlen(foreign[i].word);
        if (size >= length && memcmp(text, foreign[i].word, length) == 0)
            return foreign[i].what;
    }
    return NULL;
}
