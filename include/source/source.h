/* SPDX-License-Identifier: Apache-2.0 */
/* source.h - one attached chat: a platform adapter plus its settings, and its state that
 * a person can act on. Lives on the loop thread. */
#ifndef SURAQ_SOURCE_SOURCE_H
#define SURAQ_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "source/message.h"

struct clock;
struct loop;
struct source;
struct source_timing;
struct worker;

#define SOURCE_STATE_MAP(X)                                                            \
    X(SOURCE_OFF, "off")               /* switched off by a person */                  \
    X(SOURCE_CONNECTING, "connecting") /* also: waiting for the next try */            \
    X(SOURCE_LIVE, "live")             /* joined; messages come or may come */         \
    X(SOURCE_QUIET, "quiet")           /* live, but silent for longer than expected */ \
    X(SOURCE_DEGRADED, "degraded")     /* works in part: see reason */                 \
    X(SOURCE_REFUSED, "refused")       /* a person must act: see reason */             \
    X(SOURCE_ENDED, "ended")           /* the recording or broadcast is over */
#define SOURCE_STATE_ENUM(code, name) code,
enum source_state { SOURCE_STATE_MAP(SOURCE_STATE_ENUM) };
#undef SOURCE_STATE_ENUM
const char *source_state_name(enum source_state s);

/* What the settings say of one source; strings are copied by source_new(). NULL: not
 * given. */
struct source_conf {
    const char *kind;   /* "irc", "twitch", "replay", "push" */
    const char *name;   /* unique; NULL: the kind */
    const char *url;    /* overrides the endpoint */
    const char *target; /* channel, video, ...: what tonight's chat is */
    const char *nick;
    const char *secret; /* password or token, already read from its file */
    const char *file;   /* replay */
    const char *ca_file;
    double speed; /* replay: 1.0 is live pace */
    bool repeat;  /* replay: from the start again at the end */
    bool enabled;
    int64_t quiet_after_ms; /* 0: default 120 s */
};

enum { SOURCE_REASON = 256 };
struct source_status {
    enum source_state state;
    char reason[SOURCE_REASON]; /* plain words, for a person; empty when all is well */
    const char *code;        /* static: "auth", "dns", "tls", "refused", "join", "closed",
                                "silent", ""; the pages translate it */
    int64_t last_message_ms; /* wall clock; 0: none yet */
    int64_t next_try_ms;     /* wall clock; 0: no try planned */
    uint64_t messages, duplicates, garbage, reconnects;
    double per_minute; /* over the last minute */
};

/* Where a source delivers. Borrowed for as long as the source lives. */
struct source_sink {
    /* Called on the loop thread for each message, at most BOUNDS_SOURCE_TURN in a turn.
     * False: the sink is full; the source stops reading and offers this message again
     * after source_resume(). */
    bool (*message)(void *arg, struct source *s, const struct message *m);
    /* The status changed in a way that people should see. */
    void (*changed)(void *arg, struct source *s);
    void *arg;
};

/* What every adapter needs from outside. Borrowed for as long as the sources live. */
struct source_env {
    struct loop *loop;
    struct worker *worker;
    struct source_sink sink;
    uint64_t seed;                      /* for jitter: tests choose it */
    const struct clock *clock;          /* NULL: the machine's */
    const struct source_timing *timing; /* NULL: source_timing_default() */
};

/* New; not connected. ERR_VALUE: unknown kind (the text lists the known ones) or a
 * missing setting. */
struct source *source_new(const struct source_env *env, const struct source_conf *conf,
                          struct err *e) MUST_CHECK;
void source_start(struct source *s);
/* Detaches at once; freed at the end of the turn. Idempotent; sets *s = NULL. */
void source_close(struct source **s);
/* Back pressure is over: go on reading. */
void source_resume(struct source *s);

/* Applied without restart. A link that people paste ("https://twitch.tv/name") is
 * understood. */
int source_retarget(struct source *s, const char *target, struct err *e) MUST_CHECK;
void source_enable(struct source *s, bool enabled);
/* When its last message came, as an earlier run knows. */
void source_remember(struct source *s, int64_t last_message_ms);

/* Queues a line for the chat, paced; ERR_BAD_STATE when this source cannot send
 * (anonymous, replay, push, not connected), ERR_LIMIT when too many wait. `reply_to` may
 * be empty. */
int source_send(struct source *s, struct str text, struct str reply_to,
                struct err *e) MUST_CHECK;

/* Hands a message to a "push" source, which has no connection of its own. Returns 1 when
 * it was delivered, 0 when it was a duplicate, -1 when the sink is full or the source is
 * off. Not limited to BOUNDS_SOURCE_TURN: the caller is. */
int source_push(struct source *s, const struct message *m) MUST_CHECK;

const char *source_name(const struct source *s); /* borrowed from the source */
const char *source_kind(const struct source *s);
const char *source_target(const struct source *s); /* "" when none */
bool source_is_enabled(const struct source *s);
bool source_can_send(const struct source *s);
/* Fresh figures (ages, rates) as of now. */
void source_status(struct source *s, struct source_status *out);

/* The kinds this build knows, for errors and help; NULL-terminated. */
const char *const *source_kinds(void);
#endif
