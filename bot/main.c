/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the table of subcommands. Each is a file in bot/command. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "command/commands.h"

static const struct subcommand *const commands[] = {
    &command_run,     &command_user,   &command_token, &command_check,
    &command_connect, &command_judge,  &command_lab,   &command_report,
    &command_verify,  &command_backup, &command_purge,
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct subcommand *
find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static int
help(const char *name)
{
    const struct subcommand *s = name == NULL ? NULL : find(name);

    if (name != NULL && s == NULL) {
        (void)fprintf(stderr, "suraq: there is no command of that name\n");
        return EXIT_USAGE;
    }
    if (s != NULL) {
        printf("usage: suraq %s %s\n\n%s\n", s->name, s->args, s->help);
        return EXIT_DONE;
    }
    printf("Live Q&A moderation for official broadcasts.\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        printf("  suraq %-8s %s\n", commands[i]->name, commands[i]->summary);
    printf("  suraq %-8s %s\n  suraq %-8s %s\n", "version", "which version this is",
           "help", "[COMMAND]: this, or how one is used");
    return EXIT_DONE;
}

int
main(int argc, char **argv)
{
    mem_install();
    if (argc < 2) {
        (void)help(NULL);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0) {
        printf("suraq %s\n", SURAQ_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return help(argc > 2 ? argv[2] : NULL);
    const struct subcommand *s = find(argv[1]);
    if (s == NULL) {
        (void)fprintf(
            stderr, "suraq: there is no command of that name; 'suraq help' lists them\n");
        return EXIT_USAGE;
    }
    return s->exec(argc - 1, argv + 1);
}
