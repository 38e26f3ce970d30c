/* SPDX-License-Identifier: Apache-2.0 */
/* source_youtube.c - keeping up with the live chat of a YouTube broadcast.
 *
 * Look the chat up by the video (or by the signed-in account: "mine"), then ask for page
 * after page, no sooner than YouTube allows and no faster than the day's quota lasts: the
 * interval is stretched over the hours a broadcast may take. What was said before we came
 * is backlog. The place in the chat outlives a lost connection, so nothing is asked for
 * twice; if YouTube has forgotten it we begin again, and known ids are recognised. */
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "source/json.h"
#include "source/quota.h"
#include "source/source_outbox.h"
#include "source/source_token.h"
#include "source/youtube.h"

#define API      "https://www.googleapis.com/youtube/v3"
#define ENDPOINT "https://oauth2.googleapis.com/token"

enum {
    LIST_UNITS = 5, /* the documents say 1 and 5; two projects measured 5 */
    VIDEO_UNITS = 1,
    SAY_UNITS = 50,
    SAY_MAX = 200,  /* characters of a line */
    SAY_MS = 3000,  /* between two lines */
    LEAST_MS = 1000 /* between two pages, whatever YouTube says */
};

struct youtube {
    struct source_http http;
    struct source_token token;
    struct source_outbox outbox;
    struct buf chat, page; /* id; token of the next page */
    struct quota quota;
    char *looked_up; /* the target that `chat` belongs to; owned */
};

static void say(struct source *s, struct str body);

static bool
has_token(const struct source *s)
{
    return s->token_file != NULL;
}

static void
ask(struct source *s, const struct buf *url, int64_t units,
    void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct youtube *y = s->own;
    struct buf key = BUF_INIT;
    buf_addf(&key, "X-Goog-Api-Key: %s", s->api_key != NULL ? s->api_key : "");
    struct source_ask ask = {.url = url->data,
                             .bearer = has_token(s) ? y->token.token.access : NULL,
                             .header = s->api_key != NULL ? key.data : NULL};
    quota_spend(&y->quota, clock_wall_ms(s->clock), units);
    s->status.quota_used = y->quota.used;
    source_http_ask(&y->http, &ask, answer);
    buf_fini(&key);
}

/* --- what is said when it does not go on */

static void
tell_quota(struct source *s)
{
    source_lost_for(s, quota_reset_in_ms(clock_wall_ms(s->clock)), "quota",
                    "the day's quota of the YouTube API is spent; it comes back at "
                    "midnight Pacific time");
}

/* True when the answer may be read. */
static bool
is_ok(struct source *s, const struct fetch_answer *a)
{
    struct youtube *y = s->own;
    struct buf words = BUF_INIT;
    enum youtube_fault fault = YOUTUBE_OTHER;
    bool ok = false;
    if (a->status >= 400)
        fault = youtube_read_fault(a->body, &words);
    if (a->status == 401)
        source_token_spoil(&y->token);
    switch (fault) {
    case YOUTUBE_QUOTA:
        tell_quota(s);
        break;
    case YOUTUBE_SLOW_DOWN:
        source_lost(s, "limit", "YouTube asks to slow down");
        break;
    case YOUTUBE_CHAT_ENDED:
        source_ended(s);
        break;
    case YOUTUBE_OLD_PAGE:
        buf_reset(&y->page);
        source_lost(s, "closed", "YouTube has forgotten our place in the chat");
        break;
    case YOUTUBE_NO_SUCH_CHAT:
        buf_reset(&y->chat);
        source_lost(s, "join", "YouTube knows this chat no more: %s", words.data);
        break;
    case YOUTUBE_BAD_KEY:
        source_refused(s, "auth", "YouTube refuses the key or token: %s",
                       words.len > 0 ? words.data : "no reason given");
        break;
    case YOUTUBE_OTHER:
        ok = source_http_is_ok(s, a, buf_str(&words));
        break;
    }
    buf_fini(&words);
    return ok;
}

/* --- page after page */

static void read_on(struct source *s);

static void
take(void *arg, const struct message *m)
{
    source_put(arg, m);
}

/* Of the broadcast; one that takes longer than planned goes on for a while, always. */
static int64_t
still_to_come(const struct source *s)
{
    int64_t gone = s->live_at != 0 ? clock_mono_ms(s->clock) - s->live_at : 0;
    int64_t rest = s->timing.plan - gone, least = s->timing.plan / 6;
    return rest > least ? rest : least;
}

static void
page_came(struct source *s, const struct fetch_answer *a)
{
    struct youtube *y = s->own;
    struct youtube_page page = {.next = BUF_INIT};
    struct message_taker to = {.take = take, .arg = s};
    struct err e = ERR_INIT;
    bool first = y->page.len == 0;
    if (!is_ok(s, a))
        return;
    if (youtube_read_page(a->body, first, to, &page, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
    } else if (page.ended) {
        source_ended(s);
    } else {
        int64_t least = page.poll_ms > LEAST_MS ? page.poll_ms : LEAST_MS;
        buf_reset(&y->page);
        buf_add_str(&y->page, buf_str(&page.next));
        source_http_later(&y->http,
                          quota_interval_ms(&y->quota, clock_wall_ms(s->clock),
                                            LIST_UNITS, still_to_come(s), least),
                          read_on);
    }
    buf_fini(&page.next);
}

static void
read_on(struct source *s)
{
    struct youtube *y = s->own;
    struct buf url = BUF_INIT;
    if (quota_left(&y->quota, clock_wall_ms(s->clock)) < LIST_UNITS) {
        tell_quota(s);
        return;
    }
    buf_addf(&url, "%s/liveChat/messages", s->url);
    fetch_add_query(&url, "liveChatId", buf_str(&y->chat));
    fetch_add_query(&url, "part", STR_LIT("id,snippet,authorDetails"));
    fetch_add_query(&url, "maxResults", STR_LIT("2000"));
    if (y->page.len > 0) {
        fetch_add_query(&url, "pageToken", buf_str(&y->page));
        source_keep_place(s, "%s %s", y->chat.data, y->page.data);
    }
    ask(s, &url, LIST_UNITS, page_came);
    buf_fini(&url);
}

static void
join(struct source *s)
{
    source_live(s);
    read_on(s);
}

/* --- where the chat is */

static void
looked_up(struct source *s, const struct fetch_answer *a)
{
    struct youtube *y = s->own;
    enum youtube_video state = YOUTUBE_MISSING;
    struct err e = ERR_INIT;
    bool mine = strcmp(s->target, "mine") == 0;
    if (!is_ok(s, a))
        return;
    if (youtube_read_video(a->body, &state, &y->chat, &e) < 0) {
        source_lost(s, "closed", "%s", e.msg);
        return;
    }
    switch (state) {
    case YOUTUBE_LIVE:
        buf_reset(&y->page);
        join(s);
        break;
    case YOUTUBE_WAITING:
        source_lost_for(s, s->timing.wait, "waiting", "the broadcast has not begun yet");
        break;
    case YOUTUBE_OVER:
        source_ended(s);
        break;
    case YOUTUBE_NO_CHAT:
        source_refused(s, "join",
                       "this broadcast has no live chat: switch it on in "
                       "YouTube Studio");
        break;
    case YOUTUBE_MISSING:
        if (mine)
            source_lost_for(s, s->timing.wait, "waiting",
                            "the account has no broadcast on air");
        else
            source_refused(s, "join", "YouTube knows no video '%s'", s->target);
        break;
    }
}

static void
look_up(struct source *s)
{
    struct buf url = BUF_INIT;
    if (strcmp(s->target, "mine") == 0) {
        buf_addf(&url,
                 "%s/liveBroadcasts?part=snippet,status&broadcastStatus=active"
                 "&broadcastType=all",
                 s->url);
    } else {
        buf_addf(&url, "%s/videos?part=snippet,liveStreamingDetails", s->url);
        fetch_add_query(&url, "id", str_from(s->target));
    }
    ask(s, &url, VIDEO_UNITS, looked_up);
    buf_fini(&url);
}

/* Where an earlier run was: the chat and the page in it. "mine" may be another broadcast
 * by now. */
static void
resume(struct source *s)
{
    struct youtube *y = s->own;
    const char *place = source_kept_place(s);
    const char *page = place == NULL ? NULL : strchr(place, ' ');
    if (page == NULL || y->looked_up != NULL || strcmp(s->target, "mine") == 0)
        return;
    buf_add(&y->chat, place, (size_t)(page - place));
    buf_add_cstr(&y->page, page + 1);
    y->looked_up = mem_strdup(s->target);
}

/* With a token, if one is needed. */
static void
begin(struct source *s)
{
    struct youtube *y = s->own;
    resume(s);
    bool same = y->looked_up != NULL && strcmp(y->looked_up, s->target) == 0;
    if (same && y->chat.len > 0) {
        join(s);
        return;
    }
    mem_free(y->looked_up);
    y->looked_up = mem_strdup(s->target);
    buf_reset(&y->chat);
    look_up(s);
}

static void
youtube_start(struct source *s)
{
    struct youtube *y = s->own;
    if (s->target == NULL)
        source_refused(s, "target", "no broadcast is named: paste its link");
    else if (has_token(s))
        source_token_need(&y->token, begin);
    else
        begin(s);
}

static void
youtube_stop(struct source *s)
{
    struct youtube *y = s->own;
    source_http_stop(&y->http);
    source_token_stop(&y->token);
    source_outbox_stop(&y->outbox);
}

/* --- lines for the chat, as the signed-in account */

static void
said(struct source *s, const struct fetch_answer *a)
{
    struct youtube *y = s->own;
    struct buf words = BUF_INIT;
    json_t *o = a->status == 200 ? json_loadb(a->body.p, a->body.len, 0, NULL) : NULL;
    struct str id = json_text(o, "id");
    if (id.len > 0)
        source_seen_add(&s->seen, id); /* our own line comes with the others */
    if (a->status >= 400)
        (void)youtube_read_fault(a->body, &words);
    if (a->status != 200 && words.len == 0)
        buf_add_cstr(&words, a->status == 0 ? a->err.msg : "no reason given");
    source_outbox_done(&y->outbox, a->status, buf_str(&words));
    json_decref(o);
    buf_fini(&words);
}

static void
say(struct source *s, struct str body)
{
    struct youtube *y = s->own;
    struct buf url = BUF_INIT;
    buf_addf(&url, "%s/liveChat/messages?part=snippet", s->url);
    struct source_ask ask = {
        .url = url.data, .bearer = y->token.token.access, .body = body};
    quota_spend(&y->quota, clock_wall_ms(s->clock), SAY_UNITS);
    s->status.quota_used = y->quota.used;
    source_http_ask(&y->outbox.http, &ask, said);
    buf_fini(&url);
}

static bool
youtube_can_send(const struct source *s)
{
    const struct youtube *y = s->own;
    return has_token(s) && s->live_at != 0 && y->chat.len > 0 && !y->outbox.forbidden;
}

static int
youtube_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct youtube *y = s->own;
    (void)reply_to; /* YouTube has no replies */
    if (!youtube_can_send(s))
        return err_set(e, ERR_BAD_STATE,
                       "this chat cannot be written to: it needs a sign-in");
    if (utf8_count(text) > SAY_MAX)
        return err_set(e, ERR_LIMIT, "YouTube takes %d characters", SAY_MAX);
    if (quota_left(&y->quota, clock_wall_ms(s->clock)) < SAY_UNITS)
        return err_set(e, ERR_LIMIT, "the day's quota of the YouTube API is spent");
    json_t *o = json_pack("{s:{s:s%,s:s,s:{s:s%}}}", "snippet", "liveChatId",
                          y->chat.data, y->chat.len, "type", "textMessageEvent",
                          "textMessageDetails", "messageText", text.p, text.len);
    char *json = json_dumps(o, JSON_COMPACT);
    int rc = source_outbox_add(&y->outbox, str_from(json), e);
    json_decref(o);
    mem_free(json);
    return rc;
}

static void
youtube_send_again(struct source *s)
{
    ((struct youtube *)s->own)->outbox.forbidden = false;
}

static struct source_token *
youtube_token(struct source *s)
{
    return &((struct youtube *)s->own)->token;
}

static int
youtube_check(struct source *s, struct err *e)
{
    if (s->api_key == NULL && s->token_file == NULL)
        return err_set(e, ERR_VALUE, "'api_key_file' or 'token_file' is missing");
    if (s->target != NULL && strcmp(s->target, "mine") == 0 && s->token_file == NULL)
        return err_set(e, ERR_VALUE, "'mine' needs a 'token_file'");
    if (s->url == NULL)
        s->url = mem_strdup(API);
    struct youtube *y = mem_zalloc(sizeof(*y));
    y->http.s = y->token.http.s = y->outbox.http.s = s;
    y->outbox.pause_ms = SAY_MS;
    y->outbox.post = say;
    y->token.endpoint = ENDPOINT;
    y->quota.limit = s->status.quota_of = s->quota;
    s->own = y;
    return 0;
}

static void
youtube_free(struct source *s)
{
    struct youtube *y = s->own;
    if (y == NULL)
        return;
    source_token_fini(&y->token);
    source_outbox_fini(&y->outbox);
    buf_fini(&y->chat);
    buf_fini(&y->page);
    mem_free(y->looked_up);
    mem_free(y);
}

const struct source_adapter source_youtube = {.kind = "youtube",
                                              .check = youtube_check,
                                              .parse_target = youtube_target,
                                              .start = youtube_start,
                                              .stop = youtube_stop,
                                              .free = youtube_free,
                                              .line = source_line,
                                              .can_send = youtube_can_send,
                                              .send = youtube_send,
                                              .send_again = youtube_send_again,
                                              .sends_per_minute = 20,
                                              .tells = true,
                                              .token = youtube_token};
