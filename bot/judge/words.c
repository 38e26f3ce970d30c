/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - a text as the words by which people look for it.
 *
 * The judge's normalised channels do most of it: case, look-alikes, letter games, marks.
 * They decide by the whole word whether a letter is Latin, which a search that is still
 * being typed cannot know; so here every Latin letter that looks like a Cyrillic one
 * becomes it. The nine Kazakh letters become what stands for them on a keyboard without
 * them. A line in Latin letters is found by both spellings. */
#include "judge/words.h"

#include <stdlib.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/normal.h"

enum { WORD_LETTERS = 40 /* longer words are found by their beginning */ };

struct one_word {
    size_t at, len; /* in letters */
    struct words_span span;
};

struct words {
    struct normal normal;
    struct buf text, letters;
    struct one_word *word; /* owned */
    size_t n, cap;
};

struct words *
words_new(void)
{
    struct words *w = mem_zalloc(sizeof(*w));

    normal_init(&w->normal);
    return w;
}

void
words_free(struct words **wp)
{
    struct words *w = *wp;

    if (w == NULL)
        return;
    *wp = NULL;
    normal_fini(&w->normal);
    buf_fini(&w->text);
    buf_fini(&w->letters);
    mem_free(w->word);
    mem_free(w);
}

static uint32_t
fold(uint32_t cp)
{
    uint32_t twin = letter_is_latin(cp) ? letter_cyrillic_twin(cp, false) : 0;

    switch (twin != 0 ? twin : cp) {
    case 0x4D9: /* ә */
        return 0x430;
    case 0x493: /* ғ */
        return 0x433;
    case 0x49B: /* қ */
        return 0x43A;
    case 0x4A3: /* ң */
        return 0x43D;
    case 0x4E9: /* ө */
        return 0x43E;
    case 0x4B1: /* ұ */
    case 0x4AF: /* ү */
        return 0x443;
    case 0x4BB: /* һ */
        return 0x445;
    case 0x456: /* і */
        return 0x438;
    case 0x451: /* ё */
        return 0x435;
    default:
        return twin != 0 ? twin : cp;
    }
}

static bool
is_letter(const struct unit *u)
{
    return u->class == LETTER_LETTER || u->class == LETTER_DIGIT;
}

static void
add_word(struct words *w, const struct unit *at, size_t n)
{
    struct one_word one = {.at = w->letters.len, .span = {at[0].from, at[n - 1].to}};

    for (size_t i = 0; i < n && i < WORD_LETTERS; i++)
        utf8_add(&w->letters, fold(at[i].cp));
    one.len = w->letters.len - one.at;
    if (w->n == w->cap) {
        w->cap = w->cap == 0 ? 64 : w->cap * 2;
        w->word = mem_resize(w->word, w->cap, sizeof(*w->word));
    }
    w->word[w->n++] = one;
}

static void
read_channel(struct words *w, const struct channel *c)
{
    const struct units *u = &c->units;

    for (size_t i = 0; c->on && i < u->n;) {
        size_t end = i;
        while (end < u->n && is_letter(&u->at[end]))
            end++;
        if (end > i)
            add_word(w, &u->at[i], end - i);
        i = end + 1;
    }
}

static void
read_text(struct words *w, struct str text, bool latin)
{
    w->n = 0;
    buf_reset(&w->letters);
    buf_reset(&w->text);
    text = utf8_prefix(text, BOUNDS_TEXT);
    if (text.len == 0)
        return;
    if (!utf8_is_valid(text)) {
        (void)utf8_repair(text, &w->text);
        text = utf8_prefix(buf_str(&w->text), BOUNDS_TEXT);
    }
    normal_read(&w->normal, text);
    read_channel(w, &w->normal.channel[NORMAL_TEXT]);
    if (latin)
        read_channel(w, &w->normal.channel[NORMAL_LATIN]);
}

static struct str
letters_of(const struct words *w, const struct one_word *one)
{
    return (struct str){w->letters.data + one->at, one->len};
}

void
words_write(struct words *w, struct str text, struct buf *out)
{
    read_text(w, text, true);
    for (size_t i = 0; i < w->n; i++) {
        buf_add_str(out, letters_of(w, &w->word[i]));
        buf_add_char(out, ' ');
    }
}

void
words_query_read(struct words *w, struct str text, struct words_query *q)
{
    read_text(w, text, false);
    q->n = 0;
    for (size_t i = 0; i < w->n && q->n < WORDS_WANTED; i++) {
        struct buf *b = &q->word[q->n++];
        buf_reset(b);
        buf_add_str(b, letters_of(w, &w->word[i]));
    }
}

void
words_query_fini(struct words_query *q)
{
    for (size_t i = 0; i < WORDS_WANTED; i++)
        buf_fini(&q->word[i]);
    q->n = 0;
}

void
words_query_write(const struct words_query *q, struct buf *out)
{
    for (size_t i = 0; i < q->n; i++) {
        buf_add_cstr(out, i > 0 ? " \"" : "\"");
        buf_add_str(out, buf_str(&q->word[i]));
        buf_add_cstr(out, i + 1 == q->n ? "\" *" : "\"");
    }
}

static bool
is_wanted(const struct words_query *q, size_t i, struct str have)
{
    struct str want = buf_str(&q->word[i]);

    return i + 1 == q->n ? str_has_prefix(have, want) : str_eq(have, want);
}

bool
words_match(struct words *w, const struct words_query *q, struct str text)
{
    if (q->n == 0)
        return true;
    read_text(w, text, true);
    for (size_t i = 0; i < q->n; i++) {
        bool found = false;
        for (size_t k = 0; k < w->n && !found; k++)
            found = is_wanted(q, i, letters_of(w, &w->word[k]));
        if (!found)
            return false;
    }
    return true;
}

static int
by_place(const void *a, const void *b)
{
    const struct words_span *x = a, *y = b;

    return x->from != y->from ? (x->from < y->from ? -1 : 1)
                              : (x->to > y->to) - (x->to < y->to);
}

static size_t
without_overlaps(struct words_span *span, size_t n)
{
    size_t kept = 0;

    qsort(span, n, sizeof(*span), by_place);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || span[i].from >= span[kept - 1].to)
            span[kept++] = span[i];
    }
    return kept;
}

size_t
words_find(struct words *w, const struct words_query *q, struct str text,
           struct words_span out[WORDS_SPANS])
{
    size_t n = 0;

    read_text(w, text, true);
    for (size_t k = 0; k < w->n && n < WORDS_SPANS; k++) {
        bool found = false;
        for (size_t i = 0; i < q->n && !found; i++)
            found = is_wanted(q, i, letters_of(w, &w->word[k]));
        if (found)
            out[n++] = w->word[k].span;
    }
    return without_overlaps(out, n);
}
