/* SPDX-License-Identifier: Apache-2.0 */
/* lang.h - in which language a line is written, from its letters and its small words.
 * A label for people and for sorting; nothing may be dropped because of it. */
#ifndef SURAQ_JUDGE_LANG_H
#define SURAQ_JUDGE_LANG_H

#include "judge/judge.h"
#include "judge/normal.h"

/* The function words of each language; immutable. */
struct lang_words;
struct lang_words *lang_words_new(void);
void lang_words_free(struct lang_words **l);

enum judge_lang lang_of(const struct lang_words *l, const struct normal *n);

#endif
