/* SPDX-License-Identifier: Apache-2.0 */
/* eventsub.c - Twitch EventSub over WebSocket: frames to messages.
 *
 * An event carries no time of its own: that of the frame stands for it. In a shared chat
 * Twitch delivers the lines of the other channels too; they name the channel they come
 * from and are passed over, as are our own lines. The text is taken whole, with the names
 * of emotes and the "@name" of a reply, because that is what everybody saw; a text that
 * is missing is joined from its fragments. Types that are not asked for may come: an old
 * subscription of somebody's. They are nothing. */
#include "source/eventsub.h"

#include "base/bounds.h"
#include "source/json.h"

enum { KEEPALIVE_S = 10, KEEPALIVE_MOST_S = 600 }; /* as documented */

const char *
eventsub_type_name(enum eventsub_type t)
{
    static const char *const names[] = {
#define NAME(code, name, scope) [code] = (name),
        EVENTSUB_TYPE_MAP(NAME)
#undef NAME
    };
    return names[t];
}

unsigned
eventsub_type_scope(enum eventsub_type t)
{
    static const unsigned scopes[] = {
#define SCOPE(code, name, scope) [code] = (scope),
        EVENTSUB_TYPE_MAP(SCOPE)
#undef SCOPE
    };
    return scopes[t];
}

/* --- what is said */

static unsigned
roles(const json_t *badges)
{
    unsigned found = 0;
    for (size_t i = 0; i < json_array_size(badges); i++)
        found |= twitch_badge_role(json_text(json_array_get(badges, i), "set_id"));
    return found;
}

static struct str
text_of(const json_t *event, struct buf *joined)
{
    struct str text = json_text(event, "message.text");
    const json_t *fragments = json_at(event, "message.fragments");
    if (text.len > 0)
        return text;
    for (size_t i = 0; i < json_array_size(fragments); i++)
        if (joined->len <= BOUNDS_TEXT)
            buf_add_str(joined, json_text(json_array_get(fragments, i), "text"));
    return buf_str(joined);
}

static struct str
id_of(const json_t *event, const char *path)
{
    struct str id = json_text(event, path);
    return id.len <= BOUNDS_ID ? id : STR_NONE;
}

static bool
is_of(const json_t *event, const struct eventsub_chat *chat)
{
    struct str from = json_text(event, "source_broadcaster_user_id");
    return str_eq(json_text(event, "broadcaster_user_id"), chat->broadcaster) &&
           (from.len == 0 || str_eq(from, chat->broadcaster));
}

static void
read_line(const json_t *event, const struct eventsub_chat *chat,
          struct eventsub_event *ev)
{
    struct message *m = &ev->message;
    struct str author = json_text(event, "chatter_user_id");
    struct str name = json_text(event, "chatter_user_name");
    struct str text = text_of(event, &ev->joined);
    if (text.len == 0 || (author.len > 0 && str_eq(author, chat->me)))
        return;
    ev->kind = EVENTSUB_MESSAGE;
    m->kind = MESSAGE_CHAT;
    m->at_ms = json_time(ev->frame, "metadata.message_timestamp");
    m->reply_to = id_of(event, "reply.parent_message_id");
    m->roles = roles(json_object_get(event, "badges"));
    message_set_id(m, json_text(event, "message_id"));
    message_set_text(m, text);
    message_set_author(m, author,
                       name.len > 0 ? name : json_text(event, "chatter_user_login"));
}

static void
take_back(struct eventsub_event *ev, enum message_kind kind, struct str id)
{
    if (kind != MESSAGE_DELETE_ALL && id.len == 0)
        return;
    ev->kind = EVENTSUB_MESSAGE;
    ev->message.kind = kind;
    if (kind == MESSAGE_DELETE)
        ev->message.id = id;
    else if (kind == MESSAGE_DELETE_AUTHOR)
        ev->message.author_id = id;
}

static void
read_notification(const struct eventsub_chat *chat, struct eventsub_event *ev)
{
    const json_t *event = json_at(ev->frame, "payload.event");
    struct str type = json_text(ev->frame, "metadata.subscription_type");
    unsigned t = 0;
    while (t < EVENTSUB_TYPES &&
           !str_eq(type, str_from(eventsub_type_name((enum eventsub_type)t))))
        t++;
    if (t == EVENTSUB_TYPES || !is_of(event, chat))
        return;
    switch ((enum eventsub_type)t) {
    case EVENTSUB_CHAT:
        read_line(event, chat, ev);
        break;
    case EVENTSUB_DELETED:
        take_back(ev, MESSAGE_DELETE, id_of(event, "message_id"));
        break;
    case EVENTSUB_USER_CLEARED:
        take_back(ev, MESSAGE_DELETE_AUTHOR, id_of(event, "target_user_id"));
        break;
    case EVENTSUB_CLEARED:
        take_back(ev, MESSAGE_DELETE_ALL, STR_NONE);
        break;
    case EVENTSUB_BANNED:
        take_back(ev, MESSAGE_DELETE_AUTHOR, id_of(event, "user_id"));
        break;
    case EVENTSUB_TYPES:
        break;
    }
}

/* --- what the server wants */

static void
read_welcome(struct eventsub_event *ev)
{
    int64_t s = json_number(ev->frame, "payload.session.keepalive_timeout_seconds", 0);
    ev->session = json_text(ev->frame, "payload.session.id");
    ev->keepalive_ms = 1000 * (s >= 1 && s <= KEEPALIVE_MOST_S ? s : KEEPALIVE_S);
    if (ev->session.len > 0 && ev->session.len <= BOUNDS_ID)
        ev->kind = EVENTSUB_WELCOME;
}

static void
read_reconnect(struct eventsub_event *ev)
{
    ev->url = json_text(ev->frame, "payload.session.reconnect_url");
    if (ev->url.len > 0 && ev->url.len <= BOUNDS_TARGET)
        ev->kind = EVENTSUB_RECONNECT;
}

static void
read_revocation(struct eventsub_event *ev)
{
    ev->kind = EVENTSUB_REVOKED;
    ev->type = json_text(ev->frame, "payload.subscription.type");
    ev->text = json_text(ev->frame, "payload.subscription.status");
}

int
eventsub_decode(struct str frame, const struct eventsub_chat *chat,
                struct eventsub_event *ev, struct err *e)
{
    json_error_t why;
    *ev = (struct eventsub_event){.joined = BUF_INIT};
    ev->frame = json_loadb(frame.len > 0 ? frame.p : "", frame.len, 0, &why);
    if (ev->frame == NULL)
        return err_set(e, ERR_PARSE, "not JSON at byte %d: %s", why.position, why.text);
    struct str type = json_text(ev->frame, "metadata.message_type");
    if (type.len == 0)
        return err_set(e, ERR_PARSE, "a frame without a type");
    if (str_eq(type, STR_LIT("notification")))
        read_notification(chat, ev);
    else if (str_eq(type, STR_LIT("session_keepalive")))
        ev->kind = EVENTSUB_KEEPALIVE;
    else if (str_eq(type, STR_LIT("session_welcome")))
        read_welcome(ev);
    else if (str_eq(type, STR_LIT("session_reconnect")))
        read_reconnect(ev);
    else if (str_eq(type, STR_LIT("revocation")))
        read_revocation(ev);
    return 0;
}

void
eventsub_event_fini(struct eventsub_event *ev)
{
    json_decref(ev->frame);
    ev->frame = NULL;
    buf_fini(&ev->joined);
}

void
eventsub_write_subscription(struct buf *out, enum eventsub_type t,
                            const struct eventsub_chat *chat, struct str session)
{
    buf_addf(out,
             "{\"type\":\"%s\",\"version\":\"1\",\"condition\":", eventsub_type_name(t));
    buf_add_cstr(out, "{\"broadcaster_user_id\":");
    buf_add_json(out, chat->broadcaster);
    if (eventsub_type_scope(t) == TWITCH_READ) {
        buf_add_cstr(out, ",\"user_id\":");
        buf_add_json(out, chat->me);
    }
    buf_add_cstr(out, "},\"transport\":{\"method\":\"websocket\",\"session_id\":");
    buf_add_json(out, session);
    buf_add_cstr(out, "}}");
}
