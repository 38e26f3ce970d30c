/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h - a recording, played: the file as lines with pauses between them, and a small
 * WebSocket server on the loopback that sends them at their time. */
#ifndef SURAQ_SOURCE_REPLAY_H
#define SURAQ_SOURCE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct loop;
struct replay_file;
struct replay_stream;

/* New. `round` counts from 1; from the second on, ids get "~round", so that they are not
 * taken for repeats. */
struct replay_file *replay_file_open(const char *path, bool repeat, unsigned round,
                                     struct err *e) MUST_CHECK;
void replay_file_close(struct replay_file **f);

/* The next message as a line of NDJSON without its time, in `line` (reset first), and how
 * long after the one before it was written: a second when the recording does not say.
 * Returns 1, 0 at the end, -1 for a line that is no message (the error names it; go on
 * calling). */
int replay_file_next(struct replay_file *f, struct buf *line, int64_t *gap_ms,
                     struct err *e) MUST_CHECK;
unsigned replay_file_round(const struct replay_file *f);

struct replay_conf {
    const char *path;
    double speed; /* 1.0: as it was */
    bool repeat;
    unsigned round; /* the first one */
    /* A line that is no message. */
    void (*bad_line)(void *arg, const struct err *e);
    void *arg;
};

/* New: opens the file and makes an address for it on the server of this loop, which is
 * made when there is none. One listener at a time; it plays while somebody listens and
 * goes on where it was. Closes the connection at the end. */
struct replay_stream *replay_stream_open(struct loop *l, const struct replay_conf *conf,
                                         struct err *e) MUST_CHECK;
void replay_stream_close(struct replay_stream **s);           /* NULL-safe */
const char *replay_stream_url(const struct replay_stream *s); /* borrowed */
bool replay_stream_is_finished(const struct replay_stream *s);
unsigned replay_stream_round(const struct replay_stream *s);

#endif
