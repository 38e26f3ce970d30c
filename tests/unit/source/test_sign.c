/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "source/sign.h"
#include "support/signer.h"

static void
a_word_fits_only_as_a_whole_and_an_empty_one_never(void **state)
{
    (void)state;
    assert_true(sign_is_word(STR_LIT("word"), STR_LIT("word")));
    assert_false(sign_is_word(STR_LIT("wor"), STR_LIT("word")));
    assert_false(sign_is_word(STR_LIT("words"), STR_LIT("word")));
    assert_false(sign_is_word(STR_LIT("Word"), STR_LIT("word")));
    assert_false(sign_is_word(STR_NONE, STR_LIT("word")));
    assert_false(sign_is_word(STR_NONE, STR_NONE));
}

/* RFC 4231, test case 2. */
#define RFC_MAC "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

static void
an_hmac_fits_one_secret_and_one_body(void **state)
{
    static const struct {
        const char *header, *secret, *body;
        bool fits;
    } rows[] = {
        {"sha256=" RFC_MAC, "Jefe", "what do ya want for nothing?", true},
        {"sha256=" RFC_MAC, "jefe", "what do ya want for nothing?", false},
        {"sha256=" RFC_MAC, "Jefe", "what do ya want for nothing", false},
        {"sha256=" RFC_MAC, "", "what do ya want for nothing?", false},
        {"sha256=" RFC_MAC "00", "Jefe", "what do ya want for nothing?", false},
        {"sha1=" RFC_MAC, "Jefe", "what do ya want for nothing?", false},
        {RFC_MAC, "Jefe", "what do ya want for nothing?", false},
        {"sha256=", "Jefe", "", false},
        {"sha256=zbdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
         "Jefe", "what do ya want for nothing?", false},
        {"", "Jefe", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (sign_is_hmac(str_from(rows[i].header), str_from(rows[i].secret),
                         str_from(rows[i].body)) != rows[i].fits)
            fail_msg("row %zu", i);
}

static struct sign_key *
key_of(const struct signer *s)
{
    struct buf pem = BUF_INIT;
    struct err e = ERR_INIT;
    signer_pem(s, &pem);
    struct sign_key *k = sign_key_read(buf_str(&pem), &e);
    buf_fini(&pem);
    return k;
}

static void
a_signature_fits_its_key_and_each_of_its_parts(void **state)
{
    struct signer *s = signer_new(2048), *other = signer_new(2048);
    struct sign_key *k = key_of(s), *wrong = key_of(other);
    struct buf mark = BUF_INIT;
    struct str parts[] = {STR_LIT("01J"), STR_LIT("2026"), STR_LIT("{\"a\":1}")};
    (void)state;
    signer_sign(s, "01J.2026.{\"a\":1}", &mark);
    assert_true(sign_is_rsa(k, parts, 3, buf_str(&mark)));
    assert_false(sign_is_rsa(wrong, parts, 3, buf_str(&mark)));
    assert_false(sign_is_rsa(NULL, parts, 3, buf_str(&mark)));
    for (size_t i = 0; i < 3; i++) {
        struct str right = parts[i];
        parts[i] = STR_NONE;
        assert_false(sign_is_rsa(k, parts, 3, buf_str(&mark)));
        parts[i] = right;
    }
    for (size_t len = 0; len < mark.len; len++)
        assert_false(sign_is_rsa(k, parts, 3, (struct str){mark.data, len}));
    mark.data[10] = '*';
    assert_false(sign_is_rsa(k, parts, 3, buf_str(&mark)));
    sign_key_free(&k);
    sign_key_free(&wrong);
    signer_free(&s);
    signer_free(&other);
    buf_fini(&mark);
}

static void
what_is_no_good_key_is_refused_when_it_is_read(void **state)
{
    static const char ed25519[] =
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n";
    struct signer *s = signer_new(1024);
    struct err e = ERR_INIT;
    (void)state;
    assert_null(key_of(s));
    assert_null(sign_key_read(STR_LIT(ed25519), &e));
    assert_int_equal(e.code, ERR_VALUE);
    err_reset(&e);
    assert_null(sign_key_read(STR_LIT("-----BEGIN PUBLIC KEY-----\nAAAA"), &e));
    assert_int_equal(e.code, ERR_PARSE);
    assert_null(sign_key_read(STR_NONE, &e));
    signer_free(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_fits_only_as_a_whole_and_an_empty_one_never),
        cmocka_unit_test(an_hmac_fits_one_secret_and_one_body),
        cmocka_unit_test(a_signature_fits_its_key_and_each_of_its_parts),
        cmocka_unit_test(what_is_no_good_key_is_refused_when_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
