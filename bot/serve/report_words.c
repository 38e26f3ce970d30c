/* SPDX-License-Identifier: Apache-2.0 */
/* report_words.c - headings and names of reports, in Kazakh, Russian and English. A
 * report has some two hundred of them to look up, so a walk through the table is enough.
 */
#include <string.h>

#include "serve/report_table.h"

struct word {
    const char *key, *en, *ru, *kk;
};

static const struct word words[] = {
    {"report", "Report of the broadcast", "Отчёт об эфире", "Эфир туралы есеп"},
    {"about", "About", "Сведения", "Мәліметтер"},
    {"figures", "Figures", "Показатели", "Көрсеткіштер"},
    {"reasons", "Why questions were rejected", "Причины отклонения",
     "Қабылданбау себептері"},
    {"topics", "Topics", "Темы", "Тақырыптар"},
    {"languages", "Who was heard: languages", "Кого услышали: языки",
     "Кім естілді: тілдер"},
    {"sources", "Who was heard: sources", "Кого услышали: источники",
     "Кім естілді: дереккөздер"},
    {"busiest", "Busiest minutes", "Самые активные минуты", "Ең белсенді минуттар"},
    {"questions", "Questions", "Вопросы", "Сұрақтар"},
    {"statistics", "Statistics", "Статистика", "Статистика"},
    {"name", "Name", "Название", "Атауы"},
    {"value", "Value", "Значение", "Мәні"},

    {"stream", "Stream", "Канал", "Арна"},
    {"stream_id", "Stream id", "Код канала", "Арна коды"},
    {"broadcast", "Broadcast no.", "Эфир №", "Эфир №"},
    {"title", "Title", "Заголовок", "Тақырыбы"},
    {"opened_at", "Opened", "Открыт", "Ашылды"},
    {"started_at", "On air from", "Начало", "Басталды"},
    {"ended_at", "Ended", "Окончание", "Аяқталды"},
    {"edition", "Edition", "Редакция", "Нұсқа"},
    {"made_at", "Made", "Составлен", "Жасалды"},
    {"head", "Journal head", "Голова журнала", "Журнал басы"},
    {"internal", "internal", "внутренняя", "ішкі"},
    {"public", "public", "публичная", "жария"},

    {"received", "Messages received", "Получено сообщений", "Алынған хабарламалар"},
    {"authors", "People who wrote", "Написали человек", "Жазған адамдар"},
    {"asking", "Messages that ask", "Сообщений с вопросом", "Сұрағы бар хабарламалар"},
    {"items", "Items for the moderator", "Обращений у модератора",
     "Модератордағы өтініштер"},
    {"recognised", "Recognised questions", "Распознано вопросов", "Танылған сұрақтар"},
    {"by_hand", "Added by hand", "Добавлено вручную", "Қолмен қосылған"},
    {"urgent", "Urgent", "Срочных", "Шұғыл"},
    {"held", "Held for a person", "Задержано для проверки", "Тексеруге қалдырылған"},
    {"askers", "People who asked", "Спросили человек", "Сұрақ қойған адамдар"},
    {"approved", "Approved", "Одобрено", "Мақұлданды"},
    {"aired", "Put on air", "Прозвучало в эфире", "Эфирге шықты"},
    {"answered", "Answered", "Отвечено", "Жауап берілді"},
    {"owed", "Answer owed", "Ответ обещан", "Жауап берілуі тиіс"},
    {"rejected", "Rejected", "Отклонено", "Қабылданбады"},
    {"merged", "Merged with others", "Объединено", "Біріктірілді"},
    {"carried", "Carried over", "Перенесено", "Келесіге ауыстырылды"},
    {"open", "Still open", "Осталось открытыми", "Ашық қалды"},
    {"wait_median", "Wait for air, median", "Ожидание эфира, медиана",
     "Эфирді күту, медиана"},
    {"wait_p90", "Wait for air, 9 of 10", "Ожидание эфира, 9 из 10",
     "Эфирді күту, 10-нан 9-ы"},
    {"wait_max", "Wait for air, longest", "Ожидание эфира, наибольшее",
     "Эфирді күту, ең ұзағы"},
    {"unlisted", "Questions not listed", "Вопросов не показано",
     "Көрсетілмеген сұрақтар"},
    {"withheld", "Wordings left out", "Формулировок скрыто", "Жасырылған мәтіндер"},

    {"abuse", "abuse", "оскорбления", "балағат"},
    {"off_topic", "off topic", "не по теме", "тақырыптан тыс"},
    {"private", "private matter", "личное", "жеке мәселе"},
    {"repeat", "repeat", "повтор", "қайталау"},
    {"answered_before", "answered already", "уже отвечено", "жауап берілген"},
    {"spam", "spam", "спам", "спам"},
    {"other", "other", "другое", "басқа"},

    {"kk", "Kazakh", "казахский", "қазақша"},
    {"ru", "Russian", "русский", "орысша"},
    {"en", "English", "английский", "ағылшынша"},
    {"mixed", "mixed", "смешанный", "аралас"},
    {"latn", "Latin letters", "латиницей", "латынша"},

    {"messages", "Messages", "Сообщений", "Хабарлама"},
    {"asked", "Asked", "Спрошено", "Сұралды"},
    {"heard", "Heard", "Услышано", "Естілді"},
    {"share", "Share", "Доля", "Үлесі"},
    {"answers", "Answered", "Отвечено", "Жауап"},
    {"promises", "Owed", "Обещан", "Күтілуде"},
    {"refusals", "Rejected", "Отказ", "Бас тарту"},
    {"wait", "Wait", "Ожидание", "Күту"},
    {"minute", "Minute", "Минута", "Минут"},

    {"no", "No.", "№", "№"},
    {"n", "Id", "Код", "Коды"},
    {"at", "Time", "Время", "Уақыты"},
    {"lang", "Language", "Язык", "Тілі"},
    {"topic", "Topic", "Тема", "Тақырып"},
    {"status", "Status", "Статус", "Мәртебесі"},
    {"reason", "Reason", "Причина", "Себебі"},
    {"wording", "Question", "Вопрос", "Сұрақ"},
    {"original", "As written", "Как написано", "Жазылғандай"},
    {"source", "Source", "Источник", "Дереккөз"},
    {"names", "Who asked", "Кто спросил", "Кім сұрады"},
    {"count", "Askers", "Спросивших", "Сұрағандар"},
    {"aired_at", "On air", "В эфире", "Эфирде"},
    {"answered_at", "Answered at", "Время ответа", "Жауап уақыты"},
    {"unit", "Unit", "Подразделение", "Бөлімше"},
    {"due", "Due", "Срок", "Мерзімі"},
    {"note", "Answer note", "Пометка об ответе", "Жауап белгісі"},

    {"reg.no", "No.", "№", "№"},
    {"reg.n", "Id", "Код", "Коды"},
    {"reg.broadcast", "Broadcast", "Эфир", "Эфир"},
    {"reg.wording", "Question", "Вопрос", "Сұрақ"},
    {"reg.asker", "Who asked", "Кто спросил", "Кім сұрады"},
    {"reg.source", "Source", "Источник", "Дереккөз"},
    {"reg.link", "Link", "Ссылка", "Сілтеме"},
    {"reg.topic", "Topic", "Тема", "Тақырып"},
    {"reg.unit", "Unit", "Подразделение", "Бөлімше"},
    {"reg.state", "State", "Состояние", "Күйі"},
    {"reg.since", "Owed since", "Обещан с", "Тіркелген күні"},
    {"reg.due", "Due", "Срок", "Мерзімі"},
    {"reg.left", "Working days left", "Осталось рабочих дней", "Қалған жұмыс күні"},
    {"reg.forward", "Forward by", "Перенаправить до", "Қайта жіберу мерзімі"},
    {"reg.to", "Forwarded to", "Перенаправлен", "Қайда жіберілді"},
    {"reg.extended", "Why extended", "Причина продления", "Ұзарту себебі"},
    {"reg.written", "Answer", "Ответ", "Жауап"},
    {"reg.note", "Note", "Пометка", "Белгі"},
    {"reg.settled", "Settled", "Исполнен", "Орындалған күні"},
    {"reg.appeal", "Candidate appeal", "Возможное обращение", "Ықтимал өтініш"},
    {"reg.yes", "yes", "да", "иә"},
    {"reg.open", "open", "открыт", "ашық"},
    {"reg.forwarded", "forwarded", "перенаправлен", "қайта жіберілді"},
    {"reg.answered", "answered", "отвечен", "жауап берілді"},
    {"reg.closed", "closed", "закрыт", "жабылды"},

    {"status.new", "new", "новый", "жаңа"},
    {"status.queued", "in the line", "в очереди", "кезекте"},
    {"status.on_air", "on air", "в эфире", "эфирде"},
    {"status.answered", "answered", "отвечен", "жауап берілді"},
    {"status.follow_up", "answer owed", "ответ обещан", "жауап күтілуде"},
    {"status.rejected", "rejected", "отклонён", "қабылданбады"},
    {"status.merged", "merged", "объединён", "біріктірілді"},
    {"status.carried", "carried over", "перенесён", "ауыстырылды"},
};

const char *
report_word(const char *lang, const char *key)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct word *w = &words[i];
        if (strcmp(w->key, key) == 0)
            return strcmp(lang, "kk") == 0   ? w->kk
                   : strcmp(lang, "ru") == 0 ? w->ru
                                             : w->en;
    }
    return key;
}
