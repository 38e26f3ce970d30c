/* SPDX-License-Identifier: Apache-2.0 */
/* reply.c - the program's own replies into the chats, as far as the state knows them.
 *
 * Each reply that was sent or dropped is an event, and its question shows it. A refusal
 * by the platform, or a person, stops the replies of a source until a person resumes
 * them: that is part of the state, so a restart does not begin to write again where it
 * was told not to. */
#include "queue/reply.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "queue/state.h"

#define NAME(code, name) name,
static const char *const kinds[] = {REPLY_MAP(NAME)};
static const char *const outcomes[] = {REPLY_OUTCOME_MAP(NAME)};
#undef NAME

const char *
reply_name(enum reply_kind k)
{
    return k < REPLY_KINDS ? kinds[k] : "unknown";
}

const char *
reply_outcome_name(enum reply_outcome o)
{
    return o < REPLY_OUTCOMES ? outcomes[o] : "unknown";
}

/* Index of `name`; -1: none of them. */
static int
find(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; name != NULL && i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

const struct reply_stop *
queue_reply_stop(const struct queue *q, struct str source)
{
    for (size_t i = 0; i < q->n_stops; i++) {
        if (str_eq(str_from(q->stops[i].source), source))
            return &q->stops[i];
    }
    return NULL;
}

/* --- decide */

static int
check_reply(const struct queue *q, const struct command *cmd, struct err *e)
{
    bool by_person =
        cmd->reply_outcome == REPLY_STOPPED || cmd->reply_outcome == REPLY_RESUMED;
    const struct reply_stop *stop = queue_reply_stop(q, cmd->source);

    if (by_person && cmd->role != ROLE_MODERATOR && cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "only moderators stop and resume replies");
    if (!by_person && cmd->role != ROLE_SYSTEM)
        return err_set(e, ERR_PERM, "only the program replies");
    if (cmd->n != 0 && queue_find(q, cmd->n) == NULL)
        return err_set(e, ERR_MISSING, "there is no question %llu",
                       (unsigned long long)cmd->n);
    if (cmd->n == 0 && cmd->reply_outcome <= REPLY_DROPPED)
        return err_set(e, ERR_VALUE, "a reply to no question");
    if (cmd->reply_outcome == REPLY_STOPPED && stop != NULL)
        return 1;
    if (cmd->reply_outcome == REPLY_RESUMED && stop == NULL)
        return 1;
    if (cmd->reply_outcome != REPLY_RESUMED && q->n_stops >= REPLY_STOPS)
        return err_set(e, ERR_LIMIT, "the replies of %d sources are stopped",
                       REPLY_STOPS);
    return 0;
}

static void
add_text(struct buf *b, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_addf(b, ",\"%s\":", name);
    buf_add_json(b, value);
}

int
reply_decide(const struct queue *q, const struct command *cmd, struct event *ev,
             struct err *e)
{
    struct buf *b = &ev->body;
    int rc = check_reply(q, cmd, e);

    if (rc != 0)
        return rc;
    ev->kind = EVENT_REPLY;
    buf_addf(b, "{\"n\":%llu,\"outcome\":\"%s\"", (unsigned long long)cmd->n,
             reply_outcome_name(cmd->reply_outcome));
    if (cmd->n != 0)
        buf_addf(b, ",\"reply\":\"%s\"", reply_name(cmd->reply));
    add_text(b, "source", utf8_prefix(cmd->source, BOUNDS_NAME));
    add_text(b, "reason", utf8_prefix(cmd->reason, BOUNDS_NAME));
    add_text(b, "detail", utf8_prefix(cmd->reply_detail, BOUNDS_NAME));
    add_text(b, "text", utf8_prefix(cmd->reply_text, BOUNDS_NOTE * 4));
    buf_add_char(b, '}');
    return 0;
}

/* --- apply */

void
question_reply_fini(struct question_reply *r)
{
    mem_free(r->source);
    mem_free(r->reason);
    mem_free(r->detail);
}

void
reply_stop_fini(struct reply_stop *s)
{
    mem_free(s->source);
    mem_free(s->reason);
    mem_free(s->detail);
    mem_free(s->by);
}

/* The one of this kind in this source, else a new one; the oldest makes room. */
static struct question_reply *
place(struct question *item, enum reply_kind kind, const char *source)
{
    for (size_t i = 0; i < item->n_replies; i++) {
        struct question_reply *r = &item->replies[i];
        if (r->kind == kind && strcmp(r->source, source) == 0)
            return r;
    }
    if (item->n_replies == BOUNDS_QUESTION_REPLIES) {
        question_reply_fini(&item->replies[0]);
        item->n_replies--;
        memmove(item->replies, item->replies + 1,
                item->n_replies * sizeof(*item->replies));
    } else {
        item->replies =
            mem_resize(item->replies, item->n_replies + 1, sizeof(*item->replies));
    }
    struct question_reply *r = &item->replies[item->n_replies++];
    *r = (struct question_reply){.kind = kind, .source = mem_strdup(source)};
    return r;
}

static void
resume(struct queue *q, const char *source)
{
    for (size_t i = 0; i < q->n_stops; i++) {
        if (strcmp(q->stops[i].source, source) != 0)
            continue;
        reply_stop_fini(&q->stops[i]);
        q->n_stops--;
        memmove(q->stops + i, q->stops + i + 1, (q->n_stops - i) * sizeof(*q->stops));
        return;
    }
}

static void
stop(struct queue *q, const struct event *ev, const json_t *body, const char *source)
{
    if (q->n_stops >= REPLY_STOPS)
        return; /* not decided so */
    resume(q, source);
    q->stops = mem_resize(q->stops, q->n_stops + 1, sizeof(*q->stops));
    q->stops[q->n_stops++] = (struct reply_stop){
        .source = mem_strdup(source),
        .reason = mem_strdup(body_text(body, "reason")),
        .detail = mem_strdup(body_text(body, "detail")),
        .by = mem_strdup(ev->actor),
        .at_ms = ev->at_ms,
    };
}

void
reply_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *source = body_text(body, "source");
    int outcome = find(outcomes, REPLY_OUTCOMES, body_text(body, "outcome"));
    int kind = find(kinds, REPLY_KINDS, body_text(body, "reply"));
    struct question *item = state_known(q, body_u64(body, "n"));

    if (outcome < 0)
        return; /* erased */
    if (source == NULL)
        source = "";
    if (item != NULL && kind >= 0) {
        struct question_reply *r = place(item, (enum reply_kind)kind, source);
        r->outcome = (enum reply_outcome)outcome;
        r->at_ms = ev->at_ms;
        state_set_text(&r->reason, body_text(body, "reason"));
        state_set_text(&r->detail, body_text(body, "detail"));
        state_note_act(item, ev);
        state_touch(q, item->n);
    }
    if (outcome <= REPLY_DROPPED)
        return;
    q->touched.source = true;
    if (outcome == REPLY_RESUMED)
        resume(q, source);
    else
        stop(q, ev, body, source);
}
