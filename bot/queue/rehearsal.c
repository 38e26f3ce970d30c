/* SPDX-License-Identifier: Apache-2.0 */
/* rehearsal.c - a broadcast as an exercise, of which nothing stays.
 *
 * From the event that begins it the queue keeps a second one beside itself: the state as
 * if nobody rehearsed. Into that one goes only what outlives a rehearsal (sources,
 * filters, broadcasts), everything else passes it by. The event that ends the rehearsal
 * puts it in the place of the first. So the state afterwards does not depend on a single
 * text of the rehearsal, the journal may erase them all, and a replay of what is left
 * comes out the same. Numbers `n` stay given: the ending event says how many there were.
 */

#include "queue/state.h"
#include <string.h>

bool
event_outlives_rehearsal(enum event_kind k)
{
    return k == EVENT_BROADCAST || k == EVENT_SOURCE || k == EVENT_FILTERS;
}

bool
queue_rehearses(const struct queue *q)
{
    return q->real != NULL;
}

struct queue_span
queue_rehearsed(const struct queue *q)
{
    return q->rehearsed;
}

/* --- decide */

/* Somebody works on the live broadcast: an exercise would get in the way. */
static bool
is_worked_on(const struct queue *q, const struct broadcast *now)
{
    for (size_t i = 0; now->status == BROADCAST_LIVE && i < q->n_questions; i++) {
        const struct question *item = q->questions[i];
        if (item->broadcast == now->id && item->version > 0 && item->status != STATUS_NEW)
            return true;
    }
    return false;
}

int
rehearsal_decide(const struct queue *q, const struct command *cmd, struct event *ev,
                 struct err *e)
{
    const struct broadcast *now = queue_broadcast(q);
    bool begin = cmd->broadcast_op == BROADCAST_REHEARSE;

    if (begin == (q->real != NULL))
        return err_set(e, ERR_BAD_STATE,
                       begin ? "a rehearsal is under way already"
                             : "no rehearsal is under way");
    if (begin && is_worked_on(q, now))
        return err_set(e, ERR_BAD_STATE,
                       "the broadcast is live and questions of it were decided: "
                       "end it first");
    ev->kind = EVENT_BROADCAST;
    buf_addf(&ev->body,
             "{\"op\":\"%s\",\"id\":%llu,\"from\":%llu,\"given\":%zu,\"title\":null}",
             begin ? "rehearse" : "rehearse_end", (unsigned long long)now->id,
             (unsigned long long)q->rehearsal_from, q->n_questions);
    return 0;
}

/* --- apply */

/* The state goes through its own bytes, as a snapshot does. */
static struct queue *
copy_of(const struct queue *q)
{
    struct buf bytes = BUF_INIT;
    struct err e = ERR_INIT;

    queue_pack(q, &bytes);
    struct queue *copy = queue_unpack(&q->key, buf_str(&bytes), &e);
    buf_fini(&bytes);
    return copy;
}

static void
begin(struct queue *q, const struct event *ev)
{
    struct broadcast *now = state_broadcast(q);

    if (q->real != NULL || now == NULL)
        return;
    q->real = copy_of(q);
    q->rehearsal_from = ev->seq;
    now->rehearsal = true;
    now->status = BROADCAST_LIVE;
    now->started_at_ms = ev->at_ms;
}

static void
end(struct queue *q, const struct event *ev, const json_t *body)
{
    struct queue *real = q->real, rehearsed;
    uint64_t from = q->rehearsal_from, given = body_u64(body, "given");

    if (real == NULL)
        return;
    q->real = NULL;
    rehearsed = *q;
    *q = *real;
    *real = rehearsed;
    queue_free(&real);
    q->seq = ev->seq;
    q->filters = ev->filters;
    q->rehearsed = (struct queue_span){.from = from, .to = ev->seq};
    if (given > q->n_questions && given < ev->seq)
        (void)state_make_question(q, given);
    q->touched = (struct queue_touched){
        .n = q->touched_all, .broadcast = true, .source = true, .overlay = true};
}

bool
rehearsal_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    const char *op = body_text(body, "op");

    if (op != NULL && strcmp(op, "rehearse") == 0)
        begin(q, ev);
    else if (op != NULL && strcmp(op, "rehearse_end") == 0)
        end(q, ev, body);
    else
        return false;
    return true;
}

bool
rehearsal_passes(struct queue *q, const struct event *ev)
{
    struct queue *real = q->real;

    if (real == NULL || ev->seq == q->rehearsal_from)
        return false;
    real->seq = ev->seq;
    real->filters = ev->filters;
    return event_outlives_rehearsal(ev->kind);
}
