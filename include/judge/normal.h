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
#include "judge/units.h"

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

struct channel {
    bool on;            /* false: says nothing that NORMAL_TEXT (or _DIGITS) does not */
    struct buf text;    /* valid UTF-8, no NUL behind it */
    struct units units; /* its characters */
};

/* Reusable working memory. */
struct normal {
    struct units composed, work;
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

#endif
