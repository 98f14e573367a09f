/* SPDX-License-Identifier: Apache-2.0 */
/* What a session says of its svcgate.yaml, as far as it can be believed. */
#include <string.h>

#include "base/text.h"
#include "record/record.h"

static bool has_unwanted(const char *path)
{
    for (; *path != '\0'; path++) {
        if ((unsigned char)*path < 0x20 || *path == 0x7F || *path == '\\') {
            return true;
        }
    }
    return false;
}

/* Does the path have ".." as one of its parts? */
static bool climbs(const char *path)
{
    while (*path != '\0') {
        size_t part = strcspn(path, "/");
        if (part == 2 && path[0] == '.' && path[1] == '.') {
            return true;
        }
        path += part + (path[part] == '/');
    }
    return false;
}

const char *sg_session_config_path(const struct sg_session *session)
{
    const char *path = session->config;
    bool usable =
        path != NULL && path[0] != '\0' && path[0] != '/' && !has_unwanted(path) && !climbs(path);
    return usable ? path : NULL;
}
