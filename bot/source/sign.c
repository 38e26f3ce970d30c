/* SPDX-License-Identifier: Apache-2.0 */
/* sign.c - signatures of deliveries, by OpenSSL.
 *
 * Nothing of a delivery is read before its signature fits, so what is here sees what
 * anybody on the Internet sends: lengths are checked first, and what is malformed is
 * simply not a signature. A key that is short or not RSA is refused when it is read, not
 * when it is used. */
#include "source/sign.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "base/mem.h"

enum { HASH = 32, SIGNATURE = 1024, KEY_BITS = 2048 };

struct sign_key {
    EVP_PKEY *key; /* owned */
};

bool
sign_is_word(struct str given, struct str secret)
{
    return secret.len > 0 && given.len == secret.len &&
           CRYPTO_memcmp(given.p, secret.p, secret.len) == 0;
}

static int
hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
read_hex(struct str text, unsigned char out[HASH])
{
    if (text.len != (size_t)2 * HASH)
        return false;
    for (size_t i = 0; i < HASH; i++) {
        int high = hex(text.p[2 * i]), low = hex(text.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

bool
sign_is_hmac(struct str header, struct str secret, struct str body)
{
    static const struct str scheme = {.p = "sha256=", .len = 7};
    unsigned char given[HASH], made[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    if (secret.len == 0 || secret.len > INT_MAX || !str_has_prefix(header, scheme) ||
        !read_hex((struct str){header.p + scheme.len, header.len - scheme.len}, given))
        return false;
    const unsigned char *bytes = (const unsigned char *)(body.len > 0 ? body.p : "");
    if (HMAC(EVP_sha256(), secret.p, (int)secret.len, bytes, body.len, made, &len) ==
        NULL)
        return false;
    return len == HASH && CRYPTO_memcmp(given, made, HASH) == 0;
}

struct sign_key *
sign_key_read(struct str pem, struct err *e)
{
    BIO *bio =
        pem.len > 0 && pem.len <= INT_MAX ? BIO_new_mem_buf(pem.p, (int)pem.len) : NULL;
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    if (key == NULL) {
        (void)err_set(e, ERR_PARSE, "it is no public key in PEM");
        return NULL;
    }
    if (EVP_PKEY_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_bits(key) < KEY_BITS) {
        EVP_PKEY_free(key);
        (void)err_set(e, ERR_VALUE, "it is no RSA key of %d bits or more", KEY_BITS);
        return NULL;
    }
    struct sign_key *k = mem_zalloc(sizeof(*k));
    k->key = key;
    return k;
}

void
sign_key_free(struct sign_key **k)
{
    if (*k == NULL)
        return;
    EVP_PKEY_free((*k)->key);
    MEM_FREE(*k);
}

/* The number of bytes; 0: not base64. */
static size_t
read_base64(struct str text, unsigned char out[SIGNATURE])
{
    size_t pad = 0;
    if (text.len == 0 || text.len % 4 != 0 || text.len / 4 * 3 > SIGNATURE)
        return 0;
    while (pad < 2 && text.p[text.len - 1 - pad] == '=')
        pad++;
    int len = EVP_DecodeBlock(out, (const unsigned char *)text.p, (int)text.len);
    return len < 0 || (size_t)len < pad ? 0 : (size_t)len - pad;
}

static bool
add_parts(EVP_MD_CTX *ctx, const struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((i > 0 && EVP_DigestVerifyUpdate(ctx, ".", 1) != 1) ||
            (parts[i].len > 0 &&
             EVP_DigestVerifyUpdate(ctx, parts[i].p, parts[i].len) != 1))
            return false;
    }
    return true;
}

bool
sign_is_rsa(const struct sign_key *k, const struct str *parts, size_t n,
            struct str header)
{
    unsigned char given[SIGNATURE];
    size_t len = read_base64(header, given);
    if (k == NULL || len == 0)
        return false;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fits = ctx != NULL &&
                EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, k->key) == 1 &&
                add_parts(ctx, parts, n) && EVP_DigestVerifyFinal(ctx, given, len) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return fits;
}
