/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - `suraq verify`: walks the journal's hash chain. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "command/commands.h"
#include "command/options.h"
#include "command/progress.h"

static void
show_progress(void *arg, uint64_t done, uint64_t total)
{
    progress_show(arg, done, total, done);
}

static int
verify(const struct settings *s, const struct journal_head *head)
{
    struct err e = ERR_INIT;
    uint64_t broken = 0;
    struct journal *j = options_journal(s, &e);

    if (j == NULL)
        return options_fail("verify", &e, EXIT_RUNTIME);
    struct progress bar;
    progress_begin(&bar, "events", -1);
    const struct journal_progress progress = {show_progress, &bar};
    int rc = journal_verify(j, head, &broken, bar.on ? &progress : NULL, &e);
    progress_end(&bar);
    if (rc < 0) {
        journal_close(&j);
        return options_fail("verify", &e, EXIT_RUNTIME);
    }
    struct buf text = BUF_INIT;
    struct journal_head now = journal_head(j);
    journal_head_write(&now, &text);
    if (rc == 0)
        printf("whole %s\n", text.data);
    else
        printf("broken at event %" PRIu64 "\n", broken);
    buf_fini(&text);
    journal_close(&j);
    return rc == 0 ? EXIT_DONE : EXIT_FOUND;
}

static int
exec_verify(int argc, char **argv)
{
    static const struct option options[] = {{"head", required_argument, NULL, 'h'}, {0}};
    const char *config = NULL, *head_text = NULL;
    struct journal_head head;
    struct err e = ERR_INIT;
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'c')
            config = optarg;
        else if (c == 'h')
            head_text = optarg;
        else
            return options_usage(&command_verify);
    }
    if (optind != argc)
        return options_usage(&command_verify);
    if (head_text != NULL && journal_head_parse(str_from(head_text), &head, &e) < 0)
        return options_fail("verify", &e, EXIT_USAGE);
    struct settings *s = options_settings(config);
    if (s == NULL)
        return EXIT_SETTINGS;
    int status = verify(s, head_text == NULL ? NULL : &head);
    settings_free(&s);
    return status;
}

const struct subcommand command_verify = {
    .name = "verify",
    .args = "[-c FILE] [--head N:HASH]",
    .summary = "walk the journal's hash chain",
    .help = "Prints 'whole N:HASH' and ends with 0, or the first broken record and 1. "
            "With --head the\n"
            "journal must also hold that record: a tail that was cut off is found.",
    .exec = exec_verify,
};
