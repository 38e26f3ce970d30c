/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - the two verbs, each a table.
 *
 * queue_decide sends a command to the one function that knows its rules; queue_apply
 * sends an event to the one that changes the state. Neither knows the other's rules: an
 * event holds every decided result. */
#include "queue/queue.h"

#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "queue/state.h"

/* --- decide */

/* Whether question `o` can go back to how it was before act `seq`. Others' later acts
 * bar the way, and so does what happened without an act: the author took it back, or
 * another one is on air. `items`: all that would go back. */
static int
may_go_back(const struct queue *q, const json_t *items, const json_t *o, uint64_t seq,
            struct err *e)
{
    const struct question *item = queue_find(q, body_u64(o, "n"));
    const char *status = body_text(o, "status");

    if (item == NULL)
        return 0;
    if (item->last_act != seq)
        return err_set(e, ERR_CONFLICT,
                       "question %llu was changed again since then by %s (event %llu)",
                       (unsigned long long)item->no,
                       item->last_actor == NULL ? "somebody" : item->last_actor,
                       (unsigned long long)item->last_act);
    if (item->deleted && !body_bool(o, "deleted"))
        return err_set(e, ERR_CONFLICT, "question %llu was taken back by its author",
                       (unsigned long long)item->no);
    bool airs = q->on_air != 0 && status != NULL &&
                strcmp(status, status_name(STATUS_ON_AIR)) == 0;
    for (size_t i = 0; airs && i < json_array_size(items); i++)
        airs = body_u64(json_array_get(items, i), "n") != q->on_air;
    if (airs)
        return err_set(e, ERR_CONFLICT, "question %llu is on air now",
                       (unsigned long long)queue_on_air(q)->no);
    return 0;
}

static int
decide_undo(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    const struct undo_record *r = undo_find(q, cmd->undo_seq);
    int rc = 0;

    if (cmd->role != ROLE_OFFICER && cmd->role != ROLE_MODERATOR &&
        cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "a %s may not undo", role_name(cmd->role));
    if (r == NULL)
        return err_set(e, ERR_MISSING, "event %llu cannot be undone",
                       (unsigned long long)cmd->undo_seq);
    bool own = str_eq(str_from(r->actor), cmd->actor);
    bool by_rule = cmd->role != ROLE_OFFICER && strcmp(r->actor, "system") == 0;
    if (!own && !by_rule)
        return err_set(e, ERR_PERM, "event %llu is an act of %s",
                       (unsigned long long)cmd->undo_seq, r->actor);
    json_t *items = json_loads(r->items, 0, NULL);
    for (size_t i = 0; rc == 0 && i < json_array_size(items); i++)
        rc = may_go_back(q, items, json_array_get(items, i), r->seq, e);
    json_decref(items);
    if (rc < 0)
        return -1;
    ev->kind = EVENT_UNDO;
    buf_addf(&ev->body, "{\"seq\":%llu,\"items\":%s}", (unsigned long long)r->seq,
             r->items);
    return 0;
}

static int
decide_overlay(const struct queue *q, const struct command *cmd, struct event *ev,
               struct err *e)
{
    if (cmd->role == ROLE_VIEWER || cmd->role == ROLE_OVERLAY || cmd->role == ROLE_INTAKE)
        return err_set(e, ERR_PERM, "a %s cannot change the overlay",
                       role_name(cmd->role));
    if (cmd->n == q->overlay)
        return 1;
    if (cmd->n != 0 && cmd->n != q->on_air)
        return err_set(e, ERR_BAD_STATE,
                       "only the question on air can be shown on the stream");
    ev->kind = EVENT_OVERLAY;
    buf_addf(&ev->body, "{\"n\":%llu}", (unsigned long long)cmd->n);
    return 0;
}

static int
decide_source(const struct queue *q, const struct command *cmd, struct event *ev,
              struct err *e)
{
    (void)q;
    if (cmd->role != ROLE_ADMIN && cmd->role != ROLE_SYSTEM)
        return err_set(e, ERR_PERM, "only an admin changes sources");
    ev->kind = EVENT_SOURCE;
    buf_add_cstr(&ev->body, "{\"name\":");
    buf_add_json(&ev->body, cmd->source);
    buf_add_cstr(&ev->body, ",\"kind\":");
    buf_add_json(&ev->body, cmd->source_kind);
    buf_add_cstr(&ev->body, ",\"target\":");
    buf_add_json(&ev->body, cmd->target);
    buf_add_cstr(&ev->body, ",\"url\":");
    buf_add_json(&ev->body, cmd->source_url);
    buf_addf(&ev->body, ",\"enabled\":%s}", cmd->enabled ? "true" : "false");
    return 0;
}

/* Whether the end of a broadcast decides about the question: also about one that came out
 * of the register of an earlier broadcast. */
static bool
is_left_open(const struct question *item)
{
    return state_is_open(item) && item->status != STATUS_FOLLOW_UP;
}

static size_t
count_open(const struct queue *q)
{
    size_t n = 0;

    for (size_t i = 0; i < q->n_questions; i++)
        n += is_left_open(q->questions[i]);
    return n;
}

/* The numbers given so far go with it: this event outlives the texts, so no number is
 * given again after the events that gave it were erased. */
static int
decide_broadcast(const struct queue *q, const struct command *cmd, struct event *ev,
                 struct err *e)
{
    static const char *const ops[] = {"open", "start", "end"};
    static const char *const items[] = {"carry", "follow_up", "reject"};
    const struct broadcast *now = queue_broadcast(q);

    if (cmd->role != ROLE_ADMIN && cmd->role != ROLE_MODERATOR &&
        cmd->role != ROLE_SYSTEM)
        return err_set(e, ERR_PERM, "only moderators start and end broadcasts");
    if (cmd->broadcast_op == BROADCAST_OPEN && now != NULL)
        return 1;
    if (cmd->broadcast_op == BROADCAST_REHEARSE ||
        cmd->broadcast_op == BROADCAST_REHEARSE_END)
        return rehearsal_decide(q, cmd, ev, e);
    if (q->real != NULL)
        return err_set(e, ERR_BAD_STATE, "this is a rehearsal: end that first");
    if (cmd->broadcast_op == BROADCAST_START &&
        (now == NULL || now->status != BROADCAST_PLANNED))
        return err_set(e, ERR_BAD_STATE, "the broadcast is live already");
    if (cmd->broadcast_op == BROADCAST_END &&
        (now == NULL || now->status != BROADCAST_LIVE))
        return err_set(e, ERR_BAD_STATE, "no broadcast is live");
    ev->kind = EVENT_BROADCAST;
    buf_addf(&ev->body,
             "{\"op\":\"%s\",\"id\":%llu,\"open\":\"%s\",\"given\":%zu,\"no\":%llu,"
             "\"carried\":%zu,\"title\":",
             ops[cmd->broadcast_op], (unsigned long long)(now == NULL ? 1 : now->id),
             items[cmd->open_items], q->n_questions,
             (unsigned long long)(now == NULL ? 0 : now->questions), count_open(q));
    if (cmd->title.p == NULL)
        buf_add_cstr(&ev->body, "null");
    else
        buf_add_json(&ev->body, cmd->title);
    if (cmd->broadcast_op == BROADCAST_END && cmd->open_items == OPEN_FOLLOW_UP)
        owed_add_terms(cmd, &ev->body);
    buf_add_char(&ev->body, '}');
    return 0;
}

static int
decide_mute(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    uint64_t author = state_author(q, cmd->source, cmd->author_id, cmd->author_id);

    if (cmd->role != ROLE_ADMIN && cmd->role != ROLE_MODERATOR)
        return err_set(e, ERR_PERM, "only moderators mute authors");
    if (map_get(q->muted, author, NULL) == cmd->muted)
        return 1;
    ev->kind = cmd->muted ? EVENT_MUTE : EVENT_UNMUTE;
    buf_add_char(&ev->body, '{');
    body_add_hash(&ev->body, "author", author);
    buf_add_char(&ev->body, '}');
    return 0;
}

static int
decide_filters(const struct queue *q, const struct command *cmd, struct event *ev,
               struct err *e)
{
    if (cmd->filter_file.len > 0)
        return edit_decide(q, cmd, ev, e);
    if (q->filters == cmd->filters)
        return 1;
    ev->kind = EVENT_FILTERS;
    buf_add_cstr(&ev->body, "{}");
    return 0;
}

int
queue_decide(const struct queue *q, const struct command *cmd, struct event *ev,
             struct err *e)
{
    static int (*const rules[])(const struct queue *q, const struct command *cmd,
                                struct event *ev, struct err *e) = {
        [COMMAND_ACT] = act_decide,         [COMMAND_NEXT] = next_decide,
        [COMMAND_MESSAGE] = intake_decide,  [COMMAND_ASK] = ask_decide,
        [COMMAND_CREATE] = create_decide,   [COMMAND_UNDO] = decide_undo,
        [COMMAND_OVERLAY] = decide_overlay, [COMMAND_MUTE] = decide_mute,
        [COMMAND_SOURCE] = decide_source,   [COMMAND_BROADCAST] = decide_broadcast,
        [COMMAND_FILTERS] = decide_filters, [COMMAND_REPLY] = reply_decide,
        [COMMAND_PROMISE] = promise_decide, [COMMAND_AUTO] = auto_decide,
    };
    const struct broadcast *now = queue_broadcast(q);

    buf_reset(&ev->body);
    ev->seq = 0;
    ev->at_ms = cmd->at_ms;
    ev->broadcast = now == NULL ? 1 : now->id;
    ev->filters = cmd->filters;
    (void)snprintf(ev->actor, sizeof(ev->actor), "%.*s", STR_ARG(cmd->actor));
    if (now == NULL && cmd->kind != COMMAND_BROADCAST)
        return err_set(e, ERR_BAD_STATE, "no broadcast is open yet");
    return rules[cmd->kind](q, cmd, ev, e);
}

/* --- apply */

static void
apply_source(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *name = body_text(body, "name");
    struct queue_source *s = NULL;

    (void)ev;
    q->touched.source = true;
    for (size_t i = 0; i < q->n_sources; i++) {
        if (name != NULL && strcmp(q->sources[i].name, name) == 0)
            s = &q->sources[i];
    }
    if (s == NULL) {
        q->sources = mem_resize(q->sources, q->n_sources + 1, sizeof(*q->sources));
        s = &q->sources[q->n_sources++];
        *s = (struct queue_source){.name = mem_strdup(name == NULL ? "" : name),
                                   .added = true};
    }
    state_set_text(&s->kind, body_text(body, "kind"));
    state_set_text(&s->target, body_text(body, "target"));
    if (body_text(body, "url") != NULL && body_text(body, "url")[0] != '\0')
        state_set_text(&s->url, body_text(body, "url"));
    s->enabled = body_bool(body, "enabled");
}

static void
open_broadcast(struct queue *q, const struct event *ev, enum broadcast_status status)
{
    q->broadcasts =
        mem_resize(q->broadcasts, q->n_broadcasts + 1, sizeof(*q->broadcasts));
    q->broadcasts[q->n_broadcasts] = (struct broadcast){
        .id = q->n_broadcasts + 1,
        .status = status,
        .opened_at_ms = ev->at_ms,
        .started_at_ms = status == BROADCAST_LIVE ? ev->at_ms : 0,
    };
    q->n_broadcasts++;
}

/* What becomes of a question that is still open when its broadcast ends. */
static void
settle(struct queue *q, struct question *item, const struct event *ev, const json_t *body)
{
    const char *open = body_text(body, "open");
    struct broadcast *next = state_broadcast(q);

    item->auto_at_ms = 0;
    if (item->status == STATUS_ON_AIR)
        act_apply_air_lost(q, item);
    if (open == NULL || strcmp(open, "carry") == 0) {
        if (item->status == STATUS_ON_AIR) {
            item->status = STATUS_QUEUED;
            state_line_insert(q, item, 0);
        }
        item->broadcast = next->id;
        item->no = ++next->questions;
    } else {
        state_line_remove(q, item);
        item->status = strcmp(open, "reject") == 0 ? STATUS_REJECTED : STATUS_FOLLOW_UP;
        if (item->status == STATUS_REJECTED)
            state_set_text(&item->reason, "other");
        else
            owed_begin(item, ev,
                       item->owed.at_ms != 0 && item->due != NULL ? NULL : body);
    }
    state_acted(q, item, ev);
}

static uint64_t
max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void
apply_broadcast(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *op = body_text(body, "op"), *open = body_text(body, "open");
    struct broadcast *now = state_broadcast(q);

    q->touched.broadcast = true;
    if (now == NULL) {
        open_broadcast(q, ev, BROADCAST_LIVE);
        return;
    }
    if (rehearsal_apply(q, ev, body))
        return;
    if (body_u64(body, "given") > q->n_questions && body_u64(body, "given") < ev->seq)
        (void)state_make_question(q, body_u64(body, "given"));
    now->questions = max_u64(now->questions, body_u64(body, "no"));
    if (body_text(body, "title") != NULL)
        state_set_text(&now->title, body_text(body, "title"));
    if (op != NULL && strcmp(op, "start") == 0) {
        now->status = BROADCAST_LIVE;
        now->started_at_ms = ev->at_ms;
    }
    if (op == NULL || strcmp(op, "end") != 0)
        return;
    now->status = BROADCAST_ENDED;
    now->ended_at_ms = ev->at_ms;
    open_broadcast(q, ev, BROADCAST_PLANNED);
    for (size_t i = 0; i < q->n_questions; i++) {
        struct question *item = q->questions[i];
        if (is_left_open(item))
            settle(q, item, ev, body);
    }
    now = state_broadcast(q);
    if (open == NULL || strcmp(open, "carry") == 0)
        now->questions = max_u64(now->questions, body_u64(body, "carried"));
}

static void
apply_overlay(struct queue *q, const struct event *ev, const json_t *body)
{
    struct question *item = state_known(q, body_u64(body, "n"));

    if (item != NULL)
        state_note_act(item, ev);
    q->overlay = body_u64(body, "n") == q->on_air ? q->on_air : 0;
    q->touched.overlay = true;
}

static void
apply_delete(struct queue *q, const struct event *ev, const json_t *body)
{
    (void)ev;
    intake_apply_delete(q, body);
}

static void
apply_mute(struct queue *q, const struct event *ev, const json_t *body)
{
    intake_apply_mute(q, body, ev->kind == EVENT_MUTE);
}

/* The acts on a question, EVENT_APPROVE to EVENT_REVEAL, share one function. */
static void
apply_one(struct queue *q, const struct event *ev, const json_t *body)
{
    static void (*const rules[EVENT_KINDS])(struct queue * q, const struct event *ev,
                                            const json_t *body) = {
        [EVENT_MESSAGE] = intake_apply_message,
        [EVENT_DELETE] = apply_delete,
        [EVENT_ASK] = intake_apply_item,
        [EVENT_CREATE] = intake_apply_item,
        [EVENT_UNDO] = undo_restore,
        [EVENT_OVERLAY] = apply_overlay,
        [EVENT_MUTE] = apply_mute,
        [EVENT_UNMUTE] = apply_mute,
        [EVENT_SOURCE] = apply_source,
        [EVENT_BROADCAST] = apply_broadcast,
        [EVENT_FILTERS] = edit_apply,
        [EVENT_REPLY] = reply_apply,
        [EVENT_PROMISE] = promise_apply,
        [EVENT_AUTO] = auto_apply,
    };
    bool is_act = ev->kind >= EVENT_APPROVE && ev->kind <= EVENT_REVEAL;

    assert(is_act == (rules[ev->kind] == NULL));
    if (is_act)
        act_apply(q, ev, body);
    else
        rules[ev->kind](q, ev, body);
}

/* Events come without gaps and are of kinds that we know: what this program cannot read
 * is not passed over. */
static int
check_header(const struct queue *q, const struct event *ev, struct err *e)
{
    if (ev->seq != q->seq + 1)
        return err_set(e, ERR_PARSE, "event %llu comes after event %llu",
                       (unsigned long long)ev->seq, (unsigned long long)q->seq);
    if (ev->kind >= EVENT_KINDS)
        return err_set(e, ERR_PARSE, "event %llu is of a kind that is not known",
                       (unsigned long long)ev->seq);
    return 0;
}

/* Each question has an event of its own, so none has a number above the event's, and none
 * is made twice. */
static int
check_number(const struct queue *q, const struct event *ev, const json_t *body,
             struct err *e)
{
    bool makes =
        ev->kind == EVENT_MESSAGE || ev->kind == EVENT_ASK || ev->kind == EVENT_CREATE;
    uint64_t n = body_u64(body, "n");

    if (makes && n != 0 && n <= q->n_questions)
        return err_set(e, ERR_PARSE, "event %llu makes question %llu again",
                       (unsigned long long)ev->seq, (unsigned long long)n);
    if (n > ev->seq)
        return err_set(e, ERR_PARSE, "event %llu speaks of a question %llu",
                       (unsigned long long)ev->seq, (unsigned long long)n);
    return 0;
}

static void
apply_to(struct queue *q, const struct event *ev, const json_t *body)
{
    q->touched = (struct queue_touched){.n = q->touched_all};
    q->seq = ev->seq;
    q->filters = ev->filters;
    activity_follow(&q->activity, ev);
    apply_one(q, ev, body);
    for (size_t i = 0; i < q->touched.n_len; i++)
        repeat_follow(q, q->touched.n[i]);
}

int
queue_apply(struct queue *q, const struct event *ev, struct err *e)
{
    json_t *body = NULL;

    if (check_header(q, ev, e) < 0)
        return -1;
    if (ev->body.len > 0) {
        json_error_t je;
        body = json_loadb(ev->body.data, ev->body.len, JSON_ALLOW_NUL, &je);
        if (!json_is_object(body)) {
            json_decref(body);
            return err_set(e, ERR_PARSE, "event %llu has a body that is no JSON object",
                           (unsigned long long)ev->seq);
        }
    }
    if (check_number(q, ev, body, e) < 0) {
        json_decref(body);
        return -1;
    }
    apply_to(q, ev, body);
    if (rehearsal_passes(q, ev))
        apply_to(q->real, ev, body);
    json_decref(body);
    return 0;
}
