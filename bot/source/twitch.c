/* SPDX-License-Identifier: Apache-2.0 */
/* twitch.c - what Twitch says over HTTP, and its badges.
 *
 * Badges mean the same in IRC and in EventSub; their sets are listed once, here. An
 * answer 200 to a line does not say that the line was said: "is_sent" does. */
#include "source/twitch.h"

#include <jansson.h>

#include "base/bounds.h"
#include "source/json.h"

unsigned
twitch_badge_role(struct str set)
{
    static const struct {
        struct str set;
        unsigned role;
    } badges[] = {
        {STR_LIT("broadcaster"), MESSAGE_OWNER},
        {STR_LIT("moderator"), MESSAGE_MODERATOR},
        {STR_LIT("lead_moderator"), MESSAGE_MODERATOR},
        {STR_LIT("vip"), MESSAGE_VIP},
        {STR_LIT("subscriber"), MESSAGE_MEMBER},
        {STR_LIT("founder"), MESSAGE_MEMBER},
        {STR_LIT("partner"), MESSAGE_VERIFIED},
        {STR_LIT("staff"), MESSAGE_STAFF},
        {STR_LIT("admin"), MESSAGE_STAFF},
        {STR_LIT("global_mod"), MESSAGE_STAFF},
        {STR_LIT("bot-badge"), MESSAGE_BOT},
    };
    for (size_t i = 0; i < sizeof(badges) / sizeof(badges[0]); i++)
        if (str_eq(set, badges[i].set))
            return badges[i].role;
    return 0;
}

void
twitch_account_fini(struct twitch_account *a)
{
    buf_fini(&a->client_id);
    buf_fini(&a->user_id);
    a->scopes = 0;
}

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

static unsigned
scope_of(struct str name)
{
    static const struct {
        struct str name;
        unsigned scope;
    } scopes[] = {
#define SCOPE_ROW(code, bit, name) {STR_LIT(name), code},
        TWITCH_SCOPE_MAP(SCOPE_ROW)
#undef SCOPE_ROW
    };
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
        if (str_eq(name, scopes[i].name))
            return scopes[i].scope;
    return 0;
}

int
twitch_read_account(struct str body, struct twitch_account *a, struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    const json_t *scopes = json_object_get(o, "scopes");
    buf_reset(&a->client_id);
    buf_reset(&a->user_id);
    a->scopes = 0;
    json_id(o, "client_id", &a->client_id);
    json_id(o, "user_id", &a->user_id);
    for (size_t i = 0; i < json_array_size(scopes); i++) {
        const char *name = json_string_value(json_array_get(scopes, i));
        a->scopes |= scope_of(str_from(name));
    }
    json_decref(o);
    return a->client_id.len > 0 && a->user_id.len > 0
               ? 0
               : err_set(e, ERR_PARSE, "the answer does not say whose token it is");
}

/* The only one of "data"; NULL: it is empty. */
static const json_t *
first(const json_t *o)
{
    return json_array_get(json_object_get(o, "data"), 0);
}

int
twitch_read_user(struct str body, struct buf *id, struct err *e)
{
    json_t *o = parse(body, e);
    if (o == NULL)
        return -1;
    bool is_list = json_is_array(json_object_get(o, "data"));
    buf_reset(id);
    json_id(first(o), "id", id);
    json_decref(o);
    if (!is_list)
        return err_set(e, ERR_PARSE, "the answer has no list of users");
    return id->len <= BOUNDS_ID ? 0 : err_set(e, ERR_LIMIT, "the id is too long");
}

int
twitch_read_sent(struct str body, bool *sent, struct buf *why, struct err *e)
{
    json_t *o = parse(body, e);
    const json_t *line = first(o);
    if (o == NULL)
        return -1;
    bool known = json_is_boolean(json_object_get(line, "is_sent"));
    *sent = json_flag(line, "is_sent");
    struct str message = json_text(line, "drop_reason.message");
    struct str code = json_text(line, "drop_reason.code");
    buf_add_str(why, message.len > 0 ? message : code);
    json_decref(o);
    return known ? 0
                 : err_set(e, ERR_PARSE, "the answer does not say if the line was said");
}

void
twitch_read_fault(struct str body, struct buf *words)
{
    struct err not_json = ERR_INIT;
    json_t *o = parse(body, &not_json);
    struct str message = json_text(o, "message");
    buf_add_str(words, message.len > 0 ? message : json_text(o, "error"));
    json_decref(o);
}

void
twitch_write_line(struct buf *out, struct str broadcaster, struct str sender,
                  struct str text, struct str reply_to)
{
    buf_add_cstr(out, "{\"broadcaster_id\":");
    buf_add_json(out, broadcaster);
    buf_add_cstr(out, ",\"sender_id\":");
    buf_add_json(out, sender);
    buf_add_cstr(out, ",\"message\":");
    buf_add_json(out, text);
    if (reply_to.len > 0) {
        buf_add_cstr(out, ",\"reply_parent_message_id\":");
        buf_add_json(out, reply_to);
    }
    buf_add_char(out, '}');
}
