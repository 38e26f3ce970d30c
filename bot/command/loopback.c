/* SPDX-License-Identifier: Apache-2.0 */
/* loopback.c - where a browser comes back to after a sign-in.
 *
 * One connection at a time, one line of it read: a browser that asks for an icon, or
 * another page of the machine that guesses, gets 404 or 400 and changes nothing. The
 * page says only that the terminal has more to say; it holds nothing from outside. */
#include "command/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE_MOST = 8192, READ_S = 2 };

int
loopback_open(unsigned *port, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    socklen_t len = sizeof(at);
    const int on = 1;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_errno(e, ERR_SYSTEM, "no socket");
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 4) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
        (void)err_errno(e, ERR_IO, "port %u of 127.0.0.1 cannot be had; see --port",
                        *port);
        close(fd);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

static void
reply(int fd, const char *status, const char *words)
{
    struct buf out = BUF_INIT;
    struct buf page = BUF_INIT;
    buf_add_cstr(&page, "<!doctype html><meta charset=utf-8><title>Suraq</title><p>");
    buf_add_html(&page, str_from(words));
    buf_addf(&out,
             "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
             "Content-Length: %zu\r\nCache-Control: no-store\r\n"
             "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
             status, page.len);
    buf_add_str(&out, buf_str(&page));
    /* A browser that has gone away learns it from the terminal. */
    ssize_t ignored = send(fd, out.data, out.len, MSG_NOSIGNAL);
    (void)ignored;
    buf_fini(&page);
    buf_fini(&out);
}

/* The target of the request; STR_NONE: no GET came. */
static struct str
read_target(int fd, char *line, size_t cap)
{
    const struct timeval patience = {.tv_sec = READ_S};
    size_t len = 0;
    struct str method, target, rest;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    while (len < cap && memchr(line, '\n', len) == NULL) {
        ssize_t n = recv(fd, line + len, cap - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    rest = (struct str){.p = line, .len = len};
    if (!str_split(&rest, ' ', &method) || !str_eq(method, STR_LIT("GET")) ||
        !str_split(&rest, ' ', &target) || rest.p == NULL)
        return STR_NONE;
    return target;
}

/* True when the sign-in is over, well (*e empty) or not. */
static bool
serve(const struct loopback *l, struct buf *code, struct err *e)
{
    char line[LINE_MOST];
    struct err why = ERR_INIT;
    int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return false;
    struct str target = read_target(fd, line, sizeof(line));
    bool ours = str_has_prefix(target, STR_LIT("/?"));
    bool over = ours && (code_flow_read(l->flow, target, code, &why) == 0 ||
                         why.code == ERR_PERM);
    reply(fd,
          over   ? "200 OK"
          : ours ? "400 Bad Request"
                 : "404 Not Found",
          over ? l->words : "-");
    close(fd);
    explicit_bzero(line, sizeof(line));
    if (over && why.code != ERR_NONE)
        *e = why;
    return over;
}

/* The same from standard input; what is no answer is passed over. *open false: no more
 * lines. */
static bool
typed(const struct loopback *l, struct buf *code, bool *open, struct err *e)
{
    char line[LINE_MOST];
    struct err why = ERR_INIT;
    ssize_t n = read(STDIN_FILENO, line, sizeof(line));
    if (n <= 0) {
        *open = false;
        return false;
    }
    struct str text = str_trim((struct str){.p = line, .len = (size_t)n});
    bool over = code_flow_read(l->flow, text, code, &why) == 0 || why.code == ERR_PERM;
    explicit_bzero(line, sizeof(line));
    if (over && why.code != ERR_NONE)
        *e = why;
    return over;
}

int
loopback_wait(const struct loopback *l, struct buf *code, struct err *e)
{
    int64_t end = clock_mono_ms(clock_system()) + l->deadline_ms;
    bool open = true, over = false;
    while (!over) {
        struct pollfd fds[2] = {{.fd = l->fd, .events = POLLIN},
                                {.fd = open ? STDIN_FILENO : -1, .events = POLLIN}};
        int64_t left = end - clock_mono_ms(clock_system());
        int n = left > 0 ? poll(fds, 2, (int)left) : 0;
        if (n == 0)
            return err_set(e, ERR_MISSING, "nobody signed in in time");
        if (n < 0)
            return err_errno(e, ERR_SYSTEM, "waiting for the browser");
        if (fds[0].revents != 0)
            over = serve(l, code, e);
        if (!over && fds[1].revents != 0)
            over = typed(l, code, &open, e);
    }
    return e->code == ERR_NONE ? 0 : -1;
}
