/* SPDX-License-Identifier: Apache-2.0 */
/* undo.c - going back by one act. Before an act changes questions, what it may change of
 * them is written down; an undo event carries that text, so replaying it needs no record.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "queue/state.h"

static const char *const lang_names[LANG_TEXTS] = {"kk", "ru", "en"};

static void
add_text(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, ",\"%s\":", name);
    if (text == NULL)
        buf_add_cstr(b, "null");
    else
        buf_add_json(b, str_from(text));
}

static void
write_item(const struct queue *q, const struct question *item, struct buf *b)
{
    size_t at = queue_position(q, item->n);

    buf_addf(
        b, "{\"n\":%llu,\"status\":\"%s\",\"position\":%lld,\"pinned\":%s,\"edited\":%s",
        (unsigned long long)item->n, status_name(item->status),
        at == SIZE_MAX ? -1LL : (long long)at, item->pinned ? "true" : "false",
        item->edited ? "true" : "false");
    for (int i = 0; i < LANG_TEXTS; i++)
        add_text(b, lang_names[i], item->text[i]);
    add_text(b, "claimed_by", item->claimed_by);
    add_text(b, "note", item->note);
    add_text(b, "answer_note", item->answer_note);
    add_text(b, "reason", item->reason);
    add_text(b, "unit", item->unit);
    add_text(b, "due", item->due);
    add_text(b, "taken_by", item->taken_by);
    buf_addf(b,
             ",\"note_acked\":%s,\"merged_into\":%llu,\"deleted\":%s,\"queued_at\":%lld,"
             "\"aired_at\":%lld,\"answered_at\":%lld,\"claimed_at\":%lld,"
             "\"taken_at\":%lld,\"overlay\":%s,\"topics\":[",
             item->note_acked ? "true" : "false", (unsigned long long)item->merged_into,
             item->deleted ? "true" : "false", (long long)item->queued_at_ms,
             (long long)item->aired_at_ms, (long long)item->answered_at_ms,
             (long long)item->claimed_at_ms, (long long)item->taken_at_ms,
             q->overlay == item->n ? "true" : "false");
    for (size_t i = 0; i < item->n_topics; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        buf_add_json(b, str_from(item->topics[i]));
    }
    buf_add_cstr(b, "],\"owed\":");
    owed_write(&item->owed, b);
    buf_add_char(b, '}');
}

void
undo_save(struct queue *q, const struct event *ev, const uint64_t *n, size_t n_len)
{
    struct undo_record *r = &q->undo[q->undo_next];
    struct buf b = BUF_INIT;

    q->undo_next = (q->undo_next + 1) % UNDO_RECORDS;
    buf_add_char(&b, '[');
    for (size_t i = 0; i < n_len; i++) {
        const struct question *item = state_known(q, n[i]);
        if (item == NULL)
            continue;
        if (b.len > 1)
            buf_add_char(&b, ',');
        write_item(q, item, &b);
    }
    buf_add_char(&b, ']');
    mem_free(r->items);
    state_set_text(&r->actor, ev->actor);
    r->seq = ev->seq;
    r->items = buf_steal(&b);
}

const struct undo_record *
undo_find(const struct queue *q, uint64_t seq)
{
    for (size_t i = 0; i < UNDO_RECORDS; i++) {
        if (seq != 0 && q->undo[i].seq == seq)
            return &q->undo[i];
    }
    return NULL;
}

static void
restore_fields(struct question *item, const json_t *o)
{
    struct {
        char **field;
        const char *name;
    } texts[] = {
        {&item->claimed_by, "claimed_by"},
        {&item->note, "note"},
        {&item->answer_note, "answer_note"},
        {&item->reason, "reason"},
        {&item->unit, "unit"},
        {&item->due, "due"},
        {&item->taken_by, "taken_by"},
        {&item->text[0], "kk"},
        {&item->text[1], "ru"},
        {&item->text[2], "en"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        state_set_text(texts[i].field, body_text(o, texts[i].name));
    state_set_topics(item, json_object_get(o, "topics"));
    owed_restore(&item->owed, json_object_get(o, "owed"));
    item->pinned = body_bool(o, "pinned");
    item->edited = body_bool(o, "edited");
    item->note_acked = body_bool(o, "note_acked");
    item->merged_into = body_u64(o, "merged_into");
    item->queued_at_ms = (int64_t)body_u64(o, "queued_at");
    item->aired_at_ms = (int64_t)body_u64(o, "aired_at");
    item->answered_at_ms = (int64_t)body_u64(o, "answered_at");
    item->claimed_at_ms = (int64_t)body_u64(o, "claimed_at");
    item->taken_at_ms = (int64_t)body_u64(o, "taken_at");
}

static void
restore_status(struct queue *q, struct question *item, const json_t *o)
{
    const char *name = body_text(o, "status");
    int64_t at = json_integer_value(json_object_get(o, "position"));
    enum status status = item->status;
    struct err e = ERR_INIT;

    if (name == NULL || status_from_name(str_from(name), &status, &e) < 0)
        return;
    if (item->status == STATUS_ON_AIR && status != STATUS_ON_AIR)
        act_apply_air_lost(q, item);
    state_line_remove(q, item);
    if (status == STATUS_QUEUED)
        state_line_insert(q, item, at < 0 ? SIZE_MAX : (size_t)at);
    if (status == STATUS_ON_AIR)
        q->on_air = item->n;
    if (status == STATUS_ON_AIR && body_bool(o, "overlay")) {
        q->overlay = item->n;
        q->touched.overlay = true;
    }
    item->status = status;
}

void
undo_restore(struct queue *q, const struct event *ev, const json_t *body)
{
    const json_t *items = json_object_get(body, "items");

    /* What leaves the air or the line goes first, so that places fit those who come back.
     */
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct question *item = state_known(q, body_u64(json_array_get(items, i), "n"));
        if (item == NULL)
            continue;
        if (item->status == STATUS_ON_AIR)
            act_apply_air_lost(q, item);
        state_line_remove(q, item);
    }
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *o = json_array_get(items, i);
        struct question *item = state_known(q, body_u64(o, "n"));
        if (item == NULL)
            continue;
        restore_status(q, item, o);
        restore_fields(item, o);
        state_acted(q, item, ev);
    }
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct question *item = state_known(q, body_u64(json_array_get(items, i), "n"));
        if (item != NULL)
            act_recount(q, item); /* of all who asked meanwhile, too */
    }
}
