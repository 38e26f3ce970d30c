/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c - from a text to the few rules that can match it.
 *
 * One pass checks the UTF-8, folds each character to a code and notes where words begin.
 * At each of these places the first letters are looked up: a small bitmap, which stays in
 * the fastest cache, turns nearly all of them away; what passes is compared, up to eight
 * letters in one instruction. Stems that may stand inside a word are kept in tables of
 * the same kind, which are asked at every letter. (An Aho-Corasick automaton would do
 * that part in one walk, but each of its steps waits for the one before; these look-ups
 * wait for nothing and their tables are a tenth of its size.)
 *
 * Rules that have no stem but need a digit or a sign wait behind a gate: one word of bits
 * says which of those are in the text. */
#include "judge/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "judge/stems.h"

#define KEY_LETTERS 4
#define BITS_MIN    12
#define BITS_MAX    18

/* A stem and the rule that it stands for. */
struct entry {
    uint64_t value, mask; /* eight codes, the first one lowest */
    uint32_t rule;
    uint32_t slot;
};

/* All stems whose first `letters` letters are their key. */
struct table {
    uint32_t key_mask;
    unsigned shift;  /* of a 32-bit hash: 32 - bits */
    uint64_t *used;  /* one bit for each slot; owned, as all of it */
    uint32_t *first; /* entries of slot i: [first[i], first[i + 1]) */
    struct entry *at;
    size_t n, cap;
};

enum { AT_WORD_START, ANYWHERE, PLACES };
enum { LONG_KEY, SHORT_KEY, KEYS };

struct gate {
    uint64_t breaks;
    uint32_t rule;
};

struct screen {
    struct alphabet alphabet;
    struct table table[PLACES][KEYS];
    struct gate *gates;
    size_t n_gates;
    uint64_t *always; /* candidates on every text */
    size_t words;
};

struct screen_scratch {
    uint8_t *codes; /* owned, as both */
    uint32_t *starts;
    size_t cap; /* of both */
};

struct screen *
screen_new(void)
{
    struct screen *s = mem_zalloc(sizeof(*s));
    alphabet_init(&s->alphabet);
    return s;
}

static void
table_fini(struct table *t)
{
    mem_free(t->used);
    mem_free(t->first);
    mem_free(t->at);
}

void
screen_free(struct screen **s)
{
    if (*s == NULL)
        return;
    for (int place = 0; place < PLACES; place++)
        for (int key = 0; key < KEYS; key++)
            table_fini(&(*s)->table[place][key]);
    mem_free((*s)->gates);
    mem_free((*s)->always);
    MEM_FREE(*s);
}

/* --- making the tables */

static void
add_stem(struct screen *s, const struct stem *stem, uint32_t rule)
{
    bool is_short = stem->len < KEY_LETTERS;
    struct table *t = &s->table[stem->starts_word ? AT_WORD_START : ANYWHERE]
                               [is_short ? SHORT_KEY : LONG_KEY];
    struct entry x = {.rule = rule};
    for (unsigned i = 0; i < stem->len; i++) {
        x.value |= (uint64_t)stem->code[i] << (8 * i);
        x.mask |= UINT64_C(0xFF) << (8 * i);
    }
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 64 : t->cap * 2;
        t->at = mem_resize(t->at, t->cap, sizeof(t->at[0]));
    }
    t->at[t->n++] = x;
}

static void
make_room(struct screen *s, uint32_t rule)
{
    size_t words = rule / 64 + 1;
    if (words <= s->words)
        return;
    s->always = mem_resize(s->always, words, sizeof(s->always[0]));
    memset(s->always + s->words, 0, (words - s->words) * sizeof(s->always[0]));
    s->words = words;
}

enum screen_way
screen_add(struct screen *s, uint32_t rule, struct str pattern)
{
    struct stems stems;
    make_room(s, rule);
    stems_of(&s->alphabet, pattern, &stems);
    for (size_t i = 0; i < stems.n; i++)
        add_stem(s, &stems.at[i], rule);
    if (stems.n > 0)
        return SCREEN_STEMS;
    if (stems.gate == 0) {
        s->always[rule / 64] |= UINT64_C(1) << (rule % 64);
        return SCREEN_ALWAYS;
    }
    s->gates = mem_resize(s->gates, s->n_gates + 1, sizeof(s->gates[0]));
    s->gates[s->n_gates++] = (struct gate){.breaks = stems.gate, .rule = rule};
    return SCREEN_GATE;
}

static inline uint32_t
slot_of(const struct table *t, uint32_t letters)
{
    return (letters & t->key_mask) * UINT32_C(0x9E3779B1) >> t->shift;
}

static int
by_slot(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static void
table_seal(struct table *t, unsigned letters)
{
    unsigned bits = BITS_MIN;
    while (bits < BITS_MAX && UINT64_C(1) << bits < t->n * 8)
        bits++;
    t->shift = 32 - bits;
    t->key_mask = (uint32_t)((UINT64_C(1) << (8 * letters)) - 1);
    if (t->n == 0)
        return;
    size_t slots = (size_t)1 << bits;
    t->used = mem_array(slots / 64, sizeof(t->used[0]));
    t->first = mem_array(slots + 1, sizeof(t->first[0]));
    for (size_t i = 0; i < t->n; i++) {
        struct entry *x = &t->at[i];
        x->slot = slot_of(t, (uint32_t)x->value);
        t->used[x->slot / 64] |= UINT64_C(1) << (x->slot % 64);
        t->first[x->slot + 1]++;
    }
    for (size_t i = 0; i < slots; i++)
        t->first[i + 1] += t->first[i];
    qsort(t->at, t->n, sizeof(t->at[0]), by_slot);
}

void
screen_seal(struct screen *s)
{
    for (int place = 0; place < PLACES; place++) {
        table_seal(&s->table[place][LONG_KEY], KEY_LETTERS);
        table_seal(&s->table[place][SHORT_KEY], STEM_MIN);
    }
}

size_t
screen_words(const struct screen *s)
{
    return s->words;
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
    mem_free((*s)->starts);
    MEM_FREE(*s);
}

/* A text in codes. Behind the last one stand STEM_MAX breaks, so that eight codes may be
 * read from any place. */
struct coded {
    const uint8_t *codes;
    size_t n;
    const uint32_t *starts; /* places where a word begins */
    size_t n_starts;
    uint64_t breaks; /* all that are in it */
};

static bool
read_codes(const struct alphabet *a, struct screen_scratch *s, struct str text,
           struct coded *out)
{
    const uint8_t *p = (const uint8_t *)text.p;
    uint8_t *codes = s->codes;
    uint32_t *starts = s->starts;
    uint64_t breaks = 0;
    size_t n = 0, n_starts = 0;
    uint8_t before = CODE_BREAK;
    for (size_t i = 0; i < text.len; n++) {
        uint8_t code;
        if (p[i] < 0x80) {
            code = a->low[p[i++]];
        } else if (p[i] >= 0xC2 && p[i] < 0xE0 && text.len - i > 1 &&
                   (p[i + 1] & 0xC0) == 0x80) {
            code = a->low[(p[i] & 0x1F) << 6 | (p[i + 1] & 0x3F)];
            i += 2;
        } else {
            int32_t cp = utf8_next(text, &i);
            if (cp < 0)
                return false;
            code = alphabet_code(a, (uint32_t)cp);
        }
        codes[n] = code;
        starts[n_starts] = (uint32_t)n;
        n_starts += (size_t)(before >> 7 & ~code >> 7 & 1);
        breaks |= (uint64_t)(code >> 7) << (code & 63);
        before = code;
    }
    memset(codes + n, CODE_BREAK, STEM_MAX);
    *out = (struct coded){
        .codes = codes, .n = n, .starts = starts, .n_starts = n_starts, .breaks = breaks};
    return true;
}

static inline uint64_t
eight_codes(const uint8_t *codes)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < STEM_MAX; i++)
        x |= (uint64_t)codes[i] << (8 * i);
    return x;
}

static inline void
look_up(const struct table *t, const uint8_t *codes, uint64_t *candidates)
{
    uint64_t here = eight_codes(codes);
    uint32_t slot = slot_of(t, (uint32_t)here);
    if ((t->used[slot / 64] >> (slot % 64) & 1) == 0)
        return;
    for (uint32_t i = t->first[slot]; i < t->first[slot + 1]; i++) {
        const struct entry *x = &t->at[i];
        if ((here & x->mask) == x->value)
            candidates[x->rule / 64] |= UINT64_C(1) << (x->rule % 64);
    }
}

static void
look_up_all(const struct table *t, bool everywhere, const struct coded *c,
            uint64_t *candidates)
{
    if (t->n == 0)
        return;
    if (everywhere) {
        for (size_t i = 0; i < c->n; i++)
            look_up(t, c->codes + i, candidates);
    } else {
        for (size_t i = 0; i < c->n_starts; i++)
            look_up(t, c->codes + c->starts[i], candidates);
    }
}

bool
screen_run(const struct screen *s, struct screen_scratch *scratch, struct str text,
           uint64_t *candidates)
{
    struct coded c;
    if (s->words > 0)
        memcpy(candidates, s->always, s->words * sizeof(candidates[0]));
    if (scratch->cap < text.len + STEM_MAX) {
        scratch->cap = text.len + STEM_MAX;
        scratch->codes = mem_resize(scratch->codes, scratch->cap, 1);
        scratch->starts =
            mem_resize(scratch->starts, scratch->cap, sizeof(scratch->starts[0]));
    }
    if (!read_codes(&s->alphabet, scratch, text, &c))
        return false;
    for (int place = 0; place < PLACES; place++)
        for (int key = 0; key < KEYS; key++)
            look_up_all(&s->table[place][key], place == ANYWHERE, &c, candidates);
    for (size_t i = 0; i < s->n_gates; i++)
        if ((c.breaks & s->gates[i].breaks) != 0)
            candidates[s->gates[i].rule / 64] |= UINT64_C(1) << (s->gates[i].rule % 64);
    return true;
}
