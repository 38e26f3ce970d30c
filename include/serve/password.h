/* SPDX-License-Identifier: Apache-2.0 */
/* password.h - Argon2id. Slow on purpose (32 MiB, some tens of ms): a running program
 * calls it on a worker thread only. */
#ifndef SURAQ_SERVE_PASSWORD_H
#define SURAQ_SERVE_PASSWORD_H

#include <stdbool.h>

#include <sodium.h>

#include "base/err.h"
#include "base/str.h"

/* ERR_VALUE says what is wrong with a new password: too short, too long, not text. */
int password_is_acceptable(struct str password, struct err *e) MUST_CHECK;
int password_hash(struct str password, char out[crypto_pwhash_STRBYTES],
                  struct err *e) MUST_CHECK;
/* `hash` may be NULL or "" (no such user): takes as long, and is false. */
bool password_check(const char *hash, struct str password);

#endif
