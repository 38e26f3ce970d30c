/* SPDX-License-Identifier: Apache-2.0 */
/* signer.h - the platform's side of signed deliveries. */
#ifndef SURAQ_TEST_SIGNER_H
#define SURAQ_TEST_SIGNER_H

#include "base/buf.h"
#include "base/str.h"

/* "sha256=...", added to `out`. */
void sign_hmac(struct str secret, struct str body, struct buf *out);

struct signer; /* an RSA key */
struct signer *signer_new(int bits);
void signer_free(struct signer **s);
/* The public half in PEM, with a NUL behind. */
void signer_pem(const struct signer *s, struct buf *out);
/* "id.at.body" in base64. */
void signer_sign(const struct signer *s, const char *text, struct buf *out);

#endif
