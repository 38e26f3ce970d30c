/* SPDX-License-Identifier: Apache-2.0 */
/* webhooks.h - programs and duty officers elsewhere are told over HTTP what happens to
 * questions. Never waits: what cannot be delivered is tried again, and at last dropped
 * and counted. */
#ifndef SURAQ_SERVE_WEBHOOKS_H
#define SURAQ_SERVE_WEBHOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "queue/stream.h"
#include "serve/news.h"

struct webhooks;

/* Copied by webhooks_new(); strings NULL: not set. */
struct webhook_conf {
    const char *name;            /* unique */
    bool telegram;               /* a bot's message instead of signed JSON */
    const char *url;             /* telegram: NULL for its own address */
    const char *secret;          /* of the signature */
    const char *token, *chat_id; /* telegram */
    bool kazakh;                 /* telegram: else Russian */
    unsigned news;               /* 1u << enum news_kind, or-ed */
    const char *ca_file, *proxy;
};

struct webhooks_timing {
    int64_t least, most; /* between two tries, ms: doubles from one to the other */
    int64_t give_up;     /* a delivery that is older is dropped, ms */
    int64_t answer;      /* how long an answer may take, ms */
};
struct webhooks_timing webhooks_timing_default(void);

/* Borrowed for as long as the webhooks, but for the list. */
struct webhooks_conf {
    const struct webhook_conf *hooks;
    size_t n_hooks;
    struct loop *loop;
    struct fetcher *fetcher;
    struct stream *stream;
    const struct clock *clock;
    const char *stream_id;
    const char *link; /* to the console; NULL: not known */
    uint64_t seed;    /* for jitter */
    struct webhooks_timing timing;
};

/* New; observes the stream, which must outlive it. ERR_VALUE: an address or a token that
 * cannot be one. */
struct webhooks *webhooks_new(const struct webhooks_conf *conf, struct err *e) MUST_CHECK;
/* Gives up what waits. NULL-safe. */
void webhooks_free(struct webhooks **w);

/* Why one of them cannot be reached, for people; NULL: all is well. Borrowed. */
const char *webhooks_fault(const struct webhooks *w);
/* For Prometheus. */
void webhooks_write_metrics(const struct webhooks *w, struct buf *out);

#endif
