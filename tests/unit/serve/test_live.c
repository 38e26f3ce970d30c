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
#include "serve/live.h"
#include "support/serve_world.h"

/* The fan-out alone, on the stream of a world: a page is a list of what it was told. */
static struct world w;
static struct tally tally;
static struct live *live;
static struct auth *auth;
static struct live_client *attached[8]; /* what a failed test leaves behind */
static struct buf order;                /* views, in the order in which they were woken */

struct page {
    struct live_client *client;
    struct buf told; /* frames, each with a line feed */
    unsigned frames;
    bool reads;
    int closed;
    enum view view;
};

static void
write_state(void *arg, enum view v, const struct identity *who, struct buf *out)
{
    (void)arg;
    (void)who;
    buf_addf(out, "{\"view\":\"%s\",\"on_air\":", view_name(v));
    const struct question *air = queue_on_air(stream_queue(w.stream));
    view_number(air == NULL ? 0 : air->n, out);
    buf_add_char(out, '}');
}

static void
write_status(void *arg, enum view v, struct buf *out)
{
    (void)arg;
    (void)v;
    buf_add_cstr(out, ",\"people\":");
    live_people(live, out);
}

static bool
write_source(void *arg, struct str name, struct buf *out)
{
    (void)arg;
    (void)name;
    (void)out;
    return false;
}

static void
on_applied(void *arg, const struct event *ev)
{
    (void)arg;
    live_applied(live, ev, tally_update(&tally, stream_queue(w.stream)));
}

static void
on_durable(void *arg, uint64_t seq)
{
    (void)arg;
    live_durable(live, seq);
}

static void
begin(size_t ring, size_t output)
{
    struct auth_conf times = {0, 0};
    struct live_conf conf = {.loop = w.loop,
                             .clock = &w.clock,
                             .queue = stream_queue(w.stream),
                             .tally = &tally,
                             .auth = auth = auth_new(w.accounts, &w.clock, &times),
                             .state = write_state,
                             .status = write_status,
                             .source = write_source,
                             .ring = ring,
                             .output = output};
    struct stream_observer watch = {on_applied, on_durable, NULL};

    tally_init(&tally, stream_queue(w.stream));
    live = live_new(&conf, stream_durable(w.stream));
    stream_observe(w.stream, &watch);
}

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
    for (size_t i = 0; i < 8; i++)
        live_detach(&attached[i]);
    live_stop(live);
    world_end(&w);
    live_free(&live);
    auth_free(&auth);
    tally_fini(&tally);
    buf_fini(&order);
    return 0;
}

/* live_free() must come after the stream, which tells it of its last commits, and its
 * timers must stop before the loop goes. */
static void
end(void)
{
    live_stop(live);
}

static void
take(struct page *p)
{
    struct str piece;
    bool first, final;

    while (p->client != NULL && p->reads &&
           live_next(p->client, 64, &piece, &first, &final)) {
        assert_int_equal(first,
                         p->told.len == 0 || p->told.data[p->told.len - 1] == '\n');
        buf_add_str(&p->told, piece);
        if (final) {
            buf_add_char(&p->told, '\n');
            p->frames++;
        }
    }
}

static void
on_writable(void *arg)
{
    struct page *p = arg;

    buf_addf(&order, "%s ", view_name(p->view));
}

static void
on_close(void *arg, int code)
{
    struct page *p = arg;

    p->closed = code;
}

static void
attach(struct page *p, enum role role, uint64_t after)
{
    struct identity who = {.role = role, .name = "somebody"};
    struct live_transport t = {on_writable, on_close, p};

    *p = (struct page){.reads = true};
    (void)view_of_role(role, &p->view);
    p->client = live_attach(live, &who, after, &t);
    assert_non_null(p->client);
    for (size_t i = 0; i < 8; i++) {
        if (attached[i] == NULL) {
            attached[i] = p->client;
            break;
        }
    }
    take(p);
}

static void
detach(struct page *p)
{
    for (size_t i = 0; i < 8; i++) {
        if (attached[i] == p->client)
            attached[i] = NULL;
    }
    live_detach(&p->client);
    buf_fini(&p->told);
}

/* Until everything so far is on disk and was told. */
static void
settle(struct page *p, size_t n)
{
    uint64_t seq = queue_seq(stream_queue(w.stream));

    while (stream_durable(w.stream) < seq)
        world_turn(&w);
    while (!live_is_idle(live))
        world_turn(&w);
    w.mono_ms += 100;
    for (size_t i = 0; i < n; i++)
        take(&p[i]);
}

static bool
heard(const struct page *p, const char *text)
{
    return p->told.len > 0 && strstr(p->told.data, text) != NULL;
}

static void
say(int i)
{
    char id[16], text[64];

    (void)snprintf(id, sizeof(id), "%d", i);
    (void)snprintf(text, sizeof(text), "Когда починят дорогу номер %d?", i);
    world_say(&w, "twitch", id, id, text);
}

static void
do_act(enum event_kind kind, uint64_t n)
{
    struct command cmd = {.kind = COMMAND_ACT,
                          .role = ROLE_ADMIN,
                          .actor = STR_LIT("user:a"),
                          .act = kind,
                          .n = n,
                          .version = queue_find(stream_queue(w.stream), n)->version,
                          .reason = STR_LIT("other")};
    struct err e = ERR_INIT;

    if (stream_do(w.stream, &cmd, NULL, &e) != 0)
        fail_msg("%s: %s", event_kind_name(kind), e.msg);
}

/* Every seq of the events in what was told, in order; the count. */
static size_t
seqs(const struct page *p, uint64_t *out, size_t cap)
{
    size_t n = 0;
    struct str rest = buf_str(&p->told), line;

    while (rest.len > 0 && str_split(&rest, '\n', &line)) {
        json_t *frame = json_loadb(line.p, line.len, 0, NULL);
        json_t *items = json_object_get(frame, "items"), *item;
        size_t i;
        json_array_foreach(items, i, item)
        {
            assert_true(n < cap);
            out[n++] = (uint64_t)json_integer_value(json_object_get(item, "seq"));
        }
        json_decref(frame);
    }
    return n;
}

static void
whoever_comes_back_hears_exactly_what_was_missed(void **state)
{
    enum { EVENTS = 12 };
    uint64_t all[64], part[64];
    struct page watcher, back;

    (void)state;
    begin(0, 0);
    say(99);
    settle(NULL, 0);
    attach(&watcher, ROLE_MODERATOR, 0);
    for (int i = 0; i < EVENTS; i++) {
        say(i);
        settle(&watcher, i % 3 == 2);
    }
    size_t n = seqs(&watcher, all, 64);
    assert_int_equal(n, EVENTS);
    for (size_t i = 2; i < n; i += 3) {
        attach(&back, ROLE_MODERATOR, all[i]);
        assert_false(heard(&back, "snapshot"));
        assert_true(heard(&back, "\"type\":\"status\""));
        size_t got = seqs(&back, part, 64);
        assert_int_equal(got, n - i - 1);
        for (size_t k = 0; k < got; k++)
            assert_int_equal(part[k], all[i + 1 + k]);
        detach(&back);
    }
    /* Before the beginning, from the future, and nothing at all: the whole state. */
    const uint64_t strange[] = {1, all[n - 1] + 1000, 0};
    for (size_t i = 0; i < 3; i++) {
        attach(&back, ROLE_MODERATOR, strange[i]);
        assert_true(heard(&back, "snapshot"));
        detach(&back);
    }
    detach(&watcher);
    end();
}

static void
a_ring_that_forgot_gives_the_whole_state(void **state)
{
    uint64_t all[128];
    struct page watcher, back;

    (void)state;
    begin(3000, 0);
    attach(&watcher, ROLE_MODERATOR, 0);
    for (int i = 0; i < 30; i++) {
        say(i);
        settle(&watcher, 1);
    }
    size_t n = seqs(&watcher, all, 128);
    attach(&back, ROLE_MODERATOR, all[0]);
    assert_true(heard(&back, "snapshot"));
    detach(&back);
    attach(&back, ROLE_MODERATOR, all[n - 2]);
    assert_false(heard(&back, "snapshot"));
    detach(&back);
    detach(&watcher);
    end();
}

static void
a_snapshot_of_what_is_not_on_disk_waits_and_nothing_is_told_twice(void **state)
{
    uint64_t got[16];
    struct page p[2];

    (void)state;
    begin(0, 0);
    attach(&p[0], ROLE_MODERATOR, 0);
    settle(p, 1);
    w.hold = true;
    say(1);
    say(2);
    attach(&p[1], ROLE_MODERATOR, 0);
    say(3);
    for (int i = 0; i < 50; i++) {
        w.mono_ms += 5;
        world_turn(&w);
    }
    take(&p[1]);
    assert_int_equal(p[1].frames, 0);
    assert_false(heard(&p[0], "events"));
    world_release(&w);
    settle(p, 2);
    assert_int_equal(seqs(&p[0], got, 16), 3);
    uint64_t last = got[2];
    assert_int_equal(seqs(&p[1], got, 16), 1);
    assert_int_equal(got[0], last);
    assert_true(strncmp(p[1].told.data, "{\"type\":\"snapshot\"", 18) == 0);
    detach(&p[0]);
    detach(&p[1]);
    end();
}

static void
what_leaves_the_officers_view_is_told_as_gone(void **state)
{
    struct page p[2];

    (void)state;
    begin(0, 0);
    attach(&p[0], ROLE_OFFICER, 0);
    attach(&p[1], ROLE_OVERLAY, 0);
    say(1);
    say(2);
    settle(p, 2);
    assert_int_equal(p[0].frames, 1);
    do_act(EVENT_APPROVE, 1);
    do_act(EVENT_APPROVE, 2);
    settle(p, 2);
    assert_true(heard(&p[0], "\"kind\":\"approve\",\"question\":{\"n\":1,"));
    assert_true(heard(&p[0], "\"line\":[1,2]"));
    assert_false(heard(&p[0], "original"));
    do_act(EVENT_REJECT, 2);
    do_act(EVENT_AIR, 1);
    settle(p, 2);
    assert_true(heard(&p[0], "\"kind\":\"gone\",\"n\":2"));
    assert_true(heard(&p[0], "\"on_air\":1"));
    do_act(EVENT_ANSWER, 1);
    settle(p, 2);
    assert_true(heard(&p[0], "\"kind\":\"gone\",\"n\":1"));
    assert_true(heard(&p[0], "\"on_air\":null"));
    detach(&p[0]);
    detach(&p[1]);
    end();
}

static void
the_overlay_hears_only_of_what_is_shown(void **state)
{
    struct command show = {
        .kind = COMMAND_OVERLAY, .role = ROLE_ADMIN, .actor = STR_LIT("user:a"), .n = 1};
    struct command clear = {
        .kind = COMMAND_OVERLAY, .role = ROLE_ADMIN, .actor = STR_LIT("user:a")};
    struct err e = ERR_INIT;
    struct page p;

    (void)state;
    begin(0, 0);
    attach(&p, ROLE_OVERLAY, 0);
    say(1);
    do_act(EVENT_APPROVE, 1);
    do_act(EVENT_AIR, 1);
    settle(&p, 1);
    assert_true(stream_do(w.stream, &show, NULL, &e) >= 0);
    settle(&p, 1);
    assert_true(heard(&p, "\"question\":{\"n\":1,\"no\":1,\"text\":{"));
    assert_false(heard(&p, "version"));
    assert_false(heard(&p, "\"line\""));
    assert_true(stream_do(w.stream, &clear, NULL, &e) >= 0);
    settle(&p, 1);
    assert_true(heard(&p, "\"kind\":\"gone\",\"n\":1,\"overlay\":null"));
    detach(&p);
    end();
}

static void
a_client_that_does_not_read_is_cut_and_the_others_are_not(void **state)
{
    struct page p[2];

    (void)state;
    begin(0, 20000);
    attach(&p[0], ROLE_MODERATOR, 0);
    attach(&p[1], ROLE_MODERATOR, 0);
    p[1].reads = false;
    for (int i = 0; i < 60 && p[1].closed == 0; i++) {
        say(i);
        settle(p, 2);
    }
    assert_int_equal(p[1].closed, LIVE_SLOW);
    assert_int_equal(p[0].closed, 0);
    detach(&p[0]);
    detach(&p[1]);
    end();
}

static void
overlay_and_officer_are_served_before_the_consoles(void **state)
{
    struct page p[3];

    (void)state;
    begin(0, 0);
    attach(&p[0], ROLE_MODERATOR, 0);
    attach(&p[1], ROLE_OFFICER, 0);
    attach(&p[2], ROLE_VIEWER, 0);
    say(1);
    settle(p, 3);
    buf_reset(&order);
    do_act(EVENT_APPROVE, 1);
    settle(p, 3);
    assert_string_equal(order.data, "officer staff viewer ");
    detach(&p[0]);
    detach(&p[1]);
    detach(&p[2]);
    end();
}

static void
pages_that_say_they_are_here_are_people(void **state)
{
    struct buf people = BUF_INIT;
    struct page p;

    (void)state;
    begin(0, 0);
    attach(&p, ROLE_OFFICER, 0);
    assert_int_equal(live_officer_seen(live), 0);
    assert_int_equal(
        live_receive(p.client, STR_LIT("{\"type\":\"here\",\"page\":\"officer\","
                                       "\"visible\":false,\"showing\":null}")),
        0);
    assert_int_equal(live_officer_seen(live), 0);
    assert_int_equal(
        live_receive(p.client, STR_LIT("{\"type\":\"here\",\"page\":\"officer\","
                                       "\"visible\":true,\"showing\":1}")),
        0);
    assert_int_equal(live_officer_seen(live), w.wall_ms);
    live_people(live, &people);
    assert_string_equal(
        people.data,
        "[{\"user\":\"somebody\",\"role\":\"officer\",\"page\":\"officer\"}]");
    assert_int_equal(
        live_receive(p.client, STR_LIT("{\"type\":\"here\",\"page\":\"moon\"}")), 1003);
    assert_int_equal(live_receive(p.client, STR_LIT("{\"type\":\"\xC3\x28\"}")), 1007);
    int code = 0;
    for (int i = 0; i < 100 && code == 0; i++)
        code =
            live_receive(p.client, STR_LIT("{\"type\":\"here\",\"page\":\"officer\"}"));
    assert_int_equal(code, 1008);
    buf_fini(&people);
    detach(&p);
    end();
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(whoever_comes_back_hears_exactly_what_was_missed),
        T(a_ring_that_forgot_gives_the_whole_state),
        T(a_snapshot_of_what_is_not_on_disk_waits_and_nothing_is_told_twice),
        T(what_leaves_the_officers_view_is_told_as_gone),
        T(the_overlay_hears_only_of_what_is_shown),
        T(a_client_that_does_not_read_is_cut_and_the_others_are_not),
        T(overlay_and_officer_are_served_before_the_consoles),
        T(pages_that_say_they_are_here_are_people),
    };

    mem_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
