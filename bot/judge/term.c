/* SPDX-License-Identifier: Apache-2.0 */
/* term.c - how far two terms say the same.
 *
 * A person's slip is forgiven where it cannot turn a word into another one; where it can,
 * two words stay two. So one letter only, in words long enough, and hardly any in their
 * beginnings. A shared beginning alone is kinship: enough to suggest, never to join. */
#include "judge/wording.h"

#include <stdbool.h>
#include <string.h>

static bool
is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* Written for each other where the stress is elsewhere: а о, е и, я е. */
static bool
are_confused(char a, char b)
{
    return (a == 'a' && (b == 'o' || b == 'e')) || (a == 'e' && b == 'i');
}

/* One slip in two words of five letters or more. The beginning is where words differ that
 * mean the opposite (включат, выключат; приезд, проезд): there only an unstressed vowel
 * may be another one. */
static bool
is_slip(const struct term *a, const struct term *b)
{
    const struct term *s = a->len <= b->len ? a : b, *l = s == a ? b : a;
    size_t head = 0, tail = 0;

    if (s->len < 5 || l->len - s->len > 1)
        return false;
    while (head < s->len && s->text[head] == l->text[head])
        head++;
    while (tail < s->len - head &&
           s->text[s->len - 1 - tail] == l->text[l->len - 1 - tail])
        tail++;
    if (l->len != s->len)
        return head + tail == s->len && head >= 2;
    if (head + tail + 1 == s->len)
        return are_confused(s->text[head], l->text[head]) ||
               are_confused(l->text[head], s->text[head]) || (head >= 3 && s->len >= 6);
    return head + tail + 2 == s->len && head >= 2 && s->text[head] == l->text[head + 1] &&
           s->text[head + 1] == l->text[head];
}

unsigned
term_compare(const struct term *a, const struct term *b)
{
    if (a->hash == b->hash)
        return 100;
    if (a->kind != TERM_WORD || b->kind != TERM_WORD)
        return 0;
    if (is_slip(a, b))
        return TERM_TYPO;
    return a->len >= 5 && b->len >= 5 && memcmp(a->text, b->text, 5) == 0 ? TERM_KIN : 0;
}

uint64_t
term_bucket(const struct term *t)
{
    uint64_t bucket = 0;
    int n = 0;

    for (size_t i = 0; i < t->len && n < 3; i++) {
        if (is_vowel(t->text[i]))
            continue;
        bucket = bucket << 8 | (uint8_t)t->text[i];
        n++;
    }
    return t->kind == TERM_WORD && t->len >= 5 && n >= 2 ? bucket : 0;
}
