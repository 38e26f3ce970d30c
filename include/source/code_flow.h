/* SPDX-License-Identifier: Apache-2.0 */
/* code_flow.h - signing in with a browser (OAuth 2 authorization code, RFC 6749, 4.1, for
 * a program on the person's own machine, RFC 8252, with PKCE, RFC 7636): the address to
 * open, what comes back to the loopback address, and the form that turns it into a token.
 * Pure: bytes to bytes. */
#ifndef SURAQ_SOURCE_CODE_FLOW_H
#define SURAQ_SOURCE_CODE_FLOW_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Where a platform signs people in. Static. */
struct code_platform {
    const char *kind; /* of the source */
    const char *authorize_url, *token_url;
    const char *scopes; /* apart by spaces; NULL: the application's */
    const char *more;   /* further fields of the address, "&name=value"; NULL: none */
    bool basic;         /* the application says who it is in a header, not in the form */
};
/* NULL: no sign-in of this kind there. */
const struct code_platform *code_platform_of(const char *kind);

/* One sign-in. */
struct code_flow {
    const struct code_platform *platform; /* borrowed */
    char state[64], verifier[64]; /* of this sign-in alone; the latter is secret */
    char redirect[64];            /* "http://127.0.0.1:8417/" */
};
/* With fresh random words, for a listener on this port. */
void code_flow_begin(struct code_flow *f, const struct code_platform *p, unsigned port);

/* The address that the person opens. */
void code_flow_url(const struct code_flow *f, const char *client_id, struct buf *out);

/* What came back: the target of the request ("/?code=...") or the whole address. The
 * code. ERR_PERM: the person or the platform said no; ERR_VALUE: of another sign-in, or
 * none at all. */
int code_flow_read(const struct code_flow *f, struct str target, struct buf *code,
                   struct err *e) MUST_CHECK;

/* The form that asks for the token; `client_secret` may be NULL. */
void code_flow_form(const struct code_flow *f, struct str code, const char *client_id,
                    const char *client_secret, struct buf *out);
/* The header that says who the application is, where the platform wants one; else
 * nothing.
 */
void code_flow_header(const struct code_flow *f, const char *client_id,
                      const char *client_secret, struct buf *out);

#endif
