/* SPDX-License-Identifier: Apache-2.0 */
/* front.h - everything that answering a request needs, and the path a request takes:
 * begin (may this be asked at all?), body, finish (the handler). Knows nothing of
 * sockets. */
#ifndef SURAQ_SERVE_FRONT_H
#define SURAQ_SERVE_FRONT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/list.h"
#include "serve/accounts.h"
#include "serve/auth.h"
#include "serve/hits.h"
#include "serve/hook_gate.h"
#include "serve/http.h"
#include "serve/live.h"
#include "serve/metrics.h"
#include "serve/peer.h"
#include "serve/routes.h"
#include "serve/server.h"
#include "serve/setup.h"
#include "serve/tally.h"

struct bulk;

struct front {
    struct server_conf conf;
    struct accounts *accounts; /* owned, as the next three */
    struct auth *auth;
    struct live *live;
    struct peer_networks *proxies;
    struct hits *hits;      /* owned */
    struct hook_gate *gate; /* owned */
    struct tally tally;
    struct metrics metrics;
    struct list held;     /* exchanges whose answer waits for the journal */
    char listen_host[64]; /* as the settings say: a name that Host may carry */
    char url[128];        /* where it listens: "http://127.0.0.1:8080" */
    bool tls, unix_socket, warn_no_tls;
    unsigned jobs;             /* on worker threads */
    unsigned trials;           /* of them: filters that are tried out */
    unsigned reports;          /* of them: reports that are made */
    unsigned searches;         /* of them: what the archive is asked */
    struct setup_counts setup; /* of the checklist, when it was last gone through */
    int64_t setup_ms;          /* when that was, by the monotonic clock */
    bool rehearsing;           /* as of the last event */
    bool archive_stale;        /* it knows of a rehearsal that is being erased */
    bool closing;
};

/* One request and its answer. */
struct exchange {
    struct http_request req;
    struct http_response res;
    const struct route *route; /* NULL: a page or an asset */
    struct buf param[ROUTE_PARAMS];
    struct identity who;
    bool signed_in;
    json_t *body;      /* owned: BODY_JSON */
    struct bulk *bulk; /* owned: BODY_LINES */
    /* Somebody answers later: the handler sets it, front_answered() takes it back. */
    bool pending;
    bool abandoned;          /* the connection has gone meanwhile */
    bool ready;              /* the answer may leave */
    void (*wake)(void *arg); /* ready turned true */
    void *arg;
    struct list node; /* in front.held */
};

int front_init(struct front *f, const struct server_conf *conf, struct err *e) MUST_CHECK;
/* Once it is known where it listens. */
void front_listens(struct front *f, const char *host, int port);
void front_fini(struct front *f);

/* New. */
struct exchange *exchange_new(void (*wake)(void *arg), void *arg);
/* The connection has gone: freed now, or when whoever works on it is done. Sets NULL. */
void exchange_close(struct exchange **x);

/* The head of the request is complete (req is filled but for the body). False: answered
 * already (refused, or a page); true: feed the body, then call front_finish(). */
bool front_begin(struct front *f, struct exchange *x);
/* False: answered (too large, ...); nothing more is wanted. */
bool front_body(struct front *f, struct exchange *x, struct str piece);
void front_finish(struct front *f, struct exchange *x);

/* May this connection become a live one? 0, or the status to refuse with. `key`: of the
 * query, or empty. */
int front_may_live(struct front *f, struct http_request *req, struct str subprotocols,
                   struct identity *who);

/* Once a second: what has expired goes, and with it the live connections. */
void front_tick(struct front *f);

/* The answer in x->res is complete (called by front_finish, or by who set `pending`). */
void front_answered(struct front *f, struct exchange *x);
/* Observers of the stream. */
void front_applied(void *front, const struct event *ev);
void front_durable(void *front, uint64_t seq);

/* Helpers of handlers. */
/* Whether the body is of this type ("text/csv"), whatever parameters it names. */
bool exchange_has_type(const struct exchange *x, const char *wanted);
struct str exchange_actor(const struct exchange *x, char room[ACCOUNTS_NAME + 8]);
/* "https://live.example.kz" or where this request came in, without a slash at the end. */
void front_public_url(const struct front *f, const struct exchange *x, struct buf *out);
/* Answers with the problem that `e` is; over-full journal: 503 with Retry-After. */
void front_refuse(const struct front *f, struct exchange *x, const struct err *e);
/* Path parameter as a number; answers 404 and gives false otherwise. */
bool front_number(struct exchange *x, int param, uint64_t *out);
/* String member of the body: absent or null gives STR_NONE; another type or more than
 * `max` characters is answered with 400 or 422 and gives false. Borrowed from the body.
 */
bool front_string(struct exchange *x, const char *name, size_t max, struct str *out);
bool front_u64(struct exchange *x, const char *name, uint64_t *out, bool *given);
bool front_bool(struct exchange *x, const char *name, bool *out, bool *given);

#endif
