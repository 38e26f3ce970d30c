/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c - words are syllables drawn by chance, so stems collide with ordinary words
 * about as often as real ones do. The shares of the shapes are those of rule files that
 * people have written. */
#include "generate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { WORDS = 20000, LANGUAGES = 3, TEXT_MAX = 300 };

struct generator {
    uint64_t state;
    char **stems; /* owned, as the words */
    size_t n_stems, next;
    char *words[LANGUAGES][WORDS];
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static unsigned
below(struct generator *g, size_t n)
{
    g->state = g->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((g->state >> 33) % n);
}

static bool
chance(struct generator *g, unsigned percent)
{
    return below(g, 100) < percent;
}

#define PICK(g, a) ((a)[below((g), COUNT(a))])

/* --- words */

static void
add_syllable(struct generator *g, int language, struct buf *out)
{
    static const char *const consonants[LANGUAGES][12] = {
        {"к", "т", "с", "п", "р", "н", "в", "м", "л", "д", "ст", "пр"},
        {"қ", "т", "с", "б", "р", "н", "ж", "м", "л", "ғ", "ш", "к"},
        {"c", "t", "s", "p", "r", "n", "b", "m", "l", "d", "th", "st"},
    };
    static const char *const vowels[LANGUAGES][6] = {
        {"а", "о", "и", "е", "у", "ы"},
        {"а", "ә", "ы", "і", "е", "ұ"},
        {"a", "o", "i", "e", "u", "ea"},
    };
    buf_add_cstr(out, PICK(g, consonants[language]));
    buf_add_cstr(out, PICK(g, vowels[language]));
}

static char *
make_word(struct generator *g, int language, unsigned least, unsigned most)
{
    struct buf b = BUF_INIT;
    unsigned n = least + below(g, most - least + 1);
    for (unsigned i = 0; i < n; i++)
        add_syllable(g, language, &b);
    if (chance(g, 40))
        buf_add_cstr(&b, language == 2 ? "n" : "н");
    return buf_steal(&b);
}

static int
language_of(struct generator *g)
{
    unsigned x = below(g, 10);
    return x < 6 ? 0 : x < 9 ? 1 : 2;
}

struct generator *
generator_new(uint64_t seed, size_t rules)
{
    struct generator *g = mem_zalloc(sizeof(*g));
    g->state = seed;
    g->n_stems = rules * 2;
    g->stems = mem_array(g->n_stems, sizeof(g->stems[0]));
    for (int language = 0; language < LANGUAGES; language++)
        for (size_t i = 0; i < WORDS; i++)
            g->words[language][i] = make_word(g, language, 1, 4);
    for (size_t i = 0; i < g->n_stems; i++)
        g->stems[i] = make_word(g, language_of(g), 2, 3);
    return g;
}

void
generator_free(struct generator **g)
{
    if (*g == NULL)
        return;
    for (size_t i = 0; i < (*g)->n_stems; i++)
        mem_free((*g)->stems[i]);
    for (int language = 0; language < LANGUAGES; language++)
        for (size_t i = 0; i < WORDS; i++)
            mem_free((*g)->words[language][i]);
    mem_free((*g)->stems);
    MEM_FREE(*g);
}

/* --- rules */

static const char *
next_stem(struct generator *g)
{
    return g->stems[g->next++ % g->n_stems];
}

/* The stem with its first letter as a class of two. */
static void
add_class(const char *stem, struct buf *out)
{
    struct str s = str_from(stem);
    size_t pos = 0;
    int32_t cp = utf8_next(s, &pos);
    const char *other = cp == 0x43A ? "қ" : cp == 0x49B ? "к" : cp < 0x80 ? "k" : "ң";
    buf_addf(out, "\\b[%.*s%s]%s\\w*", (int)pos, stem, other, stem + pos);
}

char *
generate_rule(struct generator *g)
{
    struct buf b = BUF_INIT;
    unsigned kind = below(g, 100);
    const char *stem = next_stem(g), *other = next_stem(g);
    if (kind < 45)
        buf_addf(&b, "\\b%s\\w*", stem);
    else if (kind < 60)
        buf_addf(&b, "\\b%s(?:а|у|ом|лар|дің|ға)?\\b", stem);
    else if (kind < 70)
        buf_addf(&b, "\\b(?:%s|%s|%s)\\w{0,6}\\b", stem, other, next_stem(g));
    else if (kind < 78)
        add_class(stem, &b);
    else if (kind < 84)
        buf_addf(&b, "\\b%s\\w*\\s+(?:\\w+\\s+){0,2}%s\\w*", stem, other);
    else if (kind < 89)
        buf_addf(&b, "\\b%s(?!ов|лар)\\w*", stem);
    else if (kind < 93)
        buf_addf(&b, "(?<!не )\\b%s\\w*", stem);
    else if (kind < 96)
        buf_addf(&b, "(?<!\\w)(?:%s|%s)(?!\\w)", stem, other);
    else if (kind < 98)
        buf_addf(&b, "\\d{2,6}\\s*%s\\b", stem);
    else
        buf_addf(&b, "%s[\\w-]*", stem);
    return buf_steal(&b);
}

/* --- messages */

static void
add_suffix(struct generator *g, int language, struct buf *out)
{
    static const char *const suffixes[LANGUAGES][6] = {
        {"а", "у", "ом", "ами", "ый", "ить"},
        {"лар", "ға", "дің", "нан", "мыз", "шы"},
        {"s", "ed", "ing", "er", "ly", "y"},
    };
    if (chance(g, 50))
        buf_add_cstr(out, PICK(g, suffixes[language]));
}

/* A stem of a rule with something before it, or without its end. */
static void
add_near_miss(struct generator *g, int language, struct buf *out)
{
    struct str stem = str_from(g->stems[below(g, g->n_stems)]);
    if (chance(g, 50)) {
        add_syllable(g, language, out);
        buf_add_str(out, stem);
    } else {
        buf_add_str(out, utf8_prefix(stem, stem.len - 2));
    }
}

static void
add_word(struct generator *g, int language, bool hit, struct buf *out)
{
    if (hit)
        buf_add_cstr(out, g->stems[below(g, g->n_stems)]);
    else if (chance(g, 2))
        add_near_miss(g, language, out);
    else
        buf_add_cstr(out, g->words[language][below(g, WORDS)]);
    add_suffix(g, language, out);
}

static uint32_t
upper(uint32_t cp)
{
    if (cp >= 'a' && cp <= 'z')
        return cp - 0x20;
    if (cp >= 0x430 && cp <= 0x44F)
        return cp - 0x20;
    return cp >= 0x493 && cp <= 0x4E9 && (cp & 1) == 1 ? cp - 1 : cp;
}

/* Some other character that PCRE2 takes for the same letter, and what hides between. */
static void
spoil(struct generator *g, struct str s, struct buf *out)
{
    static const char *const odd[] = {"\u0301", "\u200D", "۵", "\n", "_", "😀", "²", "ə"};
    for (size_t pos = 0; pos < s.len;) {
        uint32_t cp = (uint32_t)utf8_next(s, &pos);
        bool change = chance(g, 25);
        uint32_t partner = cp == 0x43E   ? 0x1C82U
                           : cp == 0x432 ? 0x1C80U
                           : cp == 's'   ? 0x17FU
                           : cp == 'k'   ? 0x212AU
                                         : upper(cp);
        utf8_add(out, change ? partner : cp);
        if (chance(g, 2))
            buf_add_cstr(out, PICK(g, odd));
    }
}

char *
generate_message(struct generator *g, bool hostile)
{
    struct buf b = BUF_INIT, spoilt = BUF_INIT;
    int language = language_of(g);
    size_t length = 10 + below(g, 12) * below(g, 12) * 2 + below(g, 60);
    bool hit = below(g, 12) == 0;
    while (b.len < length && b.len < TEXT_MAX - 40) {
        if (b.len > 0)
            buf_add_cstr(&b, chance(g, 10) ? ", " : " ");
        size_t at = b.len;
        add_word(g, language, hit && chance(g, 40), &b);
        if (at == 0 && chance(g, 50) && (unsigned char)b.data[0] == 0xD0)
            b.data[1] = (char)(b.data[1] - ((unsigned char)b.data[1] >= 0xB0 ? 0x20 : 0));
        if (chance(g, 3))
            buf_addf(&b, " %u", below(g, 2000));
    }
    if (chance(g, 30))
        buf_add_cstr(&b, chance(g, 50) ? "?" : "!");
    if (!hostile)
        return buf_steal(&b);
    spoil(g, buf_str(&b), &spoilt);
    buf_fini(&b);
    return buf_steal(&spoilt);
}
