/* SPDX-License-Identifier: Apache-2.0 */
/* hook.h - what a platform sends to us by itself: a delivery to the address of a source,
 * or the question whether that address is ours. */
#ifndef SURAQ_SOURCE_HOOK_H
#define SURAQ_SOURCE_HOOK_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct source;

/* Borrowed for the call. What was not sent is empty. */
struct source_hook {
    bool asks; /* GET: is this address yours? Then only mode, token and word are set */
    struct str mode, token; /* "subscribe"; a word that we gave to the platform */
    struct str word;        /* to be answered when the token is right */
    struct str body;        /* as it came, to the byte */
    struct str hmac;        /* X-Hub-Signature-256 */
    struct str rsa;         /* Kick-Event-Signature, and its companions */
    struct str id, at, type;
};

/* 0: taken, or the answer to the question is `word`. ERR_MISSING: this source has no
 * webhook; ERR_PERM: it is not the platform's; ERR_PARSE: it cannot be understood;
 * ERR_BAD_STATE, ERR_LIMIT: not now, try again later. What comes for a source that is
 * switched off is taken and dropped: platforms end subscriptions that fail. */
int source_hook(struct source *s, const struct source_hook *h, struct err *e) MUST_CHECK;

#endif
