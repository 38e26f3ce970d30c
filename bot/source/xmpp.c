/* SPDX-License-Identifier: Apache-2.0 */
/* xmpp.c - stanzas of a chat room to messages and to what a connection must do.
 *
 * The id of a line is the one the room gave it (XEP-0359), since only that is the room's
 * word; its author is the occupant id (XEP-0421), since nicks change hands. Who may take
 * a line back: the room itself, for its moderators (XEP-0425, both forms), and the author
 * (XEP-0424). A correction (XEP-0308) names the line by its author's own id, so the last
 * few are remembered; it becomes the old line taken back and a new one, and who takes
 * back the line means what became of it. */
#include "source/xmpp.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "source/json.h"
#include "source/xml.h"

#define NS_CLIENT    "jabber:client"
#define NS_FRAMING   "urn:ietf:params:xml:ns:xmpp-framing"
#define NS_STREAM    "http://etherx.jabber.org/streams"
#define NS_SASL      "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND      "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_USER      "http://jabber.org/protocol/muc#user"
#define NS_DELAY     "urn:xmpp:delay"
#define NS_SID       "urn:xmpp:sid:0"
#define NS_OCCUPANT  "urn:xmpp:occupant-id:0"
#define NS_CORRECT   "urn:xmpp:message-correct:0"
#define NS_FASTEN    "urn:xmpp:fasten:0"
#define NS_RETRACT0  "urn:xmpp:message-retract:0"
#define NS_RETRACT1  "urn:xmpp:message-retract:1"
#define NS_MODERATE  "urn:xmpp:message-moderate:0"
#define NS_MODERATE1 "urn:xmpp:message-moderate:1"

void
xmpp_init(struct xmpp_decoder *d)
{
    *d = (struct xmpp_decoder){.roles = map_new()};
}

void
xmpp_fini(struct xmpp_decoder *d)
{
    map_free(&d->roles);
    xml_free(&d->stanza);
    buf_fini(&d->removed);
}

void
xmpp_reset(struct xmpp_decoder *d)
{
    map_free(&d->roles);
    d->roles = map_new();
}

/* --- addresses: room@host/nick */

static struct str
bare(struct str jid)
{
    const char *slash = jid.len == 0 ? NULL : memchr(jid.p, '/', jid.len);
    return slash == NULL ? jid : (struct str){.p = jid.p, .len = (size_t)(slash - jid.p)};
}

static struct str
resource(struct str jid)
{
    size_t n = bare(jid).len;
    return n == jid.len ? STR_NONE
                        : (struct str){.p = jid.p + n + 1, .len = jid.len - n - 1};
}

/* --- who is who */

static unsigned
roles_of_item(const struct xml *item)
{
    struct str is = xml_attr(item, "affiliation"), may = xml_attr(item, "role");
    unsigned roles = 0;
    if (str_eq(is, STR_LIT("owner")))
        roles |= MESSAGE_OWNER;
    if (str_eq(is, STR_LIT("admin")) || str_eq(may, STR_LIT("moderator")))
        roles |= MESSAGE_MODERATOR;
    if (str_eq(is, STR_LIT("member")))
        roles |= MESSAGE_MEMBER;
    return roles;
}

static void
learn_roles(struct xmpp_decoder *d, struct str nick, const struct xml *user, bool gone)
{
    uint64_t hash = map_hash(&d->key, nick, STR_NONE);
    unsigned roles = roles_of_item(xml_child(user, "item", NULL));
    if (gone || roles == 0)
        (void)map_remove(d->roles, hash);
    else if (map_count(d->roles) < XMPP_PEOPLE)
        map_put(d->roles, hash, roles);
}

static bool
has_status(const struct xml *user, const char *code)
{
    for (const struct xml *s = xml_child(user, "status", NULL); s != NULL;
         s = xml_again(s))
        if (str_eq(xml_attr(s, "code"), str_from(code)))
            return true;
    return false;
}

/* --- presence: coming, going, being sent away */

static void
on_error_presence(const struct xml *x, struct xmpp_event *ev)
{
    const struct xml *error = xml_child(x, "error", NULL);
    struct str condition = xml_name(xml_first(error));
    ev->text = xml_text(xml_child(error, "text", NULL));
    if (ev->text.len == 0)
        ev->text = condition;
    if (str_eq(condition, STR_LIT("conflict")))
        ev->kind = XMPP_NICK_TAKEN;
    else if (str_eq(condition, STR_LIT("service-unavailable")) ||
             str_eq(condition, STR_LIT("resource-constraint")) ||
             str_eq(condition, STR_LIT("remote-server-timeout")))
        ev->kind = XMPP_FULL;
    else
        ev->kind = XMPP_NO_ENTRY;
}

static void
on_we_left(const struct xml *user, struct xmpp_event *ev)
{
    const struct xml *destroy = xml_child(user, "destroy", NULL);
    const struct xml *item = xml_child(user, "item", NULL);
    ev->kind = XMPP_PUT_OUT;
    ev->is_final = has_status(user, "301") || destroy != NULL;
    ev->text = xml_text(xml_child(destroy != NULL ? destroy : item, "reason", NULL));
    if (ev->text.len == 0)
        ev->text = destroy != NULL           ? STR_LIT("the room was closed")
                   : has_status(user, "301") ? STR_LIT("banned")
                   : has_status(user, "332") ? STR_LIT("the server shuts down")
                                             : STR_LIT("put out of the room");
}

static void
on_presence(struct xmpp_decoder *d, const struct xml *x, struct xmpp_event *ev)
{
    struct str from = xml_attr(x, "from"), type = xml_attr(x, "type");
    const struct xml *user = xml_child(x, "x", NS_USER);
    bool gone = str_eq(type, STR_LIT("unavailable"));
    if (!str_eq(bare(from), d->room))
        return;
    bool mine = from.len == d->room.len || str_eq(resource(from), d->nick);
    if (str_eq(type, STR_LIT("error"))) {
        if (mine) /* else of somebody who plays the room */
            on_error_presence(x, ev);
        return;
    }
    learn_roles(d, resource(from), user, gone);
    bool ours = has_status(user, "110") || str_eq(resource(from), d->nick);
    if (ours && gone && !has_status(user, "303")) /* 303: only a new nick */
        on_we_left(user, ev);
    else if (ours && !gone)
        ev->kind = XMPP_JOINED;
}

/* --- lines */

/* The id that the room gave, and nobody else. */
static struct str
room_id(const struct xmpp_decoder *d, const struct xml *x)
{
    for (const struct xml *s = xml_child(x, "stanza-id", NS_SID); s != NULL;
         s = xml_again(s))
        if (str_eq(xml_attr(s, "by"), d->room))
            return xml_attr(s, "id");
    return STR_NONE;
}

static struct str
author_of(const struct xml *x)
{
    struct str occupant = xml_attr(xml_child(x, "occupant-id", NS_OCCUPANT), "id");
    return occupant.len > 0 ? occupant : resource(xml_attr(x, "from"));
}

/* A server that knows no occupant ids passes on what somebody made up; nicks are the
 * room's word, but change hands. Whose line it is, both must say. */
static uint64_t
author_hash(const struct xmpp_decoder *d, const struct xml *x)
{
    return map_hash(&d->key, author_of(x), resource(xml_attr(x, "from")));
}

static uint64_t
own_hash(const struct xmpp_decoder *d, uint64_t author, struct str own_id)
{
    return map_hash(&d->key, (struct str){(const char *)&author, sizeof(author)}, own_id);
}

static struct xmpp_line *
find_own(struct xmpp_decoder *d, uint64_t own)
{
    for (size_t i = 0; i < XMPP_RECENT; i++)
        if (d->recent[i].own == own && d->recent[i].first[0] != '\0')
            return &d->recent[i];
    return NULL;
}

/* By the id of the room; NULL: it is none of the recent ones. */
static struct xmpp_line *
find_first(struct xmpp_decoder *d, struct str id)
{
    for (size_t i = 0; i < XMPP_RECENT && id.len > 0; i++)
        if (str_eq(str_from(d->recent[i].first), id))
            return &d->recent[i];
    return NULL;
}

/* `old`: the line that this one corrects; NULL: none. */
static void
remember(struct xmpp_decoder *d, const struct xmpp_line *old, const struct xml *x,
         struct str id)
{
    struct xmpp_line made = {.author = author_hash(d, x)};
    made.own = own_hash(d, made.author, xml_attr(x, "id"));
    if (id.len == 0 || id.len > BOUNDS_ID)
        return;
    str_copy(id, made.last, sizeof(made.last));
    str_copy(old != NULL ? str_from(old->first) : id, made.first, sizeof(made.first));
    for (size_t i = 0; old != NULL && i < XMPP_RECENT; i++)
        if (strcmp(d->recent[i].first, made.first) == 0)
            memcpy(d->recent[i].last, made.last, sizeof(made.last));
    d->recent[d->next_recent] = made;
    d->next_recent = (d->next_recent + 1) % XMPP_RECENT;
}

static void
set_removal(struct xmpp_decoder *d, struct xmpp_event *ev, struct str id)
{
    buf_reset(&d->removed);
    buf_add_str(&d->removed, id);
    ev->removal = (struct message){.kind = MESSAGE_DELETE};
    message_set_id(&ev->removal, buf_str(&d->removed));
    ev->has_removal = ev->removal.id.len > 0;
    ev->kind = XMPP_MESSAGES;
}

/* By the room; what somebody made of the line since goes, too. */
static void
moderate(struct xmpp_decoder *d, struct str id, struct xmpp_event *ev)
{
    const struct xmpp_line *line = find_first(d, id);
    set_removal(d, ev, line != NULL ? str_from(line->last) : id);
}

/* By its author, who may name it by his own id or by the room's. */
static void
retract(struct xmpp_decoder *d, const struct xml *x, struct str id, struct xmpp_event *ev)
{
    uint64_t author = author_hash(d, x);
    const struct xmpp_line *line = find_own(d, own_hash(d, author, id));
    const struct xmpp_line *named = find_first(d, id);
    if (line == NULL && named != NULL && named->author == author)
        line = named;
    set_removal(d, ev, line != NULL ? str_from(line->last) : STR_NONE);
}

/* A line taken back: by the room for its moderators, or by its author. */
static bool
take_back(struct xmpp_decoder *d, const struct xml *x, struct xmpp_event *ev)
{
    bool by_room = resource(xml_attr(x, "from")).len == 0;
    const struct xml *fasten = xml_child(x, "apply-to", NS_FASTEN);
    const struct xml *moderated = xml_child(fasten, "moderated", NS_MODERATE);
    const struct xml *gone = xml_child(x, "retract", NS_RETRACT1);
    if (moderated != NULL && by_room) {
        moderate(d, xml_attr(fasten, "id"), ev);
    } else if (gone != NULL && xml_child(gone, "moderated", NS_MODERATE1) != NULL) {
        if (by_room)
            moderate(d, xml_attr(gone, "id"), ev);
    } else if (gone != NULL || xml_child(fasten, "retract", NS_RETRACT0) != NULL) {
        if (!by_room)
            retract(d, x, xml_attr(gone != NULL ? gone : fasten, "id"), ev);
    } else {
        return fasten != NULL;
    }
    return true;
}

static void
set_message(struct xmpp_decoder *d, const struct xml *x, struct str body,
            struct xmpp_event *ev)
{
    struct message *m = &ev->message;
    struct str nick = resource(xml_attr(x, "from")), id = room_id(d, x);
    const struct xml *delay = xml_child(x, "delay", NS_DELAY);
    struct err not_a_time = ERR_INIT;
    uint64_t roles = 0;
    *m = (struct message){.kind = MESSAGE_CHAT, .backlog = delay != NULL};
    message_set_id(m, id);
    message_set_author(m, author_of(x), nick);
    message_set_text(m, body);
    m->reply_to = xml_attr(xml_child(x, "reply", "urn:xmpp:reply:0"), "id");
    if (m->reply_to.len > BOUNDS_ID)
        m->reply_to = STR_NONE;
    if (map_get(d->roles, map_hash(&d->key, nick, STR_NONE), &roles))
        m->roles = (unsigned)roles;
    if (delay != NULL &&
        clock_parse_iso(xml_attr(delay, "stamp"), &m->at_ms, &not_a_time) < 0)
        m->at_ms = 0;
    ev->has_message = true;
    ev->kind = XMPP_MESSAGES;
}

static void
on_refused_line(const struct xml *x, struct xmpp_event *ev)
{
    const struct xml *error = xml_child(x, "error", NULL);
    struct str text = xml_text(xml_child(error, "text", NULL));
    ev->kind = XMPP_MUTED;
    ev->text = text.len > 0 ? text : xml_name(xml_first(error));
}

static void
on_message(struct xmpp_decoder *d, const struct xml *x, struct xmpp_event *ev)
{
    struct str from = xml_attr(x, "from"), type = xml_attr(x, "type");
    struct str body = str_trim(xml_text(xml_child(x, "body", NULL)));
    if (!str_eq(bare(from), d->room))
        return;
    if (str_eq(type, STR_LIT("error"))) {
        if (from.len == d->room.len) /* else somebody in the room wrote it to us */
            on_refused_line(x, ev);
        return;
    }
    if (!str_eq(type, STR_LIT("groupchat")) || take_back(d, x, ev))
        return;
    struct str nick = resource(from);
    if (nick.len == 0 || body.len == 0 || str_eq(nick, d->nick))
        return; /* the room itself, its subject, or our own words */
    const struct xml *correct = xml_child(x, "replace", NS_CORRECT);
    const struct xmpp_line *old = NULL;
    if (correct != NULL)
        old = find_own(d, own_hash(d, author_hash(d, x), xml_attr(correct, "id")));
    if (old != NULL)
        set_removal(d, ev, str_from(old->last));
    set_message(d, x, body, ev);
    remember(d, old, x, ev->message.id);
}

/* --- the stream */

static void
on_features(const struct xml *x, struct xmpp_event *ev)
{
    const struct xml *list = xml_child(x, "mechanisms", NS_SASL);
    ev->kind = XMPP_FEATURES;
    ev->bind = xml_child(x, "bind", NS_BIND) != NULL;
    for (const struct xml *m = xml_child(list, "mechanism", NULL); m != NULL;
         m = xml_again(m)) {
        ev->anonymous = ev->anonymous || str_eq(xml_text(m), STR_LIT("ANONYMOUS"));
        ev->plain = ev->plain || str_eq(xml_text(m), STR_LIT("PLAIN"));
    }
}

static void
on_iq(const struct xmpp_decoder *d, const struct xml *x, struct xmpp_event *ev)
{
    struct str type = xml_attr(x, "type");
    ev->id = xml_attr(x, "id");
    ev->from = xml_attr(x, "from");
    if (str_eq(bare(ev->from), d->room) && !str_eq(type, STR_LIT("get")))
        return; /* somebody in the room: the address is the server's to give */
    if (str_eq(type, STR_LIT("get")) && xml_child(x, "ping", "urn:xmpp:ping") != NULL)
        ev->kind = XMPP_PING;
    else if (str_eq(type, STR_LIT("result")) && str_eq(ev->id, STR_LIT("bind")))
        ev->kind = XMPP_BOUND;
    else if (str_eq(type, STR_LIT("error")) && str_eq(ev->id, STR_LIT("bind"))) {
        ev->kind = XMPP_REFUSED;
        ev->text = xml_name(xml_first(xml_child(x, "error", NULL)));
    }
}

static void
on_end(const struct xml *x, struct xmpp_event *ev)
{
    struct str text = xml_text(xml_child(x, "text", NULL));
    ev->kind = XMPP_CLOSED;
    ev->text = text.len > 0 ? text : xml_name(xml_first(x));
}

static void
on_stanza(struct xmpp_decoder *d, const struct xml *x, struct xmpp_event *ev)
{
    if (xml_is(x, "message", NULL))
        on_message(d, x, ev);
    else if (xml_is(x, "presence", NULL))
        on_presence(d, x, ev);
    else if (xml_is(x, "iq", NULL))
        on_iq(d, x, ev);
    else if (xml_is(x, "features", NS_STREAM))
        on_features(x, ev);
    else if (xml_is(x, "success", NS_SASL))
        ev->kind = XMPP_SIGNED_IN;
    else if (xml_is(x, "failure", NS_SASL)) {
        struct str text = xml_text(xml_child(x, "text", NULL));
        ev->kind = XMPP_REFUSED;
        ev->text = text.len > 0 ? text : xml_name(xml_first(x));
    } else if (xml_is(x, "error", NS_STREAM) || xml_is(x, "close", NS_FRAMING)) {
        on_end(x, ev);
    }
}

int
xmpp_decode(struct xmpp_decoder *d, struct str frame, struct xmpp_event *ev,
            struct err *e)
{
    xml_free(&d->stanza);
    *ev = (struct xmpp_event){.kind = XMPP_NOTHING};
    d->stanza = xml_parse(frame, e);
    if (d->stanza == NULL)
        return -1;
    on_stanza(d, d->stanza, ev);
    return 0;
}

void
xmpp_escape(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '<')
            buf_add_cstr(out, "&lt;");
        else if (c == '>')
            buf_add_cstr(out, "&gt;");
        else if (c == '&')
            buf_add_cstr(out, "&amp;");
        else if (c == '"')
            buf_add_cstr(out, "&quot;");
        else if (c == '\'')
            buf_add_cstr(out, "&apos;");
        else if ((unsigned char)c >= ' ' || c == '\n' || c == '\t')
            buf_add_char(out, c);
    }
}

/* --- which room */

static struct str
behind(struct str s, const char *mark)
{
    size_t n = strlen(mark);
    for (size_t i = 0; i + n <= s.len; i++)
        if (memcmp(s.p + i, mark, n) == 0)
            return (struct str){.p = s.p + i + n, .len = s.len - i - n};
    return STR_NONE;
}

static bool
is_plain(struct str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                    (c >= 'A' && c <= 'Z') || c >= 0x80;
        if (!word && strchr(more, s.p[i]) == NULL)
            return false;
    }
    return s.len > 0 && s.len <= BOUNDS_ID;
}

static struct str
until_any(struct str s, const char *marks)
{
    size_t n = 0;
    while (n < s.len && strchr(marks, s.p[n]) == NULL)
        n++;
    return (struct str){.p = s.p, .len = n};
}

int
xmpp_target(struct str text, struct buf *out, struct err *e)
{
    struct str t = str_trim(text), link = behind(t, "://"), id = STR_NONE;
    if (str_has_prefix(t, STR_LIT("xmpp:")))
        t = until_any(behind(t, "xmpp:"), "?/");
    if (link.len > 0) {
        static const char *const places[] = {"/w/", "/videos/watch/", "/videos/embed/",
                                             "?room=", "&room="};
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && id.len == 0; i++)
            id = until_any(behind(link, places[i]), "/?#&");
        t = until_any(link, "/?#");
        if (is_plain(t, ".-:") && is_plain(id, "-_")) {
            buf_addf(out, "%.*s/%.*s", STR_ARG(t), STR_ARG(id));
            return 0;
        }
    } else if (is_plain(t, "@.-_") && behind(t, "@").p != NULL) {
        buf_add_str(out, t);
        return 0;
    } else {
        struct str host = until_any(t, "/");
        id = host.len < t.len
                 ? (struct str){.p = t.p + host.len + 1, .len = t.len - host.len - 1}
                 : STR_NONE;
        if (is_plain(host, ".-:") && is_plain(id, "-_")) {
            buf_add_str(out, t);
            return 0;
        }
    }
    return err_set(e, ERR_VALUE,
                   "'%.*s' is neither a PeerTube video's link nor the address of a room",
                   STR_ARG(text));
}
