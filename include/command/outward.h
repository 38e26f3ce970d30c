/* SPDX-License-Identifier: Apache-2.0 */
/* outward.h - what one process says by itself: to webhooks, and as replies in the chats,
 * as the settings want it. */
#ifndef SURAQ_COMMAND_OUTWARD_H
#define SURAQ_COMMAND_OUTWARD_H

#include "base/err.h"
#include "command/roster.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "loop/settings.h"
#include "queue/stream.h"
#include "serve/view.h"

struct outward;

/* Borrowed for as long as the outward. */
struct outward_conf {
    struct loop *loop;
    struct fetcher *fetcher;
    struct stream *stream;
    const struct settings *settings;
    struct roster *roster;
};

/* New; observes the stream. Reads the secrets from their files. */
struct outward *outward_new(const struct outward_conf *conf, struct err *e) MUST_CHECK;
void outward_free(struct outward **o);

/* The receipt of a line that a source sent. NULL-safe. */
void outward_sent(struct outward *o, const struct source *s,
                  const struct source_receipt *r);
/* How it stands with the replies into this chat. */
void outward_replies(const struct outward *o, const char *source,
                     struct view_replies *out);

/* What people should know, in words; NULL: all is well. Borrowed. NULL-safe. */
const char *outward_fault(const struct outward *o);
void outward_write_metrics(const struct outward *o, struct buf *out);

#endif
