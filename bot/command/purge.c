/* SPDX-License-Identifier: Apache-2.0 */
/* purge.c - `suraq purge`: erases what retention has ended for, or shows what would go.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "command/commands.h"
#include "command/forget.h"
#include "command/options.h"
#include "queue/retention.h"

struct wish {
    const char *config;
    const char *before; /* NULL: as the settings say */
    bool dry_run;
};

/* A day of the stream's calendar: what is from before it begins. */
static int
read_date(const char *text, int64_t *before_ms, struct err *e)
{
    struct tm tm = {.tm_isdst = -1};
    const char *end = strptime(text, "%Y-%m-%d", &tm);
    time_t at = end != NULL && *end == '\0' ? mktime(&tm) : -1;
    if (at <= 0)
        return err_set(e, ERR_VALUE, "--before takes a date, 2026-05-31");
    *before_ms = (int64_t)at * 1000;
    return 0;
}

static void
day_of(int64_t ms, char out[16])
{
    time_t at = (time_t)(ms / 1000);
    struct tm tm;
    if (localtime_r(&at, &tm) == NULL || strftime(out, 16, "%Y-%m-%d", &tm) == 0)
        out[0] = '\0';
}

static void
print_survey(const struct retention_survey *s)
{
    char from[16], to[16];
    printf("%-9s  %-10s  %-10s  %9s  %9s  %9s  %9s\n", "broadcast", "from", "to", "lines",
           "questions", "acts", "held");
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct retention_row *r = &s->rows[i];
        day_of(r->first_ms, from);
        day_of(r->last_ms, to);
        printf("%-9" PRIu64 "  %-10s  %-10s  %9" PRIu64 "  %9" PRIu64 "  %9" PRIu64
               "  %9" PRIu64 "\n",
               r->broadcast, from, to, r->lines, r->questions, r->acts, r->held);
    }
    printf("%" PRIu64 " texts would be erased; %" PRIu64
           " stay, because an answer is still owed\n",
           s->erasable, s->held);
}

static int
dry_run(const struct settings *s, int64_t before_ms, struct err *e)
{
    struct retention_survey survey;
    struct journal *j = options_journal(s, e);
    int rc = j == NULL ? -1 : retention_survey(j, before_ms, &survey, e);
    journal_close(&j);
    if (rc < 0)
        return -1;
    print_survey(&survey);
    retention_survey_fini(&survey);
    return 0;
}

static int
purge(const struct settings *s, int64_t before_ms, struct err *e)
{
    const struct journal_conf conf = {.path = s->journal_path};
    struct journal *there = options_journal(s, e); /* else it would be made */
    uint64_t erased = 0;
    if (there == NULL)
        return -1;
    journal_close(&there);
    struct journal *j = journal_sqlite_open(&conf, e);
    int rc = j == NULL ? -1 : retention_erase(j, before_ms, &erased, e);
    journal_close(&j);
    if (rc < 0)
        return -1;
    printf("%" PRIu64 " texts erased\n", erased);
    return 0;
}

static int
take_options(struct wish *w, int argc, char **argv)
{
    static const struct option options[] = {{"before", required_argument, NULL, 'b'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {0}};
    int c;
    *w = (struct wish){0};
    while ((c = getopt_long(argc, argv, "c:n", options, NULL)) != -1) {
        if (c == 'c')
            w->config = optarg;
        else if (c == 'n')
            w->dry_run = true;
        else if (c == 'b')
            w->before = optarg;
        else
            return -1;
    }
    return optind == argc ? 0 : -1;
}

static int
exec_purge(int argc, char **argv)
{
    struct wish w;
    struct err e = ERR_INIT;
    if (take_options(&w, argc, argv) < 0)
        return options_usage(&command_purge);
    struct settings *s = options_settings(w.config);
    if (s == NULL)
        return EXIT_SETTINGS;
    options_timezone(s);
    int64_t before_ms = forget_before_ms(s->text_days);
    int status = EXIT_USAGE;
    if (w.before == NULL || read_date(w.before, &before_ms, &e) == 0) {
        int rc = w.dry_run ? dry_run(s, before_ms, &e) : purge(s, before_ms, &e);
        status = rc < 0 ? EXIT_RUNTIME : EXIT_DONE;
    }
    settings_free(&s);
    return e.code == ERR_NONE ? status : options_fail("purge", &e, status);
}

const struct subcommand command_purge = {
    .name = "purge",
    .args = "[-c FILE] [--before DATE] [--dry-run]",
    .summary = "erase the texts whose time has ended",
    .help =
        "Erases words, names and handles that are older than 'retention.text_days', "
        "or from before\n"
        "DATE (2026-05-31), from every page of the journal; the chain still verifies. "
        "Questions that\n"
        "are owed an answer in writing stay. --dry-run shows what would go, also "
        "while the stream runs.\n"
        "A running stream does this by itself at night, and at once on SIGUSR1.",
    .exec = exec_purge,
};
