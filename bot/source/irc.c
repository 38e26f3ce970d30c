/* SPDX-License-Identifier: Apache-2.0 */
/* irc.c - from a line of IRC to what it means: a chat message, a deletion, or one of the
 * few things that the connection must act on. Twitch's dialect and plain IRCv3 share one
 * table: their tags do not contradict each other.
 *
 * Decides nothing about the connection (source_irc.c does). A line with bad UTF-8 or a
 * NUL is mended first and its message marked `repaired`, so that a person looks at it. In
 * a Twitch reply the text begins with the "@name " that Twitch puts there: it is kept,
 * because it is part of what everybody saw; `reply_to` tells that it is a reply. Twitch
 * repeats lines of a shared chat in each room: those that belong to another room are not
 * ours. Plain IRC has no stable author ids unless people are logged in: then the name
 * stands for the author. */
#include "source/irc.h"

#include "base/bounds.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "source/twitch.h"

struct rule {
    const char *command;
    size_t min_params;
    void (*decode)(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev);
    enum irc_kind kind; /* where no function is needed: last parameter as text */
};

void
irc_decoder_fini(struct irc_decoder *d)
{
    buf_fini(&d->mended);
    buf_fini(&d->unescaped);
}

static struct str
value(struct irc_decoder *d, const struct irc_line *l, enum irc_tag tag)
{
    return irc_unescape(l->tags[tag], &d->unescaped);
}

/* An id that is too long is none: a cut one would be somebody else's. */
static struct str
id_value(struct irc_decoder *d, const struct irc_line *l, enum irc_tag tag)
{
    struct str id = value(d, l, tag);
    return id.len <= BOUNDS_ID ? id : STR_NONE;
}

static struct str
first_id(struct irc_decoder *d, const struct irc_line *l, const enum irc_tag tags[3])
{
    struct str id = STR_NONE;
    for (size_t i = 0; i < 3 && id.len == 0; i++)
        id = id_value(d, l, tags[i]);
    return id;
}

static struct str
last_param(const struct irc_line *l)
{
    return l->n_params > 0 ? l->params[l->n_params - 1] : STR_NONE;
}

static bool
is_ours(const struct irc_decoder *d, struct str channel)
{
    return str_eq_ascii_nocase(channel, d->channel);
}

static bool
is_me(const struct irc_decoder *d, const struct irc_line *l)
{
    return d->nick.len > 0 && str_eq_ascii_nocase(irc_nick(l->source), d->nick);
}

/* A line that Twitch repeats here from another room of a shared chat. */
static bool
is_from_other_room(const struct irc_line *l)
{
    struct str from = l->tags[IRC_TAG_SOURCE_ROOM_ID], room = l->tags[IRC_TAG_ROOM_ID];
    return from.len > 0 && !str_eq(from, room);
}

static int64_t
server_time(struct irc_decoder *d, const struct irc_line *l)
{
    int64_t ms;
    struct err ignored = ERR_INIT;
    struct str sent = l->tags[IRC_TAG_SENT_TS], at = l->tags[IRC_TAG_TIME];
    if (sent.len > 0 && str_to_i64(sent, 1, INT64_C(1) << 46, &ms, &ignored) == 0)
        return ms;
    err_reset(&ignored);
    if (at.len > 0 &&
        clock_parse_iso(irc_unescape(at, &d->unescaped), &ms, &ignored) == 0)
        return ms;
    return 0;
}

/* --- people */

static unsigned
badge_role(struct str badge)
{
    struct str set;
    return str_split(&badge, '/', &set) ? twitch_badge_role(set) : 0;
}

static unsigned
roles(struct irc_decoder *d, const struct irc_line *l)
{
    unsigned found = 0;
    struct str rest = value(d, l, IRC_TAG_BADGES), badge;
    while (str_split(&rest, ',', &badge))
        found |= badge_role(badge);
    if (str_eq(l->tags[IRC_TAG_MOD], STR_LIT("1")))
        found |= MESSAGE_MODERATOR;
    if (str_eq(l->tags[IRC_TAG_VIP], STR_LIT("1")))
        found |= MESSAGE_VIP;
    if (str_eq(l->tags[IRC_TAG_SUBSCRIBER], STR_LIT("1")))
        found |= MESSAGE_MEMBER;
    struct str type = l->tags[IRC_TAG_USER_TYPE];
    if (str_eq(type, STR_LIT("mod")))
        found |= MESSAGE_MODERATOR;
    else if (type.len > 0)
        found |= badge_role(type);
    if (l->tags[IRC_TAG_BOT].p != NULL || l->tags[IRC_TAG_DRAFT_BOT].p != NULL ||
        l->tags[IRC_TAG_INSPIRCD_BOT].p != NULL)
        found |= MESSAGE_BOT;
    return found;
}

static void
set_author(struct irc_decoder *d, const struct irc_line *l, struct message *m)
{
    m->author_id = id_value(d, l, IRC_TAG_USER_ID);
    if (m->author_id.len == 0)
        m->author_id = id_value(d, l, IRC_TAG_ACCOUNT);
    m->author_name = str_trim(value(d, l, IRC_TAG_DISPLAY_NAME));
    if (m->author_name.len == 0)
        m->author_name = value(d, l, IRC_TAG_LOGIN);
    if (m->author_name.len == 0)
        m->author_name = irc_nick(l->source);
    m->author_name = utf8_prefix(m->author_name, BOUNDS_NAME);
    m->roles = roles(d, l);
}

/* --- lines of the chat */

static void
set_chat(struct irc_decoder *d, const struct irc_line *l, struct str text,
         struct irc_event *ev)
{
    static const enum irc_tag ids[] = {IRC_TAG_ID, IRC_TAG_MSGID, IRC_TAG_DRAFT_MSGID};
    static const enum irc_tag replies[] = {IRC_TAG_REPLY_PARENT, IRC_TAG_REPLY,
                                           IRC_TAG_DRAFT_REPLY};
    struct message *m = &ev->message;
    ev->kind = IRC_MESSAGE;
    m->kind = MESSAGE_CHAT;
    m->id = first_id(d, l, ids);
    m->reply_to = first_id(d, l, replies);
    m->at_ms = ev->at_ms;
    m->backlog = ev->at_ms != 0 && ev->at_ms < d->joined_ms;
    m->repaired = m->repaired || text.len > BOUNDS_TEXT;
    m->text = irc_plain(utf8_prefix(text, BOUNDS_TEXT), &d->unescaped);
    set_author(d, l, m);
}

/* The text of "\x01ACTION text\x01"; false for any other request of this kind. */
static bool
unwrap_action(struct str *text)
{
    static const struct str prefix = STR_LIT("\x01"
                                             "ACTION ");
    if (text->len == 0 || text->p[0] != '\x01')
        return true;
    if (!str_has_prefix(*text, prefix))
        return false;
    *text = (struct str){.p = text->p + prefix.len, .len = text->len - prefix.len};
    if (text->len > 0 && text->p[text->len - 1] == '\x01')
        text->len--;
    return true;
}

static void
on_privmsg(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    struct str text = l->params[1];
    if (!is_ours(d, l->params[0]) || is_from_other_room(l) ||
        (!d->twitch && is_me(d, l)) || !unwrap_action(&text))
        return;
    set_chat(d, l, text, ev);
}

/* Announcements and the words that people add when they subscribe; the rest has no text.
 */
static void
on_usernotice(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_ours(d, l->params[0]) && !is_from_other_room(l) && irc_param(l, 1).len > 0)
        set_chat(d, l, l->params[1], ev);
}

static void
set_delete(struct irc_event *ev, struct str id)
{
    if (id.len == 0 || id.len > BOUNDS_ID)
        return;
    ev->kind = IRC_MESSAGE;
    ev->message.kind = MESSAGE_DELETE;
    ev->message.id = id;
    ev->message.at_ms = ev->at_ms;
}

static void
on_clearmsg(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_ours(d, l->params[0]))
        set_delete(ev, id_value(d, l, IRC_TAG_TARGET_MSG_ID));
}

static void
on_redact(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_ours(d, l->params[0]))
        set_delete(ev, l->params[1]);
}

/* Without tags the login is all there is, and it was all there was in the messages. */
static void
on_clearchat(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_ours(d, l->params[0]) || is_from_other_room(l))
        return;
    struct message *m = &ev->message;
    struct str login = irc_param(l, 1);
    ev->kind = IRC_MESSAGE;
    m->at_ms = ev->at_ms;
    m->kind = login.len > 0 ? MESSAGE_DELETE_AUTHOR : MESSAGE_DELETE_ALL;
    m->author_name = utf8_prefix(login, BOUNDS_NAME);
    m->author_id = id_value(d, l, IRC_TAG_TARGET_USER_ID);
    if (m->author_id.len == 0)
        m->author_id = m->author_name;
}

/* --- the connection */

static void
on_cap(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    (void)d;
    ev->kind = IRC_CAP;
    ev->code = l->params[1];
    ev->text = str_trim(last_param(l));
    ev->more = l->n_params > 3 && str_eq(l->params[2], STR_LIT("*"));
}

static void
on_welcome(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    (void)d;
    ev->kind = IRC_WELCOME;
    ev->text = l->params[0];
}

static void
on_join(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_me(d, l) && is_ours(d, l->params[0]))
        ev->kind = IRC_JOINED;
}

static void
on_roomstate(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_ours(d, l->params[0]))
        ev->kind = IRC_JOINED;
}

/* 353 "me = #channel :names", 366 "me #channel :end". */
static void
on_names(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (is_ours(d, l->params[l->n_params - 2]))
        ev->kind = IRC_JOINED;
}

static void
on_kick(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_ours(d, l->params[0]) || !str_eq_ascii_nocase(l->params[1], d->nick))
        return;
    ev->kind = IRC_LEFT;
    ev->text = irc_param(l, 2);
}

static void
on_part(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_me(d, l) || !is_ours(d, l->params[0]))
        return;
    ev->kind = IRC_LEFT;
    ev->text = irc_param(l, 1);
}

static void
on_nick(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_me(d, l))
        return;
    ev->kind = IRC_NICK_NOW;
    ev->text = l->params[0];
}

static enum irc_kind
notice_kind(struct str code)
{
    static const struct {
        struct str code;
        enum irc_kind kind;
    } codes[] = {
        {STR_LIT("msg_channel_suspended"), IRC_REFUSED},
        {STR_LIT("tos_ban"), IRC_REFUSED},
        {STR_LIT("msg_banned"), IRC_MUTED},
        {STR_LIT("msg_suspended"), IRC_MUTED},
        {STR_LIT("msg_verified_email"), IRC_MUTED},
        {STR_LIT("msg_requires_verified_phone_number"), IRC_MUTED},
        {STR_LIT("msg_followersonly"), IRC_MUTED},
        {STR_LIT("msg_followersonly_followed"), IRC_MUTED},
        {STR_LIT("msg_followersonly_zero"), IRC_MUTED},
        {STR_LIT("msg_subsonly"), IRC_MUTED},
        {STR_LIT("msg_emoteonly"), IRC_MUTED},
    };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (str_eq(code, codes[i].code))
            return codes[i].kind;
    return IRC_NOTE;
}

/* Twitch says of a bad token only in words, and only to "*": before we are registered. */
static bool
is_login_failure(struct str text)
{
    static const struct str says[] = {
        STR_LIT("Login authentication failed"), STR_LIT("Improperly formatted auth"),
        STR_LIT("Login unsuccessful"), STR_LIT("Error logging in"),
        STR_LIT("Invalid NICK")};
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        if (str_eq(text, says[i]))
            return true;
    return false;
}

static void
on_notice(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!d->twitch)
        return; /* elsewhere a notice is how bots and services talk to people */
    ev->text = l->params[1];
    ev->code = value(d, l, IRC_TAG_MSG_ID);
    if (is_login_failure(ev->text))
        ev->kind = IRC_AUTH;
    else if (is_ours(d, l->params[0]))
        ev->kind = notice_kind(ev->code);
}

/* A numeric that refuses a channel: only ours counts. */
static void
on_join_failure(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_ours(d, l->params[1]))
        return;
    bool later = str_eq(l->command, STR_LIT("405")) ||
                 str_eq(l->command, STR_LIT("471")) || str_eq(l->command, STR_LIT("437"));
    ev->kind = later ? IRC_FULL : IRC_REFUSED;
    ev->code = l->command;
    ev->text = last_param(l);
}

static void
on_bad_nick(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    (void)d;
    ev->kind = IRC_REFUSED;
    ev->code = l->command;
    ev->text = last_param(l);
}

/* 404 "me #channel :Cannot send". */
static void
on_cannot_send(struct irc_decoder *d, const struct irc_line *l, struct irc_event *ev)
{
    if (!is_ours(d, l->params[1]))
        return;
    ev->kind = IRC_MUTED;
    ev->code = l->command;
    ev->text = last_param(l);
}

static const struct rule rules[] = {
    {"PRIVMSG", 2, on_privmsg, IRC_NOTHING},
    {"USERNOTICE", 1, on_usernotice, IRC_NOTHING},
    {"CLEARMSG", 1, on_clearmsg, IRC_NOTHING},
    {"CLEARCHAT", 1, on_clearchat, IRC_NOTHING},
    {"REDACT", 2, on_redact, IRC_NOTHING},
    {"PING", 0, NULL, IRC_PING},
    {"PONG", 0, NULL, IRC_PONG},
    {"RECONNECT", 0, NULL, IRC_RECONNECT},
    {"ERROR", 0, NULL, IRC_ERROR},
    {"CAP", 2, on_cap, IRC_NOTHING},
    {"JOIN", 1, on_join, IRC_NOTHING},
    {"PART", 1, on_part, IRC_NOTHING},
    {"KICK", 2, on_kick, IRC_NOTHING},
    {"NICK", 1, on_nick, IRC_NOTHING},
    {"NOTICE", 2, on_notice, IRC_NOTHING},
    {"ROOMSTATE", 1, on_roomstate, IRC_NOTHING},
    {"001", 1, on_welcome, IRC_NOTHING},
    {"353", 2, on_names, IRC_NOTHING},
    {"366", 2, on_names, IRC_NOTHING},
    {"403", 2, on_join_failure, IRC_NOTHING},
    {"404", 2, on_cannot_send, IRC_NOTHING},
    {"405", 2, on_join_failure, IRC_NOTHING},
    {"432", 0, on_bad_nick, IRC_NOTHING},
    {"433", 0, NULL, IRC_NICK_TAKEN},
    {"436", 0, NULL, IRC_NICK_TAKEN},
    {"437", 2, on_join_failure, IRC_NOTHING},
    {"464", 0, NULL, IRC_AUTH},
    {"465", 0, on_bad_nick, IRC_NOTHING},
    {"471", 2, on_join_failure, IRC_NOTHING},
    {"473", 2, on_join_failure, IRC_NOTHING},
    {"474", 2, on_join_failure, IRC_NOTHING},
    {"475", 2, on_join_failure, IRC_NOTHING},
    {"476", 2, on_join_failure, IRC_NOTHING},
    {"477", 2, on_join_failure, IRC_NOTHING},
    {"489", 2, on_join_failure, IRC_NOTHING},
    {"520", 2, on_join_failure, IRC_NOTHING},
};

/* U+FFFD for what is not UTF-8 and for NUL, which no line of IRC may have. */
static struct str
mend(struct irc_decoder *d, struct str line)
{
    buf_reset(&d->mended);
    struct str rest = line, part;
    while (str_split(&rest, '\0', &part)) {
        utf8_repair(part, &d->mended);
        if (rest.p != NULL)
            utf8_add(&d->mended, UTF8_REPLACEMENT);
    }
    return buf_str(&d->mended);
}

int
irc_decode(struct irc_decoder *d, struct str line, struct irc_event *ev, struct err *e)
{
    *ev = (struct irc_event){.kind = IRC_NOTHING};
    if (line.len > 0 &&
        (!utf8_is_valid(line) || memchr(line.p, '\0', line.len) != NULL)) {
        ev->message.repaired = true;
        line = mend(d, line);
    }
    buf_reset(&d->unescaped);
    buf_reserve(&d->unescaped, line.len);
    struct irc_line l;
    if (irc_parse(line, &l, e) < 0)
        return -1;
    ev->at_ms = server_time(d, &l);
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (!str_eq_ascii_nocase(l.command, str_from(rules[i].command)))
            continue;
        if (l.n_params < rules[i].min_params)
            return err_set(e, ERR_PARSE, "'%s' without its parameters", rules[i].command);
        if (rules[i].decode != NULL)
            rules[i].decode(d, &l, ev);
        else
            *ev = (struct irc_event){
                .kind = rules[i].kind, .text = last_param(&l), .at_ms = ev->at_ms};
        break;
    }
    return 0;
}
