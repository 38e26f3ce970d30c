/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c - translates between the server's questions and what this process is made of:
 * the roster (sources), the outward side (answers into chats, webhooks), the disk.
 * Nothing here has a state of its own. */
#include "command/answers.h"

#include <stdio.h>
#include <string.h>

#include "command/facts.h"
#include "command/filter_set.h"

enum {
    CALENDAR_DAYS = 30 /* ahead: a term of 15 working days and holidays */
};

/* --- health */

static int
is_ready(void *arg, struct err *e)
{
    const struct answers *a = arg;

    return a->failed ? err_set(e, ERR_IO, "the journal cannot be written") : 0;
}

/* Terms that end when nobody knows any more which days are off. */
static bool
is_calendar_old(const struct answers *a)
{
    int64_t today = workdays_day_of(clock_wall_ms(clock_system()));

    return !workdays_knows(a->calendar, today + CALENDAR_DAYS);
}

static size_t
warnings(void *arg, struct server_warning *out, size_t cap)
{
    const struct answers *a = arg;

    const struct {
        bool on;
        const char *code, *text;
    } all[] = {
        {a->disk_low, "disk",
         "The disk is nearly full: new chat messages wait until there is room."},
        {filter_set_is_behind(stream_rulebook(a->stream), stream_queue(a->stream)),
         "filters",
         "The files changed on the page Filters do not fit the filters on the disk and "
         "are not in force."},
        {is_calendar_old(a), "calendar",
         "The calendar of days off ends soon: terms of the register count weekends "
         "only."},
        {outward_fault(a->outward) != NULL, "webhook", outward_fault(a->outward)},
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && n < cap; i++) {
        if (!all[i].on)
            continue;
        out[n] = (struct server_warning){.code = all[i].code};
        (void)snprintf(out[n++].text, sizeof(out[0].text), "%s", all[i].text);
    }
    return n;
}

static void
metrics(void *arg, struct buf *out)
{
    const struct answers *a = arg;

    outward_write_metrics(a->outward, out);
}

static void
facts(void *arg, struct server_facts *out)
{
    const struct answers *a = arg;

    facts_read(a->settings, out);
    out->intake_closed = a->disk_low;
    out->webhook_fault = outward_fault(a->outward);
}

/* --- sources */

static size_t
sources_count(void *arg)
{
    const struct answers *a = arg;

    return roster_count(a->roster);
}

static bool
is_added(const struct answers *a, const char *name)
{
    for (size_t i = 0; i < a->settings->n_sources; i++) {
        if (strcmp(a->settings->sources[i].name, name) == 0)
            return false;
    }
    return true;
}

static void
sources_get(void *arg, size_t i, struct view_source *out)
{
    const struct answers *a = arg;
    struct source *s = roster_at(a->roster, i);

    *out = (struct view_source){
        .name = source_name(s),
        .kind = source_kind(s),
        .target = source_target(s),
        .enabled = source_is_enabled(s),
        .can_send = source_can_send(s),
        .added = is_added(a, source_name(s)),
    };
    source_status(s, &out->status);
    outward_replies(a->outward, out->name, &out->replies);
}

static int
sources_add(void *arg, const struct server_person *who,
            const struct server_source_wish *wish, struct server_source_made *made,
            struct err *e)
{
    const struct answers *a = arg;
    struct source_conf conf = {
        .kind = wish->kind,
        .name = wish->name,
        .url = wish->url,
        .target = wish->target,
        .speed = 1.0,
        .enabled = true,
    };
    struct roster_act act = {.actor = who->actor};
    struct source *s = roster_add(a->roster, &act, &conf, e);

    if (s == NULL)
        return -1;
    *made = (struct server_source_made){.name = source_name(s), .seq = act.seq};
    return 0;
}

static struct source *
find_source(const struct answers *a, const char *name, struct err *e)
{
    struct source *s = roster_find(a->roster, str_from(name));

    if (s == NULL)
        (void)err_set(e, ERR_MISSING, "there is no source '%s'", name);
    return s;
}

static int
sources_change(void *arg, const struct server_person *who,
               const struct server_source_change *change, struct server_source_made *made,
               struct err *e)
{
    const struct answers *a = arg;
    struct source *s = find_source(a, change->name, e);
    struct roster_act act = {.actor = who->actor};

    if (s == NULL)
        return -1;
    struct roster_wish wish = {
        .target = change->target,
        .enabled = change->enabled == NULL ? source_is_enabled(s) : *change->enabled,
    };
    int rc = roster_change(a->roster, &act, s, &wish, e);
    *made = (struct server_source_made){.name = source_name(s), .seq = act.seq};
    return rc;
}

static int
sources_send(void *arg, const char *name, struct str text, struct str reply_to,
             struct err *e)
{
    struct source *s = find_source(arg, name, e);

    return s == NULL ? -1 : source_send(s, text, reply_to, e);
}

static int
sources_push(void *arg, struct str name, const struct message *m, uint64_t *seq,
             struct err *e)
{
    const struct answers *a = arg;

    if (a->disk_low)
        return err_set(e, ERR_BAD_STATE, "the disk is nearly full: try again later");
    return stream_message(a->stream, name, m, seq, e);
}

static int
sources_hook(void *arg, struct str name, const struct source_hook *h, struct err *e)
{
    const struct answers *a = arg;
    struct source *s = roster_find(a->roster, name);

    if (s == NULL)
        return err_set(e, ERR_MISSING, "there is no such source");
    return source_hook(s, h, e);
}

static int
sources_feed(void *arg, bool on, struct err *e)
{
    const struct answers *a = arg;
    int rc = roster_feed(a->roster, a->settings->rehearsal_chat, on, e);

    server_changed(a->server);
    return rc;
}

void
answers_connect(struct answers *a, struct server_conf *conf)
{
    conf->sources = (struct server_sources){.count = sources_count,
                                            .get = sources_get,
                                            .add = sources_add,
                                            .change = sources_change,
                                            .send = sources_send,
                                            .push = sources_push,
                                            .hook = sources_hook,
                                            .feed = sources_feed,
                                            .arg = a};
    conf->health = (struct server_health){.ready = is_ready,
                                          .warnings = warnings,
                                          .metrics = metrics,
                                          .facts = facts,
                                          .arg = a};
}
