/* SPDX-License-Identifier: Apache-2.0 */
/* irc.h - what one line of IRC (IRCv3 or Twitch) means to us. Pure: no connection, no
 * clock. */
#ifndef SURAQ_SOURCE_IRC_H
#define SURAQ_SOURCE_IRC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "source/irc_line.h"
#include "source/message.h"

#define IRC_KIND_MAP(X)                                                             \
    X(IRC_NOTHING, "nothing") /* not for us, or of no interest */                   \
    X(IRC_MESSAGE, "message") /* `message` is set */                                \
    X(IRC_PING, "ping")       /* answer with PONG :text */                          \
    X(IRC_PONG, "pong")                                                             \
    X(IRC_CAP, "cap")             /* code: LS ACK NAK NEW DEL; text: the list */    \
    X(IRC_WELCOME, "welcome")     /* registered; text: our nick */                  \
    X(IRC_JOINED, "joined")       /* we are in the channel */                       \
    X(IRC_NICK_TAKEN, "taken")    /* try another nick */                            \
    X(IRC_NICK_NOW, "nick")       /* the server renamed us; text: our nick */       \
    X(IRC_AUTH, "auth")           /* password or token refused; text: why */        \
    X(IRC_REFUSED, "refused")     /* this channel or nick will not do; text: why */ \
    X(IRC_FULL, "full")           /* not now: later may work; text: why */          \
    X(IRC_LEFT, "left")           /* we were put out of the channel; text: why */   \
    X(IRC_MUTED, "muted")         /* we may read but not write; code, text */       \
    X(IRC_NOTE, "note")           /* the platform tells us something; code, text */ \
    X(IRC_RECONNECT, "reconnect") /* the server asks us to connect anew */          \
    X(IRC_ERROR, "error")         /* the server ends the connection; text: why */
#define IRC_KIND_ENUM(code, name) code,
enum irc_kind { IRC_KIND_MAP(IRC_KIND_ENUM) };
#undef IRC_KIND_ENUM

struct irc_event {
    enum irc_kind kind;
    struct message message;
    struct str text;
    struct str code; /* a numeric, Twitch's msg-id, or what the kind says */
    int64_t at_ms;   /* the server's clock; 0: not given */
    bool more;       /* IRC_CAP: another line of the list follows */
};

/* What decoding must know of the connection. */
struct irc_decoder {
    bool twitch; /* its badges, its notices; its own lines are not echoes */
    struct str
        channel;     /* borrowed: as long as the decoder; lines for others are nothing */
    struct str nick; /* borrowed: likewise */
    int64_t joined_ms; /* the server's clock when we joined: what is older is backlog */
    struct buf mended; /* owned */
    struct buf unescaped; /* owned */
};

void irc_decoder_fini(struct irc_decoder *d);

/* One line without its CR LF. The event borrows from `line` and the decoder until the
 * next call. ERR_PARSE: not IRC, or a command without what it needs. */
int irc_decode(struct irc_decoder *d, struct str line, struct irc_event *ev,
               struct err *e) MUST_CHECK;

#endif
