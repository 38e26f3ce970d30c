/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - letters folded into one byte for each class that people mix.
 *
 * The nine Kazakh letters go with what stands for them on a keyboard without them, hard
 * letters with soft, ё with е, ц with с. It is lossy on purpose: what is folded is
 * compared with what was folded the same way, and is never shown. */
#include "judge/token.h"

#include "base/utf8.h"

void
token_read(struct str key, struct units *out)
{
    size_t pos = 0;

    out->n = 0;
    while (pos < key.len) {
        int32_t cp = utf8_next(key, &pos);
        uint32_t c = cp < 0 ? UTF8_REPLACEMENT : (uint32_t)cp;
        units_add(out, (struct unit){.cp = c, .class = letter_class(c)});
    }
}

/* а to я, then the letters outside that range. A blank is a letter without a sound. */
static const char basic[] = "abvgdejziiklmnoprstufhscww i eua";

static char
fold_letter(uint32_t cp)
{
    if (cp >= 0x430 && cp <= 0x44F)
        return basic[cp - 0x430];
    switch (cp) {
    case 0x4D9: /* ә */
        return 'a';
    case 0x451: /* ё */
        return 'e';
    case 0x493: /* ғ */
        return 'g';
    case 0x49B: /* қ */
        return 'k';
    case 0x4A3: /* ң */
        return 'n';
    case 0x4E9: /* ө */
        return 'o';
    case 0x4B1: /* ұ */
    case 0x4AF: /* ү */
        return 'u';
    case 0x4BB: /* һ */
        return 'h';
    case 0x456: /* і */
        return 'i';
    default:
        return '\0';
    }
}

/* Doubled letters are one, and тс is ц. */
static void
add_folded(struct token *t, char c)
{
    if (c == ' ' || t->len == TOKEN_LETTERS || (t->len > 0 && t->text[t->len - 1] == c))
        return;
    if (c == 's' && t->len > 0 && t->text[t->len - 1] == 't')
        t->len--;
    t->text[t->len++] = c;
    t->text[t->len] = '\0';
}

void
token_fold(struct token *t)
{
    t->len = 0;
    t->text[0] = '\0';
    t->digit = false;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t cp = t->at[i].cp;
        int digit = letter_digit(cp);
        char c = fold_letter(cp);
        if (digit >= 0) {
            t->digit = true;
            if (t->len < TOKEN_LETTERS) /* digits do count twice */
                t->text[t->len++] = (char)('0' + digit);
            t->text[t->len] = '\0';
        } else if (c != '\0') {
            add_folded(t, c);
        } else if (cp != 'x') { /* another script: two letters out of one */
            add_folded(t, 'x');
            add_folded(t, (char)('a' + cp % 26));
        }
    }
}

bool
token_next(const struct units *u, size_t *pos, struct token *t)
{
    while (*pos < u->n && u->at[*pos].cp == ' ')
        (*pos)++;
    t->at = u->at + *pos;
    t->n = 0;
    while (*pos < u->n && u->at[*pos].cp != ' ') {
        (*pos)++;
        t->n++;
    }
    if (t->n == 0)
        return false;
    token_fold(t);
    return true;
}
