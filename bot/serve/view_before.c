/* SPDX-License-Identifier: Apache-2.0 */
/* view_before.c - what was answered already, shown with a question that may ask for the
 * same: decided when it came, told only while the other one still counts as answered. */
#include "serve/view.h"

#include <inttypes.h>

static int64_t
start_of(const struct queue *queue, uint64_t broadcast)
{
    for (size_t i = queue_broadcasts(queue); i-- > 0;) {
        const struct broadcast *b = queue_broadcast_at(queue, i);
        if (b->id == broadcast)
            return b->started_at_ms;
    }
    return 0;
}

/* An answered question, by what one would say of it: when, and what. */
static void
add_heard(const struct queue *queue, const struct question *q, struct buf *out)
{
    int64_t start = start_of(queue, q->broadcast);
    int64_t at = q->aired_at_ms != 0 ? q->aired_at_ms : q->answered_at_ms;

    buf_addf(out, "{\"n\":%" PRIu64 ",\"no\":%" PRIu64 ",\"broadcast\":%" PRIu64, q->n,
             q->no, q->broadcast);
    buf_add_cstr(out, ",\"answered_at\":");
    view_time(q->answered_at_ms, out);
    buf_add_cstr(out, ",\"second\":"); /* of its broadcast */
    if (start == 0 || at < start)
        buf_add_cstr(out, "null");
    else
        buf_add_u64(out, (uint64_t)(at - start) / 1000);
    buf_add_cstr(out, ",\"text\":");
    view_texts(q, out);
    buf_add_cstr(out, ",\"answer_note\":");
    view_text(q->answer_note, out);
}

void
view_before(const struct queue *q, const struct question *question, struct buf *out)
{
    const struct question *heard = queue_find(q, question->heard);
    const char *comma = "";

    buf_add_cstr(out, ",\"before\":[");
    for (size_t i = 0; i < question->n_before; i++) {
        const struct question *one = queue_find(q, question->before[i].n);
        if (one == NULL || one->status != STATUS_ANSWERED)
            continue;
        buf_add_cstr(out, comma);
        add_heard(q, one, out);
        buf_addf(out, ",\"similarity\":%u.%02u}", question->before[i].hundredths / 100,
                 question->before[i].hundredths % 100);
        comma = ",";
    }
    buf_add_cstr(out, "],\"heard\":");
    if (heard == NULL || heard->status != STATUS_ANSWERED) {
        buf_add_cstr(out, "null");
        return;
    }
    add_heard(q, heard, out);
    buf_add_char(out, '}');
}
