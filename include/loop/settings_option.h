/* SPDX-License-Identifier: Apache-2.0 */
/* settings_option.h - one setting's value, by its row. `base` is the struct that the
 * row's offset points into. Texts and lists belong to that struct; errors say what was
 * wrong with the value (ERR_VALUE, ERR_LIMIT), the caller knows where it stood. */
#ifndef SURAQ_LOOP_SETTINGS_OPTION_H
#define SURAQ_LOOP_SETTINGS_OPTION_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "loop/settings_table.h"

/* Whether `word` is one of `words` ("a b c"). */
bool option_word_in(const char *words, struct str word);

/* A single value. A row of a list refuses it. */
int option_set(const struct option *o, void *base, struct str s,
               struct err *e) MUST_CHECK;

/* A list written "[a, b]" or "a, b", as in the environment. */
int option_set_list(const struct option *o, void *base, struct str s,
                    struct err *e) MUST_CHECK;
void option_clear_list(const struct option *o, void *base);
int option_add(const struct option *o, void *base, struct str s,
               struct err *e) MUST_CHECK;

/* All rows of a table: what they say by themselves; and free what they hold. */
void option_defaults(const struct option *table, size_t n, void *base);
void option_free(const struct option *table, size_t n, void *base);

#endif
