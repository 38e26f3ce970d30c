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
struct fetcher;
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

/* What the settings say of one source, as text; NULL: not given. The secrets have been
 * read from their files. */
#define SOURCE_TEXT_MAP(X)                                                     \
    X(name)       /* unique; NULL: the kind */                                 \
    X(url)        /* overrides the endpoint */                                 \
    X(socket_url) /* the same of a platform's message server */                \
    X(target)     /* channel, video, ...: what tonight's chat is */            \
    X(account)    /* whose chats they are: a page's or a group's id */         \
    X(nick)                                                                    \
    X(secret)     /* password or token */                                      \
    X(token_file) /* where a token that changes is kept; see source/token.h */ \
    X(api_key)                                                                 \
    X(client_id) /* of the application at the platform */                      \
    X(client_secret)                                                           \
    X(verify_token) /* a word of ours that a platform's webhook repeats */     \
    X(file)         /* replay; the preset of a generic source */               \
    X(proxy)        /* URL; NULL: as the environment says */                   \
    X(ca_file)      /* PEM; NULL: the system's */
#define SOURCE_TEXT_MEMBER(member) const char *member;

/* Copied by source_new(). */
struct source_conf {
    const char *kind; /* one of source_kinds() */
    SOURCE_TEXT_MAP(SOURCE_TEXT_MEMBER)
    double speed;  /* replay: 1.0 is live pace */
    bool repeat;   /* replay: from the start again at the end */
    int64_t quota; /* youtube: units a day; 0: default 10,000 */
    bool enabled;
    int64_t quiet_after_ms; /* 0: default 120 s */
};
#undef SOURCE_TEXT_MEMBER

enum { SOURCE_REASON = 256 };
struct source_status {
    enum source_state state;
    char reason[SOURCE_REASON]; /* plain words, for a person; empty when all is well */
    const char *code;        /* static: "auth", "dns", "tls", "refused", "join", "closed",
                                "silent", "limit", "conflict", "privacy", "quota", "waiting",
                                "target", "events", "hook", "signature", "muted", "";
                                the pages translate it */
    int64_t last_message_ms; /* wall clock; 0: none yet */
    int64_t next_try_ms;     /* wall clock; 0: no try planned */
    int64_t quota_used, quota_of; /* units of the day; 0: the platform has none */
    uint64_t messages, duplicates, garbage, reconnects;
    double per_minute; /* over the last minute */
};

/* What came of something that we sent. */
enum source_outcome {
    SOURCE_SENT,     /* the platform has it */
    SOURCE_UNSENT,   /* this one did not get through; the next one may */
    SOURCE_FORBIDDEN /* the platform lets us write no more */
};
struct source_receipt {
    uint64_t number; /* which one: as source_last_send() said then */
    enum source_outcome outcome;
    const char *reason; /* in the platform's words, "" for what was sent; borrowed */
};

/* Where a source delivers. Borrowed for as long as the source lives. */
struct source_sink {
    /* Called on the loop thread for each message, at most BOUNDS_SOURCE_TURN in a turn.
     * False: the sink is full; the source stops reading and offers this message again
     * after source_resume(). */
    bool (*message)(void *arg, struct source *s, const struct message *m);
    /* The status changed in a way that people should see. */
    void (*changed)(void *arg, struct source *s);
    /* What came of something that was sent, once for each; of the last one there may
     * come a second, worse word (IRC says only what failed). May come from inside
     * source_send(). May be NULL. */
    void (*sent)(void *arg, struct source *s, const struct source_receipt *r);
    void *arg;
};

/* What every adapter needs from outside. Borrowed for as long as the sources live. */
struct source_env {
    struct loop *loop;
    struct worker *worker;
    struct fetcher *fetcher; /* NULL: nothing that speaks HTTP can be attached */
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
/* Where it is in its chat, for the next run: what came before has been delivered. "": the
 * platform has no such thing, or keeps it itself. Borrowed until the next turn. */
const char *source_place(const struct source *s);
/* The place of an earlier run, before the start; one of another chat is not used. */
void source_resume_at(struct source *s, const char *place);
/* When its last message came, as an earlier run knows. */
void source_remember(struct source *s, int64_t last_message_ms);

/* Queues a line for the chat, paced; ERR_BAD_STATE when this source cannot send
 * (anonymous, replay, push, not connected), ERR_LIMIT when too many wait. `reply_to` may
 * be empty. */
int source_send(struct source *s, struct str text, struct str reply_to,
                struct err *e) MUST_CHECK;

/* A person wants to write again after the platform forbade it. */
void source_send_again(struct source *s);
/* The number of the last one that source_send() took; they count from 1. */
uint64_t source_last_send(const struct source *s);
/* How many a minute the platform allows us at most; 0: not known. */
unsigned source_sends_per_minute(const struct source *s);

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

/* Does a source of this kind keep a token in token_file that changes as it runs? Else the
 * file is a secret to be read. */
bool source_keeps_token(const char *kind);

/* The kinds this build knows, for errors and help; NULL-terminated. */
const char *const *source_kinds(void);
#endif
