/* SPDX-License-Identifier: Apache-2.0 */
/* mock_http.c - an HTTP server for tests.
 *
 * One thread polls the listening socket, the connections and a pipe that wakes it. Each
 * connection carries one request; what was asked is kept as text, so that a test can look
 * for anything in it. */
#include "support/mock_http.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

enum { CONNECTIONS = 64, ANSWERS = 256, ASKED = 4096 };

struct answer {
    char *when, *headers, *body; /* owned */
    int status;
    enum mock_fault fault;
    bool used;
};

struct connection {
    int fd; /* -1: free */
    bool stream, hung;
    const struct answer *held; /* what a long poll will be answered with */
    struct buf in;
};

struct mock_http {
    pthread_mutex_t lock;
    pthread_t thread;
    int listen_fd, wake[2];
    char url[64];
    bool stop;
    struct connection connections[CONNECTIONS];
    struct answer answers[ANSWERS];
    size_t n_answers;
    char *asked[ASKED]; /* owned */
    size_t n_asked;
};

static void
hang_up(struct connection *c)
{
    close(c->fd);
    c->fd = -1;
    c->stream = c->hung = false;
    c->held = NULL;
    buf_fini(&c->in);
}

static void
send_all(int fd, const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        p += n;
        len -= (size_t)n;
    }
}

/* The answer that is due: the first unused one that fits, else the last that fits. */
static struct answer *
find_answer(struct mock_http *m, const char *request)
{
    struct answer *last = NULL;

    for (size_t i = 0; i < m->n_answers; i++) {
        struct answer *a = &m->answers[i];
        if (strncmp(request, a->when, strlen(a->when)) != 0)
            continue;
        last = a;
        if (!a->used)
            break;
    }
    if (last != NULL)
        last->used = true;
    return last;
}

static void
respond(struct connection *c, const struct answer *a)
{
    struct buf out = BUF_INIT;
    size_t len = a != NULL && a->body != NULL ? strlen(a->body) : 0;
    bool stream = a != NULL && a->fault == MOCK_STREAM;

    buf_addf(&out, "HTTP/1.1 %d X\r\n%sConnection: close\r\n",
             a != NULL ? a->status : 404,
             a != NULL && a->headers != NULL ? a->headers : "");
    if (!stream)
        buf_addf(&out, "Content-Length: %zu\r\n", len);
    buf_add_cstr(&out, "\r\n");
    if (a != NULL && a->fault == MOCK_CUT)
        len /= 2;
    if (len > 0)
        buf_add(&out, a->body, len);
    send_all(c->fd, out.data, out.len);
    buf_fini(&out);
    c->stream = stream;
    if (!stream)
        hang_up(c);
}

static void
respond_or_wait(struct connection *c, const struct answer *a)
{
    if (a != NULL && a->fault == MOCK_HANG)
        c->hung = true;
    else if (a != NULL && a->fault == MOCK_HOLD)
        c->held = a;
    else
        respond(c, a);
}

static bool
is_whole(const struct buf *in)
{
    const char *end = in->data != NULL ? strstr(in->data, "\r\n\r\n") : NULL;
    if (end == NULL)
        return false;
    const char *length = strcasestr(in->data, "content-length:");
    size_t body = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
    return in->len >= (size_t)(end - in->data) + 4 + body;
}

static void
read_some(struct mock_http *m, struct connection *c)
{
    char some[4096];
    ssize_t n = recv(c->fd, some, sizeof(some), 0);

    if (n <= 0) {
        hang_up(c);
        return;
    }
    buf_add(&c->in, some, (size_t)n);
    if (c->stream || c->hung || c->held != NULL || !is_whole(&c->in))
        return;
    if (m->n_asked < ASKED)
        m->asked[m->n_asked++] = mem_strndup(c->in.data, c->in.len);
    respond_or_wait(c, find_answer(m, c->in.data));
}

static void
accept_one(struct mock_http *m)
{
    int fd = accept(m->listen_fd, NULL, NULL);

    for (size_t i = 0; fd >= 0 && i < CONNECTIONS; i++)
        if (m->connections[i].fd < 0) {
            m->connections[i].fd = fd;
            return;
        }
    if (fd >= 0)
        close(fd);
}

static void
serve(struct mock_http *m, struct pollfd *fds)
{
    char wake[64];

    if ((fds[0].revents & POLLIN) != 0)
        accept_one(m);
    if ((fds[1].revents & POLLIN) != 0 && read(m->wake[0], wake, sizeof(wake)) < 0)
        return;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (fds[i + 2].fd >= 0 && fds[i + 2].revents != 0 &&
            m->connections[i].fd == fds[i + 2].fd)
            read_some(m, &m->connections[i]);
}

static void *
thread_main(void *arg)
{
    struct mock_http *m = arg;
    bool stop = false;

    while (!stop) {
        struct pollfd fds[CONNECTIONS + 2] = {{.fd = m->listen_fd, .events = POLLIN},
                                              {.fd = m->wake[0], .events = POLLIN}};
        pthread_mutex_lock(&m->lock);
        for (size_t i = 0; i < CONNECTIONS; i++)
            fds[i + 2] = (struct pollfd){.fd = m->connections[i].fd, .events = POLLIN};
        pthread_mutex_unlock(&m->lock);
        poll(fds, CONNECTIONS + 2, -1);
        pthread_mutex_lock(&m->lock);
        serve(m, fds);
        stop = m->stop;
        pthread_mutex_unlock(&m->lock);
    }
    return NULL;
}

static void
wake(struct mock_http *m)
{
    if (write(m->wake[1], "w", 1) != 1)
        abort();
}

struct mock_http *
mock_http_new(void)
{
    struct mock_http *m = mem_zalloc(sizeof(*m));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(at);

    for (size_t i = 0; i < CONNECTIONS; i++)
        m->connections[i].fd = -1;
    m->listen_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(m->listen_fd, (struct sockaddr *)&at, len) < 0 ||
        listen(m->listen_fd, 64) < 0 ||
        getsockname(m->listen_fd, (struct sockaddr *)&at, &len) < 0 || pipe(m->wake) < 0)
        abort();
    (void)snprintf(m->url, sizeof(m->url), "http://127.0.0.1:%u", ntohs(at.sin_port));
    pthread_mutex_init(&m->lock, NULL);
    if (pthread_create(&m->thread, NULL, thread_main, m) != 0)
        abort();
    return m;
}

void
mock_http_free(struct mock_http **mp)
{
    struct mock_http *m = *mp;

    *mp = NULL;
    if (m == NULL)
        return;
    pthread_mutex_lock(&m->lock);
    m->stop = true;
    pthread_mutex_unlock(&m->lock);
    wake(m);
    pthread_join(m->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m->connections[i].fd >= 0)
            hang_up(&m->connections[i]);
    for (size_t i = 0; i < m->n_answers; i++) {
        mem_free(m->answers[i].when);
        mem_free(m->answers[i].headers);
        mem_free(m->answers[i].body);
    }
    for (size_t i = 0; i < m->n_asked; i++)
        mem_free(m->asked[i]);
    close(m->listen_fd);
    close(m->wake[0]);
    close(m->wake[1]);
    pthread_mutex_destroy(&m->lock);
    mem_free(m);
}

const char *
mock_http_url(const struct mock_http *m)
{
    return m->url;
}

void
mock_http_answer(struct mock_http *m, const struct mock_answer *a)
{
    pthread_mutex_lock(&m->lock);
    if (m->n_answers == ANSWERS)
        abort();
    m->answers[m->n_answers++] = (struct answer){.when = mem_strdup(a->when),
                                                 .headers = mem_strdup(a->headers),
                                                 .body = mem_strdup(a->body),
                                                 .status = a->status,
                                                 .fault = a->fault};
    pthread_mutex_unlock(&m->lock);
}

void
mock_http_on(struct mock_http *m, const char *when, int status, const char *body)
{
    const struct mock_answer a = {.when = when, .status = status, .body = body};
    mock_http_answer(m, &a);
}

void
mock_http_say(struct mock_http *m, const char *text)
{
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m->connections[i].fd >= 0 && m->connections[i].stream)
            send_all(m->connections[i].fd, text, strlen(text));
    pthread_mutex_unlock(&m->lock);
}

void
mock_http_hang_up(struct mock_http *m)
{
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m->connections[i].fd >= 0)
            hang_up(&m->connections[i]);
    pthread_mutex_unlock(&m->lock);
    wake(m);
}

void
mock_http_release(struct mock_http *m)
{
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (m->connections[i].held != NULL)
            respond(&m->connections[i], m->connections[i].held);
    pthread_mutex_unlock(&m->lock);
    wake(m);
}

unsigned
mock_http_times_asked(struct mock_http *m, const char *text)
{
    unsigned n = 0;

    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < m->n_asked; i++)
        n += strstr(m->asked[i], text) != NULL;
    pthread_mutex_unlock(&m->lock);
    return n;
}

unsigned
mock_http_streams(struct mock_http *m)
{
    unsigned n = 0;

    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < CONNECTIONS; i++)
        n += m->connections[i].fd >= 0 && m->connections[i].stream;
    pthread_mutex_unlock(&m->lock);
    return n;
}

unsigned
mock_http_open(struct mock_http *m)
{
    unsigned n = 0;

    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        const struct connection *c = &m->connections[i];
        n += c->fd >= 0 && (c->stream || c->hung || c->held != NULL);
    }
    pthread_mutex_unlock(&m->lock);
    return n;
}
