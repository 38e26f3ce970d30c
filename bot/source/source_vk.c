/* SPDX-License-Identifier: Apache-2.0 */
/* source_vk.c - reading the comments of a VK community by its Bots Long Poll.
 *
 * Does the community send these events at all (a box that people forget), who runs it,
 * where is the long poll, what was said before we came; then polls for ever. The server
 * of the poll keeps events for a while: where to go on is kept across a lost connection,
 * and is moved only when what came has been handed on. Comments carry no names. An answer
 * with unknown people waits for one look-up of two seconds, and no longer: then they are
 * "id123", and look-ups rest for a while. Where the token may read pages of comments,
 * which a community's own may not, they are read first (as backlog) and then every half
 * minute beside the poll: whether every kind of broadcast sends events is not documented.
 */
#include "source/source_vk.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "source/json.h"
#include "source/token.h"

#define API "https://api.vk.com"

enum {
    HOLD_S = 25, /* the server answers an empty poll after it */
    NO_NAMES_MS = 30000,
    BREATH_MS = 20, /* between two polls */
    PAGES = 10,     /* of a hundred comments, back from now */
    CATCH_UP_MS = 30000,
    OVERLAP_MS = 5000,
    FAILED_MOST = 5
};

/* Did the adapter's start get as far as this answer, and no failure since? */
static bool
goes_on(const struct source *s)
{
    return s->status.state != SOURCE_REFUSED && s->status.next_try_ms == 0;
}

/* --- the long poll */

static void poll_on(struct source *s);
static void ask_server(struct source *s);
static void catch_up(struct source *s);

static void
take(void *arg, const struct message *m)
{
    struct source *s = arg;
    struct vk *v = s->own;
    if (m->at_ms > v->newest_ms && m->at_ms <= clock_wall_ms(s->clock) + OVERLAP_MS)
        v->newest_ms = m->at_ms; /* never ahead of what is still to come */
    source_put(s, m);
}

static struct vk_view
view_of(struct vk *v)
{
    return (struct vk_view){.target = v->target,
                            .group = v->group,
                            .people = v->people,
                            .versions = v->versions};
}

static void
set(struct buf *b, struct str value)
{
    buf_reset(b);
    buf_add_str(b, value);
}

static void
go_on(struct source *s)
{
    struct vk *v = s->own;
    bool due = clock_mono_ms(s->clock) >= v->catch_up_at;
    bool pages = v->target.place != VK_ANY && !v->no_pages;
    source_http_later(&v->http, BREATH_MS, pages && due ? catch_up : poll_on);
}

/* What was held, to the sink. */
static void
hand_on(struct source *s)
{
    struct vk *v = s->own;
    struct vk_view view = view_of(v);
    struct message_taker to = {.take = take, .arg = s};
    (void)vk_read_updates(v->held.updates, &view, to);
    set(&v->ts, buf_str(&v->held.ts));
    source_keep_place(s, "%lld %s", (long long)v->group, v->ts.data);
    vk_poll_fini(&v->held);
    go_on(s);
}

static void
names_came(struct source *s, const struct fetch_answer *a, bool communities)
{
    struct vk *v = s->own;
    struct buf words = BUF_INIT;
    json_t *o = a->status == 200
                    ? json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, NULL)
                    : NULL;
    bool answered = o != NULL && vk_fault_of(o, &words) == VK_FINE;
    const json_t *list = json_object_get(o, "response");
    if (communities)
        vk_people_learn_communities(
            v->people, json_is_array(list) ? list : json_object_get(list, "groups"));
    else
        vk_people_learn_users(v->people, list);
    vk_people_settle(v->people, communities, answered);
    if (!answered)
        v->no_names_until = clock_mono_ms(s->clock) + NO_NAMES_MS;
    json_decref(o);
    buf_fini(&words);
    if (--v->looking == 0)
        hand_on(s);
}

static void
users_came(struct source *s, const struct fetch_answer *a)
{
    names_came(s, a, false);
}

static void
communities_came(struct source *s, const struct fetch_answer *a)
{
    names_came(s, a, true);
}

static void
look_up(struct source *s, bool communities)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT, ids = BUF_INIT;
    struct source_http *h = communities ? &v->communities : &v->users;
    if (vk_people_needed(v->people, communities, &ids)) {
        v->looking++;
        token_add_field(&form, communities ? "group_ids" : "user_ids", buf_str(&ids));
        source_vk_call(h, communities ? "groups.getById" : "users.get", &form,
                       s->timing.look_up, communities ? communities_came : users_came);
    }
    buf_fini(&ids);
}

static void
updates_came(struct source *s)
{
    struct vk *v = s->own;
    struct vk_view view = view_of(v);
    v->looking = 0;
    if (clock_mono_ms(s->clock) >= v->no_names_until) {
        vk_note_authors(v->held.updates, &view);
        look_up(s, false);
        if (goes_on(s))
            look_up(s, true);
    }
    if (v->looking == 0)
        hand_on(s);
}

/* The server says that it cannot go on from where we were. */
static void
poll_failed(struct source *s)
{
    struct vk *v = s->own;
    int64_t failed = v->held.failed;
    if (++v->failed > FAILED_MOST) {
        v->failed = 0;
        buf_reset(&v->ts);
        source_lost(s, "closed", "the long poll begins anew again and again");
        return;
    }
    if (failed == 1)
        set(&v->ts, buf_str(&v->held.ts));
    else if (failed != 2)
        buf_reset(&v->ts);
    vk_poll_fini(&v->held);
    if (failed != 2) { /* some history is lost: pages of comments have it */
        log_warn("source", "%s: the long poll lost some history", s->name);
        v->catch_up_at = 0;
    }
    if (failed == 1 && v->ts.len > 0)
        go_on(s);
    else
        source_http_later(&v->http, s->timing.call_gap, ask_server);
}

static void
poll_came(struct source *s, const struct fetch_answer *a)
{
    struct vk *v = s->own;
    struct err e = ERR_INIT;
    bool gone = a->status >= 400 && a->status < 500 && a->status != 429;
    if (gone) {
        source_lost(s, "closed", "the long poll's server does not know us (HTTP %d)",
                    a->status);
        return;
    }
    if (!source_http_is_ok(s, a, STR_NONE))
        return;
    if (vk_read_poll(a->body, &v->held, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        return;
    }
    if (v->held.failed != 0) {
        poll_failed(s);
        return;
    }
    v->failed = 0;
    updates_came(s);
}

static void
poll_on(struct source *s)
{
    struct vk *v = s->own;
    struct buf url = BUF_INIT;
    buf_add_str(&url, buf_str(&v->server));
    fetch_add_query(&url, "act", STR_LIT("a_check"));
    fetch_add_query(&url, "key", buf_str(&v->key));
    fetch_add_query(&url, "ts", buf_str(&v->ts));
    buf_addf(&url, "&wait=%d", HOLD_S);
    struct source_ask ask = {.url = url.data, .total_ms = (HOLD_S + 15) * 1000};
    source_http_ask(&v->http, &ask, poll_came);
    explicit_bzero(url.data, url.cap);
    buf_fini(&url);
}

/* --- pages of comments */

static void
pages_end(struct source *s)
{
    struct vk *v = s->own;
    struct vk_view view = view_of(v);
    struct message_taker to = {.take = take, .arg = s};
    view.backlog = !v->caught_up;
    for (size_t i = json_array_size(v->pages); i-- > 0;) {
        vk_learn_from_page(json_array_get(v->pages, i), v->people);
        (void)vk_read_page(json_array_get(v->pages, i), &view, to);
    }
    json_decref(v->pages);
    v->pages = NULL;
    v->caught_up = true;
    v->catch_up_at = clock_mono_ms(s->clock) + CATCH_UP_MS;
    source_http_later(&v->http, BREATH_MS, poll_on);
}

/* Events come of the community's own videos alone; of a person's there would be none. */
static void
go_without_pages(struct source *s)
{
    struct vk *v = s->own;
    if (v->target.owner > 0) {
        source_refused(s, "auth",
                       "the video is a person's: a community's token cannot "
                       "read it, a manager's may");
        return;
    }
    log_info("source", "%s: this token reads no pages of comments: no backlog", s->name);
    v->no_pages = true;
    v->out.allowed = v->target.place == VK_WALL;
    poll_on(s);
}

static void
page_came(struct source *s, const struct fetch_answer *a)
{
    struct vk *v = s->own;
    json_t *o = source_vk_answer(s, a, true);
    if (o == NULL && goes_on(s))
        go_without_pages(s);
    if (o == NULL)
        return;
    int64_t oldest = vk_oldest_of_page(o);
    (void)json_array_append_new(v->pages, o);
    v->out.allowed = true;
    bool known = v->newest_ms > 0 && oldest < v->newest_ms - OVERLAP_MS;
    if (oldest == 0 || known || json_array_size(v->pages) == PAGES)
        pages_end(s);
    else
        source_http_later(&v->http, s->timing.call_gap, catch_up);
}

static void
catch_up(struct source *s)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT;
    bool wall = v->target.place == VK_WALL;
    if (v->pages == NULL)
        v->pages = json_array();
    source_vk_field(&form, "owner_id", v->target.owner);
    source_vk_field(&form, wall ? "post_id" : "video_id", v->target.number);
    source_vk_field(&form, "offset", 100 * (int64_t)json_array_size(v->pages));
    buf_add_cstr(&form, "&count=100&sort=desc&extended=1&thread_items_count=10");
    source_vk_call(&v->http, wall ? "wall.getComments" : "video.getComments", &form, 0,
                   page_came);
}

/* --- on the way to the poll */

/* Where an earlier run was among the community's events. */
static void
resume(struct source *s)
{
    struct vk *v = s->own;
    const char *place = source_kept_place(s);
    const char *ts = place == NULL ? NULL : strchr(place, ' ');
    if (ts != NULL && strtoll(place, NULL, 10) == v->group)
        buf_add_cstr(&v->ts, ts + 1);
}

static void
server_came(struct source *s, const struct fetch_answer *a)
{
    struct vk *v = s->own;
    json_t *o = source_vk_answer(s, a, false);
    if (o == NULL)
        return;
    buf_reset(&v->server);
    buf_reset(&v->key);
    buf_add_str(&v->server, json_text(o, "response.server"));
    buf_add_str(&v->key, json_text(o, "response.key"));
    if (v->ts.len == 0)
        resume(s);
    if (v->ts.len == 0)
        json_id(o, "response.ts", &v->ts);
    json_decref(o);
    if (v->server.len == 0 || v->key.len == 0 || v->ts.len == 0) {
        source_lost(s, "closed", "VK does not say where its long poll is");
        return;
    }
    source_live(s);
    source_http_later(&v->http, s->timing.call_gap, go_on);
}

static void
ask_server(struct source *s)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT;
    source_vk_field(&form, "group_id", v->group);
    source_vk_call(&v->http, "groups.getLongPollServer", &form, 0, server_came);
}

static void
managers_came(struct source *s, const struct fetch_answer *a)
{
    struct vk *v = s->own;
    json_t *o = source_vk_answer(s, a, true);
    vk_people_learn_managers(v->people, json_at(o, "response.items"));
    json_decref(o);
    if (goes_on(s))
        source_http_later(&v->http, s->timing.call_gap, ask_server);
}

static void
ask_managers(struct source *s)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT;
    source_vk_field(&form, "group_id", v->group);
    buf_add_cstr(&form, "&filter=managers&count=1000");
    source_vk_call(&v->http, "groups.getMembers", &form, 0, managers_came);
}

static void
settings_came(struct source *s, const struct fetch_answer *a)
{
    struct vk *v = s->own;
    json_t *o = source_vk_answer(s, a, true);
    bool sends = vk_sends_events(o, v->target.place);
    json_decref(o);
    if (!goes_on(s))
        return;
    if (!sends) {
        source_lost_for(s, s->timing.wait, "events",
                        "the community sends no such events: switch Long Poll on and "
                        "tick the %s, new and deleted, in its settings (API)",
                        v->target.place == VK_WALL ? "comments on the wall"
                                                   : "comments under videos");
        return;
    }
    source_http_later(&v->http, s->timing.call_gap, ask_managers);
}

/* Another place than last time: nothing of the old one counts any more. */
static void
aim(struct source *s)
{
    struct vk *v = s->own;
    struct vk_target t = vk_target_of(str_from(s->target));
    bool same = t.place == v->target.place && t.owner == v->target.owner &&
                t.number == v->target.number;
    v->group = s->account != NULL ? strtoll(s->account, NULL, 10) : 0;
    if (t.owner < 0)
        v->group = -t.owner;
    v->target = t;
    v->catch_up_at = 0;
    if (same)
        return;
    v->newest_ms = 0;
    v->caught_up = v->no_pages = v->out.allowed = false;
    buf_reset(&v->ts);
}

static void
vk_start(struct source *s)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT;
    aim(s);
    if (v->group <= 0) {
        source_refused(s, "target",
                       s->target == NULL ? "no community is named: its number, or a link "
                                           "to its video"
                                         : "the video is a person's: 'group' must say "
                                           "which community it is shown in");
        return;
    }
    source_vk_field(&form, "group_id", v->group);
    source_vk_call(&v->http, "groups.getLongPollSettings", &form, 0, settings_came);
}

static void
vk_stop(struct source *s)
{
    struct vk *v = s->own;
    source_http_stop(&v->http);
    source_http_stop(&v->users);
    source_http_stop(&v->communities);
    source_vk_out_stop(s);
    vk_poll_fini(&v->held); /* not confirmed: it comes again */
    json_decref(v->pages);
    v->pages = NULL;
}

static int
vk_check(struct source *s, struct err *e)
{
    if (s->secret == NULL || s->secret[0] == '\0')
        return err_set(e, ERR_VALUE, "'token_file' is missing: a token of the community");
    if (s->account != NULL && (strspn(s->account, "0123456789") != strlen(s->account) ||
                               strlen(s->account) > 18))
        return err_set(e, ERR_VALUE, "'group' is the number of the community, not '%s'",
                       s->account);
    if (s->url == NULL)
        s->url = mem_strdup(API);
    struct vk *v = mem_zalloc(sizeof(*v));
    v->http.s = v->users.s = v->communities.s = v->out.http.s = s;
    v->people = vk_people_new();
    v->versions = map_new();
    v->out.lines =
        irc_out_new(s->timing.send_burst, s->timing.send_window, s->timing.send_gap);
    s->own = v;
    return 0;
}

static void
vk_free(struct source *s)
{
    struct vk *v = s->own;
    if (v == NULL)
        return;
    vk_people_free(&v->people);
    map_free(&v->versions);
    buf_fini(&v->server);
    buf_fini(&v->key);
    buf_fini(&v->ts);
    irc_out_free(&v->out.lines);
    mem_free(v);
}

const struct source_adapter source_vk = {.kind = "vk",
                                         .check = vk_check,
                                         .parse_target = vk_target,
                                         .start = vk_start,
                                         .stop = vk_stop,
                                         .free = vk_free,
                                         .line = source_line,
                                         .can_send = source_vk_can_send,
                                         .send = source_vk_send,
                                         .send_again = source_vk_send_again,
                                         .tells = true};
