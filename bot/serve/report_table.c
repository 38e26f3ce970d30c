/* SPDX-License-Identifier: Apache-2.0 */
/* report_table.c - a report as tables: here it is decided what an edition holds.
 *
 * The public edition is written member by member, as the views are (view.c): a number, a
 * time, a topic, and the masked wording of what a moderator approved. What people of the
 * staff type in freely (notes, units) is not in it, nor anything that names an author. A
 * wording that a person let through with personal data in it, or that the filters could
 * not read, is replaced by the mask, and counted. */
#include "serve/report_table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

enum { BUSIEST = 10, NAMES_SHOWN = 5, SECOND_MS = 1000 };
#define MASK "▇▇▇▇"

static const char *const langs[LANG_TEXTS] = {"kk", "ru", "en"};

struct maker {
    struct tables *out;
    const struct report *r;
    const struct report_conf *c;
    uint64_t unlisted, withheld;
};

/* --- cells */

static void
put(struct table *t, struct cell c)
{
    if (t->n == t->cap) {
        t->cap = 2 * t->cap + 64;
        t->cells = mem_resize(t->cells, t->cap, sizeof(*t->cells));
    }
    t->cells[t->n++] = c;
}

static void
put_number(struct table *t, uint64_t v)
{
    put(t, (struct cell){.kind = CELL_NUMBER, .v = (int64_t)v});
}

/* NULL and "": nothing. */
static void
put_text(struct table *t, const char *text)
{
    bool none = text == NULL || text[0] == '\0';

    put(t, (struct cell){.kind = none ? CELL_NONE : CELL_TEXT,
                         .text = none ? NULL : mem_strdup(text)});
}

/* A word of ours: `code` for programs. */
static void
put_word(struct table *t, const char *code, const char *text)
{
    put(t, (struct cell){.kind = CELL_TEXT, .code = code, .text = mem_strdup(text)});
}

static void
put_time(struct table *t, int64_t ms)
{
    put(t, (struct cell){.kind = ms == 0 ? CELL_NONE : CELL_TIME, .v = ms});
}

static void
put_wait(struct table *t, const struct report_wait *w, int64_t ms)
{
    put(t, (struct cell){.kind = w->n == 0 ? CELL_NONE : CELL_SPAN, .v = ms});
}

static void
write_span(int64_t ms, struct buf *out)
{
    long long s = ms / SECOND_MS;

    if (s >= 3600)
        buf_addf(out, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    else
        buf_addf(out, "%lld:%02lld", s / 60, s % 60);
}

static void
write_time(int64_t ms, struct buf *out)
{
    time_t t = (time_t)(ms / SECOND_MS);
    struct tm tm;
    char text[32];

    if (localtime_r(&t, &tm) == NULL ||
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm) == 0)
        return;
    buf_add_cstr(out, text);
}

void
cell_write(const struct cell *c, struct buf *out)
{
    switch (c->kind) {
    case CELL_NONE:
        break;
    case CELL_TEXT:
        buf_add_cstr(out, c->text);
        break;
    case CELL_NUMBER:
        buf_add_i64(out, c->v);
        break;
    case CELL_TIME:
        write_time(c->v, out);
        break;
    case CELL_SPAN:
        write_span(c->v, out);
        break;
    case CELL_SHARE:
        buf_addf(out, "%lld %%", (long long)c->v);
        break;
    }
}

/* --- tables */

static const char *
word(const struct maker *m, const char *key)
{
    return report_word(m->out->lang, key);
}

static struct table *
add_table(struct maker *m, const char *key)
{
    struct table *t = &m->out->items[m->out->n++];

    *t = (struct table){.key = key, .title = word(m, key)};
    return t;
}

static void
add_column(const struct maker *m, struct table *t, const char *key, unsigned width)
{
    t->columns[t->n_columns++] =
        (struct column){.key = key, .title = word(m, key), .width = width};
}

static struct table *
add_pairs(struct maker *m, const char *key)
{
    struct table *t = add_table(m, key);

    t->pairs = true;
    add_column(m, t, "name", 34);
    add_column(m, t, "value", 20);
    return t;
}

/* The name in front of a value. */
static struct table *
name(const struct maker *m, struct table *t, const char *key)
{
    put_word(t, key, word(m, key));
    return t;
}

static void
make_about(struct maker *m)
{
    const struct broadcast *b = m->r->b;
    struct table *t = add_pairs(m, "about");
    const char *edition = report_edition_name(m->c->edition);
    struct buf head = BUF_INIT;

    put_text(name(m, t, "stream"), m->c->stream);
    put_text(name(m, t, "stream_id"), m->c->stream_id);
    put_number(name(m, t, "broadcast"), b->id);
    put_text(name(m, t, "title"), b->title);
    put_time(name(m, t, "opened_at"), b->opened_at_ms);
    put_time(name(m, t, "started_at"), b->started_at_ms);
    put_time(name(m, t, "ended_at"), b->ended_at_ms);
    put_word(name(m, t, "edition"), edition, word(m, edition));
    put_time(name(m, t, "made_at"), m->c->made_ms);
    journal_head_write(&m->r->head, &head);
    put_text(name(m, t, "head"), head.data);
    buf_fini(&head);
}

static void
make_figures(struct maker *m)
{
    const struct report *r = m->r;
    struct table *t = add_pairs(m, "figures");

#define FIGURE(member) put_number(name(m, t, #member), r->member);
    REPORT_FIGURES(FIGURE)
#undef FIGURE
    put_wait(name(m, t, "wait_median"), &r->wait, r->wait.median);
    put_wait(name(m, t, "wait_p90"), &r->wait, r->wait.p90);
    put_wait(name(m, t, "wait_max"), &r->wait, r->wait.max);
    if (m->c->edition == EDITION_PUBLIC) {
        put_number(name(m, t, "unlisted"), m->unlisted);
        put_number(name(m, t, "withheld"), m->withheld);
    }
}

/* "answered" is the name of a figure as well. */
static const char *
reason_word(const struct maker *m, const char *reason)
{
    return word(m, strcmp(reason, "answered") == 0 ? "answered_before" : reason);
}

static void
make_reasons(struct maker *m)
{
    struct table *t = add_pairs(m, "reasons");

    for (unsigned i = 0; i < REPORT_REASONS; i++) {
        const char *reason = report_reason_name((enum report_reason)i);
        put_word(t, reason, reason_word(m, reason));
        put_number(t, m->r->reasons[i]);
    }
}

/* A moderator can give any word as a topic; in public only those of the filters stand. */
static const char *
topic_code(const struct maker *m, const char *id)
{
    if (m->c->edition == EDITION_INTERNAL)
        return id;
    for (size_t i = 0; i < m->c->n_topics; i++) {
        if (strcmp(m->c->topics[i].id, id) == 0)
            return id;
    }
    return "other";
}

static const char *
topic_title(const struct maker *m, const char *id)
{
    for (size_t i = 0; i < m->c->n_topics; i++) {
        const struct judge_topic *t = &m->c->topics[i];
        const char *title = strcmp(m->out->lang, "kk") == 0   ? t->title_kk
                            : strcmp(m->out->lang, "ru") == 0 ? t->title_ru
                                                              : t->title_en;
        if (strcmp(t->id, id) == 0)
            return title == NULL ? id : title;
    }
    return strcmp(id, "other") == 0 ? word(m, id) : id;
}

static const char *
group_title(const struct maker *m, const struct table *t, const char *id)
{
    if (strcmp(t->key, "topics") == 0)
        return topic_title(m, id);
    if (strcmp(t->key, "languages") == 0)
        return word(m, id);
    return id[0] == '\0' ? word(m, "by_hand") : id;
}

static void
make_groups(struct maker *m, const char *key, const struct report_groups *groups)
{
    static const struct {
        const char *key, *word; /* narrow, so that a page is wide enough */
    } keys[] = {{"asked", "asked"},       {"heard", "heard"},      {"share", "share"},
                {"aired", "aired_at"},    {"answered", "answers"}, {"owed", "promises"},
                {"rejected", "refusals"}, {"wait", "wait"}};
    struct table *t = add_table(m, key);
    bool chat = groups != &m->r->topics;

    add_column(m, t, "name", 34);
    if (chat)
        add_column(m, t, "messages", 20);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        add_column(m, t, keys[i].key, 16);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        t->columns[i + 1 + chat].title = word(m, keys[i].word);
    for (size_t i = 0; i < groups->n; i++) {
        const struct report_group *g = &groups->items[i];
        const char *code = chat ? g->name : topic_code(m, g->name);
        put_word(t, code, group_title(m, t, code));
        if (chat)
            put_number(t, g->messages);
        put_number(t, g->asked);
        put_number(t, g->heard);
        put(t, (struct cell){.kind = g->asked == 0 ? CELL_NONE : CELL_SHARE,
                             .v = g->asked == 0 ? 0
                                                : (int64_t)((g->heard * 200 + g->asked) /
                                                            (2 * g->asked))});
        put_number(t, g->aired);
        put_number(t, g->answered);
        put_number(t, g->owed);
        put_number(t, g->rejected);
        put_wait(t, &g->wait, g->wait.median);
    }
}

static int
by_messages(const void *a, const void *b)
{
    const struct report_minute *x = a, *y = b;

    if (x->messages != y->messages)
        return x->messages > y->messages ? -1 : 1;
    return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

static void
make_busiest(struct maker *m)
{
    struct table *t = add_table(m, "busiest");
    size_t n = m->r->n_minutes;
    struct report_minute *all = mem_array(n + 1, sizeof(*all));

    add_column(m, t, "minute", 34);
    add_column(m, t, "messages", 20);
    add_column(m, t, "asked", 16);
    if (n > 0)
        memcpy(all, m->r->minutes, n * sizeof(*all));
    qsort(all, n, sizeof(*all), by_messages);
    for (size_t i = 0; i < n && i < BUSIEST; i++) {
        put_time(t, all[i].at_ms);
        put_number(t, all[i].messages);
        put_number(t, all[i].questions);
    }
    mem_free(all);
}

/* --- the questions */

static bool
is_listed(const struct maker *m, const struct report_item *item)
{
    const struct question *q = item->q;

    if (m->c->edition == EDITION_INTERNAL)
        return true;
    return (q->queued_at_ms != 0 || q->aired_at_ms != 0) && !q->deleted && !q->muted &&
           q->status != STATUS_REJECTED && q->status != STATUS_MERGED;
}

static bool
is_withheld(const struct maker *m, const struct report_item *item)
{
    return m->c->edition == EDITION_PUBLIC && item->withheld;
}

/* All wordings, in the order of the report's languages. */
static void
put_wording(struct table *t, const struct question *q)
{
    struct buf text = BUF_INIT;

    for (int i = 0; i < LANG_TEXTS; i++) {
        if (q->text[i] == NULL)
            continue;
        buf_add_cstr(&text, text.len > 0 ? " / " : "");
        buf_add_cstr(&text, q->text[i]);
    }
    put_text(t, text.data);
    buf_fini(&text);
}

static void
put_names(struct table *t, const struct question *q)
{
    struct buf text = BUF_INIT;
    size_t shown = 0;

    for (size_t i = 0; i < q->n_askers && shown < NAMES_SHOWN; i++) {
        if (q->askers[i].name == NULL || q->askers[i].name[0] == '\0')
            continue;
        buf_add_cstr(&text, shown++ > 0 ? ", " : "");
        buf_add_cstr(&text, q->askers[i].name);
    }
    if (shown > 0 && q->count > shown)
        buf_addf(&text, " +%llu", (unsigned long long)(q->count - shown));
    put_text(t, text.data);
    buf_fini(&text);
}

static void
put_status(const struct maker *m, struct table *t, const struct report_item *item)
{
    const char *code = item->carried ? "carried" : status_name(item->q->status);
    char key[32] = "status.";

    str_copy(str_from(code), key + 7, sizeof(key) - 7);
    put_word(t, code, word(m, key));
}

static void
put_shared(const struct maker *m, struct table *t, const struct report_item *item)
{
    const struct question *q = item->q;
    const char *topic = topic_code(m, q->n_topics == 0 ? "other" : q->topics[0]);

    put_number(t, item->no);
    put_time(t, q->created_at_ms);
    put_word(t, judge_lang_name(q->lang), word(m, judge_lang_name(q->lang)));
    put_word(t, topic, topic_title(m, topic));
    put_status(m, t, item);
    if (is_withheld(m, item))
        put_text(t, MASK);
    else
        put_wording(t, q);
    put_number(t, q->count);
}

static void
put_internal(const struct maker *m, struct table *t, const struct report_item *item)
{
    const struct question *q = item->q;

    put_number(t, q->n);
    put_text(t, q->source);
    put_text(t, q->original);
    put_names(t, q);
    if (q->reason == NULL || q->status != STATUS_REJECTED)
        put_text(t, NULL);
    else
        put_word(t, q->reason, reason_word(m, q->reason));
    put_text(t, q->status == STATUS_FOLLOW_UP ? q->unit : NULL);
    put_text(t, q->status == STATUS_FOLLOW_UP ? q->due : NULL);
    put_text(t, q->answer_note);
    put_time(t, q->aired_at_ms);
    put_time(t, q->answered_at_ms);
}

static void
make_questions(struct maker *m)
{
    static const struct column shared[] = {
        {"no", NULL, 6},     {"at", NULL, 17},     {"lang", NULL, 12},
        {"topic", NULL, 22}, {"status", NULL, 16}, {"wording", NULL, 70},
        {"count", NULL, 10},
    };
    static const struct column internal[] = {
        {"n", NULL, 7},         {"source", NULL, 14},
        {"original", NULL, 70}, {"names", NULL, 30},
        {"reason", NULL, 16},   {"unit", NULL, 20},
        {"due", NULL, 12},      {"note", NULL, 30},
        {"aired_at", NULL, 17}, {"answered_at", NULL, 17},
    };
    struct table *t = add_table(m, "questions");
    bool all = m->c->edition == EDITION_INTERNAL;

    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        add_column(m, t, shared[i].key, shared[i].width);
    for (size_t i = 0; all && i < sizeof(internal) / sizeof(internal[0]); i++)
        add_column(m, t, internal[i].key, internal[i].width);
    for (size_t i = 0; i < m->r->items; i++) {
        const struct report_item *item = &m->r->list[i];
        if (!is_listed(m, item))
            continue;
        put_shared(m, t, item);
        if (all)
            put_internal(m, t, item);
    }
}

static void
count_left_out(struct maker *m)
{
    for (size_t i = 0; i < m->r->items; i++) {
        bool listed = is_listed(m, &m->r->list[i]);
        m->unlisted += !listed;
        m->withheld += listed && is_withheld(m, &m->r->list[i]);
    }
}

void
tables_make(struct tables *t, const struct report *r, const struct report_conf *c)
{
    struct maker m = {.out = t, .r = r, .c = c};

    *t = (struct tables){.lang = langs[2]};
    for (int i = 0; i < LANG_TEXTS; i++) {
        if (c->lang != NULL && strcmp(c->lang, langs[i]) == 0)
            t->lang = langs[i];
    }
    t->title = report_word(t->lang, "report");
    count_left_out(&m);
    make_about(&m);
    make_figures(&m);
    make_reasons(&m);
    make_groups(&m, "topics", &r->topics);
    make_groups(&m, "languages", &r->langs);
    make_groups(&m, "sources", &r->sources);
    make_busiest(&m);
    make_questions(&m);
}

void
tables_fini(struct tables *t)
{
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->items[i].n; k++)
            mem_free(t->items[i].cells[k].text);
        mem_free(t->items[i].cells);
    }
    t->n = 0;
}
