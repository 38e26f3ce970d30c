/* SPDX-License-Identifier: Apache-2.0 */
/* archive_add.c - what an event adds to the index.
 *
 * One row `line` for every event that says something: a chat line, a question by hand, a
 * wording, a note, an answer. Its words go to FTS5 under the same number. A question is
 * found by all that was ever said of it, so nothing is taken out again but everything.
 * `deed` says which events touched a question. */
#include "base/mem.h"
#include "queue/archive_db.h"
#include "queue/state.h"

static sqlite3_stmt *
prepared(struct archive_hand *h, const char *sql)
{
    sqlite3_stmt *st = NULL;

    (void)sqlite3_prepare_v2(h->db, sql, -1, &st, NULL);
    return st;
}

int
hand_prepare(struct archive_hand *h, const char *path, struct err *e)
{
    h->line = prepared(h, "INSERT OR IGNORE INTO line VALUES(?,?,?,?,?,?,?,?,0)");
    h->words = prepared(h, "INSERT INTO words(rowid, folded) VALUES(?,?)");
    h->deed = prepared(h, "INSERT OR IGNORE INTO deed VALUES(?,?)");
    h->ask = prepared(h, "UPDATE line SET n = ?2 WHERE id = ?1");
    h->gone = prepared(h, "UPDATE line SET deleted = 1 WHERE id = ?");
    h->gone_author = prepared(h, "UPDATE line SET deleted = 1 WHERE author = ?");
    h->gone_all =
        prepared(h, "UPDATE line SET deleted = 1 WHERE source = ? AND deleted = 0");
    h->fold = words_new();
    if (h->line == NULL || h->words == NULL || h->deed == NULL || h->ask == NULL ||
        h->gone == NULL || h->gone_author == NULL || h->gone_all == NULL)
        return archive_error(h->db, path, "preparing", e);
    return 0;
}

void
hand_fini(struct archive_hand *h)
{
    sqlite3_stmt *all[] = {h->line, h->words,       h->deed,    h->ask,
                           h->gone, h->gone_author, h->gone_all};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sqlite3_finalize(all[i]);
    words_free(&h->fold);
    buf_fini(&h->folded);
    sqlite3_close(h->db);
    *h = (struct archive_hand){.db = NULL};
}

static int
run(sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);

    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

static int
run_numbers(sqlite3_stmt *st, uint64_t a, uint64_t b)
{
    sqlite3_bind_int64(st, 1, (sqlite3_int64)a);
    if (b != 0)
        sqlite3_bind_int64(st, 2, (sqlite3_int64)b);
    return run(st);
}

static void
fold(struct archive_hand *h, const char *text)
{
    if (text != NULL)
        words_write(h->fold, str_from(text), &h->folded);
}

static int
add_words(struct archive_hand *h, uint64_t id)
{
    if (h->folded.len == 0)
        return 0;
    sqlite3_bind_int64(h->words, 1, (sqlite3_int64)id);
    sqlite3_bind_text(h->words, 2, h->folded.data, (int)h->folded.len, SQLITE_STATIC);
    return run(h->words);
}

static void
bind_text(sqlite3_stmt *st, int at, const char *text)
{
    sqlite3_bind_text(st, at, text == NULL ? "" : text, -1, SQLITE_STATIC);
}

static int
add_line(struct archive_hand *h, const struct event *ev, const json_t *body, uint64_t n)
{
    const json_t *verdict = json_object_get(body, "verdict");
    sqlite3_stmt *st = h->line;

    sqlite3_bind_int64(st, 1, (sqlite3_int64)ev->seq);
    sqlite3_bind_int(st, 2, ev->kind == EVENT_MESSAGE);
    if (n != 0)
        sqlite3_bind_int64(st, 3, (sqlite3_int64)n);
    sqlite3_bind_int64(st, 4, (sqlite3_int64)ev->broadcast);
    bind_text(st, 5, body_text(body, "source"));
    bind_text(st, 6, body_text(verdict, "lang"));
    sqlite3_bind_int64(st, 7, (sqlite3_int64)body_hash(body, "author"));
    sqlite3_bind_int(st, 8, json_array_size(json_object_get(verdict, "pii")) > 0);
    return run(st) < 0 ? -1 : add_words(h, ev->seq);
}

static void
fold_texts(struct archive_hand *h, const json_t *texts)
{
    fold(h, body_text(texts, "kk"));
    fold(h, body_text(texts, "ru"));
    fold(h, body_text(texts, "en"));
}

/* What is said in the event, and of which question. */
static uint64_t
fold_event(struct archive_hand *h, const struct event *ev, const json_t *body)
{
    uint64_t n = body_u64(body, "n");

    buf_reset(&h->folded);
    fold(h, body_text(body, "name"));
    fold(h, body_text(body, "text"));
    fold_texts(h, json_object_get(body, "texts"));
    if (ev->kind == EVENT_ANSWER || ev->kind == EVENT_NOTE)
        fold(h, body_text(body, "note"));
    return n != 0 ? n : body_u64(body, "join");
}

static bool
says_something(enum event_kind k)
{
    return k == EVENT_MESSAGE || k == EVENT_CREATE || k == EVENT_EDIT ||
           k == EVENT_NOTE || k == EVENT_ANSWER;
}

static int
add_delete(struct archive_hand *h, const json_t *body)
{
    uint64_t mid = body_u64(body, "mid"), author = body_hash(body, "author");
    const char *source = body_text(body, "source");

    if (mid != 0)
        return run_numbers(h->gone, mid, 0);
    if (author != 0)
        return run_numbers(h->gone_author, author, 0);
    if (source == NULL)
        return 0;
    bind_text(h->gone_all, 1, source);
    return run(h->gone_all);
}

static int
add_deed(struct archive_hand *h, uint64_t n, uint64_t seq)
{
    return n == 0 ? 0 : run_numbers(h->deed, n, seq);
}

static int
add_deeds(struct archive_hand *h, const struct event *ev, const json_t *body)
{
    static const char *const names[] = {"n", "join", "into", "answered"};
    const json_t *items = json_object_get(body, "items");
    int rc = 0;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && rc == 0; i++)
        rc = add_deed(h, body_u64(body, names[i]), ev->seq);
    for (size_t i = 0; i < json_array_size(items) && rc == 0; i++)
        rc = add_deed(h, body_u64(json_array_get(items, i), "n"), ev->seq);
    return rc;
}

int
hand_add(struct archive_hand *h, const struct event *ev)
{
    json_t *body =
        ev->body.len == 0 ? NULL : json_loadb(ev->body.data, ev->body.len, 0, NULL);
    int rc = 0;

    if (body == NULL) /* erased */
        return 0;
    if (ev->kind == EVENT_DELETE)
        rc = add_delete(h, body);
    else if (says_something(ev->kind))
        rc = add_line(h, ev, body, fold_event(h, ev, body));
    else if (ev->kind == EVENT_ASK)
        rc = run_numbers(h->ask, body_u64(body, "mid"), fold_event(h, ev, body));
    if (rc == 0)
        rc = add_deeds(h, ev, body);
    json_decref(body);
    return rc;
}
