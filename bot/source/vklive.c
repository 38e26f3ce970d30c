/* SPDX-License-Identifier: Apache-2.0 */
/* vklive.c - the chat of VK Video Live.
 *
 * A line is a list of parts: words, links, people, smiles; the text is all of them in a
 * row. The catalogue of events is not public: what is not known is passed over, and the
 * history is looked for under each of the names it may have. Ids are numbers in JSON and
 * texts here. */
#include "source/vklive.h"

#include <string.h>

#include "base/bounds.h"
#include "source/json.h"

/* --- what people paste */

static bool
is_name(struct str s)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    for (size_t i = 0; i < s.len; i++)
        if (memchr(letters, s.p[i], sizeof(letters) - 1) == NULL)
            return false;
    return s.len > 0 && s.len <= 64;
}

static bool
skip(struct str *s, const char *prefix)
{
    struct str p = str_from(prefix);
    if (!str_has_prefix(*s, p))
        return false;
    *s = (struct str){.p = s->p + p.len, .len = s->len - p.len};
    return true;
}

int
vklive_target(struct str text, struct buf *out, struct err *e)
{
    struct str name = text;
    bool link = skip(&name, "https://") || skip(&name, "http://");
    bool site = skip(&name, "live.vkvideo.ru/") || skip(&name, "live.vkplay.ru/") ||
                skip(&name, "vkplay.live/");
    size_t end = 0;
    if (site) {
        (void)skip(&name, "app/embed/");
        while (end < name.len && strchr("/?#", name.p[end]) == NULL)
            end++;
        name.len = end;
    }
    if ((link && !site) || !is_name(name))
        return err_set(e, ERR_VALUE,
                       "'%.*s' is no channel of VK Video Live: its name or its link",
                       STR_ARG(text));
    buf_add_str(out, name);
    return 0;
}

/* --- lines */

static void
read_part(const json_t *part, struct buf *text)
{
    struct str link = json_text(part, "link.content");
    struct str nick = json_text(part, "mention.nick");
    struct str smile = json_text(part, "smile.name");
    buf_add_str(text, json_text(part, "text.content"));
    buf_add_str(text, link.len > 0 ? link : json_text(part, "link.url"));
    if (nick.len > 0)
        buf_addf(text, "@%.*s", STR_ARG(nick));
    if (smile.len > 0)
        buf_addf(text, ":%.*s:", STR_ARG(smile));
}

static bool
is_bot(const json_t *author)
{
    const json_t *badges = json_object_get(author, "badges");
    for (size_t i = 0; i < json_array_size(badges); i++) {
        const json_t *badge = json_array_get(badges, i);
        if (str_eq(json_text(badge, "achievement.name"), STR_LIT("internal_chatbot")))
            return true;
    }
    return false;
}

static unsigned
roles_of(const json_t *author)
{
    unsigned roles = json_flag(author, "is_owner") ? MESSAGE_OWNER : 0;
    return roles | (json_flag(author, "is_moderator") ? (unsigned)MESSAGE_MODERATOR : 0);
}

static size_t
read_line(const json_t *line, bool backlog, struct message_taker to)
{
    const json_t *parts = json_object_get(line, "parts");
    const json_t *author = json_object_get(line, "author");
    struct message m = {.kind = MESSAGE_CHAT, .backlog = backlog};
    struct buf id = BUF_INIT, author_id = BUF_INIT, text = BUF_INIT;
    bool ours = !json_flag(line, "is_private") && !is_bot(author);
    for (size_t i = 0; ours && i < json_array_size(parts); i++)
        read_part(json_array_get(parts, i), &text);
    struct str words = str_trim(buf_str(&text));
    if (words.len > 0) {
        json_id(line, "id", &id);
        json_id(author, "id", &author_id);
        message_set_id(&m, buf_str(&id));
        message_set_text(&m, words);
        message_set_author(&m, buf_str(&author_id), json_text(author, "nick"));
        m.roles = roles_of(author);
        m.at_ms = json_unix_time(line, "created_at");
        to.take(to.arg, &m);
    }
    buf_fini(&id);
    buf_fini(&author_id);
    buf_fini(&text);
    return words.len > 0;
}

static size_t
read_deletion(const json_t *line, struct message_taker to)
{
    struct buf id = BUF_INIT;
    json_id(line, "id", &id);
    struct message gone = {.kind = MESSAGE_DELETE};
    message_set_id(&gone, buf_str(&id));
    size_t n = gone.id.len > 0;
    if (n > 0)
        to.take(to.arg, &gone);
    buf_fini(&id);
    return n;
}

size_t
vklive_read_publication(const json_t *data, struct message_taker to)
{
    struct str type = json_text(data, "type");
    const json_t *line = json_at(data, "data.chat_message");
    if (str_eq(type, STR_LIT("channel_chat_message_send")))
        return read_line(line, false, to);
    if (str_eq(type, STR_LIT("channel_chat_message_delete")))
        return read_deletion(line, to);
    return 0;
}

/* --- answers */

size_t
vklive_read_history(const json_t *answer, bool backlog, struct message_taker to)
{
    static const char *const paths[] = {"data.chat_messages", "data.messages", "data"};
    const json_t *list = NULL;
    size_t n = 0;
    for (size_t i = 0; !json_is_array(list) && i < sizeof(paths) / sizeof(paths[0]); i++)
        list = json_at(answer, paths[i]);
    size_t count = json_array_size(list);
    bool newest_first =
        count > 1 && json_unix_time(json_array_get(list, 0), "created_at") >
                         json_unix_time(json_array_get(list, count - 1), "created_at");
    for (size_t i = 0; i < count; i++)
        n += read_line(json_array_get(list, newest_first ? count - 1 - i : i), backlog,
                       to);
    return n;
}

int
vklive_read_channel(const json_t *answer, struct buf *chat, struct buf *stream,
                    struct err *e)
{
    struct str name = json_text(answer, "data.channel.web_socket_channels.chat");
    buf_reset(chat);
    buf_reset(stream);
    if (name.len == 0 || name.len > BOUNDS_ID)
        return err_set(e, ERR_PARSE, "VK Video Live does not say where the chat is");
    buf_add_str(chat, name);
    json_id(answer, "data.stream.id", stream);
    return 0;
}

struct str
vklive_channel_token(const json_t *answer, struct str channel)
{
    const json_t *list = json_at(answer, "data.channel_tokens");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (str_eq(json_text(one, "channel"), channel))
            return json_text(one, "token");
    }
    return STR_NONE;
}

void
vklive_read_fault(struct str body, struct buf *words)
{
    static const char *const paths[] = {"error_description", "error.message",
                                        "error.code",        "error",
                                        "message",           "data.error"};
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, NULL);
    for (size_t i = 0; words->len == 0 && i < sizeof(paths) / sizeof(paths[0]); i++)
        buf_add_str(words, json_text(o, paths[i]));
    json_decref(o);
}

void
vklive_write_line(struct str text, struct buf *out)
{
    buf_add_cstr(out, "{\"parts\":[{\"text\":{\"content\":");
    buf_add_json(out, text);
    buf_add_cstr(out, "}}]}");
}
