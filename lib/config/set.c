/* SPDX-License-Identifier: Apache-2.0 */
/* One key set by a flag or a variable: the file's own rows read it, so the same bounds hold. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/keys.h"

/* The row of "load.rate", or NULL. */
static const struct sg_key *find_row(const char *path)
{
    const struct sg_key *keys = sg_config_keys;
    const struct sg_key *found = NULL;
    while (keys != NULL) {
        size_t length = strcspn(path, ".");
        found = keys;
        while (found->name != NULL &&
               (strlen(found->name) != length || strncmp(found->name, path, length) != 0)) {
            found = sg_keys_next(found);
        }
        if (found->name == NULL || path[length] == '\0') {
            break;
        }
        keys = found->keys;
        path += length + 1;
    }
    return found->name != NULL ? found : NULL;
}

bool sg_config_set(struct sg_config *config, const char *key, const char *text, const char *from,
                   struct sg_error *err)
{
    const struct sg_key *row = find_row(key);
    if (row == NULL) {
        return sg_fail(err, SG_ERROR_INTERNAL, "%s sets \"%s\", which is no key", from, key);
    }
    struct sg_reader reader = {.name = from, .config = config, .err = err};
    char *copy = sg_strdup(text);
    struct sg_node node = {.kind = SG_NODE_SCALAR, .plain = true, .text = copy};
    bool ok = row->read(&reader, row, &node, config);
    free(copy);
    if (ok) {
        sg_config_set_origin(config, key, from);
    }
    return ok;
}
