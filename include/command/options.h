/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - what the subcommands have in common: -c, the settings, errors. */
#ifndef SURAQ_COMMAND_OPTIONS_H
#define SURAQ_COMMAND_OPTIONS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "command/subcommand.h"
#include "loop/settings.h"
#include "queue/journal.h"

/* New settings of `path` (NULL: the default file); mistakes are printed. NULL after that.
 */
struct settings *options_settings(const char *path);

/* The journal of the settings for reading only; NULL and e. */
struct journal *options_journal(const struct settings *s, struct err *e) MUST_CHECK;

/* Local time is the stream's from now on. While there is one thread. */
void options_timezone(const struct settings *s);

/* How a person in front of the program reads: the columns of the terminal that standard
 * output is (0: it is none, lines stay whole), and "kk", "ru" or "en" by the locale. */
unsigned options_width(void);
const char *options_lang(void);
bool options_colour(void); /* a terminal, and NO_COLOR is not set */

/* Writes all of `out` to standard output, and empties it. */
int options_write(struct buf *out, struct err *e) MUST_CHECK;

/* "suraq NAME: text" on stderr, escaped; gives `status`. */
int options_fail(const char *name, const struct err *e, int status);
/* The usage line of a subcommand on stderr; gives EXIT_USAGE. */
int options_usage(const struct subcommand *s);

#endif
