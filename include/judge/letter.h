/* SPDX-License-Identifier: Apache-2.0 */
/* letter.h - what one code point is to the judge: its class, its lower case, its
 * look-alikes. Everything here is a pure function of the code point. */
#ifndef SURAQ_JUDGE_LETTER_H
#define SURAQ_JUDGE_LETTER_H

#include <stdbool.h>
#include <stdint.h>

enum letter_class {
    LETTER_OTHER, /* symbols, emoji: separators that stay */
    LETTER_LETTER,
    LETTER_MARK, /* combining, takes no room of its own */
    LETTER_DIGIT,
    LETTER_SPACE,
    LETTER_PUNCT,
    LETTER_NOTHING, /* shows nothing: zero width, soft hyphen, bidi, variation selector,
                       control */
};

enum letter_class letter_class(uint32_t cp);

/* Simple case folding, one code point to one (ß stays ß): the folding of PCRE2's caseless
 * matching, so that a lower-case pattern needs no caseless matching on folded text. */
uint32_t letter_fold(uint32_t cp);

bool letter_is_cyrillic(uint32_t cp);
bool letter_is_latin(uint32_t cp);
/* One of the nine letters that Kazakh has and Russian has not; lower case. */
bool letter_is_kazakh(uint32_t cp);
/* Latin or Cyrillic, lower case: for the difference between y as a vowel and as й. */
bool letter_is_vowel(uint32_t cp);

/* The letter of the other script that looks the same, or 0. `cp` is folded; `upper` says
 * that it stood there as a capital, since H looks like Н and h like һ. */
uint32_t letter_cyrillic_twin(uint32_t cp, bool upper);
uint32_t letter_latin_twin(uint32_t cp, bool upper);

/* 0..9 for a decimal digit of any script and for the circled ones, else -1. */
int letter_digit(uint32_t cp);

/* One spelling for what is written in many: schwas, apostrophes, dashes, dots and
 * question marks; any other code point is given back as it is. */
uint32_t letter_plain(uint32_t cp);

#endif
