/* SPDX-License-Identifier: Apache-2.0 */
/* source_vk_out.c - writing comments in the name of a VK community.
 *
 * Lines wait for their turn and leave one at a time. Each carries a random number of its
 * own, by which VK knows a repeat. A community's token may answer under a post of its
 * wall, only a person's under a video; whether the token may read the comments in pages
 * tells the two apart. At the first refusal nothing more is sent until the next start. */
#include "source/source_vk.h"

#include "source/token.h"

static void send_next(void *arg);

bool
source_vk_can_send(const struct source *s)
{
    const struct vk *v = s->own;
    return v != NULL && v->out.allowed && !v->out.refused && s->live_at != 0;
}

int
source_vk_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct vk *v = s->own;
    struct buf pool = BUF_INIT, line = BUF_INIT;
    if (!source_vk_can_send(s))
        return err_set(e, ERR_BAD_STATE, "%s",
                       s->live_at != 0 ? "this token may not write comments here"
                                       : "not connected");
    struct str clean = irc_out_clean(text, &pool);
    int64_t answers = vk_comment_of(reply_to);
    buf_addf(&line, "%lld\n%.*s", (long long)answers, STR_ARG(clean));
    int ret = clean.len > 0 ? irc_out_add(v->out.lines, buf_str(&line), e)
                            : err_set(e, ERR_VALUE, "nothing to send");
    buf_fini(&pool);
    buf_fini(&line);
    if (ret == 0 && v->out.http.call == NULL && !loop_timer_is_running(&v->out.timer))
        send_next(s);
    return ret;
}

static void
stop_writing(struct source *s, const char *why)
{
    struct vk *v = s->own;
    v->out.refused = true;
    irc_out_reset(v->out.lines);
    source_degraded(s, "muted", "we can read but not write: %s", why);
    source_sent(s, SOURCE_FORBIDDEN, "%s", why);
}

static void
sent(struct source *s, const struct fetch_answer *a)
{
    struct buf words = BUF_INIT;
    json_t *o = a->status == 200
                    ? json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, NULL)
                    : NULL;
    if (o != NULL && vk_fault_of(o, &words) != VK_FINE)
        stop_writing(s, words.len > 0 ? words.data : "no reason given");
    else if (o == NULL)
        source_sent(s, SOURCE_UNSENT, "not confirmed (HTTP %d)", a->status);
    else
        source_sent(s, SOURCE_SENT, "%s", "");
    json_decref(o);
    buf_fini(&words);
    send_next(s);
}

static void
say(struct source *s, struct str line)
{
    struct vk *v = s->own;
    struct buf form = BUF_INIT;
    struct str text = line, answers = STR_NONE;
    bool wall = v->target.place == VK_WALL;
    (void)str_split(&text, '\n', &answers);
    source_vk_field(&form, "owner_id", v->target.owner);
    source_vk_field(&form, wall ? "post_id" : "video_id", v->target.number);
    source_vk_field(&form, "guid", (int64_t)(source_random(&s->random) >> 33));
    source_vk_field(&form, "from_group", wall ? v->group : 1);
    if (!str_eq(answers, STR_LIT("0")))
        token_add_field(&form, "reply_to_comment", answers);
    token_add_field(&form, "message", text);
    source_vk_call(&v->out.http, wall ? "wall.createComment" : "video.createComment",
                   &form, 0, sent);
}

static void
send_next(void *arg)
{
    struct source *s = arg;
    struct vk *v = s->own;
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
source_vk_send_again(struct source *s)
{
    struct vk *v = s->own;
    v->out.refused = false;
}

void
source_vk_out_stop(struct source *s)
{
    struct vk *v = s->own;
    source_http_stop(&v->out.http);
    loop_timer_stop(&v->out.timer);
    irc_out_reset(v->out.lines);
    v->out.refused = false;
}
