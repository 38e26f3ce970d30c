/* SPDX-License-Identifier: Apache-2.0 */
/* search.c - the words wanted in a text, and the part of it that shows them. */
#include "serve/search.h"

#include "base/utf8.h"

enum { SHOWN = 160 /* characters of a snippet */, LEAD = 40 /* before the first word */ };

#define DOTS "\xE2\x80\xA6"

void
search_init(struct search *s, struct str wanted)
{
    *s = (struct search){.words = words_new()};
    words_query_read(s->words, wanted, &s->query);
}

void
search_fini(struct search *s)
{
    words_query_fini(&s->query);
    words_free(&s->words);
}

bool
search_matches(const struct search *s, const char *text)
{
    if (search_is_empty(s))
        return true;
    return text != NULL && words_match(s->words, &s->query, str_from(text));
}

/* Where the part begins: before the first word, if that is far from the beginning. */
static size_t
begin_of(const struct words_span *span, size_t n, size_t letters)
{
    size_t last = letters > SHOWN ? letters - SHOWN : 0;
    size_t from = n > 0 && span[0].from > LEAD ? span[0].from - LEAD : 0;

    return from < last ? from : last;
}

size_t
search_snippet(const struct search *s, const char *text, struct buf *out)
{
    struct words_span span[WORDS_SPANS];
    struct str all = str_from(text);
    struct buf part = BUF_INIT;
    size_t n = words_find(s->words, &s->query, all, span);
    size_t letters = utf8_count(all), begin = begin_of(span, n, letters), shown = 0;
    size_t end = begin + SHOWN < letters ? begin + SHOWN : letters;
    size_t from = utf8_offset(all, begin), to = utf8_offset(all, end);

    if (begin > 0)
        buf_add_cstr(&part, DOTS);
    buf_add(&part, all.p + from, to - from);
    if (end < letters)
        buf_add_cstr(&part, DOTS);
    buf_add_cstr(out, "{\"text\":");
    buf_add_json(out, buf_str(&part));
    buf_add_cstr(out, ",\"ranges\":[");
    for (size_t i = 0; i < n && span[i].to <= end; i++) {
        size_t shift = begin > 0 ? 1 : 0;
        buf_addf(out, "%s[%zu,%zu]", shown++ > 0 ? "," : "", span[i].from - begin + shift,
                 span[i].to - begin + shift);
    }
    buf_add_cstr(out, "]}");
    buf_fini(&part);
    return shown;
}
