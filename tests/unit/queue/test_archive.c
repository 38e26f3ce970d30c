/* SPDX-License-Identifier: Apache-2.0 */
/* The search index: it finds what was said, and follows the journal whatever happened to
 * the file or to the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/mem.h"
#include "judge/words.h"
#include "queue/archive.h"
#include "queue/state.h"
#include "support/journal_room.h"

static struct journal_room room;
static struct archive *archive;
static uint64_t last;

static void
open_journal(void)
{
    struct err e = ERR_INIT;

    if (room_open(&room, &e) < 0)
        fail_msg("%s", e.msg);
}

static void
open_archive(void)
{
    struct err e = ERR_INIT;

    archive = archive_open(room.path, last, &e);
    assert_non_null(archive);
}

static int
begin(void **state)
{
    (void)state;
    last = 0;
    room_begin(&room);
    open_journal();
    return 0;
}

static int
end(void **state)
{
    (void)state;
    archive_close(&archive);
    room_end(&room);
    return 0;
}

static void
append(enum event_kind kind, int64_t at_ms, const char *body)
{
    struct event ev = {.kind = kind, .at_ms = at_ms, .broadcast = 1};
    struct err e = ERR_INIT;

    (void)snprintf(ev.actor, sizeof(ev.actor), "source:t");
    buf_add_cstr(&ev.body, body);
    if (journal_append(room.journal, &ev, &e) < 0)
        fail_msg("%s", e.msg);
    last = ev.seq;
    event_fini(&ev);
    room_settle(&room, last);
    if (archive != NULL)
        archive_advance(archive, last);
}

/* A line of a chat; `more` are members behind. */
static void
say(const char *source, const char *author, const char *text, const char *more)
{
    struct buf b = BUF_INIT;

    buf_add_char(&b, '{');
    body_add_hash(
        &b, "author",
        map_hash(journal_key(room.journal), str_from(source), str_from(author)));
    buf_addf(&b,
             ",\"source\":\"%s\",\"author_id\":\"%s\",\"name\":\"%s\",\"text\":\"%s\"",
             source, author, author, text);
    buf_addf(&b, "%s%s}", more,
             strstr(more, "verdict") != NULL
                 ? ""
                 : ",\"verdict\":{\"lang\":\"kk\",\"pii\":[]}");
    append(EVENT_MESSAGE, 1000, b.data);
    buf_fini(&b);
}

/* What is found, as "9 4 1". */
static const char *
found(struct archive_wish wish)
{
    static char text[256];
    struct archive_found f;
    struct err e = ERR_INIT;
    size_t used = 0;

    wish.seq = last;
    wish.limit = wish.limit == 0 ? 10 : wish.limit;
    if (archive_find(archive, &wish, &f, &e) < 0)
        fail_msg("%s", e.msg);
    assert_int_equal(f.seq, last);
    text[0] = '\0';
    for (size_t i = 0; i < f.n; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu",
                                 i > 0 ? " " : "", (unsigned long long)f.id[i]);
    archive_found_fini(&f);
    return text;
}

static const char *
lines(const char *text)
{
    return found((struct archive_wish){.text = str_from(text)});
}

static const char *
questions(const char *text)
{
    return found((struct archive_wish){.text = str_from(text), .questions = true});
}

static void
say_some(void)
{
    say("t", "aigul", "Алматы қаласы қашан тазарады?", ",\"n\":1,\"no\":1");
    say("t", "serik", "каласы деген не", "");
    say("y", "aigul", "Ёлка на площади",
        ",\"verdict\":{\"lang\":\"ru\",\"pii\":[{\"kind\":\"phone\"}]}");
    say("t", "dana", "қала қашан тазарады екен?", ",\"join\":1");
    append(EVENT_CREATE, 1000,
           "{\"n\":2,\"name\":\"\",\"text\":\"Где елка?\",\"texts\":{\"ru\":\"Где "
           "елка?\"}}");
    append(EVENT_EDIT, 1000, "{\"n\":2,\"texts\":{\"kk\":\"Шырша қайда?\"}}");
    append(EVENT_ANSWER, 1000, "{\"n\":2,\"note\":\"на площади Абая\"}");
}

static void
lines_and_questions_are_found_however_they_were_typed(void **state)
{
    (void)state;
    open_archive();
    say_some();
    assert_string_equal(lines("каласы"), "2 1");
    assert_string_equal(lines("ҚАЛАСЫ"), "2 1");
    assert_string_equal(lines("кала"), "4 2 1");
    assert_string_equal(lines("тазарады кашан"), "4 1");
    assert_string_equal(lines("елка"), "3");
    assert_string_equal(lines("aigul"), "3 1");
    assert_string_equal(lines("шырша"), ""); /* not a line of a chat */
    assert_string_equal(lines(""), "4 3 2 1");
    assert_string_equal(questions("кала"), "1");
    assert_string_equal(questions("екен"), "1");
    assert_string_equal(questions("ЁЛКА"), "2");
    assert_string_equal(questions("шырша"), "2");
    assert_string_equal(questions("абая"), "2");
    assert_string_equal(questions(""), "2 1");
}

static void
what_is_found_can_be_narrowed_and_paged(void **state)
{
    (void)state;
    open_archive();
    say_some();
    assert_string_equal(found((struct archive_wish){.source = STR_LIT("t")}), "4 2 1");
    assert_string_equal(found((struct archive_wish){.lang = STR_LIT("ru")}), "3");
    assert_string_equal(found((struct archive_wish){.pii = ARCHIVE_PII_SOME}), "3");
    assert_string_equal(found((struct archive_wish){.pii = ARCHIVE_PII_NONE}), "4 2 1");
    assert_string_equal(found((struct archive_wish){.author = STR_LIT("t:aigul")}), "1");
    assert_string_equal(found((struct archive_wish){.broadcast = 2}), "");
    assert_string_equal(found((struct archive_wish){.limit = 2}), "4 3");
    assert_string_equal(found((struct archive_wish){.limit = 2, .before = 3}), "2 1");
    assert_string_equal(
        found((struct archive_wish){.text = STR_LIT("каласы"), .before = 2}), "1");
}

static void
hostile_text_finds_nothing_and_breaks_nothing(void **state)
{
    static const char *const rows[] = {
        "\"",          "каласы\" OR \"1",      "NEAR(a b)", "words:x",  "* ^ -",
        "a AND NOT b", "'); DROP TABLE line;", "\xFF\xC3",  "{} [] ()", "%_\\",
    };

    (void)state;
    open_archive();
    say_some();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        (void)lines(rows[i]);
    assert_string_equal(lines("каласы\" OR \"ёлка"), "");
    assert_string_equal(lines("каласы"), "2 1");
}

static void
read_line(void *arg, const struct event *ev, const struct archive_line *line)
{
    struct buf *b = arg;

    buf_addf(b, "%llu:%llu%s ", (unsigned long long)ev->seq, (unsigned long long)line->n,
             line->deleted ? "x" : "");
}

static void
context_history_and_deletions_are_known(void **state)
{
    struct archive_found f;
    struct buf b = BUF_INIT;
    struct err e = ERR_INIT;

    (void)state;
    open_archive();
    say_some();
    append(EVENT_ASK, 1000, "{\"mid\":2,\"n\":3,\"no\":3,\"text\":\"каласы деген не\"}");
    append(EVENT_DELETE, 1000, "{\"mid\":1}");
    append(EVENT_UNDO, 1000, "{\"items\":[{\"n\":2,\"kk\":null}]}");
    assert_string_equal(questions("деген"), "3");
    assert_int_equal(archive_around(archive, 2, 1, &f, &e), 0);
    assert_int_equal(archive_lines(archive, &f, read_line, &b, &e), 0);
    assert_string_equal(b.data, "4:1 2:3 1:1x ");
    archive_found_fini(&f);
    assert_int_equal(archive_history(archive, 2, last, &f, &e), 0);
    assert_int_equal(f.n, 4);
    assert_int_equal(f.id[0], 5);
    assert_int_equal(f.id[3], last);
    archive_found_fini(&f);
    buf_fini(&b);
}

static void
an_index_that_is_missing_behind_damaged_or_old_is_made_anew(void **state)
{
    char path[128];
    sqlite3 *db;

    (void)state;
    say_some(); /* missing */
    open_archive();
    assert_string_equal(lines("каласы"), "2 1");
    archive_close(&archive);
    say("t", "x", "тағы бір қаласы", ""); /* behind */
    open_archive();
    assert_string_equal(lines("каласы"), "8 2 1");
    archive_close(&archive);
    (void)snprintf(path, sizeof(path), "%s.search", room.path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE meta SET value = '0 x' WHERE name = 'made_of';"
                                  "DELETE FROM line",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    open_archive(); /* of another version */
    assert_string_equal(lines("каласы"), "8 2 1");
    archive_close(&archive);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    for (int i = 0; i < 1000; i++)
        (void)fputs("this is no database ", f);
    (void)fclose(f);
    open_archive(); /* damaged */
    assert_string_equal(lines("каласы"), "8 2 1");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void
it_is_made_anew_while_it_runs(void **state)
{
    (void)state;
    open_archive();
    say_some();
    assert_string_equal(lines("каласы"), "2 1");
    archive_renew(archive);
    for (int i = 0; i < 50; i++)
        assert_true(strlen(lines("каласы")) <= 3); /* never an error meanwhile */
}

static void
erased_words_are_in_no_file(void **state)
{
    uint64_t erased;
    struct buf folded = BUF_INIT;
    struct words *w = words_new();
    struct err e = ERR_INIT;

    (void)state;
    words_write(w, STR_LIT("secretword"), &folded);
    buf_truncate(&folded, strcspn(folded.data, " "));
    open_archive();
    for (int i = 0; i < 300; i++)
        say("t", "somebody", "secretword and others", "");
    append(EVENT_MESSAGE, 3000, "{\"source\":\"t\",\"text\":\"keptword\"}");
    assert_int_equal(strlen(lines("secretw")) > 0, 1);
    archive_close(&archive);
    assert_true(room_has(&room, folded.data));
    room_close(&room);
    room.journal = journal_sqlite_open(&room.conf, &e);
    assert_non_null(room.journal);
    assert_int_equal(journal_erase(room.journal, 2000, NULL, &erased, &e), 0);
    assert_int_equal(erased, 300);
    assert_false(room_has(&room, "secretword"));
    assert_false(room_has(&room, folded.data));
    room_close(&room);
    open_journal();
    open_archive();
    assert_string_equal(lines("secretword"), "");
    assert_string_equal(lines("keptword"), "301");
    archive_close(&archive);
    assert_false(room_has(&room, folded.data));
    words_free(&w);
    buf_fini(&folded);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(lines_and_questions_are_found_however_they_were_typed),
        TEST(what_is_found_can_be_narrowed_and_paged),
        TEST(hostile_text_finds_nothing_and_breaks_nothing),
        TEST(context_history_and_deletions_are_known),
        TEST(an_index_that_is_missing_behind_damaged_or_old_is_made_anew),
        TEST(it_is_made_anew_while_it_runs),
        TEST(erased_words_are_in_no_file),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
