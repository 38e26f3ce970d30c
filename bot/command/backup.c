/* SPDX-License-Identifier: Apache-2.0 */
/* backup.c - `suraq backup`: a consistent copy, also while the stream runs. */
#include <getopt.h>

#include "command/commands.h"
#include "command/facts.h"
#include "command/options.h"

static int
exec_backup(int argc, char **argv)
{
    const char *config = NULL, *out = NULL;
    struct err e = ERR_INIT;
    int c;

    while ((c = getopt(argc, argv, "c:o:")) != -1) {
        if (c == 'c')
            config = optarg;
        else if (c == 'o')
            out = optarg;
        else
            return options_usage(&command_backup);
    }
    if (out == NULL || optind != argc)
        return options_usage(&command_backup);
    struct settings *s = options_settings(config);
    if (s == NULL)
        return EXIT_SETTINGS;
    struct journal *j = options_journal(s, &e);
    int rc = j == NULL ? -1 : journal_backup(j, out, &e);
    journal_close(&j);
    if (rc == 0)
        facts_note_backup(s->journal_path);
    settings_free(&s);
    return rc < 0 ? options_fail("backup", &e, EXIT_RUNTIME) : EXIT_DONE;
}

const struct subcommand command_backup = {
    .name = "backup",
    .args = "[-c FILE] -o FILE",
    .summary = "copy the journal while it is in use",
    .help = "The copy is a journal of its own: 'suraq verify' works on it. FILE must not "
            "exist yet.",
    .exec = exec_backup,
};
