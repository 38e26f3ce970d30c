/* SPDX-License-Identifier: Apache-2.0 */
/* webhook_body.c - what is sent to a webhook.
 *
 * What a question is to the outside is written by view.c alone; here it gets its frame.
 * The signature covers the time as well, so that a delivery that was caught cannot be
 * sent again a week later. A message to Telegram is plain text: no chat line can make
 * anything of it but letters. */
#include "serve/webhook_body.h"

#include <inttypes.h>

#include <sodium.h>

#include "base/utf8.h"
#include "serve/view.h"

enum { MESSAGE_MAX = 3000 /* letters; Telegram takes 4,096 with all the rest */ };

void
webhook_json(const struct webhook_told *t, struct buf *out)
{
    buf_add_cstr(out, "{\"id\":");
    buf_add_json(out, str_from(t->id));
    buf_addf(out, ",\"event\":\"%s\",\"stream\":", news_name(t->news->kind));
    buf_add_json(out, str_from(t->stream));
    buf_addf(out, ",\"seq\":%" PRIu64 ",\"broadcast\":%" PRIu64 ",\"at\":", t->ev->seq,
             t->ev->broadcast);
    view_time(t->ev->at_ms, out);
    buf_add_cstr(out, ",\"link\":");
    view_text(t->link, out);
    if (t->rehearsal)
        buf_add_cstr(out, ",\"rehearsal\":true");
    buf_add_cstr(out, ",\"question\":");
    view_told(t->news->question, out);
    buf_add_char(out, '}');
}

/* The class of an urgent item, by its name in the filters. */
static const char *
class_words(const char *name, bool kazakh)
{
    static const struct {
        const char *name, *words[2]; /* Russian, Kazakh */
    } rows[] = {
        {"violence", {"насилие", "зорлық-зомбылық"}},
        {"suicide", {"угроза суицида", "өзіне қол жұмсау қаупі"}},
        {"missing", {"пропал человек", "адам жоғалды"}},
        {"fire", {"пожар", "өрт"}},
        {"crash", {"ДТП", "жол апаты"}},
        {"bomb", {"угроза взрыва", "жарылыс қаупі"}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].words[kazakh];
    }
    return name; /* of a filter of one's own */
}

static void
add_headline(const struct news *n, bool kazakh, struct buf *out)
{
    static const char *const words[][2] = {
        [NEWS_QUESTION] = {"Новый вопрос", "Жаңа сұрақ"},
        [NEWS_URGENT] = {"СРОЧНО: ", "ШҰҒЫЛ: "},
        [NEWS_REPEAT] = {"Вопрос задан снова", "Сұрақ қайта қойылды"},
        [NEWS_ON_AIR] = {"В эфире", "Эфирде"},
        [NEWS_ANSWERED] = {"Ответ дан", "Жауап берілді"},
        [NEWS_FOLLOW_UP] = {"Ответить письменно", "Жазбаша жауап беру керек"},
    };

    buf_add_cstr(out, words[n->kind][kazakh]);
    if (n->kind == NEWS_URGENT)
        buf_add_cstr(out, class_words(n->question->urgent, kazakh));
}

/* The wording in this language, else in any. */
static struct str
wording(const struct question *q, bool kazakh)
{
    const int order[] = {kazakh ? 0 : 1, kazakh ? 1 : 0, 2};

    for (int i = 0; i < LANG_TEXTS; i++) {
        if (q->text[order[i]] != NULL)
            return str_from(q->text[order[i]]);
    }
    return STR_NONE;
}

void
webhook_telegram(const struct webhook_told *t, const char *chat_id, bool kazakh,
                 struct buf *out)
{
    const struct question *q = t->news->question;
    struct buf text = BUF_INIT;
    struct str said = wording(q, kazakh);

    if (t->rehearsal)
        buf_add_cstr(&text, kazakh ? "ДАЙЫНДЫҚ. " : "РЕПЕТИЦИЯ. ");
    add_headline(t->news, kazakh, &text);
    buf_addf(&text, "\n№%" PRIu64 "%s%s\n\n", q->no,
             q->source == NULL || q->source[0] == '\0' ? "" : " · ",
             q->source == NULL ? "" : q->source);
    buf_add(&text, said.p, utf8_offset(said, MESSAGE_MAX));
    if (t->link != NULL)
        buf_addf(&text, "\n\n%s", t->link);
    buf_add_cstr(out, "{\"chat_id\":");
    buf_add_json(out, str_from(chat_id));
    buf_add_cstr(out, ",\"text\":");
    buf_add_json(out, buf_str(&text));
    buf_add_cstr(out, ",\"link_preview_options\":{\"is_disabled\":true}}");
    buf_fini(&text);
}

void
webhook_sign(struct str secret, int64_t timestamp, struct str body, struct buf *out)
{
    crypto_auth_hmacsha256_state state;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    struct buf head = BUF_INIT;

    buf_addf(&head, "%" PRId64 ".", timestamp);
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)secret.p, secret.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)head.data, head.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)body.p, body.len);
    crypto_auth_hmacsha256_final(&state, mac);
    buf_add_cstr(out, "sha256=");
    buf_add_hex(out, mac, sizeof(mac));
    buf_fini(&head);
    sodium_memzero(&state, sizeof(state));
}
