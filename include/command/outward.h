/* SPDX-License-Identifier: Apache-2.0 */
/* outward.h - what one process tells the world by itself: webhooks, as the settings want
 * them. */
#ifndef SURAQ_COMMAND_OUTWARD_H
#define SURAQ_COMMAND_OUTWARD_H

#include "base/err.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "loop/settings.h"
#include "queue/stream.h"

struct outward;

/* Borrowed for as long as the outward. */
struct outward_conf {
    struct loop *loop;
    struct fetcher *fetcher;
    struct stream *stream;
    const struct settings *settings;
};

/* New; observes the stream. Reads the secrets from their files. */
struct outward *outward_new(const struct outward_conf *conf, struct err *e) MUST_CHECK;
void outward_free(struct outward **o);

/* What people should know, in words; NULL: all is well. Borrowed. NULL-safe. */
const char *outward_fault(const struct outward *o);
void outward_write_metrics(const struct outward *o, struct buf *out);

#endif
