/* SPDX-License-Identifier: Apache-2.0 */
/* adapter.h - between source.c, which is the same for every platform, and the adapters.
 * Not for other floors. */
#ifndef SURAQ_SOURCE_ADAPTER_H
#define SURAQ_SOURCE_ADAPTER_H

#include "base/bucket.h"
#include "base/buf.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "source/hook.h"
#include "source/source.h"
#include "source/source_parts.h"
#include "source/timing.h"
#include "source/ws.h"

struct source_token;

/* What a platform is. Every function but `kind`, `check` and `start` may be NULL. */
struct source_adapter {
    const char *kind;
    /* Are the settings enough? May put defaults into the (owned) settings of `s`. */
    int (*check)(struct source *s, struct err *e);
    /* A pasted link, a name or an id -> the target. NULL: this kind has none. */
    int (*parse_target)(struct str text, struct buf *out, struct err *e);
    void (*start)(struct source *s); /* one try to connect */
    void (*stop)(struct source *s);  /* at once; also after a failure; idempotent */
    void (*free)(struct source *s);  /* s->own; already stopped */
    /* One line of the input, see source_input(). */
    void (*line)(struct source *s, struct str line);
    void (*pause)(struct source *s, bool paused); /* stop or go on reading the socket */
    bool (*can_send)(const struct source *s);
    int (*send)(struct source *s, struct str text, struct str reply_to, struct err *e);
    void (*send_again)(struct source *s);            /* forget that writing was refused */
    struct source_token *(*token)(struct source *s); /* of those that sign in */
    /* A delivery: is it the platform's? ERR_PERM: no. Then: what does it say? */
    int (*hook_check)(struct source *s, const struct source_hook *h, struct err *e);
    int (*hook)(struct source *s, const struct source_hook *h, struct err *e);
    unsigned sends_per_minute; /* the platform's limit for us; 0: not known */
    bool tells; /* calls source_sent() for each send(), in order; else taken is sent */
};

/* Every platform: its adapter and its kind. The settings know the same kinds. */
#define SOURCE_ADAPTER_MAP(X)              \
    X(source_irc, "irc")                   \
    X(source_twitch, "twitch")             \
    X(source_youtube, "youtube")           \
    X(source_telegram, "telegram")         \
    X(source_facebook, "facebook")         \
    X(source_instagram, "instagram")       \
    X(source_kick, "kick")                 \
    X(source_vk, "vk")                     \
    X(source_vklive, "vklive")             \
    X(source_peertube, "peertube")         \
    X(source_owncast, "owncast")           \
    X(source_socialstream, "socialstream") \
    X(source_restream, "restream")         \
    X(source_generic, "generic")           \
    X(source_replay, "replay")             \
    X(source_push_in, "push")
#define SOURCE_ADAPTER_EXTERN(adapter, kind) extern const struct source_adapter adapter;
SOURCE_ADAPTER_MAP(SOURCE_ADAPTER_EXTERN)
#undef SOURCE_ADAPTER_EXTERN

struct source {
    struct source_env env;
    struct source_timing timing;
    const struct clock *clock;
    const struct source_adapter *adapter;
    void *own; /* the adapter's state */
    /* Copies of the settings; owned, may be NULL but the name. */
#define SOURCE_TEXT_MEMBER(member) char *member;
    SOURCE_TEXT_MAP(SOURCE_TEXT_MEMBER)
#undef SOURCE_TEXT_MEMBER
    double speed;
    int64_t quota;
    bool repeat, enabled, started, closed;
    char *place; /* owned; NULL: none. The target and a space, then the adapter's words */
    uint64_t n_sends, n_told; /* taken by the adapter; of them it said what came of it */

    struct source_status status;
    int64_t live_at;     /* monotonic: since when joined; 0: not */
    int64_t heard_at;    /* monotonic: of the last message, or since when live */
    unsigned failures;   /* in a row: the backoff grows with them */
    uint64_t random;     /* state of the generator for jitter */
    bool garbage_logged; /* in this session */
    struct loop_timer retry, quiet;
    struct source_seen seen;
    struct source_rate rate;
    struct bucket hooks; /* deliveries to our address */
    int64_t hooked_at;   /* monotonic: of the last one; 0: none */

    struct buf input; /* lines not yet handled, each ended by a line feed */
    size_t input_at;  /* handled so far */
    unsigned budget;  /* messages left in this turn */
    bool blocked;     /* the sink is full */
    bool paused;      /* the socket waits for us */
    bool turn_ends;   /* the end of the turn has been asked for */
};

/* --- what adapters tell. Joined: messages may come. */
void source_live(struct source *s);
/* Joined, but something does not work. */
void source_degraded(struct source *s, const char *code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The connection is no more; a next try is planned. */
void source_lost(struct source *s, const char *code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The same, and the platform says how long to wait: at least `delay_ms`. */
void source_lost_for(struct source *s, int64_t delay_ms, const char *code,
                     const char *fmt, ...) PRINTF_LIKE(4, 5);
/* A person must act: no further try. */
void source_refused(struct source *s, const char *code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The server asked for it: connect anew, at once after a healthy session. */
void source_again(struct source *s, const char *why);
/* Nothing more will come. */
void source_ended(struct source *s);
/* What came of the oldest send() of which nothing was told yet, else of the last one.
 * SOURCE_FORBIDDEN may also come by itself; then nothing that waits is sent either. */
void source_sent(struct source *s, enum source_outcome outcome, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Something that could not be understood: counted, logged once a session. */
void source_garbage(struct source *s, const struct err *e);

/* Everything is in place, and the platform has sent nothing to our address yet. */
void source_hook_waits(struct source *s, const char *what);

/* Where we are, when everything before it has been delivered; and where an earlier run
 * was in this target, NULL: nowhere. */
void source_keep_place(struct source *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *source_kept_place(const struct source *s);

/* --- the way in (source_input.c) */

/* Puts a frame into the input and handles its lines: adapter->line for each, at most
 * BOUNDS_SOURCE_TURN messages a turn; the rest waits. */
void source_input(struct source *s, struct str frame);
/* The same for a message that has been decoded already, from a page of them: it waits as
 * a line of NDJSON, which source_line() takes. */
void source_put(struct source *s, const struct message *m);
/* adapter->line of those that put messages. */
void source_line(struct source *s, struct str line);
/* Nothing waits any more. */
bool source_is_drained(const struct source *s);
/* Goes on with what waits, when nothing stands in the way. */
void source_drain(struct source *s);
/* Forgets what waits: the connection that brought it is gone. */
void source_input_reset(struct source *s);
/* For adapter->line: hands a message on. False when the sink is full; the line will be
 * handled again then. */
bool source_deliver(struct source *s, const struct message *m);

#endif
