/* SPDX-License-Identifier: Apache-2.0 */
/* view.h - what each role may see of the state, as JSON. This is the only place that
 * writes questions and messages for the outside, so it is the place that keeps originals,
 * handles and personal data from those who must not see them. */
#ifndef SURAQ_SERVE_VIEW_H
#define SURAQ_SERVE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "queue/promise.h"
#include "queue/queue.h"
#include "source/source.h"

/* Roles that see the same. Served in this order. */
#define VIEW_MAP(X)            \
    X(VIEW_OVERLAY, "overlay") \
    X(VIEW_OFFICER, "officer") X(VIEW_STAFF, "staff") X(VIEW_VIEWER, "viewer")
#define VIEW_ENUM(code, name) code,
enum view { VIEW_MAP(VIEW_ENUM) VIEWS };
#undef VIEW_ENUM
const char *view_name(enum view v);
/* False: this role sees no state (intake, system). */
bool view_of_role(enum role role, enum view *out);

/* Whether the item is in that role's view now. */
bool view_shows(const struct queue *q, const struct question *question, enum view v);
void view_question(const struct queue *q, const struct question *question, enum view v,
                   struct buf *out);
/* {"kk":"...",...}: its wordings. */
void view_texts(const struct question *question, struct buf *out);
/* ,"before":[...],"heard":...: answered ones that it may repeat. */
void view_before(const struct queue *q, const struct question *question, struct buf *out);
/* What programs elsewhere are told of it (webhooks): masked, a first name at most. */
void view_told(const struct question *question, struct buf *out);
/* Only staff and viewers are shown messages. */
void view_message(const struct chat_line *line, enum view v, struct buf *out);
/* A record of the journal as it is, for staff. */
void view_event(const struct event *ev, struct buf *out);
void view_promise(const struct queue *q, const struct promise *p, struct buf *out);
void view_broadcast(const struct broadcast *b, struct buf *out);

/* How it stands with the program's own replies into a chat. */
struct view_replies {
    const char *state;                /* static: "off", "on", "stopped"; NULL: as "off" */
    const char *reason, *detail, *by; /* why it stopped; NULL: not known */
    uint64_t waiting;
};

/* One attached chat, as the registry knows it. Strings are borrowed for the call. */
struct view_source {
    const char *name, *kind, *target;
    bool enabled, can_send, added;
    struct source_status status;
    struct view_replies replies;
};
void view_source(const struct view_source *s, struct buf *out);

/* [n,...] in the order of airing; a number or null. */
void view_line(const struct queue *q, struct buf *out);
void view_number(uint64_t n, struct buf *out);
void view_time(int64_t ms, struct buf *out);       /* "..." or null (0) */
void view_text(const char *text, struct buf *out); /* "..." or null (NULL) */

#endif
