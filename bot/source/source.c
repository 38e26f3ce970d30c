/* SPDX-License-Identifier: Apache-2.0 */
/* source.c - what is the same for every attached chat: names, settings, and the states
 * that a person can act on.
 *
 * Decides when to try again: a failure waits with full jitter from 1 to 60 s, a healthy
 * session (a message, or a minute) ends the row of failures, a refusal is final until a
 * person acts, and a server that asks for a new connection gets it at once. Adapters say
 * what happened; only this file changes the state, tells the sink, and logs it, once. */
#include "source/source.h"

#include <stdio.h>

#include "base/bounds.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/adapter.h"
#include "source/source_token.h"

static const struct source_adapter *const adapters[] = {
#define ADAPTER(adapter, kind) &(adapter),
    SOURCE_ADAPTER_MAP(ADAPTER)
#undef ADAPTER
};
#define N_ADAPTERS (sizeof(adapters) / sizeof(adapters[0]))

const char *
source_state_name(enum source_state state)
{
    static const char *const names[] = {
#define STATE_NAME(code, name) [code] = (name),
        SOURCE_STATE_MAP(STATE_NAME)
#undef STATE_NAME
    };
    return names[state];
}

static const struct source_adapter *
find_adapter(const char *kind, struct err *e)
{
    struct buf known = BUF_INIT;
    for (size_t i = 0; i < N_ADAPTERS; i++) {
        if (kind != NULL && strcmp(kind, adapters[i]->kind) == 0) {
            buf_fini(&known);
            return adapters[i];
        }
        buf_addf(&known, "%s%s", i > 0 ? ", " : "", adapters[i]->kind);
    }
    (void)err_set(e, ERR_VALUE, "unknown kind '%s'; known are %s",
                  kind != NULL ? kind : "", known.data);
    buf_fini(&known);
    return NULL;
}

bool
source_keeps_token(const char *kind)
{
    struct err unknown = ERR_INIT;
    const struct source_adapter *a = find_adapter(kind, &unknown);
    return a != NULL && a->token != NULL;
}

const char *const *
source_kinds(void)
{
    static const char *const kinds[] = {
#define KIND(adapter, kind) (kind),
        SOURCE_ADAPTER_MAP(KIND)
#undef KIND
            NULL};
    return kinds;
}

/* --- the state; `reason` is not longer than SOURCE_REASON */

static void
set_status(struct source *s, enum source_state state, const char *code,
           const char *reason)
{
    struct source_status *st = &s->status;
    bool same = st->state == state && strcmp(st->code, code) == 0 &&
                strcmp(st->reason, reason) == 0;
    st->state = state;
    st->code = code;
    memmove(st->reason, reason, strlen(reason) + 1);
    if (!same && !s->closed && s->env.sink.changed != NULL)
        s->env.sink.changed(s->env.sink.arg, s);
}

static void
try_now(void *arg)
{
    struct source *s = arg;
    if (!source_is_drained(s)) { /* of the last connection: first things first */
        loop_timer_start(s->env.loop, &s->retry, 100, try_now, s);
        return;
    }
    s->status.next_try_ms = 0;
    s->live_at = 0;
    s->garbage_logged = false;
    set_status(s, SOURCE_CONNECTING, s->status.code, s->status.reason);
    s->adapter->start(s);
}

/* Takes the connection down; what has been received stays. */
static void
stop(struct source *s)
{
    loop_timer_stop(&s->retry);
    loop_timer_stop(&s->quiet);
    if (s->adapter->stop != NULL)
        s->adapter->stop(s);
    while (s->n_told < s->n_sends)
        source_sent(s, SOURCE_UNSENT, "the connection ended");
    if (s->live_at != 0 && clock_mono_ms(s->clock) - s->live_at >= s->timing.healthy)
        s->failures = 0;
    s->live_at = 0;
    s->paused = false;
    s->status.next_try_ms = 0;
}

static void
try_later(struct source *s, int64_t delay_ms)
{
    s->status.reconnects++;
    s->status.next_try_ms = clock_wall_ms(s->clock) + delay_ms;
    loop_timer_start(s->env.loop, &s->retry, delay_ms, try_now, s);
}

static void
check_quiet(void *arg)
{
    struct source *s = arg;
    int64_t silent = clock_mono_ms(s->clock) - s->heard_at;
    if (s->status.state != SOURCE_LIVE)
        return;
    if (silent < s->timing.quiet) {
        loop_timer_start(s->env.loop, &s->quiet, s->timing.quiet - silent, check_quiet,
                         s);
        return;
    }
    set_status(s, SOURCE_QUIET, "", "");
}

static void
joined(struct source *s)
{
    int64_t now = clock_mono_ms(s->clock);
    if (s->live_at == 0)
        s->live_at = now;
    s->heard_at = now;
    s->status.next_try_ms = 0;
    loop_timer_start(s->env.loop, &s->quiet, s->timing.quiet, check_quiet, s);
}

void
source_live(struct source *s)
{
    if (s->live_at == 0)
        log_info("source", "%s: live%s%s", s->name, s->target != NULL ? " in " : "",
                 s->target != NULL ? s->target : "");
    joined(s);
    set_status(s, SOURCE_LIVE, "", "");
}

/* A platform may repeat a key or token that it does not like. */
static void
hide_secrets(struct source *s, struct buf *text)
{
    source_hide(text, s->secret);
    source_hide(text, s->api_key);
    source_hide(text, s->client_secret);
    source_hide(text, s->verify_token);
    if (s->adapter->token != NULL && s->token_file != NULL) {
        const struct token *t = &s->adapter->token(s)->token;
        source_hide(text, t->access);
        source_hide(text, t->refresh);
    }
}

/* Into the reason's size, without secrets and without cutting a letter. */
static void format(struct source *s, char out[SOURCE_REASON], const char *fmt, va_list ap)
    PRINTF_LIKE(3, 0);
static void
format(struct source *s, char out[SOURCE_REASON], const char *fmt, va_list ap)
{
    struct buf b = BUF_INIT;
    buf_vaddf(&b, fmt, ap);
    hide_secrets(s, &b);
    struct str cut = utf8_prefix(buf_str(&b), SOURCE_REASON - 1);
    (void)snprintf(out, SOURCE_REASON, "%.*s", STR_ARG(cut));
    buf_fini(&b);
}

void
source_degraded(struct source *s, const char *code, const char *fmt, ...)
{
    char text[SOURCE_REASON];
    va_list ap;
    va_start(ap, fmt);
    format(s, text, fmt, ap);
    va_end(ap);
    log_warn("source", "%s: %s", s->name, text);
    joined(s);
    set_status(s, SOURCE_DEGRADED, code, text);
}

static void
lost(struct source *s, int64_t least_ms, const char *code, const char *text)
{
    stop(s);
    if (!s->enabled || s->closed)
        return;
    s->failures++;
    int64_t delay_ms = source_backoff(&s->random, s->failures, s->timing.backoff_least,
                                      s->timing.backoff_most);
    if (delay_ms < least_ms)
        delay_ms = least_ms;
    try_later(s, delay_ms);
    log_warn("source", "%s: %s; next try in %.1f s", s->name, text,
             (double)delay_ms / 1000.0);
    set_status(s, SOURCE_CONNECTING, code, text);
}

void
source_lost(struct source *s, const char *code, const char *fmt, ...)
{
    char text[SOURCE_REASON];
    va_list ap;
    va_start(ap, fmt);
    format(s, text, fmt, ap);
    va_end(ap);
    lost(s, 0, code, text);
}

void
source_lost_for(struct source *s, int64_t delay_ms, const char *code, const char *fmt,
                ...)
{
    char text[SOURCE_REASON];
    va_list ap;
    va_start(ap, fmt);
    format(s, text, fmt, ap);
    va_end(ap);
    lost(s, delay_ms, code, text);
}

void
source_refused(struct source *s, const char *code, const char *fmt, ...)
{
    char text[SOURCE_REASON];
    va_list ap;
    va_start(ap, fmt);
    format(s, text, fmt, ap);
    va_end(ap);
    stop(s);
    log_error("source", "%s: refused: %s", s->name, text);
    set_status(s, SOURCE_REFUSED, code, text);
}

void
source_again(struct source *s, const char *why)
{
    stop(s);
    if (!s->enabled || s->closed)
        return;
    log_info("source", "%s: %s", s->name, why);
    /* At once, but a server that asks each time it is reached gets the backoff. */
    int64_t delay_ms = s->failures == 0 ? 1
                                        : source_backoff(&s->random, s->failures,
                                                         s->timing.backoff_least,
                                                         s->timing.backoff_most);
    s->failures++;
    try_later(s, delay_ms);
    set_status(s, SOURCE_CONNECTING, "", "");
}

void
source_ended(struct source *s)
{
    stop(s);
    log_info("source", "%s: ended", s->name);
    set_status(s, SOURCE_ENDED, "", "");
}

void
source_garbage(struct source *s, const struct err *e)
{
    s->status.garbage++;
    if (!s->garbage_logged)
        log_warn("source", "%s: not understood: %s", s->name, e->msg);
    s->garbage_logged = true;
}

static void
tell_sent(struct source *s, enum source_outcome outcome, const char *reason)
{
    if (s->n_told < s->n_sends)
        s->n_told++;
    struct source_receipt r = {s->n_told, outcome, reason};
    if (!s->closed && s->env.sink.sent != NULL)
        s->env.sink.sent(s->env.sink.arg, s, &r);
}

void
source_sent(struct source *s, enum source_outcome outcome, const char *fmt, ...)
{
    char text[SOURCE_REASON];
    va_list ap;
    va_start(ap, fmt);
    format(s, text, fmt, ap);
    va_end(ap);
    if (outcome != SOURCE_SENT)
        log_warn("source", "%s: not sent: %s", s->name, text);
    tell_sent(s, outcome, text);
    while (outcome == SOURCE_FORBIDDEN && s->n_told < s->n_sends)
        tell_sent(s, SOURCE_UNSENT, text);
}

/* --- making one */

static bool
is_name(struct str name)
{
    static const char ok[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (name.len == 0 || name.len > BOUNDS_SOURCE_NAME || name.p[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (memchr(ok, name.p[i], sizeof(ok) - 1) == NULL)
            return false;
    return true;
}

static void
copy_conf(struct source *s, const struct source_conf *c)
{
#define COPY(member) s->member = mem_strdup(c->member);
    SOURCE_TEXT_MAP(COPY)
#undef COPY
    if (s->name == NULL)
        s->name = mem_strdup(c->kind);
    MEM_FREE(s->target); /* set_target() reads it */
    s->quota = c->quota > 0 ? c->quota : 10000;
    s->speed = c->speed > 0 ? c->speed : 1.0;
    s->repeat = c->repeat;
    s->enabled = c->enabled;
    if (c->quiet_after_ms > 0)
        s->timing.quiet = c->quiet_after_ms;
}

static int
set_target(struct source *s, const char *text, struct err *e)
{
    struct buf target = BUF_INIT;
    struct str given = str_trim(str_from(text));
    int ret = -1;
    if (s->adapter->parse_target == NULL)
        (void)err_set(e, ERR_VALUE, "a source of kind '%s' has no target",
                      s->adapter->kind);
    else if (given.len > BOUNDS_TARGET)
        (void)err_set(e, ERR_LIMIT, "the target is longer than %d bytes", BOUNDS_TARGET);
    else
        ret = s->adapter->parse_target(given, &target, e);
    if (ret == 0) {
        mem_free(s->target);
        s->target = buf_steal(&target);
    }
    buf_fini(&target);
    return ret;
}

static void
source_free(void *arg)
{
    struct source *s = arg;
    if (s->adapter->free != NULL)
        s->adapter->free(s);
    source_seen_fini(&s->seen);
    mem_free(s->place);
    buf_fini(&s->input);
#define FREE(member) mem_free(s->member);
    SOURCE_TEXT_MAP(FREE)
#undef FREE
    mem_free(s);
}

struct source *
source_new(const struct source_env *env, const struct source_conf *conf, struct err *e)
{
    const struct source_adapter *adapter = find_adapter(conf->kind, e);
    if (adapter == NULL)
        return NULL;
    struct source *s = mem_zalloc(sizeof(*s));
    s->env = *env;
    s->adapter = adapter;
    s->timing = env->timing != NULL ? *env->timing : source_timing_default();
    s->clock = env->clock != NULL ? env->clock : clock_system();
    s->status.code = "";
    s->budget = BOUNDS_SOURCE_TURN;
    source_seen_init(&s->seen);
    copy_conf(s, conf);
    s->random = env->seed;
    for (const char *p = s->name; *p != '\0'; p++)
        s->random = s->random * 31 + (unsigned char)*p;
    int ok = 0;
    if (!is_name(str_from(s->name)))
        ok = err_set(e, ERR_VALUE,
                     "'%s' is no name: letters, digits, '_', '-' and '.', at "
                     "most %d",
                     s->name, BOUNDS_SOURCE_NAME);
    if (ok == 0 && conf->target != NULL && conf->target[0] != '\0')
        ok = set_target(s, conf->target, e);
    if (ok == 0 && adapter->check(s, e) == 0)
        return s;
    source_free(s);
    return NULL;
}

void
source_start(struct source *s)
{
    if (s->closed || s->started)
        return;
    s->started = true;
    if (s->enabled)
        try_now(s);
}

void
source_close(struct source **sp)
{
    struct source *s = *sp;
    *sp = NULL;
    if (s == NULL || s->closed)
        return;
    s->closed = true;
    stop(s);
    loop_defer(s->env.loop, source_free, s);
}

int
source_retarget(struct source *s, const char *target, struct err *e)
{
    if (set_target(s, target, e) < 0)
        return -1;
    bool running = s->started && s->enabled;
    stop(s);
    source_input_reset(s);
    s->failures = 0;
    set_status(s, running ? SOURCE_CONNECTING : SOURCE_OFF, "", "");
    if (running)
        try_now(s);
    return 0;
}

const char *
source_place(const struct source *s)
{
    return s->place == NULL ? "" : s->place;
}

void
source_resume_at(struct source *s, const char *place)
{
    mem_free(s->place);
    s->place = mem_strdup(place);
}

void
source_keep_place(struct source *s, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    buf_addf(&b, "%s ", s->target != NULL ? s->target : "");
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    mem_free(s->place);
    s->place = buf_steal(&b);
}

const char *
source_kept_place(const struct source *s)
{
    const char *target = s->target != NULL ? s->target : "";
    size_t n = strlen(target);
    bool same =
        s->place != NULL && strncmp(s->place, target, n) == 0 && s->place[n] == ' ';
    return same ? s->place + n + 1 : NULL;
}

void
source_remember(struct source *s, int64_t last_message_ms)
{
    if (last_message_ms > s->status.last_message_ms)
        s->status.last_message_ms = last_message_ms;
}

void
source_enable(struct source *s, bool enabled)
{
    if (s->enabled == enabled)
        return;
    s->enabled = enabled;
    if (!s->started)
        return;
    stop(s);
    source_input_reset(s);
    s->failures = 0;
    set_status(s, enabled ? SOURCE_CONNECTING : SOURCE_OFF, "", "");
    if (enabled)
        try_now(s);
}

int
source_send(struct source *s, struct str text, struct str reply_to, struct err *e)
{
    if (s->adapter->send == NULL)
        return err_set(e, ERR_BAD_STATE, "a source of kind '%s' cannot send",
                       s->adapter->kind);
    s->n_sends++;
    if (s->adapter->send(s, text, reply_to, e) < 0) {
        s->n_sends--;
        if (s->n_told > s->n_sends)
            s->n_told = s->n_sends;
        return -1;
    }
    if (!s->adapter->tells)
        source_sent(s, SOURCE_SENT, "%s", "");
    return 0;
}

void
source_send_again(struct source *s)
{
    if (s->adapter->send_again != NULL)
        s->adapter->send_again(s);
}

uint64_t
source_last_send(const struct source *s)
{
    return s->n_sends;
}

unsigned
source_sends_per_minute(const struct source *s)
{
    return s->adapter->sends_per_minute;
}

const char *
source_name(const struct source *s)
{
    return s->name;
}

const char *
source_kind(const struct source *s)
{
    return s->adapter->kind;
}

const char *
source_target(const struct source *s)
{
    return s->target != NULL ? s->target : "";
}

bool
source_is_enabled(const struct source *s)
{
    return s->enabled;
}

bool
source_can_send(const struct source *s)
{
    return s->adapter->can_send != NULL && s->adapter->can_send(s);
}

void
source_status(struct source *s, struct source_status *out)
{
    s->status.per_minute = source_rate_per_minute(&s->rate, clock_mono_ms(s->clock));
    *out = s->status;
}
