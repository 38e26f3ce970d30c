/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_match.c - "pattern NUL text": on folded text a pattern that is taken for folded
 * finds what it finds when it is matched caselessly; and what PCRE2 alone finds in the
 * text as it is, the search by stems and branches finds. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "judge/finder.h"
#include "judge/normal.h"
#include "judge/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* 0: no match, -1: a limit, else 1 + end. */
static long
find(const pcre2_code *code, struct str text)
{
    pcre2_match_data *m = pcre2_match_data_create(1, NULL);
    pcre2_match_context *c = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(c, 1000);
    PCRE2_SPTR p = (PCRE2_SPTR)(text.len > 0 ? text.p : "");
    int rc = pcre2_match(code, p, text.len, 0, PCRE2_NOTEMPTY, m, c);
    const size_t *at = pcre2_get_ovector_pointer(m);
    long end = rc == PCRE2_ERROR_NOMATCH  ? 0
               : rc < 0 || at[0] >= at[1] ? -1
                                          : 1 + (long)at[1];
    pcre2_match_context_free(c);
    pcre2_match_data_free(m);
    return end;
}

static void
compare_folded(struct str re, const pcre2_code *slow, struct str text)
{
    struct normal n;
    size_t at;
    pcre2_code *fast = pattern_compile(re, PATTERN_FOLDED, &at, NULL);
    assert(fast != NULL);
    normal_init(&n);
    normal_read(&n, text);
    struct str folded = buf_str(&n.channel[NORMAL_TEXT].text);
    long a = find(fast, folded), b = find(slow, folded);
    assert(a == b || a < 0 || b < 0);
    normal_fini(&n);
    pcre2_code_free(fast);
}

static void
compare_searched(const char *re, const pcre2_code *slow, struct str text)
{
    struct alphabet a;
    struct finder_scratch *w = finder_scratch_new();
    struct finder_text read = {.n = 0};
    struct finder_range got = {0, 0};
    uint32_t number;
    alphabet_init(&a);
    struct finder *s = finder_new(&a, PATTERN_RAW);
    assert(finder_add(s, re, &number, NULL) == 0);
    finder_seal(s);
    finder_start(w);
    assert(finder_read(s, w, text, &read));
    enum finder_answer answer =
        finder_can_match(&read, 0) ? finder_first(w, &read, 0, 0, &got) : FINDER_MISS;
    long want = find(slow, text);
    assert(want < 0 || (answer == FINDER_HIT) == (want > 0));
    assert(want <= 0 || (long)got.end + 1 == want);
    finder_text_fini(&read);
    finder_scratch_free(&w);
    finder_free(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *nul = len == 0 ? NULL : memchr(data, 0, len);
    struct str re = {(const char *)data, nul == NULL ? 0 : (size_t)(nul - data)}, text;
    size_t at;
    if (nul == NULL || re.len > 200 || len > 2000 || !utf8_is_valid(re))
        return 0;
    text = (struct str){(const char *)nul + 1, len - re.len - 1};
    pcre2_code *slow = pattern_compile(re, PATTERN_RAW, &at, NULL);
    if (slow != NULL && utf8_is_valid(text)) {
        compare_searched((const char *)data, slow, text);
        if (pattern_is_folded(re))
            compare_folded(re, slow, text);
    }
    pcre2_code_free(slow);
    return 0;
}
