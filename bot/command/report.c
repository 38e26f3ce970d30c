/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - `suraq report`: what came of a broadcast, as a file. Reads the journal as
 * backup does, so the stream may be running. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "command/commands.h"
#include "command/filter_set.h"
#include "command/options.h"
#include "serve/report.h"

struct wish {
    const char *config, *out, *lang;
    uint64_t broadcast; /* 0: not said */
    enum report_edition edition;
    enum report_format format;
};

static int
take_option(struct wish *w, int c, const char *value, struct err *e)
{
    struct str text = str_from(value);

    switch (c) {
    case 'c':
        w->config = value;
        return 0;
    case 'o':
        w->out = value;
        return 0;
    case 'b':
        if (str_to_u64(text, INT64_MAX, &w->broadcast, e) < 0 || w->broadcast == 0)
            return err_set(e, ERR_VALUE, "--broadcast is a number from 1 on");
        return 0;
    case 'e':
        return report_edition_from_name(text, &w->edition, e);
    case 'f':
        return report_format_from_name(text, &w->format, e);
    default:
        break;
    }
    w->lang = value;
    if (strcmp(value, "kk") != 0 && strcmp(value, "ru") != 0 && strcmp(value, "en") != 0)
        return err_set(e, ERR_VALUE, "the language is kk, ru or en");
    return 0;
}

static const char *
title_of(const struct settings *s, const char *lang)
{
    const char *title = strcmp(lang, "kk") == 0   ? s->title_kk
                        : strcmp(lang, "ru") == 0 ? s->title_ru
                                                  : s->title_en;
    if (title == NULL)
        title = s->title_ru != NULL ? s->title_ru : s->title_kk;
    return title != NULL ? title : s->title_en;
}

/* Filters that cannot be read cost the report the titles of topics, and nothing else. */
static int
write_report(const struct settings *s, const struct wish *w, struct buf *out,
             struct err *e)
{
    struct err no_titles = ERR_INIT;
    struct journal *j = options_journal(s, e);
    struct report *r = j == NULL ? NULL : report_read(j, w->broadcast, false, e);

    journal_close(&j);
    if (r == NULL)
        return -1;
    struct judge *judge = filter_set_judge(s->filters, s->n_filters, &no_titles);
    struct report_conf conf = {.edition = w->edition,
                               .lang = w->lang,
                               .stream_id = s->stream_id,
                               .stream = title_of(s, w->lang),
                               .made_ms = clock_wall_ms(clock_system())};
    if (judge != NULL)
        conf.n_topics = judge_topics(judge, &conf.topics);
    int rc = report_write(r, &conf, w->format, out, e);
    judge_unref(&judge);
    report_free(&r);
    return rc;
}

/* For its owner alone: the internal edition holds what people wrote. */
static int
write_file(const char *path, const struct buf *out, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;

    if (fd < 0)
        return err_errno(e, ERR_IO, "%s cannot be written", path);
    while (done < out->len) {
        ssize_t n = write(fd, out->data + done, out->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done == out->len && close(fd) == 0)
        return 0;
    int rc = err_errno(e, ERR_IO, "%s cannot be written", path);
    if (done < out->len)
        (void)close(fd);
    return rc;
}

static int
report(const struct settings *s, struct wish *w)
{
    struct buf out = BUF_INIT;
    struct err e = ERR_INIT;

    if (w->lang == NULL)
        w->lang = s->n_languages > 0 ? s->languages[0] : "en";
    /* Times are those of the stream; there is one thread yet. */
    options_timezone(s);
    int rc = write_report(s, w, &out, &e);
    if (rc == 0)
        rc = w->out == NULL ? options_write(&out, &e) : write_file(w->out, &out, &e);
    buf_fini(&out);
    return rc < 0 ? options_fail("report", &e, EXIT_RUNTIME) : EXIT_DONE;
}

static int
exec_report(int argc, char **argv)
{
    static const struct option options[] = {{"broadcast", required_argument, NULL, 'b'},
                                            {"edition", required_argument, NULL, 'e'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"lang", required_argument, NULL, 'l'},
                                            {0}};
    struct wish w = {.edition = EDITION_INTERNAL, .format = REPORT_HTML};
    struct err e = ERR_INIT;
    int c;

    while ((c = getopt_long(argc, argv, "c:o:", options, NULL)) != -1) {
        if (c == '?')
            return options_usage(&command_report);
        if (take_option(&w, c, optarg, &e) < 0)
            return options_fail("report", &e, EXIT_USAGE);
    }
    if (optind != argc)
        return options_usage(&command_report);
    if (w.format == REPORT_XLSX && w.out == NULL && isatty(STDOUT_FILENO) != 0) {
        (void)err_set(&e, ERR_VALUE, "a spreadsheet is nothing for a terminal: give -o");
        return options_fail("report", &e, EXIT_USAGE);
    }
    struct settings *s = options_settings(w.config);
    if (s == NULL)
        return EXIT_SETTINGS;
    int status = report(s, &w);
    settings_free(&s);
    return status;
}

const struct subcommand command_report = {
    .name = "report",
    .args = "[-c FILE] [--broadcast N] [--edition internal|public] "
            "[--format html|csv|xlsx|json] [--lang kk|ru|en] [-o FILE]",
    .summary = "what came of a broadcast, as a file",
    .help =
        "Without --broadcast it is about the one that is live, else about the last that "
        "ended. The public\n"
        "edition holds figures and approved wordings, and nobody's name or original "
        "text. The language\n"
        "of the headings is the first of stream.languages unless --lang says another.",
    .exec = exec_report,
};
