/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/http.h"

static void
a_page_is_ours_when_its_origin_names_our_host_and_port(void **state)
{
    static const struct {
        const char *origin, *host;
        bool same;
    } rows[] = {
        {"https://a.example", "a.example", true},
        {"https://A.example", "a.EXAMPLE:443", true},
        {"https://a.example:443", "a.example", true},
        {"http://a.example:80", "a.example", true},
        {"http://a.example", "a.example:80", true},
        {"http://[::1]:80", "[::1]", true},
        {"http://a.example:8080", "a.example:8080", true},
        {"http://a.example:443", "a.example", false}, /* another server's page */
        {"https://a.example:80", "a.example", false},
        {"https://a.example", "a.example:80", false},
        {"http://a.example", "a.example:443", false},
        {"http://a.example:8080", "a.example", false},
        {"https://b.example", "a.example", false},
        {"https://a.example.b.example", "a.example", false},
        {"ftp://a.example", "a.example", false},
        {"null", "null", false},
        {"https://", "", false},
        {"", "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (http_same_origin(str_from(rows[i].origin), str_from(rows[i].host), false) !=
            rows[i].same)
            fail_msg("'%s' of '%s'", rows[i].origin, rows[i].host);
}

static void
a_page_that_came_without_tls_is_not_ours_when_we_are_asked_with_it(void **state)
{
    const struct str host = STR_LIT("a.example");

    (void)state;
    assert_true(http_same_origin(STR_LIT("https://a.example"), host, true));
    assert_false(http_same_origin(STR_LIT("http://a.example"), host, true));
    assert_false(http_same_origin(STR_LIT("http://a.example:443"), host, true));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_ours_when_its_origin_names_our_host_and_port),
        cmocka_unit_test(
            a_page_that_came_without_tls_is_not_ours_when_we_are_asked_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
