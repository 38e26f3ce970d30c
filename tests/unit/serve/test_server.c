/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/serve_world.h"

static struct world w;

static int
setup(void **state)
{
    (void)state;
    world_begin(&w, NULL);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    world_end(&w);
    return 0;
}

/* Sends bytes on a connection of their own; gives the status of the answer, 0: hung up.
 */
static int
status_of(const char *text)
{
    struct peer p;
    struct answer a;

    peer_open(&p, &w);
    peer_text(&p, text);
    peer_answer(&p, &a, false);
    int status = a.status;
    if (status >= 400 && !answer_has(&a, "application/problem+json"))
        fail_msg("not a problem document: %s", a.head.data);
    answer_fini(&a);
    peer_fini(&p);
    return status;
}

static void
every_trap_of_the_library_gets_its_answer(void **state)
{
    static const struct {
        const char *name, *text;
        int want;
    } rows[] = {
        {"alive", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
        {"nothing there", "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
        {"wrong method",
         "PUT /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405},
        {"not signed in", "GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\n\r\n", 401},
        {"chunked",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
         "chunked\r\n"
         "Content-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
         411},
        {"no length",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\n\r\n",
         411},
        {"length too large",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\n"
         "Content-Length: 99999999\r\n\r\n",
         413},
        {"length is not a number",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1x\r\n\r\n",
         400},
        {"GET with a body",
         "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"another host", "GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421},
        {"an address is fine", "GET /healthz HTTP/1.1\r\nHost: 192.0.2.7:8080\r\n\r\n",
         200},
        {"an IPv6 address is fine", "GET /healthz HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
         200},
        {"not JSON",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\n"
         "Content-Length: 5\r\n\r\n{\"a\":",
         400},
        {"wrong type",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "text/plain\r\n"
         "Content-Length: 2\r\n\r\n{}",
         415},
        {"another origin",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nOrigin: "
         "http://evil.example\r\n"
         "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
         403},
        {"another site",
         "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: "
         "cross-site\r\n"
         "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
         403},
        {"climbing out", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
         404},
        {"encoded climbing",
         "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
        {"bad UTF-8 in the path", "GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
        {"h2c",
         "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, "
         "HTTP2-Settings\r\n"
         "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
         400},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int got = status_of(rows[i].text);
        if (got != rows[i].want)
            fail_msg("%s: %d, not %d", rows[i].name, got, rows[i].want);
    }
}

static void
a_header_block_over_the_limit_ends_the_connection(void **state)
{
    struct peer p;
    struct buf text = BUF_INIT;

    (void)state;
    buf_addf(&text, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: a=");
    for (int i = 0; i < 20000; i++)
        buf_add_char(&text, 'x');
    buf_addf(&text, "\r\n\r\n");
    peer_open(&p, &w);
    peer_send(&p, text.data, text.len);
    assert_true(peer_wait(&p, NULL));
    assert_int_equal(status_of("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
    peer_fini(&p);
    buf_fini(&text);
}

static void
a_connection_serves_one_request_after_another_also_pipelined(void **state)
{
    struct peer p;
    struct answer a;

    (void)state;
    peer_open(&p, &w);
    peer_text(&p, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    static const int want[] = {200, 404, 200};
    for (int i = 0; i < 3; i++) {
        peer_answer(&p, &a, false);
        assert_int_equal(a.status, want[i]);
        answer_fini(&a);
    }
    peer_fini(&p);
}

static void
head_has_the_length_and_no_body(void **state)
{
    struct peer p;
    struct answer a;

    (void)state;
    peer_open(&p, &w);
    peer_text(&p, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    peer_answer(&p, &a, true);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "content-length: 18"));
    answer_fini(&a);
    assert_int_equal(peer_ask(&p, "GET", "/healthz", NULL, NULL), 200);
    assert_int_equal(p.in.len, 0);
    peer_fini(&p);
}

static void
every_answer_has_the_security_headers(void **state)
{
    static const char *const headers[] = {"content-security-policy: default-src 'none';",
                                          "x-content-type-options: nosniff",
                                          "referrer-policy: no-referrer",
                                          "x-frame-options: deny",
                                          "cross-origin-opener-policy: same-origin",
                                          "cross-origin-resource-policy: same-origin",
                                          "cache-control: no-store"};
    struct peer p;
    struct answer a;

    (void)state;
    peer_open(&p, &w);
    peer_text(&p, "GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\n\r\n");
    peer_answer(&p, &a, false);
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (!answer_has(&a, headers[i]))
            fail_msg("no '%s' in %s", headers[i], a.head.data);
    }
    answer_fini(&a);
    peer_fini(&p);
}

static void
a_body_that_comes_byte_by_byte_is_whole(void **state)
{
    static const char body[] = "{\"user\":\"nobody\",\"password\":\"x\"}";
    struct peer p;
    struct answer a;
    char head[200];

    (void)state;
    (void)snprintf(head, sizeof(head),
                   "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                   strlen(body));
    peer_open(&p, &w);
    peer_text(&p, head);
    for (size_t i = 0; i < strlen(body); i++) {
        peer_send(&p, body + i, 1);
        world_turn(&w);
    }
    peer_answer(&p, &a, false);
    assert_int_equal(a.status, 401);
    answer_fini(&a);
    peer_fini(&p);
}

static void
a_body_over_the_limit_is_read_and_refused_and_the_connection_stays(void **state)
{
    struct peer p;
    struct answer a;
    struct buf text = BUF_INIT;

    (void)state;
    buf_addf(&text, "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
                    "Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n");
    for (int i = 0; i < 200000; i++)
        buf_add_char(&text, 'x');
    peer_open(&p, &w);
    peer_send(&p, text.data, text.len);
    peer_answer(&p, &a, false);
    assert_int_equal(a.status, 413);
    assert_int_equal(peer_ask(&p, "GET", "/healthz", NULL, NULL), 200);
    answer_fini(&a);
    buf_fini(&text);
    peer_fini(&p);
}

static void
many_connections_from_one_address_are_capped_and_room_comes_back(void **state)
{
    enum { MANY = BOUNDS_PER_ADDRESS };
    static struct peer peers[MANY];
    struct peer extra;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        peer_open(&peers[i], &w);
        assert_int_equal(peer_ask(&peers[i], "GET", "/healthz", NULL, NULL), 200);
    }
    peer_open(&extra, &w);
    assert_true(peer_wait(&extra, NULL));
    peer_fini(&extra);
    for (int i = 0; i < MANY; i++)
        peer_fini(&peers[i]);
    for (int i = 0; i < 20; i++)
        world_turn(&w);
    assert_int_equal(status_of("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
}

static void
not_ready_says_why(void **state)
{
    struct peer p;
    char *body;

    (void)state;
    peer_open(&p, &w);
    assert_int_equal(peer_ask(&p, "GET", "/readyz", NULL, NULL), 200);
    w.not_ready = 1;
    assert_int_equal(peer_ask(&p, "GET", "/readyz", NULL, &body), 503);
    assert_non_null(strstr(body, "the disk is gone"));
    mem_free(body);
    assert_int_equal(peer_ask(&p, "GET", "/metrics", NULL, &body), 200);
    assert_non_null(strstr(body, "suraq_questions{status=\"new\"} 0"));
    mem_free(body);
    peer_fini(&p);
}

/* --- the live connection */

static void
an_upgrade_without_all_it_needs_is_refused_with_a_status(void **state)
{
    static const char start[] =
        "HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    static const struct {
        const char *name, *path, *extra;
        bool cookie;
        int want;
    } rows[] = {
        {"no subprotocol", "/live", "", true, 400},
        {"an unknown subprotocol", "/live", "Sec-WebSocket-Protocol: chat\r\n", true,
         400},
        {"not signed in", "/live", "Sec-WebSocket-Protocol: suraq.v1\r\n", false, 401},
        {"another origin", "/live",
         "Origin: http://evil.example\r\nSec-WebSocket-Protocol: suraq.v1\r\n", true,
         403},
        {"a wrong key", "/live?key=nonsense", "Sec-WebSocket-Protocol: suraq.v1\r\n",
         true, 401},
        {"another path", "/other", "Sec-WebSocket-Protocol: suraq.v1\r\n", true, 404},
        {"our origin", "/live",
         "Origin: http://localhost\r\nSec-WebSocket-Protocol: suraq.v1\r\n", true, 101},
        {"one of several", "/live", "Sec-WebSocket-Protocol: x, suraq.v1\r\n", true, 101},
    };
    struct peer p;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    peer_open(&p, &w);
    peer_sign_in(&p, "mod");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf text = BUF_INIT;
        buf_addf(&text, "GET %s %s%s%s%s%s\r\n", rows[i].path, start, rows[i].extra,
                 rows[i].cookie ? "Cookie: " : "", rows[i].cookie ? p.cookie : "",
                 rows[i].cookie ? "\r\n" : "");
        int got = status_of(text.data);
        if (got != rows[i].want)
            fail_msg("%s: %d, not %d", rows[i].name, got, rows[i].want);
        buf_fini(&text);
    }
    peer_fini(&p);
}

static void
compression_is_not_offered(void **state)
{
    struct peer p;
    struct answer a;
    struct buf text = BUF_INIT;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    peer_open(&p, &w);
    peer_sign_in(&p, "mod");
    buf_addf(
        &text,
        "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n"
        "Sec-WebSocket-Protocol: suraq.v1\r\nCookie: %s\r\n\r\n",
        p.cookie);
    peer_send(&p, text.data, text.len);
    peer_answer(&p, &a, false);
    assert_int_equal(a.status, 101);
    assert_false(answer_has(&a, "permessage-deflate"));
    answer_fini(&a);
    buf_fini(&text);
    peer_fini(&p);
}

static void
a_page_that_talks_nonsense_is_closed(void **state)
{
    struct buf large = BUF_INIT;
    struct peer p;
    int code;

    (void)state;
    for (int i = 0; i < 3000; i++)
        buf_add_char(&large, 'x');
    world_user(&w, "mod", ROLE_MODERATOR);
    const struct {
        const char *text;
        int want;
    } rows[] = {{"nonsense", 1003}, {"{\"type\":\"shout\"}", 1003}, {large.data, 1009}};
    for (size_t i = 0; i < 3; i++) {
        peer_open(&p, &w);
        peer_sign_in(&p, "mod");
        assert_true(peer_live(&p, "/live", NULL));
        peer_say(
            &p,
            "{\"type\":\"here\",\"page\":\"console\",\"visible\":true,\"showing\":null}");
        mem_free(peer_message_with(&p, "snapshot"));
        peer_say(&p, rows[i].text);
        char *got;
        while ((got = peer_message(&p, &code)) != NULL)
            mem_free(got);
        assert_int_equal(code, rows[i].want);
        peer_fini(&p);
    }
    buf_fini(&large);
}

static void
signing_out_closes_the_live_connection(void **state)
{
    struct peer page, other;
    int code;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    peer_open(&page, &w);
    peer_sign_in(&page, "mod");
    peer_open(&other, &w);
    memcpy(other.cookie, page.cookie, sizeof(page.cookie));
    assert_true(peer_live(&page, "/live", NULL));
    mem_free(peer_message_with(&page, "snapshot"));
    assert_int_equal(peer_ask(&other, "DELETE", "/api/v1/session", NULL, NULL), 204);
    char *got = peer_message(&page, &code);
    assert_null(got);
    assert_int_equal(code, 4001);
    peer_fini(&page);
    peer_fini(&other);
}

static void
stopping_tells_the_pages(void **state)
{
    struct peer page;
    int code;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    peer_open(&page, &w);
    peer_sign_in(&page, "mod");
    assert_true(peer_live(&page, "/live", NULL));
    mem_free(peer_message_with(&page, "snapshot"));
    server_close(w.server);
    assert_null(peer_message(&page, &code));
    assert_int_equal(code, 1001);
    peer_fini(&page);
}

static void
nothing_leaves_before_it_is_on_disk(void **state)
{
    struct peer p, page;
    struct answer a;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    peer_open(&page, &w);
    peer_sign_in(&page, "mod");
    peer_open(&p, &w);
    memcpy(p.cookie, page.cookie, sizeof(p.cookie));
    assert_true(peer_live(&page, "/live", NULL));
    mem_free(peer_message_with(&page, "snapshot"));
    w.hold = true;
    world_say(&w, "twitch", "1", "Aigul", "Когда починят светофор?");
    peer_text(&p, "GET /api/v1/state HTTP/1.1\r\nHost: localhost\r\nCookie: ");
    peer_text(&p, p.cookie);
    peer_text(&p, "\r\n\r\n");
    for (int i = 0; i < 200; i++)
        world_turn(&w);
    assert_int_equal(p.in.len, 0);
    world_release(&w);
    peer_answer(&p, &a, false);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body.data, "Когда починят светофор?"));
    mem_free(peer_message_with(&page, "Когда починят светофор?"));
    answer_fini(&a);
    peer_fini(&p);
    peer_fini(&page);
}

static void
a_connection_that_goes_while_its_password_is_checked_harms_nobody(void **state)
{
    struct peer p;

    (void)state;
    world_user(&w, "mod", ROLE_MODERATOR);
    for (int i = 0; i < 2; i++) {
        peer_open(&p, &w);
        peer_text(&p, "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
                      "Content-Type: application/json\r\nContent-Length: 53\r\n\r\n"
                      "{\"user\":\"mod\",\"password\":\"correct horse battery\"}    ");
        for (int k = 0; k < 3; k++)
            world_turn(&w);
        peer_fini(&p);
        world_turn(&w);
    }
    peer_open(&p, &w);
    peer_sign_in(&p, "mod");
    peer_fini(&p);
}

#define METRICS(more) "GET /metrics HTTP/1.1\r\nHost: localhost\r\n" more "\r\n"

static char socket_path[64];

static void
listen_on_a_path(struct server_conf *conf)
{
    static char listen[sizeof(socket_path) + 8];

    (void)snprintf(socket_path, sizeof(socket_path), "/tmp/suraq-metrics-%d.sock",
                   (int)getpid());
    (void)snprintf(listen, sizeof(listen), "unix:%s", socket_path);
    conf->listen = listen;
}

static void
behind_a_unix_socket_the_metrics_are_still_not_for_everybody(void **state)
{
    static const struct {
        const char *text;
        int want;
    } rows[] = {
        {METRICS(""), 200},
        {METRICS("X-Forwarded-For: 10.0.0.7\r\n"), 200},
        {METRICS("X-Forwarded-For: 198.51.100.7\r\n"), 403},
    };
    struct world mine;
    struct sockaddr_un to = {.sun_family = AF_UNIX};

    (void)state;
    world_begin(&mine, listen_on_a_path);
    memcpy(to.sun_path, socket_path, strlen(socket_path) + 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct peer p = {.world = &mine,
                         .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        struct answer a;
        assert_int_equal(connect(p.fd, (struct sockaddr *)&to, sizeof(to)), 0);
        assert_true(fcntl(p.fd, F_SETFL, O_NONBLOCK) >= 0);
        peer_text(&p, rows[i].text);
        peer_answer(&p, &a, false);
        if (a.status != rows[i].want)
            fail_msg("row %zu: %d", i, a.status);
        answer_fini(&a);
        peer_fini(&p);
    }
    world_end(&mine);
    (void)unlink(socket_path);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(every_trap_of_the_library_gets_its_answer),
        T(a_header_block_over_the_limit_ends_the_connection),
        T(a_connection_serves_one_request_after_another_also_pipelined),
        T(head_has_the_length_and_no_body),
        T(every_answer_has_the_security_headers),
        T(a_body_that_comes_byte_by_byte_is_whole),
        T(a_body_over_the_limit_is_read_and_refused_and_the_connection_stays),
        T(many_connections_from_one_address_are_capped_and_room_comes_back),
        cmocka_unit_test(behind_a_unix_socket_the_metrics_are_still_not_for_everybody),
        T(not_ready_says_why),
        T(an_upgrade_without_all_it_needs_is_refused_with_a_status),
        T(compression_is_not_offered),
        T(a_page_that_talks_nonsense_is_closed),
        T(signing_out_closes_the_live_connection),
        T(stopping_tells_the_pages),
        T(nothing_leaves_before_it_is_on_disk),
        T(a_connection_that_goes_while_its_password_is_checked_harms_nobody),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
