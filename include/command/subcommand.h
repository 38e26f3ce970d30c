/* SPDX-License-Identifier: Apache-2.0 */
/* subcommand.h - one word behind "suraq": a const struct in a file of its own, listed in
 * bot/main.c. */
#ifndef SURAQ_COMMAND_SUBCOMMAND_H
#define SURAQ_COMMAND_SUBCOMMAND_H

/* Exit statuses of the program (DESIGN 5.1). */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FOUND = 1,
    EXIT_USAGE = 2,
    EXIT_SETTINGS = 3,
    EXIT_RUNTIME = 4
};

struct subcommand {
    const char *name;
    const char *args;                   /* behind the name in the usage line */
    const char *summary;                /* one line for `suraq help` */
    const char *help;                   /* the rest of `suraq help NAME` */
    int (*exec)(int argc, char **argv); /* argv[0] is the name; gives an exit status */
};

#endif
