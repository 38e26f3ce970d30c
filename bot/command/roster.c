/* SPDX-License-Identifier: Apache-2.0 */
/* roster.c - the sources of one process.
 *
 * The settings name the sources and hold their credentials; what a person changed from
 * the console (a new target, a switch, a source of their own) is in the journal and wins,
 * so a restart comes back to what was on the screen. A message goes straight to the
 * stream; when the stream says that the disk is behind, the source stops reading and goes
 * on after the next commit. */
#include "command/roster.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "command/places.h"
#include "loop/loop.h"

#define FEED "rehearsal" /* the name of the recorded chat */

enum { PLACES_MS = 5000 }; /* between two savings */

struct roster {
    struct roster_conf conf;
    struct source_env env;
    struct source *sources[BOUNDS_SOURCES]; /* owned */
    size_t n_sources;
    struct places *places; /* owned */
    struct loop_timer places_timer;
    struct source *feed; /* borrowed of the list: the recorded chat of a rehearsal */
    bool held;           /* some source waits for the disk */
    bool closed;         /* the disk is nearly full */
};

static bool
on_message(void *arg, struct source *s, const struct message *m)
{
    struct roster *r = arg;
    struct err e = ERR_INIT;

    if (r->closed) {
        r->held = true;
        return false;
    }
    if (stream_message(r->conf.stream, str_from(source_name(s)), m, NULL, &e) >= 0)
        return true;
    if (e.code == ERR_LIMIT) {
        r->held = true;
        return false;
    }
    log_warn("roster", "%s: a message was refused: %s", source_name(s), e.msg);
    return true;
}

static void
on_changed(void *arg, struct source *s)
{
    struct roster *r = arg;

    if (r->conf.changed != NULL)
        r->conf.changed(r->conf.arg, s);
}

static void
on_sent(void *arg, struct source *s, const struct source_receipt *receipt)
{
    struct roster *r = arg;

    if (r->conf.sent != NULL)
        r->conf.sent(r->conf.arg, s, receipt);
}

static void
resume(struct roster *r)
{
    if (!r->held || r->closed)
        return;
    r->held = false;
    for (size_t i = 0; i < r->n_sources; i++)
        source_resume(r->sources[i]);
}

static void
on_applied(void *arg, const struct event *ev)
{
    (void)arg;
    (void)ev;
}

static void
on_durable(void *arg, uint64_t seq)
{
    (void)seq;
    resume(arg);
}

/* What the console changed about the source of this name; NULL: nothing. */
static const struct queue_source *
journalled(const struct roster *r, const char *name)
{
    const struct queue *q = stream_queue(r->conf.stream);

    for (size_t i = 0; i < queue_sources(q); i++) {
        const struct queue_source *s = queue_source_at(q, i);
        if (name != NULL && strcmp(s->name, name) == 0)
            return s;
    }
    return NULL;
}

static int
add_source(struct roster *r, struct source *s, struct err *e)
{
    if (s == NULL)
        return -1;
    if (r->n_sources == BOUNDS_SOURCES) {
        source_close(&s);
        return err_set(e, ERR_LIMIT, "more than %d sources", BOUNDS_SOURCES);
    }
    r->sources[r->n_sources++] = s;
    if (places_of(r->places, source_name(s)) != NULL)
        source_resume_at(s, places_of(r->places, source_name(s)));
    return 0;
}

static int
add(struct roster *r, const struct source_conf *conf, struct err *e)
{
    return add_source(r, source_new(&r->env, conf, e), e);
}

/* The secrets of one source, read from their files. */
struct secrets {
    char *secret, *api_key, *client_secret, *verify_token; /* owned */
};

static int
read_secret(const char *path, char **out, struct err *e)
{
    return path != NULL ? settings_read_secret(path, out, e) : 0;
}

static int
read_secrets(const struct settings_source *ss, struct secrets *out, struct err *e)
{
    bool plain = ss->token_file != NULL && !source_keeps_token(ss->kind);
    if (read_secret(plain ? ss->token_file : ss->password_file, &out->secret, e) < 0 ||
        read_secret(ss->api_key_file, &out->api_key, e) < 0 ||
        read_secret(ss->client_secret_file, &out->client_secret, e) < 0)
        return -1;
    return read_secret(ss->verify_token_file, &out->verify_token, e);
}

static void
secrets_fini(struct secrets *s)
{
    mem_free(s->secret);
    mem_free(s->api_key);
    mem_free(s->client_secret);
    mem_free(s->verify_token);
}

static struct source_conf
conf_of(const struct settings_source *ss, const struct secrets *secrets)
{
    return (struct source_conf){
        .kind = ss->kind,
        .name = ss->name,
        .url = ss->url,
        .target = ss->target,
        .account = ss->account,
        .nick = ss->nick,
        .secret = secrets->secret,
        .token_file = ss->token_file,
        .api_key = secrets->api_key,
        .client_id = ss->client_id,
        .client_secret = secrets->client_secret,
        .verify_token = secrets->verify_token,
        .file = ss->file,
        .proxy = ss->proxy,
        .ca_file = ss->ca_file,
        .socket_url = ss->socket_url,
        .quota = ss->quota,
        .speed = ss->speed,
        .repeat = ss->loop,
        .enabled = ss->enabled,
        .quiet_after_ms = ss->quiet_after_ms,
    };
}

/* As the settings say, and as the console changed it (NULL: not at all). */
static struct source *
make(const struct source_env *env, const struct settings_source *ss,
     const struct queue_source *changed, struct err *e)
{
    struct secrets secrets = {0};
    struct source *s = NULL;
    int rc = read_secrets(ss, &secrets, e);
    struct source_conf conf = conf_of(ss, &secrets);

    if (changed != NULL) {
        conf.enabled = changed->enabled;
        if (changed->target != NULL && changed->target[0] != '\0')
            conf.target = changed->target;
    }
    if (rc == 0)
        s = source_new(env, &conf, e);
    secrets_fini(&secrets);
    if (s == NULL)
        (void)err_ctx(e, "source '%s'", ss->name);
    return s;
}

struct source *
roster_source(const struct source_env *env, const struct settings_source *ss,
              struct err *e)
{
    return make(env, ss, NULL, e);
}

/* A source that a person added; one that no longer works is logged, never fatal. */
static void
add_from_journal(struct roster *r, const struct queue_source *qs)
{
    struct err e = ERR_INIT;
    struct source_conf conf = {
        .kind = qs->kind,
        .name = qs->name,
        .url = qs->url,
        .target = qs->target,
        .enabled = qs->enabled,
    };

    if (roster_find(r, str_from(qs->name)) == NULL && add(r, &conf, &e) < 0)
        log_warn("roster", "source '%s' added from the console: %s", qs->name, e.msg);
}

struct roster *
roster_new(const struct roster_conf *conf, struct err *e)
{
    struct roster *r = mem_zalloc(sizeof(*r));
    const struct queue *q = stream_queue(conf->stream);
    struct stream_observer watch = {
        .applied = on_applied, .durable = on_durable, .arg = r};

    r->conf = *conf;
    r->places = places_open(conf->settings->journal_path);
    r->env = (struct source_env){
        .loop = conf->loop,
        .worker = conf->worker,
        .fetcher = conf->fetcher,
        .sink = {.message = on_message, .changed = on_changed, .sent = on_sent, .arg = r},
        .seed = (uint64_t)clock_mono_ms(clock_system()),
    };
    for (size_t i = 0; i < conf->settings->n_sources; i++) {
        const struct settings_source *ss = &conf->settings->sources[i];
        if (add_source(r, make(&r->env, ss, journalled(r, ss->name), e), e) < 0) {
            roster_free(&r);
            return NULL;
        }
    }
    for (size_t i = 0; i < queue_sources(q); i++) {
        if (queue_source_at(q, i)->added)
            add_from_journal(r, queue_source_at(q, i));
    }
    stream_observe(conf->stream, &watch);
    return r;
}

static void
note_places(struct roster *r)
{
    for (size_t i = 0; i < r->n_sources; i++)
        if (source_place(r->sources[i])[0] != '\0')
            places_note(r->places, source_name(r->sources[i]),
                        source_place(r->sources[i]));
}

static void
save_places(void *arg)
{
    struct roster *r = arg;
    note_places(r);
    places_save(r->places);
    loop_timer_start(r->conf.loop, &r->places_timer, PLACES_MS, save_places, r);
}

void
roster_free(struct roster **rp)
{
    struct roster *r = *rp;

    if (r == NULL)
        return;
    *rp = NULL;
    note_places(r);
    loop_timer_stop(&r->places_timer);
    places_close(&r->places);
    for (size_t i = 0; i < r->n_sources; i++)
        source_close(&r->sources[i]);
    mem_free(r);
}

/* A restart is no reason to say that nothing has ever come from a chat. */
static void
remember(struct roster *r)
{
    const struct queue *q = stream_queue(r->conf.stream);

    for (size_t i = 0; i < queue_recent(q); i++) {
        const struct chat_line *line = queue_recent_at(q, i);
        struct source *s = roster_find(r, str_from(line->source));
        if (s != NULL)
            source_remember(s, line->received_ms);
    }
}

void
roster_start(struct roster *r)
{
    remember(r);
    loop_timer_start(r->conf.loop, &r->places_timer, PLACES_MS, save_places, r);
    for (size_t i = 0; i < r->n_sources; i++)
        source_start(r->sources[i]);
}

size_t
roster_count(const struct roster *r)
{
    return r->n_sources;
}

struct source *
roster_at(const struct roster *r, size_t i)
{
    return r->sources[i];
}

struct source *
roster_find(const struct roster *r, struct str name)
{
    for (size_t i = 0; i < r->n_sources; i++) {
        if (str_eq(str_from(source_name(r->sources[i])), name))
            return r->sources[i];
    }
    return NULL;
}

/* `cmd` says url, target and whether it is on. */
static int
journal_source(struct roster *r, struct roster_act *act, const struct source *s,
               struct command cmd, struct err *e)
{
    cmd.kind = COMMAND_SOURCE;
    cmd.role = ROLE_ADMIN;
    cmd.actor = act->actor;
    cmd.source = str_from(source_name(s));
    cmd.source_kind = str_from(source_kind(s));
    return stream_do(r->conf.stream, &cmd, &act->seq, e) < 0 ? -1 : 0;
}

struct source *
roster_add(struct roster *r, struct roster_act *act, const struct source_conf *conf,
           struct err *e)
{
    const char *name = conf->name != NULL ? conf->name : conf->kind;

    if (roster_find(r, str_from(name)) != NULL) {
        (void)err_set(e, ERR_CONFLICT,
                      "there is a source '%s' already: give this one a name", name);
        return NULL;
    }
    if (add(r, conf, e) < 0)
        return NULL;
    struct source *s = r->sources[r->n_sources - 1];
    struct command cmd = {.source_url = str_from(conf->url),
                          .target = str_from(source_target(s)),
                          .enabled = conf->enabled};
    if (journal_source(r, act, s, cmd, e) < 0) {
        r->n_sources--;
        source_close(&s);
        return NULL;
    }
    source_start(s);
    return s;
}

/* Back to the target that it had. */
static void
take_back(struct source *s, const char *target)
{
    struct err e = ERR_INIT;

    if (source_retarget(s, target, &e) < 0)
        log_warn("roster", "%s keeps its new target: %s", source_name(s), e.msg);
}

int
roster_change(struct roster *r, struct roster_act *act, struct source *s,
              const struct roster_wish *wish, struct err *e)
{
    char *before = mem_strdup(source_target(s));
    int rc = 0;

    if (wish->target != NULL)
        rc = source_retarget(s, wish->target, e);
    if (rc == 0) {
        struct command cmd = {.target = str_from(source_target(s)),
                              .enabled = wish->enabled};
        rc = journal_source(r, act, s, cmd, e);
        if (rc < 0 && wish->target != NULL)
            take_back(s, before);
    }
    if (rc == 0 && wish->enabled != source_is_enabled(s))
        source_enable(s, wish->enabled);
    mem_free(before);
    return rc < 0 ? -1 : 0;
}

static int
feed_start(struct roster *r, const char *file, struct err *e)
{
    struct source_conf conf = {.kind = "replay",
                               .name = FEED,
                               .file = file,
                               .speed = 1.0,
                               .repeat = true,
                               .enabled = true};

    if (access(file, R_OK) < 0)
        return err_errno(e, ERR_BAD_STATE, "the recorded chat '%s' (rehearsal.chat)",
                         file);
    if (roster_find(r, str_from(FEED)) != NULL)
        return err_set(e, ERR_CONFLICT, "a source of yours is named '%s'", FEED);
    if (add(r, &conf, e) < 0)
        return -1;
    r->feed = r->sources[r->n_sources - 1];
    source_start(r->feed);
    return 0;
}

static void
feed_stop(struct roster *r)
{
    size_t i = 0;

    while (r->sources[i] != r->feed)
        i++;
    r->feed = NULL;
    source_close(&r->sources[i]);
    memmove(r->sources + i, r->sources + i + 1,
            (--r->n_sources - i) * sizeof(struct source *));
}

int
roster_feed(struct roster *r, const char *file, bool on, struct err *e)
{
    if (on && r->feed == NULL)
        return feed_start(r, file, e);
    if (!on && r->feed != NULL)
        feed_stop(r);
    return 0;
}

void
roster_close_intake(struct roster *r, bool closed)
{
    if (r->closed == closed)
        return;
    r->closed = closed;
    resume(r);
}

bool
roster_intake_is_closed(const struct roster *r)
{
    return r->closed;
}
