/* SPDX-License-Identifier: Apache-2.0 */
/* From configuration to a session: what it remembers of its svcgate.yaml. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "session/session.h"

static struct sg_session session_of(const char *path)
{
    struct sg_config config = {0};
    struct sg_session session = {0};

    sg_config_init(&config);
    config.path = sg_strdup(path);
    config.budget = NAN; /* no variants that it must be shared by */
    sg_session_from_config(&config, "an-id", &session);
    sg_config_clear(&config);
    return session;
}

static void a_session_remembers_where_its_configuration_lies(void **state)
{
    (void)state;
    char root[] = "/tmp/svcgate-setup-XXXXXX";
    struct sg_error err = {0};
    assert_non_null(mkdtemp(root));
    char *git = sg_path_join(root, ".git");
    char *folder = sg_path_join(root, "perf");
    char *path = sg_path_join(folder, "svcgate.yaml");
    assert_true(sg_folder_make(git, &err) && sg_folder_make(folder, &err) &&
                sg_file_write(path, "", 0, &err));

    struct sg_session session = session_of(path);
    assert_string_equal(session.config, "perf/svcgate.yaml");
    assert_string_equal(sg_session_config_path(&session), "perf/svcgate.yaml");

    sg_session_clear(&session);
    assert_int_equal(remove(path) + remove(folder) + remove(git) + remove(root), 0);
    free(path);
    free(folder);
    free(git);
}

static void a_session_without_a_file_names_none(void **state)
{
    (void)state;
    struct sg_session session = session_of(NULL);

    assert_null(session.config);
    sg_session_clear(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_remembers_where_its_configuration_lies),
        cmocka_unit_test(a_session_without_a_file_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
