/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c - HTTP as a client, off the loop thread.
 *
 * One thread owns the curl multi handle and every easy handle in it. The loop thread
 * talks to it through flags of a request, under one lock, and a wake-up; it talks back
 * through the mailbox. What a stream brings gathers in the request's inbox until the loop
 * thread takes it; an inbox that is full, because the reader is slow or paused, pauses
 * the transfer, and the platform's server waits in turn. A request belongs to the thread
 * until it is finished and to the loop thread from then on, which frees it: so a request
 * that nobody wants any more never points at freed memory. */
#include "loop/fetch.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "base/bounds.h"
#include "base/list.h"
#include "base/mem.h"

struct fetch {
    struct list node; /* in fetcher->all */
    struct fetcher *fetcher;
    struct fetch_events on;
    /* Set up by the loop thread, then the thread's. */
    CURL *easy;                 /* owned */
    struct curl_slist *headers; /* owned */
    struct buf body;            /* of the request */
    size_t cap;
    bool started, over_cap;
    char words[CURL_ERROR_SIZE];
    /* The thread's until it is finished. */
    struct buf answer, answer_headers;
    int status;
    const char *code;
    struct err err;
    /* Shared, under the lock. */
    struct buf inbox; /* of a stream: come, not yet taken */
    bool posted;      /* a letter is under way */
    bool paused;      /* the reader wants no more for now */
    bool held;        /* the transfer waits for room in the inbox */
    bool dropped;     /* nobody wants it any more */
    bool finished;
};

struct fetcher {
    pthread_mutex_t lock;
    struct list all; /* of struct fetch */
    size_t n;
    bool attend; /* some request's flags changed */
    bool stop;
    CURLM *multi;            /* owned */
    struct mailbox *mailbox; /* borrowed */
    pthread_t thread;
};

/* --- on both threads */

static void
fetch_free(struct fetch *f)
{
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(f->headers);
    buf_fini(&f->body);
    buf_fini(&f->answer);
    buf_fini(&f->answer_headers);
    buf_fini(&f->inbox);
    mem_free(f);
}

/* The loop thread's part: what came, then, at the end, what came of it. */
static void
hand_over(void *arg)
{
    struct fetch *f = arg;
    struct fetcher *owner = f->fetcher;
    struct buf pieces = BUF_INIT;
    bool finished = false;

    pthread_mutex_lock(&owner->lock);
    f->posted = false;
    if (!f->paused || f->dropped) {
        struct buf empty = BUF_INIT;
        pieces = f->inbox;
        f->inbox = empty;
        finished = f->finished;
        owner->attend |= f->held;
    }
    if (finished) { /* out of the thread's sight in the same breath */
        list_remove(&f->node);
        owner->n--;
    }
    bool wake = owner->attend;
    pthread_mutex_unlock(&owner->lock);
    if (wake)
        curl_multi_wakeup(owner->multi);
    if (pieces.len > 0 && !f->dropped)
        f->on.piece(f->on.arg, buf_str(&pieces));
    buf_fini(&pieces);
    if (!finished)
        return;
    const struct fetch_answer a = {.status = f->status,
                                   .code = f->code,
                                   .err = f->err,
                                   .body = buf_str(&f->answer),
                                   .headers = buf_str(&f->answer_headers)};
    if (!f->dropped)
        f->on.done(f->on.arg, &a);
    fetch_free(f);
}

/* --- on the thread */

/* A full mailbox only delays, it never loses. */
static void
send_letter(struct fetch *f)
{
    struct err full = ERR_INIT;
    const struct timespec moment = {.tv_nsec = 1000000};
    struct fetcher *owner = f->fetcher;
    bool stop = false;

    while (!stop && mailbox_post(owner->mailbox, hand_over, f, &full) < 0) {
        pthread_mutex_lock(&owner->lock);
        stop = owner->stop;
        pthread_mutex_unlock(&owner->lock);
        nanosleep(&moment, NULL);
    }
}

/* Calls the loop thread. `finished` is set in the same breath: a letter that is under way
 * already may be the one that frees. */
static void
post(struct fetch *f, bool finished)
{
    pthread_mutex_lock(&f->fetcher->lock);
    bool needed = !f->posted;
    f->posted = true;
    f->finished |= finished;
    pthread_mutex_unlock(&f->fetcher->lock);
    if (needed)
        send_letter(f);
}

static bool
is_delivered(struct fetch *f)
{
    long status = 0;

    curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    return f->on.piece != NULL && status >= 200 && status <= 299;
}

static size_t
on_body(char *data, size_t one, size_t len, void *arg)
{
    struct fetch *f = arg;
    struct fetcher *owner = f->fetcher;

    (void)one;
    if (!is_delivered(f)) {
        f->over_cap = f->answer.len + len > f->cap;
        if (!f->over_cap)
            buf_add(&f->answer, data, len);
        return f->over_cap ? 0 : len;
    }
    pthread_mutex_lock(&owner->lock);
    f->held = f->inbox.len > 0 && f->inbox.len + len > f->cap;
    if (!f->held)
        buf_add(&f->inbox, data, len);
    bool held = f->held;
    pthread_mutex_unlock(&owner->lock);
    if (held)
        return CURL_WRITEFUNC_PAUSE;
    post(f, false);
    return len;
}

static size_t
on_header(char *data, size_t one, size_t len, void *arg)
{
    struct fetch *f = arg;
    struct str line = {.p = data, .len = len * one};

    if (str_has_prefix(line, STR_LIT("HTTP/")))
        buf_reset(&f->answer_headers); /* of an interim answer, or a proxy's */
    else if (f->answer_headers.len + line.len <= BOUNDS_HEADERS)
        buf_add_str(&f->answer_headers, line);
    return len * one;
}

static const char *
code_of(const struct fetch *f, CURLcode rc)
{
    if (f->over_cap)
        return "limit";
    if (rc == CURLE_OK)
        return "";
    if (rc == CURLE_COULDNT_RESOLVE_HOST || rc == CURLE_COULDNT_RESOLVE_PROXY)
        return "dns";
    if (rc == CURLE_COULDNT_CONNECT)
        return "refused";
    if (rc == CURLE_OPERATION_TIMEDOUT)
        return "silent";
    if (rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CONNECT_ERROR ||
        rc == CURLE_SSL_CACERT_BADFILE || rc == CURLE_SSL_CERTPROBLEM)
        return "tls";
    return "closed";
}

static void
describe(struct fetch *f, CURLcode rc)
{
    if (f->over_cap)
        (void)err_set(&f->err, ERR_LIMIT, "the answer is longer than %zu bytes", f->cap);
    else if (rc != CURLE_OK)
        (void)err_set(&f->err, ERR_IO, "%s",
                      f->words[0] != '\0' ? f->words : curl_easy_strerror(rc));
}

static void
finish(struct fetch *f, CURLcode rc)
{
    struct fetcher *owner = f->fetcher;
    long status = 0;

    curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(owner->multi, f->easy);
    f->status = rc == CURLE_OK && !f->over_cap ? (int)status : 0;
    f->code = code_of(f, rc);
    describe(f, rc);
    post(f, true);
}

/* What the loop thread wants of one request. */
static void
attend_one(struct fetch *f, bool dropped, bool go_on, bool waits)
{
    if (dropped && !f->finished) {
        finish(f, f->started ? CURLE_ABORTED_BY_CALLBACK : CURLE_OK);
    } else if (dropped) {
        post(f, false);
    } else if (!f->started) {
        f->started = true;
        if (curl_multi_add_handle(f->fetcher->multi, f->easy) != CURLM_OK)
            finish(f, CURLE_OUT_OF_MEMORY);
    } else {
        if (waits)
            post(f, false);
        if (go_on)
            curl_easy_pause(f->easy, CURLPAUSE_CONT);
    }
}

/* One whose flags say that something is to be done. The list grows at its end and is
 * shortened by the loop thread alone, which waits for finished ones only. */
static void
attend(struct fetcher *owner)
{
    pthread_mutex_lock(&owner->lock);
    bool due = owner->attend;
    owner->attend = false;
    struct list *node = owner->all.next;
    while (due && node != &owner->all) {
        struct fetch *f = LIST_ENTRY(node, struct fetch, node);
        bool waits = !f->paused && !f->posted && (f->inbox.len > 0 || f->finished);
        bool go_on = f->held && f->inbox.len == 0 && !f->finished;
        bool dropped = f->dropped && !f->posted;
        bool needed = waits || go_on || dropped || (!f->started && !f->finished);
        if (go_on)
            f->held = false;
        node = node->next;
        if (!needed)
            continue;
        /* While unlocked, `f` stays: it leaves the list by a letter that only this thread
         * writes. Its successor may leave, so the walk begins again. */
        pthread_mutex_unlock(&owner->lock);
        attend_one(f, dropped, go_on, waits);
        pthread_mutex_lock(&owner->lock);
        node = owner->all.next;
    }
    pthread_mutex_unlock(&owner->lock);
}

static void
reap(struct fetcher *owner)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(owner->multi, &left)) != NULL) {
        struct fetch *f = NULL;
        if (msg->msg != CURLMSG_DONE)
            continue;
        CURLcode rc = msg->data.result; /* before `msg` goes with its handle */
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &f);
        finish(f, rc);
    }
}

static void *
thread_main(void *arg)
{
    struct fetcher *owner = arg;
    bool stop = false;

    while (!stop) {
        int running;
        attend(owner);
        curl_multi_perform(owner->multi, &running);
        reap(owner);
        pthread_mutex_lock(&owner->lock);
        stop = owner->stop;
        bool due = owner->attend;
        pthread_mutex_unlock(&owner->lock);
        if (!stop && !due)
            curl_multi_poll(owner->multi, NULL, 0, 1000, NULL);
    }
    return NULL;
}

/* --- on the loop thread */

static void
init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct fetcher *
fetcher_new(struct mailbox *m, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct fetcher *owner = mem_zalloc(sizeof(*owner));
    sigset_t all, old;

    pthread_once(&once, init_curl);
    pthread_mutex_init(&owner->lock, NULL);
    list_init(&owner->all);
    owner->mailbox = m;
    owner->multi = curl_multi_init();
    sigfillset(&all); /* signals are the loop thread's business */
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(&owner->thread, NULL, thread_main, owner);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (rc == 0)
        return owner;
    curl_multi_cleanup(owner->multi);
    pthread_mutex_destroy(&owner->lock);
    mem_free(owner);
    (void)err_set(e, ERR_SYSTEM, "the thread for HTTP requests cannot be started");
    return NULL;
}

size_t
fetcher_count(struct fetcher *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->n;
    pthread_mutex_unlock(&f->lock);
    return n;
}

void
fetcher_free(struct fetcher **fp)
{
    struct fetcher *owner = *fp;

    *fp = NULL;
    if (owner == NULL)
        return;
    pthread_mutex_lock(&owner->lock);
    owner->stop = true;
    LIST_FOREACH (node, &owner->all)
        LIST_ENTRY(node, struct fetch, node)->dropped = true;
    pthread_mutex_unlock(&owner->lock);
    curl_multi_wakeup(owner->multi);
    pthread_join(owner->thread, NULL);
    while (mailbox_drain(owner->mailbox, 64)) /* letters that name one of them */
        continue;
    LIST_FOREACH (node, &owner->all) {
        struct fetch *f = LIST_ENTRY(node, struct fetch, node);
        curl_multi_remove_handle(owner->multi, f->easy);
        fetch_free(f);
    }
    curl_multi_cleanup(owner->multi);
    pthread_mutex_destroy(&owner->lock);
    mem_free(owner);
}

static int
check(const struct fetch_request *r, struct err *e)
{
    struct str url = str_from(r->url);

    if (!str_has_prefix(url, STR_LIT("http://")) &&
        !str_has_prefix(url, STR_LIT("https://")))
        return err_set(e, ERR_VALUE, "an address must begin with http:// or https://");
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.p[i] <= ' ')
            return err_set(e, ERR_VALUE,
                           "the address has a space or a control character");
    for (size_t i = 0; i < r->n_headers; i++)
        if (strpbrk(r->headers[i], "\r\n") != NULL)
            return err_set(e, ERR_VALUE, "a header has a line end in it");
    return 0;
}

static void
set_addresses(CURL *easy, const struct fetch_request *r)
{
    curl_easy_setopt(easy, CURLOPT_URL, r->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (r->proxy != NULL)
        curl_easy_setopt(easy, CURLOPT_PROXY, r->proxy);
    if (r->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, r->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static void
set_limits(CURL *easy, const struct fetch_request *r)
{
    enum { CONNECT_MS = 15000 };

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)r->total_ms);
    if (r->idle_ms > 0) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((r->idle_ms + 999) / 1000));
    }
}

static void
set_content(struct fetch *f, const struct fetch_request *r)
{
    CURL *easy = f->easy;

    for (size_t i = 0; i < r->n_headers; i++)
        f->headers = curl_slist_append(f->headers, r->headers[i]);
    f->headers = curl_slist_append(f->headers, "Expect:"); /* no round trip to be asked */
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, f->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "suraq/" SURAQ_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    bool has_body =
        r->body.len > 0 || (r->method != NULL && strcmp(r->method, "POST") == 0);
    if (has_body) {
        buf_add_str(&f->body, r->body);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)f->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, f->body.len > 0 ? f->body.data : "");
    }
    if (r->method != NULL && (!has_body || strcmp(r->method, "POST") != 0))
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, r->method);
}

static void
set_up(struct fetch *f, const struct fetch_request *r)
{
    CURL *easy = f->easy = curl_easy_init();

    set_addresses(easy, r);
    set_limits(easy, r);
    set_content(f, r);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, f);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, f->words);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, f);
}

struct fetch *
fetch_start(struct fetcher *owner, const struct fetch_request *r,
            const struct fetch_events *on, struct err *e)
{
    if (check(r, e) < 0)
        return NULL;
    pthread_mutex_lock(&owner->lock);
    bool full = owner->n >= BOUNDS_FETCHES;
    pthread_mutex_unlock(&owner->lock);
    if (full) {
        (void)err_set(e, ERR_LIMIT, "more than %d requests are under way",
                      BOUNDS_FETCHES);
        return NULL;
    }
    struct fetch *f = mem_zalloc(sizeof(*f));
    f->fetcher = owner;
    f->on = *on;
    f->code = "";
    f->cap = r->cap > 0 ? r->cap : BOUNDS_FETCH_BODY;
    set_up(f, r);
    pthread_mutex_lock(&owner->lock);
    list_add_tail(&owner->all, &f->node);
    owner->n++;
    owner->attend = true;
    pthread_mutex_unlock(&owner->lock);
    curl_multi_wakeup(owner->multi);
    return f;
}

void
fetch_cancel(struct fetch **fp)
{
    struct fetch *f = *fp;

    *fp = NULL;
    if (f == NULL)
        return;
    pthread_mutex_lock(&f->fetcher->lock);
    f->dropped = true;
    f->fetcher->attend = true;
    pthread_mutex_unlock(&f->fetcher->lock);
    curl_multi_wakeup(f->fetcher->multi);
}

void
fetch_pause(struct fetch *f, bool paused)
{
    pthread_mutex_lock(&f->fetcher->lock);
    f->paused = paused;
    f->fetcher->attend = true;
    pthread_mutex_unlock(&f->fetcher->lock);
    curl_multi_wakeup(f->fetcher->multi);
}

/* --- reading an answer, writing an address */

struct str
fetch_header(const struct fetch_answer *a, const char *name)
{
    struct str rest = a->headers, line;

    while (str_split(&rest, '\n', &line)) {
        struct str value = line, key;
        if (str_split(&value, ':', &key) && str_eq_ascii_nocase(key, str_from(name)))
            return str_trim(value);
    }
    return STR_NONE;
}

int64_t
fetch_retry_after_ms(const struct fetch_answer *a, int64_t wall_ms)
{
    enum { DAY_S = 86400 };
    struct str value = fetch_header(a, "retry-after");
    struct err not_a_number = ERR_INIT;
    char date[64];
    uint64_t seconds;

    if (value.len == 0)
        return -1;
    if (str_to_u64(value, DAY_S, &seconds, &not_a_number) == 0)
        return (int64_t)seconds * 1000;
    str_copy(value, date, sizeof(date));
    time_t at = curl_getdate(date, NULL);
    if (at < 0 || (int64_t)at - wall_ms / 1000 > DAY_S)
        return -1;
    return (int64_t)at * 1000 > wall_ms ? (int64_t)at * 1000 - wall_ms : 0;
}

void
fetch_add_query(struct buf *url, const char *name, struct str value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~,";
    bool first = url->len == 0 || memchr(url->data, '?', url->len) == NULL;

    buf_addf(url, "%c%s=", first ? '?' : '&', name);
    for (size_t i = 0; i < value.len; i++) {
        if (memchr(plain, value.p[i], sizeof(plain) - 1) != NULL)
            buf_add_char(url, value.p[i]);
        else
            buf_addf(url, "%%%02X", (unsigned char)value.p[i]);
    }
}
