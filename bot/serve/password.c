/* SPDX-License-Identifier: Apache-2.0 */
/* password.c - Argon2id by libsodium.
 *
 * 32 MiB and 3 passes: above what is recommended for sign-in on a server, and one at a
 * time on a worker thread it leaves the memory budget alone. A name that does not exist
 * is checked against a hash of the same cost, so that the answer's time does not say who
 * has an account. */
#include "serve/password.h"

#include <string.h>

#include "base/bounds.h"
#include "base/utf8.h"

enum { PASSES = 3, MEMORY = 32 * 1024 * 1024 };

/* Of a random text that was thrown away. */
static const char nobody[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=32768,t=3,p=1$c29tZXNhbHRvZm5vYm9keQ$"
    "u0kNWwHmFjnDQq8c2lRjCt2m3NQm0Fq0s9wYH3m2b1k";

int
password_is_acceptable(struct str password, struct err *e)
{
    if (!utf8_is_valid(password) || memchr(password.p, '\0', password.len) != NULL)
        return err_set(e, ERR_VALUE, "the password is not text");
    if (password.len > BOUNDS_PASSWORD)
        return err_set(e, ERR_VALUE, "the password is longer than %d bytes",
                       BOUNDS_PASSWORD);
    if (utf8_count(password) < BOUNDS_PASSWORD_MIN)
        return err_set(e, ERR_VALUE, "a password has at least %d characters",
                       BOUNDS_PASSWORD_MIN);
    return 0;
}

int
password_hash(struct str password, char out[crypto_pwhash_STRBYTES], struct err *e)
{
    if (crypto_pwhash_str_alg(out, password.len == 0 ? "" : password.p, password.len,
                              PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_set(e, ERR_SYSTEM, "not enough memory to hash a password");
    return 0;
}

bool
password_check(const char *hash, struct str password)
{
    bool known = hash != NULL && hash[0] != '\0';
    int rc = crypto_pwhash_str_verify(known ? hash : nobody,
                                      password.len == 0 ? "" : password.p, password.len);

    return known && rc == 0;
}
