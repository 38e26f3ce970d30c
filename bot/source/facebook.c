/* SPDX-License-Identifier: Apache-2.0 */
/* facebook.c - the Graph API of Facebook and Instagram: answers to messages.
 *
 * The two speak nearly the same: Facebook says `message`, `from.name` and `created_time`,
 * Instagram `text`, `username` and `timestamp`; one reader takes either. An author is
 * often left out (privacy settings, no page token); such a comment is read without one.
 * Edits and deletions are not told by either. */
#include "source/facebook.h"

#include <string.h>

#include "base/bounds.h"
#include "source/json.h"

static json_t *
parse(struct str body, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    if (o != NULL && json_is_object(o))
        return o;
    json_decref(o);
    (void)err_set(e, ERR_PARSE, "the answer is not a JSON object");
    return NULL;
}

static struct str
either(const json_t *o, const char *one, const char *other)
{
    struct str s = json_text(o, one);
    return s.len > 0 ? s : json_text(o, other);
}

/* Instagram gives the account two ids: its number, and the one that viewers see. */
static bool
is_own(const json_t *o, struct str owner)
{
    struct str id = json_text(o, "from.id"), user = json_text(o, "user.id");
    struct str self = json_text(o, "from.self_ig_scoped_id");
    return (id.len > 0 && (str_eq(id, owner) || str_eq(id, self))) ||
           (user.len > 0 && str_eq(user, owner));
}

/* False when it is no comment with words. */
static bool
read_one(const json_t *o, struct facebook_view view, struct message_taker to)
{
    struct message m = {.kind = MESSAGE_CHAT, .backlog = view.backlog};
    struct str text = either(o, "message", "text");
    struct str id = json_text(o, "from.id");
    struct str name = either(o, "from.name", "from.username");
    if (name.len == 0)
        name = json_text(o, "username");
    if (text.len == 0 || json_text(o, "id").len == 0)
        return false;
    message_set_id(&m, json_text(o, "id"));
    message_set_text(&m, text);
    message_set_author(&m, id, name);
    m.reply_to = either(o, "parent.id", "parent_id");
    if (m.reply_to.len > BOUNDS_ID)
        m.reply_to = STR_NONE;
    m.roles = is_own(o, view.owner) ? MESSAGE_OWNER : 0;
    m.at_ms = json_time(o, "created_time");
    if (m.at_ms == 0)
        m.at_ms = json_time(o, "timestamp");
    if (m.at_ms == 0)
        m.at_ms = view.at_ms;
    to.take(to.arg, &m);
    return true;
}

int
facebook_read_comments(struct str body, struct facebook_view view,
                       struct message_taker to, struct facebook_page *page, struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *list = json_object_get(o, "data");
    bool is_list = json_is_array(list);
    page->messages = 0;
    if (o == NULL)
        return -1;
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++) {
        size_t at = view.newest_first ? n - 1 - i : i;
        page->messages += read_one(json_array_get(list, at), view, to);
    }
    buf_reset(&page->after);
    if (json_at(o, "paging.next") != NULL)
        buf_add_str(&page->after, json_text(o, "paging.cursors.after"));
    json_decref(o);
    return is_list ? 0 : err_set(e, ERR_PARSE, "the answer has no 'data'");
}

int
facebook_read_comment(struct str json, struct str owner, struct message_taker to,
                      struct err *e)
{
    json_t *o = parse(json, e);
    if (o == NULL)
        return -1;
    bool read = read_one(o, (struct facebook_view){.owner = owner}, to);
    json_decref(o);
    return read ? 0 : err_set(e, ERR_PARSE, "no comment: it has no words or no id");
}

int
facebook_read_live(struct str body, struct buf *id, struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *list = json_object_get(o, "data");
    buf_reset(id);
    if (o == NULL)
        return -1;
    for (size_t i = 0; i < json_array_size(list) && id->len == 0; i++) {
        const json_t *one = json_array_get(list, i);
        struct str status = json_text(one, "status");
        if (status.len == 0 || str_eq(status, STR_LIT("LIVE")))
            buf_add_str(id, json_text(one, "id"));
    }
    json_decref(o);
    return 0;
}

/* --- errors */

static enum facebook_fault
fault_of(int64_t code)
{
    if (code == 190 || code == 102 || code == 463 || code == 467)
        return FACEBOOK_BAD_TOKEN;
    if (code == 10 || code == 3 || (code >= 200 && code <= 299))
        return FACEBOOK_NO_RIGHT;
    if (code == 4 || code == 17 || code == 32 || code == 613 ||
        (code >= 80000 && code <= 80014))
        return FACEBOOK_SLOW_DOWN;
    if (code == 100 || code == 803)
        return FACEBOOK_MISSING;
    return code == 1 || code == 2 ? FACEBOOK_UNAVAILABLE : FACEBOOK_OTHER;
}

enum facebook_fault
facebook_read_fault(struct str body, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    enum facebook_fault fault = fault_of(json_number(o, "error.code", 0));
    buf_add_str(words, json_text(o, "error.message"));
    json_decref(o);
    return fault;
}

/* --- what people paste */

static struct str
digits_at(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.len && s.p[end] >= '0' && s.p[end] <= '9')
        end++;
    return (struct str){.p = s.p + at, .len = end - at};
}

/* "...facebook.com/NAME/videos/ID", "...watch/live/?v=ID", "...watch/?v=ID". */
static struct str
id_in_link(struct str text)
{
    static const char *const marks[] = {"/videos/", "?v=", "&v=", "video_id=", "/reel/"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        const char *at = memmem(text.p, text.len, marks[i], strlen(marks[i]));
        if (at == NULL)
            continue;
        size_t from = (size_t)(at - text.p) + strlen(marks[i]);
        struct str id = digits_at(text, from);
        /* ".../videos/TITLE/ID/" */
        const char *slash =
            id.len > 0 ? NULL : memchr(text.p + from, '/', text.len - from);
        if (slash != NULL)
            id = digits_at(text, (size_t)(slash - text.p) + 1);
        if (id.len > 0)
            return id;
    }
    return STR_NONE;
}

int
facebook_target(struct str text, struct buf *out, struct err *e)
{
    bool link = text.len > 0 && memmem(text.p, text.len, "facebook.com/", 13) != NULL;
    struct str id = link           ? id_in_link(text)
                    : text.len > 0 ? digits_at(text, 0)
                                   : STR_NONE;
    bool live = str_eq(text, STR_LIT("live")) || str_eq(text, STR_LIT("page"));
    if (live)
        id = STR_LIT("live");
    else if (id.len < 5 || id.len > 25 || (!link && id.len != text.len))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no live video: its link, its number, or 'live' for "
                       "the one on air",
                       STR_ARG(text));
    buf_add_str(out, id);
    return 0;
}

/* --- webhooks */

/* Seconds in some of the documents' samples, milliseconds in others. */
static int64_t
time_of(const json_t *entry)
{
    int64_t t = json_number(entry, "time", 0);
    if (t < 0)
        return 0;
    return t < INT64_C(100000000000) ? t * 1000 : t;
}

static void
read_change(const json_t *change, struct facebook_view view, struct message_taker to)
{
    if (str_eq(json_text(change, "field"), STR_LIT("live_comments")))
        (void)read_one(json_object_get(change, "value"), view, to);
}

/* The documents show the change in a list, and also as members of the entry itself. */
static void
read_entry(const json_t *entry, struct str account, struct message_taker to)
{
    const json_t *changes = json_object_get(entry, "changes");
    struct facebook_view view = {.owner = account, .at_ms = time_of(entry)};
    struct str of = json_text(entry, "id");
    if (account.len > 0 && !str_eq(of, account))
        return; /* another account of the same application */
    read_change(entry, view, to);
    for (size_t k = 0; k < json_array_size(changes); k++)
        read_change(json_array_get(changes, k), view, to);
}

int
instagram_read_hook(struct str body, struct str account, struct message_taker to,
                    struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *entries = json_object_get(o, "entry");
    bool ours = str_eq(json_text(o, "object"), STR_LIT("instagram"));
    if (o == NULL)
        return -1;
    for (size_t i = 0; ours && i < json_array_size(entries); i++)
        read_entry(json_array_get(entries, i), account, to);
    json_decref(o);
    return ours ? 0 : err_set(e, ERR_PARSE, "the delivery is not about Instagram");
}

int
instagram_target(struct str text, struct buf *out, struct err *e)
{
    bool live = str_eq(text, STR_LIT("live"));
    struct str id = text.len > 0 ? digits_at(text, 0) : STR_NONE;
    if (!live && (id.len < 5 || id.len > 25 || id.len != text.len))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no live video: 'live' for the one on air, or its "
                       "number",
                       STR_ARG(text));
    buf_add_str(out, text);
    return 0;
}
