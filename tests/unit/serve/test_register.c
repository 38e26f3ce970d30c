/* SPDX-License-Identifier: Apache-2.0 */
/* The register and the promises over HTTP. Today is Friday, 15 January 2027; the term is
 * 15 working days, and no holiday is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "serve/register.h"
#include "support/serve_world.h"

#define API "/api/v1"
#define DAY INT64_C(86400000)

static struct world w;
static struct peer mod, viewer, officer;

static void
sign_in(struct peer *p, const char *name, enum role role)
{
    world_user(&w, name, role);
    peer_open(p, &w);
    peer_sign_in(p, name);
}

static int
setup(void **state)
{
    (void)state;
    world_begin(&w, NULL);
    sign_in(&mod, "aigul", ROLE_MODERATOR);
    sign_in(&viewer, "vera", ROLE_VIEWER);
    sign_in(&officer, "serik", ROLE_OFFICER);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    peer_fini(&mod);
    peer_fini(&viewer);
    peer_fini(&officer);
    world_end(&w);
    return 0;
}

static json_t *
ask(struct peer *p, int status, const char *method, const char *path, const char *body)
{
    char *text;
    int got = peer_ask(p, method, path, body, &text);

    if (got != status)
        fail_msg("%s %s: %d, not %d: %s", method, path, got, status, text);
    json_t *o = text[0] == '\0' ? NULL : json_loads(text, 0, NULL);
    mem_free(text);
    return o;
}

static void
act(struct peer *p, int status, uint64_t n, const char *name, const char *more)
{
    char path[96], body[512];
    const struct question *item = queue_find(stream_queue(w.stream), n);

    (void)snprintf(path, sizeof(path), API "/questions/%d/%s", (int)n, name);
    (void)snprintf(body, sizeof(body), "{\"version\":%d%s}", (int)item->version, more);
    json_decref(ask(p, status, "POST", path, body));
}

/* The numbers of the questions that are listed, "2 1". */
static void
expect_list(struct peer *p, const char *query, const char *want)
{
    char path[256], got[128] = "";
    size_t used = 0;

    (void)snprintf(path, sizeof(path), API "/register%s", query);
    json_t *o = ask(p, 200, "GET", path, NULL);
    const json_t *items = json_object_get(o, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *q = json_object_get(json_array_get(items, i), "question");
        used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%d", i > 0 ? " " : "",
                                 (int)json_integer_value(json_object_get(q, "n")));
    }
    if (strcmp(got, want) != 0)
        fail_msg("%s: %s, not %s", query, got, want);
    json_decref(o);
}

/* Three are owed: 1 to traffic, due on 5 February; 2 due on the 18th of January; 3 is
 * answered. 4 is new. */
static void
fill(void)
{
    world_say(&w, "twitch", "1", "Айгүл", "Жол қашан жөнделеді?");
    world_say(&w, "twitch", "2", "Серік", "Когда починят светофор?");
    world_say(&w, "twitch", "3", "=cmd()", "Саябақ қашан ашылады?");
    world_say(&w, "twitch", "4", "Дина", "Жаңа мектеп қайда?");
    act(&mod, 200, 1, "follow_up", ",\"unit\":\"traffic\"");
    act(&officer, 200, 2, "follow_up", ",\"due\":\"2027-01-17\"");
    act(&mod, 200, 3, "follow_up", ",\"unit\":\"parks\"");
    act(&mod, 200, 3, "respond", ",\"text\":\"сәуірде\"");
}

static void
what_presses_comes_first(void **state)
{
    (void)state;
    fill();
    expect_list(&mod, "", "2 1 3");
    expect_list(&viewer, "", "2 1 3");
    expect_list(&mod, "?limit=1", "2");
    expect_list(&mod, "?limit=2&after=1", "1 3");
    json_t *o = ask(&mod, 200, "GET", API "/register?limit=1&state=open", NULL);
    assert_int_equal(json_integer_value(json_object_get(o, "total")), 2);
    assert_int_equal(json_integer_value(json_object_get(o, "next")), 1);
    assert_string_equal(json_string_value(json_object_get(o, "today")), "2027-01-15");
    const json_t *counts = json_object_get(o, "counts");
    assert_int_equal(json_integer_value(json_object_get(counts, "open")), 2);
    assert_int_equal(json_integer_value(json_object_get(counts, "answered")), 1);
    assert_int_equal(json_integer_value(json_object_get(counts, "amber")), 1);
    assert_int_equal(json_array_size(json_object_get(o, "units")), 2);
    const json_t *first = json_array_get(json_object_get(o, "items"), 0);
    assert_int_equal(json_integer_value(json_object_get(first, "left")), 1);
    assert_string_equal(json_string_value(json_object_get(first, "level")), "amber");
    json_decref(o);
}

static void
filters_narrow_the_list(void **state)
{
    static const struct {
        const char *query, *want;
    } rows[] = {
        {"?state=open", "2 1"},
        {"?state=answered,closed", "3"},
        {"?unit=traffic", "1"},
        {"?unit=-", "2"},
        {"?q=%D1%81%D0%B2%D0%B5%D1%82%D0%BE%D1%84%D0%BE%D1%80", "2"}, /* светофор */
        {"?q=%D0%90%D0%B9%D0%B3%D2%AF%D0%BB", "1"},                   /* Айгүл */
        {"?overdue=soon", "2"},
        {"?overdue=true", ""},
        {"?overdue=false", "2 1 3"},
        {"?broadcast=1", "2 1 3"},
        {"?broadcast=2", ""},
        {"?topic=nonsense", ""},
        {"?appeal=true", ""},
    };
    (void)state;
    fill();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_list(&mod, rows[i].query, rows[i].want);
    json_decref(ask(&officer, 403, "GET", API "/register", NULL));
    act(&mod, 200, 1, "appeal", ",\"on\":true");
    expect_list(&mod, "?appeal=true", "1");
    w.wall_ms += 4 * DAY;
    peer_sign_in(&mod, "aigul");
    /* Tuesday the 19th: 2 was due on Monday */
    expect_list(&mod, "?overdue=true", "2");
    act(&mod, 200, 2, "extend", ",\"due\":\"2027-01-23\",\"reason\":\"x\"");
    expect_list(&mod, "?overdue=true", ""); /* the 25th: a Saturday moves on */
    assert_string_equal(queue_find(stream_queue(w.stream), 2)->due, "2027-01-25");
    w.wall_ms += 30 * DAY;
    peer_sign_in(&mod, "aigul");
    expect_list(&mod, "?overdue=true", "2 1");
    act(&mod, 200, 2, "forward", ",\"to\":\"mayor\"");
    expect_list(&mod, "?overdue=true", "1");
    json_decref(ask(&mod, 400, "GET", API "/register?overdue=maybe", NULL));
    json_decref(ask(&mod, 400, "GET", API "/register?state=lost", NULL));
    json_decref(ask(&mod, 400, "GET", API "/register?format=pdf", NULL));
}

static void
the_original_is_had_by_the_journalled_act_alone(void **state)
{
    char *text;

    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда ответят, мой номер 8 701 555 66 77?");
    act(&mod, 200, 1, "follow_up", "");
    act(&mod, 200, 1, "respond", ",\"text\":\"secret answer\"");
    assert_int_equal(peer_ask(&mod, "GET", API "/register", NULL, &text), 200);
    assert_null(strstr(text, "555"));
    assert_null(strstr(text, "secret"));
    mem_free(text);
    assert_int_equal(
        peer_ask(&mod, "POST", API "/questions/1/reveal", "{\"version\":3}", &text), 200);
    assert_non_null(strstr(text, "555"));
    assert_non_null(strstr(text, "secret answer"));
    mem_free(text);
    assert_int_equal(peer_ask(&mod, "GET", API "/questions/1", NULL, &text), 200);
    assert_non_null(strstr(text, "\"kind\":\"respond\""));
    assert_non_null(strstr(text, "\"kind\":\"reveal\""));
    assert_non_null(strstr(text, "\"history_complete\":true"));
    mem_free(text);
}

static void
a_spreadsheet_gets_no_formula(void **state)
{
    char *text;

    (void)state;
    fill();
    assert_int_equal(
        peer_ask(&mod, "GET", API "/register?format=csv&lang=ru", NULL, &text), 200);
    assert_non_null(strstr(text, "Осталось рабочих дней"));
    assert_non_null(strstr(text, "\"'=cmd()\""));
    assert_non_null(strstr(text, "сәуірде"));
    assert_non_null(strstr(text, "2027-01-18"));
    mem_free(text);
    assert_int_equal(peer_ask(&viewer, "GET", API "/register?format=csv", NULL, &text),
                     200);
    assert_null(strstr(text, "сәуірде"));
    mem_free(text);
    assert_int_equal(
        peer_ask(&mod, "GET", API "/register?format=csv&state=open", NULL, &text), 200);
    assert_null(strstr(text, "cmd"));
    mem_free(text);
}

static void
a_promise_is_told_to_the_pages_and_waits_in_the_state(void **state)
{
    struct peer page;
    char *text;

    (void)state;
    fill();
    peer_open(&page, &w);
    memcpy(page.cookie, mod.cookie, sizeof(page.cookie));
    assert_true(peer_live(&page, "/live", NULL));
    json_t *o = ask(&mod, 200, "POST", API "/promises",
                    "{\"text\":\"we check\",\"until\":\"2027-02-01\",\"n\":2}");
    const json_t *p = json_object_get(o, "promise");
    int id = (int)json_integer_value(json_object_get(p, "id"));
    assert_string_equal(json_string_value(json_object_get(p, "by")), "user:aigul");
    assert_true(json_is_integer(json_object_get(p, "place_s")));
    json_decref(o);
    text = peer_message_with(&page, "\"promise\":");
    assert_non_null(strstr(text, "we check"));
    mem_free(text);
    assert_int_equal(peer_ask(&viewer, "GET", API "/state", NULL, &text), 200);
    assert_non_null(strstr(text, "we check"));
    mem_free(text);
    assert_int_equal(peer_ask(&officer, "GET", API "/state", NULL, &text), 200);
    assert_null(strstr(text, "we check"));
    mem_free(text);
    char path[64];
    (void)snprintf(path, sizeof(path), API "/promises/%d/done", id);
    json_decref(ask(&viewer, 403, "POST", path, "{\"version\":1}"));
    json_decref(ask(&mod, 400, "POST", path, "{}"));
    json_decref(ask(&mod, 200, "POST", path, "{\"version\":1,\"note\":\"done\"}"));
    o = ask(&mod, 409, "POST", path, "{\"version\":1}");
    assert_non_null(json_object_get(o, "promise"));
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/promises?state=open", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 0);
    json_decref(o);
    peer_fini(&page);
}

static void
a_link_is_given_where_it_still_leads_there(void **state)
{
    static const struct {
        const char *kind, *target;
        bool current;
        const char *want;
    } rows[] = {
        {"twitch", "police_kz", false, "https://www.twitch.tv/police_kz"},
        {"telegram", "@police_kz", false, "https://t.me/police_kz"},
        {"telegram", "-100123", false, NULL},
        {"youtube", "dQw4w9WgXcQ", true, "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
        {"youtube", "dQw4w9WgXcQ", false, NULL}, /* another broadcast's video */
        {"facebook", "https://x.example/v/1", true, "https://x.example/v/1"},
        {"facebook", "https://x.example/v/1", false, NULL},
        {"twitch", "a\"b", true, NULL},
        {"irc", "#x", true, NULL},
        {"push", NULL, true, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        bool found = register_link(rows[i].kind, rows[i].target, rows[i].current, &out);
        assert_int_equal(found, rows[i].want != NULL);
        if (found)
            assert_string_equal(out.data, rows[i].want);
        buf_fini(&out);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_presses_comes_first),
        TEST(filters_narrow_the_list),
        TEST(the_original_is_had_by_the_journalled_act_alone),
        TEST(a_spreadsheet_gets_no_formula),
        TEST(a_promise_is_told_to_the_pages_and_waits_in_the_state),
        cmocka_unit_test(a_link_is_given_where_it_still_leads_there),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
