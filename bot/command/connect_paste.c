/* SPDX-License-Identifier: Apache-2.0 */
/* connect_paste.c - a token that the platform shows and a person pastes.
 *
 * Where there is no sign-in for programs. The platform is asked who the token is before
 * it is kept, so a slip of the mouse does not replace a token that works. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <jansson.h>

#include "command/ask.h"
#include "command/connect.h"
#include "source/json.h"
#include "source/source_parts.h"
#include "source/token.h"

enum { TOKEN_MOST = 4096, ANSWER_MS = 30000 };

enum how { IN_PATH, IN_HEADER, IN_FORM };

enum { QUESTIONS = 2 };

struct paste_platform {
    const char *kind, *url;
    const char *path[QUESTIONS]; /* asked one after the other until one is answered */
    const char *name[QUESTIONS]; /* where the name stands in the answer, "a/0/b" */
    const char *fault;           /* where the platform's words stand */
    enum how how;                /* where the token stands in the question */
    const char *kk, *ru, *en;
};

static const struct paste_platform *
platform_of(const char *kind)
{
    static const struct paste_platform all[] = {
        {.kind = "telegram",
         .url = "https://api.telegram.org",
         .path = {"getMe"},
         .how = IN_PATH,
         .name = {"result/username"},
         .fault = "description",
         .kk = "Telegram-да @BotFather-ге жазыңыз: /newbot (немесе /token), сонда ол "
               "токен береді.",
         .ru = "Напишите в Telegram @BotFather: /newbot (или /token), он даст токен.",
         .en = "Write to @BotFather on Telegram: /newbot (or /token); it gives a token."},
        {.kind = "facebook",
         .url = "https://graph.facebook.com/v25.0",
         .path = {"me?fields=id,name"},
         .how = IN_HEADER,
         .name = {"name"},
         .fault = "error/message",
         .kk = "Meta Business Suite: жүйелік пайдаланушы, беттің токенін жасаңыз "
               "(docs/sources.md).",
         .ru = "Meta Business Suite: системный пользователь, создайте токен страницы "
               "(docs/sources.md).",
         .en = "Meta Business Suite: a system user, make a token of the page "
               "(docs/sources.md)."},
        {.kind = "instagram",
         .url = "https://graph.facebook.com/v25.0",
         .path = {"me?fields=id,name"},
         .how = IN_HEADER,
         .name = {"name"},
         .fault = "error/message",
         .kk = "Meta Business Suite: Instagram-ға байланған беттің токенін жасаңыз "
               "(docs/sources.md).",
         .ru = "Meta Business Suite: создайте токен страницы, связанной с Instagram "
               "(docs/sources.md).",
         .en = "Meta Business Suite: make a token of the page that Instagram is linked "
               "to (docs/sources.md)."},
        {.kind = "vk",
         .url = "https://api.vk.com/method",
         .path = {"groups.getById?v=5.199", "users.get?v=5.199"},
         .how = IN_FORM,
         .name = {"response/groups/0/name", "response/0/first_name"},
         .fault = "error/error_msg",
         .kk = "VK: қауымдастық, Басқару, API-мен жұмыс, кілт жасаңыз.",
         .ru = "VK: сообщество, Управление, Работа с API, создайте ключ доступа.",
         .en = "VK: the community, Manage, API usage, make an access key."},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (strcmp(all[i].kind, kind) == 0)
            return &all[i];
    return NULL;
}

bool
connect_can_paste(const char *kind)
{
    return platform_of(kind) != NULL;
}

/* --- the token */

/* The first line of standard input, without echo on a terminal; borrowed from `line`. */
static int
take(const char *prompt, char line[TOKEN_MOST], struct str *token, struct err *e)
{
    static const char bad[] = "/?#%&\"\\";
    struct termios old, quiet;
    bool echo = tcgetattr(STDIN_FILENO, &old) == 0;
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs(prompt, stdout);
    (void)fflush(stdout);
    if (echo)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    if (fgets(line, TOKEN_MOST, stdin) == NULL)
        line[0] = '\0';
    if (echo)
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
    (void)fputc('\n', stdout);
    *token = str_trim(str_from(line));
    if (token->len == 0)
        return err_set(e, ERR_VALUE, "no token was pasted");
    /* Nothing that would change the meaning of an address or a header. */
    for (size_t i = 0; i < token->len; i++)
        if (memchr(bad, token->p[i], sizeof(bad) - 1) != NULL ||
            (unsigned char)token->p[i] <= ' ' || (unsigned char)token->p[i] >= 0x7f)
            return err_set(e, ERR_VALUE, "what was pasted is no token");
    return 0;
}

/* --- who is it? */

struct question {
    const struct connect *c;
    const struct paste_platform *p;
    const char *token;
    size_t i; /* which of the platform's */
};

/* What stands at "a/0/b"; STR_NONE when there is nothing. */
static struct str
text_at(const json_t *o, const char *path)
{
    struct str rest = str_from(path), part;
    while (o != NULL && str_split(&rest, '/', &part)) {
        char key[32];
        str_copy(part, key, sizeof(key));
        o = json_is_array(o) ? json_array_get(o, (size_t)(key[0] - '0'))
                             : json_object_get(o, key);
    }
    const char *text = json_string_value(o);
    return (struct str){.p = text, .len = text != NULL ? json_string_length(o) : 0};
}

static int
read_answer(const struct question *q, const struct ask_answer *a, struct buf *name,
            struct err *e)
{
    json_error_t why;
    struct buf fault = BUF_INIT;
    struct str body = buf_str(&a->body);
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    bool ok = a->status >= 200 && a->status <= 299;
    buf_add_str(name, ok ? text_at(o, q->p->name[q->i]) : STR_NONE);
    buf_add_str(&fault, text_at(o, q->p->fault));
    json_decref(o);
    source_hide(&fault, q->token);
    bool known = name->len > 0;
    if (!known)
        (void)err_set(e, ERR_VALUE,
                      "the platform does not know this token (HTTP %d)%s%.*s", a->status,
                      fault.len > 0 ? ": " : "", STR_ARG(buf_str(&fault)));
    buf_fini(&fault);
    return known ? 0 : -1;
}

static int
put_question(const struct question *q, struct buf *name, struct err *e)
{
    const struct settings_source *of = q->c->of;
    struct buf url = BUF_INIT, header = BUF_INIT, form = BUF_INIT;
    struct ask_answer answer;
    enum how how = q->p->how;
    buf_addf(&url, "%s/", of->url != NULL ? of->url : q->p->url);
    if (how == IN_PATH)
        buf_addf(&url, "bot%s/", q->token);
    buf_add_cstr(&url, q->p->path[q->i]);
    if (how == IN_FORM)
        buf_add_cstr(&header, "Content-Type: application/x-www-form-urlencoded");
    else
        buf_addf(&header, "Authorization: Bearer %s", q->token);
    token_add_field(&form, "access_token", str_from(q->token));
    const char *headers[] = {header.data};
    struct fetch_request r = {.url = url.data,
                              .headers = headers,
                              .n_headers = how == IN_PATH ? 0 : 1,
                              .body = how == IN_FORM ? buf_str(&form) : STR_NONE,
                              .ca_file = of->ca_file,
                              .proxy = of->proxy,
                              .total_ms = ANSWER_MS};
    int ret = ask_http(&r, &answer, e);
    if (ret == 0)
        ret = read_answer(q, &answer, name, e);
    explicit_bzero(url.data, url.cap);
    explicit_bzero(header.data, header.cap);
    explicit_bzero(form.data, form.cap);
    buf_fini(&url);
    buf_fini(&header);
    buf_fini(&form);
    buf_fini(&answer.body);
    return ret;
}

/* The words of the first refusal are the ones that are told. */
static int
verify(struct question *q, struct buf *name, struct err *e)
{
    for (q->i = 0; q->i < QUESTIONS && q->p->path[q->i] != NULL; q->i++) {
        struct err why = ERR_INIT;
        if (put_question(q, name, &why) == 0)
            return 0;
        (void)err_set(e, why.code, "%s", why.msg);
    }
    return -1;
}

static const char *
advice(const struct paste_platform *p, const char *lang)
{
    if (strcmp(lang, "kk") == 0)
        return p->kk;
    return strcmp(lang, "ru") == 0 ? p->ru : p->en;
}

int
connect_paste(const struct connect *c, struct err *e)
{
    const struct paste_platform *p = platform_of(c->of->kind);
    char line[TOKEN_MOST], word[TOKEN_MOST];
    struct str token;
    struct buf name = BUF_INIT;
    if (p == NULL)
        return err_set(e, ERR_VALUE, "no token can be pasted here");
    (void)puts(advice(p, c->words->lang));
    int ret = take(c->words->paste, line, &token, e);
    if (ret == 0) {
        struct question q = {.c = c, .p = p, .token = word};
        str_copy(token, word, sizeof(word));
        ret = verify(&q, &name, e);
    }
    if (ret == 0) {
        connect_say(c->words->known_as, buf_str(&name));
        ret = token_save_bare(c->of->token_file, token, e);
    }
    explicit_bzero(line, sizeof(line));
    explicit_bzero(word, sizeof(word));
    buf_fini(&name);
    return ret;
}
