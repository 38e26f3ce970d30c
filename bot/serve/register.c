/* SPDX-License-Identifier: Apache-2.0 */
/* register.c - the list of what is owed.
 *
 * One walk over all questions: those that are owed are few, and the rest costs a look at
 * a status. They are sorted as a whole, because what presses is not what is newest. The
 * clock runs while a question is open: what was sent on is somebody else's term. */
#include "serve/register.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
register_clock(const struct question *item, const struct workdays_terms *terms,
               int64_t today, struct register_clock *out)
{
    const struct workdays *calendar = terms == NULL ? NULL : terms->calendar;
    struct err e = ERR_INIT;
    int64_t due = 0;

    *out = (struct register_clock){.level = WORKDAYS_NONE};
    if (item->owed.state != OWED_OPEN || item->due == NULL ||
        workdays_day(str_from(item->due), &due, &e) < 0)
        return;
    out->runs = true;
    out->left = workdays_left(calendar, today, due);
    out->level = workdays_level(out->left);
    out->known = workdays_knows(calendar, due);
}

static bool
has_topic(const struct question *item, struct str topic)
{
    for (size_t i = 0; i < item->n_topics; i++) {
        if (str_eq(str_from(item->topics[i]), topic))
            return true;
    }
    return item->n_topics == 0 && str_eq(topic, STR_LIT("other"));
}

static bool
is_found(const struct register_wish *w, const struct question *item)
{
    bool found = search_is_empty(&w->search);

    for (int i = 0; i < LANG_TEXTS; i++)
        found = found || search_matches(&w->search, item->text[i]);
    if (item->n_askers > 0)
        found = found || search_matches(&w->search, item->askers[0].name);
    if (w->originals)
        found = found || search_matches(&w->search, item->original) ||
                search_matches(&w->search, item->owed.written);
    return found || search_matches(&w->search, item->owed.to);
}

static bool
is_of_unit(const struct question *item, struct str unit)
{
    if (unit.len == 0)
        return true;
    if (str_eq(unit, STR_LIT("-")))
        return item->unit == NULL || item->unit[0] == '\0';
    return str_eq(str_from(item->unit), unit);
}

static bool
is_wanted(const struct register_wish *w, const struct question *item,
          const struct register_clock *c)
{
    if (w->states != 0 && (w->states & (1u << item->owed.state)) == 0)
        return false;
    if (w->broadcast != 0 && item->broadcast != w->broadcast)
        return false;
    if (c->level < w->late || (w->appeal && !item->owed.appeal))
        return false;
    if (w->topic.len > 0 && !has_topic(item, buf_str(&w->topic)))
        return false;
    return is_of_unit(item, buf_str(&w->unit)) && is_found(w, item);
}

static int
by_urgency(const void *a, const void *b)
{
    const struct question *x = *(const struct question *const *)a,
                          *y = *(const struct question *const *)b;
    int order = 0;

    if (x->owed.state != y->owed.state)
        return x->owed.state < y->owed.state ? -1 : 1;
    if (x->owed.state != OWED_OPEN && x->owed.settled_ms != y->owed.settled_ms)
        return x->owed.settled_ms > y->owed.settled_ms ? -1 : 1;
    if (x->owed.state == OWED_OPEN)
        order = strcmp(x->due == NULL ? "~" : x->due, y->due == NULL ? "~" : y->due);
    return order != 0 ? order : x->n < y->n ? -1 : x->n > y->n;
}

void
register_list(const struct queue *q, const struct workdays_terms *terms, int64_t today,
              const struct register_wish *wish, struct register_list *out)
{
    *out = (struct register_list){.items = NULL};
    for (size_t i = 0; i < queue_count(q); i++) {
        const struct question *item = queue_at(q, i);
        struct register_clock c;
        if (item->status != STATUS_FOLLOW_UP)
            continue;
        register_clock(item, terms, today, &c);
        out->counts.state[item->owed.state]++;
        out->counts.amber += c.runs && c.level == WORKDAYS_AMBER;
        out->counts.red += c.runs && c.level == WORKDAYS_RED;
        if (!is_wanted(wish, item, &c))
            continue;
        if ((out->n & (out->n + 1)) == 0)
            out->items =
                mem_resize(out->items, 2 * out->n + 2, sizeof(struct question *));
        out->items[out->n++] = item;
    }
    if (out->n > 0)
        qsort(out->items, out->n, sizeof(struct question *), by_urgency);
}

void
register_list_fini(struct register_list *l)
{
    mem_free(l->items);
    l->items = NULL;
    l->n = 0;
}

/* A channel stays what it is; a video is the one of the broadcast that has it now. */
bool
register_link(const char *kind, const char *target, bool current, struct buf *out)
{
    static const struct {
        const char *kind, *front;
    } channels[] = {
        {"twitch", "https://www.twitch.tv/"},
        {"kick", "https://kick.com/"},
        {"vklive", "https://live.vkvideo.ru/"},
        {"telegram", "https://t.me/"},
    };

    if (target == NULL || target[0] == '\0')
        return false;
    if (strncmp(target, "https://", 8) == 0) {
        if (current)
            buf_add_cstr(out, target);
        return current;
    }
    if (current && strcmp(kind, "youtube") == 0 && strlen(target) == 11) {
        buf_addf(out, "https://www.youtube.com/watch?v=%s", target);
        return true;
    }
    target += target[0] == '@' || target[0] == '#';
    for (const char *p = target; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '_';
        if (!plain)
            return false;
    }
    for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
        if (strcmp(kind, channels[i].kind) != 0)
            continue;
        buf_addf(out, "%s%s", channels[i].front, target);
        return true;
    }
    return false;
}
