/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - reading the JSON of platforms.
 *
 * Decoders ask for what they need by its path and judge what is missing; nothing here
 * fails. jansson has checked the UTF-8 and refused escaped NULs before. */
#include "source/json.h"

#include <string.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "base/utf8.h"

const json_t *
json_at(const json_t *o, const char *path)
{
    struct str rest = str_from(path), name;
    while (o != NULL && str_split(&rest, '.', &name))
        o = json_object_getn(o, name.p, name.len);
    return o;
}

struct str
json_text(const json_t *o, const char *path)
{
    const json_t *v = json_at(o, path);
    if (!json_is_string(v))
        return STR_NONE;
    return (struct str){.p = json_string_value(v), .len = json_string_length(v)};
}

bool
json_flag(const json_t *o, const char *path)
{
    return json_is_true(json_at(o, path));
}

int64_t
json_number(const json_t *o, const char *path, int64_t otherwise)
{
    const json_t *v = json_at(o, path);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : otherwise;
}

int64_t
json_time(const json_t *o, const char *path)
{
    struct err not_a_time = ERR_INIT;
    int64_t ms = 0;
    struct str s = json_text(o, path);
    return s.len > 0 && clock_parse_iso(s, &ms, &not_a_time) == 0 && ms > 0 ? ms : 0;
}

int64_t
json_unix_time(const json_t *o, const char *path)
{
    int64_t seconds = json_number(o, path, 0);
    return seconds > 0 && seconds < INT64_C(1) << 40 ? seconds * 1000 : 0;
}

void
json_id(const json_t *o, const char *path, struct buf *out)
{
    const json_t *v = json_at(o, path);
    if (json_is_integer(v))
        buf_add_i64(out, (int64_t)json_integer_value(v));
    else
        buf_add_str(out, json_text(o, path));
}

void
message_set_text(struct message *m, struct str text)
{
    m->text = utf8_prefix(text, BOUNDS_TEXT);
    m->repaired = m->repaired || m->text.len < text.len;
}

void
message_set_author(struct message *m, struct str id, struct str name)
{
    m->author_id = id.len <= BOUNDS_ID ? id : STR_NONE;
    m->author_name = utf8_prefix(name, BOUNDS_NAME);
}

void
message_set_id(struct message *m, struct str id)
{
    m->id = id.len <= BOUNDS_ID ? id : STR_NONE;
}
