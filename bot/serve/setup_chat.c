/* SPDX-License-Identifier: Apache-2.0 */
/* setup_chat.c - the part of the checklist that is about talking: the chats that are
 * read and written to, who is told, which pages are open and who is at them. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/map.h"
#include "serve/setup_list.h"

enum {
    PAGE_LOST_MS = 10000, /* a page says that it is here every two seconds */
    QUOTA_LOW = 80        /* per cent */
};

/* --- sources */

static enum setup_level
level_of(enum source_state state)
{
    switch (state) {
    case SOURCE_LIVE:
        return SETUP_OK;
    case SOURCE_REFUSED:
        return SETUP_FAIL;
    case SOURCE_OFF:
    case SOURCE_CONNECTING:
    case SOURCE_QUIET:
    case SOURCE_DEGRADED:
    case SOURCE_ENDED:
        break;
    }
    return SETUP_WARN;
}

static void
check_source(struct setup_list *l, const struct view_source *s)
{
    char code[32];

    setup_begin(l, "source", s->name);
    setup_text(l, "kind", s->kind);
    setup_text(l, "reason_code", s->status.code);
    setup_text(l, "reason", s->status.reason);
    setup_age(l, s->status.last_message_ms);
    setup_number(l, "per_minute", (uint64_t)(s->status.per_minute + 0.5));
    (void)snprintf(code, sizeof(code), "source.%s", source_state_name(s->status.state));
    setup_end(l, level_of(s->status.state), code);
}

static void
check_quota(struct setup_list *l, const struct view_source *s)
{
    int64_t used = s->status.quota_used, of = s->status.quota_of;

    if (of <= 0)
        return;
    setup_begin(l, "quota", s->name);
    setup_number(l, "left", used < of ? (uint64_t)(of - used) : 0);
    setup_number(l, "of", (uint64_t)of);
    if (used >= of)
        setup_end(l, SETUP_FAIL, "quota.spent");
    else if (used * 100 >= of * QUOTA_LOW)
        setup_end(l, SETUP_WARN, "quota.low");
    else
        setup_end(l, SETUP_OK, "quota.enough");
}

static void
check_replies(struct setup_list *l, const struct view_source *s)
{
    const char *state = s->replies.state == NULL ? "off" : s->replies.state;

    if (strcmp(state, "off") == 0)
        return;
    bool stopped = strcmp(state, "stopped") == 0;
    setup_begin(l, "replies", s->name);
    setup_text(l, "reason", s->replies.reason);
    setup_number(l, "waiting", s->replies.waiting);
    setup_end(l, stopped ? SETUP_WARN : SETUP_OK,
              stopped ? "replies.stopped" : "replies.on");
}

static void
check_sources(struct setup_list *l)
{
    const struct server_sources *s = &l->front->conf.sources;
    size_t n = s->count == NULL ? 0 : s->count(s->arg);

    if (n == 0) {
        setup_begin(l, "source", NULL);
        setup_end(l, SETUP_FAIL, "source.none");
    }
    for (size_t i = 0; i < n; i++) {
        struct view_source one = {.name = NULL};
        s->get(s->arg, i, &one);
        check_source(l, &one);
        check_quota(l, &one);
        check_replies(l, &one);
    }
}

static void
check_webhooks(struct setup_list *l)
{
    setup_begin(l, "webhooks", NULL);
    setup_number(l, "count", l->facts.webhooks);
    setup_text(l, "fault", l->facts.webhook_fault);
    if (l->facts.webhooks == 0)
        setup_end(l, SETUP_OK, "webhooks.none");
    else if (l->facts.webhook_fault != NULL)
        setup_end(l, SETUP_WARN, "webhooks.fault");
    else
        setup_end(l, SETUP_OK, "webhooks.on");
}

/* --- pages and people */

static void
check_page(struct setup_list *l, const char *id, int64_t seen_ms, enum setup_level absent)
{
    char code[32];
    bool lost = l->now_ms - seen_ms > PAGE_LOST_MS;

    setup_begin(l, id, NULL);
    setup_age(l, seen_ms);
    (void)snprintf(code, sizeof(code), "%s.%s", id,
                   seen_ms == 0 ? "never"
                   : lost       ? "lost"
                                : "seen");
    setup_end(l, lost ? absent : SETUP_OK, code);
}

/* One person in two windows is one person. */
static void
check_people(struct setup_list *l)
{
    static const struct map_key key = {{0}};
    struct buf text = BUF_INIT;
    struct map *known = map_new();

    live_people(l->front->live, &text);
    json_t *people = json_loadb(text.data, text.len, 0, NULL);
    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *one = json_array_get(people, i);
        const char *role = json_string_value(json_object_get(one, "role"));
        const char *user = json_string_value(json_object_get(one, "user"));
        bool staff = role != NULL && user != NULL &&
                     (strcmp(role, "admin") == 0 || strcmp(role, "moderator") == 0);
        if (staff)
            map_put(known, map_hash(&key, STR_NONE, str_from(user)), 1);
    }
    size_t n = map_count(known);
    setup_begin(l, "people", NULL);
    setup_number(l, "count", n);
    setup_end(l, n == 0 ? SETUP_WARN : SETUP_OK,
              n == 0   ? "people.none"
              : n == 1 ? "people.alone"
                       : "people.here");
    json_decref(people);
    map_free(&known);
    buf_fini(&text);
}

static void
check_rehearsal(struct setup_list *l)
{
    struct stream *s = l->front->conf.stream;
    const struct queue *q = stream_queue(s);
    bool on = queue_rehearses(q), erasing = journal_is_erasing(stream_journal(s));

    setup_begin(l, "rehearsal", NULL);
    setup_age(l, on ? queue_broadcast(q)->started_at_ms : 0);
    setup_end(l, on || erasing ? SETUP_WARN : SETUP_OK,
              on        ? "rehearsal.on"
              : erasing ? "rehearsal.erasing"
                        : "rehearsal.none");
}

void
setup_chat(struct setup_list *l)
{
    check_rehearsal(l);
    check_sources(l);
    check_webhooks(l);
    check_page(l, "overlay", live_overlay_seen(l->front->live), SETUP_FAIL);
    check_page(l, "officer", live_officer_seen(l->front->live), SETUP_WARN);
    check_people(l);
}
