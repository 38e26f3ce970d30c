/* SPDX-License-Identifier: Apache-2.0 */
/* alphabet.h - a character as one byte, for finding stems: the letters that Kazakh,
 * Russian and Latin chat is made of have a code each, lower and upper case the same;
 * everything else is a break between words. */
#ifndef SURAQ_JUDGE_ALPHABET_H
#define SURAQ_JUDGE_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

/* Codes below CODE_BREAK are letters for certain, whatever version of Unicode is asked.
 * From there on: what is none, or may be none (rare letters among them). No character has
 * CODE_END; in a stem it stands for the end of a word: any break, or the text's end. */
enum {
    CODE_END = 0,
    CODE_BREAK = 128,
    CODE_SPACE, /* ASCII white space */
    CODE_DIGIT, /* ASCII digits */
    CODE_SIGN,  /* and the following: one for each ASCII sign */
};

enum { ALPHABET_LOW = 0x800 }; /* code points whose UTF-8 is one or two bytes */

struct alphabet {
    uint8_t low[ALPHABET_LOW];
};

void alphabet_init(struct alphabet *a);

/* Whatever PCRE2 takes for one and the same letter when it matches without case has one
 * code. */
uint8_t alphabet_code(const struct alphabet *a, uint32_t cp);

static inline bool
code_is_letter(uint8_t code)
{
    return code < CODE_BREAK;
}

/* Of codes, each of which may be in it or not. */
struct code_set {
    uint64_t letters[2];
    uint64_t breaks; /* bit 0: CODE_BREAK */
};

#define CODE_SET_NONE   ((struct code_set){.letters = {0, 0}, .breaks = 0})
#define CODE_SET_BREAKS ((struct code_set){.letters = {0, 0}, .breaks = UINT64_MAX})
#define CODE_SET_LETTERS \
    ((struct code_set){.letters = {UINT64_MAX, UINT64_MAX}, .breaks = 0})

static inline void
code_set_add(struct code_set *s, uint8_t code)
{
    if (code_is_letter(code))
        s->letters[code >> 6] |= UINT64_C(1) << (code & 63);
    else
        s->breaks |= UINT64_C(1) << (code & 63);
}

static inline void
code_set_join(struct code_set *s, struct code_set x)
{
    s->letters[0] |= x.letters[0];
    s->letters[1] |= x.letters[1];
    s->breaks |= x.breaks;
}

static inline bool
code_set_has_letters(struct code_set s)
{
    return (s.letters[0] | s.letters[1]) != 0;
}

#endif
