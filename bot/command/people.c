/* SPDX-License-Identifier: Apache-2.0 */
/* people.c - what `suraq user` and `suraq token` share: their command line, the accounts
 * beside the journal, and asking for a password. They work whether or not the program
 * runs: a running one notices within a second. */
#include "command/people.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "command/options.h"

static int
read_args(struct people_args *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"role", required_argument, NULL, 'r'},
        {"name", required_argument, NULL, 'n'},
        {NULL, 0, NULL, 0},
    };
    int c;

    *a = (struct people_args){.verb = NULL};
    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'c')
            a->config = optarg;
        else if (c == 'r')
            a->role = optarg;
        else if (c == 'n')
            a->name = optarg;
        else
            return -1;
    }
    if (optind == argc || argc - optind > 3)
        return -1;
    a->verb = argv[optind];
    for (int i = 0; i < argc - optind - 1; i++)
        a->words[i] = argv[optind + 1 + i];
    return 0;
}

int
people_begin(struct people *p, const struct subcommand *s, int argc, char **argv)
{
    struct err e = ERR_INIT;

    *p = (struct people){.settings = NULL};
    if (read_args(&p->args, argc, argv) < 0)
        return options_usage(s);
    p->settings = options_settings(p->args.config);
    if (p->settings == NULL)
        return EXIT_SETTINGS;
    char *path = accounts_path_beside(p->settings->journal_path);
    p->accounts = accounts_open(path, clock_system(), &e);
    mem_free(path);
    if (p->accounts != NULL)
        return EXIT_DONE;
    people_end(p);
    return people_fail(s, &e);
}

void
people_end(struct people *p)
{
    accounts_close(&p->accounts);
    settings_free(&p->settings);
}

int
people_fail(const struct subcommand *s, const struct err *e)
{
    bool runtime = e->code == ERR_IO || e->code == ERR_SYSTEM;

    return options_fail(s->name, e, runtime ? EXIT_RUNTIME : EXIT_USAGE);
}

static char *
read_line(struct err *e)
{
    char line[BOUNDS_PASSWORD + 2];

    if (fgets(line, sizeof(line), stdin) == NULL)
        line[0] = '\0';
    size_t len = strcspn(line, "\r\n");
    if (line[len] == '\0' && len > BOUNDS_PASSWORD) {
        (void)err_set(e, ERR_VALUE, "the password is longer than %d bytes",
                      BOUNDS_PASSWORD);
        return NULL;
    }
    char *text = mem_strndup(line, len);
    sodium_memzero(line, sizeof(line));
    return text;
}

static char *
ask(const char *what, struct err *e)
{
    struct termios old, quiet;
    bool echo = tcgetattr(STDIN_FILENO, &old) == 0;

    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)fprintf(stderr, "%s: ", what);
    if (echo)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *text = read_line(e);
    if (echo)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
    (void)fputc('\n', stderr);
    return text;
}

char *
people_password(struct err *e)
{
    if (!isatty(STDIN_FILENO))
        return read_line(e);
    char *first = ask("Password", e);
    char *second = first == NULL ? NULL : ask("Again", e);
    if (second != NULL && strcmp(first, second) != 0) {
        (void)err_set(e, ERR_VALUE, "the two passwords differ");
        MEM_FREE(first);
    } else if (second == NULL) {
        MEM_FREE(first);
    }
    mem_free(second);
    return first;
}
