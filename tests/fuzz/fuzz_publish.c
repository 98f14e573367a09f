/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the answers of GitHub and of GitLab while a comment and a check run are published:
 * nobody but the API's own host is asked, the token appears in nothing that is shown, and what is
 * shown has no control characters. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "forge/internal.h"
#include "fuzz/outside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char token[] = "s3cr3t-t0k3n";
static char api[] = "https://forge.example/api";
static char repository[] = "shop/api";
static char commit[] = "0123456789012345678901234567890123456789";
static char head[] = "shop:branch";

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_shown(const char *text)
{
    require(text == NULL || strstr(text, token) == NULL);
}

/* What a forge says itself is one line without controls. */
static void check_line(const char *text)
{
    check_shown(text);
    for (const char *c = text; c != NULL && *c != '\0'; c++) {
        require((unsigned char)*c >= ' ' && *c != 0x7f);
    }
}

static void publish(const struct sg_forge *forge, int request)
{
    const struct sg_forge_remark remarks[] = {
        {"failure", "svcgate.yaml", 7, "latency_p95", "worse by 20 %"}};
    const struct sg_forge_check check = {"failure", "FAIL", remarks, SG_COUNT(remarks)};
    const struct sg_forge_post post = {.name = "api",
                                       .body = "## FAIL\n",
                                       .comment = true,
                                       .create = true,
                                       .check = &check,
                                       .agent = "svcgate 0",
                                       .timeout = 0.4}; /* shorter than any pause */
    const struct sg_forge_place place = {.forge = forge,
                                         .api = api,
                                         .repository = repository,
                                         .request = request,
                                         .commit = commit,
                                         .head = request == 0 ? head : NULL};
    struct sg_forge_outcome outcome = {0};
    struct sg_error err = {0};
    bool ok = sg_forge_publish(&place, &post, token, &outcome, &err);
    require(ok || err.text[0] != '\0');
    check_shown(err.text);
    check_line(outcome.url);
    check_line(outcome.note);
    check_line(outcome.warning);
    sg_forge_outcome_clear(&outcome);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sg_forge *forge = size % 3 == 0 ? &sg_gitlab : &sg_github;
    sg_outside_begin((const char *)data, size, api);
    publish(forge, size % 3 == 1 ? 0 : 7);
    return 0;
}
