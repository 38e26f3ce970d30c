/* SPDX-License-Identifier: Apache-2.0 */
/* advice.c - what a person can do about a source.
 *
 * One line for each reason code of source.h, for the press officer who runs `suraq check
 * --connect` an hour before the broadcast: the next thing to do, not the cause. */
#include "command/advice.h"

#include <string.h>

static const struct {
    const char *code, *kk, *ru, *en;
} lines[] = {
    {"auth", "Кілтті немесе токенді жаңартыңыз: suraq connect SOURCE",
     "Обновите ключ или токен: suraq connect SOURCE",
     "Get a new key or token: suraq connect SOURCE"},
    {"dns", "Мекенжайды ('url'), интернетті және DNS серверін тексеріңіз",
     "Проверьте адрес ('url'), интернет и сервер DNS",
     "Check the address ('url'), the internet and the DNS server"},
    {"tls",
     "Сағатты және 'ca_file' баптауын тексеріңіз: байланысты прокси ашып оқуы мүмкін",
     "Проверьте часы и 'ca_file': возможно, соединение вскрывает прокси",
     "Check the clock and 'ca_file': a proxy may open the connection"},
    {"refused", "Мекенжайды, брандмауэрді және 'proxy' баптауын тексеріңіз",
     "Проверьте адрес, межсетевой экран и 'proxy'",
     "Check the address, the firewall and 'proxy'"},
    {"join", "Бүгінгі эфирдің сілтемесін тексеріп, қайта қойыңыз",
     "Проверьте ссылку на сегодняшний эфир и вставьте её снова",
     "Check the link to tonight's broadcast and paste it again"},
    {"closed", "Біраздан соң қайталаңыз; қайталанса, ақау платформаның өзінде",
     "Повторите чуть позже; если повторяется, неисправность у платформы",
     "Try again in a while; if it stays, the fault is the platform's"},
    {"silent", "Мекенжайды, брандмауэрді және 'proxy' баптауын тексеріп, қайталаңыз",
     "Проверьте адрес, межсетевой экран и 'proxy' и повторите",
     "Check the address, the firewall and 'proxy', then try again"},
    {"limit",
     "Платформа айтқан уақытты күтіңіз; басқа бағдарлама да сұрап тұрмағанын қараңыз",
     "Подождите, сколько просит платформа; посмотрите, не читает ли ещё одна программа",
     "Wait as long as the platform asks; look whether another program reads too"},
    {"conflict",
     "Осы ботпен оқитын екінші бағдарламаны тоқтатыңыз немесе вебхукты өшіріңіз",
     "Остановите вторую программу с этим ботом или снимите вебхук",
     "Stop the other program that reads with this bot, or remove the webhook"},
    {"privacy",
     "Ботты топтың әкімшісі етіңіз немесе @BotFather арқылы /setprivacy өшіріңіз",
     "Сделайте бота администратором группы или отключите /setprivacy у @BotFather",
     "Make the bot an admin of the group, or switch /setprivacy off with @BotFather"},
    {"quota", "Түнгі жаңаруды күтіңіз немесе платформадан квотаны көбейтуді сұраңыз",
     "Дождитесь ночного обновления или попросите платформу увеличить квоту",
     "Wait for midnight there, or ask the platform for a bigger quota"},
    {"waiting", "Ештеңе істеудің қажеті жоқ: эфир басталғанда өзі қосылады",
     "Делать ничего не нужно: чат подключится с началом эфира",
     "Nothing: it joins by itself when the broadcast begins"},
    {"target", "Қай эфир екенін көрсетіңіз: сілтемесін баптауға не пультке қойыңыз",
     "Укажите, какой эфир: вставьте ссылку в настройки или в пульт",
     "Say which broadcast it is: paste its link into the settings or the console"},
    {"events",
     "Қауымдастықта Long Poll API-ді және пікір оқиғаларын қосыңыз (docs/sources.md)",
     "Включите в сообществе Long Poll API и события комментариев (docs/sources.md)",
     "Switch on Long Poll API and the comment events of the community (docs/sources.md)"},
    {"hook",
     "Платформада docs/sources.md көрсеткен мекенжайды енгізіңіз; келгенін тек жұмыс "
     "істеп тұрған бағдарлама алады",
     "Укажите на платформе адрес из docs/sources.md; присланное принимает только "
     "работающая программа",
     "Enter the address of docs/sources.md at the platform; only the running program "
     "takes what it sends"},
    {"signature", "'client_secret_file' пен платформадағы құпияны салыстырыңыз",
     "Сверьте 'client_secret_file' с секретом на платформе",
     "Compare 'client_secret_file' with the secret at the platform"},
    {"settings", "Баптау файлын түзетіңіз: suraq.yaml(5)",
     "Исправьте файл настроек: suraq.yaml(5)", "Mend the settings: suraq.yaml(5)"},
    {"", "Бүгінгі эфирдің сілтемесін қойыңыз: бұл эфир аяқталған",
     "Вставьте ссылку на сегодняшний эфир: этот закончился",
     "Paste the link to tonight's broadcast: this one is over"},
};

const char *
advice_of(const char *code, const char *lang)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (strcmp(lines[i].code, code) != 0)
            continue;
        if (strcmp(lang, "kk") == 0)
            return lines[i].kk;
        return strcmp(lang, "ru") == 0 ? lines[i].ru : lines[i].en;
    }
    return "See docs/sources.md";
}
