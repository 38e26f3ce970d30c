/* SPDX-License-Identifier: Apache-2.0 */
/* normal.c - from one chat line to the channels that rules read.
 *
 * Every step works on units: a code point with the range of the original that it stands
 * for. A step may drop, change, join or multiply units; as long as it carries the ranges
 * along, a match in any channel points back into the text as it was written. Bytes come
 * last.
 *
 *   text ─compose─► NFKC ─fold─► units ─────────────► text
 *                     │            ├─spell_latin────► latin
 *                     │            └─spell_leet(+latin)► leet
 *                     └─spell_digits─► digits ──────► spelt
 *
 * Nothing here looks at rules, and nothing allocates once the arrays have grown. */
#include "judge/normal.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/steps.h"

void
normal_init(struct normal *n)
{
    *n = (struct normal){.composed = {.at = NULL}};
}

void
normal_fini(struct normal *n)
{
    units_fini(&n->composed);
    units_fini(&n->work);
    for (int i = 0; i < NORMAL_CHANNELS; i++) {
        struct channel *c = &n->channel[i];
        buf_fini(&c->text);
        units_fini(&c->units);
        c->on = false;
    }
}

/* Switches the channel on, with the text of its units. */
static void
channel_write(struct channel *c)
{
    c->on = true;
    buf_reset(&c->text);
    buf_reserve(&c->text, c->units.n * 4);
    char *out = c->text.data;
    for (size_t i = 0; i < c->units.n; i++)
        out = utf8_put(out, c->units.at[i].cp);
    c->text.len = (size_t)(out - c->text.data);
    *out = '\0';
}

void
normal_read(struct normal *n, struct str text)
{
    struct channel *c = n->channel;
    for (int i = 0; i < NORMAL_CHANNELS; i++)
        c[i].on = false;
    compose_read(text, &n->composed);
    fold_units(&n->composed, &c[NORMAL_TEXT].units);
    channel_write(&c[NORMAL_TEXT]);

    spell_digits(&n->composed, &c[NORMAL_DIGITS].units);
    channel_write(&c[NORMAL_DIGITS]);
    if (spell_digit_letters(&c[NORMAL_DIGITS].units, &c[NORMAL_SPELT].units))
        channel_write(&c[NORMAL_SPELT]);

    if (spell_latin(&c[NORMAL_TEXT].units, &c[NORMAL_LATIN].units))
        channel_write(&c[NORMAL_LATIN]);
    if (spell_leet(&c[NORMAL_TEXT].units, &n->work)) {
        struct units *leet = &c[NORMAL_LEET].units;
        if (!spell_latin(&n->work, leet))
            units_copy(leet, &n->work);
        channel_write(&c[NORMAL_LEET]);
    }
}

static size_t
count_characters(const struct channel *c, size_t start, size_t end)
{
    return utf8_count((struct str){.p = c->text.data + start, .len = end - start});
}

void
normal_span(const struct channel *c, size_t start, size_t end, uint32_t *from,
            uint32_t *to)
{
    const struct unit *u = c->units.at + count_characters(c, 0, start);
    size_t n = count_characters(c, start, end);
    *from = u[0].from;
    *to = u[0].to;
    for (size_t i = 1; i < n; i++) {
        *from = u[i].from < *from ? u[i].from : *from;
        *to = u[i].to > *to ? u[i].to : *to;
    }
}

/* Where the character that ends before `pos` begins. */
static size_t
previous(struct str text, size_t pos)
{
    do
        pos--;
    while (pos > 0 && ((unsigned char)text.p[pos] & 0xC0) == 0x80);
    return pos;
}

static bool
is_letter_at(struct str text, size_t pos)
{
    return letter_class((uint32_t)utf8_next(text, &pos)) == LETTER_LETTER;
}

void
normal_widen(const struct channel *c, size_t *start, size_t *end)
{
    struct str text = buf_str(&c->text);
    while (*start > 0 && is_letter_at(text, previous(text, *start)))
        *start = previous(text, *start);
    while (*end < text.len && is_letter_at(text, *end))
        (void)utf8_next(text, end);
}
