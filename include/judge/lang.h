/* SPDX-License-Identifier: Apache-2.0 */
/* lang.h - in which language a line is written, from its letters and its small words.
 * A label for people and for sorting; nothing may be dropped because of it. */
#ifndef SURAQ_JUDGE_LANG_H
#define SURAQ_JUDGE_LANG_H

#include "judge/judge.h"
#include "judge/normal.h"

enum judge_lang lang_of(const struct normal *n);

#endif
