/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c - frames of JSON to messages, as a preset says.
 *
 * A frame may hold several events, and an event may be JSON inside a text (Pusher). Each
 * event is tried for everything that the preset knows; what nothing knows is no mistake,
 * since platforms send counters, joins and greetings through the same socket. */
#include "source/feed.h"

#include <sodium.h>
#include <string.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "source/html_text.h"
#include "source/json.h"

enum { EVENTS_MAX = 1000 };

struct decoding {
    const struct feed *feed;
    struct message_taker to;
    bool backlog;
    struct feed_wish *wish;
};

/* --- places */

enum { KEY_MAX = 128 };

/* The name in a step of a JSON Pointer: "~1" is "/" and "~0" is "~". */
static size_t
read_key(struct str name, char key[KEY_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < name.len && n + 1 < KEY_MAX; i++) {
        bool escaped = name.p[i] == '~' && i + 1 < name.len;
        if (escaped)
            i++;
        key[n] = name.p[i];
        if (escaped)
            key[n] = name.p[i] == '1' ? '/' : '~';
        n++;
    }
    return n;
}

static json_t *
step(const json_t *v, struct str name)
{
    char key[KEY_MAX];
    size_t n = read_key(name, key);
    int64_t index;
    if (json_is_object(v))
        return json_object_getn(v, key, n);
    if (json_is_array(v) && str_to_i64(name, 0, 100000, &index, NULL) == 0)
        return json_array_get(v, (size_t)index);
    return NULL;
}

static const json_t *
at_pointer(const json_t *v, struct str pointer)
{
    struct str rest = {.p = pointer.p + 1, .len = pointer.len - 1}, name;
    if (pointer.len < 2)
        return v;
    while (v != NULL && str_split(&rest, '/', &name))
        v = step(v, name);
    return v;
}

static void
add_scalar(const json_t *v, struct buf *out)
{
    if (json_is_string(v))
        buf_add(out, json_string_value(v), json_string_length(v));
    else if (json_is_integer(v))
        buf_add_i64(out, (int64_t)json_integer_value(v));
    else if (json_is_boolean(v))
        buf_add_cstr(out, json_is_true(v) ? "true" : "false");
    else if (json_is_real(v))
        buf_addf(out, "%.0f", json_real_value(v));
}

/* One place: its pointers' values with ":" between them. The last must be there: "where
 * and who" is nothing without "who". */
static bool
place_value(struct str place, const json_t *frame, struct buf *out)
{
    size_t start = out->len, last = start;
    struct str pointer;
    while (str_split(&place, ' ', &pointer)) {
        if (out->len > start || last > start)
            buf_add_char(out, ':');
        last = out->len;
        add_scalar(at_pointer(frame, pointer), out);
    }
    if (out->len == last)
        buf_truncate(out, start);
    return out->len > start;
}

bool
feed_value(const struct yaml *places, const json_t *frame, struct buf *out)
{
    if (places == NULL)
        return false;
    if (places->type == YAML_SCALAR)
        return place_value(places->text, frame, out);
    for (const struct yaml *p = places->first; p != NULL; p = p->next)
        if (place_value(p->text, frame, out))
            return true;
    return false;
}

static const json_t *
first_at(const struct yaml *places, const json_t *frame)
{
    return at_pointer(frame,
                      places->type == YAML_LIST ? places->first->text : places->text);
}

/* --- conditions */

static bool
is_value(const json_t *v, const struct yaml *wanted)
{
    struct buf text = BUF_INIT;
    add_scalar(v, &text);
    bool same = feed_lists(wanted, buf_str(&text));
    buf_fini(&text);
    return same;
}

static bool
holds_at(const json_t *v, const struct yaml *wanted)
{
    size_t n = json_array_size(v);
    for (size_t i = 0; i < n && i < EVENTS_MAX; i++)
        if (is_value(json_array_get(v, i), wanted))
            return true;
    return n == 0 && is_value(v, wanted);
}

static bool
holds(const struct yaml *condition, const json_t *frame, bool any)
{
    if (condition == NULL)
        return false;
    if (condition->type == YAML_SCALAR)
        return true;
    for (const struct yaml *k = condition->first; k != NULL; k = k->next->next)
        if (holds_at(at_pointer(frame, k->text), k->next) == any)
            return any;
    return !any;
}

/* --- one event */

static unsigned
roles_of(const struct feed *f, const json_t *event)
{
    const struct {
        const struct yaml *when;
        unsigned role;
    } rows[] = {
        {f->roles_owner, MESSAGE_OWNER},       {f->roles_moderator, MESSAGE_MODERATOR},
        {f->roles_vip, MESSAGE_VIP},           {f->roles_member, MESSAGE_MEMBER},
        {f->roles_staff, MESSAGE_STAFF},       {f->roles_bot, MESSAGE_BOT},
        {f->roles_verified, MESSAGE_VERIFIED},
    };
    unsigned roles = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        roles |= holds(rows[i].when, event, true) ? rows[i].role : 0;
    return roles;
}

static int64_t
time_of(const struct feed *f, const json_t *event)
{
    const int64_t seconds_end = INT64_C(10000000000); /* in seconds: the year 2286 */
    struct err not_a_time = ERR_INIT;
    struct buf text = BUF_INIT;
    int64_t ms = 0;
    if (feed_value(f->message_time, event, &text) &&
        str_to_i64(buf_str(&text), 0, INT64_MAX / 1000, &ms, NULL) == 0)
        ms = ms < seconds_end ? ms * 1000 : ms;
    else if (text.len > 0 && clock_parse_iso(buf_str(&text), &ms, &not_a_time) < 0)
        ms = 0;
    buf_fini(&text);
    return ms;
}

static void
hash_of(struct buf *text)
{
    unsigned char hash[16];
    char hex[2 * sizeof(hash) + 1];
    (void)crypto_generichash(hash, sizeof(hash), (const unsigned char *)text->data,
                             text->len, NULL, 0);
    (void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    buf_reset(text);
    buf_add_cstr(text, hex);
}

/* An id of several values is a hash: they may be long, and hold the text itself. */
static void
id_of(const struct feed *f, const json_t *event, struct buf *out)
{
    const struct yaml *id = f->message_id;
    for (const struct yaml *p = id != NULL && id->type == YAML_LIST ? id->first : id;
         p != NULL; p = p == id ? NULL : p->next) {
        if (!place_value(p->text, event, out))
            continue;
        if (memchr(p->text.p, ' ', p->text.len) != NULL)
            hash_of(out);
        return;
    }
}

static void
text_of(const struct feed *f, const json_t *event, struct buf *out)
{
    struct buf raw = BUF_INIT;
    (void)feed_value(f->message_text, event, &raw);
    if (holds(f->message_html, event, false))
        html_text(buf_str(&raw), out);
    else
        buf_add_str(out, buf_str(&raw));
    buf_fini(&raw);
}

static void
take_message(struct decoding *d, const json_t *event)
{
    const struct feed *f = d->feed;
    struct buf id = BUF_INIT, author_id = BUF_INIT, author = BUF_INIT, text = BUF_INIT,
               reply = BUF_INIT;
    struct message m = {.kind = MESSAGE_CHAT, .backlog = d->backlog};
    text_of(f, event, &text);
    id_of(f, event, &id);
    (void)feed_value(f->message_author_id, event, &author_id);
    (void)feed_value(f->message_author, event, &author);
    (void)feed_value(f->message_reply_to, event, &reply);
    message_set_text(&m, str_trim(buf_str(&text)));
    message_set_id(&m, buf_str(&id));
    message_set_author(&m, buf_str(&author_id), str_trim(buf_str(&author)));
    m.reply_to = reply.len <= BOUNDS_ID ? buf_str(&reply) : STR_NONE;
    m.roles = roles_of(f, event);
    m.at_ms = time_of(f, event);
    if (m.text.len > 0)
        d->to.take(d->to.arg, &m);
    buf_fini(&id);
    buf_fini(&author_id);
    buf_fini(&author);
    buf_fini(&text);
    buf_fini(&reply);
}

static void
remove_one(struct decoding *d, const json_t *id)
{
    struct buf text = BUF_INIT;
    struct message m = {.kind = MESSAGE_DELETE};
    add_scalar(id, &text);
    message_set_id(&m, buf_str(&text));
    if (m.id.len > 0)
        d->to.take(d->to.arg, &m);
    buf_fini(&text);
}

static void
take_removal(struct decoding *d, const json_t *event)
{
    const json_t *ids = first_at(d->feed->remove_id, event);
    size_t n = json_array_size(ids);
    for (size_t i = 0; i < n && i < EVENTS_MAX; i++)
        remove_one(d, json_array_get(ids, i));
    if (!json_is_array(ids))
        remove_one(d, ids);
}

static void
take_purge(struct decoding *d, const json_t *event)
{
    struct buf author = BUF_INIT;
    struct message m = {.kind = MESSAGE_DELETE_AUTHOR};
    (void)feed_value(d->feed->purge_author_id, event, &author);
    message_set_author(&m, buf_str(&author), STR_NONE);
    if (m.author_id.len > 0)
        d->to.take(d->to.arg, &m);
    buf_fini(&author);
}

static void
take_control(struct decoding *d, const json_t *event)
{
    const struct feed *f = d->feed;
    if (holds(f->refuse_when, event, false)) {
        d->wish->act = FEED_REFUSE;
        buf_reset(&d->wish->say);
        (void)feed_value(f->refuse_say, event, &d->wish->say);
    } else if (holds(f->again_when, event, false)) {
        d->wish->act = FEED_AGAIN;
    } else if (holds(f->answer_when, event, false) && d->wish->act == FEED_NOTHING) {
        d->wish->act = FEED_ANSWER;
    }
}

static void
take_event(struct decoding *d, const json_t *event)
{
    const struct feed *f = d->feed;
    if (!json_is_object(event))
        return;
    take_control(d, event);
    if ((f->message_when == NULL || holds(f->message_when, event, false)) &&
        !holds(f->message_unless, event, true))
        take_message(d, event);
    if (f->remove_id != NULL && holds(f->remove_when, event, false))
        take_removal(d, event);
    if (holds(f->purge_when, event, false))
        take_purge(d, event);
    if (holds(f->clear_when, event, false))
        d->to.take(d->to.arg, &(struct message){.kind = MESSAGE_DELETE_ALL});
}

/* Takes what may be one event, or an array of them. */
static void
take_events(struct decoding *d, const json_t *events)
{
    size_t n = json_array_size(events);
    for (size_t i = 0; i < n && i < EVENTS_MAX; i++)
        take_event(d, json_array_get(events, i));
    if (!json_is_array(events))
        take_event(d, events);
}

static json_t *
parse(struct str text)
{
    return text.len == 0 ? NULL : json_loadb(text.p, text.len, JSON_DECODE_ANY, NULL);
}

/* Puts what a text holds, when that is JSON, in the place of the text. */
static void
unwrap(const struct yaml *places, json_t *frame)
{
    struct str rest = places->type == YAML_LIST ? places->first->text : places->text;
    struct str name = STR_NONE;
    json_t *holder = NULL, *v = frame;
    char key[KEY_MAX];
    rest = (struct str){.p = rest.p + 1, .len = rest.len - 1}; /* begins with "/" */
    while (v != NULL && str_split(&rest, '/', &name)) {
        holder = v;
        v = step(v, name);
    }
    if (!json_is_string(v) || !json_is_object(holder))
        return;
    json_t *inner =
        parse((struct str){.p = json_string_value(v), .len = json_string_length(v)});
    if (inner != NULL)
        (void)json_object_setn_new(holder, key, read_key(name, key), inner);
}

int
feed_decode(const struct feed *f, struct str frame, struct message_taker to,
            struct feed_wish *wish, struct err *e)
{
    struct decoding d = {.feed = f, .to = to, .wish = wish};
    json_t *whole = parse(frame);
    wish->act = FEED_NOTHING;
    if (whole == NULL)
        return err_set(e, ERR_PARSE, "the frame is no JSON");
    if (f->frame_unwrap != NULL)
        unwrap(f->frame_unwrap, whole);
    const json_t *events =
        f->frame_events == NULL ? NULL : first_at(f->frame_events, whole);
    take_events(&d, json_is_array(events) ? events : whole);
    json_decref(whole);
    return 0;
}

int
feed_decode_history(const struct feed *f, struct str body, struct message_taker to,
                    struct err *e)
{
    struct feed_wish wish = {.say = BUF_INIT}; /* old wishes are not obeyed */
    struct decoding d = {.feed = f, .to = to, .backlog = true, .wish = &wish};
    json_t *o = parse(body);
    if (o == NULL)
        return err_set(e, ERR_PARSE, "the history is no JSON");
    take_events(&d, o);
    json_decref(o);
    buf_fini(&wish.say);
    return 0;
}

/* --- templates */

static void
add_word(const char *value, enum feed_quoting how, struct buf *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~";
    for (const char *p = value; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (how == FEED_IN_URL && strchr(plain, *p) == NULL)
            buf_addf(out, "%%%02X", c);
        else if (how == FEED_IN_JSON && (c < ' ' || c == '"' || c == '\\'))
            buf_addf(out, "\\u%04x", c);
        else if (how != FEED_IN_HEADER || c >= ' ')
            buf_add_char(out, *p);
    }
}

void
feed_fill(struct str template, const struct feed_word *words, enum feed_quoting how,
          struct buf *out)
{
    for (size_t i = 0; i < template.len; i++) {
        const struct feed_word *w = words;
        struct str rest = {.p = template.p + i + 1, .len = template.len - i - 1};
        for (; template.p[i] == '{' && w->name != NULL; w++) {
            size_t n = strlen(w->name);
            if (rest.len > n && memcmp(rest.p, w->name, n) == 0 && rest.p[n] == '}')
                break;
        }
        if (template.p[i] != '{' || w->name == NULL) {
            buf_add_char(out, template.p[i]);
            continue;
        }
        add_word(w->value == NULL ? "" : w->value, how, out);
        i += strlen(w->name) + 1;
    }
}
