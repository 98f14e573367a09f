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
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "testbench/internal.h"

#define ALL_GROUPS "cgroup:[4026531835]" /* PROC_CGROUP_INIT_INO: no container's view of them */
#define GROUPS "/sys/fs/cgroup"

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

/* Sessions of several engines share the group: none may take it away while another fills it. The
 * lock is the caller's to give back; -1 where there are no groups, or `how` was not to wait. */
static int lock_groups(int how)
{
    int fd = open(GROUPS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, how) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

/* The spinners have the lock's descriptor too: closing ours would not be enough. */
static void unlock_groups(int fd)
{
    if (fd >= 0) {
        (void)flock(fd, LOCK_UN);
        (void)close(fd);
    }
}

/* A group whose processes run only where nobody else wants to; NULL where there can be none. It
 * goes with the last session that is in it; one that a killed session left empty is used again. */
static char *make_group(void)
{
    static const char *const roots[] = {GROUPS, GROUPS "/cpu", GROUPS "/cpu,cpuacct"};
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

/* All of them, or none. */
static bool start_all(struct sg_awake *awake, const char *cpus, int procs, int ready)
{
    pid_t parent = getpid();
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!sg_cpus_contain(cpus, cpu)) {
            continue;
        }
        pid_t pid = fork();
        if (pid == 0) {
            spin(cpu, procs, ready, parent);
        }
        if (pid < 0) {
            return false;
        }
        awake->pids = sg_grow(awake->pids, awake->count, sizeof(pid));
        awake->pids[awake->count++] = pid;
    }
    return awake->count > 0;
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

static void start_in_group(struct sg_awake *awake, const char *cpus)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        sg_awake_stop(awake);
        return;
    }
    char *path = sg_format("%s/cgroup.procs", awake->group);
    int procs = open(path, O_WRONLY | O_CLOEXEC);
    free(path);
    bool all = start_all(awake, cpus, procs, ends[1]);
    (void)close(ends[1]);
    awake->on = count_ready(ends[0]) == awake->count && all;
    (void)close(ends[0]);
    if (procs >= 0) {
        (void)close(procs);
    }
    if (!awake->on) {
        sg_awake_stop(awake);
    }
}

static bool start_here(struct sg_awake *awake, const char *cpus)
{
    int lock = lock_groups(LOCK_EX);
    awake->group = make_group();
    if (awake->group != NULL) {
        start_in_group(awake, cpus);
    }
    unlock_groups(lock);
    return awake->on;
}

/* Not while another session starts, which then uses the empty group. */
static void remove_group(const char *group)
{
    int lock = lock_groups(LOCK_EX | LOCK_NB);
    if (lock >= 0) {
        (void)rmdir(group);
    }
    unlock_groups(lock);
}

void sg_awake_start(struct sg_awake *awake, const struct sg_bench *bench)
{
    const struct sg_pinning *pin = &bench->pinning;
    enum sg_keep_awake wish = bench->config->keep_awake;
    bool both = pin->service[0] != '\0' && pin->generator[0] != '\0';
    char *cpus = sg_format("%s%s%s", pin->service, both ? "," : "", pin->generator);
    if (wish != SG_KEEP_AWAKE_OFF && !bench->engine.remote && cpus[0] != '\0' &&
        !start_here(awake, cpus) && wish == SG_KEEP_AWAKE_SUDO) {
        awake->on = sg_awake_ask(awake, cpus);
    }
    free(cpus);
}

void sg_awake_stop(struct sg_awake *awake)
{
    for (size_t i = 0; i < awake->count; i++) {
        (void)kill(awake->pids[i], SIGKILL);
        (void)waitpid(awake->pids[i], NULL, 0);
    }
    if (awake->group != NULL) {
        remove_group(awake->group);
    }
    if (awake->sudo.pid > 0) {
        sg_awake_dismiss(awake);
    }
    free(awake->pids);
    free(awake->group);
    *awake = (struct sg_awake){0};
}

bool sg_awake_hold(const char *cpus, struct sg_error *err)
{
    struct sg_awake awake = {0};
    char byte = 0;
    long there = sysconf(_SC_NPROCESSORS_CONF);
    long last = sg_cpus_last(cpus);
    if (there > 0 && last >= there) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "CPUs %s: this machine has no CPU %ld; it has %ld, the first is 0", cpus,
                       last, there);
    }
    if (!start_here(&awake, cpus)) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "CPUs %s cannot be kept awake: that takes root, outside of containers, and "
                       "control groups with cpu.idle (Linux 5.15)",
                       cpus);
    }
    bool ok = write(STDOUT_FILENO, SG_AWAKE_SAYS, strlen(SG_AWAKE_SAYS)) > 0;
    while (ok && sg_interrupt_signal() == 0 && read(STDIN_FILENO, &byte, 1) == 1) {
    }
    sg_awake_stop(&awake);
    return true;
}
