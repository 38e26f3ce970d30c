/* SPDX-License-Identifier: Apache-2.0 */
/* feed.h - any chat that sends JSON over a WebSocket, described by a preset instead of
 * code. docs/sources.md tells people how to write one; config/sources/ holds those that
 * are shipped. Pure.
 *
 * Places in a frame are JSON Pointers (RFC 6901), "/user/displayName". A place may be
 * several pointers with a space between: their values are joined. Where a list of places
 * is given the first that holds something is taken. A condition is a map of places to
 * values; all must hold; a list of values means any of them; the value of an array holds
 * when one of its elements does. */
#ifndef SURAQ_SOURCE_FEED_H
#define SURAQ_SOURCE_FEED_H

#include <jansson.h>

#include "base/err.h"
#include "base/yaml.h"
#include "source/message.h"

/* Every key of a preset: its section, its name, what it may be (see enum feed_type). */
#define FEED_KEY_MAP(X)                                                               \
    X(connect, url, FEED_TEXT)  /* where, when the settings do not say */             \
    X(connect, path, FEED_TEXT) /* behind a url that has none */                      \
    X(connect, subprotocol, FEED_TEXT)                                                \
    X(connect, origin, FEED_TEXT)                                                     \
    X(connect, header, FEED_TEXT)    /* one more "Name: value" of the handshake */    \
    X(connect, token_url, FEED_TEXT) /* OAuth 2: where tokens are renewed */          \
    X(connect, needs, FEED_TEXTS)    /* settings that must be given */                \
    X(connect, hello, FEED_TEXTS)    /* frames to send when it is open */             \
    X(connect, ping, FEED_TEXT)      /* a frame to send every ping_every seconds */   \
    X(connect, ping_every, FEED_NUMBER)                                               \
    X(connect, silent_after, FEED_NUMBER) /* seconds without a frame: connect anew */ \
    X(connect, auth_closes, FEED_TEXTS)   /* close codes: the token is no good */     \
    X(enroll, path, FEED_TEXT)            /* a POST before connecting, ... */         \
    X(enroll, body, FEED_TEXT)                                                        \
    X(enroll, session, FEED_PLACES) /* ... that gives what {session} stands for */    \
    X(history, path, FEED_TEXT)     /* a GET when it is open: what was said */        \
    X(frame, events, FEED_PLACES)   /* an array of events in one frame */             \
    X(frame, unwrap, FEED_PLACES)   /* a text that holds JSON: read as such */        \
    X(message, when, FEED_CONDITION)                                                  \
    X(message, unless, FEED_CONDITION_ANY) /* one that holds is enough */             \
    X(message, id, FEED_PLACES)            /* several pointers: a hash of them */     \
    X(message, author_id, FEED_PLACES)                                                \
    X(message, author, FEED_PLACES)                                                   \
    X(message, text, FEED_PLACES)                                                     \
    X(message, html, FEED_CONDITION) /* the text is HTML; `true`: always */           \
    X(message, time, FEED_PLACES)    /* RFC 3339, or Unix time in s or ms */          \
    X(message, reply_to, FEED_PLACES)                                                 \
    X(roles, owner, FEED_CONDITION_ANY)                                               \
    X(roles, moderator, FEED_CONDITION_ANY)                                           \
    X(roles, vip, FEED_CONDITION_ANY)                                                 \
    X(roles, member, FEED_CONDITION_ANY)                                              \
    X(roles, staff, FEED_CONDITION_ANY)                                               \
    X(roles, bot, FEED_CONDITION_ANY)                                                 \
    X(roles, verified, FEED_CONDITION_ANY)                                            \
    X(remove, when, FEED_CONDITION)                                                   \
    X(remove, id, FEED_PLACES) /* a text, or an array of them */                      \
    X(purge, when, FEED_CONDITION)                                                    \
    X(purge, author_id, FEED_PLACES)                                                  \
    X(clear, when, FEED_CONDITION)                                                    \
    X(answer, when, FEED_CONDITION) /* such a frame is answered with ... */           \
    X(answer, send, FEED_TEXT)                                                        \
    X(refuse, when, FEED_CONDITION) /* such a frame: a person must act */             \
    X(refuse, say, FEED_PLACES)                                                       \
    X(again, when, FEED_CONDITION) /* such a frame: connect anew */                   \
    X(send, frame, FEED_TEXT)      /* a line for the chat, through the socket, ... */ \
    X(send, path, FEED_TEXT)       /* ... or by a POST */                             \
    X(send, body, FEED_TEXT)

enum feed_type {
    FEED_TEXT,
    FEED_TEXTS,
    FEED_NUMBER,
    FEED_PLACES,
    FEED_CONDITION,
    FEED_CONDITION_ANY,
};

#define FEED_MEMBER(section, key, type) const struct yaml *section##_##key;
struct feed {
    struct yaml_doc *doc; /* owned; what follows points into it; NULL: not given */
    FEED_KEY_MAP(FEED_MEMBER)
};
#undef FEED_MEMBER

/* Reads a preset. ERR_PARSE with "name:line:column: ..." for the first mistake. */
int feed_read(struct feed *f, const char *name, struct str yaml,
              struct err *e) MUST_CHECK;
void feed_fini(struct feed *f);

/* Texts and numbers of a preset. */
struct str feed_text(const struct yaml *v); /* STR_NONE: not given */
int64_t feed_number(const struct yaml *v, int64_t otherwise);
bool feed_lists(const struct yaml *v, struct str text);

/* What a frame asks for besides its messages. */
enum feed_act { FEED_NOTHING, FEED_ANSWER, FEED_REFUSE, FEED_AGAIN };
struct feed_wish {
    enum feed_act act;
    struct buf say; /* the words of a refusal; the caller's to free */
};

/* Decodes one frame. What it says goes to `to`. Frames that mean nothing to the preset
 * are ignored; ERR_PARSE: no JSON. */
int feed_decode(const struct feed *f, struct str frame, struct message_taker to,
                struct feed_wish *wish, struct err *e) MUST_CHECK;
/* The same for the answer of history.path: every message is backlog. */
int feed_decode_history(const struct feed *f, struct str body, struct message_taker to,
                        struct err *e) MUST_CHECK;

/* The value at a place, as text: numbers and truth values are written out. */
bool feed_value(const struct yaml *places, const json_t *frame, struct buf *out);

/* Fills a template: {name} becomes the value of `values` with this name, as `how` needs
 * it. Unknown names stay as they are. */
enum feed_quoting { FEED_IN_URL, FEED_IN_JSON, FEED_IN_HEADER };
struct feed_word {
    const char *name, *value; /* NULL: empty */
};
void feed_fill(struct str template, const struct feed_word *words, enum feed_quoting how,
               struct buf *out);

#endif
