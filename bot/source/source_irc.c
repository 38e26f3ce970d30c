/* SPDX-License-Identifier: Apache-2.0 */
/* source_irc.c - keeping a place in an IRC channel over WebSocket: any server with
 * IRCv3's WebSocket framing, and Twitch.
 *
 * irc.c says what a line means; here is what to do about it: register, join, answer
 * pings, notice silence, tell a refusal from a mishap. Twitch without a token is a preset
 * of the same: its address, its capabilities, an anonymous nick when there is no
 * password. Framing differs: a plain server takes a line for each frame and no CR LF (two
 * lines in one frame would be glued together); Twitch takes CR LF. No subprotocol is
 * asked for: servers that know none would make a strict client fail. A stage that does
 * not end in time is a failure; a channel that does not exist on Twitch shows in no other
 * way. */
#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "source/adapter.h"
#include "source/irc.h"
#include "source/irc_out.h"
#include "source/irc_target.h"
#include "source/source_eventsub.h"

#define TWITCH_URL "wss://irc-ws.chat.twitch.tv:443/"

enum {
    PIECE = 400,   /* bytes of text in a line: 512 less prefix, command and channel */
    NICK_TRIES = 5 /* then the server is left alone for a while */
};

enum stage { STAGE_OFF, STAGE_CONNECTING, STAGE_REGISTERING, STAGE_JOINING, STAGE_IN };

struct irc {
    struct ws *ws; /* owned; NULL when off */
    enum stage stage;
    struct irc_decoder decoder;
    struct buf channel, nick; /* "#efir"; what the server knows us by */
    struct buf caps;          /* what it offered that we want, for CAP REQ */
    unsigned nick_tries;
    bool has_tags, waits_for_pong;
    struct loop_timer stage_timer, ping_timer, out_timer;
    struct irc_out *out; /* owned */
};

static bool
is_twitch(const struct source *s)
{
    return s->adapter == &source_twitch;
}

static bool
is_anonymous(const struct source *s)
{
    return is_twitch(s) && (s->secret == NULL || s->secret[0] == '\0');
}

/* --- lines out */

static void send_line(struct source *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
send_line(struct source *s, const char *fmt, ...)
{
    struct irc *irc = s->own;
    struct buf line = BUF_INIT;
    struct err e = ERR_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&line, fmt, ap);
    va_end(ap);
    if (is_twitch(s))
        buf_add_cstr(&line, "\r\n");
    if (irc->ws != NULL && ws_send(irc->ws, buf_str(&line), &e) < 0)
        log_warn("source", "%s: %s", s->name, e.msg);
    buf_fini(&line);
}

static void
send_waiting(void *arg)
{
    struct source *s = arg;
    struct irc *irc = s->own;
    struct buf line = BUF_INIT;
    while (irc_out_next(irc->out, clock_mono_ms(s->clock), &line))
        send_line(s, "%s", line.data);
    buf_fini(&line);
    int64_t wait_ms = irc_out_wait_ms(irc->out, clock_mono_ms(s->clock));
    if (wait_ms >= 0)
        loop_timer_start(s->env.loop, &irc->out_timer, wait_ms, send_waiting, s);
}

static bool
irc_can_send(const struct source *s)
{
    const struct irc *irc = s->own;
    return irc != NULL && irc->stage == STAGE_IN && !is_anonymous(s);
}

static int
irc_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    struct irc *irc = s->own;
    if (!irc_can_send(s))
        return err_set(e, ERR_BAD_STATE, "%s",
                       is_anonymous(s) ? "an anonymous source cannot send"
                                       : "not connected");
    struct buf pool = BUF_INIT, line = BUF_INIT;
    struct str left = irc_out_clean(text, &pool);
    int ret = left.len > 0 ? 0 : err_set(e, ERR_VALUE, "nothing to send");
    while (ret == 0 && left.len > 0) {
        struct str piece = irc_out_piece(&left, is_twitch(s) ? BOUNDS_TEXT : PIECE);
        buf_reset(&line);
        if (reply_to.len > 0 && irc->has_tags) {
            buf_add_cstr(&line,
                         is_twitch(s) ? "@reply-parent-msg-id=" : "@+draft/reply=");
            irc_out_escape(&line, reply_to);
            buf_add_char(&line, ' ');
        }
        buf_addf(&line, "PRIVMSG %s :%.*s", irc->channel.data, STR_ARG(piece));
        ret = irc_out_add(irc->out, buf_str(&line), e);
    }
    buf_fini(&pool);
    buf_fini(&line);
    if (!loop_timer_is_running(&irc->out_timer))
        send_waiting(s);
    return ret;
}

/* --- the stages */

static void
stage_timed_out(void *arg)
{
    struct source *s = arg;
    struct irc *irc = s->own;
    if (irc->stage == STAGE_JOINING)
        source_lost(s, "join", "joining %s was not confirmed: is the name right?",
                    irc->channel.data);
    else
        source_lost(s, "silent", "the server does not answer");
}

static void
enter(struct source *s, enum stage stage)
{
    struct irc *irc = s->own;
    irc->stage = stage;
    loop_timer_start(s->env.loop, &irc->stage_timer, s->timing.join, stage_timed_out, s);
}

static void
set_nick(struct irc *irc, struct str nick)
{
    if (nick.len == 0)
        return;
    char *copy = mem_strndup(nick.p, nick.len); /* may lie in the buffer itself */
    buf_reset(&irc->nick);
    buf_add_cstr(&irc->nick, copy);
    mem_free(copy);
    irc->decoder.nick = buf_str(&irc->nick);
}

static void
first_nick(struct source *s)
{
    struct irc *irc = s->own;
    struct buf nick = BUF_INIT;
    if (is_anonymous(s))
        buf_addf(&nick, "justinfan%u",
                 10000 + (unsigned)(source_random(&s->random) % 90000));
    else if (s->nick != NULL)
        buf_add_cstr(&nick, s->nick);
    else
        buf_add_cstr(&nick, is_twitch(s) ? s->target : "suraq");
    for (size_t i = 0; is_twitch(s) && i < nick.len; i++)
        if (nick.data[i] >= 'A' && nick.data[i] <= 'Z')
            nick.data[i] += 'a' - 'A';
    irc->nick_tries = 0;
    set_nick(irc, buf_str(&nick));
    buf_fini(&nick);
}

static void
send_pass(struct source *s)
{
    if (s->secret == NULL || s->secret[0] == '\0')
        return;
    bool bare = is_twitch(s) && !str_has_prefix(str_from(s->secret), STR_LIT("oauth:"));
    send_line(s, "PASS %s%s", bare ? "oauth:" : "", s->secret);
}

static void
on_open(void *arg)
{
    struct source *s = arg;
    struct irc *irc = s->own;
    enter(s, STAGE_REGISTERING);
    first_nick(s);
    send_line(s,
              is_twitch(s) ? "CAP REQ :twitch.tv/tags twitch.tv/commands" : "CAP LS 302");
    send_pass(s);
    send_line(s, "NICK %s", irc->nick.data);
    if (!is_twitch(s))
        send_line(s, "USER %s 0 * :Suraq", irc->nick.data);
}

static void
on_frame(void *arg, struct str frame)
{
    struct source *s = arg;
    source_input(s, frame);
}

static void
on_closed(void *arg, const char *code, const struct err *e)
{
    source_lost(arg, code, "%s", e->msg);
}

static void
irc_start(struct source *s)
{
    struct irc *irc = s->own;
    struct err e = ERR_INIT;
    struct ws_conf conf = {.url = s->url,
                           .ca_file = s->ca_file,
                           .proxy = s->proxy,
                           .connect_ms = s->timing.connect};
    struct ws_events on = {
        .open = on_open, .message = on_frame, .closed = on_closed, .arg = s};
    irc->stage = STAGE_CONNECTING;
    irc->has_tags = false;
    irc->decoder.joined_ms = 0;
    buf_reset(&irc->caps);
    buf_reset(&irc->channel);
    buf_addf(&irc->channel, "%s%s", is_twitch(s) ? "#" : "", s->target);
    irc->decoder.channel = buf_str(&irc->channel);
    irc->ws = ws_open(s->env.loop, s->env.worker, &conf, &on, &e);
    if (irc->ws == NULL && e.code == ERR_VALUE)
        source_refused(s, "refused", "%s", e.msg);
    else if (irc->ws == NULL)
        source_lost(s, "refused", "%s", e.msg);
}

static void
irc_stop(struct source *s)
{
    struct irc *irc = s->own;
    irc->stage = STAGE_OFF;
    irc->waits_for_pong = false;
    loop_timer_stop(&irc->stage_timer);
    loop_timer_stop(&irc->ping_timer);
    loop_timer_stop(&irc->out_timer);
    irc_out_reset(irc->out);
    ws_close(&irc->ws);
}

/* --- keeping alive */

static void
ping(void *arg)
{
    struct source *s = arg;
    struct irc *irc = s->own;
    if (irc->waits_for_pong && !s->paused) { /* paused: the silence is ours */
        source_lost(s, "silent", "the server does not answer any more");
        return;
    }
    irc->waits_for_pong = true;
    send_line(s, "PING :suraq");
    loop_timer_start(s->env.loop, &irc->ping_timer, s->timing.pong, ping, s);
}

/* Whatever the server sends proves that it lives. */
static void
heard(struct source *s)
{
    struct irc *irc = s->own;
    if (irc->stage != STAGE_IN || !irc->waits_for_pong)
        return;
    irc->waits_for_pong = false;
    loop_timer_start(s->env.loop, &irc->ping_timer, s->timing.ping, ping, s);
}

/* --- what the server says */

static void
note_offer(struct irc *irc, struct str offered)
{
    static const struct str wanted[] = {
        STR_LIT("message-tags"), STR_LIT("server-time"),
        STR_LIT("echo-message"), STR_LIT("account-tag"),
        STR_LIT("draft/msgid"),  STR_LIT("msgid"),
        STR_LIT("message-ids"),  STR_LIT("draft/message-redaction"),
    };
    struct str cap;
    while (str_split(&offered, ' ', &cap)) {
        struct str rest = cap, name;
        if (!str_split(&rest, '=', &name))
            continue;
        for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
            if (str_eq(name, wanted[i]))
                buf_addf(&irc->caps, "%s%.*s", irc->caps.len > 0 ? " " : "",
                         STR_ARG(name));
    }
}

static void
on_cap(struct source *s, const struct irc_event *ev)
{
    struct irc *irc = s->own;
    if (str_eq_ascii_nocase(ev->code, STR_LIT("LS"))) {
        note_offer(irc, ev->text);
        if (ev->more)
            return;
        if (irc->caps.len > 0)
            send_line(s, "CAP REQ :%s", irc->caps.data);
        else
            send_line(s, "CAP END");
        return;
    }
    bool granted = str_eq_ascii_nocase(ev->code, STR_LIT("ACK"));
    if (!granted && !str_eq_ascii_nocase(ev->code, STR_LIT("NAK")))
        return;
    if (granted)
        irc->has_tags = true;
    else
        log_warn("source", "%s: the server grants no tags: no ids, no deletions",
                 s->name);
    if (!is_twitch(s) && irc->stage == STAGE_REGISTERING)
        send_line(s, "CAP END");
}

static void
on_welcome(struct source *s, const struct irc_event *ev)
{
    struct irc *irc = s->own;
    if (irc->stage != STAGE_REGISTERING)
        return;
    set_nick(irc, ev->text);
    enter(s, STAGE_JOINING);
    send_line(s, "JOIN %s", irc->channel.data);
}

static void
on_joined(struct source *s, const struct irc_event *ev)
{
    struct irc *irc = s->own;
    if (irc->stage != STAGE_JOINING)
        return;
    irc->stage = STAGE_IN;
    irc->decoder.joined_ms = ev->at_ms;
    loop_timer_stop(&irc->stage_timer);
    loop_timer_start(s->env.loop, &irc->ping_timer, s->timing.ping, ping, s);
    source_live(s);
}

static void
on_nick_taken(struct source *s)
{
    struct irc *irc = s->own;
    if (irc->stage != STAGE_REGISTERING)
        return;
    if (++irc->nick_tries > NICK_TRIES) {
        source_lost(s, "refused", "the nick '%s' and its like are taken", irc->nick.data);
        return;
    }
    struct buf nick = BUF_INIT;
    buf_addf(&nick, "%s%u", s->nick != NULL ? s->nick : "suraq",
             irc->nick_tries == 1 ? 2 : (unsigned)(source_random(&s->random) % 1000));
    set_nick(irc, buf_str(&nick));
    buf_fini(&nick);
    send_line(s, "NICK %s", irc->nick.data);
}

static void
on_muted(struct source *s, const struct irc_event *ev)
{
    struct irc *irc = s->own;
    if (irc->stage == STAGE_IN)
        source_degraded(s, "muted", "we can read but not write: %.*s", STR_ARG(ev->text));
    source_sent(s, SOURCE_FORBIDDEN, "%.*s", STR_ARG(ev->text));
}

/* False when the line must be handled again. */
static bool
on_event(struct source *s, const struct irc_event *ev)
{
    struct irc *irc = s->own;
    if (ev->kind == IRC_MESSAGE)
        return source_deliver(s, &ev->message);
    if (irc->ws == NULL)
        return true; /* words of a connection that is gone */
    switch (ev->kind) {
    case IRC_NOTHING:
    case IRC_MESSAGE:
    case IRC_PONG:
        break;
    case IRC_PING:
        send_line(s, "PONG :%.*s", STR_ARG(ev->text));
        break;
    case IRC_CAP:
        on_cap(s, ev);
        break;
    case IRC_WELCOME:
        on_welcome(s, ev);
        break;
    case IRC_JOINED:
        on_joined(s, ev);
        break;
    case IRC_NICK_TAKEN:
        on_nick_taken(s);
        break;
    case IRC_NICK_NOW:
        set_nick(irc, ev->text);
        break;
    case IRC_AUTH:
        source_refused(s, "auth", "the password or token was refused: %.*s",
                       STR_ARG(ev->text));
        break;
    case IRC_REFUSED:
        source_refused(s, "join", "the server refuses: %.*s", STR_ARG(ev->text));
        break;
    case IRC_FULL:
        source_lost(s, "join", "the server refuses for now: %.*s", STR_ARG(ev->text));
        break;
    case IRC_LEFT:
        source_lost(s, "join", "put out of the channel: %.*s", STR_ARG(ev->text));
        break;
    case IRC_MUTED:
        on_muted(s, ev);
        break;
    case IRC_NOTE:
        log_info("source", "%s: %.*s", s->name, STR_ARG(ev->text));
        if (str_has_prefix(ev->code, STR_LIT("msg_"))) /* why not to a line of ours */
            source_sent(s, SOURCE_UNSENT, "%.*s", STR_ARG(ev->text));
        break;
    case IRC_RECONNECT:
        source_again(s, "the server asks to connect anew");
        break;
    case IRC_ERROR:
        source_lost(s, "closed", "the server closes: %.*s", STR_ARG(ev->text));
        break;
    }
    return true;
}

static void
irc_line(struct source *s, struct str frame)
{
    struct irc *irc = s->own;
    struct str line;
    bool go_on = true;
    heard(s);
    while (go_on && irc_next_line(&frame, &line)) {
        struct irc_event ev;
        struct err e = ERR_INIT;
        if (irc_decode(&irc->decoder, line, &ev, &e) < 0)
            source_garbage(s, &e);
        else
            go_on = on_event(s, &ev);
    }
}

static void
irc_pause(struct source *s, bool paused)
{
    struct irc *irc = s->own;
    if (irc->ws != NULL)
        ws_pause(irc->ws, paused);
}

/* --- settings */

static int
irc_check(struct source *s, struct err *e)
{
    if (s->url == NULL && is_twitch(s))
        s->url = mem_strdup(TWITCH_URL);
    if (s->url == NULL)
        return err_set(e, ERR_VALUE, "'url' is missing");
    if (ws_check_url(s->url, e) < 0)
        return -1;
    if (s->target == NULL)
        return err_set(e, ERR_VALUE, "'channel' is missing");
    if (s->nick != NULL &&
        (!irc_is_word(str_from(s->nick), ":!@*?,") || strlen(s->nick) > 64))
        return err_set(e, ERR_VALUE, "'%s' is no nick", s->nick);
    if (s->secret != NULL && s->secret[0] != '\0' &&
        !irc_is_word(str_from(s->secret), ""))
        return err_set(e, ERR_VALUE, "the password has a space or a control character");
    struct irc *irc = mem_zalloc(sizeof(*irc));
    irc->decoder.twitch = is_twitch(s);
    irc->out =
        irc_out_new(s->timing.send_burst, s->timing.send_window, s->timing.send_gap);
    s->own = irc;
    return 0;
}

static void
irc_free(struct source *s)
{
    struct irc *irc = s->own;
    if (irc == NULL)
        return;
    irc_decoder_fini(&irc->decoder);
    buf_fini(&irc->channel);
    buf_fini(&irc->nick);
    buf_fini(&irc->caps);
    irc_out_free(&irc->out);
    mem_free(irc);
}

/* Twitch with a token is another protocol. */
static int
twitch_check(struct source *s, struct err *e)
{
    if (s->token_file == NULL)
        return irc_check(s, e);
    s->adapter = &source_eventsub;
    return s->adapter->check(s, e);
}

#define IRC_ADAPTER                                                           \
    .start = irc_start, .stop = irc_stop, .free = irc_free, .line = irc_line, \
    .pause = irc_pause, .can_send = irc_can_send, .send = irc_send
const struct source_adapter source_irc = {
    .kind = "irc", .check = irc_check, .parse_target = irc_target_channel, IRC_ADAPTER};
const struct source_adapter source_twitch = {.kind = "twitch",
                                             .check = twitch_check,
                                             .parse_target = irc_target_twitch,
                                             .token = eventsub_token,
                                             IRC_ADAPTER};
