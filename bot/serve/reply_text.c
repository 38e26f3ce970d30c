/* SPDX-License-Identifier: Apache-2.0 */
/* reply_text.c - the words of the replies.
 *
 * Each has several wordings that take turns, because the same line over and over is what
 * platforms and people take for spam. None holds a name or a word of the question:
 * nothing that somebody wrote comes back into the chat through us. The filters take none
 * of them for a question, should a platform ever show us our own lines as somebody's. */
#include "serve/reply_text.h"

#include <inttypes.h>
#include <string.h>

enum { WORDINGS = 3 };

/* [kind][Kazakh, Russian] */
static const char *const built_in[REPLY_KINDS][SETTINGS_REPLY_LANGS][WORDINGS] = {
    [REPLY_RECEIVED] = {{"№{no} сұрағыңыз қабылданды.",
                         "Рақмет, сұрағыңыз тіркелді: №{no}.",
                         "Сұрағыңыз бізге жетті, нөмірі — {no}."},
                        {"Ваш вопрос принят: №{no}.",
                         "Спасибо, вопрос записан под №{no}.",
                         "Получили, спасибо. Номер вашего вопроса — {no}."}},
    [REPLY_ON_AIR] = {{"№{no} сұрақ қазір эфирде.",
                       "№{no} сұраққа эфирде жауап беріп жатырмыз.",
                       "Қазір эфирде — №{no} сұрақ."},
                      {"В эфире сейчас вопрос №{no}.",
                       "Отвечаем в эфире на вопрос №{no}.",
                       "Сейчас в эфире — вопрос №{no}."}},
    [REPLY_ANSWERED] = {{"№{no} сұраққа жауап берілді, эфирдегі уақыты — {time}.",
                         "№{no} сұрақтың жауабы — эфир жазбасында, {time}.",
                         "Жауап берілді: №{no} сұрақ, эфирдің {time} сәті."},
                        {"На вопрос №{no} ответили: {time} от начала эфира.",
                         "Ответ на вопрос №{no} — в записи эфира с {time}.",
                         "Ответ прозвучал на {time}, вопрос №{no}."}},
    [REPLY_WRITING] = {{"№{no} сұраққа жазбаша жауап береміз.",
                        "№{no} сұрағыңыз тіркелді, жауабы жазбаша беріледі.",
                        "№{no} сұрақтың жауабы кейін жазбаша беріледі."},
                       {"На вопрос №{no} ответим письменно.",
                        "Записали №{no}: ответ дадим письменно.",
                        "Ответ на вопрос №{no} будет письменным."}},
    [REPLY_URGENT] =
        {{"Қауіп болса, 102 немесе 112 нөміріне қоңырау шалыңыз: бұл чат кезекші бөлім "
          "емес.",
          "Шұғыл жағдайда 102 немесе 112 нөміріне қоңырау шалыңыз: чаттағы хабарды "
          "кезекші көрмеуі мүмкін.",
          "102 мен 112 тәулік бойы жұмыс істейді. Қазір қоңырау шалыңыз: чат кезекші "
          "бөлімді алмастырмайды."},
         {"Если есть опасность, звоните 102 или 112: этот чат не заменяет дежурную "
          "часть.",
          "Если срочно, позвоните 102 или 112: сообщение в чате дежурный может не "
          "увидеть.",
          "102 и 112 работают круглосуточно. Позвоните сейчас: чат — не дежурная "
          "часть."}},
};

static void
add_time(int64_t ms, struct buf *out)
{
    int64_t s = ms / 1000;

    if (s >= 3600)
        buf_addf(out, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60),
                 (int)(s % 60));
    else
        buf_addf(out, "%d:%02d", (int)(s / 60), (int)(s % 60));
}

static void
fill(const char *text, const struct reply_wish *w, struct buf *out)
{
    static const struct str no = {.p = "{no}", .len = 4},
                            time = {.p = "{time}", .len = 6};
    struct str rest = str_from(text);

    while (rest.len > 0) {
        size_t taken = 1;
        if (str_has_prefix(rest, no)) {
            buf_add_u64(out, w->no);
            taken = no.len;
        } else if (str_has_prefix(rest, time)) {
            add_time(w->at_ms, out);
            taken = time.len;
        } else {
            buf_add_char(out, rest.p[0]);
        }
        rest.p += taken;
        rest.len -= taken;
    }
}

bool
reply_text(const struct settings *s, const struct reply_wish *w, struct buf *out)
{
    int lang = w->kazakh ? 0 : 1;
    const struct settings_list *own = &s->reply_texts[w->kind][lang];
    size_t n = own->n > 0 ? own->n : WORDINGS;

    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)((w->turn + i) % n);
        const char *text = own->n > 0 ? own->items[at] : built_in[w->kind][lang][at];
        if (w->at_ms < 0 && strstr(text, "{time}") != NULL)
            continue;
        fill(text, w, out);
        return true;
    }
    return false;
}

bool
reply_is_kazakh(const struct settings *s, const char *language, const struct question *q)
{
    if (language == NULL)
        language = s->reply_language;
    if (strcmp(language, "question") != 0)
        return strcmp(language, "kk") == 0;
    if (q->lang == LANG_KK || q->lang == LANG_RU)
        return q->lang == LANG_KK;
    for (size_t i = 0; i < s->n_languages; i++) {
        if (strcmp(s->languages[i], "kk") == 0 || strcmp(s->languages[i], "ru") == 0)
            return strcmp(s->languages[i], "kk") == 0;
    }
    return false;
}
