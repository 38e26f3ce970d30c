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

struct paste_platform {
    const char *kind, *url, *path;
    enum how how;      /* where the token stands in the question */
    const char *name;  /* where the name stands in the answer, "a/0/b" */
    const char *fault; /* where the platform's words stand */
    const char *kk, *ru, *en;
};

static const struct paste_platform *
platform_of(const char *kind)
{
    static const struct paste_platform all[] = {
        {.kind = "telegram",
         .url = "https://api.telegram.org",
         .path = "getMe",
         .how = IN_PATH,
         .name = "result/username",
         .fault = "description",
         .kk = "Telegram-да @BotFather-ге жазыңыз: /newbot (немесе /token), сонда ол "
               "токен береді.",
         .ru = "Напишите в Telegram @BotFather: /newbot (или /token), он даст токен.",
         .en = "Write to @BotFather on Telegram: /newbot (or /token); it gives a token."},
        {.kind = "facebook",
         .url = "https://graph.facebook.com/v25.0",
         .path = "me?fields=id,name",
         .how = IN_HEADER,
         .name = "name",
         .fault = "error/message",
         .kk = "Meta Business Suite: жүйелік пайдаланушы, беттің токенін жасаңыз "
               "(docs/sources.md).",
         .ru = "Meta Business Suite: системный пользователь, создайте токен страницы "
               "(docs/sources.md).",
         .en = "Meta Business Suite: a system user, make a token of the page "
               "(docs/sources.md)."},
        {.kind = "instagram",
         .url = "https://graph.facebook.com/v25.0",
         .path = "me?fields=id,name",
         .how = IN_HEADER,
         .name = "name",
         .fault = "error/message",
         .kk = "Meta Business Suite: Instagram-ға байланған беттің токенін жасаңыз "
               "(docs/sources.md).",
         .ru = "Meta Business Suite: создайте токен страницы, связанной с Instagram "
               "(docs/sources.md).",
         .en = "Meta Business Suite: make a token of the page that Instagram is linked "
               "to (docs/sources.md)."},
        {.kind = "vk",
         .url = "https://api.vk.com/method",
         .path = "groups.getById?v=5.199",
         .how = IN_FORM,
         .name = "response/groups/0/name",
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
read_answer(const struct paste_platform *p, const struct ask_answer *a, const char *token,
            struct buf *name, struct err *e)
{
    json_error_t why;
    struct buf fault = BUF_INIT;
    struct str body = buf_str(&a->body);
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    bool ok = a->status >= 200 && a->status <= 299;
    buf_add_str(name, ok ? text_at(o, p->name) : STR_NONE);
    buf_add_str(&fault, text_at(o, p->fault));
    json_decref(o);
    source_hide(&fault, token);
    bool known = name->len > 0;
    if (!known)
        (void)err_set(e, ERR_VALUE,
                      "the platform does not know this token (HTTP %d)%s%.*s", a->status,
                      fault.len > 0 ? ": " : "", STR_ARG(buf_str(&fault)));
    buf_fini(&fault);
    return known ? 0 : -1;
}

static int
verify(const struct connect *c, const struct paste_platform *p, const char *token,
       struct buf *name, struct err *e)
{
    struct buf url = BUF_INIT, header = BUF_INIT, form = BUF_INIT;
    struct ask_answer answer;
    const char *in_path = p->how == IN_PATH ? token : "";
    buf_addf(&url, "%s/%s%s%s%s", c->of->url != NULL ? c->of->url : p->url,
             p->how == IN_PATH ? "bot" : "", in_path, p->how == IN_PATH ? "/" : "",
             p->path);
    buf_addf(&header, "Authorization: Bearer %s", token);
    token_add_field(&form, "access_token", str_from(token));
    const char *type = "Content-Type: application/x-www-form-urlencoded";
    const char *headers[] = {p->how == IN_FORM ? type : header.data};
    struct fetch_request r = {.url = url.data,
                              .headers = headers,
                              .n_headers = p->how == IN_PATH ? 0 : 1,
                              .body = p->how == IN_FORM ? buf_str(&form) : STR_NONE,
                              .ca_file = c->of->ca_file,
                              .proxy = c->of->proxy,
                              .total_ms = ANSWER_MS};
    int ret = ask_http(&r, &answer, e);
    if (ret == 0)
        ret = read_answer(p, &answer, token, name, e);
    explicit_bzero(url.data, url.cap);
    explicit_bzero(header.data, header.cap);
    explicit_bzero(form.data, form.cap);
    buf_fini(&url);
    buf_fini(&header);
    buf_fini(&form);
    buf_fini(&answer.body);
    return ret;
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
        str_copy(token, word, sizeof(word));
        ret = verify(c, p, word, &name, e);
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
