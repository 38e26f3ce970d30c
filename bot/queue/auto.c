/* SPDX-License-Identifier: Apache-2.0 */
/* auto.c - the rule that queues by itself, for offices of one or two people.
 *
 * A person switches it on for a broadcast. A chat line that is plainly a good question
 * (clean, on topic, no personal data, nothing like it open, a score over the bar) is
 * marked with a time when it arrives; until then everybody sees it wait, and any act on
 * it by a person, `cancel` among them, takes the mark away. At that time the program
 * approves it, as "system", like a person would: journalled, and to be undone by any
 * moderator. Nothing here ever puts a question on air. */
#include "queue/state.h"

bool
auto_wants(const struct queue *q, const struct command *cmd, const struct repeat *r)
{
    const struct broadcast *now = queue_broadcast(q);
    const struct verdict *v = cmd->verdict;

    if (cmd->kind != COMMAND_MESSAGE || now == NULL || !now->auto_queue ||
        cmd->message->backlog)
        return false;
    bool clean =
        v->urgent == NULL && v->held == NULL && !v->abuse && !v->spam && v->n_pii == 0;
    return clean && v->question && v->n_topics > 0 && r->n_like == 0 &&
           v->score >= cmd->auto_score;
}

int
auto_decide(const struct queue *q, const struct command *cmd, struct event *ev,
            struct err *e)
{
    if (cmd->role != ROLE_MODERATOR && cmd->role != ROLE_ADMIN)
        return err_set(e, ERR_PERM, "only moderators switch the rule");
    if (cmd->enabled && cmd->auto_forbidden)
        return err_set(e, ERR_BAD_STATE,
                       "the settings forbid it (auto_queue.allowed: false)");
    if (queue_broadcast(q)->auto_queue == cmd->enabled)
        return 1;
    ev->kind = EVENT_AUTO;
    buf_addf(&ev->body, "{\"on\":%s}", cmd->enabled ? "true" : "false");
    return 0;
}

/* Switched off, nothing waits any more. */
void
auto_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    struct broadcast *now = state_broadcast(q);

    (void)ev;
    if (now == NULL)
        return;
    now->auto_queue = body_bool(body, "on");
    q->touched.broadcast = true;
    for (size_t i = 0; !now->auto_queue && i < q->n_questions; i++) {
        if (q->questions[i]->auto_at_ms == 0)
            continue;
        q->questions[i]->auto_at_ms = 0;
        state_touch(q, q->questions[i]->n);
    }
}

static bool
waits(const struct question *item)
{
    return item->auto_at_ms != 0 && item->status == STATUS_NEW && !item->deleted &&
           !item->muted;
}

bool
auto_is_due(const struct queue *q, const struct question *item, int64_t now_ms)
{
    const struct broadcast *now = queue_broadcast(q);

    return now != NULL && now->auto_queue && item->broadcast == now->id && waits(item) &&
           item->auto_at_ms <= now_ms;
}

uint64_t
queue_auto_due(const struct queue *q, int64_t now_ms)
{
    const struct broadcast *now = queue_broadcast(q);

    for (size_t i = 0; now != NULL && now->auto_queue && i < q->n_questions; i++) {
        if (auto_is_due(q, q->questions[i], now_ms))
            return q->questions[i]->n;
    }
    return 0;
}
