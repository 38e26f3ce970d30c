/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.h - HTTP as a client, off the loop thread: one thread drives all requests (curl
 * multi), answers come back as calls on the loop thread. For polls, long polls,
 * server-sent events, tokens, replies and webhooks. */
#ifndef SURAQ_LOOP_FETCH_H
#define SURAQ_LOOP_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "loop/mailbox.h"

struct fetch; /* one request under way */
struct fetcher;

/* New: starts the thread. Answers travel through `m`, which must outlive it. */
struct fetcher *fetcher_new(struct mailbox *m, struct err *e) MUST_CHECK;
/* Ends the thread and gives up what is under way: no event comes any more. NULL-safe. */
void fetcher_free(struct fetcher **f);
/* Requests whose last call has not been made yet. */
size_t fetcher_count(struct fetcher *f);

/* Copied by fetch_start(). Redirects are not followed: a token must not travel to an
 * address that nobody chose. */
struct fetch_request {
    const char *url;            /* http:// or https:// */
    const char *method;         /* NULL: GET, or POST when there is a body */
    const char *const *headers; /* "Name: value"; may hold secrets */
    size_t n_headers;
    struct str body;
    const char *ca_file; /* PEM: trust these and nobody else; NULL: the system's */
    const char *proxy;   /* URL; NULL: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say */
    int64_t total_ms;    /* from the start to the end of the answer; 0: no limit */
    int64_t idle_ms;     /* without a byte for so long it is over; 0: no limit */
    size_t cap;          /* bytes of the answer's body; 0: BOUNDS_FETCH_BODY */
};

/* What came of it. Everything is borrowed for the call. */
struct fetch_answer {
    int status; /* of HTTP; 0: no whole answer came, see `code` and `err` */
    const char
        *code;      /* static: "", "dns", "tls", "refused", "closed", "silent", "limit" */
    struct err err; /* in words, without the path and query of the URL */
    struct str body;    /* decoded (gzip); empty for a stream that was delivered */
    struct str headers; /* lines "name: value" as they came */
};

/* All are called on the loop thread, never from inside a fetch_ function. */
struct fetch_events {
    /* NULL: the body is collected. Else each piece of a 2xx answer as it comes; bodies of
     * other answers are collected. Borrowed for the call. */
    void (*piece)(void *arg, struct str data);
    void (*done)(void *arg, const struct fetch_answer *a); /* the last call */
    void *arg;
};

/* New; it ends by itself: after done() the pointer is dead. ERR_VALUE for what is no http
 * URL or cannot be a header, ERR_LIMIT when too much is under way. */
struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *r,
                          const struct fetch_events *on, struct err *e) MUST_CHECK;

/* No event comes any more; the connection is given up. Sets *f = NULL; NULL-safe. */
void fetch_cancel(struct fetch **f);

/* Stop and go on reading a stream. A little that was under way may still arrive. */
void fetch_pause(struct fetch *f, bool paused);

/* The value of a header (any case); STR_NONE when there is none. */
struct str fetch_header(const struct fetch_answer *a, const char *name);
/* Retry-After (RFC 9110, 10.2.3) in milliseconds, from seconds or a date; -1: not said.
 */
int64_t fetch_retry_after_ms(const struct fetch_answer *a, int64_t wall_ms);

/* Adds "?name=value" or "&name=value", percent-encoded (RFC 3986). */
void fetch_add_query(struct buf *url, const char *name, struct str value);

#endif
