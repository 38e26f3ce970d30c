/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/proxy.h"

static const char *const variables[] = {"https_proxy", "HTTPS_PROXY", "http_proxy",
                                        "HTTP_PROXY",  "all_proxy",   "ALL_PROXY",
                                        "no_proxy",    "NO_PROXY"};

static int
forget_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    return 0;
}

static void
expect(const char *setting, const char *host, bool tls, const char *want)
{
    struct proxy p;
    struct err e = ERR_INIT;
    char got[128] = "direct";
    assert_int_equal(proxy_choose(&p, setting, host, tls, &e), 0);
    if (p.host != NULL)
        (void)snprintf(got, sizeof(got), "%s%s%s:%d", p.sign_in != NULL ? p.sign_in : "",
                       p.sign_in != NULL ? "@" : "", p.host, p.port);
    assert_string_equal(got, want);
    proxy_fini(&p);
}

static void
a_source_says_its_own(void **state)
{
    (void)state;
    expect("http://proxy.kz:3128", "chat.kz", true, "proxy.kz:3128");
    expect("http://proxy.kz", "chat.kz", false, "proxy.kz:1080");
    expect("proxy.kz:8080/", "chat.kz", true, "proxy.kz:8080");
    expect("http://user:p%40s%3as@proxy.kz:1", "chat.kz", true, "user:p@s:s@proxy.kz:1");
    expect("http://[2001:db8::1]:3128", "chat.kz", true, "2001:db8::1:3128");
    expect("", "chat.kz", true, "direct");
    expect(NULL, "chat.kz", true, "direct");
}

static void
the_environment_says_it_for_all(void **state)
{
    (void)state;
    setenv("HTTPS_PROXY", "http://secure.kz:1", 1);
    setenv("http_proxy", "http://plain.kz:2", 1);
    setenv("HTTP_PROXY", "http://evil.kz:3", 1);
    expect(NULL, "chat.kz", true, "secure.kz:1");
    expect(NULL, "chat.kz", false, "plain.kz:2");
    expect("http://own.kz:4", "chat.kz", true, "own.kz:4");
    expect(NULL, "127.0.0.1", true, "direct");
    expect(NULL, "localhost", false, "direct");
    setenv("NO_PROXY", "example.kz, .gov.kz", 1);
    expect(NULL, "example.kz", true, "direct");
    expect(NULL, "chat.EXAMPLE.kz", true, "direct");
    expect(NULL, "notexample.kz", true, "secure.kz:1");
    expect(NULL, "qyzmet.gov.kz", true, "direct");
    setenv("no_proxy", "*", 1);
    expect(NULL, "chat.kz", true, "direct");
}

static void
what_is_no_http_proxy_is_refused(void **state)
{
    static const char *const bad[] = {"socks5://p.kz:1",   "https://p.kz:1",
                                      "http://:3128",      "http://p.kz:0",
                                      "http://p.kz:99999", "http://p.kz:x"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct proxy p;
        struct err e = ERR_INIT;
        assert_int_equal(proxy_choose(&p, bad[i], "chat.kz", true, &e), -1);
        assert_true(e.msg[0] != '\0');
        assert_null(p.host);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_source_says_its_own, forget_environment),
        cmocka_unit_test_setup_teardown(the_environment_says_it_for_all,
                                        forget_environment, forget_environment),
        cmocka_unit_test_setup(what_is_no_http_proxy_is_refused, forget_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
