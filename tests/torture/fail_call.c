/* SPDX-License-Identifier: Apache-2.0 */
/* A library to preload: counts the program's calls of each kind, and fails one of them. What it
 * does is told by the environment, see README.md; who runs it is test_torture.py. glibc on Linux
 * only. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The order is known to test_torture.py. */
enum kind {
    KIND_MALLOC,
    KIND_READ,
    KIND_WRITE,
    KIND_FSYNC,
    KIND_RENAME,
    KIND_OPEN,
    KIND_CLOSE,
    KIND_FORK,
    KIND_PIPE,
    KIND_CONNECT,
    KIND_FLOCK,
    KIND_MKDIR,
    KIND_UNLINK,
    KIND_THREAD,
    KIND_COUNT
};

static const char *const kind_names[KIND_COUNT] = {
    [KIND_MALLOC] = "malloc",   [KIND_READ] = "read",     [KIND_WRITE] = "write",
    [KIND_FSYNC] = "fsync",     [KIND_RENAME] = "rename", [KIND_OPEN] = "open",
    [KIND_CLOSE] = "close",     [KIND_FORK] = "fork",     [KIND_PIPE] = "pipe",
    [KIND_CONNECT] = "connect", [KIND_FLOCK] = "flock",   [KIND_MKDIR] = "mkdir",
    [KIND_UNLINK] = "unlink",   [KIND_THREAD] = "thread"};

static const struct {
    const char *name;
    int code; /* 0: half of the bytes, without an error */
} ways[] = {{"short", 0},       {"ENOMEM", ENOMEM},
            {"EIO", EIO},       {"ENOSPC", ENOSPC},
            {"EINTR", EINTR},   {"EMFILE", EMFILE},
            {"EACCES", EACCES}, {"EAGAIN", EAGAIN},
            {"ENOLCK", ENOLCK}, {"ECONNREFUSED", ECONNREFUSED}};

enum { STACKS_MAX = 1 << 20, FRAMES_MAX = 48 };

/* Shared with the driver by a mapped file, so that no way to end loses it. */
struct book {
    _Atomic uint64_t failed;
    _Atomic uint64_t counts[KIND_COUNT];
    uint64_t stacks[STACKS_MAX]; /* of the n-th call of the chosen kind: a hash of who called */
};

static struct {
    bool armed;
    bool stays; /* all calls from the n-th on fail */
    bool show;  /* says on standard error who made the failing call */
    enum kind kind;
    int code;
    uint64_t n; /* 0: none fails, stacks are noted */
    struct book *book;
} plan;

static _Thread_local bool inside;

/* What a fake part of the program writes for the test is not to fail: files under this folder. */
static const char *spared_folder;
static bool spared_files[1024];

typedef int main_function(int, char **, char **);
static main_function *true_main;

/* The function that would have been called without this library. */
#define TRUE_FUNCTION(name) __typeof__(&(name)) next = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name)

/* --- Deciding ------------------------------------------------------------------------------- */

static void note_stack(uint64_t n)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (int i = 0; i < count; i++) {
        hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211U;
    }
    if (n <= STACKS_MAX) {
        plan.book->stacks[n - 1] = hash;
    }
}

static void show_stack(void)
{
    void *frames[FRAMES_MAX];
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES_MAX), STDERR_FILENO);
}

/* Counts one call; is it the one that fails? */
static bool fails(enum kind kind)
{
    if (!plan.armed || inside) {
        return false;
    }
    uint64_t n = atomic_fetch_add(&plan.book->counts[kind], 1) + 1;
    if (kind != plan.kind) {
        return false;
    }
    inside = true; /* what is called below is not the program's */
    bool chosen = plan.n > 0 && (n == plan.n || (plan.stays && n > plan.n));
    if (plan.n == 0) {
        note_stack(n);
    } else if (chosen && plan.show) {
        show_stack();
    }
    inside = false;
    if (chosen) {
        atomic_fetch_add(&plan.book->failed, 1);
        errno = plan.code;
    }
    return chosen;
}

static bool is_spared_path(const char *path)
{
    return spared_folder != NULL && strncmp(path, spared_folder, strlen(spared_folder)) == 0;
}

static bool *spared_mark(int fd)
{
    static bool none;
    none = false;
    return fd >= 0 && (size_t)fd < sizeof(spared_files) ? &spared_files[fd] : &none;
}

static bool fails_path(enum kind kind, const char *path)
{
    return !is_spared_path(path) && fails(kind);
}

static bool fails_file(enum kind kind, int fd)
{
    return !*spared_mark(fd) && fails(kind);
}

/* Remembers whether the new `fd` is spared. */
static int opened(int fd, const char *path)
{
    *spared_mark(fd) = is_spared_path(path);
    return fd;
}

/* Like fails(), for calls that may do a part of their work: then `size` gets smaller. */
static bool fails_whole(enum kind kind, int fd, size_t *size)
{
    if (!fails_file(kind, fd)) {
        return false;
    }
    if (plan.code == 0) {
        *size = *size > 1 ? *size / 2 : *size;
    }
    return plan.code != 0;
}

/* --- Beginning ------------------------------------------------------------------------------ */

static void refuse(const char *what)
{
    (void)fprintf(stderr, "fail_call: %s\n", what);
    _exit(99);
}

static int number_of_kind(const char *name, size_t size)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strlen(kind_names[i]) == size && strncmp(kind_names[i], name, size) == 0) {
            return i;
        }
    }
    refuse("SG_TORTURE names no kind of call");
    return 0;
}

static int code_of_way(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strlen(ways[i].name) == size && strncmp(ways[i].name, name, size) == 0) {
            return ways[i].code;
        }
    }
    refuse("SG_TORTURE names no way to fail");
    return 0;
}

/* KIND:WAY:N, with a + behind N for all calls from there on. */
static void read_plan(const char *text)
{
    size_t kind = strcspn(text, ":");
    const char *way = text[kind] == ':' ? text + kind + 1 : text;
    size_t size = strcspn(way, ":");
    if (way == text || way[size] != ':') {
        refuse("SG_TORTURE is not KIND:WAY:N");
    }
    char *end = NULL;
    plan.kind = (enum kind)number_of_kind(text, kind);
    plan.code = code_of_way(way, size);
    plan.n = strtoull(way + size + 1, &end, 10);
    plan.stays = *end == '+';
}

static void open_book(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || ftruncate(fd, sizeof(struct book)) != 0) {
        refuse("SG_TORTURE_BOOK cannot be opened");
    }
    void *book = mmap(NULL, sizeof(struct book), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (book == MAP_FAILED) {
        refuse("SG_TORTURE_BOOK cannot be mapped");
    }
    plan.book = book;
}

/* libc writes standard output without calling write() by its name: this stands between. */
static ssize_t put_out(void *cookie, const char *data, size_t size)
{
    (void)cookie;
    size_t done = 0;
    while (done < size) {
        ssize_t put = write(STDOUT_FILENO, data + done, size - done);
        if (put < 0) {
            break;
        }
        done += (size_t)put;
    }
    return (ssize_t)done;
}

/* Counting begins at main: what libraries do when they are loaded is not the program's affair. */
static int armed_main(int argc, char **argv, char **envp)
{
    const char *text = getenv("SG_TORTURE");
    const char *book = getenv("SG_TORTURE_BOOK");
    if (text == NULL || book == NULL) {
        return true_main(argc, argv, envp);
    }
    void *frame = NULL;
    (void)backtrace(&frame, 1); /* loads what it needs */
    read_plan(text);
    open_book(book);
    plan.show = getenv("SG_TORTURE_SHOW") != NULL;
    spared_folder = getenv("SG_TORTURE_SPARE");
    /* Children are left alone. */
    (void)unsetenv("LD_PRELOAD");
    stdout = fopencookie(NULL, "w", (cookie_io_functions_t){.write = put_out});
    plan.armed = true;
    return true_main(argc, argv, envp);
}

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    TRUE_FUNCTION(__libc_start_main);
    true_main = program;
    return next(armed_main, argc, argv, init, fini, rtld_fini, stack_end);
}

/* --- Memory: dlsym itself allocates, so that glibc's own names are used ---------------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    return fails(KIND_MALLOC) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(KIND_MALLOC) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(KIND_MALLOC) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(KIND_MALLOC) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = fails(KIND_MALLOC) ? NULL : __libc_memalign(alignment, size);
    if (memory == NULL) {
        return ENOMEM;
    }
    *out = memory;
    return 0;
}

/* --- Files ----------------------------------------------------------------------------------- */

ssize_t read(int fd, void *data, size_t size)
{
    TRUE_FUNCTION(read);
    return fails_whole(KIND_READ, fd, &size) ? -1 : next(fd, data, size);
}

ssize_t write(int fd, const void *data, size_t size)
{
    TRUE_FUNCTION(write);
    if (fd == STDERR_FILENO) {
        return next(fd, data,
                    size); /* by it a failure is told; tests/cli/test_readers.py spoils it */
    }
    return fails_whole(KIND_WRITE, fd, &size) ? -1 : next(fd, data, size);
}

int fsync(int fd)
{
    TRUE_FUNCTION(fsync);
    return fails_file(KIND_FSYNC, fd) ? -1 : next(fd);
}

int fdatasync(int fd)
{
    TRUE_FUNCTION(fdatasync);
    return fails_file(KIND_FSYNC, fd) ? -1 : next(fd);
}

int rename(const char *from, const char *to)
{
    TRUE_FUNCTION(rename);
    return fails_path(KIND_RENAME, to) ? -1 : next(from, to);
}

int unlink(const char *path)
{
    TRUE_FUNCTION(unlink);
    return fails_path(KIND_UNLINK, path) ? -1 : next(path);
}

int mkdir(const char *path, mode_t mode)
{
    TRUE_FUNCTION(mkdir);
    return fails_path(KIND_MKDIR, path) ? -1 : next(path, mode);
}

char *mkdtemp(char *template)
{
    TRUE_FUNCTION(mkdtemp);
    return fails_path(KIND_MKDIR, template) ? NULL : next(template);
}

/* Linux closes the descriptor in any case, whatever it answers. */
int close(int fd)
{
    TRUE_FUNCTION(close);
    bool broken = fails_file(KIND_CLOSE, fd);
    int code = errno;
    *spared_mark(fd) = false;
    int closed = next(fd);
    if (!broken) {
        return closed;
    }
    errno = code;
    return -1;
}

/* The mode stands behind the flags only where a file may be made. */
static mode_t mode_behind(int flags, va_list args)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    TRUE_FUNCTION(open);
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_behind(flags, args);
    va_end(args);
    return fails_path(KIND_OPEN, path) ? -1 : opened(next(path, flags, mode), path);
}

int open64(const char *path, int flags, ...)
{
    TRUE_FUNCTION(open64);
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_behind(flags, args);
    va_end(args);
    return fails_path(KIND_OPEN, path) ? -1 : opened(next(path, flags, mode), path);
}

int openat(int folder, const char *path, int flags, ...)
{
    TRUE_FUNCTION(openat);
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_behind(flags, args);
    va_end(args);
    return fails(KIND_OPEN) ? -1 : opened(next(folder, path, flags, mode), "");
}

FILE *fopen(const char *path, const char *mode)
{
    TRUE_FUNCTION(fopen);
    return fails_path(KIND_OPEN, path) ? NULL : next(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    TRUE_FUNCTION(fopen64);
    return fails_path(KIND_OPEN, path) ? NULL : next(path, mode);
}

DIR *opendir(const char *path)
{
    TRUE_FUNCTION(opendir);
    return fails_path(KIND_OPEN, path) ? NULL : next(path);
}

int flock(int fd, int operation)
{
    TRUE_FUNCTION(flock);
    return fails_file(KIND_FLOCK, fd) ? -1 : next(fd, operation);
}

/* --- Processes, threads, sockets -------------------------------------------------------------- */

pid_t fork(void)
{
    TRUE_FUNCTION(fork);
    if (fails(KIND_FORK)) {
        return -1;
    }
    pid_t pid = next();
    if (pid == 0) {
        plan.armed = false;
    }
    return pid;
}

/* vfork returns twice into this frame, which only fork may do. */
pid_t vfork(void)
{
    return fork();
}

int posix_spawn(pid_t *out_pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    TRUE_FUNCTION(posix_spawn);
    return fails(KIND_FORK) ? plan.code : next(out_pid, path, actions, attributes, argv, envp);
}

int posix_spawnp(pid_t *out_pid, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    TRUE_FUNCTION(posix_spawnp);
    return fails(KIND_FORK) ? plan.code : next(out_pid, file, actions, attributes, argv, envp);
}

int pthread_create(pthread_t *out, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    TRUE_FUNCTION(pthread_create);
    return fails(KIND_THREAD) ? plan.code : next(out, attributes, run, argument);
}

int pipe(int ends[2])
{
    TRUE_FUNCTION(pipe);
    return fails(KIND_PIPE) ? -1 : next(ends);
}

int pipe2(int ends[2], int flags)
{
    TRUE_FUNCTION(pipe2);
    return fails(KIND_PIPE) ? -1 : next(ends, flags);
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    TRUE_FUNCTION(connect);
    return fails(KIND_CONNECT) ? -1 : next(fd, address, size);
}
