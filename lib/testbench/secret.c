/* SPDX-License-Identifier: Apache-2.0 */
/* The password of Prometheus and Grafana where others reach their ports: one session's own. */
#include <stdio.h>
#include <string.h>

#include "base/bcrypt.h"
#include "base/text.h"
#include "testbench/internal.h"

#define USER "svcgate"
#define BYTES 16
#define SCHEME "http://"

bool sg_secret_make(char **out, struct sg_error *err)
{
    unsigned char bytes[BYTES];
    FILE *file = fopen("/dev/urandom", "rb");
    bool ok = file != NULL && fread(bytes, sizeof(bytes), 1, file) == 1;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!ok) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "/dev/urandom gives nothing: no password for Prometheus, whose port others "
                       "reach");
    }
    struct sg_text text = {0};
    for (size_t i = 0; i < sizeof(bytes); i++) {
        sg_text_printf(&text, "%02x", bytes[i]);
    }
    *out = sg_text_take(&text);
    return true;
}

/* 128 random bits, used once: neither salt nor cost would make them harder to guess. */
char *sg_secret_web(const char *secret)
{
    static const unsigned char salt[16];
    char hash[SG_BCRYPT_SIZE];
    sg_bcrypt(secret, salt, 4, hash);
    return sg_format("basic_auth_users:\n  " USER ": %s\n", hash);
}

char *sg_secret_url(const char *url, const char *secret)
{
    return secret == NULL ? sg_strdup(url)
                          : sg_format(SCHEME USER ":%s@%s", secret, url + strlen(SCHEME));
}

char *sg_secret_hide(const char *url)
{
    const char *at = strchr(url, '@');
    return at == NULL ? sg_strdup(url) : sg_format(SCHEME "%s", at + 1);
}
