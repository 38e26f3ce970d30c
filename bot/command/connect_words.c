/* SPDX-License-Identifier: Apache-2.0 */
/* connect_words.c - what `suraq connect` says to a person, in three languages. */
#include "command/connect.h"

#include <string.h>

const struct connect_words *
connect_words(const char *lang)
{
    static const struct connect_words all[] = {
        {.lang = "en",
         .open = "Open this address on any phone or computer:",
         .type = "and type in this code:",
         .browser = "Open this address in a browser on this machine:",
         .elsewhere = "Is the browser on another machine? Sign in there, and paste here "
                      "the address that it ends at.",
         .redirect = "The application at the platform must allow this redirect address: "
                     "%s",
         .waiting = "Waiting, at most %s minutes. Ctrl-C gives up.",
         .back = "Suraq has its answer. Go back to the terminal.",
         .paste = "Paste the token (it is not shown) and press Enter: ",
         .known_as = "The platform knows it as: %s",
         .kept = "Signed in. The token is in %s",
         .next = "Try it: suraq check --connect",
         .again = "A program that is running takes it when the source is switched off "
                  "and on in the console.",
         .restart = "A program that is running takes it when it is restarted."},
        {.lang = "ru",
         .open = "Откройте этот адрес на любом телефоне или компьютере:",
         .type = "и введите этот код:",
         .browser = "Откройте этот адрес в браузере на этом компьютере:",
         .elsewhere = "Браузер на другом компьютере? Войдите там и вставьте сюда адрес, "
                      "на котором он остановился.",
         .redirect = "Приложение на платформе должно разрешать этот адрес возврата: %s",
         .waiting = "Жду, не дольше %s минут. Ctrl-C прерывает.",
         .back = "Suraq получил ответ. Вернитесь в терминал.",
         .paste = "Вставьте токен (он не показывается) и нажмите Enter: ",
         .known_as = "Платформа знает его как: %s",
         .kept = "Вход выполнен. Токен в файле %s",
         .next = "Проверьте: suraq check --connect",
         .again = "Работающая программа возьмёт его, когда источник выключат и включат в "
                  "пульте.",
         .restart = "Работающая программа возьмёт его после перезапуска."},
        {.lang = "kk",
         .open = "Мына мекенжайды кез келген телефонда не компьютерде ашыңыз:",
         .type = "мына кодты теріңіз:",
         .browser = "Мына мекенжайды осы компьютердің браузерінде ашыңыз:",
         .elsewhere = "Браузер басқа компьютерде ме? Сонда кіріп, ол тоқтаған мекенжайды "
                      "осында қойыңыз.",
         .redirect =
             "Платформадағы қосымша мына қайту мекенжайына рұқсат беруі керек: %s",
         .waiting = "Күтіп тұрмын, ең көбі %s минут. Ctrl-C тоқтатады.",
         .back = "Suraq жауап алды. Терминалға оралыңыз.",
         .paste = "Токенді қойып (ол көрсетілмейді), Enter басыңыз: ",
         .known_as = "Платформа оны былай таниды: %s",
         .kept = "Кірдіңіз. Токен мына файлда: %s",
         .next = "Тексеріңіз: suraq check --connect",
         .again = "Жұмыс істеп тұрған бағдарлама оны пультте дереккөзді өшіріп, қайта "
                  "қосқанда алады.",
         .restart = "Жұмыс істеп тұрған бағдарлама оны қайта іске қосқанда алады."},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (strcmp(all[i].lang, lang) == 0)
            return &all[i];
    return &all[0];
}
