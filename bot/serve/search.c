/* SPDX-License-Identifier: Apache-2.0 */
/* search.c - "contains, whatever the case" for short texts. Letter by letter, so that ten
 * thousand questions are looked through in some milliseconds without a copy of any. */
#include "serve/search.h"

#include <utf8proc.h>

#include "base/utf8.h"

void
search_init(struct search *s, struct str wanted)
{
    struct str text = str_trim(wanted);
    size_t pos = 0;

    s->n = 0;
    while (pos < text.len && s->n < SEARCH_MAX)
        s->letters[s->n++] = utf8proc_tolower(utf8_next(text, &pos));
}

static bool
matches_at(const struct search *s, struct str text, size_t pos)
{
    size_t i = 0;

    while (i < s->n && pos < text.len &&
           utf8proc_tolower(utf8_next(text, &pos)) == s->letters[i])
        i++;
    return i == s->n;
}

bool
search_matches(const struct search *s, const char *text)
{
    struct str t = str_from(text);

    if (s->n == 0)
        return true;
    for (size_t pos = 0; pos < t.len;) {
        size_t here = pos;
        if (utf8proc_tolower(utf8_next(t, &pos)) == s->letters[0] &&
            matches_at(s, t, here))
            return true;
    }
    return false;
}
