/* SPDX-License-Identifier: Apache-2.0 */
/* settings_table.c - the master copy of every setting.
 *
 * A row is all there is to an option: adding one touches this file, the struct that holds
 * the value, and the manual page (a test looks for each name there). */
#include "loop/settings_table.h"

#include <stddef.h>

#include "loop/settings.h"

#define AT(member)        offsetof(struct settings, member)
#define SOURCE_AT(member) offsetof(struct settings_source, member)
#define HOOK_AT(member)   offsetof(struct settings_webhook, member)

enum { YEARS_100_IN_DAYS = 36500 };
#define DAY_MS INT64_C(86400000)

#define REPLY_TEXTS(name, index, lang, lang_index, shown, words)                         \
    {                                                                                    \
        "replies." name "." lang, OPTION_LIST, AT(reply_texts[index][lang_index]), NULL, \
            0, BOUNDS_REPLY_TEXTS, NULL, shown, words                                    \
    }

const struct option settings_options[] = {
    {"public_url", OPTION_TEXT, AT(public_url), NULL, 0, 512, NULL,
     "https://live.example.kz",
     "What links and QR codes show; also the Origin that pages may come from."},
    {"trusted_proxies", OPTION_LIST, AT(trusted_proxies), NULL, 0, 16, NULL,
     "[10.0.0.0/8]", "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."},
    {"stream.id", OPTION_TEXT, AT(stream_id), "stream", 0, 64, NULL, NULL,
     "Short name of the stream; letters, digits and dashes."},
    {"stream.title.kk", OPTION_TEXT, AT(title_kk), NULL, 0, 256, NULL, "Полиция эфирі",
     "Title in Kazakh."},
    {"stream.title.ru", OPTION_TEXT, AT(title_ru), NULL, 0, 256, NULL, "Эфир полиции",
     "Title in Russian."},
    {"stream.title.en", OPTION_TEXT, AT(title_en), NULL, 0, 256, NULL, "Police live",
     "Title in English."},
    {"stream.languages", OPTION_LIST, AT(languages), "[kk, ru]", 0, 3, NULL, NULL,
     "Languages of the stream, the main one first: kk, ru, en."},
    {"stream.timezone", OPTION_TEXT, AT(timezone), "Asia/Almaty", 0, 64, NULL, NULL,
     "Time zone in which pages and reports show times."},
    {"listen", OPTION_TEXT, AT(listen), "127.0.0.1:8080", 0, 256, NULL, NULL,
     "Where the pages are served: host:port (port 0: any free one) or unix:/path."},
    {"tls.cert", OPTION_TEXT, AT(tls_cert), NULL, 0, 1024, NULL, "/etc/suraq/cert.pem",
     "Certificate chain (PEM): serve HTTPS. A TLS proxy in front is the other way."},
    {"tls.key", OPTION_TEXT, AT(tls_key), NULL, 0, 1024, NULL, "/etc/suraq/key.pem",
     "Its private key (PEM)."},
    {"journal.kind", OPTION_CHOICE, AT(journal_kind), "sqlite", 0, 0, "sqlite", NULL,
     "Where events are kept."},
    {"journal.path", OPTION_TEXT, AT(journal_path), "data/suraq.db", 0, 1024, NULL, NULL,
     "The journal's file; accounts.db lies beside it."},
    {"filters", OPTION_LIST, AT(filters), "[filters/police-kz]", 0, 16, NULL, NULL,
     "Filter folders; a later one overrides an earlier one file by file."},
    {"retention.text_days", OPTION_NUMBER, AT(text_days), "180", 1, YEARS_100_IN_DAYS,
     NULL, NULL, "Days until texts and names are erased; counts and the chain stay."},
    {"register.answer_days", OPTION_NUMBER, AT(answer_days), "15", 1, 250, NULL, NULL,
     "Working days in which what is owed is answered in writing."},
    {"register.forward_days", OPTION_NUMBER, AT(forward_days), "3", 1, 250, NULL, NULL,
     "Working days in which it is sent on to whoever is competent."},
    {"register.calendar", OPTION_TEXT, AT(calendar), "kz", 0, 1024, NULL, NULL,
     "Holidays and moved days off: kz (built in), or a file made from it."},
    {"min_free", OPTION_BYTES, AT(min_free), "256MiB", 0, 0, NULL, NULL,
     "Free disk space below which chat intake stops and says so."},
    {"auto_queue.allowed", OPTION_BOOL, AT(auto_allowed), "true", 0, 0, NULL, NULL,
     "Moderators may switch on the rule that queues plainly good questions by itself."},
    {"auto_queue.score", OPTION_NUMBER, AT(auto_score), "5", 0, 1000, NULL, NULL,
     "Score of the question filters that it takes at least."},
    {"auto_queue.wait", OPTION_DURATION, AT(auto_wait_ms), "20s", 1000, 600000, NULL,
     NULL, "How long such a question is seen waiting, and can be held back."},
    {"rehearsal.chat", OPTION_TEXT, AT(rehearsal_chat), "config/demo.ndjson", 0, 1024,
     NULL, NULL, "A recorded chat that rehearsals can be fed with."},
    {"log_level", OPTION_CHOICE, AT(log_level), "info", 0, 0, "error warn info debug",
     NULL, "What is logged to stderr."},
    {"sessions.idle", OPTION_DURATION, AT(session_idle_ms), "12h", 60000, 30 * DAY_MS,
     NULL, NULL, "A sign-in ends after this long without use."},
    {"sessions.absolute", OPTION_DURATION, AT(session_absolute_ms), "7d", 60000,
     90 * DAY_MS, NULL, NULL, "A sign-in ends after this long in any case."},
    {"replies.language", OPTION_CHOICE, AT(reply_language), "question", 0, 0,
     "question kk ru", NULL, "Language of the replies into the chats."},
    REPLY_TEXTS("received", 0, "kk", 0, "['№{no} сұрағыңыз қабылданды.']",
                "Own wordings instead of the built-in ones: a question was taken."),
    REPLY_TEXTS("received", 0, "ru", 1, "['Ваш вопрос принят: №{no}.']",
                "The same in Russian."),
    REPLY_TEXTS("on_air", 1, "kk", 0, "['№{no} сұрақ қазір эфирде.']",
                "It is on air now."),
    REPLY_TEXTS("on_air", 1, "ru", 1, "['Вопрос №{no} сейчас в эфире.']",
                "The same in Russian."),
    REPLY_TEXTS("answered", 2, "kk", 0, "['№{no} сұраққа жауап: эфирдің {time} сәті.']",
                "It was answered; {time} is its place in the recording."),
    REPLY_TEXTS("answered", 2, "ru", 1, "['Ответ на вопрос №{no}: {time} эфира.']",
                "The same in Russian."),
    REPLY_TEXTS("writing", 3, "kk", 0, "['№{no} сұраққа жазбаша жауап береміз.']",
                "It will be answered in writing."),
    REPLY_TEXTS("writing", 3, "ru", 1, "['На вопрос №{no} ответим письменно.']",
                "The same in Russian."),
    REPLY_TEXTS("urgent", 4, "kk", 0, "['102 немесе 112 нөміріне қоңырау шалыңыз.']",
                "The message reports danger."),
    REPLY_TEXTS("urgent", 4, "ru", 1, "['Позвоните 102 или 112.']",
                "The same in Russian."),
};
const size_t settings_n_options = sizeof(settings_options) / sizeof(settings_options[0]);

const char settings_source_kinds[] =
    "irc twitch youtube telegram facebook instagram "
    "kick vk vklive peertube owncast socialstream restream "
    "generic replay push";

/* The kinds that reach out to a platform. */
#define KINDS_FEED "owncast socialstream restream generic"
#define KINDS_OUT \
    "irc twitch youtube telegram facebook instagram kick vk vklive peertube " KINDS_FEED

const struct option settings_source_options[] = {
    {"kind", OPTION_CHOICE, SOURCE_AT(kind), NULL, 0, 0, NULL, NULL, "Which platform."},
    {"name", OPTION_TEXT, SOURCE_AT(name), NULL, 0, BOUNDS_SOURCE_NAME, NULL, NULL,
     "Unique name; default: the kind."},
    {"url", OPTION_TEXT, SOURCE_AT(url), NULL, 0, BOUNDS_TARGET, NULL, NULL,
     "Overrides the endpoint (self-hosting, tests)."},
    {"socket_url", OPTION_TEXT, SOURCE_AT(socket_url), NULL, 0, BOUNDS_TARGET, "vklive",
     NULL, "Overrides the address of its message server (tests)."},
    {"channel", OPTION_TEXT, SOURCE_AT(target), NULL, 0, BOUNDS_TARGET,
     "irc twitch kick vklive generic", NULL,
     "Channel to read; can be changed from the console."},
    {"video", OPTION_TEXT, SOURCE_AT(target), NULL, 0, BOUNDS_TARGET,
     "youtube facebook instagram vk peertube", NULL,
     "The broadcast: its id or link; mine (live): the account's (page's) on air."},
    {"page", OPTION_TEXT, SOURCE_AT(account), NULL, 0, 64, "facebook", NULL,
     "Number of the page whose video it is."},
    {"account", OPTION_TEXT, SOURCE_AT(account), NULL, 0, 256, "instagram peertube", NULL,
     "Number of the account; user@host of the password, or the host without one."},
    {"group", OPTION_TEXT, SOURCE_AT(account), NULL, 0, 64, "vk", NULL,
     "Number of the community; needed when no video or post of it is named."},
    {"chat", OPTION_TEXT, SOURCE_AT(target), NULL, 0, BOUNDS_TARGET, "telegram", NULL,
     "The group: @name, a link to it or to a post of it, or its id."},
    {"session", OPTION_TEXT, SOURCE_AT(target), NULL, 0, BOUNDS_TARGET, "socialstream",
     NULL, "The session id of the extension or app."},
    {"nick", OPTION_TEXT, SOURCE_AT(nick), NULL, 0, 64,
     "irc twitch peertube owncast generic", NULL,
     "Name to use; on Twitch without one the chat is read anonymously."},
    {"password_file", OPTION_TEXT, SOURCE_AT(password_file), NULL, 0, 1024,
     "peertube irc twitch", NULL,
     "File with the server's password; on Twitch a token for IRC."},
    {"token_file", OPTION_TEXT, SOURCE_AT(token_file), NULL, 0, 1024,
     "twitch youtube telegram facebook instagram kick vk vklive owncast restream generic",
     NULL, "File with the token of the sign-in; needed for replies."},
    {"api_key_file", OPTION_TEXT, SOURCE_AT(api_key_file), NULL, 0, 1024, "youtube", NULL,
     "File with the key of the API: enough to read what is public."},
    {"client_id", OPTION_TEXT, SOURCE_AT(client_id), NULL, 0, 256,
     "twitch youtube kick vklive restream", NULL,
     "The application's id at the platform, for the sign-in."},
    {"client_secret_file", OPTION_TEXT, SOURCE_AT(client_secret_file), NULL, 0, 1024,
     "twitch youtube instagram kick vklive restream", NULL,
     "File with the application's secret; Instagram signs what it sends with it."},
    {"verify_token_file", OPTION_TEXT, SOURCE_AT(verify_token_file), NULL, 0, 1024,
     "instagram", NULL, "File with the word that Meta asks our address for."},
    {"public_key_file", OPTION_TEXT, SOURCE_AT(file), NULL, 0, 1024, "kick", NULL,
     "File with Kick's public key (PEM); default: asked from Kick."},
    {"quota", OPTION_NUMBER, SOURCE_AT(quota), "10000", 1, 100000000, "youtube", NULL,
     "Units a day that the project has at the platform."},
    {"ca_file", OPTION_TEXT, SOURCE_AT(ca_file), NULL, 0, 1024, KINDS_OUT, NULL,
     "Certificate authorities (PEM) instead of the system's."},
    {"proxy", OPTION_TEXT, SOURCE_AT(proxy), NULL, 0, 512, KINDS_OUT, NULL,
     "URL of a proxy; default: what HTTPS_PROXY says."},
    {"file", OPTION_TEXT, SOURCE_AT(file), NULL, 0, 1024, "replay generic", NULL,
     "Recorded chat, NDJSON; of a generic source its preset, YAML."},
    {"speed", OPTION_FACTOR, SOURCE_AT(speed), "1.0", 0, 1000, "replay", NULL,
     "1.0 plays at live pace."},
    {"loop", OPTION_BOOL, SOURCE_AT(loop), "false", 0, 0, "replay", NULL,
     "Begin again at the end."},
    {"enabled", OPTION_BOOL, SOURCE_AT(enabled), "true", 0, 0, NULL, NULL,
     "Off until somebody switches it on."},
    {"quiet_after", OPTION_DURATION, SOURCE_AT(quiet_after_ms), "120s", 1000, 30 * DAY_MS,
     NULL, NULL, "Silence after which the source turns amber."},
    {"replies.enabled", OPTION_BOOL, SOURCE_AT(replies), "false", 0, 0, KINDS_OUT, NULL,
     "Reply in the chat to who asked."},
    {"replies.language", OPTION_TEXT, SOURCE_AT(reply_language), NULL, 0, 16, KINDS_OUT,
     NULL, "question, kk or ru; default: as for all chats."},
    {"replies.per_minute", OPTION_NUMBER, SOURCE_AT(replies_per_minute), "6", 1, 60,
     KINDS_OUT, NULL, "Replies a minute at most; the platform's own limit holds too."},
    {"replies.events.received", OPTION_BOOL, SOURCE_AT(reply_to[0]), "true", 0, 0,
     KINDS_OUT, NULL, "Say that a question was taken, and its number."},
    {"replies.events.on_air", OPTION_BOOL, SOURCE_AT(reply_to[1]), "true", 0, 0,
     KINDS_OUT, NULL, "Say that it is on air."},
    {"replies.events.answered", OPTION_BOOL, SOURCE_AT(reply_to[2]), "true", 0, 0,
     KINDS_OUT, NULL, "Say that it was answered, and when."},
    {"replies.events.writing", OPTION_BOOL, SOURCE_AT(reply_to[3]), "true", 0, 0,
     KINDS_OUT, NULL, "Say that it will be answered in writing."},
    {"replies.events.urgent", OPTION_BOOL, SOURCE_AT(reply_to[4]), "true", 0, 0,
     KINDS_OUT, NULL, "Tell who reports danger to call 102 or 112."},
};
const size_t settings_n_source_options =
    sizeof(settings_source_options) / sizeof(settings_source_options[0]);

const char settings_webhook_events[] = "question urgent on_air answered follow_up";

const struct option settings_webhook_options[] = {
    {"name", OPTION_TEXT, HOOK_AT(name), NULL, 0, BOUNDS_SOURCE_NAME, NULL, NULL,
     "Unique name; default: the preset."},
    {"preset", OPTION_CHOICE, HOOK_AT(preset), "json", 0, 0, "json telegram", NULL,
     "What is sent: signed JSON, or a message by a Telegram bot."},
    {"url", OPTION_TEXT, HOOK_AT(url), NULL, 0, BOUNDS_TARGET, NULL, NULL,
     "Where to; Telegram: overrides its address (tests)."},
    {"events", OPTION_LIST, HOOK_AT(events), "[urgent]", 0, 8, NULL, NULL,
     "What is told: question, urgent, on_air, answered, follow_up."},
    {"secret_file", OPTION_TEXT, HOOK_AT(secret_file), NULL, 0, 1024, NULL, NULL,
     "File with the secret that signs the JSON."},
    {"token_file", OPTION_TEXT, HOOK_AT(token_file), NULL, 0, 1024, NULL, NULL,
     "File with the bot's token (telegram)."},
    {"chat_id", OPTION_TEXT, HOOK_AT(chat_id), NULL, 0, 64, NULL, NULL,
     "Who gets the message: a number or @channel; quoted (telegram)."},
    {"language", OPTION_CHOICE, HOOK_AT(language), NULL, 0, 0, "kk ru", NULL,
     "Language of the message; default: the stream's first (telegram)."},
    {"ca_file", OPTION_TEXT, HOOK_AT(ca_file), NULL, 0, 1024, NULL, NULL,
     "Certificate authorities (PEM) instead of the system's."},
    {"proxy", OPTION_TEXT, HOOK_AT(proxy), NULL, 0, 512, NULL, NULL,
     "URL of a proxy; default: what HTTPS_PROXY says."},
};
const size_t settings_n_webhook_options =
    sizeof(settings_webhook_options) / sizeof(settings_webhook_options[0]);
