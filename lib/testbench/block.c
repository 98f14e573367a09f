/* SPDX-License-Identifier: Apache-2.0 */
/* A sliced block: its containers side by side, started, read and removed by a thread each. */
#include "testbench/block.h"

#include <stdlib.h>

#include "testbench/stack.h"

struct thread {
    struct sg_task task;
    bool (*work)(struct sg_task *task);
    pthread_t id;
    bool started, ok;
};

static void *run_thread(void *context)
{
    struct thread *thread = context;
    thread->ok = thread->work(&thread->task);
    return NULL;
}

bool sg_block_each(struct sg_bench *bench, struct sg_bench_seat *seats,
                   bool (*work)(struct sg_task *task), struct sg_error *err)
{
    size_t count = bench->block_count;
    struct thread *threads = sg_alloc(count, sizeof(*threads));
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        struct thread *thread = &threads[i];
        thread->work = work;
        thread->task = (struct sg_task){
            .bench = bench, .place = &bench->block[i], .seat = seats != NULL ? &seats[i] : NULL};
        thread->started = pthread_create(&thread->id, NULL, run_thread, thread) == 0;
        if (!thread->started) {
            (void)run_thread(thread);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (threads[i].started) {
            (void)pthread_join(threads[i].id, NULL);
        }
        if (ok && !threads[i].ok) {
            *err = threads[i].task.err;
            ok = false;
        }
    }
    free(threads);
    return ok;
}

static bool start_place(struct sg_task *task)
{
    return sg_place_start(task->bench, task->place, &task->seat->trouble, &task->err);
}

static bool remove_place(struct sg_task *task)
{
    return !task->place->started || sg_stack_down(task->place, &task->err);
}

static void make_places(struct sg_bench *bench, const struct sg_bench_seat *seats, size_t count)
{
    bench->block = sg_alloc(count, sizeof(*bench->block));
    bench->block_count = count;
    for (size_t i = 0; i < count; i++) {
        sg_place_init(bench, i + 1, &bench->block[i]);
        bench->block[i].variant = seats[i].variant;
    }
}

/* One after the other: they share the network of Prometheus, and an engine loses count of who
 * leaves at once. They go first, because they hold the networks of their places. */
static bool remove_generators(struct sg_bench *bench, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < bench->block_count; i++) {
        const char *id = bench->block[i].generator_id;
        const char *const argv[] = {"docker", "rm", "--force", "--volumes", id, NULL};
        ok = (id[0] == '\0' || sg_docker_run(argv, NULL, 120, true, err)) && ok;
    }
    return ok;
}

bool sg_block_remove(struct sg_bench *bench, struct sg_error *err)
{
    if (bench->block == NULL) {
        return true;
    }
    bool ok = remove_generators(bench, err);
    ok = sg_block_each(bench, NULL, remove_place, err) && ok;
    for (size_t i = 0; i < bench->block_count; i++) {
        sg_place_clear(&bench->block[i]);
    }
    free(bench->block);
    bench->block = NULL;
    bench->block_count = 0;
    return ok;
}

static bool in_trouble(const struct sg_bench_seat *seats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seats[i].trouble.check != NULL) {
            return true;
        }
    }
    return false;
}

bool sg_bench_block(struct sg_bench *bench, const struct sg_bench_slices *slices,
                    struct sg_bench_seat *seats, size_t count, struct sg_error *err)
{
    for (size_t i = 0; i < count; i++) {
        seats[i].trouble = (struct sg_finding){0};
        seats[i].measured = false;
        seats[i].seen = sg_bench_window_none();
    }
    make_places(bench, seats, count);
    bool ok = sg_block_each(bench, seats, start_place, err) &&
              (in_trouble(seats, count) || sg_rotation_run(bench, slices, seats, err));
    struct sg_error removing = {0};
    if (!sg_block_remove(bench, &removing) && ok) {
        *err = removing;
        ok = false;
    }
    return ok;
}
