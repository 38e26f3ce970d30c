/* SPDX-License-Identifier: Apache-2.0 */
/* alphabet.c - which characters have a code.
 *
 * The letters are those of the blocks that chat here is written in, all older than any
 * Unicode version in use, so that a code below CODE_BREAK is a letter for PCRE2 too. A
 * letter that is left out costs nothing but speed: it counts as a break, where a word may
 * begin that does not, and a stem is never taken from it. The case folding is
 * letter_fold(), which a test holds against PCRE2's own. */
#include "judge/alphabet.h"

#include <string.h>

#include "judge/letter.h"

#define FIRST_LETTER 1

/* Lower case, in the order of their codes: ranges, first and last. */
static const struct {
    uint16_t first, last;
} letters[] = {
    {'a', 'z'},     {0x430, 0x45F},                                 /* а to џ */
    {0x493, 0x493}, {0x49B, 0x49B}, {0x4A3, 0x4A3}, {0x4AF, 0x4AF}, /* ғ қ ң ү */
    {0x4B1, 0x4B1}, {0x4BB, 0x4BB}, {0x4D9, 0x4D9}, {0x4E9, 0x4E9}, /* ұ һ ә ө */
    {0xE1, 0xE1},   {0xE4, 0xE4},   {0xE7, 0xE7},   {0xE9, 0xE9},   /* á ä ç é */
    {0xED, 0xED},   {0xEF, 0xEF},   {0xF1, 0xF1},   {0xF3, 0xF3},   /* í ï ñ ó */
    {0xF6, 0xF6},   {0xFA, 0xFA},   {0xFC, 0xFC},   {0xFD, 0xFD},   /* ö ú ü ý */
    {0x11F, 0x11F}, {0x131, 0x131}, {0x144, 0x144}, {0x14B, 0x14B}, /* ğ ı ń ŋ */
    {0x15F, 0x15F}, {0x16B, 0x16B}, {0x1F5, 0x1F5},                 /* ş ū ǵ */
};

static uint8_t
code_of_sign(uint32_t cp)
{
    if (cp == ' ' || (cp >= '\t' && cp <= '\r'))
        return CODE_SPACE;
    if (cp >= '0' && cp <= '9')
        return CODE_DIGIT;
    if (cp > ' ' && cp <= '/')
        return (uint8_t)(CODE_SIGN + cp - '!');
    if (cp >= ':' && cp <= '@')
        return (uint8_t)(CODE_SIGN + 15 + cp - ':');
    if (cp >= '[' && cp <= '`')
        return (uint8_t)(CODE_SIGN + 22 + cp - '[');
    if (cp >= '{' && cp <= '~')
        return (uint8_t)(CODE_SIGN + 28 + cp - '{');
    return CODE_BREAK;
}

void
alphabet_init(struct alphabet *a)
{
    uint8_t folded[ALPHABET_LOW], next = FIRST_LETTER;
    memset(folded, 0, sizeof(folded));
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        for (uint32_t cp = letters[i].first; cp <= letters[i].last; cp++)
            folded[cp] = next++;
    for (uint32_t cp = 0; cp < ALPHABET_LOW; cp++) {
        uint32_t fold = letter_fold(cp);
        uint8_t code = fold < ALPHABET_LOW ? folded[fold] : 0;
        a->low[cp] = code != 0 ? code : code_of_sign(cp);
    }
}

uint8_t
alphabet_code(const struct alphabet *a, uint32_t cp)
{
    if (cp < ALPHABET_LOW)
        return a->low[cp];
    uint32_t fold = letter_fold(cp);
    if (fold >= ALPHABET_LOW || !code_is_letter(a->low[fold]))
        return CODE_BREAK;
    return a->low[fold];
}
