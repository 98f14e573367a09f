/* SPDX-License-Identifier: Apache-2.0 */
/* A report as a list of plain parts: heading, paragraph, list, table, log, pictures, fold. Sections
 * (sections.h) add parts; a printer (print.h) writes them. Nothing in a document is escaped or
 * cleaned: that is the printer's work, and its alone. */
#ifndef SG_REPORT_DOC_H
#define SG_REPORT_DOC_H

#include "plot/plot.h"
#include "view/view.h"

/* Where a document is read. It decides which sections it has and in which order. */
enum sg_form { SG_FOR_TERMINAL = 1, SG_FOR_MARKDOWN = 2, SG_FOR_HTML = 4 };
#define SG_FOR_PAGES (SG_FOR_MARKDOWN | SG_FOR_HTML)
#define SG_FOR_ALL (SG_FOR_PAGES | SG_FOR_TERMINAL)

enum sg_span_kind {
    SG_SPAN_OWN, /* the program's own words and numbers, never text from outside; `this` is code */
    SG_SPAN_STRONG, /* the same, which stands out */
    SG_SPAN_TEXT,   /* text from outside, or with a part from outside: a unit is a user's word */
    SG_SPAN_CODE,   /* a name from outside */
    SG_SPAN_STATE,  /* mark and word of `state` */
    /* In cells alone: */
    SG_SPAN_NUMBER, /* a number with its unit, on one line */
    SG_SPAN_CHANGE, /* the same, with the interval in `more` ("": none) */
};

struct sg_span {
    enum sg_span_kind kind;
    enum sg_state state;
    char *text;
    char *more;
};

/* Running text: one line. Zero-initialised is an empty line. */
struct sg_line {
    struct sg_span *spans;
    size_t count;
};

void sg_line_own(struct sg_line *line, const char *format, ...) SG_PRINTF(2, 3);
void sg_line_strong(struct sg_line *line, const char *words);
void sg_line_text(struct sg_line *line, const char *text);
/* The same, freeing what it is given. */
void sg_line_take(struct sg_line *line, char *text);
void sg_line_name(struct sg_line *line, const char *name);
void sg_line_state(struct sg_line *line, enum sg_state state);
void sg_line_clear(struct sg_line *line);
/* The line without any markup, cleaned, each text from outside at most `longest` bytes. */
void sg_line_plain(const struct sg_line *line, size_t longest, struct sg_text *out);

enum sg_part_kind {
    SG_PART_VERDICT, /* `state`, `line`: the headline, `more`: the summary, `text`: a title or NULL
                      */
    SG_PART_HEADING,
    SG_PART_PARAGRAPH,
    SG_PART_LIST,
    SG_PART_TABLE,
    SG_PART_COMMANDS, /* `text`: for a shell, one a line */
    SG_PART_PICTURES,
    SG_PART_FOLD, /* all up to the end is folded behind `text`; not nested */
    SG_PART_FOLD_END,
    SG_PART_KINDS,
};

/* How a part looks among those of its kind. */
enum sg_look {
    SG_LOOK_PLAIN,
    SG_LOOK_FORECAST, /* a verdict that is expected */
    /* headings */
    SG_LOOK_SECTION,    /* a printer that does not show it begins a section all the same */
    SG_LOOK_SUBSECTION, /* of the section before */
    SG_LOOK_LABEL,      /* a section as short as its list */
    /* paragraphs */
    SG_LOOK_LEAD,  /* introduces what follows, and is not shown without it */
    SG_LOOK_NOTE,  /* small */
    SG_LOOK_QUIET, /* terminal: dim */
    SG_LOOK_WHOLE, /* terminal: not broken into lines */
    /* lists: what is before an item in a terminal; a state that an item begins with replaces it */
    SG_LOOK_ARROW,
    SG_LOOK_HANGING,       /* nothing; tables: set in further, below their sentence */
    SG_LOOK_HANGING_QUIET, /* nothing, and dim */
};

struct sg_item {
    struct sg_line line;
    char *log; /* shown below it, or NULL */
};

enum sg_column_kind {
    SG_COLUMN_LEFT,
    SG_COLUMN_RIGHT,
    SG_COLUMN_STATE,  /* the first one; terminal: a mark before the row */
    SG_COLUMN_REASON, /* the last one; terminal: below the row, unless it passed */
};

struct sg_head {
    enum sg_column_kind kind;
    int drop; /* terminal: the column with the least number goes first where it is narrow; 0: stays
               */
    struct sg_line line;
};

struct sg_part {
    enum sg_part_kind kind;
    enum sg_look look;
    unsigned shown; /* headings: for whom */
    unsigned tight; /* for whom no empty line comes before */
    bool always;    /* shown whatever the limit of the page is */
    size_t share;   /* it may use one part in so many of the page */
    enum sg_state state;
    char *text;
    struct sg_line line;
    struct sg_line more;
    struct sg_item *items;
    size_t items_count;
    /* Tables: `text` is for those who cannot see it. Cells row by row, without the heads. */
    struct sg_head *heads; /* one a column */
    size_t heads_count;
    struct sg_span *cells;
    size_t cells_count, cells_capacity;
    size_t cells_size; /* bytes of their texts */
    size_t left_out;   /* rows */
    /* Pictures: borrowed; side by side, or (one of a gate) with its estimate and reason. */
    const struct sg_plot *plots;
    size_t plots_count;
};

struct sg_doc {
    enum sg_form form;
    size_t limit; /* bytes that its printer will write at most; 0: any number */
    bool always;  /* of the next parts */
    size_t share; /* of the next parts; 0 is 1 */
    struct sg_part *parts;
    size_t count;
};

void sg_doc_clear(struct sg_doc *doc);

/* Each adds a part, which the caller goes on filling until the next one is added. `words` may be
 * NULL. */
struct sg_line *sg_doc_heading(struct sg_doc *doc, enum sg_look look, unsigned shown,
                               const char *words);
struct sg_line *sg_doc_paragraph(struct sg_doc *doc, enum sg_look look);
struct sg_part *sg_doc_list(struct sg_doc *doc, enum sg_look look);
void sg_doc_commands(struct sg_doc *doc, const char *lines);
void sg_doc_pictures(struct sg_doc *doc, const struct sg_plot *plots, size_t count);
void sg_doc_fold(struct sg_doc *doc, const char *summary);
void sg_doc_fold_end(struct sg_doc *doc);
struct sg_part *sg_doc_verdict(struct sg_doc *doc, enum sg_state state, const char *title);
/* `label`: freed by the document. */
struct sg_part *sg_doc_table(struct sg_doc *doc, char *label);

/* For these forms no empty line comes before the part that was added last. */
void sg_doc_tight(struct sg_doc *doc, unsigned forms);

/* A new item of a list; `log` may be NULL. */
struct sg_line *sg_list_item(struct sg_part *list, const char *log);

/* Columns first, then rows of as many cells. */
struct sg_line *sg_table_column(struct sg_part *table, enum sg_column_kind kind, int drop,
                                const char *words);
/* Is there any use in another row? False, and the row counted, when the table has more text than
 * its page can take: there may be a hundred thousand. */
bool sg_table_row(const struct sg_doc *doc, struct sg_part *table);
void sg_cell_own(struct sg_part *table, const char *words);
void sg_cell_text(struct sg_part *table, const char *text);
void sg_cell_code(struct sg_part *table, const char *name);
void sg_cell_number(struct sg_part *table, const char *number);
void sg_cell_number_take(struct sg_part *table, char *number);
void sg_cell_change(struct sg_part *table, const char *change, const char *interval);
void sg_cell_state(struct sg_part *table, enum sg_state state);

#endif
