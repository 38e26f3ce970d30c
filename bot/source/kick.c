/* SPDX-License-Identifier: Apache-2.0 */
/* kick.c - Kick's deliveries to messages, and the answers of its API.
 *
 * Only two kinds of delivery concern a chat: a line, and a ban, which takes back what its
 * author said (a time-out too: somebody judged that he went too far). A single deletion
 * is not told by Kick. Emotes stand in the text as "[emote:37226:KEKW]"; their positions
 * are not used, since the documents do not say what they count. */
#include "source/kick.h"

#include <string.h>

#include "base/bounds.h"
#include "source/json.h"

enum { NAME_MAX_LEN = 64, SUBSCRIPTIONS = 1000 };

static json_t *
parse(struct str body, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    if (o != NULL && json_is_object(o))
        return o;
    json_decref(o);
    (void)err_set(e, ERR_PARSE, "it is not a JSON object");
    return NULL;
}

/* --- deliveries */

static struct str
number_at(const json_t *o, const char *path, struct buf *room)
{
    buf_reset(room);
    json_id(o, path, room);
    return buf_str(room);
}

/* Anybody may name his channel with the digits of another one's number: a number is
 * compared with the number alone. */
static bool
is_here(const json_t *o, struct str channel)
{
    struct buf room = BUF_INIT;
    bool here =
        kick_is_number(channel)
            ? str_eq(number_at(o, "broadcaster.user_id", &room), channel)
            : str_eq_ascii_nocase(json_text(o, "broadcaster.channel_slug"), channel);
    buf_fini(&room);
    return here && channel.len > 0;
}

static unsigned
role_of(struct str badge)
{
    static const struct {
        const char *badge;
        unsigned role;
    } roles[] = {
        {"broadcaster", MESSAGE_OWNER}, {"moderator", MESSAGE_MODERATOR},
        {"vip", MESSAGE_VIP},           {"og", MESSAGE_MEMBER},
        {"founder", MESSAGE_MEMBER},    {"subscriber", MESSAGE_MEMBER},
        {"staff", MESSAGE_STAFF},       {"bot", MESSAGE_BOT},
        {"verified", MESSAGE_VERIFIED},
    };
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_eq(badge, str_from(roles[i].badge)))
            return roles[i].role;
    }
    return 0;
}

static unsigned
roles_of(const json_t *o, struct str author)
{
    const json_t *badges = json_at(o, "sender.identity.badges");
    unsigned roles = json_flag(o, "sender.is_verified") ? MESSAGE_VERIFIED : 0;
    struct buf room = BUF_INIT;
    for (size_t i = 0; i < json_array_size(badges); i++)
        roles |= role_of(json_text(json_array_get(badges, i), "type"));
    if (author.len > 0 && str_eq(number_at(o, "broadcaster.user_id", &room), author))
        roles |= MESSAGE_OWNER;
    buf_fini(&room);
    return roles;
}

/* The name of an emote that stands at `s`, and how long it is there; 0: none does. */
static size_t
emote_at(struct str s, struct str *name)
{
    size_t i = 7;
    if (!str_has_prefix(s, STR_LIT("[emote:")))
        return 0;
    while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    if (i == 7 || i >= s.len || s.p[i] != ':')
        return 0;
    const char *end = memchr(s.p + i, ']', s.len - i);
    if (end == NULL || (size_t)(end - s.p) > NAME_MAX_LEN + 32)
        return 0;
    *name = (struct str){s.p + i + 1, (size_t)(end - s.p) - i - 1};
    return (size_t)(end - s.p) + 1;
}

static void
add_text(struct str s, struct buf *out)
{
    struct str name = STR_NONE;
    while (s.len > 0) {
        size_t len = emote_at(s, &name);
        if (len > 0)
            buf_add_str(out, name);
        else
            buf_add_char(out, s.p[0]);
        len = len > 0 ? len : 1;
        s = (struct str){s.p + len, s.len - len};
    }
}

static int
read_line(const json_t *o, struct message_taker to, struct err *e)
{
    struct message m = {.kind = MESSAGE_CHAT};
    struct buf text = BUF_INIT, author = BUF_INIT;
    bool hidden = json_flag(o, "sender.is_anonymous");
    add_text(json_text(o, "content"), &text);
    message_set_id(&m, json_text(o, "message_id"));
    message_set_text(&m, buf_str(&text));
    message_set_author(&m, hidden ? STR_NONE : number_at(o, "sender.user_id", &author),
                       json_text(o, "sender.username"));
    m.roles = roles_of(o, m.author_id);
    m.reply_to = json_text(o, "replies_to.message_id");
    if (m.reply_to.len > BOUNDS_ID)
        m.reply_to = STR_NONE;
    m.at_ms = json_time(o, "created_at");
    bool is_line = m.id.len > 0 && m.text.len > 0;
    if (is_line)
        to.take(to.arg, &m);
    buf_fini(&text);
    buf_fini(&author);
    return is_line ? 0 : err_set(e, ERR_PARSE, "no line: it has no text or no id");
}

static int
read_ban(const json_t *o, struct message_taker to, struct err *e)
{
    struct message m = {.kind = MESSAGE_DELETE_AUTHOR};
    struct buf author = BUF_INIT;
    m.author_id = number_at(o, "banned_user.user_id", &author);
    m.at_ms = json_time(o, "metadata.created_at");
    bool known = m.author_id.len > 0 && m.author_id.len <= BOUNDS_ID;
    if (known)
        to.take(to.arg, &m);
    buf_fini(&author);
    return known ? 0 : err_set(e, ERR_PARSE, "a ban of nobody");
}

int
kick_read_event(struct str type, struct str body, struct str channel,
                struct message_taker to, struct err *e)
{
    bool line = str_eq(type, STR_LIT(KICK_CHAT)), ban = str_eq(type, STR_LIT(KICK_BAN));
    if (!line && !ban)
        return 0;
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    int rc = 0;
    if (is_here(o, channel))
        rc = line ? read_line(o, to, e) : read_ban(o, to, e);
    json_decref(o);
    return rc;
}

/* --- answers */

int
kick_read_key(struct str body, struct buf *pem, struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    struct str key = json_text(o, "data.public_key");
    buf_add_str(pem, key);
    int rc = key.len > 0 ? 0 : err_set(e, ERR_PARSE, "the answer has no key");
    json_decref(o);
    return rc;
}

int
kick_read_channel(struct str body, struct buf *id, struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    json_id(json_array_get(json_object_get(o, "data"), 0), "broadcaster_user_id", id);
    json_decref(o);
    return 0;
}

/* A list of those there are says "event", of those just made "name". */
static int
read_one(const json_t *one, struct str id, struct kick_subscribed *out, struct err *e)
{
    struct buf room = BUF_INIT;
    struct str name = json_text(one, "event"), fault = json_text(one, "error");
    if (name.len == 0)
        name = json_text(one, "name");
    if (fault.len > 0)
        return err_set(e, ERR_VALUE, "%.*s: %.*s", STR_ARG(name), STR_ARG(fault));
    struct str of = number_at(one, "broadcaster_user_id", &room);
    bool ours = of.len == 0 || str_eq(of, id);
    buf_fini(&room);
    out->chat = out->chat || (ours && str_eq(name, STR_LIT(KICK_CHAT)));
    out->bans = out->bans || (ours && str_eq(name, STR_LIT(KICK_BAN)));
    return 0;
}

int
kick_read_subscribed(struct str body, struct str id, struct kick_subscribed *out,
                     struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *list = json_object_get(o, "data");
    size_t n = json_array_size(list);
    int rc = 0;
    *out = (struct kick_subscribed){.chat = false};
    if (o == NULL)
        return -1;
    for (size_t i = 0; i < n && i < SUBSCRIPTIONS && rc == 0; i++)
        rc = read_one(json_array_get(list, i), id, out, e);
    json_decref(o);
    return rc;
}

void
kick_write_subscribe(struct str id, struct kick_subscribed have, struct buf *out)
{
    buf_addf(out, "{\"broadcaster_user_id\":%.*s,\"method\":\"webhook\",\"events\":[",
             STR_ARG(id));
    if (!have.chat)
        buf_add_cstr(out, "{\"name\":\"" KICK_CHAT "\",\"version\":1}");
    if (!have.chat && !have.bans)
        buf_add_char(out, ',');
    if (!have.bans)
        buf_add_cstr(out, "{\"name\":\"" KICK_BAN "\",\"version\":1}");
    buf_add_cstr(out, "]}");
}

void
kick_write_line(struct str text, struct str reply_to, struct buf *out)
{
    buf_add_cstr(out, "{\"type\":\"bot\",\"content\":");
    buf_add_json(out, text);
    if (reply_to.len > 0) {
        buf_add_cstr(out, ",\"reply_to_message_id\":");
        buf_add_json(out, reply_to);
    }
    buf_add_char(out, '}');
}

bool
kick_read_said(struct str body, struct buf *id, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    bool said = json_flag(o, "data.is_sent");
    json_id(o, "data.message_id", id);
    if (!said)
        buf_add_str(words, json_text(o, "message"));
    json_decref(o);
    return said;
}

void
kick_read_fault(struct str body, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    buf_add_str(words, json_text(o, "message"));
    json_decref(o);
}

/* --- what people paste */

bool
kick_is_number(struct str target)
{
    for (size_t i = 0; i < target.len; i++)
        if (target.p[i] < '0' || target.p[i] > '9')
            return false;
    return target.len > 0 && target.len <= 18;
}

static bool
is_name(struct str s)
{
    static const char ok[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    for (size_t i = 0; i < s.len; i++)
        if (memchr(ok, s.p[i], sizeof(ok) - 1) == NULL)
            return false;
    return s.len > 0 && s.len <= NAME_MAX_LEN;
}

int
kick_target(struct str text, struct buf *out, struct err *e)
{
    static const char *const hosts[] = {"https://", "http://", "www.", "kick.com/"};
    struct str rest = text, name = STR_NONE;
    bool link = false;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct str host = str_from(hosts[i]);
        if (!str_has_prefix(rest, host))
            continue;
        link = i + 1 == sizeof(hosts) / sizeof(hosts[0]);
        rest = (struct str){rest.p + host.len, rest.len - host.len};
    }
    if (link) {
        struct str path = rest;
        (void)str_split(&path, '/', &rest);
        (void)str_split(&rest, '?', &name);
    } else if (rest.p == text.p) {
        name = text;
    }
    if (!is_name(name))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no channel of Kick: its link, its name or its number",
                       STR_ARG(text));
    buf_add_str(out, name);
    return 0;
}
