/* SPDX-License-Identifier: Apache-2.0 */
/* run.c - `suraq run`: puts one process together and serves until SIGTERM.
 *
 * The order of opening is the order of the flow: settings, filters, journal and state,
 * sources, pages; then the one line on stdout that says where. It is taken down the other
 * way round: the pages first, so that nobody is told anything that is not on disk. SIGHUP
 * builds the filters anew on a worker thread; a set that does not load leaves the running
 * one. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "command/answers.h"
#include "command/commands.h"
#include "command/facts.h"
#include "command/filter_reload.h"
#include "command/filter_set.h"
#include "command/forget.h"
#include "command/options.h"
#include "command/outward.h"
#include "command/roster.h"
#include "loop/fetch.h"
#include "loop/loop.h"
#include "loop/worker.h"
#include "queue/archive.h"
#include "queue/edits.h"
#include "queue/retention.h"
#include "queue/stream.h"
#include "serve/accounts.h"
#include "serve/server.h"

enum {
    WORKERS = 3,
    JOBS = 256,
    HEAD_MS = 60000,
    DISK_MS = 5000,
    GOODBYE_MS = 2000,
    STATUS_AGAIN = -1 /* of the loop: close, erase what is too old, and go on */
};

struct process {
    struct settings *settings; /* owned, like all below */
    struct workdays *calendar;
    struct workdays_terms terms;
    struct loop *loop;
    struct worker *worker;
    struct fetcher *fetcher;
    struct archive *archive;
    struct stream *stream;
    struct roster *roster;
    struct outward *outward;
    struct server *server;
    struct forget *forget;
    struct answers answers; /* to what the pages ask */
    char *accounts_path;
    struct loop_timer head, disk, goodbye;
    struct filter_reload filters;
    bool bad_filters; /* none to begin with */
};

/* --- the journal */

static void
post(void *ctx, void (*fn)(void *arg), void *arg)
{
    struct err e = ERR_INIT;

    /* The journal has at most one call under way: the mailbox has room for it. */
    if (mailbox_post(loop_mailbox(ctx), fn, arg, &e) < 0)
        log_error("run", "the journal cannot reach the loop: %s", e.msg);
}

static void
journal_failed(void *arg, const struct err *e)
{
    struct process *p = arg;

    if (!p->answers.failed)
        log_error("run", "ending, because %s", e->msg);
    p->answers.failed = true;
    loop_stop(p->loop, EXIT_RUNTIME);
}

static void
log_head(void *arg)
{
    struct process *p = arg;
    struct buf text = BUF_INIT;
    struct journal_head head = stream_head(p->stream);

    journal_head_write(&head, &text);
    log_info("journal", "head %s", text.data);
    buf_fini(&text);
    loop_timer_start(p->loop, &p->head, HEAD_MS, log_head, p);
}

/* --- the disk */

static void
look_at_disk(void *arg)
{
    struct process *p = arg;
    uint64_t left = facts_free(p->settings->journal_path);
    bool low = left < (uint64_t)p->settings->min_free;

    if (low != p->answers.disk_low) {
        log_warn("run", low ? "the disk is nearly full: chat intake stops"
                            : "there is room on the disk again: chat intake goes on");
        p->answers.disk_low = low;
        roster_close_intake(p->roster, low);
        server_changed(p->server);
    }
    loop_timer_start(p->loop, &p->disk, DISK_MS, look_at_disk, p);
}

/* --- what the chats tell */

static void
source_changed(void *arg, struct source *s)
{
    const struct process *p = arg;

    (void)s;
    if (p->server != NULL)
        server_changed(p->server);
}

static void
line_sent(void *arg, struct source *s, const struct source_receipt *r)
{
    const struct process *p = arg;

    outward_sent(p->outward, s, r);
}

/* --- the filters */

static struct rulebook *
first_rulebook(void *arg, const struct queue *q, struct err *e)
{
    struct process *p = arg;
    struct rulebook *r =
        filter_set_first(p->settings->filters, p->settings->n_filters, q, e);

    p->bad_filters = r == NULL;
    return r;
}

static void
reload(void *arg)
{
    struct process *p = arg;

    filter_reload(&p->filters);
}

/* --- putting it together */

/* What retention has ended for goes before anything is read. */
static int
erase_old(struct journal *journal, int64_t days, struct err *e)
{
    int64_t before_ms = forget_before_ms(days);
    uint64_t erased = 0;
    bool old;

    if (journal_has_old(journal, before_ms, &old, e) < 0 ||
        (old && retention_erase(journal, before_ms, &erased, e) < 0))
        return err_ctx(e, "erasing what is older than %lld days", (long long)days);
    if (erased > 0)
        log_info("journal", "%" PRIu64 " texts older than %lld days erased", erased,
                 (long long)days);
    return 0;
}

static void
close_and_erase(void *arg)
{
    struct process *p = arg;

    loop_stop(p->loop, STATUS_AGAIN);
}

static void
erase_now(void *arg)
{
    struct process *p = arg;

    if (p->forget != NULL)
        forget_now(p->forget);
}

static int
open_stream(struct process *p, struct err *e)
{
    const struct settings *s = p->settings;
    struct journal_conf jc = {.path = s->journal_path};

    struct journal *journal = journal_sqlite_open(&jc, e);
    if (journal != NULL && erase_old(journal, s->text_days, e) < 0)
        journal_close(&journal);
    if (journal != NULL) {
        struct stream_conf conf = {
            .journal = journal,
            .filters = first_rulebook,
            .clock = clock_system(),
            .post = {.post = post, .ctx = p->loop},
            .failed = journal_failed,
            .arg = p,
            .terms = &p->terms,
            .first_lang = s->languages[0],
            .auto_forbidden = !s->auto_allowed,
            .auto_score = (int)s->auto_score,
            .auto_wait_ms = s->auto_wait_ms,
        };
        p->stream = stream_open(&conf, e);
    }
    if (p->bad_filters)
        return EXIT_SETTINGS;
    if (p->stream != NULL)
        p->archive = archive_open(s->journal_path, stream_durable(p->stream), e);
    return p->archive == NULL ? EXIT_RUNTIME : EXIT_DONE;
}

static int
open_server(struct process *p, struct err *e)
{
    const struct settings *s = p->settings;
    struct server_conf conf = {
        .listen = s->listen,
        .tls_cert = s->tls_cert,
        .tls_key = s->tls_key,
        .public_url = s->public_url,
        .trusted_proxies = (const char *const *)s->trusted_proxies,
        .n_trusted_proxies = s->n_trusted_proxies,
        .stream_id = s->stream_id,
        .title_kk = s->title_kk,
        .title_ru = s->title_ru,
        .title_en = s->title_en,
        .timezone = s->timezone,
        .languages = (const char *const *)s->languages,
        .n_languages = s->n_languages,
        .accounts_path = p->accounts_path,
        .journal_path = s->journal_path,
        .session_idle_ms = s->session_idle_ms,
        .session_absolute_ms = s->session_absolute_ms,
        .loop = p->loop,
        .worker = p->worker,
        .stream = p->stream,
        .archive = p->archive,
        .terms = &p->terms,
        .clock = clock_system(),
    };

    answers_connect(&p->answers, &conf);
    p->server = p->answers.server = server_open(&conf, e);
    return p->server == NULL ? -1 : 0;
}

/* Terms of what is owed; a calendar that cannot be read is a mistake in the settings. */
static int
open_calendar(struct process *p, struct err *e)
{
    const struct settings *s = p->settings;

    p->calendar = workdays_open(s->calendar, e);
    p->terms = (struct workdays_terms){.answer_days = (unsigned)s->answer_days,
                                       .forward_days = (unsigned)s->forward_days,
                                       .calendar = p->calendar};
    return p->calendar == NULL ? err_ctx(e, "register.calendar") : 0;
}

static int
open_all(struct process *p, struct err *e)
{
    const struct loop_handlers on = {.hangup = reload, .user1 = erase_now, .arg = p};
    enum log_level level = LOG_INFO;

    if (log_level_from_name(p->settings->log_level, &level, e) < 0)
        return EXIT_SETTINGS;
    log_set_level(level);
    if (open_calendar(p, e) < 0)
        return EXIT_SETTINGS;
    p->loop = loop_new(e);
    if (p->loop == NULL || loop_signals(p->loop, &on, e) < 0)
        return EXIT_RUNTIME;
    p->worker = worker_new(loop_mailbox(p->loop), WORKERS, JOBS, e);
    if (p->worker == NULL)
        return EXIT_RUNTIME;
    p->fetcher = fetcher_new(loop_mailbox(p->loop), e);
    if (p->fetcher == NULL)
        return EXIT_RUNTIME;
    int status = open_stream(p, e);
    if (status != EXIT_DONE)
        return status;
    p->filters = (struct filter_reload){
        .settings = p->settings, .stream = p->stream, .worker = p->worker};
    struct roster_conf rc = {.loop = p->loop,
                             .worker = p->worker,
                             .fetcher = p->fetcher,
                             .stream = p->stream,
                             .settings = p->settings,
                             .changed = source_changed,
                             .sent = line_sent,
                             .arg = p};
    p->roster = roster_new(&rc, e);
    if (p->roster == NULL)
        return EXIT_SETTINGS;
    struct outward_conf oc = {p->loop, p->fetcher, p->stream, p->settings, p->roster};
    p->outward = outward_new(&oc, e);
    if (p->outward == NULL)
        return EXIT_SETTINGS;
    struct forget_conf fc = {.loop = p->loop,
                             .worker = p->worker,
                             .stream = p->stream,
                             .journal_path = p->settings->journal_path,
                             .days = p->settings->text_days,
                             .due = close_and_erase,
                             .arg = p};
    p->forget = forget_new(&fc);
    p->answers.settings = p->settings;
    p->answers.calendar = p->calendar;
    p->answers.stream = p->stream;
    p->answers.roster = p->roster;
    p->answers.outward = p->outward;
    p->accounts_path = accounts_path_beside(p->settings->journal_path);
    return open_server(p, e) < 0 ? EXIT_RUNTIME : EXIT_DONE;
}

static void
give_up_waiting(void *arg)
{
    bool *late = arg;

    *late = true;
}

/* Lets answers that are on their way go out, for a while. */
static void
say_goodbye(struct process *p)
{
    bool late = false;

    if (p->server == NULL)
        return;
    server_close(p->server);
    loop_timer_start(p->loop, &p->goodbye, GOODBYE_MS, give_up_waiting, &late);
    while (!server_is_closed(p->server) && !late && !p->answers.failed)
        loop_turn(p->loop);
    loop_timer_stop(&p->goodbye);
}

static void
close_all(struct process *p)
{
    loop_timer_stop(&p->head);
    loop_timer_stop(&p->disk);
    forget_free(&p->forget);
    say_goodbye(p);
    outward_free(&p->outward);
    roster_free(&p->roster);
    fetcher_free(&p->fetcher);
    worker_free(&p->worker);
    stream_close(&p->stream);
    archive_close(&p->archive);
    loop_free(&p->loop); /* tells the server of every socket that goes with it */
    server_free(&p->server);
    workdays_free(&p->calendar);
    mem_free(p->accounts_path);
}

/* The port that was found for us is ours as long as the program runs. */
static void
keep_address(struct settings *s, const struct server *server)
{
    const char *url = server_url(server);
    const char *host = strstr(url, "://");

    if (host == NULL || strncmp(s->listen, "unix:", 5) == 0)
        return;
    mem_free(s->listen);
    s->listen = mem_strndup(host + 3, strcspn(host + 3, "/"));
}

static int
serve(struct settings *settings, bool first)
{
    struct process p = {.settings = settings};
    struct err e = ERR_INIT;
    int status = open_all(&p, &e);

    if (status != EXIT_DONE) {
        (void)options_fail("run", &e, status);
    } else {
        log_head(&p);
        look_at_disk(&p);
        roster_start(p.roster);
        if (first)
            printf("ready %s\n", server_url(p.server));
        (void)fflush(stdout);
        keep_address(settings, p.server);
        status = loop_run(p.loop);
    }
    close_all(&p);
    return status;
}

static int
exec_run(int argc, char **argv)
{
    const char *config = NULL;
    int c;

    while ((c = getopt(argc, argv, "c:")) != -1) {
        if (c != 'c')
            return options_usage(&command_run);
        config = optarg;
    }
    if (optind != argc)
        return options_usage(&command_run);
    struct settings *s = options_settings(config);
    if (s == NULL)
        return EXIT_SETTINGS;
    options_timezone(s);
    int status = serve(s, true);
    while (status == STATUS_AGAIN)
        status = serve(s, false);
    settings_free(&s);
    return status;
}

const struct subcommand command_run = {
    .name = "run",
    .args = "[-c FILE]",
    .summary = "attach to the chats and serve the pages",
    .help = "Serves until SIGTERM. Writes one line to stdout, 'ready http://HOST:PORT/', "
            "when it does; the\n"
            "log goes to stderr. SIGHUP reads the filters anew.",
    .exec = exec_run,
};
