/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.c - which HTTP proxy a socket goes through.
 *
 * The same variables mean the same as for the requests that curl makes, so that one
 * setting of a network serves both. Only HTTP proxies: libwebsockets asks them to
 * CONNECT.
 */
#include "source/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

static bool
is_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "::1") == 0;
}

static const char *
from_environment(bool tls)
{
    static const char *const secure[] = {"https_proxy", "HTTPS_PROXY", "all_proxy",
                                         "ALL_PROXY", NULL};
    /* HTTP_PROXY in capitals may be a header that a web server passed on. */
    static const char *const plain[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
    for (const char *const *name = tls ? secure : plain; *name != NULL; name++) {
        const char *value = getenv(*name);
        if (value != NULL)
            return value[0] == '\0' ? NULL : value;
    }
    return NULL;
}

/* "example.kz" and ".example.kz" name the host and what is below it; "*" names all. */
static bool
is_excepted(const char *host)
{
    const char *list = getenv("no_proxy");
    struct str rest, name, h = str_from(host);
    if (list == NULL)
        list = getenv("NO_PROXY");
    rest = str_from(list == NULL ? "" : list);
    while (str_split(&rest, ',', &name)) {
        name = str_trim(name);
        if (str_eq(name, STR_LIT("*")))
            return true;
        if (name.len > 0 && name.p[0] == '.')
            name = (struct str){.p = name.p + 1, .len = name.len - 1};
        if (name.len == 0 || name.len > h.len)
            continue;
        struct str tail = {.p = h.p + h.len - name.len, .len = name.len};
        bool whole = tail.len == h.len || tail.p[-1] == '.';
        if (whole && str_eq_ascii_nocase(tail, name))
            return true;
    }
    return false;
}

static int
hex(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL)
        return -1;
    return at - digits < 16 ? (int)(at - digits) : (int)(at - digits - 6);
}

static char *
decoded(struct str s)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < s.len; i++) {
        int high = i + 2 < s.len && s.p[i] == '%' ? hex(s.p[i + 1]) : -1;
        int low = high < 0 ? -1 : hex(s.p[i + 2]);
        unsigned char byte = (unsigned char)((unsigned)high << 4 | (unsigned)low);
        buf_add(&out, low < 0 ? (const void *)&s.p[i] : &byte, 1);
        i += low < 0 ? 0 : 2;
    }
    return buf_steal(&out);
}

static int
set_port(struct proxy *p, struct str text, struct err *e)
{
    int64_t port = 1080;
    if (text.len > 0 && str_to_i64(text, 1, 65535, &port, NULL) < 0)
        return err_set(e, ERR_VALUE, "the proxy's port is no port");
    p->port = (int)port;
    return 0;
}

/* "http://user:password@host:port/". */
static int
read_url(struct proxy *p, const char *url, struct err *e)
{
    const char *at = strstr(url, "://");
    if (at != NULL && strncmp(url, "http://", 7) != 0)
        return err_set(e, ERR_VALUE, "only a http:// proxy can be used for a socket");
    struct str rest = str_from(at == NULL ? url : at + 3);
    rest.len = strcspn(rest.p, "/");
    for (size_t i = rest.len; i > 0; i--) {
        if (rest.p[i - 1] != '@')
            continue;
        p->sign_in = decoded((struct str){.p = rest.p, .len = i - 1});
        rest = (struct str){.p = rest.p + i, .len = rest.len - i};
        break;
    }
    struct str host = rest, port = STR_NONE;
    const char *close =
        rest.len > 0 && rest.p[0] == '[' ? memchr(rest.p, ']', rest.len) : NULL;
    size_t from = close == NULL ? 0 : (size_t)(close - rest.p);
    for (size_t i = from; i < rest.len; i++)
        if (rest.p[i] == ':') {
            host.len = i;
            port = (struct str){.p = rest.p + i + 1, .len = rest.len - i - 1};
            break;
        }
    if (close != NULL)
        host = (struct str){.p = rest.p + 1, .len = from - 1};
    if (host.len == 0)
        return err_set(e, ERR_VALUE, "the proxy has no host");
    p->host = mem_strndup(host.p, host.len);
    return set_port(p, port, e);
}

int
proxy_choose(struct proxy *p, const char *setting, const char *host, bool tls,
             struct err *e)
{
    *p = (struct proxy){.host = NULL};
    if (is_this_machine(host))
        return 0;
    const char *url = setting;
    if (url == NULL && !is_excepted(host))
        url = from_environment(tls);
    if (url == NULL || url[0] == '\0' || read_url(p, url, e) == 0)
        return 0;
    proxy_fini(p);
    return -1;
}

void
proxy_fini(struct proxy *p)
{
    if (p->sign_in != NULL)
        explicit_bzero(p->sign_in, strlen(p->sign_in));
    mem_free(p->sign_in);
    mem_free(p->host);
    *p = (struct proxy){.host = NULL};
}
