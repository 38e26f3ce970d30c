/* SPDX-License-Identifier: Apache-2.0 */
/* routes.h - the table of the HTTP surface. */
#ifndef SURAQ_SERVE_ROUTES_H
#define SURAQ_SERVE_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "serve/http.h"

struct front;
struct exchange;

enum { ROUTE_PARAMS = 2, ROUTE_ALLOW = 64 };

/* Who may: bits of 1 << role, or anybody. */
#define ROUTE_ROLE(r) (1u << (r))
#define ROUTE_ANYBODY (1u << 31)

enum route_body {
    BODY_NONE,  /* a body is refused */
    BODY_JSON,  /* an object, parsed before the handler is called */
    BODY_LARGE, /* the same, with filter files in it */
    BODY_RAW,   /* a platform's delivery: any type, handed on as it came */
    BODY_TABLE, /* text/csv or text/plain, kept whole */
    BODY_LINES, /* NDJSON, given to the intake piece by piece */
};

struct route {
    enum http_method method;
    const char *pattern; /* "/api/v1/questions/{n}/{act}" */
    unsigned roles;
    enum route_body body;
    void (*handler)(struct front *f, struct exchange *x);
};

size_t routes_all(const struct route **out);

enum route_found { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };
/* `params`: the parts that stand in braces, borrowed from `path`; {file} takes all that
 * is left, with its slashes. With ROUTE_NO_METHOD `allow` (room for ROUTE_ALLOW) names
 * the methods that the path has. */
enum route_found routes_find(enum http_method method, struct str path,
                             const struct route **route, struct str params[ROUTE_PARAMS],
                             char allow[ROUTE_ALLOW]);

#endif
