/* floors: judge base */
/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_match.c - "pattern NUL text": on folded text a pattern that is taken for folded
 * finds what it finds when it is matched caselessly. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "judge/normal.h"
#include "judge/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* 0: no match, -1: a limit, else 1 + end. */
static long
find(const pcre2_code *code, struct str text)
{
    pcre2_match_data *m = pcre2_match_data_create(1, NULL);
    pcre2_match_context *c = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(c, 100000);
    int rc =
        pcre2_match(code, (PCRE2_SPTR)(text.len > 0 ? text.p : ""), text.len, 0, 0, m, c);
    long end = rc >= 0 ? 1 + (long)pcre2_get_ovector_pointer(m)[1] : rc == -1 ? 0 : -1;
    pcre2_match_context_free(c);
    pcre2_match_data_free(m);
    return end;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *nul = len == 0 ? NULL : memchr(data, 0, len);
    struct str re = {(const char *)data, nul == NULL ? 0 : (size_t)(nul - data)}, text;
    size_t at;
    if (nul == NULL || re.len > 200 || len > 2000 || !pattern_is_folded(re))
        return 0;
    text = (struct str){(const char *)nul + 1, len - re.len - 1};
    pcre2_code *fast = pattern_compile(re, PATTERN_FOLDED, &at, NULL);
    pcre2_code *slow = pattern_compile(re, PATTERN_RAW, &at, NULL);
    assert((fast == NULL) == (slow == NULL));
    if (fast != NULL && utf8_is_valid(text)) {
        struct normal n;
        normal_init(&n);
        normal_read(&n, text);
        struct str folded = buf_str(&n.channel[NORMAL_TEXT].text);
        long a = find(fast, folded), b = find(slow, folded);
        assert(a == b || a < 0 || b < 0);
        normal_fini(&n);
    }
    pcre2_code_free(fast);
    pcre2_code_free(slow);
    return 0;
}
