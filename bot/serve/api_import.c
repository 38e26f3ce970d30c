/* SPDX-License-Identifier: Apache-2.0 */
/* api_import.c - POST /questions/import: questions that were prepared before the start.
 *
 * text/csv is a table (text, and if wished lang, topic, asker), text/plain is one
 * question a line. Each becomes a question as one written by hand does: judged, numbered,
 * new, a person approves it. What cannot be taken is named with its line and stops
 * nothing, and a wording that is there already is refused, so a file that was mended can
 * be sent again as it is. One answer, once all that was taken is on disk. With ?try=true
 * nothing is taken: the answer shows what each line would become. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/csv.h"
#include "base/utf8.h"
#include "serve/front.h"

enum { TOPIC_MAX = 64, ASKER_MAX = BOUNDS_NAME / 4 };

enum column { COLUMN_TEXT, COLUMN_LANG, COLUMN_TOPIC, COLUMN_ASKER, COLUMNS };
static const char *const columns[COLUMNS] = {"text", "lang", "topic", "asker"};
static const char *const langs[LANG_TEXTS] = {"kk", "ru", "en"};

struct import {
    struct front *front;
    struct exchange *x;
    struct map *known;     /* owned: hash of a wording -> number of its question */
    size_t place[COLUMNS]; /* of a column in the table; SIZE_MAX: not there */
    size_t line;           /* of the record at hand */
    uint64_t looked_at, accepted, seq;
    struct buf errors; /* JSON objects, joined by commas */
    const char *fault; /* static: what is wrong with the record at hand */
    uint64_t fault_of; /* the question or the line that it is about; 0: none */
    bool only_try;
    struct buf items;   /* of a try: JSON objects, joined by commas */
    struct err stopped; /* set: nothing further is taken, and why */
};

static const struct queue *
queue_of(const struct import *i)
{
    return stream_queue(i->front->conf.stream);
}

static void
add_error(struct import *i, const char *text)
{
    buf_addf(&i->errors,
             "%s{\"line\":%zu,\"code\":\"%s\",\"of\":", i->errors.len > 0 ? "," : "",
             i->line, i->fault);
    view_number(i->fault_of, &i->errors);
    buf_add_cstr(&i->errors, ",\"error\":");
    buf_add_json(&i->errors, str_from(text));
    buf_add_char(&i->errors, '}');
}

/* Notes the code of what is found wrong. */
static void
wrong(struct import *i, const char *code, uint64_t of)
{
    i->fault = code;
    i->fault_of = of;
}

/* False: there were enough, and the answer says so. */
static bool
may_go_on(struct import *i)
{
    struct err e = ERR_INIT;

    if (i->stopped.code != ERR_NONE)
        return false;
    if (i->looked_at++ < BOUNDS_IMPORT)
        return true;
    wrong(i, "too_many", 0);
    (void)err_set(&e, ERR_LIMIT, "more than %d questions: the rest was not read",
                  BOUNDS_IMPORT);
    add_error(i, e.msg);
    return false;
}

/* Only a first look: the wordings themselves are compared before anything is refused. */
static uint64_t
hash_of(struct str text)
{
    static const struct map_key key = {{0}};

    return map_hash(&key, STR_NONE, text);
}

/* What is open, and what this broadcast had already. */
static void
learn_known(struct import *i)
{
    const struct queue *q = queue_of(i);
    const struct broadcast *now = queue_broadcast(q);

    i->known = map_new();
    for (size_t at = 0; at < queue_count(q); at++) {
        const struct question *item = queue_at(q, at);
        bool open = item->status == STATUS_NEW || item->status == STATUS_QUEUED ||
                    item->status == STATUS_ON_AIR || item->status == STATUS_FOLLOW_UP;
        bool here = now != NULL && item->broadcast == now->id;
        if (item->original != NULL && (open || here))
            map_put(i->known, hash_of(str_from(item->original)), item->n);
    }
}

static const struct question *
find_known(const struct import *i, struct str text)
{
    uint64_t n;

    if (!map_get(i->known, hash_of(text), &n))
        return NULL;
    const struct question *item = queue_find(queue_of(i), n);
    bool same = item != NULL && str_eq(str_from(item->original), text);
    return same ? item : NULL;
}

/* The line of this file that was tried with this wording; 0: none. */
static uint64_t
tried_in(const struct import *i, struct str text)
{
    size_t count = queue_count(queue_of(i));
    uint64_t n = 0;

    if (!i->only_try || !map_get(i->known, hash_of(text), &n) || n <= count)
        return 0;
    return n - count;
}

static int
slot_of(const struct import *i, struct str lang, const struct verdict *v)
{
    const struct server_conf *conf = &i->front->conf;
    struct str name = lang;

    if (name.len == 0)
        name = str_from(judge_lang_name(v->lang));
    for (int attempt = 0; attempt < 2; attempt++) {
        for (int at = 0; at < LANG_TEXTS; at++) {
            if (str_eq_ascii_nocase(name, str_from(langs[at])))
                return at;
        }
        if (lang.len > 0)
            return -1;
        name = str_from(conf->n_languages > 0 ? conf->languages[0] : langs[0]);
    }
    return 0;
}

static bool
is_topic(const struct import *i, struct str id)
{
    const struct judge_topic *topics;
    size_t n = judge_topics(stream_filters(i->front->conf.stream), &topics);

    for (size_t at = 0; at < n; at++) {
        if (str_eq(id, str_from(topics[at].id)))
            return true;
    }
    return false;
}

static bool
has_good_bytes(struct str s)
{
    return utf8_is_valid(s) && (s.len == 0 || memchr(s.p, '\0', s.len) == NULL);
}

static int
check_fields(struct import *i, const struct str field[COLUMNS], struct err *e)
{
    for (int c = 0; c < COLUMNS; c++) {
        wrong(i, "utf8", 0);
        if (!has_good_bytes(field[c]))
            return err_set(e, ERR_VALUE, "the %s is not UTF-8: save the file as UTF-8",
                           columns[c]);
    }
    wrong(i, "empty", 0);
    if (field[COLUMN_TEXT].len == 0)
        return err_set(e, ERR_VALUE, "the text is empty");
    wrong(i, "long", 0);
    if (utf8_count(field[COLUMN_TEXT]) > BOUNDS_WORDING)
        return err_set(e, ERR_VALUE, "the text has more than %d characters",
                       BOUNDS_WORDING);
    if (utf8_count(field[COLUMN_ASKER]) > ASKER_MAX)
        return err_set(e, ERR_VALUE, "the asker has more than %d characters", ASKER_MAX);
    wrong(i, "topic", 0);
    if (field[COLUMN_TOPIC].len > 0 && !is_topic(i, field[COLUMN_TOPIC]))
        return err_set(e, ERR_VALUE, "there is no such topic");
    return 0;
}

static int
check(struct import *i, const struct str field[COLUMNS], struct err *e)
{
    if (check_fields(i, field, e) < 0)
        return -1;
    uint64_t line = tried_in(i, field[COLUMN_TEXT]);
    wrong(i, "same_line", line);
    if (line != 0)
        return err_set(e, ERR_CONFLICT, "line %" PRIu64 " says the same", line);
    const struct question *same = find_known(i, field[COLUMN_TEXT]);
    if (same == NULL)
        return 0;
    wrong(i, "same", same->no);
    return err_set(e, ERR_CONFLICT, "question %" PRIu64 " says the same", same->no);
}

static int
carry_out(struct import *i, struct command *cmd, struct err *e)
{
    char actor[ACCOUNTS_NAME + 8];

    cmd->role = i->x->who.role;
    cmd->actor = exchange_actor(i->x, actor);
    return stream_do(i->front->conf.stream, cmd, &i->seq, e) < 0 ? -1 : 0;
}

/* What the line would become. */
static void
show(struct import *i, const struct str field[COLUMNS], const struct verdict *v, int slot)
{
    struct buf *b = &i->items;
    struct str topic = field[COLUMN_TOPIC];

    if (topic.len == 0 && v->n_topics > 0)
        topic = str_from(v->topics[0]);
    buf_addf(b, "%s{\"line\":%zu,\"text\":", b->len > 0 ? "," : "", i->line);
    buf_add_json(b, field[COLUMN_TEXT]);
    buf_addf(b, ",\"lang\":\"%s\",\"topic\":", langs[slot]);
    buf_add_json(b, topic);
    buf_add_cstr(b, ",\"asker\":");
    buf_add_json(b, field[COLUMN_ASKER]);
    buf_addf(b, ",\"pii\":%s}", v->n_pii > 0 ? "true" : "false");
    map_put(i->known, hash_of(field[COLUMN_TEXT]), queue_count(queue_of(i)) + i->line);
    i->accepted++;
}

static int
take(struct import *i, const struct str field[COLUMNS], struct err *e)
{
    struct command cmd = {.kind = COMMAND_CREATE, .author_name = field[COLUMN_ASKER]};

    if (check(i, field, e) < 0)
        return -1;
    cmd.verdict = stream_judge(i->front->conf.stream, field[COLUMN_TEXT]);
    int slot = slot_of(i, field[COLUMN_LANG], cmd.verdict);
    wrong(i, "lang", 0);
    if (slot < 0)
        return err_set(e, ERR_VALUE,
                       "the lang is kk, ru or en (put a text that has "
                       "commas in quotes)");
    if (i->only_try) {
        show(i, field, cmd.verdict, slot);
        return 0;
    }
    wrong(i, "refused", 0);
    cmd.text[slot] = field[COLUMN_TEXT];
    if (carry_out(i, &cmd, e) < 0)
        return -1;
    const struct queue_touched *touched = queue_touched(queue_of(i));
    const struct question *made =
        touched->n_len > 0 ? queue_find(queue_of(i), touched->n[0]) : NULL;
    i->accepted++;
    if (made == NULL)
        return 0;
    map_put(i->known, hash_of(field[COLUMN_TEXT]), made->n);
    if (field[COLUMN_TOPIC].len == 0)
        return 0;
    struct command topic = {.kind = COMMAND_ACT,
                            .act = EVENT_TOPIC,
                            .n = made->n,
                            .version = made->version,
                            .topics = &field[COLUMN_TOPIC],
                            .n_topics = 1};
    return carry_out(i, &topic, e);
}

static void
one(struct import *i, struct str field[COLUMNS])
{
    struct err e = ERR_INIT;

    for (int c = 0; c < COLUMNS; c++)
        field[c] = str_trim(field[c]);
    if (take(i, field, &e) == 0)
        return;
    if (e.code == ERR_LIMIT || e.code == ERR_BAD_STATE)
        i->stopped = e;
    else
        add_error(i, e.msg);
}

/* --- plain lines */

static void
read_lines(struct import *i, struct str text)
{
    struct str line;

    if (str_has_prefix(text, STR_LIT("\xEF\xBB\xBF")))
        text = (struct str){text.p + 3, text.len - 3};
    while (str_split(&text, '\n', &line)) {
        struct str field[COLUMNS] = {[COLUMN_TEXT] = line};
        i->line++;
        if (str_trim(line).len == 0)
            continue;
        if (!may_go_on(i))
            return;
        one(i, field);
    }
}

/* --- a table */

/* A first record of nothing but names of columns, "text" among them, is a header. */
static bool
is_header(const struct csv_record *r, size_t place[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++)
        place[c] = SIZE_MAX;
    for (size_t at = 0; at < r->n && at < CSV_FIELDS; at++) {
        int c = 0;
        while (c < COLUMNS &&
               !str_eq_ascii_nocase(str_trim(r->field[at]), str_from(columns[c])))
            c++;
        if (c == COLUMNS || place[c] != SIZE_MAX)
            return false;
        place[c] = at;
    }
    return place[COLUMN_TEXT] != SIZE_MAX && r->n <= COLUMNS;
}

/* Spreadsheets write what the locale says; a header tells, having no other marks. */
static char
separator_of(struct str text)
{
    size_t place[COLUMNS];

    for (const char *mark = ";\t"; *mark != '\0'; mark++) {
        struct csv c;
        struct csv_record r;
        struct err e = ERR_INIT;
        csv_init(&c, text, *mark);
        bool fits = csv_next(&c, &r, &e) == 1 && r.n > 1 && is_header(&r, place);
        csv_fini(&c);
        if (fits)
            return *mark;
    }
    return ',';
}

static size_t
width_of(const struct import *i)
{
    size_t width = 0;

    for (int c = 0; c < COLUMNS; c++) {
        if (i->place[c] != SIZE_MAX && i->place[c] >= width)
            width = i->place[c] + 1;
    }
    return width;
}

static void
one_record(struct import *i, const struct csv_record *r)
{
    struct str field[COLUMNS] = {STR_NONE};
    struct err e = ERR_INIT;

    wrong(i, "columns", 0);
    if (r->n > width_of(i)) {
        (void)err_set(&e, ERR_VALUE,
                      "%zu columns where %zu are known (put a text that has commas in "
                      "quotes)",
                      r->n, width_of(i));
        add_error(i, e.msg);
        return;
    }
    for (int c = 0; c < COLUMNS; c++) {
        if (i->place[c] < r->n)
            field[c] = r->field[i->place[c]];
    }
    one(i, field);
}

/* The first record, unless it is a header, is as the table of columns has them. */
static bool
begin_table(struct import *i, const struct csv_record *r)
{
    if (is_header(r, i->place))
        return true;
    for (size_t c = 0; c < COLUMNS; c++)
        i->place[c] = c;
    return false;
}

static void
read_table(struct import *i, struct str text)
{
    struct csv c;
    struct csv_record r;
    struct err e = ERR_INIT;
    bool first = true;
    int rc;

    csv_init(&c, text, separator_of(text));
    while ((rc = csv_next(&c, &r, &e)) != 0) {
        bool header = first && begin_table(i, &r);
        first = false;
        i->line = r.line;
        if (header)
            continue;
        if (!may_go_on(i))
            break;
        wrong(i, "quote", 0);
        if (rc < 0)
            add_error(i, e.msg);
        else
            one_record(i, &r);
        e = (struct err)ERR_INIT;
    }
    csv_fini(&c);
}

static void
answer(struct import *i)
{
    struct http_response *res = &i->x->res;
    struct buf *out;

    if (i->stopped.code == ERR_NONE) {
        out = http_json(res, 200);
        buf_add_char(out, '{');
    } else {
        out = http_problem_open(res, 503, "journal_down", i->stopped.msg);
        http_header(res, "retry-after:", "1");
        buf_add_char(out, ',');
    }
    buf_addf(out, "\"accepted\":%" PRIu64 ",\"errors\":[", i->accepted);
    buf_add_str(out, buf_str(&i->errors));
    buf_add_char(out, ']');
    if (i->only_try) {
        buf_add_cstr(out, ",\"items\":[");
        buf_add_str(out, buf_str(&i->items));
        buf_add_char(out, ']');
    }
    buf_add_char(out, '}');
    res->hold = i->seq;
}

void
api_questions_import(struct front *f, struct exchange *x)
{
    struct import i = {.front = f, .x = x};
    struct buf word = BUF_INIT;

    i.only_try =
        http_query(x->req.query, "try", &word) && str_eq(buf_str(&word), STR_LIT("true"));
    buf_fini(&word);
    learn_known(&i);
    if (exchange_has_type(x, "text/csv"))
        read_table(&i, buf_str(&x->req.body));
    else
        read_lines(&i, buf_str(&x->req.body));
    answer(&i);
    map_free(&i.known);
    buf_fini(&i.errors);
    buf_fini(&i.items);
}
