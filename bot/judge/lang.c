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

#include <stdlib.h>

#include "base/utf8.h"

/* All three sorted by bytes, as bsearch wants them (a test holds it). Spelled as they
 * come out of the folding, the Kazakh ones also as typed without Kazakh letters. */
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

struct evidence {
    bool cyrillic, latin, kazakh_letter, latin_mark;
    unsigned kk, ru, en;
};

static int
compare(const void *key, const void *entry)
{
    const struct str *word = key;
    return str_cmp(*word, str_from(*(const char *const *)entry));
}

static bool
is_among(struct str word, const char *const *list, size_t n)
{
    return bsearch(&word, list, n, sizeof(list[0]), compare) != NULL;
}

static void
weigh_word(struct str word, struct evidence *e)
{
    e->kk += is_among(word, kazakh, COUNT(kazakh));
    e->ru += is_among(word, russian, COUNT(russian));
    e->en += is_among(word, english, COUNT(english));
}

/* Words are what lies between two characters that are no letters. */
static void
weigh_words(struct str text, struct evidence *e)
{
    size_t start = 0;
    for (size_t pos = 0; pos < text.len;) {
        size_t at = pos;
        if (letter_class((uint32_t)utf8_next(text, &pos)) == LETTER_LETTER)
            continue;
        weigh_word((struct str){.p = text.p + start, .len = at - start}, e);
        start = pos;
    }
    weigh_word((struct str){.p = text.p + start, .len = text.len - start}, e);
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
lang_of(const struct normal *n)
{
    struct evidence e = {.cyrillic = false};
    weigh_letters(&n->units, &e);
    weigh_words(buf_str(&n->channel[NORMAL_TEXT].text), &e);
    if (e.cyrillic) {
        bool kk = e.kazakh_letter || e.kk > 0;
        if (kk && e.ru > 0)
            return LANG_MIXED;
        return kk ? LANG_KK : e.ru == 0 && e.en > 1 ? LANG_MIXED : LANG_RU;
    }
    if (!e.latin)
        return LANG_OTHER;
    struct evidence spelt = {.cyrillic = false};
    weigh_words(buf_str(&n->channel[NORMAL_LATIN].text), &spelt);
    bool reads = e.latin_mark || spelt.kk + spelt.ru > 0;
    return e.en > 0 && e.en >= spelt.kk + spelt.ru ? LANG_EN
           : reads                                 ? LANG_LATN
                                                   : LANG_EN;
}
