/* SPDX-License-Identifier: Apache-2.0 */
/* One table, or all of them with their summary. */
#include "sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/tables.h"

static void print(const struct sg_text *text)
{
    fputs(text->data ? text->data : "", stdout);
}

static void run_table(const struct table *table, struct book *book)
{
    sg_text_printf(&book->text, "## %s\n\n", table->title);
    table->print(book);
    sg_text_add(&book->text, "\n");
}

/* A bundle of bounds: 0 when all are kept. */
static int finish(struct book *book, bool tables_too)
{
    struct sg_text summary = {0};
    book_close(book);
    book_summary(book, &summary);
    if (!tables_too)
        print(&book->text);
    print(&summary);
    if (tables_too) {
        puts("");
        print(&book->text);
    }
    int code = book_missed(book) > 0 ? 1 : 0;
    sg_text_free(&summary);
    sg_text_free(&book->text);
    return code;
}

int sim_table(const char *name, const struct book_options *options)
{
    struct book book = {.options = options};
    for (size_t i = 0; i < tables_count; i++)
        if (strcmp(tables[i].name, name) == 0)
            run_table(&tables[i], &book);
    if (!book.text.data) {
        fputs("sim: no such table; there are", stderr);
        for (size_t i = 0; i < tables_count; i++)
            fprintf(stderr, " %s", tables[i].name);
        fputs("\n", stderr);
        return 4;
    }
    return finish(&book, false);
}

int sim_report(const struct book_options *options)
{
    struct book book = {.options = options};
    for (size_t i = 0; i < tables_count; i++) {
        time_t start = time(NULL);
        run_table(&tables[i], &book);
        fprintf(stderr, "sim: %s, %.0f s\n", tables[i].title, difftime(time(NULL), start));
    }
    return finish(&book, true);
}
