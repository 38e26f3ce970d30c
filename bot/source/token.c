/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - an OAuth 2 token and the file it is kept in.
 *
 * Saving writes a file beside the old one and renames it over: a crash in between leaves
 * one of the two, never half of one. The bytes of a token are wiped before their memory
 * is given back. */
#include "source/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "loop/fetch.h"
#include "source/json.h"

enum { FRESH_MS = 5 * 60 * 1000, YEAR_S = 366 * 86400 };

static void
wipe(char **secret)
{
    if (*secret != NULL)
        explicit_bzero(*secret, strlen(*secret));
    MEM_FREE(*secret);
}

void
token_fini(struct token *t)
{
    wipe(&t->access);
    wipe(&t->refresh);
    t->expires_ms = 0;
}

static void
replace(char **secret, struct str value)
{
    wipe(secret);
    *secret = mem_strndup(value.p, value.len);
}

/* --- the file */

static int
read_file(const char *path, struct buf *out, struct err *e)
{
    char some[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_errno(e, ERR_IO, "the token file '%s' cannot be read", path);
    while ((n = read(fd, some, sizeof(some))) > 0 && out->len <= BOUNDS_BODY)
        buf_add(out, some, (size_t)n);
    close(fd);
    explicit_bzero(some, sizeof(some));
    if (n < 0)
        return err_errno(e, ERR_IO, "the token file '%s' cannot be read", path);
    return out->len <= BOUNDS_BODY
               ? 0
               : err_set(e, ERR_LIMIT, "the token file '%s' is too long", path);
}

static int
read_bare(struct str text, struct token *t, struct err *e)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] <= ' ' || (unsigned char)text.p[i] >= 0x7f)
            return err_set(e, ERR_PARSE, "it is neither JSON nor one word");
    if (text.len == 0)
        return err_set(e, ERR_PARSE, "it is empty");
    token_fini(t);
    replace(&t->access, text);
    return 0;
}

static int
read_json(struct str text, struct token *t, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(text.p, text.len, 0, &why);
    struct str access = json_text(o, "access_token"),
               refresh = json_text(o, "refresh_token");
    int ret = 0;
    if (o == NULL)
        ret = err_set(e, ERR_PARSE, "it is no JSON at line %d: %s", why.line, why.text);
    else if (access.len == 0)
        ret = err_set(e, ERR_PARSE, "it has no 'access_token'");
    if (ret == 0) {
        token_fini(t);
        replace(&t->access, access);
        if (refresh.len > 0)
            replace(&t->refresh, refresh);
        t->expires_ms = json_time(o, "expires_at");
    }
    json_decref(o);
    return ret;
}

int
token_load(const char *path, struct token *t, struct err *e)
{
    struct buf text = BUF_INIT;
    int ret = read_file(path, &text, e);
    struct str s = str_trim(buf_str(&text));
    if (ret == 0) {
        ret = s.len > 0 && s.p[0] == '{' ? read_json(s, t, e) : read_bare(s, t, e);
        if (ret < 0)
            (void)err_ctx(e, "the token file '%s'", path);
    }
    if (text.data != NULL)
        explicit_bzero(text.data, text.cap);
    buf_fini(&text);
    return ret;
}

static void
write_json(const struct token *t, struct buf *out)
{
    buf_add_cstr(out, "{\"access_token\":");
    buf_add_json(out, str_from(t->access));
    if (t->refresh != NULL) {
        buf_add_cstr(out, ",\"refresh_token\":");
        buf_add_json(out, str_from(t->refresh));
    }
    if (t->expires_ms != 0) {
        buf_add_cstr(out, ",\"expires_at\":\"");
        clock_add_iso(out, t->expires_ms);
        buf_add_char(out, '"');
    }
    buf_add_cstr(out, "}\n");
}

/* And wipes the text. */
static int
save(const char *path, struct buf *text, struct err *e)
{
    int ret = file_replace(path, buf_str(text), true, e);
    explicit_bzero(text->data, text->cap);
    buf_fini(text);
    return ret;
}

int
token_save(const char *path, const struct token *t, struct err *e)
{
    struct buf text = BUF_INIT;
    write_json(t, &text);
    return save(path, &text, e);
}

int
token_save_bare(const char *path, struct str word, struct err *e)
{
    struct buf text = BUF_INIT;
    buf_add_str(&text, word);
    buf_add_char(&text, '\n');
    return save(path, &text, e);
}

/* --- the protocol */

int
token_take(struct str body, int64_t wall_ms, struct token *t, struct err *e)
{
    json_error_t why;
    json_t *o = json_loadb(body.len > 0 ? body.p : "", body.len, 0, &why);
    struct str access = json_text(o, "access_token"),
               refresh = json_text(o, "refresh_token");
    int64_t seconds = json_number(o, "expires_in", 0);
    int ret = 0;
    if (access.len == 0)
        ret = err_set(e, ERR_PARSE, "the answer to the sign-in has no 'access_token'");
    if (ret == 0) {
        replace(&t->access, access);
        if (refresh.len > 0)
            replace(&t->refresh, refresh);
        t->expires_ms = seconds > 0 && seconds <= YEAR_S ? wall_ms + seconds * 1000 : 0;
    }
    json_decref(o);
    return ret;
}

bool
token_is_fresh(const struct token *t, int64_t wall_ms)
{
    return t->access != NULL &&
           (t->expires_ms == 0 || t->expires_ms - wall_ms > FRESH_MS);
}

void
token_add_field(struct buf *form, const char *name, struct str value)
{
    struct buf query = BUF_INIT;
    fetch_add_query(&query, name, value);
    if (form->len > 0)
        buf_add_char(form, '&');
    buf_add(form, query.data + 1, query.len - 1);
    buf_fini(&query);
}

void
token_write_refresh(const struct token *t, const char *client_id,
                    const char *client_secret, struct buf *out)
{
    token_add_field(out, "grant_type", STR_LIT("refresh_token"));
    token_add_field(out, "refresh_token", str_from(t->refresh));
    token_add_field(out, "client_id", str_from(client_id));
    if (client_secret != NULL)
        token_add_field(out, "client_secret", str_from(client_secret));
}

void
token_write_basic(const char *client_id, const char *client_secret, struct buf *out)
{
    struct buf pair = BUF_INIT;
    buf_addf(&pair, "%s:%s", client_id != NULL ? client_id : "",
             client_secret != NULL ? client_secret : "");
    size_t room = 4 * ((pair.len + 2) / 3) + 1;
    unsigned char *text = mem_zalloc(room);
    (void)EVP_EncodeBlock(text, (const unsigned char *)pair.data, (int)pair.len);
    buf_addf(out, "Authorization: Basic %s", (const char *)text);
    explicit_bzero(text, room);
    explicit_bzero(pair.data, pair.cap);
    mem_free(text);
    buf_fini(&pair);
}
