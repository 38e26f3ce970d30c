/* SPDX-License-Identifier: Apache-2.0 */
/* serve_world.c - see serve_world.h. The client shares the thread with the server: it
 * reads without blocking and turns the loop in between, so that a test is one straight
 * line. */
#include "support/serve_world.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "judge/filters.h"
#include "serve/password.h"

enum { DEADLINE_MS = 10000, TICK_MS = 5 };

struct held {
    struct held *next;
    struct world *world;
    void (*fn)(void *arg);
    void *arg;
};

static int64_t
fake_wall(void *arg)
{
    return ((struct world *)arg)->wall_ms;
}

static int64_t
fake_mono(void *arg)
{
    return ((struct world *)arg)->mono_ms;
}

static int64_t
now_ms(void)
{
    return clock_mono_ms(clock_system());
}

static void
on_tick(void *arg)
{
    struct world *w = arg;

    loop_timer_start(w->loop, &w->tick, TICK_MS, on_tick, w);
}

void
world_turn(struct world *w)
{
    loop_turn(w->loop);
}

static void
deliver(void *arg)
{
    struct held *h = arg;
    struct held **end = &h->world->held;

    if (h->world->hold) {
        while (*end != NULL)
            end = &(*end)->next;
        *end = h;
        return;
    }
    h->fn(h->arg);
    mem_free(h);
}

static void
post(void *ctx, void (*fn)(void *arg), void *arg)
{
    struct world *w = ctx;
    struct held *h = mem_zalloc(sizeof(*h));
    struct err e = ERR_INIT;

    *h = (struct held){NULL, w, fn, arg};
    while (mailbox_post(loop_mailbox(w->loop), deliver, h, &e) < 0)
        err_reset(&e);
}

void
world_release(struct world *w)
{
    w->hold = false;
    while (w->held != NULL) {
        struct held *h = w->held;
        w->held = h->next;
        h->fn(h->arg);
        mem_free(h);
    }
}

static void
journal_failed(void *arg, const struct err *e)
{
    (void)arg;
    fail_msg("the journal failed: %s", e->msg);
}

static void
add_filter(struct filters *f, const char *name)
{
    char path[256];
    struct buf text = BUF_INIT;
    struct err e = ERR_INIT;
    (void)snprintf(path, sizeof(path), "filters/police-kz/%s", name);
    FILE *file = fopen(path, "re");

    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;)
        buf_add_char(&text, (char)c);
    fclose(file);
    assert_int_equal(filters_add(f, name, buf_str(&text), &e), 0);
    buf_fini(&text);
}

static struct rulebook *
make_rulebook(void *arg, const struct queue *q, struct err *e)
{
    struct filters *f = filters_new();
    struct rulebook *r = rulebook_new();

    (void)arg;
    add_filter(f, "macros.yaml");
    add_filter(f, "question/ru.yaml");
    add_filter(f, "question/kk.yaml");
    add_filter(f, "mask/personal.yaml");
    add_filter(f, "urgent/words.yaml");
    add_filter(f, "urgent/fire.yaml");
    rulebook_ship(r, f);
    rulebook_edits(r, q);
    assert_int_equal(rulebook_build(r, false, e), 0);
    filters_free(&f);
    return r;
}

static size_t
sources_count(void *arg)
{
    return ((struct world *)arg)->source.name[0] != '\0';
}

static void
sources_get(void *arg, size_t i, struct view_source *out)
{
    struct world *w = arg;

    assert_int_equal(i, 0);
    *out = (struct view_source){w->source.name,
                                w->source.kind,
                                w->source.target,
                                w->source.enabled,
                                true,
                                true,
                                {.state = SOURCE_LIVE, .code = ""}};
}

static int
journal_source(struct world *w, const struct server_person *who, uint64_t *seq,
               struct err *e)
{
    struct command cmd = {.kind = COMMAND_SOURCE,
                          .role = who->role,
                          .actor = who->actor,
                          .source = str_from(w->source.name),
                          .source_kind = str_from(w->source.kind),
                          .target = str_from(w->source.target),
                          .enabled = w->source.enabled};

    return stream_do(w->stream, &cmd, seq, e) < 0 ? -1 : 0;
}

static int
sources_add(void *arg, const struct server_person *who,
            const struct server_source_wish *wish, struct server_source_made *made,
            struct err *e)
{
    struct world *w = arg;

    if (strcmp(wish->kind, "irc") != 0)
        return err_set(e, ERR_VALUE, "unknown kind '%s'", wish->kind);
    (void)snprintf(w->source.name, sizeof(w->source.name), "%s",
                   wish->name != NULL ? wish->name : wish->kind);
    (void)snprintf(w->source.kind, sizeof(w->source.kind), "%s", wish->kind);
    (void)snprintf(w->source.target, sizeof(w->source.target), "%s",
                   wish->target != NULL ? wish->target : "");
    w->source.enabled = true;
    made->name = w->source.name;
    return journal_source(w, who, &made->seq, e);
}

static int
sources_change(void *arg, const struct server_person *who,
               const struct server_source_change *change, struct server_source_made *made,
               struct err *e)
{
    struct world *w = arg;

    if (strcmp(change->name, w->source.name) != 0)
        return err_set(e, ERR_MISSING, "there is no source '%s'", change->name);
    if (change->target != NULL)
        (void)snprintf(w->source.target, sizeof(w->source.target), "%s", change->target);
    if (change->enabled != NULL)
        w->source.enabled = *change->enabled;
    made->name = w->source.name;
    return journal_source(w, who, &made->seq, e);
}

static int
sources_send(void *arg, const char *name, struct str text, struct str reply_to,
             struct err *e)
{
    struct world *w = arg;

    (void)reply_to;
    if (strcmp(name, w->source.name) != 0)
        return err_set(e, ERR_MISSING, "there is no source '%s'", name);
    (void)snprintf(w->sent, sizeof(w->sent), "%.*s", STR_ARG(text));
    return 0;
}

static int
sources_push(void *arg, struct str name, const struct message *m, uint64_t *seq,
             struct err *e)
{
    struct world *w = arg;

    if (w->push_full > 0 && --w->push_full == 0)
        return err_set(e, ERR_LIMIT, "the disk is slower than the chat");
    return stream_message(w->stream, name, m, seq, e);
}

static int
sources_hook(void *arg, struct str name, const struct source_hook *h, struct err *e)
{
    struct world *w = arg;

    if (!str_eq(name, STR_LIT("insta")))
        return err_set(e, ERR_MISSING, "nobody");
    (void)snprintf(w->hook, sizeof(w->hook), "%s%.*s|%.*s|%.*s|%.*s", h->asks ? "?" : "",
                   STR_ARG(h->asks ? h->token : h->body),
                   STR_ARG(h->asks ? h->mode : h->hmac), STR_ARG(h->rsa), STR_ARG(h->id));
    return w->hook_fault != ERR_NONE ? err_set(e, w->hook_fault, "secret words") : 0;
}

static int
ready(void *arg, struct err *e)
{
    return ((struct world *)arg)->not_ready ? err_set(e, ERR_IO, "the disk is gone") : 0;
}

static size_t
warnings(void *arg, struct server_warning *out, size_t cap)
{
    (void)arg;
    assert_true(cap > 0);
    out->code = "disk";
    (void)snprintf(out->text, sizeof(out->text), "nearly full");
    return 1;
}

static const struct workdays_terms terms = {.answer_days = 15, .forward_days = 3};

static void
open_stream(struct world *w)
{
    char path[96];
    struct err e = ERR_INIT;
    (void)snprintf(path, sizeof(path), "%s/suraq.db", w->dir);
    struct journal_conf jc = {.path = path};
    struct stream_conf sc = {.journal = journal_sqlite_open(&jc, &e),
                             .filters = make_rulebook,
                             .clock = &w->clock,
                             .post = {post, w},
                             .failed = journal_failed,
                             .terms = &terms,
                             .first_lang = "kk"};

    assert_non_null(sc.journal);
    w->stream = stream_open(&sc, &e);
    if (w->stream == NULL)
        fail_msg("%s", e.msg);
}

void
world_begin(struct world *w, void (*change)(struct server_conf *conf))
{
    static const char *const languages[] = {"kk", "ru"};
    static char accounts[96], journal[96];
    struct err e = ERR_INIT;

    *w = (struct world){.wall_ms = 1800000000000, .mono_ms = 1000000};
    w->clock = (struct clock){fake_wall, fake_mono, w};
    strcpy(w->dir, "/tmp/suraq-serve-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->loop = loop_new(&e);
    assert_non_null(w->loop);
    w->worker = worker_new(loop_mailbox(w->loop), 1, 64, &e);
    open_stream(w);
    (void)snprintf(accounts, sizeof(accounts), "%s/accounts.db", w->dir);
    (void)snprintf(journal, sizeof(journal), "%s/suraq.db", w->dir);
    w->archive = archive_open(journal, stream_durable(w->stream), &e);
    assert_non_null(w->archive);
    w->conf = (struct server_conf){
        .listen = "127.0.0.1:0",
        .stream_id = "test",
        .title_kk = "Сынақ",
        .timezone = "Asia/Almaty",
        .languages = languages,
        .n_languages = 2,
        .accounts_path = accounts,
        .journal_path = journal,
        .loop = w->loop,
        .worker = w->worker,
        .stream = w->stream,
        .archive = w->archive,
        .terms = &terms,
        .clock = &w->clock,
        .sources = {sources_count, sources_get, sources_add, sources_change, sources_send,
                    sources_push, sources_hook, NULL, w},
        .health = {ready, warnings, NULL, NULL, w},
    };
    if (change != NULL)
        change(&w->conf);
    w->server = server_open(&w->conf, &e);
    if (w->server == NULL)
        fail_msg("%s", e.msg);
    w->accounts = accounts_open(accounts, &w->clock, &e);
    assert_non_null(w->accounts);
    on_tick(w);
}

void
world_end(struct world *w)
{
    char command[128];
    int64_t end = now_ms() + DEADLINE_MS;

    world_release(w);
    server_close(w->server);
    while (!server_is_closed(w->server) && now_ms() < end)
        world_turn(w);
    assert_true(server_is_closed(w->server));
    worker_free(&w->worker);
    stream_close(&w->stream);
    archive_close(&w->archive);
    while (mailbox_count(loop_mailbox(w->loop)) > 0)
        world_turn(w);
    loop_free(&w->loop);
    server_free(&w->server);
    accounts_close(&w->accounts);
    (void)snprintf(command, sizeof(command), "rm -rf %s", w->dir);
    if (system(command) != 0) // NOLINT(cert-env33-c): a path of our own
        print_error("left behind: %s\n", w->dir);
}

void
world_user(struct world *w, const char *name, enum role role)
{
    static char hash[crypto_pwhash_STRBYTES];
    struct err e = ERR_INIT;

    if (hash[0] == '\0' && password_hash(STR_LIT(WORLD_PASSWORD), hash, &e) < 0)
        fail_msg("%s", e.msg);
    if (accounts_add(w->accounts, str_from(name), role, hash, &e) < 0)
        fail_msg("%s", e.msg);
}

const char *
world_token(struct world *w, enum role role, const char *name)
{
    static struct account_made made;
    struct err e = ERR_INIT;

    if (accounts_add_token(w->accounts, role, str_from(name), &made, &e) < 0)
        fail_msg("%s", e.msg);
    return made.secret;
}

uint64_t
world_say(struct world *w, const char *source, const char *id, const char *author,
          const char *text)
{
    struct message m = {.kind = MESSAGE_CHAT,
                        .id = str_from(id),
                        .author_id = str_from(author),
                        .author_name = str_from(author),
                        .text = str_from(text),
                        .received_ms = w->wall_ms};
    uint64_t seq = 0;
    struct err e = ERR_INIT;

    if (stream_message(w->stream, str_from(source), &m, &seq, &e) < 0)
        fail_msg("%s", e.msg);
    return seq;
}

/* --- the client */

void
peer_open(struct peer *p, struct world *w)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server_port(w->server)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};

    *p = (struct peer){.world = w, .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(connect(p->fd, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_true(fcntl(p->fd, F_SETFL, O_NONBLOCK) >= 0);
}

void
peer_fini(struct peer *p)
{
    close(p->fd);
    buf_fini(&p->in);
}

static void
take_in(struct peer *p)
{
    char room[16384];
    ssize_t n = recv(p->fd, room, sizeof(room), 0);

    if (n > 0)
        buf_add(&p->in, room, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        p->closed = true;
}

void
peer_send(struct peer *p, const void *data, size_t len)
{
    const char *from = data;
    int64_t end = now_ms() + DEADLINE_MS;

    while (len > 0 && now_ms() < end && !p->closed) {
        ssize_t n = send(p->fd, from, len, MSG_NOSIGNAL);
        if (n > 0) {
            from += n;
            len -= (size_t)n;
        } else if (errno != EAGAIN) {
            p->closed = true;
        } else {
            world_turn(p->world);
            take_in(p);
        }
    }
}

void
peer_text(struct peer *p, const char *text)
{
    peer_send(p, text, strlen(text));
}

static bool
has_text(const struct peer *p, const char *text)
{
    return p->in.len > 0 && memmem(p->in.data, p->in.len, text, strlen(text)) != NULL;
}

bool
peer_wait(struct peer *p, const char *text)
{
    int64_t end = now_ms() + DEADLINE_MS;

    while (now_ms() < end) {
        if (text != NULL && has_text(p, text))
            return true;
        if (p->closed)
            return text == NULL;
        world_turn(p->world);
        take_in(p);
    }
    return false;
}

/* Cuts `len` bytes off what came in. */
static void
cut(struct peer *p, size_t len, struct buf *out)
{
    struct buf rest = BUF_INIT;

    buf_add(out, p->in.data, len);
    buf_add(&rest, p->in.data + len, p->in.len - len);
    buf_fini(&p->in);
    p->in = rest;
}

static size_t
content_length(const char *head)
{
    const char *at = strcasestr(head, "\r\ncontent-length:");

    return at == NULL ? 0 : strtoul(at + 17, NULL, 10);
}

void
peer_answer(struct peer *p, struct answer *a, bool is_head)
{
    *a = (struct answer){.status = 0};
    if (!peer_wait(p, "\r\n\r\n"))
        return;
    const char *end = memmem(p->in.data, p->in.len, "\r\n\r\n", 4);
    cut(p, (size_t)(end - p->in.data) + 4, &a->head);
    a->status = (int)strtol(a->head.data + 9, NULL, 10);
    size_t len = is_head ? 0 : content_length(a->head.data);
    int64_t until = now_ms() + DEADLINE_MS;
    while (p->in.len < len && !p->closed && now_ms() < until) {
        world_turn(p->world);
        take_in(p);
    }
    assert_true(p->in.len >= len);
    if (len > 0)
        cut(p, len, &a->body);
}

void
answer_fini(struct answer *a)
{
    buf_fini(&a->head);
    buf_fini(&a->body);
}

bool
answer_has(const struct answer *a, const char *header)
{
    return a->head.data != NULL && strcasestr(a->head.data, header) != NULL;
}

static void
keep_cookie(struct peer *p, const struct answer *a)
{
    const char *at = strcasestr(a->head.data, "\r\nset-cookie: ");

    if (at == NULL)
        return;
    at += 14;
    size_t len = strcspn(at, ";\r");
    assert_true(len < sizeof(p->cookie));
    memcpy(p->cookie, at, len);
    p->cookie[len] = '\0';
}

int
peer_ask(struct peer *p, const char *method, const char *path, const char *body,
         char **out)
{
    struct buf text = BUF_INIT;
    struct answer a;

    buf_addf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path);
    if (p->cookie[0] != '\0')
        buf_addf(&text, "%s: %s\r\n",
                 strchr(p->cookie, ' ') != NULL ? "Authorization" : "Cookie", p->cookie);
    if (body != NULL)
        buf_addf(&text, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                 strlen(body));
    buf_addf(&text, "\r\n%s", body != NULL ? body : "");
    peer_send(p, text.data, text.len);
    buf_fini(&text);
    peer_answer(p, &a, strcmp(method, "HEAD") == 0);
    int status = a.status;
    if (status != 0)
        keep_cookie(p, &a);
    if (out != NULL)
        *out = a.body.len > 0 ? buf_steal(&a.body) : mem_strdup("");
    answer_fini(&a);
    return status;
}

void
peer_sign_in(struct peer *p, const char *user)
{
    char body[128];

    (void)snprintf(body, sizeof(body),
                   "{\"user\":\"%s\",\"password\":\"" WORLD_PASSWORD "\"}", user);
    assert_int_equal(peer_ask(p, "POST", "/api/v1/session", body, NULL), 200);
}

bool
peer_live(struct peer *p, const char *path, const char *extra)
{
    struct buf text = BUF_INIT;
    struct answer a;

    buf_addf(
        &text,
        "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        path);
    if (p->cookie[0] != '\0')
        buf_addf(&text, "Cookie: %s\r\n", p->cookie);
    buf_addf(&text, "%s\r\n",
             extra != NULL ? extra : "Sec-WebSocket-Protocol: suraq.v1\r\n");
    peer_send(p, text.data, text.len);
    buf_fini(&text);
    peer_answer(p, &a, false);
    int status = a.status;
    answer_fini(&a);
    return status == 101;
}

/* One frame: opcode and payload; false when it is not all there. */
static bool
next_frame(struct peer *p, int *head, struct buf *payload)
{
    const uint8_t *b = (const uint8_t *)p->in.data;
    size_t at = 2;

    if (p->in.len < 2)
        return false;
    uint64_t len = b[1] & 0x7f;
    size_t more = len == 126 ? 2 : len == 127 ? 8 : 0;
    if (p->in.len < at + more)
        return false;
    for (size_t i = 0; i < more; i++)
        len = (i == 0 ? 0 : len << 8) | b[at + i];
    at += more;
    if (p->in.len < at + len)
        return false;
    *head = b[0];
    struct buf frame = BUF_INIT;
    cut(p, at + len, &frame);
    buf_add(payload, frame.data + at, len);
    buf_fini(&frame);
    return true;
}

char *
peer_message(struct peer *p, int *code)
{
    struct buf payload = BUF_INIT;
    int64_t end = now_ms() + DEADLINE_MS;
    int head = 0;

    *code = 0;
    while (now_ms() < end) {
        size_t before = payload.len;
        if (!next_frame(p, &head, &payload)) {
            if (p->closed)
                break;
            world_turn(p->world);
            take_in(p);
        } else if ((head & 15) == 8) {
            if (payload.len - before >= 2)
                *code = (uint8_t)payload.data[before] << 8 |
                        (uint8_t)payload.data[before + 1];
            break;
        } else if ((head & 15) > 8) {
            buf_truncate(&payload, before);
        } else if ((head & 0x80) != 0) {
            return payload.len > 0 ? buf_steal(&payload) : mem_strdup("");
        }
    }
    buf_fini(&payload);
    return NULL;
}

char *
peer_message_with(struct peer *p, const char *text)
{
    int code;

    for (;;) {
        char *got = peer_message(p, &code);
        if (got == NULL)
            fail_msg("closed with %d while waiting for %s", code, text);
        if (strstr(got, text) != NULL)
            return got;
        mem_free(got);
    }
}

void
peer_say(struct peer *p, const char *text)
{
    size_t len = strlen(text);
    struct buf frame = BUF_INIT;
    const uint8_t mask[4] = {1, 2, 3, 4};

    buf_add_char(&frame, (char)0x81);
    if (len < 126) {
        buf_add_char(&frame, (char)(0x80 | len));
    } else {
        buf_add_char(&frame, (char)(0x80 | 126));
        buf_add_char(&frame, (char)(len >> 8));
        buf_add_char(&frame, (char)(len & 255));
    }
    buf_add(&frame, mask, 4);
    for (size_t i = 0; i < len; i++)
        buf_add_char(&frame, (char)(text[i] ^ mask[i & 3]));
    peer_send(p, frame.data, frame.len);
    buf_fini(&frame);
}
