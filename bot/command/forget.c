/* SPDX-License-Identifier: Apache-2.0 */
/* forget.c - retention in a stream that runs for months.
 *
 * Words that were erased must not live on in anything that was made of them: questions in
 * memory, likenesses, counts by author, half-rendered answers. The one way that is sure
 * is the one that every start takes: open the journal, erase, read what is left. So when
 * something has become too old the stream is closed and opened again, in the same
 * process, on the same port; that takes about a second, and pages come back by
 * themselves. It waits for the night and for a while without a single event. Whether
 * there is anything to erase is found out on a worker thread, by a reader of the journal
 * of its own. */
#include "command/forget.h"

#include <inttypes.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "queue/retention.h"

enum {
    DAY_MS = 86400000,
    LOOK_MS = 10 * 60 * 1000, /* between two looks; also how long it must be silent */
    NIGHT_FROM = 2,           /* hours of the stream's time zone */
    NIGHT_TO = 5,
    REST_MS = 20 * 60 * 60 * 1000 /* one survey a night */
};

/* One survey; outlives the forget that asked for it. */
struct look {
    struct forget *forget; /* NULL: it went */
    char *path;            /* owned */
    int64_t before_ms;
    struct retention_survey found;
    struct err err;
    int rc;
};

struct forget {
    struct forget_conf conf;
    struct loop_timer timer;
    struct look *look; /* borrowed; NULL: none is under way */
    uint64_t seq;      /* of the newest event at the last look */
    int64_t surveyed;  /* monotonic; 0: not yet */
    bool asked;        /* by a person: does not wait for silence */
};

int64_t
forget_before_ms(int64_t days)
{
    return clock_wall_ms(clock_system()) - days * DAY_MS;
}

static bool
is_night(void)
{
    time_t now = (time_t)(clock_wall_ms(clock_system()) / 1000);
    struct tm tm;
    return localtime_r(&now, &tm) != NULL && tm.tm_hour >= NIGHT_FROM &&
           tm.tm_hour < NIGHT_TO;
}

/* On a worker thread. */
static void
survey(void *arg)
{
    struct look *l = arg;
    const struct journal_conf conf = {.path = l->path, .read_only = true};
    struct journal *j = journal_sqlite_open(&conf, &l->err);
    bool old = false;
    l->rc = j == NULL ? -1 : journal_has_old(j, l->before_ms, &old, &l->err);
    if (l->rc == 0 && old)
        l->rc = retention_survey(j, l->before_ms, &l->found, &l->err);
    journal_close(&j);
}

static void
tell(struct forget *f, const struct look *l)
{
    uint64_t seq = queue_seq(stream_queue(f->conf.stream));
    if (l->rc < 0) {
        log_warn("forget", "what is too old cannot be found out: %s", l->err.msg);
    } else if (l->found.erasable == 0) {
        log_info("forget", "nothing is older than %lld days", (long long)f->conf.days);
    } else if (f->asked || seq == f->seq) {
        log_info("forget", "%" PRIu64 " texts are older than %lld days: closing to erase",
                 l->found.erasable, (long long)f->conf.days);
        f->conf.due(f->conf.arg);
    } else {
        f->surveyed = 0; /* somebody spoke meanwhile: later this night */
    }
    f->asked = false;
}

static void
surveyed(void *arg, bool cancelled)
{
    struct look *l = arg;
    if (l->forget != NULL) {
        l->forget->look = NULL;
        if (!cancelled)
            tell(l->forget, l);
    }
    retention_survey_fini(&l->found);
    mem_free(l->path);
    mem_free(l);
}

static void
begin(struct forget *f)
{
    struct err e = ERR_INIT;
    struct look *l;
    if (f->look != NULL)
        return;
    l = mem_zalloc(sizeof(*l));
    l->forget = f;
    l->path = mem_strdup(f->conf.journal_path);
    l->before_ms = forget_before_ms(f->conf.days);
    f->look = l;
    f->surveyed = clock_mono_ms(clock_system());
    if (worker_submit(f->conf.worker, survey, surveyed, l, &e) == 0)
        return;
    log_warn("forget", "%s", e.msg);
    surveyed(l, true);
}

static void
look(void *arg)
{
    struct forget *f = arg;
    int64_t now = clock_mono_ms(clock_system());
    uint64_t seq = queue_seq(stream_queue(f->conf.stream));
    bool rested = f->surveyed == 0 || now - f->surveyed > REST_MS;
    if (seq == f->seq && rested && is_night())
        begin(f);
    f->seq = seq;
    loop_timer_start(f->conf.loop, &f->timer, LOOK_MS, look, f);
}

struct forget *
forget_new(const struct forget_conf *conf)
{
    struct forget *f = mem_zalloc(sizeof(*f));
    f->conf = *conf;
    loop_timer_start(conf->loop, &f->timer, LOOK_MS, look, f);
    return f;
}

void
forget_now(struct forget *f)
{
    f->asked = true;
    begin(f);
}

void
forget_free(struct forget **fp)
{
    struct forget *f = *fp;
    if (f == NULL)
        return;
    *fp = NULL;
    loop_timer_stop(&f->timer);
    if (f->look != NULL)
        f->look->forget = NULL;
    mem_free(f);
}
