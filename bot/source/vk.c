/* SPDX-License-Identifier: Apache-2.0 */
/* vk.c - comments under a video or a post of a VK community, to messages.
 *
 * The Long Poll tells of every comment of the community; only those of the place that was
 * named are taken. Comments are numbered within their community, so the id of a line is
 * place and number together. An edit keeps its number: the line is taken back and said
 * anew under an id with a mark made of the event, and the mark is remembered, since the
 * next edit, or a deletion, must take back that one. The same event may come twice after
 * a lost answer; then its mark is known and nothing happens. */
#include "source/vk.h"

#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "base/utf8.h"
#include "source/json.h"

enum { ID_TEXT = 112 };

/* --- comments */

enum verb { VERB_NONE, VERB_NEW, VERB_EDIT, VERB_RESTORE, VERB_DELETE };

struct comment {
    const json_t *o; /* borrowed */
    struct vk_target where;
    char id[ID_TEXT]; /* without a mark */
};

static struct vk_target
where_is(const json_t *o, enum vk_place place, const struct vk_view *view)
{
    const char *number = place == VK_WALL ? "post_id" : "video_id";
    int64_t otherwise = view->target.place == VK_ANY ? -view->group : view->target.owner;
    int64_t owner = json_number(o, "owner_id", otherwise);
    if (place == VK_VIDEO)
        owner = json_number(o, "video_owner_id", owner);
    else
        owner = json_number(o, "post_owner_id", owner);
    return (struct vk_target){place, owner, json_number(o, number, view->target.number)};
}

static void
write_id(char out[ID_TEXT], const struct vk_target *where, int64_t comment)
{
    (void)snprintf(out, ID_TEXT, "%s%lld_%lld_%lld", vk_place_name(where->place),
                   (long long)where->owner, (long long)where->number, (long long)comment);
}

/* False: it is not of the place that was named, or has no number. */
static bool
read_comment(const json_t *o, enum vk_place place, const struct vk_view *view,
             struct comment *c)
{
    const struct vk_target *t = &view->target;
    int64_t number = json_number(o, "id", 0);
    *c = (struct comment){.o = o, .where = where_is(o, place, view)};
    write_id(c->id, &c->where, number);
    if (number <= 0)
        return false;
    if (t->place == VK_ANY)
        return place == VK_VIDEO;
    return t->place == place && c->where.owner == t->owner &&
           c->where.number == t->number;
}

/* `mark`: of an edit; 0: none. False when there was nothing to say. */
static bool
say(const struct comment *c, uint64_t mark, const struct vk_view *view,
    struct message_taker to)
{
    int64_t from = json_number(c->o, "from_id", 0);
    int64_t reply_to = json_number(c->o, "reply_to_comment", 0);
    struct message m = {.kind = MESSAGE_CHAT, .backlog = view->backlog};
    struct buf text = BUF_INIT, name = BUF_INIT;
    char id[ID_TEXT], author[32], reply[ID_TEXT];
    if (from == 0 || from == -view->group || json_flag(c->o, "deleted"))
        return false;
    vk_plain(json_text(c->o, "text"), &text);
    struct str words = str_trim(buf_str(&text));
    if (words.len > 0) {
        (void)snprintf(id, sizeof(id), mark != 0 ? "%.80s~%llx" : "%.80s", c->id,
                       (unsigned long long)mark);
        (void)snprintf(author, sizeof(author), "%lld", (long long)from);
        vk_people_name(view->people, from, &name);
        message_set_id(&m, str_from(id));
        message_set_text(&m, words);
        message_set_author(&m, str_from(author), buf_str(&name));
        m.roles = vk_people_roles(view->people, from);
        m.at_ms = json_unix_time(c->o, "date");
        write_id(reply, &c->where, reply_to);
        if (reply_to > 0)
            m.reply_to = str_from(reply);
        to.take(to.arg, &m);
    }
    buf_fini(&text);
    buf_fini(&name);
    return words.len > 0;
}

/* --- edits and deletions */

static const struct map_key no_secret; /* numbers of comments are given, not chosen */

static void
take_back(const struct comment *c, const struct vk_view *view, struct message_taker to)
{
    char marked[ID_TEXT];
    uint64_t mark = 0;
    struct message gone = {.kind = MESSAGE_DELETE, .id = str_from(c->id)};
    to.take(to.arg, &gone);
    uint64_t key = map_hash(&no_secret, gone.id, STR_NONE);
    if (!map_get(view->versions, key, &mark))
        return;
    (void)snprintf(marked, sizeof(marked), "%.80s~%llx", c->id, (unsigned long long)mark);
    gone.id = str_from(marked);
    to.take(to.arg, &gone);
}

static size_t
say_again(const struct comment *c, const json_t *event, bool is_edit,
          const struct vk_view *view, struct message_taker to)
{
    uint64_t mark =
        map_hash(&no_secret, json_text(event, "event_id"), json_text(c->o, "text"));
    uint64_t last = 0;
    uint64_t key = map_hash(&no_secret, str_from(c->id), STR_NONE);
    if (mark == 0 || (map_get(view->versions, key, &last) && last == mark))
        return 0;
    if (is_edit)
        take_back(c, view, to);
    map_put_within(view->versions, BOUNDS_SOURCE_EDITS, key, mark);
    return say(c, mark, view, to);
}

/* --- the long poll */

static enum verb
verb_of(struct str type, enum vk_place *place)
{
    static const struct {
        const char *type;
        enum vk_place place;
        enum verb verb;
    } table[] = {
        {"video_comment_new", VK_VIDEO, VERB_NEW},
        {"video_comment_edit", VK_VIDEO, VERB_EDIT},
        {"video_comment_restore", VK_VIDEO, VERB_RESTORE},
        {"video_comment_delete", VK_VIDEO, VERB_DELETE},
        {"wall_reply_new", VK_WALL, VERB_NEW},
        {"wall_reply_edit", VK_WALL, VERB_EDIT},
        {"wall_reply_restore", VK_WALL, VERB_RESTORE},
        {"wall_reply_delete", VK_WALL, VERB_DELETE},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (str_eq(type, str_from(table[i].type))) {
            *place = table[i].place;
            return table[i].verb;
        }
    }
    return VERB_NONE;
}

static size_t
read_update(const json_t *update, const struct vk_view *view, struct message_taker to)
{
    enum vk_place place = VK_ANY;
    enum verb verb = verb_of(json_text(update, "type"), &place);
    struct comment c;
    if (verb == VERB_NONE ||
        !read_comment(json_object_get(update, "object"), place, view, &c))
        return 0;
    switch (verb) {
    case VERB_NONE:
        return 0;
    case VERB_NEW:
        return say(&c, 0, view, to);
    case VERB_EDIT:
    case VERB_RESTORE:
        return say_again(&c, update, verb == VERB_EDIT, view, to);
    case VERB_DELETE:
        take_back(&c, view, to);
        return 1;
    }
    return 0;
}

size_t
vk_read_updates(const json_t *updates, const struct vk_view *view,
                struct message_taker to)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(updates); i++)
        n += read_update(json_array_get(updates, i), view, to);
    return n;
}

void
vk_note_authors(const json_t *updates, const struct vk_view *view)
{
    for (size_t i = 0; i < json_array_size(updates); i++) {
        const json_t *update = json_array_get(updates, i);
        const json_t *o = json_object_get(update, "object");
        enum vk_place place = VK_ANY;
        enum verb verb = verb_of(json_text(update, "type"), &place);
        struct comment c;
        if (verb == VERB_NONE || verb == VERB_DELETE || !read_comment(o, place, view, &c))
            continue;
        int64_t from = json_number(o, "from_id", 0);
        if (from != -view->group)
            vk_people_need(view->people, from);
    }
}

int
vk_read_poll(struct str body, struct vk_poll *out, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    const json_t *updates = json_object_get(o, "updates");
    vk_poll_fini(out);
    out->failed = json_number(o, "failed", 0);
    json_id(o, "ts", &out->ts);
    if (json_is_array(updates))
        out->updates = json_incref((json_t *)updates);
    json_decref(o);
    bool whole = out->updates != NULL && out->ts.len > 0 && out->ts.len <= BOUNDS_ID;
    if (whole || (out->failed > 0 && out->ts.len <= BOUNDS_ID))
        return 0;
    vk_poll_fini(out);
    return err_set(e, ERR_PARSE, "the long poll's answer has no 'ts' and 'updates'");
}

void
vk_poll_fini(struct vk_poll *p)
{
    buf_fini(&p->ts);
    json_decref(p->updates);
    *p = (struct vk_poll){.failed = 0};
}

int64_t
vk_comment_of(struct str id)
{
    struct err not_a_number = ERR_INIT;
    struct str rest = id, part = STR_NONE, last = STR_NONE;
    int64_t n = 0;
    (void)str_split(&rest, '~', &part);
    rest = part;
    while (str_split(&rest, '_', &part))
        last = part;
    return str_to_i64(last, 1, INT64_MAX, &n, &not_a_number) == 0 ? n : 0;
}

/* --- pages */

int64_t
vk_oldest_of_page(const json_t *answer)
{
    const json_t *items = json_at(answer, "response.items");
    size_t n = json_array_size(items);
    return n > 0 ? json_unix_time(json_array_get(items, n - 1), "date") : 0;
}

void
vk_learn_from_page(const json_t *answer, struct vk_people *people)
{
    vk_people_learn_users(people, json_at(answer, "response.profiles"));
    vk_people_learn_communities(people, json_at(answer, "response.groups"));
}

static size_t
read_item(const json_t *o, const struct vk_view *view, struct message_taker to)
{
    struct comment c;
    if (!read_comment(o, view->target.place, view, &c))
        return 0;
    /* Of one that was edited the long poll has told the last wording. */
    uint64_t key = map_hash(&no_secret, str_from(c.id), STR_NONE);
    return map_get(view->versions, key, NULL) ? 0 : say(&c, 0, view, to);
}

size_t
vk_read_page(const json_t *answer, const struct vk_view *view, struct message_taker to)
{
    const json_t *items = json_at(answer, "response.items");
    size_t n = 0;
    for (size_t i = json_array_size(items); i-- > 0;) {
        const json_t *item = json_array_get(items, i);
        const json_t *thread = json_at(item, "thread.items");
        n += read_item(item, view, to);
        for (size_t k = 0; k < json_array_size(thread); k++)
            n += read_item(json_array_get(thread, k), view, to);
    }
    return n;
}

/* --- faults and settings */

enum vk_fault
vk_fault_of(const json_t *answer, struct buf *words)
{
    static const struct {
        int64_t code;
        enum vk_fault fault;
    } table[] = {
        {1, VK_UNAVAILABLE}, {5, VK_BAD_TOKEN},  {6, VK_SLOW_DOWN},
        {7, VK_NO_RIGHT},    {9, VK_SLOW_DOWN},  {10, VK_UNAVAILABLE},
        {14, VK_SLOW_DOWN},  {15, VK_NO_RIGHT},  {17, VK_BAD_TOKEN},
        {20, VK_NO_RIGHT},   {27, VK_BAD_TOKEN}, {28, VK_BAD_TOKEN},
        {29, VK_SLOW_DOWN},  {30, VK_NO_RIGHT},  {36, VK_UNAVAILABLE},
        {100, VK_MISSING},   {125, VK_MISSING},  {203, VK_NO_RIGHT},
        {204, VK_NO_RIGHT},  {212, VK_NO_RIGHT}, {213, VK_NO_RIGHT},
        {801, VK_CLOSED},
    };
    int64_t code = json_number(answer, "error.error_code", 0);
    if (json_at(answer, "error") == NULL)
        return VK_FINE;
    buf_add_str(words, json_text(answer, "error.error_msg"));
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return table[i].fault;
    return VK_OTHER;
}

/* Booleans of VK are true, false, 1 or 0. */
static bool
is_off(const json_t *o, const char *path)
{
    const json_t *v = json_at(o, path);
    return json_is_false(v) || (json_is_integer(v) && json_integer_value(v) == 0);
}

bool
vk_sends_events(const json_t *answer, enum vk_place place)
{
    return !is_off(answer, "response.is_enabled") &&
           !is_off(answer, place == VK_WALL ? "response.events.wall_reply_new"
                                            : "response.events.video_comment_new");
}
