/* SPDX-License-Identifier: Apache-2.0 */
/* signer.c - signs as the platforms' documents say, by other calls of the library than
 * those that check. */
#include "support/signer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/mem.h"

struct signer {
    EVP_PKEY *key; /* owned */
};

void
sign_hmac(struct str secret, struct str body, struct buf *out)
{
    unsigned char mac[32];
    size_t len = sizeof(mac);
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(
        EVP_PKEY_HMAC, NULL, (const unsigned char *)secret.p, secret.len);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, mac, &len, (const unsigned char *)body.p, body.len), 1);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    buf_add_cstr(out, "sha256=");
    for (size_t i = 0; i < len; i++)
        buf_addf(out, "%02x", (unsigned)mac[i]);
}

struct signer *
signer_new(int bits)
{
    struct signer *s = mem_zalloc(sizeof(*s));
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
    assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits), 1);
    assert_int_equal(EVP_PKEY_keygen(ctx, &s->key), 1);
    EVP_PKEY_CTX_free(ctx);
    return s;
}

void
signer_free(struct signer **s)
{
    EVP_PKEY_free((*s)->key);
    MEM_FREE(*s);
}

void
signer_pem(const struct signer *s, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    assert_int_equal(PEM_write_bio_PUBKEY(bio, s->key), 1);
    long len = BIO_get_mem_data(bio, &text);
    buf_add(out, text, (size_t)len);
    BIO_free(bio);
}

void
signer_sign(const struct signer *s, const char *text, struct buf *out)
{
    unsigned char mark[512], base64[700];
    size_t len = sizeof(mark);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, s->key), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, mark, &len, (const unsigned char *)text, strlen(text)), 1);
    EVP_MD_CTX_free(ctx);
    int n = EVP_EncodeBlock(base64, mark, (int)len);
    buf_add(out, base64, (size_t)n);
}
