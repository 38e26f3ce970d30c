/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in with a browser: the address, what may come back, and the form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "source/code_flow.h"

static void
begin(struct code_flow *f, const char *kind)
{
    const struct code_platform *p = code_platform_of(kind);
    assert_non_null(p);
    code_flow_begin(f, p, 8417);
    str_copy(STR_LIT("our-state"), f->state, sizeof(f->state));
}

static void
what_comes_back_counts_only_with_the_state_of_this_sign_in(void **state)
{
    static const struct {
        const char *target;
        enum err_code code; /* ERR_NONE: the code is "4/x y" */
    } rows[] = {
        {"/?code=4%2Fx+y&state=our-state", ERR_NONE},
        {"/?state=our-state&scope=a&code=4%2fx%20y", ERR_NONE},
        {"http://127.0.0.1:8417/?state=our-state&code=4%2Fx+y#top\r\n", ERR_NONE},
        {"  /?code=4%2Fx+y&code=evil&state=our-state", ERR_NONE},
        {"/?code=4%2Fx+y&state=our-statf", ERR_VALUE},
        {"/?code=4%2Fx+y&state=our-stat", ERR_VALUE},
        {"/?code=4%2Fx+y&state=", ERR_VALUE},
        {"/?code=4%2Fx+y", ERR_VALUE},
        {"/?state=our-state", ERR_VALUE},
        {"/?state=our-state&code=", ERR_VALUE},
        {"/?error=access_denied&state=our-state", ERR_PERM},
        {"/?error=access_denied", ERR_VALUE},
        {"/?%", ERR_VALUE},
        {"/?state=%6fur-state&code=4%2Fx+y&%=%", ERR_NONE},
        {"/", ERR_VALUE},
        {"", ERR_VALUE},
    };
    struct code_flow f;
    (void)state;

    begin(&f, "youtube");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf code = BUF_INIT;
        struct err e = ERR_INIT;
        int ret = code_flow_read(&f, str_from(rows[i].target), &code, &e);
        if (e.code != rows[i].code || (ret == 0) != (rows[i].code == ERR_NONE))
            fail_msg("%s: %s", rows[i].target, e.msg);
        if (ret == 0)
            assert_string_equal(code.data, "4/x y");
        buf_fini(&code);
    }
}

static void
each_sign_in_has_words_of_its_own(void **state)
{
    struct code_flow a, b;
    struct buf url = BUF_INIT;
    (void)state;

    code_flow_begin(&a, code_platform_of("kick"), 1);
    code_flow_begin(&b, code_platform_of("kick"), 1);
    assert_string_not_equal(a.state, b.state);
    assert_string_not_equal(a.verifier, b.verifier);
    assert_string_not_equal(a.state, a.verifier);
    assert_int_equal(strlen(a.verifier), 43); /* RFC 7636: at least */
    code_flow_url(&a, "id&x", &url);
    assert_non_null(strstr(url.data, "client_id=id%26x&"));
    assert_non_null(strstr(url.data, "redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F&"));
    assert_non_null(strstr(url.data, "&code_challenge_method=S256"));
    assert_null(strstr(url.data, a.verifier));
    buf_fini(&url);
}

/* RFC 7636, appendix B. */
static void
the_challenge_is_the_one_of_the_standard(void **state)
{
    struct code_flow f;
    struct buf url = BUF_INIT;
    (void)state;

    begin(&f, "youtube");
    str_copy(STR_LIT("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), f.verifier,
             sizeof(f.verifier));
    code_flow_url(&f, "id", &url);
    assert_non_null(
        strstr(url.data, "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"));
    buf_fini(&url);
}

static void
an_application_says_who_it_is_as_its_platform_wants(void **state)
{
    struct code_flow f;
    struct buf form = BUF_INIT, header = BUF_INIT;
    (void)state;

    begin(&f, "youtube");
    code_flow_form(&f, STR_LIT("c"), "app", "s=t", &form);
    code_flow_header(&f, "app", "s=t", &header);
    assert_non_null(strstr(form.data, "&client_id=app&client_secret=s%3Dt"));
    assert_int_equal(header.len, 0);
    buf_reset(&form);

    begin(&f, "vklive");
    code_flow_form(&f, STR_LIT("c"), "app", "s=t", &form);
    code_flow_header(&f, "app", "s=t", &header);
    assert_null(strstr(form.data, "client_secret"));
    assert_string_equal(header.data, "Authorization: Basic YXBwOnM9dA==");
    buf_fini(&form);
    buf_fini(&header);
    assert_null(code_platform_of("replay"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_back_counts_only_with_the_state_of_this_sign_in),
        cmocka_unit_test(each_sign_in_has_words_of_its_own),
        cmocka_unit_test(the_challenge_is_the_one_of_the_standard),
        cmocka_unit_test(an_application_says_who_it_is_as_its_platform_wants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
