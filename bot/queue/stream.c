/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c - decide, append, apply, commit, tell.
 *
 * A command is decided against the newest state; its event is numbered, handed to the
 * journal's writer and applied in memory at once, so nothing is ever decided on stale
 * state. Observers render while the state is exactly as of the event and hold what they
 * rendered until the journal says that it is durable. A refused append refuses the
 * command before anything changed; a failed commit is final, because memory is then ahead
 * of the disk.
 *
 * Snapshots only shorten a restart. They are packed here, between two events, and stored
 * by the writer; never more often than SNAPSHOT_GAP_MS, since packing takes the loop's
 * time. */
#include "queue/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { MAX_OBSERVERS = 8, SNAPSHOT_GAP_MS = 15000 };

struct stream {
    struct queue *queue;           /* owned */
    struct journal *journal;       /* owned */
    struct rulebook *rulebook;     /* owned reference */
    struct judge *judge;           /* borrowed from the rulebook */
    struct judge_scratch *scratch; /* owned */
    const struct clock *clock;     /* borrowed: static */
    struct verdict verdict;        /* of the last text judged */
    const struct verdict *told;    /* of the message that is being applied */
    struct stream_observer observers[MAX_OBSERVERS];
    size_t n_observers;
    void (*failed)(void *arg, const struct err *e);
    void *arg;
    struct str first_lang;              /* borrowed from the settings */
    const struct workdays_terms *terms; /* borrowed; may be NULL */
    bool auto_forbidden;
    int auto_score;
    int64_t auto_wait_ms;
    uint64_t durable;
    int64_t snapshot_at_ms;
};

static void
maybe_snapshot(struct stream *s)
{
    int64_t now = clock_mono_ms(s->clock);

    if (!journal_wants_snapshot(s->journal) || now - s->snapshot_at_ms < SNAPSHOT_GAP_MS)
        return;
    s->snapshot_at_ms = now;
    struct buf bytes = BUF_INIT;
    queue_pack(s->queue, &bytes);
    journal_store_snapshot_take(s->journal, queue_seq(s->queue), &bytes);
    buf_fini(&bytes);
}

static void
on_durable(void *arg, uint64_t seq)
{
    struct stream *s = arg;

    s->durable = seq;
    for (size_t i = 0; i < s->n_observers; i++)
        s->observers[i].durable(s->observers[i].arg, seq);
    maybe_snapshot(s);
}

static void
on_failed(void *arg, const struct err *e)
{
    struct stream *s = arg;

    s->failed(s->arg, e);
}

static int
replay_one(void *arg, const struct event *ev)
{
    struct stream *s = arg;
    struct err e = ERR_INIT;

    if (queue_apply(s->queue, ev, &e) == 0)
        return 0;
    log_error("stream", "event %" PRIu64 " (%s) cannot be applied: %s", ev->seq,
              event_kind_name(ev->kind), e.msg);
    return 1;
}

/* A snapshot that cannot be used costs time, nothing else. */
static void
load_snapshot(struct stream *s)
{
    struct buf bytes = BUF_INIT;
    struct err e = ERR_INIT;
    uint64_t seq = 0;

    if (journal_load_snapshot(s->journal, &seq, &bytes, &e) == 0)
        s->queue = queue_unpack(journal_key(s->journal), buf_str(&bytes), &e);
    if (s->queue != NULL && queue_seq(s->queue) != seq)
        (void)err_set(&e, ERR_PARSE, "it says another number than it holds");
    else if (s->queue != NULL && seq > journal_head(s->journal).seq)
        (void)err_set(&e, ERR_PARSE, "it is newer than the journal, which was cut");
    if (e.code != ERR_NONE)
        queue_free(&s->queue);
    if (e.code != ERR_NONE)
        log_warn("stream", "snapshot not used, replaying the whole journal: %s", e.msg);
    if (s->queue == NULL)
        s->queue = queue_new(journal_key(s->journal));
    buf_fini(&bytes);
}

static int
replay(struct stream *s, struct err *e)
{
    load_snapshot(s);
    int rc = journal_read(s->journal, queue_seq(s->queue), replay_one, s, e);
    if (rc < 0)
        return err_ctx(e, "reading the journal");
    if (rc > 0)
        return err_set(e, ERR_PARSE,
                       "the journal is damaged at event %" PRIu64
                       ": run 'suraq verify' and restore a backup",
                       queue_seq(s->queue) + 1);
    s->durable = queue_seq(s->queue);
    return 0;
}

/* What a fresh start itself has to say: the first broadcast, another set of filters. */
static int
greet(struct stream *s, struct err *e)
{
    struct command open = {.kind = COMMAND_BROADCAST,
                           .broadcast_op = BROADCAST_OPEN,
                           .role = ROLE_SYSTEM,
                           .actor = STR_LIT("system")};
    struct command filters = {
        .kind = COMMAND_FILTERS, .role = ROLE_SYSTEM, .actor = STR_LIT("system")};

    if (queue_broadcast(s->queue) == NULL && stream_do(s, &open, NULL, e) < 0)
        return err_ctx(e, "opening the first broadcast");
    if (stream_do(s, &filters, NULL, e) < 0)
        return err_ctx(e, "noting the filters in force");
    return 0;
}

static int
begin_filters(struct stream *s, const struct stream_conf *conf, struct err *e)
{
    s->rulebook = conf->filters(conf->arg, s->queue, e);
    if (s->rulebook == NULL)
        return -1;
    s->judge = rulebook_judge(s->rulebook);
    return 0;
}

static void
erase_rehearsal(struct stream *s)
{
    struct queue_span span = queue_rehearsed(s->queue);

    if (span.to != 0)
        journal_erase_span(s->journal, span.from, span.to);
}

struct stream *
stream_open(const struct stream_conf *conf, struct err *e)
{
    struct stream *s = mem_zalloc(sizeof(*s));
    struct journal_watch watch = {.durable = on_durable, .failed = on_failed, .arg = s};

    s->journal = conf->journal;
    s->scratch = judge_scratch_new();
    s->clock = conf->clock;
    s->failed = conf->failed;
    s->arg = conf->arg;
    s->first_lang = str_from(conf->first_lang);
    s->terms = conf->terms;
    s->auto_forbidden = conf->auto_forbidden;
    s->auto_score = conf->auto_score;
    s->auto_wait_ms = conf->auto_wait_ms;
    s->snapshot_at_ms = clock_mono_ms(s->clock);
    if (replay(s, e) < 0 || begin_filters(s, conf, e) < 0 ||
        journal_start(s->journal, &conf->post, &watch, e) < 0 || greet(s, e) < 0)
        stream_close(&s);
    else
        erase_rehearsal(s); /* the last run may have ended before it had done that */
    return s;
}

void
stream_close(struct stream **sp)
{
    struct stream *s = *sp;

    if (s == NULL)
        return;
    *sp = NULL;
    if (s->queue != NULL && queue_seq(s->queue) > 0 && s->durable > 0) {
        struct buf bytes = BUF_INIT;
        queue_pack(s->queue, &bytes);
        journal_store_snapshot_take(s->journal, queue_seq(s->queue), &bytes);
        buf_fini(&bytes);
    }
    journal_close(&s->journal);
    queue_free(&s->queue);
    judge_scratch_free(&s->scratch);
    rulebook_unref(&s->rulebook);
    mem_free(s);
}

void
stream_observe(struct stream *s, const struct stream_observer *o)
{
    assert(s->n_observers < MAX_OBSERVERS);
    s->observers[s->n_observers++] = *o;
}

void
stream_unobserve(struct stream *s, const void *arg)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n_observers; i++) {
        if (s->observers[i].arg != arg)
            s->observers[kept++] = s->observers[i];
    }
    s->n_observers = kept;
}

int
stream_do(struct stream *s, struct command *cmd, uint64_t *seq, struct err *e)
{
    struct event ev = EVENT_INIT;
    struct err bug = ERR_INIT;

    cmd->at_ms = clock_wall_ms(s->clock);
    cmd->filters = judge_version(s->judge);
    cmd->first_lang = s->first_lang;
    cmd->terms = s->terms;
    cmd->auto_forbidden = s->auto_forbidden;
    cmd->auto_score = s->auto_score;
    cmd->auto_wait_ms = s->auto_wait_ms;
    int rc = queue_decide(s->queue, cmd, &ev, e);
    if (rc == 0)
        rc = journal_append(s->journal, &ev, e);
    if (rc == 0) {
        /* Decided against this very state: failing here is a bug, not an input. */
        int applied = queue_apply(s->queue, &ev, &bug);
        if (applied < 0)
            log_error("stream", "event %" PRIu64 ": %s", ev.seq, bug.msg);
        assert(applied == 0);
        for (size_t i = 0; i < s->n_observers; i++)
            s->observers[i].applied(s->observers[i].arg, &ev);
        if (queue_rehearsed(s->queue).to == ev.seq)
            erase_rehearsal(s);
    }
    if (seq != NULL)
        *seq = queue_seq(s->queue);
    event_fini(&ev);
    return rc;
}

/* What the disk has no room for now comes with the next call. */
void
stream_auto_queue(struct stream *s)
{
    struct command cmd = {.kind = COMMAND_ACT,
                          .act = EVENT_APPROVE,
                          .role = ROLE_SYSTEM,
                          .actor = STR_LIT("system")};
    struct err e = ERR_INIT;
    int rc = 0;

    while (rc == 0 && (cmd.n = queue_auto_due(s->queue, clock_wall_ms(s->clock))) != 0) {
        cmd.version = queue_find(s->queue, cmd.n)->version;
        rc = stream_do(s, &cmd, NULL, &e);
    }
    if (rc < 0)
        log_warn("stream", "question %" PRIu64 " does not queue itself yet: %s", cmd.n,
                 e.msg);
}

const struct verdict *
stream_judge(struct stream *s, struct str text)
{
    judge_text(s->judge, s->scratch, text, &s->verdict);
    return &s->verdict;
}

int
stream_message(struct stream *s, struct str source, const struct message *m,
               uint64_t *seq, struct err *e)
{
    char actor[BOUNDS_SOURCE_NAME + sizeof("source:")];
    int len = snprintf(actor, sizeof(actor), "source:%.*s", STR_ARG(source));

    struct command cmd = {
        .kind = COMMAND_MESSAGE,
        .role = ROLE_SYSTEM,
        .actor = utf8_prefix((struct str){actor, (size_t)len}, sizeof(actor) - 1),
        .source = source,
        .message = m,
    };
    if (m->kind == MESSAGE_CHAT) {
        cmd.verdict = stream_judge(s, m->text);
        if (m->repaired && s->verdict.held == NULL)
            s->verdict.held = "bad_text";
    }
    s->told = cmd.verdict;
    int rc = stream_do(s, &cmd, seq, e);
    s->told = NULL;
    return rc;
}

int
stream_set_filters(struct stream *s, struct rulebook *r, struct command *edit,
                   uint64_t *seq, struct err *e)
{
    struct command cmd = {
        .kind = COMMAND_FILTERS, .role = ROLE_SYSTEM, .actor = STR_LIT("system")};

    s->judge = rulebook_judge(r);
    int rc = edit == NULL ? 1 : stream_do(s, edit, seq, e);
    if (rc == 1)
        rc = stream_do(s, &cmd, seq, e);
    if (rc < 0) {
        s->judge = rulebook_judge(s->rulebook);
        return err_ctx(e, "putting the new filters in force");
    }
    struct rulebook *old = s->rulebook;
    s->rulebook = rulebook_ref(r);
    rulebook_unref(&old);
    return rc;
}

struct rulebook *
stream_rulebook(const struct stream *s)
{
    return s->rulebook;
}

const struct verdict *
stream_verdict(const struct stream *s)
{
    return s->told;
}

const struct judge *
stream_filters(const struct stream *s)
{
    return s->judge;
}

const struct queue *
stream_queue(const struct stream *s)
{
    return s->queue;
}

uint64_t
stream_durable(const struct stream *s)
{
    return s->durable;
}

struct journal *
stream_journal(struct stream *s)
{
    return s->journal;
}

struct journal_head
stream_head(const struct stream *s)
{
    return journal_head(s->journal);
}
