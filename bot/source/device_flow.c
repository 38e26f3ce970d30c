/* SPDX-License-Identifier: Apache-2.0 */
/* device_flow.c - the OAuth 2 device grant (RFC 8628).
 *
 * Two steps: ask for a pair of codes, then ask for the token again and again until the
 * person has typed the short one in elsewhere. "slow_down" makes the interval five
 * seconds longer, no answer at all doubles it (section 3.5); the platform's own limit
 * ends it. Twitch answers with "message" where the standard has "error", and Google with
 * 428 and "verification_url": what a status means is read from the words alone. Nothing
 * that is secret (the long code, the token) leaves by an event. */
#include "source/device_flow.h"

#include "base/bounds.h"
#include "base/clock.h"
#include "base/mem.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "source/json.h"
#include "source/token.h"

#define GRANT "urn:ietf:params:oauth:grant-type:device_code"
#define FORM  "Content-Type: application/x-www-form-urlencoded"

enum {
    INTERVAL_S = 5,  /* when the platform names none */
    SLOWER_S = 5,    /* more after "slow_down" */
    SLOWEST_S = 60,  /* whatever happens */
    LONGEST_S = 3600 /* a code is good for a quarter or half an hour */
};

struct device_flow {
    struct loop *loop;
    struct fetcher *fetcher;
    const struct device_platform *platform;
    struct device_events on;
    char *code_url, *token_url, *client_id, *client_secret, *token_file, *ca_file, *proxy;
    int64_t second_ms;
    struct fetch *call; /* under way; NULL: none */
    struct loop_timer next, end;
    char *device_code; /* secret */
    int64_t interval_s;
};

const struct device_platform *
device_platform_of(const char *kind)
{
    static const struct device_platform platforms[] = {
        {.kind = "twitch",
         .code_url = "https://id.twitch.tv/oauth2/device",
         .token_url = "https://id.twitch.tv/oauth2/token",
         .scope_field = "scopes",
         .scopes = "user:read:chat user:write:chat"},
        {.kind = "youtube",
         .code_url = "https://oauth2.googleapis.com/device/code",
         .token_url = "https://oauth2.googleapis.com/token",
         .scope_field = "scope",
         .scopes = "https://www.googleapis.com/auth/youtube",
         .needs_secret = true},
    };
    for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
        if (strcmp(platforms[i].kind, kind) == 0)
            return &platforms[i];
    return NULL;
}

static void
stop(struct device_flow *d)
{
    loop_timer_stop(&d->next);
    loop_timer_stop(&d->end);
    fetch_cancel(&d->call);
}

static void
finish(struct device_flow *d, const struct err *e)
{
    stop(d);
    d->on.done(d->on.arg, e);
}

static int
post(struct device_flow *d, const char *url, const struct buf *form,
     void (*done)(void *arg, const struct fetch_answer *a), struct err *e)
{
    static const char *const headers[] = {FORM};
    struct fetch_request r = {.url = url,
                              .headers = headers,
                              .n_headers = 1,
                              .body = buf_str(form),
                              .ca_file = d->ca_file,
                              .proxy = d->proxy,
                              .total_ms = 30000,
                              .cap = BOUNDS_BODY};
    struct fetch_events on = {.done = done, .arg = d};
    d->call = fetch_start(d->fetcher, &r, &on, e);
    return d->call != NULL ? 0 : -1;
}

/* --- the token */

/* The platform's word for why not: "error", or Twitch's "message". */
static struct str
fault_of(const json_t *o)
{
    struct str word = json_text(o, "error");
    struct str message = json_text(o, "message");
    return message.len > 0 ? message : word;
}

static void ask_token(void *arg);

static void
wait_for_person(struct device_flow *d)
{
    if (d->interval_s > SLOWEST_S)
        d->interval_s = SLOWEST_S;
    loop_timer_start(d->loop, &d->next, d->interval_s * d->second_ms, ask_token, d);
}

static void
keep_token(struct device_flow *d, struct str body)
{
    struct token token = TOKEN_INIT;
    struct err e = ERR_INIT;
    int ret = token_take(body, clock_wall_ms(clock_system()), &token, &e);
    if (ret == 0)
        ret = token_save(d->token_file, &token, &e);
    token_fini(&token);
    finish(d, ret == 0 ? NULL : &e);
}

static bool
is_word(struct str s, const char *word)
{
    return str_eq_ascii_nocase(s, str_from(word));
}

/* What the answer that is no token means for the flow. */
static void
not_yet(struct device_flow *d, struct str fault)
{
    struct err e = ERR_INIT;
    if (is_word(fault, "authorization_pending")) {
        wait_for_person(d);
        return;
    }
    if (is_word(fault, "slow_down")) {
        d->interval_s += SLOWER_S;
        wait_for_person(d);
        return;
    }
    if (is_word(fault, "access_denied"))
        (void)err_set(&e, ERR_PERM, "the person who was asked said no");
    else if (is_word(fault, "expired_token") || is_word(fault, "invalid device code"))
        (void)err_set(&e, ERR_MISSING, "the code is not good any more");
    else
        (void)err_set(&e, ERR_VALUE, "the platform refuses the sign-in: %.*s",
                      STR_ARG(fault.len > 0 ? fault : STR_LIT("no reason given")));
    finish(d, &e);
}

static void
token_came(void *arg, const struct fetch_answer *a)
{
    struct device_flow *d = arg;
    d->call = NULL;
    if (a->status >= 200 && a->status <= 299) {
        keep_token(d, a->body);
        return;
    }
    if (a->status == 0 || a->status >= 500) {
        d->interval_s *= 2;
        wait_for_person(d);
        return;
    }
    json_error_t why;
    json_t *o = json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, &why);
    struct str fault = fault_of(o);
    not_yet(d, a->status == 429 && fault.len == 0 ? STR_LIT("slow_down") : fault);
    json_decref(o);
}

static void
ask_token(void *arg)
{
    struct device_flow *d = arg;
    struct buf form = BUF_INIT;
    struct err e = ERR_INIT;
    token_add_field(&form, "client_id", str_from(d->client_id));
    if (d->client_secret != NULL)
        token_add_field(&form, "client_secret", str_from(d->client_secret));
    token_add_field(&form, "device_code", str_from(d->device_code));
    token_add_field(&form, "grant_type", STR_LIT(GRANT));
    if (strcmp(d->platform->scope_field, "scope") != 0) /* Twitch wants them again */
        token_add_field(&form, d->platform->scope_field, str_from(d->platform->scopes));
    int ret = post(d, d->token_url, &form, token_came, &e);
    explicit_bzero(form.data, form.cap);
    buf_fini(&form);
    if (ret < 0)
        finish(d, &e);
}

/* --- the codes */

static void
too_late(void *arg)
{
    struct err e = ERR_INIT;
    (void)err_set(&e, ERR_MISSING, "nobody typed the code in in time");
    finish(arg, &e);
}

static bool
is_in(int64_t n, int64_t most)
{
    return n >= 1 && n <= most;
}

static int
read_codes(struct device_flow *d, const json_t *o, struct device_code *c, struct err *e)
{
    struct str secret = json_text(o, "device_code");
    int64_t expires_s = json_number(o, "expires_in", 0);
    int64_t interval_s = json_number(o, "interval", 0);
    c->user_code = json_text(o, "user_code");
    c->url = json_text(o, "verification_uri");
    c->full_url = json_text(o, "verification_uri_complete");
    if (c->url.len == 0)
        c->url = json_text(o, "verification_url");
    if (secret.len == 0 || c->user_code.len == 0 || c->url.len == 0)
        return err_set(e, ERR_PARSE, "the answer to the sign-in has no code");
    d->device_code = mem_strndup(secret.p, secret.len);
    d->interval_s = is_in(interval_s, SLOWEST_S) ? interval_s : INTERVAL_S;
    c->expires_s = is_in(expires_s, LONGEST_S) ? expires_s : LONGEST_S;
    return 0;
}

static void
codes_came(void *arg, const struct fetch_answer *a)
{
    struct device_flow *d = arg;
    struct device_code c = {.user_code = STR_NONE};
    struct err e = ERR_INIT;
    json_error_t why;
    d->call = NULL;
    json_t *o = json_loadb(a->body.len > 0 ? a->body.p : "", a->body.len, 0, &why);
    if (a->status == 0)
        (void)err_set(&e, ERR_IO, "%s", a->err.msg);
    else if (a->status >= 500)
        (void)err_set(&e, ERR_IO, "the platform has a fault (HTTP %d)", a->status);
    else if (a->status < 200 || a->status > 299)
        (void)err_set(&e, ERR_VALUE,
                      "the platform refuses the application (HTTP %d) %.*s; is "
                      "'client_id' right?",
                      a->status, STR_ARG(fault_of(o)));
    else if (read_codes(d, o, &c, &e) == 0) {
        loop_timer_start(d->loop, &d->end, c.expires_s * d->second_ms, too_late, d);
        wait_for_person(d);
        d->on.code(d->on.arg, &c);
    }
    json_decref(o);
    if (e.code != ERR_NONE)
        finish(d, &e);
}

static int
ask_codes(struct device_flow *d, struct err *e)
{
    struct buf form = BUF_INIT;
    token_add_field(&form, "client_id", str_from(d->client_id));
    token_add_field(&form, d->platform->scope_field, str_from(d->platform->scopes));
    int ret = post(d, d->code_url, &form, codes_came, e);
    buf_fini(&form);
    return ret;
}

/* --- making one */

static int
check(const struct device_conf *c, struct err *e)
{
    if (c->client_id == NULL || c->client_id[0] == '\0')
        return err_set(e, ERR_VALUE, "'client_id' is missing");
    if (c->platform->needs_secret && c->client_secret == NULL)
        return err_set(e, ERR_VALUE, "'client_secret_file' is missing");
    if (c->token_file == NULL)
        return err_set(e, ERR_VALUE, "'token_file' is missing: where the token goes");
    return 0;
}

struct device_flow *
device_flow_start(struct loop *l, struct fetcher *f, const struct device_conf *conf,
                  const struct device_events *on, struct err *e)
{
    const struct device_platform *p = conf->platform;
    if (check(conf, e) < 0)
        return NULL;
    struct device_flow *d = mem_zalloc(sizeof(*d));
    d->loop = l;
    d->fetcher = f;
    d->platform = p;
    d->on = *on;
    d->second_ms = conf->second_ms > 0 ? conf->second_ms : 1000;
    d->code_url = mem_strdup(conf->code_url != NULL ? conf->code_url : p->code_url);
    d->token_url = mem_strdup(conf->token_url != NULL ? conf->token_url : p->token_url);
    d->client_id = mem_strdup(conf->client_id);
    d->client_secret = mem_strdup(conf->client_secret);
    d->token_file = mem_strdup(conf->token_file);
    d->ca_file = mem_strdup(conf->ca_file);
    d->proxy = mem_strdup(conf->proxy);
    if (ask_codes(d, e) < 0)
        device_flow_free(&d);
    return d;
}

static void
wipe(char **secret)
{
    if (*secret != NULL)
        explicit_bzero(*secret, strlen(*secret));
    MEM_FREE(*secret);
}

void
device_flow_free(struct device_flow **dp)
{
    struct device_flow *d = *dp;
    *dp = NULL;
    if (d == NULL)
        return;
    stop(d);
    wipe(&d->client_secret);
    wipe(&d->device_code);
    mem_free(d->code_url);
    mem_free(d->token_url);
    mem_free(d->client_id);
    mem_free(d->token_file);
    mem_free(d->ca_file);
    mem_free(d->proxy);
    mem_free(d);
}
