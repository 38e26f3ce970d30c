/* SPDX-License-Identifier: Apache-2.0 */
/* people.h - what `suraq user` and `suraq token` share. */
#ifndef SURAQ_COMMAND_PEOPLE_H
#define SURAQ_COMMAND_PEOPLE_H

#include "base/err.h"
#include "command/subcommand.h"
#include "loop/settings.h"
#include "serve/accounts.h"

/* The command line of both: words and options in any order. */
struct people_args {
    const char *verb;                 /* "add" */
    const char *words[2];             /* behind it; NULL: not given */
    const char *config, *role, *name; /* -c, --role, --name */
};
/* Also opens the accounts beside the settings' journal. 0, or the exit status. */
struct people {
    struct people_args args;
    struct settings *settings; /* owned */
    struct accounts *accounts; /* owned */
};
int people_begin(struct people *p, const struct subcommand *s, int argc, char **argv);
void people_end(struct people *p);

/* Prints an error and gives its exit status: usage for what was typed wrong. */
int people_fail(const struct subcommand *s, const struct err *e);

/* New: asked for twice without echo on a terminal, else the first line of standard input.
 */
char *people_password(struct err *e) MUST_CHECK;

#endif
