/* SPDX-License-Identifier: Apache-2.0 */
/* The words by which people look for a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "judge/words.h"

static struct words *w;

static bool
finds(const char *wanted, const char *text)
{
    struct words_query q = {.n = 0};

    words_query_read(w, str_from(wanted), &q);
    bool found = words_match(w, &q, str_from(text));
    words_query_fini(&q);
    return found;
}

static void
a_text_is_found_however_it_was_typed(void **state)
{
    static const struct {
        const char *wanted, *text;
        bool found;
    } rows[] = {
        {"каласы", "Алматы қаласы", true},
        {"қаласы", "Алматы каласы", true},
        {"ЖОЛ АҚЫ", "жол акысы", true},
        {"жол жол", "жол", true},
        {"ан", "Құтты болсын, аң!", true},
        {"кутты", "ҚҰТТЫ болсын", true},
        {"онер", "өнер һәм ән", true},
        {"хэм", "һәм", false},
        {"хам", "һәм", true},
        {"билим", "білім күні", true},
        {"елка", "Ёлка", true},
        {"ёлка", "елка", true},
        {"свето", "Когда починят светофор?", true},
        {"свето когда", "Когда починят светофор?", false}, /* only the last is begun */
        {"светофор когд", "Когда починят светофор?", true},
        {"фор", "светофор", false},
        {"ca", "camera", true},
        {"came", "camera", true},
        {"camp", "camera", false},
        {"қаласы", "Almaty qalasy", true},
        {"+7 701", "позвоните +7 701 123 45 67", true},
        {"", "что угодно", true},
        {"?!", "что угодно", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (finds(rows[i].wanted, rows[i].text) != rows[i].found)
            fail_msg("'%s' in '%s': not %d", rows[i].wanted, rows[i].text, rows[i].found);
    }
}

static void
hostile_text_is_never_syntax(void **state)
{
    static const char *const rows[] = {
        "a\" OR \"b", "NEAR(жол ақы, 2)", "words: * ^ {x} -y", "'; DROP TABLE line; --",
        "\"\"\"***",  "\xFF\xFE жол",
    };
    struct words_query q = {.n = 0};
    struct buf out = BUF_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        buf_reset(&out);
        words_query_read(w, str_from(rows[i]), &q);
        words_query_write(&q, &out);
        for (size_t k = 0; k < q.n; k++)
            assert_null(strpbrk(q.word[k].data, "\"'*^(){}:+-,; "));
        if (out.len > 0)
            assert_int_equal(out.data[out.len - 1], '*');
    }
    assert_string_equal(out.data, "\"жол\" *");
    buf_fini(&out);
    words_query_fini(&q);
}

static void
what_was_found_is_marked_in_the_original(void **state)
{
    struct words_query q = {.n = 0};
    struct words_span span[WORDS_SPANS];
    struct buf many = BUF_INIT;

    (void)state;
    words_query_read(w, STR_LIT("қала жол"), &q);
    assert_int_equal(words_find(w, &q, STR_LIT("😀 Кала, ЖОЛДЫҢ қаласы; жол"), span), 3);
    assert_int_equal(span[0].from, 2);
    assert_int_equal(span[0].to, 6);
    assert_int_equal(span[1].from, 8);
    assert_int_equal(span[1].to, 14);
    assert_int_equal(span[2].from, 23);
    for (int i = 0; i < 500; i++)
        buf_add_cstr(&many, "жол ");
    assert_int_equal(words_find(w, &q, buf_str(&many), span), WORDS_SPANS);
    buf_fini(&many);
    words_query_fini(&q);
}

static void
a_long_word_and_a_long_search_are_cut_on_both_sides(void **state)
{
    char word[400];
    struct words_query q = {.n = 0};

    (void)state;
    memset(word, 'w', sizeof(word) - 1);
    for (size_t i = 0; i + 1 < sizeof(word); i += 3)
        word[i] = 'q';
    word[sizeof(word) - 1] = '\0';
    assert_true(finds(word, word));
    words_query_read(w, STR_LIT("a b c d e f g h 1 2 3 4 5 6 7 8 9"), &q);
    assert_true(q.n <= WORDS_WANTED);
    words_query_fini(&q);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_however_it_was_typed),
        cmocka_unit_test(hostile_text_is_never_syntax),
        cmocka_unit_test(what_was_found_is_marked_in_the_original),
        cmocka_unit_test(a_long_word_and_a_long_search_are_cut_on_both_sides),
    };

    mem_install();
    w = words_new();
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    words_free(&w);
    return rc;
}
