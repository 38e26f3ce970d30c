/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/html_text.h"

static void
markup_becomes_words(void **state)
{
    static const struct {
        const char *html, *text;
    } rows[] = {
        {"", ""},
        {"Жол қашан жөнделеді?", "Жол қашан жөнделеді?"},
        {"<p>Когда <em>откроют</em> мост?</p>", "Когда откроют мост?"},
        {"one<br>two<br/>three", "one two three"},
        {"<p>a</p>\n<p>b</p>", "a b"},
        {"<img class=\"emoji\" alt=\":car:\" src=\"/x.png\"> дтп", ":car: дтп"},
        {"<img src=x onerror=alert(1)>", ""},
        {"a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#x27;", "a & b <c> \"d\" 'e'"},
        {"&#1178;&#x49A;&nbsp;&laquo;x&raquo;", "ҚҚ «x»"},
        {"&bogus; &; &#; &#0; &#xD800; &#x110000; &amp",
         "&bogus; &; &#; &#0; &#xD800; &#x110000; &amp"},
        {"1 < 2 > 1 <3", "1 < 2 > 1 <3"},
        {"<a title=\"1 > 2\" href='x'>link</a>", "link"},
        {"<script>alert('<b>')</script>x<style>p{}</style>y", "xy"},
        {"<!-- secret -->seen", "seen"},
        {"text <b unfinished", "text"},
        {"&lt;script&gt;", "<script>"},
        {"  a \t\r\n b  ", "a b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = BUF_INIT;
        buf_add_cstr(&out, "|");
        html_text(str_from(rows[i].html), &out);
        assert_string_equal(out.data + 1, rows[i].text);
        buf_fini(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(markup_becomes_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
