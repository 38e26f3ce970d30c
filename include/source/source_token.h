/* SPDX-License-Identifier: Apache-2.0 */
/* source_token.h - the token of one source: read from its file, renewed ahead of its end,
 * kept in the file again. Not for other floors. */
#ifndef SURAQ_SOURCE_SOURCE_TOKEN_H
#define SURAQ_SOURCE_SOURCE_TOKEN_H

#include "source/source_http.h"
#include "source/token.h"

/* Inside an adapter's own state, zeroed before the first use; `http.s` is set. */
struct source_token {
    struct source_http http;
    const char *endpoint; /* borrowed: where a new one is asked for */
    bool basic; /* the application says who it is in a header, not in the form */
    struct token token;
    char *spoilt; /* owned: the access token that the platform refused; NULL: none */
    void (*then)(struct source *s);
};

/* Calls `then` when there is a token that is good for some minutes: at once, or after
 * asking for a new one. What stands in the way is told: refused ("auth") when a person
 * must sign in anew, lost when the platform does not answer. While one is being asked
 * for, a second need takes the place of the first. */
void source_token_need(struct source_token *t, void (*then)(struct source *s));
/* The platform said that it is no good any more: the next need asks for a new one. */
void source_token_spoil(struct source_token *t);
void source_token_stop(struct source_token *t);
void source_token_fini(struct source_token *t);

#endif
