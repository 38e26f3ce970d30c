/* SPDX-License-Identifier: Apache-2.0 */
/* lab.c - `suraq lab`: what other filters would have done on a recorded chat. Reads the
 * messages as `suraq judge` does; nothing is written but the answer. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/filter_set.h"
#include "command/lab_report.h"
#include "command/messages.h"
#include "command/options.h"
#include "command/progress.h"

enum { CHUNK = 64 * 1024 };

struct lab {
    struct judge *judge[COMPARE_SIDES];
    struct compare *compare;
    struct lab_report report;
    struct messages in;
    struct progress progress;
    struct buf out;
    bool json;
    uint64_t errors;
};

static void
write_error(struct lab *lab, const struct err *why)
{
    struct err e = ERR_INIT;

    lab->errors++;
    if (!lab->json) {
        (void)err_set(&e, why->code, "line %" PRIu64 ": %s", lab->in.number, why->msg);
        progress_end(&lab->progress);
        (void)options_fail("lab", &e, EXIT_DONE);
        return;
    }
    buf_addf(&lab->out, "{\"line\":%" PRIu64 ",\"error\":", lab->in.number);
    buf_add_json(&lab->out, str_from(why->msg));
    buf_add_cstr(&lab->out, "}\n");
}

static void
write_json(struct lab *lab, const struct message *m, const struct compare_line *line)
{
    buf_addf(&lab->out, "{\"line\":%" PRIu64 ",", lab->in.number);
    if (m->id.len > 0) {
        buf_add_cstr(&lab->out, "\"id\":");
        buf_add_json(&lab->out, m->id);
        buf_add_char(&lab->out, ',');
    }
    buf_add_cstr(&lab->out, "\"text\":");
    buf_add_json(&lab->out, m->text);
    buf_add_char(&lab->out, ',');
    compare_line_write_json(line, &lab->out);
    buf_add_cstr(&lab->out, "}\n");
}

static int
lab_line(void *arg, const struct message *m, const struct err *why, struct err *e)
{
    struct lab *lab = arg;
    struct compare_line line;

    if (m == NULL) {
        write_error(lab, why);
    } else if (m->kind == MESSAGE_CHAT) {
        compare_text(lab->compare, m->text, &line);
        if (line.changes != 0 && lab->json)
            write_json(lab, m, &line);
        else if (line.changes != 0)
            lab_report_add(&lab->report, lab->in.number, m->text, &line);
    }
    return lab->out.len >= CHUNK ? options_write(&lab->out, e) : 0;
}

static int
lab_pause(void *arg, struct err *e)
{
    struct lab *lab = arg;

    progress_show(&lab->progress, lab->in.bytes, lab->in.size,
                  compare_totals(lab->compare)->messages);
    return options_write(&lab->out, e);
}

static int
write_summary(struct lab *lab, struct err *e)
{
    if (lab->json) {
        buf_add_char(&lab->out, '{');
        compare_write_json(lab->compare, &lab->out);
        buf_addf(&lab->out, ",\"errors\":%" PRIu64 "}\n", lab->errors);
    } else {
        lab_report_write(&lab->report, lab->compare, lab->errors, &lab->out);
    }
    return options_write(&lab->out, e);
}

static int
run(struct lab *lab, const char *path)
{
    struct err e = ERR_INIT;

    lab->compare = compare_new(lab->judge[COMPARE_OLD], lab->judge[COMPARE_NEW]);
    lab->report =
        (struct lab_report){.judge = {lab->judge[COMPARE_OLD], lab->judge[COMPARE_NEW]},
                            .lang = options_lang(),
                            .width = options_width(),
                            .colour = options_colour()};
    lab->in = (struct messages){.line = lab_line, .pause = lab_pause, .arg = lab};
    progress_begin(&lab->progress, "messages", lab->json ? STDOUT_FILENO : -1);
    int rc = messages_read(&lab->in, strcmp(path, "-") == 0 ? NULL : path, &e);
    progress_end(&lab->progress);
    if (rc == 0)
        rc = write_summary(lab, &e);
    bool found = compare_totals(lab->compare)->changed > 0;
    lab_report_fini(&lab->report);
    compare_free(&lab->compare);
    buf_fini(&lab->out);
    if (rc < 0)
        return options_fail("lab", &e, EXIT_RUNTIME);
    return found ? EXIT_FOUND : EXIT_DONE;
}

static int
load_and_run(struct lab *lab, char *folders[COMPARE_SIDES], const char *path)
{
    static const char *const names[COMPARE_SIDES] = {"--old", "--new"};
    struct err e = ERR_INIT;
    int status = EXIT_DONE;

    for (size_t i = 0; i < COMPARE_SIDES && status == EXIT_DONE; i++) {
        lab->judge[i] = filter_set_judge(&folders[i], 1, &e);
        if (lab->judge[i] != NULL)
            continue;
        (void)err_ctx(&e, "%s %s", names[i], folders[i]);
        status = options_fail("lab", &e, EXIT_SETTINGS);
    }
    if (status == EXIT_DONE)
        status = run(lab, path);
    for (size_t i = 0; i < COMPARE_SIDES; i++)
        judge_unref(&lab->judge[i]);
    return status;
}

static int
exec_lab(int argc, char **argv)
{
    static const struct option options[] = {{"old", required_argument, NULL, 'o'},
                                            {"new", required_argument, NULL, 'n'},
                                            {"json", no_argument, NULL, 'j'},
                                            {0}};
    char *folders[COMPARE_SIDES] = {NULL};
    struct lab lab = {.errors = 0};
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 'o' && folders[COMPARE_OLD] == NULL)
            folders[COMPARE_OLD] = optarg;
        else if (c == 'n' && folders[COMPARE_NEW] == NULL)
            folders[COMPARE_NEW] = optarg;
        else if (c == 'j')
            lab.json = true;
        else
            return options_usage(&command_lab);
    }
    if (argc - optind != 1 || folders[COMPARE_OLD] == NULL ||
        folders[COMPARE_NEW] == NULL)
        return options_usage(&command_lab);
    return load_and_run(&lab, folders, argv[optind]);
}

const struct subcommand command_lab = {
    .name = "lab",
    .args = "--old DIR --new DIR [--json] FILE",
    .summary = "what other filters would have done on a recorded chat",
    .help =
        "Judges each message of FILE (NDJSON; - is standard input) with both sets of "
        "filters and\n"
        "lists the questions gained, lost and moved and the texts masked differently, "
        "each with\n"
        "the rules that made the difference; then the counts of each filter. --json "
        "writes one\n"
        "object for each difference, and the counts as the last line. Ends with 1 when "
        "there is\n"
        "a difference.",
    .exec = exec_lab,
};
