/* SPDX-License-Identifier: Apache-2.0 */
/* settings_table.h - every setting in one row: name, type, range, default, help. The
 * parser, the environment's overrides and the example file are made from these tables. */
#ifndef SURAQ_LOOP_SETTINGS_TABLE_H
#define SURAQ_LOOP_SETTINGS_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_TEXT,     /* char * */
    OPTION_CHOICE,   /* char *: one of `choices` */
    OPTION_NUMBER,   /* int64_t, min..max */
    OPTION_BYTES,    /* int64_t: "256MiB" */
    OPTION_DURATION, /* int64_t milliseconds: "30m" */
    OPTION_BOOL,     /* bool */
    OPTION_FACTOR,   /* double, > 0, at most max */
    OPTION_LIST,     /* char ** and, behind it, size_t */
};

struct option {
    const char *path; /* "journal.path"; in a source: "nick" */
    enum option_type type;
    size_t offset;
    const char *fallback; /* as it would be written; NULL: none */
    int64_t min, max;
    const char *choices; /* "error warn info"; of a source's row: kinds that know it,
                            NULL: all */
    const char *example; /* shown, commented out, where there is no default */
    const char *help;
};

extern const struct option settings_options[];
extern const size_t settings_n_options;
extern const struct option settings_source_options[];
extern const size_t settings_n_source_options;
extern const struct option settings_webhook_options[];
extern const size_t settings_n_webhook_options;

/* "irc twitch replay push": the kinds of source that settings may name. */
extern const char settings_source_kinds[];
/* "question urgent ...": what a webhook may be told. */
extern const char settings_webhook_events[];

#endif
