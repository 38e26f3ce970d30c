/* SPDX-License-Identifier: Apache-2.0 */
/* messages.h - a file of messages (NDJSON, DESIGN 5.3), read line by line: what `suraq
 * judge` and `suraq lab` have in common. */
#ifndef SURAQ_COMMAND_MESSAGES_H
#define SURAQ_COMMAND_MESSAGES_H

#include <stdint.h>

#include "base/err.h"
#include "source/message.h"

struct messages {
    /* Set by the caller; both give 0, or -1 and *e to end the reading. */
    /* One line that is not blank. `m` is borrowed for the call; NULL: the line cannot be
     * read, and *why says what is wrong. */
    int (*line)(void *arg, const struct message *m, const struct err *why, struct err *e);
    /* All that has come so far was given to `line`; the next read may wait. */
    int (*pause)(void *arg, struct err *e);
    void *arg;

    /* While reading. */
    uint64_t number; /* of the line, from 1 */
    uint64_t bytes;  /* read so far */
    uint64_t size;   /* of the file; 0: not known, as with a pipe */
};

/* Reads `path` (NULL: standard input) to its end, with memory for one line of at most
 * BOUNDS_FRAME bytes; a longer one is given as one that cannot be read. */
int messages_read(struct messages *r, const char *path, struct err *e) MUST_CHECK;

#endif
