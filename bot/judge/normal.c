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
    *n = (struct normal){.units = {.at = NULL}};
}

void
normal_fini(struct normal *n)
{
    units_fini(&n->units);
    units_fini(&n->work[0]);
    units_fini(&n->work[1]);
    for (int i = 0; i < NORMAL_CHANNELS; i++) {
        struct channel *c = &n->channel[i];
        buf_fini(&c->text);
        mem_free(c->from);
        mem_free(c->to);
        *c = (struct channel){.on = false};
    }
}

static void
channel_write(struct channel *c, const struct units *u)
{
    c->on = true;
    buf_reset(&c->text);
    buf_reserve(&c->text, u->n * 4);
    if (c->cap < u->n * 4) {
        c->cap = u->n * 4;
        c->from = mem_resize(c->from, c->cap, sizeof(c->from[0]));
        c->to = mem_resize(c->to, c->cap, sizeof(c->to[0]));
    }
    for (size_t i = 0; i < u->n; i++) {
        size_t start = c->text.len;
        utf8_add(&c->text, u->at[i].cp);
        for (size_t b = start; b < c->text.len; b++) {
            c->from[b] = u->at[i].from;
            c->to[b] = u->at[i].to;
        }
    }
}

void
normal_read(struct normal *n, struct str text)
{
    for (int i = 0; i < NORMAL_CHANNELS; i++)
        n->channel[i].on = false;
    struct channel *c = n->channel;
    compose_read(text, &n->work[0]);
    fold_units(&n->work[0], &n->units);
    channel_write(&c[NORMAL_TEXT], &n->units);

    spell_digits(&n->work[0], &n->work[1]);
    channel_write(&c[NORMAL_DIGITS], &n->work[1]);
    if (spell_digit_letters(&n->work[1], &n->work[0]))
        channel_write(&c[NORMAL_SPELT], &n->work[0]);

    if (spell_latin(&n->units, &n->work[0]))
        channel_write(&c[NORMAL_LATIN], &n->work[0]);
    if (spell_leet(&n->units, &n->work[1])) {
        bool latin = spell_latin(&n->work[1], &n->work[0]);
        channel_write(&c[NORMAL_LEET], latin ? &n->work[0] : &n->work[1]);
    }
}

void
normal_span(const struct channel *c, size_t start, size_t end, uint32_t *from,
            uint32_t *to)
{
    *from = c->from[start];
    *to = c->to[start];
    for (size_t i = start + 1; i < end; i++) {
        *from = c->from[i] < *from ? c->from[i] : *from;
        *to = c->to[i] > *to ? c->to[i] : *to;
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
