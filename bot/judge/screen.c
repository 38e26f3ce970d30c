/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c - from a text to the few patterns that can match it.
 *
 * One pass checks the UTF-8, folds each character to a code and notes where words begin.
 * At each of these places the first letters are looked up: a small bitmap, which stays in
 * the fastest cache, turns nearly all of them away; what passes is compared, up to eight
 * letters in one instruction. Stems that may stand inside a word are kept in tables of
 * the same kind, which are asked wherever a sieve holds the letters that stand there. (An
 * Aho-Corasick automaton would do that part in one walk, but each of its steps waits for
 * the one before; these look-ups wait for nothing and their tables are a tenth of its
 * size.) The text is walked once, so the places of a pattern come in order.
 *
 * Patterns that have no stem but need a digit or a sign wait behind a gate: one word of
 * bits says which of those are in the text. */
#include "judge/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define BITS_MIN 12
#define BITS_MAX 18

/* A stem and the pattern that it stands for. */
struct entry {
    uint64_t value, mask; /* eight codes as they lie in memory */
    uint32_t number;
    uint32_t slot : 24;
    uint32_t level : 7;
    uint32_t in_front : 1;
};

/* The stems that may stand in one kind of place, in a table for each of a few lengths: a
 * stem is in the longest that it fills, under its first codes. Most are long and many
 * begin alike, so the last tables keep apart what the one of four codes could not; that
 * one knows what theirs begin with, and they are asked only behind it. (If the shorter
 * ones did the same, the processor would guess wrong more often than it would save.) */
static const unsigned lengths[] = {STEM_MIN, 3, 4, 6, STEM_MAX};
enum { LEVELS = sizeof(lengths) / sizeof(lengths[0]), GATE = 2 };

struct table {
    uint64_t key_mask;
    unsigned shift;  /* of a 64-bit hash: 64 - bits */
    uint64_t *used;  /* one bit for each slot; owned, as both */
    uint32_t *first; /* its entries in slot i: [first[i], first[i + 1]) */
};

struct place {
    struct table table[LEVELS];
    struct entry *at; /* by table and slot; owned */
    size_t n, cap;
};

enum { AT_WORD_START, ANYWHERE, PLACES };

struct gate {
    uint64_t breaks;
    uint32_t number;
};

/* Which codes the stems that may be ANYWHERE begin with. They are in eight heaps, a bit
 * for each: codes that are in no heap together begin none of them. */
enum { SIEVE = 3, HEAPS = 8 };

struct screen {
    const struct alphabet *alphabet;
    struct place place[PLACES];
    uint8_t sieve[SIEVE]
                 [256]; /* heaps that have the code in first, second, third place */
    struct gate *gates;
    size_t n_gates;
    uint32_t *always; /* candidates on every text */
    size_t n_always;
    size_t words; /* of a result */
};

struct screen_scratch {
    uint8_t *codes;    /* owned, as both */
    uint16_t *offsets; /* of each code's character: its first byte */
    size_t cap;
};

struct screen *
screen_new(const struct alphabet *a)
{
    struct screen *s = mem_zalloc(sizeof(*s));
    s->alphabet = a;
    return s;
}

static void
place_fini(struct place *p)
{
    for (int level = 0; level < LEVELS; level++) {
        mem_free(p->table[level].used);
        mem_free(p->table[level].first);
    }
    mem_free(p->at);
}

void
screen_free(struct screen **s)
{
    if (*s == NULL)
        return;
    for (int i = 0; i < PLACES; i++)
        place_fini(&(*s)->place[i]);
    mem_free((*s)->gates);
    mem_free((*s)->always);
    MEM_FREE(*s);
}

/* --- making the tables */

/* A stem that is too short goes on with anything; its end is any break. */
static void
add_to_sieve(struct screen *s, const struct stem *stem)
{
    uint8_t heap = (uint8_t)(1u << stem->code[0] % HEAPS);
    for (unsigned i = 0; i < SIEVE; i++)
        for (unsigned code = 0; code < 256; code++) {
            unsigned plain = code_is_letter((uint8_t)code) ? code : CODE_END;
            if (i >= stem->len || stem->code[i] == plain)
                s->sieve[i][code] |= heap;
        }
}

static void
add_stem(struct screen *s, const struct stem *stem, bool in_front, uint32_t number)
{
    struct place *p = &s->place[stem->starts_word ? AT_WORD_START : ANYWHERE];
    struct entry x = {.number = number, .level = LEVELS - 1, .in_front = in_front};
    while (x.level > 0 && lengths[x.level] > stem->len)
        x.level--;
    memcpy(&x.value, stem->code, stem->len);
    memset(&x.mask, 0xFF, stem->len);
    if (p->n == p->cap) {
        p->cap = p->cap == 0 ? 64 : p->cap * 2;
        p->at = mem_resize(p->at, p->cap, sizeof(p->at[0]));
    }
    p->at[p->n++] = x;
    if (!stem->starts_word)
        add_to_sieve(s, stem);
}

static void
add_always(struct screen *s, uint32_t number)
{
    s->always = mem_resize(s->always, s->n_always + 1, sizeof(s->always[0]));
    s->always[s->n_always++] = number;
}

static void
add_gate(struct screen *s, uint64_t breaks, uint32_t number)
{
    s->gates = mem_resize(s->gates, s->n_gates + 1, sizeof(s->gates[0]));
    s->gates[s->n_gates++] = (struct gate){.breaks = breaks, .number = number};
}

static enum screen_way
way_of(const struct stems *s)
{
    if (s->n > 0)
        return s->in_front ? SCREEN_FRONT : SCREEN_STEMS;
    return s->breaks != 0 ? SCREEN_GATE : SCREEN_ALWAYS;
}

enum screen_way
screen_add(struct screen *s, uint32_t number, const struct stems *stems)
{
    enum screen_way way = way_of(stems);
    if (s->words < number / 64 + 1)
        s->words = number / 64 + 1;
    for (size_t i = 0; i < stems->n; i++)
        add_stem(s, &stems->at[i], stems->in_front, number);
    if (stems->breaks != 0)
        add_gate(s, stems->breaks, number);
    if (way == SCREEN_ALWAYS)
        add_always(s, number);
    return way;
}

static inline uint32_t
slot_of(const struct table *t, uint64_t codes)
{
    return (uint32_t)((codes & t->key_mask) * UINT64_C(0x9E3779B97F4A7C15) >> t->shift);
}

static int
by_codes(const void *a, const void *b)
{
    return memcmp(&((const struct entry *)a)->value, &((const struct entry *)b)->value,
                  sizeof(uint64_t));
}

static int
by_slot(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static bool
is_in(const struct entry *x, unsigned level)
{
    return x->level == level || (x->level > level && level >= GATE);
}

/* Eight slots for each key, so that most places that have none find an empty one. The
 * entries are in the order of their codes. */
static unsigned
bits_for(const struct place *p, unsigned level, uint64_t key_mask)
{
    size_t n = 0;
    unsigned bits = BITS_MIN;
    uint64_t last = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!is_in(&p->at[i], level))
            continue;
        n += n == 0 || ((p->at[i].value ^ last) & key_mask) != 0;
        last = p->at[i].value;
    }
    while (bits < BITS_MAX && UINT64_C(1) << bits < n * 8)
        bits++;
    return bits;
}

static void
table_seal(struct place *p, unsigned level)
{
    struct table *t = &p->table[level];
    memset(&t->key_mask, 0xFF, lengths[level]);
    unsigned bits = bits_for(p, level, t->key_mask);
    t->shift = 64 - bits;
    t->used = mem_array((size_t)1 << bits >> 6, sizeof(t->used[0]));
    t->first = mem_array(((size_t)1 << bits) + 1, sizeof(t->first[0]));
    for (size_t i = 0; i < p->n; i++) {
        struct entry *x = &p->at[i];
        if (!is_in(x, level))
            continue;
        uint32_t slot = slot_of(t, x->value);
        t->used[slot / 64] |= UINT64_C(1) << (slot % 64);
        if (x->level > level)
            continue;
        x->slot = slot & 0xFFFFFF;
        t->first[slot + 1]++;
    }
}

static void
place_seal(struct place *p)
{
    uint32_t next = 0;
    if (p->n > 0)
        qsort(p->at, p->n, sizeof(p->at[0]), by_codes);
    for (unsigned level = 0; level < LEVELS; level++) {
        struct table *t = &p->table[level];
        table_seal(p, level);
        t->first[0] = next;
        for (size_t i = 0; i < (size_t)1 << (64 - t->shift); i++)
            t->first[i + 1] += t->first[i];
        next = t->first[(size_t)1 << (64 - t->shift)];
    }
    if (p->n > 0)
        qsort(p->at, p->n, sizeof(p->at[0]), by_slot);
}

void
screen_seal(struct screen *s)
{
    for (int i = 0; i < PLACES; i++)
        place_seal(&s->place[i]);
}

/* --- looking */

struct screen_scratch *
screen_scratch_new(void)
{
    return mem_zalloc(sizeof(struct screen_scratch));
}

void
screen_scratch_free(struct screen_scratch **s)
{
    if (*s == NULL)
        return;
    mem_free((*s)->codes);
    mem_free((*s)->offsets);
    MEM_FREE(*s);
}

/* A text in codes. Behind the last one stand breaks, so that eight codes may be read from
 * any of the eight places that are looked at together. */
#define PADDING 16
struct coded {
    const uint8_t *codes;
    const uint16_t *offsets;
    size_t n;
    struct screen_result *out;
};

/* The code of the character of three or four bytes at *pos. */
static bool
read_rare(const struct alphabet *a, struct str text, size_t *pos, uint8_t *code)
{
    int32_t cp = utf8_next(text, pos);
    if (cp >= 0)
        *code = alphabet_code(a, (uint32_t)cp);
    return cp >= 0;
}

static bool
read_codes(const struct alphabet *a, struct str text, struct screen_scratch *s,
           size_t *length)
{
    const uint8_t *p = (const uint8_t *)text.p;
    uint8_t *codes = s->codes;
    uint16_t *offsets = s->offsets;
    size_t n = 0;
    for (size_t i = 0; i < text.len; n++) {
        unsigned lead = p[i];
        offsets[n] = (uint16_t)i;
        if (lead < 0x80) {
            codes[n] = a->low[lead];
            i++;
        } else if (lead - 0xC2 < 0xE0 - 0xC2 && text.len - i > 1 &&
                   (p[i + 1] & 0xC0) == 0x80) {
            codes[n] = a->low[(lead & 0x1F) << 6 | (p[i + 1] & 0x3F)];
            i += 2;
        } else {
            size_t pos = i;
            if (!read_rare(a, text, &pos, codes + n))
                return false;
            i = pos;
        }
    }
    memset(codes + n, CODE_BREAK, PADDING);
    *length = n;
    return true;
}

/* The top bit of each of eight codes says that it is a break. */
#define TOP_BITS UINT64_C(0x8080808080808080)
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first code is the lowest");

static void
nominate(struct screen_result *out, uint32_t number)
{
    uint64_t bit = UINT64_C(1) << (number % 64);
    if ((out->set[number / 64] & bit) != 0)
        return;
    out->set[number / 64] |= bit;
    out->list[out->n++] = number;
    out->first[number] = out->last[number] = 0;
}

/* The same, and a match may begin at the byte `at`, which is behind those before it. */
static void
nominate_at(struct screen_result *out, uint32_t number, uint32_t at)
{
    nominate(out, number);
    uint32_t last = out->last[number], here = (uint32_t)out->n_places;
    if (last != 0 && out->places[last].at == at)
        return;
    if (out->n_places == out->places_cap) {
        out->places_cap *= 2;
        out->places = mem_resize(out->places, out->places_cap, sizeof(out->places[0]));
    }
    out->places[out->n_places++] = (struct screen_place){.at = at};
    if (last == 0)
        out->first[number] = here;
    else
        out->places[last].next = here;
    out->last[number] = here;
}

/* The eight codes from there on, with CODE_END for every break. */
static inline uint64_t
codes_at(const struct coded *c, size_t at)
{
    uint64_t here;
    memcpy(&here, c->codes + at, sizeof(here));
    return here & ~((here & TOP_BITS) / 0x80 * 0xFF);
}

static void
nominate_slot(const struct place *p, const struct table *t, const struct coded *c,
              size_t at, uint32_t slot)
{
    uint64_t here = codes_at(c, at);
    for (uint32_t i = t->first[slot]; i < t->first[slot + 1]; i++) {
        const struct entry *x = &p->at[i];
        if ((here & x->mask) != x->value)
            continue;
        if (x->in_front)
            nominate_at(c->out, x->number, c->offsets[at]);
        else
            nominate(c->out, x->number);
    }
}

static inline void
look_up(const struct place *p, const struct coded *c, size_t at)
{
    uint64_t here = codes_at(c, at);
    for (int level = 0; level < LEVELS; level++) {
        const struct table *t = &p->table[level];
        uint32_t slot = slot_of(t, here);
        if ((t->used[slot / 64] >> (slot % 64) & 1) != 0)
            nominate_slot(p, t, c, at, slot);
        else if (level >= GATE)
            return;
    }
}

/* Which of the eight places from there on the sieve holds: the top bit of each byte. */
static inline uint64_t
sift(const struct screen *s, const uint8_t *codes)
{
    uint64_t all = 0;
    for (int i = 7; i >= 0; i--)
        all = all << 8 | (s->sieve[0][codes[i]] & s->sieve[1][codes[i + 1]] &
                          s->sieve[2][codes[i + 2]]);
    return (((all & ~TOP_BITS) + ~TOP_BITS) | all) & TOP_BITS;
}

/* Eight places at a time. Words begin wherever a letter follows a break. */
static void
look_up_all(const struct screen *s, const struct coded *c)
{
    uint64_t before = 0x80; /* in the lowest byte: a break stood before these eight */
    for (size_t i = 0; i < c->n; i += 8) {
        uint64_t eight;
        memcpy(&eight, c->codes + i, sizeof(eight));
        uint64_t breaks = eight & TOP_BITS;
        uint64_t starts = ~breaks & (breaks << 8 | before) & TOP_BITS;
        uint64_t held = sift(s, c->codes + i);
        before = breaks >> 56;
        for (uint64_t left = starts | held; left != 0; left &= left - 1) {
            size_t at = i + (size_t)__builtin_ctzll(left) / 8;
            uint64_t bit = left & -left;
            if ((starts & bit) != 0)
                look_up(&s->place[AT_WORD_START], c, at);
            if ((held & bit) != 0)
                look_up(&s->place[ANYWHERE], c, at);
        }
    }
}

static void
open_gates(const struct screen *s, const struct coded *c)
{
    uint64_t breaks = 0;
    if (s->n_gates == 0)
        return;
    for (size_t i = 0; i < c->n; i++)
        breaks |= (uint64_t)(c->codes[i] >> 7) << (c->codes[i] & 63);
    for (size_t i = 0; i < s->n_gates; i++)
        if ((breaks & s->gates[i].breaks) != 0)
            nominate(c->out, s->gates[i].number);
}

void
screen_result_fini(struct screen_result *r)
{
    mem_free(r->set);
    mem_free(r->list);
    mem_free(r->first);
    mem_free(r->last);
    mem_free(r->places);
    *r = (struct screen_result){.set = NULL};
}

static void
result_grow(struct screen_result *r, size_t words)
{
    screen_result_fini(r);
    r->words = words;
    r->set = mem_array(words, sizeof(r->set[0]));
    r->list = mem_array(words * 64, sizeof(r->list[0]));
    r->first = mem_array(words * 64, sizeof(r->first[0]));
    r->last = mem_array(words * 64, sizeof(r->last[0]));
    r->places_cap = 64;
    r->places = mem_array(r->places_cap, sizeof(r->places[0]));
}

/* Room for a text and for the answer, with those in it that always are. */
static void
make_ready(const struct screen *s, struct screen_scratch *scratch, size_t len,
           struct screen_result *out)
{
    if (scratch->cap < len + PADDING) {
        scratch->cap = len + PADDING;
        scratch->codes = mem_resize(scratch->codes, scratch->cap, 1);
        scratch->offsets =
            mem_resize(scratch->offsets, scratch->cap, sizeof(scratch->offsets[0]));
    }
    if (out->words < s->words)
        result_grow(out, s->words);
    for (size_t i = 0; i < out->n; i++)
        out->set[out->list[i] / 64] = 0;
    out->n = 0;
    out->n_places = 1; /* place 0 is none */
    for (size_t i = 0; i < s->n_always; i++)
        nominate(out, s->always[i]);
}

bool
screen_run(const struct screen *s, struct screen_scratch *scratch, struct str text,
           struct screen_result *out)
{
    make_ready(s, scratch, text.len, out);
    struct coded c = {.codes = scratch->codes, .offsets = scratch->offsets, .out = out};
    if (!read_codes(s->alphabet, text, scratch, &c.n))
        return false;
    look_up_all(s, &c);
    open_gates(s, &c);
    return true;
}
