/* SPDX-License-Identifier: Apache-2.0 */
/* act_apply.c - what a decided act changes. Every act first saves how the questions were,
 * so that it can be undone, then changes status, line and fields, then counts the
 * version. */
#include "base/mem.h"
#include "queue/state.h"

/* Whatever takes a question off the air clears the overlay that shows it. */
void
act_apply_air_lost(struct queue *q, struct question *item)
{
    if (q->on_air == item->n)
        q->on_air = 0;
    if (q->overlay == item->n) {
        q->overlay = 0;
        q->touched.overlay = true;
    }
}

/* Changes the status; the line and the air follow from it. `at`: place in the line. */
static void
set_status(struct queue *q, struct question *item, enum status to, size_t at, int64_t now)
{
    if (item->status == STATUS_ON_AIR && to != STATUS_ON_AIR)
        act_apply_air_lost(q, item);
    if (to != STATUS_QUEUED)
        state_line_remove(q, item);
    else
        state_line_insert(q, item, at);
    if (to == STATUS_QUEUED && item->status != STATUS_QUEUED)
        item->queued_at_ms = now;
    if (to == STATUS_ON_AIR) {
        q->on_air = item->n;
        item->aired_at_ms = now;
    }
    if (to == STATUS_ANSWERED)
        item->answered_at_ms = now;
    item->status = to;
}

/* "user:aigul" -> "aigul". */
static const char *
person(const struct event *ev)
{
    const char *colon = strchr(ev->actor, ':');

    return colon == NULL ? ev->actor : colon + 1;
}

/* `item` may be NULL, erased: the one before is answered all the same. */
static void
apply_air(struct queue *q, struct question *item, const struct event *ev,
          const json_t *body)
{
    struct question *before = state_known(q, body_u64(body, "answered"));

    if (before != NULL) {
        set_status(q, before, STATUS_ANSWERED, 0, ev->at_ms);
        state_acted(q, before, ev);
    }
    if (item != NULL)
        set_status(q, item, STATUS_ON_AIR, 0, ev->at_ms);
}

void
act_recount(const struct queue *q, struct question *into)
{
    struct map *authors = map_new();
    uint64_t unkept = 0;

    for (size_t i = 0; i < q->n_questions; i++) {
        const struct question *item = q->questions[i];
        if (item != into &&
            !(item->status == STATUS_MERGED && item->merged_into == into->n))
            continue;
        for (size_t a = 0; a < item->n_askers; a++)
            map_put(authors, item->askers[a].author, 1);
        unkept += item->unkept;
    }
    into->count = map_count(authors) + unkept;
    map_free(&authors);
}

static void
apply_merge(struct queue *q, struct question *item, const struct event *ev,
            const json_t *body)
{
    struct question *into = state_known(q, body_u64(body, "into"));

    item->merged_from = item->status;
    item->merged_into = body_u64(body, "into"); /* also of one that was erased */
    set_status(q, item, STATUS_MERGED, 0, ev->at_ms);
    if (into == NULL)
        return;
    act_recount(q, into);
    state_acted(q, into, ev);
}

static void
apply_split(struct queue *q, struct question *item, const struct event *ev)
{
    struct question *into = state_known(q, item->merged_into);

    item->merged_into = 0;
    set_status(q, item, item->merged_from == STATUS_QUEUED ? STATUS_QUEUED : STATUS_NEW,
               SIZE_MAX, ev->at_ms);
    if (into == NULL)
        return;
    act_recount(q, into);
    state_acted(q, into, ev);
}

static void
apply_edit(struct question *item, const json_t *body)
{
    static const char *const names[LANG_TEXTS] = {"kk", "ru", "en"};
    const json_t *texts = json_object_get(body, "texts");

    for (int i = 0; i < LANG_TEXTS; i++) {
        const char *text = body_text(texts, names[i]);
        if (text != NULL)
            state_set_text(&item->text[i], text[0] == '\0' ? NULL : text);
    }
    item->edited = true;
}

static void
apply_take(struct question *item, const struct event *ev)
{
    state_set_text(&item->taken_by, person(ev));
    item->taken_at_ms = ev->at_ms;
}

static void
apply_status_act(struct queue *q, struct question *item, const struct event *ev,
                 const json_t *body)
{
    int64_t now = ev->at_ms;
    bool in_register = (ev->kind >= EVENT_FORWARD && ev->kind <= EVENT_APPEAL) ||
                       (ev->kind == EVENT_REOPEN && item->status == STATUS_FOLLOW_UP);

    if (in_register) {
        owed_apply(item, ev, body);
    } else if (ev->kind == EVENT_APPROVE || ev->kind == EVENT_LATER) {
        set_status(q, item, STATUS_QUEUED, SIZE_MAX, now);
    } else if (ev->kind == EVENT_STOP || ev->kind == EVENT_REOPEN) {
        set_status(q, item, STATUS_QUEUED, 0, now);
    } else if (ev->kind == EVENT_REJECT) {
        set_status(q, item, STATUS_REJECTED, 0, now);
        state_set_text(&item->reason, body_text(body, "reason"));
    } else if (ev->kind == EVENT_ANSWER) {
        set_status(q, item, STATUS_ANSWERED, 0, now);
        state_set_text(&item->answer_note, body_text(body, "note"));
    } else if (ev->kind == EVENT_FOLLOW_UP) {
        set_status(q, item, STATUS_FOLLOW_UP, 0, now);
        state_set_text(&item->unit, body_text(body, "unit"));
        owed_begin(item, ev, body);
    } else if (ev->kind == EVENT_RESTORE) {
        set_status(q, item, STATUS_NEW, 0, now);
        state_set_text(&item->reason, NULL);
    }
}

static void
apply_field_act(struct queue *q, struct question *item, const struct event *ev,
                const json_t *body)
{
    if (ev->kind == EVENT_EDIT)
        apply_edit(item, body);
    else if (ev->kind == EVENT_TOPIC)
        state_set_topics(item, json_object_get(body, "topics"));
    else if (ev->kind == EVENT_PIN)
        item->pinned = body_bool(body, "pinned");
    else if (ev->kind == EVENT_MOVE)
        state_line_insert(q, item, body_u64(body, "position"));
    else if (ev->kind == EVENT_CLAIM) {
        state_set_text(&item->claimed_by, person(ev));
        item->claimed_at_ms = ev->at_ms;
    } else if (ev->kind == EVENT_RELEASE) {
        state_set_text(&item->claimed_by, NULL);
    } else if (ev->kind == EVENT_NOTE) {
        const char *text = body_text(body, "note");
        state_set_text(&item->note, text == NULL || text[0] == '\0' ? NULL : text);
        item->note_acked = false;
    } else if (ev->kind == EVENT_ACK) {
        item->note_acked = true;
    } else if (ev->kind == EVENT_TAKE) {
        apply_take(item, ev);
    }
}

void
act_apply(struct queue *q, const struct event *ev, const json_t *body)
{
    struct question *item = state_known(q, body_u64(body, "n"));
    uint64_t n[] = {body_u64(body, "n"), body_u64(body, "answered"),
                    body_u64(body, "into")};

    if (item == NULL && ev->kind == EVENT_AIR) {
        undo_save(q, ev, n, sizeof(n) / sizeof(n[0]));
        apply_air(q, NULL, ev, body);
    }
    if (item == NULL)
        return; /* erased */
    if (ev->kind == EVENT_SPLIT)
        n[2] = item->merged_into;
    if (ev->kind == EVENT_REVEAL) {
        state_note_act(item, ev);
        state_touch(q, item->n);
        return; /* journalled, that is all */
    }
    undo_save(q, ev, n, sizeof(n) / sizeof(n[0]));
    if (ev->kind == EVENT_AIR)
        apply_air(q, item, ev, body);
    else if (ev->kind == EVENT_MERGE)
        apply_merge(q, item, ev, body);
    else if (ev->kind == EVENT_SPLIT)
        apply_split(q, item, ev);
    else
        apply_status_act(q, item, ev, body);
    apply_field_act(q, item, ev, body);
    state_acted(q, item, ev);
}
