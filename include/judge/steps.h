/* SPDX-License-Identifier: Apache-2.0 */
/* steps.h - the steps of normalising, in their order. Each reads units and adds units;
 * `out` is empty before. */
#ifndef SURAQ_JUDGE_STEPS_H
#define SURAQ_JUDGE_STEPS_H

#include "base/str.h"
#include "judge/units.h"

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
