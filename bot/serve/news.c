/* SPDX-License-Identifier: Apache-2.0 */
/* news.c - events are many and say how the state changed; people outside want to know of
 * a question that it was asked, is on air, was answered, or is owed. This is the only
 * place that tells the one by the other. Pure: the state is exactly as of the event. */
#include "serve/news.h"

#define NAME(code, name) name,
static const char *const names[] = {NEWS_MAP(NAME)};
#undef NAME

const char *
news_name(enum news_kind k)
{
    return names[k];
}

int
news_from_name(struct str name, enum news_kind *out, struct err *e)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(name, str_from(names[i]))) {
            *out = (enum news_kind)i;
            return 0;
        }
    }
    return err_set(e, ERR_VALUE, "'%.*s' is no news", STR_ARG(name));
}

/* Of an item that came or was joined. */
static bool
of_intake(const struct question *q, const struct event *ev, enum news_kind *kind)
{
    if (q->verdict_seq != ev->seq)
        *kind = NEWS_REPEAT;
    else
        *kind = q->urgent != NULL ? NEWS_URGENT : NEWS_QUESTION;
    return q->urgent != NULL || (q->question && q->held == NULL);
}

static bool
of_status(const struct question *q, enum news_kind *kind)
{
    if (q->status == STATUS_ON_AIR)
        *kind = NEWS_ON_AIR;
    else if (q->status == STATUS_ANSWERED)
        *kind = NEWS_ANSWERED;
    else
        *kind = NEWS_FOLLOW_UP;
    return q->status == STATUS_ON_AIR || q->status == STATUS_ANSWERED ||
           q->status == STATUS_FOLLOW_UP;
}

void
news_of(const struct queue *q, const struct event *ev,
        void (*tell)(void *arg, const struct news *n), void *arg)
{
    const struct queue_touched *touched = queue_touched(q);
    bool intake =
        ev->kind == EVENT_MESSAGE || ev->kind == EVENT_ASK || ev->kind == EVENT_CREATE;
    bool status = ev->kind == EVENT_AIR || ev->kind == EVENT_ANSWER ||
                  ev->kind == EVENT_FOLLOW_UP || ev->kind == EVENT_BROADCAST;

    for (size_t i = 0; (intake || status) && i < touched->n_len; i++) {
        const struct question *item = queue_find(q, touched->n[i]);
        struct news n = {.question = item, .mid = intake ? touched->mid : 0};
        if (item == NULL || item->muted || item->deleted)
            continue;
        if (intake ? of_intake(item, ev, &n.kind) : of_status(item, &n.kind))
            tell(arg, &n);
    }
}
