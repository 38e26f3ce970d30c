/* SPDX-License-Identifier: Apache-2.0 */
/* sign.h - is a delivery really the platform's? Its signature, checked over the bytes as
 * they came. Every comparison takes the same time whatever differs. */
#ifndef SURAQ_SOURCE_SIGN_H
#define SURAQ_SOURCE_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

bool sign_is_word(struct str given, struct str secret);

/* Meta: "sha256=" and the HMAC-SHA256 of the body in hexadecimal digits. */
bool sign_is_hmac(struct str header, struct str secret, struct str body);

struct sign_key; /* an RSA public key */
/* New, from PEM. ERR_PARSE: not a key; ERR_VALUE: not RSA, or shorter than 2,048 bits. */
struct sign_key *sign_key_read(struct str pem, struct err *e) MUST_CHECK;
void sign_key_free(struct sign_key **k); /* NULL-safe; sets NULL */

/* Kick: RSA (PKCS #1 v1.5, SHA-256) over the parts with dots between them, in base64. */
bool sign_is_rsa(const struct sign_key *k, const struct str *parts, size_t n,
                 struct str header);

#endif
