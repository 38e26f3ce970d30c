/* SPDX-License-Identifier: Apache-2.0 */
/* lang.c - a label from letters and function words.
 *
 * A Kazakh letter or a Kazakh function word makes a line Kazakh, a Russian function word
 * makes it Russian, both make it mixed; Cyrillic with neither counts as Russian, since
 * Kazakh without any of its nine letters is rarer. Words that both languages have (не,
 * да, а) prove nothing. A line in Latin letters is English when it has an English
 * function word, or nothing that reads as Kazakh or Russian when it is written in
 * Cyrillic. */
#include "judge/lang.h"

#include "base/mem.h"
#include "base/utf8.h"

/* Spelled as they come out of the folding, the Kazakh ones also as typed without Kazakh
 * letters. */
static const char *const kazakh[] = {
    "ба",     "бар",      "барма",    "бе",    "биз",   "бирак",  "болады", "болама",
    "болды",  "біз",      "бірақ",    "бүгін", "бұл",   "бұның",  "деген",  "дейин",
    "дейін",  "деп",      "екен",     "емес",  "жане",  "жатир",  "жатыр",  "жок",
    "жоқ",    "және",     "казир",    "кайда", "калай", "кандай", "канша",  "кашан",
    "керек",  "керекпе",  "ким",      "кім",   "ма",    "ме",     "мен",    "менің",
    "неге",   "неликтен", "неліктен", "ол",    "осы",   "па",     "пе",     "рахмет",
    "рақмет", "салем",    "себебі",   "сиз",   "сонда", "сіз",    "сіздер", "сәлем",
    "тагы",   "тағы",     "ушин",     "ушін",  "ғой",   "қазір",  "қайда",  "қалай",
    "қандай", "қанша",    "қашан",    "үшін",  "өте",
};
static const char *const russian[] = {
    "будет",      "будут",  "бы",     "был",    "была", "были",   "в",       "вам",
    "вас",        "во",     "вообще", "все",    "всё",  "вы",     "где",     "даже",
    "для",        "до",     "его",    "если",   "есть", "еще",    "ещё",     "же",
    "за",         "зачем",  "и",      "из",     "или",  "их",     "к",       "как",
    "какая",      "какие",  "какой",  "когда",  "кто",  "куда",   "ли",      "меня",
    "мне",        "можно",  "мой",    "мы",     "на",   "надо",   "нам",     "нас",
    "наш",        "него",   "нет",    "ни",     "но",   "ну",     "о",       "об",
    "он",         "она",    "они",    "оно",    "от",   "очень",  "по",      "под",
    "подскажите", "почему", "при",    "просто", "с",    "сейчас", "скажите", "сколько",
    "со",         "так",    "такой",  "там",    "тебя", "то",     "только",  "ты",
    "у",          "уже",    "чем",    "через",  "что",  "чтобы",  "эта",     "эти",
    "это",        "этот",   "я",
};
static const char *const english[] = {
    "about",  "again",  "and",    "are",   "at",     "be",   "can",   "could", "did",
    "does",   "for",    "from",   "good",  "has",    "have", "hello", "help",  "here",
    "hi",     "how",    "in",     "is",    "it",     "not",  "of",    "or",    "our",
    "please", "police", "should", "thank", "thanks", "that", "the",   "their", "there",
    "they",   "this",   "to",     "was",   "we",     "what", "when",  "where", "which",
    "who",    "why",    "will",   "with",  "yes",    "you",  "your",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { KAZAKH = 1, RUSSIAN = 2, ENGLISH = 4 };

enum { SLOTS = 1024 }; /* four times the words, so that most look-ups end at once */

struct lang_words {
    struct {
        struct str word; /* static; empty: a free slot */
        unsigned langs;
    } slot[SLOTS];
};

struct evidence {
    bool cyrillic, latin, kazakh_letter, latin_mark;
    unsigned kk, ru, en;
};

#define HASH_INIT 2166136261U

static inline uint32_t
hash_more(uint32_t hash, uint32_t cp)
{
    return (hash ^ cp) * 16777619U;
}

static inline size_t
slot_of(uint32_t hash)
{
    return (hash ^ hash >> 15) % SLOTS;
}

static void
add_words(struct lang_words *l, const char *const *list, size_t n, unsigned lang)
{
    for (size_t i = 0; i < n; i++) {
        struct str word = str_from(list[i]);
        uint32_t hash = HASH_INIT;
        for (size_t pos = 0; pos < word.len;)
            hash = hash_more(hash, (uint32_t)utf8_next(word, &pos));
        size_t k = slot_of(hash);
        while (l->slot[k].word.len > 0 && !str_eq(l->slot[k].word, word))
            k = (k + 1) % SLOTS;
        l->slot[k].word = word;
        l->slot[k].langs |= lang;
    }
}

struct lang_words *
lang_words_new(void)
{
    struct lang_words *l = mem_zalloc(sizeof(*l));
    add_words(l, kazakh, COUNT(kazakh), KAZAKH);
    add_words(l, russian, COUNT(russian), RUSSIAN);
    add_words(l, english, COUNT(english), ENGLISH);
    return l;
}

void
lang_words_free(struct lang_words **l)
{
    MEM_FREE(*l);
}

static void
weigh_word(const struct lang_words *l, struct str word, uint32_t hash, struct evidence *e)
{
    for (size_t k = slot_of(hash); l->slot[k].word.len > 0; k = (k + 1) % SLOTS) {
        if (!str_eq(l->slot[k].word, word))
            continue;
        e->kk += (l->slot[k].langs & KAZAKH) != 0;
        e->ru += (l->slot[k].langs & RUSSIAN) != 0;
        e->en += (l->slot[k].langs & ENGLISH) != 0;
        return;
    }
}

static size_t
utf8_length(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

/* Words are what lies between two characters that are no letters. */
static void
weigh_words(const struct lang_words *l, const struct channel *c, struct evidence *e)
{
    struct str word = {.p = c->text.data, .len = 0};
    uint32_t hash = HASH_INIT;
    for (size_t i = 0; i < c->units.n; i++) {
        const struct unit *u = &c->units.at[i];
        size_t len = utf8_length(u->cp);
        if (u->class == LETTER_LETTER) {
            hash = hash_more(hash, u->cp);
            word.len += len;
            continue;
        }
        if (word.len > 0)
            weigh_word(l, word, hash, e);
        word = (struct str){.p = word.p + word.len + len, .len = 0};
        hash = HASH_INIT;
    }
    if (word.len > 0)
        weigh_word(l, word, hash, e);
}

static void
weigh_letters(const struct units *u, struct evidence *e)
{
    for (size_t i = 0; i < u->n; i++) {
        uint32_t cp = u->at[i].cp;
        e->cyrillic = e->cyrillic || letter_is_cyrillic(cp);
        e->latin = e->latin || letter_is_latin(cp);
        e->kazakh_letter = e->kazakh_letter || letter_is_kazakh(cp);
        bool queer = cp == 'q' && !(i + 1 < u->n && u->at[i + 1].cp == 'u');
        e->latin_mark = e->latin_mark || queer || (cp > 0x80 && letter_is_latin(cp));
    }
}

enum judge_lang
lang_of(const struct lang_words *l, const struct normal *n)
{
    struct evidence e = {.cyrillic = false};
    weigh_letters(&n->channel[NORMAL_TEXT].units, &e);
    weigh_words(l, &n->channel[NORMAL_TEXT], &e);
    if (e.cyrillic) {
        bool kk = e.kazakh_letter || e.kk > 0;
        if (kk && e.ru > 0)
            return LANG_MIXED;
        return kk ? LANG_KK : e.ru == 0 && e.en > 1 ? LANG_MIXED : LANG_RU;
    }
    if (!e.latin)
        return LANG_OTHER;
    struct evidence spelt = {.cyrillic = false};
    weigh_words(l, &n->channel[NORMAL_LATIN], &spelt);
    bool reads = e.latin_mark || spelt.kk + spelt.ru > 0;
    return e.en > 0 && e.en >= spelt.kk + spelt.ru ? LANG_EN
           : reads                                 ? LANG_LATN
                                                   : LANG_EN;
}
