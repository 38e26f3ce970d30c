/* SPDX-License-Identifier: Apache-2.0 */
/* xmpp.h - what an XMPP server says in the room of a chat (RFC 6120, framed by RFC 7395;
 * rooms: XEP-0045). Pure. */
#ifndef SURAQ_SOURCE_XMPP_H
#define SURAQ_SOURCE_XMPP_H

#include "base/bounds.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "source/message.h"

enum xmpp_kind {
    XMPP_NOTHING,
    XMPP_FEATURES, /* before signing in: `anonymous`, `plain`; after: `bind` */
    XMPP_SIGNED_IN,
    XMPP_REFUSED, /* the sign-in; `text` says why */
    XMPP_BOUND,   /* we have an address */
    XMPP_JOINED,  /* in the room */
    XMPP_NICK_TAKEN,
    XMPP_NO_ENTRY, /* the room refuses: banned, members only, not there; `text` */
    XMPP_FULL,     /* the room refuses for now */
    XMPP_PUT_OUT,  /* kicked, banned, room destroyed; `text`; `is_final`: a ban */
    XMPP_MUTED,    /* a line of ours was refused; `text` */
    XMPP_MESSAGES, /* see `message`, and `removal` before it */
    XMPP_PING,     /* to be answered: `id`, `from` */
    XMPP_CLOSED,   /* the server closes; `text` */
};

/* Borrowed from the decoder until its next call. */
struct xml;
struct xmpp_event {
    enum xmpp_kind kind;
    bool anonymous, plain, bind, is_final;
    struct str id, from, text;
    bool has_message, has_removal;
    struct message message, removal;
};

enum { XMPP_RECENT = 512, XMPP_PEOPLE = 4096 };

/* A recent line: a correction names it by its author's own id, a moderator by the id that
 * the room gave it first. */
struct xmpp_line {
    uint64_t own;    /* hash of the author and his id of it */
    uint64_t author; /* hash of his occupant id and nick: the first may be made up */
    char first[BOUNDS_ID + 1], last[BOUNDS_ID + 1]; /* ids of the room; last: corrected */
};

/* What a decoder must remember: who is who, and recent lines. */
struct xmpp_decoder {
    struct str room, nick; /* the room's address; who we are in it; borrowed */
    struct map_key key;
    struct map *roles; /* owned: hash of a nick -> roles */
    struct xmpp_line recent[XMPP_RECENT];
    size_t next_recent;
    struct xml *stanza; /* owned: what the last event borrows from */
    struct buf removed; /* the id of the line that the last event takes back */
};

void xmpp_init(struct xmpp_decoder *d);
void xmpp_fini(struct xmpp_decoder *d);
/* A new connection: who is there is told anew. Recent lines stay. */
void xmpp_reset(struct xmpp_decoder *d);
int xmpp_decode(struct xmpp_decoder *d, struct str frame, struct xmpp_event *ev,
                struct err *e) MUST_CHECK;

/* Adds text or the value of an attribute, escaped. */
void xmpp_escape(struct str text, struct buf *out);

/* A pasted link of a PeerTube video ("https://host/w/ID"), or the address of a room
 * ("name@room.host", also behind "xmpp:") -> "host/ID" or the address. */
int xmpp_target(struct str text, struct buf *out, struct err *e) MUST_CHECK;

#endif
