/* SPDX-License-Identifier: Apache-2.0 */
/* source_helix.c - asking Twitch's Helix, and saying lines in the chat through it.
 *
 * A line waits for its turn as the body it will be sent as, one at a time: the answer
 * tells if it was said. The first refusal ends the sending until somebody connects anew:
 * who goes on after "you are timed out" is banned. A line whose answer got lost is not
 * said again, for it may have been said. A token that ended on the way is renewed, once
 * for a line. */
#include "source/source_eventsub.h"

enum { SECOND = 1000 };

static struct eventsub *
own(const struct source *s)
{
    return s->own;
}

void
eventsub_ask(struct source *s, struct source_http *http, const char *path,
             const struct buf *body,
             void (*answer)(struct source *s, const struct fetch_answer *a))
{
    struct eventsub *x = own(s);
    struct buf url = BUF_INIT, client = BUF_INIT;
    buf_addf(&url, "%s%s", x->helix.data, path);
    buf_addf(&client, "Client-Id: %s", x->me.client_id.data);
    struct source_ask ask = {.url = url.data,
                             .bearer = x->token.token.access,
                             .header = client.data,
                             .body = body != NULL ? buf_str(body) : STR_NONE,
                             .total_ms = s->timing.join};
    source_http_ask(http, &ask, answer);
    buf_fini(&url);
    buf_fini(&client);
}

int64_t
eventsub_wait_ms(const struct source *s, const struct fetch_answer *a)
{
    struct err not_a_number = ERR_INIT;
    int64_t now = clock_wall_ms(s->clock), reset_s = 0;
    struct str reset = fetch_header(a, "ratelimit-reset");
    if (str_to_i64(reset, 0, INT64_MAX / SECOND, &reset_s, &not_a_number) == 0 &&
        reset_s * SECOND > now)
        return reset_s * SECOND - now;
    return fetch_retry_after_ms(a, now);
}

bool
eventsub_is_ok(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    struct buf words = BUF_INIT;
    bool ok = false;
    if (a->status >= 400)
        twitch_read_fault(a->body, &words);
    const char *why = words.len > 0 ? words.data : "no reason given";
    if (a->status == 401 && !x->refused) {
        x->refused = true;
        source_token_spoil(&x->token);
        source_lost(s, "auth", "Twitch does not take the token any more: %s", why);
    } else if (a->status == 401) {
        source_refused(s, "auth",
                       "Twitch does not take the token: %s; sign in again: suraq connect "
                       "%s",
                       why, s->name);
    } else if (a->status == 429) {
        source_lost_for(s, eventsub_wait_ms(s, a), "limit",
                        "Twitch asks to slow down%s%s", words.len > 0 ? ": " : "",
                        words.len > 0 ? words.data : "");
    } else {
        ok = source_http_is_ok(s, a, buf_str(&words));
    }
    buf_fini(&words);
    return ok;
}

/* --- lines */

bool
eventsub_can_send(const struct source *s)
{
    const struct eventsub *x = own(s);
    return x != NULL && s->live_at != 0 && !x->mute && (x->me.scopes & TWITCH_WRITE) != 0;
}

static const char *
why_not(const struct source *s)
{
    const struct eventsub *x = own(s);
    if (s->live_at == 0)
        return "not connected";
    if (x->mute)
        return "Twitch has refused a line: connect anew to try again";
    return "the token lacks the scope 'user:write:chat'";
}

/* The next line that may leave asks for a good token; then eventsub_out_go(). */
static void
send_waiting(void *arg)
{
    struct source *s = arg;
    struct eventsub *x = own(s);
    int64_t now = clock_mono_ms(s->clock);
    if (x->out.call != NULL)
        return;
    if (x->body.len > 0 || irc_out_next(x->lines, now, &x->body)) {
        source_token_need(&x->token, eventsub_token_ready);
        return;
    }
    int64_t wait_ms = irc_out_wait_ms(x->lines, now);
    if (wait_ms >= 0)
        loop_timer_start(s->env.loop, &x->out_timer, wait_ms, send_waiting, s);
}

static void
refused(struct source *s, const char *why)
{
    struct eventsub *x = own(s);
    irc_out_reset(x->lines);
    buf_reset(&x->body);
    x->mute = true;
    source_degraded(s, "muted", "we can read but not write: %s", why);
    source_sent(s, SOURCE_FORBIDDEN, "%s", why);
}

static void
line_answered(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    struct buf why = BUF_INIT;
    struct err e = ERR_INIT;
    bool sent = false;
    if (twitch_read_sent(a->body, &sent, &why, &e) < 0)
        source_sent(s, SOURCE_UNSENT, "%s", e.msg);
    else if (!sent)
        refused(s, why.len > 0 ? why.data : "no reason given");
    else
        source_sent(s, SOURCE_SENT, "%s", "");
    buf_fini(&why);
    buf_reset(&x->body);
    x->out_again = false;
    send_waiting(s);
}

static void
line_refused(struct source *s, const struct fetch_answer *a)
{
    struct buf words = BUF_INIT;
    twitch_read_fault(a->body, &words);
    if (words.len == 0)
        buf_addf(&words, "HTTP %d", a->status);
    refused(s, words.data);
    buf_fini(&words);
}

static void
line_came_back(struct source *s, const struct fetch_answer *a)
{
    struct eventsub *x = own(s);
    int64_t wait_ms = eventsub_wait_ms(s, a);
    if (a->status >= 200 && a->status <= 299) {
        line_answered(s, a);
    } else if (a->status == 401 && !x->out_again) {
        x->out_again = true;
        source_token_spoil(&x->token);
        send_waiting(s);
    } else if (a->status == 429) {
        loop_timer_start(s->env.loop, &x->out_timer,
                         wait_ms > s->timing.send_gap ? wait_ms : s->timing.send_window,
                         send_waiting, s);
    } else if (a->status >= 400 && a->status < 500) {
        line_refused(s, a);
    } else {
        source_sent(s, SOURCE_UNSENT, "it is not known if it was said: %s",
                    a->status == 0 ? a->err.msg : "the platform has a fault");
        buf_reset(&x->body);
        send_waiting(s);
    }
}

void
eventsub_out_go(struct source *s)
{
    struct eventsub *x = own(s);
    if (x->body.len > 0 && x->out.call == NULL)
        eventsub_ask(s, &x->out, "/chat/messages", &x->body, line_came_back);
}

int
eventsub_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct eventsub *x = own(s);
    struct buf pool = BUF_INIT, body = BUF_INIT;
    if (!eventsub_can_send(s))
        return err_set(e, ERR_BAD_STATE, "%s", why_not(s));
    struct str clean = irc_out_clean(text, &pool);
    int ret = clean.len > 0 ? 0 : err_set(e, ERR_VALUE, "nothing to send");
    if (ret == 0) {
        twitch_write_line(&body, buf_str(&x->broadcaster), buf_str(&x->me.user_id), clean,
                          reply_to);
        ret = irc_out_add(x->lines, buf_str(&body), e);
    }
    buf_fini(&pool);
    buf_fini(&body);
    if (!loop_timer_is_running(&x->out_timer))
        send_waiting(s);
    return ret;
}

void
eventsub_send_again(struct source *s)
{
    own(s)->mute = false;
}

void
eventsub_out_stop(struct source *s)
{
    struct eventsub *x = own(s);
    source_http_stop(&x->out);
    loop_timer_stop(&x->out_timer);
    irc_out_reset(x->lines);
    buf_reset(&x->body);
    x->mute = x->out_again = false;
}
