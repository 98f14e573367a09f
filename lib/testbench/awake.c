/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the CPUs of service and generator from falling asleep. What it takes to wake one, and whom
 * the host lets use the core meanwhile, is most of the noise of a service that is idle half of the
 * time (docs/method.md 2.4). A process for each CPU that does nothing, at the lowest priority: in a
 * control group of its own at the top, with cpu.idle (Linux 5.15), so that it yields at once to
 * everything in any other group. SCHED_IDLE alone does not reach across groups. Where such a group
 * cannot be made (not root, in a container, an older kernel) nothing is done. */
#define _GNU_SOURCE /* pipe2, CPU_SETSIZE */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "testbench/internal.h"

#define ALL_GROUPS "cgroup:[4026531835]" /* PROC_CGROUP_INIT_INO: no container's view of them */

static void rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool write_one(const char *folder, const char *file, const char *value)
{
    char *path = sg_format("%s/%s", folder, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
    if (fd >= 0) {
        (void)close(fd);
    }
    free(path);
    return ok;
}

/* A group whose processes run only where nobody else wants to; NULL where there can be none. It
 * goes with the last session that is in it; one that a killed session left empty is used again. */
static char *make_group(void)
{
    static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/cpu",
                                        "/sys/fs/cgroup/cpu,cpuacct"};
    char view[sizeof(ALL_GROUPS)] = "";
    ssize_t length = readlink("/proc/self/ns/cgroup", view, sizeof(view) - 1);
    if (length < 0 || !sg_streq(view, ALL_GROUPS)) {
        return NULL;
    }
    for (size_t i = 0; i < SG_COUNT(roots); i++) {
        char *group = sg_format("%s/svcgate", roots[i]);
        if ((mkdir(group, 0755) == 0 || errno == EEXIST) && write_one(group, "cpu.idle", "1")) {
            return group;
        }
        (void)rmdir(group);
        free(group);
    }
    return NULL;
}

/* In the child, where only system calls are safe. `ready` hears of it. */
static _Noreturn void spin(int cpu, int procs, int ready, pid_t parent)
{
    (void)prctl(PR_SET_NAME, "svcgate-awake"); /* what `top` shows */
    bool ok = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && sg_idle_on(cpu) &&
              write(procs, "0", 1) == 1 && write(ready, "1", 1) == 1;
    if (!ok) {
        _exit(1);
    }
    (void)close(ready);
    for (;;) {
        rest();
    }
}

static bool wanted(const struct sg_pinning *pinning, int cpu)
{
    return (pinning->service[0] != '\0' && sg_cpus_contain(pinning->service, cpu)) ||
           (pinning->generator[0] != '\0' && sg_cpus_contain(pinning->generator, cpu));
}

/* How many there should be. */
static size_t start_all(struct sg_awake *awake, const struct sg_bench *bench, int procs, int ready)
{
    pid_t parent = getpid();
    size_t count = 0;
    for (int cpu = 0; cpu < bench->cpus && cpu < CPU_SETSIZE; cpu++) {
        if (!wanted(&bench->pinning, cpu)) {
            continue;
        }
        pid_t pid = fork();
        if (pid == 0) {
            spin(cpu, procs, ready, parent);
        }
        if (pid > 0) {
            awake->pids = sg_grow(awake->pids, awake->count, sizeof(pid));
            awake->pids[awake->count++] = pid;
        }
        count++;
    }
    return count;
}

/* Bytes until all other ends of the pipe are closed: one from each that runs. */
static size_t count_ready(int pipe)
{
    size_t count = 0;
    char byte = 0;
    while (read(pipe, &byte, 1) == 1) {
        count++;
    }
    return count;
}

void sg_awake_start(struct sg_awake *awake, const struct sg_bench *bench)
{
    int ends[2];
    awake->group = bench->engine.remote || !bench->config->keep_awake ? NULL : make_group();
    if (awake->group == NULL || pipe2(ends, O_CLOEXEC) != 0) {
        sg_awake_stop(awake);
        return;
    }
    char *path = sg_format("%s/cgroup.procs", awake->group);
    int procs = open(path, O_WRONLY | O_CLOEXEC);
    free(path);
    size_t count = start_all(awake, bench, procs, ends[1]);
    (void)close(ends[1]);
    size_t ready = count_ready(ends[0]);
    (void)close(ends[0]);
    if (procs >= 0) {
        (void)close(procs);
    }
    if (ready < count || count == 0) {
        sg_awake_stop(awake);
    }
}

void sg_awake_stop(struct sg_awake *awake)
{
    for (size_t i = 0; i < awake->count; i++) {
        (void)kill(awake->pids[i], SIGKILL);
        (void)waitpid(awake->pids[i], NULL, 0);
    }
    if (awake->group != NULL) {
        (void)rmdir(awake->group);
    }
    free(awake->pids);
    free(awake->group);
    *awake = (struct sg_awake){0};
}
