/* SPDX-License-Identifier: Apache-2.0 */
/* wording.c - a line to its terms: letters folded, small words dropped, endings cut.
 *
 * Letters are folded into one byte for each class that people mix: the nine Kazakh
 * letters with what stands for them on a keyboard without them, hard with soft, Latin
 * with Cyrillic. Then whole words are looked up: words that say nothing go, words that
 * ask become one term for all their forms, and a "not" is one term however it is said.
 * What is left loses its endings: in a Kazakh line by the table of suffixes below, which
 * also finds the "not" inside a verb, in any other line by Snowball's Russian stemmer.
 * Too short a stem costs little here (both sides are cut alike), another one costs a
 * match. */
#include "judge/wording.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "judge/steps.h"
#include "judge/token.h"

/* PLAIN: a word as others, but a mark of its language. */
enum { LISTED_SKIP = 1, LISTED_PLAIN, LISTED_DENIAL, LISTED_BARE_WHAT, LISTED_ASK };
enum { ASK_WHEN, ASK_UNTIL, ASK_SINCE, ASK_WHERE, ASK_WHY, ASK_HOW, ASK_MUCH };
enum { ASK_WHO = ASK_MUCH + 1, ASK_WHICH, ASK_WHAT, ASKS };
enum line_kind { LINE_RU, LINE_KK };

struct word_list {
    enum line_kind line;
    uint64_t is; /* LISTED_..., or LISTED_ASK + ASK_... */
    const char *words;
};

static const struct word_list lists[] = {
    {LINE_RU, LISTED_SKIP,
     "и в во на по с со у к ко о об от до из за для при над под возле около рядом а но "
     "или же бы б ли ль то это эта этот эти этого этой того тот та те там тут здесь уже "
     "еще вот так такой такая такое такие все мы вы я он она они оно мне нам вам нас вас "
     "меня нами вами их его ее ему ей им него нее них наш наша наше наши нашей нашем "
     "наших нашего ваш ваша ваше ваши вашей вашего мой моя мое мои моей моего моих моем "
     "свой своя свое свои своего своей будет будут был была было были быть есть снова "
     "опять наконец очень просто ведь если чтобы который которая которое которые которых "
     "улица улице улицы улицу ул"},
    {LINE_RU, LISTED_SKIP,
     "пожалуйста пожалуста пж пжл подскажите подскажи скажите скажи ответьте объясните "
     "поясните разъясните сообщите интересует здравствуйте здравствуй здрасте привет "
     "добрый доброе день вечер уважаемый уважаемые хочу хотел хотела хотелось узнать "
     "спросить вопрос спасибо можно можете может могу нужно надо"},
    {LINE_RU, LISTED_DENIAL, "не нет нельзя ни"},
    {LINE_RU, LISTED_ASK + ASK_WHEN, "когда кагда кода"},
    {LINE_RU, LISTED_ASK + ASK_WHERE, "где куда откуда"},
    {LINE_RU, LISTED_ASK + ASK_WHY, "почему пачему почиму зачем отчего"},
    {LINE_RU, LISTED_ASK + ASK_HOW, "как"},
    {LINE_RU, LISTED_ASK + ASK_MUCH, "сколько скольки скока насколько"},
    {LINE_RU, LISTED_ASK + ASK_WHO, "кто кого кому кем чей чья чье чьи"},
    {LINE_RU, LISTED_ASK + ASK_WHICH,
     "какой какая какое какие каких какую какого каком какими каким"},
    {LINE_RU, LISTED_ASK + ASK_WHAT, "что чего чем чему што"},
    {LINE_KK, LISTED_SKIP,
     "ма ме ба бе па пе мен бен пен және да де та те ғой ше шы ал бұл осы сол ол мына "
     "ана "
     "мұнда осында біз бізде біздің бізге сіз сіздер сіздің сендер олар оның менің маған "
     "өз өзі өзім үшін туралы жайлы жөнінде бойынша дейін деген деп дейді еді едім екен "
     "мекен тұр жатыр жүр отыр бола болама болады боладыма болса болсақ болар керек "
     "керекпе мүмкін мүмкінбе егер әлі енді қазір тағы өте"},
    {LINE_KK, LISTED_SKIP,
     "сәлем сәлеметсіз сәлеметсізбе сәлеметсіздер саламатсыз саламатсызба саламатсыздар "
     "амансыз қайырлы күн кеш құрметті рахмет рақмет айтыңызшы айтыңыз айтып айтсаңыз "
     "айтасыз беріңізші беріңіз берсеңіз түсіндіріңіз түсіндіріп сұрақ сұрағым сұрайын "
     "білгім"},
    {LINE_KK, LISTED_PLAIN, "бар барма"},
    {LINE_KK, LISTED_DENIAL, "жоқ жоқпа емес емеспе болмайды болмайма"},
    {LINE_KK, LISTED_ASK + ASK_WHEN, "қашан қащан қашанғы"},
    {LINE_KK, LISTED_ASK + ASK_UNTIL, "қашанға"},
    {LINE_KK, LISTED_ASK + ASK_SINCE, "қашаннан"},
    {LINE_KK, LISTED_ASK + ASK_WHERE, "қайда қайдан"},
    {LINE_KK, LISTED_ASK + ASK_WHY, "неге неліктен неменеге несіне"},
    {LINE_KK, LISTED_ASK + ASK_HOW, "қалай қалайша қайтіп"},
    {LINE_KK, LISTED_ASK + ASK_MUCH, "қанша қаншадан қаншаға неше нешеде нешеге"},
    {LINE_KK, LISTED_ASK + ASK_WHO,
     "кім кімге кімде кімнен кіммен кімді кімнің кімдер кімдікі"},
    {LINE_KK, LISTED_ASK + ASK_WHICH, "қандай қай қайсы"},
    {LINE_KK, LISTED_BARE_WHAT, "не"},
    {LINE_KK, LISTED_ASK + ASK_WHAT, "нені неден немен"},
};

/* Endings, each peeled by itself, the longest first. VERB: a denial may stand before it.
 */
static const char nouns[] =
    "лар лер дар дер тар тер ның дың тың ға ге қа ке на не ны ды ты да де та те ында "
    "інде дан ден тан тен нан нен мен бен пен дағы дегі тағы тегі ындағы індегі ы сы ым "
    "ың ымыз "
    "ін сін сына сіне ынан інен ыма іме дікі тікі нікі ты тым атын етін";
static const char verbs[] =
    "ады еді йды амын емін ймын амыз еміз ймыз асың есің йсың асыз есіз йсыз асыздар "
    "есіздер йсыздар йсіздер ған ген қан кен ғаны гені қаны кені ды дым у уға уге уды "
    "удың ып "
    "ыңыз ңыз ыңыздар іңіздер ңыздар ңіздер ыңызшы ңызшы са се саңыз сеңіз сақ сек йтын";

struct suffix {
    char text[14];
    uint8_t len;
    bool verb;
};

struct wording_reader {
    struct map_key key;
    struct sb_stemmer *russian;  /* owned */
    struct map *listed[2];       /* owned: hash of a folded word -> LISTED_..., by line */
    struct suffix suffixes[128]; /* the longest first */
    size_t n_suffixes;
    struct units line, latin;
    struct buf cyrillic; /* of one token */
};

/* --- the tables */

static uint64_t
word_hash(const struct map_key *key, struct str text)
{
    return map_hash(key, STR_LIT("word"), text);
}

static void
add_list(struct wording_reader *r, const struct word_list *l)
{
    struct token t;
    size_t pos = 0;

    token_read(str_from(l->words), &r->line);
    while (token_next(&r->line, &pos, &t))
        map_put(r->listed[l->line], word_hash(&r->key, str_from(t.text)), l->is);
}

static void
add_suffixes(struct wording_reader *r, const char *words, bool verb)
{
    struct token t;
    size_t pos = 0;

    token_read(str_from(words), &r->line);
    while (token_next(&r->line, &pos, &t)) {
        struct suffix s = {.len = (uint8_t)t.len, .verb = verb};
        if (t.len >= sizeof(s.text) ||
            r->n_suffixes == sizeof(r->suffixes) / sizeof(r->suffixes[0]))
            abort(); /* the table above is wrong */
        memcpy(s.text, t.text, t.len);
        r->suffixes[r->n_suffixes++] = s;
    }
}

/* Longer ones first; of two that are written alike the verb's. */
static int
by_length(const void *a, const void *b)
{
    const struct suffix *x = a, *y = b;

    if (x->len != y->len)
        return x->len > y->len ? -1 : 1;
    int order = memcmp(x->text, y->text, x->len);
    return order != 0 ? order : (int)y->verb - (int)x->verb;
}

struct wording_reader *
wording_reader_new(const struct map_key *key)
{
    struct wording_reader *r = mem_zalloc(sizeof(*r));

    r->key = *key;
    r->russian = sb_stemmer_new("russian", NULL);
    if (r->russian == NULL)
        abort(); /* no memory: the algorithm is in every libstemmer */
    r->listed[LINE_RU] = map_new();
    r->listed[LINE_KK] = map_new();
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        add_list(r, &lists[i]);
    add_suffixes(r, nouns, false);
    add_suffixes(r, verbs, true);
    qsort(r->suffixes, r->n_suffixes, sizeof(r->suffixes[0]), by_length);
    return r;
}

void
wording_reader_free(struct wording_reader **r)
{
    if (*r == NULL)
        return;
    sb_stemmer_delete((*r)->russian);
    map_free(&(*r)->listed[LINE_RU]);
    map_free(&(*r)->listed[LINE_KK]);
    units_fini(&(*r)->line);
    units_fini(&(*r)->latin);
    buf_fini(&(*r)->cyrillic);
    MEM_FREE(*r);
}

static uint64_t
listed(const struct wording_reader *r, enum line_kind line, const struct token *t)
{
    uint64_t is = 0;

    (void)map_get(r->listed[line], word_hash(&r->key, (struct str){t->text, t->len}),
                  &is);
    return is;
}

/* --- endings */

static bool
ends_in_denial(const char *text, size_t len)
{
    return len >= 4 && (text[len - 1] == 'a' || text[len - 1] == 'e') &&
           (text[len - 2] == 'm' || text[len - 2] == 'b' || text[len - 2] == 'p');
}

static const struct suffix *
find_suffix(const struct wording_reader *r, const char *text, size_t len)
{
    for (size_t i = 0; i < r->n_suffixes; i++) {
        const struct suffix *s = &r->suffixes[i];
        bool firm = s->verb && (s->len >= 3 || s->text[0] == 'u') && s->text[0] != 'k';
        size_t least = firm ? 2 : 3;
        if (len >= s->len + least && memcmp(text + len - s->len, s->text, s->len) == 0)
            return s;
    }
    return NULL;
}

/* жөндел-, қосыл-, ұрлан-: what is done and what somebody does are one matter. */
static size_t
cut_passive(const char *text, size_t len)
{
    bool passive = len >= 4 && (text[len - 1] == 'l' || text[len - 1] == 'n');

    if (passive && len >= 5 && text[len - 2] == 'i')
        return len - 2;
    if (passive && (text[len - 2] == 'a' || text[len - 2] == 'e'))
        return len - 1;
    return len;
}

/* A finite verb with the particle of a question written on: боладыма, барасыздарма. */
static size_t
cut_particle(const char *text, size_t len)
{
    static const char *const before[] = {"di",  "ti",  "siz", "dar", "der", "gan",
                                         "gen", "kan", "ken", "bar", "ok"};
    if (!ends_in_denial(text, len))
        return len;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        size_t n = strlen(before[i]);
        if (len - 2 >= n && memcmp(text + len - 2 - n, before[i], n) == 0)
            return len - 2;
    }
    return len;
}

/* Behind it is the stem of a verb; ды may also be a case of what ends in -атындар. */
static bool
is_finite(const struct suffix *s)
{
    return s->verb && (s->len >= 3 || s->text[0] == 'u' || s->text[0] == 'i');
}

static size_t
stem_kazakh(const struct wording_reader *r, const char *text, size_t len, bool *denial)
{
    bool verb = false;

    len = cut_particle(text, len);
    for (int i = 0; i < 4; i++) {
        const struct suffix *s = find_suffix(r, text, len);
        if (s == NULL)
            break;
        len -= s->len;
        verb = verb || s->verb;
        if (!s->verb)
            continue;
        *denial = ends_in_denial(text, len);
        len -= *denial ? 2 : 0;
        if (*denial || is_finite(s))
            break;
    }
    return verb ? cut_passive(text, len) : len;
}

/* Letters of the ending -тся or -ться, of which people write the other one. */
static size_t
reflexive(const struct token *t)
{
    const struct unit *end = t->at + t->n;

    if (t->n < 6 || end[-1].cp != 0x44F || end[-2].cp != 0x441)
        return 0;
    if (end[-3].cp == 0x442)
        return 3;
    return end[-3].cp == 0x44C && end[-4].cp == 0x442 ? 4 : 0;
}

/* Replaces the folded text by that of the stem. */
static void
stem_russian(struct wording_reader *r, struct token *t)
{
    struct token stem = *t;

    buf_reset(&r->cyrillic);
    for (size_t i = 0; i < t->n - reflexive(t); i++)
        utf8_add(&r->cyrillic, t->at[i].cp);
    const sb_symbol *p = sb_stemmer_stem(r->russian, (const sb_symbol *)r->cyrillic.data,
                                         (int)r->cyrillic.len);
    if (p == NULL)
        return;
    struct str s = {.p = (const char *)p, .len = (size_t)sb_stemmer_length(r->russian)};
    stem.n = utf8_count(s);
    if (stem.n > t->n)
        return;
    token_fold(&stem); /* endings are cut behind: the first letters are the stem */
    if (stem.len > 1) {
        memcpy(t->text, stem.text, sizeof(t->text));
        t->len = stem.len;
    }
}

/* кітап and кітабы, көлік and көлігі: one stem. */
static void
harden(struct token *t)
{
    char *last = &t->text[t->len - 1];

    if (*last == 'b')
        *last = 'p';
    if (*last == 'g')
        *last = 'k';
}

/* --- terms */

static void
add_term(const struct wording_reader *r, struct wording *out, enum term_kind kind,
         struct str text)
{
    static const char *const salts[] = {"word", "number", "ask", "denial"};
    struct term t = {.kind = kind};

    if (text.len == 0 || out->n == BOUNDS_LIKENESS_TERMS)
        return;
    t.hash = map_hash(&r->key, str_from(salts[kind]), text);
    t.len = (uint8_t)(text.len > WORDING_LETTERS ? WORDING_LETTERS : text.len);
    memcpy(t.text, text.p, t.len);
    for (size_t i = 0; i < out->n; i++) {
        if (out->term[i].hash == t.hash)
            return;
    }
    out->term[out->n++] = t;
}

static void
add_ask(const struct wording_reader *r, struct wording *out, uint64_t ask)
{
    static const char letters[ASKS + 1] = "abcdefghij";

    add_term(r, out, TERM_ASK, (struct str){&letters[ask], 1});
}

/* до скольки, со скольки: not how much. */
static uint64_t
ask_after(const struct token *before, uint64_t ask)
{
    if (ask != ASK_MUCH && ask != ASK_WHICH && ask != ASK_WHEN)
        return ask;
    if (strcmp(before->text, "do") == 0)
        return ASK_UNTIL;
    if (strcmp(before->text, "s") == 0 || strcmp(before->text, "so") == 0)
        return ASK_SINCE;
    return ask;
}

/* -ады, -сыздар, -дегі: few Russian words end so. */
static bool
ends_in_kazakh(const struct wording_reader *r, const struct token *t)
{
    const struct suffix *s = find_suffix(r, t->text, t->len);

    return s != NULL && s->len >= 3 && (s->verb || s->len >= 4);
}

/* A Kazakh line has a letter of its own, or more of its small words and endings than the
 * other has small words: words of both tell nothing. */
static enum line_kind
kind_of_line(const struct wording_reader *r, const struct units *u)
{
    struct token t;
    size_t pos = 0, kk = 0, ru = 0;

    for (size_t i = 0; i < u->n; i++) {
        if (letter_is_kazakh(u->at[i].cp))
            return LINE_KK;
    }
    while (token_next(u, &pos, &t)) {
        bool in_kk = listed(r, LINE_KK, &t) != 0, in_ru = listed(r, LINE_RU, &t) != 0;
        kk += in_ru ? 0 : in_kk || ends_in_kazakh(r, &t);
        ru += in_ru && !in_kk;
    }
    return kk > ru ? LINE_KK : LINE_RU;
}

static void
add_stem(struct wording_reader *r, struct wording *out, enum line_kind line,
         struct token *t)
{
    bool denial = false;

    if (line == LINE_KK)
        t->len = stem_kazakh(r, t->text, t->len, &denial);
    else
        stem_russian(r, t);
    if (denial)
        add_term(r, out, TERM_DENIAL, STR_LIT("!"));
    if (t->len == 0)
        return;
    t->text[t->len] = '\0';
    harden(t);
    add_term(r, out, TERM_WORD, (struct str){t->text, t->len});
}

/* `around`: the tokens before and behind, with an empty text where there is none. */
static void
add_token(struct wording_reader *r, struct wording *out, enum line_kind line,
          struct token *t, const struct token *around[2])
{
    enum line_kind other = line == LINE_KK ? LINE_RU : LINE_KK;
    uint64_t is = listed(r, line, t);

    if (is == 0)
        is = listed(r, other, t);
    if (t->digit)
        add_term(r, out, TERM_NUMBER, (struct str){t->text, t->len});
    else if (is == LISTED_SKIP || (around[0]->digit && t->len <= 2))
        return; /* also the ending of a number: 102-ге, 5-го */
    else if (is == LISTED_DENIAL)
        add_term(r, out, TERM_DENIAL, STR_LIT("!"));
    else if (is == LISTED_BARE_WHAT)
        add_ask(r, out,
                strcmp(around[1]->text, "uwin") == 0 ||
                        strcmp(around[1]->text, "sebepti") == 0
                    ? ASK_WHY
                    : ASK_WHAT);
    else if (is >= LISTED_ASK)
        add_ask(r, out, ask_after(around[0], is - LISTED_ASK));
    else
        add_stem(r, out, line, t);
}

void
wording_read(struct wording_reader *r, struct str key, struct wording *out)
{
    struct token before = {.n = 0}, now = {.n = 0}, after = {.n = 0};
    const struct units *u = &r->line;
    size_t pos = 0;

    out->n = 0;
    token_read(key, &r->line);
    if (spell_latin(&r->line, &r->latin))
        u = &r->latin;
    enum line_kind line = kind_of_line(r, u);
    bool some = token_next(u, &pos, &now);
    while (some) {
        after.text[0] = '\0';
        some = token_next(u, &pos, &after);
        struct token next = after, said = now;
        add_token(r, out, line, &now, (const struct token *[2]){&before, &after});
        before = said;
        now = next;
    }
}
