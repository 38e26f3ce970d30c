/* SPDX-License-Identifier: Apache-2.0 */
/* fold.c - the spelling that rules are written for: lower case, one sign for what is
 * written in many ways, and the games undone that people play with letters.
 *
 * Order matters. Single letters are joined (К О Г Д А) before a word's script is decided,
 * or each letter would be a word of its own; runs (кееерек) are cut after it, so that a
 * run made of look-alikes is one run.
 *
 * A word with a letter that only Cyrillic has is Cyrillic: its Latin look-alikes become
 * what they look like. A Latin stretch of three letters or more with a letter that
 * Cyrillic has nothing like is left alone, because suffixes are glued to foreign names
 * (Kaspiге). A word with a letter that only Latin has goes the other way, all but such a
 * suffix (WhatsAppта). Mixed script is no sign of anything: many write і with the Latin
 * key. */
#include "judge/steps.h"

#define JOIN_LETTERS   4 /* к о г д а: fewer may be initials or a list */
#define LATIN_STRETCH  3
#define SUFFIX_LETTERS 2
#define RUN_LENGTH     3 /* two are real: сс, пп, тт */

static bool
is_word(const struct unit *u)
{
    return u->class == LETTER_LETTER || u->class == LETTER_DIGIT;
}

/* Lower case and plain signs; marks on letters go, all white space is the one space. */
static void
fold_case(const struct units *in, struct units *out)
{
    out->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        struct unit x = in->at[i];
        uint32_t folded = letter_fold(letter_plain(x.cp));
        x.upper = folded != x.cp;
        x.cp = letter_plain(folded);
        x.class = letter_class(x.cp);
        if (x.class == LETTER_SPACE)
            x.cp = ' ';
        if (x.class == LETTER_NOTHING)
            continue;
        if (x.class == LETTER_MARK && out->n > 0 && is_word(&out->at[out->n - 1]))
            out->at[out->n - 1].to =
                x.to > out->at[out->n - 1].to ? x.to : out->at[out->n - 1].to;
        else
            units_add(out, x);
    }
}

static bool
is_joint(uint32_t cp)
{
    return cp == ' ' || cp == '.' || cp == '-' || cp == '*' || cp == '_';
}

/* How many letters, each alone, stand in a row from `i` on with one and the same joint
 * between any two. */
static size_t
single_letters(const struct units *u, size_t i)
{
    if (u->at[i].class != LETTER_LETTER || (i > 0 && is_word(&u->at[i - 1])))
        return 0;
    size_t n = 1;
    for (size_t j = i; j + 2 < u->n; j += 2, n++) {
        if (!is_joint(u->at[j + 1].cp) || u->at[j + 1].cp != u->at[i + 1].cp ||
            u->at[j + 2].class != LETTER_LETTER ||
            (j + 3 < u->n && is_word(&u->at[j + 3])))
            break;
    }
    return i + 1 < u->n && is_word(&u->at[i + 1]) ? 0 : n;
}

static void
join_letters(struct units *u)
{
    size_t w = 0;
    for (size_t i = 0; i < u->n;) {
        size_t n = single_letters(u, i);
        if (n < JOIN_LETTERS) {
            u->at[w++] = u->at[i++];
            continue;
        }
        for (size_t k = 0; k < n; k++)
            u->at[w++] = u->at[i + 2 * k];
        i += 2 * n - 1;
    }
    u->n = w;
}

/* Has the Latin stretch [i, end) a letter that looks like no Cyrillic one? */
static bool
has_pure_latin(const struct units *u, size_t i, size_t end)
{
    for (; i < end; i++)
        if (letter_is_latin(u->at[i].cp) &&
            letter_cyrillic_twin(u->at[i].cp, u->at[i].upper) == 0)
            return true;
    return false;
}

static bool
has_pure_cyrillic(const struct units *u, size_t i, size_t end)
{
    for (; i < end; i++)
        /* Every ə became ә, also in Latin words: it proves nothing. */
        if (letter_is_cyrillic(u->at[i].cp) && u->at[i].cp != 0x4D9 &&
            letter_latin_twin(u->at[i].cp, u->at[i].upper) == 0)
            return true;
    return false;
}

static void
to_cyrillic(struct units *u, size_t i, size_t end)
{
    while (i < end) {
        size_t stretch = i;
        while (stretch < end && letter_is_latin(u->at[stretch].cp))
            stretch++;
        bool foreign = stretch - i >= LATIN_STRETCH && has_pure_latin(u, i, stretch);
        for (; i < stretch; i++) {
            uint32_t twin = letter_cyrillic_twin(u->at[i].cp, u->at[i].upper);
            if (!foreign && twin != 0)
                u->at[i].cp = twin;
        }
        if (i < end)
            i++;
    }
}

static void
to_latin(struct units *u, size_t i, size_t end)
{
    size_t suffix = end;
    while (suffix > i && letter_is_cyrillic(u->at[suffix - 1].cp))
        suffix--;
    if (end - suffix >= SUFFIX_LETTERS)
        end = suffix;
    for (; i < end; i++) {
        uint32_t twin = letter_latin_twin(u->at[i].cp, u->at[i].upper);
        if (twin != 0)
            u->at[i].cp = twin;
    }
}

/* One script for each word that has both. */
static void
unite_scripts(struct units *u)
{
    for (size_t i = 0; i < u->n;) {
        size_t end = i;
        bool latin = false, cyrillic = false;
        for (; end < u->n && u->at[end].class == LETTER_LETTER; end++) {
            latin = latin || letter_is_latin(u->at[end].cp);
            cyrillic = cyrillic || letter_is_cyrillic(u->at[end].cp);
        }
        if (latin && cyrillic) {
            if (!has_pure_cyrillic(u, i, end) && has_pure_latin(u, i, end))
                to_latin(u, i, end);
            else
                to_cyrillic(u, i, end);
        }
        i = end > i ? end : i + 1;
    }
}

/* Runs of a letter or a sign become one of it, runs of white space always; none is left
 * at either end. The one that stays stands for the whole run. */
static void
cut_runs(struct units *u)
{
    size_t w = 0;
    for (size_t i = 0; i < u->n;) {
        enum letter_class class = u->at[i].class;
        size_t end = i + 1;
        while (end < u->n && u->at[end].cp == u->at[i].cp)
            end++;
        bool one =
            class == LETTER_SPACE ||
            (end - i >= RUN_LENGTH && (class == LETTER_LETTER || class == LETTER_PUNCT));
        if (one) {
            struct unit x = u->at[i];
            x.to = u->at[end - 1].to;
            u->at[w++] = x;
        } else {
            for (size_t k = i; k < end; k++)
                u->at[w++] = u->at[k];
        }
        i = end;
    }
    if (w > 0 && u->at[w - 1].class == LETTER_SPACE)
        w--;
    u->n = w;
}

void
fold_units(const struct units *in, struct units *out)
{
    fold_case(in, out);
    size_t lead = 0;
    while (lead < out->n && out->at[lead].class == LETTER_SPACE)
        lead++;
    for (size_t i = lead; lead > 0 && i < out->n; i++)
        out->at[i - lead] = out->at[i];
    out->n -= lead;
    join_letters(out);
    unite_scripts(out);
    cut_runs(out);
}
