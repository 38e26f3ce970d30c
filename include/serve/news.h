/* SPDX-License-Identifier: Apache-2.0 */
/* news.h - what happened to a question, as somebody outside would put it: what webhooks
 * are told and what is replied in the chat. */
#ifndef SURAQ_SERVE_NEWS_H
#define SURAQ_SERVE_NEWS_H

#include "base/err.h"
#include "queue/event.h"
#include "queue/queue.h"

#define NEWS_MAP(X)                                                   \
    X(NEWS_QUESTION, "question") /* a new one */                      \
    X(NEWS_URGENT, "urgent")     /* a new item that reports danger */ \
    X(NEWS_REPEAT, "repeat")     /* somebody else asked it, too */    \
    X(NEWS_ON_AIR, "on_air")                                          \
    X(NEWS_ANSWERED, "answered")                                      \
    X(NEWS_FOLLOW_UP, "follow_up") /* will be answered in writing */
#define NEWS_ENUM(code, name) code,
enum news_kind { NEWS_MAP(NEWS_ENUM) };
#undef NEWS_ENUM
const char *news_name(enum news_kind k);
int news_from_name(struct str name, enum news_kind *out, struct err *e) MUST_CHECK;

struct news {
    enum news_kind kind;
    const struct question *question; /* borrowed for the call */
    uint64_t mid; /* the chat line of a question, an urgent item, a repeat; 0: by hand */
};

/* Calls `tell` for each piece of news in `ev`, which was just applied to `q`. Items that
 * only wait for a person to look at them (held ones) are no news. */
void news_of(const struct queue *q, const struct event *ev,
             void (*tell)(void *arg, const struct news *n), void *arg);

#endif
