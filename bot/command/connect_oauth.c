/* SPDX-License-Identifier: Apache-2.0 */
/* connect_oauth.c - signing in at a platform that knows OAuth 2: with a code that is
 * typed in on any phone, or with a browser that comes back to this machine. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "command/ask.h"
#include "command/connect.h"
#include "command/loopback.h"
#include "loop/loop.h"
#include "source/device_flow.h"
#include "source/source_parts.h"
#include "source/token.h"

enum { BROWSER_MS = 10 * 60 * 1000, ANSWER_MS = 30000 };

static void
say_waiting(const struct connect_words *w, int64_t seconds)
{
    struct buf minutes = BUF_INIT;
    buf_add_i64(&minutes, (seconds + 59) / 60);
    connect_say(w->waiting, buf_str(&minutes));
    (void)fflush(stdout);
    buf_fini(&minutes);
}

/* --- a code */

struct device {
    const struct connect *c;
    struct loop *loop;
    struct err err;
};

static void
show_code(void *arg, const struct device_code *code)
{
    const struct device *d = arg;
    const struct connect_words *w = d->c->words;
    (void)printf("%s\n", w->open);
    connect_say("\n    %s\n", code->url);
    (void)printf("%s\n", w->type);
    connect_say("\n    %s\n", code->user_code);
    say_waiting(w, code->expires_s);
}

static void
signed_in(void *arg, const struct err *e)
{
    struct device *d = arg;
    if (e != NULL)
        d->err = *e;
    loop_stop(d->loop, 1);
}

static int
follow(struct device *d, struct err *e)
{
    const struct settings_source *of = d->c->of;
    struct device_conf conf = {.platform = device_platform_of(of->kind),
                               .client_id = of->client_id,
                               .client_secret = d->c->client_secret,
                               .token_file = of->token_file,
                               .ca_file = of->ca_file,
                               .proxy = of->proxy};
    struct device_events on = {.code = show_code, .done = signed_in, .arg = d};
    struct fetcher *f = fetcher_new(loop_mailbox(d->loop), e);
    if (f == NULL)
        return -1;
    struct device_flow *flow = device_flow_start(d->loop, f, &conf, &on, e);
    if (flow != NULL && loop_run(d->loop) == 0)
        (void)err_set(&d->err, ERR_BAD_STATE, "it was stopped");
    bool begun = flow != NULL;
    device_flow_free(&flow);
    fetcher_free(&f);
    if (begun && d->err.code != ERR_NONE)
        *e = d->err;
    return begun && d->err.code == ERR_NONE ? 0 : -1;
}

int
connect_device(const struct connect *c, struct err *e)
{
    struct device d = {.c = c, .loop = loop_new(e)};
    if (d.loop == NULL)
        return -1;
    int ret = loop_signals(d.loop, &(struct loop_handlers){0}, e);
    if (ret == 0)
        ret = follow(&d, e);
    loop_free(&d.loop);
    return ret;
}

/* --- a browser */

static int
keep(const struct connect *c, const struct ask_answer *a, struct err *e)
{
    struct token token = TOKEN_INIT;
    struct str body = buf_str(&a->body);
    int ret = 0;
    if (a->status < 200 || a->status > 299)
        ret = err_set(e, ERR_VALUE,
                      "the platform gives no token (HTTP %d): are 'client_id' and "
                      "'client_secret_file' right?",
                      a->status);
    if (ret == 0)
        ret = token_take(body, clock_wall_ms(clock_system()), &token, e);
    if (ret == 0)
        ret = token_save(c->of->token_file, &token, e);
    token_fini(&token);
    return ret;
}

/* A code becomes a token. */
static int
trade(const struct connect *c, const struct code_flow *flow, const struct buf *code,
      struct err *e)
{
    struct buf form = BUF_INIT, who = BUF_INIT;
    struct ask_answer answer;
    const char *headers[2] = {"Content-Type: application/x-www-form-urlencoded"};
    code_flow_form(flow, buf_str(code), c->of->client_id, c->client_secret, &form);
    code_flow_header(flow, c->of->client_id, c->client_secret, &who);
    headers[1] = who.data;
    struct fetch_request r = {.url = flow->platform->token_url,
                              .headers = headers,
                              .n_headers = who.len > 0 ? 2 : 1,
                              .body = buf_str(&form),
                              .ca_file = c->of->ca_file,
                              .proxy = c->of->proxy,
                              .total_ms = ANSWER_MS};
    int ret = ask_http(&r, &answer, e);
    if (ret == 0)
        ret = keep(c, &answer, e);
    explicit_bzero(form.data, form.cap);
    if (answer.body.data != NULL)
        explicit_bzero(answer.body.data, answer.body.cap);
    buf_fini(&form);
    buf_fini(&who);
    buf_fini(&answer.body);
    return ret;
}

static void
show_address(const struct connect *c, const struct code_flow *flow)
{
    struct buf url = BUF_INIT;
    code_flow_url(flow, c->of->client_id, &url);
    connect_say(c->words->redirect, str_from(flow->redirect));
    (void)printf("%s\n", c->words->browser);
    connect_say("\n    %s\n", buf_str(&url));
    (void)printf("%s\n", c->words->elsewhere);
    say_waiting(c->words, BROWSER_MS / 1000);
    buf_fini(&url);
}

int
connect_browser(const struct connect *c, struct err *e)
{
    struct code_flow flow;
    struct buf code = BUF_INIT;
    unsigned port = c->port;
    const struct code_platform *p = code_platform_of(c->of->kind);
    if (p == NULL)
        return err_set(e, ERR_VALUE, "there is no sign-in with a browser");
    if (c->of->client_id == NULL)
        return err_set(e, ERR_VALUE, "'client_id' is missing");
    int fd = loopback_open(&port, e);
    if (fd < 0)
        return -1;
    code_flow_begin(&flow, p, port);
    show_address(c, &flow);
    struct loopback l = {
        .fd = fd, .flow = &flow, .words = c->words->back, .deadline_ms = BROWSER_MS};
    int ret = loopback_wait(&l, &code, e);
    close(fd);
    if (ret == 0)
        ret = trade(c, &flow, &code, e);
    explicit_bzero(&flow, sizeof(flow));
    buf_fini(&code);
    return ret;
}
