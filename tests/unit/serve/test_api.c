/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "serve/routes.h"
#include "source/source.h"
#include "support/serve_world.h"

#define API "/api/v1"

static struct world w;
static struct peer admin, mod, officer, viewer;

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
    sign_in(&admin, "dana", ROLE_ADMIN);
    sign_in(&mod, "aigul", ROLE_MODERATOR);
    sign_in(&officer, "serik", ROLE_OFFICER);
    sign_in(&viewer, "vera", ROLE_VIEWER);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    peer_fini(&admin);
    peer_fini(&mod);
    peer_fini(&officer);
    peer_fini(&viewer);
    world_end(&w);
    return 0;
}

/* Asks and gives the answer as JSON (new); fails the test on another status. */
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
expect(struct peer *p, int status, const char *method, const char *path, const char *body)
{
    json_decref(ask(p, status, method, path, body));
}

static json_int_t
number(const json_t *o, const char *path)
{
    char part[64];

    while (strchr(path, '.') != NULL) {
        size_t len = strcspn(path, ".");
        memcpy(part, path, len);
        part[len] = '\0';
        o = json_object_get(o, part);
        path += len + 1;
    }
    const json_t *value = json_object_get(o, path);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static bool
mentions(const json_t *o, const char *text)
{
    char *all = json_dumps(o, 0);
    bool found = strstr(all, text) != NULL;

    mem_free(all);
    return found;
}

static const char *
path(int n, const char *name)
{
    static char room[128];

    (void)snprintf(room, sizeof(room), API "/questions/%d/%s", n, name);
    return room;
}

/* One act with this version. */
static json_t *
act(struct peer *p, int status, int n, const char *name, int version, const char *more)
{
    char body[512];

    (void)snprintf(body, sizeof(body), "{\"version\":%d%s}", version, more);
    return ask(p, status, "POST", path(n, name), body);
}

static void
a_question_goes_from_the_chat_to_the_air_and_back(void **state)
{
    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    world_say(&w, "twitch", "2", "Серік", "Жол қашан жөнделеді?");
    json_t *o = act(&mod, 200, 1, "approve", 1, "");
    assert_int_equal(number(o, "question.n"), 1);
    json_decref(o);
    /* Too late: somebody was faster. */
    o = act(&mod, 409, 1, "reject", 1, ",\"reason\":\"spam\"");
    assert_string_equal(json_string_value(json_object_get(o, "code")), "conflict");
    assert_int_equal(number(o, "question.version"), 2);
    json_decref(o);
    json_decref(act(&mod, 200, 2, "approve", 1, ""));
    o = ask(&officer, 200, "POST", API "/air/next", "{\"on_air\":null}");
    assert_int_equal(number(o, "question.n"), 1);
    json_decref(o);
    /* A double press names what was on air. */
    expect(&officer, 409, "POST", API "/air/next", "{\"on_air\":null}");
    o = ask(&officer, 200, "POST", API "/air/next", "{\"on_air\":1}");
    assert_int_equal(number(o, "question.n"), 2);
    /* Answered, it has left the officer's view: only moderators see how it ended. */
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/state", NULL);
    assert_int_equal(number(o, "on_air"), 2);
    assert_int_equal(number(o, "counts.answered"), 1);
    json_decref(o);
}

static void
undo_gives_the_question_back_as_it_was(void **state)
{
    char body[64];

    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    json_t *o = act(&mod, 200, 1, "reject", 1, ",\"reason\":\"off_topic\"");
    (void)snprintf(body, sizeof(body), "{\"seq\":%d}", (int)number(o, "seq"));
    json_decref(o);
    expect(&mod, 404, "POST", API "/undo", "{\"seq\":0}");
    expect(&mod, 400, "POST", API "/undo", "{}");
    expect(&admin, 403, "POST", API "/undo", body);
    o = ask(&mod, 200, "POST", API "/undo", body);
    assert_true(mentions(json_object_get(o, "questions"), "\"new\""));
    json_decref(o);
}

static void
what_the_queue_cannot_know_is_refused_by_shape(void **state)
{
    static const struct {
        const char *act, *body;
        int want;
    } rows[] = {
        {"approve", "{}", 400},
        {"approve", "{\"version\":\"1\"}", 400},
        {"approve", "{\"version\":-1}", 400},
        {"dance", "{\"version\":1}", 404},
        {"edit", "{\"version\":1,\"text\":\"x\"}", 400},
        {"edit", "{\"version\":1,\"text\":{\"kk\":7}}", 400},
        {"topic", "{\"version\":1,\"topics\":\"road\"}", 400},
        {"topic", "{\"version\":1,\"topics\":[1]}", 400},
        {"note", "{\"version\":1,\"text\":7}", 400},
        {"reject", "{\"version\":1,\"reason\":\"boring\"}", 422},
        {"pin", "{\"version\":1,\"pinned\":\"yes\"}", 400},
    };

    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect(&mod, rows[i].want, "POST", path(1, rows[i].act), rows[i].body);
    expect(&mod, 404, "POST", API "/questions/99/approve", "{\"version\":1}");
    expect(&mod, 404, "GET", API "/questions/x", NULL);
}

static void
an_edit_with_personal_data_needs_insisting(void **state)
{
    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    json_t *o = act(&mod, 422, 1, "edit", 1,
                    ",\"text\":{\"ru\":\"Звоните мне +7 701 123 45 67\"}");
    const json_t *span = json_array_get(json_object_get(o, "pii"), 0);
    assert_string_equal(json_string_value(json_object_get(span, "kind")), "phone");
    assert_string_equal(json_string_value(json_object_get(span, "lang")), "ru");
    json_decref(o);
    o = act(&mod, 200, 1, "edit", 1,
            ",\"allow_pii\":true,\"text\":{\"ru\":\"Звоните мне +7 701 123 45 67\"}");
    assert_true(mentions(o, "701 123"));
    json_decref(o);
}

static void
nobody_sees_more_than_their_role_may(void **state)
{
    static const char *const hidden[] = {"+7 701", "vasya_1985", "original",
                                         "author\": {\"id"};
    struct peer *const masked[] = {&officer, &viewer};
    const char *key = world_token(&w, ROLE_OVERLAY, "obs");
    struct peer overlay;

    (void)state;
    peer_open(&overlay, &w);
    (void)snprintf(overlay.cookie, sizeof(overlay.cookie), "Bearer %s", key);
    world_say(&w, "twitch", "1", "vasya_1985", "Когда позвоните по +7 701 123 45 67?");
    json_decref(act(&mod, 200, 1, "approve", 1, ""));
    json_decref(act(&mod, 200, 1, "air", 2, ""));
    expect(&mod, 200, "POST", API "/overlay/show", "{\"n\":1}");
    json_t *o = ask(&mod, 200, "GET", API "/state", NULL);
    assert_true(mentions(o, "+7 701") && mentions(o, "vasya_1985"));
    json_decref(o);
    for (size_t i = 0; i < 2; i++) {
        o = ask(masked[i], 200, "GET", API "/state", NULL);
        assert_true(mentions(o, "▇▇▇▇"));
        for (size_t k = 0; k < 4; k++) {
            if (mentions(o, hidden[k]) && !(i == 1 && k == 1))
                fail_msg("view %zu shows %s", i, hidden[k]);
        }
        json_decref(o);
    }
    o = ask(&overlay, 200, "GET", API "/state", NULL);
    assert_int_equal(number(o, "question.n"), 1);
    assert_int_equal(json_object_size(json_object_get(o, "question")), 3);
    assert_null(json_object_get(o, "sources"));
    json_decref(o);
    expect(&overlay, 403, "GET", API "/questions", NULL);
    peer_fini(&overlay);
}

/* Every route asked by every role: refused exactly when the table says so. */
static void
each_role_gets_in_where_it_may_and_nowhere_else(void **state)
{
    static const enum role roles[] = {ROLE_ADMIN, ROLE_MODERATOR, ROLE_OFFICER,
                                      ROLE_VIEWER};
    struct peer *const peers[] = {&admin, &mod, &officer, &viewer};
    struct peer nobody;
    const struct route *routes;
    size_t n = routes_all(&routes);

    (void)state;
    peer_open(&nobody, &w);
    for (size_t i = 0; i < n; i++) {
        struct buf where = BUF_INIT;
        const struct route *r = &routes[i];
        if (r->roles == ROUTE_ANYBODY || strstr(r->pattern, "/session") != NULL)
            continue;
        for (const char *p = r->pattern; *p != '\0'; p++) {
            if (*p == '{') {
                buf_add_cstr(&where, "999999");
                p = strchr(p, '}');
            } else {
                buf_add_char(&where, *p);
            }
        }
        const char *body = r->body == BODY_NONE ? NULL : "{}";
        const char *method = http_method_name(r->method);
        expect(&nobody, 401, method, where.data, body);
        for (size_t k = 0; k < 4; k++) {
            int got = peer_ask(peers[k], method, where.data, body, NULL);
            bool may = (r->roles & ROUTE_ROLE(roles[k])) != 0;
            if ((got == 403) == may || got == 401 || got >= 500)
                fail_msg("%s %s as %s: %d", method, where.data, role_name(roles[k]), got);
        }
        buf_fini(&where);
    }
    peer_fini(&nobody);
    expect(&viewer, 403, "POST", API "/questions/1/approve", "{\"version\":1}");
    expect(&mod, 403, "GET", API "/users", NULL);
    expect(&mod, 403, "GET", API "/journal", NULL);
    expect(&officer, 403, "POST", API "/overlay/clear", "{}");
    expect(&officer, 403, "GET", API "/messages", NULL);
}

static void
intake_takes_lines_counts_repeats_and_names_the_bad_ones(void **state)
{
    struct peer p;
    struct buf body = BUF_INIT;

    (void)state;
    peer_open(&p, &w);
    (void)snprintf(p.cookie, sizeof(p.cookie), "Bearer %s",
                   world_token(&w, ROLE_INTAKE, "phone"));
    buf_add_cstr(&body, "{\"id\":\"1\",\"author\":{\"id\":\"a\",\"name\":\"A\"},\"text\":"
                        "\"Когда починят?\"}\n"
                        "\n"
                        "{\"id\":\"2\",\"text\":7}\r\n"
                        "nonsense\n"
                        "{\"id\":\"1\",\"author\":{\"id\":\"a\",\"name\":\"A\"},\"text\":"
                        "\"Когда починят?\"}\n"
                        "{\"id\":\"3\",\"source\":\"twitch\",\"text\":\"сәлем\"}");
    json_t *o = ask(&p, 200, "POST", API "/messages", body.data);
    assert_int_equal(number(o, "accepted"), 2);
    assert_int_equal(number(o, "duplicates"), 1);
    assert_int_equal(number(o, "lines"), 6);
    const json_t *errors = json_object_get(o, "errors");
    assert_int_equal(json_array_size(errors), 2);
    assert_int_equal(number(json_array_get(errors, 0), "line"), 3);
    assert_int_equal(number(json_array_get(errors, 1), "line"), 4);
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/messages?source=phone", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 2);
    json_decref(o);
    /* The disk falls behind at the second line. */
    w.push_full = 2;
    buf_reset(&body);
    buf_add_cstr(&body, "{\"id\":\"7\",\"text\":\"a\"}\n{\"id\":\"8\",\"text\":\"b\"}\n{"
                        "\"id\":\"9\",\"text\":\"c\"}\n");
    o = ask(&p, 503, "POST", API "/messages", body.data);
    assert_int_equal(number(o, "accepted"), 1);
    assert_int_equal(number(o, "lines"), 1);
    json_decref(o);
    o = ask(&p, 200, "POST", API "/messages", body.data);
    assert_int_equal(number(o, "accepted"), 2);
    assert_int_equal(number(o, "duplicates"), 1);
    json_decref(o);
    buf_fini(&body);
    peer_fini(&p);
}

static void
a_bulk_of_thousands_of_lines_is_taken_whole(void **state)
{
    enum { LINES = 3000 };
    struct buf body = BUF_INIT;
    json_t *o;

    (void)state;
    for (int i = 0; i < LINES; i++)
        buf_addf(&body,
                 "{\"id\":\"b%d\",\"author\":{\"id\":\"a%d\"},\"text\":\"сәлем %d\"}\n",
                 i, i, i);
    o = ask(&mod, 200, "POST", API "/messages", body.data);
    assert_int_equal(number(o, "accepted"), LINES);
    json_decref(o);
    int seen = 0;
    json_int_t before = 0;
    do {
        char where[96];
        (void)snprintf(where, sizeof(where), API "/messages?limit=500%s%d",
                       before > 0 ? "&before=" : "&x=", (int)before);
        o = ask(&mod, 200, "GET", where, NULL);
        seen += (int)json_array_size(json_object_get(o, "items"));
        before = number(o, "next");
        json_decref(o);
    } while (before > 0);
    assert_int_equal(seen, LINES);
    buf_fini(&body);
}

static void
questions_are_found_and_paged_from_the_newest(void **state)
{
    (void)state;
    for (int i = 0; i < 7; i++) {
        char id[8], text[96];
        (void)snprintf(id, sizeof(id), "%d", i);
        (void)snprintf(text, sizeof(text), "Когда починят %s номер %d?",
                       i % 2 == 0 ? "СВЕТОФОР" : "дорогу", i);
        world_say(&w, "twitch", id, id, text);
    }
    json_t *o = ask(&mod, 200, "GET", API "/questions?limit=4&status=new", NULL);
    assert_int_equal(number(json_array_get(json_object_get(o, "items"), 0), "n"), 7);
    assert_int_equal(number(o, "next"), 4);
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/questions?limit=4&after=4", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 3);
    assert_true(json_is_null(json_object_get(o, "next")));
    json_decref(o);
    o = ask(&viewer, 200, "GET",
            API "/questions?q=%D1%81%D0%B2%D0%B5%D1%82%D0%BE%D1%84%D0%BE%D1%80", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 4);
    json_decref(o);
    expect(&mod, 400, "GET", API "/questions?status=old", NULL);
    expect(&mod, 400, "GET", API "/questions?limit=x", NULL);
    expect(&mod, 400, "GET", API "/questions?limit=%ff", NULL);
    o = ask(&mod, 200, "GET", API "/questions?status=answered,rejected", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 0);
    json_decref(o);
}

static void
a_question_has_its_messages_and_its_history(void **state)
{
    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    json_decref(act(&mod, 200, 1, "approve", 1, ""));
    json_decref(act(&mod, 200, 1, "pin", 2, ""));
    json_t *o = ask(&mod, 200, "GET", API "/questions/1", NULL);
    const json_t *history = json_object_get(o, "history");
    assert_int_equal(json_array_size(history), 2);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(history, 0), "kind")),
        "approve");
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(history, 1), "actor")),
        "user:aigul");
    assert_int_equal(json_array_size(json_object_get(o, "messages")), 1);
    json_decref(o);
    o = ask(&viewer, 200, "GET", API "/questions/1", NULL);
    assert_null(json_object_get(o, "history"));
    json_decref(o);
    o = ask(&admin, 200, "GET", API "/journal?limit=2", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 2);
    assert_int_equal(number(o, "next"), 2);
    json_decref(o);
}

static void
people_are_made_changed_and_sent_away(void **state)
{
    struct peer p;
    char *text;

    (void)state;
    expect(&admin, 422, "POST", API "/users",
           "{\"name\":\"bolat\",\"role\":\"moderator\",\"password\":\"short\"}");
    expect(&admin, 422, "POST", API "/users", "{\"name\":\"bolat\",\"role\":\"king\"}");
    expect(&admin, 200, "POST", API "/users",
           "{\"name\":\"bolat\",\"role\":\"moderator\",\"password\":\"" WORLD_PASSWORD
           "\"}");
    expect(&admin, 409, "POST", API "/users", "{\"name\":\"bolat\",\"role\":\"viewer\"}");
    peer_open(&p, &w);
    peer_sign_in(&p, "bolat");
    expect(&p, 200, "GET", API "/sources", NULL);
    expect(&admin, 200, "PATCH", API "/users/bolat", "{\"role\":\"officer\"}");
    expect(&p, 403, "GET", API "/sources", NULL);
    expect(&admin, 200, "PATCH", API "/users/bolat",
           "{\"password\":\"another long one\"}");
    expect(&p, 401, "GET", API "/state", NULL);
    expect(&admin, 204, "DELETE", API "/users/bolat", NULL);
    expect(&admin, 404, "DELETE", API "/users/bolat", NULL);
    expect(&admin, 409, "DELETE", API "/users/dana", NULL);
    expect(&admin, 409, "PATCH", API "/users/dana", "{\"role\":\"viewer\"}");
    assert_int_equal(peer_ask(&admin, "GET", API "/users", NULL, &text), 200);
    assert_null(strstr(text, "argon2"));
    mem_free(text);
    expect(&p, 200, "GET", "/healthz", NULL);
    peer_fini(&p);
}

static void
a_link_signs_one_browser_in(void **state)
{
    struct peer p;
    char body[96], code[64], *text;

    (void)state;
    expect(&mod, 403, "POST", API "/links", "{\"role\":\"admin\"}");
    expect(&mod, 403, "POST", API "/links", "{\"user\":\"dana\"}");
    json_t *o = ask(&mod, 200, "POST", API "/links", "{\"role\":\"officer\"}");
    const char *url = json_string_value(json_object_get(o, "url"));
    assert_non_null(strstr(url, "http://localhost/join/"));
    assert_non_null(strstr(json_string_value(json_object_get(o, "qr")), "<svg"));
    (void)snprintf(code, sizeof(code), "%s", strrchr(url, '/') + 1);
    (void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
    json_decref(o);
    peer_open(&p, &w);
    expect(&p, 410, "POST", API "/join", "{\"code\":\"nonsense\"}");
    o = ask(&p, 200, "POST", API "/join", body);
    assert_string_equal(json_string_value(json_object_get(o, "next")), "/officer");
    json_decref(o);
    assert_int_equal(peer_ask(&p, "GET", API "/session", NULL, &text), 200);
    assert_non_null(strstr(text, "officer-"));
    mem_free(text);
    expect(&p, 410, "POST", API "/join", body);
    (void)snprintf(body, sizeof(body), API "/join/%s", code);
    expect(&p, 410, "GET", body, NULL);
    expect(&p, 200, "PATCH", API "/session", "{\"lang\":\"ru\"}");
    expect(&p, 422, "PATCH", API "/session", "{\"lang\":\"de\"}");
    o = ask(&p, 200, "GET", API "/session", NULL);
    assert_string_equal(json_string_value(json_object_get(o, "lang")), "ru");
    json_decref(o);
    expect(&p, 204, "DELETE", API "/session", NULL);
    p.cookie[0] = '\0';
    expect(&p, 401, "GET", API "/session", NULL);
    peer_fini(&p);
}

/* GET of a fresh link as a client with these header lines; the status, and whether it
 * signed in. */
static int
open_link(const char *prefix, const char *fields, bool *signed_in)
{
    struct peer p;
    struct buf request = BUF_INIT;
    json_t *o = ask(&mod, 200, "POST", API "/links", "{\"role\":\"officer\"}");
    const char *url = json_string_value(json_object_get(o, "url"));
    buf_addf(&request, "GET %s%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", prefix,
             strstr(url, "/join/"), fields);
    json_decref(o);
    peer_open(&p, &w);
    peer_text(&p, request.data);
    struct answer a;
    peer_answer(&p, &a, false);
    int status = a.status;
    *signed_in = strstr(a.head.data, "set-cookie:") != NULL;
    answer_fini(&a);
    peer_fini(&p);
    buf_fini(&request);
    return status;
}

static void
a_preview_does_not_use_a_link_up(void **state)
{
    static const struct {
        const char *prefix, *fields;
        int status;
        bool signs_in;
    } rows[] = {
        {API, "", 303, true},
        {"", "", 303, true},
        {"", "Accept: */*\r\nUser-Agent: curl/8\r\n", 303, true},
        {"", "Accept: */*\r\nUser-Agent: WhatsApp/2.23\r\n", 200, false},
        {"", "User-Agent: TelegramBot (like TwitterBot)\r\n", 200, false},
        {"", "Accept: text/html,*/*;q=0.8\r\n", 200, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool signed_in;
        int status = open_link(rows[i].prefix, rows[i].fields, &signed_in);
        if (status != rows[i].status || signed_in != rows[i].signs_in)
            fail_msg("row %zu: %d, signed in: %d", i, status, signed_in);
    }
}

static void
tokens_are_shown_once_and_revoked(void **state)
{
    char where[64];
    struct peer p;

    (void)state;
    json_t *o = ask(&admin, 200, "POST", API "/tokens",
                    "{\"role\":\"overlay\",\"name\":\"obs\"}");
    peer_open(&p, &w);
    (void)snprintf(p.cookie, sizeof(p.cookie), "Bearer %s",
                   json_string_value(json_object_get(o, "token")));
    (void)snprintf(where, sizeof(where), API "/tokens/%d", (int)number(o, "id"));
    json_decref(o);
    expect(&p, 200, "GET", API "/state", NULL);
    o = ask(&admin, 200, "GET", API "/tokens", NULL);
    assert_false(mentions(o, "\"token\""));
    json_decref(o);
    expect(&admin, 204, "DELETE", where, NULL);
    expect(&p, 401, "GET", API "/state", NULL);
    expect(&admin, 422, "POST", API "/tokens", "{\"role\":\"admin\"}");
    peer_fini(&p);
}

static void
wrong_passwords_are_braked(void **state)
{
    static const char body[] = "{\"user\":\"aigul\",\"password\":\"not this one\"}";
    struct peer p;
    int status = 0, tries = 0;

    (void)state;
    peer_open(&p, &w);
    /* Somebody who has no session from here: the address of the others is known. */
    expect(&mod, 204, "DELETE", API "/session", NULL);
    for (; tries < 10 && status != 429; tries++)
        status = peer_ask(&p, "POST", API "/session", body, NULL);
    assert_int_equal(tries, 4);
    w.mono_ms += 60000;
    expect(&p, 401, "POST", API "/session", body);
    w.mono_ms += 60000;
    peer_sign_in(&p, "aigul");
    peer_fini(&p);
}

static void
sources_are_attached_changed_and_spoken_to(void **state)
{
    (void)state;
    expect(&admin, 422, "POST", API "/sources", "{\"kind\":\"carrier-pigeon\"}");
    json_t *o = ask(&admin, 200, "POST", API "/sources",
                    "{\"kind\":\"irc\",\"target\":\"#efir\"}");
    assert_true(mentions(o, "#efir"));
    assert_true(number(o, "seq") > 0);
    json_decref(o);
    o = ask(&admin, 200, "GET", API "/sources", NULL);
    json_t *kinds = json_object_get(o, "kinds");
    size_t n = 0;
    for (const char *const *kind = source_kinds(); *kind != NULL; kind++, n++)
        assert_string_equal(json_string_value(json_array_get(kinds, n)), *kind);
    assert_int_equal(json_array_size(kinds), n);
    json_decref(o);
    expect(&admin, 404, "PATCH", API "/sources/none", "{\"enabled\":false}");
    o = ask(&admin, 200, "PATCH", API "/sources/irc", "{\"enabled\":false}");
    assert_true(json_is_false(json_object_get(json_object_get(o, "source"), "enabled")));
    json_decref(o);
    expect(&mod, 202, "POST", API "/sources/irc/send", "{\"text\":\"Сұрақ эфирде\"}");
    assert_string_equal(w.sent, "Сұрақ эфирде");
    expect(&mod, 422, "POST", API "/sources/irc/send", "{\"text\":\"  \"}");
    o = ask(&mod, 200, "GET", API "/sources", NULL);
    assert_int_equal(json_array_size(json_object_get(o, "items")), 1);
    json_decref(o);
}

static void
replies_are_stopped_and_resumed_by_moderators(void **state)
{
    const struct queue *q = stream_queue(w.stream);

    (void)state;
    expect(&admin, 200, "POST", API "/sources", "{\"kind\":\"irc\"}");
    expect(&viewer, 403, "POST", API "/sources/irc/replies", "{\"on\":false}");
    expect(&mod, 422, "POST", API "/sources/irc/replies", "{}");
    expect(&mod, 404, "POST", API "/sources/none/replies", "{\"on\":false}");
    json_t *o = ask(&mod, 200, "POST", API "/sources/irc/replies", "{\"on\":false}");
    assert_true(mentions(o, "replies"));
    json_decref(o);
    assert_string_equal(queue_reply_stop(q, STR_LIT("irc"))->reason, "by_hand");
    expect(&mod, 200, "POST", API "/sources/irc/replies", "{\"on\":true}");
    assert_null(queue_reply_stop(q, STR_LIT("irc")));
    expect(&mod, 200, "POST", API "/sources/irc/replies", "{\"on\":true}");
}

static void
a_broadcast_starts_and_ends_into_the_next(void **state)
{
    (void)state;
    expect(&mod, 409, "POST", API "/broadcasts", "{\"title\":\"Тікелей эфир\"}");
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    expect(&mod, 409, "POST", API "/broadcasts/9/end", "{\"open\":\"carry\"}");
    expect(&mod, 422, "POST", API "/broadcasts/1/end", "{\"open\":\"burn\"}");
    json_t *o =
        ask(&mod, 200, "POST", API "/broadcasts/1/end", "{\"open\":\"follow_up\"}");
    assert_int_equal(number(o, "broadcast.id"), 2);
    assert_true(mentions(o, "\"planned\""));
    json_decref(o);
    o = ask(&mod, 200, "POST", API "/broadcasts", "{\"title\":\"Тікелей эфир\"}");
    assert_true(mentions(o, "\"live\"") && mentions(o, "Тікелей эфир"));
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/state", NULL);
    assert_int_equal(number(o, "counts.follow_up"), 1);
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/broadcasts", NULL);
    assert_int_equal(number(json_array_get(json_object_get(o, "items"), 1), "id"), 1);
    json_decref(o);
}

static void
chat_becomes_a_question_by_hand_and_authors_are_muted(void **state)
{
    char where[64];

    (void)state;
    int mid = (int)world_say(&w, "twitch", "1", "a1", "сәлем бәріне");
    (void)snprintf(where, sizeof(where), API "/messages/%d/ask", mid);
    json_t *o = ask(&mod, 200, "POST", where, "{}");
    assert_int_equal(number(o, "question.n"), 1);
    json_decref(o);
    expect(&mod, 404, "POST", API "/messages/999/ask", "{}");
    o = ask(&mod, 200, "POST", API "/questions",
            "{\"text\":\"Жол қашан жөнделеді?\",\"lang\":\"kk\",\"asker\":\"Студия\"}");
    assert_int_equal(number(o, "question.n"), 2);
    json_decref(o);
    expect(&mod, 422, "POST", API "/questions", "{\"text\":\"x\",\"lang\":\"de\"}");
    expect(&mod, 200, "POST", API "/authors/twitch%3Aa1/mute", "{}");
    o = ask(&mod, 200, "GET", API "/questions/1", NULL);
    assert_true(json_is_true(json_object_get(o, "muted")));
    json_decref(o);
    expect(&mod, 200, "POST", API "/authors/twitch:a1/unmute", "{}");
    expect(&mod, 404, "POST", API "/authors/a1/mute", "{}");
}

/* Sends a body of this type; the answer as JSON (new), which must have this status. */
static json_t *
import(struct peer *p, int status, const char *type, struct str body)
{
    struct buf text = BUF_INIT;
    struct answer a;

    buf_addf(&text,
             "POST " API "/questions/import HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n"
             "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
             p->cookie, type, body.len);
    buf_add_str(&text, body);
    peer_send(p, text.data, text.len);
    buf_fini(&text);
    peer_answer(p, &a, false);
    if (a.status != status)
        fail_msg("import: %d, not %d: %s", a.status, status, a.body.data);
    json_t *o = json_loadb(a.body.data, a.body.len, 0, NULL);
    answer_fini(&a);
    return o;
}

static void
add_topic_road(void)
{
    char body[256];
    json_t *o = ask(&admin, 200, "GET", API "/filters", NULL);

    (void)snprintf(
        body, sizeof(body),
        "{\"version\":\"%s\",\"content\":\"kind: topic\\nid: road\\ntitle: {kk: "
        "Жол}\\nrules:\\n  - {name: a, re: 'тас жол', score: 2}\\n\"}",
        json_string_value(json_object_get(o, "version")));
    json_decref(o);
    expect(&admin, 200, "PUT", API "/filters/topics/road.yaml", body);
}

static void
prepared_questions_come_as_a_table_or_as_lines(void **state)
{
    static const struct {
        const char *type, *body;
        int accepted;
        const char *errors; /* lines */
    } rows[] = {
        {"text/plain", "Жол қашан жөнделеді?\r\n\nКогда свет?\n", 2, ""},
        {"text/plain; charset=utf-8", "Жол қашан жөнделеді?\nА вода, газ; и свет?", 1,
         "1 "},
        {"text/csv", "text,lang\nМектеп қашан салынады?,kk\n\"Где парк, и когда?\",ru", 2,
         ""},
        {"text/csv", "asker;topic;text\nАйна;road;Көпір қашан бітеді?\n;;Тағы бірі", 2,
         ""},
        {"text/csv", "Бір сұрақ?,kk\nБір сұрақ?,kk\nЕкі,de\nа,б,в,г,д\n\"x\"y\n\"", 1,
         "2 3 4 5 6 "},
        {"text/csv", "text,topic\nХ?,nonsense\n,road\n\xFF?,\nЗаңды ма?,\n", 1, "2 3 4 "},
        {"text/csv", "", 0, ""},
    };

    (void)state;
    add_topic_road();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf lines = BUF_INIT;
        json_t *o = import(&mod, 200, rows[i].type, str_from(rows[i].body));
        json_t *errors = json_object_get(o, "errors");
        for (size_t at = 0; at < json_array_size(errors); at++)
            buf_addf(&lines, "%d ", (int)number(json_array_get(errors, at), "line"));
        if (number(o, "accepted") != rows[i].accepted ||
            !str_eq(buf_str(&lines), str_from(rows[i].errors))) {
            char *all = json_dumps(o, 0);
            fail_msg("row %zu: %s", i, all);
        }
        buf_fini(&lines);
        json_decref(o);
    }
    json_t *o = ask(&mod, 200, "GET", API "/questions/6", NULL);
    assert_string_equal(json_string_value(json_object_get(o, "status")), "new");
    assert_true(mentions(json_object_get(o, "topics"), "road"));
    assert_true(mentions(json_object_get(o, "askers"), "Айна"));
    assert_true(mentions(json_object_get(o, "text"), "Көпір"));
    json_decref(o);
    json_decref(import(&viewer, 403, "text/plain", STR_LIT("Кім?")));
    json_decref(import(&officer, 403, "text/plain", STR_LIT("Кім?")));
    json_decref(import(&mod, 415, "application/json", STR_LIT("{}")));
}

static void
a_broadcast_in_numbers_says_to_staff_who_did_what(void **state)
{
    (void)state;
    world_say(&w, "twitch", "1", "Айгүл", "Когда починят светофор?");
    world_say(&w, "twitch", "2", "Серік", "сәлем");
    json_decref(act(&mod, 200, 1, "approve", 1, ""));
    expect(&officer, 200, "POST", API "/air/next", "{}");
    json_t *o = ask(&mod, 200, "GET", API "/stats", NULL);
    assert_int_equal(number(o, "counts.messages"), 2);
    assert_int_equal(number(o, "counts.status.on_air"), 1);
    assert_int_equal(number(o, "acts.approve"), 1);
    assert_int_equal(number(o, "wait.aired.n"), 1);
    assert_true(mentions(json_object_get(o, "people"), "aigul"));
    json_decref(o);
    o = ask(&viewer, 200, "GET", API "/stats?broadcast=1&minutes=10", NULL);
    assert_int_equal(number(o, "acts.approve"), 1);
    assert_false(mentions(o, "aigul"));
    json_decref(o);
    expect(&officer, 403, "GET", API "/stats", NULL);
    expect(&mod, 404, "GET", API "/stats?broadcast=2", NULL);
    expect(&mod, 400, "GET", API "/stats?minutes=9999", NULL);
}

static void
a_file_of_prepared_questions_has_an_end(void **state)
{
    struct buf lines = BUF_INIT;

    (void)state;
    for (int i = 0; i < BOUNDS_IMPORT + 5; i++)
        buf_addf(&lines, "%d сұрақ қайда?\n", i);
    json_t *o = import(&admin, 200, "text/plain", buf_str(&lines));
    assert_int_equal(number(o, "accepted"), BOUNDS_IMPORT);
    json_t *errors = json_object_get(o, "errors");
    assert_int_equal(json_array_size(errors), 1);
    assert_int_equal(number(json_array_get(errors, 0), "line"), BOUNDS_IMPORT + 1);
    json_decref(o);
    o = ask(&mod, 200, "GET", API "/state", NULL);
    assert_int_equal(number(o, "counts.new"), BOUNDS_IMPORT);
    json_decref(o);
    while (lines.len <= BOUNDS_BODY_LARGE)
        buf_add_cstr(&lines, "тағы бірі\n");
    json_decref(import(&mod, 413, "text/plain", buf_str(&lines)));
    buf_fini(&lines);
}

static void
viewers_are_given_the_public_report_and_officers_none(void **state)
{
    (void)state;
    (void)world_say(&w, "t", "m1", "handle", "жол қашан жөнделеді?");
    /* Answered when it is on disk, and with it what came before: reports read the disk.
     */
    expect(&mod, 200, "POST", API "/questions/1/claim", "{\"version\":1}");
    expect(&viewer, 403, "GET", API "/reports/1?edition=internal", NULL);
    expect(&officer, 403, "GET", API "/reports/1", NULL);
    expect(&mod, 404, "GET", API "/reports/7", NULL);
    expect(&mod, 422, "GET", API "/reports/1?lang=de", NULL);
    json_t *seen = ask(&viewer, 200, "GET", API "/reports/1?format=json", NULL);
    assert_int_equal(number(seen, "figures.received"), 1);
    assert_int_equal(json_array_size(json_object_get(seen, "questions")), 0);
    json_decref(seen);
    seen = ask(&mod, 200, "GET", API "/reports/1?format=json", NULL);
    assert_int_equal(json_array_size(json_object_get(seen, "questions")), 1);
    json_decref(seen);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_question_goes_from_the_chat_to_the_air_and_back),
        T(undo_gives_the_question_back_as_it_was),
        T(what_the_queue_cannot_know_is_refused_by_shape),
        T(an_edit_with_personal_data_needs_insisting),
        T(nobody_sees_more_than_their_role_may),
        T(each_role_gets_in_where_it_may_and_nowhere_else),
        T(intake_takes_lines_counts_repeats_and_names_the_bad_ones),
        T(a_bulk_of_thousands_of_lines_is_taken_whole),
        T(questions_are_found_and_paged_from_the_newest),
        T(a_question_has_its_messages_and_its_history),
        T(people_are_made_changed_and_sent_away),
        T(a_link_signs_one_browser_in),
        T(a_preview_does_not_use_a_link_up),
        T(tokens_are_shown_once_and_revoked),
        T(wrong_passwords_are_braked),
        T(sources_are_attached_changed_and_spoken_to),
        T(replies_are_stopped_and_resumed_by_moderators),
        T(a_broadcast_starts_and_ends_into_the_next),
        T(chat_becomes_a_question_by_hand_and_authors_are_muted),
        T(prepared_questions_come_as_a_table_or_as_lines),
        T(a_broadcast_in_numbers_says_to_staff_who_did_what),
        T(a_file_of_prepared_questions_has_an_end),
        T(viewers_are_given_the_public_report_and_officers_none),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
