/* SPDX-License-Identifier: Apache-2.0 */
/* The service's stack: what of the user's compose file a session brings up, and how. */
#ifndef SG_TESTBENCH_STACK_H
#define SG_TESTBENCH_STACK_H

#include "testbench/internal.h"

#define SG_BUILT "svcgate-stack" /* images that compose builds: the name before the colon */

/* files.c: the compose files of the stack, each laid over those before it; none without
 * service.compose. One that is named alone brings what `docker compose up` takes with it: the files
 * of COMPOSE_FILE, if it is one of them, else its override file. *out_said, unless NULL: what is to
 * be said of that, or NULL (caller frees). */
struct sg_args sg_project_files(const struct sg_config *config, char **out_said) SG_MUST_USE;
/* Whether compose finds a value for the variable, in the environment or in the .env file beside the
 * stack's; true where other files have them. */
bool sg_project_knows(const struct sg_config *config, const char *name);
/* project.c: bench->stack, the services that `docker compose up` would bring up, and the service
 * under test with all that it needs. Without a compose file the service alone. */
bool sg_project_read(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;

/* built.c: builds and pulls, once, the images that bench->stack names for services of the session;
 * then bench->stack has services by image alone. What is built is SG_BUILT:<session>-<service>, and
 * sg_clean_session removes it. */
bool sg_built_make(struct sg_bench *bench, struct sg_error *err) SG_MUST_USE;
/* How the compose file builds the service under test: target, arguments, secrets …; NULL where it
 * does not. */
const struct sg_json *sg_built_how(const struct sg_bench *bench);
/* Builds it like that, but from another folder, and with `dockerfile` unless that is NULL, as
 * `tag`. */
bool sg_built_variant(const struct sg_bench *bench, const char *context, const char *dockerfile,
                      const char *tag, struct sg_error *err) SG_MUST_USE;
/* Whether `tag`, of an image in the engine's list, is what `session` built, or with NULL any. */
bool sg_built_chosen(const struct sg_json *image, const char *tag, const char *session);

/* members.c: an object without some of its members, and without those that are null; nothing is
 * left of what is no object. Caller frees. */
struct sg_json *sg_stack_without(const struct sg_json *object, const char *const *keys) SG_MUST_USE;
/* The same in place. */
void sg_stack_drop(struct sg_json **object, const char *const *keys);
/* overlay.c: makes the user's project, as compose says it, the session's: labels, names, ports,
 * limits. */
void sg_stack_lay_over(const struct sg_bench *bench, struct sg_json *project,
                       const struct sg_place *place);
/* limits.c: CPUs and bytes that a container of a service may use; NaN: without a limit. */
struct sg_limits {
    double cpus, memory;
};
/* As the compose file says it of one of its services. */
struct sg_limits sg_stack_limits(const struct sg_json *service);
/* Of the service under test: svcgate.yaml's, else those. */
struct sg_limits sg_bench_limits(const struct sg_bench *bench);
/* Lays svcgate.yaml's over it, and pins it; `own` is the service as the compose file has it. */
void sg_stack_set_limits(const struct sg_bench *bench, const struct sg_json *own,
                         struct sg_json **service);
/* stack.c: docker compose … -p <project> -f <file>. */
struct sg_args sg_stack_words(const char *project, const char *file) SG_MUST_USE;
/* And what compose finds beside the user's file: secrets may take their values from its .env. */
void sg_stack_add_folder(const struct sg_bench *bench, struct sg_args *args);
/* The compose file of the place's variant. */
bool sg_stack_write(const struct sg_bench *bench, const struct sg_place *place,
                    struct sg_error *err) SG_MUST_USE;
bool sg_stack_up(const struct sg_bench *bench, struct sg_place *place,
                 struct sg_error *err) SG_MUST_USE;
/* Containers, networks and volumes of the stack. */
bool sg_stack_down(const struct sg_place *place, struct sg_error *err) SG_MUST_USE;

/* shared.c: what the project's services use that is not the session's own, as words with commas;
 * NULL where there is nothing. Caller frees. */
char *sg_stack_shared(const struct sg_json *project) SG_MUST_USE;
/* What of it, and of its networks, several copies of the stack must not use at once. */
char *sg_stack_once(const struct sg_json *project) SG_MUST_USE;
/* What of it keeps its data when the stack is renewed. */
char *sg_stack_kept(const struct sg_json *project) SG_MUST_USE;

/* notes.c: what the session does otherwise than the compose file says, as findings. */
void sg_stack_notes(const struct sg_bench *bench, struct sg_session *session);

/* turns.c: bytes that are free by /proc/meminfo's text; NaN where it is another machine's than the
 * one with `total` bytes, or does not tell. */
double sg_memory_free(const char *text, double total);

#endif
