/* SPDX-License-Identifier: Apache-2.0 */
/* source_instagram.c - the comments under an Instagram account's live video.
 *
 * Instagram sends them to our address as they are written; there is no stream that one
 * could listen to. With a token they are also asked for, newest first and only as far
 * back as something is new: every 20 seconds when nothing is sent, once a minute beside
 * deliveries, because Meta does not promise that each arrives. Both ways bring the same
 * ids, so nothing is read twice. The answer to a comment is private and goes to its
 * writer: Instagram lets no program write into the live chat. */
#include "base/mem.h"
#include "source/facebook.h"
#include "source/sign.h"
#include "source/source_graph.h"
#include "source/source_outbox.h"

enum {
    POLL_MS = 20000,
    BESIDE_MS = 60000,  /* when the webhook works */
    HOOKED_MS = 600000, /* that long a delivery says that it does */
    PAGES = 40,         /* 2,000 comments: the backlog of a long broadcast */
    PAUSE_MS = 1000     /* between two private answers */
};

struct instagram {
    struct source_http http;
    struct source_outbox outbox;
    struct buf video, after; /* id; cursor of the page that comes next */
    unsigned pages;          /* of this look */
    bool fresh;              /* the page had a comment that we did not know */
    bool caught_up;          /* what is new now was said while we listen */
};

static void
take(void *arg, const struct message *m)
{
    struct source *s = arg;
    struct instagram *g = s->own;
    if ((m->roles & MESSAGE_OWNER) != 0 || source_seen_has(&s->seen, m->id))
        return;
    g->fresh = true;
    source_put(s, m);
}

/* --- deliveries */

static int
instagram_hook_check(struct source *s, const struct source_hook *h, struct err *e)
{
    if (s->client_secret == NULL)
        return err_set(e, ERR_MISSING, "this source has no webhook");
    if (!sign_is_hmac(h->hmac, str_from(s->client_secret), h->body))
        return err_set(e, ERR_PERM, "its signature is not made with the app secret");
    return 0;
}

static int
instagram_hook(struct source *s, const struct source_hook *h, struct err *e)
{
    struct message_taker to = {.take = take, .arg = s};
    if (instagram_read_hook(h->body, str_from(s->account), to, e) == 0)
        return 0;
    source_garbage(s, e);
    return -1;
}

/* --- asking */

static void poll_on(struct source *s);

static int64_t
next_look(const struct source *s)
{
    bool hooked = s->hooked_at != 0 && clock_mono_ms(s->clock) - s->hooked_at < HOOKED_MS;
    return hooked ? BESIDE_MS : POLL_MS;
}

static void
look_again(struct source *s)
{
    struct instagram *g = s->own;
    buf_reset(&g->after);
    g->pages = 0;
    poll_on(s);
}

static void
page_came(struct source *s, const struct fetch_answer *a)
{
    struct instagram *g = s->own;
    struct facebook_page page = {.after = BUF_INIT};
    struct facebook_view view = {
        .owner = str_from(s->account), .backlog = !g->caught_up, .newest_first = true};
    struct message_taker to = {.take = take, .arg = s};
    struct err e = ERR_INIT;
    if (!source_graph_is_ok(s, a))
        return;
    g->fresh = false;
    if (facebook_read_comments(a->body, view, to, &page, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        buf_fini(&page.after);
        return;
    }
    buf_reset(&g->after);
    buf_add_str(&g->after, buf_str(&page.after));
    buf_fini(&page.after);
    if (g->after.len > 0 && g->fresh && ++g->pages < PAGES) {
        source_http_later(&g->http, 0, poll_on);
        return;
    }
    g->caught_up = true;
    source_http_later(&g->http, next_look(s), look_again);
}

static void
poll_on(struct source *s)
{
    struct instagram *g = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url,
             "%s/%s/comments?fields=id,text,username,timestamp,from,user,parent_id"
             "&limit=50",
             s->url != NULL ? s->url : GRAPH_API, g->video.data);
    if (g->after.len > 0)
        fetch_add_query(&url, "after", buf_str(&g->after));
    struct source_ask ask = {0};
    source_graph_ask(&g->http, &url, &ask, page_came);
}

/* --- which video */

static void
join(struct source *s, struct str video)
{
    struct instagram *g = s->own;
    if (!str_eq(video, buf_str(&g->video))) {
        g->caught_up = false;
        buf_reset(&g->video);
        buf_add_str(&g->video, video);
    }
    source_live(s);
    look_again(s);
}

static void
found(struct source *s, const struct fetch_answer *a)
{
    struct err e = ERR_INIT;
    struct buf id = BUF_INIT;
    if (!source_graph_is_ok(s, a))
        return;
    if (facebook_read_live(a->body, &id, &e) < 0)
        source_lost(s, "closed", "%s", e.msg);
    else if (id.len == 0)
        source_lost_for(s, s->timing.wait, "waiting", "the account is not on air");
    else
        join(s, buf_str(&id));
    buf_fini(&id);
}

static void
look_for_live(struct source *s)
{
    struct instagram *g = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/%s/live_media?fields=id", s->url != NULL ? s->url : GRAPH_API,
             s->account);
    struct source_ask ask = {0};
    source_graph_ask(&g->http, &url, &ask, found);
}

static void
instagram_start(struct source *s)
{
    if (s->secret == NULL)
        source_hook_waits(s, "no comment has been sent to our address yet");
    else if (s->target == NULL || strcmp(s->target, "live") == 0)
        look_for_live(s);
    else
        join(s, str_from(s->target));
}

static void
instagram_stop(struct source *s)
{
    struct instagram *g = s->own;
    source_http_stop(&g->http);
    source_outbox_stop(&g->outbox);
}

/* --- answering */

static void
answered(struct source *s, const struct fetch_answer *a)
{
    struct instagram *g = s->own;
    struct buf words = BUF_INIT;
    bool said = a->status >= 200 && a->status <= 299;
    if (!said && a->status == 0)
        buf_add_cstr(&words, a->err.msg);
    else if (!said)
        (void)facebook_read_fault(a->body, &words);
    if (!said && words.len == 0)
        buf_add_cstr(&words, "no reason given");
    source_outbox_done(&g->outbox, a->status, buf_str(&words));
    buf_fini(&words);
}

static void
post(struct source *s, struct str body)
{
    struct instagram *g = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/%s/messages", s->url != NULL ? s->url : GRAPH_API, s->account);
    struct source_ask ask = {.body = body};
    source_graph_ask(&g->outbox.http, &url, &ask, answered);
}

static bool
instagram_can_send(const struct source *s)
{
    const struct instagram *g = s->own;
    return s->secret != NULL && s->live_at != 0 && !g->outbox.forbidden;
}

static int
instagram_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct instagram *g = s->own;
    struct buf json = BUF_INIT;
    if (!instagram_can_send(s))
        return err_set(e, ERR_BAD_STATE, "this source cannot send now");
    if (reply_to.len == 0)
        return err_set(e, ERR_VALUE,
                       "on Instagram only the writer of a comment can be answered");
    buf_add_cstr(&json, "{\"recipient\":{\"comment_id\":");
    buf_add_json(&json, reply_to);
    buf_add_cstr(&json, "},\"message\":{\"text\":");
    buf_add_json(&json, text);
    buf_add_cstr(&json, "}}");
    int rc = source_outbox_add(&g->outbox, buf_str(&json), e);
    buf_fini(&json);
    return rc;
}

/* --- settings */

static int
instagram_check(struct source *s, struct err *e)
{
    if (s->account == NULL || s->account[0] == '\0' ||
        strspn(s->account, "0123456789") != strlen(s->account))
        return err_set(e, ERR_VALUE, "'account' is missing: the number of the account");
    if (s->secret == NULL && s->client_secret == NULL)
        return err_set(e, ERR_VALUE,
                       "'client_secret_file' (with 'verify_token_file') or 'token_file' "
                       "is missing");
    if (s->client_secret != NULL && s->verify_token == NULL)
        return err_set(e, ERR_VALUE, "'verify_token_file' is missing");
    struct instagram *g = mem_zalloc(sizeof(*g));
    g->http.s = g->outbox.http.s = s;
    g->outbox.pause_ms = PAUSE_MS;
    g->outbox.post = post;
    s->own = g;
    return 0;
}

static void
instagram_free(struct source *s)
{
    struct instagram *g = s->own;
    if (g == NULL)
        return;
    source_outbox_fini(&g->outbox);
    buf_fini(&g->video);
    buf_fini(&g->after);
    mem_free(g);
}

static void
instagram_send_again(struct source *s)
{
    struct instagram *g = s->own;
    g->outbox.forbidden = false;
}

const struct source_adapter source_instagram = {.kind = "instagram",
                                                .check = instagram_check,
                                                .parse_target = instagram_target,
                                                .start = instagram_start,
                                                .stop = instagram_stop,
                                                .free = instagram_free,
                                                .line = source_line,
                                                .can_send = instagram_can_send,
                                                .send = instagram_send,
                                                .send_again = instagram_send_again,
                                                .tells = true,
                                                .hook_check = instagram_hook_check,
                                                .hook = instagram_hook};
