/* SPDX-License-Identifier: Apache-2.0 */
/* retention.c - whose words may go.
 *
 * The law of retention is about text; the duty to answer is about a question. So a
 * question that is owed an answer in writing keeps its words, with those of the questions
 * that were merged into it and of every act on them, until somebody closes it. Who is
 * owed is not written anywhere but in the state, so the journal is replayed first; then
 * it is walked again, and each event says of which questions it speaks. */
#include "queue/retention.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/mem.h"
#include "queue/state.h"

struct walk {
    const struct queue *q;
    int64_t before_ms;
    struct retention_survey *survey;
};

static int
apply_one(void *arg, const struct event *ev)
{
    struct err e = ERR_INIT;
    return queue_apply(arg, ev, &e) < 0;
}

/* New. */
static struct queue *
replayed(struct journal *j, struct err *e)
{
    struct queue *q = queue_new(journal_key(j));
    int rc = journal_read(j, 0, apply_one, q, e);
    if (rc == 0)
        return q;
    if (rc > 0)
        (void)err_set(e, ERR_PARSE,
                      "the journal is damaged: run 'suraq verify' and restore a backup");
    queue_free(&q);
    return NULL;
}

static bool
is_owed(const struct queue *q, uint64_t n)
{
    const struct question *item = n == 0 ? NULL : queue_find(q, n);
    while (item != NULL && item->status == STATUS_MERGED && item->merged_into != item->n)
        item = queue_find(q, item->merged_into);
    return item != NULL && item->status == STATUS_FOLLOW_UP &&
           item->owed.state != OWED_CLOSED;
}

/* Undoing speaks of several. */
static bool
speaks_of_owed(const struct queue *q, const json_t *body)
{
    static const char *const names[] = {"n", "join", "into", "answered"};
    const json_t *items = json_object_get(body, "items");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is_owed(q, body_u64(body, names[i])))
            return true;
    for (size_t i = 0; i < json_array_size(items); i++)
        if (is_owed(q, body_u64(json_array_get(items, i), "n")))
            return true;
    return false;
}

static bool
must_stay(void *arg, const struct event *ev)
{
    json_t *body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    bool owed = speaks_of_owed(arg, body);
    json_decref(body);
    return owed;
}

/* --- the survey */

static struct retention_row *
row_of(struct retention_survey *s, const struct event *ev)
{
    for (size_t i = s->n_rows; i > 0; i--)
        if (s->rows[i - 1].broadcast == ev->broadcast)
            return &s->rows[i - 1];
    s->rows = mem_resize(s->rows, s->n_rows + 1, sizeof(*s->rows));
    struct retention_row *row = &s->rows[s->n_rows++];
    *row = (struct retention_row){.broadcast = ev->broadcast, .first_ms = ev->at_ms};
    return row;
}

static void
count(struct retention_row *row, const struct event *ev, const json_t *body)
{
    bool line = ev->kind == EVENT_MESSAGE;
    bool made = ev->kind == EVENT_CREATE || ev->kind == EVENT_ASK ||
                (line && body_u64(body, "n") != 0);
    row->lines += line;
    row->questions += made;
    row->acts += !line && !made;
}

static int
survey_one(void *arg, const struct event *ev)
{
    struct walk *w = arg;
    if (ev->body.len == 0 || ev->at_ms >= w->before_ms || !journal_may_erase(ev->kind))
        return 0;
    struct retention_row *row = row_of(w->survey, ev);
    json_t *body = json_loadb(ev->body.data, ev->body.len, 0, NULL);
    bool owed = speaks_of_owed(w->q, body);
    if (owed)
        row->held++;
    else
        count(row, ev, body);
    *(owed ? &w->survey->held : &w->survey->erasable) += 1;
    row->last_ms = ev->at_ms;
    json_decref(body);
    return 0;
}

int
retention_survey(struct journal *j, int64_t before_ms, struct retention_survey *out,
                 struct err *e)
{
    struct queue *q = replayed(j, e);
    struct walk w = {.q = q, .before_ms = before_ms, .survey = out};
    *out = (struct retention_survey){0};
    int rc = q == NULL ? -1 : journal_read(j, 0, survey_one, &w, e);
    if (rc < 0)
        retention_survey_fini(out);
    queue_free(&q);
    return rc;
}

void
retention_survey_fini(struct retention_survey *s)
{
    mem_free(s->rows);
    *s = (struct retention_survey){0};
}

int
retention_erase(struct journal *j, int64_t before_ms, uint64_t *erased, struct err *e)
{
    struct queue *q = replayed(j, e);
    *erased = 0;
    if (q == NULL)
        return -1;
    const struct journal_keep keep = {.fn = must_stay, .arg = q};
    int rc = journal_erase(j, before_ms, &keep, erased, e);
    queue_free(&q);
    return rc;
}
