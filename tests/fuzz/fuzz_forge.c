/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an event of GitHub, a Link header, a configuration's name, an address and a comment:
 * what comes out can neither leave its marker nor lead to another place. */
#include <stdlib.h>
#include <string.h>

#include "forge/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void as_event(const char *text, size_t size)
{
    struct sg_forge_place place = {0};
    struct sg_error err = {0};
    if (sg_github_event_read(text, size, "fuzz", &place, &err))
        require(place.request > 0 || place.head || place.none);
    sg_forge_place_clear(&place);
}

static void as_link(const char *text)
{
    char *next = sg_next_page(text, text, "/notes?per_page=100");
    require(!next || !strpbrk(next, " \r\n#<>"));
    free(next);
}

static void as_name(const char *text)
{
    char *marker = sg_marker(text);
    char *end = strstr(marker, "-->");
    require(end && end[3] == '\0' && !strpbrk(marker, "\r\n"));
    require(sg_has_marker(marker, marker) && sg_same_text(text, text));
    free(marker);
}

static void as_address(const char *text)
{
    struct sg_error err = {0};
    char *out = NULL;
    if (sg_forge_address(text, &out, &err))
        require(!strpbrk(out, "@?# \\\r\n"));
    free(out);
}

static void as_comment(const char *text)
{
    static const struct sg_forge_place place = {.forge = &sg_gitlab};
    struct sg_forge_post post = {.name = text, .body = text};
    struct sg_error err = {0};
    char *out = NULL;
    if (sg_comment_text(&place, &post, &out, &err))
        require(!strstr(out, "\n/") && !strstr(out, "\n /") && !strstr(out, "\n\t/"));
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = sg_alloc(size + 1, 1);
    if (size > 0)
        memcpy(text, data, size);
    as_event(text, size);
    as_link(text);
    as_name(text);
    as_address(text);
    as_comment(text);
    free(text);
    return 0;
}
