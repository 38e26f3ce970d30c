/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "source/vk.h"
#include "support/sample.h"
#include "support/source_bench.h"

#define SETTINGS "POST /method/groups.getLongPollSettings"
#define MANAGERS "POST /method/groups.getMembers"
#define SERVER   "POST /method/groups.getLongPollServer"
#define COMMENTS "POST /method/video.getComments"
#define POLL     "GET /wh123"
#define USERS    "POST /method/users.get"
#define GROUPS   "POST /method/groups.getById"
#define SAY      "POST /method/video.createComment"
#define SAY_WALL "POST /method/wall.createComment"

/* --- the decoder */

struct heard {
    struct buf text; /* "id author roles reply: text|" of each */
    bool backlog;
};

static void
hear(void *arg, const struct message *m)
{
    struct heard *h = arg;
    h->backlog = m->backlog;
    if (m->kind == MESSAGE_DELETE)
        buf_addf(&h->text, "-%.*s|", STR_ARG(m->id));
    else
        buf_addf(&h->text, "%.*s %.*s/%.*s %u %.*s: %.*s|", STR_ARG(m->id),
                 STR_ARG(m->author_id), STR_ARG(m->author_name), m->roles,
                 STR_ARG(m->reply_to), STR_ARG(m->text));
}

struct room {
    struct vk_view view;
    struct vk_poll poll;
    struct heard heard;
};

static void
open_room(struct room *r, const char *target)
{
    *r = (struct room){.view = {.target = vk_target_of(str_from(target)),
                                .group = 123,
                                .people = vk_people_new(),
                                .versions = map_new()}};
}

static void
close_room(struct room *r)
{
    vk_people_free(&r->view.people);
    map_free(&r->view.versions);
    vk_poll_fini(&r->poll);
    buf_fini(&r->heard.text);
}

static void
read_poll(struct room *r, const char *sample)
{
    struct err e = ERR_INIT;
    char *body = sample_read("vk", sample);
    assert_int_equal(vk_read_poll(str_from(body), &r->poll, &e), 0);
    mem_free(body);
    (void)vk_read_updates(r->poll.updates, &r->view,
                          (struct message_taker){hear, &r->heard});
}

static json_t *
parse(const char *sample)
{
    char *body = sample_read("vk", sample);
    json_t *o = json_loads(body, 0, NULL);
    mem_free(body);
    assert_non_null(o);
    return o;
}

static void
comments_of_the_video_are_read_with_names_and_roles(void **state)
{
    struct room r;
    struct buf ids = BUF_INIT;
    (void)state;
    open_room(&r, "video-123_456");
    json_t *managers = parse("managers.json"), *users = parse("users.json"),
           *groups = parse("groups.json");
    vk_people_learn_managers(
        r.view.people, json_object_get(json_object_get(managers, "response"), "items"));
    read_poll(&r, "updates.json");
    assert_string_equal(r.heard.text.data,
                        "video-123_456_101 777/id777 2 : Когда ответят на заявление?|"
                        "video-123_456_102 888/id888 0 video-123_456_101: Айдар, жол & "
                        "жарық?\nҚашан|"
                        "video-123_456_104 -55/club55 0 : Мы тоже ждём|");
    vk_note_authors(r.poll.updates, &r.view);
    assert_true(vk_people_needed(r.view.people, false, &ids));
    buf_add_char(&ids, ';');
    assert_true(vk_people_needed(r.view.people, true, &ids));
    assert_string_equal(ids.data, "777,888;55");
    vk_people_learn_users(r.view.people, json_object_get(users, "response"));
    vk_people_learn_communities(
        r.view.people, json_object_get(json_object_get(groups, "response"), "groups"));
    buf_reset(&ids);
    vk_people_name(r.view.people, 888, &ids);
    vk_people_name(r.view.people, -55, &ids);
    assert_string_equal(ids.data, "Ольга O'НилАуыл \"Бірлік\"");
    json_decref(managers);
    json_decref(users);
    json_decref(groups);
    buf_fini(&ids);
    close_room(&r);
}

static void
an_edit_takes_back_what_was_said_last_and_a_repeat_changes_nothing(void **state)
{
    struct room r;
    struct str rest, part;
    char first[128], second[128], third[128];
    (void)state;
    open_room(&r, "video-123_456");
    read_poll(&r, "updates_changes.json");
    rest = buf_str(&r.heard.text);
    struct str parts[10];
    size_t n = 0;
    while (str_split(&rest, '|', &part) && n < 10)
        parts[n++] = part;
    /* edit: -base, v1; edit: -base, -v1, v2; delete: -base, -v2; restore: v3 */
    assert_int_equal(n, 9);
    assert_true(str_eq(parts[0], STR_LIT("-video-123_456_101")));
    (void)sscanf(parts[1].p, "%127[^ ]", first);
    assert_non_null(strchr(first, '~'));
    assert_true(str_eq(parts[2], STR_LIT("-video-123_456_101")));
    assert_memory_equal(parts[3].p + 1, first, strlen(first));
    (void)sscanf(parts[4].p, "%127[^ ]", second);
    assert_string_not_equal(first, second);
    assert_memory_equal(parts[6].p + 1, second, strlen(second));
    (void)sscanf(parts[7].p, "%127[^ ]", third);
    assert_string_not_equal(second, third);
    assert_int_equal(vk_comment_of(str_from(third)), 101);
    json_t *page = parse("comments.json"); /* has the one that was edited */
    assert_int_equal(vk_read_page(page, &r.view, (struct message_taker){hear, &r.heard}),
                     3);
    json_decref(page);
    close_room(&r);
}

static void
without_a_place_every_video_of_the_community_is_read_and_a_post_alone_when_named(
    void **state)
{
    struct room r;
    (void)state;
    open_room(&r, "");
    read_poll(&r, "updates.json");
    assert_non_null(strstr(r.heard.text.data, "под другим видео"));
    assert_null(strstr(r.heard.text.data, "на стене"));
    close_room(&r);
    open_room(&r, "wall-123_789");
    read_poll(&r, "updates_wall.json");
    assert_string_equal(r.heard.text.data, "wall-123_789_9 888/id888 0 : на стене|"
                                           "-wall-123_789_9|");
    close_room(&r);
}

static void
a_page_is_read_from_its_oldest_comment(void **state)
{
    struct room r;
    json_t *page = parse("comments.json");
    (void)state;
    open_room(&r, "video-123_456");
    r.view.backlog = true;
    vk_learn_from_page(page, r.view.people);
    assert_int_equal(vk_read_page(page, &r.view, (struct message_taker){hear, &r.heard}),
                     4);
    assert_true(r.heard.backlog);
    assert_string_equal(
        r.heard.text.data,
        "video-123_456_97 888/Ольга Н. 0 : добрый вечер|"
        "video-123_456_99 888/Ольга Н. 0 : Қашан басталады?|"
        "video-123_456_100 777/Айдар Серіков 0 video-123_456_99: да, когда?|"
        "video-123_456_101 777/Айдар Серіков 0 : Когда ответят на заявление?|");
    assert_int_equal(vk_oldest_of_page(page), INT64_C(1787682880000));
    json_decref(page);
    close_room(&r);
}

static void
marks_in_texts_become_what_people_saw(void **state)
{
    static const struct {
        const char *text, *plain;
    } rows[] = {
        {"a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#39;", "a <b> &amp; \"c\" 'd'"},
        {"1<br>2<br/>3<BR>4", "1\n2\n3\n4"},
        {"[id1|Павел &amp; Ко], да", "Павел & Ко, да"},
        {"[club55:bp-1_2|Ауыл] [public7|П] [event8|Э]", "Ауыл П Э"},
        {"[id1|]", "[id1|]"},
        {"[id1 Павел]", "[id1 Павел]"},
        {"[idx|Павел]", "[idx|Павел]"},
        {"[id5] и [id6|Аня]", "[id5] и Аня"},
        {"&#0; &#xD; &#55296; &#1179;", "  &#xD;   қ"},
        {"&#12345678; &; &", "&#12345678; &; &"},
        {"<b>жирный</b>", "<b>жирный</b>"},
        {"[https://x.kz|сайт]", "[https://x.kz|сайт]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        vk_plain(str_from(rows[i].text), &out);
        assert_string_equal(out.data, rows[i].plain);
        buf_fini(&out);
    }
}

static void
what_people_paste_becomes_a_place_or_a_clear_error(void **state)
{
    static const struct {
        const char *text, *target;
    } rows[] = {
        {"https://vk.com/video-123_456", "video-123_456"},
        {"https://vkvideo.ru/video-123_456?list=ln-abc", "video-123_456"},
        {"https://vk.com/police?z=video-123_456%2Fvideos-123", "video-123_456"},
        {"https://vk.com/wall-123_789?reply=5", "wall-123_789"},
        {"https://vk.com/police?w=wall-123_789", "wall-123_789"},
        {"https://vk.com/clip-123_456", "video-123_456"},
        {"vk.ru/video123_456", "video123_456"},
        {"video-123_456", "video-123_456"},
        {"-123_456", "video-123_456"},
        {"wall-123_789", "wall-123_789"},
        {"https://vk.com/police", NULL},
        {"https://example.kz/video-123_456", NULL},
        {"https://vk.com/video-123_456x", NULL},
        {"https://vk.com/video-123_", NULL},
        {"video0_1", NULL},
        {"-123_99999999999999999999", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = vk_target(str_from(rows[i].text), &out, &e);
        if ((ret == 0) != (rows[i].target != NULL) ||
            (ret == 0 && strcmp(out.data, rows[i].target) != 0))
            fail_msg("'%s' became '%s'", rows[i].text, ret == 0 ? out.data : e.msg);
        buf_fini(&out);
    }
}

static void
names_are_remembered_within_their_cap(void **state)
{
    struct vk_people *p = vk_people_new();
    struct buf ids = BUF_INIT;
    (void)state;
    for (int64_t id = 1; id <= BOUNDS_SOURCE_PEOPLE + 10; id++) {
        json_t *one = json_pack("[{s:I,s:s}]", "id", (json_int_t)id, "first_name", "Я");
        vk_people_learn_users(p, one);
        json_decref(one);
    }
    vk_people_need(p, 5); /* forgotten */
    vk_people_need(p, BOUNDS_SOURCE_PEOPLE);
    vk_people_need(p, 5);
    assert_true(vk_people_needed(p, false, &ids));
    assert_string_equal(ids.data, "5");
    vk_people_settle(p, false, true); /* nameless: not asked for again */
    vk_people_need(p, 5);
    assert_false(vk_people_needed(p, false, &ids));
    buf_fini(&ids);
    vk_people_free(&p);
}

/* --- the connection */

static void
serve(struct bench *b, const char *when, const char *sample)
{
    char *body = sample_read("vk", sample);
    mock_http_on(b->http, when, 200, body);
    mem_free(body);
}

static void
serve_server(struct bench *b, const char *ts)
{
    struct buf body = BUF_INIT;
    buf_addf(&body,
             "{\"response\":{\"key\":\"k3y\",\"server\":\"%s/wh123\",\"ts\":\"%s\"}}",
             mock_http_url(b->http), ts);
    mock_http_on(b->http, SERVER, 200, body.data);
    buf_fini(&body);
}

/* Everything up to the poll; comments in pages are a person's right. */
static void
serve_all(struct bench *b, const char *comments)
{
    serve(b, SETTINGS, "settings.json");
    serve(b, MANAGERS, "managers.json");
    serve_server(b, "11");
    serve(b, COMMENTS, comments);
    serve(b, "POST /method/wall.getComments", comments);
}

static void
start(struct bench *b, const char *target)
{
    b->timing.call_gap = 1;
    bench_start(b, &(struct source_conf){.kind = "vk",
                                         .url = mock_http_url(b->http),
                                         .target = target,
                                         .account = "123",
                                         .secret = "s3cret",
                                         .enabled = true});
}

static void
comments_are_read_for_ever_and_names_are_asked_for_once(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    serve(b, POLL, "updates.json");
    serve(b, POLL, "updates_changes.json");
    serve(b, POLL, "updates_none.json");
    serve(b, USERS, "users.json");
    serve(b, GROUPS, "groups.json");
    start(b, "https://vk.com/video-123_456");
    UNTIL(b, mock_http_times_asked(b->http, "&ts=20&wait=25") > 0);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
    assert_int_equal(b->n_got, 3 + 8);
    assert_false(b->backlog);
    assert_int_equal(mock_http_times_asked(b->http, USERS), 1);
    assert_int_equal(mock_http_times_asked(b->http, GROUPS), 1);
    assert_int_equal(mock_http_times_asked(b->http, "user_ids=777,888"), 1);
    assert_int_equal(mock_http_times_asked(b->http, COMMENTS), 1);
    assert_int_equal(mock_http_times_asked(b->http, "?access_token"), 0);
    assert_false(source_can_send(b->source));
}

static void
what_was_said_before_is_backlog_and_comes_once(void **state)
{
    struct bench *b = *state;
    serve_all(b, "comments.json");
    serve(b, COMMENTS, "comments_none.json");
    mock_http_answer(b->http, &(struct mock_answer){.when = POLL, .fault = MOCK_HANG});
    start(b, "video-123_456");
    UNTIL(b, b->n_got == 4);
    assert_true(b->backlog);
    assert_string_equal(
        b->got.data,
        "добрый вечер|Қашан басталады?|да, когда?|Когда ответят на заявление?|");
    UNTIL(b, mock_http_times_asked(b->http, POLL) > 0);
    assert_int_equal(mock_http_times_asked(b->http, "offset=100"), 1);
    assert_true(source_can_send(b->source));
}

static void
a_look_up_that_fails_costs_names_and_no_message(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    serve(b, POLL, "updates.json");
    serve(b, POLL, "updates_none.json");
    serve(b, USERS, "error_busy.json");
    mock_http_answer(b->http,
                     &(struct mock_answer){
                         .when = GROUPS, .status = 200, .body = "{}", .fault = MOCK_CUT});
    start(b, "-123_456");
    UNTIL(b, b->n_got == 3);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
a_look_up_that_hangs_is_not_waited_for(void **state)
{
    struct bench *b = *state;
    b->timing.look_up = 20;
    serve_all(b, "error_group.json");
    serve(b, POLL, "updates.json");
    serve(b, POLL, "updates_none.json");
    serve(b, GROUPS, "groups.json");
    mock_http_answer(b->http, &(struct mock_answer){.when = USERS, .fault = MOCK_HANG});
    start(b, "-123_456");
    UNTIL(b, b->n_got == 3);
    assert_int_equal(bench_state(b), SOURCE_LIVE);
}

static void
a_poll_that_cannot_go_on_gets_a_new_key_or_a_new_start(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    serve_server(b, "40");
    serve_server(b, "41");
    serve(b, POLL, "failed1.json"); /* go on from 30 */
    serve(b, POLL, "failed2.json"); /* a new key; still from 30 */
    serve(b, POLL, "failed3.json"); /* all anew: from 41 */
    serve(b, POLL, "updates.json");
    serve(b, POLL, "updates_none.json");
    serve(b, USERS, "users.json");
    serve(b, GROUPS, "groups.json");
    start(b, "video-123_456");
    UNTIL(b, b->n_got == 3);
    assert_int_equal(mock_http_times_asked(b->http, "&ts=11&wait"), 1);
    assert_int_equal(mock_http_times_asked(b->http, "&ts=30&wait"), 2);
    assert_int_equal(mock_http_times_asked(b->http, "&ts=40&wait"), 0);
    assert_int_equal(mock_http_times_asked(b->http, "&ts=41&wait"), 1);
    assert_int_equal(bench_status(b).reconnects, 0);
}

static void
a_poll_that_never_goes_on_is_given_up_for_a_while(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    serve(b, POLL, "failed2.json");
    start(b, "video-123_456");
    UNTIL(b, bench_status(b).reconnects == 1);
    assert_string_equal(bench_status(b).code, "closed");
}

static void
after_a_lost_connection_it_goes_on_where_it_was(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    serve_server(b, "99");
    serve(b, POLL, "updates.json");
    mock_http_answer(b->http, &(struct mock_answer){.when = POLL,
                                                    .status = 200,
                                                    .body = "{\"ts\":\"13\",\"upda",
                                                    .fault = MOCK_CUT});
    serve(b, POLL, "updates.json"); /* the same again */
    serve(b, POLL, "updates_none.json");
    serve(b, USERS, "users.json");
    serve(b, GROUPS, "groups.json");
    start(b, "video-123_456");
    UNTIL(b, mock_http_times_asked(b->http, "&ts=20&wait") > 0);
    assert_int_equal(b->n_got, 3);
    assert_int_equal(bench_status(b).duplicates, 3);
    assert_int_equal(mock_http_times_asked(b->http, "&ts=99&wait"), 0);
    assert_true(bench_status(b).reconnects == 1);
}

static void
each_fault_has_its_state_and_code(void **state)
{
    static const struct {
        const char *when;
        int status;
        const char *sample;
        enum source_state state;
        const char *code, *says;
    } rows[] = {
        {SERVER, 200, "error_token.json", SOURCE_REFUSED, "auth", "invalid access_token"},
        {SERVER, 200, "error_right.json", SOURCE_REFUSED, "auth", "Access denied"},
        {SERVER, 200, "error_group.json", SOURCE_REFUSED, "auth", "group auth"},
        {SERVER, 200, "error_service.json", SOURCE_REFUSED, "auth", "service token"},
        {SERVER, 200, "error_busy.json", SOURCE_CONNECTING, "limit", "per second"},
        {SERVER, 200, "error_flood.json", SOURCE_CONNECTING, "limit", "Flood"},
        {SERVER, 200, "error_captcha.json", SOURCE_CONNECTING, "limit", "Captcha"},
        {SERVER, 200, "error_rate.json", SOURCE_CONNECTING, "limit", "Rate limit"},
        {SERVER, 200, "error_fault.json", SOURCE_CONNECTING, "closed", "Internal"},
        {SERVER, 200, "error_param.json", SOURCE_REFUSED, "join", "not enabled"},
        {SERVER, 200, "error_other.json", SOURCE_REFUSED, "refused", "Unknown method"},
        {SERVER, 200, "updates_none.json", SOURCE_CONNECTING, "closed", "long poll"},
        {SETTINGS, 200, "settings_off.json", SOURCE_CONNECTING, "events", "tick"},
        {SETTINGS, 200, "error_rate.json", SOURCE_CONNECTING, "limit", "Rate limit"},
        {SETTINGS, 200, "truncated.json", SOURCE_CONNECTING, "closed", "no JSON"},
        {SETTINGS, 429, "error_rate.json", SOURCE_CONNECTING, "limit", "429"},
        {SETTINGS, 403, "error_rate.json", SOURCE_REFUSED, "auth", "403"},
        {COMMENTS, 200, "error_fault.json", SOURCE_CONNECTING, "closed", "Internal"},
        {COMMENTS, 200, "error_closed.json", SOURCE_CONNECTING, "join", "are closed"},
        {POLL, 404, "updates_none.json", SOURCE_CONNECTING, "closed", "404"},
        {POLL, 502, "updates_none.json", SOURCE_CONNECTING, "closed", "502"},
        {POLL, 200, "truncated.json", SOURCE_CONNECTING, "closed", "'updates'"},
        {POLL, 200, "settings.json", SOURCE_CONNECTING, "closed", "'updates'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *own = NULL;
        bench_setup(&own);
        struct bench *b = own;
        char *body = sample_read("vk", rows[i].sample);
        b->timing.backoff_least = b->timing.backoff_most = b->timing.wait = 60000;
        mock_http_on(b->http, rows[i].when, rows[i].status, body);
        mock_http_on(b->http, rows[i].when, rows[i].status, body);
        mem_free(body);
        serve_all(b, "comments_none.json");
        start(b, "video-123_456");
        UNTIL(b, bench_state(b) == rows[i].state &&
                     strcmp(bench_status(b).code, rows[i].code) == 0);
        if (strstr(bench_status(b).reason, rows[i].says) == NULL ||
            strstr(bench_status(b).reason, "s3cret") != NULL)
            fail_msg("row %zu: '%s'", i, bench_status(b).reason);
        bench_teardown(&own);
    }
}

static void
a_reply_is_written_under_the_comment_and_a_refusal_ends_writing(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    b->timing.send_gap = 1;
    serve_all(b, "comments.json");
    serve(b, COMMENTS, "comments_none.json");
    serve(b, SAY, "sent.json");
    serve(b, SAY, "error_flood.json");
    mock_http_answer(b->http, &(struct mock_answer){.when = POLL, .fault = MOCK_HANG});
    start(b, "video-123_456");
    assert_int_equal(source_send(b->source, STR_LIT("рано"), STR_NONE, &e), -1);
    UNTIL(b, source_can_send(b->source));
    err_reset(&e);
    assert_int_equal(source_send(b->source, STR_LIT("Принято & записано"),
                                 STR_LIT("video-123_456_101~a1"), &e),
                     0);
    UNTIL(b, mock_http_times_asked(b->http, "reply_to_comment=101&message=%D0%9F") == 1);
    assert_int_equal(mock_http_times_asked(b->http, "from_group=1&"), 1);
    assert_int_equal(source_send(b->source, STR_LIT("ещё"), STR_NONE, &e), 0);
    UNTIL(b, bench_state(b) == SOURCE_DEGRADED);
    assert_non_null(strstr(bench_status(b).reason, "Flood"));
    assert_false(source_can_send(b->source));
    assert_int_equal(source_send(b->source, STR_LIT("нет"), STR_NONE, &e), -1);
    assert_true(strncmp(b->told.data, "1:0:|2:2:", 9) == 0);
    assert_string_equal(bench_status(b).code, "muted");
    source_send_again(b->source);
    assert_true(source_can_send(b->source));
}

static void
under_a_post_the_community_itself_may_answer(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    serve_all(b, "error_group.json");
    serve(b, POLL, "updates_wall.json");
    serve(b, POLL, "updates_none.json");
    serve(b, USERS, "users.json");
    serve(b, SAY_WALL, "sent.json");
    start(b, "https://vk.com/wall-123_789");
    UNTIL(b, b->n_got == 2 && source_can_send(b->source));
    assert_string_equal(b->got.data, "на стене|-wall-123_789_9|");
    assert_int_equal(source_send(b->source, STR_LIT("№5"), STR_NONE, &e), 0);
    UNTIL(b, mock_http_times_asked(b->http, "from_group=123&") == 1);
}

static void
a_person_s_video_needs_a_person_s_token(void **state)
{
    struct bench *b = *state;
    serve_all(b, "error_group.json");
    start(b, "https://vk.com/video5_456");
    UNTIL(b, bench_state(b) == SOURCE_REFUSED);
    assert_non_null(strstr(bench_status(b).reason, "a person's"));
}

static void
without_a_token_or_a_community_it_is_refused_at_once(void **state)
{
    struct bench *b = *state;
    struct err e = ERR_INIT;
    struct source_conf conf = {.kind = "vk"};
    assert_null(source_new(&b->env, &conf, &e));
    assert_non_null(strstr(e.msg, "token_file"));
    err_reset(&e);
    conf.secret = "x";
    conf.account = "club1";
    assert_null(source_new(&b->env, &conf, &e));
    assert_non_null(strstr(e.msg, "'group'"));
    bench_start(b, &(struct source_conf){.kind = "vk", .secret = "x", .enabled = true});
    assert_int_equal(bench_state(b), SOURCE_REFUSED);
    assert_string_equal(bench_status(b).code, "target");
}

static void
ten_silent_minutes_are_stood(void **state)
{
    struct bench *b = *state;
    char *nothing = sample_read("vk", "updates_none.json");
    serve_all(b, "error_group.json");
    mock_http_answer(b->http, &(struct mock_answer){POLL, 200, NULL, nothing, MOCK_HOLD});
    start(b, "https://vk.com/video-123_456");
    UNTIL(b, bench_state(b) == SOURCE_LIVE);
    bench_silence(b, NULL);
    assert_int_equal(mock_http_times_asked(b->http, SERVER), 1);
    mem_free(nothing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define BENCH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
        cmocka_unit_test(comments_of_the_video_are_read_with_names_and_roles),
        cmocka_unit_test(
            an_edit_takes_back_what_was_said_last_and_a_repeat_changes_nothing),
        cmocka_unit_test(
            without_a_place_every_video_of_the_community_is_read_and_a_post_alone_when_named),
        cmocka_unit_test(a_page_is_read_from_its_oldest_comment),
        cmocka_unit_test(marks_in_texts_become_what_people_saw),
        cmocka_unit_test(what_people_paste_becomes_a_place_or_a_clear_error),
        cmocka_unit_test(names_are_remembered_within_their_cap),
        BENCH_TEST(comments_are_read_for_ever_and_names_are_asked_for_once),
        BENCH_TEST(what_was_said_before_is_backlog_and_comes_once),
        BENCH_TEST(a_look_up_that_fails_costs_names_and_no_message),
        BENCH_TEST(a_look_up_that_hangs_is_not_waited_for),
        BENCH_TEST(a_poll_that_cannot_go_on_gets_a_new_key_or_a_new_start),
        BENCH_TEST(a_poll_that_never_goes_on_is_given_up_for_a_while),
        BENCH_TEST(after_a_lost_connection_it_goes_on_where_it_was),
        cmocka_unit_test(each_fault_has_its_state_and_code),
        BENCH_TEST(a_reply_is_written_under_the_comment_and_a_refusal_ends_writing),
        BENCH_TEST(under_a_post_the_community_itself_may_answer),
        BENCH_TEST(a_person_s_video_needs_a_person_s_token),
        BENCH_TEST(without_a_token_or_a_community_it_is_refused_at_once),
        BENCH_TEST(ten_silent_minutes_are_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
