/* SPDX-License-Identifier: Apache-2.0 */
/* fork and exec. All that allocates happens before the fork: between fork and exec only
 * async-signal-safe calls are made, since other threads may hold locks. */
#define _GNU_SOURCE /* pipe2 */
#include "base/spawn.h"

#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* All descriptors of one start; -1 where closed. Pairs are read end, write end. */
struct pipes {
    int input[2];
    int output[2];
    int error[2];
    int failure[2]; /* the child's errno when exec fails, closed by exec otherwise */
};

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_pair(int pair[2])
{
    close_one(&pair[0]);
    close_one(&pair[1]);
}

static void close_pipes(struct pipes *pipes)
{
    close_pair(pipes->input);
    close_pair(pipes->output);
    close_pair(pipes->error);
    close_pair(pipes->failure);
}

/* Moves a descriptor to 3 or above: it must not be one that dup2 overwrites, which happens when we
 * were started with a closed standard stream. */
static bool move_up(int *fd)
{
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
    if (moved < 0)
        return false;
    close(*fd);
    *fd = moved;
    return true;
}

/* Closed on exec from the first moment: another thread may start a child now, and a pipe whose end
 * that child holds never ends. */
static bool open_pair(int pair[2])
{
    if (pipe2(pair, O_CLOEXEC) < 0) {
        pair[0] = pair[1] = -1;
        return false;
    }
    return move_up(&pair[0]) && move_up(&pair[1]);
}

static bool open_null(int pair[2])
{
    pair[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return pair[0] >= 0 && move_up(&pair[0]);
}

static bool open_pipes(struct pipes *pipes, bool with_input, struct sg_error *err)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if ((with_input ? open_pair : open_null)(pipes->input) && open_pair(pipes->output) &&
        open_pair(pipes->error) && open_pair(pipes->failure))
        return true;
    sg_fail(err, SG_ERROR_ENVIRONMENT, "cannot open pipes for a child process: %s",
            strerror(errno));
    close_pipes(pipes);
    return false;
}

/* The file that `name` means: itself with a slash, else the first executable of that name in PATH;
 * NULL when there is none. */
static char *find_program(const char *name)
{
    if (strchr(name, '/'))
        return sg_strdup(name);
    const char *path = sg_env("PATH");
    const char *at = path ? path : "/usr/local/bin:/usr/bin:/bin";
    for (;;) {
        size_t size = strcspn(at, ":");
        char *folder = sg_format("%.*s", (int)size, at);
        char *file = sg_path_join(size ? folder : ".", name);
        free(folder);
        if (access(file, X_OK) == 0 && sg_file_exists(file))
            return file;
        free(file);
        if (!at[size])
            return NULL;
        at += size + 1;
    }
}

static bool same_name(const char *a, const char *b)
{
    size_t size = strcspn(a, "=");
    return strncmp(a, b, size) == 0 && b[size] == '=';
}

static bool is_overridden(const char *entry, const char *const *additions)
{
    for (; additions && *additions; additions++) {
        if (same_name(entry, *additions))
            return true;
    }
    return false;
}

static bool is_left_out(const char *entry, const char *const *names)
{
    for (; names && *names; names++) {
        size_t size = strlen(*names);
        if (strncmp(entry, *names, size) == 0 && entry[size] == '=')
            return true;
    }
    return false;
}

/* A service, its build and its compose file have no business with a token that can write comments.
 */
static const char *const tokens[] = {"SVCGATE_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN",
                                     NULL};

static bool is_inherited(const char *entry, const struct sg_process *process)
{
    return !is_overridden(entry, process->env) && !is_left_out(entry, process->without) &&
           (process->tokens || !is_left_out(entry, tokens));
}

/* Our environment without what is left out, and the additions over it. The strings are borrowed. */
static const char **build_environment(const struct sg_process *process)
{
    const char *const *additions = process->env;
    size_t count = 1;
    for (char **entry = environ; *entry; entry++)
        count++;
    for (const char *const *entry = additions; entry && *entry; entry++)
        count++;
    const char **merged = sg_alloc(count, sizeof(*merged));
    size_t at = 0;
    for (char **entry = environ; *entry; entry++) {
        if (is_inherited(*entry, process))
            merged[at++] = *entry;
    }
    for (const char *const *entry = additions; entry && *entry; entry++)
        merged[at++] = *entry;
    return merged;
}

/* Signals as a fresh program expects them: ignored ones and blocked ones are inherited by exec. */
static void reset_signals(void)
{
    struct sigaction action = {0};
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    sigprocmask(SIG_SETMASK, &action.sa_mask, NULL);
}

/* Whoever kills us (SIGKILL) has not ended what we started: a build or a `compose up` would go on,
 * and make things after the next session has cleaned up. The thread that starts a child must live
 * as long as the process, because its end is what the kernel takes for ours. */
static bool end_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
}

/* In the child: becomes the program, or tells why not. */
static _Noreturn void become(const struct sg_process *process, const char *program,
                             const char *const *environment, const struct pipes *pipes,
                             pid_t parent)
{
    if (process->detached)
        setsid();
    else
        setpgid(0, 0);
    reset_signals();
    bool ready = end_with(parent) && dup2(pipes->input[0], STDIN_FILENO) >= 0 &&
                 dup2(pipes->output[1], STDOUT_FILENO) >= 0 &&
                 dup2(pipes->error[1], STDERR_FILENO) >= 0 &&
                 (!process->folder || chdir(process->folder) == 0);
    if (ready)
        execve(program, (char *const *)process->argv, (char *const *)environment);
    int code = errno;
    ssize_t ignored = write(pipes->failure[1], &code, sizeof(code));
    (void)ignored;
    _exit(127);
}

/* The errno of the child's failed exec, or 0 once it runs the program. */
static int wait_for_exec(int fd)
{
    int code = 0;
    ssize_t got;
    do
        got = read(fd, &code, sizeof(code));
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(code) ? code : 0;
}

static bool fail_start(const struct sg_process *process, int code, struct sg_error *err)
{
    if (process->folder && !sg_folder_exists(process->folder))
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "cannot start %s: there is no folder %s",
                       process->argv[0], process->folder);
    return sg_fail(err, SG_ERROR_ENVIRONMENT, "cannot start %s: %s", process->argv[0],
                   strerror(code));
}

static bool start(const struct sg_process *process, const char *program, struct pipes *pipes,
                  struct sg_child *out, struct sg_error *err)
{
    const char **environment = build_environment(process);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(process, program, environment, pipes, parent);
    int fork_code = errno;
    free(environment);
    if (pid < 0)
        return fail_start(process, fork_code, err);
    if (!process->detached)
        setpgid(pid, pid); /* both sides do it: whoever comes first */
    close_one(&pipes->failure[1]);
    int code = wait_for_exec(pipes->failure[0]);
    if (code != 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            continue;
        return fail_start(process, code, err);
    }
    out->pid = pid;
    return true;
}

static int take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    if (taken >= 0)
        fcntl(taken, F_SETFL, O_NONBLOCK);
    return taken;
}

bool sg_spawn(const struct sg_process *process, struct sg_child *out, struct sg_error *err)
{
    char *program = find_program(process->argv[0]);
    if (!program)
        return sg_fail(err, SG_ERROR_ENVIRONMENT,
                       "%s was not found in PATH: install it, or add its folder to PATH",
                       process->argv[0]);
    struct pipes pipes;
    bool ok = open_pipes(&pipes, process->input != NULL, err);
    if (ok) {
        ok = start(process, program, &pipes, out, err);
        if (ok) {
            out->input = take(&pipes.input[1]);
            out->output[0] = take(&pipes.output[0]);
            out->output[1] = take(&pipes.error[0]);
        }
        close_pipes(&pipes);
    }
    free(program);
    return ok;
}
