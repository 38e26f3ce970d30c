/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - an OAuth 2 token (RFC 6749) and the file it is kept in: JSON, readable by its
 * owner alone, replaced as a whole, because many platforms hand out a refresh token that
 * works once. A file that holds one bare line is a token that never changes. */
#ifndef SURAQ_SOURCE_TOKEN_H
#define SURAQ_SOURCE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct token {
    char *access, *refresh; /* owned; NULL: none */
    int64_t expires_ms;     /* wall clock; 0: never, or not known */
};

#define TOKEN_INIT                                       \
    {                                                    \
        .access = NULL, .refresh = NULL, .expires_ms = 0 \
    }
void token_fini(struct token *t); /* wipes; usable again */

/* ERR_IO: no such file or not readable; ERR_PARSE: neither JSON with "access_token" nor
 * one line. `t` is replaced only on success. */
int token_load(const char *path, struct token *t, struct err *e) MUST_CHECK;
/* Atomically, mode 0600, on disk when it returns. */
int token_save(const char *path, const struct token *t, struct err *e) MUST_CHECK;

/* The same for a token that never changes: one line, as settings_read_secret() reads it.
 */
int token_save_bare(const char *path, struct str word, struct err *e) MUST_CHECK;

/* The answer of a token endpoint (RFC 6749, 5.1). Without a new refresh token the old one
 * stays (section 6). */
int token_take(struct str body, int64_t wall_ms, struct token *t,
               struct err *e) MUST_CHECK;

/* Still good for some minutes. A token without an end is. */
bool token_is_fresh(const struct token *t, int64_t wall_ms);

/* The form that asks for a new one (RFC 6749, section 6); `client_secret` may be NULL. */
void token_write_refresh(const struct token *t, const char *client_id,
                         const char *client_secret, struct buf *out);
/* "Authorization: Basic ..." of an application (RFC 6749, 2.3.1). */
void token_write_basic(const char *client_id, const char *client_secret, struct buf *out);
/* Adds "name=value", percent-encoded, with '&' in front unless it is the first. */
void token_add_field(struct buf *form, const char *name, struct str value);

#endif
