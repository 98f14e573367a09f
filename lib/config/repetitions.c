/* SPDX-License-Identifier: Apache-2.0 */
/* Repetitions a side, "6..21" or "9": whole blocks of three, because a look is taken after whole
 * blocks only (docs/method.md 4.2). */
#include "config/config.h"
#include "config/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 3
#define LEAST 6
#define MOST 30

/* Digits up to `end`; -1 when there is anything else. */
static int read_count(const char *text, const char *end)
{
    size_t size = (size_t)(end - text);
    if (size == 0 || size > 4 || strspn(text, "0123456789") != size) {
        return -1;
    }
    return (int)strtol(text, NULL, 10);
}

static int clamp(int value)
{
    return value < LEAST ? LEAST : value > MOST ? MOST : value;
}

static bool fits(int value)
{
    return value % BLOCK == 0 && value >= LEAST && value <= MOST;
}

bool sg_config_repetitions(const char *text, int *out_min, int *out_max, struct sg_error *err)
{
    const char *dots = strstr(text, "..");
    const char *end = text + strlen(text);
    int most = read_count(dots != NULL ? dots + 2 : text, end);
    int least = dots != NULL ? read_count(text, dots) : LEAST;
    if (least < 0 || most < 0) {
        char *word = sg_quoted(text);
        (void)sg_fail(err, SG_ERROR_CONFIG,
                      "repetitions: expected a number or a range such as 6..21, found %s", word);
        free(word);
        return false;
    }
    if (least > most && dots != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG, "repetitions: %d..%d runs backwards; write %d..%d",
                       least, most, clamp(most / BLOCK * BLOCK), clamp(least / BLOCK * BLOCK));
    }
    if (!fits(least) || !fits(most)) {
        char low[16] = "";
        if (dots != NULL) {
            (void)snprintf(low, sizeof(low), "%d..", clamp(least / BLOCK * BLOCK));
        }
        return sg_fail(err, SG_ERROR_CONFIG,
                       "repetitions: blocks of three give 6, 9, 12, … 30, not %.40s; write %s%d",
                       text, low, clamp((most + BLOCK - 1) / BLOCK * BLOCK));
    }
    *out_min = least;
    *out_max = most;
    return true;
}
