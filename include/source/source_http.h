/* SPDX-License-Identifier: Apache-2.0 */
/* source_http.h - what the adapters of platforms that are asked over HTTP share: one
 * request at a time, what went wrong told apart, and the next request only when what came
 * has been delivered. Not for other floors. */
#ifndef SURAQ_SOURCE_SOURCE_HTTP_H
#define SURAQ_SOURCE_SOURCE_HTTP_H

#include <jansson.h>

#include "loop/fetch.h"
#include "source/adapter.h"

/* Inside an adapter's own state, zeroed before the first use. */
struct source_http {
    struct source *s;
    struct fetch *call; /* under way; NULL: none */
    struct loop_timer timer;
    void (*answer)(struct source *s, const struct fetch_answer *a);
    void (*next)(struct source *s);
};

/* Borrowed for the call. */
struct source_ask {
    const char *url;
    const char *method; /* NULL: GET, or POST with a body */
    const char *bearer; /* token for Authorization; NULL: none */
    const char *header; /* one more "Name: value"; NULL: none */
    const char *type;   /* of the body; NULL: application/json */
    struct str body;
    int64_t total_ms; /* 0: the time to connect and as much again */
    /* A stream: each piece as it comes, `arg` is the source_http; over after idle_ms
     * without a byte. */
    void (*piece)(void *arg, struct str data);
    int64_t idle_ms;
};

/* Asks; `answer` is called with what came of it, unless source_http_stop() was called
 * before. What cannot even be asked is told as a refusal. */
void source_http_ask(struct source_http *h, const struct source_ask *ask,
                     void (*answer)(struct source *s, const struct fetch_answer *a));
/* Calls `next` after `ms`, and not before everything has been delivered. */
void source_http_later(struct source_http *h, int64_t ms, void (*next)(struct source *s));
/* Gives up what is under way and planned. Idempotent. */
void source_http_stop(struct source_http *h);

/* True for 2xx. Else tells what it means for the source: no answer, 429 and 5xx: lost,
 * as long as the platform asks to wait; 401 and 403: refused, a new sign-in is due; other
 * 4xx: refused. `reason` are the platform's words, or empty. */
bool source_http_is_ok(struct source *s, const struct fetch_answer *a, struct str reason);

/* The body as JSON, to be json_decref()ed. NULL: it is none; told as lost. */
json_t *source_http_json(struct source *s, const struct fetch_answer *a);

#endif
