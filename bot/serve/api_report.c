/* SPDX-License-Identifier: Apache-2.0 */
/* api_report.c - the report of a broadcast as a download. The whole journal is read for
 * it, so a worker does that, with a connection of its own that can only read: what is on
 * disk is what had been told to anybody when the question came. One at a time: it may
 * take seconds, and the threads are needed for passwords, too. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "serve/front.h"
#include "serve/report.h"

enum { REPORTS = 1 /* at a time */ };

struct job {
    struct front *front;
    struct exchange *exchange;
    struct judge *judge; /* owned reference: lives and ends on the loop */
    struct report_conf conf;
    enum report_format format;
    uint64_t broadcast;
    bool rehearsal;      /* also when it is one */
    const char *journal; /* borrowed from the server's settings */
    char lang[3];
    struct buf out;
    struct err err;
    bool failed;
};

static void
job_free(struct job *j)
{
    judge_unref(&j->judge);
    buf_fini(&j->out);
    mem_free(j);
}

static void
make(void *arg)
{
    struct job *j = arg;
    struct journal_conf conf = {.path = j->journal, .read_only = true};
    struct journal *journal = journal_sqlite_open(&conf, &j->err);
    struct report *r = journal == NULL
                           ? NULL
                           : report_read(journal, j->broadcast, j->rehearsal, &j->err);

    journal_close(&journal);
    j->failed = r == NULL || report_write(r, &j->conf, j->format, &j->out, &j->err) < 0;
    report_free(&r);
}

static void
answer(struct exchange *x, struct job *j)
{
    struct http_response *res = &x->res;

    if (j->failed) {
        http_problem_err(res, &j->err);
        return;
    }
    res->status = 200;
    res->type = report_format_type(j->format);
    res->body = j->out;
    j->out = (struct buf)BUF_INIT;
    http_header(res, "cache-control:", "no-store");
    http_header(res, "content-disposition:", "%s; filename=\"report-%" PRIu64 "-%s.%s\"",
                j->format == REPORT_HTML ? "inline" : "attachment", j->broadcast,
                report_edition_name(j->conf.edition), report_format_name(j->format));
}

static void
made(void *arg, bool cancelled)
{
    struct job *j = arg;
    struct front *f = j->front;
    struct exchange *x = j->exchange;

    f->jobs--;
    f->reports--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else
        answer(x, j);
    job_free(j);
    front_answered(f, x);
}

/* A word of the query; absent: `otherwise`. */
static struct str
word_of(const struct exchange *x, const char *name, const char *otherwise,
        struct buf *room)
{
    buf_reset(room);
    return http_query(x->req.query, name, room) ? buf_str(room) : str_from(otherwise);
}

static int
read_query(const struct front *f, const struct exchange *x, struct job *j, struct err *e)
{
    struct buf room = BUF_INIT;
    bool viewer = x->who.role == ROLE_VIEWER;
    const char *first = x->who.lang[0] != '\0'    ? x->who.lang
                        : f->conf.n_languages > 0 ? f->conf.languages[0]
                                                  : "en";
    int rc = report_edition_from_name(
        word_of(x, "edition", viewer ? "public" : "internal", &room), &j->conf.edition,
        e);

    if (rc == 0)
        rc = report_format_from_name(word_of(x, "format", "html", &room), &j->format, e);
    j->rehearsal = str_eq(word_of(x, "rehearsal", "false", &room), STR_LIT("true"));
    struct str lang = word_of(x, "lang", first, &room);
    str_copy(lang, j->lang, sizeof(j->lang));
    if (rc == 0 && !str_eq(lang, STR_LIT("kk")) && !str_eq(lang, STR_LIT("ru")) &&
        !str_eq(lang, STR_LIT("en")))
        rc = err_set(e, ERR_VALUE, "the language is kk, ru or en");
    if (rc == 0 && viewer && j->conf.edition != EDITION_PUBLIC)
        rc = err_set(e, ERR_PERM, "viewers read the public edition");
    buf_fini(&room);
    return rc;
}

static void
fill(const struct front *f, struct job *j)
{
    const struct server_conf *c = &f->conf;
    const char *title = strcmp(j->lang, "kk") == 0   ? c->title_kk
                        : strcmp(j->lang, "ru") == 0 ? c->title_ru
                                                     : c->title_en;
    if (title == NULL)
        title = c->title_ru != NULL ? c->title_ru : c->title_kk;
    j->conf.stream = title != NULL ? title : c->title_en;
    j->conf.lang = j->lang;
    j->conf.stream_id = c->stream_id;
    j->conf.made_ms = clock_wall_ms(c->clock);
    j->judge = judge_ref((struct judge *)stream_filters(c->stream));
    j->conf.n_topics = judge_topics(j->judge, &j->conf.topics);
    j->journal = c->journal_path;
}

static void
begin(struct front *f, struct exchange *x, struct job *j)
{
    struct err e = ERR_INIT;

    fill(f, j);
    if (worker_submit(f->conf.worker, make, made, j, &e) == 0) {
        f->jobs++;
        f->reports++;
        x->pending = true;
        return;
    }
    http_problem(&x->res, 503, "throttled", "%s", e.msg);
    http_header(&x->res, "retry-after:", "1");
    job_free(j);
}

void
api_report_get(struct front *f, struct exchange *x)
{
    uint64_t broadcast = 0;
    struct err e = ERR_INIT;

    if (!front_number(x, 0, &broadcast))
        return;
    if (f->reports >= REPORTS) {
        http_problem(&x->res, 429, "throttled", "another report is being made");
        http_header(&x->res, "retry-after:", "1");
        return;
    }
    struct job *j = mem_zalloc(sizeof(*j));
    j->front = f;
    j->exchange = x;
    j->broadcast = broadcast;
    if (broadcast > 0 && read_query(f, x, j, &e) == 0) {
        begin(f, x, j);
        return;
    }
    if (broadcast == 0)
        (void)err_set(&e, ERR_MISSING, "there is no such broadcast");
    http_problem_err(&x->res, &e);
    job_free(j);
}
