/* SPDX-License-Identifier: Apache-2.0 */
/* telegram.c - the Telegram Bot API: updates to messages.
 *
 * A bot gets the lines of every chat it is in; only those of the chat (and of the thread
 * under one post) that was named are taken. The id of a line is chat and number together,
 * since numbers repeat from chat to chat. Bots are told of edits and not of deletions: an
 * edit becomes the old line taken back and a new one, so that what was said first stays
 * in the journal and what is said now is judged again. */
#include "source/telegram.h"

#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "source/json.h"

enum { ID_TEXT = 64 };

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

/* --- which chat */

/* 0: it is none. */
static int64_t
number(struct str s)
{
    struct err not_a_number = ERR_INIT;
    int64_t n = 0;
    return str_to_i64(s, INT64_MIN, INT64_MAX, &n, &not_a_number) == 0 ? n : 0;
}

struct telegram_chat
telegram_chat_of(struct str target)
{
    struct telegram_chat chat = {0};
    struct str rest = target, head = STR_NONE;
    (void)str_split(&rest, '/', &head);
    if (head.len > 0 && head.p[0] == '@')
        chat.name = (struct str){.p = head.p + 1, .len = head.len - 1};
    else
        chat.id = number(head);
    chat.thread = number(rest);
    return chat;
}

static bool
is_name(struct str s)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    for (size_t i = 0; i < s.len; i++)
        if (memchr(letters, s.p[i], sizeof(letters) - 1) == NULL)
            return false;
    return s.len >= 4 && s.len <= 32;
}

static bool
skip(struct str *s, struct str prefix)
{
    if (!str_has_prefix(*s, prefix))
        return false;
    *s = (struct str){.p = s->p + prefix.len, .len = s->len - prefix.len};
    return true;
}

/* "NUMBER", then nothing or "/NUMBER". */
static bool
read_numbers(struct str s, int64_t *first, int64_t *second)
{
    struct err not_a_number = ERR_INIT;
    struct str head;
    *second = 0;
    if (!str_split(&s, '/', &head) ||
        str_to_i64(head, INT64_MIN, INT64_MAX, first, &not_a_number) < 0)
        return false;
    return s.len == 0 || str_to_i64(s, 1, INT64_MAX, second, &not_a_number) == 0;
}

static bool
write_target(struct str text, struct buf *out)
{
    struct err not_a_number = ERR_INIT;
    struct str rest = text, name;
    int64_t id = 0, thread = 0;
    bool link = skip(&rest, STR_LIT("https://")) || skip(&rest, STR_LIT("http://"));
    bool site = skip(&rest, STR_LIT("t.me/")) || skip(&rest, STR_LIT("telegram.me/"));
    if (link && !site)
        return false;
    if (site && skip(&rest, STR_LIT("c/"))) { /* a private group: its id without -100 */
        if (!read_numbers(rest, &id, &thread) || id <= 0)
            return false;
        buf_addf(out, "-100%lld", (long long)id);
    } else if (!site && read_numbers(rest, &id, &thread)) {
        buf_add_i64(out, id);
    } else {
        (void)skip(&rest, STR_LIT("@"));
        if (!str_split(&rest, '/', &name) || !is_name(name))
            return false;
        if (rest.len > 0 && str_to_i64(rest, 1, INT64_MAX, &thread, &not_a_number) < 0)
            return false;
        buf_addf(out, "@%.*s", STR_ARG(name));
    }
    if (thread != 0)
        buf_addf(out, "/%lld", (long long)thread);
    return true;
}

int
telegram_target(struct str text, struct buf *out, struct err *e)
{
    if (write_target(text, out))
        return 0;
    return err_set(e, ERR_VALUE,
                   "'%.*s' is no Telegram group: its @name, a t.me link or its id",
                   STR_ARG(text));
}

/* --- updates */

static bool
is_of_chat(const json_t *line, const struct telegram_chat *chat)
{
    bool same = chat->id != 0
                    ? json_number(line, "chat.id", 0) == chat->id
                    : str_eq_ascii_nocase(json_text(line, "chat.username"), chat->name);
    return same && (chat->thread == 0 ||
                    json_number(line, "message_thread_id", 0) == chat->thread);
}

bool
telegram_is_admin(const json_t *admins, int64_t id)
{
    for (size_t i = 0; i < json_array_size(admins); i++)
        if (json_number(json_array_get(admins, i), "user.id", 0) == id)
            return true;
    return false;
}

static bool
is_owner(const json_t *admins, int64_t id)
{
    for (size_t i = 0; i < json_array_size(admins); i++) {
        const json_t *one = json_array_get(admins, i);
        if (json_number(one, "user.id", 0) == id)
            return str_eq(json_text(one, "status"), STR_LIT("creator"));
    }
    return false;
}

/* Room for what a message borrows. */
struct author {
    char id[ID_TEXT];
    struct buf name;
};

/* A channel or the group itself may speak; then `from` only stands in for it. */
static void
read_author(const json_t *line, const json_t *admins, struct author *a, struct message *m)
{
    int64_t chat = json_number(line, "sender_chat.id", 0);
    int64_t id = chat != 0 ? chat : json_number(line, "from.id", 0);
    struct str last = json_text(line, "from.last_name");
    if (chat != 0) {
        buf_add_str(&a->name, json_text(line, "sender_chat.title"));
    } else {
        buf_add_str(&a->name, json_text(line, "from.first_name"));
        if (last.len > 0)
            buf_addf(&a->name, " %.*s", STR_ARG(last));
    }
    (void)snprintf(a->id, sizeof(a->id), "%lld", (long long)id);
    message_set_author(m, str_from(a->id), buf_str(&a->name));
    /* The group itself speaks: an admin who does not show who. */
    bool hidden = chat != 0 && chat == json_number(line, "chat.id", 0);
    if (is_owner(admins, id))
        m->roles = MESSAGE_OWNER;
    else if (hidden || telegram_is_admin(admins, id))
        m->roles = MESSAGE_MODERATOR;
}

static bool
is_ours_to_read(const json_t *line)
{
    bool stands_in = json_at(line, "sender_chat") != NULL;
    return !json_flag(line, "is_automatic_forward") &&
           (stands_in || !json_flag(line, "from.is_bot"));
}

static void
write_id(char out[ID_TEXT], const json_t *line, const char *number, int64_t edit)
{
    (void)snprintf(out, ID_TEXT, edit != 0 ? "%lld:%lld~%lld" : "%lld:%lld",
                   (long long)json_number(line, "chat.id", 0),
                   (long long)json_number(line, number, 0), (long long)edit);
}

static const struct map_key no_secret; /* numbers of lines are given, not chosen */

/* Takes back what the line said last. `edit` is what it says now: the number of the
 * update that told it, since two edits may be of one second. False: this one was told
 * before. */
static bool
take_back(const json_t *line, struct map *versions, int64_t edit, struct message_taker to)
{
    char id[ID_TEXT];
    struct message gone = {.kind = MESSAGE_DELETE};
    uint64_t last = 0;
    write_id(id, line, "message_id", 0);
    uint64_t key = map_hash(&no_secret, str_from(id), STR_NONE);
    if (map_get(versions, key, &last) && (int64_t)last >= edit)
        return false;
    write_id(id, line, "message_id", (int64_t)last);
    gone.id = str_from(id);
    to.take(to.arg, &gone);
    map_put_within(versions, BOUNDS_SOURCE_EDITS, key, (uint64_t)edit);
    return true;
}

static size_t
read_line(const json_t *line, const struct telegram_chat *chat, int64_t edit,
          struct message_taker to)
{
    char id[ID_TEXT], reply[ID_TEXT];
    struct author author = {.name = BUF_INIT};
    struct message m = {.kind = MESSAGE_CHAT};
    struct str text = json_text(line, "text");
    if (text.len == 0)
        text = json_text(line, "caption");
    if (edit != 0 && !take_back(line, chat->versions, edit, to))
        return 0;
    if (text.len == 0) /* the caption may have been taken away */
        return 0;
    write_id(id, line, "message_id", edit);
    message_set_id(&m, str_from(id));
    message_set_text(&m, text);
    read_author(line, chat->admins, &author, &m);
    m.at_ms = edit != 0 ? json_unix_time(line, "edit_date") : 0;
    if (m.at_ms == 0)
        m.at_ms = json_unix_time(line, "date");
    if (json_at(line, "reply_to_message") != NULL &&
        !json_flag(line, "reply_to_message.is_automatic_forward")) {
        write_id(reply, line, "reply_to_message.message_id", 0);
        m.reply_to = str_from(reply);
    }
    to.take(to.arg, &m);
    buf_fini(&author.name);
    return 1;
}

static void
read_update(const json_t *update, const struct telegram_chat *chat,
            struct message_taker to, struct telegram_updates *out)
{
    const json_t *said = json_object_get(update, "message");
    const json_t *edit = json_object_get(update, "edited_message");
    const json_t *line = said != NULL ? said : edit;
    int64_t id = json_number(update, "update_id", -1);
    if (id >= out->next && id < INT64_MAX)
        out->next = id + 1;
    if (line == NULL || !is_of_chat(line, chat))
        return;
    int64_t moved = json_number(line, "migrate_to_chat_id", 0);
    if (moved != 0)
        out->moved_to = moved;
    if (is_ours_to_read(line))
        out->messages += read_line(line, chat, said != NULL ? 0 : id, to);
}

int
telegram_read_updates(struct str body, const struct telegram_chat *chat,
                      struct message_taker to, struct telegram_updates *out,
                      struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *list = json_object_get(o, "result");
    *out = (struct telegram_updates){0};
    if (o == NULL)
        return -1;
    bool is_list = json_is_array(list);
    for (size_t i = 0; i < json_array_size(list); i++)
        read_update(json_array_get(list, i), chat, to, out);
    json_decref(o);
    return is_list ? 0 : err_set(e, ERR_PARSE, "the answer has no list of updates");
}

/* --- other answers */

void
telegram_read_fault(struct str body, struct telegram_fault *f, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    int64_t seconds = json_number(o, "parameters.retry_after", -1);
    *f = (struct telegram_fault){
        .code = json_number(o, "error_code", 0),
        .retry_after_ms = seconds >= 0 && seconds < 86400 ? seconds * 1000 : -1,
        .moved_to = json_number(o, "parameters.migrate_to_chat_id", 0)};
    buf_add_str(words, json_text(o, "description"));
    json_decref(o);
}

int
telegram_read_me(struct str body, int64_t *id, bool *reads_all, struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    *id = json_number(o, "result.id", 0);
    *reads_all = json_flag(o, "result.can_read_all_group_messages");
    json_decref(o);
    return *id != 0 ? 0 : err_set(e, ERR_PARSE, "the answer does not say who the bot is");
}
