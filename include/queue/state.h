/* SPDX-License-Identifier: Apache-2.0 */
/* state.h - inside of the queue, for the files of bot/queue only: decide, apply, pack. */
#ifndef SURAQ_QUEUE_STATE_H
#define SURAQ_QUEUE_STATE_H

#include <jansson.h>

#include "base/map.h"
#include "judge/likeness.h"
#include "queue/activity.h"
#include "queue/edits.h"
#include "queue/promise.h"
#include "queue/queue.h"

enum {
    UNDO_RECORDS = 256,
    REPLY_STOPS = 1024 /* sources that were ever attached, more than anybody has */
};

/* How the questions that an act changed were before it: enough to go back. */
struct undo_record {
    uint64_t seq;
    char *actor; /* owned */
    char *items; /* owned: JSON array, the body of the undo event */
};

struct queue {
    struct map_key key;
    uint64_t seq, filters, on_air, overlay, messages;
    struct question **questions; /* owned; question n is at n - 1 */
    size_t n_questions, cap_questions;
    const struct question **line; /* owned array; borrowed questions, next one first */
    size_t n_line, cap_line;
    struct chat_line **recent; /* owned ring of BOUNDS_RECENT, in order of mid */
    size_t recent_head, n_recent;
    struct map *seen;    /* owned: hash of source and platform id -> mid */
    uint64_t *seen_ring; /* owned: the hashes in order of arrival, BOUNDS_SEEN of them */
    size_t seen_head, n_seen;
    struct map *by_mid;        /* owned: mid -> n, for messages behind a question */
    struct map *by_key;        /* owned: hash of the wording -> n, the newest open one */
    struct map *muted;         /* owned: hashes of authors */
    struct likeness *likeness; /* owned: the texts of open questions; derived */
    struct likeness *answered; /* owned: the same of answered ones */
    struct judge_scratch *scratch; /* owned: for their keys */
    struct broadcast *broadcasts;  /* owned */
    size_t n_broadcasts;
    struct queue_source *sources; /* owned */
    size_t n_sources;
    struct reply_stop *stops; /* owned */
    size_t n_stops;
    struct promise *promises; /* owned; in order of id */
    size_t n_promises;
    struct filter_edit *edits; /* owned; in order of file */
    size_t n_edits;
    struct filter_change *changes; /* owned; in order of seq */
    size_t n_changes;
    struct undo_record
        undo[UNDO_RECORDS]; /* ring: the record of seq S is anywhere in it */
    size_t undo_next;
    struct activity activity;
    struct queue *real; /* owned: during a rehearsal, the state without it; else NULL */
    uint64_t rehearsal_from;     /* the event that began it */
    struct queue_span rehearsed; /* the last one that ended */
    struct queue_touched touched;
    uint64_t *touched_all; /* owned: what touched.n points to */
    size_t touched_cap;
};

/* Members of a body; what is missing gives 0, NULL, false. */
uint64_t body_u64(const json_t *o, const char *name);
const char *body_text(const json_t *o, const char *name);
bool body_bool(const json_t *o, const char *name);
uint64_t body_hash(const json_t *o, const char *name);              /* "16 hex digits" */
void body_add_hash(struct buf *b, const char *name, uint64_t hash); /* "name":"hex" */

/* state.c */
struct question *state_question(struct queue *q, uint64_t n); /* NULL: no such number */
/* NULL also for one whose making was erased: nothing may happen to it any more. */
struct question *state_known(struct queue *q, uint64_t n);
/* Makes question n, and empty ones for numbers whose events were erased. */
struct question *state_make_question(struct queue *q, uint64_t n);
struct broadcast *state_broadcast(struct queue *q);
void state_line_remove(struct queue *q, const struct question *item);
void state_line_insert(struct queue *q, const struct question *item, size_t at);
void state_touch(struct queue *q, uint64_t n);
/* The event is part of the question's history. */
void state_note_act(struct question *item, const struct event *ev);
/* ... and a person changed it with that: version, time, who. Touches it. */
void state_acted(struct queue *q, struct question *item, const struct event *ev);
void state_remember(struct queue *q, uint64_t hash, uint64_t mid);
struct chat_line *state_add_line(struct queue *q, uint64_t mid);
struct chat_line *state_line_of(const struct queue *q, uint64_t mid);
void state_set_text(char **field, const char *text); /* copies; NULL clears */
void state_set_topics(struct question *item, const json_t *topics);
uint64_t state_author(const struct queue *q, struct str source, struct str id,
                      struct str name);
bool state_is_open(const struct question *item); /* new, queued, on air or owed */
void question_free(struct question *item);
void chat_line_free(struct chat_line *line);
void queue_source_fini(struct queue_source *s);

/* undo.c: before an act changes the questions `n`. */
void undo_save(struct queue *q, const struct event *ev, const uint64_t *n, size_t n_len);
const struct undo_record *undo_find(const struct queue *q, uint64_t seq);
void undo_restore(struct queue *q, const struct event *ev, const json_t *body);

/* intake.c */
int intake_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                  struct err *e);
void intake_apply_message(struct queue *q, const struct event *ev, const json_t *body);
void intake_apply_delete(struct queue *q, const json_t *body);
void intake_apply_item(struct queue *q, const struct event *ev, const json_t *body);
void intake_apply_mute(struct queue *q, const json_t *body, bool muted);
int ask_decide(const struct queue *q, const struct command *cmd, struct event *ev,
               struct err *e);
int create_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                  struct err *e);

/* repeat.c: what a new question repeats. */
struct repeat {
    uint64_t join;       /* the question that it is again, or 0 */
    unsigned hundredths; /* of likeness; 0: the wording is equal */
    struct question_like like[BOUNDS_LIKE], before[BOUNDS_LIKE];
    size_t n_like, n_before;
};
uint64_t repeat_key(const struct queue *q, struct str key); /* hash of a wording */
void repeat_find(const struct queue *q, const struct verdict *v, struct repeat *out);
/* The same without looking for an equal wording first. */
void repeat_find_like(const struct queue *q, const struct verdict *v, struct repeat *out);
/* Members of a body, with a comma before. */
void repeat_add_join(const struct repeat *r, struct buf *b);
void repeat_add_like(const struct repeat *r, struct buf *b);
void repeat_read_like(struct question *item, const json_t *body);
/* Notes what was answered on its topic in this broadcast just before it. */
void repeat_heard(const struct queue *q, struct question *item);
/* Question n was changed or made: the index follows. */
void repeat_follow(struct queue *q, uint64_t n);

/* act_decide.c, act_apply.c */
int act_decide(const struct queue *q, const struct command *cmd, struct event *ev,
               struct err *e);
int next_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                struct err *e);
void act_apply(struct queue *q, const struct event *ev, const json_t *body);
/* edits.c: a command that names a file, and its event. */
int edit_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                struct err *e);
void edit_apply(struct queue *q, const struct event *ev, const json_t *body);
void edits_fini(struct queue *q);

/* owed.c: the register. What follow_up adds to its event; a due date, if nobody gave one
 * and it had none. */
int owed_decide_new(const struct question *item, const struct command *cmd, struct buf *b,
                    struct err *e);
/* ,"due":...,"forward_by":... by the terms from now on; nothing without terms. */
void owed_add_terms(const struct command *cmd, struct buf *b);
/* The acts on what is owed, and reopen. */
int owed_decide(const struct queue *q, const struct question *item,
                const struct command *cmd, struct buf *b, struct err *e);
void owed_begin(struct question *item, const struct event *ev, const json_t *body);
void owed_apply(struct question *item, const struct event *ev, const json_t *body);
void owed_fini(struct owed *o);
void owed_write(const struct owed *o, struct buf *b); /* for undo: {...} */
void owed_restore(struct owed *o, const json_t *from);

/* promise.c */
int promise_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                   struct err *e);
void promise_apply(struct queue *q, const struct event *ev, const json_t *body);
void promise_fini(struct promise *p);
/* auto.c */
bool auto_wants(const struct queue *q, const struct command *cmd, const struct repeat *r);
int auto_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                struct err *e);
void auto_apply(struct queue *q, const struct event *ev, const json_t *body);
bool auto_is_due(const struct queue *q, const struct question *item, int64_t now_ms);

/* rehearsal.c */
int rehearsal_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                     struct err *e);
/* False: the event of a broadcast that is about something else. */
bool rehearsal_apply(struct queue *q, const struct event *ev, const json_t *body);
/* After an event was applied: whether it concerns the state without the rehearsal, too.
 */
bool rehearsal_passes(struct queue *q, const struct event *ev);

/* reply.c */
int reply_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                 struct err *e);
void reply_apply(struct queue *q, const struct event *ev, const json_t *body);
void question_reply_fini(struct question_reply *r);
void reply_stop_fini(struct reply_stop *s);

/* Counts the distinct authors of the question and of all that were merged into it. */
void act_recount(const struct queue *q, struct question *into);
void act_apply_air_lost(struct queue *q, struct question *item);

#endif
