/* SPDX-License-Identifier: Apache-2.0 */
/* message.c - the NDJSON form of a message, read and written in one place, so that what
 * the recorder writes is what the replay, `judge` and the HTTP intake read.
 *
 * Owns nothing: a message that was read borrows from the jansson value. Strict about the
 * members it knows (a wrong type is an error that names the member), blind to the others.
 * Three things are mended instead of refused, because a chat line must never get lost:
 * text over BOUNDS_TEXT is cut, bad UTF-8 and an escaped NUL become U+FFFD; each sets
 * `repaired`, which makes judging hold the message for a person. Ids are never cut: a cut
 * id is another id. */
#include "source/message.h"

#include "base/bounds.h"
#include "base/clock.h"
#include "base/utf8.h"

static const struct {
    unsigned role;
    const char *name;
} role_names[] = {
#define ROLE_ROW(code, bit, name) {code, name},
    MESSAGE_ROLE_MAP(ROLE_ROW)
#undef ROLE_ROW
};
#define N_ROLES (sizeof(role_names) / sizeof(role_names[0]))

/* A string member; absent and null give STR_NONE. */
static int
get_string(const json_t *o, const char *name, struct str *out, struct err *e)
{
    *out = STR_NONE;
    const json_t *v = json_object_get(o, name);
    if (v == NULL || json_is_null(v))
        return 0;
    if (!json_is_string(v))
        return err_set(e, ERR_VALUE, "'%s' must be a string", name);
    *out = (struct str){.p = json_string_value(v), .len = json_string_length(v)};
    return 0;
}

static int
get_id(const json_t *o, const char *name, struct str *out, struct err *e)
{
    if (get_string(o, name, out, e) < 0)
        return -1;
    if (out->len > BOUNDS_ID)
        return err_set(e, ERR_LIMIT, "'%s' is longer than %d bytes", name, BOUNDS_ID);
    return 0;
}

static int
get_bool(const json_t *o, const char *name, bool *out, struct err *e)
{
    *out = false;
    const json_t *v = json_object_get(o, name);
    if (v == NULL || json_is_null(v))
        return 0;
    if (!json_is_boolean(v))
        return err_set(e, ERR_VALUE, "'%s' must be true or false", name);
    *out = json_is_true(v);
    return 0;
}

static int
get_time(const json_t *o, const char *name, int64_t *out, struct err *e)
{
    struct str s;
    *out = 0;
    if (get_string(o, name, &s, e) < 0)
        return -1;
    if (s.len > 0 && clock_parse_iso(s, out, e) < 0)
        return err_ctx(e, "'%s'", name);
    return 0;
}

/* Roles that we do not know mean nothing here: platforms invent new ones. */
static int
get_roles(const json_t *author, unsigned *out, struct err *e)
{
    *out = 0;
    const json_t *list = json_object_get(author, "roles");
    if (list == NULL || json_is_null(list))
        return 0;
    if (!json_is_array(list))
        return err_set(e, ERR_VALUE, "'roles' must be a list of strings");
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
    {
        if (!json_is_string(v))
            return err_set(e, ERR_VALUE, "'roles' must be a list of strings");
        for (size_t r = 0; r < N_ROLES; r++)
            if (strcmp(json_string_value(v), role_names[r].name) == 0)
                *out |= role_names[r].role;
    }
    return 0;
}

static int
get_author(const json_t *o, struct message *m, struct err *e)
{
    const json_t *author = json_object_get(o, "author");
    if (author == NULL || json_is_null(author))
        return 0;
    if (!json_is_object(author))
        return err_set(e, ERR_VALUE, "'author' must be an object");
    if (get_id(author, "id", &m->author_id, e) < 0 ||
        get_string(author, "name", &m->author_name, e) < 0 ||
        get_roles(author, &m->roles, e) < 0)
        return err_ctx(e, "'author'");
    m->author_name = utf8_prefix(m->author_name, BOUNDS_NAME);
    return 0;
}

static int
get_chat(const json_t *o, struct message *m, struct err *e)
{
    const json_t *text = json_object_get(o, "text");
    if (text == NULL)
        return err_set(e, ERR_VALUE, "'text' is missing");
    if (!json_is_string(text))
        return err_set(e, ERR_VALUE, "'text' must be a string");
    bool repaired;
    if (get_string(o, "text", &m->text, e) < 0 || get_id(o, "id", &m->id, e) < 0 ||
        get_id(o, "reply_to", &m->reply_to, e) < 0 ||
        get_time(o, "at", &m->at_ms, e) < 0 ||
        get_bool(o, "backlog", &m->backlog, e) < 0 ||
        get_bool(o, "repaired", &repaired, e) < 0 || get_author(o, m, e) < 0)
        return -1;
    m->repaired = repaired || m->text.len > BOUNDS_TEXT;
    m->text = utf8_prefix(m->text, BOUNDS_TEXT);
    return 0;
}

/* A member whose presence makes the object a wish to take lines back. */
static int
get_deletion(const json_t *o, struct message *m, struct err *e)
{
    bool all;
    if (get_id(o, "delete", &m->id, e) < 0 ||
        get_id(o, "delete_author", &m->author_id, e) < 0 ||
        get_bool(o, "delete_all", &all, e) < 0)
        return -1;
    if (all)
        m->kind = MESSAGE_DELETE_ALL;
    else if (m->id.len > 0)
        m->kind = MESSAGE_DELETE;
    else if (m->author_id.len > 0)
        m->kind = MESSAGE_DELETE_AUTHOR;
    else if (json_object_get(o, "text") == NULL &&
             (json_object_get(o, "delete") != NULL ||
              json_object_get(o, "delete_author") != NULL))
        return err_set(e, ERR_VALUE, "nothing named to delete");
    return 0;
}

int
message_from_json(const json_t *o, struct message *m, struct str *source, struct err *e)
{
    *m = (struct message){.kind = MESSAGE_CHAT};
    struct str from = STR_NONE;
    if (!json_is_object(o))
        return err_set(e, ERR_VALUE, "not a JSON object");
    if (get_string(o, "source", &from, e) < 0)
        return -1;
    if (from.len > BOUNDS_SOURCE_NAME)
        return err_set(e, ERR_LIMIT, "'source' is longer than %d bytes",
                       BOUNDS_SOURCE_NAME);
    if (source != NULL)
        *source = from;
    if (get_deletion(o, m, e) < 0)
        return -1;
    return m->kind == MESSAGE_CHAT ? get_chat(o, m, e) : 0;
}

/* A NUL that JSON may spell would end the text early for some of its readers. Each escape
 * is looked at once, so a backslash that is itself escaped starts nothing. */
static bool
replace_nul(struct str line, struct buf *out)
{
    static const char nul[] = "\\u0000";
    const size_t width = sizeof(nul) - 1;
    bool found = false;
    size_t kept = 0;
    for (size_t i = 0; i + 1 < line.len; i++) {
        if (line.p[i] != '\\')
            continue;
        if (line.len - i >= width && memcmp(line.p + i, nul, width) == 0) {
            buf_add(out, line.p + kept, i - kept);
            buf_add_cstr(out, "\\ufffd");
            kept = i + width;
            found = true;
        }
        i++;
    }
    if (found)
        buf_add(out, line.p + kept, line.len - kept);
    return found;
}

/* What of a line can be mended, in `mended`; gives the line to read. */
static struct str
mend(struct str line, struct buf *mended, bool *repaired)
{
    struct buf valid = BUF_INIT;
    *repaired = !utf8_is_valid(line);
    if (*repaired) {
        utf8_repair(line, &valid);
        line = buf_str(&valid);
    }
    if (replace_nul(line, mended)) {
        *repaired = true;
        line = buf_str(mended);
    } else if (*repaired) {
        buf_add_str(mended, line);
        line = buf_str(mended);
    }
    buf_fini(&valid);
    return line;
}

int
message_parse(struct str line, struct message *m, struct str *source, json_t **holder,
              struct err *e)
{
    *holder = NULL;
    if (line.len > BOUNDS_FRAME)
        return err_set(e, ERR_LIMIT, "the line is longer than %d bytes", BOUNDS_FRAME);
    struct buf mended = BUF_INIT;
    bool repaired;
    line = mend(line, &mended, &repaired);
    json_error_t why;
    json_t *o = json_loadb(line.len > 0 ? line.p : "", line.len, 0, &why);
    buf_fini(&mended);
    if (o == NULL)
        return err_set(e, ERR_PARSE, "not JSON at byte %d: %s", why.position, why.text);
    if (message_from_json(o, m, source, e) < 0) {
        json_decref(o);
        return -1;
    }
    m->repaired = m->repaired || repaired;
    *holder = o;
    return 0;
}

static void
add_member(struct buf *out, const char *name, struct str value)
{
    if (out->data[out->len - 1] != '{')
        buf_add_char(out, ',');
    buf_addf(out, "\"%s\":", name);
    buf_add_json(out, value);
}

static void
add_optional(struct buf *out, const char *name, struct str value)
{
    if (value.len > 0)
        add_member(out, name, value);
}

static void
add_author(struct buf *out, const struct message *m)
{
    if (m->author_id.len == 0 && m->author_name.len == 0 && m->roles == 0)
        return;
    if (out->data[out->len - 1] != '{')
        buf_add_char(out, ',');
    buf_add_cstr(out, "\"author\":{");
    add_optional(out, "id", m->author_id);
    add_optional(out, "name", m->author_name);
    if (m->roles != 0) {
        if (out->data[out->len - 1] != '{')
            buf_add_char(out, ',');
        buf_add_cstr(out, "\"roles\":");
        message_write_roles(m->roles, out);
    }
    buf_add_char(out, '}');
}

static void
add_chat(struct buf *out, const struct message *m)
{
    add_author(out, m);
    add_member(out, "text", m->text);
    int64_t at_ms = m->at_ms != 0 ? m->at_ms : m->received_ms;
    if (at_ms != 0) {
        buf_add_cstr(out, ",\"at\":\"");
        clock_add_iso(out, at_ms);
        buf_add_char(out, '"');
    }
    add_optional(out, "reply_to", m->reply_to);
    if (m->backlog)
        buf_add_cstr(out, ",\"backlog\":true");
    if (m->repaired)
        buf_add_cstr(out, ",\"repaired\":true");
}

void
message_write_json(const struct message *m, struct str source, struct buf *out)
{
    buf_add_char(out, '{');
    switch (m->kind) {
    case MESSAGE_CHAT:
        add_optional(out, "id", m->id);
        break;
    case MESSAGE_DELETE:
        add_member(out, "delete", m->id);
        break;
    case MESSAGE_DELETE_AUTHOR:
        add_member(out, "delete_author",
                   m->author_id.len > 0 ? m->author_id : m->author_name);
        break;
    case MESSAGE_DELETE_ALL:
        buf_add_cstr(out, "\"delete_all\":true");
        break;
    }
    add_optional(out, "source", source);
    if (m->kind == MESSAGE_CHAT)
        add_chat(out, m);
    buf_add_char(out, '}');
}

void
message_write_roles(unsigned roles, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t r = 0; r < N_ROLES; r++) {
        if ((roles & role_names[r].role) == 0)
            continue;
        if (out->data[out->len - 1] != '[')
            buf_add_char(out, ',');
        buf_add_json(out, str_from(role_names[r].name));
    }
    buf_add_char(out, ']');
}
