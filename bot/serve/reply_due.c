/* SPDX-License-Identifier: Apache-2.0 */
/* reply_due.c - which reply is due where.
 *
 * In one chat one reply to one question is enough: who repeats it sees the answer to the
 * first, and a bot that answers everybody is put out. What a platform replays on
 * connecting is not answered again, nor what its author took back. */
#include "serve/reply_due.h"

#include <string.h>

/* The line of the asker `i` that is still at hand and stands, in this chat; else NULL. */
static const struct chat_line *
line_of(const struct queue *q, const struct question *item, size_t i, const char *source)
{
    const struct asker *a = &item->askers[i];
    const struct chat_line *line =
        a->mid == 0 || a->deleted ? NULL : queue_message(q, a->mid);

    return line == NULL || line->deleted || strcmp(line->source, source) != 0 ? NULL
                                                                              : line;
}

static const struct chat_line *
first_line(const struct queue *q, const struct question *item, const char *source)
{
    const struct chat_line *line = NULL;

    for (size_t i = 0; line == NULL && i < item->n_askers; i++)
        line = line_of(q, item, i, source);
    return line;
}

static bool
of_line(const struct queue *q, const struct news *n, const char *source,
        struct reply_due *out)
{
    const struct chat_line *line = n->mid == 0 ? NULL : queue_message(q, n->mid);
    const struct question *item = n->question;

    if (line == NULL || line->backlog || line->deleted ||
        strcmp(line->source, source) != 0)
        return false;
    *out =
        (struct reply_due){.kind = item->urgent != NULL ? REPLY_URGENT : REPLY_RECEIVED,
                           .reply_to = line->id};
    if (item->urgent != NULL)
        return true;
    if (item->abuse || item->spam)
        return false;
    return n->kind != NEWS_REPEAT || first_line(q, item, source) == line;
}

static bool
of_status(const struct queue *q, const struct question *item, const char *source,
          struct reply_due *out)
{
    const struct chat_line *line = first_line(q, item, source);

    out->reply_to = line == NULL ? NULL : line->id;
    if (line != NULL)
        return !line->backlog;
    /* A line that is no longer at hand is answered by the number alone. */
    return item->n_askers > 0 && item->askers[0].mid != 0 && !item->askers[0].deleted &&
           queue_message(q, item->askers[0].mid) == NULL && item->source != NULL &&
           strcmp(item->source, source) == 0;
}

bool
reply_due(const struct queue *q, const struct news *n, const char *source,
          struct reply_due *out)
{
    switch (n->kind) {
    case NEWS_QUESTION:
    case NEWS_URGENT:
    case NEWS_REPEAT:
        return of_line(q, n, source, out);
    case NEWS_ON_AIR:
        out->kind = REPLY_ON_AIR;
        break;
    case NEWS_ANSWERED:
        out->kind = REPLY_ANSWERED;
        break;
    case NEWS_FOLLOW_UP:
        out->kind = REPLY_WRITING;
        break;
    }
    return of_status(q, n->question, source, out);
}

bool
reply_is_true(enum reply_kind kind, const struct question *item)
{
    if (item == NULL || item->muted || item->deleted)
        return false;
    switch (kind) {
    case REPLY_RECEIVED:
        return item->status != STATUS_REJECTED;
    case REPLY_ON_AIR:
        return item->status == STATUS_ON_AIR;
    case REPLY_ANSWERED:
        return item->status == STATUS_ANSWERED;
    case REPLY_WRITING:
        return item->status == STATUS_FOLLOW_UP;
    case REPLY_URGENT:
    case REPLY_KINDS:
        break;
    }
    return true;
}

int64_t
reply_place(const struct queue *q, const struct question *item)
{
    if (item->broadcast == 0 || item->broadcast > queue_broadcasts(q))
        return -1;
    int64_t begun = queue_broadcast_at(q, item->broadcast - 1)->started_at_ms;
    int64_t at = item->aired_at_ms >= begun ? item->aired_at_ms : item->answered_at_ms;
    return begun != 0 && at >= begun ? at - begun : -1;
}
