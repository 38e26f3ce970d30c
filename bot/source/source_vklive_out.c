/* SPDX-License-Identifier: Apache-2.0 */
/* source_vklive_out.c - writing into a chat of VK Video Live.
 *
 * Only with a person's token, and only while a broadcast is on air. How many lines a
 * minute are allowed is not published: lines wait for their turn at our own pace, and at
 * the first refusal nothing more is sent until the next start. What we write comes back
 * from the chat like any other line; it is known by its text, since the answer to our
 * request may come later than the line. */
#include "source/source_vklive.h"

static void send_next(void *arg);

bool
source_vklive_can_send(const struct source *s)
{
    const struct vklive *v = s->own;
    return v != NULL && s->token_file != NULL && s->live_at != 0 && v->stream.len > 0 &&
           !v->out.refused;
}

static const char *
why_not(const struct source *s)
{
    const struct vklive *v = s->own;
    if (s->token_file == NULL)
        return "an application's token only reads";
    if (s->live_at == 0)
        return "not connected";
    return v->stream.len == 0 ? "no broadcast is on air" : "the platform refused a line";
}

int
source_vklive_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct vklive *v = s->own;
    struct buf pool = BUF_INIT;
    (void)reply_to;
    if (!source_vklive_can_send(s))
        return err_set(e, ERR_BAD_STATE, "%s", why_not(s));
    struct str clean = str_trim(irc_out_clean(text, &pool));
    int ret = clean.len > 0 ? irc_out_add(v->out.lines, clean, e)
                            : err_set(e, ERR_VALUE, "nothing to send");
    buf_fini(&pool);
    if (ret == 0 && v->out.http.call == NULL && !loop_timer_is_running(&v->out.timer))
        send_next(s);
    return ret;
}

bool
source_vklive_is_ours(const struct source *s, struct str text)
{
    const struct vklive *v = s->own;
    uint64_t hash = map_hash(&s->seen.key, text, STR_NONE);
    for (size_t i = 0; i < VKLIVE_SAID; i++)
        if (v->out.said[i] == hash)
            return true;
    return false;
}

static void
sent(struct source *s, const struct fetch_answer *a)
{
    struct vklive *v = s->own;
    struct buf words = BUF_INIT;
    bool final = a->status >= 400 && a->status < 500;
    if (final) {
        vklive_read_fault(a->body, &words);
        v->out.refused = true;
        irc_out_reset(v->out.lines);
        const char *why = words.len > 0 ? words.data : "no reason given";
        source_degraded(s, "muted", "we can read but not write: %s (HTTP %d)", why,
                        a->status);
        source_sent(s, SOURCE_FORBIDDEN, "%s (HTTP %d)", why, a->status);
    } else if (a->status < 200 || a->status > 299) {
        source_sent(s, SOURCE_UNSENT, "not confirmed (HTTP %d)", a->status);
    } else {
        source_sent(s, SOURCE_SENT, "%s", "");
    }
    buf_fini(&words);
    send_next(s);
}

static void
say(struct source *s, struct str text)
{
    struct vklive *v = s->own;
    struct buf url = BUF_INIT, body = BUF_INIT;
    v->out.said[v->out.next] = map_hash(&s->seen.key, text, STR_NONE);
    v->out.next = (v->out.next + 1) % VKLIVE_SAID;
    buf_addf(&url, "%s/v1/chat/message/send", s->url);
    fetch_add_query(&url, "channel_url", str_from(s->target));
    fetch_add_query(&url, "stream_id", buf_str(&v->stream));
    vklive_write_line(text, &body);
    struct source_ask ask = {
        .url = url.data, .bearer = source_vklive_bearer(s), .body = buf_str(&body)};
    source_http_ask(&v->out.http, &ask, sent);
    buf_fini(&url);
    buf_fini(&body);
}

static void
send_next(void *arg)
{
    struct source *s = arg;
    struct vklive *v = s->own;
    struct buf line = BUF_INIT;
    int64_t now = clock_mono_ms(s->clock);
    if (irc_out_next(v->out.lines, now, &line)) {
        say(s, buf_str(&line));
    } else {
        int64_t wait_ms = irc_out_wait_ms(v->out.lines, now);
        if (wait_ms >= 0)
            loop_timer_start(s->env.loop, &v->out.timer, wait_ms, send_next, s);
    }
    buf_fini(&line);
}

void
source_vklive_send_again(struct source *s)
{
    struct vklive *v = s->own;
    v->out.refused = false;
}

void
source_vklive_out_stop(struct source *s)
{
    struct vklive *v = s->own;
    source_http_stop(&v->out.http);
    loop_timer_stop(&v->out.timer);
    irc_out_reset(v->out.lines);
    v->out.refused = false;
}
