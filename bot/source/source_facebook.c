/* SPDX-License-Identifier: Apache-2.0 */
/* source_facebook.c - the comments under a Facebook page's live video.
 *
 * Comments come as server-sent events; only those made while we listen do. So each time,
 * before listening and every half minute beside it, what was missed is asked for by its
 * time: a stream that drops comments, or dies unnoticed, costs delay and no question. A
 * platform that refuses the stream is polled instead, more often. Everything that was
 * there before the first page ended is backlog. */
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "source/facebook.h"
#include "source/json.h"
#include "source/source_graph.h"
#include "source/source_outbox.h"
#include "source/sse.h"

enum {
    CATCH_UP_MS = 30000, /* beside the stream: 120 calls an hour of 200 */
    POLL_MS = 20000,     /* without one */
    IDLE_MS = 90000,     /* of the stream: even its comments stop */
    SAY_MS = 6000,       /* between two lines: some hundred an hour at most */
    SAY_MAX = 2000,      /* characters of a line; Facebook's own limit is higher */
    OVERLAP_S = 5        /* clocks and orders differ a little */
};

struct facebook {
    struct source_http http, stream;
    struct source_outbox outbox;
    struct sse sse;
    struct buf video, after; /* id; cursor of the page that comes next */
    int64_t newest_ms;       /* of the comments so far; 0: none */
    bool caught_up;          /* what is read now was said while we listen */
    bool no_stream;          /* refused once: poll */
};

static void
take(void *arg, const struct message *m)
{
    struct source *s = arg;
    struct facebook *f = s->own;
    if (m->at_ms > f->newest_ms && m->at_ms <= clock_wall_ms(s->clock) + OVERLAP_S * 1000)
        f->newest_ms = m->at_ms; /* never ahead of what is still to come */
    source_put(s, m);
}

/* --- listening */

static void
on_event(void *arg, struct str data)
{
    struct source *s = arg;
    struct message_taker to = {.take = take, .arg = s};
    struct err e = ERR_INIT;
    struct str owner = str_from(s->account);
    if (facebook_read_comment(data, owner, to, &e) < 0)
        source_garbage(s, &e);
}

static void
on_piece(void *arg, struct str data)
{
    struct source_http *h = arg;
    struct facebook *f = h->s->own;
    sse_feed(&f->sse, data, on_event, h->s);
}

static void
stream_ended(struct source *s, const struct fetch_answer *a)
{
    struct facebook *f = s->own;
    if (a->status >= 400 && a->status < 500 && a->status != 429) {
        f->no_stream = true; /* the next poll tells what is wrong, if anything is */
        return;
    }
    source_lost(s, a->status == 0 ? a->code : "closed",
                "the stream of comments ended%s%s", a->status == 0 ? ": " : "",
                a->status == 0 ? a->err.msg : "");
}

static void
listen_on(struct source *s)
{
    struct facebook *f = s->own;
    struct buf url = BUF_INIT;
    if (f->no_stream || f->stream.call != NULL)
        return;
    sse_fini(&f->sse);
    buf_addf(&url,
             "%s/%s/live_comments?comment_rate=one_hundred_per_second"
             "&fields=from%%7Bname,id%%7D,message,created_time,parent%%7Bid%%7D",
             s->url != NULL ? s->url : GRAPH_STREAM, f->video.data);
    struct source_ask ask = {.piece = on_piece, .idle_ms = IDLE_MS};
    source_graph_ask(&f->stream, &url, &ask, stream_ended);
}

/* --- what was missed */

static void catch_up(struct source *s);

static void
page_came(struct source *s, const struct fetch_answer *a)
{
    struct facebook *f = s->own;
    struct facebook_page page = {.after = BUF_INIT};
    struct facebook_view view = {.owner = str_from(s->account), .backlog = !f->caught_up};
    struct message_taker to = {.take = take, .arg = s};
    struct err e = ERR_INIT;
    if (!source_graph_is_ok(s, a))
        return;
    if (facebook_read_comments(a->body, view, to, &page, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        buf_fini(&page.after);
        return;
    }
    /* A cursor that leads to itself would be followed for ever. */
    bool on = page.after.len > 0 && !str_eq(buf_str(&page.after), buf_str(&f->after));
    buf_reset(&f->after);
    if (on)
        buf_add_str(&f->after, buf_str(&page.after));
    buf_fini(&page.after);
    if (on) {
        source_http_later(&f->http, 0, catch_up);
        return;
    }
    f->caught_up = true;
    listen_on(s);
    source_http_later(&f->http, f->no_stream ? POLL_MS : CATCH_UP_MS, catch_up);
}

static void
catch_up(struct source *s)
{
    struct facebook *f = s->own;
    struct buf url = BUF_INIT, since = BUF_INIT;
    buf_addf(&url,
             "%s/%s/comments?fields=id,from%%7Bid,name%%7D,message,created_time,"
             "parent%%7Bid%%7D&live_filter=no_filter&filter=stream"
             "&order=chronological&limit=100",
             s->url != NULL ? s->url : GRAPH_API, f->video.data);
    if (f->newest_ms > 0) {
        buf_add_i64(&since, f->newest_ms / 1000 - OVERLAP_S);
        fetch_add_query(&url, "since", buf_str(&since));
    }
    if (f->after.len > 0)
        fetch_add_query(&url, "after", buf_str(&f->after));
    struct source_ask ask = {0};
    source_graph_ask(&f->http, &url, &ask, page_came);
    buf_fini(&since);
}

/* --- which video */

static void
join(struct source *s)
{
    struct facebook *f = s->own;
    buf_reset(&f->after);
    source_live(s);
    catch_up(s);
}

static void
found(struct source *s, const struct fetch_answer *a)
{
    struct facebook *f = s->own;
    struct err e = ERR_INIT;
    struct buf id = BUF_INIT;
    if (!source_graph_is_ok(s, a))
        return;
    if (facebook_read_live(a->body, &id, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
    } else if (id.len == 0) {
        source_lost_for(s, s->timing.wait, "waiting", "the page has no video on air");
    } else {
        if (!str_eq(buf_str(&id), buf_str(&f->video)))
            f->newest_ms = 0, f->caught_up = false;
        buf_reset(&f->video);
        buf_add_str(&f->video, buf_str(&id));
        join(s);
    }
    buf_fini(&id);
}

static void
look_for_live(struct source *s)
{
    struct facebook *f = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/%s/live_videos?fields=id,status&limit=25",
             s->url != NULL ? s->url : GRAPH_API, s->account);
    struct source_ask ask = {0};
    source_graph_ask(&f->http, &url, &ask, found);
}

static void
facebook_start(struct source *s)
{
    struct facebook *f = s->own;
    bool live = s->target == NULL || strcmp(s->target, "live") == 0;
    if (live && s->account == NULL) {
        source_refused(s, "target", "no video is named: paste its link");
        return;
    }
    if (live) {
        look_for_live(s);
        return;
    }
    if (!str_eq(buf_str(&f->video), str_from(s->target)))
        f->newest_ms = 0, f->caught_up = false;
    buf_reset(&f->video);
    buf_add_cstr(&f->video, s->target);
    join(s);
}

static void
facebook_stop(struct source *s)
{
    struct facebook *f = s->own;
    source_http_stop(&f->http);
    source_http_stop(&f->stream);
    source_outbox_stop(&f->outbox);
}

static void
facebook_pause(struct source *s, bool paused)
{
    struct facebook *f = s->own;
    if (f->stream.call != NULL)
        fetch_pause(f->stream.call, paused);
}

/* --- answers, as the page: under the comment, else under the video */

static void
said(struct source *s, const struct fetch_answer *a)
{
    struct facebook *f = s->own;
    struct buf words = BUF_INIT;
    json_t *o = a->status == 200 ? json_loadb(a->body.p, a->body.len, 0, NULL) : NULL;
    struct str id = json_text(o, "id");
    if (id.len > 0)
        source_seen_add(&s->seen, id); /* our own line comes with the others */
    enum facebook_fault fault =
        a->status >= 400 ? facebook_read_fault(a->body, &words) : FACEBOOK_OTHER;
    if (a->status != 200 && words.len == 0)
        buf_add_cstr(&words, a->status == 0 ? a->err.msg : "no reason given");
    bool refused = fault == FACEBOOK_NO_RIGHT || fault == FACEBOOK_BAD_TOKEN;
    source_outbox_done(&f->outbox, refused ? 403 : a->status, buf_str(&words));
    json_decref(o);
    buf_fini(&words);
}

/* `body`: {"to": ID, "message": TEXT}. */
static void
say(struct source *s, struct str body)
{
    struct facebook *f = s->own;
    struct buf url = BUF_INIT, form = BUF_INIT;
    json_t *o = json_loadb(body.p, body.len, 0, NULL);
    buf_addf(&url, "%s/%.*s/comments", s->url != NULL ? s->url : GRAPH_API,
             STR_ARG(json_text(o, "to")));
    fetch_add_query(&form, "message", json_text(o, "message"));
    struct source_ask ask = {.type = "application/x-www-form-urlencoded",
                             .body = {.p = form.data + 1, .len = form.len - 1}};
    source_graph_ask(&f->outbox.http, &url, &ask, said);
    json_decref(o);
    buf_fini(&form);
}

static bool
facebook_can_send(const struct source *s)
{
    const struct facebook *f = s->own;
    return s->live_at != 0 && f->video.len > 0 && !f->outbox.forbidden;
}

static bool
is_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (strchr("0123456789_", id.p[i]) == NULL)
            return false;
    return id.len > 0;
}

static int
facebook_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct facebook *f = s->own;
    if (!facebook_can_send(s))
        return err_set(e, ERR_BAD_STATE, "this chat cannot be written to now");
    if (utf8_count(text) > SAY_MAX)
        return err_set(e, ERR_LIMIT, "Facebook takes %d characters of us", SAY_MAX);
    struct str to = is_id(reply_to) ? reply_to : buf_str(&f->video);
    json_t *o = json_pack("{s:s%,s:s%}", "to", to.p, to.len, "message", text.p, text.len);
    char *json = json_dumps(o, JSON_COMPACT);
    int rc = source_outbox_add(&f->outbox, str_from(json), e);
    json_decref(o);
    mem_free(json);
    return rc;
}

static void
facebook_send_again(struct source *s)
{
    ((struct facebook *)s->own)->outbox.forbidden = false;
}

static int
facebook_check(struct source *s, struct err *e)
{
    if (s->secret == NULL || s->secret[0] == '\0')
        return err_set(e, ERR_VALUE, "'token_file' is missing: a token of the page");
    if (s->account != NULL && strspn(s->account, "0123456789") != strlen(s->account))
        return err_set(e, ERR_VALUE, "'page' is the number of the page, not '%s'",
                       s->account);
    struct facebook *f = mem_zalloc(sizeof(*f));
    f->http.s = f->stream.s = f->outbox.http.s = s;
    f->outbox.pause_ms = SAY_MS;
    f->outbox.post = say;
    s->own = f;
    return 0;
}

static void
facebook_free(struct source *s)
{
    struct facebook *f = s->own;
    if (f == NULL)
        return;
    sse_fini(&f->sse);
    source_outbox_fini(&f->outbox);
    buf_fini(&f->video);
    buf_fini(&f->after);
    mem_free(f);
}

const struct source_adapter source_facebook = {.kind = "facebook",
                                               .check = facebook_check,
                                               .parse_target = facebook_target,
                                               .start = facebook_start,
                                               .stop = facebook_stop,
                                               .free = facebook_free,
                                               .line = source_line,
                                               .pause = facebook_pause,
                                               .can_send = facebook_can_send,
                                               .send = facebook_send,
                                               .send_again = facebook_send_again,
                                               .sends_per_minute = 2,
                                               .tells = true};
