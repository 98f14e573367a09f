/* SPDX-License-Identifier: Apache-2.0 */
/* What k6 refuses of a script before anything is measured: its words, as one sentence with what to
 * do about it. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/internal.h"

/* k6's exit statuses; others are docker's. */
#define K6_FIRST 97
#define K6_LAST 115
#define SOURCE_LIMIT (16U << 20) /* bytes of a source */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Behind `opening`, where the text has it at its start, or with `anywhere` further on. */
static const char *behind(const char *text, const char *opening, bool anywhere)
{
    const char *found = strstr(text, opening);
    return found != NULL && (anywhere || found == text) ? found + strlen(opening) : text;
}

/* k6's own sentence, without the place inside its container and without what called what. */
static char *first_sentence(const char *text)
{
    const char *inner = behind(text, "could not load JS test '", true);
    text = inner != text ? behind(inner, "': ", true) : text;
    text = behind(behind(text, "Error: ", false), "GoError: ", false);
    return sg_format("%.*s", (int)strcspn(text, "\n"), text);
}

/* What to do about it; "" where k6 says it all. */
static const char *remedy(const char *sentence)
{
    if (strstr(sentence, "couldn't be retrieved") != NULL) {
        return "; modules are fetched from inside k6's container, and it does not reach that "
               "address: save the module beside the script and import it from there";
    }
    if (strstr(sentence, "no such file") != NULL || strstr(sentence, "on local disk") != NULL) {
        return "; files whose name the script puts together are found only where load.files names "
               "them";
    }
    return "";
}

/* Of "… local disk. Make sure …" the advice is for people who run k6 themselves. */
static void cut_advice(char *sentence)
{
    char *advice = strstr(sentence, ". Make sure that");
    if (advice != NULL) {
        *advice = '\0';
    }
}

/* --- Metrics that gates name by `k6` --------------------------------------------------------- */

/* Behind "Trend('" and its like at `at`, or NULL. */
static const char *made_name(const char *at)
{
    static const char *const kinds[] = {"Trend", "Counter", "Rate", "Gauge"};
    const char *open = NULL;
    for (size_t i = 0; open == NULL && i < SG_COUNT(kinds); i++) {
        open = sg_starts_with(at, kinds[i]) ? at + strlen(kinds[i]) : NULL;
    }
    if (open == NULL || *open != '(') {
        return NULL;
    }
    open += 1 + strspn(open + 1, " \t\r\n");
    return *open != '\0' && strchr("'\"`", *open) != NULL ? open + 1 : NULL;
}

/* What the text makes with `new Trend('NAME')` and its like, each once. */
static void add_made(const char *text, struct sg_strings *names)
{
    for (const char *at = strstr(text, "new "); at != NULL; at = strstr(at + 4, "new ")) {
        const char *name = made_name(at + 4 + strspn(at + 4, " "));
        if (name == NULL) {
            continue;
        }
        char *word = sg_format("%.*s", (int)strcspn(name, "'\"`\n"), name);
        bool known = false;
        for (size_t i = 0; !known && i < names->count; i++) {
            known = sg_streq(names->items[i], word);
        }
        if (!known) {
            sg_strings_add(names, word);
        }
        free(word);
    }
}

/* "; its sources make a, b", or nothing. Caller frees. */
static char *made_names(const struct sg_config *config)
{
    struct sg_tree tree = {0};
    struct sg_strings names = {0};
    struct sg_error ignored = {0};
    bool ok = sg_tree_find(config->script, config->files, &tree, &ignored);
    for (size_t i = 0; ok && i < tree.files.count; i++) {
        char *text = NULL;
        size_t size = 0;
        if (sg_file_read(tree.files.items[i], SOURCE_LIMIT, &text, &size, &ignored)) {
            add_made(text, &names);
        }
        free(text);
    }
    struct sg_text out = {.limit = 500};
    for (size_t i = 0; i < names.count; i++) {
        sg_text_printf(&out, "%s%s", i == 0 ? "; its sources make " : ", ", names.items[i]);
    }
    sg_strings_clear(&names);
    sg_tree_clear(&tree);
    return out.size > 0 ? sg_text_take(&out) : sg_strdup("");
}

/* The text between `before` and the next character of `ends`; NULL where there is none. */
static char *between(const char *text, const char *before, const char *ends)
{
    const char *at = strstr(text, before);
    return at != NULL
               ? sg_format("%.*s", (int)strcspn(at + strlen(before), ends), at + strlen(before))
               : NULL;
}

/* True: it is about a metric, and `err` says what. */
static bool refuse_metric(const struct sg_config *config, const char *sentence,
                          struct sg_error *err)
{
    char *missing = between(sentence, "no metric name \"", "{\"");
    char *other = between(sentence, "applied on metric ", "{;"),
         *stat = between(sentence, "\"", "<");
    char *kind = between(sentence, "on metric of type ", ". "),
         *has = between(sentence, "are: ", "\n");
    if (missing != NULL) {
        char *made = made_names(config);
        (void)sg_fail(err, SG_ERROR_CONFIG,
                      "gates: neither k6 nor %s makes a metric %s%s. Metrics are made outside of "
                      "all functions, such as: const t = new Trend('%s')",
                      base_name(config->script), missing, made, missing);
        free(made);
    } else if (other != NULL && kind != NULL && has != NULL) {
        (void)sg_fail(err, SG_ERROR_CONFIG, "gates: %s is a %s of k6's, which has no %s; it has %s",
                      other, kind, stat, has);
    }
    bool found = missing != NULL || (other != NULL && kind != NULL && has != NULL);
    free(missing);
    free(other);
    free(stat);
    free(kind);
    free(has);
    return found;
}

bool sg_script_refuse(const struct sg_config *config, const struct sg_process_result *result,
                      struct sg_error *err)
{
    if (result->status < K6_FIRST || result->status > K6_LAST) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "k6 could not be started (status %d): %s",
                       result->status, sg_tail(result->err, 6));
    }
    const char *text = result->err;
    if (strstr(text, "level configuration overrode scenarios") != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "load.env: K6_VUS, K6_DURATION, K6_ITERATIONS and K6_STAGES would replace "
                       "svcgate's load; leave them out");
    }
    while (sg_starts_with(text, "svcgate: ")) {
        text += strcspn(text, "\n");
        text += *text == '\n' ? 1 : 0;
    }
    char *sentence = first_sentence(text);
    if (refuse_metric(config, sentence, err)) {
        free(sentence);
        return false;
    }
    cut_advice(sentence);
    sg_fail(err, SG_ERROR_CONFIG, "load.script: k6 refuses %s: %s%s", base_name(config->script),
            sentence, remedy(sentence));
    free(sentence);
    return false;
}
