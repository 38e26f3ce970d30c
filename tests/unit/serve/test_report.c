/* SPDX-License-Identifier: Apache-2.0 */
/* Reports as files: hostile text leaves as text, and the public edition names nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/mem.h"
#include "serve/report_table.h"
#include "support/queue_desk.h"

#define HOSTILE "=1+1\",\n<b onmouseover='x'>&\x1b[31m"

static struct report *
report_of(const struct desk *w)
{
    struct report_gather *g = report_begin(&desk_key);
    struct err e = ERR_INIT;

    for (size_t i = 0; i < w->n_log; i++)
        assert_int_equal(report_see(g, &w->log[i], &e), 0);
    struct report *r = report_end(&g, 1, &e);
    assert_non_null(r);
    return r;
}

static void
write_it(const struct report *r, enum report_edition edition, enum report_format format,
         struct buf *out)
{
    static const struct judge_topic topics[] = {{"road", "Жол", "Дороги", "Roads"}};
    struct report_conf c = {.edition = edition,
                            .lang = "ru",
                            .stream_id = "test",
                            .stream = HOSTILE,
                            .made_ms = 86400000,
                            .topics = topics,
                            .n_topics = 1};
    struct err e = ERR_INIT;

    buf_reset(out);
    if (report_write(r, &c, format, out, &e) < 0)
        fail_msg("%s", e.msg);
}

static void
act(struct desk *w, enum event_kind kind, uint64_t n)
{
    if (desk_act(w, kind, n, ROLE_ADMIN) != 0)
        fail_msg("%s", w->err.msg);
}

static void
hostile_text_leaves_as_text(void **state)
{
    struct desk w;
    struct buf out = BUF_INIT;

    (void)state;
    desk_begin(&w);
    assert_int_equal(desk_say(&w, "m1", "@handle", HOSTILE, true), 0);
    act(&w, EVENT_APPROVE, 1);
    struct report *r = report_of(&w);
    write_it(r, EDITION_PUBLIC, REPORT_HTML, &out);
    assert_null(strstr(out.data, "<b onmouse"));
    assert_null(strstr(out.data, "\x1b"));
    assert_non_null(strstr(out.data, "=1+1&#34;,\n&#60;b onmouse"));
    write_it(r, EDITION_PUBLIC, REPORT_CSV, &out);
    assert_memory_equal(out.data, "\xEF\xBB\xBF\"№\"", 8);
    assert_non_null(strstr(out.data, "\"'=1+1\"\",\n<b"));
    assert_null(strstr(out.data, "\"=1"));
    write_it(r, EDITION_PUBLIC, REPORT_JSON, &out);
    assert_null(strstr(out.data, "<b"));
    assert_null(strstr(out.data, "\x1b"));
    write_it(r, EDITION_PUBLIC, REPORT_XLSX, &out);
    assert_memory_equal(out.data, "PK\x03\x04", 4);
    buf_fini(&out);
    report_free(&r);
    desk_end(&w);
}

static void
plant(struct desk *w, unsigned i)
{
    static const enum event_kind fates[] = {EVENT_REJECT, EVENT_FOLLOW_UP, EVENT_ANSWER,
                                            EVENT_AIR};
    char id[16], author[32], text[64];

    (void)snprintf(id, sizeof(id), "m%u", i);
    (void)snprintf(author, sizeof(author), "planted-%u", i);
    (void)snprintf(text, sizeof(text), "ask%u planted-text-%u", i, i);
    assert_int_equal(desk_say(w, id, author, text, true), 0);
    if (i % 2 == 0)
        act(w, EVENT_APPROVE, i);
    struct command edit = {.kind = COMMAND_ACT,
                           .act = EVENT_EDIT,
                           .n = i,
                           .version = queue_find(w->q, i)->version,
                           .role = ROLE_ADMIN,
                           .allow_pii = i % 8 == 0,
                           .text = {STR_LIT("мәтін"), str_from(i % 8 == 0 ? text : "x")}};
    assert_int_equal(desk_do(w, &edit), 0);
    if (i % 2 == 0)
        act(w, fates[i / 2 % 4], i);
}

/* Names, originals, and wordings that a person let through. */
static void
the_public_edition_holds_nothing_of_what_was_planted(void **state)
{
    static const enum report_format formats[] = {REPORT_HTML, REPORT_CSV, REPORT_JSON};
    struct desk w;
    struct buf out = BUF_INIT;

    (void)state;
    desk_begin(&w);
    for (unsigned i = 1; i <= 200; i++)
        plant(&w, i);
    struct report *r = report_of(&w);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        write_it(r, EDITION_PUBLIC, formats[i], &out);
        assert_null(strstr(out.data, "planted"));
        assert_non_null(strstr(out.data, "мәтін"));
        write_it(r, EDITION_INTERNAL, formats[i], &out);
        assert_non_null(strstr(out.data, "planted-text-199"));
        assert_non_null(strstr(out.data, "planted-8"));
    }
    buf_fini(&out);
    report_free(&r);
    desk_end(&w);
}

static void
the_policy_names_the_style_that_the_page_has(void **state)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[64] = "sha256-";
    const char *style = report_style();

    (void)state;
    (void)crypto_hash_sha256(hash, (const unsigned char *)style, strlen(style));
    (void)sodium_bin2base64(text + 7, sizeof(text) - 7, hash, sizeof(hash),
                            sodium_base64_VARIANT_ORIGINAL);
    assert_string_equal(text, REPORT_STYLE_HASH);
}

static void
every_heading_is_in_three_languages(void **state)
{
    struct desk w;
    struct tables t;

    (void)state;
    desk_begin(&w);
    assert_int_equal(desk_say(&w, "m1", "a", "ask", true), 0);
    struct report *r = report_of(&w);
    for (int edition = EDITION_INTERNAL; edition <= EDITION_PUBLIC; edition++) {
        for (size_t l = 0; l < 2; l++) {
            struct report_conf c = {.edition = (enum report_edition)edition,
                                    .lang = l == 0 ? "kk" : "ru"};
            tables_make(&t, r, &c);
            for (size_t i = 0; i < t.n; i++) {
                assert_string_not_equal(t.items[i].title, t.items[i].key);
                for (size_t k = 0; k < t.items[i].n_columns; k++)
                    assert_string_not_equal(t.items[i].columns[k].title,
                                            t.items[i].columns[k].key);
                for (size_t k = 0; t.items[i].pairs && k < t.items[i].n; k += 2)
                    assert_string_not_equal(t.items[i].cells[k].text,
                                            t.items[i].cells[k].code);
            }
            tables_fini(&t);
        }
    }
    report_free(&r);
    desk_end(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_leaves_as_text),
        cmocka_unit_test(the_public_edition_holds_nothing_of_what_was_planted),
        cmocka_unit_test(the_policy_names_the_style_that_the_page_has),
        cmocka_unit_test(every_heading_is_in_three_languages),
    };

    mem_install();
    (void)setenv("TZ", "Asia/Almaty", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
