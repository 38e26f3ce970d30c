/* SPDX-License-Identifier: Apache-2.0 */
/* Search over HTTP: who may, what is found, and what of it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "support/serve_world.h"

#define API "/api/v1"

static struct world w;
static struct peer mod, officer, viewer;

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
    sign_in(&officer, "serik", ROLE_OFFICER);
    sign_in(&viewer, "vera", ROLE_VIEWER);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    peer_fini(&mod);
    peer_fini(&officer);
    peer_fini(&viewer);
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
expect(struct peer *p, int status, const char *path)
{
    json_decref(ask(p, status, "GET", path, NULL));
}

/* The numbers of what a search gives, as "3 1", questions or lines. */
static const char *
found(const char *query)
{
    static char text[128];
    char path[256];
    size_t used = 0;
    (void)snprintf(path, sizeof(path), API "/search?%s", query);
    json_t *o = ask(&mod, 200, "GET", path, NULL);
    const json_t *items = json_object_get(o, "items");

    text[0] = '\0';
    assert_true(json_is_true(json_object_get(o, "complete")));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const json_t *q = json_object_get(item, "question");
        const json_t *n = q != NULL
                              ? json_object_get(q, "n")
                              : json_object_get(json_object_get(item, "message"), "mid");
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%lld",
                                 i > 0 ? " " : "", (long long)json_integer_value(n));
    }
    json_decref(o);
    return text;
}

static void
say_some(void)
{
    world_say(&w, "twitch", "1", "Айгүл", "Жол қашан жөнделеді?");
    world_say(&w, "twitch", "2", "Серік", "Когда починят светофор?");
    world_say(&w, "youtube", "3", "Дана", "рахмет, жолыңыз болсын");
    world_say(&w, "twitch", "4", "Ольга", "Когда починят лифт? тел. 8 701 555 66 77");
}

static void
questions_and_lines_are_found_and_narrowed(void **state)
{
    (void)state;
    say_some();
    assert_string_equal(found("q=%D0%BA%D0%B0%D1%88%D0%B0%D0%BD"), "1"); /* кашан */
    assert_string_equal(found("q=%D0%BF%D0%BE%D1%87%D0%B8%D0%BD"), "3 2"); /* почин */
    assert_string_equal(found("q=%D0%BF%D0%BE%D1%87%D0%B8%D0%BD&limit=1"), "3");
    assert_string_equal(found("q=%D0%BF%D0%BE%D1%87%D0%B8%D0%BD&after=3"), "2");
    assert_string_equal(found("q=%D0%BF%D0%BE%D1%87%D0%B8%D0%BD&pii=true"), "3");
    assert_string_equal(found("q=%D0%BF%D0%BE%D1%87%D0%B8%D0%BD&pii=false"), "2");
    assert_string_equal(found("lang=kk"), "1");
    assert_string_equal(found("source=youtube"), "");
    assert_string_equal(found("status=queued"), "");
    assert_string_equal(found("broadcast=1&status=new"), "3 2 1");
    assert_string_equal(found("broadcast=2"), "");
    assert_string_equal(found("topic=other"), "3 2 1");
    assert_string_equal(found("mine=true"), "");
    json_decref(ask(&mod, 200, "POST", API "/questions/2/claim", "{\"version\":1}"));
    assert_string_equal(found("mine=true"), "2");
    assert_int_equal(strlen(found("kind=message&q=%D0%B6%D0%BE%D0%BB")) > 1, true);
    assert_int_equal(strlen(found("kind=message&source=youtube")) > 0, true);
    assert_string_equal(found("kind=message&q=x%22%20OR%20%22"), "");
}

static void
a_list_shows_the_masked_wording_and_where_the_words_stand(void **state)
{
    (void)state;
    say_some();
    json_t *o = ask(&mod, 200, "GET", API "/search?q=555", NULL);
    const json_t *one = json_array_get(json_object_get(o, "items"), 0);
    const json_t *snippet = json_object_get(one, "snippet");
    assert_non_null(snippet); /* found by the number, which is not shown */
    assert_null(strstr(json_string_value(json_object_get(snippet, "text")), "555"));
    assert_int_equal(json_array_size(json_object_get(snippet, "ranges")), 0);
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/search?q=%D1%81%D0%B2%D0%B5%D1%82", NULL); /* свет */
    one = json_array_get(json_object_get(o, "items"), 0);
    char *ranges =
        json_dumps(json_object_get(json_object_get(one, "snippet"), "ranges"), 0);
    assert_string_equal(ranges, "[[14, 22]]");
    mem_free(ranges);
    json_decref(o);
}

static void
only_moderators_and_admins_search(void **state)
{
    static const char *const paths[] = {
        API "/search?q=a",
        API "/questions/1/history",
        API "/messages?around=1",
        API "/messages?author=twitch:1",
    };

    (void)state;
    say_some();
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        expect(&mod, 200, paths[i]);
        expect(&officer, 403, paths[i]);
        expect(&viewer, 403, paths[i]);
    }
    expect(&viewer, 200, API "/messages");
}

static void
what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    expect(&mod, 400, API "/search?kind=answers");
    expect(&mod, 400, API "/search?status=lost");
    expect(&mod, 400, API "/search?pii=maybe");
    expect(&mod, 400, API "/search?limit=1000");
    expect(&mod, 400, API "/messages?around=x");
    expect(&mod, 404, API "/questions/4711/history");
}

static void
the_history_of_a_question_and_the_chat_around_it(void **state)
{
    (void)state;
    say_some();
    json_decref(ask(&mod, 200, "POST", API "/questions/2/approve", "{\"version\":1}"));
    json_t *o = ask(&mod, 200, "GET", API "/questions/2/history", NULL);
    const json_t *items = json_object_get(o, "items");
    assert_int_equal(json_array_size(items), 2);
    const json_t *act = json_array_get(items, 1);
    assert_string_equal(json_string_value(json_object_get(act, "kind")), "approve");
    assert_string_equal(json_string_value(json_object_get(act, "actor")), "user:aigul");
    json_int_t mid = json_integer_value(json_object_get(json_array_get(items, 0), "seq"));
    json_decref(o);

    char path[64];
    (void)snprintf(path, sizeof(path), API "/messages?around=%lld", (long long)mid);
    o = ask(&mod, 200, "GET", path, NULL);
    items = json_object_get(o, "items");
    assert_int_equal(json_array_size(items), 3); /* of the same chat */
    const json_t *middle = json_array_get(items, 1);
    assert_int_equal(json_integer_value(json_object_get(middle, "mid")), mid);
    assert_int_equal(json_integer_value(json_object_get(middle, "n")), 2);
    const char *id =
        json_string_value(json_object_get(json_object_get(middle, "author"), "id"));
    (void)snprintf(path, sizeof(path), API "/messages?author=twitch:%s", id);
    json_decref(o);
    o = ask(&mod, 200, "GET", path, NULL);
    assert_true(json_array_size(json_object_get(o, "items")) > 0);
    json_decref(o);
}

static void
the_list_of_questions_agrees_for_viewers(void **state)
{
    (void)state;
    say_some();
    json_t *o =
        ask(&viewer, 200, "GET", API "/questions?q=%D0%BA%D0%B0%D1%88%D0%B0%D0%BD",
            NULL); /* the same words in memory */
    assert_int_equal(json_array_size(json_object_get(o, "items")), 1);
    json_decref(o);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(questions_and_lines_are_found_and_narrowed),
        TEST(a_list_shows_the_masked_wording_and_where_the_words_stand),
        TEST(only_moderators_and_admins_search),
        TEST(what_cannot_be_read_is_refused),
        TEST(the_history_of_a_question_and_the_chat_around_it),
        TEST(the_list_of_questions_agrees_for_viewers),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
