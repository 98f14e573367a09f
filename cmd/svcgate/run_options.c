/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `svcgate run`. A row here and, where it is no number, a line in run_settle. */
#include "run_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "session/session.h"

#define ROW(name, type, argument, help, member)                                                    \
    {                                                                                              \
        name, 0, SG_OPTION_##type, argument, help, offsetof(struct run_options, member), NULL      \
    }

const struct sg_option run_rows[] = {
    {"config", 'c', SG_OPTION_STRING, "FILE", "configuration (default: svcgate.yaml here or above)",
     offsetof(struct run_options, config), NULL},
    ROW("script", STRING, "FILE", "k6 script; it reads BASE_URL", script),
    ROW("compose", LIST, "FILE", "the service's own compose file; repeatable", compose),
    ROW("service", STRING, "NAME", "the compose service under test", service),
    ROW("port", STRING, "PORT", "port the service listens on", port),
    ROW("ready", STRING, "PATH", "path that answers 2xx when the service is ready", ready),
    ROW("cpus", STRING, "N", "CPU quota of the service", cpus),
    ROW("memory", STRING, "SIZE", "memory limit of the service, for example 256MiB", memory),
    ROW("rate", STRING, "RATE", "offered load, for example 200/s; auto finds one", rate),
    ROW("warmup", STRING, "TIME", "load before each measured window", warmup),
    ROW("measure", STRING, "TIME", "the measured window of each repetition", measure),
    ROW("vus", STRING, "N", "most virtual users of k6", vus),
    ROW("reference", STRING, "NAME", "variant that the others are judged against", reference),
    ROW("gate", LIST, "GATE", "METRIC:tolerance=5%,floor=1ms,limit=…; repeatable", gates),
    ROW("repetitions", STRING, "N..M", "repetitions of each variant (default 6..21)", repetitions),
    ROW("budget", STRING, "TIME", "most time for the session (default 30m)", budget),
    ROW("alpha", STRING, "RATIO", "chance of a false fail (default 1%)", alpha),
    ROW("beta", STRING, "RATIO", "chance of a false pass a metric (default 5%)", beta),
    ROW("keep-awake", STRING, "auto|sudo|off", "how CPUs are kept from falling asleep", keep_awake),
    ROW("seed", STRING, "N", "seed of the order of repetitions", seed),
    ROW("block", STRING, "K/N", "measure block K of N alone, for `svcgate judge`; needs --seed",
        block),
    ROW("baseline", STRING, "FILE", "stored baseline to judge against", baseline),
    ROW("no-screen", FLAG, NULL, "side by side at once, whatever the stored baseline has",
        no_screen),
    ROW("no-accepted", FLAG, NULL, "one variant: stored numbers alone, without the accepted image",
        no_accepted),
    ROW("no-adjust", FLAG, NULL, "judge raw values, without noise cancelling", no_adjust),
    {"out", 'o', SG_OPTION_STRING, "DIR", "bundle folder (default: .svcgate/<session>)",
     offsetof(struct run_options, out), NULL},
    ROW("wait", DURATION, "TIME", "wait that long for another session on this host", wait),
    ROW("previous", STRING, "BUNDLE", "an earlier attempt at the same images", previous),
    {"format", 'f', SG_OPTION_LIST, "FORMAT", "NAME[:PATH], one of those below; repeatable",
     offsetof(struct run_options, formats), NULL},
    ROW("mode", STRING, "gate|observe", "observe: judge and report, but exit 0", mode),
    ROW("bisect", FLAG, NULL, "exit 125 unless passed or failed, for git bisect run", bisect),
    {"quiet", 'q', SG_OPTION_FLAG, NULL, "no progress", offsetof(struct run_options, quiet), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

_Static_assert(SG_COUNT(run_rows) <= RUN_OPTIONS_MOST, "room for the source of each option");

/* Each laid-over value says where it came from, for messages that name it. */
static void lay_text(struct sg_config *config, char **place, const char *text, const char *key,
                     const char *option)
{
    if (text != NULL) {
        set_text(place, text);
        sg_config_set_origin(config, key, option);
    }
}

/* Names and paths, which start where the command was typed. */
static void lay_texts(struct sg_config *config, const struct run_options *o)
{
    lay_text(config, &config->script, o->script, "load.script", "--script");
    if (o->compose.count > 0) {
        sg_config_set_compose(config, o->compose.items, o->compose.count);
        sg_config_set_origin(config, "service.compose", "--compose");
    }
    lay_text(config, &config->reference, o->reference, "reference", "--reference");
    lay_text(config, &config->baseline, o->baseline, "baseline", "--baseline");
}

/* "--rate" or "SVCGATE_RATE", whichever it was. Caller frees. */
static char *origin_of(const struct run_options *o, const char *name)
{
    const struct sg_option *row = sg_option_find(o->rows, name);
    return row != NULL && o->sources[row - o->rows] == SG_FROM_ENVIRONMENT
               ? sg_option_variable(row)
               : sg_format("--%s", name);
}

/* All that has bounds: the file's rows read it. */
static bool lay_values(struct sg_config *config, const struct run_options *o, struct sg_error *err)
{
    const struct {
        const char *text, *option, *key;
    } values[] = {{o->service, "service", "service.name"},
                  {o->port, "port", "service.port"},
                  {o->ready, "ready", "service.ready"},
                  {o->cpus, "cpus", "service.cpus"},
                  {o->memory, "memory", "service.memory"},
                  {o->rate, "rate", "load.rate"},
                  {o->warmup, "warmup", "load.warmup"},
                  {o->measure, "measure", "load.measure"},
                  {o->vus, "vus", "load.vus"},
                  {o->repetitions, "repetitions", "plan.repetitions"},
                  {o->budget, "budget", "plan.budget"},
                  {o->alpha, "alpha", "plan.alpha"},
                  {o->beta, "beta", "plan.beta"},
                  {o->seed, "seed", "plan.seed"},
                  {o->keep_awake, "keep-awake", "testbench.keep_awake"}};
    bool ok = true;
    for (size_t i = 0; ok && i < SG_COUNT(values); i++) {
        if (values[i].text != NULL) {
            char *origin = origin_of(o, values[i].option);
            ok = sg_config_set(config, values[i].key, values[i].text, origin, err);
            free(origin);
        }
    }
    config->wait = o->wait;
    config->adjust = config->adjust && !o->no_adjust;
    return ok;
}

static bool check_mode(const char *mode, struct sg_error *err)
{
    return mode == NULL || sg_streq(mode, "gate") || sg_streq(mode, "observe") ||
           sg_fail(err, SG_ERROR_CONFIG, "--mode %s: write gate or observe", mode);
}

bool run_lay(struct sg_config *config, const struct run_options *o, const struct sg_strings *words,
             struct sg_error *err)
{
    if (!check_mode(o->mode, err) || !load_config(o->config, false, config, err)) {
        return false;
    }
    for (size_t i = 0; i < words->count; i++) {
        if (!add_variant_word(config, words->items[i], err)) {
            return false;
        }
    }
    lay_texts(config, o);
    return lay_values(config, o, err) && add_gate_words(config, &o->gates, err) &&
           check_formats(&o->formats, err);
}

/* One to four digits; NULL: something else. Returns what stands behind them. */
static const char *read_count(const char *text, int *out)
{
    size_t digits = strspn(text, "0123456789");
    *out = digits >= 1 && digits <= 4 ? (int)strtol(text, NULL, 10) : 0;
    return *out > 0 ? text + digits : NULL;
}

static bool read_block(const char *text, int *out_block, int *out_blocks)
{
    const char *slash = read_count(text, out_block);
    const char *end = slash != NULL && *slash == '/' ? read_count(slash + 1, out_blocks) : NULL;
    return end != NULL && *end == '\0' && *out_block <= *out_blocks;
}

/* A block by itself has no verdict, and so none of what belongs to one. */
static bool check_alone(const struct sg_config *config, const struct run_options *o,
                        struct sg_error *err)
{
    const char *word = o->formats.count > 0 ? "--format"
                       : o->mode != NULL    ? "--mode"
                       : o->bisect          ? "--bisect"
                                            : NULL;
    if (word != NULL) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s is about a verdict, and --block measures a part of a session: "
                       "`svcgate judge` gives the verdict over all blocks",
                       word);
    }
    if (config->variants_count < 2) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "--block needs a variant beside the reference: a stored baseline is not "
                       "measured in blocks");
    }
    if (config->rate_auto) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "--block needs a rate: with `rate: auto` each machine would find another");
    }
    return o->seed != NULL ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "--block needs --seed: draw one number for the whole plan, and give it to all "
                   "blocks");
}

static bool lay_block(struct sg_config *config, const struct run_options *o, struct sg_error *err)
{
    if (o->block == NULL) {
        return true;
    }
    if (!read_block(o->block, &config->block, &config->blocks)) {
        return sg_fail(err, SG_ERROR_CONFIG, "--block %s: write 2/3 for the second of three blocks",
                       o->block);
    }
    return check_alone(config, o, err) && sg_session_check_blocks(config, err);
}

bool run_settle(struct sg_config *config, const struct run_options *o,
                const struct sg_strings *words, struct sg_error *err)
{
    return run_lay(config, o, words, err) && sg_config_finish(config, true, err) &&
           lay_block(config, o, err);
}
