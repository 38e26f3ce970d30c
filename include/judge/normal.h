/* SPDX-License-Identifier: Apache-2.0 */
/* normal.h - one chat line in the spellings that rules are written for, and for every
 * byte of them the place in the original text that it stands for. */
#ifndef SURAQ_JUDGE_NORMAL_H
#define SURAQ_JUDGE_NORMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "judge/letter.h"

enum normal_channel {
    NORMAL_TEXT,   /* folded to lower case, look-alikes and letter games undone */
    NORMAL_LATIN,  /* NORMAL_TEXT with Latin words written in Cyrillic; only if there are
                      any */
    NORMAL_LEET,   /* the same with digits and signs inside words read as letters; only if
                      any */
    NORMAL_DIGITS, /* for personal data: case and separators kept, all digits ASCII */
    NORMAL_SPELT,  /* NORMAL_DIGITS with O, I, l and З between digits read as digits; if
                      any */
    NORMAL_CHANNELS,
};

/* One character on its way; positions are code points of the original, end exclusive. */
struct unit {
    uint32_t cp;
    uint32_t from, to;
    enum letter_class class;
    bool upper; /* was a capital */
};

struct units {
    struct unit *at; /* owned */
    size_t n, cap;
};

struct channel {
    bool on;             /* false: says nothing that NORMAL_TEXT (or _DIGITS) does not */
    struct buf text;     /* valid UTF-8 */
    uint32_t *from, *to; /* owned; for each byte of `text` */
    size_t cap;          /* of both, bytes */
};

/* Reusable working memory. The units are those of NORMAL_TEXT. */
struct normal {
    struct units units, work[2];
    struct channel channel[NORMAL_CHANNELS];
};

void normal_init(struct normal *n);
void normal_fini(struct normal *n);

/* Fills all channels. `text` must be valid UTF-8 of at most BOUNDS_TEXT bytes. */
void normal_read(struct normal *n, struct str text);

/* The original's code points behind the bytes [start, end) of a channel; start < end. */
void normal_span(const struct channel *c, size_t start, size_t end, uint32_t *from,
                 uint32_t *to);

/* Widens [*start, *end) of a channel to whole words. */
void normal_widen(const struct channel *c, size_t *start, size_t *end);

/* --- the steps, for normal.c and the tests */

void units_add(struct units *u, struct unit x);
void units_fini(struct units *u);
void channel_write(struct channel *c, const struct units *u);

/* compose.c: reads the text, leaves out what shows nothing, composes by NFKC (№ stays).
 */
void compose_read(struct str text, struct units *out);
/* fold.c: lower case, one spelling, joined letters, one script a word, no long runs. */
void fold_units(const struct units *in, struct units *out);
/* spell.c: Latin words in Cyrillic letters; false when there is none. */
bool spell_latin(const struct units *in, struct units *out);
/* Digits inside words as letters; false when there is none. */
bool spell_leet(const struct units *in, struct units *out);
/* ASCII digits, plain dashes and spaces; case and everything else kept. */
void spell_digits(const struct units *in, struct units *out);
/* Letters between digits that stand for digits; false when there is none. */
bool spell_digit_letters(const struct units *in, struct units *out);

#endif
