/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - one word of a line, with its letters folded for comparing. */
#ifndef SURAQ_JUDGE_TOKEN_H
#define SURAQ_JUDGE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "judge/units.h"

enum { TOKEN_LETTERS = 40 }; /* folded; what is behind them tells nothing more */

struct token {
    const struct unit *at; /* borrowed */
    size_t n;
    char text[TOKEN_LETTERS + 1]; /* folded: a-z, one for each class, and digits */
    size_t len;
    bool digit;
};

/* Replaces `out` by the code points of a key. */
void token_read(struct str key, struct units *out);
/* The next word at *pos, folded; false at the end. */
bool token_next(const struct units *u, size_t *pos, struct token *t);
/* Folds the `n` units at `at`. */
void token_fold(struct token *t);

#endif
