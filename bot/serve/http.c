/* SPDX-License-Identifier: Apache-2.0 */
/* http.c - requests and answers as values.
 *
 * Everything that reads a piece of a request lives here and works on plain text, so that
 * it is tested without a socket: paths, queries, cookies, hosts, bodies. What is
 * malformed is refused, not repaired: a path that decodes to bad UTF-8 or climbs above
 * the root is an error. Nothing here decides who may do what. */
#include "serve/http.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { JSON_DEPTH = 16 };

const char *
http_method_name(enum http_method m)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OTHER"};

    return names[m];
}

void
http_request_fini(struct http_request *r)
{
    MEM_FREE(r->path);
    MEM_FREE(r->query);
    for (int i = 0; i < HTTP_FIELDS; i++)
        MEM_FREE(r->field[i]);
    buf_fini(&r->body);
}

struct str
http_request_field(const struct http_request *r, enum http_field f)
{
    return str_from(r->field[f]);
}

void
http_response_fini(struct http_response *r)
{
    buf_fini(&r->body);
}

void
http_response_reset(struct http_response *r)
{
    struct buf body = r->body;

    buf_reset(&body);
    *r = (struct http_response){.status = 0};
    r->body = body;
}

void
http_header(struct http_response *r, const char *name, const char *fmt, ...)
{
    va_list ap;

    assert(r->n_extra < HTTP_EXTRA);
    struct http_header *h = &r->extra[r->n_extra++];
    h->name = name;
    va_start(ap, fmt);
    int len = vsnprintf(h->value, sizeof(h->value), fmt, ap);
    va_end(ap);
    assert(len >= 0 && (size_t)len < sizeof(h->value));
}

struct buf *
http_json(struct http_response *r, int status)
{
    r->status = status;
    r->type = "application/json";
    buf_reset(&r->body);
    return &r->body;
}

const char *
http_reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {
        {200, "OK"},
        {202, "Accepted"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {503, "Service Unavailable"},
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Error";
}

struct buf *
http_problem_open(struct http_response *r, int status, const char *code, const char *text)
{
    struct buf *b = http_json(r, status);

    r->type = "application/problem+json";
    buf_addf(b,
             "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\","
             "\"detail\":",
             http_reason(status), status, code);
    buf_add_json(b, str_from(text));
    return b;
}

void
http_problem(struct http_response *r, int status, const char *code, const char *fmt, ...)
{
    struct buf text = BUF_INIT;
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    buf_add_char(http_problem_open(r, status, code, text.data), '}');
    buf_fini(&text);
}

void
http_problem_err(struct http_response *r, const struct err *e)
{
    static const struct {
        int status;
        const char *code;
    } as[] = {
        [ERR_NONE] = {500, "internal"},       [ERR_PARSE] = {400, "bad_request"},
        [ERR_VALUE] = {422, "unprocessable"}, [ERR_LIMIT] = {422, "unprocessable"},
        [ERR_BAD_STATE] = {409, "conflict"},  [ERR_CONFLICT] = {409, "conflict"},
        [ERR_PERM] = {403, "forbidden"},      [ERR_MISSING] = {404, "not_found"},
        [ERR_IO] = {503, "journal_down"},     [ERR_SYSTEM] = {500, "internal"},
    };

    http_problem(r, as[e->code].status, as[e->code].code, "%s", e->msg);
}

static int
hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
http_decode(struct str s, bool plus, struct buf *out)
{
    size_t start = out->len;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.len ? hex(s.p[i + 1]) : -1;
            int low = i + 2 < s.len ? hex(s.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        buf_add_char(out, c);
    }
    return utf8_is_valid(
        (struct str){out->len > start ? out->data + start : NULL, out->len - start});
}

bool
http_path_is_good(struct str path)
{
    return path.len > 0 && path.len <= BOUNDS_PATH && path.p[0] == '/' &&
           memchr(path.p, '\0', path.len) == NULL && utf8_is_valid(path);
}

/* The first value of a parameter as it was sent. */
static bool
raw_query(const char *query, const char *name, struct str *value)
{
    struct str rest = str_from(query), pair;

    while (rest.len > 0 && str_split(&rest, '&', &pair)) {
        struct str key;
        *value = pair;
        if (str_split(value, '=', &key) && str_eq(key, str_from(name)))
            return true;
    }
    return false;
}

bool
http_query(const char *query, const char *name, struct buf *out)
{
    struct str value;
    size_t start = out->len;

    if (raw_query(query, name, &value) && http_decode(value, true, out))
        return true;
    buf_truncate(out, start);
    return false;
}

int
http_query_u64(const char *query, const char *name, uint64_t max, uint64_t *out,
               struct err *e)
{
    struct buf text = BUF_INIT;
    struct str value;
    int rc = 0;

    if (raw_query(query, name, &value) && value.len > 0)
        rc = http_decode(value, true, &text)
                 ? str_to_u64(buf_str(&text), max, out, e)
                 : err_set(e, ERR_VALUE, "not valid percent-encoded text");
    buf_fini(&text);
    return rc < 0 ? err_ctx(e, "parameter '%s'", name) : 0;
}

struct str
http_cookie(struct str header, const char *name)
{
    struct str pair;

    while (header.len > 0 && str_split(&header, ';', &pair)) {
        struct str key;
        struct str value = str_trim(pair);
        if (str_split(&value, '=', &key) && str_eq(key, str_from(name)))
            return value;
    }
    return STR_NONE;
}

struct str
http_bearer(struct str header)
{
    static const struct str scheme = {.p = "Bearer ", .len = 7};

    if (header.len <= scheme.len ||
        !str_eq_ascii_nocase((struct str){header.p, scheme.len}, scheme))
        return STR_NONE;
    return str_trim((struct str){header.p + scheme.len, header.len - scheme.len});
}

bool
http_accepts(struct str header, const char *token)
{
    struct str part;

    while (header.len > 0 && str_split(&header, ',', &part)) {
        struct str params = str_trim(part);
        struct str name;
        if (!str_split(&params, ';', &name) ||
            !str_eq_ascii_nocase(str_trim(name), str_from(token)))
            continue;
        params = str_trim(params);
        return !str_eq(params, STR_LIT("q=0")) &&
               !str_has_prefix(params, STR_LIT("q=0.0"));
    }
    return false;
}

bool
http_matches_etag(struct str header, const char *etag)
{
    struct str part;

    if (str_eq(str_trim(header), STR_LIT("*")))
        return true;
    while (header.len > 0 && str_split(&header, ',', &part)) {
        struct str tag = str_trim(part);
        if (str_has_prefix(tag, STR_LIT("W/")))
            tag = (struct str){tag.p + 2, tag.len - 2};
        if (str_eq(tag, str_from(etag)))
            return true;
    }
    return false;
}

static struct str
without(struct str host, struct str port)
{
    size_t rest = host.len > port.len ? host.len - port.len : 0;
    bool ends = rest > 0 && str_eq((struct str){host.p + rest, port.len}, port);

    return ends ? (struct str){host.p, rest} : host;
}

struct str
http_host_core(struct str host)
{
    struct str core = without(host, STR_LIT(":80"));

    return core.len < host.len ? core : without(host, STR_LIT(":443"));
}

struct str
http_host_name(struct str host)
{
    const char *end;

    if (host.len > 0 && host.p[0] == '[') {
        end = memchr(host.p, ']', host.len);
        return end == NULL ? STR_NONE
                           : (struct str){host.p + 1, (size_t)(end - host.p) - 1};
    }
    end = host.len == 0 ? NULL : memchr(host.p, ':', host.len);
    return end == NULL ? host : (struct str){host.p, (size_t)(end - host.p)};
}

bool
http_same_origin(struct str origin, struct str host, bool secure)
{
    static const struct {
        struct str scheme, port;
    } rows[] = {{STR_LIT("https://"), STR_LIT(":443")},
                {STR_LIT("http://"), STR_LIT(":80")}};

    for (size_t i = 0; i < (secure ? 1 : sizeof(rows) / sizeof(rows[0])); i++) {
        size_t n = rows[i].scheme.len;
        if (!str_has_prefix(origin, rows[i].scheme) || origin.len == n)
            continue;
        struct str of = {origin.p + n, origin.len - n};
        return str_eq_ascii_nocase(without(of, rows[i].port),
                                   without(host, rows[i].port));
    }
    return false;
}

/* Deeper than JSON_DEPTH, looking only at brackets outside of strings. */
static bool
is_too_deep(struct str s)
{
    int depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        if (depth > JSON_DEPTH)
            return true;
    }
    return false;
}

json_t *
http_json_body(struct str body, struct err *e)
{
    json_error_t why;

    if (str_trim(body).len == 0)
        return json_object();
    if (is_too_deep(body)) {
        (void)err_set(e, ERR_PARSE, "the JSON is nested deeper than %d", JSON_DEPTH);
        return NULL;
    }
    json_t *o = json_loadb(body.p, body.len, JSON_REJECT_DUPLICATES, &why);
    if (o == NULL) {
        (void)err_set(e, ERR_PARSE, "not JSON: %s (line %d, column %d, byte %d)",
                      why.text, why.line, why.column, why.position);
    } else if (!json_is_object(o)) {
        (void)err_set(e, ERR_PARSE, "the body must be a JSON object");
        json_decref(o);
        o = NULL;
    }
    return o;
}
