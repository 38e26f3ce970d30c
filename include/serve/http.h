/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - requests and answers as values; knows nothing of sockets. */
#ifndef SURAQ_SERVE_HTTP_H
#define SURAQ_SERVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OTHER };
const char *http_method_name(enum http_method m);

/* Headers that the program looks at; a header that was not sent is empty. */
enum http_field {
    HTTP_HOST,
    HTTP_ORIGIN,
    HTTP_COOKIE,
    HTTP_AUTHORIZATION,
    HTTP_CONTENT_TYPE,
    HTTP_CONTENT_LENGTH,
    HTTP_TRANSFER_ENCODING,
    HTTP_ACCEPT,
    HTTP_ACCEPT_ENCODING,
    HTTP_IF_NONE_MATCH,
    HTTP_SEC_FETCH_SITE,
    HTTP_USER_AGENT,
    HTTP_FORWARDED_FOR,
    HTTP_FORWARDED_PROTO,
    HTTP_HUB_SIGNATURE, /* of deliveries; source/hook.h */
    HTTP_KICK_SIGNATURE,
    HTTP_KICK_ID,
    HTTP_KICK_TIME,
    HTTP_KICK_TYPE,
    HTTP_FIELDS
};

enum { HTTP_ADDRESS = 64 };

/* Owned by itself: http_request_fini(). */
struct http_request {
    enum http_method method; /* HEAD arrives as HTTP_GET with `head` set */
    bool head;
    char *path;               /* owned; begins with '/', already decoded and normalised */
    char *query;              /* owned; behind '?', not decoded; "" when there is none */
    char *field[HTTP_FIELDS]; /* owned; NULL: not sent */
    char address[HTTP_ADDRESS]; /* of the client; behind a trusted proxy what that says */
    bool secure;                /* TLS here, or at a trusted proxy */
    struct buf body;
};

void http_request_fini(struct http_request *r);
struct str http_request_field(const struct http_request *r, enum http_field f);

enum { HTTP_EXTRA = 6, HTTP_VALUE = 256 };
struct http_header {
    const char *name; /* static, lower case, with its colon */
    char value[HTTP_VALUE];
};

struct http_response {
    int status;
    const char *type; /* static; NULL: no body */
    struct http_header extra[HTTP_EXTRA];
    size_t n_extra;
    struct buf body;
    const unsigned char
        *fixed; /* borrowed for ever: a body that is part of the program */
    size_t fixed_len;
    uint64_t hold; /* must not leave before the journal has this event on disk */
    bool close;    /* the connection cannot be used further */
};

void http_response_fini(struct http_response *r);
/* Forgets what was prepared, so that another answer can take its place. */
void http_response_reset(struct http_response *r);
/* Value is cut by nothing: it must fit, and holds no line breaks. */
void http_header(struct http_response *r, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* An answer with a JSON body, which the caller adds to the buffer given back. */
struct buf *http_json(struct http_response *r, int status);
/* application/problem+json. `code`: static, one of WIRE's words ("conflict"). The text is
 * for people. Leaves the object open when `more` is asked for: the caller adds ,"x":...
 * and '}'. */
void http_problem(struct http_response *r, int status, const char *code, const char *fmt,
                  ...) PRINTF_LIKE(4, 5);
struct buf *http_problem_open(struct http_response *r, int status, const char *code,
                              const char *text);
/* The problem that an error is: 404 missing, 409 state and conflict, 403 permission, ...
 */
void http_problem_err(struct http_response *r, const struct err *e);
const char *http_reason(int status);

/* Percent-decodes; '+' is a space when `plus`. False: malformed, a NUL, or not UTF-8. */
bool http_decode(struct str s, bool plus, struct buf *out);
/* Text that can be a path: short, UTF-8, from the root. */
bool http_path_is_good(struct str path);
/* First value of a query parameter, decoded into `out`; false when absent or malformed.
 */
bool http_query(const char *query, const char *name, struct buf *out);
/* The same as a number: absent gives 0 with *out unchanged; bad gives -1. */
int http_query_u64(const char *query, const char *name, uint64_t max, uint64_t *out,
                   struct err *e) MUST_CHECK;
/* Value of a cookie, borrowed from the header; empty when absent. */
struct str http_cookie(struct str header, const char *name);
/* The secret of "Authorization: Bearer ..."; empty when absent. */
struct str http_bearer(struct str header);
/* Whether a list such as Accept-Encoding names the token (and not with q=0). */
bool http_accepts(struct str header, const char *token);
/* Whether If-None-Match holds this entity tag. */
bool http_matches_etag(struct str header, const char *etag);

/* "host:port" without a port that some scheme has anyway (80, 443). */
struct str http_host_core(struct str host);
/* The host part alone: without the port, and without the brackets of IPv6. */
struct str http_host_name(struct str host);
/* Whether `origin` ("https://a.example:8443") is of this host ("a.example:8443"), either
 * with or without the port that the origin's scheme has anyway. `secure`: we were asked
 * over TLS, so a page that came without it is not ours: anybody on the way could have
 * made it. */
bool http_same_origin(struct str origin, struct str host, bool secure);

/* JSON object of a body: NULL with ERR_PARSE that says line and column, on bad UTF-8, on
 * nesting deeper than 16, on duplicate keys. An empty body is the empty object. New. */
json_t *http_json_body(struct str body, struct err *e) MUST_CHECK;

#endif
