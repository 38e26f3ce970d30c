/* SPDX-License-Identifier: Apache-2.0 */
/* front.c - the path that a request takes.
 *
 * begin: everything that can be said from the head alone, in this order: is it meant for
 * us (Host), is it well formed, is it our own page that asks (Origin), does it exist, may
 * this person. body: within its limit. finish: the handler fills the answer. An answer
 * that shows state carries the number of the newest event in it and is held until the
 * journal has that event, so nobody ever sees what a power cut could undo.
 *
 * A refused request's body is still read and thrown away when it is small: an answer sent
 * while the other side is writing is easily lost. */
#include "serve/front.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "queue/archive.h"
#include "serve/bulk.h"
#include "serve/pages.h"
#include "serve/state.h"

enum { SETUP_MS = 5000 }; /* between two looks at the checklist */

static void
write_state(void *arg, enum view v, const struct identity *who, struct buf *out)
{
    state_write(arg, v, who, out);
}

static void
write_status(void *arg, enum view v, struct buf *out)
{
    state_status(arg, v, out);
}

static bool
write_source(void *arg, struct str name, struct buf *out)
{
    return state_source(arg, name, out);
}

int
front_init(struct front *f, const struct server_conf *conf, struct err *e)
{
    struct auth_conf times = {.idle_ms = conf->session_idle_ms,
                              .absolute_ms = conf->session_absolute_ms};

    *f = (struct front){.conf = *conf};
    list_init(&f->held);
    f->tls = conf->tls_cert != NULL;
    f->proxies = peer_networks_new(conf->trusted_proxies, conf->n_trusted_proxies, e);
    if (f->proxies == NULL)
        return -1;
    f->accounts = accounts_open(conf->accounts_path, conf->clock, e);
    if (f->accounts == NULL) {
        front_fini(f);
        return -1;
    }
    f->auth = auth_new(f->accounts, conf->clock, &times);
    tally_init(&f->tally, stream_queue(conf->stream));
    f->rehearsing = queue_rehearses(stream_queue(conf->stream));
    f->archive_stale = journal_is_erasing(stream_journal(conf->stream));
    f->hits = hits_new();
    f->gate = hook_gate_new();
    f->metrics.started_ms = clock_wall_ms(conf->clock);
    struct live_conf live = {
        .loop = conf->loop,
        .clock = conf->clock,
        .queue = stream_queue(conf->stream),
        .tally = &f->tally,
        .auth = f->auth,
        .state = write_state,
        .status = write_status,
        .source = write_source,
        .arg = f,
    };
    f->live = live_new(&live, stream_durable(conf->stream));
    return 0;
}

void
front_listens(struct front *f, const char *host, int port)
{
    struct buf url = BUF_INIT;
    bool loopback = strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
                    strcmp(host, "::1") == 0;
    bool https =
        f->conf.public_url != NULL && strncmp(f->conf.public_url, "https:", 6) == 0;
    struct str cut = utf8_prefix(str_from(host), sizeof(f->listen_host) - 1);

    f->unix_socket = port == 0;
    memcpy(f->listen_host, cut.p, cut.len);
    f->warn_no_tls = !f->tls && !loopback && !f->unix_socket && !https;
    if (f->unix_socket)
        buf_addf(&url, "unix:%s", host);
    else
        buf_addf(&url, strchr(host, ':') != NULL ? "%s://[%s]:%d" : "%s://%s:%d",
                 f->tls ? "https" : "http", host, port);
    cut = utf8_prefix(buf_str(&url), sizeof(f->url) - 1);
    memcpy(f->url, cut.p, cut.len);
    buf_fini(&url);
}

void
front_fini(struct front *f)
{
    live_free(&f->live);
    tally_fini(&f->tally);
    hits_free(&f->hits);
    hook_gate_free(&f->gate);
    if (f->auth != NULL)
        auth_free(&f->auth);
    accounts_close(&f->accounts);
    peer_networks_free(&f->proxies);
}

struct exchange *
exchange_new(void (*wake)(void *arg), void *arg)
{
    struct exchange *x = mem_zalloc(sizeof(*x));

    x->wake = wake;
    x->arg = arg;
    list_init(&x->node);
    return x;
}

static void
exchange_free(struct exchange *x)
{
    list_remove(&x->node);
    http_request_fini(&x->req);
    http_response_fini(&x->res);
    for (int i = 0; i < ROUTE_PARAMS; i++)
        buf_fini(&x->param[i]);
    json_decref(x->body);
    bulk_free(&x->bulk);
    mem_free(x);
}

void
exchange_close(struct exchange **xp)
{
    struct exchange *x = *xp;

    if (x == NULL)
        return;
    *xp = NULL;
    if (x->pending)
        x->abandoned = true;
    else
        exchange_free(x);
}

static struct str
public_host(const struct front *f)
{
    struct str rest = str_from(f->conf.public_url);
    const char *slashes = rest.len == 0 ? NULL : strstr(rest.p, "://");
    struct str host;

    if (slashes == NULL)
        return STR_NONE;
    rest = str_from(slashes + 3);
    return str_split(&rest, '/', &host) ? host : STR_NONE;
}

/* A page of another site whose name was made to point at us (DNS rebinding) sends that
 * name. */
static bool
is_our_host(const struct front *f, const struct http_request *r, bool proxied)
{
    struct str host = http_request_field(r, HTTP_HOST);
    struct str name = http_host_name(host);

    return proxied || peer_is_address(name) ||
           str_eq_ascii_nocase(name, STR_LIT("localhost")) ||
           str_eq_ascii_nocase(name, str_from(f->listen_host)) ||
           (host.len > 0 &&
            str_eq_ascii_nocase(http_host_core(host), http_host_core(public_host(f))));
}

static bool
is_our_page(const struct front *f, const struct http_request *r)
{
    struct str origin = http_request_field(r, HTTP_ORIGIN);
    struct str site = http_request_field(r, HTTP_SEC_FETCH_SITE);

    if (site.len > 0 && !str_eq(site, STR_LIT("same-origin")) &&
        !str_eq(site, STR_LIT("none")))
        return false;
    return origin.len == 0 ||
           http_same_origin(origin, http_request_field(r, HTTP_HOST), r->secure) ||
           http_same_origin(origin, public_host(f), r->secure);
}

/* What a trusted proxy says of the client. True when one stands between. */
static bool
look_behind_proxy(const struct front *f, struct http_request *r)
{
    if (!f->unix_socket && !peer_is_in(f->proxies, str_from(r->address)))
        return false;
    peer_forwarded(f->proxies, http_request_field(r, HTTP_FORWARDED_FOR), r->address,
                   sizeof(r->address));
    if (str_eq_ascii_nocase(http_request_field(r, HTTP_FORWARDED_PROTO),
                            STR_LIT("https")))
        r->secure = true;
    return true;
}

static uint64_t
content_length(const struct http_request *r, bool *bad)
{
    struct err e = ERR_INIT;
    uint64_t len = 0;

    *bad =
        r->field[HTTP_CONTENT_LENGTH] != NULL &&
        str_to_u64(http_request_field(r, HTTP_CONTENT_LENGTH), INT64_MAX, &len, &e) < 0;
    return len;
}

/* Framing: a body that cannot be read through makes the connection useless. */
static bool
check_framing(struct exchange *x, uint64_t *len)
{
    const struct http_request *r = &x->req;
    bool bad;

    *len = content_length(r, &bad);
    x->res.close =
        bad || r->field[HTTP_TRANSFER_ENCODING] != NULL || *len > BOUNDS_BODY_INTAKE;
    if (r->field[HTTP_TRANSFER_ENCODING] != NULL)
        http_problem(&x->res, 411, "length_required", "send Content-Length, not chunks");
    else if (bad)
        http_problem(&x->res, 400, "bad_request", "Content-Length is not a number");
    else if (*len > BOUNDS_BODY_INTAKE)
        http_problem(&x->res, 413, "too_large", "a body has at most %d bytes",
                     BOUNDS_BODY_INTAKE);
    else if (r->method == HTTP_GET && *len > 0)
        http_problem(&x->res, 400, "bad_request", "a GET has no body");
    else if (r->field[HTTP_CONTENT_LENGTH] == NULL &&
             (r->method == HTTP_POST || r->method == HTTP_PUT ||
              r->method == HTTP_PATCH)) {
        x->res.close = true;
        http_problem(&x->res, 411, "length_required", "send Content-Length (0: no body)");
    }
    return x->res.status == 0;
}

static bool
check_request(struct front *f, struct exchange *x, uint64_t *len)
{
    struct http_request *r = &x->req;
    bool proxied = look_behind_proxy(f, r);

    if (!check_framing(x, len))
        return false;
    if (!http_path_is_good(str_from(r->path)))
        http_problem(&x->res, 400, "bad_request", "the path is malformed");
    else if (!is_our_host(f, r, proxied))
        http_problem(
            &x->res, 421, "misdirected",
            "this is not the host asked for; public_url in the settings names it");
    else if (r->method != HTTP_GET && !is_our_page(f, r))
        http_problem(&x->res, 403, "forbidden", "a page of another site asked for this");
    else if (f->closing)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    return x->res.status == 0;
}

/* Which row, and may this person? */
static void
check_route(struct front *f, struct exchange *x)
{
    struct str params[ROUTE_PARAMS] = {STR_NONE, STR_NONE};
    char allow[ROUTE_ALLOW];

    switch (routes_find(x->req.method, str_from(x->req.path), &x->route, params, allow)) {
    case ROUTE_NO_PATH:
        if (x->req.method == HTTP_GET && pages_serve(x))
            return;
        http_problem(&x->res, 404, "not_found", "there is nothing here");
        return;
    case ROUTE_NO_METHOD:
        http_problem(&x->res, 405, "bad_request", "this path takes %s", allow);
        http_header(&x->res, "allow:", "%s", allow);
        return;
    case ROUTE_FOUND:
        break;
    }
    for (int i = 0; i < ROUTE_PARAMS; i++)
        buf_add_str(&x->param[i], params[i]);
    x->signed_in = auth_identify(f->auth, &x->req, STR_NONE, &x->who);
    if (x->route->roles == ROUTE_ANYBODY)
        return;
    if (!x->signed_in)
        http_problem(&x->res, 401, "unauthorized", "sign in first");
    else if ((x->route->roles & ROUTE_ROLE(x->who.role)) == 0)
        http_problem(&x->res, 403, "forbidden", "the role %s may not do this",
                     role_name(x->who.role));
}

bool
exchange_has_type(const struct exchange *x, const char *wanted)
{
    struct str rest = http_request_field(&x->req, HTTP_CONTENT_TYPE), type;

    return str_split(&rest, ';', &type) &&
           str_eq_ascii_nocase(str_trim(type), str_from(wanted));
}

static size_t
body_max(const struct exchange *x)
{
    bool large = x->route->body == BODY_LARGE || x->route->body == BODY_TABLE;

    if (x->route->body == BODY_RAW)
        return BOUNDS_BODY_HOOK;
    return large ? BOUNDS_BODY_LARGE : BOUNDS_BODY;
}

static void
check_body(struct exchange *x, uint64_t len)
{
    switch (x->route->body) {
    case BODY_NONE:
        if (len > 0)
            http_problem(&x->res, 400, "bad_request", "this takes no body");
        return;
    case BODY_RAW:
    case BODY_JSON:
    case BODY_LARGE:
        if (len > body_max(x))
            http_problem(&x->res, 413, "too_large", "a body has at most %zu bytes here",
                         body_max(x));
        else if (x->route->body != BODY_RAW && len > 0 &&
                 !exchange_has_type(x, "application/json"))
            http_problem(&x->res, 415, "bad_request",
                         "send Content-Type: application/json");
        return;
    case BODY_TABLE:
        if (len > body_max(x))
            http_problem(&x->res, 413, "too_large", "a body has at most %zu bytes here",
                         body_max(x));
        else if (!exchange_has_type(x, "text/csv") && !exchange_has_type(x, "text/plain"))
            http_problem(&x->res, 415, "bad_request",
                         "send Content-Type: text/csv or text/plain");
        return;
    case BODY_LINES:
        if (!exchange_has_type(x, "application/x-ndjson") &&
            !exchange_has_type(x, "application/json"))
            http_problem(&x->res, 415, "bad_request",
                         "send Content-Type: application/x-ndjson");
        return;
    }
}

bool
front_begin(struct front *f, struct exchange *x)
{
    uint64_t len;
    bool readable = check_request(f, x, &len) || !x->res.close;

    if (x->res.status == 0)
        check_route(f, x);
    if (x->res.status == 0 && x->route != NULL)
        check_body(x, len);
    if (x->res.status == 0 && x->route != NULL && x->route->body == BODY_LINES)
        x->bulk = bulk_new(f, x);
    if (readable && len > 0)
        return true;
    front_finish(f, x);
    return false;
}

bool
front_body(struct front *f, struct exchange *x, struct str piece)
{
    if (x->res.status != 0)
        return true; /* refused already: read on, keep nothing */
    if (x->bulk != NULL) {
        bulk_piece(x->bulk, f, piece);
    } else if (x->req.body.len + piece.len > body_max(x)) {
        http_problem(&x->res, 413, "too_large", "a body has at most %zu bytes here",
                     body_max(x));
        x->res.close = true;
        front_answered(f, x);
        return false;
    } else {
        buf_add_str(&x->req.body, piece);
    }
    return true;
}

void
front_finish(struct front *f, struct exchange *x)
{
    struct err e = ERR_INIT;

    assert(x->route != NULL || x->res.status != 0); /* no route is answered with 404 */
    if (x->res.status == 0 &&
        (x->route->body == BODY_JSON || x->route->body == BODY_LARGE)) {
        x->body = http_json_body(buf_str(&x->req.body), &e);
        if (x->body == NULL)
            http_problem_err(&x->res, &e);
    }
    if (x->res.status == 0)
        x->route->handler(f, x);
    if (!x->pending)
        front_answered(f, x);
}

void
front_answered(struct front *f, struct exchange *x)
{
    x->pending = false;
    f->metrics.requests++;
    if (x->res.status >= 400)
        f->metrics.problems++;
    if (x->abandoned) {
        exchange_free(x);
        return;
    }
    if (x->res.hold > stream_durable(f->conf.stream)) {
        list_add_tail(&f->held, &x->node);
        return;
    }
    x->ready = true;
    x->wake(x->arg);
}

/* A rehearsal began or ended: at the end another state is in its place. */
static void
change_state(struct front *f)
{
    const struct queue *q = stream_queue(f->conf.stream);

    f->rehearsing = queue_rehearses(q);
    f->archive_stale = !f->rehearsing;
    tally_fini(&f->tally);
    tally_init(&f->tally, q);
    live_reset(f->live);
}

void
front_applied(void *front, const struct event *ev)
{
    struct front *f = front;
    bool changed = tally_update(&f->tally, stream_queue(f->conf.stream));

    if (stream_verdict(f->conf.stream) != NULL)
        hits_count(f->hits, stream_verdict(f->conf.stream), clock_wall_ms(f->conf.clock));
    metrics_event(&f->metrics, ev, clock_mono_ms(f->conf.clock));
    if (f->rehearsing == queue_rehearses(stream_queue(f->conf.stream)))
        live_applied(f->live, ev, changed);
    else
        change_state(f);
}

void
front_durable(void *front, uint64_t seq)
{
    struct front *f = front;

    metrics_durable(&f->metrics, seq, queue_seq(stream_queue(f->conf.stream)),
                    clock_mono_ms(f->conf.clock));
    f->metrics.durable_ms = clock_wall_ms(f->conf.clock);
    live_durable(f->live, seq);
    if (f->conf.archive != NULL)
        archive_advance(f->conf.archive, seq);
    LIST_FOREACH (node, &f->held) {
        struct exchange *x = LIST_ENTRY(node, struct exchange, node);
        if (x->res.hold > seq)
            continue;
        list_remove(node);
        x->ready = true;
        x->wake(x->arg);
    }
}

/* Consoles show how many checks fail; nobody looks: nobody counts. */
static void
check_setup(struct front *f)
{
    int64_t now = clock_mono_ms(f->conf.clock);
    struct buf unused = BUF_INIT;

    if (live_clients(f->live, VIEW_STAFF) == 0 || now < f->setup_ms + SETUP_MS)
        return;
    f->setup_ms = now;
    setup_write(f, &f->setup, &unused);
    buf_fini(&unused);
}

/* What a rehearsal left is gone from the journal: now from the index, too. */
static void
renew_archive(struct front *f)
{
    if (!f->archive_stale || journal_is_erasing(stream_journal(f->conf.stream)))
        return;
    f->archive_stale = false;
    if (f->conf.archive != NULL)
        archive_renew(f->conf.archive);
}

void
front_tick(struct front *f)
{
    renew_archive(f);
    auth_tick(f->auth);
    live_check(f->live);
    stream_auto_queue(f->conf.stream);
    check_setup(f);
}

int
front_may_live(struct front *f, struct http_request *r, struct str subprotocols,
               struct identity *who)
{
    struct buf key = BUF_INIT;
    enum view v;
    bool proxied = look_behind_proxy(f, r);

    if (!is_our_host(f, r, proxied))
        return 421;
    if (strcmp(r->path, "/live") != 0)
        return 404;
    if (!http_accepts(subprotocols, "suraq.v1"))
        return 400;
    if (!is_our_page(f, r))
        return 403;
    if (f->closing)
        return 503;
    (void)http_query(r->query, "key", &key);
    bool known = auth_identify(f->auth, r, buf_str(&key), who);
    buf_fini(&key);
    if (!known)
        return 401;
    return view_of_role(who->role, &v) ? 0 : 403;
}
